"""Retention: what the law lets go of, goes, by itself. A step of the night, which may be cut off, and run twice.

Orders are found by the rows of the day on which they were placed (storage/desk/search.py), without a scan. A day is
looked at once, when most of its orders are old enough; what is not, or is kept for something, is looked at again.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from chalicelib.bootstrap import Services
from chalicelib.domain.calendar import village_day
from chalicelib.domain.voices.forgetting import KEPT_FOR, tells_until
from chalicelib.services.voices.personal import people_of
from chalicelib.storage.voices.retention import RetentionProgress, RetentionStore

FIRST_DAY = date(2026, 11, 1)
"""No order is older."""
MARGIN = timedelta(days=31)
"""How long after its day of placing is three years old an order is looked at, at first: most have ended by a month."""
AGAIN = timedelta(days=31)
"""How long later what something keeps is looked at again."""
MOST_LEFT = 5_000
"""Orders that are remembered to be looked at again: their item has room for that. More wait for the day after."""


class Retained(msgspec.Struct, frozen=True):
    """What a night came to: how many orders tell of nobody any more, and how many were left, by why."""

    gone: int
    left: dict[str, int]


def run(services: Services, more_time: Callable[[], bool]) -> Retained:
    """Take away what tells of people whose time is over, as long as there is more time; return what it came to.

    Raise Busy. What is not done the next night does.
    """
    stage, store = services.stage, services.store
    kept = RetentionStore(store.table)
    round_ = _Round(services)
    progress = kept.progress()
    for number, again in sorted(progress.left.items()):
        if again <= stage.today and more_time():
            round_.look(number)
    progress = round_.taken_over(progress)
    kept.keep(progress)
    day = progress.day + timedelta(days=1) if progress.day else FIRST_DAY
    while day + KEPT_FOR + MARGIN <= stage.today and len(progress.left) < MOST_LEFT:
        for row in store.search.rows(day):
            if not more_time():
                return round_.told()
            round_.look(row.number)
        progress = msgspec.structs.replace(round_.taken_over(progress), day=day)
        kept.keep(progress)
        day += timedelta(days=1)
    return round_.told()


class _Round:
    """The orders that one night looks at."""

    def __init__(self, services: Services) -> None:
        self.services, self.people = (
            services,
            people_of(services.stage, services.store, services.orders, services.photos),
        )
        self.looked: dict[str, date | None] = {}
        self.why: Counter[str] = Counter()

    def look(self, number: str) -> None:
        """Take away what tells of the order's buyer, or find out when to look again."""
        why = self.people.expunge(number)
        self.why[why] += 1
        again = self.services.stage.today + AGAIN if why else None
        if why == "young":
            order = self.services.orders.load(number)
            again = village_day(tells_until(order)) + timedelta(days=1)
        self.looked[number] = again

    def taken_over(self, progress: RetentionProgress) -> RetentionProgress:
        """Return the progress with what was found of the orders that were looked at."""
        left = {**progress.left, **self.looked}
        return msgspec.structs.replace(progress, left={number: again for number, again in left.items() if again})

    def told(self) -> Retained:
        """Return what it came to."""
        return Retained(self.why[""], {why: n for why, n in sorted(self.why.items()) if why})
