"""Invoices that buyers ask for, and what the desk does with them: lists, spreadsheets, numbers."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from chalicelib.domain.actor import Actor
from chalicelib.domain.aftersales.invoices import (
    NUMBER,
    AmountSeen,
    Invoice,
    InvoiceAsked,
    InvoiceEvent,
    InvoiceIssued,
    InvoiceReddened,
    InvoiceState,
    InvoiceWish,
    decide,
    invoice_lines,
    invoiceable,
    must_be_invoiceable,
    read_wish,
)
from chalicelib.domain.conflicts import TRIES, Exists, Stale, retrying
from chalicelib.domain.errors import Fault, Invalid, NotFound, WrongState
from chalicelib.domain.orders.model import Order
from chalicelib.domain.payments.news import RowKind
from chalicelib.services.stage import Stage
from chalicelib.storage.desk.invoices import ASKED, RED, issued_in
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

BASIC = (
    *("发票流水号", "发票类型", "特定业务类型", "是否含税", "受票方自然人标识", "购买方名称", "购买方纳税人识别号"),
    *("购买方邮箱", "备注"),
)
DETAIL = ("发票流水号", "项目名称", "商品和服务税收编码", "规格型号", "单位", "数量", "单价", "金额", "税率")
"""Heads of the two sheets that the tax bureau's import of many invoices has, as far as the shop knows what to fill in;
the code and the rate of goods are the tax program's to say."""


EventOf = Callable[[Order], InvoiceEvent]
"""What happens to an invoice, by the order that it is for as it is then."""
Known = Callable[[Invoice], bool]
"""Whether it has happened already."""


class ListedInvoice(NamedTuple):
    """An invoice, and the order that it is for."""

    invoice: Invoice
    order: Order


