"""How the functions reach AWS: botocore's own clients, whose data a cold start does not wait for.

For its first client botocore lists the folders of some 400 services and decodes a megabyte of JSON in pure Python.
Which services the shop uses is known, and msgspec decodes JSON several times as fast; both are hooks of botocore.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import msgspec
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader

SERVICES = ["dynamodb", "s3", "secretsmanager", "sesv2"]
CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"total_max_attempts": 2, "mode": "standard"},
    # What botocore would work out anew for each call and the shop has no use for: a third of a call's processor time.
    # The tests' clients check parameters, so a wrong one is found there.
    parameter_validation=False,
    user_agent="cunbo",
    account_id_endpoint_mode="disabled",
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    disable_request_compression=True,
    # The bucket's name in the path: the emulator's guard knows its own host alone, and AWS takes both.
    s3={"addressing_style": "path"},
)


class QuickFiles(JSONFileLoader):
    """Read botocore's data files, plain or gzipped."""

    def _load_file(self, full_path: str, open_method: Any) -> Any:
        if not Path(full_path).is_file():
            return None
        with open_method(full_path, "rb") as file:
            return msgspec.json.decode(file.read())


class QuickLoader(Loader):
    """Know which services the shop uses, without looking."""

    FILE_LOADER_CLASS = QuickFiles

    def list_available_services(self, type_name: str) -> list[str]:
        """Return the services that the shop has clients of."""
        return SERVICES


def clients() -> Callable[[str], Any]:
    """Return a maker of clients by their service's name. A call that hangs is given up early: the table repeats it."""
    session = botocore.session.get_session()
    session.register_component("data_loader", QuickLoader())
    return lambda service: session.create_client(service, config=CONFIG)
