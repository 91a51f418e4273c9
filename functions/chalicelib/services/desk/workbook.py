"""The books of a day or a month as a spreadsheet: the desk and `cunbo books` make the same file.

Cells are numbers or texts, whatever they look like, and the only formulas are sums over the rows above them. It reads
no order but for a day's own sheet of them: a month has 30,000 of them, and one call 29 seconds.
"""

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from chalicelib.catalog import Catalog, pack_name
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.desk.day_books import BookSums
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.domain.payments.news import CURRENCY, DisputeState, RowKind
from chalicelib.services.desk.books import ShopBooks, SpanBooks
from chalicelib.storage.payments.ledger import LedgerLine

MONEY = "0.00"
GOODS = (("units", False), ("fen", True), ("back_units", False), ("back", True))
PROVIDERS = (
    *(("payments", False), ("came", True), ("refunds", False), ("went", True)),
    *(("claimed", True), ("fees", True), ("unbilled", False)),
)
HEADS = {
    "zh": {
        "summary": "汇总", "days": "按天", "goods": "按商品", "villages": "按村", "rooms": "按直播间",
        "providers": "按支付渠道", "reasons": "退款原因", "payments": "收款明细", "back_list": "退款和争议明细",
        "orders": "订单", "name": "名称", "day": "日期", "units": "件数", "fen": "货款", "back_units": "退货件数",
        "back": "退款", "came": "收款", "went": "退出", "claimed": "争议扣款", "fees": "手续费",
        "unbilled": "未对账笔数",
        "payments_n": "收款笔数", "refunds": "退款笔数", "rest": "净额", "all": "合计", "time": "时间",
        "provider": "支付渠道", "id": "流水号", "order": "订单号", "amount": "金额", "currency": "币种",
        "fee": "手续费", "statement": "对账单", "state": "状态", "placed": "下单", "lines": "商品",
        "postage": "运费", "total": "合计", "refunded": "已退", "ship_by": "最晚发出", "orders_n": "订单数",
        "other": "非销售收款", "other_back": "非销售退出", "postage_back": "退运费", "span": "账期", "sku": "货号",
    },
    "en": {
        "summary": "Summary", "days": "By day", "goods": "By product", "villages": "By village", "rooms": "By room",
        "providers": "By provider", "reasons": "Why refunded", "payments": "Payments", "back_list": "Refunds, disputes",
        "orders": "Orders", "name": "Name", "day": "Day", "units": "Units", "fen": "Goods", "back_units": "Units back",
        "back": "Refunded", "came": "Money in", "went": "Money back", "claimed": "Claimed by banks", "fees": "Fees",
        "unbilled": "Not on a statement", "payments_n": "Payments", "refunds": "Refunds", "rest": "Net",
        "all": "In all", "time": "Time", "provider": "Provider", "id": "Reference", "order": "Order",
        "amount": "Amount", "currency": "Currency", "fee": "Fee", "statement": "Statement", "state": "State",
        "placed": "Placed", "lines": "Goods", "postage": "Postage", "total": "Total", "refunded": "Refunded",
        "ship_by": "Ships by", "orders_n": "Orders", "other": "Money in, no sale", "other_back": "Money back, no sale",
        "postage_back": "Postage back", "span": "Period", "sku": "SKU",
    },
}  # fmt: skip
"""What sheets and columns are called, in the language of whoever reads them."""


class BookFile(NamedTuple):
    """A workbook, its name, and what it comes to."""

    name: str
    data: bytes
    sums: BookSums


def book_file(books: ShopBooks, span: str, lang: str = "zh") -> BookFile:
    """Return the books of a day or a month as an .xlsx; raise Invalid as `ShopBooks.of` does."""
    found = books.of(span)
    days = [one.day for one in found.days]
    lines = [line for day in days for line in books.store.ledger.day(day)]
    orders: list[Order] = []
    if len(span) == len("2026-11-26"):
        numbers = sorted({line.entry.order for line in lines if line.entry.order})
        orders = books.store.orders.load_many(numbers)
    return BookFile(f"{span}.xlsx", write(found, lines, orders, books.catalog, lang), found.sums)


def write(found: SpanBooks, lines: Sequence[LedgerLine], orders: Sequence[Order], catalog: Catalog, lang: str) -> bytes:
    """Return the workbook as bytes; the sheet of orders is left out where none are given."""
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheets = Sheets(book, HEADS[lang])
        sheets.summary(found)
        sheets.days(found)
        for table, columns in (("goods", GOODS), ("villages", GOODS), ("rooms", GOODS), ("providers", PROVIDERS)):
            sheets.table(table, columns, found.sums, catalog, lang)
        sheets.table("reasons", (("refunds", False), ("went", True)), found.sums, catalog, lang)
        sheets.rows(
            "payments",
            ("time", "provider", "id", "order", "amount", "currency", "fee", "statement"),
            [_payment(line) for line in lines if line.entry.kind is RowKind.PAYMENT],
            (4, 6),
        )
        sheets.rows(
            "back_list",
            ("time", "provider", "id", "order", "amount", "currency", "state", "statement"),
            [_back(line) for line in lines if line.entry.kind is not RowKind.PAYMENT],
            (4,),
        )
        if orders:
            heads = ("order", "placed", "state", "lines", "postage", "total", "refunded", "ship_by")
            sheets.rows("orders", heads, [*map(_order, orders)], (4, 5, 6))
    return file.getvalue()


