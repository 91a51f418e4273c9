"""A date that cannot be kept is moved: units change batches at once, the buyer is told, and may cancel for nothing.

Where no date can be given, the order is withdrawn: units and money go back at once, and the buyer is told.
"""

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.conflicts import Stale
from chalicelib.domain.errors import Busy, NotFound, NotNow
from chalicelib.domain.orders.model import State
from chalicelib.domain.stock.promise import TooFew
from chalicelib.services.order_changes import cancel_by_seller, postpone

from tests.functions.helpers.world import JAR, World, day

MakeWorld = Callable[..., World]


def test_the_order_ships_from_the_later_batch_and_frees_its_units_in_the_earlier(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5})
    order = world.place(quantity=2, email="wang@example.com")
    world.pay(order)
    postpone(world.store, lambda: world.now, order["order"], day(4))
    seen = world.see(order)
    assert (seen["ship_by"], seen["first_ship_by"], seen["state"]) == (day(5), day(2), "paid")
    assert {batch.ship_by: batch.left for batch in world.shop.stock.look(JAR).batches} == {day(2): 5, day(5): 3}
    assert world.differences() == []
    world.settle()
    assert "晚些发货" in str(world.mails[-1]["Subject"])


def test_the_first_promise_stays_known_however_often_it_is_moved(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5, day(9): 5})
    order = world.place()
    for later in (day(5), day(9)):
        postpone(world.store, lambda: world.now, order["order"], later)
    assert (world.see(order)["ship_by"], world.see(order)["first_ship_by"]) == (day(9), day(2))


def test_a_postponed_order_may_be_cancelled_and_all_its_money_goes_back(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5})
    order = world.place()
    world.pay(order)
    postpone(world.store, lambda: world.now, order["order"], day(5))
    world.shop.cancel(order["order"], order["token"])
    world.settle()
    assert (world.see(order)["state"], world.see(order)["refunds"][0]["amount"]) == ("refunded", 2990)
    assert world.differences() == []


def test_parts_that_already_ship_later_stay_where_they_are(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1, day(5): 1})
    order = world.place(quantity=2)
    world.stock(1, day(7))
    postpone(world.store, lambda: world.now, order["order"], day(4))
    [line] = world.see(order)["lines"]
    assert line["parts"] == [{"ship_by": day(5), "quantity": 1}, {"ship_by": day(7), "quantity": 1}]


def test_an_order_is_never_postponed_into_batches_that_hold_too_little(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 1})
    order = world.place(quantity=2)
    with pytest.raises(TooFew):
        postpone(world.store, lambda: world.now, order["order"], day(5))
    assert world.see(order)["ship_by"] == day(2)


def test_only_an_order_that_still_ships_can_be_postponed_and_only_to_a_later_day(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5, day(5): 5})
    order = world.place()
    with pytest.raises(NotNow):
        postpone(world.store, lambda: world.now, order["order"], day(1))
    world.shop.cancel(order["order"], order["token"])
    with pytest.raises(NotNow):
        postpone(world.store, lambda: world.now, order["order"], day(5))
    with pytest.raises(NotFound):
        postpone(world.store, lambda: world.now, "1" * 20, day(5))


def test_a_withdrawn_order_gives_its_units_and_its_money_back_once_and_says_sorry(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(quantity=2, email="wang@example.com")
    world.pay(order)
    assert cancel_by_seller(world.store, lambda: world.now, order["order"]).state is State.CANCELLED
    assert world.left() == 5
    for _ in range(2):
        world.settle()
    seen = world.see(order)
    assert [(refund["amount"], refund["state"]) for refund in seen["refunds"]] == [(5980, "done")]
    assert [entry["event"] for entry in seen["history"]] == ["awaiting_payment", "paid", "cancelled", "refunded"]
    assert [str(mail["Subject"]).split()[-1] for mail in world.mails[-2:]] == ["我们赶不出来了", "已退款"]
    assert world.differences() == []


def test_money_for_an_order_that_was_withdrawn_unpaid_goes_back(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = world.place(quantity=2)
    cancel_by_seller(world.store, lambda: world.now, order["order"])
    assert (world.see(order)["state"], world.see(order)["refunds"], world.left()) == ("cancelled", [], 5)
    world.pay(order)
    world.settle()
    assert (world.see(order)["state"], world.see(order)["refunds"][0]["amount"]) == ("refunded", 5980)
    assert world.left() == 5


def test_a_batch_that_was_lowered_sells_nothing_of_what_a_withdrawn_order_frees(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    orders = [world.place(key, quantity=2) for key in range(2)]
    world.stock(2, day(2))
    cancel_by_seller(world.store, lambda: world.now, orders[0]["order"])
    assert (world.left(), world.differences()) == (0, [])


def test_only_an_order_that_still_ships_can_be_withdrawn_and_the_refusal_says_how_it_stands(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 5})
    order, late = world.place(0), world.place(1)
    world.shop.cancel(order["order"], order["token"])
    world.later(930)
    world.sweep()
    for number, state in ((order["order"], "cancelled"), (late["order"], "expired")):
        with pytest.raises(NotNow, match=f"it is {state} "):
            cancel_by_seller(world.store, lambda: world.now, number)
    with pytest.raises(NotFound):
        cancel_by_seller(world.store, lambda: world.now, "1" * 20)


def test_a_payment_that_comes_between_is_seen_and_goes_back(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(2): 5})
    order, commit = world.place(), world.store.commit

    def paid_meanwhile(*arguments: Any) -> None:
        monkeypatch.setattr(world.store, "commit", commit)
        world.pay(order)
        commit(*arguments)

    monkeypatch.setattr(world.store, "commit", paid_meanwhile)
    after = cancel_by_seller(world.store, lambda: world.now, order["order"])
    assert [(refund.amount, refund.state) for refund in after.refunds] == [(2990, "pending")]
    assert (world.left(), world.differences()) == (5, [])


def test_an_order_that_others_keep_changing_is_left_alone(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(2): 5})
    order = world.place()

    def always_stale(*_: Any) -> None:
        raise Stale("1")

    monkeypatch.setattr(world.store, "commit", always_stale)
    with pytest.raises(Busy):
        cancel_by_seller(world.store, lambda: world.now, order["order"])
    assert world.see(order)["state"] == "awaiting_payment"
