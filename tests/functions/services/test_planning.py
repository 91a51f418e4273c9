"""The manager's plan on a table in process: batches ahead, another size, more orders a second, all while it sells."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Calendar, Catalog, Period
from chalicelib.domain.errors import NotNow, SoldOut
from chalicelib.services.audit import dangers
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.planning import expect, plan, set_batch
from chalicelib.storage.stock.queue import Queue
from chalicelib.storage.store import Store

from tests.functions.helpers.drops import buy, make_drop, opened, shelves
from tests.functions.helpers.waiters import join, states, take
from tests.functions.helpers.world import JAR, POT, TODAY, World, day, make_client, make_key, text

MakeWorld = Callable[..., World]


def closed(catalog: Catalog, first: int, last: int, kind: str = "closed") -> Catalog:
    """The catalogue with a period of its calendar, by days from today."""
    period = Period(day(first), day(last), text("New Year"))
    return msgspec.structs.replace(
        catalog, shop=msgspec.structs.replace(catalog.shop, calendar=Calendar(**{kind: (period,)}))
    )


def sizes(world: World, sku: str = JAR) -> dict[int, int]:
    """Units declared, by days from today."""
    return {(batch.ship_by - TODAY).days: batch.cap for batch in world.store.stock.declared(sku, TODAY)}


def test_the_plan_reaches_to_the_horizon_and_a_day_further_the_next_day(make_world: MakeWorld) -> None:
    world = make_world()
    plan(world.shop.catalog, world.store, TODAY)
    assert sizes(world) == sizes(world, POT) == {2: 60, 3: 60, 4: 60}
    made = plan(world.shop.catalog, world.store, day(1))
    assert {(one.ship_by, one.units) for one in made} == {(day(5), 60)}


def test_a_plan_that_was_cut_off_half_way_is_finished_by_the_next(make_world: MakeWorld) -> None:
    world = make_world()
    assert world.store.stock.declare(JAR, day(2), None, cap=60, shards=1, planned=60, days=1)
    assert world.left() == 0, "declared, and not yet on sale"
    plan(world.shop.catalog, world.store, TODAY)
    assert world.left() == 180


def test_what_a_plan_left_undone_is_put_on_sale_by_the_minutes_sweep(make_world: MakeWorld) -> None:
    world = make_world()
    assert world.store.stock.declare(JAR, day(2), None, cap=60, shards=3)
    world.sweep()
    assert world.left() == 60


def test_no_batch_is_made_for_a_day_on_which_nothing_ships_and_a_pause_ships_afterwards(make_world: MakeWorld) -> None:
    world = make_world()
    plan(closed(world.shop.catalog, 3, 3), world.store, TODAY)
    assert sizes(world) == {2: 60, 4: 60}


def test_a_courier_that_pauses_moves_what_is_not_yet_promised_to_the_first_day_after(make_world: MakeWorld) -> None:
    world = make_world()
    catalog = world.shop.catalog
    plan(catalog, world.store, TODAY)
    order = world.place(quantity=2)
    paused = closed(catalog, 2, 3, "pauses")
    changed = plan(paused, world.store, TODAY)
    assert {(one.sku, one.ship_by, one.was, one.units) for one in changed} == {
        (sku, day(after), 60, units) for sku in (JAR, POT) for after, units in ((2, 0), (3, 0), (4, 180))
    }
    assert world.shop.availability([JAR])["items"][JAR]["ship_by"] == day(4)
    [danger] = dangers(world.store, TODAY)
    assert (danger.order.number, danger.ship_by, danger.units) == (order["order"], day(2), 2)
    postpone(world.store, lambda: world.now, order["order"], day(4))
    assert (dangers(world.store, TODAY), world.left()) == ([], 178)
    assert plan(paused, world.store, TODAY) == []
    assert {one.units for one in plan(catalog, world.store, TODAY)} == {60}, "the pause was a mistake"
    assert (world.left(), world.differences()) == (178, [])


def test_a_batch_that_a_hand_has_set_keeps_its_difference_when_the_calendar_moves_it(make_world: MakeWorld) -> None:
    world = make_world()
    plan(world.shop.catalog, world.store, TODAY)
    world.stock(20, day(4))
    plan(closed(world.shop.catalog, 3, 3, "pauses"), world.store, TODAY)
    assert sizes(world) == {2: 60, 3: 0, 4: 80}


def test_a_batch_that_no_plan_made_is_left_alone_by_the_calendar(make_world: MakeWorld) -> None:
    world = make_world({day(3): 7})
    plan(closed(world.shop.catalog, 3, 3), world.store, TODAY)
    assert sizes(world) == {2: 60, 3: 7, 4: 60}


def test_a_machine_that_breaks_closes_the_sale_and_names_the_promises_in_danger(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    orders = []
    for key in range(3):
        orders.append(world.place(key, quantity=3))
        world.later(1)
    assert world.stock(4, day(2)).promised == 9
    assert world.left() == 0
    with pytest.raises(SoldOut) as refusal:
        world.place(9)
    assert [fault.left for fault in refusal.value.faults] == [0]
    in_danger = [(one.order.number, one.units) for one in dangers(world.store, TODAY)]
    assert in_danger == [(orders[1]["order"], 2), (orders[2]["order"], 3)], "who ordered first is served first"
    world.pay(orders[2])
    cancel_by_seller(world.store, lambda: world.now, orders[1]["order"])
    cancel_by_seller(world.store, lambda: world.now, orders[2]["order"])
    assert dangers(world.store, TODAY) == []
    world.sweep()
    assert (world.left(), world.differences()) == (1, []), "what fits is on sale again"


def test_lowering_to_nothing_and_raising_again_loses_no_unit(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(30, day(2), shards=4)
    world.place(quantity=3)
    world.stock(0, day(2), shards=4)
    assert world.left() == 0
    world.stock(25, day(2), shards=4)
    assert (world.left(), world.differences()) == (22, [])


def test_a_rate_that_is_expected_spreads_open_batches_and_those_to_come(make_world: MakeWorld) -> None:
    world = make_world({day(2): 200}, per_order=5)
    world.place(quantity=2)
    [batch] = expect(world.shop.catalog, world.store, JAR, 100, TODAY)
    assert (batch.shards, sorted(share.left for share in batch.shares.values())) == (5, [39, 39, 39, 39, 42])
    plan(world.shop.catalog, world.store, TODAY)
    shards = {(one.ship_by - TODAY).days: one.shards for one in world.store.stock.declared(JAR, TODAY)}
    assert shards == {2: 5, 3: 3, 4: 3}, "60 units hold three times four orders of five"
    assert (world.left(), world.differences()) == (318, [])


def test_a_rate_that_falls_leaves_the_shards_where_units_lie(make_world: MakeWorld) -> None:
    world = make_world({day(2): 200}, per_order=5)
    expect(world.shop.catalog, world.store, JAR, 100, TODAY)
    [batch] = expect(world.shop.catalog, world.store, JAR, 1, TODAY)
    assert (batch.shards, world.left()) == (5, 200)


def test_shards_beyond_one_partition_are_seen_and_sold_to_the_last_unit(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(20, day(2), shards=20)
    assert {item["pk"]["S"] for item in world.store.everything()} == {
        "skus",
        *(f"stock#{JAR}#{part}" for part in range(3)),
    }
    world.place(quantity=20)
    assert (world.left(), world.differences()) == (0, [])


def test_another_process_sees_within_a_second_that_the_sale_is_closed(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place(0)
    set_batch(world.shop.catalog, world.store, JAR, day(2), 0)
    with pytest.raises(SoldOut):
        world.place(1)
    assert world.differences() == []


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
def test_two_who_put_the_same_units_on_sale_at_once_put_them_on_sale_once(make_world: MakeWorld, guarded: bool) -> None:
    """The twin without the condition on the batch's version must oversell, else this would show nothing."""
    world = make_world()
    world.stock(10, day(2), shards=2)
    other = Store(make_client(), "shop")
    meanwhile = iter([lambda: other.stock.settle(JAR, TODAY)])

    def overtake(params: dict[str, Any], **_: Any) -> None:
        next(meanwhile, lambda: None)()
        if not guarded:
            del params["TransactItems"][0]["Update"]["ConditionExpression"]
            del params["TransactItems"][0]["Update"]["ExpressionAttributeValues"][":v"]

    [batch] = world.store.stock.declared(JAR, TODAY)
    world.store.stock.declare(JAR, day(2), batch, cap=20)
    world.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", overtake)
    if guarded:
        world.store.stock.settle(JAR, TODAY)
    else:
        [seen] = world.store.stock.declared(JAR, TODAY)
        world.store.stock._settle(JAR, seen, Queue())
    [batch] = world.store.stock.declared(JAR, TODAY)
    assert sum(share.cap for share in batch.shares.values()) == (20 if guarded else 30)


