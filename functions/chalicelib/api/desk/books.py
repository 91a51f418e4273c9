"""Routes of the desk's books: the days' sums, spreadsheets, reconciliation and invoices; and what hands have earned."""

import base64
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import BOOKKEEPERS, MANAGERS, PACKERS, staff_routes
from chalicelib.api.requests import BookStrayRequest, FindingRequest, InvoiceNumberRequest, read_json
from chalicelib.api.responses.desk import books
from chalicelib.api.routing import batch_day, body_of, query_one
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.staff import Device

if TYPE_CHECKING:
    from chalicelib.services.desk.books import ShopBooks

routes = Blueprint(__name__)
staff_route = staff_routes(routes)
LANGS = ("zh", "en")
"""Languages in which a spreadsheet's heads are written."""


@staff_route("GET /staff/books", BOOKKEEPERS)
def day_books(request: Request, services: Services, device: Device) -> Any:
    """Tell the books of a day or a month."""
    span = query_one(request, "span", f"{services.stage.today}")
    return books.span(_books(services).of(span), services.stage.catalog)


@staff_route("GET /staff/books/file", BOOKKEEPERS)
def book_file(request: Request, services: Services, device: Device) -> Any:
    """Give the books of a day or a month as a spreadsheet."""
    from chalicelib.services.desk import workbook

    span = query_one(request, "span", f"{services.stage.today}")
    made = workbook.book_file(_books(services), span, _lang(request))
    return {"name": made.name, "file": base64.b64encode(made.data).decode()}


@staff_route("GET /staff/books/reconciliation", BOOKKEEPERS)
def reconciliation(request: Request, services: Services, device: Device) -> Any:
    """Tell what statements have differed in, and which money fits nowhere."""
    from chalicelib.services.desk.reconciliations import Reconciliations
    from chalicelib.services.payments.stray_money import StrayMoney

    store, clock = services.store, services.stage.clock
    found = Reconciliations(store, clock).of(query_one(request, "month", f"{services.stage.today:%Y-%m}"))
    return books.reconciliation(found, StrayMoney(store, clock).waiting(), services.access.names())


@staff_route("POST /staff/books/reconciliation/{day}/notes", MANAGERS, status=201)
def note_finding(request: Request, services: Services, device: Device, day: str) -> Any:
    """Keep what was done about something that a statement differs in."""
    from chalicelib.services.desk.reconciliations import Reconciliations

    asked = read_json(body_of(request), FindingRequest)
    found = Reconciliations(services.store, services.stage.clock).note(
        batch_day(day), asked.finding, asked.words, actor.device(device.id)
    )
    return books.findings(found, services.access.names())


@staff_route("POST /staff/strays/{stray}/return", MANAGERS)
def return_stray(request: Request, services: Services, device: Device, stray: str) -> Any:
    """Give money that fits nowhere back to whoever paid it."""
    from chalicelib.services.payments.stray_money import StrayMoney

    money = StrayMoney(services.store, services.stage.clock)
    return books.stray(money.give_back(stray, actor.device(device.id)))


@staff_route("POST /staff/strays/{stray}/book", MANAGERS)
def book_stray(request: Request, services: Services, device: Device, stray: str) -> Any:
    """Put money that fits nowhere to the order that it is for."""
    from chalicelib.services.payments.stray_money import StrayMoney

    asked = read_json(body_of(request), BookStrayRequest)
    money = StrayMoney(services.store, services.stage.clock)
    return books.stray(money.book(stray, asked.order, actor.device(device.id)))


# ---- Invoices ----


@staff_route("GET /staff/invoices", BOOKKEEPERS)
def list_invoices(request: Request, services: Services, device: Device) -> Any:
    """Tell which invoices are asked for, which need one in red, or which were issued in a month."""
    from chalicelib.services.aftersales.invoices import Invoices

    state, month = query_one(request, "state", "asked"), query_one(request, "month", f"{services.stage.today:%Y-%m}")
    return books.invoices(Invoices(services.stage, services.store).listed(state, month))


@staff_route("GET /staff/invoices/file", BOOKKEEPERS)
def invoice_file(request: Request, services: Services, device: Device) -> Any:
    """Give the invoices that are asked for as a spreadsheet for the tax program: titles and tax numbers are in it."""
    from chalicelib.services.aftersales.invoices import Invoices, sheet

    listed = Invoices(services.stage, services.store).listed("asked", "")
    file = base64.b64encode(sheet(listed, services.stage)).decode()
    return {"name": f"invoices-{services.stage.today}.xlsx", "file": file}


@staff_route("POST /staff/invoices/{order}/issued", MANAGERS)
def issue_invoice(request: Request, services: Services, device: Device, order: str) -> Any:
    """Note that an invoice was issued, under which number."""
    from chalicelib.services.aftersales.invoices import Invoices

    number = read_json(body_of(request), InvoiceNumberRequest).number
    found = Invoices(services.stage, services.store).issue(order, number, actor.device(device.id))
    return books.invoice(found)


@staff_route("POST /staff/invoices/{order}/red", MANAGERS)
def redden_invoice(request: Request, services: Services, device: Device, order: str) -> Any:
    """Note that what went back was taken back by an invoice in red, under which number."""
    from chalicelib.services.aftersales.invoices import Invoices

    number = read_json(body_of(request), InvoiceNumberRequest).number
    found = Invoices(services.stage, services.store).redden(order, number, actor.device(device.id))
    return books.invoice(found)


# ---- What hands have earned ----


@staff_route("GET /staff/shares", PACKERS)
def hands(request: Request, services: Services, device: Device) -> Any:
    """Tell what has left the village of a month's batches, and what hands got; a bound device of its own goods."""
    from chalicelib.services.desk.shares import Shares

    month = query_one(request, "month", f"{services.stage.today:%Y-%m}")
    found = Shares(services.stage, services.store).of_hands(month, device.goods)
    return books.hands(month, found, services.stage.catalog)


def _lang(request: Request) -> str:
    given = query_one(request, "lang", "zh")
    if given not in LANGS:
        raise Invalid([Fault("/lang", f"one of {', '.join(LANGS)}")])
    return given


def _books(services: Services) -> "ShopBooks":
    from chalicelib.services.desk.books import ShopBooks

    return ShopBooks(services.stage.catalog, services.store, services.stage.clock)
