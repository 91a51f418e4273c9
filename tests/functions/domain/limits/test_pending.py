"""Nobody empties the shop by holding: few unpaid orders for a phone and for an address, and never a lock-out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from chalicelib.domain.errors import TooManyUnpaid
from chalicelib.domain.limits.pending import ADDRESS_MOST, PHONE_MOST, place
from chalicelib.domain.orders.model import Address

from tests.functions.helpers.world import NOON, World, day, make_body

MakeWorld = Callable[..., World]


def at(phone: str, street: str) -> dict[str, object]:
    """A body's address."""
    return {**make_body()["ship_to"], "phone": phone, "street": street}


def test_one_phone_holds_a_few_unpaid_orders_and_no_more(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    for key in range(PHONE_MOST):
        world.place(key, ship_to=at("13800138000", f"高台子村 {key} 号"))
    with pytest.raises(TooManyUnpaid) as refusal:
        world.place(99, ship_to=at("13800138000", "高台子村 99 号"))
    assert refusal.value.until == NOON + timedelta(seconds=930)
    assert world.left() == 50 - PHONE_MOST, "a refused buyer uses up nothing"
    world.place(100, ship_to=at("13900139000", "高台子村 99 号"))


def test_one_address_holds_a_few_more_however_it_is_written(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    writings = [
        "高台子村12号",
        "高台子村 12 号",
        "高台子村，12号",
        "高台子村１２号",
        "高台子村 12号。",
        "高台子村-12号",
    ]
    for key in range(ADDRESS_MOST):
        world.place(key, ship_to=at(f"1380013{key:04}", writings[key % len(writings)]))
    with pytest.raises(TooManyUnpaid):
        world.place(99, ship_to=at("13900139000", writings[0]))
    world.place(100, ship_to=at("13900139000", "高台子村 13 号"))


@pytest.mark.parametrize("freed_by", ["paying", "cancelling", "waiting"])
def test_a_slot_is_free_again_as_soon_as_its_order_is_paid_cancelled_or_over(
    make_world: MakeWorld, freed_by: str
) -> None:
    world = make_world({day(2): 50})
    orders = [world.place(key, buyer=0) for key in range(PHONE_MOST)]
    if freed_by == "paying":
        world.pay(orders[1])
    elif freed_by == "cancelling":
        world.shop.cancel(orders[1]["order"], orders[1]["token"])
    else:
        world.later(931)  # no sweep has been by
    world.place(98, buyer=0)
    if freed_by != "waiting":
        with pytest.raises(TooManyUnpaid):
            world.place(99, buyer=0)


def test_the_same_key_finds_its_order_though_the_phone_holds_its_fill(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    orders = [world.place(key, buyer=0) for key in range(PHONE_MOST)]
    assert [world.place(key, buyer=0)["order"] for key in range(PHONE_MOST)] == [order["order"] for order in orders]


def test_an_order_that_nobody_contests_costs_no_further_round_trip(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    world.place(0)
    world.calls.clear()
    world.place(1)
    assert world.calls == ["TransactWriteItems"]


def test_neither_phone_nor_address_stands_in_the_tab_that_counts_them(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place()
    items = world.client.scan(TableName="shop")["Items"]
    tabs = [item for item in items if item["pk"]["S"].startswith("unpaid#")]
    assert len(tabs) == 2
    for tab in tabs:
        assert "13800138000" not in str(tab)
        assert "高台子" not in str(tab)
        assert int(tab["ttl"]["N"]) > world.now.timestamp() + 900


def test_another_city_is_another_address() -> None:
    here, there = (
        Address("王", "+8613800138000", ("吉林省", city, "集安市"), "人民路 1 号") for city in ("通化市", "吉林市")
    )
    assert place(here) != place(there)
