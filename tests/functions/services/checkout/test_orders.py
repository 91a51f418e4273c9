"""An order: what it costs, when it ships, the key that finds it again."""

import json
from typing import Any

import pytest
from chalicelib.catalog import Zone, shown
from chalicelib.domain.errors import Changed, Invalid, KeyReused, Malformed, Refused, SoldOut
from chalicelib.domain.keys import Keys

from tests.functions.helpers.world import JAR, POT, SECRET, MakeWorld, World, day, make_body, make_catalog, make_key

NAME = f"Spicy cabbage {JAR}"


def test_an_order_says_what_it_costs_when_it_ships_and_where_to_pay(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    order = world.place(quantity=2)
    assert order | {"order": "", "token": "", "payment": {}} == {
        "order": "", "token": "", "payment": {}, "state": "awaiting_payment", "currency": "CNY", "postage": 0,
        "total": 5980, "ship_by": day(2),
        "lines": [{"sku": JAR, "name": NAME, "quantity": 2, "unit_price": 2990, "ship_by": day(2)}],
        "pay_by": "2026-11-24T04:15:00Z",
    }  # fmt: skip
    assert order["payment"]["url"] == f"http://shop/pay/sandbox/#{order['order']}.{order['token']}"
    assert world.left() == 18


def test_postage_is_part_of_the_total(make_world: MakeWorld) -> None:
    order = make_world({day(2): 1}, postage=800).place()
    assert (order["postage"], order["total"]) == (800, 3790)


def test_the_same_key_and_body_give_the_same_order_and_token_and_take_units_once(make_world: MakeWorld) -> None:
    world = make_world({day(9): 5})
    first = world.place()
    world.later(3 * 24 * 3600)
    assert world.place() == first
    assert world.left() == 4
    assert len([*world.store.orders.all()]) == 1


def test_a_body_that_says_the_same_in_another_order_is_the_same_body(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    first = world.place()
    reordered = json.dumps(dict(reversed(make_body().items())), indent=2).encode()
    assert world.shop.place(make_key(), reordered) == first


def test_the_same_key_with_another_body_is_a_mismatch(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place()
    with pytest.raises(KeyReused) as refusal:
        world.place(quantity=2)
    assert [fault.pointer for fault in refusal.value.faults] == ["/Idempotency-Key"]
    assert world.left() == 4


def test_an_order_that_exists_wins_over_every_refusal(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    first = world.place()
    elsewhere = world.process(make_catalog(prices={POT: 1}))  # the jar has left the catalogue, and is sold out
    assert elsewhere.place(make_key(), json.dumps(make_body()).encode())["order"] == first["order"]


def test_a_key_finds_its_order_after_the_secret_has_been_replaced(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    first = world.place()
    rotated = world.process(make_catalog(), Keys("n" * 40, old=(SECRET,)))
    again = rotated.place(make_key(), json.dumps(make_body()).encode())
    assert (again["order"], again["token"]) == (first["order"], first["token"])
    assert rotated.order(first["order"], first["token"])["state"] == "awaiting_payment"
    assert world.left() == 4


def test_a_secret_that_is_kept_as_an_old_one_too_harms_nothing(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    careless = world.process(make_catalog(), Keys(SECRET, old=(SECRET,)))
    first = careless.place(make_key(), json.dumps(make_body()).encode())
    assert world.place()["order"] == first["order"]


@pytest.mark.parametrize("key", ["", "short", "k" * 65, "with a space in it", "schlüssel-der-zu-lang"])
def test_a_key_of_another_form_is_refused(make_world: MakeWorld, key: str) -> None:
    with pytest.raises(Malformed) as refusal:
        make_world({day(2): 5}).shop.place(key, json.dumps(make_body()).encode())
    assert [fault.pointer for fault in refusal.value.faults] == ["/Idempotency-Key"]


def test_a_line_that_no_batch_carries_whole_is_split_and_ships_by_the_later_date(make_world: MakeWorld) -> None:
    order = make_world({day(2): 2, day(3): 2}).place(quantity=3)
    assert order["ship_by"] == day(3)
    assert order["lines"][0]["parts"] == [{"ship_by": day(2), "quantity": 2}, {"ship_by": day(3), "quantity": 1}]


def test_a_batch_whose_day_has_passed_is_not_sold(make_world: MakeWorld) -> None:
    world = make_world({day(-1): 5, day(0): 1})
    assert world.place()["ship_by"] == day(0)
    with pytest.raises(SoldOut):
        world.place(1)


def test_the_day_is_the_villages_own(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5})
    world.later(12 * 3600)  # midnight in the village; still the same day in UTC
    assert world.left() == 0


def test_sold_out_names_the_line_and_takes_nothing(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    world.stock(5, day(2), POT)
    with pytest.raises(SoldOut) as refusal:
        world.place(lines=[{"sku": POT, "quantity": 1}, {"sku": JAR, "quantity": 3}])
    assert [(fault.pointer, fault.sku, fault.left) for fault in refusal.value.faults] == [("/lines/1", JAR, 2)]
    assert (world.left(), world.left(POT)) == (2, 5)


def test_lines_of_one_sku_are_added_up_before_the_claim(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    lines = [{"sku": JAR, "quantity": 2}, {"sku": JAR, "quantity": 3}]
    [line] = world.place(lines=lines)["lines"]
    assert line == {"sku": JAR, "name": NAME, "quantity": 5, "unit_price": 2990, "ship_by": day(2)}
    with pytest.raises(SoldOut):
        world.place(1, lines=lines)


@pytest.mark.parametrize(
    ("expect", "agreed"),
    [
        ({"total": 2990, "ship_by": "2026-11-27"}, True),
        ({"total": 9999, "ship_by": "2026-12-24"}, True),
        ({"total": 2989, "ship_by": "2026-11-27"}, False),
        ({"total": 2990, "ship_by": "2026-11-26"}, False),
    ],
)
def test_nothing_is_taken_unless_the_shopper_has_seen_this_total_and_date(
    make_world: MakeWorld, expect: dict[str, Any], agreed: bool
) -> None:
    world = make_world({day(3): 5})
    if agreed:
        assert world.place(expect=expect)["total"] == 2990
        return
    with pytest.raises(Changed) as change:
        world.place(expect=expect)
    assert (change.value.total, change.value.ship_by) == (2990, day(3))
    assert world.left() == 5


def test_postage_follows_the_province(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5}, postage=800, zones=[Zone("西藏自治区", 1500), Zone("台湾省", refused=True)])
    ship_to = make_body()["ship_to"]
    assert world.place(0)["postage"] == 800
    far = world.place(1, ship_to={**ship_to, "region": ["西藏自治区", "拉萨市", "城关区"]})
    assert (far["postage"], far["total"]) == (1500, 4490)
    with pytest.raises(Refused) as refusal:
        world.place(2, ship_to={**ship_to, "region": ["台湾省", "台北市", "信义区"]})
    assert [(fault.pointer, fault.sku) for fault in refusal.value.faults] == [("/lines/0", JAR)]
    assert world.left() == 3


def test_dearer_postage_than_was_shown_is_a_change_to_agree_to(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5}, zones=[Zone("吉林省", 700)])
    with pytest.raises(Changed) as refusal:
        world.place(expect={"total": 2990, "ship_by": str(day(2))})
    assert (refusal.value.total, refusal.value.postage) == (3690, 700)


def test_no_more_than_a_product_allows_in_one_order(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9}, per_order=3)
    lines = [{"sku": JAR, "quantity": 2}, {"sku": JAR, "quantity": 2}]
    for body in ({"quantity": 4}, {"lines": lines}):
        with pytest.raises(Invalid) as refusal:
            world.place(**body)  # type: ignore[arg-type]
        assert refusal.value.faults[0].pointer == "/lines/0/quantity"
    world.place(quantity=3)


def test_what_cannot_come_back_is_sold_only_to_who_agreed_and_that_is_kept(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9}, returns="confirm")
    for no_return in ([], [POT]):
        with pytest.raises(Invalid) as refusal:
            world.place(no_return=no_return)
        assert [(fault.pointer, fault.sku) for fault in refusal.value.faults] == [("/no_return", JAR)]
    order = world.place(no_return=[JAR])
    assert world.store.orders.load(order["order"]).lines[0].no_return is True  # type: ignore[union-attr]


def test_an_order_knows_what_was_said_of_its_goods_after_the_catalogue_has_changed(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    for product in world.shop.catalog.products:
        world.store.orders.keep_shown(*shown(world.shop.catalog, product))
    order = world.place()
    world.shop = world.process(make_catalog(prices={POT: 1}))
    assert world.see(order)["lines"][0]["name"] == NAME
    [line] = world.store.orders.load(order["order"]).lines  # type: ignore[union-attr]
    said = json.loads(world.store.orders.shown(line.shown) or b"")
    assert said["product"]["allergens"] == {"zh": "none", "en": "none"}
    assert said["shop"]["seller"] == {"zh": "x", "en": "x"}


def test_units_in_more_places_than_a_transaction_touches_are_refused_with_the_largest_order_that_fits(
    make_world: MakeWorld,
) -> None:
    skus = [f"jar-{number}" for number in range(5)]
    world = make_world(prices=dict.fromkeys(skus, 100))
    for sku in skus:
        world.stock(20, day(2), sku, shards=20)
    with pytest.raises(SoldOut, match="too many places") as refusal:
        world.place(lines=[{"sku": sku, "quantity": 20} for sku in skus])
    most = {fault.sku: fault.left for fault in refusal.value.faults}
    assert most == {"jar-3": 11, "jar-4": 1}
    world.place(lines=[{"sku": sku, "quantity": most.get(sku, 20)} for sku in skus])
    assert [world.left(sku) for sku in skus] == [0, 0, 0, 9, 19]
    assert world.differences() == []


def test_what_is_sold_out_is_not_told_as_a_limit_where_another_line_has_met_one(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 2}, per_buyer=1)
    world.stock(1, day(2), POT)
    world.place(0, buyer=7)
    world.shop.availability([JAR, POT])
    World(client=world.client, table=world.store.table.name).place(1, sku=POT)
    with pytest.raises(SoldOut) as refusal:
        world.place(2, buyer=7, lines=[{"sku": JAR, "quantity": 1}, {"sku": POT, "quantity": 1}])
    assert [(fault.pointer, fault.left) for fault in refusal.value.faults] == [("/lines/1", 0)]
