"""Capacity over shards: how many a batch has, and the steps that bring them to what was declared. Pure rules, no I/O.

A batch declares how many units can be made by its date. Its shards hold shares of them: an allocation takes from what a
shard has left, so a surge is not held to one item's write limit. Declaring comes first and the shares follow, one
shard at a time, while the sale goes on. Every step by itself keeps **shares, what is kept and what is promised beyond
them within what is declared**; so whoever stops half-way leaves less on sale, never more, and anybody may go on.

Units that come free while people wait are *kept*: neither on sale nor promised, until the waitlist says whose they are.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain
from math import ceil

import msgspec

from chalicelib.domain.stock.promise import Batch

PER_SHARD = 20
"""Orders a second that one shard is meant for: at 10 ms a transaction about one try in five meets another's."""
SHARDS_PER_PARTITION = 8
"""Shards under one partition key: with tries that met another's, 160 orders a second write some 400 of the 1,000 units
that DynamoDB gives a partition, so that two keys may fall on one (infra/docs/surge.md)."""
SLACK = 4
"""A shard holds at least so many of the largest orders: with less, most tries at the end of a sale would fail once."""
MOST_RATE = 20_000
"""Orders a second that can be expected of one SKU, at most; the largest number of shards follows from it."""
TOGETHER = 80
"""New shards made in one transaction, which may touch 100 items (DynamoDB); nobody else writes them yet."""


class Share(msgspec.Struct, frozen=True):
    """What one shard has of its batch: `cap` units, of which `left` are not allocated; `version` counts its changes.

    `left` is below zero where more is allocated than the share holds.
    """

    cap: int
    left: int
    version: int = 0

    @property
    def over(self) -> int:
        """Units promised beyond the share."""
        return max(-self.left, 0)

    @property
    def sellable(self) -> int:
        """Units that can be claimed now."""
        return max(self.left, 0)


class Declared(msgspec.Struct, frozen=True):
    """A batch as it was declared (`cap` units in so many `shards`), and what its shards hold.

    `version` counts declarations and steps. `planned` are the units that the production plan gave it, for `days` of
    production; `days` is None where somebody set the batch by hand. `kept` units lie in no shard, for those who wait.
    Units of standing invitations are `offered`; each lies in a shard, as allocated. `told` is the `cap` at which the
    manager was told that the batch is full; None: not yet. `unmade` units were said not to be made, so that buyers are
    asked as long as more is promised than can be made.
    """

    ship_by: date
    cap: int
    shards: int
    version: int
    shares: Mapping[int, Share]
    planned: int = 0
    days: int | None = None
    kept: int = 0
    told: int | None = None
    offered: int = 0
    unmade: int = 0

    @property
    def batch(self) -> Batch:
        """Units left, by shard: no more than is declared, even while its shares have not been lowered yet."""
        left = {shard: share.left for shard, share in self.shares.items()}
        if self.excess > 0:
            for change in chain.from_iterable(step.changes for step in steps(self)):
                left[change.shard] += change.units
        return Batch(self.ship_by, tuple(left.get(shard, 0) for shard in range(self.shards)))

    @property
    def promised(self) -> int:
        """Units that are allocated of it."""
        return sum(share.cap - share.left for share in self.shares.values())

    @property
    def sellable(self) -> int:
        """Units that can be claimed now."""
        return sum(share.sellable for share in self.shares.values())

    @property
    def excess(self) -> int:
        """Units on sale, kept or promised beyond what is declared; below zero, units that could still be sold."""
        return sum(share.cap + share.over for share in self.shares.values()) + self.kept - self.cap


class Change(msgspec.Struct, frozen=True):
    """`units` that a shard's share grows by (below zero: shrinks by), if it has `at_least` units left; None: always."""

    shard: int
    units: int
    at_least: int | None = None


class Step(msgspec.Struct, frozen=True):
    """Changes that are made in one transaction, with `kept` more units kept for those who wait (below zero: fewer)."""

    changes: tuple[Change, ...] = ()
    kept: int = 0


