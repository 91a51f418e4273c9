"""What is written together: all that changes who holds units, said as a sentence, and written as one or not at all.

    Transaction().create(order).must_not_exist(older).take_slots(slots, now).limit(most).take_over(ended)

Each aggregate is written on the condition of the version that was read, each shard on the condition that it holds what
is taken. What is freed goes back on sale, or where people wait is kept for them. A commit finds out which by trying: it
stands on nobody waiting, and where that does not hold, on somebody doing so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Self

from chalicelib.domain.aggregate import Account, Aggregate, Shard
from chalicelib.domain.conflicts import Stale, retrying
from chalicelib.domain.errors import TooScattered
from chalicelib.domain.limits.network import NetworkHold
from chalicelib.domain.limits.pending import Slot
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.drops import sku_of
from chalicelib.storage.aggregates import Write, kind_of
from chalicelib.storage.guards import (
    AsRead,
    BatchThere,
    Guard,
    HasUnits,
    Learned,
    Listed,
    NetworkHasRoom,
    NobodyBefore,
    NobodyWaits,
    NotRecalled,
    NotThere,
    NumberFree,
    OwesAsMuch,
    SlotFree,
    SomebodyWaits,
    WithinLimit,
    explain,
)
from chalicelib.storage.limits import count_up, hold_for_network, let_go, occupy
from chalicelib.storage.orders import ORDER
from chalicelib.storage.stock.passports import freeze, list_order, not_recalled
from chalicelib.storage.stock.queue import nobody_waits, tell_queue
from chalicelib.storage.stock.shards import move_kept, move_units
from chalicelib.storage.table import Table
from chalicelib.storage.waybills import Waybill, bear

MOST_ITEMS = 100
"""Items of one transaction that DynamoDB takes."""
RELEASES = 16
"""How often a commit finds out anew where freed units go."""


class Transaction:
    """What is to be written together; each method adds to it and returns it, for the next to follow.

    The units that the aggregates take and give back, and what counts against limits, follow from the aggregates.
    `writes` are these.
    """

    def __init__(self) -> None:
        self.writes: list[Write] = []
        self.absent: list[str] = []
        self.slots: list[tuple[Slot, datetime]] = []
        self.holds: list[NetworkHold] = []
        self.most: dict[Account, int] = {}
        self.walk_in: set[str] = set()
        self.waybills: list[Waybill] = []
        self.frozen: list[tuple[str, date, str, datetime]] = []
        self.good: list[tuple[str, date]] = []
        self.listed: list[tuple[str, date, str]] = []
        self.over: set[Account] = set()

    def create(self, aggregate: Aggregate) -> Self:
        """Write an aggregate that must not exist yet, else Exists."""
        self.writes.append((None, aggregate))
        return self

    def save(self, before: Aggregate, after: Aggregate) -> Self:
        """Write an aggregate that must be as it was read, else Stale."""
        self.writes.append((before, after))
        return self

    def take_over(self, ended: Iterable[tuple[Aggregate, Aggregate]]) -> Self:
        """End holds, as `save` does, for a walk-in to have what they free: nobody may wait for it, else Waited."""
        for before, after in ended:
            self.save(before, after)
            self.walk_in.update(shelf for shelf, _, _ in before.allocated)
        return self

    def must_not_exist(self, *orders: str) -> Self:
        """Demand that there are no orders of these numbers, else Exists."""
        self.absent += orders
        return self

    def take_slots(self, slots: Iterable[Slot], now: datetime) -> Self:
        """Take slots for unpaid orders at this instant; each must be as it was seen, else SlotTaken."""
        self.slots += ((slot, now) for slot in slots)
        return self

    def hold_for_network(self, *holds: NetworkHold) -> Self:
        """Count the order's units for its network, at most one; it must have room for them, else NetworkFull."""
        self.holds += holds
        return self

    def bear(self, *waybills: Waybill) -> Self:
        """Put carriers' numbers on parcels; none may be on a parcel to somebody else, else NumberTaken."""
        self.waybills += waybills
        return self

    def freeze(self, batches: Iterable[tuple[str, date, str]], now: datetime) -> Self:
        """Pack units of these batches (SKU, day, and the digest of what they are now); none may be recalled, else
        BatchRecalled."""
        self.frozen += ((*batch, now) for batch in batches)
        return self

    def list_for(self, batches: Iterable[tuple[str, date]], number: str) -> Self:
        """List the order of this number among those that have units of these batches."""
        self.listed += ((*batch, number) for batch in batches)
        return self

    def not_recalled(self, batches: Iterable[tuple[str, date]]) -> Self:
        """Demand that none of these batches is recalled, else BatchRecalled."""
        self.good += batches
        return self

    def let_go(self, accounts: Iterable[Account]) -> Self:
        """Take accounts away that have ended: what the aggregates change on them is not counted."""
        self.over.update(accounts)
        return self

    def limit(self, most: Mapping[Account, int]) -> Self:
        """Demand that so many units at most come to be on an account, else Limited."""
        self.most.update(most)
        return self


def commit(table: Table, transaction: Transaction) -> frozenset[str]:
    """Write all of the transaction or nothing; return the SKUs of which something was kept for those who wait.

    Their lists are to be served then. Raises the conflicts that the transaction's parts name, Short where a shard holds
    too little, TooScattered for more than DynamoDB writes at once, Busy after the budget.
    """
    fixed, flow = [*_fixed(transaction)], Flow(transaction)

    def attempt() -> frozenset[str] | None:
        guards = [*fixed, *flow.guards()]
        if len(guards) == 1 and transaction.writes:
            return _put_alone(table, transaction.writes[0][1].number, guards[0])
        if len(guards) > MOST_ITEMS:
            raise TooScattered("the order would come from too many batches at once: order fewer at a time")
        reasons = table.transact([guard.item for guard in guards])
        if not reasons:
            return frozenset(flow.learned.waited)
        explain(guards, reasons, flow.learned)
        return None

    return retrying(RELEASES, "others wait for the same, and leave, all the time: ask again", attempt)


