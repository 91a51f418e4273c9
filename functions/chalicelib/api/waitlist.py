"""Routes of the waitlist: joining it, and a place by its own token."""

from functools import partial
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.askers import admit
from chalicelib.api.ordering import answer, order_request, place_once
from chalicelib.api.requests import read_wait
from chalicelib.api.responses import waitlist
from chalicelib.api.routing import bearer, body_of, route
from chalicelib.bootstrap import Services
from chalicelib.domain.contact import is_phone
from chalicelib.domain.waitlist import Waiter

routes = Blueprint(__name__)


@route(routes, "POST /waitlist", status=202)
def join(request: Request, services: Services) -> Any:
    """Send the link to a place on the list of what is sold out; the same answer whoever asks, for whatever contact."""
    admit(request, services, "waitlist")
    asked = read_wait(body_of(request))
    if is_phone(asked.contact):
        admit(request, services, "sms")
    services.waitlist.join(asked)
    return {"state": "waiting"}


@route(routes, "GET /waitlist/{place}")
def place_in_line(request: Request, services: Services, place: str) -> Any:
    """Tell whoever holds its token of a place on a waitlist, which counts from the first time that it is opened."""
    return _told(services, services.waitlist.open(place, bearer(request)))


@route(routes, "POST /waitlist/{place}/take", status=201)
def take(request: Request, services: Services, place: str) -> Any:
    """Order what a place is invited to, once for each Idempotency-Key."""
    token, asked = bearer(request), order_request(request, services)
    waiter = services.waitlist.get(place, token)
    return answer(services, place_once(services, asked, partial(services.waitlist.take, waiter)))


@route(routes, "POST /waitlist/{place}/give-up")
def give_up(request: Request, services: Services, place: str) -> Any:
    """Give up a place, or what it is invited to."""
    return _told(services, services.waitlist.give_up(place, bearer(request)))


def _told(services: Services, waiter: Waiter) -> dict[str, Any]:
    catalog = services.stage.catalog
    offer = services.stock.offer(catalog, waiter.sku) if waiter.sku in catalog.packs else None
    return waitlist.place(waiter, offer)
