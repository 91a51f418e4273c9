"""The functions' table of contents: the routes by audience, and the triggers by name."""

import logging
import os
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, Rate
from chalicelib.api import live, packing, payments, sandbox, shopping, staff, waitlist
from chalicelib.api.desk import books, goods, orders, people, today, trail
from chalicelib.api.desk import claims as desk_claims
from chalicelib.api.desk import plan as desk_plan
from chalicelib.api.desk import voices as desk_voices
from chalicelib.api.voices import claims, invoices, newsletter, privacy, voices
from chalicelib.bootstrap import Services, begin, get_services
from chalicelib.domain.errors import Busy

if TYPE_CHECKING:
    from chalicelib.jobs.workers import Workers

app = Chalice(app_name="cunbo")
app.log.setLevel(logging.INFO)

AUDIENCES = (
    *(shopping, waitlist, payments, sandbox, live, staff, packing),
    *(claims, voices, newsletter, privacy, invoices),
    *(today, orders, people, desk_claims, desk_plan, goods, desk_voices, books, trail),
)
for audience in AUDIENCES:
    app.register_blueprint(audience.routes)

# Jobs are imported by their triggers: the API's cold start writes no letters, plans nothing and audits nothing.


@cache
def workers(services: Services) -> "Workers":
    """Return the workers of the stream and of the minute's schedule, once a process."""
    from chalicelib.jobs.workers import workers_of

    return workers_of(services)


def note_on_trail(services: Services, job: str, **counts: int) -> None:
    """Enter in the trail what a job of the schedule has done, where it has done something: it is done in any case."""
    from chalicelib.services.desk.trail import Trail

    if any(counts.values()):
        services.store.begin()
        try:
            Trail(services.store.trail, services.stage.clock).note(job, **counts)
        except Busy:
            app.log.error("trail: what %s has done is not entered", job)


@app.on_dynamodb_record(stream_arn="set-by-the-merge-template", name="outbox")
def outbox(event: DynamoDBEvent) -> Any:
    """Do what orders and waiters have just asked for elsewhere; a record that failed comes again by itself."""
    asking = (record for record in event if record.new_image and "todo" in record.new_image)
    changes = [(record.sequence_number, record.keys["pk"]["S"]) for record in asking]
    failed = workers(begin()).outbox.consume(changes)
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in failed]}


@app.on_dynamodb_record(stream_arn="set-by-the-merge-template", name="figures")
def figures(event: DynamoDBEvent) -> Any:
    """Enter in the ledger what money has moved, count what has become of orders, for the screens of a live evening, and
    keep what the desk finds them by and what needs a person; a batch that failed comes again whole."""
    from chalicelib.services.desk import needs
    from chalicelib.services.desk.search.index import keep_findable
    from chalicelib.services.payments.ledger import keep

    told: Any = event.to_dict()
    services, records = begin(), told.get("Records", [])
    keep(services.store.ledger, records)
    needs.keep(services.store.needs, needs.changes(records))
    services.figures.count(told.get("shardId", "the-only-one"), records)
    keep_findable(services.store.search, services.stage.keys, records)
    return {"state": {}}


@app.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> Any:
    """End the holds that nobody paid, and do what got stuck."""
    context: Any = event.context
    services = begin()
    done = workers(services).sweep.run(lambda: context.get_remaining_time_in_millis() > 10_000)
    note_on_trail(services, "sweep", orders=done)
    return done


@app.schedule(Cron(5, 16, "*", "*", "?", "*"), name="plan")
def plan(event: CloudWatchEvent) -> Any:
    """Make the batches of the day that the horizon has reached, at 00:05 in the village; again changes nothing."""
    from chalicelib.jobs.planning import make_plan

    services = begin()
    made = make_plan(services.stage, services.store)
    note_on_trail(services, "plan", batches=made)
    return made


@app.schedule(Cron(30, 19, "*", "*", "?", "*"), name="audit")
def audit(event: CloudWatchEvent) -> Any:
    """Compare stock and orders, at 03:30 in the village; fail where they differ, so that the alarm rings."""
    from chalicelib.jobs.audit import report

    services = begin()
    report(services.store, services.stage.today)
    return 0


@app.schedule(Cron(40, 2, "*", "*", "?", "*"), name="reconcile")
def reconcile(event: CloudWatchEvent) -> Any:
    """Compare providers' statements with the ledger, at 10:40 in the village, and by the stack's template again at
    14:00; fail where they differ, so that the alarm rings."""
    from chalicelib.jobs.audit import report_money
    from chalicelib.jobs.workers import troubles_of

    services = begin()
    report_money(services, troubles_of(services))
    return 0


@app.schedule(Cron(40, 16, "*", "*", "?", "*"), name="nightly")
def nightly(event: CloudWatchEvent) -> Any:
    """Close the day that is over, at 00:40 in the village; fail where a step of it failed, so that the alarm rings."""
    from chalicelib.bootstrap import aws
    from chalicelib.jobs.nightly.night import close_day
    from chalicelib.storage.desk.kept import KeptFile

    services, context = begin(), cast("Any", event.context)
    bucket = services.stage.settings.site_bucket
    file = KeptFile(aws()("s3"), bucket) if bucket else None
    close_day(services, lambda: context.get_remaining_time_in_millis() > 120_000, file)
    return 0


@app.schedule(Rate(1, unit=Rate.HOURS), name="track")
def track(event: CloudWatchEvent) -> Any:
    """Ask carriers about parcels of which nothing has been heard; without a service nobody is asked."""
    context: Any = event.context
    services = begin()
    found = services.tracking.look_around(lambda: context.get_remaining_time_in_millis() > 20_000)
    note_on_trail(services, "track", orders=found.moved)
    app.log.info("track: %s", found)
    return found.orders


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    get_services()  # while the cold start still has the whole processor
