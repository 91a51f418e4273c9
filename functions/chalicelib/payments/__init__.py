"""Payment providers behind one port. **To add one, write a module beside sandbox.py and a line in `providers`.**"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Order, Refund
from chalicelib.domain.settings import Settings


class PaymentEvent(msgspec.Struct, frozen=True):
    """What every provider's verified event comes down to; `paid` is False where no money moved. Amounts in fen."""

    id: str
    order: str
    payment: str
    amount: int
    paid: bool


class Provider(Protocol):
    """What the shop asks of a payment provider."""

    def start(self, order: Order, token: str) -> dict[str, str]:
        """Return what the browser does next: {"action": "redirect", "url": …}. Computed offline, the same each time."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentEvent:
        """Return the event of a raw body, once its signature and time are right; raise Unauthorized or Malformed."""

    def refund(self, order: Order, refund: Refund) -> None:
        """Pay back; the same `refund.key` pays once. Raise where the provider did not take it: it is tried again."""

    def close(self, order: Order) -> None:
        """Take no more payment for the order; what slips through is a late payment. Raise as `refund` does."""


def providers(settings: Settings, keys: Keys) -> dict[str, Provider]:
    """Return the providers of this stage by name. The sandbox is there in sandbox stages only."""
    found: dict[str, Provider] = {}
    if settings.sandbox:
        from chalicelib.payments.sandbox import Sandbox

        found["sandbox"] = Sandbox(settings.shop_url, keys)
    return found
