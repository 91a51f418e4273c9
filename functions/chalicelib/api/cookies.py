"""The cookies that the shop sets: the token of a device, and the room that sent a shopper."""

from datetime import timedelta

from chalice.app import Request

from chalicelib.api.routing import cookie
from chalicelib.bootstrap import Services
from chalicelib.domain.live import attribution
from chalicelib.domain.live.attribution import Attribution
from chalicelib.services.access import Caller

DEVICE = "__Host-cunbo"
DEVICE_LASTS = timedelta(days=400)
"""As long as browsers keep any cookie; a device is put out by revoking it, or by being unused."""


PAYER = "__Host-cunbo-payer"
PAYER_LASTS = timedelta(days=30)
"""An openid is personal data, and WeChat gives it again at any time."""


def device_cookie(token: str) -> str:
    """Return the header by which a browser keeps a device's token; forgets it where the token is empty."""
    lasts = int(DEVICE_LASTS.total_seconds()) if token else 0
    return f"{DEVICE}={token}; Path=/; Max-Age={lasts}; Secure; HttpOnly; SameSite=Strict"


def attribution_cookie(services: Services, came_from: Attribution) -> str:
    """Return the header by which a browser remembers the room that sent its shopper."""
    stage, lasts = services.stage, int(attribution.LASTS.total_seconds())
    value = attribution.cookie(stage.keys, came_from, stage.clock())
    return f"{attribution.COOKIE}={value}; Path=/; Max-Age={lasts}; Secure; HttpOnly; SameSite=Lax"


def payer_cookie(services: Services, openid: str) -> str:
    """Return the header by which a browser inside WeChat remembers who pays."""
    signature = services.stage.keys.signature("payer", openid)
    lasts = int(PAYER_LASTS.total_seconds())
    return f"{PAYER}={openid}.{signature}; Path=/; Max-Age={lasts}; Secure; HttpOnly; SameSite=Lax"


def payer_known(request: Request, services: Services) -> str:
    """Return who pays inside WeChat, as this stage has told their browser; empty where it has not."""
    openid, _, signature = cookie(request, PAYER).rpartition(".")
    return openid if openid and services.stage.keys.signed("payer", openid, signature) else ""


def came_from(request: Request, services: Services) -> Attribution | None:
    """Return the room that sent the shopper, as their browser remembers it; None where it does not."""
    return attribution.read(services.stage.keys, cookie(request, attribution.COOKIE), services.stage.clock())


def caller(request: Request) -> Caller:
    """Return who asks, as far as the request says."""
    headers = request.headers
    writes = request.method not in {"GET", "HEAD"}
    return Caller(cookie(request, DEVICE), writes, headers.get("origin", ""), headers.get("sec-fetch-site", ""))
