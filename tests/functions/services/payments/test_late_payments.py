"""A late payment, in every interleaving with what may happen to its date, stock, limit, drop and goods: the promised
date or an earlier one is kept, or the money goes back by itself, and the order says why.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Calendar
from chalicelib.domain.errors import SoldOut
from chalicelib.domain.orders.model import Order
from chalicelib.services.drops import end_drop
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.drops import buy, opened
from tests.functions.helpers.http import Http
from tests.functions.helpers.waiters import join, take
from tests.functions.helpers.world import JAR, POT, World, day, make_catalog

MakeWorld = Callable[..., World]
HOLD_AND_SWEEP = 940
"""Seconds after which an unpaid order has expired."""


def expired(world: World, **body: Any) -> dict[str, Any]:
    """An order whose hold has ended."""
    order = world.place(**{"email": "wang@example.com", **body})
    world.later(HOLD_AND_SWEEP)
    world.sweep()
    assert world.see(order)["state"] == "expired"
    return order


def outcome(world: World, order: dict[str, Any]) -> tuple[str, ...]:
    """State and date after all is done that the payment asks for, or why the money went back."""
    world.settle()
    seen = world.see(order)
    assert world.differences() == []
    assert seen["ship_by"] <= order["ship_by"]
    paid, back = seen["state"] == "paid", sum(refund["amount"] for refund in seen["refunds"])
    assert back == (0 if paid else order["total"])
    return ("paid", seen["ship_by"]) if paid else (seen["state"], seen["refunds"][0]["reason"])


def without(world: World, *skus: str) -> None:
    """The catalogue without these SKUs; without any where all are gone, as a shop that sells something else."""
    prices = {sku: price for sku, price in {JAR: 2990, POT: 5490}.items() if sku not in skus}
    sells(world, make_catalog(prices=prices or {"black-fungus-100g": 1990}))


def sells(world: World, catalog: Any) -> None:
    """A new process has this catalogue, as after a deployment."""
    world.shop = world.process(catalog)


# ---- What may happen between the hold's end and the money ----


def nothing(world: World) -> None: ...


def date_passed(world: World) -> None:
    world.later(3 * 86_400)


def last_orders_over(world: World) -> None:
    sells(world, make_catalog(calendar=Calendar(last_orders="16:00")))
    world.later(2 * 86_400 + 4 * 3600)


def units_gone(world: World) -> None:
    world.stock(2, day(2))
    world.place(50, quantity=2)


def batch_lowered(world: World) -> None:
    world.stock(0, day(2))


def earlier_units_came(world: World) -> None:
    units_gone(world)
    world.stock(5, day(1))


def people_wait(world: World) -> None:
    units_gone(world)
    world.stock(2, day(3))
    world.place(51, quantity=2)
    join(world, quantity=2)
    world.shop.cancel(*(world.keys.tickets("key-of-a-test-000050")[0].number, world.keys.token(
        world.keys.tickets("key-of-a-test-000050")[0].number)))  # fmt: skip


def price_raised(world: World) -> None:
    sells(world, make_catalog(prices={JAR: 9990, POT: 9990}))


def price_lowered(world: World) -> None:
    sells(world, make_catalog(prices={JAR: 990, POT: 990}))


def goods_left(world: World) -> None:
    without(world, JAR, POT)


def goods_left_and_swept(world: World) -> None:
    without(world, JAR, POT)
    world.sweep()


def goods_left_and_units_gone(world: World) -> None:
    units_gone(world)
    without(world, JAR, POT)


@pytest.mark.parametrize(
    ("meanwhile", "becomes"),
    [
        (nothing, ("paid", day(2))),
        (date_passed, ("refunded", "date_not_kept")),
        (last_orders_over, ("refunded", "date_not_kept")),
        (units_gone, ("refunded", "date_not_kept")),
        (batch_lowered, ("refunded", "date_not_kept")),
        (earlier_units_came, ("paid", day(1))),
        (people_wait, ("refunded", "date_not_kept")),
        (price_raised, ("paid", day(2))),
        (price_lowered, ("paid", day(2))),
        (goods_left, ("paid", day(2))),
        (goods_left_and_swept, ("paid", day(2))),
        (goods_left_and_units_gone, ("refunded", "date_not_kept")),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
@pytest.mark.parametrize("per_buyer", [0, 2])
def test_a_late_payment_keeps_the_date_or_goes_back(
    make_world: MakeWorld, meanwhile: Callable[[World], None], becomes: tuple[str, Any], per_buyer: int
) -> None:
    world = make_world({day(2): 2, day(3): 9}, per_buyer=per_buyer)
    order = expired(world, quantity=2)
    meanwhile(world)
    world.pay(order)
    assert outcome(world, order) == becomes


@pytest.mark.parametrize("gone", [False, True], ids=["sold", "gone"])
@pytest.mark.parametrize("act", ["pay", "pay-twice", "cancelled", "withdrawn"])
def test_money_for_an_order_of_limited_goods_is_booked_once_or_goes_back_whatever_the_catalogue_has(
    make_world: MakeWorld, act: str, gone: bool
) -> None:
    world = make_world({day(2): 4}, per_buyer=2)
    order = world.place()
    if act == "pay-twice":
        world.pay(order)
    if act == "cancelled":
        world.shop.cancel(order["order"], order["token"])
    if act == "withdrawn":
        cancel_by_seller(world.store, lambda: world.now, order["order"])
    if gone:
        without(world, JAR)
    world.pay(order, "pay-twice" if act == "pay-twice" else "pay")
    world.settle()
    seen = world.see(order)
    reason = {"cancelled": "order_over", "withdrawn": "order_over"}.get(act)
    assert seen["state"] == ("refunded" if reason else "paid")
    assert {refund["reason"] for refund in seen["refunds"]} == ({reason} if reason else set())
    assert world.differences() == []


@pytest.mark.parametrize("now", [0, 1, 20], ids=["no limit by now", "a lower one", "a higher one"])
def test_the_limit_is_that_of_the_sale(make_world: MakeWorld, now: int) -> None:
    world = make_world({day(2): 20}, per_buyer=3)
    order, other = expired(world, quantity=2), world.place(1, quantity=2, buyer=0)
    world.pay(other)
    sells(world, make_catalog(per_buyer=now))
    world.pay(order)
    assert outcome(world, order) == ("refunded", "limit")
    fits = expired(world, key=2, quantity=2, buyer=7) if now != 1 else None
    if fits:
        sells(world, make_catalog(per_buyer=1))
        world.pay(fits)
        assert outcome(world, fits) == ("paid", day(2))


def test_a_buyer_who_has_had_enough_of_an_earlier_day_still_gets_the_promised_one(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 2}, per_buyer=2)
    first = world.place(0, quantity=2)
    order = expired(world, key=1, quantity=2, buyer=0)  # both holds have ended
    assert (first["ship_by"], order["ship_by"]) == (day(2), day(3))
    world.stock(4, day(2))
    again = world.place(2, quantity=2, buyer=0)
    world.pay(again)
    world.pay(order)
    assert outcome(world, order) == ("paid", day(3))


@pytest.mark.parametrize("gone", [False, True], ids=["sold", "gone"])
@pytest.mark.parametrize(
    ("meanwhile", "becomes"),
    [("on", "paid"), ("closed", "drop_over"), ("ended", "drop_over"), ("archived", "drop_over"), ("limit", "limit")],
)
def test_a_late_payment_of_a_drop_takes_of_the_drop_while_it_is_on(
    make_world: MakeWorld, meanwhile: str, becomes: str, gone: bool
) -> None:
    world = make_world({day(2): 4, day(3): 9})
    opened(world, limit=1)
    world.later(600)
    order = buy(world)
    world.later(HOLD_AND_SWEEP)
    world.sweep()
    if meanwhile == "closed":
        world.later(3600)
    if meanwhile in ("ended", "archived"):
        end_drop(world.store, world.now, JAR, "evening")
    if meanwhile == "archived":
        world.sweep()
        assert world.store.stock.shelf(JAR, day(0)).drops == []
    if meanwhile == "limit":
        world.pay(buy(world, 1, buyer=0))
    if gone:
        without(world, JAR, POT)
        world.sweep()
    world.pay(order)
    assert outcome(world, order) == (("paid", day(2)) if becomes == "paid" else ("refunded", becomes))


@pytest.mark.parametrize("gone", [(), (JAR,), (JAR, POT)], ids=["both sold", "one gone", "both gone"])
@pytest.mark.parametrize("per_buyer", [0, 2])
@pytest.mark.parametrize(("left", "becomes"), [(2, "paid"), (0, "refunded")])
def test_of_a_basket_all_is_kept_or_all_goes_back(
    make_world: MakeWorld, gone: tuple[str, ...], per_buyer: int, left: int, becomes: str
) -> None:
    world = make_world({day(2): 2}, per_buyer=per_buyer)
    world.stock(2, day(2), POT)
    order = expired(world, lines=[{"sku": sku, "quantity": 1} for sku in (JAR, POT)])
    world.stock(left, day(2), POT)
    world.stock(3, day(3), POT)
    if gone:
        without(world, *gone)
        world.sweep()
    world.pay(order)
    assert outcome(world, order)[0] == becomes


@pytest.mark.parametrize("swept", [False, True], ids=["not swept", "swept"])
@pytest.mark.parametrize("seconds", [899, 900, 929, 930, 960])
@pytest.mark.parametrize("raced", [False, True], ids=["alone", "others buy all that is left"])
def test_a_unit_is_paid_for_once_at_each_second_around_the_end_of_its_hold(
    make_world: MakeWorld, seconds: int, swept: bool, raced: bool
) -> None:
    world = make_world({day(2): 1, day(3): 1})
    order = world.place()
    world.later(seconds)
    if swept:
        world.sweep()
    if raced:
        for key in (1, 2):
            with suppress(SoldOut):
                world.place(key)
    world.pay(order)
    kept = not raced or seconds < 930
    assert outcome(world, order) == (("paid", day(2)) if kept else ("refunded", "date_not_kept"))


@pytest.mark.parametrize("midnight", [False, True], ids=["before", "after"])
def test_what_ships_today_is_paid_for_before_midnight_or_goes_back(make_world: MakeWorld, midnight: bool) -> None:
    world = make_world({day(0): 1, day(1): 3})
    world.later(11 * 3600 + 45 * 60)
    order = world.place()
    assert order["ship_by"] == day(0)
    world.later(960 if midnight else 600)
    world.pay(order)
    assert outcome(world, order) == (("refunded", "date_not_kept") if midnight else ("paid", day(0)))


@pytest.mark.parametrize(
    ("meanwhile", "becomes"),
    [(nothing, "paid"), (goods_left_and_swept, "paid"), (batch_lowered, "refunded"), (date_passed, "refunded")],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_a_late_payment_of_what_was_taken_by_invitation_is_like_any_other(
    make_world: MakeWorld, meanwhile: Callable[[World], None], becomes: str
) -> None:
    world = make_world({day(2): 4}, per_buyer=4)
    first = world.place(quantity=4)
    world.pay(first)
    place = join(world, quantity=2)
    world.shop.cancel(first["order"], first["token"])
    order = take(world, place)
    world.later(HOLD_AND_SWEEP)
    world.sweep()
    meanwhile(world)
    world.pay(order)
    assert outcome(world, order)[0] == becomes


def test_an_order_that_the_manager_has_moved_keeps_the_moved_date(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 2})
    order = world.place(quantity=2)
    postpone(world.store, lambda: world.now, order["order"], day(3))
    world.later(HOLD_AND_SWEEP)
    world.sweep()
    world.stock(0, day(2))
    world.pay(order)
    seen = world.see(order)
    assert (seen["state"], seen["ship_by"]) == ("paid", day(3)), "the village has told its buyer of that date"


def test_an_order_of_before_limits_were_kept_in_lines_goes_by_what_it_has_itself(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20}, per_buyer=4)
    older = [expired(world, key=key, quantity=2, buyer=key) for key in range(2)]
    for order in older:
        before = world.store.orders.load(order["order"])
        assert before
        world.store.commit(Transaction().save(before, of_older_code(before)))
    without(world, JAR)
    world.pay(older[0])
    assert outcome(world, older[0]) == ("paid", day(2))
    sells(world, make_catalog(per_buyer=4))
    world.pay(world.place(5, quantity=1, buyer=1))
    world.pay(older[1])
    assert outcome(world, older[1]) == ("refunded", "limit")


def of_older_code(order: Order) -> Order:
    lines = tuple(msgspec.structs.replace(line, limit=0) for line in order.lines)
    return msgspec.structs.replace(order, lines=lines, version=order.version + 1)


@pytest.mark.parametrize("email", [None, "wang@example.com"], ids=["booked unread", "read"])
@pytest.mark.parametrize(("days", "state"), [(2, "paid"), (3, "refunded")])
def test_an_ended_hold_that_no_sweep_has_seen_keeps_its_date_or_goes_back(
    make_world: MakeWorld, days: int, state: str, email: str | None
) -> None:
    world = make_world({day(2): 2})
    order = world.place(email=email)
    world.later(days * 86_400)
    world.pay(order)
    assert outcome(world, order)[0] == state


def test_the_provider_is_never_answered_with_a_fault_and_the_letter_says_why(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(2): 2, day(3): 9}, per_buyer=2)
    orders = [expired(world, quantity=1, lang=lang, key=key, buyer=key) for key, lang in enumerate(("zh", "en"))]
    world.stock(0, day(2))
    without(world, JAR, POT)
    http = Http(world, monkeypatch)
    for order in orders:
        headers, body = world.paid_event(order)
        for _ in range(2):
            assert http("POST", "/payments/sandbox/events", body, **headers).status_code == 204
    world.settle()
    letters = {str(mail["Subject"]): mail for mail in world.mails}
    words = [mail.get_body(("plain",)).get_content() for mail in letters.values()]  # type: ignore[union-attr]
    [chinese] = [text for text in words if "原定" in text]
    [english] = [text for text in words if "promised" in text]
    assert "http://shop/" in chinese
    assert "http://shop/en/" in english
    assert [world.see(order)["state"] for order in orders] == ["refunded", "refunded"]
