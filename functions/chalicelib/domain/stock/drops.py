"""Drops: units of one SKU that one room sells between two instants at a price of their own. Pure rules, no I/O.

A drop has its own shelf: batches to which its units were moved from the SKU's. Allocations, holds and the audit know
shelves only, so a drop is sold as everything else is.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from chalicelib.domain.errors import DropEarly, DropOver, Fault, Invalid


class Drop(msgspec.Struct, frozen=True, omit_defaults=True):
    """A drop: `units` at `price` fen each, from `opens` to before `closes`; a buyer gets `limit` at most (0: any)."""

    id: str
    sku: str
    room: str
    price: int
    units: int
    opens: datetime
    closes: datetime
    limit: int = 0

    @property
    def shelf(self) -> str:
        """The shelf on which its units lie."""
        return shelf_of(self.sku, self.id)

    def is_on(self, now: datetime) -> bool:
        """Return whether it is on sale: from `opens` to before `closes`."""
        return self.opens <= now < self.closes


def shelf_of(sku: str, drop: str) -> str:
    """Return the shelf of a drop; the SKU's own where `drop` is empty."""
    return f"{sku}@{drop}" if drop else sku


def sku_of(shelf: str) -> str:
    """Return the SKU that lies on a shelf."""
    return shelf.partition("@")[0]


def must_sell(drop: Drop, room: str | None, now: datetime, pointer: str) -> None:
    """Check that this room sells the drop now; raise Invalid for another room, DropEarly or DropOver."""
    if room != drop.room:
        raise Invalid([Fault("/room", f"the drop {drop.id} is sold in the room {drop.room} alone", sku=drop.sku)])
    if now < drop.opens:
        raise DropEarly(drop.opens, [Fault(pointer, "the drop has not opened yet", sku=drop.sku)])
    if now >= drop.closes:
        raise DropOver(drop.closes, [Fault(pointer, "the drop is over", sku=drop.sku)])


def pick(units: int, lots: Iterable[tuple[date, int, int]]) -> Iterator[tuple[date, int, int]]:
    """Yield up to `units` of lots (ship-by date, shard, units on sale): earliest first, of each day the fullest shards.

    So they come from few shards, each of which is an item of the transaction. Fewer where the lots hold fewer.
    """
    for day, shard, left in sorted(lots, key=lambda lot: (lot[0], -lot[2], lot[1])):
        if taken := max(min(left, units), 0):
            yield day, shard, taken
            units -= taken
