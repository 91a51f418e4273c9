"""Routes for payment providers: their events."""

from typing import Any

from chalice.app import Blueprint, Request, Response

from chalicelib.api.routing import raw_body, route
from chalicelib.bootstrap import Services
from chalicelib.domain.errors import PaymentAway
from chalicelib.payments.port import Away

routes = Blueprint(__name__)


@route(routes, "POST /payments/{provider}/events", status=204)
def provider_event(request: Request, services: Services, provider: str) -> Any:
    """Hear a provider's news; they are believed only with its signature over the raw body."""
    return _hear(request, services, provider)


@route(routes, "POST /payments/sandbox/events", status=204)
def sandbox_event(request: Request, services: Services) -> Any:
    """Hear the sandbox: API Gateway, once at /payments/sandbox, does not go back to try {provider}."""
    return _hear(request, services, "sandbox")


def _hear(request: Request, services: Services, name: str) -> Response:
    provider = services.payments.provider(name)
    try:
        news = services.payments.read(name, request.headers, raw_body(request))
    except Away as away:  # some news names a payment alone, and the provider is asked whose it is: it tells again
        raise PaymentAway(f"{name} does not say what its news is about: {away}") from None
    services.payments.hear(name, news)
    heard = provider.heard
    return Response(
        body=heard.body.decode(), status_code=heard.status, headers={"Cache-Control": "no-store", **heard.headers}
    )
