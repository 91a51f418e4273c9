"""The functions' table of contents: each route parses, calls one use case, and answers; so do the triggers."""

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, Request
from chalicelib.api import responses as answers
from chalicelib.api.requests import EnrolRequest, InviteRequest, read_json
from chalicelib.api.routing import Reply, bearer, body_of, caller, cookie, query, raw_body, reads_english, route
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.live.attribution import COOKIE as FROM
from chalicelib.domain.live.attribution import LASTS
from chalicelib.domain.live.attribution import cookie as attributed
from chalicelib.domain.staff import Device, Role
from chalicelib.services.access import COOKIE, COOKIE_LASTS
from chalicelib.services.shop import Shop, build
from chalicelib.storage.client import clients

if TYPE_CHECKING:
    from chalicelib.jobs.outbox import Outbox

app = Chalice(app_name="cunbo")
app.log.setLevel(logging.INFO)


@cache
def aws() -> Callable[[str], Any]:
    """Makes clients of AWS; once a process."""
    return clients()


@cache
def get_shop() -> Shop:
    """The stage's shop, built once a process."""
    return build(os.environ, aws())


def shop() -> Shop:
    """The shop for one request, whose calls share a time budget from now on."""
    found = get_shop()
    found.store.begin()
    return found


@cache
def outbox_worker(shop: Shop) -> "Outbox":
    """Whoever does what the shop's orders ask for elsewhere, once a process.

    Imported here, since the API's cold start writes no letters.
    """
    from chalicelib.jobs.outbox import Outbox
    from chalicelib.mail import mailer

    return Outbox(shop, mailer(shop.settings, shop.keys, aws()))


@route(app, "/health", "GET")
def health(request: Request) -> Any:
    """Whether the shop can take orders."""
    return shop().health()


@route(app, "/availability", "GET", cache="public, max-age=1")
def availability(request: Request) -> Any:
    """What is left of each SKU asked for, and by when it ships."""
    return shop().availability(query(request, "sku"))


@route(app, "/checkout", "POST", status=201)
def checkout(request: Request) -> Any:
    """Places an order, once for each Idempotency-Key."""
    return shop().place(_key(request), body_of(request), cookie(request, FROM))


@route(app, "/orders/{order}", "GET")
def order_status(request: Request, order: str) -> Any:
    """An order, for whoever holds its token."""
    return shop().order(order, bearer(request))


@route(app, "/orders/{order}/cancel", "POST")
def cancel(request: Request, order: str) -> Any:
    """Cancels an order for its buyer."""
    return shop().cancel(order, bearer(request))


@route(app, "/orders/find", "POST", status=202)
def find(request: Request) -> Any:
    """Mails the link of a lost order; the same answer whether there is one or not."""
    return shop().find(body_of(request))


@route(app, "/waitlist", "POST", status=202)
def wait(request: Request) -> Any:
    """A place on the list of what is sold out; the same answer whether that address has one or not."""
    return shop().wait(body_of(request))


@route(app, "/waitlist/{place}", "GET")
def place_in_line(request: Request, place: str) -> Any:
    """A place on a waitlist, for whoever holds its token."""
    return shop().place_in_line(place, bearer(request))


@route(app, "/waitlist/{place}/take", "POST", status=201)
def take(request: Request, place: str) -> Any:
    """Orders what a place is invited to, once for each Idempotency-Key."""
    return shop().take(place, bearer(request), _key(request), body_of(request), cookie(request, FROM))


@route(app, "/waitlist/{place}/give-up", "POST")
def give_up(request: Request, place: str) -> Any:
    """Gives up a place, or what it is invited to."""
    return shop().give_up(place, bearer(request))


@route(app, "/payments/{provider}/events", "POST", status=204)
def provider_event(request: Request, provider: str) -> Any:
    """A provider's news; believed only with its signature over the raw body."""
    return shop().handle_event(provider, request.headers, raw_body(request))


@route(app, "/payments/sandbox/events", "POST", status=204)
def sandbox_event(request: Request) -> Any:
    """The same for the sandbox: API Gateway, once at /payments/sandbox, does not go back to try {provider}."""
    return shop().handle_event("sandbox", request.headers, raw_body(request))


@route(app, "/payments/sandbox/{order}/act", "POST", status=204)
def sandbox_act(request: Request, order: str) -> Any:
    """What a person does on the sandbox's own page."""
    return shop().act(order, body_of(request))


# ---- On air ----


