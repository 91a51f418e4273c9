"""Routes for packers: the board, labels, parcels, and what the carrier takes; and for carriers, who tell of it."""

from typing import Any

import msgspec
from chalice.app import Blueprint, Request, Response

from chalicelib.api.devices import MANAGERS, PACKERS, staff_routes
from chalicelib.api.requests import MOST_OF_FILE, read_json
from chalicelib.api.responses import packing, questions, recalls
from chalicelib.api.routing import batch_day, body_of, key_of, query_day, query_one, raw_body, route
from chalicelib.bootstrap import Services
from chalicelib.domain import actor
from chalicelib.domain.commands import (
    AskLate,
    BearNumber,
    ImportNumbers,
    LabelJars,
    PackParcel,
    PrintLabels,
    RecallBatch,
    ReportShortDay,
)
from chalicelib.domain.errors import CannotPack, Fault, Invalid, PackFault
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.packing import carriers
from chalicelib.domain.staff import Device
from chalicelib.services.packing import passports
from chalicelib.services.packing.afternoon import look
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.questions import Questions
from chalicelib.services.packing.recalls import Recalls
from chalicelib.services.packing.sheets import PackingSheets
from chalicelib.services.packing.tracking import LONGEST_NUMBER

routes = Blueprint(__name__)
staff_route = staff_routes(routes)


@staff_route("GET /staff/packing", PACKERS)
def board(request: Request, services: Services, device: Device) -> Any:
    """Tell what stands in the packing room."""
    entries = _bench(services, device).board(query_day(request, "ship_by"))
    return packing.board(entries, services.stage.catalog, services.stage.clock())


@staff_route("POST /staff/packing/waves", PACKERS, status=201)
def print_labels(request: Request, services: Services, device: Device) -> Any:
    """Print the labels of a wave, once for each Idempotency-Key."""
    asked = read_json(body_of(request), PrintLabels)
    key = key_of(request)
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid([Fault("/Idempotency-Key", "the header Idempotency-Key: 16 to 64 letters, digits, _ and -")])
    wave = packing.wave_of(key)
    orders = _bench(services, device).wave(asked.orders, wave, actor.device(device.id))
    return packing.labels(orders, services.stage.catalog, wave)


@staff_route("POST /staff/orders/{order}/label", PACKERS)
def print_label(request: Request, services: Services, device: Device, order: str) -> Any:
    """Print one label, again where it was printed."""
    found = _bench(services, device).label(order, actor.device(device.id))
    return packing.labels([found], services.stage.catalog, "")


@staff_route("POST /staff/orders/{order}/label/pull", PACKERS)
def pull_label(request: Request, services: Services, device: Device, order: str) -> Any:
    """Note that the label of an order that is over was thrown away."""
    return packing.packed(_bench(services, device).pull(order, actor.device(device.id)))


@staff_route("POST /staff/orders/{order}/parcels", PACKERS, status=201)
def pack(request: Request, services: Services, device: Device, order: str) -> Any:
    """Pack a parcel, once for each Idempotency-Key."""
    asked = read_json(body_of(request), PackParcel)
    try:
        return packing.parcel(*_bench(services, device).pack(order, asked, key_of(request), actor.device(device.id)))
    except CannotPack as refusal:
        refusal.name = services.access.names().get(refusal.by, "") if refusal.by else ""
        raise


@staff_route("GET /staff/orders/{order}/parcels", PACKERS)
def parcels(request: Request, services: Services, device: Device, order: str) -> Any:
    """Tell which parcels an order has, what is in them, where they are and who packed them."""
    return packing.packed(_bench(services, device).order(order), services.access.names())


@staff_route("POST /staff/parcels/{parcel}/unpack", PACKERS)
def unpack(request: Request, services: Services, device: Device, parcel: str) -> Any:
    """Take a parcel apart."""
    return packing.packed(_bench(services, device).unpack(parcel, actor.device(device.id)))


@staff_route("POST /staff/parcels/{parcel}/handover", PACKERS)
def hand_over(request: Request, services: Services, device: Device, parcel: str) -> Any:
    """Give a parcel to the carrier."""
    asked, by = _number(request), actor.device(device.id)
    return packing.packed(_bench(services, device).hand_over(parcel, asked, by))


@staff_route("PUT /staff/parcels/{parcel}/number", PACKERS)
def set_number(request: Request, services: Services, device: Device, parcel: str) -> Any:
    """Put the carrier's number on a parcel."""
    asked, by = _number(request), actor.device(device.id)
    if not asked.tracking_number:
        raise Invalid([Fault("/tracking_number", "the carrier's number of the parcel")])
    return packing.packed(_bench(services, device).set_number(parcel, asked, by))


@staff_route("POST /staff/parcels/{parcel}/take-back", PACKERS)
def take_back(request: Request, services: Services, device: Device, parcel: str) -> Any:
    """Take back a parcel that was handed over by mistake."""
    return packing.packed(_bench(services, device).take_back(parcel, actor.device(device.id)))


@staff_route("POST /staff/parcels/{parcel}/return", PACKERS)
def came_back(request: Request, services: Services, device: Device, parcel: str) -> Any:
    """Note that a parcel is in the village again."""
    return packing.packed(_bench(services, device).came_back(parcel, actor.device(device.id)))


