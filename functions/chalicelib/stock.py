"""Taking units: from what is left, else from holds that have ended. The one way in for every claim.

What is left is seen by a view at most a second old. The view only chooses which batch to try; whether the units are
there is decided by the transaction alone, so a stale view costs a second try and never a unit.
"""

import random
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from .catalog import Catalog
from .errors import Short
from .items import DUE_SHARDS, Write
from .orders import GRACE, HoldEnded, Order, claimed, decide
from .promise import Batch, Part, TooFew, corrected, moved, promise, ship_dates
from .store import Store

VILLAGE = ZoneInfo("Asia/Shanghai")
VIEW_SECONDS = 1.0
MOST_HOLDS = 20
"""Ended holds that one claim takes over: each adds an order and its shards to the transaction."""

Clock = Callable[[], datetime]
"""Gives the instant, in UTC."""
Wish = tuple[str, int]
"""A SKU and how many of it are wanted."""


class Claim(msgspec.Struct, frozen=True):
    """Parts for each wish, and the writes that end holds whose units they need. Nothing is taken until it commits."""

    parts: tuple[tuple[Part, ...], ...]
    ended: tuple[Write, ...] = ()


class Unmet(Exception):
    """Wishes that cannot be met: how many are left, by SKU."""

    def __init__(self, left: dict[str, int]) -> None:
        super().__init__(f"left: {left}")
        self.left = left


def village_day(now: datetime) -> date:
    """The village's own day."""
    return now.astimezone(VILLAGE).date()


def plan(catalog: Catalog, store: Store, today: date) -> list[tuple[str, date, int]]:
    """Makes the batches that the production plan has and the table lacks: SKU, ship-by date and units of each.

    One that exists is the truth, and stays as it is.
    """
    return [
        (pack.sku, day, product.production.per_day)
        for product in catalog.products
        for pack in product.packs
        for day in ship_dates(product.production, today)
        if store.plan(pack.sku, day, product.production.per_day)
    ]


class Stock:
    """The batches of each SKU, as seen and as claimed."""

    def __init__(self, store: Store, clock: Clock, turn: Callable[[], int] = lambda: random.getrandbits(16)) -> None:
        self.store = store
        self.clock = clock
        self.turn = turn
        self.views: dict[str, tuple[datetime, list[Batch]]] = {}
        self.dry: dict[str, datetime] = {}
        self.quiet_until: datetime | None = None

    def look(self, sku: str) -> list[Batch]:
        """The SKU's open batches as they are now."""
        now = self.clock()
        batches = self.store.batches(sku, village_day(now))
        self.views[sku] = now, batches
        return batches

    def claim(self, wishes: Sequence[Wish], own: Container[str] = ()) -> Claim:
        """How all of `wishes` could be met now; raises Unmet. Walk-ins get ended holds only where all else is sold.

        `own` are numbers of the claiming order itself: its own ended hold is not for it to take over, and a
        transaction may name an order only once.
        """
        try:
            return Claim(self._parts(wishes))
        except Unmet as unmet:
            if self._is_quiet() or all(self._is_dry(sku) for sku in unmet.left):
                raise
            return self._claim_ended(wishes, unmet, own)

    def learn(self, short: Short) -> None:
        """Puts right what a refused commit has shown to be wrong in the views."""
        for sku in {sku for sku, _, _ in short.left}:
            seen, batches = self.views.get(sku, (None, []))
            if seen:
                left = {(day, shard): units for (name, day, shard), units in short.left.items() if name == sku}
                self.views[sku] = seen, corrected(batches, left)

    def forget(self, skus: Sequence[str]) -> None:
        """Has the next claim look anew."""
        for sku in skus:
            self.views.pop(sku, None)
            self.dry.pop(sku, None)

    def note(self, writes: Sequence[Write]) -> None:
        """Takes committed writes into the views, so that the next claim does not try what has just gone."""
        change: Counter[tuple[str, date, int]] = Counter()
        for before, after in writes:
            change.update(claimed(before) if before else {})
            change.subtract(claimed(after))
        for sku in {sku for sku, _, _ in change}:
            seen, batches = self.views.get(sku, (None, []))
            if seen:
                units = {(day, shard): units for (name, day, shard), units in change.items() if name == sku}
                self.views[sku] = seen, moved(batches, units)

    def _view(self, sku: str) -> list[Batch]:
        seen, batches = self.views.get(sku, (None, []))
        if seen and (self.clock() - seen).total_seconds() < VIEW_SECONDS:
            return batches
        return self.look(sku)

    def _parts(
        self, wishes: Sequence[Wish], freed: Counter[tuple[str, date, int]] | None = None
    ) -> tuple[tuple[Part, ...], ...]:
        found, left = [], {}
        for sku, quantity in wishes:
            units = {(day, shard): count for (name, day, shard), count in (freed or {}).items() if name == sku}
            try:
                found.append(promise(quantity, moved(self._view(sku), units), self.turn()))
            except TooFew as few:
                left[sku] = few.left
        if left:
            raise Unmet(left)
        return tuple(found)

    def _claim_ended(self, wishes: Sequence[Wish], unmet: Unmet, own: Container[str]) -> Claim:
        """Ends holds, the longest ended first, until the wishes are met; asks again only after a second."""
        now = self.clock()
        freed: Counter[tuple[str, date, int]] = Counter()
        ended: list[Write] = []
        for order in self._due(now):
            after = decide(order, HoldEnded(), now)
            needed = any(line.sku in unmet.left for line in order.lines)
            if after is order or not needed or order.number in own:
                continue
            ended.append((order, after))
            freed.update(claimed(order))
            try:
                return Claim(self._parts(wishes, freed), tuple(ended))
            except Unmet as still:
                unmet = still
            if len(ended) == MOST_HOLDS:
                break
        self.dry.update({sku: now for sku, left in unmet.left.items() if not left})
        raise unmet

    def _due(self, now: datetime) -> Iterator[Order]:
        """Orders that are due; once all have been seen, notes until when no hold can end: later holds end later."""
        nexts, untaken = [], False
        for shard in range(DUE_SHARDS):
            for order in self.store.due(shard):
                if order.due and order.due > now:
                    nexts.append(order.due)
                    break
                untaken = untaken or decide(order, HoldEnded(), now) is not order
                yield order
        if not untaken:
            self.quiet_until = min(nexts, default=now + GRACE)

    def _is_quiet(self) -> bool:
        return self.quiet_until is not None and self.clock() < self.quiet_until

    def _is_dry(self, sku: str) -> bool:
        at = self.dry.get(sku)
        return at is not None and (self.clock() - at).total_seconds() < VIEW_SECONDS
