"""The calendar: how much of the production ships on which day, and until when it is sold. Pure rules, no I/O.

The calendar moves what is made and loses none of it: what is made while the courier takes nothing ships on the first
day after. How much a day carries follows from the calendar alone, not from the day on which it is planned: the plan is
made anew every day, and what it said of a day, which may be promised by now, must stay.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import count, takewhile

from chalicelib.catalog import WEEKDAYS, Calendar, Period, Production

VILLAGE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The village's clocks. China has had one time and no summer time since 1992, so no table of zones has to be read."""


def village_day(now: datetime) -> date:
    """Return the date in the village at the instant `now`."""
    return now.astimezone(VILLAGE).date()


def day_ends(day: date) -> datetime:
    """Return the instant, in UTC, at which a day of the village ends."""
    return datetime.combine(day + timedelta(days=1), time(), VILLAGE).astimezone(UTC)


def closes(ship_by: date, calendar: Calendar) -> datetime:
    """Return the instant, in UTC, at which the sale of what ships by this day ends; at that instant it is over.

    It is the time of last orders on that day where the shop has one, else midnight after it, by the village's clocks.
    """
    if calendar.last_orders:
        return datetime.combine(ship_by, time.fromisoformat(calendar.last_orders), VILLAGE).astimezone(UTC)
    return day_ends(ship_by)


def courier_comes(day: date, calendar: Calendar) -> datetime:
    """Return the instant, in UTC, at which the courier takes the parcels of this day; its end where none is said."""
    if calendar.courier:
        return datetime.combine(day, time.fromisoformat(calendar.courier), VILLAGE).astimezone(UTC)
    return day_ends(day)


def first_on_sale(now: datetime, calendar: Calendar) -> date:
    """Return the first ship-by date that is still on sale."""
    today = village_day(now)
    return today if now < closes(today, calendar) else today + timedelta(days=1)


def production_days(production: Production, calendar: Calendar, today: date) -> dict[date, int]:
    """Return how many days' production ship on each day, from the first that can still be made to the horizon."""
    first = today + timedelta(days=production.lead_days)
    days = (first + timedelta(days=after) for after in range(production.horizon_days))
    return {day: carried(day, calendar) for day in days}


def carried(day: date, calendar: Calendar) -> int:
    """Return how many days' production ship on this day: its own, and that of the days before it that waited for it.

    0 where nothing ships. A day before that made nothing adds nothing, though it is passed over too.
    """
    if not ships(day, calendar):
        return 0
    before = (day - timedelta(days=back) for back in count(1))
    waited = takewhile(lambda earlier: not ships(earlier, calendar), before)
    return 1 + sum(works(earlier, calendar) for earlier in waited)


def ships(day: date, calendar: Calendar) -> bool:
    """Return whether parcels are packed and handed to the courier on this day."""
    return works(day, calendar) and not within(day, calendar.pauses)


def works(day: date, calendar: Calendar) -> bool:
    """Return whether anything is made on this day."""
    return WEEKDAYS[day.weekday()] not in calendar.rest_days and not within(day, calendar.closed)


def within(day: date, periods: Iterable[Period]) -> bool:
    """Return whether the day lies in one of the periods, whose last day counts."""
    return any(period.first <= day <= period.last for period in periods)
