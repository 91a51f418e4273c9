"""The night's job: it closes the day that is over, step by step.

**To add a step, add its line to `steps`.** Each finds out for itself what is left to be done, so that a night that was
missed or cut off is made up for by the next, and doing it again changes nothing. One that fails keeps no other from its
turn; the job fails at its end, so that alarms ring.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from chalicelib.bootstrap import Services
from chalicelib.jobs.errors import origin
from chalicelib.jobs.nightly import retention
from chalicelib.services.aftersales.invoices import Invoices
from chalicelib.services.desk.books import ShopBooks
from chalicelib.services.desk.kept import OpenBooks
from chalicelib.services.desk.seals import seal
from chalicelib.storage.desk.kept import KeptFile

log = logging.getLogger("cunbo")

Step = Callable[[], object]
"""Does its part, and returns what the log is told of it."""


def steps(services: Services, so_long: Callable[[], bool], file: KeptFile | None) -> list[tuple[str, Step]]:
    """Return the night's steps by name, in their order; `file` is where the open books are published, None: nowhere."""
    stage, store = services.stage, services.store
    books = ShopBooks(stage.catalog, store, stage.clock)
    open_books = OpenBooks(stage, store, seal_of=lambda day: seal(store, day).sha)
    yesterday = stage.today - timedelta(days=1)
    return [
        ("books", lambda: len(books.close(so_long))),
        ("invoices", lambda: len(Invoices(stage, store).look_for_refunds(yesterday))),
        ("seal", lambda: seal(store, yesterday).entries),
        ("open books", lambda: len(open_books.close())),
        ("open books' file", lambda: open_books.publish(file) if file else None),
        ("retention", lambda: retention.run(services, so_long)),
    ]


def close_day(services: Services, so_long: Callable[[], bool], file: KeptFile | None = None) -> None:
    """Take each step in turn; raise RuntimeError, which names those that failed."""
    failed = []
    for name, step in steps(services, so_long, file):
        services.store.begin()
        try:
            log.info("night: %s: %s", name, step())
        except Exception as error:
            log.error("night: %s: %s", name, origin(error))
            failed.append(name)
    if failed:
        raise RuntimeError(f"night: {', '.join(failed)} could not be done")