def scanned(request: Request, room: str, sku: str | None = None) -> Any:
    """Leads who has scanned a room's code, or a product's, to what the room shows now, or to the product."""
    here = shop()
    path, came_from = here.rooms.scan_target(room, sku)
    headers = {"Location": f"/en{path}" if reads_english(request) else path}
    if came_from:
        value = attributed(here.keys, came_from, here.clock())
        lasts = int(LASTS.total_seconds())
        headers["Set-Cookie"] = f"{FROM}={value}; Path=/; Max-Age={lasts}; Secure; HttpOnly; SameSite=Lax"
    return Reply(headers=headers, status=302)


for link in (
    "/q/{room}",
    "/q/{room}/{sku}",
    "/Q/{room}",
    "/Q/{room}/{sku}",
):  # a code of capitals is smaller
    route(app, link, "GET")(scanned)


@route(app, "/scans", "POST", status=204)
def scan(request: Request) -> Any:
    """Counts a scan, once the page that it led to is there."""
    return shop().scan(body_of(request), cookie(request, FROM))


@route(app, "/rooms/{room}", "GET", cache="public, max-age=1")
def room_now(request: Request, room: str) -> Any:
    """What a room shows now."""
    return shop().rooms.shown(room)


@route(app, "/rooms/{room}/shows", "GET", cache="public, max-age=5")
def shows(request: Request, room: str) -> Any:
    """A room's last shows."""
    return shop().rooms.shows(room)


# ---- Who works here: each route says whose it is, and `Access.authorize` is the one place that asks ----

HOSTS: frozenset[Role] = frozenset({"host", "manager"})
BOARDS: frozenset[Role] = frozenset({"board", "manager"})
MANAGERS: frozenset[Role] = frozenset({"manager"})
ALL: frozenset[Role] = HOSTS | BOARDS


def staff(path: str, method: str, roles: frozenset[Role], status: int = 200) -> Callable[..., Any]:
    """A route for devices of these roles; its use case is told which one calls."""
    return route(app, path, method, status, guard=lambda request: shop().access.authorize(caller(request), roles))


@route(app, "/staff/enrol", "POST", status=201)
def enrol(request: Request) -> Any:
    """Enrols a device by an invitation: for whoever has its secret."""
    secret = read_json(body_of(request), EnrolRequest).invitation
    token, device = shop().access.enrol(caller(request), _key(request), secret)
    lasts = int(COOKIE_LASTS.total_seconds())
    kept = f"{COOKIE}={token}; Path=/; Max-Age={lasts}; Secure; HttpOnly; SameSite=Strict"
    return Reply(answers.worker(device, shop().catalog), {"Set-Cookie": kept})


@staff("/staff/me", "GET", ALL)
def me(request: Request, device: Device) -> Any:
    """Who this device is."""
    return answers.worker(device, shop().catalog)


@staff("/staff/leave", "POST", ALL, status=204)
def leave(request: Request, device: Device) -> Any:
    """Forgets this device."""
    shop().access.revoke(device.id)
    return Reply(headers={"Set-Cookie": f"{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"})


@staff("/staff/devices", "GET", MANAGERS)
def devices(request: Request, device: Device) -> Any:
    """Who works here."""
    return answers.staff(*shop().access.in_force())


@staff("/staff/devices/{other}/revoke", "POST", MANAGERS, status=204)
def revoke(request: Request, device: Device, other: str) -> Any:
    """Puts out a device, or withdraws an invitation."""
    return shop().access.revoke(other)


@staff("/staff/invitations", "POST", MANAGERS, status=201)
def invite(request: Request, device: Device) -> Any:
    """Invites another device."""
    asked = read_json(body_of(request), InviteRequest)
    return answers.invited(*shop().access.invite(asked.role, asked.name))


@staff("/staff/rooms/{room}", "GET", HOSTS)
def console(request: Request, device: Device, room: str) -> Any:
    """A room as its hosts see it."""
    return shop().rooms.see(room)


@staff("/rooms/{room}/showing", "PUT", HOSTS)
def pin(request: Request, device: Device, room: str) -> Any:
    """Pins what a room shows."""
    return shop().rooms.pin(room, body_of(request), device)


@staff("/staff/rooms/{room}/show", "POST", HOSTS)
def start_show(request: Request, device: Device, room: str) -> Any:
    """Starts a show."""
    return shop().rooms.start(room, device)


