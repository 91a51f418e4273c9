"""Carriers' servers behind one port: numbers are taken and parcels are followed by an account with 快递100 or SF.

A shop without an account types numbers, scans them, or imports a sheet: nothing here is needed for that. **To add a
service, write a module beside sf.py, and name it in `make` and in `TRACKERS` (domain/settings.py).**

A service is made when it is first used, and its keys are read then; they are read again now and then, so that a process
that stays warm takes up new ones.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import msgspec

from chalicelib.carriers.port import CarrierService
from chalicelib.domain.settings import BadSetting, Settings
from chalicelib.network import Transport

log = logging.getLogger("cunbo")

S = TypeVar("S", bound=msgspec.Struct)
KEPT = timedelta(minutes=5)
"""How long a service's settings are held before they are read again."""


class MadeService(NamedTuple):
    """A service, and when the secret that it was made of was read."""

    service: CarrierService
    secret: bytes
    read: datetime


class CarrierServices(Mapping[str, CarrierService]):
    """The services by name that a stage follows its parcels by: none at all is the first day's state."""

    def __init__(self, settings: Settings, read_secret: Callable[[str], str], clock: Callable[[], datetime]) -> None:
        self.settings, self.read_secret, self.clock = settings, read_secret, clock
        self.made: dict[str, MadeService] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings.track)

    def __len__(self) -> int:
        return len(self.settings.track)

    def __contains__(self, name: object) -> bool:
        return name in self.settings.track

    def __getitem__(self, name: str) -> CarrierService:
        """Return the service of this name; raise KeyError for none, BadSetting where its secret is no such thing."""
        if name not in self:
            raise KeyError(name)
        was = self.made.get(name)
        if was is None or self.clock() >= was.read + KEPT:
            self.made[name] = self._read(name, was)
        return self.made[name].service

    def _read(self, name: str, was: MadeService | None) -> MadeService:
        """What worked until now goes on where the new cannot be read, or is wrong."""
        try:
            secret = self._secret(name)
            if was and secret == was.secret:
                return was._replace(read=self.clock())
            return MadeService(self._make(name, secret), secret, self.clock())
        except Exception as error:
            if was is None:
                raise
            log.error("%s: its settings cannot be read again: %s", name, type(error).__name__)
            return was._replace(read=self.clock())

    def _secret(self, name: str) -> bytes:
        if name not in self.settings.track_secrets:
            raise BadSetting(f"TRACK names {name}, and {name.upper()}_SECRET_ID is not set")
        return self.read_secret(self.settings.track_secrets[name]).encode()

    def _make(self, name: str, secret: bytes) -> CarrierService:
        from chalicelib.network.client import Network

        news = f"{self.settings.shop_url}/api/carriers/{name}/events"
        return make(name, secret, Network(), news, self.clock)


def make(
    name: str, secret: bytes, transport: Transport, news_url: str, clock: Callable[[], datetime]
) -> CarrierService:
    """Return the service of this name with the settings that its secret holds; raise BadSetting."""
    match name:
        case "kuaidi100":
            from chalicelib.carriers.kuaidi100 import Kuaidi100, Kuaidi100Settings

            return Kuaidi100(_read(name, secret, Kuaidi100Settings), transport, news_url, clock)
        case "sf":
            from chalicelib.carriers.sf import Sf, SfSettings

            return Sf(_read(name, secret, SfSettings), transport, clock)
    raise BadSetting(f"there is no carriers' service {name}")


def _read(name: str, secret: bytes, settings: type[S]) -> S:
    try:
        return msgspec.json.decode(secret, type=settings)
    except msgspec.DecodeError as error:
        raise BadSetting(f"the secret of {name} is not what it must be: {error}") from None
