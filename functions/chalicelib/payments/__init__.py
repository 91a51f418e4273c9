"""Payment providers behind one port. **To add one, write a module beside sandbox.py and a line in `Providers`.**

A provider is made when it is first used, and its keys are read then: a cold start that no payment follows pays nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from chalicelib.domain.keys import Keys
from chalicelib.domain.settings import BadSetting, Settings
from chalicelib.payments.port import Provider, Transport

S = TypeVar("S", bound=msgspec.Struct)


class Providers(Mapping[str, Provider]):
    """The providers of a stage by name, in the order in which its pages offer them."""

    def __init__(
        self, settings: Settings, keys: Keys, read_secret: Callable[[str], str], clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.secret, self.read_secret, self.clock = settings, keys, read_secret, clock
        self.made: dict[str, Provider] = {}

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
            self.made[name] = self._make(name)
        return self.made[name]

    def _make(self, name: str) -> Provider:
        if name == "sandbox":
            from chalicelib.payments.sandbox import Sandbox

            return Sandbox(self.settings.shop_url, self.secret)
        notify = f"{self.settings.shop_url}/api/payments/{name}/events"
        return make(name, self._secret(name), _network(), notify, self.clock)

    def _secret(self, name: str) -> bytes:
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
    from chalicelib.payments.network import Network

    return Network()
