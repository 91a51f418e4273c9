"""A lost order is found by its buyer's phone and its last digits, and told to nobody but by mail to its buyer."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.errors import Invalid, TooOften
from chalicelib.domain.keys import Keys

from tests.functions.helpers.world import SECRET, World, day, make_body, make_catalog

MakeWorld = Callable[..., World]
PHONE = "138 0013 8000"
SHIP_TO: dict[str, Any] = make_body()["ship_to"]


def find(world: World, order: dict[str, Any], phone: str = PHONE, digits: int = 4) -> None:
    body = {"phone": phone, "digits": order["order"][-digits:]}
    world.shop.find(json.dumps(body).encode())


def letters(world: World) -> list[str]:
    """Subjects of the letters that went out because somebody asked for a link."""
    world.settle()
    return [str(mail["Subject"]) for mail in world.mails if "链接" in str(mail["Subject"])]


@pytest.mark.parametrize("digits", [4, 6, 20])
def test_phone_and_last_digits_bring_the_link_by_mail(make_world: MakeWorld, digits: int) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    find(world, order, digits=digits)
    [letter] = letters(world)
    assert order["order"] in letter
    assert world.mails[-1]["To"] == "wang@example.com"


@pytest.mark.parametrize("phone", ["184 1234 5678", "18412345678-1234", "18412345678转9999", "１８４１２３４５６７８"])
def test_an_order_made_with_an_extension_is_found_by_its_number(make_world: MakeWorld, phone: str) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com", ship_to=SHIP_TO | {"phone": "18412345678-1234"})
    find(world, order, phone=phone)
    assert len(letters(world)) == 1


def test_nothing_is_mailed_for_a_wrong_phone_or_wrong_digits(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    find(world, order, phone="13900139000")
    find(world, {"order": f"{(int(order['order']) + 1) % 10**20:020}"})
    find(world, {"order": "9" + order["order"][1:]}, digits=20)
    assert letters(world) == []


def test_an_order_without_an_address_to_write_to_is_not_kept_to_be_found(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    find(world, order)
    assert letters(world) == []
    assert "lookup" not in str([item for item in world.store.everything() if item["sk"]["S"] == "order"])


def test_one_phone_is_served_three_times_an_hour(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    for _ in range(3):
        find(world, order)
        world.settle()
    with pytest.raises(TooOften) as refusal:
        find(world, order)
    assert 0 < refusal.value.seconds <= 3600
    find(world, order, phone="13900139000")
    world.later(refusal.value.seconds)
    find(world, order)
    assert len(letters(world)) == 4


def test_the_answer_takes_the_same_calls_whether_there_is_such_an_order_or_not(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    made = []
    for phone in (PHONE, "13900139000"):
        world.calls.clear()
        find(world, order, phone=phone)
        made.append([*world.calls])
    assert made == [["UpdateItem", "PutItem"]] * 2
    assert "13800138000" not in str([item for item in world.store.everything() if item["sk"]["S"] == "search"])


def test_a_search_that_was_cut_off_is_made_by_the_sweep_and_goes_after_a_day(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    find(world, order)
    world.later(61)
    world.sweep()
    assert len(letters(world)) == 1
    [item] = [item for item in world.store.everything() if item["sk"]["S"] == "search"]
    assert int(item["ttl"]["N"]) <= world.now.timestamp() + 86_400
    assert "due_at" not in item


def test_asking_twice_before_the_letter_is_out_brings_one(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    find(world, order)
    find(world, order)
    assert len(letters(world)) == 1


def test_an_order_from_before_the_secret_was_replaced_is_found_too(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.shop = world.process(make_catalog(), Keys("n" * 40, old=(SECRET,)))
    find(world, order)
    assert len(letters(world)) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"phone": "0435-123456", "digits": "1234"}, "/phone"),
        ({"phone": PHONE, "digits": "123"}, "/digits"),
        ({"phone": PHONE, "digits": "12a4"}, "/digits"),
        ({"phone": PHONE, "digits": "1" * 21}, "/digits"),
        ({"phone": PHONE, "digits": "一二三四"}, "/digits"),
        ({"phone": PHONE}, "/digits"),
    ],
)
def test_what_is_wrong_with_the_question_is_named(make_world: MakeWorld, body: dict[str, str], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_world().shop.find(json.dumps(body).encode())
    assert [fault.pointer for fault in refusal.value.faults] == [pointer]
