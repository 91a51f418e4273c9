"""The books of a day or a month as a spreadsheet: what came, what went back, what providers kept, and what is left.

The ledger has it all: an entry stands on the village's day on which the shop heard of it. Sums are formulas over the
rows above them, with their values, so that whoever reads can follow each.
"""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import msgspec
import xlsxwriter
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.domain.payments.news import CURRENCY, DisputeState, RowKind
from chalicelib.storage.payments.ledger import LedgerLine

from cunbo.core.refusal import Refusal

MONEY = "0.00"
HEADS = {
    "payments": ("time", "provider", "payment", "order", "amount", "currency", "fee", "statement"),
    "refunds": ("time", "provider", "refund", "order", "amount", "currency", "state", "statement"),
    "orders": ("order", "placed", "state", "goods", "postage", "total", "refunded", "ships by"),
}


class Sums(msgspec.Struct, kw_only=True):
    """How much came, went back, was claimed (less what was won back), and was kept as a fee, in fen of yuan."""

    payments: int = 0
    came: int = 0
    refunds: int = 0
    went: int = 0
    claimed: int = 0
    fees: int = 0

    @property
    def rest(self) -> int:
        """What is left of it."""
        return self.came - self.went - self.claimed - self.fees


class OrderSource(Protocol):
    """Where orders are found by their numbers."""

    def load_many(self, numbers: Iterable[str]) -> list[Order]:
        """Return those that exist."""


def days_of(span: str) -> list[date]:
    """Return the days of a day or month as it was typed; raises Refusal where it is neither."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}", span, re.ASCII):
            year, month = map(int, span.split("-"))
            return [date(year, month, day + 1) for day in range(calendar.monthrange(year, month)[1])]
        return [read_past(span)]
    except (ValueError, calendar.IllegalMonthError):
        raise Refusal(f"{span} is no day and no month: write it as 2026-11-26 or 2026-11") from None


def read_past(text: str) -> date:
    """Return the date that was typed, past or not; raises Refusal where it is none."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refusal(f"{text} is no date: write it as 2026-11-26")


def sums_of(lines: Iterable[LedgerLine]) -> Sums:
    """Return what the lines come to; other currencies than yuan, and refunds that failed, count for nothing."""
    sums = Sums()
    for line in lines:
        entry = line.entry
        if entry.currency != CURRENCY or not entry.counts:
            continue
        if entry.kind is RowKind.PAYMENT:
            sums.payments += 1
            sums.came += entry.amount
        elif entry.kind is RowKind.REFUND:
            sums.refunds += 1
            sums.went += entry.amount
        else:
            sums.claimed += -entry.amount if entry.state == DisputeState.WON else entry.amount
        if line.billed and line.billed.fee_currency == CURRENCY:
            sums.fees += line.billed.fee
    return sums


def write(file: Path, span: str, lines: Sequence[LedgerLine], orders: OrderSource) -> Sums:
    """Write the books of these lines into the file, and return their sums; raises Refusal where it cannot be written.

    Sheets: sums by provider, payments, refunds with disputes, and the orders that money moved for.
    """
    paid = [line for line in lines if line.entry.kind is RowKind.PAYMENT]
    back = [line for line in lines if line.entry.kind is not RowKind.PAYMENT]
    numbers = sorted({line.entry.order for line in lines if line.entry.order})
    try:
        with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            yuan, bold = book.add_format({"num_format": MONEY}), book.add_format({"bold": True})
            sheets = Sheets(book, yuan, bold)
            sheets.sums(span, lines)
            sheets.table("payments", [_payment(line) for line in paid], (4, 6))
            sheets.table("refunds", [_back(line) for line in back], (4,))
            sheets.table("orders", [_order(order) for order in orders.load_many(numbers)], (4, 5, 6))
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise Refusal(f"{file} cannot be written: {error}") from None
    return sums_of(lines)


