"""Routes of the desk's plan: batches by day, what a change of them would break, and what cannot be kept."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from chalice.app import Blueprint, Request

from chalicelib.api.devices import MANAGERS, staff_routes
from chalicelib.api.problems import problem
from chalicelib.api.requests import read_json
from chalicelib.api.responses import goods_name, instant, questions, unit
from chalicelib.api.routing import batch_day, body_of, query, query_day, query_one
from chalicelib.bootstrap import Services
from chalicelib.catalog import WEEKDAYS, Catalog
from chalicelib.domain import actor
from chalicelib.domain.calendar import ships, within
from chalicelib.domain.desk.plan_commands import ChangePlan, ExpectRate
from chalicelib.domain.errors import Fault, Invalid, NotFound
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.danger import Danger
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import WaiterState
from chalicelib.services.desk.plan import ChangeOutcome, Effect, Plan, PlannedGoods
from chalicelib.services.packing.questions import Questions, told_by
from chalicelib.services.planning import Made, expect

routes = Blueprint(__name__)
staff_route = staff_routes(routes)

MOST_DAYS = 62
"""Days that are told of at once."""
MOST_PLACES = 200
"""People of a line that are told of."""


@staff_route("GET /staff/plan", MANAGERS)
def plan(request: Request, services: Services, device: Device) -> Any:
    """Tell the plan of some days: of each SKU what is made, promised and left, its drops, and who waits."""
    first, days = _first(request, services), _days(request)
    last = first + timedelta(days=days - 1)
    catalog = services.stage.catalog
    seen = _plan(services).see(first)
    return {
        "today": services.stage.today,
        "days": [_day(first + timedelta(days=after), catalog) for after in range(days)],
        "goods": [_goods(one, last, catalog) for one in seen],
        "drops": [_drop(drop, one, services) for one in seen for drop in one.drops],
        "rooms": {room.id: room.name for room in catalog.rooms},
    }


@staff_route("POST /staff/plan", MANAGERS)
def change_plan(request: Request, services: Services, device: Device) -> Any:
    """Change batches, or with `drill` tell what that would break."""
    asked = read_json(body_of(request), ChangePlan, 65_536)
    if asked.drill:
        _must_be_known(services, asked)
        return {"effects": [_effect(one) for one in _plan(services).drill(asked.changes)]}
    return {"outcomes": [_outcome(one) for one in _plan(services).change(asked.changes)]}


@staff_route("GET /staff/dangers", MANAGERS)
def dangers(request: Request, services: Services, device: Device) -> Any:
    """Tell which promises cannot be kept."""
    texts = bool(services.stage.settings.sms_by)
    return {"dangers": [_danger(one) | {"told_by": told_by(one.order, texts)} for one in _plan(services).dangers()]}


@staff_route("POST /staff/batches/{sku}/{day}/ask", MANAGERS)
def ask(request: Request, services: Services, device: Device, sku: str, day: str) -> Any:
    """Ask the buyers of what is promised of a batch beyond what is made; each is asked once."""
    found, day_ = Questions(services.store, services.stage.clock), batch_day(day)
    _plan(services).admit(sku, day_)
    found.go_on(sku, day_, actor.device(device.id))
    return questions.short_day(found.short_day(sku, day_), bool(services.stage.settings.sms_by))


@staff_route("GET /staff/waiting/{sku}", MANAGERS)
def waiting(request: Request, services: Services, device: Device, sku: str) -> Any:
    """Tell who waits for a SKU, the first in line first, and who is invited; with ?contacts=1 how to reach them."""
    line = [*services.store.waitlist.line(sku)][:MOST_PLACES]
    invited = [
        one
        for partition in services.store.waitlist.due()
        for one in partition
        if one.sku == sku and one.state is WaiterState.INVITED
    ]
    wanted = bool(query(request, "contacts"))
    people = services.store.waitlist.load_many(entry.number for entry in line) if wanted else []
    contacts = {one.number: {"contact": one.contact} for one in [*people, *(invited if wanted else [])]}
    return {
        "sku": sku,
        "invited": [
            {"units": one.units, "until": instant(one.until) if one.until else None, **contacts.get(one.number, {})}
            for one in invited
        ],
        "places": [
            {
                "since": instant(entry.joined),
                "units": entry.quantity,
                "fewer": entry.fewer,
                **contacts.get(entry.number, {}),
            }
            for entry in line
        ],
    }


@staff_route("PUT /staff/goods/{sku}/rate", MANAGERS)
def set_rate(request: Request, services: Services, device: Device, sku: str) -> Any:
    """Have the SKU's batches take so many orders a second."""
    asked, catalog = read_json(body_of(request), ExpectRate), services.stage.catalog
    if sku not in catalog.packs:
        raise NotFound(f"{sku} is not sold here")
    batches = expect(catalog, services.store, sku, asked.rate, services.stage.today)
    return {"sku": sku, "rate": asked.rate, "batches": len(batches)}


