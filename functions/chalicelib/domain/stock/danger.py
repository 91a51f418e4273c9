"""Promises in danger: what is promised of a batch beyond what can be made of it. Pure rules, no I/O."""

from collections.abc import Sequence
from datetime import date

import msgspec

from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.drops import sku_of


class Danger(msgspec.Struct, frozen=True):
    """A promise that cannot be kept as things stand: the order claims `units` of a batch beyond what can be made.

    The batch lies on a `shelf` (drops.py), that of the SKU or of one of its drops.
    """

    shelf: str
    ship_by: date
    order: Order
    units: int

    @property
    def sku(self) -> str:
        """The SKU that lies there."""
        return sku_of(self.shelf)


def beyond(shelf: str, batch: Declared, orders: Sequence[Order]) -> list[Danger]:
    """Return the promises of this batch beyond what is declared: who ordered first is served first."""
    room = batch.cap
    found = []
    for order in sorted(orders, key=lambda order: (order.placed, order.number)):
        units = sum(count for (name, day, _), count in order.allocated.items() if (name, day) == (shelf, batch.ship_by))
        if units and units > room:
            found.append(Danger(shelf, batch.ship_by, order, units - max(room, 0)))
        room -= units
    return found
