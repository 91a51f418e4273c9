"""An invoice (发票) that a buyer asks for: whom it is for, for how much, and what has become of it. Pure rules, no I/O.

The shop collects what the tax bureau's program wants to know, and issues nothing: tax rates and the bureau's names of
goods are that program's. A buyer may change what was asked for until it is issued. What goes back afterwards needs an
invoice in red (红冲).
"""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Done, Failed, HoldsNothing, Stored, notify, retry_later, struck_out
from chalicelib.domain.desk.portions import portions
from chalicelib.domain.errors import Fault, Invalid, WrongState
from chalicelib.domain.mailbox import is_email
from chalicelib.domain.orders.model import SOLD, Order
from chalicelib.domain.text import tidy, tidy_email

INVOICE_KEPT_FOR = timedelta(days=5 * 366)
"""How long it is kept for whom an invoice was issued: five years (Measures for the Administration of Invoices, article
28)."""
TITLE_LENGTH = 100
"""Characters of a title that the bureau's template takes."""
PRIVATE = "个人"
"""The title of somebody who gives none."""
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""What a unified social credit code is written with, by value (GB 32100-2015): no I, O, S, V and Z."""
OLD_FORMS = re.compile(r"[0-9]{6}[0-9A-Z]{9}|[0-9]{15}[0-9A-Z]{2}|[0-9]{17}[0-9X][0-9A-Z]{2}", re.ASCII)
"""Tax numbers of before 2015 that some still have: 15 signs of a region and an organisation; 17 or 20 of whoever trades
under their own identity number and two signs. They have no check digit that could be held against them."""
NUMBER = re.compile(r"[0-9]{20}|[0-9]{8}", re.ASCII)
"""An invoice's number: 20 digits of a digital one, 8 of the older ones."""

BuyerKind = Literal["person", "company"]


class InvoiceState(StrEnum):
    """Where an invoice stands. The strings are stored, and stand in the HTTP contract."""

    ASKED = "asked"
    ISSUED = "issued"


class InvoiceWish(Stored, frozen=True):
    """Whom an invoice is for, and where it is sent. Personal data."""

    kind: BuyerKind
    title: str
    email: str
    tax_number: str = ""


class InvoiceLine(Stored, frozen=True, array_like=True):
    """What is invoiced of a line: its SKU, what it was called, how many units, and `fen` for all of them."""

    sku: str
    name: str
    units: int
    fen: int


class RedInvoice(Stored, frozen=True, array_like=True):
    """An invoice in red that took `fen` back, as whom has told."""

    number: str
    fen: int
    at: datetime
    by: Actor = UNKNOWN


class Invoice(HoldsNothing, frozen=True):
    """An invoice for the order of the same number, `asked` for at an instant, in the buyer's language `lang`.

    Once it is issued: its own number (`issued_as`), when, by whom, over which `fen`; `reds` are those in red, and
    `due_red` is how much has gone back since, for which there is none.
    """

    wish: InvoiceWish
    asked: datetime
    lang: str
    state: InvoiceState = InvoiceState.ASKED
    issued_as: str = ""
    issued: datetime | None = None
    by: Actor = UNKNOWN
    fen: int = 0
    reds: tuple[RedInvoice, ...] = ()
    due_red: int = 0

    @property
    def standing(self) -> int:
        """What is invoiced, less what was taken back in red, in fen."""
        return self.fen - sum(red.fen for red in self.reds)


class InvoiceAsked(Stored, frozen=True):
    """The buyer asks for it, or asks for another than before."""

    wish: InvoiceWish


class InvoiceIssued(Stored, frozen=True):
    """It was issued in the tax program under this number, over so many fen."""

    number: str
    fen: int
    by: Actor


class InvoiceReddened(Stored, frozen=True):
    """What has gone back was taken back by an invoice in red of this number."""

    number: str
    by: Actor


class AmountSeen(Stored, frozen=True):
    """So many fen are left of what was paid."""

    fen: int


class InvoiceForgotten(Stored, frozen=True):
    """Whoever asked for it wishes to be forgotten: it was issued, so its title stays, and nobody is written to."""


InvoiceEvent = InvoiceAsked | InvoiceIssued | InvoiceReddened | AmountSeen | InvoiceForgotten | Done | Failed


def decide(invoice: Invoice, event: InvoiceEvent, now: datetime) -> Invoice:
    """Return what `event` makes of it: the same object where it changes nothing, else its next version."""
    after = _decide(invoice, event, now)
    return invoice if after is invoice else msgspec.structs.replace(after, version=invoice.version + 1)


