"""Taking units: from what is left, else from holds that have ended. The one way in for every allocation.

What is left is seen by a view at most a second old. The view only chooses which batch to try; whether the units are
there is decided by the transaction alone, so a stale view costs a second try and never a unit.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from chalicelib.catalog import Calendar, Catalog
from chalicelib.domain.aggregate import Shard
from chalicelib.domain.calendar import first_on_sale
from chalicelib.domain.conflicts import Short
from chalicelib.domain.orders.events import HoldEnded
from chalicelib.domain.orders.model import GRACE, Order
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.amendments import Amendment, Offer, offered
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import Batch, Part, TooFew, corrected, largest, moved, promise
from chalicelib.services.stage import Clock
from chalicelib.storage.aggregates import Write
from chalicelib.storage.store import Store

VIEW_SECONDS = 1.0
MOST_PLACES = 72
"""Shards and ended holds that one allocation touches; the order, its slots, limits and SKUs are items of the same
write."""

Demand = tuple[str, int]
"""A shelf and how many are wanted of it."""
Units = Counter[Shard]


class StockView(msgspec.Struct, frozen=True):
    """A shelf as it was seen: what is left of `cap` declared units, whether people wait for more, the SKU's drops, and
    what the desk has changed of it. So many are `waiting`; `invited` units are held for those who were."""

    seen: datetime
    batches: Sequence[Batch]
    cap: int
    waited: bool
    drops: Sequence[Drop]
    amendments: Sequence[Amendment] = ()
    waiting: int = 0
    invited: int = 0

    @property
    def left(self) -> int:
        """Units that can still be sold from it."""
        return sum(batch.left for batch in self.batches)

    def of(self, offer: Offer) -> "StockView":
        """Return what of it may be bought of an offer: nothing where that is off the shelf."""
        return msgspec.structs.replace(self, batches=()) if offer.off else self


class Bounds(msgspec.Struct, frozen=True):
    """Which batches an allocation may take of: none that is `barred`, and none that ships after `by`.

    `barred` are batches of which the buyer has had enough, by shelf and date.
    """

    barred: Collection[tuple[str, date]] = ()
    by: date | None = None

    @property
    def none(self) -> bool:
        """Whether any batch may be taken of."""
        return not self.barred and self.by is None

    def allow(self, shelf: str, ship_by: date) -> bool:
        """Return whether the shelf's batch of this date may be taken of."""
        return (shelf, ship_by) not in self.barred and (self.by is None or ship_by <= self.by)


ANY_BATCH = Bounds()
"""No bounds at all."""


class Allocation(msgspec.Struct, frozen=True):
    """Parts for each wish, and the writes that end holds whose units they need. Nothing is taken until it commits."""

    parts: tuple[tuple[Part, ...], ...]
    ended: tuple[tuple[Order, Order], ...] = ()


class Unavailable(Exception):
    """Wishes that cannot be met: how many of each shelf could be, in `left`."""

    def __init__(self, left: dict[str, int]) -> None:
        super().__init__(f"left: {left}")
        self.left = left


class OutOfStock(Unavailable):
    """There are too few units."""


class Scattered(Unavailable):
    """The units are there, but in more places than one transaction touches."""


