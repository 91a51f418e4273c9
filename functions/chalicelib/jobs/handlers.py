"""What jobs do for each kind of aggregate, in one registry: an order, a place on the waitlist.

**To add a kind, add its line to `handlers`**: the stream's consumer and the sweep know kinds by this alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

import msgspec

from chalicelib.bootstrap import Services
from chalicelib.domain import waitlist
from chalicelib.domain.aggregate import Aggregate, ClosePayment, Done, Failed, Intent, Mail, RefundPayment
from chalicelib.domain.orders.model import Order, decide
from chalicelib.domain.waitlist import Waiter
from chalicelib.jobs.letters import LetterWriter
from chalicelib.payments import Provider
from chalicelib.storage.items import DUE_SHARDS


class Handler(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """What is done for one kind of aggregate.

    `load` reads one by its number, `decide` says what an event makes of it, `do` does one of its intents elsewhere.
    `due` gives those that somebody must look at by an instant, and `end` ends the hold of one whose time is over.
    """

    load: Callable[[str], Aggregate | None]
    decide: Callable[[Any, Done | Failed, datetime], Aggregate]
    do: Callable[[Any, Intent], None]
    due: Callable[[datetime], Iterator[Aggregate]]
    end: Callable[[Any], None]


def handlers(services: Services, letters: LetterWriter) -> dict[str, Handler]:
    """Return the handler of each kind, by the name that its keys begin with, in the order in which holds are ended."""
    store, providers = services.store, services.payments.providers
    return {
        "order": Handler(
            load=store.order,
            decide=decide,
            do=lambda order, intent: _do(order, intent, providers, letters),
            due=lambda now: (order for shard in range(DUE_SHARDS) for order in _due(store.due(shard), now)),
            end=services.orders.end_hold,
        ),
        "waiter": Handler(
            load=store.waiter,
            decide=waitlist.decide,
            do=lambda waiter, intent: _write_to(waiter, intent, letters),
            due=lambda now: _due(store.due_waiters(), now),
            end=services.waitlist.lapse,
        ),
    }


def _due(row: Iterable[Aggregate], now: datetime) -> Iterator[Aggregate]:
    """Those of a row, which is in the order of `due`, whose time has come."""
    return takewhile(lambda one: one.due is not None and one.due <= now, row)


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
