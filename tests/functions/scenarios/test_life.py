"""The order's life as shoppers, providers and the clock live it, on a table in process."""

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.errors import NotFound, NotNow, SoldOut, Unauthorized
from chalicelib.domain.orders.model import Order
from chalicelib.payments.sandbox import SandboxEvent
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.planning import plan

from tests.functions.helpers.world import JAR, TODAY, World, day, make_catalog

MakeWorld = Callable[..., World]


def events(order: dict[str, Any]) -> list[str]:
    return [entry["event"] for entry in order["history"]]


def subjects(world: World) -> list[str]:
    return [mail["Subject"].split()[-1] for mail in world.mails]


def test_a_payment_books_the_order(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.calls.clear()
    world.pay(order)
    assert world.calls[1:] == ["UpdateItem"], "after the act's own look at the order: one call for a payment"
    assert events(world.see(order)) == ["awaiting_payment", "paid"]


def test_a_payment_that_asks_for_a_letter_is_booked_with_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(email="wang@example.com")
    world.calls.clear()
    world.pay(order)
    assert world.calls[1:] == ["UpdateItem", "GetItem", "PutItem"]
    world.settle()
    assert subjects(world) == ["待付款", "已付款"]


def test_money_that_was_booked_unread_is_the_orders_own_from_then_on(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.pay(order)
    before = world.store.orders.load(order["order"])
    assert before and (before.version, before.payment, before.due) == (2, f"sandbox-{order['order']}", None)
    world.pay(order, "pay-twice")
    assert world.store.orders.load(order["order"]) == before
    world.shop.cancel(order["order"], order["token"])
    world.settle()
    seen = world.see(order)
    assert events(seen) == ["awaiting_payment", "paid", "cancelled", "refunded"]
    assert [refund["amount"] for refund in seen["refunds"]] == [order["total"]]
    assert (world.left(), world.differences()) == (5, [])


@pytest.mark.parametrize("amount", [1, -1])
def test_money_that_is_not_what_the_order_asks_for_is_looked_at(make_world: MakeWorld, amount: int) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    event = SandboxEvent("event-1", "paid", order["order"], "payment-1", order["total"] + amount)
    world.shop.handle_event("sandbox", *world.sandbox.signed(event, world.now))
    assert world.see(order)["state"] == "awaiting_payment"
    assert [refund["amount"] for refund in world.see(order)["refunds"]] == [order["total"] + amount]


def test_two_events_of_one_payment_book_it_once(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.pay(order, "pay-twice")
    world.pay(order)
    world.settle()
    seen = world.see(order)
    assert (events(seen), seen["refunds"]) == (["awaiting_payment", "paid"], [])


def test_a_declined_payment_leaves_the_order_to_be_paid(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.pay(order, "decline")
    assert world.see(order)["state"] == "awaiting_payment"
    world.pay(order)
    assert world.see(order)["state"] == "paid"


def test_a_hold_that_nobody_pays_comes_back_exactly_once(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order = world.place(quantity=2)
    world.later(930)
    for _ in range(3):
        world.sweep()
    assert world.left() == 2
    assert world.see(order)["state"] == "expired"
    world.place(1, quantity=2)
    assert world.left() == 0


def test_a_late_payment_takes_units_again_where_there_are_any(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 1})
    order = world.place(0)
    world.later(930)
    world.sweep()
    world.place(1)
    world.pay(order)
    seen = world.see(order)
    assert (seen["state"], seen["ship_by"], events(seen)) == ("paid", day(2), ["awaiting_payment", "expired", "paid"])
    assert world.left() == 1


def test_a_late_payment_is_refunded_where_nothing_is_left(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    order = world.place(0)
    world.later(930)
    winner = world.place(1)
    world.pay(order)
    assert [(refund["amount"], refund["state"]) for refund in world.see(order)["refunds"]] == [(2990, "pending")]
    world.settle()
    seen = world.see(order)
    assert (seen["state"], seen["refunds"][0]["state"]) == ("refunded", "done")
    assert world.see(winner)["state"] == "awaiting_payment"


def test_a_payment_after_the_hold_but_before_anyone_took_the_units_is_in_time(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    order = world.place()
    world.later(5000)
    world.pay(order)
    assert events(world.see(order)) == ["awaiting_payment", "paid"]


def test_a_buyer_who_cancels_unpaid_gives_the_units_back_once(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order = world.place()
    for _ in range(2):
        assert world.shop.cancel(order["order"], order["token"])["state"] == "cancelled"
    assert world.left() == 2


def test_a_buyer_who_cancels_after_paying_gets_the_money_back(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order = world.place(email="wang@example.com")
    world.pay(order)
    cancelled = world.shop.cancel(order["order"], order["token"])
    assert (cancelled["state"], cancelled["refunds"][0]["state"]) == ("cancelled", "pending")
    world.settle()
    assert (world.see(order)["state"], world.left()) == ("refunded", 2)
    again = world.shop.cancel(order["order"], order["token"])
    assert (again["state"], len(again["refunds"])) == ("refunded", 1), "asked once more, it is as cancelled as before"


def test_an_order_that_expired_cannot_be_cancelled(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order = world.place()
    world.later(930)
    world.sweep()
    with pytest.raises(NotNow):
        world.shop.cancel(order["order"], order["token"])


def test_a_late_payment_looks_anew_at_what_is_left(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    order = world.place(0)
    world.later(930)
    world.sweep()
    elsewhere = world.process(make_catalog())
    other = world.place(1)  # this process has seen that nothing is left ...
    elsewhere.cancel(other["order"], other["token"])  # ... and not that it came back
    world.pay(order)
    assert world.see(order)["state"] == "paid"


def test_a_payment_for_a_cancelled_order_goes_back_and_takes_no_units(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order = world.place(email="wang@example.com")
    world.shop.cancel(order["order"], order["token"])
    world.pay(order)
    world.settle()
    assert (world.see(order)["state"], world.left()) == ("refunded", 2)
    assert subjects(world) == ["待付款", "已取消", "已退款"], "nothing that looks like an acceptance"


def test_only_the_orders_own_token_opens_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order, other = world.place(0), world.place(1)
    for token in (other["token"], "", "x" * 32, "ä"):
        with pytest.raises(Unauthorized):
            world.shop.order(order["order"], token)
    for number in ("1" * 20, "../health", ""):
        with pytest.raises(Unauthorized):
            world.shop.order(number, order["token"])


def test_an_event_for_an_order_that_is_not_here_is_not_found(make_world: MakeWorld) -> None:
    with pytest.raises(NotFound):
        make_world().shop.act("1" * 20, b'{"act": "pay"}')


def test_the_plan_makes_each_batch_once_and_never_touches_one_that_exists(make_world: MakeWorld) -> None:
    world = make_world({day(3): 7})
    world.place(0)
    made = plan(world.shop.catalog, world.store, TODAY)
    every = {(sku, day(number)) for sku in world.shop.catalog.packs for number in (2, 3, 4)}
    assert {(one.sku, one.ship_by) for one in made} == every - {(JAR, day(3))}
    assert {(one.was, one.units) for one in made} == {(None, 60)}
    assert plan(world.shop.catalog, world.store, TODAY) == []
    assert world.left() == 60 + 6 + 60


def test_a_batch_lowered_under_its_promises_sells_nothing_until_they_are_met(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    orders = [world.place(key) for key in range(4)]
    world.stock(2, day(2))
    world.shop.cancel(orders[0]["order"], orders[0]["token"])
    assert world.left() == 0
    with pytest.raises(SoldOut):
        world.place(9)
    world.stock(4, day(2))
    assert world.left() == 1
    assert world.differences() == []


def test_the_auditor_names_a_shard_that_disagrees_with_the_orders(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place(quantity=2)
    world.client.update_item(
        TableName="shop", Key={"pk": {"S": f"stock#{JAR}#0"}, "sk": {"S": f"{day(2)}#000"}},
        UpdateExpression="SET units = units + :one", ExpressionAttributeValues={":one": {"N": "1"}},
    )  # fmt: skip
    assert world.differences() == [f"{JAR} {day(2)} shard 0: share 5, left 4, so 1 taken, but orders claim 2"]


def test_a_cancel_that_the_village_was_quicker_with_is_answered_as_one(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(2): 5})
    order = world.place()
    world.pay(order)
    load = world.shop.orders.load
    meanwhile = iter([lambda: cancel_by_seller(world.store, lambda: world.now, order["order"]), world.settle])

    def load_and_be_overtaken(number: str) -> Order:
        found = load(number)
        for act in meanwhile:
            act()
        return found

    monkeypatch.setattr(world.shop.orders, "load", load_and_be_overtaken)
    assert world.shop.cancel(order["order"], order["token"])["state"] == "refunded"
    assert (world.left(), world.differences()) == (5, [])
