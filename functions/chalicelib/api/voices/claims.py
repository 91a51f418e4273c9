"""Routes by which a buyer says that something of an order is wrong, with photographs."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.requests import read_json
from chalicelib.api.responses import claims as responses
from chalicelib.api.routing import bearer, body_of, key_of, route
from chalicelib.bootstrap import Services
from chalicelib.domain.aftersales.commands import AskPhotos, MakeClaim
from chalicelib.domain.errors import TooOften

routes = Blueprint(__name__)
MOST_PHOTOS_ASKED = 60
"""Forms for photographs that one order is given in an hour: a claim and a review for each line, and again."""
MOST_CLAIMS_ASKED = 30
"""Requests to claim something that one order makes in an hour."""


@route(routes, "GET /orders/{order}/claims")
def claims(request: Request, services: Services, order: str) -> Any:
    """Tell the order's buyer what can be claimed, and what has become of what was."""
    found = services.orders.get(order, bearer(request))
    return responses.claims(found, services.stage.clock(), services.photos.show, services.stage.keys.token)


@route(routes, "POST /orders/{order}/claims", status=201)
def claim(request: Request, services: Services, order: str) -> Any:
    """Claim something for the order's buyer, once for each Idempotency-Key."""
    token, asked = bearer(request), read_json(body_of(request), MakeClaim)
    found, now = services.orders.get(order, token), services.stage.clock()
    if not services.store.limits.may_ask(f"claims-{found.number}", now, MOST_CLAIMS_ASKED):
        raise TooOften(now)
    after, made = services.claims.make(found, asked, key_of(request))
    return responses.claim(after, made, services.photos.show)


@route(routes, "POST /orders/{order}/photos", status=201)
def photos(request: Request, services: Services, order: str) -> Any:
    """Give forms by which the order's buyer sends photographs to the shop."""
    token, asked = bearer(request), read_json(body_of(request), AskPhotos)
    found, now = services.orders.get(order, token), services.stage.clock()
    for _ in range(asked.count):
        if not services.store.limits.may_ask(f"photos-{found.number}", now, MOST_PHOTOS_ASKED):
            raise TooOften(now)
    return {"photos": services.photos.ask(asked.purpose, found.number, asked.count, now)}