def _plan(services: Services) -> Plan:
    return Plan(services.stage, services.store, services.stock, services.waitlist)


def _first(request: Request, services: Services) -> date:
    return query_day(request, "from") or services.stage.today


def _days(request: Request) -> int:
    given = query_one(request, "days", "14")
    if not given.isascii() or not given.isdigit() or len(given) > 2 or not 1 <= int(given) <= MOST_DAYS:
        raise Invalid([Fault("/days", f"a whole number from 1 to {MOST_DAYS}")])
    return int(given)


def _must_be_known(services: Services, asked: ChangePlan) -> None:
    known = {*services.stage.catalog.packs, *services.store.stock.skus()}
    faults = [
        Fault(f"/changes/{n}/sku", f"{one.sku} is not sold here", sku=one.sku)
        for n, one in enumerate(asked.changes)
        if one.sku not in known
    ]
    if faults:
        raise Invalid(faults)


def _day(day: date, catalog: Catalog) -> dict[str, Any]:
    """A day, and where nothing ships on it, why: a weekly day of rest has no words of its own."""
    calendar = catalog.shop.calendar
    told: dict[str, Any] = {"day": day, "ships": ships(day, calendar)}
    if told["ships"]:
        return told
    why = next((one.why for one in (*calendar.closed, *calendar.pauses) if within(day, [one])), None)
    return told | ({"why": why} if why else {"rest": WEEKDAYS[day.weekday()]})


def _goods(one: PlannedGoods, last: date, catalog: Catalog) -> dict[str, Any]:
    product = catalog.product_of.get(one.sku)
    return {
        "sku": one.sku,
        "name": goods_name(one.sku, product, catalog.packs.get(one.sku)),
        "unit": unit(product),
        "product": product.id if product else "",
        "per_day": product.production.per_day if product else 0,
        "rate": one.rate,
        "off": one.off,
        "waiting": {"people": len(one.line), "units": sum(entry.quantity for entry in one.line)},
        "batches": [
            {"ship_by": day, **_made(made), "recalled": day in one.recalled}
            for day, made in sorted(one.made.items())
            if day <= last
        ],
    }


def _made(made: Made) -> dict[str, Any]:
    own = made.own
    kept, planned = (own.kept, own.planned) if own else (0, 0)
    left = made.sellable
    return {
        "made": made.units,
        "planned": planned,
        "promised": made.promised,
        "left": left,
        "in_drops": made.held,
        "kept": kept,
        "invited": own.offered if own else 0,
        "beyond": made.beyond,
        "unmade": own.unmade if own else 0,
        "closed": bool(own) and not left and not kept and (not made.units or made.units < planned),
    }


def _drop(drop: Drop, one: PlannedGoods, services: Services) -> dict[str, Any]:
    batches = [made.drops[drop] for made in one.made.values() if drop in made.drops]
    return {
        "drop": drop.id,
        "sku": drop.sku,
        "room": drop.room,
        "price": drop.price,
        "units": drop.units,
        "promised": sum(batch.promised for batch in batches),
        "left": sum(batch.sellable for batch in batches),
        "limit": drop.limit,
        "opens": instant(drop.opens),
        "closes": instant(drop.closes),
        "on": drop.is_on(services.stage.clock()),
    }


def _effect(one: Effect) -> dict[str, Any]:
    return {
        "sku": one.asked.sku,
        "ship_by": one.asked.ship_by,
        "now": one.now,
        "units": one.units,
        "promised": one.promised,
        "left": one.left,
        "beyond": one.beyond,
        "orders": _dangers(one.orders),
        "drops": [*one.drops],
        "recalled": one.recalled,
        "served": {"people": one.served, "units": one.given},
        "changed": one.changed,
    }


def _outcome(one: ChangeOutcome) -> dict[str, Any]:
    told = {"sku": one.asked.sku, "ship_by": one.asked.ship_by, "done": one.refusal is None, **_made(one.made)}
    return told | ({"refusal": problem(one.refusal)[2]} if one.refusal else {})


def _dangers(found: Iterable[Danger]) -> list[dict[str, Any]]:
    return [_danger(one) for one in found]


def _danger(one: Danger) -> dict[str, Any]:
    return {
        "order": one.order.number,
        "sku": one.sku,
        "shelf": one.shelf,
        "ship_by": one.ship_by,
        "units": one.units,
        "state": one.order.state,
    }
