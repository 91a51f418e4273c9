"""What jobs do for each kind of aggregate: an order, a place on the waitlist.

How a kind is stored, loaded and found due is told by storage/aggregates.py; here is what is done for it elsewhere.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from chalicelib.bootstrap import Services
from chalicelib.domain.aggregate import ClosePayment, Intent, Mail, RefundPayment
from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import Waiter
from chalicelib.jobs.letters import LetterWriter
from chalicelib.payments import Provider
from chalicelib.storage.orders import ORDER
from chalicelib.storage.waitlist import WAITER


class Handler(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What is done for one kind of aggregate.

    `do` does one of its intents elsewhere, and `end` ends the hold of one whose time is over.
    """

    do: Callable[[Any, Intent], None]
    end: Callable[[Any], None]


def handlers(services: Services, letters: LetterWriter) -> dict[str, Handler]:
    """Return the handler of each kind, by its name."""
    providers = services.payments.providers
    return {
        ORDER.name: Handler(
            do=lambda order, intent: _do(order, intent, providers, letters),
            end=services.orders.end_hold,
        ),
        WAITER.name: Handler(
            do=lambda waiter, intent: _write_to(waiter, intent, letters),
            end=services.waitlist.lapse,
        ),
    }


def _do(order: Order, intent: Intent, providers: Mapping[str, Provider], letters: LetterWriter) -> None:
    provider = providers.get(order.provider)
    match intent:
        case Mail(text=text):
            letters.to_buyer(order, text)
        case RefundPayment(key=key):
            if provider is None:
                raise LookupError("the order's provider is not set up any more")
            provider.refund(order, next(refund for refund in order.refunds if refund.key == key))
        case ClosePayment():
            if provider is not None:
                provider.close(order)


def _write_to(waiter: Waiter, intent: Intent, letters: LetterWriter) -> None:
    """Sends no letter whose time has passed, since its invitation has been taken or given up: it would mislead."""
    if isinstance(intent, Mail) and intent.text in {"waiting", waiter.state}:
        letters.to_waiter(waiter, intent.text)
