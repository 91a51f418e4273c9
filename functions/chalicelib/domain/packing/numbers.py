"""Carriers' numbers as a sheet brings them: columns by their heads, rows one by one, each answered. Pure, no I/O.

A row is paired by the order's number that stands in it and never by its place. What a spreadsheet has broken is refused
with words: Excel keeps 15 digits of a number and makes zeros of the rest, or writes 7.71E+14. A sheet only adds: a
number that a parcel bears already is changed by hand alone, so an old file undoes nothing.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.orders.model import SOLD, Order, State
from chalicelib.domain.orders.parcels import GONE, HERE, parcel_in
from chalicelib.domain.orders.shipping import is_overpacked
from chalicelib.domain.packing.carriers import carrier_in, looks_odd
from chalicelib.domain.packing.codes import LETTERS, label_in

Cell = str | float | bool | date | datetime | time | timedelta | None
Rows = Sequence[Sequence[Cell]]

HEADS = {
    "order": (
        "订单号", "订单编号", "订单号码", "商家订单号", "商户订单号", "客户订单号", "平台订单号", "外部订单号",
        "原始订单号",
        "order", "order number", "order no", "order id", "reference",
    ),
    "number": (
        "运单号", "运单号码", "运单编号", "快递单号", "快递单号码", "快递编号", "物流单号", "物流单号码", "物流编号",
        "面单号", "电子面单号", "母单号", "快递运单号", "物流运单号", "waybill", "waybill number", "waybill no",
        "tracking number", "tracking no", "tracking",
    ),
    "carrier": (
        "快递公司", "快递公司名称", "物流公司", "物流公司名称", "承运商", "承运公司", "快递", "物流", "快递名称",
        "快递类型",
        "carrier", "courier", "express company", "shipping company",
    ),
}  # fmt: skip
"""What each column may be called."""
HEAD_WITHIN = 20
"""Rows in which the heads are looked for: above them stand a title, a date, a hint."""
MOST_ROWS = 5_000
"""Rows of one sheet: as many orders as a board holds."""
SAFE = 10**15
"""From here on a spreadsheet's number has lost digits."""
SAFE_DIGITS = 15

AROUND = re.compile(r"""^="(.*)"$|^['‘’`](.*)$""", re.DOTALL)
"""How sheets are told that digits are text: ="123", or a mark in front that some leave in."""
SCIENTIFIC = re.compile(r"[0-9]+(?:\.[0-9]*)?E[+-]?[0-9]+", re.ASCII)
WHOLE = re.compile(r"([0-9]+)\.0+", re.ASCII)
NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Z](?:[0-9A-Z-]{4,38})[0-9A-Z]", re.ASCII)
BETWEEN = re.compile(r"[,，、;；/|\s]+")
"""What stands between orders that go in one parcel."""


class RowFault(StrEnum):
    """Why a row was not taken. The strings stand in the HTTP contract."""

    NO_ORDER = "no-order"
    BROKEN_ORDER = "broken-order"
    ODD_ORDER = "odd-order"
    UNKNOWN_ORDER = "unknown-order"
    NO_NUMBER = "no-number"
    BROKEN_NUMBER = "broken-number"
    ODD_NUMBER = "odd-number"
    NO_CARRIER = "no-carrier"
    UNKNOWN_CARRIER = "unknown-carrier"
    OVER = "over"
    UNPAID = "unpaid"
    NOT_PACKED = "not-packed"
    NO_PARCEL = "no-parcel"
    UNPACK = "unpack"
    SEVERAL_PARCELS = "several-parcels"
    TWO_NUMBERS = "two-numbers"
    OTHER_NUMBER = "other-number"
    NUMBER_TAKEN = "number-taken"
    BUSY = "busy"


