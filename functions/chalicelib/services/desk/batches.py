"""Having all orders of a batch ship later: first its sale ends, then one order after the other moves, and is told.

Whom it meets is looked up anew each time, so it can be cut off anywhere and asked for again: who has moved is not met a
second time. Who pays meanwhile is met by the next look.
"""

from datetime import date

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.errors import Busy, Fault, Invalid, NotFound, NotNow
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import GONE
from chalicelib.domain.stock.promise import TooFew
from chalicelib.services.order_changes import Later, postpone_by
from chalicelib.services.planning import made, set_batch
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

MOST_AT_ONCE = 40
"""Orders that one request moves, a few seconds' work; it says how many are left."""


class MetOrder(msgspec.Struct, frozen=True):
    """An order that holds `units` of a batch, and `why` it stays: "packed", "few" (too few are left later), or ""."""

    order: Order
    units: int
    why: str = ""


class BatchMove(msgspec.Struct, frozen=True):
    """What having a batch ship later comes to: orders that move, or have moved; that stay; how many are still to move.

    `room` is how many units later days have.
    """

    orders: tuple[MetOrder, ...]
    stay: tuple[MetOrder, ...]
    left: int
    room: int


class BatchMoves:
    """Batches of a shop that ship later."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def look(self, sku: str, day: date, later: date) -> BatchMove:
        """Return whom it meets, and change nothing; raise Invalid where `later` is not later, Busy."""
        self._must_be_later(day, later)
        met, stay = self._met(sku, day)
        return BatchMove(tuple(met), tuple(stay), len(met), self._room(sku, later))

    def move(self, sku: str, day: date, later: date, by: Actor) -> BatchMove:
        """End the batch's sale, and move orders of it, at most MOST_AT_ONCE; return those, and how many are left.

        Raise Invalid, NotNow where a drop sells units of it, or it is recalled; Busy.
        """
        self._must_be_later(day, later)
        met, stay = self._met(sku, day)
        self._end_sale(sku, day, met)
        moved: list[MetOrder] = []
        left, room = 0, self._room(sku, later)
        for n, one in enumerate(met):
            if one.units > room:
                stay.append(MetOrder(one.order, one.units, "few"))
                continue
            if len(moved) == MOST_AT_ONCE:
                left += 1
                continue
            try:
                after = postpone_by(self.store, self.stage.clock, one.order.number, Later(later, sku), by)
            except TooFew:
                stay.append(MetOrder(one.order, one.units, "few"))
            except Busy:
                left = len(met) - n
                break
            except (NotNow, NotFound):
                continue  # it was packed, cancelled or moved meanwhile
            else:
                moved.append(MetOrder(after, one.units))
                room -= one.units
        return BatchMove(tuple(moved), tuple(stay), left, self._room(sku, later))

    def _met(self, sku: str, day: date) -> tuple[list[MetOrder], list[MetOrder]]:
        """Orders that may move, the first placed first, and those of which something is packed."""
        board = self.store.orders.board()
        on_board = [one for one in board if one.ship_by >= day and any(s == sku for s, _ in one.units)]
        orders = self.store.orders.load_many([one.number for one in on_board])
        met: list[MetOrder] = []
        stay: list[MetOrder] = []
        for order in sorted(orders, key=lambda one: one.placed):
            units = sum(
                part.quantity for line in order.lines if line.sku == sku for part in line.parts if part.ship_by == day
            )
            if not units or order.state not in (State.PAID, State.PACKED):
                continue
            free = order.state is State.PAID and all(parcel.state in GONE for parcel in order.parcels)
            (met if free else stay).append(MetOrder(order, units, "" if free else "packed"))
        return met, stay

    def _end_sale(self, sku: str, day: date, met: list[MetOrder]) -> None:
        """No more is made for that day than what others than these hold: what they free is sold to nobody."""
        seen = made(self.store, sku, day).get(day)
        if seen is None:
            return
        units = max(seen.promised - sum(one.units for one in met), 0)
        if seen.units > units:
            set_batch(self.stage.catalog, self.store, sku, day, units)
        else:
            self.store.stock.settle(sku, day)  # whoever declared it may have been cut off before the stock followed

    def _room(self, sku: str, later: date) -> int:
        return sum(batch.left for batch in self.store.stock.batches(sku, later))

    def _must_be_later(self, day: date, later: date) -> None:
        if later <= max(day, self.stage.today):
            raise Invalid([Fault("/ship_by", "a later day than the batch's own, and than today")])
