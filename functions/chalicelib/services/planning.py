"""What the manager plans: batches ahead by the calendar, a batch's size, how many orders a second will come.

Each declares first and then has the stock follow (capacity.py), so that all of it can be done while the sale is on,
done again, and cut off half-way. What drops hold of a day is made on that day too, so it counts towards its units.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

import msgspec

from chalicelib.catalog import Catalog, Production
from chalicelib.domain.calendar import carried, production_days, village_day
from chalicelib.domain.commands import MOST_UNITS, AddUnits, ReportShortDay
from chalicelib.domain.conflicts import retrying
from chalicelib.domain.errors import (
    AllSold,
    DropOnSale,
    Fault,
    Invalid,
    KeyReused,
    NotFound,
    PlanFull,
    TooLate,
    UnderRecall,
)
from chalicelib.domain.stock.capacity import Change, Declared, Step, shards_for
from chalicelib.domain.stock.drops import Drop, pick
from chalicelib.storage.stock.batches import Mark
from chalicelib.storage.stock.shelves import Shelf
from chalicelib.storage.store import Store

TAKE_BACK_WITHIN = timedelta(minutes=2)
"""How long units that a host has added may be taken back."""
MOST_PLACES = 40
"""Shards that units are taken back from, so that one transaction can do it."""
TRIES = 20
"""How often a batch is declared anew where others change it at the same time."""


class Planned(msgspec.Struct, frozen=True):
    """A batch that the plan has made or changed: from `was` units (None: there was none) to `units`."""

    sku: str
    ship_by: date
    was: int | None
    units: int


class Made(msgspec.Struct, frozen=True):
    """All that is made of a SKU for one day: its own batch (None: there is none), and what drops hold of that day."""

    own: Declared | None = None
    drops: Mapping[Drop, Declared] = {}

    @property
    def held(self) -> int:
        """Units that drops hold."""
        return sum(batch.cap for batch in self.drops.values())

    @property
    def units(self) -> int:
        """Units that are made in all."""
        return sum(batch.cap for batch in self._batches)

    @property
    def promised(self) -> int:
        """Units that are claimed."""
        return sum(batch.promised for batch in self._batches)

    @property
    def sellable(self) -> int:
        """Units that can be claimed now, those of drops that are not on included."""
        return sum(batch.sellable for batch in self._batches)

    @property
    def beyond(self) -> int:
        """Units that are claimed and cannot be made."""
        return sum(max(batch.promised - batch.cap, 0) for batch in self._batches)

    @property
    def _batches(self) -> list[Declared]:
        return [*([self.own] if self.own else []), *self.drops.values()]

    def caps(self, units: int) -> tuple[int, dict[Drop, int]]:
        """Return what the own batch, and each drop's, may declare where so many units are made in all.

        A drop keeps what it holds, and what is promised of it, as far as it can be made.
        """
        caps = {}
        for drop, batch in self.drops.items():
            caps[drop] = min(max(batch.cap, batch.promised), units)
            units -= caps[drop]
        return units, caps


def plan(catalog: Catalog, store: Store, today: date) -> list[Planned]:
    """Make the batches that the production plan has and the table lacks, and return which.

    One that exists is the truth and stays as it is, but for the calendar: where another number of days' production
    ships on its date than when it was planned, it grows or shrinks by what that comes to: also one of goods that have
    left the catalogue, whose orders are still to be made. Doing it again does nothing.
    """
    skus = dict.fromkeys([*catalog.packs, *store.stock.skus()])
    return [done for sku in skus for done in _plan(catalog, store, sku, today)]


def set_batch(catalog: Catalog, store: Store, sku: str, ship_by: date, units: int) -> Declared:
    """Declare `units` for that day, those of drops among them, and return the SKU's own batch as it is then.

    Below what is promised it sells no more until enough has been given up; nothing is taken from an order. Raises
    NotNow where a drop has units on sale that could not be made: it must be ended first.
    """
    return change_batch(catalog, store, (sku, ship_by), lambda _: units)


def change_batch(
    catalog: Catalog, store: Store, batch: tuple[str, date], wanted: Callable[[Made], int | None]
) -> Declared:
    """Declare, as `set_batch` does, the units that `wanted` makes of what is made as it is then; None: it stays so.

    `batch` is the SKU and the day. What `wanted` raises is raised.
    """
    sku, ship_by = batch
    rate, per_order = store.stock.rate(sku), _per_order(catalog, sku)

    def attempt() -> Declared | None:
        seen = made(store, sku, ship_by).get(ship_by, Made())
        units = wanted(seen)
        if units is None:
            return store.stock.settle(sku, ship_by).batches[0]
        _must_not_be_recalled(store, sku, ship_by)
        _must_not_be_on_sale(seen, ship_by, units)
        shards = shards_for(rate, max(units - seen.held, 0), per_order)
        if not _declare(store, (sku, ship_by), seen, units, shards=max(seen.own.shards if seen.own else 1, shards)):
            return None
        return store.stock.settle(sku, ship_by).batches[0]

    return retrying(TRIES, f"{sku} {ship_by}: others change it all the time", attempt)


def fall_short(store: Store, now: datetime, asked: ReportShortDay, name: str) -> Mark:
    """Declare that so many units fewer of that day are made, once for each `name`; the mark says when that was.

    Nothing is sold any more of what is not made, and nothing is taken from an order. Raise NotFound where there is no
    such batch, Invalid where fewer were to be made, NotNow where a drop has units of it on sale, KeyReused, Busy.
    """

    def attempt() -> Mark | None:
        if done := store.stock.done(name):
            return done
        seen = made(store, asked.sku, asked.ship_by).get(asked.ship_by)
        if seen is None or seen.own is None:
            raise NotFound(f"there is no batch of {asked.sku} for {asked.ship_by}")
        if asked.units > seen.units:
            raise Invalid([Fault("/units", f"at most {seen.units}: no more were to be made", left=seen.units)])
        units = seen.units - asked.units
        _must_not_be_on_sale(seen, asked.ship_by, units)
        mark, unmade = Mark(name, now, asked.ship_by, asked.units), seen.own.unmade + asked.units
        return mark if _declare(store, (asked.sku, asked.ship_by), seen, units, mark, unmade=unmade) else None

    mark = retrying(TRIES, f"{asked.sku} {asked.ship_by}: others change it all the time", attempt)
    if (mark.day, mark.units) != (asked.ship_by, asked.units):
        detail = "it has said another number, or of another day: take a new one"
        raise KeyReused(f"the header Idempotency-Key: {detail}", [Fault("/Idempotency-Key", detail)])
    store.stock.settle(asked.sku, asked.ship_by)
    return mark


def _must_not_be_on_sale(seen: Made, ship_by: date, units: int) -> None:
    """Raises NotNow where so few units are made that what a drop has on sale could not be."""
    selling = [drop.id for drop, batch in seen.drops.items() if batch.sellable]
    if units < seen.held and selling:
        raise DropOnSale(f"drops hold {seen.held} units of {ship_by}, and some are on sale: end {selling[0]} first")


def add_units(catalog: Catalog, store: Store, now: datetime, asked: AddUnits, name: str) -> Mark:
    """Make more units than were planned, once for each `name`; the mark says when that was, and for which day.

    That is the first day on which all of them can be. Raise NotNow where no day has room for so many.
    """
    mark = retrying(
        TRIES,
        f"{asked.sku}: others change its batches all the time",
        lambda: store.stock.done(name) or _add_units(catalog, store, now, asked, name),
    )
    store.stock.settle(asked.sku, mark.day)
    return mark


def _add_units(catalog: Catalog, store: Store, now: datetime, asked: AddUnits, name: str) -> Mark | None:
    sku, units = asked.sku, asked.units
    product, today = catalog.product_of[sku], village_day(now)
    seen = made(store, sku, today)
    room = room_for_more(product.production, seen, today)
    day = next((day for day, most in room.items() if most >= units), None)
    if day is None:
        most = max(room.values(), default=0)
        raise PlanFull(
            f"the plan allows {most} more of {sku} in one day" if most else f"the plan allows no more of {sku}"
        )
    _must_not_be_recalled(store, sku, day)
    one, mark = seen[day], Mark(name, now, day)
    shards = shards_for(store.stock.rate(sku), max(one.units + units - one.held, 0), product.per_order)
    shards = max(shards, one.own.shards if one.own else 1)
    return mark if _declare(store, (sku, day), one, one.units + units, mark, shards=shards) else None


def take_back(store: Store, now: datetime, asked: AddUnits, name: str) -> Mark:
    """Take back what `add_units` has added under this name, as far as it is unsold; the mark says how many that were.

    Once, however often it is asked. Raise NotFound where nothing was added, TooLate, AllSold, Busy.
    """
    back = f"{name}-back"

    def attempt() -> Mark | None:
        if done := store.stock.done(back):
            return done
        added = store.stock.done(name)
        if added is None:
            raise NotFound("nothing was added by this request")
        if now - added.at > TAKE_BACK_WITHIN:
            raise TooLate("it was added too long ago")
        seen = next((one for one in store.stock.declared(asked.sku, added.day) if one.ship_by == added.day), None)
        step, units = _unsold(seen, asked.units) if seen else (Step(), 0)
        if seen is None or not units:
            raise AllSold(f"the units of {added.day} are sold")
        mark = Mark(back, now, added.day, units)
        return mark if store.stock.take_off(asked.sku, seen, step, mark) else None

    mark = retrying(TRIES, f"{asked.sku}: others change its batches all the time", attempt)
    store.stock.settle(asked.sku, mark.day)
    return mark


def _unsold(seen: Declared, units: int) -> tuple[Step, int]:
    """The step that takes up to so many units off a batch, and how many: those on sale first, then those kept."""
    on_sale = [(seen.ship_by, shard, share.sellable) for shard, share in seen.shares.items()]
    changes = tuple(Change(shard, -taken, taken) for _, shard, taken in islice(pick(units, on_sale), MOST_PLACES))
    taken = -sum(change.units for change in changes)
    kept = min(seen.kept, units - taken)
    return Step(changes, -kept), taken + kept


def room_for_more(production: Production, seen: Mapping[date, Made], today: date) -> dict[date, int]:
    """Return by day, from the first that can still be made, how many more units than declared a host may add, if any.

    That is the extra that hands can make a day beyond the plan. A batch that the manager has made smaller than planned,
    or by hand, has no room.
    """
    first = today + timedelta(days=production.lead_days)
    more = {day: _more(production, one) for day, one in sorted(seen.items()) if day >= first}
    return {day: units for day, units in more.items() if units > 0}


def _more(production: Production, one: Made) -> int:
    own = one.own
    if own is None or not own.days or one.units < own.planned:
        return 0
    return own.planned + production.extra * own.days - one.units


def made(store: Store, sku: str, first: date) -> dict[date, Made]:
    """Return what is made for each day from `first` on that has a batch.

    The SKU's own batches are read before those of drops. Whoever opens or ends a drop changes their versions, so what
    is then declared on these stands on all that was read.
    """
    return made_on(store, store.stock.shelf(sku, first), first)


def made_on(store: Store, shelf: Shelf, first: date) -> dict[date, Made]:
    """Return the same of a SKU's own shelf that was read from `first` on; a read for each of its drops."""
    held = [(drop, batch) for drop in shelf.drops for batch in store.stock.declared(drop.shelf, first)]
    return {
        own.ship_by: Made(
            own, {drop: batch for drop, batch in held if batch.ship_by == own.ship_by and (batch.cap or batch.promised)}
        )
        for own in shelf.batches
    }


