"""What a room's programme must hold to beyond its form: each show ends after it starts, and none overlaps another.

A special may take a weekly show's time: that one falls out on the day (build/programme.py).
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.catalog import WEEKDAYS, ShowEnd, ShowStart

from storefront.read.faults import Said, fault, phrase, said
from storefront.read.forms import fits
from storefront.read.frontmatter import Node, child, day_of, entries, text_of
from storefront.read.records import ContentReader, SourceFile, SourceRecord

FAR, OLDEST = timedelta(days=550), date(2000, 1, 1)
"""Nobody plans a special further ahead, and no room is older: the year is another than was meant."""


class _Time(NamedTuple):
    """A show on one day: a weekday's name or a date, and where it stands in its file and in its list."""

    day: str
    start: str
    end: str
    line: int
    entry: int


def check_room(room: SourceRecord) -> None:
    """Report what does not hold within one room's programme."""
    facts, weekly, specials = room.facts, entries(room.get("programme")), entries(room.get("specials"))
    for show in (*weekly, *specials):
        _check_ends(facts, show)
    for show in weekly:
        _check_days(facts, show)
    _check_overlaps(facts, [time for at, show in enumerate(weekly) for time in _weekly(show, at)])
    _check_overlaps(facts, [time for at, show in enumerate(specials) for time in _special(show, at)])
    _check_slugs(facts, specials)


def check_days(reader: ContentReader, shop: SourceFile | None, rooms: Iterable[SourceRecord], today: date) -> None:
    """Report specials of a year that cannot be; say which are over, or on a day when the shop is closed."""
    closed = list(_closed(shop)) if shop else []
    for room in rooms:
        for show in entries(room.get("specials")):
            node = child(show, "day")
            day = day_of(node)
            if node is None or day is None:
                continue
            path = reader.content / room.folder / f"{room.id}.md"
            if not OLDEST <= day <= today + FAR:
                reader.report(path, node.line, *fault("special_far", day=str(day)))
            elif day < today:
                reader.notice(path, node.line, *fault("special_past", day=str(day)))
            for first, last, why in closed:
                if first <= day <= last:
                    reader.notice(path, node.line, *fault("special_closed", day=str(day), why=why))


def _closed(shop: SourceFile) -> Iterator[tuple[date, date, Said]]:
    for period in entries(child(child(shop.fields, "calendar"), "closed")):
        first, last, why = day_of(child(period, "first")), day_of(child(period, "last")), child(period, "why")
        if first and last:
            yield first, last, Said(text_of(child(why, "zh")) or "", text_of(child(why, "en")) or "")


def _check_ends(facts: SourceFile, show: Node) -> None:
    start, node = _time(show, "start", ShowStart), child(show, "end")
    end = _time(show, "end", ShowEnd)
    if node and start and end and end <= start:
        facts.report(node.line, *fault("show_back", start=start, end=end))


def _check_days(facts: SourceFile, show: Node) -> None:
    seen: set[str] = set()
    for node in entries(child(show, "days")):
        day = text_of(node)
        if day in WEEKDAYS and day in seen:
            facts.report(node.line, *fault("show_day_twice", day=_named(day)))
        seen.add(str(day))


def _check_overlaps(facts: SourceFile, times: list[_Time]) -> None:
    """Report each show that overlaps one that stands above it, once for any two."""
    told: set[tuple[int, int]] = set()
    for place, later in enumerate(times):
        for one in times[:place]:
            both = one.day == later.day and one.start < later.end and later.start < one.end
            if both and (one.entry, later.entry) not in told:
                told.add((one.entry, later.entry))
                words = fault("show_overlap", day=_named(later.day), start=later.start, line=one.line)
                facts.report(later.line, *words)


def _check_slugs(facts: SourceFile, specials: Iterable[Node]) -> None:
    lines: dict[str, int] = {}
    for node in (child(show, "slug") for show in specials):
        slug = text_of(node)
        if node and slug and slug in lines:
            facts.report(node.line, *fault("special_twice", words=slug, line=lines[slug]))
        elif node and slug:
            lines[slug] = node.line


def _weekly(show: Node, entry: int) -> Iterator[_Time]:
    start, end = _time(show, "start", ShowStart), _time(show, "end", ShowEnd)
    if start and end:
        days = dict.fromkeys(text_of(day) for day in entries(child(show, "days")))
        yield from (_Time(str(day), start, end, show.line, entry) for day in days if day in WEEKDAYS)


def _special(show: Node, entry: int) -> Iterator[_Time]:
    start, end, day = _time(show, "start", ShowStart), _time(show, "end", ShowEnd), day_of(child(show, "day"))
    if start and end and day:
        yield _Time(str(day), start, end, show.line, entry)


def _time(show: Node, name: str, type_: object) -> str | None:
    """Return a time that has its form; what has not is reported by that."""
    text = text_of(child(show, name))
    return text if text and fits(text, type_) else None


def _named(day: str) -> Said:
    return said(day) if re.match("[0-9]", day) else phrase(day)
