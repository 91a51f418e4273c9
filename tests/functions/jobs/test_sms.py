"""Text messages: to whom, what they cost, and how many go out that strangers can cause."""

import json
from collections.abc import Callable

import msgspec
import pytest
from chalicelib.domain.aggregate import MOST_TRIES
from chalicelib.domain.errors import Invalid, NoSms
from chalicelib.domain.orders.events import LinkAsked, SellerCancels
from chalicelib.jobs import sms_limits
from chalicelib.jobs.sms_limits import MOST_OF_LINK, MOST_TO_NUMBER, MOST_TO_NUMBER_OF_DAY
from chalicelib.mail import Undeliverable
from chalicelib.services.orders import MOST_FOUND
from chalicelib.sms import NoSender, SmsMessage
from chalicelib.storage.limits import midnight

from tests.functions.helpers.waiters import ask, confirm, give_up, states, waiter
from tests.functions.helpers.world import JAR, POT, World, day, letter_in, make_catalog

MakeWorld = Callable[..., World]
PHONE = "+8613900139000"
SKUS = [JAR, POT]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """A shop that sends text messages, whose jars and pots are sold out."""
    world = make_world({day(2): 1})
    world.stock(1, day(2), POT)
    world.text()
    world.pay(world.place(0))
    world.pay(world.place(1, sku=POT))
    world.sweep()
    world.mails.clear()
    return world


def phone(number: int) -> str:
    return f"139{number:08}"


def restock(world: World, units: int) -> None:
    """Makes the batch that large, and waits until each process sees it."""
    world.stock(units, day(2))
    world.later(2)


def sent(world: World) -> list[tuple[str, str]]:
    """To which numbers messages went, and which."""
    return [(message.to, message.text) for message in world.sms]


def parts_of(world: World) -> int:
    """Parts that are counted for the stage today."""
    key = {"pk": {"S": "asked#sms"}, "sk": {"S": f"{midnight(day(0)):%Y-%m-%dT%H}"}}
    return int((world.store.table.get(key) or {}).get("parts", {"N": "0"})["N"])


# ---- To whom, and what ----


def test_a_place_is_asked_for_confirmed_and_invited_by_phone_alone(world: World) -> None:
    number = ask(world, contact=" 139 0013-9000 ")
    world.settle()
    assert sent(world) == [(PHONE, "unconfirmed")]
    assert world.sms[0].words.endswith(f" http://shop/waiting/#{number}.{world.keys.token(number)}")
    confirm(world, number)
    restock(world, 3)
    world.sweep()
    world.settle()
    assert states(world, number) == ["invited"]
    world.later(4 * 900)
    world.sweep()
    world.settle()
    assert sent(world) == [(PHONE, "unconfirmed"), (PHONE, "invited"), (PHONE, "lapsed")]
    assert world.mails == [], "no letter tells what a text message did"


def test_all_spellings_of_a_number_have_one_place(world: World) -> None:
    places = {ask(world, contact=typed) for typed in ("13900139000", "+86 139 0013 9000", "0086-139-0013-9000")}
    assert len(places) == 1
    assert len([*world.store.waitlist.all()]) == 1


def test_whoever_waits_is_asked_for_a_number_of_the_mainland_or_an_address(world: World) -> None:
    for typed in ("+1 900 555 0100", "+852 6123 4567", "12900139000", "13900139000000", "wang@example"):
        with pytest.raises(Invalid) as refusal:
            ask_raw(world, typed)
        assert [fault.pointer for fault in refusal.value.faults] == ["/contact"]


def ask_raw(world: World, contact: str) -> None:
    world.shop.wait(json.dumps({"sku": JAR, "contact": contact}).encode())