@staff_route("POST /staff/parcels/{parcel}/resend", PACKERS)
def send_again(request: Request, services: Services, device: Device, parcel: str) -> Any:
    """Have what came back packed once more."""
    return packing.packed(_bench(services, device).send_again(parcel, actor.device(device.id)))


@staff_route("GET /staff/packing/export", MANAGERS)
def export(request: Request, services: Services, device: Device) -> Any:
    """Give what is to be shipped as a spreadsheet for the carrier: names, phones and streets are whole in it."""
    profile = query_one(request, "profile", "parts")
    return packing.sheet(_sheets(services).export(profile, query_day(request, "until")))


@staff_route("POST /staff/packing/numbers", MANAGERS)
def import_numbers(request: Request, services: Services, device: Device) -> Any:
    """Put the carrier's numbers of a spreadsheet on their parcels, and answer each row."""
    asked = read_json(body_of(request), ImportNumbers, MOST_OF_FILE)
    return packing.rows(_sheets(services).set_numbers(asked.file, asked.carrier, actor.device(device.id)))


@staff_route("POST /staff/batches/{sku}/{day}/labels", PACKERS)
def label_jars(request: Request, services: Services, device: Device, sku: str, day: str) -> Any:
    """Give what stands on the jars of a batch, with the code that opens its passport."""
    asked = read_json(body_of(request), LabelJars)
    product = services.stage.catalog.product_of.get(sku)
    if product and device.goods is not None and product.id not in device.goods:
        raise CannotPack(PackFault.OTHER_WORKSHOP)
    label = passports.label_jars(services.stage, services.store, sku, batch_day(day), asked.made)
    return packing.jars(label, services.stage.settings.shop_url)


# ---- Recalls ----


@staff_route("POST /staff/batches/{sku}/{day}/recall", MANAGERS)
def recall(request: Request, services: Services, device: Device, sku: str, day: str) -> Any:
    """Recall a batch, or go on with it; a drill only tells what that comes to."""
    asked = read_json(body_of(request), RecallBatch)
    report = _recalls(services).recall(sku, batch_day(day), asked, actor.device(device.id))
    return recalls.recall(report, asked.drill)


@staff_route("POST /staff/batches/{sku}/{day}/recall/lift", MANAGERS)
def lift_recall(request: Request, services: Services, device: Device, sku: str, day: str) -> Any:
    """Undo a recall that was a mistake."""
    return recalls.recall(_recalls(services).lift(sku, batch_day(day)), drill=False)


# ---- What cannot be kept ----


@staff_route("POST /staff/short-days", MANAGERS, status=201)
def report_short_day(request: Request, services: Services, device: Device) -> Any:
    """Say that some of a batch will not be made, once for each Idempotency-Key, and ask buyers what they want."""
    asked = read_json(body_of(request), ReportShortDay)
    found = _questions(services).report_short(asked, key_of(request), actor.device(device.id))
    return questions.short_day(found, bool(services.stage.settings.sms_by))


@staff_route("GET /staff/short-days", MANAGERS)
def short_day(request: Request, services: Services, device: Device) -> Any:
    """Tell whom a short day has asked, who has answered what, and what is still missing."""
    sku, day = query_one(request, "sku"), query_day(request, "ship_by")
    if not sku or day is None:
        raise Invalid([Fault("/ship_by" if sku else "/sku", "of which batch: its sku and its ship_by")])
    return questions.short_day(_questions(services).short_day(sku, day), bool(services.stage.settings.sms_by))


@staff_route("GET /staff/packing/pace", PACKERS)
def pace(request: Request, services: Services, device: Device) -> Any:
    """Tell how fast it goes today, and what the courier will not find packed."""
    return questions.pace(look(services.stage, services.store))


@staff_route("POST /staff/packing/late", MANAGERS)
def ask_late(request: Request, services: Services, device: Device) -> Any:
    """Ask the buyers of orders that will not be packed in time, each once."""
    asked = read_json(body_of(request), AskLate)
    found = _questions(services).ask_late(asked.orders, actor.device(device.id))
    return questions.asked(found, bool(services.stage.settings.sms_by))


def _questions(services: Services) -> Questions:
    return Questions(services.store, services.stage.clock)


@route(routes, "POST /carriers/{service}/events")
def carrier_event(request: Request, services: Services, service: str) -> Any:
    """Hear a service's news: a hint that is believed only with its signature, and upon which the service is asked."""
    heard = services.tracking.hear(service, request.headers, raw_body(request))
    return Response(
        body=heard.body.decode(), status_code=heard.status, headers={"Cache-Control": "no-store", **heard.headers}
    )


def _bench(services: Services, device: Device) -> Bench:
    return Bench(services.stage, services.store, device.goods)


def _recalls(services: Services) -> Recalls:
    return Recalls(services.store, services.stage.clock)


def _sheets(services: Services) -> PackingSheets:
    return PackingSheets(services.stage, services.store)


def _number(request: Request) -> BearNumber:
    asked = read_json(body_of(request), BearNumber)
    carriers.check(asked.carrier)
    number = carriers.plain(asked.tracking_number)
    if len(number) > LONGEST_NUMBER:
        raise Invalid([Fault("/tracking_number", f"at most {LONGEST_NUMBER} characters")])
    return msgspec.structs.replace(asked, tracking_number=number)
