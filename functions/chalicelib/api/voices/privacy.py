"""Routes by which a buyer learns what is kept of them, puts it right, and has it forgotten."""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Request

from chalicelib.api.requests import email_or_none, read_address, read_json
from chalicelib.api.routing import bearer, body_of, route
from chalicelib.bootstrap import Services
from chalicelib.domain.actor import BUYER
from chalicelib.domain.errors import TooOften

if TYPE_CHECKING:
    from chalicelib.domain.orders.model import Order
    from chalicelib.services.voices.personal import PersonalData

routes = Blueprint(__name__)

MOST_CORRECTED = 10
"""How often in an hour an order is put right by its buyer."""


@route(routes, "GET /orders/{order}/data")
def data(request: Request, services: Services, order: str) -> Any:
    """Tell all that is kept of an order's buyer; of all their orders, where the link proves whose they are."""
    return _told(services, services.orders.get(order, bearer(request)), bearer(request))


@route(routes, "POST /orders/{order}/email")
def correct_email(request: Request, services: Services, order: str) -> Any:
    """Have the letters about an order go elsewhere, or nowhere."""
    from chalicelib.domain.voices.personal_commands import CorrectEmail

    token, asked = bearer(request), read_json(body_of(request), CorrectEmail)
    _once_more(services, services.orders.get(order, token))
    return _told(services, _people(services).correct_email(order, email_or_none(asked.email)), token)


@route(routes, "POST /orders/{order}/address")
def correct_address(request: Request, services: Services, order: str) -> Any:
    """Have an order go elsewhere, while nothing of it is packed."""
    from chalicelib.services.packing.addresses import change_address

    token, asked = bearer(request), read_address(body_of(request))
    _once_more(services, services.orders.get(order, token))
    return _told(services, change_address(services.stage, services.store, order, asked, BUYER), token)


@route(routes, "POST /orders/{order}/forget")
def forget(request: Request, services: Services, order: str) -> Any:
    """Forget the buyer of an order, or of all orders of the phone or mailbox that the link proves."""
    from chalicelib.domain.voices.personal_commands import ForgetOrder

    token, asked = bearer(request), read_json(body_of(request), ForgetOrder)
    found, people = services.orders.get(order, token), _people(services)
    if not asked.person:
        return _told(services, people.forget(order), token)
    people.forget_person(*people.orders_proven(found, token))
    return _told(services, services.orders.load(order), token)


def _people(services: Services) -> "PersonalData":
    """Here, since a cold start tells nobody what is kept."""
    from chalicelib.services.voices.personal import people_of

    return people_of(services.stage, services.store, services.orders, services.photos)


def _told(services: Services, order: "Order", token: str) -> dict[str, Any]:
    from chalicelib.api.responses.people import kept_of_order, kept_of_person

    people = _people(services)
    told = kept_of_order(people.of_order(order))
    if people.proven(order, token):
        contact, orders = people.orders_proven(order, token)
        told["person"] = kept_of_person(contact, people.of_person(contact, orders))
    return told


def _once_more(services: Services, order: "Order") -> None:
    now = services.stage.clock()
    if not services.store.limits.may_ask(f"correct-{order.number}", now, MOST_CORRECTED):
        raise TooOften(now)
