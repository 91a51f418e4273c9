"""Moving an order to a later day, when hands cannot keep the promised one; its buyer is told, and may cancel."""

from datetime import date

from .checkout import TRIES
from .errors import Busy, NotFound, NotNow, Short, Stale
from .orders import Order, Postponed, decide
from .promise import Part, promise
from .stock import Clock
from .store import Store


def postpone(store: Store, clock: Clock, number: str, day: date) -> Order:
    """The order with every part that would ship before `day` taken from batches of that day or later instead.

    The units that it had go back with the same transaction. Raises NotFound, NotNow where the order's state or `day`
    does not allow it, TooFew where the later batches hold too little.
    """
    for _ in range(TRIES):
        order = store.order(number)
        if order is None:
            raise NotFound("there is no order of this number")
        claim = tuple(_later(store, line.sku, line.parts, day) for line in order.lines)
        after = decide(order, Postponed(claim), clock())
        if after is order:
            raise NotNow(f"it is {order.state} and ships by {order.ship_by}: there is nothing to postpone")
        try:
            store.commit([(order, after)])
        except (Short, Stale):
            continue
        return after
    raise Busy("others change this order at the same time: ask again")


def _later(store: Store, sku: str, parts: tuple[Part, ...], day: date) -> tuple[Part, ...]:
    kept = tuple(part for part in parts if part.ship_by >= day)
    early = sum(part.quantity for part in parts) - sum(part.quantity for part in kept)
    return (*kept, *promise(early, store.batches(sku, day))) if early else kept
