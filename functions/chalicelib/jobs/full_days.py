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
from chalicelib.mail import Mailer, Undeliverable
from chalicelib.mail.letters import day_in, goods, message
from chalicelib.services.shop import Shop

log = logging.getLogger("cunbo")

LANG = "zh"
"""The language that the manager reads."""

DayState = Literal["full", "closed", "some"]
"""What holds of a whole day: each batch is promised, last orders are over, or neither."""


class FullDay(msgspec.Struct, frozen=True):
    """What is new of one day: its batches that are sold no more, each with its shelf."""

    ship_by: date
    state: DayState
    batches: tuple[tuple[str, Declared], ...]


def is_full(batch: Declared) -> bool:
    """Whether all that was declared of it is promised."""
    return 0 < batch.cap <= batch.promised


def news(seen: Mapping[str, Sequence[Declared]], now: datetime, calendar: Calendar, complete: bool) -> list[FullDay]:
    """What the manager has not been told, by day, from the batches of each shelf; `complete`: no SKU is missing.

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


def notify_manager(shop: Shop, mailer: Mailer | None, seen: Mapping[str, Sequence[Declared]]) -> None:
    """Writes the manager one letter of all that is new, and marks it as told; raises what the mailer does."""
    complete = seen.keys() >= shop.catalog.packs.keys()
    days = news(seen, shop.clock(), shop.catalog.shop.calendar, complete)
    if not days:
        return
    for day in days:
        log.info("%s: %s: %s", day.ship_by, day.state, ", ".join(sku for sku, _ in day.batches))
    _write(shop, mailer, days)
    for sku, batch in (one for day in days for one in day.batches):
        shop.store.stock.mark_notified(sku, batch)


def facts(days: Sequence[FullDay], lang: str, catalog: Catalog) -> dict[str, Any]:
    """What the letter may name beside who sells; its `state` is the one that all days share."""
    states = {day.state for day in days}
    return {
        "state": states.pop() if len(states) == 1 else "some",
        "days": [
            {
                "day": day_in(day.ship_by, lang),
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


def _write(shop: Shop, mailer: Mailer | None, days: Sequence[FullDay]) -> None:
    settings = shop.settings
    if mailer is None or not settings.manager_mail:
        log.warning("the manager is not told: no way to send mail, or no MANAGER_MAIL, is set up")
        return
    to, about, sender = settings.manager_mail, f"{days[0].ship_by}", settings.mail_from
    told = facts(days, LANG, shop.catalog)
    letter = message("full", LANG, told, shop.catalog, to=to, about=about, sender=sender, now=shop.clock())
    try:
        mailer.send(letter)
    except Undeliverable:
        log.warning("the manager is not told: nobody has the address MANAGER_MAIL")
