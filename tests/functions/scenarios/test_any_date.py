"""An order's life on the dates and at the hours at which clocks and calendars differ from an ordinary noon."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from chalicelib.catalog import Calendar
from chalicelib.domain.calendar import village_day
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import World

MakeWorld = Callable[..., World]
INSTANTS = {
    "the end of a month with a long name": "2026-09-30T04:00",
    "the end of a year": "2026-12-31T04:00",
    "a leap day": "2028-02-29T04:00",
    "a Sunday": "2026-11-29T04:00",
    "a quarter to four, a quarter before last orders": "2026-11-24T07:45",
    "a quarter to midnight": "2026-11-24T15:45",
    "five to midnight on a leap day": "2028-02-29T15:55",
    "five to midnight at the end of a year": "2026-12-31T15:55",
    "five to midnight in UTC, when the village's day is another": "2026-12-31T23:55",
}
"""By name, instants in UTC; the village is eight hours ahead."""


def at(world: World, instant: str) -> World:
    """Sets the world's clock, and has five ship on each of three days from today on."""
    world.now = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    for after in range(3):
        world.stock(5, village_day(world.now) + timedelta(days=after))
    return world


@pytest.mark.parametrize("instant", INSTANTS.values(), ids=INSTANTS)
def test_an_order_is_placed_paid_and_repaid_on_any_date(make_world: MakeWorld, instant: str) -> None:
    world = at(make_world(calendar=Calendar(last_orders="16:00")), instant)
    today = village_day(world.now)
    orders = [world.place(number, quantity=5) for number in range(2)]
    world.later(600)  # last orders or midnight may have come
    for order in orders:
        world.pay(order)
    assert [world.see(order)["state"] for order in orders] == ["paid", "paid"]
    sold = [order["ship_by"] for order in orders]
    assert sold == sorted(sold)
    assert today <= sold[0] < sold[1] <= today + timedelta(days=2)
    assert [world.see(order)["ship_by"] for order in orders] == sold
    world.shop.cancel(orders[0]["order"], orders[0]["token"])
    world.settle()
    assert world.see(orders[0])["state"] == "refunded"
    world.later(24 * 3600)
    world.sweep()
    assert world.differences() == []


@pytest.mark.parametrize("instant", INSTANTS.values(), ids=INSTANTS)
def test_a_hold_that_nobody_pays_frees_its_units_on_any_date(make_world: MakeWorld, instant: str) -> None:
    world = at(make_world(), instant)
    order = world.place(quantity=3)
    assert world.left() == 12
    world.later(1000)
    world.sweep()
    assert world.see(order)["state"] == "expired"
    closed = 5 if village_day(world.now) > village_day(world.now - timedelta(seconds=1000)) else 0
    world.later(1)  # what is seen is a second old at most
    assert world.left() == 15 - closed
    assert world.differences() == []


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2060, 1, 1)))
def test_the_villages_day_is_that_of_its_own_clocks_at_every_instant(naive: datetime) -> None:
    assert village_day(naive.replace(tzinfo=UTC)) == (naive + timedelta(hours=8)).date()
