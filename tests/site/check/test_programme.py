"""What a room's programme must hold to, and what its writer hears."""

from datetime import date
from pathlib import Path

import pytest
from storefront.check import content
from storefront.read.faults import ContentFault

from tests.site.helpers.samples import GOOD, SHOP, write

TODAY = date(2026, 11, 30)
CLOSED = """calendar:
  closed:
    - {first: 2027-02-05, last: 2027-02-08, why: {zh: 春节放假, en: closed for the Lunar New Year}}
"""
AT = "content/live/one.md"


def files(programme: str, specials: str = "", english: str = "") -> dict[str, str]:
    """A shop with one room, whose programme begins on line 8 of its file."""
    special = f"specials:\n{specials}" if specials else ""
    return GOOD | {
        "shop.yml": SHOP + CLOSED,
        "live/one.svg": "<svg/>",
        "live/one.md": "---\ntemplate: room.html\nname: 一号\nsummary: 一间屋子\nvillage: gaotaizi\n"
        f"picture: {{src: one.svg, alt: 屋子}}\nprogramme:\n{programme}{special}---\n看看辣白菜。\n",
        "live/one.en.md": "---\ntemplate: room.html\nname: One\nsummary: A room\n"
        f"picture: {{alt: A room}}\n{english}---\nx\n",
    }


def looked(tmp_path: Path, *lines: str, specials: str = "", english: str = "") -> content.CheckedContent:
    programme = "".join(f"  - {line}\n" for line in lines)
    return content.look(write(tmp_path, files(programme, specials, english)), day=TODAY)


def said(faults: tuple[ContentFault, ...]) -> list[str]:
    return [fault.told("en") for fault in faults]


def test_a_faultless_programme_is_read_with_its_specials_in_both_languages(tmp_path: Path) -> None:
    found = looked(
        tmp_path,
        "{days: [monday, friday], start: 19:00, end: 24:00}",
        specials="  - {slug: packing, day: 2026-12-20, start: 09:00, end: 11:00, title: 装箱}\n",
        english="specials: [{slug: packing, title: Packing}]\n",
    )
    assert found.faults == () and found.catalog
    (room,) = found.catalog.rooms
    assert (room.programme[0].days, room.programme[0].end) == (("monday", "friday"), "24:00")
    assert (room.specials[0].title.zh, room.specials[0].title.en) == ("装箱", "Packing")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["{days: [sunday], start: 21:00, end: 19:00}"], "8: the show starts at 21:00 and ends at 19:00"),
        (["{days: [sunday], start: 21:00, end: 21:00}"], "8: the show starts at 21:00 and ends at 21:00"),
        (["{days: [sunday], start: 22:00, end: 00:30}"], "8: the show starts at 22:00 and ends at 00:30"),
        (["{days: [sunday], start: 24:00, end: 24:00}"], "8: start is "),
        (["{days: [sunday], start: 9:00, end: 10:00}"], "8: a time of the day is written in another way"),
        (["{days: [sunday], start: 19：00, end: 21:00}"], "8: these characters are full-width"),
        (["{days: [sunday], start: 19:00, end: 25:00}"], "8: end is "),
        (["{days: [sunday], start: 19:00}"], "8: end is missing"),
        (["{days: [], start: 19:00, end: 21:00}"], "8: days has 0 entries"),
        (["{days: sunday, start: 19:00, end: 21:00}"], "8: this is a list, even of a single entry"),
        (["{days: [周日], start: 19:00, end: 21:00}"], "8: days of the week are in English"),
        (["{days: [周八], start: 19:00, end: 21:00}"], "8: entry 1 of days is "),
        (["{days: [Sunday], start: 19:00, end: 21:00}"], "8: days of the week are in English"),
        (["{days: [sunday, sunday], start: 19:00, end: 21:00}"], "8: the show names sunday twice"),
        (["每天 19:00"], "8: entry 1 of programme"),
        (
            ["{days: [monday, sunday], start: 19:00, end: 21:00}", "{days: [sunday], start: 20:30, end: 22:00}"],
            "9: the show of sunday, 20:30, overlaps another of the same room (line 8)",
        ),
    ],
)
def test_a_weekly_show_that_cannot_be_is_told_once_with_its_line(
    tmp_path: Path, lines: list[str], expected: str
) -> None:
    (told,) = said(looked(tmp_path, *lines).faults)
    assert told.startswith(f"{AT}:{expected}"), told


