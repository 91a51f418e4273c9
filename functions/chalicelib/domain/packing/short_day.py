"""The short day: some units of a batch will not be made. Whom to ask, by a rule that buyers are told beforehand.

As few people as can be are asked; of those, as few as can be who bought in a drop, since a host promised them the day
on air; and then whoever paid first is spared first. Nobody is moved by this: each may say yes, part, money back or no.
After the answers it is asked again, for what is still missing, without those who were asked. Pure rules, no I/O.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple


class BatchClaim(NamedTuple):
    """Units of the batch that an order holds; `buyer` is the pseudonym of whose it is, `drop` whether it was of one."""

    order: str
    buyer: str
    units: int
    paid: datetime
    drop: bool = False


class Proposal(NamedTuple):
    """That a buyer is asked for so many `units` out of these orders."""

    buyer: str
    orders: tuple[str, ...]
    units: int


class Holder(NamedTuple):
    """A buyer with all that they hold of the batch: since their first payment, in a drop where any of it is."""

    paid: datetime
    buyer: str
    units: int
    drop: bool
    orders: tuple[str, ...]


def propose(missing: int, claims: Iterable[BatchClaim]) -> list[Proposal]:
    """Return who is to be asked for `missing` units among those who hold some, the latest payer first.

    Each for all that they hold, but for the one who paid first of them: they keep what is not needed. Everybody is
    asked where all of them hold too little.
    """
    holders = _holders(claims)
    asked = _chosen(missing, holders) if 0 < missing < sum(one.units for one in holders) else holders
    if missing <= 0 or not asked:
        return []
    spare = max(sum(one.units for one in asked) - missing, 0)
    first, *others = asked
    told = [Proposal(one.buyer, one.orders, one.units) for one in reversed(others)]
    return [*told, Proposal(first.buyer, first.orders, first.units - spare)]


def _holders(claims: Iterable[BatchClaim]) -> list[Holder]:
    """The buyers, who paid first before the others."""
    of: dict[str, list[BatchClaim]] = defaultdict(list)
    for claim in claims:
        if claim.units > 0:
            of[claim.buyer].append(claim)
    return sorted(
        Holder(
            min(one.paid for one in held),
            buyer,
            sum(one.units for one in held),
            any(one.drop for one in held),
            tuple(sorted(one.order for one in held)),
        )
        for buyer, held in of.items()
    )


def _chosen(missing: int, holders: list[Holder]) -> list[Holder]:
    """Those to be asked, who paid first before the others; together they hold enough.

    From the first payer on each is spared where the largest of the rest still make up for it.
    """
    rest = {drop: Largest(one.units for one in holders if one.drop is drop) for drop in (False, True)}
    places = _places(missing, rest)
    chosen: list[Holder] = []
    for one in holders:
        rest[one.drop].remove(one.units)
        if sum(rest[drop].sum_of(count) for drop, count in places.items()) >= missing and (
            places[one.drop] <= len(rest[one.drop])
        ):
            continue
        chosen.append(one)
        missing -= one.units
        places[one.drop] -= 1
    return chosen


def _places(missing: int, rest: "dict[bool, Largest]") -> dict[bool, int]:
    """How many are asked in all and how many of them of a drop: as few as can be, first in all."""
    everybody = sorted([*rest[True].units, *rest[False].units], reverse=True)
    count = next(place for place, units in enumerate(accumulate(everybody), 1) if units >= missing)
    for drops in range(count + 1):
        others = count - drops
        if (
            drops <= len(rest[True])
            and others <= len(rest[False])
            and rest[True].sum_of(drops) + rest[False].sum_of(others) >= missing
        ):
            break
    return {True: drops, False: others}


class Largest:
    """Numbers, and what the largest of them come to."""

    def __init__(self, units: Iterable[int]) -> None:
        self.units = sorted(units)

    def __len__(self) -> int:
        return len(self.units)

    def remove(self, units: int) -> None:
        """Take one number of this size out."""
        del self.units[bisect_left(self.units, units)]

    def sum_of(self, count: int) -> int:
        """Return the sum of the largest so many."""
        return sum(self.units[len(self.units) - count :]) if count else 0
