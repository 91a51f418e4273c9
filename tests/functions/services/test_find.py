"""A lost order is found by its buyer's phone or e-mail address, and told to nobody but its buyer there."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.asker import Asker
from chalicelib.domain.errors import Invalid, NoSms, TooOften
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import FOUND_FOR
from chalicelib.services.orders import MOST_FOUND

from tests.functions.helpers.world import SECRET, World, day, letter_in, make_body, make_catalog

MakeWorld = Callable[..., World]
PHONE, MAIL = "138 0013 8000", "wang@example.com"


def find(world: World, contact: str = PHONE, **asker: Any) -> None:
    world.shop.find(json.dumps({"contact": contact}).encode(), **asker)


def letters(world: World) -> list[str]:
    """To whom letters went out because somebody asked for a link, each with the order's number."""
    world.settle()
    about = [(mail["To"], *letter_in(mail)) for mail in world.mails]
    return [f"{to} {number}" for to, number, text in about if text == "link"]


def messages(world: World) -> list[str]:
    """The same of text messages."""
    world.settle()
    return [f"{message.to} {message.about}" for message in world.sms]


@pytest.fixture
def texting(make_world: MakeWorld) -> World:
    world = make_world({day(2): 50})
    world.text()
    return world


@pytest.mark.parametrize("typed", [PHONE, "+86 138-0013-8000", "008613800138000", " １３８００１３８０００ "])
def test_an_order_without_an_e_mail_address_is_found_by_its_phone_and_its_link_goes_there(
    texting: World, typed: str
) -> None:
    order = texting.place()
    find(texting, typed)
    assert messages(texting) == [f"+8613800138000 {order['order']}"]
    link, _, token = texting.sms[0].words.rpartition(".")
    assert link.endswith(f" http://shop/order/#{order['order']}")
    assert texting.keys.opens(order["order"], token)
    assert letters(texting) == []


def test_an_order_is_found_by_its_e_mail_address_in_any_spelling_of_the_mailbox(texting: World) -> None:
    order = texting.place(email=MAIL)
    find(texting, "Wang+shop@Example.com")
    assert letters(texting) == [f"{MAIL} {order['order']}"]
    assert messages(texting) == []


def test_asked_for_by_phone_it_goes_to_the_phone_alone_though_there_is_an_e_mail_address(texting: World) -> None:
    order = texting.place(email=MAIL)
    find(texting)
    assert messages(texting) == [f"+8613800138000 {order['order']}"]
    assert letters(texting) == []


def test_a_shop_without_text_messages_writes_to_the_orders_e_mail_address(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email=MAIL)
    find(world)
    assert letters(world) == [f"{MAIL} {order['order']}"]
    assert messages(world) == []


@pytest.mark.parametrize("typed", ["184 1234 5678", "18412345678-1234", "18412345678转9999", "１８４１２３４５６７８"])
def test_an_order_with_an_extension_is_told_by_mail_alone_since_many_share_its_number(
    texting: World, typed: str
) -> None:
    ship_to = make_body()["ship_to"] | {"phone": "18412345678-1234"}
    order = texting.place(email=MAIL, ship_to=ship_to)
    texting.place(1, ship_to=ship_to)
    find(texting, typed)
    assert (letters(texting), messages(texting)) == ([f"{MAIL} {order['order']}"], [])


def test_nothing_is_sent_for_another_phone_or_address(texting: World) -> None:
    texting.place(email=MAIL)
    find(texting, "13900139000")
    find(texting, "li@example.com")
    assert (messages(texting), letters(texting)) == ([], [])


