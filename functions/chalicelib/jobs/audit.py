"""The audits of each day: of the stock, each night, and of the money, once providers have made their statements.

What differs is for a person to look at.
"""

import logging
from datetime import date, time

from chalicelib.bootstrap import Services
from chalicelib.domain.calendar import VILLAGE
from chalicelib.jobs.errors import origin
from chalicelib.jobs.troubles import Troubles
from chalicelib.services.audit import audit
from chalicelib.services.desk.reconciliations import Reconciliations
from chalicelib.services.payments.reconciliation import Wrong, last_days, reconcile
from chalicelib.storage.store import Store

PUNCTUAL = time(13)
"""Until then, by the village's clocks, a statement that is not there yet is no difference: it is asked for again."""

log = logging.getLogger("cunbo")


def report(store: Store, today: date) -> None:
    """Compare stock and orders and log each difference; raise RuntimeError where there is one, so that alarms ring."""
    found = audit(store, today)
    for line in found.differences:
        log.error("audit: %s", line)
    for line in found.moving:
        log.warning("audit: %s moved all the while, and could not be judged", line)
    if seals := store.trail.seals():  # the log keeps it where no function can change it
        log.info("audit: the trail is sealed up to %s: %s", seals[-1].day, seals[-1].sha)
    if found.differences:
        raise RuntimeError(f"audit: {len(found.differences)} differences between stock and orders, or in the trail")


def report_money(services: Services, troubles: Troubles) -> None:
    """Compare the providers' statements of the last days with the ledger, keep and log each difference, and tell the
    manager.

    Raise RuntimeError where there is one, so that alarms ring.
    """
    stage, days = services.stage, last_days(services.stage.today)
    found = reconcile(services.store, services.payments.providers, days, stage.today)
    if stage.clock().astimezone(VILLAGE).time() < PUNCTUAL:
        found = [one for one in found if one.wrong is not Wrong.MISSING]
    Reconciliations(services.store, stage.clock).keep(days, found)
    for one in found:
        log.error("reconciliation: %s", one)
    for day, provider in sorted({(one.day, one.provider) for one in found}):
        troubles.note("books", f"{day} {provider}")
    try:
        troubles.tell()
    except Exception as error:
        log.error("reconciliation: the manager is not told: %s", origin(error))
    if found:
        raise RuntimeError(f"reconciliation: {len(found)} differences between statements and ledger")