@staff("/staff/rooms/{room}/show/end", "POST", HOSTS)
def end_show(request: Request, device: Device, room: str) -> Any:
    """Ends a show."""
    return shop().rooms.end(room, body_of(request), device)


@staff("/staff/rooms/{room}/corrections", "POST", HOSTS)
def correct(request: Request, device: Device, room: str) -> Any:
    """Puts right on air what was said wrongly."""
    return shop().rooms.correct(room, body_of(request), device)


@staff("/staff/rooms/{room}/drops", "POST", HOSTS, status=201)
def open_drop(request: Request, device: Device, room: str) -> Any:
    """Opens a drop, once for each Idempotency-Key."""
    return shop().rooms.open_drop(room, _key(request), body_of(request), device)


@staff("/staff/rooms/{room}/drops/{drop}/end", "POST", HOSTS)
def end_drop(request: Request, device: Device, room: str, drop: str) -> Any:
    """Ends a drop."""
    return shop().rooms.end_drop(room, drop, body_of(request), device)


@staff("/staff/rooms/{room}/units", "POST", HOSTS)
def add_units(request: Request, device: Device, room: str) -> Any:
    """Has more be made, once for each Idempotency-Key."""
    return shop().rooms.add_units(room, _key(request), body_of(request), device)


@staff("/staff/rooms/{room}/log", "GET", HOSTS)
def log(request: Request, device: Device, room: str) -> Any:
    """What a room has shown, at what price, and what was put right."""
    return shop().rooms.log(room, _before(request))


@staff("/staff/board", "GET", BOARDS)
def board(request: Request, device: Device) -> Any:
    """The village's evening."""
    return shop().evening()


def _key(request: Request) -> str:
    return str(request.headers.get("idempotency-key", ""))


def _before(request: Request) -> datetime:
    """The instant that the query names, else one that is still to come."""
    given = query(request, "before")
    try:
        at = datetime.fromisoformat(given[0]) if given else shop().clock() + timedelta(days=1)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise Invalid([Fault("/before", "an instant, such as 2026-11-26T12:00:00.000Z")])
    return at


# ---- By the stream and the schedule ----


@app.on_dynamodb_record(stream_arn="set-by-the-merge-template", name="outbox")
def outbox(event: DynamoDBEvent) -> Any:
    """Does what orders and waiters have just asked for elsewhere; a record that failed comes again by itself."""
    todo = outbox_worker(shop())
    perform = {"order": todo.perform, "waiter": todo.perform_waiter}
    failed = []
    for record in event:
        if record.new_image and "todo" in record.new_image:
            kind, _, number = record.keys["pk"]["S"].partition("#")
            try:
                perform[kind](number)
            except Exception:
                app.log.exception("outbox: record %s", record.sequence_number)
                failed.append({"itemIdentifier": record.sequence_number})
    return {"batchItemFailures": failed}


@app.on_dynamodb_record(stream_arn="set-by-the-merge-template", name="figures")
def figures(event: DynamoDBEvent) -> Any:
    """Counts what has become of orders, for the screens of a live evening; a batch that failed comes again whole."""
    told: Any = event.to_dict()
    found = shop()
    found.figures.count(told.get("shardId", "the-only-one"), told.get("Records", []), found.clock())
    return {"state": {}}


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> Any:
    """Ends the holds that nobody paid, and does what got stuck."""
    context: Any = event.context
    return outbox_worker(shop()).sweep(lambda: context.get_remaining_time_in_millis() > 10_000)


@app.schedule(Cron(5, 16, "*", "*", "?", "*"), name="plan")
def plan(event: CloudWatchEvent) -> Any:
    """Makes the batches of the day that the horizon has reached, at 00:05 in the village; again changes nothing."""
    from chalicelib.services.planning import plan as make

    found = shop()
    return len(make(found.catalog, found.store, found.today))


@app.schedule(Cron(30, 19, "*", "*", "?", "*"), name="audit")
def audit(event: CloudWatchEvent) -> Any:
    """Compares stock and orders, at 03:30 in the village; fails where they differ, so that the alarm rings."""
    from chalicelib.services.audit import audit as look

    here = shop()
    found = look(here.store, here.today)
    for line in found.differences:
        app.log.error("audit: %s", line)
    for line in found.moving:
        app.log.warning("audit: %s moved all the while, and could not be judged", line)
    if found.differences:
        raise RuntimeError(f"audit: {len(found.differences)} differences between stock and orders")
    return 0


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    get_shop()  # while the cold start still has the whole processor
