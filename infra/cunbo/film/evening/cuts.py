"""Which part of an evening becomes the clip of which product, by the room's log of pins. Pure rules, no I/O.

What is left out: all while a drop is open in the room (the price said there is not the shop's price); all that was
said of a product before it was corrected; what was shown at another price than the shop's; what is recalled.
Instants are UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property, reduce
from pathlib import Path
from typing import NamedTuple

from chalicelib.catalog import Catalog
from chalicelib.domain.live.rooms import Act, LogEntry
from chalicelib.mail.letters import yuan
from storefront.read.faults import Said

from cunbo.film.words import say

BEFORE_DROP, AFTER_DROP = timedelta(seconds=30), timedelta(seconds=10)
"""Around an open drop: a host names its price before it opens, and has not said everything when it closes."""
AFTER_CORRECTION = timedelta(seconds=20)
"""In which a host puts right in words what the log has at once."""
MINUTE = timedelta(minutes=1)
AGES = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Before and after all that a log has."""


class Stretch(NamedTuple):
    """A time from an instant to before another."""

    first: datetime
    last: datetime

    @property
    def seconds(self) -> float:
        """How long it is; 0 where it ends before it begins."""
        return max((self.last - self.first).total_seconds(), 0.0)

    def within(self, other: "Stretch") -> "Stretch":
        """Return what of it lies in the other."""
        return Stretch(max(self.first, other.first), min(self.last, other.last))


class Footage(NamedTuple):
    """A stretch of a recording without a break, which begins `at` so many seconds of its file."""

    path: Path
    at: float
    stretch: Stretch


class ShowOnAir(NamedTuple):
    """A show, and when it was on; one that has not ended lasts for ever."""

    show: str
    stretch: Stretch


class RoomLog(NamedTuple):
    """A room's log, and what else the shop knows of that time.

    `orders` are those paid in the room by the minute, and none where the log came from a file; `recalled` are SKUs.
    """

    room: str
    entries: tuple[LogEntry, ...]
    orders: Mapping[datetime, int] = {}
    recalled: frozenset[str] = frozenset()


class CutLimits(NamedTuple):
    """How long a clip is at most and at least, and what it gets before and after a pin; in seconds."""

    most: float = 60
    least: float = 15
    pad: float = 3


class Why(StrEnum):
    """Why a product gets no clip: words.yml has it in words."""

    GONE = "why_gone"
    RECALLED = "why_recalled"
    PRICE = "why_price"
    UNSEEN = "why_unseen"
    DROP = "why_drop"
    CORRECTED = "why_corrected"
    SHORT = "why_short"


class LeftOut(NamedTuple):
    """A product, or a SKU that is sold no more, that gets no clip."""

    product: str
    why: Why
    more: Said | None = None


class Cut(NamedTuple):
    """The clip of a product: when it was said, which file has it, from which second on."""

    product: str
    stretch: Stretch
    path: Path
    at: float


class Pinned(NamedTuple):
    """A SKU while it was pinned, and what it cost in the room when that began, in fen."""

    sku: str
    stretch: Stretch
    price: int | None


def evenings(entries: Iterable[LogEntry]) -> list[ShowOnAir]:
    """Return the shows of a log, the first one first."""
    ordered = in_order(entries)
    begins: dict[str, datetime] = {}
    ends: dict[str, datetime] = {}
    for entry in ordered:
        if entry.show:
            begins.setdefault(entry.show, entry.at)
            if entry.what is Act.END:
                ends.setdefault(entry.show, entry.at)
    following = dict(zip(begins, [*begins.values()][1:], strict=False))
    return [
        ShowOnAir(show, Stretch(first, ends.get(show, following.get(show, AGES[1])))) for show, first in begins.items()
    ]