def test_shows_that_follow_each_other_or_lie_on_other_days_are_right(tmp_path: Path) -> None:
    lines = [
        "{days: [sunday], start: 19:00, end: 21:00}",
        "{days: [sunday], start: 21:00, end: 22:00}",
        "{days: [monday], start: 20:00, end: 22:00}",
    ]
    assert looked(tmp_path, *lines).faults == ()


SUNDAYS = "{days: [sunday], start: 19:00, end: 21:00}"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "a, day: 2026-12-20, start: 09:00, end: 11:00",
            "a, day: 2026-12-21, start: 09:00, end: 11:00",
            "the special on",
        ),
        ("a, day: 2026-12-20, start: 09:00, end: 11:00", "b, day: 2026-12-20, start: 10:00, end: 12:00", "the show of"),
        (
            "a, day: 2026-12-20, start: 09:00, end: 08:00",
            "b, day: 2026-12-21, start: 10:00, end: 12:00",
            "the show starts",
        ),
        ("a, day: 2062-12-20, start: 09:00, end: 10:00", "b, day: 2026-12-21, start: 10:00, end: 12:00", "the year of"),
        ("a, day: 9999-12-31, start: 09:00, end: 24:00", "b, day: 0001-01-01, start: 10:00, end: 12:00", "the year of"),
        (
            "a, day: 2026-02-30, start: 09:00, end: 10:00",
            "b, day: 2026-12-21, start: 10:00, end: 12:00",
            "day is ",
        ),
    ],
)
def test_a_special_that_cannot_be_is_told(tmp_path: Path, first: str, second: str, expected: str) -> None:
    specials = "".join(f"  - {{slug: {one}, title: 装箱}}\n" for one in (first, second))
    english = f"specials: [{', '.join(f'{{slug: {one[0]}, title: Packing}}' for one in (first, second))}]\n"
    told = said(looked(tmp_path, SUNDAYS, specials=specials, english=english).faults)
    assert any(f": {expected}" in line for line in told), told


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-29", "2026-11-29 is over"),
        ("2027-02-06", "the shop is closed on 2027-02-06 (closed for the Lunar New Year)"),
        ("2026-11-30", ""),
    ],
)
def test_a_special_that_is_over_or_on_a_closed_day_is_a_notice_alone(tmp_path: Path, day: str, expected: str) -> None:
    found = looked(
        tmp_path,
        SUNDAYS,
        specials=f"  - {{slug: packing, day: {day}, start: 19:30, end: 20:00, title: 装箱}}\n",
        english="specials: [{slug: packing, title: Packing}]\n",
    )
    assert found.faults == ()
    told = [notice for notice in said(found.notices) if AT in notice]
    assert [line.startswith(f"{AT}:10: {expected}") for line in told] == ([True] if expected else [])


def test_hours_that_an_older_shop_wrote_are_told_what_took_their_place(tmp_path: Path) -> None:
    spoilt = files(f"  - {SUNDAYS}\n")
    spoilt["live/one.md"] = spoilt["live/one.md"].replace("programme:", "hours: 每天\nprogramme:")
    (told,) = said(content.look(write(tmp_path, spoilt), day=TODAY).faults)
    assert told.startswith(f"{AT}:7: the hours are not written: remove hours and write the weekly shows as programme")
    assert "{days: [wednesday, saturday], start: 19:00, end: 21:00}" in told