class Stock:
    """The batches of each shelf, as seen and as claimed."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        calendar: Calendar,
        turn: Callable[[], int] = lambda: random.getrandbits(16),
    ) -> None:
        self.store = store
        self.clock = clock
        self.calendar = calendar
        self.turn = turn
        self.views: dict[str, StockView] = {}
        self.dry: dict[str, tuple[datetime, int]] = {}
        self.quiet_until: datetime | None = None

    def look(self, shelf: str) -> StockView:
        """Return the shelf's open batches as they are now."""
        now = self.clock()
        found = self.store.stock.shelf(shelf, first_on_sale(now, self.calendar))
        view = StockView(
            seen=now,
            batches=[batch.batch for batch in found.batches],
            cap=sum(batch.cap for batch in found.batches),
            waited=found.queue.count > 0,
            drops=found.drops,
            amendments=found.amendments,
            waiting=found.queue.count,
            invited=sum(batch.offered for batch in found.batches),
        )
        self.views[shelf] = view
        return view

    def view(self, shelf: str) -> StockView:
        """Return the same, as it was at most a second ago."""
        seen = self.views.get(shelf)
        if seen and (self.clock() - seen.seen).total_seconds() < VIEW_SECONDS:
            return seen
        return self.look(shelf)

    def drop(self, sku: str, id_: str) -> Drop | None:
        """Return the drop of the SKU, by a view at most a second old."""
        return next((drop for drop in self.view(sku).drops if drop.id == id_), None)

    def offer(self, catalog: Catalog, sku: str) -> Offer:
        """Return what is offered of a SKU of the catalogue, by a view at most a second old."""
        return offered(catalog, sku, self.view(sku).amendments, self.clock())

    def allocate(self, wishes: Sequence[Demand], own: Container[str] = (), bounds: Bounds = ANY_BATCH) -> Allocation:
        """Return how all of `wishes` could be met now within `bounds`; raise Unavailable.

        Walk-ins get ended holds only where all else is sold.

        `own` are numbers of orders that it may not end: the order itself, since a transaction may name an
        order only once, and those that turned out to have changed since their holds ended.
        """
        began = self.clock()
        try:
            return Allocation(self._parts(wishes, bounds))
        except OutOfStock as unmet:
            if all(self._is_dry(shelf, quantity) for shelf, quantity in wishes if shelf in unmet.left):
                raise
            return self._allocate_again(wishes, unmet, own, bounds, began)

    def learn(self, short: Short) -> None:
        """Put right what a refused commit has shown to be wrong in the views."""
        self._correct({shelf for shelf, _, _ in short.left}, short.left, corrected)

    def forget(self, shelves: Iterable[str]) -> None:
        """Make the next allocation look anew."""
        for shelf in shelves:
            self.views.pop(shelf, None)
            self.dry.pop(shelf, None)

    def note(self, writes: Sequence[Write]) -> None:
        """Take committed writes into the views, so that the next allocation does not try what has just gone."""
        change: Units = Counter()
        for before, after in writes:
            change.update(before.allocated if before else {})
            change.subtract(after.allocated)
        self._correct({shelf for shelf, _, _ in change}, change, moved)

    def _correct(
        self,
        shelves: Iterable[str],
        units: Mapping[Shard, int],
        change: Callable[[Sequence[Batch], Mapping[tuple[date, int], int]], Sequence[Batch]],
    ) -> None:
        for shelf in shelves:
            if seen := self.views.get(shelf):
                batches = change(seen.batches, _of(shelf, units))
                self.views[shelf] = msgspec.structs.replace(seen, batches=batches)

    def _parts(
        self,
        wishes: Sequence[Demand],
        bounds: Bounds,
        freed: Mapping[Shard, int] | None = None,
        taken: int = 0,
    ) -> tuple[tuple[Part, ...], ...]:
        """Parts for each wish, with `freed` units added to what is left; `taken` places are used up already."""
        found: list[tuple[Part, ...]] = []
        left, fits = {}, {}
        room = MOST_PLACES - taken
        for behind, (shelf, quantity) in zip(reversed(range(len(wishes))), wishes, strict=True):
            seen = [batch for batch in self.view(shelf).batches if bounds.allow(shelf, batch.ship_by)]
            batches = moved(seen, _of(shelf, freed or {}))
            try:
                parts = promise(quantity, batches, self.turn())
            except TooFew as few:
                left[shelf] = few.left
                continue
            most = room - behind
            if len(parts) > most:
                fits[shelf] = largest(quantity, batches, most)
            room -= min(len(parts), most)
            found.append(parts)
        if left:
            raise OutOfStock(left)
        if fits:
            raise Scattered(fits)
        return tuple(found)

    def _allocate_again(
        self, wishes: Sequence[Demand], unmet: OutOfStock, own: Container[str], bounds: Bounds, began: datetime
    ) -> Allocation:
        """What may have been missed: units that came back since the view was taken or moved while shards were read one
        after another, and ended holds. So whoever cancels an order to place another is not refused by a view of before.

        Where there is too little in all batches, the refusals of the next second ask nobody.
        """
        try:
            if self._see_again(unmet.left, began):
                return Allocation(self._parts(wishes, bounds))
        except OutOfStock as still:
            unmet = still
        try:
            if self._is_quiet() or any(self.view(shelf).waited for shelf in unmet.left):
                raise unmet
            return self._allocate_ended(wishes, unmet, own, bounds)
        except OutOfStock as still:
            if bounds.none:
                self.dry |= {shelf: (self.clock(), left) for shelf, left in still.left.items()}
            raise

    def _see_again(self, shelves: Iterable[str], began: datetime) -> bool:
        """Look anew at shelves that were seen before `began`, or of which one batch lies in several shards."""
        views = {shelf: self.view(shelf) for shelf in shelves}
        again = [shelf for shelf, view in views.items() if view.seen < began or _is_spread(view)]
        for shelf in again:
            self.look(shelf)
        return bool(again)

    def _allocate_ended(
        self, wishes: Sequence[Demand], unmet: OutOfStock, own: Container[str], bounds: Bounds
    ) -> Allocation:
        """Ends holds, the longest ended first, until the wishes are met."""
        now = self.clock()
        freed: Units = Counter()
        ended: list[tuple[Order, Order]] = []
        for order in self._due(now):
            shelves = {line.shelf for line in order.lines}
            after = decide(order, HoldEnded(), now)
            frees = order.allocated - after.allocated  # a paid order keeps what it was not asked about
            more = freed + frees
            useful = any(shelf in unmet.left and bounds.allow(shelf, day) for shelf, day, _ in frees)
            if after is order or not useful or order.number in own:
                continue
            if any(self.view(shelf).waited for shelf in shelves):
                continue
            if len(ended) + 1 + len(more) > MOST_PLACES // 2:
                continue
            ended.append((order, after))
            freed = more
            try:
                return Allocation(self._parts(wishes, bounds, freed, len(ended) + len(freed)), tuple(ended))
            except OutOfStock as still:
                unmet = still
        raise unmet

    def _due(self, now: datetime) -> Iterator[Order]:
        """Orders that are due; once all have been seen, notes until when no hold can end.

        That is when the next one does, or after GRACE, since no hold that begins later can end sooner.
        """
        nexts, untaken = [now + GRACE], False
        for partition in self.store.orders.due():
            for order in partition:
                if order.due and order.due > now:
                    nexts.append(order.due)
                    break
                untaken = untaken or _ends(order, now)
                yield order
        if not untaken:
            self.quiet_until = min(nexts)

    def _is_quiet(self) -> bool:
        return self.quiet_until is not None and self.clock() < self.quiet_until

    def _is_dry(self, shelf: str, quantity: int) -> bool:
        """Whether fewer than `quantity` were found within the last second, ended holds included."""
        at, left = self.dry.get(shelf, (None, 0))
        return at is not None and (self.clock() - at).total_seconds() < VIEW_SECONDS and quantity > left


def _is_spread(view: StockView) -> bool:
    return any(len(batch.shards) > 1 for batch in view.batches)


def _ends(order: Order, now: datetime) -> bool:
    """Whether it is due because its hold has ended; what has expired already may be due for something else."""
    return decide(order, HoldEnded(), now) is not order


def _of(shelf: str, units: Mapping[Shard, int]) -> dict[tuple[date, int], int]:
    """The units of one shelf, by ship-by date and shard."""
    return {(day, shard): count for (name, day, shard), count in units.items() if name == shelf}