def _put_alone(table: Table, number: str, guard: Guard) -> frozenset[str]:
    """A write that moves nothing goes by itself: within a transaction it would cost twice the write units."""
    if not table.write("put_item", **guard.item["Put"]):
        raise Stale(number)
    return frozenset()


def _fixed(transaction: Transaction) -> Iterator[Guard]:
    """What is to be written however units flow: the aggregates first, and so before their units in the stream."""
    for before, after in transaction.writes:
        kind = kind_of(after)
        put = kind.put(before, after)
        yield AsRead(put, after.number) if before else NotThere(put, kind)
    for number in transaction.absent:
        yield NotThere(ORDER.must_not_exist(number), ORDER)
    until = _bought_until(transaction.writes)
    for account, units in sorted(_counted(transaction.writes).items()):
        if account not in transaction.over:
            most = transaction.most.get(account)
            yield WithinLimit(count_up(account, units, most, until[account]), account)
    for account in sorted(transaction.over):
        yield WithinLimit(let_go(account), account)
    for slot, now in transaction.slots:
        yield SlotFree(occupy(slot, now), slot.tab)
    for hold in transaction.holds:
        yield NetworkHasRoom(hold_for_network(hold))
    for waybill in transaction.waybills:
        yield NumberFree(bear(waybill))
    for packed in transaction.frozen:
        yield NotRecalled(freeze(*packed))
    for batch in transaction.good:
        yield NotRecalled(not_recalled(*batch))
    for one in transaction.listed:
        yield Listed(list_order(*one))


class Flow:
    """The units that a transaction moves, by what it has `learned` of where they go."""

    def __init__(self, transaction: Transaction) -> None:
        self.takes, self.gives = _taken_and_given(transaction.writes)
        self.offered = _offered(transaction.writes)
        self.walk_in = frozenset(transaction.walk_in)
        self.learned = Learned()

    def guards(self) -> Iterator[Guard]:
        """Return what moves units, and what says that they may go there."""
        kept: Counter[tuple[str, date]] = Counter()
        free = {shard: self.gives.get(shard, 0) - self.takes.get(shard, 0) for shard in {*self.takes, *self.gives}}
        for shard, units in sorted(free.items()):
            shelf, day, _ = shard
            debt = self.learned.debts.get(shard, 0)
            aside = units - debt if shelf in self.learned.waited else 0
            if aside > 0:
                kept[shelf, day] += aside
                yield OwesAsMuch(move_units(shard, 0, units, -aside, debt), shard)
            elif shelf in self.walk_in:  # a hold that ended may have been of what cannot be made any more
                yield HasUnits(move_units(shard, self.takes.get(shard, 0), self.gives.get(shard, 0)), shard)
            elif units:  # where no more is taken than comes back, nothing has to be there: the shard may owe units
                yield HasUnits(move_units(shard, max(-units, 0), max(units, 0)), shard)
        for shelf, day in sorted({*kept, *self.offered}):
            yield BatchThere(move_kept(shelf, day, kept[shelf, day], self.offered[shelf, day]))
        released = {shelf for (shelf, _, _), units in free.items() if units > 0}
        for sku in sorted(shelf for shelf in self.walk_in | released if shelf == sku_of(shelf)):
            yield self._list(sku)

    def _list(self, sku: str) -> Guard:
        """What must hold of the list of those who wait for the SKU."""
        if sku in self.learned.waited:
            return SomebodyWaits(tell_queue(sku), sku)
        return NobodyBefore(nobody_waits(sku), sku) if sku in self.walk_in else NobodyWaits(nobody_waits(sku), sku)


def _taken_and_given(writes: Sequence[Write]) -> tuple[Mapping[Shard, int], Mapping[Shard, int]]:
    """Units taken from and given back to each shard: what the aggregates hold afterwards less what they did before."""
    takes: dict[Shard, int] = {}
    gives: dict[Shard, int] = {}
    for before, after in writes:
        change = after.allocated
        change.subtract(before.allocated if before else {})
        for shard, units in change.items():
            side = takes if units > 0 else gives
            if units:
                side[shard] = side.get(shard, 0) + abs(units)
    return takes, gives


def _offered(writes: Sequence[Write]) -> Counter[tuple[str, date]]:
    """Units by which what is offered of each batch changes: those of invitations afterwards less before."""
    change: Counter[tuple[str, date]] = Counter()
    for before, after in writes:
        change.update(after.offered)
        change.subtract(before.offered if before else {})
    return Counter({batch: units for batch, units in change.items() if units})


def _counted(writes: Sequence[Write]) -> dict[Account, int]:
    """Units that come onto each account, below zero those that leave it."""
    change: Counter[Account] = Counter()
    for before, after in writes:
        change.update(after.bought)
        change.subtract(before.bought if before else {})
    return {account: units for account, units in change.items() if units}


def _bought_until(writes: Sequence[Write]) -> dict[Account, date]:
    """For each account that orders count on, the latest day on which anybody can buy of what it counts."""
    until: dict[Account, date] = {}
    for order in (one for write in writes for one in write if isinstance(one, Order)):
        for line in order.lines:
            until |= {account: max(line.ship_by, until.get(account, line.ship_by)) for account in line.bought}
    return until
