"""When parcels usually arrive: half and nine of ten of enough of them, said only while it is true, of no person."""

from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction

import msgspec
import pytest
from chalicelib.domain.live.figures import change
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import Parcel, ParcelLine, ParcelState
from chalicelib.domain.packing.arrival import (
    ENOUGH,
    LONGEST,
    PERIOD,
    PERIODS,
    UsualDays,
    arrival_scope,
    arrivals_of,
    expected,
    scopes_to_read,
    usual_days,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import NOON, TODAY, day, make_order

USUAL = UsualDays(2, 4)


def sent(
    days: float | None, state: ParcelState = ParcelState.DELIVERED, handed: datetime = NOON, of: State = State.DELIVERED
) -> Order:
    """An order whose parcel took so many days; None: it has not arrived."""
    arrived = None if days is None else handed + timedelta(days=days)
    parcel = Parcel(1, (ParcelLine(0, 2),), handed, state=state, handed=handed, delivered=arrived)
    return make_order(of, parcels=(parcel,))


@pytest.mark.parametrize(
    ("figures", "usual"),
    [
        ({}, None),
        ({"d2": ENOUGH - 1}, None),
        ({"d2": ENOUGH}, (2, 2)),
        ({"d1": 10, "d3": 10}, (1, 3)),
        ({"d1": 9, "d2": 9, "d9": 2}, (2, 2)),
        ({"d1": 9, "d2": 8, "d9": 3}, (2, 9)),
        ({"d2": 40, "d3": -5, "ttl": 99, f"d{LONGEST + 1}": 99}, (2, 2)),
    ],
)
def test_half_and_nine_of_ten_are_told_of_enough_parcels(
    figures: dict[str, int], usual: tuple[int, int] | None
) -> None:
    assert usual_days(figures) == usual


@given(st.lists(st.integers(0, LONGEST), min_size=ENOUGH, max_size=200))
def test_at_least_half_came_by_the_one_day_and_nine_of_ten_by_the_other_and_no_earlier_day_would_do(
    took: list[int],
) -> None:
    usual = usual_days(Counter(f"d{days}" for days in took))
    assert usual
    for share, told in ((Fraction(1, 2), usual.half), (Fraction(9, 10), usual.most)):
        assert sum(days <= told for days in took) >= share * len(took)
        assert sum(days < told for days in took) < share * len(took)
    assert usual.half <= usual.most


def test_a_parcel_counts_by_province_and_days_alone_once_it_has_arrived_and_no_more_when_it_came_back() -> None:
    order = sent(3)
    [(scope, name)] = arrivals_of(order)
    assert (scope, name) == (arrival_scope("吉林省", day(3)), "d3")
    on_its_way = sent(None, ParcelState.UNDERWAY, of=State.SHIPPED)
    assert change(on_its_way, order)[scope, name] == 1
    assert change(order, order) == Counter()
    assert change(order, sent(3, ParcelState.RETURNED, of=State.RETURNED))[scope, name] == -1
    secret = (order.number, order.ship_to.name, order.ship_to.phone, *order.ship_to.region[1:], order.ship_to.street)
    assert not any(word in scope + name for word in secret)


@pytest.mark.parametrize("days", [None, -1, LONGEST + 1, 15])
def test_what_is_no_example_counts_for_nothing(days: float | None) -> None:
    """An order of which nobody said anything counts as delivered after fifteen days, and was there long before."""
    assert arrivals_of(sent(days)) == Counter()


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 200))
def test_what_is_read_is_the_last_sixty_days(today: date, back: int) -> None:
    scope = arrival_scope("吉林省", today - timedelta(days=back))
    read = scopes_to_read("吉林省", today)
    assert (scope in read) or back > PERIOD * (PERIODS - 1)
    assert (scope not in read) or back < PERIOD * PERIODS


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (make_order(State.PAID), (day(4), day(6))),
        (make_order(State.PACKED), (day(4), day(6))),
        (sent(None, ParcelState.SHIPPED, of=State.SHIPPED), (day(2), day(4))),
        (sent(None, ParcelState.UNDERWAY, NOON - timedelta(days=3), State.SHIPPED), (TODAY, day(1))),
        (sent(None, ParcelState.UNDERWAY, NOON - timedelta(days=5), State.SHIPPED), None),
        (sent(None, ParcelState.RETURNING, of=State.SHIPPED), None),
        (sent(1), None),
        (make_order(State.AWAITING_PAYMENT), None),
        (make_order(State.CANCELLED), None),
    ],
    ids=lambda one: one.state if isinstance(one, Order) else "",
)
def test_it_is_said_of_what_is_still_to_come_and_not_once_its_time_is_over(
    order: Order, told: tuple[date, date] | None
) -> None:
    assert expected(order, USUAL, TODAY) == told


def test_an_order_that_is_late_is_counted_from_today() -> None:
    late = msgspec.structs.replace(make_order(State.PAID))
    assert expected(late, USUAL, day(10)) == (day(12), day(14))
