"""Routes of the newsletter: asked for, confirmed by a letter's link, and left with one tap."""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Request

from chalicelib.api.askers import admit
from chalicelib.api.requests import read_json
from chalicelib.api.routing import bearer, body_of, route
from chalicelib.bootstrap import Services

if TYPE_CHECKING:
    from chalicelib.services.voices.newsletter import Newsletter

routes = Blueprint(__name__)


@route(routes, "POST /newsletter", status=202)
def ask(request: Request, services: Services) -> Any:
    """Send the link that confirms an address; the same answer whoever asks, for whatever address."""
    from chalicelib.domain.voices.commands import AskNewsletter

    admit(request, services, "newsletter")
    _newsletter(services).ask(read_json(body_of(request), AskNewsletter))


@route(routes, "POST /newsletter/{signup}/confirm")
def confirm(request: Request, services: Services, signup: str) -> Any:
    """Put the address of a letter's link among the readers, which uses the link up."""
    return {"leave": _newsletter(services).confirm(signup, bearer(request))}


@route(routes, "POST /newsletter/leave/{reader}", status=204)
def leave(request: Request, services: Services, reader: str) -> Any:
    """Take a reader from the list: for the page, and for mail programs (RFC 8058), whose body says nothing more."""
    _newsletter(services).leave(reader)


def _newsletter(services: Services) -> "Newsletter":
    from chalicelib.services.voices.newsletter import Newsletter

    return Newsletter(services.stage, services.store)
