"""Routes for devices of the staff: whose each is, and the one place that asks who calls."""

from collections.abc import Callable
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.cookies import caller
from chalicelib.api.routing import route
from chalicelib.bootstrap import Services
from chalicelib.domain.staff import Device, Role

HOSTS: frozenset[Role] = frozenset({"host", "manager"})
PACKERS: frozenset[Role] = frozenset({"packer", "manager"})
BOARDS: frozenset[Role] = frozenset({"board", "manager"})
MANAGERS: frozenset[Role] = frozenset({"manager"})
BOOKKEEPERS: frozenset[Role] = frozenset({"bookkeeper", "manager"})
ALL: frozenset[Role] = HOSTS | PACKERS | BOARDS | BOOKKEEPERS

StaffRoute = Callable[..., Callable[..., Any]]


def staff_routes(routes: Blueprint) -> StaffRoute:
    """Return what routes a rule on this blueprint for devices of some roles; the function is told which one calls.

    Where the rule has a {room}, it is for devices that may act there.
    """

    def staff_route(rule: str, roles: frozenset[Role], status: int = 200) -> Callable[..., Any]:
        def authorize(request: Request, services: Services) -> Device:
            return services.access.authorize(caller(request), roles, (request.uri_params or {}).get("room"))

        return route(routes, rule, status, guard=authorize)

    return staff_route
