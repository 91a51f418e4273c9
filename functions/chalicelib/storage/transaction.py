"""What is written together: each write of a commit with what it means where it does not hold, and where units go.

What is freed goes back on sale, or where people wait is kept for them. A commit finds out which by trying: it stands
on nobody waiting, and where that does not hold, on somebody doing so. Pure, no calls.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from chalicelib.domain.aggregate import Account, Shard
from chalicelib.domain.conflicts import Exists, Limited, Short, SlotTaken, Stale, Waited
from chalicelib.domain.orders.pending_limits import Slot
from chalicelib.domain.stock.drops import sku_of
from chalicelib.storage import items
from chalicelib.storage.items import Item, Write


class Guard(msgspec.Struct, frozen=True):
    """A write and the one thing that it stands on.

    That is an aggregate (or none, where it is `new`), a slot, an account or a shard; or that `nobody` waits for a SKU,
    or somebody is `waiting`.
    """

    item: Item
    aggregate: str = ""
    new: bool = False
    slot: str = ""
    account: Account | None = None
    nobody: str = ""
    waiting: str = ""
    shard: Shard | None = None


class Commit:
    """The writes of one commit (`Store.commit` says of what), and what it has learned of where units go.

    `waited` are SKUs that people turned out to wait for; `debts` what was found to be promised beyond the shares of
    shards, which what is freed pays first.
    """

    def __init__(
        self,
        writes: Sequence[Write],
        absent: Iterable[str],
        slots: Sequence[Slot],
        now: datetime | None,
        most: Mapping[Account, int],
        alone: Iterable[str],
    ) -> None:
        self.takes, self.gives = items.taken_and_given(writes)
        self.alone = frozenset(alone)
        self.waited: set[str] = set()
        self.debts: dict[Shard, int] = {}
        self.fixed = [
            *(Guard(items.put(before, after), aggregate=after.number, new=before is None) for before, after in writes),
            *(Guard(items.must_not_exist(number), new=True) for number in absent),
            *(
                Guard(items.count_up(account, units, most.get(account)), account=account)
                for account, units in sorted(items.counted(writes).items())
            ),
            *(Guard(items.occupy(slot, now), slot=slot.tab) for slot in slots),
        ]

    def guards(self) -> list[Guard]:
        """All that is to be written, by what is known now."""
        return [*self.fixed, *self._moves()]

    def explain(self, guards: Sequence[Guard], reasons: Sequence[Item]) -> None:
        """Raises what a cancelled transaction means, or learns where freed units go.

        An order that exists tells more than a limit, a limit more than a slot, and that more than a shard.
        """
        failed = [
            (guard, reason.get("Item", {}))
            for guard, reason in zip(guards, reasons, strict=True)
            if reason["Code"] == "ConditionalCheckFailed"
        ]
        for guard, item in failed:
            if guard.new:
                raise Exists(items.order_in(item))
            if guard.aggregate:
                raise Stale(guard.aggregate)
        if had := {guard.account: int(item["n"]["N"]) for guard, item in failed if guard.account}:
            raise Limited(had)
        if tabs := {guard.slot: items.held_in(item) for guard, item in failed if guard.slot}:
            raise SlotTaken(tabs)
        if wanted := self.alone & {guard.nobody for guard, _ in failed}:
            raise Waited(wanted)
        left = {guard.shard: _units(item) for guard, item in failed if guard.shard}
        if short := {guard.shard: left[guard.shard] for guard, _ in failed if guard.shard and not guard.waiting}:
            raise Short(short)
        self.debts |= {shard: max(-units, 0) for shard, units in left.items()}
        self.waited |= {guard.nobody for guard, _ in failed if guard.nobody}
        self.waited -= {guard.waiting for guard, _ in failed if guard.waiting and not guard.shard}

    def _moves(self) -> Iterator[Guard]:
        """What moves units, and what says that they may go there."""
        kept: Counter[tuple[str, date]] = Counter()
        free = {shard: self.gives.get(shard, 0) - self.takes.get(shard, 0) for shard in {*self.takes, *self.gives}}
        for shard, units in sorted(free.items()):
            shelf, day, _ = shard
            debt = self.debts.get(shard, 0)
            aside = units - debt if shelf in self.waited else 0
            if aside > 0:
                kept[shelf, day] += aside
                yield Guard(items.move_units(shard, 0, units, -aside, debt), shard=shard, waiting=shelf)
            elif units or shelf in self.alone:  # a hold that ended may have been of what cannot be made any more
                yield Guard(items.move_units(shard, self.takes.get(shard, 0), self.gives.get(shard, 0)), shard=shard)
        for (shelf, day), units in kept.items():
            yield Guard(items.move_kept(shelf, day, units))
        released = {shelf for (shelf, _, _), units in free.items() if units > 0}
        for sku in sorted(shelf for shelf in self.alone | released if shelf == sku_of(shelf)):
            if sku in self.waited:
                yield Guard(items.tell_queue(sku), waiting=sku)
            else:
                yield Guard(items.nobody_waits(sku), nobody=sku)


def _units(item: Item) -> int:
    return int(item.get("units", {"N": "0"})["N"])
