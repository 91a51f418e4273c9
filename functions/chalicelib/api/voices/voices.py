"""Routes for reviews, comments and stories: buyers and readers send them, pages ask for those that are shown.

What everybody is answered alike lies below /voices, which the edge keeps; what needs a token or sends something does
not, since nothing personal passes there.
"""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Request

from chalicelib.api.askers import admit
from chalicelib.api.requests import read_json
from chalicelib.api.routing import bearer, body_of, route
from chalicelib.bootstrap import Services

if TYPE_CHECKING:
    from chalicelib.services.voices.voices import Voices

routes = Blueprint(__name__)
KEPT = "public, max-age=60"
"""How long the edge and browsers keep what is shown: so long may a voice be read that was withdrawn."""
MOST_BYTES = 32_768
"""Bytes of a story."""


@route(routes, "GET /voices/{kind}/{about}", cache=KEPT)
def shown(request: Request, services: Services, kind: str, about: str) -> Any:
    """Tell what is shown of goods, a story or a film, the latest first."""
    from chalicelib.api.responses import voices

    return voices.page(_voices(services).shown(kind, about), services.photos.show)


@route(routes, "GET /voices/{kind}/{about}/{after}", cache=KEPT)
def shown_after(request: Request, services: Services, kind: str, about: str, after: str) -> Any:
    """Tell the next page of what is shown."""
    from chalicelib.api.responses import voices

    return voices.page(_voices(services).shown(kind, about, after), services.photos.show)


@route(routes, "GET /orders/{order}/reviews")
def reviews(request: Request, services: Services, order: str) -> Any:
    """Tell an order's buyer what they can review, and what they have said."""
    from chalicelib.api.responses import voices

    found = services.orders.get(order, bearer(request))
    return voices.reviewable(_voices(services).reviewable(found), services.photos.show)


@route(routes, "PUT /orders/{order}/reviews/{sku}")
def review(request: Request, services: Services, order: str, sku: str) -> Any:
    """Keep what an order's buyer says of one of its lines."""
    from chalicelib.api.responses import voices
    from chalicelib.domain.voices.commands import SayReview

    found = services.orders.get(order, bearer(request))
    asked = read_json(body_of(request), SayReview, MOST_BYTES)
    return voices.review(_voices(services).review(found, sku, asked), services.photos.show)


@route(routes, "DELETE /orders/{order}/reviews/{sku}", status=204)
def take_back(request: Request, services: Services, order: str, sku: str) -> Any:
    """Forget what an order's buyer says of one of its lines."""
    _voices(services).take_back(services.orders.get(order, bearer(request)), sku)


@route(routes, "POST /comments", status=202)
def comment(request: Request, services: Services) -> Any:
    """Keep what a reader says until the manager has seen it; the same answer whatever becomes of it."""
    from chalicelib.domain.voices.commands import SayComment

    admit(request, services, "voice")
    _voices(services).comment(read_json(body_of(request), SayComment, MOST_BYTES))


@route(routes, "POST /stories", status=202)
def tell(request: Request, services: Services) -> Any:
    """Keep a story that a reader sends until the manager has seen it."""
    from chalicelib.domain.voices.commands import TellStory

    admit(request, services, "voice")
    _voices(services).tell(read_json(body_of(request), TellStory, MOST_BYTES))


def _voices(services: Services) -> "Voices":
    from chalicelib.services.voices.voices import Voices

    return Voices(services.stage, services.store, services.photos)
