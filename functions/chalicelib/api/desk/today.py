"""Routes of the desk's first page: how the day stands, and what needs a person."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.bootstrap import Services
from chalicelib.domain.staff import Device

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


@staff_route("GET /staff/today", MANAGERS)
def today(request: Request, services: Services, device: Device) -> Any:
    """Tell how the day stands."""
    from chalicelib.api.responses import today as told
    from chalicelib.services.desk.today import look

    return told.today(look(services.stage, services.store), services.stage)
