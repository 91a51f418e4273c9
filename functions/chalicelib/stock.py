"""Taking units: from what is left, else from holds that have ended. The one way in for every claim.

What is left is seen by a view at most a second old. The view only chooses which batch to try; whether the units are
there is decided by the transaction alone, so a stale view costs a second try and never a unit.
"""

import random
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from .catalog import Calendar
from .errors import Short
from .items import DUE_SHARDS, Write
from .orders import GRACE, HoldEnded, Order, claimed, decide
from .plan import first_on_sale
from .promise import Batch, Part, TooFew, corrected, largest, moved, promise
from .store import Store

VIEW_SECONDS = 1.0
MOST_PLACES = 80
"""Shards and ended holds that one claim touches; the order itself and its slots take up to ten items more."""

Clock = Callable[[], datetime]
"""Gives the instant, in UTC."""
Wish = tuple[str, int]
"""A SKU and how many of it are wanted."""
Units = Counter[tuple[str, date, int]]
"""Units by SKU, ship-by date and shard."""


class Claim(msgspec.Struct, frozen=True):
    """Parts for each wish, and the writes that end holds whose units they need. Nothing is taken until it commits."""

    parts: tuple[tuple[Part, ...], ...]
    ended: tuple[Write, ...] = ()


class NoClaim(Exception):
    """Wishes that cannot be met: how many of each SKU could be, in `left`."""

    def __init__(self, left: dict[str, int]) -> None:
        super().__init__(f"left: {left}")
        self.left = left


class Unmet(NoClaim):
    """There are too few units."""


class Scattered(NoClaim):
    """The units are there, but in more places than one transaction touches."""