def test_what_nobody_could_be_told_of_is_not_kept_to_be_found(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place()
    assert "lookup" not in str([item for item in world.store.everything() if item["sk"]["S"] == "order"])


def test_the_latest_orders_are_sent_and_those_that_a_stranger_left_unpaid_never_hide_a_paid_one(
    texting: World,
) -> None:
    mine = []
    for key in range(2):
        order = texting.place(key, buyer=0)
        texting.pay(order)
        mine.append(f"+8613800138000 {order['order']}")
        texting.later(60)
    strange = []
    for key in range(2, 5):
        order = texting.place(key, Asker("203.0.113.0/24", f"a-browser-of-a-stranger-{key}"), buyer=0)
        strange.append(f"+8613800138000 {order['order']}")
        texting.later(60)
    find(texting)
    assert sorted(messages(texting)) == sorted([*mine, strange[-1]])
    assert len(texting.sms) == MOST_FOUND


def test_an_old_order_is_found_by_e_mail_alone_since_numbers_go_to_other_people(texting: World) -> None:
    order = texting.place(email=MAIL)
    texting.settle()
    texting.later(FOUND_FOR.total_seconds() - 1)
    find(texting)
    assert messages(texting) == [f"+8613800138000 {order['order']}"]
    texting.later(1)
    texting.sms.clear()
    find(texting)
    find(texting, MAIL)
    assert messages(texting) == []
    assert letters(texting) == [f"{MAIL} {order['order']}"]


def test_one_asker_is_served_three_times_an_hour_and_nobody_else_is_barred_by_it(texting: World) -> None:
    for _ in range(3):
        find(texting)
    with pytest.raises(TooOften) as refusal:
        find(texting, "+8613800138000")
    assert 0 < refusal.value.seconds <= 3600
    find(texting, "13900139000")
    find(texting, asker=Asker("198.51.100.0/24", "the-browser-of-its-owner"))
    texting.later(refusal.value.seconds)
    find(texting)


@pytest.mark.parametrize("contacts", [(PHONE, "13900139000"), (MAIL, "li@example.com")])
def test_the_answer_takes_the_same_calls_whether_there_is_such_an_order_or_not(
    texting: World, contacts: tuple[str, str]
) -> None:
    texting.place(email=MAIL)
    made = []
    for contact in contacts:
        texting.calls.clear()
        find(texting, contact)
        made.append([*texting.calls])
    assert made[0] == made[1]
    assert made[0][-2:] == ["UpdateItem", "PutItem"]
    kept = str([item for item in texting.store.everything() if item["sk"]["S"] == "search"])
    assert "13800138000" not in kept and MAIL not in kept


def test_once_the_days_text_messages_are_spent_whoever_asks_by_phone_hears_it_and_by_e_mail_is_served(
    texting: World,
) -> None:
    texting.place(email=MAIL)
    texting.store.limits.end_sms(day(0))
    for phone in (PHONE, "13900139000"):
        with pytest.raises(NoSms):
            find(texting, phone)
    find(texting, MAIL)
    assert len(letters(texting)) == 1
    texting.later(86_400)
    find(texting)
    assert len(messages(texting)) == 1


def test_a_search_that_was_cut_off_is_made_by_the_sweep_and_goes_after_a_day(texting: World) -> None:
    texting.place()
    find(texting)
    texting.later(61)
    texting.sweep()
    assert len(messages(texting)) == 1
    [item] = [item for item in texting.store.everything() if item["sk"]["S"] == "search"]
    assert int(item["ttl"]["N"]) <= texting.now.timestamp() + 86_400
    assert "due_at" not in item


def test_asking_twice_before_the_message_is_out_brings_one(texting: World) -> None:
    texting.place()
    find(texting)
    find(texting)
    assert len(messages(texting)) == 1


def test_an_order_from_before_the_secret_was_replaced_is_found_too(texting: World) -> None:
    texting.place()
    texting.shop = texting.process(make_catalog(), Keys("n" * 40, old=(SECRET,)))
    find(texting)
    assert len(messages(texting)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0435-123456", "a mobile number"),
        ("1380013800", "a mobile number"),
        ("+1 415 555 0100", "a mobile number"),
        ("0435 612345", "a mobile number"),
        ("wang@", "an e-mail address"),
        ("138@example", "an e-mail address"),
        ("王小明", "or an e-mail address"),
        ("", "or an e-mail address"),
    ],
)
def test_what_is_wrong_with_the_contact_is_said_of_what_was_meant(
    make_world: MakeWorld, typed: str, words: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        find(make_world(), typed)
    [fault] = refusal.value.faults
    assert fault.pointer == "/contact"
    assert words in fault.detail