def in_order(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """Return the lines of a log, the earliest first."""
    return sorted(entries, key=lambda entry: entry.at)


def pinned(entries: Iterable[LogEntry], evening: ShowOnAir) -> list[Pinned]:
    """Return what was pinned in a show, in its order. What was pinned before the show began is pinned in it, too."""
    found: list[Pinned] = []
    begun: LogEntry | None = None
    for entry in [*in_order(entries), LogEntry(evening.stretch.last, Act.END, "")]:
        if entry.what not in (Act.PIN, Act.UNPIN, Act.END) or entry.at > evening.stretch.last:
            continue
        if begun and begun.sku:
            stretch = Stretch(begun.at, entry.at).within(evening.stretch)
            found += [Pinned(begun.sku, stretch, begun.price)] if stretch.seconds else []
        begun = entry if entry.what is Act.PIN else None
    return found


def drops(entries: Iterable[LogEntry]) -> list[Stretch]:
    """Return when drops were open in the room; one of which the log does not say when it closed, until its end."""
    ordered = in_order(entries)
    ended = {entry.drop: entry.at for entry in ordered if entry.what is Act.DROP_END}
    opened = [entry for entry in ordered if entry.what is Act.DROP]
    known = {entry.drop for entry in opened}
    found = [Stretch(AGES[0], at) for drop, at in ended.items() if drop not in known]  # opened before the log begins
    for entry in opened:  # one that was asked for twice has an entry for each
        closes = min(entry.closes or AGES[1], ended.get(entry.drop, AGES[1]))
        if entry.closes is None and entry.drop not in ended:
            closes = next((one.at for one in ordered if one.what is Act.END and one.at > entry.at), AGES[1])
        found.append(Stretch(entry.opens or entry.at, closes))
    return [one for one in found if one.seconds]


def corrected(entries: Iterable[LogEntry], evening: ShowOnAir, skus: frozenset[str]) -> Stretch | None:
    """Return the part of a show in which something wrong may have been said of these SKUs: up to its last correction.

    One that names no SKU may have been about any.
    """
    at = [
        entry.at
        for entry in entries
        if entry.what is Act.CORRECTION
        and (entry.sku in skus or entry.sku is None)
        and evening.stretch.first <= entry.at <= evening.stretch.last
    ]
    return Stretch(evening.stretch.first, max(at) + AFTER_CORRECTION) if at else None


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Return what is left of stretches outside all that is taken."""

    def less(left: list[Stretch], one: Stretch) -> list[Stretch]:
        around = Stretch(AGES[0], one.first), Stretch(one.last, AGES[1])
        parts = (each.within(side) for each in left for side in around)
        return [part for part in parts if part.seconds]

    return reduce(less, taken, [one for one in stretches if one.seconds])


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that touch as one."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        if found and one.first <= found[-1].last:
            found[-1] = Stretch(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return found


def choose(
    log: RoomLog, evening: ShowOnAir, footage: Sequence[Footage], catalog: Catalog, limits: CutLimits
) -> list[Cut | LeftOut]:
    """Return for each product of a show its clip, or why it gets none; in the order in which they were shown first."""
    pins: dict[str, list[Pinned]] = {}
    for one in pinned(log.entries, evening):
        product = catalog.product_of.get(one.sku)
        pins.setdefault(product.id if product else one.sku, []).append(one)
    choice = EveningChoice(log, evening, footage, catalog, limits)
    return [choice.of(name, shown) for name, shown in pins.items()]


@dataclass(frozen=True)
class EveningChoice:
    """Chooses from one show."""

    log: RoomLog
    evening: ShowOnAir
    footage: Sequence[Footage]
    catalog: Catalog
    limits: CutLimits

    def of(self, name: str, pins: Sequence[Pinned]) -> Cut | LeftOut:
        """Return the clip of a product, whose `pins` these are, or the first reason for which there is none."""
        product = self.catalog.product_of.get(pins[0].sku)
        if product is None:
            return LeftOut(name, Why.GONE)
        skus = frozenset(pack.sku for pack in product.packs)
        if skus & self.log.recalled:
            return LeftOut(name, Why.RECALLED)
        pad, wrong = timedelta(seconds=self.limits.pad), corrected(self.log.entries, self.evening, skus)
        shown = joined(Stretch(one.stretch.first - pad, one.stretch.last + pad) for one in pins)
        pieces = [one.within(self.evening.stretch) for one in shown]
        taken = {
            Why.SHORT: [],
            Why.DROP: self.open_drops,
            Why.PRICE: [one.stretch for one in pins if self.is_priced_otherwise(one)],
            Why.CORRECTED: [wrong] if wrong else [],
        }
        for why, stretches in taken.items():
            pieces = self.lasting(without(pieces, stretches))
            if not pieces:
                return LeftOut(name, why, self.prices(pins) if why is Why.PRICE else None)
        seen = [(each, one.within(each.stretch)) for each in self.footage for one in pieces]
        long = [(each, one) for each, one in seen if one.seconds >= self.limits.least]
        if not long:
            return LeftOut(name, Why.UNSEEN)
        footage, best = max(long, key=lambda pair: (self.orders_a_minute(pair[1]), pair[1].seconds))
        last = min(best.last, best.first + timedelta(seconds=self.limits.most))
        at = footage.at + (best.first - footage.stretch.first).total_seconds()
        return Cut(name, Stretch(best.first, last), footage.path, at)

    @cached_property
    def open_drops(self) -> list[Stretch]:
        """Return when a drop was open in the room, with what hosts say before and after."""
        return joined(Stretch(one.first - BEFORE_DROP, one.last + AFTER_DROP) for one in drops(self.log.entries))

    def is_priced_otherwise(self, one: Pinned) -> bool:
        """Return whether a SKU was pinned at another price than it has now, and at no drop's."""
        pack = self.catalog.packs.get(one.sku)
        at_a_drop = any(each.first <= one.stretch.first < each.last for each in self.open_drops)
        return not at_a_drop and one.price is not None and (pack is None or pack.price != one.price)

    def prices(self, pins: Iterable[Pinned]) -> Said:
        """Return at which prices SKUs were pinned that cost something else now."""
        other = [one for one in pins if self.is_priced_otherwise(one)]
        packs = {one.sku: self.catalog.packs.get(one.sku) for one in other}
        now = {sku: yuan(pack.price) if pack else say("unsold") for sku, pack in packs.items()}
        told = dict.fromkeys(say("priced", sku=one.sku, then=yuan(one.price or 0), now=now[one.sku]) for one in other)
        return Said("，".join(one.zh for one in told), ", ".join(one.en for one in told))

    def lasting(self, pieces: Iterable[Stretch]) -> list[Stretch]:
        """Return the pieces that are long enough for a clip."""
        return [one for one in pieces if one.seconds >= self.limits.least]

    def orders_a_minute(self, piece: Stretch) -> float:
        """Return how many orders the room had in a minute of the piece, where the log knows."""
        minutes = ((Stretch(at, at + MINUTE).within(piece), orders) for at, orders in self.log.orders.items())
        return sum(orders * part.seconds for part, orders in minutes) / piece.seconds
