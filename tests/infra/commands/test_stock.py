"""What the command says and does to orders, on a table in process."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from cunbo.commands import target
from cunbo.operations.shop import ShopOperations
from moto import mock_aws

from tests.functions.helpers.world import JAR, POT, World, day, make_catalog
from tests.infra.command_line import run


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with five jars, whose table is the one that the command acts on."""
    with mock_aws():
        world = World({day(2): 5})
        monkeypatch.setattr(target, "operations", lambda *_: ShopOperations(world.client, world.store.table.name))
        yield world


def test_a_refund_says_how_much_goes_back_and_frees_the_units(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    order = world.place(quantity=2, email="wang@example.com")
    world.pay(order)
    assert run("refund", order["order"]) == 0
    assert capsys.readouterr().out == f"{order['order']} is cancelled; ¥59.80 goes back to its buyer.\n"
    assert (world.see(order)["state"], world.left()) == ("cancelled", 5)


def test_a_refund_of_what_nobody_paid_says_so_and_who_has_to_be_called(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    order = world.place()
    assert run("refund", order["order"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{order['order']} is cancelled; nothing was paid that has to go back."
    assert "do call them" in second


def test_an_order_is_refunded_once_and_an_unknown_one_never(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    order = world.place()
    assert run("refund", order["order"]) == 0
    assert run("refund", order["order"]) == 2
    assert run("refund", "1" * 20) == 2
    again, unknown = capsys.readouterr().err.splitlines()
    assert f"{order['order']}: it is cancelled " in again
    assert f"{'1' * 20}: there is no order of this number" in unknown


def test_postponing_into_batches_that_are_not_there_is_refused_in_a_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    order = world.place()
    assert run("postpone", order["order"], "2099-12-01") == 2
    assert "from 2099-12-01 on only 0 are left of one of its lines" in capsys.readouterr().err


def test_an_order_is_told_in_words_and_as_all_that_is_stored_of_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    order = world.place(quantity=2, email="wang@example.com", room="cabbage-1")
    world.pay(order)
    world.shop = world.process(make_catalog(prices={POT: 5490}))
    world.shop.cancel(order["order"], order["token"])
    assert run("order", order["order"]) == 0
    said = capsys.readouterr().out
    for words in (
        f"{order['order']}: cancelled, ships by 2026-11-26",
        f"2 x {JAR} Spicy cabbage {JAR}: ¥29.90 each, ¥59.80; by 2026-11-26",
        "postage ¥0.00, ¥59.80 in all",
        f"¥59.80 of sandbox-{order['order']} back, pending, asked 2026-11-24 12:00, since: cancelled",
        "to 王小明, +8613800138000, 吉林省 通化市 集安市 高台子村一组 12 号",
        "letters: wang@example.com, in zh",
        "sold by the room cabbage-1, by the word of the buyer alone",
        "2026-11-24 12:00  paid, by provider:sandbox",
        "2026-11-24 12:00  cancelled, by buyer",
        "still to be done: the letter 'placed'",
        f"still to be done: the refund {order['order']}-1",
    ):
        assert words in said
    assert run("order", order["order"], "--json") == 0
    stored = json.loads(capsys.readouterr().out)
    assert (stored["order"]["number"], stored["shown"]) == (order["order"], {JAR: None})
    assert run("order", "1" * 20) == 2


FAR = date(2099, 12, 1)


def test_a_batch_says_what_is_promised_and_lowered_below_it_which_promises_are_in_danger(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("batch", JAR, str(FAR), "9") == 0
    world.stock(0, day(2))
    order = world.place(quantity=3)
    assert run("batch", JAR, str(FAR), "2") == 0
    first, lowered, *remedy, danger = capsys.readouterr().out.splitlines()
    assert (first, lowered) == (
        f"{JAR} {FAR}: 9 units, 0 promised, 9 left",
        f"{JAR} {FAR}: 2 units, 3 promised, 0 left",
    )
    assert "cunbo postpone ORDER DATE" in " ".join(remedy)
    words = f"{order['order']} {JAR} {FAR}: 1 unit too many, awaiting payment, no email: call them"
    assert " ".join(danger.split()) == words
    assert run("danger") == 1
    assert capsys.readouterr().out.endswith("1 promise cannot be kept.\n")
    assert run("refund", order["order"]) == 0
    assert run("danger") == 0


def test_a_short_day_says_who_was_asked_once_and_what_they_have_answered(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("batch", JAR, str(FAR), "9") == 0
    world.stock(0, day(2))
    order = world.place(quantity=3)
    world.pay(order)
    capsys.readouterr()
    told = [
        f"{order['order']}: 1 unit, no answer yet; no email: call them",
        f"{JAR} {FAR}: 7 units not made; of what is promised 1 asked about, 0 that nobody is asked about.",
    ]
    for words in (["7"], ["7"], []):
        assert run("short-day", JAR, str(FAR), *words) == 0
        assert capsys.readouterr().out.splitlines() == told
    assert run("short-day", JAR, str(FAR), "3") == 2
    assert "at most 2: no more were to be made" in capsys.readouterr().err


def test_a_sku_that_neither_catalogue_nor_stock_has_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("batch", "no-such-sku", str(FAR), "5") == 2
    assert "no product has the SKU no-such-sku" in capsys.readouterr().err


def test_an_expected_rate_spreads_the_batches(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    run("batch", JAR, str(FAR), "400")
    assert run("expect", JAR, "100") == 0
    out = capsys.readouterr().out
    assert f"{JAR} {FAR}: 400 units in 5 shards\n" in out
    assert out.endswith(f"{JAR}: 100 orders a second expected; `cunbo limits 100` says what else that takes.\n")


@pytest.mark.parametrize(("sku", "rate"), [("nothing", "5"), (JAR, "0"), (JAR, "many"), (JAR, "20001"), (JAR, "-1")])
def test_a_rate_that_cannot_be_meant_is_refused(world: World, sku: str, rate: str) -> None:
    assert run("expect", "--", sku, rate) == 2
    assert world.store.stock.rate(JAR) == 1


def test_the_plan_can_be_asked_for_again(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan") == 0
    assert not capsys.readouterr().out.endswith("\n0 batches made, 0 changed.\n")
    assert run("plan") == 0
    assert capsys.readouterr().out == "0 batches made, 0 changed.\n"


def test_the_audit_leaves_with_1_where_stock_and_orders_differ(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.place()
    assert run("audit") == 0
    key = {"pk": {"S": f"stock#{JAR}#0"}, "sk": {"S": f"{day(2)}#000"}}
    world.client.delete_item(TableName="shop", Key=key)
    assert run("audit") == 1
    assert capsys.readouterr().out.splitlines() == [
        "0 differences between stock and orders.",
        f"{JAR} {day(2)} shard 0: orders claim 1 of a shard that is not there",
        "1 difference between stock and orders.",
    ]
