"""What nothing mends by itself is told: nothing is tried for ever without somebody hearing of it."""

import logging
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from chalicelib.domain.aggregate import ALARMING_TRIES, MOST_TRIES
from chalicelib.storage.keys import aggregate_key

from tests.functions.helpers.world import JAR, World, day, letter_in

MakeWorld = Callable[..., World]
MANAGER = "manager@example.com"
HOUR = 3600


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = make_world({day(2): 50})
    world.settings = msgspec.structs.replace(world.settings, manager_mail=MANAGER)
    world.shop = world.process(world.shop.catalog)
    return world


def away(*_: object) -> None:
    raise OSError("it is away")


def told(world: World) -> list[str]:
    """What the manager has been told of troubles, letter by letter."""
    found = [mail for mail in world.mails if mail["To"] == MANAGER and letter_in(mail)[1] == "trouble"]
    return [str(mail.get_body(("plain",)).get_content()) for mail in found]  # type: ignore[union-attr]


def hours(world: World, count: int, send: Callable[[object], None] | None = None) -> None:
    """So many hours pass, with a sweep in each half of them."""
    for _ in range(2 * count):
        world.later(HOUR / 2)
        world.sweeper(send).run()


def test_a_letter_that_cannot_go_out_is_given_up_after_about_a_day_and_that_is_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def buyers_server_is_away(mail: object) -> None:
        if mail["To"] != MANAGER:  # type: ignore[index]
            raise OSError("the mail server is away")
        world.mails.append(mail)  # type: ignore[arg-type]

    order = world.place(email="wang@example.com")
    world.pay(order)
    hours(world, 20, buyers_server_is_away)
    assert told(world) == []
    hours(world, 14, buyers_server_is_away)
    [text] = told(world)
    assert f"{order['order']}：有一封邮件试了一天仍发送失败" in text
    found = world.store.orders.load(order["order"])
    assert found
    assert (found.outbox, found.due, found.state) == ((), None, "paid")
    assert f"is given up after {MOST_TRIES} tries" in caplog.text


def test_money_that_cannot_be_given_back_is_tried_for_ever_and_told_every_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [world.place(key) for key in range(3)]
    for order in orders:
        world.pay(order)
        world.shop.cancel(order["order"], order["token"])
    monkeypatch.setattr(world.sandbox, "refund", away)
    hours(world, 1)
    assert told(world) == []
    hours(world, 7)
    assert len(told(world)) == 1, "one letter tells of all"
    assert all(f"{order['order']}：退款" in told(world)[0] for order in orders)
    world.later(timedelta(days=1).total_seconds())
    hours(world, 24)
    assert 2 <= len(told(world)) <= 3, "once a day"
    monkeypatch.undo()
    hours(world, 2)
    assert {world.see(order)["state"] for order in orders} == {"refunded"}
    before = len(told(world))
    world.later(timedelta(days=1).total_seconds())
    hours(world, 2)
    assert len(told(world)) == before


def test_without_mail_the_log_has_it(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.pay(order)
    world.shop.cancel(order["order"], order["token"])
    monkeypatch.setattr(world.sandbox, "refund", away)
    hours(world, ALARMING_TRIES + 2)
    lines = [record for record in caplog.records if "somebody must look" in record.message]
    assert {(record.levelno, order["order"] in record.message) for record in lines} == {(logging.ERROR, True)}


def spoil(world: World, number: str) -> None:
    """Has the order's item say what no code of today can read."""
    world.client.update_item(
        TableName=world.store.table.name,
        Key=aggregate_key("order", number),
        UpdateExpression="SET body = :body",
        ExpressionAttributeValues={":body": {"S": '{"state":"of tomorrow"}'}},
    )


def test_an_order_that_cannot_be_read_holds_up_neither_the_stream_nor_the_sweep(world: World) -> None:
    bad, good = world.place(0, email="li@example.com"), world.place(1, email="wang@example.com")
    spoil(world, bad["order"])
    changes = [("1", f"order#{bad['order']}"), ("2", "nothing#1"), ("3", f"order#{good['order']}")]
    assert world.outbox().consume(changes) == []
    assert [letter_in(mail) for mail in world.mails if mail["To"] != MANAGER] == [(good["order"], "placed")]
    assert f"order#{bad['order']}：自动处理出错，" in told(world)[0]
    world.later(931)
    world.sweep()
    assert world.store.orders.load(good["order"]).state == "expired"  # type: ignore[union-attr]


def test_a_fault_is_told_once_a_day_however_often_it_is_met(world: World) -> None:
    order = world.place()
    world.client.delete_item(TableName="shop", Key={"pk": {"S": f"stock#{JAR}#0"}, "sk": {"S": f"{day(2)}#000"}})
    world.later(931)
    for _ in range(5):
        world.sweep()
        world.later(HOUR)
    [text] = told(world)
    assert order["order"] in text
