"""Made-up people: what one network may hold and ask for, and that nobody is refused or barred for what others do."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.asker import Asker
from chalicelib.domain.errors import CrowdedNetwork, LimitReached, ShopError, TooManyUnpaid, TooOften
from chalicelib.domain.limits.network import MOST_UNSEEN, SHARE, Use
from chalicelib.domain.limits.pending import ADDRESS_MOST, PHONE_MOST
from chalicelib.services.orders import MOST_FINDS

from tests.functions.helpers.world import JAR, POT, World, day, make_body

MakeWorld = Callable[..., World]
NEAR, FAR = Asker("203.0.113.0/24"), Asker("198.51.100.0/24")


def flood(world: World, count: int, quantity: int = 20, first: int = 0) -> int:
    """Checkouts of made-up people from one network; returns how many got an order."""
    placed = 0
    for key in range(first, first + count):
        asker = Asker(NEAR.network, f"made-up-browser-{key:06}" if key % 2 else "")
        try:
            world.place(key, asker, quantity=quantity)
        except CrowdedNetwork:
            continue
        placed += 1
    return placed


def test_made_up_people_of_one_network_hold_a_share_and_the_rest_is_sold_to_others(make_world: MakeWorld) -> None:
    world = make_world({day(2): 840})
    flood(world, 200)
    held = 840 - world.left()
    assert 0 < held <= 840 // SHARE
    for key in range(500, 531):
        order = world.place(key, Asker(f"10.0.{key - 500}.0/24"), quantity=20)
        world.pay(order)
    assert world.left() == 840 - held - 31 * 20
    assert world.differences() == []


def test_without_the_guard_they_would_hold_it_all(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.checkout.Checkout._network_holds", lambda *_: [])
    world = make_world({day(2): 840})
    flood(world, 42)
    assert world.left() == 0


def test_what_is_held_after_a_wave_is_no_more_than_after_the_first(make_world: MakeWorld) -> None:
    world = make_world({day(2): 400})
    flood(world, 40)
    for wave in range(1, 4):
        world.later(931)
        world.sweep()
        flood(world, 40, first=wave * 100)
        assert 400 - world.left() <= 400 // SHARE


def test_whoever_pays_holds_more_so_a_carriers_thousands_are_not_refused(make_world: MakeWorld) -> None:
    """One in four never pays, and the shelf is sold out to the last unit from a single network."""
    world = make_world({day(2): 100})
    unpaid = 0
    for key in range(10_000):
        if not world.left():
            break
        order = world.place(key, NEAR)
        if key % 4:
            world.pay(order)
        else:
            unpaid += 1
    assert world.left() == 0
    assert unpaid == 25
    assert world.differences() == []


@pytest.mark.parametrize("wanted", [1, 5, 12])
def test_the_first_order_of_a_network_may_have_all_that_is_left(make_world: MakeWorld, wanted: int) -> None:
    world = make_world({day(2): 12})
    world.place(0, NEAR, quantity=wanted)
    assert world.left() == 12 - wanted


def test_a_refusal_says_when_the_first_hold_ends_and_uses_up_nothing(make_world: MakeWorld) -> None:
    world = make_world({day(2): 12})
    first = world.place(0, NEAR, quantity=4)
    with pytest.raises(CrowdedNetwork) as refusal:
        world.place(1, NEAR)
    assert (refusal.value.until - world.now).total_seconds() == 930
    assert world.left() == 8
    world.place(2, FAR)
    world.shop.cancel(first["order"], first["token"])
    world.place(1, NEAR)


def test_each_shelf_has_its_own_share(make_world: MakeWorld) -> None:
    world = make_world({day(2): 12})
    world.stock(12, day(2), POT)
    world.place(0, NEAR, quantity=4)
    lines = [{"sku": JAR, "quantity": 1}, {"sku": POT, "quantity": 1}]
    with pytest.raises(CrowdedNetwork):
        world.place(1, NEAR, lines=lines)
    world.place(2, NEAR, lines=[{"sku": POT, "quantity": 4}])


def test_where_no_network_is_known_none_is_counted(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    for key in range(5):
        world.place(key, quantity=10)
    assert world.left() == 0


def test_an_honest_order_costs_no_further_round_trip_and_no_further_item(make_world: MakeWorld) -> None:
    world = make_world({day(2): 400})
    items: list[int] = []
    world.client.meta.events.register(
        "before-parameter-build.dynamodb.TransactWriteItems",
        lambda params, **_: items.append(len(params["TransactItems"])),
    )
    world.place(0)
    for key in range(1, MOST_UNSEEN):
        world.calls.clear()
        world.place(key, NEAR)
        assert world.calls == ["TransactWriteItems"]
    assert {*items} == {4}, "order, shard, phone, and in the place of the address the network"


def test_paid_orders_are_looked_at_once_and_then_forgotten(make_world: MakeWorld) -> None:
    world = make_world({day(2): 400})
    for key in range(MOST_UNSEEN * 2 + 1):
        world.pay(world.place(key, NEAR))
    counted = [item for item in world.store.everything() if item["pk"]["S"].startswith("network#")]
    assert [len(item["orders"]["SS"]) for item in counted] == [1]
    assert counted[0][f"paid:{JAR}"]["N"] == str(MOST_UNSEEN * 2)


def test_a_count_names_no_network_and_ends_with_the_day(make_world: MakeWorld) -> None:
    world = make_world({day(2): 400})
    world.place(0, NEAR)
    items = [item for item in world.store.everything() if item["pk"]["S"].startswith("network#")]
    assert [int(item["ttl"]["N"]) - int(world.now.timestamp()) for item in items] == [12 * 3600]
    assert "203.0.113" not in json.dumps([*world.store.everything()], default=str)
    world.later(24 * 3600)
    world.place(1, NEAR)
    names = {item["pk"]["S"] for item in world.store.everything() if item["pk"]["S"].startswith("network#")}
    assert len(names) == 2, "the next day's name is another"


def test_two_that_look_at_one_count_at_once_hold_no_more_than_the_share(make_world: MakeWorld) -> None:
    """The other gets in between the look and the write: the version stops the first, which looks again."""
    world = make_world({day(2): 40})
    world.place(0, NEAR, quantity=9)
    other, orders = world.process(world.shop.catalog), world.store.orders
    load_many, between = orders.load_many, [7]

    def look(numbers: Any) -> Any:
        found = load_many(numbers)
        if between:
            key = between.pop()
            other.place(f"key-of-a-test-{key:06}", json.dumps(make_body(buyer=key)).encode(), asker=NEAR)
        return found

    orders.load_many = look  # type: ignore[method-assign]
    with pytest.raises(CrowdedNetwork):
        world.place(1, NEAR)
    assert world.left() == 30


def test_what_is_counted_of_orders_follows_their_states() -> None:
    assert Use(paid={JAR: 3}).after([]) == Use({}, {JAR: 3})


# ---- Nobody is barred by what somebody else does ----


@pytest.mark.parametrize(
    "owner", [FAR, Asker(NEAR.network, "the-browser-of-the-owner"), Asker("", "the-browser-of-the-owner")]
)
def test_unpaid_orders_of_others_with_my_phone_and_address_do_not_bar_me(make_world: MakeWorld, owner: Asker) -> None:
    world = make_world({day(2): 400})
    for key in range(PHONE_MOST):
        world.place(key, NEAR, buyer=0)
    with pytest.raises(TooManyUnpaid):
        world.place(90, NEAR, buyer=0)
    for key in range(ADDRESS_MOST):
        body = make_body(buyer=0)["ship_to"] | {"phone": f"1390013{key:04}"}
        world.place(20 + key, Asker(NEAR.network, f"made-up-browser-{key:06}"), ship_to=body)
    world.place(99, owner, buyer=0)


def test_what_others_buy_with_my_phone_does_not_use_up_my_limit(make_world: MakeWorld) -> None:
    world = make_world({day(2): 400}, per_buyer=2)
    world.pay(world.place(0, NEAR, buyer=0, quantity=2))
    with pytest.raises(LimitReached):
        world.place(1, NEAR, buyer=0)
    world.place(2, FAR, buyer=0, quantity=2)
    with pytest.raises(LimitReached):
        world.place(3, FAR, buyer=0)


def test_what_others_search_for_with_my_phone_does_not_keep_me_from_my_order(make_world: MakeWorld) -> None:
    world = make_world({day(2): 400})
    world.place(0, FAR, buyer=0, email="buyer@example.com")
    asked = json.dumps({"contact": "138 0013 8000"}).encode()
    for _ in range(MOST_FINDS):
        world.shop.find(asked, NEAR)
    with pytest.raises(TooOften):
        world.shop.find(asked, NEAR)
    world.shop.find(asked, FAR)


# ---- Holds are shorter while little is left ----


@pytest.mark.parametrize(("left", "minutes"), [(100, 15), (11, 15), (10, 5), (1, 5)])
def test_what_is_nearly_gone_is_held_for_five_minutes(make_world: MakeWorld, left: int, minutes: int) -> None:
    world = make_world({day(2): 100})
    key = 0
    while (gone := min(20, world.left() - left)) > 0:
        world.pay(world.place(key, quantity=gone))
        key += 1
    order = world.place(99)
    assert order["pay_by"] == f"2026-11-24T04:{minutes:02}:00Z"


def test_a_walk_in_gets_what_a_short_hold_gives_back_before_the_long_ones_end(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    world.place(0, quantity=9)
    world.later(60)
    world.place(1)
    with pytest.raises(ShopError):
        world.place(2)
    world.later(331)
    world.place(3)
