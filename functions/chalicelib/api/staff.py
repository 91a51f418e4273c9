"""Routes for people who work for the shop: each says whose it is, and `Access.authorize` is the one place that asks."""

from datetime import datetime, timedelta
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.askers import admit
from chalicelib.api.cookies import caller, device_cookie
from chalicelib.api.devices import ALL, BOARDS, HOSTS, MANAGERS, staff_routes, trail_of
from chalicelib.api.requests import DropEndRequest, EnrolRequest, PinRequest, read_address, read_json
from chalicelib.api.responses import figures, packing, rooms, staff
from chalicelib.api.responses.orders import refunded
from chalicelib.api.routing import RouteReply, body_of, key_of, query, route
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.commands import (
    AddUnits,
    AskRefund,
    Correct,
    EndShow,
    InviteDevice,
    OpenDrop,
    ReportShort,
    SetGoal,
    SetOrder,
)
from chalicelib.domain.desk.trail import TrailOutcome
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.staff import Device, goods_of, rooms_of
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.payments.refunds import Refunds

FIRST_YEAR, LAST_YEAR = 2000, 9998
"""Years of instants that a query may name: all of them have the same instant in UTC, too."""

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


# ---- Devices ----


@route(routes, "POST /staff/enrol", status=201)
def enrol(request: Request, services: Services) -> Any:
    """Enrol a device by an invitation: for whoever has its secret."""
    admit(request, services, "enrol")
    secret = read_json(body_of(request), EnrolRequest).invitation
    token, device = services.access.enrol(caller(request), key_of(request), secret)
    trail = trail_of(services)
    entry = trail.begin(actor.device(device.id), device.name, "enrol", {"device": device.id}, {"role": device.role})
    trail.end(entry, TrailOutcome(trail.clock(), 201))
    return RouteReply(staff.worker(device, services.stage.catalog), {"Set-Cookie": device_cookie(token)})


@staff_route("GET /staff/me", ALL)
def me(request: Request, services: Services, device: Device) -> Any:
    """Tell a device who it is."""
    return staff.worker(device, services.stage.catalog)


@staff_route("POST /staff/leave", ALL, status=204)
def leave(request: Request, services: Services, device: Device) -> Any:
    """Forget this device."""
    services.access.revoke(device.id)
    return RouteReply(headers={"Set-Cookie": device_cookie("")})


@staff_route("GET /staff/devices", MANAGERS)
def devices(request: Request, services: Services, device: Device) -> Any:
    """Tell who works here."""
    return staff.staff(*services.access.in_force(), services.stage.today)


@staff_route("POST /staff/devices/{other}/revoke", MANAGERS, status=204)
def revoke(request: Request, services: Services, device: Device, other: str) -> Any:
    """Revoke a device or an invitation."""
    services.access.revoke(other)


@staff_route("POST /staff/invitations", MANAGERS, status=201)
def invite(request: Request, services: Services, device: Device) -> Any:
    """Invite another device."""
    asked = read_json(body_of(request), InviteDevice)
    catalog = services.stage.catalog
    rooms = rooms_of(asked.role, asked.rooms, catalog.room_of)
    goods = goods_of(asked.role, asked.goods, [product.id for product in catalog.products])
    return staff.invited(*services.access.invite(asked.role, asked.name, rooms, goods=goods))


# ---- Orders ----


@staff_route("POST /staff/orders/{order}/refunds", MANAGERS, status=201)
def refund(request: Request, services: Services, device: Device, order: str) -> Any:
    """Give money back, once for each Idempotency-Key."""
    asked = read_json(body_of(request), AskRefund)
    refunds = Refunds(services.store, services.stage.clock)
    return refunded(*refunds.ask(order, asked, key_of(request), actor.device(device.id)))


@staff_route("POST /staff/orders/{order}/short", MANAGERS, status=201)
def report_short(request: Request, services: Services, device: Device, order: str) -> Any:
    """Pay back what cannot be sent, once for each Idempotency-Key; where nothing else is left, cancel the order."""
    asked = read_json(body_of(request), ReportShort)
    refunds = Refunds(services.store, services.stage.clock)
    found, refund = refunds.ask(order, asked, key_of(request), actor.device(device.id))
    return refunded(found, refund) | {"state": found.state}


@staff_route("POST /staff/orders/{order}/address", MANAGERS)
def set_address(request: Request, services: Services, device: Device, order: str) -> Any:
    """Send an order elsewhere, while nothing of it is packed."""
    asked = read_address(body_of(request))
    return packing.packed(change_address(services.stage, services.store, order, asked, actor.device(device.id)))


# ---- On air ----


