"""Sheets for carriers and from them: what is to be shipped goes out, numbers come in, by rules of domain/packing."""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from chalicelib.catalog import pack_name
from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import BearNumber
from chalicelib.domain.conflicts import OtherNumber
from chalicelib.domain.errors import Busy, CannotPack, Fault, Invalid, NotFound, PackFault
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.parcels import parcel_name
from chalicelib.domain.packing.board import BoardStage
from chalicelib.domain.packing.carriers import CARRIERS
from chalicelib.domain.packing.numbers import NumberRow, RowFault, bears, numbers_in, parcels_for
from chalicelib.domain.packing.sheets import PROFILES, Goods, reference, rows_of, shipments
from chalicelib.services.packing import workbooks
from chalicelib.services.packing.bench import Bench
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

LONGEST = timedelta(seconds=15)
"""How long a file is worked at: the gateway waits 29 seconds. What is left is answered as busy, and the same file again
goes on there."""
TO_SHIP = frozenset({BoardStage.TO_PRINT, BoardStage.PRINTED, BoardStage.OUTDATED, BoardStage.PACKED})
"""Stages of orders that the carrier is to be told of."""


class RowOutcome(StrEnum):
    """What came of a row. The strings stand in the HTTP contract."""

    SET = "set"
    SAME = "same"
    REFUSED = "refused"


class RowAnswer(NamedTuple):
    """What came of a row; `first` is the parcel to somebody else that bears its number."""

    row: NumberRow
    outcome: RowOutcome
    first: str = ""


class Sheet(NamedTuple):
    """A spreadsheet with so many rows below its heads."""

    name: str
    file: bytes
    rows: int


class PackingSheets:
    """Sheets of a shop's packing room."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def export(self, profile: str, until: date | None = None) -> Sheet:
        """Return what is to be shipped by a day, the village's own without one, as this profile has it.

        It has names, phones and streets. Raise Invalid where there is no such profile.
        """
        if profile not in PROFILES:
            raise Invalid([Fault("/profile", f"one of {', '.join(PROFILES)}")])
        until = until or self.stage.today
        entries = [one for one in self.store.orders.board() if one.ship_by <= until and one.stage in TO_SHIP]
        entries.sort(key=lambda one: (one.ship_by, one.units, one.recipient, one.number))
        orders = self._orders(one.number for one in entries)
        told = [shipment for one in entries if one.number in orders for shipment in shipments(orders[one.number])]
        rows = rows_of(told, PROFILES[profile], self._goods())
        return Sheet(f"{profile}-{until}.xlsx", workbooks.write(rows, f"{until}"), len(told))

    def set_numbers(self, file: bytes, carrier: str, by: Actor) -> list[RowAnswer]:
        """Put the numbers of a file on their parcels, and answer each row; `carrier` is for rows that name none.

        The good rows are done whatever the others are, and the same file again changes nothing. Raise Invalid where it
        is no file of numbers.
        """
        if carrier and carrier not in CARRIERS:
            raise Invalid([Fault("/carrier", f"one of {', '.join(CARRIERS)}")])
        rows = numbers_in(workbooks.read(file), carrier)
        orders = self._orders(row.order for row in rows if row.fault is None)
        until = self.stage.clock() + LONGEST
        answers = []
        for row in parcels_for(rows, orders):
            if row.fault:
                answers.append(RowAnswer(row, RowOutcome.REFUSED))
            elif bears(row, orders[row.order]):
                answers.append(RowAnswer(row, RowOutcome.SAME))
            elif self.stage.clock() >= until:
                answers.append(_refused(row, RowFault.BUSY))
            else:
                answers.append(self._set(row, by))
        return answers

    def _set(self, row: NumberRow, by: Actor) -> RowAnswer:
        asked = BearNumber(row.carrier, row.number)
        self.store.begin()
        try:
            Bench(self.stage, self.store).add_number(parcel_name(row.order, row.n or 0), asked, by)
        except CannotPack as refusal:
            if refusal.reason != PackFault.NUMBER_TAKEN:
                return _refused(row, RowFault.NO_PARCEL)
            bearers = self.store.waybills.parcels(row.carrier, row.number)
            first = next((name for name in bearers if not name.startswith(row.order)), "")
            return _refused(row, RowFault.NUMBER_TAKEN, first)
        except OtherNumber:
            return _refused(row, RowFault.OTHER_NUMBER)
        except NotFound:
            return _refused(row, RowFault.NO_PARCEL)
        except Busy:
            return _refused(row, RowFault.BUSY)
        return RowAnswer(row, RowOutcome.SET)

    def _orders(self, numbers: Iterable[str]) -> dict[str, Order]:
        """The orders that exist, by number, as the last write left them."""
        return {order.number: order for order in self.store.orders.load_many(dict.fromkeys(numbers))}

    def _goods(self) -> dict[str, Goods]:
        catalog = self.stage.catalog
        return {
            sku: Goods(pack_name(product, catalog.packs[sku], "zh"), catalog.packs[sku].weight)
            for sku, product in catalog.product_of.items()
        }


def told_as(answer: RowAnswer) -> str:
    """Return the name of the order or parcel that an answer is about, as it stands in sheets."""
    row = answer.row
    return reference(row.order, row.n) if row.order.isdigit() and len(row.order) == 20 else row.order


def _refused(row: NumberRow, fault: RowFault, first: str = "") -> RowAnswer:
    return RowAnswer(row._replace(fault=fault), RowOutcome.REFUSED, first)