class Sheets:
    """The sheets of a workbook."""

    def __init__(self, book: Any, yuan: Any, bold: Any) -> None:
        self.book, self.yuan, self.bold = book, yuan, bold

    def sums(self, span: str, lines: Iterable[LedgerLine]) -> None:
        """Write the sums by provider, and of all."""
        sheet = self.book.add_worksheet("sums")
        sheet.set_column(0, 5, 14)
        sheet.write_row(0, 0, (span, "payments", "refunds", "disputes", "fees", "rest"), self.bold)
        of: dict[str, list[LedgerLine]] = defaultdict(list)
        for line in lines:
            of[line.entry.provider].append(line)
        rows = [(name, sums_of(found)) for name, found in sorted(of.items())]
        for place, (name, sums) in enumerate(rows, 1):
            sheet.write(place, 0, name)
            for column, fen in enumerate((sums.came, sums.went, sums.claimed, sums.fees), 1):
                sheet.write_number(place, column, fen / 100, self.yuan)
            sheet.write_formula(
                place, 5, f"=B{place + 1}-C{place + 1}-D{place + 1}-E{place + 1}", self.yuan, sums.rest / 100
            )
        self._sum(
            sheet,
            len(rows) + 1,
            {
                column: sum(value[column - 1] for value in map(_columns, (sums for _, sums in rows)))
                for column in range(1, 6)
            },
        )

    def table(self, name: str, rows: Sequence[Sequence[Any]], money: Sequence[int]) -> None:
        """Write a sheet of rows, whose columns `money` are fen, with their sums below."""
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, len(HEADS[name]) - 1, 16)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, HEADS[name], self.bold)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if column in money:
                    sheet.write_number(place, column, cell / 100, self.yuan)
                else:
                    sheet.write_string(place, column, str(cell))
        self._sum(sheet, len(rows) + 1, {column: sum(row[column] for row in rows) for column in money})

    def _sum(self, sheet: Any, place: int, columns: dict[int, int]) -> None:
        sheet.write_string(place, 0, "in all", self.bold)
        for column, fen in columns.items():
            letter = chr(ord("A") + column)
            formula = f"=SUM({letter}2:{letter}{place})" if place > 1 else "=0"
            sheet.write_formula(place, column, formula, self.yuan, fen / 100)


def _columns(sums: Sums) -> tuple[int, ...]:
    return sums.came, sums.went, sums.claimed, sums.fees, sums.rest


def _payment(line: LedgerLine) -> tuple[Any, ...]:
    entry, billed = line.entry, line.billed
    counted = entry.currency == CURRENCY
    fee = billed.fee if billed and billed.fee_currency == CURRENCY else 0
    amount = entry.amount if counted else 0
    currency = entry.currency if counted else f"{entry.amount} {entry.currency}"
    return _time(line), entry.provider, entry.id, entry.order, amount, currency, fee, _statement(line)


def _back(line: LedgerLine) -> tuple[Any, ...]:
    entry = line.entry
    counted = entry.currency == CURRENCY and entry.counts
    sign = -1 if entry.kind is RowKind.DISPUTE and entry.state == DisputeState.WON else 1
    words = entry.state if entry.kind is RowKind.REFUND else f"dispute {entry.state}"
    currency = entry.currency if counted else f"{entry.amount} {entry.currency}"
    amount = sign * entry.amount if counted else 0
    return _time(line), entry.provider, entry.id, entry.order, amount, currency, words, _statement(line)


def _order(order: Order) -> tuple[Any, ...]:
    done = sum(refund.amount for refund in order.refunds if refund.state is RefundState.DONE)
    goods = ", ".join(f"{line.quantity} x {line.sku}" for line in order.lines)
    placed = f"{order.placed.astimezone(VILLAGE):%Y-%m-%d %H:%M:%S}"
    return order.number, placed, order.state, goods, order.postage, order.total, done, order.ship_by


def _time(line: LedgerLine) -> str:
    return f"{line.entry.at.astimezone(VILLAGE):%Y-%m-%d %H:%M:%S}"


def _statement(line: LedgerLine) -> str:
    return f"{line.billed.day}, line {line.billed.line}" if line.billed else ""
