"""When rooms are on air: how a room's programme is said, and on which days a weekly show falls out.

A weekly show falls out while the shop is closed, and on a day when a special of its room takes its time. A special was
written for its very day, so it goes on air on closed days too; days of rest and a courier's pause stop no show.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.catalog import WEEKDAYS, Calendar, Room, SpecialShow, WeeklyShow

from storefront.read import messages

ZONE = ZoneInfo("Asia/Shanghai")
WORKDAYS = WEEKDAYS[:5]


@dataclass(frozen=True)
class DayOfWeek:
    """A day of the week as a programme guide has it: its name in the catalogue, and what is on, the earliest first.

    A special stands on the day of the week that it falls on, in whichever week that is: a page shows those of its week.
    """

    name: str
    shows: tuple[tuple[Room, WeeklyShow | SpecialShow], ...]


def times(show: WeeklyShow | SpecialShow) -> str:
    """Return from when until when a show is on air, such as 19:00–21:00."""
    return f"{show.start}–{show.end}"


def hours(room: Room, lang: str) -> str:
    """Return when a room is on air each week, in words, such as 每周三、周六 19:00–21:00（北京时间）."""
    said = messages.of(lang)["programme"]
    if not room.programme:
        return str(said["specials_only" if room.specials else "no_times"])
    shows = (said["show"].format(days=_days(show, lang), times=times(show)) for show in room.programme)
    return str(said["china_time"].format(hours=said["between_shows"].join(shows)))


def _days(show: WeeklyShow, lang: str) -> str:
    """Return the days of a weekly show in words."""
    said, days = messages.of(lang)["programme"], [day for day in WEEKDAYS if day in show.days]
    if len(days) == len(WEEKDAYS):
        return str(said["daily"])
    if tuple(days) == WORKDAYS:
        return str(said["workdays"])
    names = [said["weekly"][day] for day in days]
    return str(
        said["each_week"].format(days=said["and_days"].join(filter(None, [said["comma"].join(names[:-1]), names[-1]])))
    )


def week(rooms: tuple[Room, ...]) -> list[DayOfWeek]:
    """Return what is on in the rooms on each day of the week, from Monday on."""
    found: dict[str, list[tuple[Room, WeeklyShow | SpecialShow]]] = {day: [] for day in WEEKDAYS}
    for room in rooms:
        for show in room.programme:
            for day in show.days:
                found[day].append((room, show))
        for special in room.specials:
            found[WEEKDAYS[special.day.weekday()]].append((room, special))
    return [
        DayOfWeek(day, tuple(sorted(shows, key=lambda pair: (pair[1].start, pair[1].end, pair[0].id))))
        for day, shows in found.items()
    ]


def specials(rooms: tuple[Room, ...]) -> list[tuple[Room, SpecialShow]]:
    """Return the specials of the rooms, the earliest first; those that are over are among them."""
    found = [(room, special) for room in rooms for special in room.specials]
    return sorted(found, key=lambda pair: (pair[1].day, pair[1].start, pair[0].id))


def instant(day: date, clock: str) -> datetime:
    """Return a time of a day by the village's clocks; 24:00 is the midnight that ends the day."""
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour, minutes=minute)


def falls_out(room: Room, show: WeeklyShow, calendar: Calendar) -> list[date]:
    """Return the days of its weeks on which a weekly show is not on air, in order."""
    closed = {day for period in calendar.closed for day in _each(period.first, period.last)}
    taken = {special.day for special in room.specials if overlap(show, special)}
    return sorted(day for day in closed | taken if WEEKDAYS[day.weekday()] in show.days)


def overlap(one: WeeklyShow | SpecialShow, other: WeeklyShow | SpecialShow) -> bool:
    """Return whether two shows of the same day are on air at the same time."""
    return one.start < other.end and other.start < one.end


def slots(room: Room, calendar: Calendar, lang: str) -> list[dict[str, Any]]:
    """Return all that a room has on air as pages compute its next show from it; state/programme.js reads it.

    Days of the week count from 0, Monday.
    """
    weekly = [
        {
            "days": [WEEKDAYS.index(day) for day in show.days],
            "start": show.start,
            "end": show.end,
            "off": [str(day) for day in falls_out(room, show, calendar)],
        }
        for show in room.programme
    ]
    specials = [
        {"day": str(one.day), "start": one.start, "end": one.end, "title": getattr(one.title, lang)}
        for one in room.specials
    ]
    return weekly + specials


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
