"""Routes that lead from a livestream to the shop, and tell everybody what a room shows."""

import re
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.askers import admit
from chalicelib.api.cookies import attribution_cookie, came_from
from chalicelib.api.requests import ScanRequest, read_json
from chalicelib.api.responses import rooms
from chalicelib.api.routing import RouteReply, body_of, reads_english, route
from chalicelib.bootstrap import Services

JAR_CODE = re.compile(r"[0-9A-Za-z-]{1,64}/\d{8}", re.ASCII)
"""SKU and day, as the code on a jar has them."""

routes = Blueprint(__name__)


def scanned(request: Request, services: Services, room: str, sku: str | None = None) -> Any:
    """Lead whoever has scanned a room's code, or a product's, to what the room shows now, or to the product."""
    path, sent_by = services.rooms.scan_target(room, sku)
    headers = {"Location": f"/en{path}" if reads_english(request) else path}
    if sent_by:
        headers["Set-Cookie"] = attribution_cookie(services, sent_by)
    return RouteReply(headers=headers, status=302)


for link in ("/q/{room}", "/q/{room}/{sku}", "/Q/{room}", "/Q/{room}/{sku}"):  # a code of capitals is smaller
    route(routes, f"GET {link}")(scanned)


def scanned_jar(request: Request, services: Services, sku: str, day: str) -> Any:
    """Lead whoever has scanned a jar's code to its page; what is no code of ours leads there too, and is told so."""
    named = f"#{sku.lower()}/{day}" if JAR_CODE.fullmatch(f"{sku}/{day}") else "#unknown"
    path = f"/en/jar/{named}" if reads_english(request) else f"/jar/{named}"
    return RouteReply(headers={"Location": path}, status=302)


for link in ("/q/jar/{sku}/{day}", "/Q/JAR/{sku}/{day}"):
    route(routes, f"GET {link}")(scanned_jar)


@route(routes, "POST /scans", status=204)
def scan(request: Request, services: Services) -> Any:
    """Count a scan, once the page that it led to is there; only one that the code's own link has signed counts."""
    admit(request, services, "scan")
    services.figures.scan(read_json(body_of(request), ScanRequest).room, came_from(request, services))


@route(routes, "GET /rooms/{room}", cache="public, max-age=1")
def room_now(request: Request, services: Services, room: str) -> Any:
    """Tell what a room shows now."""
    return rooms.shown(services.rooms.shown(room), services.stage.settings.poll)


@route(routes, "GET /rooms/{room}/shows", cache="public, max-age=5")
def shows(request: Request, services: Services, room: str) -> Any:
    """Tell of a room's last shows."""
    return rooms.shows(services.rooms.shows(room))
