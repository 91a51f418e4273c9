"""What a buyer types, good and bad."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from chalicelib.domain.errors import Invalid, Malformed, TooManyUnpaid
from chalicelib.domain.limits.pending import PHONE_MOST

from tests.functions.helpers.world import JAR, MakeWorld, day, make_body, make_key


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