def _decide(invoice: Invoice, event: InvoiceEvent, now: datetime) -> Invoice:
    match event:
        case InvoiceAsked(wish=wish) if invoice.state is InvoiceState.ASKED and wish != invoice.wish:
            return msgspec.structs.replace(invoice, wish=wish)
        case InvoiceIssued(number=number, fen=fen, by=by) if invoice.state is InvoiceState.ASKED and fen > 0:
            issued = msgspec.structs.replace(
                invoice, state=InvoiceState.ISSUED, issued_as=number, issued=now, by=by, fen=fen
            )
            return notify(issued, now, "invoiced")
        case InvoiceReddened(number=number, by=by) if invoice.due_red:
            red = RedInvoice(number, invoice.due_red, now, by)
            return msgspec.structs.replace(invoice, reds=(*invoice.reds, red), due_red=0)
        case AmountSeen(fen=fen) if invoice.state is InvoiceState.ISSUED:
            due = max(invoice.standing - fen, 0)
            return invoice if due == invoice.due_red else msgspec.structs.replace(invoice, due_red=due)
        case InvoiceForgotten() if invoice.wish.email:
            wish = msgspec.structs.replace(invoice.wish, email="")
            return msgspec.structs.replace(invoice, wish=wish, outbox=(), retry_at=None, failures=0)
        case Done():
            return struck_out(invoice, event)
        case Failed():
            return retry_later(invoice, event, now)
    return invoice


def kept_until(invoice: Invoice) -> datetime | None:
    """Return until when an invoice is kept, by when it, or the last in red, was issued; None: nobody has issued it."""
    issued = [at for at in (invoice.issued, *(red.at for red in invoice.reds)) if at]
    return max(issued) + INVOICE_KEPT_FOR if issued else None


def invoice_lines(order: Order) -> list[InvoiceLine]:
    """Return what is to be invoiced of a paid order: each line and the postage, less what has gone back of them."""
    _, left = portions(order)
    lines = [
        InvoiceLine(line.sku, line.name or line.sku, units, fen)
        for line, units, fen in zip(order.lines, left.units, left.fen, strict=True)
        if fen
    ]
    return [*lines, *([InvoiceLine("", "运费", 1, left.postage)] if left.postage else [])]


def invoiceable(order: Order) -> int:
    """Return for how much an invoice can be asked, in fen; 0 where nothing was paid, or all of it goes back."""
    return portions(order)[1].amount if order.payment is not None and order.state in SOLD else 0


def must_be_invoiceable(order: Order) -> None:
    """Raise WrongState where no invoice can be asked for."""
    if not invoiceable(order):
        raise WrongState(f"an order that is {order.state} has nothing to invoice")


def read_wish(typed: InvoiceWish) -> InvoiceWish:
    """Return whom the invoice is for, put into one form; raise Invalid for each field that cannot be so."""
    company = typed.kind == "company"
    title, email = tidy(unicodedata.normalize("NFKC", typed.title)), tidy_email(typed.email)
    title = title if company or title else PRIVATE
    faults = []
    if not 2 <= len(title) <= TITLE_LENGTH or not title.isprintable() or not any(map(str.isalpha, title)):
        faults.append(Fault("/title", f"the name that the invoice is for: 2 to {TITLE_LENGTH} characters"))
    number = ""
    if company:
        try:
            number = tax_number(typed.tax_number)
        except ValueError as wrong:
            faults.append(Fault("/tax_number", str(wrong)))
    if not is_email(email):
        faults.append(Fault("/email", "an e-mail address, such as name@example.com: the invoice is sent there"))
    if faults:
        raise Invalid(faults)
    return InvoiceWish(typed.kind, title, email, number)


def tax_number(typed: str) -> str:
    """Return a company's tax number in its one form; raise ValueError, which says what is wrong, for what is none.

    Eighteen signs are a unified social credit code, whose last sign checks the others. Forms of before 2015 have
    nothing to be checked by, and are taken as they are: an invoice must be given to whoever is due one.
    """
    number = re.sub(r"[\s._-]+", "", unicodedata.normalize("NFKC", typed)).upper()
    if len(number) == 18 and number.isascii():
        if any(sign not in SIGNS for sign in number) or not number[2:8].isdigit():
            raise ValueError("18 digits and capital letters, without I, O, S, V and Z; the 3rd to 8th are digits")
        if number[-1] != check_sign(number[:-1]):
            raise ValueError("a sign of it is wrong: its last one does not fit the others")
        return number
    if OLD_FORMS.fullmatch(number):
        return number
    raise ValueError("18 signs as on the business licence; 15, 17 or 20 of the older numbers")


def check_sign(signs: str) -> str:
    """Return the last sign of a unified social credit code whose other 17 are these (GB 32100-2015)."""
    whole = sum(SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(signs))
    return SIGNS[-whole % 31]