def test_a_shop_without_text_messages_refuses_a_number_and_takes_an_address(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.place()
    with pytest.raises(NoSms):
        ask(world, contact=PHONE)
    ask(world)


def test_what_the_shop_does_not_keep_is_told_by_phone_where_there_is_no_e_mail_address(world: World) -> None:
    restock(world, 9)
    orders = [world.place(5), world.place(6, email="wang@example.com")]
    for order in orders:
        world.pay(order)
        world.shop.orders.apply(order["order"], SellerCancels())
    world.settle()
    assert [(message.about, message.text) for message in world.sms] == [(orders[0]["order"], "withdrawn")]
    assert "¥29.90 原路退回" in world.sms[0].words
    assert {letter_in(mail) for mail in world.mails} >= {(orders[1]["order"], "withdrawn")}


def test_late_money_that_goes_back_is_told_by_phone_where_there_is_no_e_mail_address(world: World) -> None:
    restock(world, 2)
    late = world.place(5)
    world.later(1000)
    world.sweep()
    world.pay(world.place(6))
    world.pay(late)
    world.settle()
    assert [(message.to, message.about, message.text) for message in world.sms] == [
        ("+8613800138005", late["order"], "refunded")
    ]
    assert "¥29.90 已原路退回" in world.sms[0].words


def test_whoever_waits_by_phone_for_goods_that_left_is_told_so(world: World) -> None:
    number = ask(world, contact=PHONE)
    world.settle()
    confirm(world, number)
    world.shop = world.process(make_catalog(prices={POT: 5490}))
    world.sweep()
    world.settle()
    assert sent(world)[-1] == (PHONE, "over")
    assert "已下架" in world.sms[-1].words


def test_no_message_is_asked_for_where_nothing_is_amiss(world: World) -> None:
    restock(world, 9)
    order = world.place(5)
    world.pay(order)
    world.shop.cancel(order["order"], order["token"])
    world.settle()
    assert world.sms == []


# ---- How many ----


def test_the_links_of_one_search_fit_the_limit_of_a_number_twice() -> None:
    assert MOST_OF_LINK * MOST_FOUND <= MOST_TO_NUMBER < MOST_TO_NUMBER_OF_DAY


def test_one_link_goes_out_so_often_in_an_hour_and_not_once_more(world: World) -> None:
    number = ask(world, contact=PHONE)
    for _ in range(MOST_OF_LINK + 2):
        world.settle()
        ask(world, contact=PHONE)
    world.settle()
    assert len(world.sms) == MOST_OF_LINK
    assert not waiter(world, number).outbox, "what is beyond is not sent later either"
    world.later(3600)
    ask(world, contact=PHONE)
    world.settle()
    assert len(world.sms) == MOST_OF_LINK + 1


def test_what_is_beyond_a_numbers_hour_comes_in_a_later_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_limits, "MOST_TO_NUMBER", 1)
    jar, pot = (ask(world, contact=PHONE, sku=sku) for sku in SKUS)
    world.settle()
    assert len(world.sms) == 1
    assert sum(len(waiter(world, number).outbox) for number in (jar, pot)) == 1, "the other waits"
    world.later(3600)
    world.sweep()
    assert {message.about for message in world.sms} == {jar, pot}


def test_a_number_has_so_many_messages_a_day_and_not_one_more_whatever_they_are_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_limits, "MOST_TO_NUMBER_OF_DAY", 3)
    restock(world, 9)
    order = world.place(7)
    for hour in range(5):
        world.shop.orders.apply(order["order"], LinkAsked(sms=True))
        world.settle()
        assert len(world.sms) == min(hour + 1, 3)
        world.later(3600)
    world.later(86_400 - 5 * 3600)
    world.shop.orders.apply(order["order"], LinkAsked(sms=True))
    world.settle()
    assert len(world.sms) == 4


