"""The rooms' shows as calendar files (RFC 5545), for all rooms and for each, in both languages.

A calendar asks for such a file again and again, and goes by each show's UID: it is made of the room and of what names
the show there, and so stays the same whatever else changes. Nothing in a file depends on when it was built: a weekly
show begins in the week of its room's last change, and that day stamps it too. SEQUENCE is that day's number, so that a
calendar into which a file was imported takes a later one for a later state of the same shows.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from chalicelib.catalog import WEEKDAYS, Catalog, Room, SpecialShow, WeeklyShow
from icalendar import Alarm, Calendar, Event, Timezone, vText

from storefront.build.data.days import Span
from storefront.build.programme import ZONE, falls_out, instant
from storefront.read import messages
from storefront.read.messages import LANGUAGES, localised

FILE = "calendar.ics"
FIRST = date(2026, 11, 1)
"""When shows begin whose room's last change is not known: where content is under no version control."""
AHEAD = timedelta(minutes=10)
"""How long before a show its reminder comes."""


def files(catalog: Catalog, origin: str, days: Mapping[str, Span]) -> dict[str, bytes]:
    """Return the calendars as files of the site, by path; what has no shows has none.

    `origin` has no slash at its end, `days` are those of the content's files.
    """
    found = {}
    for lang in LANGUAGES:
        writer = _Writer(catalog, origin, lang, days)
        rooms = tuple(room for room in catalog.rooms if room.programme or room.specials)
        if rooms:
            found[localised(lang, f"/channel/{FILE}")] = writer.calendar(rooms)
        for room in rooms:
            found[localised(lang, f"/rooms/{room.id}/{FILE}")] = writer.calendar((room,))
    return {path.lstrip("/"): data for path, data in found.items()}


class _Writer:
    """Writes calendars in one language."""

    def __init__(self, catalog: Catalog, origin: str, lang: str, days: Mapping[str, Span]) -> None:
        self.catalog, self.origin, self.lang, self.days = catalog, origin, lang, days
        self.say = messages.of(lang)["channel"]

    def calendar(self, rooms: tuple[Room, ...]) -> bytes:
        """Return the shows of these rooms as one file."""
        shop = getattr(self.catalog.shop.name, self.lang)
        name = self.say["calendar_title"].format(shop=shop)
        name = name if len(rooms) != 1 else f"{getattr(rooms[0].name, self.lang)} | {shop}"
        calendar = Calendar()
        calendar.add("version", "2.0")
        calendar.add("prodid", f"-//{shop}//Cunbo//{self.lang.upper()}")
        calendar.add("method", "PUBLISH")
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", str(ZONE))
        calendar.add("refresh-interval", timedelta(hours=12), {"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vText("PT12H"))
        calendar.add_component(Timezone.from_tzid(str(ZONE), first_date=FIRST))
        for event in (event for room in rooms for event in self.events(room)):
            calendar.add_component(event)
        return bytes(calendar.to_ical())

    def events(self, room: Room) -> Iterator[Event]:
        """Yield the shows of a room."""
        for show in room.programme:
            yield self.weekly(room, show)
        for special in room.specials:
            event = self.event(room, special.slug, special, special.day)
            event["summary"] = vText(f"{getattr(special.title, self.lang)} | {getattr(room.name, self.lang)}")
            yield event

    def weekly(self, room: Room, show: WeeklyShow) -> Event:
        """Return a show that comes every week, without the days on which it falls out."""
        since = self.changed(room) - timedelta(days=self.changed(room).weekday())
        numbers = [WEEKDAYS.index(day) for day in WEEKDAYS if day in show.days]
        first = since + timedelta(days=numbers[0])
        name = f"weekly.{'-'.join(WEEKDAYS[number][:2] for number in numbers)}-{show.start.replace(':', '')}"
        event = self.event(room, name, show, first)
        event.add("rrule", {"freq": "WEEKLY", "byday": [WEEKDAYS[number][:2].upper() for number in numbers]})
        for day in falls_out(room, show, self.catalog.shop.calendar):
            if day >= first:
                event.add("exdate", instant(day, show.start))
        return event

    def event(self, room: Room, name: str, show: WeeklyShow | SpecialShow, day: date) -> Event:
        """Return a show on a day; `name` tells it from the room's others: no slug has a full stop."""
        title, changed = getattr(room.name, self.lang), datetime.combine(self.changed(room), time(), UTC)
        address = self.origin + localised(self.lang, f"/rooms/{room.id}/")
        event = Event()
        event.add("uid", f"{room.id}.{name}@{urlsplit(self.origin).hostname or 'cunbo'}")
        event.add("dtstamp", changed)
        event.add("last-modified", changed)
        event.add("sequence", max((changed.date() - FIRST).days, 0))
        event.add("dtstart", instant(day, show.start))
        event.add("dtend", instant(day, show.end))
        event.add("summary", title)
        event.add("description", f"{getattr(room.summary, self.lang)}\n{address}")
        event.add("location", address)
        event.add("url", address)
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", self.say["calendar_alarm"].format(name=title))
        alarm.add("trigger", -AHEAD)
        event.add_component(alarm)
        return event

    def changed(self, room: Room) -> date:
        """Return the day on which what says a room's times was last changed: its files, and the shop's closed days."""
        names = (f"live/{room.id}.md", f"live/{room.id}.en.md", "shop.yml")
        return max((self.days[name].last for name in names if name in self.days), default=FIRST)
