"""What the desk changes of prices, limits and the shelf holds everywhere at once; the catalogue stays the truth."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Was, shown
from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import OpenDrop
from chalicelib.domain.desk.plan_commands import Amend
from chalicelib.domain.errors import Changed, ChangedMeanwhile, Invalid, LimitReached, OffShelf, WrongState
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.amendments import Amended, Amendment, ever_offered, offered
from chalicelib.services import checkout
from chalicelib.services.desk.goods import GoodsDesk, amended
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.front import Front
from tests.functions.helpers.world import JAR, NOON, POT, World, day, make_body, make_catalog, make_key, text

MakeWorld = Callable[..., World]
BY = Actor("device:d1")
ROOM = "cabbage-1"


def goods(front: Front) -> GoodsDesk:
    return GoodsDesk(front.stage, front.store, front.stock, front.waitlist)


def amend(front: Front, what: str, to: int, of: int, seen: int | None = None, **more: Any) -> Any:
    return goods(front).amend(JAR, Amended(what), Amend(to, of, of if seen is None else seen, **more), BY)


def item(front: Front, sku: str = JAR) -> dict[str, Any]:
    return dict(front.availability([sku])["items"][sku])


# ---- The rule ----

TIMES = st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))
AMENDMENTS = st.lists(
    st.builds(
        Amendment,
        what=st.sampled_from(Amended),
        to=st.integers(1, 20),
        of=st.sampled_from([2990, 20, 0, 1, 3]),
        at=st.just(NOON),
        until=st.none() | TIMES,
    ),
    unique_by=lambda one: one.what,
)


@settings(max_examples=60, deadline=None)
@given(AMENDMENTS, TIMES)
def test_an_amendment_holds_while_the_catalogue_says_what_it_amends_and_not_after_its_end(
    amendments: list[Amendment], now: Any
) -> None:
    catalog = make_catalog()
    says = {"price": 2990, "per_order": 20, "per_buyer": 0, "shelf": 1}
    offer = offered(catalog, JAR, amendments, now)
    expected = dict(says)
    for one in amendments:
        if one.of == says[one.what] and (one.until is None or now < one.until):
            expected[one.what] = one.to
    assert {
        "price": offer.pack.price,
        "per_order": offer.product.per_order,
        "per_buyer": offer.product.per_buyer,
    } == {name: expected[name] for name in ("price", "per_order", "per_buyer")}
    assert not offer.off or expected["shelf"] == 0
    others = [pack for pack in offer.product.packs if pack.sku != JAR]
    assert others == [catalog.packs[POT]], "another SKU of the product is not amended"
    kept = {shown(catalog, product)[0] for product in [*ever_offered(catalog, JAR, amendments), catalog.products[0]]}
    assert shown(catalog, offer.product)[0] in kept, "what it is sold as was kept, whichever of them has ended"


def test_a_price_that_was_struck_out_and_a_drops_floor_never_stand_beside_a_price_that_they_do_not_fit() -> None:
    product = make_catalog().products[0]
    packs = tuple(msgspec.structs.replace(one, was=Was(3500, text("x")), drop_floor=2000) for one in product.packs)
    catalog = make_catalog(packs=packs)

    def at(price: int) -> Any:
        return offered(catalog, JAR, [Amendment(Amended.PRICE, price, 2990, NOON)], NOON).pack

    assert (at(3400).was, at(3500).was, at(1500).floor) == (Was(3500, text("x")), None, 1500)


# ---- A price ----


def test_an_amended_price_holds_at_once_wherever_it_is_told_or_charged_and_ends_with_a_new_build(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 20})
    stale = world.process(world.shop.catalog)
    assert item(stale)["price"] == 2990
    stale.rooms.pin(ROOM, JAR, _device())
    world.calls.clear()
    amend(world.shop, "price", 2590, 2990)
    assert amend(world.shop, "price", 2590, 2990).offer.pack.price == 2590, "a second tap is no second change"
    assert (item(world.shop)["price"], item(stale)["price"]) == (2590, 2590)
    world.later(1)
    console = stale.rooms.see(ROOM)
    assert console.now.showing and console.now.showing.pack.price == 2590
    assert {one.pack.sku: one.pack.price for one in console.stock} == {JAR: 2590, POT: 5490}
    order = world.place(1, quantity=2, expect={"total": 5180, "ship_by": str(day(2))})
    assert (order["total"], order["lines"][0]["unit_price"]) == (5180, 2590)
    line = next(iter(world.store.orders.all())).lines[0]
    said = json.loads(world.store.orders.shown(line.shown) or b"null")
    assert [pack["price"] for pack in said["product"]["packs"]] == [2590, 5490], "evidence of what was sold"

    newer = world.process(make_catalog(prices={JAR: 2790, POT: 5490}))
    assert item(newer)["price"] == 2790, "the catalogue says another price than was amended: it wins"
    assert amended(newer.catalog, world.store, world.now) == []
    with pytest.raises(ChangedMeanwhile) as changed:
        amend(newer, "price", 2490, 2990)
    assert changed.value.now == 2790
    newer.workers(None).sweep.run()
    assert item(world.process(make_catalog()))["price"] == 2990, "and what has ended is not back with a later build"
    assert world.differences() == []


def test_an_amendment_ends_at_its_instant_or_by_a_tap_and_another_managers_is_not_overwritten(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 20})
    ends = world.now + timedelta(hours=2)
    amend(world.shop, "price", 2590, 2990, until=ends)
    with pytest.raises(ChangedMeanwhile) as changed:
        amend(world.shop, "price", 2690, 2990)
    assert changed.value.now == 2590
    amend(world.shop, "per_order", 2, 20)
    world.later(2 * 3600 - 1)
    assert (item(world.shop)["price"], item(world.shop)["per_order"]) == (2590, 2)
    world.later(1)
    assert (item(world.shop)["price"], item(world.shop)["per_order"]) == (2990, 2)
    with pytest.raises(Invalid) as refusal:
        world.place(1, quantity=3)
    assert [fault.pointer for fault in refusal.value.faults] == ["/lines/0/quantity"]
    amend(world.shop, "per_order", 20, 20, seen=2)
    assert world.place(2, quantity=3)["total"] == 8970
    assert world.store.amendments.load(JAR) == (), "nothing is left of what has ended"
    for what, to, until in (("price", 0, None), ("per_order", 21, None), ("shelf", 2, None), ("price", 1, world.now)):
        with pytest.raises(Invalid):
            amend(world.shop, what, to, {"price": 2990, "per_order": 20, "shelf": 1}[what], until=until)


def test_an_amended_limit_of_a_buyer_counts_what_was_bought_under_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    amend(world.shop, "per_buyer", 2, 0)
    world.place(1, quantity=2)
    with pytest.raises(LimitReached):
        world.place(2, quantity=1, buyer=1)
    assert world.place(3, quantity=1, buyer=3)["total"] == 2990


def test_a_price_that_falls_below_an_open_drops_takes_the_drop_with_it_and_no_drop_opens_above_it(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 40})
    drop = _open(world, price=1990)
    amend(world.shop, "price", 1500, 2990)
    assert [one["price"] for one in item(world.shop)["drops"]] == [1500]
    lines = [{"sku": JAR, "quantity": 1, "drop": drop}]
    assert world.place(1, lines=lines, room=ROOM)["total"] == 1500, "a drop never costs more than every day"
    with pytest.raises(Invalid):
        _open(world, price=1600, room="cabbage-2")
    amend(world.shop, "price", 3500, 2990, seen=1500)
    world.later(1)
    assert world.place(2, lines=lines, room=ROOM)["total"] == 1990, "and is its own price again"


def test_reading_amendments_costs_no_checkout_and_no_answer_a_further_round_trip(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    amend(world.shop, "price", 2590, 2990)
    world.later(2)
    world.calls.clear()
    world.place(1)
    assert world.calls == ["Query", "TransactWriteItems"]
    world.calls.clear()
    world.place(2)
    item(world.shop)
    assert world.calls == ["TransactWriteItems", "Query"]


# ---- Many at once ----


def _surge(world: World, seed: int) -> list[tuple[int, int]]:
    """50 buyers at four processes, and a manager who changes the price at the worst moments; shown and charged."""
    chance = random.Random(seed)
    fronts = [world.process(world.shop.catalog) for _ in range(4)]
    price, sold = 2990, []

    def reprice() -> None:
        nonlocal price
        now, price = price, chance.choice([1990, 2490, 3490, 3990])
        amend(world.shop, "price", price, 2990, seen=now)

    commit = world.store.commit

    def meddled(transaction: Any) -> Any:
        if chance.random() < 0.3:
            reprice()  # after the order was priced, before it is written
        return commit(transaction)

    world.store.commit = meddled  # type: ignore[method-assign]
    for buyer in range(50):
        there = item(chance.choice(fronts))
        seen = there["price"] * 2
        world.later(chance.choice([0, 0.4, 1.2]))
        if chance.random() < 0.4:
            reprice()
        expect = {"total": seen, "ship_by": there["ship_by"]}
        body = json.dumps(make_body(quantity=2, buyer=buyer, expect=expect), default=str).encode()
        try:
            sold.append((seen, chance.choice(fronts).place(make_key(buyer), body)["total"]))
        except Changed as changed:
            assert changed.total > seen, "who is refused is told a higher price than was shown"
    return sold


def test_while_the_price_changes_no_order_is_charged_more_than_its_buyer_was_shown(make_world: MakeWorld) -> None:
    world = make_world({day(2): 200})
    sold = _surge(world, 1)
    assert len(sold) > 10
    assert [pair for pair in sold if pair[1] > pair[0]] == []
    lines = [order.lines[0] for order in world.store.orders.all()]
    for line in lines:
        said = json.loads(world.store.orders.shown(line.shown) or b"null") or {"product": {"packs": [{"price": 2990}]}}
        assert said["product"]["packs"][0]["price"] == line.unit_price, "and the evidence says what was charged"
    assert world.differences() == []


def test_without_the_guard_some_are_charged_more(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkout, "_agreed", lambda *_: None)
    assert [pair for pair in _surge(make_world({day(2): 200}), 1) if pair[1] > pair[0]]


# ---- The shelf ----


def test_what_is_taken_off_the_shelf_is_sold_nowhere_two_seconds_later_and_orders_that_exist_go_on(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 40})
    drop = _open(world, price=1990)
    before = world.place(1, quantity=2)
    other = world.process(world.shop.catalog)
    assert item(other)["left"] == 18
    world.shop.rooms.pin(ROOM, JAR, _device())
    amend(world.shop, "shelf", 0, 1)
    amend(world.shop, "shelf", 0, 1)
    world.later(1)  # by then the oldest view is too old; an answer of before is kept for a second more
    assert item(other) == {"price": 2990, "per_order": 20, "left": 0, "ship_by": None, "batches": [], "off": True}
    for front in (other, world.shop):
        for lines in ([{"sku": JAR, "quantity": 1}], [{"sku": JAR, "quantity": 1, "drop": drop}]):
            with pytest.raises(OffShelf) as refusal:
                front.place(make_key(9), json.dumps(make_body(lines=lines, room=ROOM, buyer=9)).encode())
            assert [(fault.pointer, fault.left, fault.off) for fault in refusal.value.faults] == [("/lines/0", 0, True)]
    showing = other.rooms.see(ROOM).now.showing
    assert showing and (showing.off, showing.drop, showing.view.left) == (True, None, 0)
    assert world.place(1, quantity=2) == before, "the same key has the same answer"
    world.pay(before)
    assert world.see(before)["state"] == "paid"
    world.stock(5, day(2), POT)
    assert world.place(3, sku=POT)["total"] == 5490, "another pack of the product is sold"

    amend(world.shop, "shelf", 1, 1, seen=0)
    assert item(world.shop)["left"] == 18
    assert world.place(4, lines=[{"sku": JAR, "quantity": 1, "drop": drop}], room=ROOM)["total"] == 1990
    assert world.differences() == []


def test_those_who_wait_keep_their_turn_while_it_is_off_the_shelf(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    order = world.place(1, quantity=2)
    front = world.shop
    front.wait(json.dumps({"sku": JAR, "contact": "li@example.com"}).encode())
    world.settle()
    waiter = next(iter(world.store.waitlist.all()))
    token = front.keys.token(waiter.number)
    front.place_in_line(waiter.number, token)
    amend(front, "shelf", 0, 1)
    front.cancel(order["order"], order["token"])
    world.sweep()
    world.settle()
    assert front.place_in_line(waiter.number, token)["state"] == "waiting", "nobody is invited to what is not sold"
    with pytest.raises(WrongState):
        front.wait(json.dumps({"sku": JAR, "contact": "wu@example.com"}).encode())
    amend(front, "price", 2590, 2990)
    amend(front, "shelf", 1, 1, seen=0)
    told = front.place_in_line(waiter.number, token)
    assert (told["state"], told["unit_price"]) == ("invited", 2590), "back on the shelf it is their turn first"
    amend(front, "shelf", 0, 1)
    world.later(2)
    taken = front.take(waiter.number, token, make_key(8), json.dumps(make_body(buyer=8)).encode())
    assert taken["total"] == 2590, "what is held for somebody who was invited is theirs, as an order is"
    assert world.differences() == []


def _device() -> Device:
    return Device("d1", "manager", "x", NOON, NOON)


def _open(world: World, price: int, room: str = ROOM) -> str:
    console = world.shop.rooms.open_drop(room, OpenDrop(JAR, 20, price, 60), f"drop-key-{room}-{price:06}", _device())
    return console.drops[0].drop.id
