"""What jobs do for each kind of aggregate: an order, a search for a lost one, a place on the waitlist.

**To add a kind, add its line to `handlers`**, as to storage/aggregates.py, which says how it is stored, loaded and
found due: the stream's consumer and the sweep know kinds by these two alone.
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
from chalicelib.storage.orders import ORDER, SEARCH
from chalicelib.storage.waitlist import WAITER


class Handler(msgspec.Struct, frozen=True, eq=False):
    """What is done for one kind of aggregate: `do` does an intent of one elsewhere, `end` ends a hold that is over."""

    do: Callable[[Any, Intent], None]
    end: Callable[[Any], None]


def handlers(services: Services, letters: LetterWriter) -> dict[str, Handler]:
    """Return the handler of each kind, by the kind's name."""
    providers = services.payments.providers
    return {
        ORDER.name: Handler(lambda order, intent: _do(order, intent, providers, letters), services.orders.end_hold),
        SEARCH.name: Handler(lambda search, _: services.orders.send_links(search), lambda _: None),
        WAITER.name: Handler(lambda waiter, intent: _write_to(waiter, intent, letters), services.waitlist.lapse),
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
    """Sends no letter of a state that it has left: it would mislead."""
    if isinstance(intent, Mail) and intent.text == waiter.state:
        letters.to_waiter(waiter, intent.text)
