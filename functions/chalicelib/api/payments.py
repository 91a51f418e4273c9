"""Routes for payment providers: their events."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.routing import raw_body, route
from chalicelib.bootstrap import Services

routes = Blueprint(__name__)


@route(routes, "POST /payments/{provider}/events", status=204)
def provider_event(request: Request, services: Services, provider: str) -> Any:
    """Hear a provider's news; they are believed only with its signature over the raw body."""
    handle_event(request, services, provider)


def handle_event(request: Request, services: Services, provider: str) -> None:
    """Handle the event of this provider that the request brings; raise NotFound, Unauthorized, Malformed."""
    now = services.stage.clock()
    event = services.payments.provider(provider).read(request.headers, raw_body(request), now)
    services.payments.handle_event(provider, event)
