"""How a body becomes an order, once for each Idempotency-Key.

**An order that exists wins over every refusal.** `Checkout.place` sees to that for a command. A body that is refused
before it is one, since a rule of its fields has changed or a provider has gone, is looked up here by its key: only
the body as it was sent can tell whether it is the one that made the order.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from chalice.app import Request

from chalicelib.api.askers import asker
from chalicelib.api.cookies import came_from
from chalicelib.api.requests import fingerprint, read_checkout
from chalicelib.api.responses import orders
from chalicelib.api.routing import body_of, key_of
from chalicelib.bootstrap import Services
from chalicelib.domain.asker import Asker
from chalicelib.domain.commands import PlaceOrder
from chalicelib.domain.errors import ShopError
from chalicelib.domain.live.attribution import Attribution
from chalicelib.services.checkout import Placed

Place = Callable[[PlaceOrder, str], Placed]
"""A use case that makes an order of a command, once for each key."""


class OrderRequest(msgspec.Struct, frozen=True):
    """A request for an order, not yet read: its Idempotency-Key, its body, the room that sent the shopper, who asks."""

    key: str
    body: bytes
    came_from: Attribution | None = None
    asker: Asker = Asker()


def order_request(request: Request, services: Services) -> OrderRequest:
    """Return what is asked for; raise Malformed where the body says that it is no JSON."""
    return OrderRequest(key_of(request), body_of(request), came_from(request, services), asker(request))


def place_once(services: Services, asked: OrderRequest, place: Place) -> Placed:
    """Return the order that `place` makes of the request, or the one that its key has already made; raise ShopError."""
    try:
        command = read_checkout(asked.body, services.payments.providers.keys())
    except ShopError:
        if earlier := services.checkout.replay(asked.key, lambda: fingerprint(asked.body)):
            return earlier
        raise
    return place(msgspec.structs.replace(command, came_from=asked.came_from, asker=asked.asker), asked.key)


def answer(services: Services, placed: Placed) -> dict[str, Any]:
    """Return the 201 of an order that was placed."""
    return orders.created(placed.order, placed.token, services.payments.offer(placed.order, placed.token))
