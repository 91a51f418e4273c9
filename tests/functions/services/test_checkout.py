"""Placing an order, on a table in process: the promise, the same key again, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from chalicelib.catalog import Zone, shown
from chalicelib.domain.commands import MOST_UNITS
from chalicelib.domain.errors import Changed, Invalid, KeyReused, Malformed, Refused, SoldOut, TooManyUnpaid
from chalicelib.domain.keys import Keys
from chalicelib.domain.limits.pending import PHONE_MOST

from tests.functions.helpers.world import JAR, POT, SECRET, World, day, make_body, make_catalog, make_key

NAME = f"Spicy cabbage {JAR}"
MakeWorld = Callable[..., World]


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


@dataclass
class Rude:
    """A body that must be refused, and the field that the refusal must name."""

    pointer: str
    change: dict[str, Any]


SHIP_TO: dict[str, Any] = make_body()["ship_to"]


@pytest.mark.parametrize(
    "rude",
    [
        Rude("/lines", {"lines": []}),
        Rude("/lines", {"lines": [{"sku": JAR, "quantity": 1}] * 11}),
        Rude("/lines/0/quantity", {"lines": [{"sku": JAR, "quantity": 0}]}),
        Rude("/lines/0/quantity", {"lines": [{"sku": JAR, "quantity": 21}]}),
        Rude("/lines/0/quantity", {"lines": [{"sku": JAR, "quantity": "2"}]}),
        Rude("/lines/0/quantity", {"lines": [{"sku": JAR, "quantity": 1.5}]}),
        Rude("/lines/0/quantity", {"lines": [{"sku": JAR, "quantity": True}]}),
        Rude("/lines/0/quantity", {"lines": [{"sku": JAR}]}),
        Rude("/lines/1/quantity", {"lines": [{"sku": JAR, "quantity": 20}, {"sku": JAR, "quantity": 1}]}),
        Rude("/lines/0/sku", {"lines": [{"sku": "gold-bar", "quantity": 1}]}),
        Rude("/lines/0/price", {"lines": [{"sku": JAR, "quantity": 1, "price": 1}]}),
        Rude("/lang", {"lang": "fr"}),
        Rude("/payment", {"payment": "cash"}),
        Rude("/email", {"email": "nobody"}),
        Rude("/email", {"email": "a,b@example.com"}),
        Rude("/email", {"email": "name@qq..com"}),
        Rude("/email", {"email": "a@b.com\nBcc: all@b.com"}),
        Rude("/room", {"room": "Cabbage 1"}),
        Rude("/room", {"room": "cabbage-1\n"}),
        Rude("/expect/total", {"expect": {"ship_by": "2026-11-26"}}),
        Rude("/expect/ship_by", {"expect": {"total": 1, "ship_by": "tomorrow"}}),
        Rude("/ship_to", {"ship_to": None}),
        Rude("/note", {"note": "字" * 201}),
        Rude("/note", {"note": "下午\u0007送"}),
        Rude("/note", {"note": 7}),
        Rude("/ship_to/name", {"ship_to": SHIP_TO | {"name": "12345"}}),
        Rude("/ship_to/name", {"ship_to": SHIP_TO | {"name": "王"}}),
        Rude("/ship_to/name", {"ship_to": SHIP_TO | {"name": "王\u0000小明"}}),
        Rude("/ship_to/phone", {"ship_to": SHIP_TO | {"phone": "12345678901"}}),
        Rude("/ship_to/phone", {"ship_to": SHIP_TO | {"phone": "1380013800"}}),
        Rude("/ship_to/phone", {"ship_to": SHIP_TO | {"phone": "0435-6221234"}}),
        Rude("/ship_to/region", {"ship_to": SHIP_TO | {"region": ["吉林省"]}}),
        Rude("/ship_to/region/0", {"ship_to": SHIP_TO | {"region": ["吉林", "通化市"]}}),
        Rude("/ship_to/region/1", {"ship_to": SHIP_TO | {"region": ["吉林省", "广州市", "天河区"]}}),
        Rude("/ship_to/region/2", {"ship_to": SHIP_TO | {"region": ["吉林省", "通化市", ""]}}),
        Rude("/ship_to/street", {"ship_to": SHIP_TO | {"street": "一组"}}),
        Rude("/ship_to/street", {"ship_to": SHIP_TO | {"street": "一组\n二组三组"}}),
    ],
    ids=lambda rude: f"{rude.pointer} {next(iter(rude.change.values()))}"[:60],
)
def test_a_bad_field_is_named_and_nothing_is_written(make_world: MakeWorld, rude: Rude) -> None:
    world = make_world({day(2): 50})
    with pytest.raises(Invalid) as refusal:
        world.place(**rude.change)
    assert [fault.pointer for fault in refusal.value.faults] == [rude.pointer]
    assert [*world.store.orders.all()] == []
    assert world.left() == 50


def test_formats_that_nobody_sees_are_not_kept(make_world: MakeWorld) -> None:
    """They come with what is pasted, and turn a line of a label or of the big screen round."""
    world = make_world({day(2): 5})
    ship_to = SHIP_TO | {
        "name": "\u202e王小明\u200b",
        "phone": "\u202d13800138000\u202c",
        "region": ["吉林省\u200b", "通化市", "集安\u2066市"],
        "street": "高台子村\ufeff一组 12 号",
    }
    order = world.store.orders.load(world.place(ship_to=ship_to)["order"])
    assert order
    kept = order.ship_to
    assert (kept.name, kept.phone, kept.region) == ("王小明", "+8613800138000", ("吉林省", "通化市", "集安市"))
    assert kept.street == "高台子村一组 12 号"


@pytest.mark.parametrize("field", ["name", "phone", "street"])
def test_half_a_pair_is_no_sign_in_any_field(make_world: MakeWorld, field: str) -> None:
    """JSON can write a lone surrogate, which no UTF-8 can hold."""
    world = make_world({day(2): 5})
    body = json.dumps(make_body(ship_to=SHIP_TO | {field: "王小明高台子村\ud800"})).encode()
    with pytest.raises(Malformed):
        world.shop.place(make_key(), body)


@pytest.mark.parametrize("name", ["\u3164\u3164", "\u200b\u200b\u200b", "🖕🖕", "\u202e王"])
def test_a_name_without_letters_that_can_be_seen_is_refused(make_world: MakeWorld, name: str) -> None:
    world = make_world({day(2): 5})
    with pytest.raises(Invalid) as refusal:
        world.place(ship_to=SHIP_TO | {"name": name})
    assert [fault.pointer for fault in refusal.value.faults] == ["/ship_to/name"]


def test_every_bad_field_is_named_at_once(make_world: MakeWorld) -> None:
    with pytest.raises(Invalid) as refusal:
        make_world().place(email="x", payment="x", ship_to=SHIP_TO | {"phone": "1", "street": ""})
    assert {fault.pointer for fault in refusal.value.faults} == {
        "/ship_to/phone",
        "/ship_to/street",
        "/email",
        "/payment",
    }


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"lang":"\\ud800"}', b"nan"])
def test_what_is_no_json_is_refused(make_world: MakeWorld, body: bytes) -> None:
    with pytest.raises(Malformed):
        make_world().shop.place(make_key(), body)


@pytest.mark.parametrize(
    "region",
    [
        ["北京市", "北京市", "朝阳区"],
        ["广东省", "东莞市"],
        ["吉林省", "通化市", "一个表里没有的新区"],
        ["香港特别行政区", "香港岛", "中西区"],
    ],
)
def test_an_address_that_a_courier_could_find_is_taken(make_world: MakeWorld, region: list[str]) -> None:
    assert make_world({day(2): 1}).place(ship_to=SHIP_TO | {"region": region})["order"]


@pytest.mark.parametrize(
    "phone", ["13800138000", "+86 138-0013-8000", "0086 13800138000", "8613800138000", "16212345678"]
)
def test_a_phone_number_may_be_typed_as_people_type_it(make_world: MakeWorld, phone: str) -> None:
    world = make_world({day(2): 1})
    world.place(ship_to=SHIP_TO | {"phone": phone})
    assert len(next(iter(world.store.orders.all())).ship_to.phone) == len("+8613800138000")


def test_an_extension_is_kept_and_is_no_other_buyer(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    for number in range(PHONE_MOST):
        world.place(number, ship_to=SHIP_TO | {"phone": f"18412345678转{number:04}", "street": f"集贤街{number + 1}号"})
    kept = {order.ship_to.phone for order in world.store.orders.all()}
    assert kept == {f"+8618412345678-{number:04}" for number in range(PHONE_MOST)}
    with pytest.raises(TooManyUnpaid):
        world.place(PHONE_MOST, ship_to=SHIP_TO | {"phone": "184 1234 5678", "street": "集贤街99号"})


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
