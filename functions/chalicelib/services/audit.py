"""The auditor: what every shard must hold, recomputed from the orders alone, beside what it does hold.

It repairs nothing: a difference wants a person's eyes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from chalicelib.domain.aggregate import Account, Aggregate, Shard
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.lots import is_recalled, recalled_batches, units_of
from chalicelib.domain.orders.model import SOLD, Order
from chalicelib.domain.orders.parcels import parcel_name
from chalicelib.domain.stock.capacity import Declared, Share
from chalicelib.domain.stock.danger import Danger, beyond
from chalicelib.domain.stock.drops import Drop, sku_of
from chalicelib.domain.voices.forgetting import LIMIT_KEPT_FOR, scope_day
from chalicelib.domain.waitlist import Waiter, WaiterState
from chalicelib.services.desk.seals import broken_seals, sealed_days
from chalicelib.storage.aggregates import aggregate_in
from chalicelib.storage.keys import Item, account_key, batch_key, queue_key, shard_in, shard_key, shelf_name
from chalicelib.storage.limits import account_in
from chalicelib.storage.stock.drops import drop_in
from chalicelib.storage.stock.passports import recalled_in
from chalicelib.storage.stock.shards import share_in
from chalicelib.storage.stock.shelves import shelf_in
from chalicelib.storage.store import Store

if TYPE_CHECKING:
    from chalicelib.domain.stock.passports import Passport

Key = tuple[str, str]
"""An item's partition and sort key."""
PASSES = 3
"""How often it looks again where orders came in while it looked."""
SKEW = timedelta(minutes=1)
"""A parcel that was handed over so soon after a recall may have been written before it."""


class Findings(msgspec.Struct, frozen=True):
    """Differences, one line each; and items that moved each time it looked, of which it can say nothing."""

    differences: list[str]
    moving: list[str]


class StockCount:
    """Who claims what, and what stands in the stock and on accounts, as one scan met them: not at one instant."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.claims: Counter[Shard] = Counter()
        self.bought: Counter[Account] = Counter()
        self.shares: dict[Shard, Share] = {}
        self.accounts: dict[Account, int] = {}
        self.waiting: Counter[str] = Counter()
        self.in_line: Counter[str] = Counter()
        self.counts: dict[str, int] = {}
        self.offered: Counter[tuple[str, date]] = Counter()
        self.passports: list[Passport] = []
        self.closed: dict[str, date] = {}
        self.stopped: list[Order] = []
        self.untold: dict[tuple[str, date], list[str]] = {}
        stock: dict[str, list[Item]] = {}
        for item in items:
            kind, _, name = item["pk"]["S"].partition("#")
            if aggregate := aggregate_in(item):
                self._hold(aggregate)
            elif kind == "stock":
                stock.setdefault(shelf_name(item), []).append(item)
            elif kind == "bought":
                account, units = account_in(item)
                self.accounts[account] = units
            elif kind == "drop":
                self._close([drop_in(item)])
            elif kind == "queue":
                self.in_line[name] += 1
            elif kind == "passport":
                self.passports += recalled_in([item])
        self.batches: dict[str, Sequence[Declared]] = {}
        for shelf, found in stock.items():
            read = shelf_in(found)
            self.batches[shelf] = read.batches
            self.counts[shelf] = read.queue.count
            self._close(read.drops)
            self.shares |= {shard: share_in(item) for item in found if (shard := shard_in(item))}

    def _close(self, drops: Iterable[Drop]) -> None:
        self.closed |= {drop.shelf: village_day(drop.closes) for drop in drops}

    def _hold(self, aggregate: Aggregate) -> None:
        self.claims.update(aggregate.allocated)
        self.bought.update(aggregate.bought)
        self.offered.update(aggregate.offered)
        if isinstance(aggregate, Order) and aggregate.state in SOLD:
            self._sold(aggregate)
        if isinstance(aggregate, Waiter) and aggregate.state is WaiterState.WAITING:
            self.waiting[aggregate.sku] += 1

    def _sold(self, order: Order) -> None:
        """Keeps what is needed to judge recalls, which the scan may meet later: there is too much for all of it."""
        if order.recalls:
            self.stopped.append(order)
        for batch in {(line.sku, part.ship_by) for line in order.lines for part in line.parts}:
            if batch not in recalled_batches(order) and units_of(order, batch):
                self.untold.setdefault(batch, []).append(order.number)

    def suspects(self, today: date) -> dict[Key, str]:
        """Return what is wrong, by the key of the item concerned: a shard, a limit's account, a batch, a waitlist."""
        return {(key["pk"]["S"], key["sk"]["S"]): words for key, words in chain(*self._differences(today)) if words}

    def _differences(self, today: date) -> Iterator[Iterator[tuple[Item, str]]]:
        shards = sorted({*self.claims, *self.shares})
        yield ((shard_key(shard), _wrong(shard, self.shares.get(shard), self.claims[shard])) for shard in shards)
        accounts = sorted(one for one in {*self.bought, *self.accounts} if not self._has_ended(one[0], today))
        yield ((account_key(one), _miscounted(one, self.accounts.get(one, 0), self.bought[one])) for one in accounts)
        batches = {(shelf, batch.ship_by): batch.offered for shelf, found in self.batches.items() for batch in found}
        yield (
            (batch_key(*one), _misoffered(one, batches.get(one, 0), self.offered[one]))
            for one in sorted({*batches, *self.offered})
        )
        skus = sorted({*self.counts, *self.waiting, *self.in_line})
        yield ((queue_key(sku), self._misled(sku)) for sku in skus)

    def _has_ended(self, scope: str, today: date) -> bool:
        """Whether accounts of this scope may be gone: nobody can buy of its batch, or in its drop, any more."""
        last = self.closed.get(scope) or scope_day(scope)
        return last is not None and last + LIMIT_KEPT_FOR < today

    def _misled(self, sku: str) -> str:
        numbers = self.counts.get(sku, 0), self.in_line[sku], self.waiting[sku]
        if len({*numbers}) == 1:
            return ""
        return "waitlist of {}: {} counted, {} in the line, {} waiting".format(sku, *numbers)

    def open(self, today: date) -> Iterator[tuple[str, Declared]]:
        """Return the shelf of each batch that ships today or later, and the batch."""
        return ((shelf, batch) for shelf, found in self.batches.items() for batch in found if batch.ship_by >= today)

    def overdrawn(self, today: date) -> list[str]:
        """Return batches with more on sale than was declared; one whose day has passed is not on sale."""
        return [
            f"{shelf} {batch.ship_by}: {batch.cap} declared, {batch.promised} promised, and yet"
            f" {batch.sellable + batch.kept} to be sold"
            for shelf, batch in self.open(today)
            if batch.excess > 0 and batch.sellable + batch.kept
        ]

    @property
    def recalled(self) -> set[tuple[str, date]]:
        """The batches that are recalled, by SKU and day."""
        return {(one.sku, one.ship_by) for one in self.passports}

    def let_through(self) -> Iterator[str]:
        """Return recalled batches of which something is on sale, parcels of them that left after the recall, and orders
        that the recall has not come to.
        """
        for shelf, found in sorted(self.batches.items()):
            for batch in found:
                if (sku_of(shelf), batch.ship_by) in self.recalled and batch.sellable + batch.kept:
                    yield f"{shelf} {batch.ship_by}: recalled, and yet {batch.sellable + batch.kept} to be sold"
        for sku, day in sorted(self.recalled):
            for number in self.untold.get((sku, day), ()):
                yield f"order {number}: {sku} {day} is recalled, and its buyer was not told: say the recall again"
        since = {one.recall.id: one.recall.at for one in self.passports if one.recall}
        for order in self.stopped:
            late = max((since[mark.recall] for mark in order.recalls if mark.recall in since), default=None)
            for parcel in order.parcels:
                if late and parcel.handed and parcel.handed > late + SKEW and is_recalled(order, parcel):
                    yield f"parcel {parcel_name(order.number, parcel.n)}: handed over, and yet recalled before"