class Sheets:
    """The sheets of a workbook."""

    def __init__(self, book: Any, heads: dict[str, str]) -> None:
        self.book, self.heads = book, heads
        self.yuan, self.bold = book.add_format({"num_format": MONEY}), book.add_format({"bold": True})

    def summary(self, found: SpanBooks) -> None:
        """Write what came, went, was kept, and is left."""
        sheet = self._sheet("summary", ("span", found.span))
        told = found.sums
        of_all = {name: told.of(name, "all") for name in ("orders", "goods", "postage", "other", "other_back")}
        rows = [
            *(("came", told.of("came")), ("went", told.of("went")), ("claimed", told.of("claimed"))),
            *(("fees", told.of("fees")), ("rest", told.rest)),
            *(("fen", of_all["goods"]), ("postage", of_all["postage"]), ("other", of_all["other"])),
            *(("back", told.of("back", "all")), ("postage_back", told.of("postage_back", "all"))),
            ("other_back", of_all["other_back"]),
        ]
        for place, (name, fen) in enumerate(rows, 1):
            sheet.write_string(place, 0, self.heads[name])
            if name == "rest":
                sheet.write_formula(place, 1, "=B2-B3-B4-B5", self.yuan, fen / 100)
            else:
                sheet.write_number(place, 1, fen / 100, self.yuan)
        for place, (name, number) in enumerate(
            [("orders_n", of_all["orders"]), ("unbilled", told.of("unbilled"))], len(rows) + 1
        ):
            sheet.write_string(place, 0, self.heads[name])
            sheet.write_number(place, 1, number)
        for place, (currency, row) in enumerate(told.rows("foreign").items(), len(rows) + 3):
            sheet.write_string(place, 0, currency)
            sheet.write_number(place, 1, row.get("came", 0) - row.get("went", 0))

    def days(self, found: SpanBooks) -> None:
        """Write a row for each day."""
        rows = [
            (
                f"{one.day}",
                one.sums.of("orders", "all"),
                *(one.sums.of(name) for name in ("came", "went", "claimed", "fees")),
                one.sums.rest,
            )
            for one in found.days
        ]
        self.rows("days", ("day", "orders_n", "came", "went", "claimed", "fees", "rest"), rows, (2, 3, 4, 5, 6), (1,))

    def table(
        self, name: str, columns: Sequence[tuple[str, bool]], sums: BookSums, catalog: Catalog, lang: str
    ) -> None:
        """Write a table of the sums: its columns, each of money or of a count."""
        rows = [
            (key, called(name, key, catalog, lang), *(row.get(column, 0) for column, _ in columns))
            for key, row in sums.rows(name).items()
        ]
        heads = [{"payments": "payments_n"}.get(column, column) for column, _ in columns]
        money = [place for place, (_, is_money) in enumerate(columns, 2) if is_money]
        numbers = [place for place, (_, is_money) in enumerate(columns, 2) if not is_money]
        self.rows(name, ("sku" if name == "goods" else "id", "name", *heads), rows, money, numbers)

    def rows(
        self,
        name: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[Any]],
        money: Sequence[int],
        numbers: Sequence[int] = (),
    ) -> None:
        """Write a sheet of rows, whose columns `money` are fen and `numbers` counts, with their sums below."""
        sheet = self._sheet(name, heads)
        for place, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if column in money:
                    sheet.write_number(place, column, cell / 100, self.yuan)
                elif column in numbers:
                    sheet.write_number(place, column, cell)
                else:
                    sheet.write_string(place, column, str(cell))
        sheet.write_string(len(rows) + 1, 0, self.heads["all"], self.bold)
        for column in (*money, *numbers):
            whole = sum(row[column] for row in rows)
            letter = chr(ord("A") + column)
            formula = f"=SUM({letter}2:{letter}{len(rows) + 1})" if rows else "=0"
            of_money = column in money
            sheet.write_formula(
                len(rows) + 1, column, formula, self.yuan if of_money else None, whole / 100 if of_money else whole
            )

    def _sheet(self, name: str, heads: Sequence[str]) -> Any:
        sheet = self.book.add_worksheet(self.heads[name])
        sheet.set_column(0, max(len(heads) - 1, 1), 16)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [self.heads.get(head, head) for head in heads], self.bold)
        return sheet


def called(table: str, key: str, catalog: Catalog, lang: str) -> str:
    """Return what a row of a table is called, as long as the catalogue has it; else its key."""
    if table == "goods" and key in catalog.packs:
        return pack_name(catalog.product_of[key], catalog.packs[key], lang)
    if table == "villages":
        return next((str(getattr(one.name, lang)) for one in catalog.villages if one.id == key), key)
    if table == "rooms" and key in catalog.room_of:
        return str(getattr(catalog.room_of[key].name, lang))
    return key


def _payment(line: LedgerLine) -> tuple[Any, ...]:
    entry, billed = line.entry, line.billed
    counted = entry.currency == CURRENCY
    fee = billed.fee if billed and billed.fee_currency == CURRENCY else 0
    currency = entry.currency if counted else f"{entry.amount} {entry.currency}"
    amount = entry.amount if counted else 0
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
    return f"{line.billed.day}, {line.billed.line}" if line.billed else ""
