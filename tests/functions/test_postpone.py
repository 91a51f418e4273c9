"""A date that cannot be kept is moved: units change batches at once, the buyer is told, and may cancel for nothing."""

from collections.abc import Callable

import pytest
from chalicelib.errors import NotFound, NotNow
from chalicelib.postpone import postpone
from chalicelib.promise import TooFew

from tests.functions.world import JAR, World, day

MakeWorld = Callable[..., World]


def test_the_order_ships_from_the_later_batch_and_frees_its_units_in_the_earlier(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5})
    order = world.place(quantity=2, email="wang@example.com")
    world.pay(order)
    postpone(world.store, lambda: world.now, order["order"], day(4))
    seen = world.see(order)
    assert (seen["ship_by"], seen["first_ship_by"], seen["state"]) == (day(5), day(2), "paid")
    assert {batch.ship_by: batch.left for batch in world.shop.stock.look(JAR)} == {day(2): 5, day(5): 3}
    assert world.differences() == []
    world.settle()
    assert "晚些发货" in str(world.mails[-1]["Subject"])


def test_the_first_promise_stays_known_however_often_it_is_moved(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5, day(9): 5})
    order = world.place()
    for later in (day(5), day(9)):
        postpone(world.store, lambda: world.now, order["order"], later)
    assert (world.see(order)["ship_by"], world.see(order)["first_ship_by"]) == (day(9), day(2))


def test_a_postponed_order_may_be_cancelled_and_all_its_money_goes_back(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5})
    order = world.place()
    world.pay(order)
    postpone(world.store, lambda: world.now, order["order"], day(5))
    world.shop.cancel(order["order"], order["token"])
    world.settle()
    assert (world.see(order)["state"], world.see(order)["refunds"][0]["amount"]) == ("refunded", 2990)
    assert world.differences() == []


def test_parts_that_already_ship_later_stay_where_they_are(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1, day(5): 1})
    order = world.place(quantity=2)
    world.stock(1, day(7))
    postpone(world.store, lambda: world.now, order["order"], day(4))
    [line] = world.see(order)["lines"]
    assert line["parts"] == [{"ship_by": day(5), "quantity": 1}, {"ship_by": day(7), "quantity": 1}]


def test_an_order_is_never_postponed_into_batches_that_hold_too_little(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 1})
    order = world.place(quantity=2)
    with pytest.raises(TooFew):
        postpone(world.store, lambda: world.now, order["order"], day(5))
    assert world.see(order)["ship_by"] == day(2)


def test_only_an_order_that_still_ships_can_be_postponed_and_only_to_a_later_day(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5})
    order = world.place()
    with pytest.raises(NotNow):
        postpone(world.store, lambda: world.now, order["order"], day(1))
    world.shop.cancel(order["order"], order["token"])
    with pytest.raises(NotNow):
        postpone(world.store, lambda: world.now, order["order"], day(5))
    with pytest.raises(NotFound):
        postpone(world.store, lambda: world.now, "1" * 20, day(5))
