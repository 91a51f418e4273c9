"""The day is full: what has sold out or closed, and that the manager hears of it once.

A batch carries the size that was told. So one that is freed by a cancel and fills again is no news, and one that is
made larger and fills again is. The mark comes after the letter: a crash repeats the letter, and loses none.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from chalicelib.catalog import Calendar, Catalog
from chalicelib.domain.calendar import first_on_sale, village_day
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.drops import sku_of
from chalicelib.jobs.letters import LANG, LetterWriter
from chalicelib.mail.letters import day_in, goods
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

log = logging.getLogger("cunbo")

DayState = Literal["full", "closed", "some"]
"""What holds of a whole day: each batch is promised, last orders are over, or neither."""


class FullDay(msgspec.Struct, frozen=True):
    """What is new of one day: its batches that are sold no more, each with its shelf."""

    ship_by: date
    state: DayState
    batches: tuple[tuple[str, Declared], ...]


def is_full(batch: Declared) -> bool:
    """Return whether all that was declared of it is promised."""
    return 0 < batch.cap <= batch.promised


def news(seen: Mapping[str, Sequence[Declared]], now: datetime, calendar: Calendar, complete: bool) -> list[FullDay]:
    """Return what the manager has not been told, by day, from the batches of each shelf.

    `complete` says that no SKU is missing.

    A batch is told of when it is full, or when its last orders are over and it has some; none whose day has passed.
    """
    today, first = village_day(now), first_on_sale(now, calendar)
    days: dict[date, list[tuple[str, Declared]]] = {}
    for sku, batches in seen.items():
        for batch in batches:
            if batch.ship_by >= today:
                days.setdefault(batch.ship_by, []).append((sku, batch))
    return [
        FullDay(day, _state(batches, day < first, complete), fresh)
        for day, batches in sorted(days.items())
        if (fresh := tuple((sku, batch) for sku, batch in batches if _is_news(batch, day < first)))
    ]


class FullDays:
    """Tells the manager what has sold out or closed."""

    def __init__(self, stage: Stage, store: Store, letters: LetterWriter) -> None:
        self.stage, self.store, self.letters = stage, store, letters

    def notify(self, seen: Mapping[str, Sequence[Declared]]) -> None:
        """Write the manager one letter of all that is new, and mark it as told; raise what the mailer does."""
        catalog = self.stage.catalog
        now = self.stage.clock()
        days = news(seen, now, catalog.shop.calendar, complete=seen.keys() >= catalog.packs.keys())
        if not days:
            return
        for day in days:
            log.info("%s: %s: %s", day.ship_by, day.state, ", ".join(sku for sku, _ in day.batches))
        self.letters.to_manager("full", facts(days, LANG, catalog, now), f"{days[0].ship_by}")
        for sku, batch in (one for day in days for one in day.batches):
            self.store.stock.mark_notified(sku, batch)


def facts(days: Sequence[FullDay], lang: str, catalog: Catalog, now: datetime) -> dict[str, Any]:
    """Return what the letter may name beside who sells; its `state` is the one that all days share."""
    states = {day.state for day in days}
    return {
        "state": states.pop() if len(states) == 1 else "some",
        "days": [
            {
                "day": day_in(day.ship_by, lang, now),
                "state": day.state,
                "batches": [
                    {
                        "name": goods(sku_of(shelf), lang, catalog),
                        "sku": shelf,
                        "cap": batch.cap,
                        "promised": batch.promised,
                    }
                    for shelf, batch in day.batches
                ],
            }
            for day in days
        ],
    }


def _is_news(batch: Declared, closed: bool) -> bool:
    return batch.told != batch.cap and (is_full(batch) or (closed and batch.promised > 0))


def _state(batches: Sequence[tuple[str, Declared]], closed: bool, complete: bool) -> DayState:
    """A batch of nothing leaves its day as full as the others make it."""
    made = [batch for _, batch in batches if batch.cap]
    if complete and made and all(is_full(batch) for batch in made):
        return "full"
    return "closed" if closed else "some"