class Stock:
    """The batches of each SKU, as seen and as claimed."""

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
        self.views: dict[str, tuple[datetime, Sequence[Batch]]] = {}
        self.dry: dict[str, tuple[datetime, int]] = {}
        self.quiet_until: datetime | None = None

    def look(self, sku: str) -> Sequence[Batch]:
        """The SKU's open batches as they are now."""
        now = self.clock()
        batches = self.store.batches(sku, first_on_sale(now, self.calendar))
        self.views[sku] = now, batches
        return batches

    def claim(self, wishes: Sequence[Wish], own: Container[str] = ()) -> Claim:
        """How all of `wishes` could be met now; raises NoClaim. Walk-ins get ended holds only where all else is sold.

        `own` are numbers of orders that it may not end: the claiming order itself, since a transaction may name an
        order only once, and those that turned out to have changed since their holds ended.
        """
        try:
            return Claim(self._parts(wishes))
        except Unmet as unmet:
            if all(self._is_dry(sku, quantity) for sku, quantity in wishes if sku in unmet.left):
                raise
            return self._claim_again(wishes, unmet, own)

    def learn(self, short: Short) -> None:
        """Puts right what a refused commit has shown to be wrong in the views."""
        for sku in {sku for sku, _, _ in short.left}:
            seen, batches = self.views.get(sku, (None, []))
            if seen:
                self.views[sku] = seen, corrected(batches, _of(sku, short.left))

    def forget(self, skus: Sequence[str]) -> None:
        """Has the next claim look anew."""
        for sku in skus:
            self.views.pop(sku, None)
            self.dry.pop(sku, None)

    def note(self, writes: Sequence[Write]) -> None:
        """Takes committed writes into the views, so that the next claim does not try what has just gone."""
        change: Units = Counter()
        for before, after in writes:
            change.update(claimed(before) if before else {})
            change.subtract(claimed(after))
        for sku in {sku for sku, _, _ in change}:
            seen, batches = self.views.get(sku, (None, []))
            if seen:
                self.views[sku] = seen, moved(batches, _of(sku, change))

    def _view(self, sku: str) -> Sequence[Batch]:
        seen, batches = self.views.get(sku, (None, []))
        if seen and (self.clock() - seen).total_seconds() < VIEW_SECONDS:
            return batches
        return self.look(sku)

    def _parts(
        self, wishes: Sequence[Wish], freed: Mapping[tuple[str, date, int], int] | None = None, taken: int = 0
    ) -> tuple[tuple[Part, ...], ...]:
        """Parts for each wish, with `freed` units added to what is left; `taken` places are used up already."""
        found: list[tuple[Part, ...]] = []
        left, fits = {}, {}
        room = MOST_PLACES - taken
        for behind, (sku, quantity) in zip(reversed(range(len(wishes))), wishes, strict=True):
            batches = moved(self._view(sku), _of(sku, freed or {}))
            try:
                parts = promise(quantity, batches, self.turn())
            except TooFew as few:
                left[sku] = few.left
                continue
            most = room - behind
            if len(parts) > most:
                fits[sku] = largest(quantity, batches, most)
            room -= min(len(parts), most)
            found.append(parts)
        if left:
            raise Unmet(left)
        if fits:
            raise Scattered(fits)
        return tuple(found)

    def _claim_again(self, wishes: Sequence[Wish], unmet: Unmet, own: Container[str]) -> Claim:
        """What may have been missed: units that moved while shards were read one after another, and ended holds.

        Where there is too little, the refusals of the next second ask nobody.
        """
        try:
            if any(len(batch.shards) > 1 for sku in unmet.left for batch in self._view(sku)):
                for sku in unmet.left:
                    self.look(sku)
                return Claim(self._parts(wishes))
        except Unmet as still:
            unmet = still
        try:
            if self._is_quiet():
                raise unmet
            return self._claim_ended(wishes, unmet, own)
        except Unmet as still:
            self.dry |= {sku: (self.clock(), left) for sku, left in still.left.items()}
            raise

    def _claim_ended(self, wishes: Sequence[Wish], unmet: Unmet, own: Container[str]) -> Claim:
        """Ends holds, the longest ended first, until the wishes are met."""
        now = self.clock()
        freed: Units = Counter()
        ended: list[Write] = []
        for order in self._due(now):
            needed = any(line.sku in unmet.left for line in order.lines)
            more = freed + claimed(order)
            if not _ends(order, now) or not needed or order.number in own:
                continue
            if len(ended) + 1 + len(more) > MOST_PLACES // 2:
                continue
            ended.append((order, decide(order, HoldEnded(), now)))
            freed = more
            try:
                return Claim(self._parts(wishes, freed, len(ended) + len(freed)), tuple(ended))
            except Unmet as still:
                unmet = still
        raise unmet

    def _due(self, now: datetime) -> Iterator[Order]:
        """Orders that are due; once all have been seen, notes until when no hold can end: later holds end later."""
        nexts, untaken = [], False
        for shard in range(DUE_SHARDS):
            for order in self.store.due(shard):
                if order.due and order.due > now:
                    nexts.append(order.due)
                    break
                untaken = untaken or _ends(order, now)
                yield order
        if not untaken:
            self.quiet_until = min(nexts, default=now + GRACE)

    def _is_quiet(self) -> bool:
        return self.quiet_until is not None and self.clock() < self.quiet_until

    def _is_dry(self, sku: str, quantity: int) -> bool:
        """Whether fewer than `quantity` were found within the last second, ended holds included."""
        at, left = self.dry.get(sku, (None, 0))
        return at is not None and (self.clock() - at).total_seconds() < VIEW_SECONDS and quantity > left


def _ends(order: Order, now: datetime) -> bool:
    """Whether it is due because its hold has ended; what has expired already may be due for something else."""
    return decide(order, HoldEnded(), now) is not order


def _of(sku: str, units: Mapping[tuple[str, date, int], int]) -> dict[tuple[date, int], int]:
    """The units of one SKU, by ship-by date and shard."""
    return {(day, shard): count for (name, day, shard), count in units.items() if name == sku}