def expect(catalog: Catalog, store: Store, sku: str, rate: int, today: date) -> Sequence[Declared]:
    """Let the SKU's batches, now and in future, take `rate` orders a second, 1 to MOST_RATE; return those of now.

    A batch gets more shards and never fewer: the units of one that nobody reads would be lost to the sale.
    """
    store.stock.expect(sku, rate)
    return _settle(store, sku, rate, _per_order(catalog, sku), today)


def _settle(store: Store, sku: str, rate: int, per_order: int, today: date) -> Sequence[Declared]:
    """Has shards follow the rate, then shares what is declared; a batch that others change just now waits a day."""
    for batch in store.stock.declared(sku, today):
        shards = shards_for(rate, batch.cap, per_order)
        if shards > batch.shards:
            store.stock.declare(sku, batch.ship_by, batch, shards=shards)
    return store.stock.settle(sku, today).batches


def stop_sale(store: Store, sku: str, day: date) -> None:
    """Sell nothing more of a recalled batch, drops included; its passport keeps what its shelves declared. Raise Busy.

    Whoever would make it larger reads it first, and then whether it is recalled: so nobody does after this.
    """

    def attempt() -> bool | None:
        seen = made(store, sku, day).get(day, Made())
        if seen.own is None or not seen.units:
            return True
        caps = {sku: seen.own.cap, **{drop.shelf: batch.cap for drop, batch in seen.drops.items()}}
        store.passports.keep_caps(sku, day, caps)
        return _declare(store, (sku, day), seen, 0) or None

    retrying(TRIES, f"{sku} {day}: others change it all the time", attempt)
    store.stock.settle(sku, day)


