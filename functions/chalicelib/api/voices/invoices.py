"""Routes of an order's buyer about its money: an invoice for it, and where the money went."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.requests import InvoiceRequest, read_json
from chalicelib.api.responses.desk import books
from chalicelib.api.routing import bearer, body_of, route
from chalicelib.bootstrap import Services

routes = Blueprint(__name__)


@route(routes, "GET /orders/{order}/invoice")
def invoice(request: Request, services: Services, order: str) -> Any:
    """Tell whether an invoice can be asked for, for how much, and what was asked for."""
    found = services.orders.get(order, bearer(request))
    return books.invoice_of(found, services.store.invoices.load(found.number))


@route(routes, "PUT /orders/{order}/invoice")
def ask_invoice(request: Request, services: Services, order: str) -> Any:
    """Ask for an invoice, or for another than before."""
    from chalicelib.services.aftersales.invoices import Invoices

    found = services.orders.get(order, bearer(request))
    asked = read_json(body_of(request), InvoiceRequest)
    return books.invoice_of(found, Invoices(services.stage, services.store).ask(found, asked.wish()))


@route(routes, "GET /orders/{order}/shares")
def shares(request: Request, services: Services, order: str) -> Any:
    """Tell where the money of an order went."""
    from chalicelib.services.desk.shares import Shares

    found = services.orders.get(order, bearer(request))
    return books.shares_of(found, Shares(services.stage, services.store).of_order(found), services.stage.catalog)