def audit(store: Store, today: date) -> Findings:
    """Return what differs in the whole table; what moved from before a scan to after it is not judged."""
    books = StockCount(store.everything())
    suspects, overdrawn, let_through = books.suspects(today), books.overdrawn(today), {*books.let_through()}
    differences: dict[Key, str] = {}
    for _ in range(PASSES):
        if not suspects and not overdrawn and not let_through:
            break
        before = {key: store.item(*key) for key in suspects}
        books = StockCount(store.everything())
        overdrawn, let_through = books.overdrawn(today), let_through & {*books.let_through()}
        still = {key for key, item in before.items() if store.item(*key) == item}
        seen = books.suspects(today)
        differences |= {key: seen[key] for key in still & {*seen}}
        suspects = {key: words for key, words in seen.items() if key not in differences}
    found = [*differences.values(), *overdrawn, *sorted(let_through), *broken_seals(store, sealed_days(today))]
    return Findings(found, [" ".join(key) for key in sorted(suspects)])


def dangers(store: Store, today: date) -> list[Danger]:
    """Return promises from `today` on that cannot be kept: of each batch, those placed after it was full.

    Those of a recalled batch are told by its recall.

    Units of an invitation are no promise yet: an order that takes them is one, placed later than all others.
    """
    books = StockCount(store.everything())
    full = {
        (shelf, batch.ship_by): batch
        for shelf, batch in books.open(today)
        if batch.promised > batch.cap and (sku_of(shelf), batch.ship_by) not in books.recalled
    }
    if not full:
        return []
    orders = [*store.orders.all()]
    return [danger for (shelf, _), batch in sorted(full.items()) for danger in beyond(shelf, batch, orders)]


def _wrong(shard: Shard, share: Share | None, claims: int) -> str:
    sku, day, index = shard
    if share is None:
        return f"{sku} {day} shard {index}: orders claim {claims} of a shard that is not there"
    taken = share.cap - share.left
    if taken == claims:
        return ""
    return (
        f"{sku} {day} shard {index}: share {share.cap}, left {share.left}, so {taken} taken, but orders claim {claims}"
    )


def _miscounted(account: Account, found: int, bought: int) -> str:
    """What is wrong with a buyer's account of a limit."""
    scope, buyer = account
    return "" if found == bought else f"limit of {scope}, buyer {buyer}: {found} counted, but orders have {bought}"


def _misoffered(batch: tuple[str, date], found: int, offered: int) -> str:
    """What is wrong with what a batch says of its invitations."""
    shelf, day = batch
    return "" if found == offered else f"{shelf} {day}: {found} counted as offered, but invitations have {offered}"
