"""Routes by which a buyer says that something of an order is wrong, with photographs."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.requests import read_json
from chalicelib.api.routing import bearer, body_of, route
from chalicelib.bootstrap import Services
from chalicelib.domain.aftersales.commands import AskPhotos
from chalicelib.domain.errors import TooOften

routes = Blueprint(__name__)
MOST_PHOTOS_ASKED = 60
"""Forms for photographs that one order is given in an hour: a claim and a review for each line, and again."""


@route(routes, "POST /orders/{order}/photos", status=201)
def photos(request: Request, services: Services, order: str) -> Any:
    """Give forms by which the order's buyer sends photographs to the shop."""
    token, asked = bearer(request), read_json(body_of(request), AskPhotos)
    found, now = services.orders.get(order, token), services.stage.clock()
    for _ in range(asked.count):
        if not services.store.limits.may_ask(f"photos-{found.number}", now, MOST_PHOTOS_ASKED):
            raise TooOften(now)
    return {"photos": services.photos.ask(asked.purpose, found.number, asked.count, now)}
