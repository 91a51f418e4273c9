"""The promise: which batches carry a line, and the date that this means. Pure rules, no I/O.

A batch is a SKU's production that ships by a date. Its capacity lies in shards, so that a surge is not held to one
item's write limit; every rule here works on any number of them, and the last unit can be sold wherever it lies.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Units taken from one shard of one batch."""

    ship_by: date
    shard: int
    quantity: int


class Batch(msgspec.Struct, frozen=True):
    """Units left of a batch, by shard. A shard is below zero where the capacity was lowered below what is promised."""

    ship_by: date
    shards: tuple[int, ...]

    @property
    def left(self) -> int:
        """Units that can still be sold."""
        return sum(units for units in self.shards if units > 0)


class TooFew(Exception):
    """The batches together hold fewer units than the line asks for: only `left`."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left


def promise(quantity: int, batches: Iterable[Batch], turn: int = 0) -> tuple[Part, ...]:
    """Return parts of the earliest batch that holds all of `quantity`, else of several batches, earliest first.

    `turn` is any number, by which allocations spread over shards. Raise TooFew where the batches hold too little.
    """
    by_date = sorted(batches, key=lambda batch: batch.ship_by)
    whole = next((batch for batch in by_date if batch.left >= quantity), None)
    if whole:
        return take(quantity, whole, turn)
    left = sum(batch.left for batch in by_date)
    if left < quantity:
        raise TooFew(left)
    parts: list[Part] = []
    for batch in by_date:
        share = min(batch.left, quantity)
        parts += take(share, batch, turn) if share else ()
        quantity -= share
    return tuple(parts)


def take(quantity: int, batch: Batch, turn: int = 0) -> tuple[Part, ...]:
    """Return parts with `quantity` units of a batch that holds them: of one shard where one has enough, else of the
    fullest first.
    """
    count = len(batch.shards)
    for shard in ((turn + step) % count for step in range(count)):
        if batch.shards[shard] >= quantity:
            return (Part(batch.ship_by, shard, quantity),)
    parts: list[Part] = []
    for shard in sorted(range(count), key=lambda index: -batch.shards[index]):
        share = min(batch.shards[shard], quantity)
        if share > 0:
            parts.append(Part(batch.ship_by, shard, share))
            quantity -= share
    return tuple(parts)


def largest(quantity: int, batches: Sequence[Batch], most: int) -> int:
    """Return how many of `quantity` units, which the batches hold, can come from at most `most` shards."""
    return next((less for less in range(quantity, 0, -1) if len(promise(less, batches)) <= most), 0)


def moved(batches: Sequence[Batch], units: Mapping[tuple[date, int], int]) -> Sequence[Batch]:
    """Return the batches with `units` (by ship-by date and shard; below zero: taken) added to what is left."""
    return _changed(batches, units, lambda left, more: left + more)


def corrected(batches: Sequence[Batch], left: Mapping[tuple[date, int], int]) -> Sequence[Batch]:
    """Return the batches with what is `left` of the shards that have just been read."""
    return _changed(batches, left, lambda _, seen: seen)


def _changed(
    batches: Sequence[Batch], units: Mapping[tuple[date, int], int], change: Callable[[int, int], int]
) -> Sequence[Batch]:
    if not units:
        return batches
    days = {day for day, _ in units}
    changed = {batch.ship_by: [*batch.shards] for batch in batches if batch.ship_by in days}
    for (day, shard), count in units.items():
        if shard < len(shards := changed.get(day, [])):
            shards[shard] = change(shards[shard], count)
    return [
        Batch(batch.ship_by, tuple(changed[batch.ship_by])) if batch.ship_by in days else batch for batch in batches
    ]