def test_the_stages_day_ends_exactly_at_its_last_part_and_the_manager_hears_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood of numbers: what is beyond is never sent, and whoever asks after it hears that it needs an address."""
    ask(world, contact=phone(0))
    world.settle()
    each = world.sms[0].parts
    monkeypatch.setattr(sms_limits, "MOST_PARTS_OF_DAY", 4 * each)
    for number in range(1, 6):
        ask(world, contact=phone(number))
    world.settle()
    assert len(world.sms) == 4
    assert parts_of(world) == 4 * each
    assert [letter_in(mail)[1] for mail in world.mails] == ["spent"]
    with pytest.raises(NoSms):
        ask(world, contact=phone(9))
    ask(world, 1)
    world.settle()
    assert [letter_in(mail)[1] for mail in world.mails] == ["spent", "unconfirmed"]
    assert [waiter.outbox for waiter in world.store.waitlist.all()] == [()] * 7
    world.later(86_400)
    ask(world, contact=phone(9))
    world.settle()
    assert len(world.sms) == 5


def test_a_message_of_more_parts_than_are_left_of_the_day_is_not_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_limits, "MOST_PARTS_OF_DAY", 1)
    ask(world, contact=PHONE)
    world.settle()
    assert (world.sms, parts_of(world)) == ([], 0)


def test_a_turn_and_a_broken_promise_are_told_however_many_messages_strangers_have_caused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(world, contact=PHONE)
    world.settle()
    confirm(world, number)
    for name in ("MOST_PARTS_OF_DAY", "MOST_TO_NUMBER", "MOST_TO_NUMBER_OF_DAY"):
        monkeypatch.setattr(sms_limits, name, 0)
    world.store.limits.end_sms(day(0))
    restock(world, 3)
    world.sweep()
    world.settle()
    assert sent(world)[-1] == (PHONE, "invited")


def test_whoever_owns_a_number_buys_however_often_others_had_it_written_to(world: World) -> None:
    for _ in range(MOST_OF_LINK + 3):
        ask(world, contact="13800138005")
        world.settle()
    restock(world, 5)
    assert world.place(5)["state"] == "awaiting_payment"


# ---- Failing ----


def test_what_the_sender_refused_does_not_count_is_tried_again_and_ends_with_the_manager_told(world: World) -> None:
    def away(_: SmsMessage) -> None:
        raise OSError("the provider is away")

    world.send_sms = away
    number = ask(world, contact=PHONE)
    for _ in range(MOST_TRIES - 1):
        world.outbox().perform("waiter", number)
    assert waiter(world, number).outbox
    world.send_sms = world.sms.append
    world.outbox().perform("waiter", number)
    assert (sent(world), parts_of(world)) == ([(PHONE, "unconfirmed")], world.sms[0].parts)
    world.send_sms = away
    ask(world, contact=PHONE)
    outbox = world.outbox()
    for _ in range(MOST_TRIES):
        outbox.perform("waiter", number)
    outbox.troubles.tell()
    assert not waiter(world, number).outbox
    assert letter_in(world.mails[-1])[1] == "trouble"
    text = world.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert number in text and "139" not in text


def test_a_number_that_nobody_has_ends_its_message(world: World) -> None:
    def nobody(_: SmsMessage) -> None:
        raise Undeliverable

    world.send_sms = nobody
    number = ask(world, contact=PHONE)
    world.outbox().perform("waiter", number)
    assert not waiter(world, number).outbox
    assert parts_of(world) == 0


def test_messages_wait_where_nobody_was_set_up_to_carry_them_and_no_number_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    number = ask(world, contact=PHONE)
    world.shop.workers(None).outbox.perform("waiter", number)
    assert waiter(world, number).outbox
    assert NoSender.__name__ in caplog.text
    assert "139" not in caplog.text.replace(number, "")


def test_giving_up_a_place_sends_nothing(world: World) -> None:
    number = ask(world, contact=PHONE)
    give_up(world, number)
    world.settle()
    assert world.sms == []


def test_a_stored_search_of_an_older_kind_finds_nothing_and_breaks_nothing(world: World) -> None:
    old = {"number": "1" * 20, "outbox": [{"type": "mail", "key": "link-1", "text": "link"}], "lookups": ["x"]}
    old |= {"digits": "1234", "asked": "2026-11-24T04:00:00Z", "version": 1}
    item = {"pk": {"S": f"search#{'1' * 20}"}, "sk": {"S": "search"}, "v": {"N": "1"}}
    world.store.table.call("put_item", Item=item | {"body": {"S": msgspec.json.encode(old).decode()}})
    world.outbox().perform("search", "1" * 20)
    assert world.sms == []