def shards_for(rate: int, units: int, per_order: int) -> int:
    """Return how many shards a batch of `units` needs for `rate` orders a second of at most `per_order` units each."""
    return max(1, min(ceil(rate / PER_SHARD), units // (SLACK * per_order)))


def partition_of(shard: int) -> int:
    """Return the partition that a shard lies in; it stays there when the batch gets more shards."""
    return shard // SHARDS_PER_PARTITION


def steps(declared: Declared, waited: bool = False) -> Iterator[Step]:
    """Return the steps, in this order, that bring the shares to what was declared; none where they are.

    New units are kept where people wait for the SKU (`waited`), else they go on sale.
    """
    if declared.excess > declared.sellable + declared.kept:
        yield from _close(declared)
    elif declared.excess > 0:
        yield from _take_off(declared)
    elif any(share.over for share in declared.shares.values()):
        yield from _heal(declared)
    elif declared.excess < 0 and waited:
        yield Step(kept=-declared.excess)
    elif declared.excess < 0:
        yield from _put_on(declared, -declared.excess)
    elif len(declared.shares) < declared.shards:
        yield from _spread_out(declared)


def put_kept_on_sale(declared: Declared) -> Iterator[Step]:
    """Return the steps that put on sale what is kept for those who wait, since it fits none of them."""
    return (
        Step(step.changes, -sum(change.units for change in step.changes)) for step in _put_on(declared, declared.kept)
    )


def _close(declared: Declared) -> Iterator[Step]:
    """More is promised than can be made: every share becomes 0, so that a unit which comes back is not sold again."""
    if declared.kept:
        yield Step(kept=-declared.kept)
    yield from (Step((Change(shard, -share.cap),)) for shard, share in declared.shares.items() if share.cap)


def _take_off(declared: Declared) -> Iterator[Step]:
    """Units on sale are taken off first, evenly over the shards; units kept for those who wait go last."""
    stays = declared.sellable - declared.excess
    if stays < 0:
        yield Step(kept=stays)
    fullest_last = sorted(declared.shares.items(), key=lambda item: item[1].sellable)
    stays = max(stays, 0)
    for index, (shard, share) in enumerate(fullest_last):
        keeps = min(share.sellable, stays // (len(fullest_last) - index))
        stays -= keeps
        if gone := share.sellable - keeps:
            yield Step((Change(shard, -gone, gone),))


def _heal(declared: Declared) -> Iterator[Step]:
    """All that is promised can be made after all: shares grow to what is allocated of them."""
    return (Step((Change(shard, share.over),)) for shard, share in declared.shares.items() if share.over)


def _put_on(declared: Declared, units: int) -> Iterator[Step]:
    """Units go to the emptiest shards first, so that all come to hold the same where that can be."""
    left = dict.fromkeys(range(declared.shards), 0) | {shard: one.left for shard, one in declared.shares.items()}
    level = _level(sorted(left.values()), units)
    missing = units - sum(max(level - held, 0) for held in left.values())
    new, grown = [], []
    for shard, held in left.items():
        more = max(level - held, 0)
        if held <= level and missing:
            more, missing = more + 1, missing - 1
        if shard not in declared.shares:
            new.append(Change(shard, more))
        elif more:
            grown.append(Change(shard, more))
    yield from (Step(tuple(new[first : first + TOGETHER])) for first in range(0, len(new), TOGETHER))
    yield from (Step((change,)) for change in grown)


def _level(left: list[int], units: int) -> int:
    """Return the level to which `units` more fill up the emptiest shards; `left` is sorted, the emptiest first."""
    level = left[0]
    for filled, (lower, upper) in enumerate(zip(left, [*left[1:], None], strict=True), 1):
        if upper is None or (upper - lower) * filled >= units:
            return level + units // filled
        units -= (upper - lower) * filled
        level = upper
    return level


def _spread_out(declared: Declared) -> Iterator[Step]:
    """The batch has got more shards: each new one takes its share from the one that is fullest then."""
    left = {shard: share.sellable for shard, share in declared.shares.items()}
    even = sum(left.values()) // declared.shards
    for shard in range(declared.shards):
        if shard in declared.shares:
            continue
        fullest = max(left, key=lambda one: left[one], default=shard)
        moved = min(even, left[fullest] - even) if even else 0  # the fullest holds no less than is even
        left[shard] = moved
        if moved:
            left[fullest] -= moved
            yield Step((Change(fullest, -moved, moved), Change(shard, moved)))
        else:
            yield Step((Change(shard, 0),))
