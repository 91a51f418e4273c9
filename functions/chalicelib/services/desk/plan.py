"""The plan at the desk: batches by SKU and day, what a change of them would break, and the change itself.

Each batch is changed by the one rule of planning.py, on what was seen of it: a change of somebody else in between is
told instead of overwritten, and the same asked again changes nothing, so a week that was cut off is sent once more. No
figure comes from a scan: of each SKU its shelf is read, of each drop its own, and orders by the board's index alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from chalicelib.domain.calendar import village_day
from chalicelib.domain.conflicts import TRIES, retrying
from chalicelib.domain.desk.plan_commands import BatchChange
from chalicelib.domain.errors import ChangedMeanwhile, DropOnSale, Fault, Invalid, NotFound, ShopError
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.amendments import offered
from chalicelib.domain.stock.danger import Danger, beyond
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import QueueEntry
from chalicelib.services.allocation import Stock
from chalicelib.services.packing.questions import UNPACKED
from chalicelib.services.planning import Made, change_batch, made_on
from chalicelib.services.stage import Stage
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.stock.shelves import Shelf
from chalicelib.storage.store import Store

LONGEST_HOLD = timedelta(days=3)
"""Orders that are not paid are due before that."""
NEW = Made()
"""A day that has no batch yet."""


class PlannedGoods(msgspec.Struct, frozen=True):
    """A SKU in the plan: what is made by day, its drops, the days that are recalled, and those who wait in line.

    `rate` orders a second are expected; `off`: it is off the shelf.
    """

    sku: str
    made: Mapping[date, Made]
    drops: tuple[Drop, ...]
    line: tuple[QueueEntry, ...]
    recalled: frozenset[date]
    rate: int
    off: bool

    def batch(self, day: date) -> Made:
        """Return what is made for a day."""
        return self.made.get(day, NEW)


class Effect(msgspec.Struct, frozen=True):
    """What a change of a batch would do: from `now` units (None: no batch) to `units`, with `left` to be sold then.

    `beyond` units that are promised could not be made, of these `orders`; `drops` must be ended before. Of those who
    wait `served` people get `given` units. `changed`: it is not as it was seen any more.
    """

    asked: BatchChange
    now: int | None
    units: int
    promised: int
    left: int
    beyond: int = 0
    orders: tuple[Danger, ...] = ()
    drops: tuple[str, ...] = ()
    recalled: bool = False
    served: int = 0
    given: int = 0
    changed: bool = False


class ChangeOutcome(msgspec.Struct, frozen=True):
    """What became of a change: what is made then, or why it was not done."""

    asked: BatchChange
    made: Made
    refusal: ShopError | None = None


class Plan:
    """The production plan of a shop."""

    def __init__(self, stage: Stage, store: Store, stock: Stock, waitlist: Waitlist) -> None:
        self.stage, self.store, self.stock, self.waitlist = stage, store, stock, waitlist
        self.catalog = stage.catalog

    def see(self, first: date, skus: Sequence[str] | None = None) -> list[PlannedGoods]:
        """Return the plan from a day on, of every SKU that has, or could have, stock, as the last writes left it.

        A read of which SKUs there are, one of each SKU and of each drop, of each line that somebody waits in, and one
        for each 100 batches.
        """
        skus = [*dict.fromkeys([*self.catalog.packs, *self.store.stock.skus()])] if skus is None else skus
        found = {sku: self.store.stock.shelf(sku, first) for sku in skus}
        batches = [(sku, batch.ship_by) for sku, shelf in found.items() for batch in shelf.batches]
        recalled, rates = self.store.passports.recalled(batches), self.store.stock.rates(skus)
        return [
            PlannedGoods(
                sku,
                made_on(self.store, shelf, first),
                tuple(drop for drop in shelf.drops if self.stage.clock() < drop.closes),
                tuple(self.store.waitlist.line(sku)) if shelf.queue.count else (),
                frozenset(day for name, day in recalled if name == sku),
                rates.get(sku, 1),
                self._is_off(sku, shelf),
            )
            for sku, shelf in found.items()
        ]

    def drill(self, changes: Sequence[BatchChange]) -> list[Effect]:
        """Return what each change would do and break; nothing is changed."""
        first = min(one.ship_by for one in changes)
        goods = {one.sku: one for one in self.see(first, [*dict.fromkeys(one.sku for one in changes)])}
        effects = [_effect(one, goods[one.sku]) for one in changes]
        broken = {one.asked.sku for one in effects if one.beyond}
        claims = self._claims(broken) if broken else []
        return [self._with_orders(one, goods[one.asked.sku], claims) if one.beyond else one for one in effects]

    def change(self, changes: Sequence[BatchChange]) -> list[ChangeOutcome]:
        """Change the batches, one after another; what cannot be done keeps no other from being done."""
        outcomes = []
        for one in changes:
            try:
                outcomes.append(ChangeOutcome(one, self._change(one)))
            except ShopError as refusal:
                outcomes.append(ChangeOutcome(one, self._made(one.sku, one.ship_by), refusal))
        skus = dict.fromkeys(one.sku for one in changes)
        self.stock.forget(skus)
        self.waitlist.try_to_serve(skus)
        return outcomes

    def dangers(self) -> list[Danger]:
        """Return the promises from today on that cannot be kept, as `cunbo danger` does, without a scan.

        By the packing board and by what is due: an order that was paid within the last second may be missing.
        """
        seen = [
            one for one in self.see(village_day(self.stage.clock())) if any(made.beyond for made in one.made.values())
        ]
        claims = self._claims({one.sku for one in seen}) if seen else []
        return [
            danger
            for one in seen
            for day, made in sorted(one.made.items())
            if made.beyond and day not in one.recalled
            for danger in _broken(one.sku, made, claims)
        ]

    def admit(self, sku: str, day: date) -> None:
        """Say that what is promised beyond what is declared will not be made, so that its buyers are asked.

        Raise NotFound where there is no such batch.
        """

        def attempt() -> bool | None:
            made = self._made(sku, day)
            if made.own is None:
                raise NotFound(f"there is no batch of {sku} for {day}")
            if made.own.unmade >= made.beyond:
                return True
            return self.store.stock.declare(sku, day, made.own, unmade=made.beyond) or None

        retrying(TRIES, f"{sku} {day}: others change it all the time", attempt)

    def _change(self, asked: BatchChange) -> Made:
        if asked.sku not in self.catalog.packs and asked.sku not in self.store.stock.skus():
            raise NotFound(f"{asked.sku} is not sold here")
        if asked.ship_by < village_day(self.stage.clock()):
            raise Invalid([Fault("/ship_by", "that day is over")])
        most: int | None = None
        ours = {asked.seen}

        def wanted(seen: Made) -> int | None:
            nonlocal most
            most = seen.units if most is None else most
            now = seen.units if seen.own else None
            units = min(seen.promised, most) if asked.units is None else asked.units
            if asked.units is None and (selling := [drop.id for drop, one in seen.drops.items() if one.sellable]):
                raise DropOnSale(f"the drop {selling[0]} has units of {asked.ship_by} on sale: end it first")
            if now not in ours | {units}:
                raise ChangedMeanwhile(f"somebody else has just made it {now} units", now)
            ours.add(units)
            return None if now == units else units

        for _ in range(1 if asked.units is not None else 2):  # the second time, what was bought before the sale ended
            change_batch(self.catalog, self.store, (asked.sku, asked.ship_by), wanted)
        return self._made(asked.sku, asked.ship_by)

    def _made(self, sku: str, day: date) -> Made:
        return made_on(self.store, self.store.stock.shelf(sku, day), day).get(day, NEW)

    def _is_off(self, sku: str, shelf: Shelf) -> bool:
        known = sku in self.catalog.packs
        return known and offered(self.catalog, sku, shelf.amendments, self.stage.clock()).off

    def _with_orders(self, effect: Effect, goods: PlannedGoods, claims: Sequence[Order]) -> Effect:
        after = _after(goods.batch(effect.asked.ship_by), effect.units)
        return msgspec.structs.replace(effect, orders=tuple(_broken(effect.asked.sku, after, claims)))

    def _claims(self, skus: set[str]) -> list[Order]:
        """Orders, paid or not, with units of these SKUs that are still to be packed."""
        board = self.store.orders.board()
        numbers = dict.fromkeys(one.number for one in board if one.stage in UNPACKED and skus & {*dict(one.units)})
        numbers |= dict.fromkeys(one.number for one in self.store.orders.due_by(self.stage.clock() + LONGEST_HOLD))
        return self.store.orders.load_many(numbers)


def _after(made: Made, units: int) -> Made:
    """What is made where so many units are declared for it."""
    cap, caps = made.caps(units)
    drops = {drop: msgspec.structs.replace(made.drops[drop], cap=held) for drop, held in caps.items()}
    return Made(msgspec.structs.replace(made.own, cap=cap) if made.own else None, drops)


def _effect(asked: BatchChange, goods: PlannedGoods) -> Effect:
    made = goods.batch(asked.ship_by)
    now = made.units if made.own else None
    units = min(made.promised, made.units) if asked.units is None else asked.units
    selling = tuple(drop.id for drop, one in made.drops.items() if one.sellable)
    left = max(units - made.promised, 0)
    more = left - max(made.units - made.promised, 0)
    served, given = _served(goods.line, more) if more > 0 else (0, 0)
    return Effect(
        asked,
        now,
        units,
        made.promised,
        left - given,
        beyond=_after(made, units).beyond,
        drops=selling if asked.units is None or units < made.held else (),
        recalled=asked.ship_by in goods.recalled,
        served=served,
        given=given,
        changed=now not in {asked.seen, units},
    )


def _served(line: Iterable[QueueEntry], left: int) -> tuple[int, int]:
    """How many people of a line so many new units fit, first come first served, and how many units they get."""
    people, given = 0, 0
    for entry in line:
        units = entry.fits(left - given)
        people, given = people + bool(units), given + units
    return people, given


def _broken(sku: str, made: Made, orders: Sequence[Order]) -> Iterator[Danger]:
    """The promises of a day beyond what is made, by the rule of the audit.

    That rule counts every order; here those that are packed are not read, and they are in no danger: so of those that
    are read, as many units are in danger as are promised beyond, without what is only offered.
    """
    shelves = [(sku, made.own), *((drop.shelf, batch) for drop, batch in made.drops.items())]
    for shelf, batch in shelves:
        if batch is None or batch.promised <= batch.cap:
            continue
        known = sum(
            units
            for order in orders
            for (name, day, _), units in order.allocated.items()
            if (name, day) == (shelf, batch.ship_by)
        )
        over = max(batch.promised - batch.cap - batch.offered, 0)
        yield from beyond(shelf, msgspec.structs.replace(batch, cap=known - over), orders)