WORDS = {
    RowFault.NO_ORDER: "there is no order number in the row",
    RowFault.BROKEN_ORDER: "the spreadsheet has broken the order number: format the column as text, and export again",
    RowFault.ODD_ORDER: f"that is no order number of this shop: it has {LETTERS} and 20 digits",
    RowFault.UNKNOWN_ORDER: "there is no order of this number",
    RowFault.NO_NUMBER: "the carrier's number is missing",
    RowFault.BROKEN_NUMBER: "the spreadsheet has broken the number: format the column as text, and paste it again",
    RowFault.ODD_NUMBER: "that is no carrier's number: it has 6 to 40 letters, digits and -, and one digit at least",
    RowFault.NO_CARRIER: "the row does not say which carrier: choose one for the whole file",
    RowFault.UNKNOWN_CARRIER: "that carrier is not known, or two are named",
    RowFault.OVER: "the order was cancelled",
    RowFault.UNPAID: "the order is not paid",
    RowFault.NOT_PACKED: "nothing of the order is packed yet: import the file again once it is",
    RowFault.NO_PARCEL: "the order has no such parcel, or it was taken apart",
    RowFault.UNPACK: "something in the parcel was cancelled or paid back: take it apart first",
    RowFault.SEVERAL_PARCELS: f"the order has several parcels: write which one, such as {LETTERS}…-2",
    RowFault.TWO_NUMBERS: "the file has two numbers for this parcel",
    RowFault.OTHER_NUMBER: "the parcel has another number already: change it by hand if that one is wrong",
    RowFault.NUMBER_TAKEN: "that number is on a parcel to somebody else",
    RowFault.BUSY: "others change this order at the same time, or there was no time left: import the file again",
}


class NumberRow(NamedTuple):
    """What a row of a sheet says of one order: `line` counts from 1 as the spreadsheet shows it.

    `order` is as it stands there where it is none; `n` is the parcel, None where the row does not say.
    """

    line: int
    order: str
    n: int | None = None
    carrier: str = ""
    number: str = ""
    fault: RowFault | None = None

    @property
    def odd(self) -> bool:
        """Whether the number does not look like this carrier's: to be looked at, and taken all the same."""
        return bool(self.number) and looks_odd(self.carrier, self.number)


def numbers_in(sheets: Sequence[Rows], carrier: str = "") -> list[NumberRow]:
    """Return what each row says that is not empty; `carrier` is whose all are that do not say it themselves.

    Raise Invalid where no sheet has the heads, two columns are called the same, or there are too many rows.
    """
    for rows in sheets:
        for place, row in enumerate(rows[:HEAD_WITHIN]):
            columns = _columns(row)
            if "order" in columns and "number" in columns:
                return _told(rows, place, columns, carrier)
    heads = f"{HEADS['order'][0]} and {HEADS['number'][0]}"
    raise Invalid([Fault("/file", f"no row of the file has the heads {heads}: is it the right file?")])


def parcels_for(rows: Sequence[NumberRow], orders: Mapping[str, Order]) -> list[NumberRow]:
    """Return the rows, each with its parcel, or with why it has none; `orders` are those that exist, by number."""
    found = [row if row.fault else _paired(row, orders.get(row.order)) for row in rows]
    said: dict[tuple[str, int | None], set[tuple[str, str]]] = defaultdict(set)
    for row in found:
        if row.n is not None and row.fault in (None, RowFault.OTHER_NUMBER):
            said[row.order, row.n].add((row.carrier, row.number))
    return [
        row._replace(fault=RowFault.TWO_NUMBERS) if len(said.get((row.order, row.n), ())) > 1 and not row.fault else row
        for row in found
    ]


def bears(row: NumberRow, order: Order) -> bool:
    """Return whether the row's parcel has its number already."""
    return any(one.n == row.n and (one.carrier, one.tracking) == (row.carrier, row.number) for one in order.parcels)


# ---- Which parcel ----


def _paired(row: NumberRow, order: Order | None) -> NumberRow:
    if order is None:
        return row._replace(fault=RowFault.UNKNOWN_ORDER)
    if order.state is State.AWAITING_PAYMENT:
        return row._replace(fault=RowFault.UNPAID)
    here = [one for one in order.parcels if one.state not in GONE]
    if row.n is not None:
        here = [one for one in here if one.n == row.n]
    same = [one for one in here if (one.carrier, one.tracking) == (row.carrier, row.number)]
    free = [one for one in here if not one.tracking]
    if not here:
        if order.state not in SOLD:
            return row._replace(fault=RowFault.OVER)
        return row._replace(fault=RowFault.NOT_PACKED if row.n is None else RowFault.NO_PARCEL)
    if not same and len(free) > 1:
        return row._replace(fault=RowFault.SEVERAL_PARCELS)
    parcel = (same or free or here)[0]
    row = row._replace(n=parcel.n)
    if same:
        return row
    if parcel.tracking:
        return row._replace(fault=RowFault.OTHER_NUMBER)
    return row._replace(fault=RowFault.UNPACK) if parcel.state in HERE and is_overpacked(order) else row


