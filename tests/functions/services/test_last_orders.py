"""What ships today is sold until the day's last orders; what was ordered by then keeps its promise."""

from collections.abc import Callable

import pytest
from chalicelib.catalog import Calendar
from chalicelib.domain.errors import SoldOut

from tests.functions.helpers.world import JAR, World, day

MakeWorld = Callable[..., World]
AT_FOUR = Calendar(last_orders="16:00")
HOURS = 3600
"""Seconds. A world begins at noon."""


def test_from_last_orders_on_todays_batch_is_sold_no_more(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5, day(1): 3}, calendar=AT_FOUR)
    world.later(4 * HOURS - 1)
    assert world.left() == 8
    assert world.place()["ship_by"] == day(0)
    world.later(1)
    assert world.left() == 3
    world.later(1)  # the view that the last order used is a second old
    assert world.place(1)["ship_by"] == day(1)


def test_a_line_is_not_split_over_a_batch_that_has_closed(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5, day(1): 3}, calendar=AT_FOUR)
    world.later(4 * HOURS)
    with pytest.raises(SoldOut):
        world.place(quantity=4)


def test_without_last_orders_todays_batch_is_sold_until_midnight(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5})
    world.later(12 * HOURS - 1)
    assert world.left() == 5
    world.later(1)
    assert world.left() == 0


def test_an_order_from_before_last_orders_can_be_paid_after_them_and_ships_today(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5, day(1): 5}, calendar=AT_FOUR)
    world.later(4 * HOURS - 1)
    order = world.place()
    world.later(600)
    world.pay(order)
    assert (world.see(order)["state"], world.see(order)["ship_by"]) == ("paid", day(0))


def test_a_late_payment_after_last_orders_goes_back_and_takes_of_no_later_day(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5, day(1): 5}, calendar=AT_FOUR)
    world.later(4 * HOURS - 1)
    order = world.place()
    world.later(1000)
    world.sweep()
    world.pay(order)
    world.settle()
    seen = world.see(order)
    assert (seen["state"], seen["ship_by"], seen["refunds"][0]["reason"]) == ("refunded", day(0), "date_not_kept")
    assert world.differences() == []


def test_an_ended_hold_on_a_batch_that_has_closed_is_nobodys_to_take(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5}, calendar=AT_FOUR)
    world.later(4 * HOURS - 1)
    world.place(quantity=5)
    world.later(1000)
    with pytest.raises(SoldOut) as refused:
        world.place(1)
    assert [(fault.sku, fault.left) for fault in refused.value.faults] == [(JAR, 0)]
