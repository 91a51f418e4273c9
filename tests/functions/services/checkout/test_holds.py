"""Round trips, and holds that have ended."""

import json

import pytest
from chalicelib.domain.commands import MOST_UNITS
from chalicelib.domain.errors import SoldOut

from tests.functions.helpers.world import POT, MakeWorld, day, make_body, make_catalog, make_key


def test_an_order_costs_one_round_trip_when_the_view_is_fresh_and_two_when_it_is_not(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place(0)
    assert world.calls == ["Query", "TransactWriteItems"]
    world.calls.clear()
    world.place(1)
    assert world.calls == ["TransactWriteItems"]


def test_a_view_that_another_process_has_made_stale_costs_one_more_try(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 5})
    world.place(0)
    world.process(make_catalog()).place(make_key(9), json.dumps(make_body()).encode())
    world.calls.clear()
    assert world.place(1)["ship_by"] == day(3)
    assert world.calls == ["TransactWriteItems", "TransactWriteItems"]


def test_a_hold_that_has_ended_is_taken_over_rather_than_saying_sold_out(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    first = world.place(0)
    world.later(929)
    with pytest.raises(SoldOut):
        world.place(1)
    world.later(1)
    world.calls.clear()
    assert world.place(1)["state"] == "awaiting_payment"
    assert len(world.calls) <= 4
    assert world.see(first)["state"] == "expired"
    assert world.left() == 0
    assert world.differences() == []


def test_a_key_whose_hold_has_ended_finds_its_order_and_does_not_take_it_over(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    first = world.place(0)
    world.later(931)
    assert world.place(0) == first
    assert world.see(first)["state"] == "awaiting_payment"


def test_an_ended_hold_that_was_too_small_for_one_shopper_is_there_for_the_next(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.place(0)
    world.later(931)
    with pytest.raises(SoldOut):
        world.place(1, quantity=2)
    assert world.place(2)["state"] == "awaiting_payment"


def test_orders_that_expired_and_wait_for_something_else_hide_no_hold_that_has_ended(make_world: MakeWorld) -> None:
    world = make_world({day(2): MOST_UNITS})
    for key in range(MOST_UNITS):
        world.place(key)
    world.later(930)
    world.sweep()
    world.place(98, quantity=MOST_UNITS)
    world.later(931)  # nothing has closed the payments of those that expired: they are due before the hold
    assert world.place(99)["state"] == "awaiting_payment"
    assert world.left() == MOST_UNITS - 1


def test_a_hold_of_another_product_is_not_ended_for_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.stock(1, day(2), POT)
    other, wanted = world.place(0, sku=POT), world.place(1)
    world.later(1000)
    world.place(2)
    assert (world.see(wanted)["state"], world.see(other)["state"]) == ("expired", "awaiting_payment")


def test_a_process_that_saw_no_holds_takes_over_one_that_ended_since(make_world: MakeWorld) -> None:
    world = make_world({day(2): 0})
    with pytest.raises(SoldOut):
        world.place(0)
    world.stock(1, day(2))
    world.process(make_catalog()).place(make_key(1), json.dumps(make_body()).encode())
    world.later(931)
    assert world.place(2)["state"] == "awaiting_payment"


def test_nobodys_hold_is_ended_while_units_are_on_sale(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    first = world.place(0)
    world.later(1000)
    world.place(1)
    assert world.see(first)["state"] == "awaiting_payment"


@pytest.mark.parametrize("shards", [1, 2])
def test_whoever_cancels_to_order_anew_finds_the_units_in_the_same_second(make_world: MakeWorld, shards: int) -> None:
    world = make_world({})
    world.stock(2, day(2), shards=shards)
    first = world.place(0, quantity=2)
    assert world.place(0, quantity=2) == first, "asked again with its key, as by a browser that has lost the answer"
    world.process(make_catalog()).cancel(first["order"], first["token"])
    world.later(0.1)
    assert world.place(1, quantity=2)["ship_by"] == day(2)
    assert world.differences() == []


def test_once_sold_out_a_refusal_asks_the_table_nothing_but_the_key_for_a_second(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.place(0)
    with pytest.raises(SoldOut):
        world.place(1)
    world.calls.clear()
    with pytest.raises(SoldOut):
        world.place(2)
    assert world.calls == ["GetItem"]
