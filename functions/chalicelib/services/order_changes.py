"""What the village does to a promise that its hands cannot keep: gives it a later day, or withdraws it.

Its buyer is told of either; what they paid for a withdrawn order goes back.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from chalicelib.domain.actor import OPERATOR, Actor
from chalicelib.domain.conflicts import TRIES, Short, Stale, retrying
from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.orders.events import Event, Postponed, SellerCancels
from chalicelib.domain.orders.model import Order, OrderLine
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.promise import Part, promise
from chalicelib.services.stage import Clock
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction


class Later(NamedTuple):
    """From which day on an order's parts are to come: those of all its lines, or of those of one `sku` alone."""

    day: date
    sku: str | None = None


def postpone(store: Store, clock: Clock, number: str, day: date, by: Actor = OPERATOR) -> Order:
    """Take every part of the order that would ship before `day` from batches of that day or later; return the order.

    As `postpone_by` does.
    """
    return postpone_by(store, clock, number, Later(day), by)


def postpone_by(store: Store, clock: Clock, number: str, later: Later, by: Actor) -> Order:
    """Take the parts that are meant from batches of the later day, or after it; return the order.

    The units that it had go back with the same transaction. Raises NotFound, NotNow where the order's state or the day
    does not allow it, TooFew where the later batches hold too little, Busy.
    """

    def news(order: Order) -> Event:
        moved = (
            _later(store, line, later.day) if later.sku in (None, line.sku) else line.parts for line in order.lines
        )
        return Postponed(tuple(moved), by)

    return _change(store, clock, number, news, "postpone")


def cancel_by_seller(store: Store, clock: Clock, number: str, by: Actor = OPERATOR) -> Order:
    """Cancel the order for the village: its units are free, its money goes back, a payment begun is closed.

    Raises NotFound, NotNow where the order's state does not allow it, Busy.
    """
    return _change(store, clock, number, lambda _: SellerCancels(by), "withdraw")


def change(
    store: Store,
    clock: Clock,
    number: str,
    news: Callable[[Order], Event | None],
    guarded: Callable[[Order, Order, Transaction], object] = lambda *_: None,
) -> Order:
    """Put the news to the order as it is now, again while others change it; return the order as it then is.

    `news` says what happens, None for nothing, or raises what refuses it. `guarded` is given the order before and
    after, and puts to the transaction what else must hold. Raises NotFound, Busy, and the conflicts of what is guarded.
    """

    def attempt() -> Order | None:
        order = store.orders.load(number)
        if order is None:
            raise NotFound("there is no order of this number")
        event = news(order)
        after = decide(order, event, clock()) if event else order
        if after is order:
            return order
        transaction = Transaction().save(order, after)
        guarded(order, after, transaction)
        try:
            store.commit(transaction)
        except (Short, Stale):
            return None
        return after

    return retrying(TRIES, "others change this order at the same time: ask again", attempt)


def _change(store: Store, clock: Clock, number: str, news: Callable[[Order], Event], verb: str) -> Order:
    """Puts the news to the order; raises NotNow where it changes nothing."""

    def useful(order: Order) -> Event:
        event = news(order)
        if decide(order, event, clock()) is order:
            raise WrongState(f"it is {order.state} and was promised for {order.ship_by}: there is nothing to {verb}")
        return event

    return change(store, clock, number, useful)


def _later(store: Store, line: OrderLine, day: date) -> tuple[Part, ...]:
    """Its parts of `day` or later, and others for the rest; all others where it would leave a drop."""
    kept = tuple(part for part in line.parts if part.ship_by >= day)
    if kept and line.drop and kept != line.parts:
        kept = ()
    early = sum(part.quantity for part in line.parts) - sum(part.quantity for part in kept)
    return (*kept, *promise(early, store.stock.batches(line.sku, day))) if early else kept
