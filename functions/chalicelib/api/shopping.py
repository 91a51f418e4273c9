"""Routes for shoppers: what is left, the checkout, and an order by its own token."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.askers import address, admit
from chalicelib.api.cookies import payer_cookie, payer_known
from chalicelib.api.ordering import answer, order_request, place_once
from chalicelib.api.requests import PayRequest, read_find, read_json
from chalicelib.api.responses import orders, recalls, stock
from chalicelib.api.routing import RouteReply, batch_day, bearer, body_of, query, route
from chalicelib.bootstrap import Services
from chalicelib.domain.commands import AnswerQuestion
from chalicelib.domain.contact import is_phone
from chalicelib.domain.orders.model import Order
from chalicelib.payments.port import Payer
from chalicelib.services.packing.passports import jar_facts
from chalicelib.services.payments.channels import Surroundings, surroundings

routes = Blueprint(__name__)


@route(routes, "GET /health")
def health(request: Request, services: Services) -> Any:
    """Tell whether the shop can take orders, and from which catalogue."""
    services.availability.ready()
    return {"status": "ok", "catalogue": services.stage.catalog.version}


@route(routes, "GET /availability", cache="public, max-age=1")
def availability(request: Request, services: Services) -> Any:
    """Tell what is left of each SKU asked for, and by when it ships."""
    return stock.availability(services.availability.look(query(request, "sku")), services.stage.settings.poll)


@route(routes, "GET /passports/{sku}/{day}", cache="public, max-age=60")
def passport(request: Request, services: Services, sku: str, day: str) -> Any:
    """Tell whoever has a jar in their hands what it is, and whether it is recalled."""
    facts = jar_facts(services.stage, services.store, sku, batch_day(day))
    return recalls.passport(facts, services.stage.catalog)


@route(routes, "POST /checkout", status=201)
def checkout(request: Request, services: Services) -> Any:
    """Place an order, once for each Idempotency-Key."""
    asked = order_request(request, services)
    return answer(services, place_once(services, asked, services.checkout.place))


@route(routes, "GET /orders/{order}")
def order_status(request: Request, services: Services, order: str) -> Any:
    """Tell whoever holds its token of an order."""
    token = bearer(request)
    return _status(services, services.orders.get(order, token), token)


@route(routes, "POST /orders/{order}/cancel")
def cancel(request: Request, services: Services, order: str) -> Any:
    """Cancel an order for its buyer."""
    token = bearer(request)
    return _status(services, services.orders.cancel(order, token), token)


@route(routes, "POST /orders/{order}/answer")
def answer_question(request: Request, services: Services, order: str) -> Any:
    """Choose for the order's buyer what becomes of a promise that cannot be kept."""
    token, asked = bearer(request), read_json(body_of(request), AnswerQuestion)
    return _status(services, services.orders.answer(order, token, asked), token)


@route(routes, "POST /orders/find", status=202)
def find(request: Request, services: Services) -> Any:
    """Send the link of a lost order; the same answer whether there is one or not."""
    who = admit(request, services, "find")
    asked = read_find(body_of(request))
    if is_phone(asked.contact):
        admit(request, services, "sms")
    services.orders.find(asked, who)


@route(routes, "GET /payments")
def methods(request: Request, services: Services) -> Any:
    """Tell what orders can be paid by, and which of it does not work in the browser that asks."""
    return orders.methods(services.payments.offered(_surroundings(request)))


@route(routes, "POST /orders/{order}/pay")
def pay(request: Request, services: Services, order: str) -> Any:
    """Begin to pay an order by a method, or go on with what was begun."""
    token = bearer(request)
    found = services.orders.get(order, token)
    asked = read_json(body_of(request), PayRequest)
    openid, kept = payer_known(request, services), {}
    if asked.code:
        openid = services.payments.openid(asked.code)
        kept = {"Set-Cookie": payer_cookie(services, openid)}
    payer = Payer(address(request), openid)
    begun = services.payments.begin(found, token, asked.method, payer, _surroundings(request))
    return RouteReply({"payment": orders.payment(begun)}, kept)


@route(routes, "POST /orders/{order}/payment")
def payment(request: Request, services: Services, order: str) -> Any:
    """Ask the provider whether the order was paid, as when its buyer comes back from there; tell of the order."""
    token = bearer(request)
    return _status(services, services.payments.check(services.orders.get(order, token)), token)


def _status(services: Services, order: Order, token: str) -> dict[str, Any]:
    return orders.status(order, token, services.payments.offer(order, token), services.arrivals.of(order))


def _surroundings(request: Request) -> Surroundings:
    return surroundings(request.headers.get("user-agent", ""))
