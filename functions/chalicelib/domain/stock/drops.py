"""Drops: units of one SKU that one room sells between two instants at a price of their own. Pure rules, no I/O.

A drop has its own shelf: batches to which its units were moved from the SKU's. Allocations, holds and the audit know
shelves only, so a drop is sold as everything else is.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from chalicelib.catalog import Pack
from chalicelib.domain.errors import DropEarly, DropOver, DropOverlaps, Fault, Invalid


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

    def price_beside(self, pack: Pack | None) -> int:
        """Return its price, in fen a unit, beside the pack's ordinary one, which it never exceeds.

        The ordinary price may have been lowered since the drop was opened; None where the pack is sold no more.
        """
        return min(self.price, pack.price) if pack else self.price

    def is_cheaper(self, pack: Pack) -> bool:
        """Return whether it costs less than on every other day; no other drop is opened, by whomever."""
        return self.price < pack.price

    def meets(self, other: "Drop") -> bool:
        """Return whether both are of one SKU in one room and on sale at the same time, now or later."""
        same = (self.sku, self.room) == (other.sku, other.room)
        return same and self.opens < other.closes and other.opens < self.closes

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


def must_be_openable(drop: Drop, pack: Pack, others: Iterable[Drop]) -> None:
    """Check that a drop may be opened beside the SKU's `others`, whoever asks for it; raise Invalid, DropOverlaps."""
    if not drop.is_cheaper(pack):
        words = f"a drop costs less than the {pack.price} fen of every day"
        raise Invalid([Fault("/price", words, sku=drop.sku)])
    met = next((other for other in others if drop.meets(other)), None)
    if met:
        raise DropOverlaps(met.id, met.closes)


def pick(units: int, lots: Iterable[tuple[date, int, int]]) -> Iterator[tuple[date, int, int]]:
    """Yield up to `units` of lots (ship-by date, shard, units on sale): earliest first, of each day the fullest shards.

    So they come from few shards, each of which is an item of the transaction. Fewer where the lots hold fewer.
    """
    for day, shard, left in sorted(lots, key=lambda lot: (lot[0], -lot[2], lot[1])):
        if taken := max(min(left, units), 0):
            yield day, shard, taken
            units -= taken