# ---- Heads and cells ----


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    """Where each meaning stands in a row of heads; raises Invalid where two columns mean one."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, cell in enumerate(row):
        if isinstance(cell, str):
            for meaning, names in HEADS.items():
                if _head(cell) in {_head(name) for name in names}:
                    found[meaning].append(place)
    if "order" in found and "number" in found:
        for meaning, places in found.items():
            if len(places) > 1:
                both = ", ".join(str(row[place]).strip() for place in places)
                raise Invalid([Fault("/file", f"the columns {both} mean the same ({meaning}): delete one of them")])
    return {meaning: places[0] for meaning, places in found.items()}


def _head(text: str) -> str:
    """A head without blanks, signs and what stands in brackets: 订单号* and 订单号（必填） are 订单号."""
    plain = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", unicodedata.normalize("NFKC", text)).lower()
    return "".join(char for char in plain if char.isalnum())


def _told(rows: Rows, head: int, columns: Mapping[str, int], carrier: str) -> list[NumberRow]:
    told: list[NumberRow] = []
    for place, row in enumerate(rows[head + 1 :], head + 2):
        if not any(cell not in (None, "") and str(cell).strip() for cell in row):
            continue
        cells = {meaning: row[column] if column < len(row) else None for meaning, column in columns.items()}
        told += _row(place, cells, carrier)
        if len(told) > MOST_ROWS:
            raise Invalid([Fault("/file", f"a file has {MOST_ROWS} rows at most: split it")])
    return told


def _row(line: int, cells: Mapping[str, Cell], carrier: str) -> list[NumberRow]:
    """What a row says: of one order, or of each that goes in the parcel."""
    by, fault = _carrier(cells.get("carrier"), carrier)
    number = _text(cells["number"])
    if number is None:
        fault = RowFault.BROKEN_NUMBER
    elif not number:
        fault = RowFault.NO_NUMBER
    elif not NUMBER.fullmatch(number):
        fault = RowFault.ODD_NUMBER
    text = _text(cells["order"])
    orders = [one for one in BETWEEN.split(text or "") if one]
    if not orders:
        return [NumberRow(line, "", fault=RowFault.BROKEN_ORDER if text is None else RowFault.NO_ORDER)]
    return [_of_order(NumberRow(line, one, None, by, number or "", fault)) for one in orders]


def _of_order(row: NumberRow) -> NumberRow:
    label = label_in(row.order)
    bare = row.order.removeprefix(LETTERS)
    if label:
        return row._replace(order=label.order)
    if bare == row.order and _lost(bare):
        return row._replace(fault=RowFault.BROKEN_ORDER)
    known = parcel_in(bare) or parcel_in(f"{bare}-0")
    if known is None:
        return row._replace(fault=RowFault.ODD_ORDER)
    order, n = known
    return row._replace(order=order, n=n or None)


def _carrier(cell: Cell, default: str) -> tuple[str, RowFault | None]:
    text = str(cell or "").strip()
    if not text:
        return default, None if default else RowFault.NO_CARRIER
    found = carrier_in(text)
    return (found.code, None) if found else ("", RowFault.UNKNOWN_CARRIER)


def _text(cell: Cell) -> str | None:
    """The cell's number in one form; None where the spreadsheet has lost some of it, or made a date of it."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        if isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return None
        return str(int(cell)) if 0 <= cell < SAFE and cell == int(cell) else None
    plain = unicodedata.normalize("NFKC", cell).strip()
    around = AROUND.fullmatch(plain)
    plain = (around[1] or around[2] or "") if around else plain
    seen = "".join(char for char in plain if unicodedata.category(char) != "Cf").strip().upper()
    whole = WHOLE.fullmatch(seen)
    if whole and len(whole[1]) <= SAFE_DIGITS:
        return whole[1]
    return None if whole or SCIENTIFIC.fullmatch(seen) or _lost(seen) else seen


def _lost(text: str) -> bool:
    """Whether these digits end in the zeros that Excel puts where it has lost some."""
    return text.isdigit() and len(text) > SAFE_DIGITS and not text[SAFE_DIGITS:].strip("0")
