"""Payment providers behind one port. **To add one, write a module beside sandbox.py and a line in `Providers`.**

A provider is made when it is first used, and its keys are read then: a cold start that no payment follows pays nothing.
They are read again now and then, so that a process that stays warm takes up new ones.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import msgspec

from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import BadSetting, Settings
from chalicelib.payments.port import Provider, Transport

log = logging.getLogger("cunbo")

S = TypeVar("S", bound=msgspec.Struct)
KEPT = timedelta(minutes=5)
"""How long a provider's settings are held before they are read again."""
PAUSE = timedelta(seconds=30)
"""How soon they are read again at most, however much comes that they do not open: anybody can send that."""


class MadeProvider(NamedTuple):
    """A provider, and when the secret that it was made of was read."""

    provider: Provider
    secret: bytes
    read: datetime


class Elsewhere(msgspec.Struct, frozen=True):
    """Of any provider's settings: that it is somewhere else, where a stand-in answers for it."""

    base_url: str = ""


class Providers(Mapping[str, Provider]):
    """The providers of a stage by name, in the order in which its pages offer them."""

    def __init__(
        self, settings: Settings, keys: Keys, read_secret: Callable[[str], str], clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.secret, self.read_secret, self.clock = settings, keys, read_secret, clock
        self.made: dict[str, MadeProvider] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings.pay)

    def __len__(self) -> int:
        return len(self.settings.pay)

    def __contains__(self, name: object) -> bool:
        return name in self.settings.pay

    def __getitem__(self, name: str) -> Provider:
        """Return the provider of this name; raise KeyError for none, BadSetting where its secret is no such thing."""
        if name not in self.made:
            if name not in self:
                raise KeyError(name)
            self.made[name] = self._make(name, self._secret(name))
        elif self.clock() >= self.made[name].read + KEPT:
            self._read_again(name)
        return self.made[name].provider

    def renew(self, name: str) -> bool:
        """Read a provider's settings again, unless that was done within PAUSE; return whether they are others."""
        if self.clock() < self.made[name].read + PAUSE:
            return False
        return self._read_again(name)

    def _read_again(self, name: str) -> bool:
        """What worked until now goes on where the new cannot be read, or is wrong."""
        was = self.made[name]
        self.made[name] = was._replace(read=self.clock())
        try:
            secret = self._secret(name)
            if secret == was.secret:
                return False
            self.made[name] = self._make(name, secret)
        except Exception as error:
            log.error("%s: its settings cannot be read again: %s", name, type(error).__name__)
            return False
        return True

    def _make(self, name: str, secret: bytes) -> MadeProvider:
        if name == "sandbox":
            from chalicelib.payments.sandbox import Sandbox

            return MadeProvider(Sandbox(self.settings.shop_url, self.secret), secret, self.clock())
        if not self.settings.sandbox and _read(name, secret, Elsewhere).base_url:
            raise BadSetting(f"the secret of {name} has a base_url, and STAGE is {self.settings.stage}, no sandbox")
        notify = f"{self.settings.shop_url}/api/payments/{name}/events"
        return MadeProvider(make(name, secret, _network(), notify, self.clock), secret, self.clock())

    def _secret(self, name: str) -> bytes:
        if name == "sandbox":
            return b""  # it signs with the shop's own
        if name not in self.settings.pay_secrets:
            raise BadSetting(f"PAY names {name}, and {name.upper()}_SECRET_ID is not set")
        return self.read_secret(self.settings.pay_secrets[name]).encode()


def make(name: str, secret: bytes, transport: Transport, notify_url: str, clock: Callable[[], datetime]) -> Provider:
    """Return the provider of this name with the settings that its secret holds; raise BadSetting."""
    match name:
        case "wechat":
            from chalicelib.payments.wechat import WechatPay
            from chalicelib.payments.wechat_gateway import WechatSettings

            return WechatPay(_read(name, secret, WechatSettings), transport, notify_url, clock)
        case "alipay":
            from chalicelib.payments.alipay import Alipay
            from chalicelib.payments.alipay_gateway import AlipaySettings

            return Alipay(_read(name, secret, AlipaySettings), transport, notify_url, clock)
        case "stripe":
            from chalicelib.payments.stripe import Stripe
            from chalicelib.payments.stripe_api import StripeSettings

            return Stripe(_read(name, secret, StripeSettings), transport, notify_url, clock)
    raise BadSetting(f"there is no payment provider {name}")


def _read(name: str, secret: bytes, settings: type[S]) -> S:
    try:
        return msgspec.json.decode(secret, type=settings)
    except msgspec.DecodeError as error:
        raise BadSetting(f"the secret of {name} is not what it must be: {error}") from None


def _network() -> Transport:
    from chalicelib.network.client import Network

    return Network()
