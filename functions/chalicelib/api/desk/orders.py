"""Routes of the desk's orders: search, an order's story, and what may be done about it.

Services of the desk are imported by the routes: the public API's cold start does not pay for them.
"""

from collections import Counter
from datetime import date
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.api.requests import read_json
from chalicelib.api.routing import batch_day, body_of, key_of, query, query_day, query_one
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.staff import Device

routes = Blueprint(__name__)
staff_route = staff_routes(routes)

MOST_LATER = 6
"""Later days that are offered for an order."""


@staff_route("GET /staff/orders", MANAGERS)
def find(request: Request, services: Services, device: Device) -> Any:
    """Find orders by what was typed, or list them."""
    from chalicelib.api.responses.desk.orders import found
    from chalicelib.domain.desk.commands import FindOrders
    from chalicelib.domain.desk.typed import read
    from chalicelib.services.desk.search.find import Finder

    skus = {*services.stage.catalog.packs}
    asked = FindOrders(
        typed=read(query_one(request, "q"), skus),
        state=_state(request),
        sku=query_one(request, "sku", most=64),
        room=query_one(request, "room", most=64),
        day=query_day(request, "day"),
        ship_by=query_day(request, "ship_by"),
        cursor=query_one(request, "cursor", most=80),
    )
    return found(Finder(services.stage, services.store).find(asked))


@staff_route("GET /staff/orders/{order}", MANAGERS)
def story(request: Request, services: Services, device: Device, order: str) -> Any:
    """Tell an order's whole story."""
    return _story(services, services.orders.load(order))


@staff_route("POST /staff/orders/{order}/cancel", MANAGERS)
def cancel(request: Request, services: Services, device: Device, order: str) -> Any:
    """Cancel an order for the village: its money goes back, and its buyer is told."""
    from chalicelib.services.order_changes import cancel_by_seller

    services.orders.load(order)
    return _changed(services, cancel_by_seller(services.store, services.stage.clock, order, actor.device(device.id)))


@staff_route("POST /staff/orders/{order}/refunds/{refund}/by-hand", MANAGERS)
def paid_by_hand(request: Request, services: Services, device: Device, order: str, refund: str) -> Any:
    """Note that a person has paid back what no provider could: by transfer, or in cash."""
    from chalicelib.services.payments.refunds import Refunds

    return _changed(services, Refunds(services.store, services.stage.clock).paid_by_hand(order, refund))


@staff_route("POST /staff/orders/{order}/postpone", MANAGERS)
def postpone(request: Request, services: Services, device: Device, order: str) -> Any:
    """Have an order ship by a later day; its buyer is told, and may cancel."""
    from chalicelib.domain.desk.commands import PostponeOrder
    from chalicelib.domain.stock.promise import TooFew
    from chalicelib.services import order_changes

    asked = read_json(body_of(request), PostponeOrder)
    services.orders.load(order)
    by = actor.device(device.id)
    try:
        after = order_changes.postpone(services.store, services.stage.clock, order, asked.ship_by, by)
    except TooFew as few:
        words = f"from that day on only {few.left} are left of one of its lines"
        raise Invalid([Fault("/ship_by", words, left=few.left)]) from None
    return _changed(services, after)


@staff_route("POST /staff/orders/{order}/notes", MANAGERS, status=201)
def note(request: Request, services: Services, device: Device, order: str) -> Any:
    """Note something about an order for the team, once for each Idempotency-Key."""
    from chalicelib.domain.desk.commands import AddNote
    from chalicelib.services.desk.acts import DeskActs

    asked = read_json(body_of(request), AddNote)
    services.orders.load(order)
    by = actor.device(device.id)
    return _changed(services, DeskActs(services.stage, services.store).add_note(order, asked, key_of(request), by))


@staff_route("POST /staff/orders/{order}/letters", MANAGERS)
def write(request: Request, services: Services, device: Device, order: str) -> Any:
    """Write to an order's buyer, once for each Idempotency-Key; a drill only tells how it would read."""
    from chalicelib.api.responses.desk.orders import drafted
    from chalicelib.domain.desk.commands import WriteBuyer
    from chalicelib.services.desk.acts import DeskActs, draft

    asked = read_json(body_of(request), WriteBuyer)
    found = services.orders.load(order)
    if asked.drill:
        return drafted(draft(services.stage, found, asked))
    by = actor.device(device.id)
    after = DeskActs(services.stage, services.store).write(order, asked, key_of(request), by)
    return drafted(draft(services.stage, after, asked))


@staff_route("POST /staff/batches/{sku}/{day}/postpone", MANAGERS)
def postpone_batch(request: Request, services: Services, device: Device, sku: str, day: str) -> Any:
    """Have all orders of a batch ship by a later day, some at a time; a drill only tells whom that meets."""
    from chalicelib.api.responses.desk.orders import moved
    from chalicelib.domain.desk.commands import PostponeBatch
    from chalicelib.services.desk.batches import BatchMoves

    asked = read_json(body_of(request), PostponeBatch)
    moves, batch = BatchMoves(services.stage, services.store), batch_day(day)
    if asked.drill:
        return moved(moves.look(sku, batch, asked.ship_by), _texts(services))
    return moved(moves.move(sku, batch, asked.ship_by, actor.device(device.id)), _texts(services))


def _story(services: Services, order: Order) -> Any:
    from chalicelib.api.responses.desk.orders import story

    return story(order, services.access.names(), _texts(services), _later(services, order))


def _later(services: Services, order: Order) -> list[date]:
    """The first later days from which batches hold what the order has, by a look at the stock that is a second old."""
    if order.state not in (State.AWAITING_PAYMENT, State.PAID):
        return []
    wanted = Counter[str]()
    for line in order.lines:
        wanted[line.sku] += sum(part.quantity for part in line.parts)
    batches = {sku: services.stock.look(sku).batches for sku in wanted}
    days = {one.ship_by for each in batches.values() for one in each if one.left and one.ship_by > order.ship_by}
    return [
        day
        for day in sorted(days)
        if all(sum(one.left for one in batches[sku] if one.ship_by >= day) >= units for sku, units in wanted.items())
    ][:MOST_LATER]


def _changed(services: Services, order: Order) -> Any:
    from chalicelib.api.responses.desk.orders import changed

    return changed(order, _texts(services))


def _texts(services: Services) -> bool:
    return bool(services.stage.settings.sms_by)


def _state(request: Request) -> State | None:
    if not query(request, "state"):
        return None
    try:
        return State(query_one(request, "state"))
    except ValueError:
        raise Invalid([Fault("/state", f"one of: {', '.join(State)}")]) from None
