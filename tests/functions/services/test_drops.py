"""Drops: one room, two instants, their own price and limit; and where their units come from and go to."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import msgspec
import pytest
from chalicelib.domain.errors import (
    Changed,
    DropEarly,
    DropOver,
    DropOverlaps,
    Invalid,
    LimitReached,
    NotFound,
    NotNow,
    SoldOut,
)
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import TooFew
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.order_changes import postpone

from tests.functions.helpers.crash_points import CrashPoints
from tests.functions.helpers.drops import ROOM, buy, make_drop, opened, shelves
from tests.functions.helpers.world import JAR, NOON, POT, TODAY, World, day, make_catalog, make_key

MakeWorld = Callable[..., World]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world({day(2): 3, day(3): 5})


def test_its_units_come_out_of_the_planned_batches_the_earliest_first(world: World) -> None:
    opened(world, 4)
    assert shelves(world) == {"own": [(0, 0, 0), (4, 0, 4)], "evening": [(3, 0, 3), (1, 0, 1)]}
    assert (world.left(), world.differences()) == (4, [])


def test_it_is_sold_at_its_own_price_and_known_by_the_order(world: World) -> None:
    opened(world)
    world.later(600)
    order = buy(world, quantity=2, expect={"total": 3980, "ship_by": day(2).isoformat()})
    assert (order["total"], order["lines"][0]["unit_price"], order["lines"][0]["drop"]) == (3980, 1990, "evening")
    assert shelves(world)["evening"] == [(3, 2, 1), (1, 0, 1)]
    assert world.differences() == []


def test_a_drop_and_the_ordinary_price_in_one_order_are_two_lines(world: World) -> None:
    opened(world)
    world.later(600)
    lines = [{"sku": JAR, "quantity": 1, "drop": "evening"}, {"sku": JAR, "quantity": 1}]
    order = world.place(lines=[*lines, lines[0]], room=ROOM)
    assert [(line["quantity"], line["unit_price"]) for line in order["lines"]] == [(2, 1990), (1, 2990)]
    assert world.differences() == []


@pytest.mark.parametrize(
    ("seconds", "refusal"), [(599, DropEarly), (600, None), (2399, None), (2400, DropOver), (9999, DropOver)]
)
def test_who_is_early_or_late_is_told_and_uses_up_nothing(world: World, seconds: int, refusal: type | None) -> None:
    opened(world)
    world.later(seconds)
    if refusal is None:
        buy(world)
        return
    with pytest.raises(refusal) as told:
        buy(world)
    assert [fault.pointer for fault in told.value.faults] == ["/lines/0"]
    assert shelves(world)["evening"] == [(3, 0, 3), (1, 0, 1)]
    assert [*world.store.orders.all()] == []


def test_it_is_sold_from_an_instant_to_an_instant_also_within_a_second(world: World) -> None:
    opened(world, opens=NOON + timedelta(seconds=0.2), closes=NOON + timedelta(seconds=0.6))
    world.later(0.1)
    with pytest.raises(DropEarly):
        buy(world)
    world.later(0.3)
    buy(world)
    world.later(0.3)
    with pytest.raises(DropOver):
        buy(world, 1)


@pytest.mark.parametrize("room", [None, "cabbage-2"])
def test_another_room_does_not_sell_it(world: World, room: str | None) -> None:
    opened(world)
    world.later(600)
    with pytest.raises(Invalid, match="/room"):
        buy(world, room=room)


def test_a_drop_that_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(Invalid, match="/lines/0/drop"):
        buy(world)


def test_a_limit_holds_for_the_drop_as_a_whole(world: World) -> None:
    opened(world, 4, limit=2)
    world.later(600)
    with pytest.raises(LimitReached):
        buy(world, quantity=3)
    buy(world, 0, buyer=7)
    buy(world, 1, buyer=7)
    with pytest.raises(LimitReached) as refusal:
        buy(world, 2, buyer=7)
    assert [(fault.pointer, fault.limit) for fault in refusal.value.faults] == [("/lines/0", 2)]
    buy(world, 3, buyer=8)
    world.shop.cancel(*ticket(world, 0))
    buy(world, 2, buyer=7)
    assert world.differences() == []


def ticket(world: World, key: int) -> tuple[str, str]:
    found = world.keys.tickets(make_key(key))[0]
    return found.number, found.token


def test_what_is_sold_out_is_said_to_be_so_also_to_who_has_had_enough_of_another(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(3): 4}, per_buyer=4)
    world.stock(1, day(2), POT)
    world.place(0, quantity=3, buyer=7)
    lines = [{"sku": JAR, "quantity": 2}, {"sku": POT, "quantity": 1}]
    with (
        CrashPoints(world.client).at((1, "after"), lambda: world.place(1, sku=POT)),
        pytest.raises(SoldOut) as refusal,
    ):
        world.place(2, lines=lines, buyer=7)
    assert [fault.pointer for fault in refusal.value.faults] == ["/lines/1"]


def test_what_is_left_goes_back_to_the_planned_batches_when_it_is_over(world: World) -> None:
    opened(world)
    world.later(600)
    world.pay(buy(world))
    world.later(1800)
    world.sweep()
    assert shelves(world) == {"own": [(2, 0, 2), (5, 0, 5)], "evening": [(1, 1, 0), (0, 0, 0)]}
    assert (world.left(), world.differences()) == (7, [])


def test_unpaid_orders_of_a_drop_that_is_over_give_back_to_the_planned_batches_once(world: World) -> None:
    opened(world)
    world.later(1900)
    unpaid, paid = buy(world, 0, quantity=3), buy(world, 1)
    world.pay(paid)
    world.later(700)
    world.sweep()
    assert shelves(world) == {"own": [(0, 0, 0), (4, 0, 4)], "evening": [(3, 3, 0), (1, 1, 0)]}
    world.later(300)
    for _ in range(3):
        world.sweep()
    assert world.see(unpaid)["state"] == "expired"
    assert shelves(world) == {"own": [(3, 0, 3), (4, 0, 4)], "evening": [(0, 0, 0), (1, 1, 0)]}
    world.shop.cancel(paid["order"], paid["token"])
    world.sweep()
    assert shelves(world)["own"] == [(3, 0, 3), (5, 0, 5)]
    assert world.differences() == []


def test_a_late_payer_of_a_drop_that_is_over_gets_the_money_back(world: World) -> None:
    opened(world)
    world.later(1900)
    order = buy(world)
    world.later(940)
    world.sweep()
    world.pay(order)
    assert world.see(order)["refunds"][0]["amount"] == 1990
    assert world.differences() == []


def test_a_late_payer_gets_it_while_it_is_on_but_for_the_limit(world: World) -> None:
    opened(world, limit=1)
    world.later(600)
    first, other = buy(world, 0, buyer=1), buy(world, 1, buyer=2)
    world.later(935)
    world.sweep()
    again = buy(world, 2, buyer=1)
    for order in (again, first, other):
        world.pay(order)
    assert [world.see(order)["state"] for order in (again, first, other)] == ["paid", "expired", "paid"]
    assert world.see(first)["refunds"][0]["amount"] == 1990
    assert world.differences() == []


def test_it_can_be_ended_before_its_time(world: World) -> None:
    opened(world)
    world.later(900)
    end_drop(world.store, world.now, JAR, "evening")
    assert world.left() == 8
    with pytest.raises(DropOver):
        buy(world)
    with pytest.raises(NotFound):
        end_drop(world.store, world.now, JAR, "morning")


def test_there_is_no_drop_of_more_than_is_on_sale(world: World) -> None:
    world.place(quantity=2)
    with pytest.raises(TooFew) as refusal:
        opened(world, 7)
    assert refusal.value.left == 6
    assert world.left() == 6
    opened(world, 6)
    with pytest.raises(NotNow):
        opened(world, 1)


def test_a_name_that_a_drop_has_had_is_never_given_to_another(world: World) -> None:
    """Its orders and what they count for limits are known by it."""
    opened(world)
    world.later(2400)
    for _ in range(2):
        world.sweep()
    assert "drops" not in world.shop.availability([JAR])["items"][JAR]
    with pytest.raises(NotNow):
        opened(world, opens=world.now, closes=world.now + timedelta(minutes=10))
    assert world.left() == 8


def test_the_sold_out_drop_says_what_the_ordinary_batches_hold_and_the_other_way_round(world: World) -> None:
    opened(world, 4)
    world.later(600)
    buy(world, 0, quantity=4)
    with pytest.raises(SoldOut) as refusal:
        buy(world, 1)
    assert [(fault.left, fault.elsewhere) for fault in refusal.value.faults] == [(0, 4)]
    world.place(2, quantity=4)
    world.shop.cancel(*ticket(world, 0))
    world.later(1)
    with pytest.raises(SoldOut) as refusal:
        world.place(3)
    assert [(fault.left, fault.elsewhere) for fault in refusal.value.faults] == [(0, 4)]


def test_a_drop_over_many_shards_sells_its_last_unit(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(90, day(2), shards=3)
    opened(world, 60, rate=100, limit=1)
    [batch] = world.store.stock.declared(f"{JAR}@evening", TODAY)
    assert (batch.cap, batch.shards) == (60, 5)
    world.later(600)
    for key in range(60):
        buy(world, key)
    with pytest.raises(SoldOut):
        buy(world, 60)
    assert world.differences() == []


def test_an_order_of_a_drop_can_be_given_a_later_day_from_the_planned_batches(world: World) -> None:
    opened(world, 3)
    world.later(600)
    order = buy(world, quantity=2)
    world.pay(order)
    postpone(world.store, lambda: world.now, order["order"], day(3))
    assert (world.see(order)["ship_by"], world.see(order)["total"]) == (day(3), 3980)
    assert shelves(world) == {"own": [(0, 0, 0), (5, 2, 3)], "evening": [(3, 0, 3)]}
    assert world.differences() == []


def test_a_page_hears_of_drops_that_are_not_over(world: World) -> None:
    opened(world)
    [drop] = world.shop.availability([JAR])["items"][JAR]["drops"]
    assert drop == {
        "drop": "evening", "room": ROOM, "price": 1990, "limit": 0, "left": 4, "ship_by": day(2),
        "batches": [{"ship_by": day(2), "left": 3}, {"ship_by": day(3), "left": 1}],
        "opens": "2026-11-24T04:10:00Z", "closes": "2026-11-24T04:40:00Z",
    }  # fmt: skip
    world.later(2400)
    assert "drops" not in world.shop.availability([JAR])["items"][JAR]


@pytest.mark.parametrize(("ordinary", "costs"), [(2990, 1990), (1990, 1990), (1500, 1500), (1, 1), (None, None)])
def test_a_drop_never_costs_more_than_the_ordinary_price_whichever_was_changed_last(
    world: World, ordinary: int | None, costs: int | None
) -> None:
    drop = opened(world, opens=world.now)
    prices = {JAR: ordinary} if ordinary else {POT: 5490}
    world.shop = world.process(make_catalog(prices=prices))
    console = world.shop.rooms.see(ROOM)
    assert [one.price for one in console.drops] == [costs or drop.price]
    if ordinary is None:
        with pytest.raises(Invalid):
            buy(world)
        return
    assert world.shop.availability([JAR])["items"][JAR]["drops"][0]["price"] == costs
    order = buy(world, quantity=2, expect={"total": 2 * ordinary, "ship_by": day(2).isoformat()})
    assert (order["total"], order["lines"][0]["unit_price"]) == (2 * (costs or 0), costs)
    world.shop = world.process(make_catalog())
    with pytest.raises(Changed) if costs != drop.price else nullcontext():
        buy(world, 1, expect={"total": costs, "ship_by": day(2).isoformat()})


@pytest.mark.parametrize("price", [2990, 2991])
def test_a_drop_that_costs_no_less_than_on_every_day_is_not_opened_by_anybody(world: World, price: int) -> None:
    with pytest.raises(Invalid) as refused:
        open_drop(world.shop.catalog, world.store, world.now, msgspec.structs.replace(make_drop(), price=price), 1)
    assert refused.value.faults[0].pointer == "/price"
    assert world.left() == 8


@pytest.mark.parametrize(
    ("opens", "lasts", "room", "sku", "may"),
    [
        (10, 30, ROOM, JAR, False),
        (0, 11, ROOM, JAR, False),
        (20, 5, ROOM, JAR, False),
        (39, 60, ROOM, JAR, False),
        (0, 10, ROOM, JAR, True),
        (40, 10, ROOM, JAR, True),
        (10, 30, "cabbage-2", JAR, True),
        (10, 30, ROOM, POT, True),
    ],
)
def test_a_room_sells_one_drop_of_a_sku_at_a_time(
    world: World, opens: int, lasts: int, room: str, sku: str, may: bool
) -> None:
    world.stock(4, day(2), POT)
    opened(world, 1)
    begin = NOON + timedelta(minutes=opens)
    other = Drop("other", sku, room, 1990, 1, begin, begin + timedelta(minutes=lasts))
    with nullcontext() if may else pytest.raises(DropOverlaps) as refused:
        open_drop(world.shop.catalog, world.store, world.now, other, 1)
    if refused:
        assert "evening" in refused.value.detail
    world.later(700)
    end_drop(world.store, world.now, JAR, "evening")
    if not may and opens >= 12:
        open_drop(world.shop.catalog, world.store, world.now, other, 1)
    assert world.differences() == []


def test_two_who_open_drops_of_one_sku_at_once_in_one_room_get_one(make_world: MakeWorld) -> None:
    """Their units come of different days: what was sold today is over before the second drop is."""
    world = make_world({day(0): 3, day(1): 3})
    points = CrashPoints(world.client)
    begin = NOON + timedelta(hours=6)
    first = Drop("first", JAR, ROOM, 1990, 1, begin, begin + timedelta(hours=1))
    second = Drop("second", JAR, ROOM, 1990, 1, begin, begin + timedelta(hours=10))

    def open_first() -> None:
        open_drop(world.shop.catalog, world.store, world.now, first, 1)

    with points.at((1, "before"), open_first), pytest.raises(DropOverlaps):
        open_drop(world.shop.catalog, world.store, world.now, second, 1)
    assert [drop.id for drop in world.store.stock.shelf(JAR, day(0)).drops] == ["first"]
    assert world.differences() == []