class Invoices:
    """The invoices of a shop."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def ask(self, order: Order, typed: InvoiceWish) -> Invoice:
        """Ask for an invoice for an order, or for another than before; the same again changes nothing.

        Raise Invalid, WrongState where the order has nothing to invoice or the invoice is issued, Busy.
        """
        wish = read_wish(typed)
        must_be_invoiceable(order)

        def attempt() -> Invoice | None:
            seen = self.store.invoices.load(order.number)
            fresh = Invoice(number=order.number, wish=wish, asked=self.stage.clock(), lang=order.lang)
            if seen is None:
                return self._create(fresh)
            if seen.state is InvoiceState.ISSUED:
                raise WrongState("this invoice is issued: call the shop where something in it is wrong")
            after = decide(seen, InvoiceAsked(wish), self.stage.clock())
            return seen if after is seen else self._save(seen, after)

        return retrying(TRIES, "others change this invoice at the same time: ask again", attempt)

    def issue(self, number: str, issued_as: str, by: Actor) -> Invoice:
        """Note that an invoice was issued in the tax program, under which number; its buyer is told.

        The same again changes nothing. Raise NotFound, Invalid, WrongState where it has another number, Busy.
        """
        _must_be_number(issued_as)

        def known(invoice: Invoice) -> bool:
            return invoice.issued_as == issued_as

        return self._put(number, lambda order: InvoiceIssued(issued_as, invoiceable(order), by), known)

    def redden(self, number: str, red: str, by: Actor) -> Invoice:
        """Note that what went back after an invoice was issued was taken back by one in red, under which number.

        Raise NotFound, Invalid, WrongState where nothing is to be taken back, Busy.
        """
        _must_be_number(red)

        def known(invoice: Invoice) -> bool:
            return any(had.number == red for had in invoice.reds)

        return self._put(number, lambda _: InvoiceReddened(red, by), known)

    def listed(self, state: str, month: str) -> list[ListedInvoice]:
        """Return the invoices that are `asked` for, that need one in `red`, or that were `issued` in a month.

        Raise Invalid for another state.
        """
        lists = {"asked": ASKED, "red": RED, "issued": issued_in(month)}
        if state not in lists:
            raise Invalid([Fault("/state", f"one of {', '.join(lists)}")])
        if state == "red":
            self.look_for_refunds(self.stage.today)
        found = self.store.invoices.load_many(self.store.listed(lists[state]))
        orders = {one.number: one for one in self.store.orders.load_many([one.number for one in found])}
        known = [ListedInvoice(one, orders[one.number]) for one in found if one.number in orders]
        # What has gone back in full before it was issued needs no invoice any more.
        open_ones = [one for one in known if state != "asked" or invoiceable(one.order)]
        return sorted(open_ones, key=lambda one: (one.invoice.asked, one.invoice.number))

    def look_for_refunds(self, day: date) -> list[str]:
        """Look whether money of an issued invoice has gone back on a day; return the orders whose invoices need red."""
        lines = self.store.ledger.day(day)
        back = dict.fromkeys(one.entry.order for one in lines if one.entry.kind is RowKind.REFUND and one.entry.order)
        found = []
        for invoice in self.store.invoices.load_many(back):
            if invoice.state is InvoiceState.ISSUED:
                after = self._put(invoice.number, lambda order: AmountSeen(invoiceable(order)), lambda _: True)
                found += [after.number] if after.due_red else []
        return found

    def _put(self, number: str, event: EventOf, known: Known) -> Invoice:
        def attempt() -> Invoice | None:
            invoice, order = self.store.invoices.load(number), self.store.orders.load(number)
            if invoice is None or order is None:
                raise NotFound("no invoice was asked for, for this order")
            after = decide(invoice, event(order), self.stage.clock())
            if after is not invoice:
                return self._save(invoice, after)
            if known(invoice):
                return invoice
            raise WrongState(f"the invoice is {invoice.state}, and {invoice.due_red} fen of it are to be taken back")

        return retrying(TRIES, "others change this invoice at the same time: ask again", attempt)

    def _create(self, invoice: Invoice) -> Invoice | None:
        try:
            self.store.commit(Transaction().create(invoice))
        except Exists:
            return None
        return invoice

    def _save(self, before: Invoice, after: Invoice) -> Invoice | None:
        try:
            self.store.commit(Transaction().save(before, after))
        except Stale:
            return None
        return after


def sheet(listed: Sequence[ListedInvoice], stage: Stage) -> bytes:
    """Return an .xlsx with what the tax bureau's import wants to know of invoices, each cell a text.

    Its two sheets are called and headed as the bureau's: row 1 explains, row 3 has the heads.
    """
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        sheets = {
            "1-发票基本信息": (BASIC, [_basic(one) for one in listed]),
            "2-发票明细信息": (DETAIL, [row for one in listed for row in _detail(one, stage)]),
        }
        for name, (heads, rows) in sheets.items():
            page = book.add_worksheet(name)
            page.set_column(0, len(heads) - 1, 20, text)
            page.write_string(0, 0, "按表头名称填入税务局现行的批量导入模板；税收编码和税率由开票人选择。", text)
            for place, row in enumerate([heads, *rows], 2):
                for column, cell in enumerate(row):
                    page.write_string(place, column, cell, text)
    return file.getvalue()


def _basic(one: ListedInvoice) -> tuple[str, ...]:
    wish = one.invoice.wish
    person = "是" if wish.kind == "person" else "否"
    return (
        one.order.number,
        "普通发票",
        "",
        "是",
        person,
        wish.title,
        wish.tax_number,
        wish.email,
        f"订单 {one.order.number}",
    )


def _detail(one: ListedInvoice, stage: Stage) -> Iterable[tuple[str, ...]]:
    for line in invoice_lines(one.order):
        product, pack = stage.catalog.product_of.get(line.sku), stage.catalog.packs.get(line.sku)
        unit, size = (product.unit.zh, pack.name.zh) if product and pack else ("", "")
        name = product.name.zh if product else line.name
        # A price by the unit only where it is one to the fen: the bureau multiplies and compares.
        price = _yuan(line.fen // line.units) if line.units and line.fen % line.units == 0 else ""
        yield one.order.number, name, "", size, unit, str(line.units) if price else "", price, _yuan(line.fen), ""


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _must_be_number(typed: str) -> None:
    if not NUMBER.fullmatch(typed):
        raise Invalid([Fault("/number", "the invoice's number: 20 digits, or 8 of the older ones")])
