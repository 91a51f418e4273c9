"""The rooms' calendar files, read back by the library that many calendars use."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from chalicelib.catalog import WEEKDAYS
from dateutil.rrule import rrulestr
from icalendar import Calendar, Event
from storefront.build.data import calendars
from storefront.build.data.days import Span
from storefront.build.programme import falls_out

from tests.site.helpers.built import ORIGIN, english
from tests.site.helpers.pages import CATALOG

ROOMS = {room.id: room for room in CATALOG.rooms}
CHANGED = {f"live/{id_}.md": Span(date(2026, 11, 1), date(2026, 11, 26)) for id_ in ROOMS}


def written(path: str) -> Calendar:
    return Calendar.from_ical(calendars.files(CATALOG, ORIGIN, CHANGED)[path.lstrip("/")])


def events(path: str) -> list[Event]:
    return list(written(path).walk("VEVENT"))


@pytest.mark.parametrize("own", ["/channel/", *(f"/rooms/{id_}/" for id_ in ROOMS)])
def test_each_file_is_published_in_both_languages_with_the_villages_zone(site: Path, own: str) -> None:
    uids = []
    for address in (own, english(own)):
        data = (site / address.strip("/") / "calendar.ics").read_bytes()
        assert data.startswith(b"BEGIN:VCALENDAR\r\n") and b"\n" not in data.replace(b"\r\n", b"")
        found = Calendar.from_ical(data)
        assert [str(zone["tzid"]) for zone in found.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        assert not found.errors and all(not event.errors for event in found.walk("VEVENT"))
        uids.append([str(event["uid"]) for event in found.walk("VEVENT")])
    shows = [
        show
        for room in ROOMS.values()
        if room.id in own or own == "/channel/"
        for show in (*room.programme, *room.specials)
    ]
    assert uids[0] == uids[1] and len(set(uids[0])) == len(shows)


def test_the_days_of_a_weekly_show_are_those_that_the_pages_say_without_those_that_fall_out() -> None:
    for room in ROOMS.values():
        weekly = [event for event in events(f"/rooms/{room.id}/calendar.ics") if "rrule" in event]
        for show, event in zip(room.programme, weekly, strict=True):
            start = event["dtstart"].dt
            out = event.get("exdate", [])
            gone = {one.dt for each in (out if isinstance(out, list) else [out]) for one in each.dts}
            rule = rrulestr(event["rrule"].to_ical().decode(), dtstart=start.replace(tzinfo=None))
            until = datetime(2027, 3, 1)
            days = {at.date() for at in rule.between(start.replace(tzinfo=None), until, inc=True)} - {
                at.date() for at in gone
            }
            span = [start.date() + timedelta(days=ahead) for ahead in range((until.date() - start.date()).days)]
            off = falls_out(room, show, CATALOG.shop.calendar)
            assert days == {day for day in span if WEEKDAYS[day.weekday()] in show.days and day not in off}
            assert {f"{at:%H:%M}" for at in gone} <= {show.start} and f"{start:%H:%M}" == show.start
            assert start.utcoffset() == timedelta(hours=8) and start.date() in span


def test_a_special_is_one_day_with_its_title_in_the_files_language_and_a_reminder() -> None:
    room = next(room for room in ROOMS.values() if room.specials)
    for lang, path in (("zh", f"/rooms/{room.id}/calendar.ics"), ("en", f"/en/rooms/{room.id}/calendar.ics")):
        event = next(event for event in events(path) if "rrule" not in event)
        special = room.specials[0]
        assert str(event["summary"]).startswith(getattr(special.title, lang))
        assert event["dtstart"].dt.date() == special.day
        assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [timedelta(minutes=-10)]
        assert str(event["url"]).endswith(path.replace("calendar.ics", ""))


def test_a_file_is_the_same_whenever_it_is_built_and_stamped_by_its_last_change() -> None:
    first, again = (calendars.files(CATALOG, ORIGIN, CHANGED) for _ in range(2))
    assert first == again
    room = next(iter(ROOMS))
    for event in events(f"/rooms/{room}/calendar.ics"):
        assert event["last-modified"].dt.date() == event["dtstamp"].dt.date() == date(2026, 11, 26)


def test_a_show_that_was_changed_keeps_its_uid_and_is_told_as_a_later_state_of_itself() -> None:
    later = {name: Span(span.first, date(2027, 1, 20)) for name, span in CHANGED.items()}
    before, after = (
        {
            str(event["uid"]): (int(event["sequence"]), event["last-modified"].dt)
            for event in Calendar.from_ical(calendars.files(CATALOG, ORIGIN, days)["channel/calendar.ics"]).events
        }
        for days in (CHANGED, later)
    )
    assert before.keys() == after.keys()
    assert all(old < new for uid in before for old, new in zip(before[uid], after[uid], strict=True))