# ---- What drops hold of a day is made on that day too ----


def test_units_of_a_batch_are_all_that_can_be_made_those_of_drops_among_them(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    opened(world, 4)
    set_batch(world.shop.catalog, world.store, JAR, day(2), 7)
    assert shelves(world) == {"own": [(3, 0, 3)], "evening": [(4, 0, 4)]}
    end_drop(world.store, world.now, JAR, "evening")
    assert (world.left(), world.differences()) == (7, [])


def test_a_batch_below_what_an_open_drop_sells_is_refused_and_names_the_drop(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    opened(world, 4)
    with pytest.raises(NotNow, match="end evening first"):
        set_batch(world.shop.catalog, world.store, JAR, day(2), 3)
    assert shelves(world) == {"own": [(6, 0, 6)], "evening": [(4, 0, 4)]}
    end_drop(world.store, world.now, JAR, "evening")
    set_batch(world.shop.catalog, world.store, JAR, day(2), 3)
    assert (world.left(), world.differences()) == (3, [])


def test_promises_of_a_drop_that_cannot_be_made_are_in_danger_and_close_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    opened(world, 4)
    world.later(600)
    orders = []
    for key in range(4):
        orders.append(buy(world, key))
        world.later(1)
    set_batch(world.shop.catalog, world.store, JAR, day(2), 3)
    assert shelves(world) == {"own": [(0, 0, 0)], "evening": [(3, 4, 0)]}
    [danger] = dangers(world.store, TODAY)
    found = (danger.sku, danger.shelf, danger.order.number, danger.units)
    assert found == (JAR, f"{JAR}@evening", orders[3]["order"], 1)
    cancel_by_seller(world.store, lambda: world.now, orders[3]["order"])
    assert (dangers(world.store, TODAY), world.left(), world.differences()) == ([], 0, [])


def test_when_more_can_be_made_after_all_promises_of_drops_are_kept_first(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    opened(world, 4)
    world.later(600)
    buy(world, 0, quantity=4)
    set_batch(world.shop.catalog, world.store, JAR, day(2), 1)
    set_batch(world.shop.catalog, world.store, JAR, day(2), 6)
    assert shelves(world) == {"own": [(2, 0, 2)], "evening": [(4, 4, 0)]}
    assert (dangers(world.store, TODAY), world.differences()) == ([], [])


def meanwhile(store: Store, act: Callable[[], object]) -> None:
    """Has something happen once, between what a declaration has read and what it writes."""
    declare, first = store.stock.declare_together, iter([act])

    def overtaken(*declared: Any) -> bool:
        next(first, lambda: None)()
        return declare(*declared)

    store.stock.declare_together = overtaken  # type: ignore[method-assign]


@pytest.mark.parametrize("opens", [True, False], ids=["opens", "ends"])
def test_a_drop_that_opens_or_ends_while_a_batch_is_set_leaves_its_units_counted_once(
    make_world: MakeWorld, opens: bool
) -> None:
    world = make_world({day(2): 10})
    if opens:
        meanwhile(world.store, lambda: opened(world, 4))
    else:
        opened(world, 4)
        meanwhile(world.store, lambda: end_drop(world.store, world.now, JAR, "evening"))
    set_batch(world.shop.catalog, world.store, JAR, day(2), 8)
    assert sum(cap for batches in shelves(world).values() for cap, _, _ in batches) == 8
    assert world.differences() == []


def test_a_pause_takes_from_a_drop_what_the_batch_itself_does_not_hold_and_loses_nothing(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    catalog = world.shop.catalog
    plan(catalog, world.store, TODAY)
    opened(world, 40)
    world.later(600)
    buy(world, 0, quantity=5)
    changed = plan(closed(catalog, 2, 2, "pauses"), world.store, TODAY)
    assert {(one.ship_by, one.was, one.units) for one in changed if one.sku == JAR} == {
        (day(2), 60, 0),
        (day(3), 60, 120),
    }
    assert shelves(world) == {"own": [(0, 0, 0), (120, 0, 120), (60, 0, 60)], "evening": [(0, 5, 0)]}
    assert [one.units for one in dangers(world.store, TODAY)] == [5]
    plan(catalog, world.store, TODAY)
    assert shelves(world) == {"own": [(55, 0, 55), (60, 0, 60), (60, 0, 60)], "evening": [(5, 5, 0)]}
    assert (dangers(world.store, TODAY), world.differences()) == ([], [])


def test_the_calendar_moves_a_day_with_a_drop_by_all_that_is_made_on_it(make_world: MakeWorld) -> None:
    world = make_world()
    catalog = world.shop.catalog
    plan(catalog, world.store, TODAY)
    opened(world, 40)
    plan(closed(catalog, 3, 3, "pauses"), world.store, TODAY)
    assert sizes(world) == {2: 20, 3: 0, 4: 120}
    plan(catalog, world.store, TODAY)
    end_drop(world.store, world.now, JAR, "evening")
    assert sizes(world) == {2: 60, 3: 60, 4: 60}


def test_a_drop_gets_no_units_whose_last_orders_come_before_it_closes(make_world: MakeWorld) -> None:
    world = make_world({day(0): 3, day(1): 3})
    tomorrow = timedelta(days=1)
    open_drop(
        world.shop.catalog,
        world.store,
        world.now,
        make_drop(2, opens=world.now + tomorrow, closes=world.now + tomorrow + timedelta(hours=12)),
        rate=1,
    )
    assert shelves(world) == {"own": [(3, 0, 3), (1, 0, 1)], "evening": [(2, 0, 2)]}


# ---- Those who are invited from the waitlist ----


def test_a_batch_lowered_while_an_invitation_is_out_serves_orders_first(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    for key in range(4):
        world.place(key)
    number = join(world)
    world.shop.cancel(*ticket(world, 3))
    assert states(world, number) == ["invited"]
    batch = world.stock(3, day(2))
    assert (batch.promised, batch.sellable, dangers(world.store, TODAY)) == (4, 0, [])
    world.later(1)
    order = take(world, number)
    [danger] = dangers(world.store, TODAY)
    assert (danger.order.number, danger.units, world.differences()) == (order["order"], 1, [])


def test_an_invitation_that_ends_in_a_lowered_batch_is_given_to_nobody(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    for key in range(4):
        world.pay(world.place(key))
    first, second = join(world, 0), join(world, 1)
    world.shop.cancel(*ticket(world, 3))
    world.stock(3, day(2))
    world.later(4 * 900)
    world.sweep()
    assert states(world, first, second) == ["lapsed", "waiting"]
    assert (world.left(), dangers(world.store, TODAY), world.differences()) == (0, [], [])
    world.stock(4, day(2))
    world.sweep()
    assert states(world, second) == ["invited"]


def ticket(world: World, key: int) -> tuple[str, str]:
    found = world.keys.tickets(make_key(key))[0]
    return found.number, found.token
