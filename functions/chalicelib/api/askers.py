"""Who asks: the network and the browser of a request, and how often one network may ask for what costs it nothing.

Checkouts are limited by what they hold (domain/limits/network.py), and count nothing here.
"""

from chalice.app import Request

from chalicelib.api.routing import cookie
from chalicelib.bootstrap import Services
from chalicelib.domain.asker import BROWSER, MOST_ASKED, Asker, Purpose, network_of, viewer
from chalicelib.domain.errors import TooOften

COOKIE = "__Host-cunbo-browser"
"""What the site's scripts set before they ask for an order: nobody needs to trust it, since it only tells apart."""


def asker(request: Request) -> Asker:
    """Return from which network and which browser a request comes."""
    name = cookie(request, COOKIE)
    network = network_of(viewer(request.headers.get("x-forwarded-for", "")))
    return Asker(network, name if BROWSER.fullmatch(name) else "")


def address(request: Request) -> str:
    """Return the address on the internet that a request comes from, which providers ask for; empty where unknown."""
    return viewer(request.headers.get("x-forwarded-for", ""))


def admit(request: Request, services: Services, purpose: Purpose) -> Asker:
    """Count a request of its network, and return who asks; raise TooOften after too many in this hour, Busy."""
    who, now = asker(request), services.stage.clock()
    network = who.network_name(services.stage.keys, services.stage.today)
    if network and not services.store.limits.may_ask(f"{purpose}-{network}", now, MOST_ASKED[purpose]):
        raise TooOften(now)
    return who
