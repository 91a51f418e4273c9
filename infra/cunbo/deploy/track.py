"""By whom a stage's parcels are followed: which services TRACK names, with which keys, as TRACK_SETTINGS has them.

Nobody has to be: numbers that are typed, scanned or imported need no account. Keys are never told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from chalicelib.carriers import make
from chalicelib.carriers.kuaidi100 import Kuaidi100Settings
from chalicelib.carriers.sf import SfSettings
from chalicelib.domain import settings
from chalicelib.domain.settings import BadSetting, is_sandbox
from chalicelib.network import Away, Declined, Transport
from chalicelib.network.client import Network

from cunbo.core.cloud import Cloud
from cunbo.core.refusal import Refusal
from cunbo.deploy.package import LOCAL
from cunbo.deploy.pay import LOOPBACK, PATIENCE
from cunbo.deploy.secret import put
from cunbo.deploy.stack import Outputs

FIELDS: dict[str, type[msgspec.Struct]] = {"kuaidi100": Kuaidi100Settings, "sf": SfSettings}
"""The settings of each service."""
MAY_BE_EMPTY = frozenset({"secret", "partner", "partner_key", "monthly_card"})
"""What only takes numbers, and follows none."""
NOBODYS = {"kuaidi100": ("zto", "75000000000000"), "sf": ("sf", "SF0000000000000")}
"""A number that a check asks about: it need not exist."""


@dataclass(frozen=True)
class TrackSettings:
    """The services of a stage, and the settings of those that are given anew, as JSON."""

    names: tuple[str, ...] = ()
    given: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, str]:
        """What the stack is told of them."""
        uses = {f"Track{name.capitalize()}": "yes" if name in self.names else "" for name in FIELDS}
        return {"TrackBy": ",".join(self.names), **uses}

    def keep(self, cloud: Cloud, outputs: Outputs) -> None:
        """Put the settings that are given into the secrets of the stack, where they are not there."""
        for name, text in self.given.items():
            put(cloud, outputs[f"{name.capitalize()}SecretId"], text.decode())


NOBODY = TrackSettings()
"""No service: the first day's state."""


def track_of(stage: str, before: Mapping[str, str], environ: Mapping[str, str]) -> TrackSettings:
    """Return by whom the stage's parcels are followed: as TRACK and TRACK_SETTINGS say, else as before.

    TRACK=none ends it. Raise Refusal with all that is wrong.
    """
    word = environ.get("TRACK") or before.get("TrackBy", "")
    try:
        names = settings.track("" if word == "none" else word)
    except BadSetting as wrong:
        raise Refusal(str(wrong)) from None
    given = _file(environ["TRACK_SETTINGS"]) if environ.get("TRACK_SETTINGS") else {}
    faults = [f"{name}: there is no service of this name" for name in given if name not in FIELDS]
    for name in names:
        if name in given:
            faults += faults_of(name, given[name], stage)
        elif before.get(f"Track{name.capitalize()}") != "yes":
            faults.append(f"{name}: TRACK names it, and TRACK_SETTINGS has no settings of it")
    if faults:
        raise Refusal("\n  ".join(["these settings of carriers' services cannot be used:", *faults]))
    return TrackSettings(names, {name: msgspec.json.encode(given[name]) for name in names if name in given})


def faults_of(name: str, given: object, stage: str) -> list[str]:
    """Return what is wrong with a service's settings, each named as service.field."""
    if not isinstance(given, dict):
        return [f"{name}: it must be an object"]
    fields = {one.name: one for one in msgspec.structs.fields(FIELDS[name])}
    faults = [f"{name}.{one}: it is no setting of this service" for one in given if one not in fields]
    for one in fields.values():
        value = given.get(one.name)
        if value is None:
            faults += [f"{name}.{one.name}: it is missing"] if one.required else []
        elif not isinstance(value, str):
            faults.append(f"{name}.{one.name}: it must be text")
        elif not value and one.name not in MAY_BE_EMPTY:
            faults.append(f"{name}.{one.name}: it is empty")
        elif one.name.endswith("_url") and not _leads(value, stage):
            faults.append(f"{name}.{one.name}: it must begin with https://, and end without a slash")
    return faults


def check(name: str, text: bytes, transport: Transport | None = None) -> str | None:
    """Ask the service about a number that need not exist; return what is wrong with the settings, None for nothing.

    A service that knows nothing of the number has taken the keys.
    """
    try:
        service = make(name, text, transport or Network(PATIENCE), "", lambda: datetime.now(UTC))
        service.track(*NOBODYS[name], "13800138000")
    except BadSetting as wrong:
        return str(wrong)
    except Declined as refused:
        return f"the service refuses: {refused}"
    except Away as away:
        return f"the service did not answer, so nothing is proved: {away}"
    return None


def _leads(url: str, stage: str) -> bool:
    parts = urlsplit(url)
    local = is_sandbox(stage) and stage == LOCAL and parts.scheme == "http" and parts.hostname in LOOPBACK
    return (parts.scheme == "https" or local) and bool(parts.hostname) and not url.endswith("/")


def _file(path: str) -> Mapping[str, object]:
    try:
        found = msgspec.json.decode(Path(path).read_bytes(), type=dict[str, object])
    except OSError as error:
        raise Refusal(f"TRACK_SETTINGS is {path}, which cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"TRACK_SETTINGS is {path}: it must be JSON, an object a service: {error}") from None
    return found
