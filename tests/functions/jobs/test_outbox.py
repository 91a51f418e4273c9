"""What must happen elsewhere happens at least once: at once by the stream, else by the sweep."""

from collections.abc import Callable
from email.message import EmailMessage
from itertools import chain, repeat
from typing import Any

import msgspec
from chalicelib.domain.payments.news import Progress, RefundNews
from chalicelib.mail import Undeliverable
from chalicelib.payments.port import Reclaim

from tests.functions.helpers.world import JAR, World, day, letter_in

MakeWorld = Callable[..., World]


def words(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_letter_says_the_date_and_carries_the_orders_own_link(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com", quantity=2)
    world.pay(order)
    world.settle()
    [_, letter] = world.mails
    body = words(letter)
    assert letter["To"] == "wang@example.com"
    assert letter["Date"] == "Tue, 24 Nov 2026 04:00:00 +0000"
    assert "最晚 11 月 26 日发出" in body
    assert "¥59.80" in body
    link = next(line for line in body.splitlines() if line.startswith("http://shop/order/#"))
    number, token = link.partition("#")[2].split(".")
    assert world.shop.order(number, token)["state"] == "paid"


def test_a_letter_is_in_the_language_of_the_order(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.pay(world.place(email="wang@example.com", lang="en"))
    world.settle()
    assert "Ships by 26 November" in words(world.mails[1])
    assert "http://shop/en/order/#" in words(world.mails[1])


def test_what_was_done_is_not_done_again(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.pay(world.place(email="wang@example.com"))
    for _ in range(3):
        world.settle()
        world.later(4000)
        world.sweep()
    assert [letter["Subject"].split()[-1] for letter in world.mails] == ["待付款", "已付款"]


def test_a_letter_that_the_mail_server_refused_goes_out_by_a_later_sweep(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.pay(order)

    def refuse(message: EmailMessage) -> None:
        raise OSError("mail server away")

    world.outbox(refuse).perform("order", order["order"])
    world.later(60)
    world.sweep()
    assert world.mails == [], "a failure waits two minutes"
    world.later(60)
    world.sweep()
    assert len(world.mails) == 2
    assert world.see(order)["state"] == "paid"


def test_a_refund_does_not_wait_behind_a_letter_that_cannot_go_out_nor_does_the_stream_repeat_it(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.pay(order)
    world.shop.cancel(order["order"], order["token"])

    def refuse(message: EmailMessage) -> None:
        raise OSError("mail server away")

    world.outbox(refuse).perform("order", order["order"])
    assert world.see(order)["state"] == "refunded"
    key = {"pk": {"S": f"order#{order['order']}"}, "sk": {"S": "order"}}
    item = world.client.get_item(TableName="shop", Key=key)["Item"]
    assert "todo" not in item, "the stream would try again at once, for ever"
    assert "due_at" in item, "the sweep tries again later"


def test_a_letter_to_an_address_that_nobody_has_is_given_up_and_the_order_goes_on(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="nobody@example.com")
    world.pay(order)

    def no_such_address(message: EmailMessage) -> None:
        raise Undeliverable

    world.outbox(no_such_address).perform("order", order["order"])
    world.later(4000)
    world.sweep()
    assert world.mails == []
    assert world.see(order)["state"] == "paid"


def test_where_no_mail_is_set_up_no_letter_goes_out_and_none_waits(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.settings = msgspec.structs.replace(world.settings, mail_from="")
    world.shop = world.process(world.shop.catalog)
    order = world.place(email="wang@example.com")
    world.pay(order)
    world.shop.workers(None).outbox.perform("order", order["order"])
    world.later(4000)
    world.sweep()
    assert world.mails == []


def test_where_a_sender_is_set_and_no_way_to_send_yet_letters_wait_for_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.pay(order)
    world.shop.workers(None).outbox.perform("order", order["order"])
    world.later(121)
    world.sweep()
    assert [letter_in(mail)[1] for mail in world.mails] == ["placed", "paid"]


def test_an_intent_that_the_stream_never_brought_is_done_by_the_sweep(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.pay(world.place(email="wang@example.com"))
    world.later(59)
    world.sweep()
    assert world.mails == []
    world.later(1)
    world.sweep()
    assert len(world.mails) == 2


def test_a_crash_between_the_doing_and_the_striking_out_repeats_the_same_refund_key(
    make_world: MakeWorld, monkeypatch: Any
) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.pay(order)
    world.shop.cancel(order["order"], order["token"])
    keys: list[str] = []

    class Crash(BaseException):
        """The process is gone."""

    def refund_and_die(reclaim: Reclaim) -> RefundNews:
        keys.append(reclaim.key)
        if len(keys) == 1:
            raise Crash
        return RefundNews(event="", key=reclaim.key, amount=reclaim.amount, progress=Progress.DONE)

    monkeypatch.setattr(world.sandbox, "refund", refund_and_die)
    try:
        world.settle()
    except Crash:
        world.later(60)
        world.sweep()
    assert keys == [keys[0]] * 2
    assert world.see(order)["state"] == "refunded"


def test_one_order_that_cannot_be_dealt_with_does_not_keep_the_others_from_their_turn(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1, day(3): 1})
    first, second = world.place(0), world.place(1)
    world.client.delete_item(TableName="shop", Key={"pk": {"S": f"stock#{JAR}#0"}, "sk": {"S": f"{day(2)}#000"}})
    world.later(930)
    world.sweep()
    assert (world.see(first)["state"], world.see(second)["state"]) == ("awaiting_payment", "expired")


def test_a_sweep_stops_when_its_time_is_up_and_the_next_goes_on(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    for key in range(3):
        world.place(key)
    world.later(930)
    time = chain([True], repeat(False))
    assert world.sweeper().run(lambda: next(time)) == 1
    assert world.left() == 3
    world.sweep()
    assert world.left() == 5


def test_holds_end_before_stuck_letters_are_tried_however_long_these_take(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    for key in range(3):
        world.place(key, email="wang@example.com")
    world.later(931)
    times = chain([True] * 3, repeat(False))  # the minute is over after the third hold
    world.sweeper().run(lambda: next(times))
    assert (world.left(), world.mails) == (5, [])
