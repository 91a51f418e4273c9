"""Verifies a surge: what shoppers were told, what is stored, and what is left must agree to the unit."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.catalog import Catalog
from chalicelib.domain.orders.model import HOLDS_UNITS, Order, State
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.drops import open_drop
from chalicelib.services.stage import utc_now

from cunbo.load.surge import LIMIT, SOLD_OUT, RequestResult, Try, Visit
from cunbo.operations.shop import ShopOperations
from cunbo.operations.stock import BatchCapacity, today

ROOM, PRICE = "village-life", 5000
"""Where a drop is sold, and for how many fen: neither matters here."""


@dataclass(frozen=True)
class SurgeCheck:
    """`stock` was offered by SKU, `orders` came of `visits`, `left` are units by SKU, `audited` the auditor's lines."""

    stock: Mapping[str, int]
    visits: list[Visit]
    orders: list[Order]
    left: Mapping[str, int]
    audited: list[str]

    @property
    def sold(self) -> Counter[str]:
        """Return the units that stored orders hold, by SKU."""
        sold: Counter[str] = Counter()
        for order in self.orders:
            if order.state in HOLDS_UNITS:
                sold.update(_units(order))
        return sold

    @property
    def buyers(self) -> int:
        """Return how many different phones have orders that hold units."""
        return len({order.ship_to.phone for order in self.orders if order.state in HOLDS_UNITS})

    @property
    def turned_away(self) -> set[str]:
        """Return the SKUs of which somebody was told that none is left, and who left without a unit of anything."""
        return {sku for visit in self.visits if not _number(visit[-1].orders[0]) for sku in visit[-1].wanted}

    @property
    def oversold(self) -> int:
        """Return the units sold beyond what was offered."""
        return sum(max(0, self.sold[sku] - units) for sku, units in self.stock.items())

    @property
    def stranded(self) -> int:
        """Return the units that nobody holds, of SKUs of which somebody was turned away who would have taken one."""
        return sum(max(0, self.stock[sku] - self.sold[sku]) for sku in self.turned_away)

    def faults(self) -> list[str]:
        """Return all that does not agree, one line each."""
        return [
            *self._undecided(),
            *self._limited(),
            *self._told_twice(),
            *self._stored_otherwise(),
            *self._counted(),
            *self.audited,
        ]

    def _undecided(self) -> Iterator[str]:
        for one in self._tries():
            for answer in one.orders:
                if answer.status != 201 and answer.body.get("type") not in {SOLD_OUT, LIMIT}:
                    yield f"{one.key}: met {answer.statuses}: {answer.body}"
            for answer in one.payments:
                if answer.status != 204:
                    yield f"{one.key}: its payment met {answer.statuses}: {answer.body}"

    def _limited(self) -> Iterator[str]:
        """Yield a line for each shopper who was told that they may have no more, and has nothing."""
        for visit in self.visits:
            told = {str(answer.body.get("type")) for one in visit for answer in one.orders}
            if LIMIT in told and not _number(visit[-1].orders[0]):
                yield f"{visit[-1].key}: told that one buyer may have no more, and has nothing"

    def _told_twice(self) -> Iterator[str]:
        """Yield a line for keys whose sends were told different things, and for orders that several keys were told."""
        keys: Counter[str] = Counter()
        for one in self._tries():
            told = {_number(answer) for answer in one.orders}
            if len(told) > 1:
                yield f"{one.key}: one send was told this, another that: {sorted(told)}"
            keys.update(told - {""})
        yield from (f"{number}: told to {times} keys" for number, times in keys.items() if times > 1)

    def _stored_otherwise(self) -> Iterator[str]:
        told = {_number(answer): one for one in self._tries() for answer in one.orders if _number(answer)}
        stored = {order.number: order for order in self.orders}
        yield from (f"{number}: told, not stored" for number in sorted(told.keys() - stored.keys()))
        yield from (f"{number}: stored, told to nobody" for number in sorted(stored.keys() - told.keys()))
        for number in sorted(told.keys() & stored.keys()):
            is_so = stored[number].state, _units(stored[number])
            was_told = State.PAID if told[number].payments else State.AWAITING_PAYMENT, told[number].wanted
            if is_so != was_told:
                yield f"{number}: stored as {is_so}, told was {was_told}"

    def _counted(self) -> Iterator[str]:
        for sku, units in self.stock.items():
            if units - self.sold[sku] != self.left[sku]:
                yield f"{sku}: {units} offered, {self.sold[sku]} sold, yet {self.left[sku]} left"
        if self.oversold or self.stranded:
            yield f"{self.oversold} units oversold, {self.stranded} stranded"

    def _tries(self) -> Iterator[Try]:
        return (one for visit in self.visits for one in visit)


class SurgeStock:
    """So many units of some SKUs and no more, over two days; it verifies the orders that come from then on.

    `shards` are those of each day's batch, more of them than its size would get by any rate: so the last units lie
    scattered, as at the end of a far greater sale.

    No shopper may have asked for these SKUs within the last second: a process' view of the stock is that old at most.
    """

    def __init__(self, operations: ShopOperations, catalog: Catalog, stock: Mapping[str, int], shards: int = 1) -> None:
        self.operations, self.stock = operations, stock
        now = today()
        self.days = [now + timedelta(days=30), now + timedelta(days=31)]
        for sku, units in stock.items():
            for batch in operations.store.stock.batches(sku, now):
                operations.set_batch(catalog, BatchCapacity(sku, batch.ship_by, 0))
            for day, share in zip(self.days, (units - units // 2, units // 2), strict=True):
                made = operations.set_batch(catalog, BatchCapacity(sku, day, share))
                operations.store.stock.declare(sku, day, made, shards=shards)
            operations.store.stock.settle(sku, now)
        self.shelves = {sku: sku for sku in stock}
        self.before = {order.number for order in self.operations.store.orders.all()}

    def open(self, catalog: Catalog, drop: Drop, rate: int) -> None:
        """Open a drop of all units of its SKU, for `rate` orders a second; what is left is then counted in it."""
        open_drop(catalog, self.operations.store, utc_now(), drop, rate)
        self.shelves[drop.sku] = drop.shelf

    def verify(self, visits: list[Visit]) -> SurgeCheck:
        """Return the check of `visits` against what the table holds now."""
        store = self.operations.store
        left = {
            sku: sum(batch.cap - batch.promised for batch in store.stock.declared(shelf, self.days[0]))
            for sku, shelf in self.shelves.items()
        }
        ours = [order for order in store.orders.all() if order.number not in self.before]
        return SurgeCheck(self.stock, visits, ours, left, self.operations.audit().differences)


def drop_of(sku: str, units: int, limit: int) -> Drop:
    """Return a drop that has just opened."""
    now = utc_now().replace(microsecond=0)
    return Drop("surge", sku, ROOM, PRICE, units, now, now + timedelta(hours=1), limit)


def _number(answer: RequestResult) -> str:
    """Return the order number that a shopper was told; empty where there was none."""
    return str(answer.body["order"]) if answer.status == 201 else ""


def _units(order: Order) -> dict[str, int]:
    return {line.sku: line.quantity for line in order.lines}
