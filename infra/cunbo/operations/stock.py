"""What an operator does to stock and orders (batches, drops, dates, refunds, audit), by the functions' own rules."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain, count
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, shown
from chalicelib.domain.calendar import village_day
from chalicelib.domain.errors import ShopError
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.capacity import MOST_RATE, Declared
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import TooFew
from chalicelib.domain.waitlist import QueueEntry, Waiter, WaiterState
from chalicelib.services.audit import Danger, Findings, audit, dangers
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.planning import Made, Planned, expect, made, plan, set_batch
from chalicelib.services.shop import utc_now
from chalicelib.storage.store import Store

from cunbo.core.house import Refusal

MOST_UNITS = 1_000_000


def today() -> date:
    """The village's day."""
    return village_day(utc_now())


@dataclass(frozen=True)
class Batch:
    """A batch as an operator means it."""

    sku: str
    ship_by: date
    units: int


@dataclass(frozen=True)
class Line:
    """Who waits for a SKU: those who are invited, and the places in the line, the first one first."""

    sku: str
    invited: Sequence[Waiter]
    places: Sequence[QueueEntry]


def read_batch(catalog: Catalog, sku: str, day: str, units: str) -> Batch:
    """The batch that was typed; raises Refusal where there can be none such."""
    known(catalog, sku)
    ship_by = read_day(day)
    if not re.fullmatch(r"\d{1,7}", units, re.ASCII) or int(units) > MOST_UNITS:
        raise Refusal(f"{units} is no number of units: write a whole number from 0 to {MOST_UNITS}")
    return Batch(sku, ship_by, int(units))


