"""Traps around who waits."""

from datetime import timedelta

import pytest
from chalicelib.catalog import Calendar

from tests.functions.helpers.waiters import join, states
from tests.functions.helpers.world import TODAY, MakeWorld, day


def test_what_is_given_back_beyond_the_batch_invites_nobody(make_world: MakeWorld) -> None:
    """T27, pretix#1238: deleting a reservation beyond the quota sent out as many vouchers as it had held."""
    world = make_world({day(2): 6})
    orders = [world.place(key, quantity=2) for key in range(3)]
    places = [join(world, who) for who in range(6)]
    world.stock(1, day(2))
    for order in orders[:2]:
        world.shop.cancel(order["order"], order["token"])
        world.sweep()
        assert states(world, *places) == ["waiting"] * 6
    world.shop.cancel(orders[2]["order"], orders[2]["token"])
    world.sweep()
    assert states(world, *places) == ["invited", *["waiting"] * 5]
    assert (world.left(), world.differences()) == (0, [])


@pytest.mark.parametrize(
    ("before", "state", "left"),
    [
        pytest.param(timedelta(minutes=61), "invited", 0, id="in time for all of an invitation"),
        pytest.param(timedelta(minutes=15), "invited", 0, id="in time for a hold: it ends when the sale does"),
        pytest.param(timedelta(minutes=14), "waiting", 1, id="too late for who waits, not for a walk-in"),
        pytest.param(timedelta(0), "waiting", 0, id="closed"),
    ],
)
def test_nobody_is_invited_so_late_that_it_could_not_be_ordered_or_after_the_sale_has_closed(
    make_world: MakeWorld, before: timedelta, state: str, left: int
) -> None:
    """T28, pretix#681: vouchers went out after the sale had ended, or were good for longer than it."""
    world = make_world({TODAY: 1}, calendar=Calendar(last_orders="16:00"))
    order = world.place(0)
    world.pay(order)
    place = join(world)
    end = world.now.replace(hour=8, minute=0, microsecond=0)  # 16:00 in the village
    world.now = end - before
    world.shop.cancel(order["order"], order["token"])
    assert (states(world, place), world.left()) == ([state], left)
    waiter = world.store.waitlist.load(place)
    assert waiter
    assert waiter.until is None or waiter.until <= end
    assert world.differences() == []
