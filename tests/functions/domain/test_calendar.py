"""How much ships on which day and until when: tables for what a calendar does, Hypothesis for what none may do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from chalicelib.catalog import WEEKDAYS, Calendar, Period, Production
from chalicelib.domain.calendar import VILLAGE, carried, closes, first_on_sale, production_days, ships, works
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import TODAY, day, text

FEBRUARY = [date(2027, 2, 1) + timedelta(days=after) for after in range(15)]  # the 1st is a Monday


def period(first: date, last: date) -> Period:
    return Period(first, last, text("x"))


def february(*days: tuple[int, int]) -> tuple[Period, ...]:
    return tuple(period(date(2027, 2, first), date(2027, 2, last)) for first, last in days)


def periods_of(*lengths: int) -> st.SearchStrategy[tuple[Period, ...]]:
    """Up to three periods around today; they may overlap, touch, or end before they begin."""
    first = st.integers(-30, 60)
    one = st.builds(lambda first, length: period(day(first), day(first + length)), first, st.integers(*lengths))
    return st.lists(one, max_size=3).map(tuple)


calendars = st.builds(
    Calendar,
    closed=periods_of(-1, 15),
    pauses=periods_of(-1, 15),
    rest_days=st.lists(st.sampled_from(WEEKDAYS), max_size=6).map(tuple),
)
productions = st.builds(Production, per_day=st.just(60), lead_days=st.integers(0, 10), horizon_days=st.integers(1, 60))


@pytest.mark.parametrize(
    ("calendar", "days"),
    [
        pytest.param(Calendar(), [1] * 15, id="every day ships its own"),
        pytest.param(
            Calendar(closed=february((5, 8))),
            [1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1],
            id="a holiday is made up for by no other day",
        ),
        pytest.param(
            Calendar(pauses=february((3, 5))),
            [1, 1, 0, 0, 0, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            id="what is made in a pause ships on the first day after",
        ),
        pytest.param(
            Calendar(closed=february((5, 8)), pauses=february((3, 12))),
            [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 1, 1],
            id="the Lunar New Year: a holiday within a pause is not worked",
        ),
        pytest.param(
            Calendar(closed=february((5, 8)), pauses=february((3, 5))),
            [1, 1, 0, 0, 0, 0, 0, 0, 3, 1, 1, 1, 1, 1, 1],
            id="a pause that a holiday follows waits for its end",
        ),
        pytest.param(
            Calendar(closed=february((3, 4)), pauses=february((5, 6))),
            [1, 1, 0, 0, 0, 0, 3, 1, 1, 1, 1, 1, 1, 1, 1],
            id="a holiday before a pause adds nothing",
        ),
        pytest.param(
            Calendar(pauses=february((3, 6), (5, 8))),
            [1, 1, 0, 0, 0, 0, 0, 0, 7, 1, 1, 1, 1, 1, 1],
            id="no day of two pauses counts twice",
        ),
        pytest.param(
            Calendar(rest_days=("sunday",)),
            [1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1],
            id="Sundays off",
        ),
        pytest.param(
            Calendar(pauses=february((5, 6)), rest_days=("saturday", "sunday")),
            [1, 1, 1, 1, 0, 0, 0, 2, 1, 1, 1, 1, 0, 0, 1],
            id="a day of rest in a pause is not worked, and one after it waits",
        ),
        pytest.param(
            Calendar(pauses=february((12, 28))),
            [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
            id="a pause beyond the horizon ships when the horizon gets there",
        ),
        pytest.param(
            Calendar(pauses=(period(date(2027, 1, 30), date(2027, 2, 2)),)),
            [0, 0, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            id="a pause counts whole, though it began before the plan",
        ),
    ],
)
def test_the_first_half_of_february_ships(calendar: Calendar, days: Sequence[int]) -> None:
    plan = production_days(Production(60, lead_days=2, horizon_days=15), calendar, date(2027, 1, 30))
    assert plan == dict(zip(FEBRUARY, days, strict=True))


def test_the_plan_begins_after_the_lead_days_and_ends_at_the_horizon() -> None:
    plan = production_days(Production(per_day=60, lead_days=2, horizon_days=3), Calendar(), TODAY)
    assert plan == {day(2): 1, day(3): 1, day(4): 1}


@given(production=productions, calendar=calendars, later=st.integers(1, 9))
def test_a_later_plan_says_the_same_of_each_day_that_both_hold(
    production: Production, calendar: Calendar, later: int
) -> None:
    earlier, now = production_days(production, calendar, TODAY), production_days(production, calendar, day(later))
    both = earlier.keys() & now.keys()
    assert len(both) == max(0, production.horizon_days - later)
    assert {date: earlier[date] for date in both} == {date: now[date] for date in both}


@given(calendar=calendars)
def test_all_that_is_made_ships_once_and_nothing_else(calendar: Calendar) -> None:
    ends = [date for date in map(day, range(-60, 120)) if ships(date, calendar)]
    between = [ends[0] + timedelta(days=after) for after in range(1, (ends[-1] - ends[0]).days + 1)]
    assert sum(carried(date, calendar) for date in between) == sum(works(date, calendar) for date in between)


@given(calendar=calendars, number=st.integers(-60, 120))
def test_nothing_ships_on_a_day_that_is_closed_paused_or_of_rest(calendar: Calendar, number: int) -> None:
    idle = (
        any(one.first <= day(number) <= one.last for one in (*calendar.closed, *calendar.pauses))
        or day(number).strftime("%A").lower() in calendar.rest_days
    )
    assert (carried(day(number), calendar) == 0) == idle


@pytest.mark.parametrize(
    ("last_orders", "hour", "minute"),
    [
        pytest.param("16:00", 8, 0, id="the village is eight hours ahead"),
        pytest.param("07:59", -1, 59, id="an early hour lies in the day before, by UTC"),
        pytest.param("00:00", -8, 0, id="nothing is sold on its own day"),
        pytest.param("23:59", 15, 59, id="the last minute"),
        pytest.param("", 16, 0, id="without last orders the sale goes on to the end of the day"),
    ],
)
def test_the_sale_of_a_day_ends_at_its_last_orders_by_the_villages_clocks(
    last_orders: str, hour: int, minute: int
) -> None:
    end = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(hours=hour, minutes=minute)
    calendar = Calendar(last_orders=last_orders)
    assert closes(TODAY, calendar) == end
    assert closes(TODAY, calendar).tzinfo is UTC
    assert first_on_sale(end - timedelta(microseconds=1), calendar) == TODAY
    assert first_on_sale(end, calendar) == day(1)


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.timezones()),
    last_orders=st.just("") | st.times().map(lambda time: f"{time:%H:%M}"),
)
def test_the_first_day_on_sale_is_the_first_whose_sale_has_not_ended(now: datetime, last_orders: str) -> None:
    calendar = Calendar(last_orders=last_orders)
    first = first_on_sale(now, calendar)
    assert closes(first - timedelta(days=1), calendar) <= now < closes(first, calendar)


@pytest.mark.parametrize("year", range(1992, 2061, 4))
def test_the_villages_clocks_are_those_of_asia_shanghai(year: int) -> None:
    for month in range(1, 13):
        at = datetime(year, month, 15, 15, 59, 59, tzinfo=UTC)
        assert at.astimezone(VILLAGE).isoformat() == at.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()
