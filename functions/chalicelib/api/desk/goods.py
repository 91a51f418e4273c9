"""Routes of the desk's goods: what may be changed of a product at once."""

from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.api.requests import read_json
from chalicelib.api.responses import instant, pack_name, unit
from chalicelib.api.routing import body_of
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.desk.plan_commands import Amend
from chalicelib.domain.errors import NotFound
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.amendments import Amended, Amendment, said
from chalicelib.services.desk.goods import Good, GoodsDesk

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


@staff_route("GET /staff/goods", MANAGERS)
def goods(request: Request, services: Services, device: Device) -> Any:
    """Tell what is offered of each SKU, what the catalogue says of it, and what the desk has changed."""
    return {"goods": [_good(one, services) for one in _goods(services).see()]}


@staff_route("PUT /staff/goods/{sku}/amendments/{what}", MANAGERS)
def amend(request: Request, services: Services, device: Device, sku: str, what: str) -> Any:
    """Change at once what the catalogue says of a SKU, or take that back."""
    if what not in {*Amended}:
        raise NotFound(f"what may be amended: {', '.join(Amended)}")
    asked = read_json(body_of(request), Amend)
    return _good(_goods(services).amend(sku, Amended(what), asked, actor.device(device.id)), services)


def _goods(services: Services) -> GoodsDesk:
    return GoodsDesk(services.stage, services.store, services.stock, services.waitlist)


def _good(one: Good, services: Services) -> dict[str, Any]:
    catalog = services.stage.catalog
    product, pack = catalog.product_of[one.sku], catalog.packs[one.sku]
    says = said(catalog, one.sku)
    return {
        "sku": one.sku,
        "product": product.id,
        "name": pack_name(product, pack),
        "unit": unit(product),
        "said": {what: says[what] for what in Amended},
        "now": {what: one.amendments[what].to if what in one.amendments else says[what] for what in Amended},
        "amendments": [_amendment(held) for held in one.amendments.values()],
        "left": one.left,
        "waiting": one.waiting,
        "invited": one.invited,
        "drops": [{"drop": drop.id, "room": drop.room, "price": drop.price} for drop in one.drops],
    }


def _amendment(held: Amendment) -> dict[str, Any]:
    told = {"what": held.what, "to": held.to, "of": held.of, "since": instant(held.at), "by": held.by}
    return told | ({"until": instant(held.until)} if held.until else {})
