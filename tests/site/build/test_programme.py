"""When rooms are on air: how it is said, on which days a weekly show falls out, and what a page works out by itself."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chalicelib.catalog import WEEKDAYS, Calendar, Period, Picture, Room, SpecialShow, Text, WeeklyShow
from chalicelib.domain.calendar import VILLAGE, village_day
from hypothesis import given, settings
from hypothesis import strategies as st
from storefront.build.programme import falls_out, hours, instant, overlap, slots, week

from tests.site.helpers.built import english, page
from tests.site.helpers.pages import CATALOG
from tests.site.helpers.scripts import run

NAME = Text("一号", "One")
DAILY = WeeklyShow(WEEKDAYS, "19:00", "21:00")
HOLIDAY = Period(date(2027, 2, 5), date(2027, 2, 8), Text("春节放假", "closed for the Lunar New Year"))


def room(*programme: WeeklyShow, specials: tuple[SpecialShow, ...] = ()) -> Room:
    return Room("one", NAME, NAME, "gaotaizi", Picture("/a.svg", NAME), programme, specials)


def special(day: date, start: str = "14:00", end: str = "16:00") -> SpecialShow:
    return SpecialShow(f"s-{day:%m%d}-{start[:2]}", day, start, end, Text("装箱", "Packing"))


@pytest.mark.parametrize(
    ("programme", "zh", "en"),
    [
        ([DAILY], "每天 19:00–21:00（北京时间）", "Daily, 19:00–21:00 (China time)"),
        (
            [WeeklyShow(("saturday", "wednesday"), "19:00", "24:00")],
            "每周三、周六 19:00–24:00（北京时间）",
            "Wednesdays and Saturdays, 19:00–24:00 (China time)",
        ),
        (
            [WeeklyShow(("sunday",), "15:00", "16:00")],
            "每周日 15:00–16:00（北京时间）",
            "Sundays, 15:00–16:00 (China time)",
        ),
        (
            [WeeklyShow(WEEKDAYS[:5], "08:00", "09:30"), WeeklyShow(WEEKDAYS[4:], "19:00", "21:00")],
            "周一至周五 08:00–09:30，每周五、周六、周日 19:00–21:00（北京时间）",
            "Mondays to Fridays, 08:00–09:30; Fridays, Saturdays and Sundays, 19:00–21:00 (China time)",
        ),
        ([], "时间另行预告", "To be announced"),
    ],
)
def test_the_hours_of_a_room_are_said_as_people_say_them(programme: list[WeeklyShow], zh: str, en: str) -> None:
    assert (hours(room(*programme), "zh"), hours(room(*programme), "en")) == (zh, en)


def test_a_room_that_has_specials_alone_says_so() -> None:
    own = room(specials=(special(date(2026, 12, 20)),))
    assert (hours(own, "zh"), hours(own, "en")) == ("按预告的日子开播", "On the days announced")


def test_a_weekly_show_falls_out_while_the_shop_is_closed_and_where_a_special_takes_its_time() -> None:
    taking, beside = special(date(2026, 12, 19), "20:00", "22:00"), special(date(2026, 12, 20))
    own = room(WeeklyShow(("saturday", "sunday"), "19:00", "21:00"), specials=(taking, beside))
    calendar = Calendar(closed=(HOLIDAY,), pauses=(HOLIDAY,), rest_days=("sunday",))
    assert falls_out(own, own.programme[0], calendar) == [taking.day, date(2027, 2, 6), date(2027, 2, 7)]
    assert falls_out(own, own.programme[0], Calendar(pauses=(HOLIDAY,), rest_days=("sunday",))) == [taking.day]


def test_shows_that_follow_each_other_do_not_overlap() -> None:
    assert not overlap(DAILY, WeeklyShow(WEEKDAYS, "21:00", "24:00"))
    assert overlap(DAILY, WeeklyShow(WEEKDAYS, "20:59", "24:00"))


def test_a_week_has_each_day_with_its_shows_by_the_clock() -> None:
    early, sunday = WeeklyShow(("monday",), "08:00", "09:00"), special(date(2026, 12, 20))
    days = week((room(DAILY, early, specials=(sunday,)),))
    assert [len(day.shows) for day in days] == [2, 1, 1, 1, 1, 1, 2]
    assert [show for _, show in days[0].shows] == [early, DAILY]
    assert [show for _, show in days[6].shows] == [sunday, DAILY]


CLOCKS = st.tuples(st.integers(0, 23), st.sampled_from([0, 30])).map(lambda at: f"{at[0]:02}:{at[1]:02}")
TIMES = st.tuples(CLOCKS, st.one_of(CLOCKS, st.just("24:00"))).filter(lambda pair: pair[0] < pair[1])
DAYS = st.dates(date(2026, 12, 1), date(2027, 3, 1))
WEEKLY = st.builds(
    lambda days, times: WeeklyShow(tuple(sorted(days)), *times),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    TIMES,
)
SPECIAL = st.builds(lambda day, times: special(day, *times), DAYS, TIMES)
CASES = st.tuples(
    st.builds(
        lambda programme, specials: room(*programme, specials=tuple(specials)),
        st.lists(WEEKLY, max_size=3),
        st.lists(SPECIAL, max_size=2),
    ),
    st.datetimes(datetime(2026, 12, 1), datetime(2027, 3, 1)),
)


@settings(max_examples=1, deadline=None)
@given(cases=st.lists(CASES, min_size=200, max_size=200))
def test_a_page_finds_the_same_next_show_as_going_through_the_days_one_by_one(
    cases: list[tuple[Room, datetime]],
) -> None:
    calendar = Calendar(closed=(HOLIDAY,))
    asked = [[slots(own, calendar, "zh"), int(at.replace(tzinfo=UTC).timestamp() * 1000)] for own, at in cases]
    found = run(
        "programme.js", "({ nextShow }, asked) => asked.map(([slots, at]) => nextShow(slots, at) ?? null)", asked
    )
    for (own, at), answer in zip(cases, found, strict=True):
        assert (answer and (answer["from"], answer["until"])) == expected(own, calendar, at.replace(tzinfo=UTC))


def expected(own: Room, calendar: Calendar, now: datetime) -> Any:
    """The next show, by trying each day in turn; `now` is in UTC."""
    for ahead in range(370):
        day = village_day(now) + timedelta(days=ahead)
        weekly = [
            s for s in own.programme if WEEKDAYS[day.weekday()] in s.days and day not in falls_out(own, s, calendar)
        ]
        on = [*weekly, *(one for one in own.specials if one.day == day)]
        times = sorted((instant(day, show.start), instant(day, show.end)) for show in on)
        for start, end in times:
            if end > now:
                return int(start.timestamp() * 1000), int(end.timestamp() * 1000)
    return None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_guide_is_whole_without_a_script_weekly_times_and_films_by_their_numbers(site: Path, lang: str) -> None:
    html = page(site, "/channel/" if lang == "zh" else english("/channel/"))
    for own in CATALOG.rooms:
        assert hours(own, lang) in html.text
        assert all(getattr(one.title, lang) in html.text for one in own.specials)
    numbers = re.findall(
        r'<p class="number"><b>(\d+)</b>.*?<h3><a(?: class="kai")? href="(?:/en)?/videos/([\w-]+)/"',
        html.text,
        re.DOTALL,
    )
    assert numbers == [(str(place), film.id) for place, film in enumerate(CATALOG.videos, 1)]


def test_an_instant_is_by_the_villages_clock_and_24_is_the_end_of_the_day() -> None:
    assert instant(date(2026, 12, 31), "24:00") == datetime(2027, 1, 1, tzinfo=VILLAGE)
