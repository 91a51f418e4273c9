"""What tests of several folders share: the whole stack on this machine, private to the run, on ports of its own."""

import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cunbo.core.paths import ROOT, Paths
from cunbo.deploy.pay import PaymentSettings
from cunbo.local.stack import HOST, LocalStack, Ports
from cunbo.operations.shop import ShopOperations
from cunbo.operations.stock import BatchCapacity
from cunbo.standins.server import StandIns
from hypothesis import HealthCheck, settings

from tests.ports import free_port

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")  # a machine that has much to do fails no test

SLOW = (
    "tests/functions/scenarios/",  # lives and crash points
    "tests/infra/authoring/test_editor.py",  # needs the editor's package
    "tests/infra/authoring/test_preview.py",
    "tests/infra/film/",  # encodes films
    "tests/infra/commands/evening/",  # encodes films
    "tests/infra/deploy/",  # packages the functions
    "tests/infra/load/",
    "tests/infra/local/",  # starts the emulator
    "tests/infra/model/",  # simulates surges
    "tests/infra/verify/test_models.py",  # explores and replays
    "tests/infra/test_import_rules.py",
    "tests/infra/test_uv.py",  # makes environments
    "tests/site/build/codes/test_codes_on_stream.py",
    "tests/site/check/test_broken.py",
    "tests/site/build/test_pages.py",
    "tests/site/write/",
)
"""What `make test-fast` leaves to `make test`, though it needs no browser."""


HOLD_SECONDS = 870
"""How long an unpaid order of the shared shop holds its units: not what it would be if nobody had said it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, by where it lies; refuse two tests of one name: of two workers' tests one would never run."""
    for item in items:
        # Names of a contract's tests have lost their operation on the way from schemathesis to this pytest.
        if item.id.params is None and (operation := getattr(item, "operation_label", None)):
            item._id = item.id.with_params(operation)
    twice = [name for name, times in Counter(item.nodeid for item in items).items() if times > 1]
    if twice:
        raise pytest.UsageError(f"several tests have one name: {', '.join(twice)}")
    for item in items:
        if item.path.relative_to(ROOT).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class RunningShop:
    """A running stack as tests use it, and the stand-ins that it is paid by beside the sandbox, if there are any."""

    stack: LocalStack
    stand_ins: StandIns | None = None

    @property
    def url(self) -> str:
        """The origin of site and API, without a slash at its end."""
        return self.stack.url

    @property
    def table(self) -> str:
        """The table's name."""
        return self.stack.outputs["TableName"]

    @property
    def operations(self) -> ShopOperations:
        """The stock, as an operator reaches it."""
        return self.stack.operations

    @property
    def mail(self) -> Path:
        """The folder that letters come to."""
        return self.stack.paths.mail

    def client(self, service: str) -> Any:
        """A boto3 client of the operator."""
        return self.stack.cloud.client(service)

    def batch(self, sku: str, ship_by: date, units: int) -> None:
        """Makes a batch that large."""
        self.operations.set_batch(self.stack.catalog, BatchCapacity(sku, ship_by, units))


def open_to_others(folder: Path) -> list[Path]:
    """What in `folder`, or it itself, others than its owner may read, change or run."""
    found = []
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # the emulator's, gone meanwhile
            mode = path.lstat().st_mode
            if mode & 0o077 and not stat.S_ISLNK(mode):
                found.append(path)
    return found


def free_ports() -> Ports:
    """Three ports that nobody uses, nor will before they are asked for."""
    return Ports.beside(free_port())


@contextmanager
def running_shop(state: Path) -> Iterator[RunningShop]:
    """A stack of its own, from nothing to its end, which serves the API alone."""
    made = LocalStack(Paths(state=state), free_ports())
    made.pages = False
    with made as stack:
        yield RunningShop(stack)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """The stack that all tests of a run share: a test makes batches of its own, and touches no other's orders.

    It takes the sandbox, which stands first, and all real providers, by their stand-ins.
    """
    ports, first = free_ports(), free_port()
    at = {name: first + number for number, name in enumerate(("wechat", "alipay", "stripe"))}
    with StandIns(f"http://{HOST}:{ports.shop}", at) as stand_ins:
        given = {name: msgspec.json.encode(settings) for name, settings in stand_ins.settings().items()}
        state, payments = tmp_path_factory.mktemp("shop"), PaymentSettings(("sandbox", *at), given)
        with LocalStack(Paths(state=state), ports, HOLD_SECONDS, payments=payments) as stack:
            yield RunningShop(stack, stand_ins)
