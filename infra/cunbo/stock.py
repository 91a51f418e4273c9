"""What an operator does to stock and orders: sets batches, postpones, refunds, audits; by the functions' own rules."""

import re
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from chalicelib.audit import Danger, Findings, audit, dangers
from chalicelib.capacity import MOST_RATE, Declared
from chalicelib.catalog import Catalog, shown
from chalicelib.errors import ShopError
from chalicelib.orders import Order
from chalicelib.plan import village_day
from chalicelib.planning import Planned, expect, plan, set_batch
from chalicelib.promise import TooFew
from chalicelib.shop import utc_now
from chalicelib.store import Store
from chalicelib.village import postpone, withdraw

from cunbo.house import Refusal

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


def read_batch(catalog: Catalog, sku: str, day: str, units: str) -> Batch:
    """The batch that was typed; raises Refusal where there can be none such."""
    _known(catalog, sku)
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
    _known(catalog, sku)
    return orders_a_second(rate)


def orders_a_second(rate: str) -> int:
    """The same where no SKU is named."""
    if not re.fullmatch(r"\d{1,6}", rate, re.ASCII) or not 1 <= int(rate) <= MOST_RATE:
        raise Refusal(f"{rate} is no number of orders a second: write a whole number from 1 to {MOST_RATE}")
    return int(rate)


def _known(catalog: Catalog, sku: str) -> None:
    if sku not in catalog.packs:
        raise Refusal(f"no product has the SKU {sku}: the catalogue has {', '.join(sorted(catalog.packs))}")


@contextmanager
def _refusing(number: str) -> Iterator[None]:
    """Says in a line why the order of this number stays as it is."""
    try:
        yield
    except ShopError as error:
        raise Refusal(f"{number}: {error}") from None


class Warehouse:
    """The stock of one stage, through an operator's client of DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self.store = Store(dynamodb, table)

    def set_batch(self, catalog: Catalog, batch: Batch) -> Declared:
        """Makes the batch as large as it says, and gives it as it is then."""
        return set_batch(catalog, self.store, batch.sku, batch.ship_by, batch.units)

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
            return withdraw(self.store, utc_now, number)

    def keep_shown(self, catalog: Catalog) -> None:
        """Keeps what is said of every product: an order points at it for as long as the law wants it known."""
        for product in catalog.products:
            self.store.keep_shown(*shown(catalog, product))

    def order(self, number: str) -> dict[str, Any]:
        """An order with all that is known of it, and what was said of its goods when it was placed."""
        order = self.store.order(number)
        if order is None:
            raise Refusal(f"there is no order {number}")
        said = {line.sku: msgspec.json.decode(self.store.shown(line.shown) or b"null") for line in order.lines}
        return {"order": order, "shown": said}

    def audit(self) -> Findings:
        """What the auditor finds."""
        return audit(self.store, today())
