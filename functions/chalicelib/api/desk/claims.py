"""Routes of the desk's claims: what buyers say is wrong, and how it is settled."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.api.requests import read_json
from chalicelib.api.responses import claims as responses
from chalicelib.api.routing import body_of
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.aftersales.claims import Claim
from chalicelib.domain.aftersales.commands import DeclineClaim, ReplaceClaimed, SettleClaim
from chalicelib.domain.orders.model import Order
from chalicelib.domain.staff import Device
from chalicelib.services.aftersales.claims import ClaimFound, claimed_batches, open_claims

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


@staff_route("GET /staff/claims", MANAGERS)
def claims(request: Request, services: Services, device: Device) -> Any:
    """Tell which claims wait for a decision, and which were decided last."""
    waiting, latest = open_claims(services.store, services.stage.clock), services.claims.latest()
    return responses.desk(waiting, latest, _of_batches(services, [*waiting, *latest]), services.photos.show)


@staff_route("POST /staff/claims/{order}/{claim}/settle", MANAGERS)
def settle(request: Request, services: Services, device: Device, order: str, claim: str) -> Any:
    """Pay for a claim, once however often it is asked."""
    asked = read_json(body_of(request), SettleClaim)
    return _told(services, *services.claims.settle(order, claim, asked, actor.device(device.id)))


@staff_route("POST /staff/claims/{order}/{claim}/replace", MANAGERS)
def replace_claimed(request: Request, services: Services, device: Device, order: str, claim: str) -> Any:
    """Send what was claimed again, once however often it is asked."""
    from chalicelib.services.aftersales.replacements import Replacements

    asked = read_json(body_of(request), ReplaceClaimed)
    replacements = Replacements(services.stage, services.store)
    return _told(services, *replacements.send(order, claim, asked, actor.device(device.id)))


@staff_route("POST /staff/claims/{order}/{claim}/decline", MANAGERS)
def decline(request: Request, services: Services, device: Device, order: str, claim: str) -> Any:
    """Decline a claim, for a reason that its buyer hears."""
    asked = read_json(body_of(request), DeclineClaim)
    return _told(services, *services.claims.decline(order, claim, asked, actor.device(device.id)))


def _told(services: Services, order: Order, claim: Claim) -> dict[str, Any]:
    found = ClaimFound(order, claim)
    return responses.at_desk(found, _of_batches(services, [found]), services.photos.show)


def _of_batches(services: Services, found: list[ClaimFound]) -> dict[tuple[str, str], int]:
    batches = {batch for one in found for batch in claimed_batches(one.order, one.claim)}
    return {batch: services.claims.of_batch(*batch) for batch in sorted(batches)}
