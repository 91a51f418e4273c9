"""Routes of the desk's trail: who did what, and when."""

import re
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes, trail_of
from chalicelib.api.responses.desk import trail
from chalicelib.api.routing import query_day, query_one
from chalicelib.bootstrap import Services
from chalicelib.domain.desk.trail import KEPT_FOR, LAST_DIGITS, TrailQuery, kind_of_subject
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.staff import Device

PLACE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z(#[0-9a-f]{16})?", re.ASCII)
"""A place in the trail, as an earlier page has told it."""

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


@staff_route("GET /staff/trail", MANAGERS)
def find_trail(request: Request, services: Services, device: Device) -> Any:
    """Tell who did what: a page of the entries of these days, by whom, of which act, about what."""
    today = services.stage.today
    last = min(query_day(request, "until") or today, today)
    about, earliest = _about(request, services), today - KEPT_FOR
    first = max(query_day(request, "from") or (earliest if about else last), earliest)
    if first > last:
        raise Invalid([Fault("/from", "a day that is not after the last one, and not to come")])
    before = query_one(request, "before", most=60)
    if before and not (PLACE.fullmatch(before) and str(first) <= before[:10] <= "9999"):
        raise Invalid([Fault("/before", "the place that the page before has told")])
    by, act = (query_one(request, name, most=60) for name in ("by", "act"))
    asked = TrailQuery(first, last, by, act, about, before)
    return trail.page(trail_of(services).find(asked))


def _about(request: Request, services: Services) -> tuple[str, str] | None:
    words = query_one(request, "about", most=64).strip()
    found = kind_of_subject(words, [*services.stage.catalog.room_of]) if words else None
    if words and found is None:
        raise Invalid([Fault("/about", f"an order's number or its last {LAST_DIGITS} digits, a SKU, or a room")])
    return found
