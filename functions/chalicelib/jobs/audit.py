"""The audit of every night: what differs between stock and orders is for a person to look at."""

import logging
from datetime import date

from chalicelib.services.audit import audit
from chalicelib.storage.store import Store

log = logging.getLogger("cunbo")


def report(store: Store, today: date) -> None:
    """Compare stock and orders and log each difference; raise RuntimeError where there is one, so that alarms ring."""
    found = audit(store, today)
    for line in found.differences:
        log.error("audit: %s", line)
    for line in found.moving:
        log.warning("audit: %s moved all the while, and could not be judged", line)
    if found.differences:
        raise RuntimeError(f"audit: {len(found.differences)} differences between stock and orders")