def sell_again(store: Store, sku: str, day: date, caps: Mapping[str, int]) -> None:
    """Declare what the batch had before its sale was stopped, by shelf; raise Busy.

    What a drop had that was put away since is not made again: those who bought in it have it.
    """

    def attempt() -> bool | None:
        seen = made(store, sku, day).get(day, Made())
        if seen.own is None:
            return True
        there = {sku, *(drop.shelf for drop in seen.drops)}
        units = sum(cap for shelf, cap in caps.items() if shelf in there)
        return seen.units == units or _declare(store, (sku, day), seen, units) or None

    retrying(TRIES, f"{sku} {day}: others change it all the time", attempt)
    store.stock.settle(sku, day)


def _must_not_be_recalled(store: Store, sku: str, day: date) -> None:
    """Asked after the batch was read, since a recall is written before it stops the sale."""
    if store.passports.is_recalled(sku, day):
        raise UnderRecall(f"the batch of {day} is recalled: lift the recall first, if it was a mistake")


def _plan(catalog: Catalog, store: Store, sku: str, today: date) -> Iterator[Planned]:
    product, calendar = catalog.product_of.get(sku), catalog.shop.calendar
    rate, per_order = store.stock.rate(sku), _per_order(catalog, sku)
    per_day = product.production.per_day if product else 0
    seen = made(store, sku, today)
    for day, days in production_days(product.production, calendar, today).items() if product else ():
        units = per_day * days
        shards = shards_for(rate, units, per_order)
        if (
            day not in seen
            and days
            and store.stock.declare(sku, day, None, cap=units, shards=shards, planned=units, days=days)
        ):
            yield Planned(sku, day, None, units)
    for day, one in seen.items():
        days, own = carried(day, calendar), one.own
        if own is None or own.days is None or own.days == days:
            continue
        a_day = own.planned // own.days if own.days else per_day
        units = max(one.units + a_day * days - own.planned, 0)
        if store.passports.is_recalled(sku, day):
            continue
        if _declare(store, (sku, day), one, units, planned=a_day * days, days=days):
            yield Planned(sku, day, one.units, units)
    _settle(store, sku, rate, per_order, today)


def _per_order(catalog: Catalog, sku: str) -> int:
    """How many units one order may take; as many as any where the catalogue has the SKU no more."""
    product = catalog.product_of.get(sku)
    return product.per_order if product else MOST_UNITS


def _declare(
    store: Store, batch: tuple[str, date], seen: Made, units: int, mark: Mark | None = None, **values: int
) -> bool:
    """Declare that so many units are made in all, with `values` of the SKU's own batch; whether it was as seen.

    `batch` is the SKU and the day.
    """
    sku, day = batch
    cap, caps = seen.caps(units)
    changed = {
        drop.shelf: (seen.drops[drop], {"cap": cap}) for drop, cap in caps.items() if cap != seen.drops[drop].cap
    }
    if not store.stock.declare_together(day, {sku: (seen.own, {"cap": cap, **values}), **changed}, mark):
        return False
    for shelf in changed:
        store.stock.settle(shelf, day)
    return True