@staff_route("GET /staff/rooms/{room}", HOSTS)
def console(request: Request, services: Services, device: Device, room: str) -> Any:
    """Tell hosts of a room."""
    return rooms.console(services.rooms.see(room))


@staff_route("GET /staff/cards", HOSTS)
def cards(request: Request, services: Services, device: Device) -> Any:
    """Tell hosts what to say of each product, and what not."""
    return rooms.cards(services.stage.catalog)


@staff_route("PUT /rooms/{room}/showing", HOSTS)
def pin(request: Request, services: Services, device: Device, room: str) -> Any:
    """Pin what a room shows."""
    asked = read_json(body_of(request), PinRequest)
    return rooms.console(services.rooms.pin(room, asked.sku, device))


@staff_route("POST /staff/rooms/{room}/show", HOSTS)
def start_show(request: Request, services: Services, device: Device, room: str) -> Any:
    """Start a show."""
    return rooms.console(services.rooms.start(room, device))


@staff_route("POST /staff/rooms/{room}/show/end", HOSTS)
def end_show(request: Request, services: Services, device: Device, room: str) -> Any:
    """End a show, and those of its drops that are named."""
    asked = read_json(body_of(request), EndShow)
    return rooms.console(services.rooms.end(room, asked, device))


@staff_route("PUT /staff/rooms/{room}/order", HOSTS)
def set_order(request: Request, services: Services, device: Device, room: str) -> Any:
    """Set the running order."""
    asked = read_json(body_of(request), SetOrder)
    return rooms.console(services.rooms.set_order(room, asked.skus, device))


@staff_route("PUT /staff/rooms/{room}/goal", HOSTS)
def set_goal(request: Request, services: Services, device: Device, room: str) -> Any:
    """Set how many units a show is to sell."""
    asked = read_json(body_of(request), SetGoal)
    return rooms.console(services.rooms.set_goal(room, asked.units, device))


@staff_route("POST /staff/rooms/{room}/corrections", HOSTS)
def correct(request: Request, services: Services, device: Device, room: str) -> Any:
    """Put right on air what was said wrongly."""
    asked = read_json(body_of(request), Correct)
    return rooms.console(services.rooms.correct(room, asked, device))


@staff_route("POST /staff/rooms/{room}/drops", HOSTS, status=201)
def open_drop(request: Request, services: Services, device: Device, room: str) -> Any:
    """Open a drop, once for each Idempotency-Key."""
    asked = read_json(body_of(request), OpenDrop)
    return rooms.console(services.rooms.open_drop(room, asked, key_of(request), device))


@staff_route("POST /staff/rooms/{room}/drops/{drop}/end", HOSTS)
def end_drop(request: Request, services: Services, device: Device, room: str, drop: str) -> Any:
    """End a drop."""
    asked = read_json(body_of(request), DropEndRequest)
    return rooms.console(services.rooms.end_drop(room, drop, asked.sku, device))


@staff_route("POST /staff/rooms/{room}/units", HOSTS)
def add_units(request: Request, services: Services, device: Device, room: str) -> Any:
    """Make more units than were planned, once for each Idempotency-Key."""
    asked = read_json(body_of(request), AddUnits)
    return rooms.console(services.rooms.add_units(room, asked, key_of(request), device))


@staff_route("POST /staff/rooms/{room}/units/take-back", HOSTS)
def take_back_units(request: Request, services: Services, device: Device, room: str) -> Any:
    """Take added units back: the same body and Idempotency-Key as those of the addition."""
    asked = read_json(body_of(request), AddUnits)
    return rooms.console(services.rooms.take_back_units(room, asked, key_of(request), device))


@staff_route("GET /staff/rooms/{room}/log", HOSTS)
def log(request: Request, services: Services, device: Device, room: str) -> Any:
    """Tell what a room has shown, at what price, and what was put right."""
    return rooms.log(services.rooms.log(room, _before(request, services)))


@staff_route("GET /staff/rooms/{room}/shows/{show}", HOSTS)
def report(request: Request, services: Services, device: Device, room: str, show: str) -> Any:
    """Tell what a show came to."""
    return figures.report(services.reports.show(room, show), services.stage.catalog)


@staff_route("GET /staff/board", BOARDS)
def board(request: Request, services: Services, device: Device) -> Any:
    """Tell the village's evening."""
    return figures.evening(services.figures.evening())


def _before(request: Request, services: Services) -> datetime:
    """The instant that the query names, else one that is still to come."""
    given = query(request, "before")
    try:
        at = datetime.fromisoformat(given[0]) if given else services.stage.clock() + timedelta(days=1)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Invalid([Fault("/before", "an instant, such as 2026-11-26T12:00:00.000Z")])
    return at
