"""Routes for devices of the staff: whose each is, the one place that asks who calls, and that keeps the trail.

Each route but those that only read enters in the trail what is done by it, under its function's name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from chalice.app import Blueprint, Request, Response

from chalicelib.api.cookies import caller
from chalicelib.api.problems import problem
from chalicelib.api.routing import RouteReply, raw_body, route
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.desk.trail import TrailOutcome, about, facts
from chalicelib.domain.staff import Device, Role
from chalicelib.services.desk.trail import Trail

HOSTS: frozenset[Role] = frozenset({"host", "manager"})
PACKERS: frozenset[Role] = frozenset({"packer", "manager"})
BOARDS: frozenset[Role] = frozenset({"board", "manager"})
MANAGERS: frozenset[Role] = frozenset({"manager"})
BOOKKEEPERS: frozenset[Role] = frozenset({"bookkeeper", "manager"})
ALL: frozenset[Role] = HOSTS | PACKERS | BOARDS | BOOKKEEPERS

LARGEST_ON_TRAIL = 65_536
"""Bytes of a body of which the trail tells."""

StaffRoute = Callable[..., Callable[..., Any]]


def staff_routes(routes: Blueprint) -> StaffRoute:
    """Return what routes a rule on this blueprint for devices of some roles; the function is told which one calls.

    Where the rule has a {room}, it is for devices that may act there.
    """

    def staff_route(rule: str, roles: frozenset[Role], status: int = 200) -> Callable[..., Any]:
        def authorize(request: Request, services: Services) -> Device:
            return services.access.authorize(caller(request), roles, (request.uri_params or {}).get("room"))

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            kept = view if rule.startswith("GET ") else _on_trail(view, status)
            registered: Callable[..., Any] = route(routes, rule, status, guard=authorize)(kept)
            return registered

        return register

    return staff_route


def trail_of(services: Services) -> Trail:
    """Return the shop's trail."""
    return Trail(services.store.trail, services.stage.clock)


def _on_trail(view: Callable[..., Any], status: int) -> Callable[..., Any]:
    """The route's function, with an entry of the trail before it, and one of what came of it behind."""

    @wraps(view)
    def kept(request: Request, services: Services, device: Device, **parts: str) -> Any:
        trail, asked = trail_of(services), _asked(request)
        by = actor.device(device.id)
        entry = trail.begin(by, device.name, view.__name__, about(parts, asked), facts(asked))
        try:
            told = view(request, services, device, **parts)
        except Exception as error:
            code, _, body = problem(error)
            kind, reason = body["type"].rpartition("/")[2], str(body.get("reason", ""))
            trail.end(entry, TrailOutcome(trail.clock(), code, kind, reason))
            raise
        code, body = _answered(told, status)
        trail.end(entry, TrailOutcome(trail.clock(), code, facts=facts(body)))
        return told

    return kept


def _asked(request: Request) -> Any:
    """The body as far as the trail would tell of it: of a file nothing, and nothing of what is no JSON."""
    body = raw_body(request)
    try:
        return msgspec.json.decode(body) if body and len(body) <= LARGEST_ON_TRAIL else None
    except msgspec.DecodeError:
        return None


def _answered(told: Any, status: int) -> tuple[int, Any]:
    """The status and the body of an answer."""
    if isinstance(told, Response):
        return told.status_code, None
    return (told.status or status, told.body) if isinstance(told, RouteReply) else (status, told)