def read_day(day: str) -> date:
    """The date that was typed; raises Refusal where it is none, or past."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
        raise Refusal(f"{day} is no date: write it as 2026-11-26")
    try:
        read = date.fromisoformat(day)
    except ValueError as error:
        raise Refusal(f"{day} is no date: {error}") from None
    now = today()
    if read < now:
        raise Refusal(f"{day} is past: in the village it is {now}")
    return read


def read_rate(catalog: Catalog, sku: str, rate: str) -> int:
    """The orders a second that were typed; raises Refusal where they cannot be meant."""
    known(catalog, sku)
    return orders_a_second(rate)


def orders_a_second(rate: str) -> int:
    """The same where no SKU is named."""
    if not re.fullmatch(r"\d{1,6}", rate, re.ASCII) or not 1 <= int(rate) <= MOST_RATE:
        raise Refusal(f"{rate} is no number of orders a second: write a whole number from 1 to {MOST_RATE}")
    return int(rate)


def known(catalog: Catalog, sku: str) -> None:
    """Returns where the catalogue has the SKU; raises Refusal."""
    if sku not in catalog.packs:
        raise Refusal(f"no product has the SKU {sku}: the catalogue has {', '.join(sorted(catalog.packs))}")


@contextmanager
def _refusing(subject: str) -> Iterator[None]:
    """Says in a line why an order, a batch or a drop stays as it is."""
    try:
        yield
    except ShopError as error:
        raise Refusal(f"{subject}: {error}") from None


class Warehouse:
    """The stock of one stage, through an operator's client of DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self.store = Store(dynamodb, table)

    def set_batch(self, catalog: Catalog, batch: Batch) -> Declared:
        """Has so many units be made, and gives the SKU's own batch as it is then; raises Refusal."""
        with _refusing(f"{batch.sku} {batch.ship_by}"):
            return set_batch(catalog, self.store, batch.sku, batch.ship_by, batch.units)

    def made(self, sku: str, day: date) -> Made:
        """All that is made of the SKU for that day, drops included."""
        return made(self.store, sku, day).get(day, Made())

    def plan(self, catalog: Catalog) -> list[Planned]:
        """Makes the batches that the plan has and the table lacks, and moves what the calendar moves; says which."""
        return plan(catalog, self.store, today())

    def expect(self, catalog: Catalog, sku: str, rate: int) -> Sequence[Declared]:
        """Has the SKU take so many orders a second."""
        return expect(catalog, self.store, sku, rate, today())

    def dangers(self, batches: Container[tuple[str, date]] | None = None) -> list[Danger]:
        """Promises that cannot be kept as things stand; where `batches` are given by SKU and date, of these alone."""
        found = dangers(self.store, today())
        return [one for one in found if batches is None or (one.sku, one.ship_by) in batches]

    def open_drop(self, catalog: Catalog, asked: Drop, rate: int) -> tuple[Drop, Sequence[Declared]]:
        """Opens the drop under an id that no other has, for `rate` orders a second; gives it and its batches.

        Raises Refusal where that cannot be.
        """
        drop = self._free_name(catalog, asked)
        with _refusing(drop.sku):
            try:
                open_drop(catalog, self.store, utc_now(), drop, rate)
            except TooFew as few:
                words = f"only {few.left} of {drop.sku} are on sale, and stay so until it would close"
                raise Refusal(words) from None
        return drop, self.store.stock.declared(drop.shelf, today())

    def drops(self, catalog: Catalog) -> list[tuple[Drop, Sequence[Declared]]]:
        """Every drop that is not over and done with, with its batches."""
        now = today()
        found = (drop for sku in catalog.packs for drop in self.store.stock.shelf(sku, now).drops)
        return [(drop, self.store.stock.declared(drop.shelf, now)) for drop in found]

    def end_drop(self, catalog: Catalog, id_: str) -> tuple[Drop, int]:
        """Ends a drop, and says how many units went back; raises Refusal where there is none."""
        found = next((one for one in self.drops(catalog) if one[0].id == id_), None)
        if found is None:
            raise Refusal(f"there is no drop {id_}: `cunbo drops` lists them")
        drop, before = found
        with _refusing(id_):
            over = end_drop(self.store, utc_now(), drop.sku, id_)
        after = self.store.stock.declared(drop.shelf, today())
        held = (sum(batch.cap for batch in batches) for batches in (before, after))
        return over, next(held) - next(held)

    def waiting(self, skus: Iterable[str]) -> Iterator[Line]:
        """Who waits for each SKU, where anybody does."""
        due = chain.from_iterable(self.store.waitlist.due())
        invited = [one for one in due if one.state is WaiterState.INVITED]
        for sku in skus:
            called = [waiter for waiter in invited if waiter.sku == sku]
            places = [*self.store.waitlist.line(sku)]
            if called or places:
                yield Line(sku, called, places)

    def contact(self, number: str) -> str:
        """The address of who waits under this number, which is personal; empty where nobody does any more."""
        waiter = self.store.waitlist.load(number)
        return waiter.contact if waiter else ""

    def described(self) -> Mapping[str, Any]:
        """The table as DynamoDB describes it."""
        table = self.store.table
        described: Mapping[str, Any] = table.client.describe_table(TableName=table.name)["Table"]
        return described

    def _free_name(self, catalog: Catalog, asked: Drop) -> Drop:
        """The drop, with a number where one has its id or had it: what was sold by that name must stay known by it."""
        used = {drop.id for drop, _ in self.drops(catalog)}
        ids = (asked.id if number == 1 else f"{asked.id}-{number}" for number in count(1))
        drops = (msgspec.structs.replace(asked, id=id_) for id_ in ids if id_ not in used)
        return next(drop for drop in drops if not self.store.drops.is_archived(drop))

    def postpone(self, number: str, day: date) -> Order:
        """Moves an order to `day` or later, and has its buyer told; raises Refusal where that cannot be."""
        with _refusing(number):
            try:
                return postpone(self.store, utc_now, number, day)
            except TooFew as few:
                raise Refusal(f"{number}: from {day} on only {few.left} are left of one of its lines") from None

    def refund(self, number: str) -> Order:
        """Cancels an order, gives back what was paid, and has its buyer told; raises Refusal where that cannot be."""
        with _refusing(number):
            return cancel_by_seller(self.store, utc_now, number)

    def keep_shown(self, catalog: Catalog) -> None:
        """Keeps what is said of every product: an order points at it for as long as the law wants it known."""
        for product in catalog.products:
            self.store.orders.keep_shown(*shown(catalog, product))

    def order(self, number: str) -> dict[str, Any]:
        """An order with all that is known of it, and what was said of its goods when it was placed."""
        order = self.store.orders.load(number)
        if order is None:
            raise Refusal(f"there is no order {number}")
        said = {line.sku: msgspec.json.decode(self.store.orders.shown(line.shown) or b"null") for line in order.lines}
        return {"order": order, "shown": said}

    def audit(self) -> Findings:
        """What the auditor finds."""
        return audit(self.store, today())
