"""The functions' table of contents: each route parses, calls one use case, and answers; so do the triggers."""

import logging
import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate, Request
from chalicelib.aws import clients
from chalicelib.http import bearer, body_of, query, raw_body, route
from chalicelib.shop import Shop, build

if TYPE_CHECKING:
    from chalicelib.outbox import Outbox

app = Chalice(app_name="cunbo")
app.log.setLevel(logging.INFO)


@cache
def aws() -> Callable[[str], Any]:
    """Makes clients of AWS; once a process."""
    return clients()


@cache
def opened() -> Shop:
    """The stage's shop, built once a process."""
    return build(os.environ, aws())


def shop() -> Shop:
    """The shop for one request, whose calls share a time budget from now on."""
    found = opened()
    found.store.begin()
    return found


@cache
def clerk(shop: Shop) -> "Outbox":
    """Whoever does what the shop's orders ask for elsewhere, once a process.

    Imported here, since the API's cold start writes no letters.
    """
    from chalicelib.mail import mailer
    from chalicelib.outbox import Outbox

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
    return shop().place(request.headers.get("idempotency-key", ""), body_of(request))


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
    return shop().take(place, bearer(request), request.headers.get("idempotency-key", ""), body_of(request))


@route(app, "/waitlist/{place}/give-up", "POST")
def give_up(request: Request, place: str) -> Any:
    """Gives up a place, or what it is invited to."""
    return shop().give_up(place, bearer(request))


@route(app, "/payments/{provider}/events", "POST", status=204)
def provider_event(request: Request, provider: str) -> Any:
    """A provider's news; believed only with its signature over the raw body."""
    return shop().hear(provider, request.headers, raw_body(request))


@route(app, "/payments/sandbox/events", "POST", status=204)
def sandbox_event(request: Request) -> Any:
    """The same for the sandbox: API Gateway, once at /payments/sandbox, does not go back to try {provider}."""
    return shop().hear("sandbox", request.headers, raw_body(request))


@route(app, "/payments/sandbox/{order}/act", "POST", status=204)
def sandbox_act(request: Request, order: str) -> Any:
    """What a person does on the sandbox's own page."""
    return shop().act(order, body_of(request))


@app.on_dynamodb_record(stream_arn="set-by-the-merge-template", name="outbox")
def outbox(event: DynamoDBEvent) -> Any:
    """Does what orders and waiters have just asked for elsewhere; a record that failed comes again by itself."""
    todo = clerk(shop())
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


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> Any:
    """Ends the holds that nobody paid, and does what got stuck."""
    context: Any = event.context
    return clerk(shop()).sweep(lambda: context.get_remaining_time_in_millis() > 10_000)


@app.schedule(Cron(5, 16, "*", "*", "?", "*"), name="plan")
def plan(event: CloudWatchEvent) -> Any:
    """Makes the batches of the day that the horizon has reached, at 00:05 in the village; again changes nothing."""
    from chalicelib.planning import plan as make

    found = shop()
    return len(make(found.catalog, found.store, found.today))


@app.schedule(Cron(30, 19, "*", "*", "?", "*"), name="audit")
def audit(event: CloudWatchEvent) -> Any:
    """Compares stock and orders, at 03:30 in the village; fails where they differ, so that the alarm rings."""
    from chalicelib.audit import audit as look

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
    opened()  # while the cold start still has the whole processor
