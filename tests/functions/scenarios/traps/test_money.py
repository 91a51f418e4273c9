"""Traps around money: it is taken whatever has become of the order."""

from chalicelib.payments.sandbox import SandboxEvent

from tests.functions.helpers.http import Http
from tests.functions.helpers.world import MakeWorld, day


def test_an_order_that_was_paid_twice_stays_paid_when_one_payment_has_gone_back(make_world: MakeWorld) -> None:
    """T13, pretix#343: the refund of the second payment made the order one that nobody had paid."""
    world = make_world({day(2): 1})
    order = world.place()
    world.pay(order)
    second = SandboxEvent("event-2", "paid", order["order"], "payment-2", order["total"])
    world.shop.handle_event("sandbox", *world.sandbox.signed(second, world.now))
    world.settle()
    seen = world.see(order)
    assert (seen["state"], [refund["state"] for refund in seen["refunds"]]) == ("paid", ["done"])
    assert (world.left(), world.differences()) == (0, [])


def test_news_of_money_is_taken_whatever_has_become_of_the_order(http: Http) -> None:
    """T16, Hi.Events#513: news for an expired order was answered with 400, and so sent again for days."""
    world = http.world
    order = world.place(0)
    world.later(930)
    world.sweep()
    world.place(1)
    for _ in range(2):  # expired at first, then refunded
        headers, body = world.paid_event(order)
        assert http("POST", "/payments/sandbox/events", body, **headers).status_code == 204
        world.settle()
        assert (world.see(order)["state"], len(world.see(order)["refunds"])) == ("refunded", 1)
