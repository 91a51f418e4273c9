"""Goods that have left the catalogue: who waits for them is told, what is kept is free, drops and batches can be ended
and lowered, and every screen and answer goes on.
"""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from chalicelib.catalog import Calendar, Period
from chalicelib.domain.errors import Invalid, InvitationOver, NotFound
from chalicelib.domain.orders.model import HistoryEntry, State
from chalicelib.domain.staff import Device
from chalicelib.services.audit import dangers
from chalicelib.services.drops import end_drop
from chalicelib.services.order_changes import postpone
from chalicelib.services.planning import plan, set_batch
from chalicelib.storage.orders import ORDER

from tests.functions.helpers.drops import ROOM, buy, opened
from tests.functions.helpers.waiters import ask, confirm, give_up, join, states, take
from tests.functions.helpers.world import (
    JAR,
    NOON,
    POT,
    World,
    day,
    letter_in,
    make_catalog,
    make_key,
    make_order,
    text,
)

MakeWorld = Callable[..., World]
HOST = Device("1a2b3c4d", "host", "Li", NOON)
OTHERS = make_catalog(prices={POT: 5490})
"""The shop without its jar."""


@pytest.fixture
def waited(make_world: MakeWorld) -> World:
    """All four jars are sold; one has come back for the first who waits, two more wait in both languages."""
    world = make_world({day(2): 4}, per_buyer=3)
    orders = [world.place(key, quantity=quantity) for key, quantity in enumerate((3, 1))]
    for order in orders:
        world.pay(order)
    join(world, 0)
    join(world, 1, quantity=2)
    join(world, 2, quantity=2, lang="en")
    world.shop.cancel(orders[1]["order"], orders[1]["token"])
    world.settle()
    world.mails.clear()
    assert states(world, *places(world)) == ["invited", "waiting", "waiting"]
    return world


def places(world: World) -> list[str]:
    return [world.keys.places(JAR, f"waiter-{who}@example.com")[0] for who in range(3)]


def leaves(world: World) -> None:
    world.shop = world.process(OTHERS)


def returns(world: World) -> None:
    world.shop = world.process(make_catalog(per_buyer=3))


def test_the_next_minute_tells_all_who_wait_in_their_language_and_frees_what_is_kept(waited: World) -> None:
    leaves(waited)
    waited.sweep()
    waited.settle()
    assert states(waited, *places(waited)) == ["over"] * 3
    assert sorted(map(letter_in, waited.mails)) == sorted((number, "over") for number in places(waited))
    said = [mail.get_body(("plain",)).get_content() for mail in waited.mails]  # type: ignore[union-attr]
    assert all(f"Spicy cabbage {JAR}" in words for words in said), "by name, though nothing is sold under it any more"
    assert ["已下架" in words for words in said].count(True) == 2
    assert ["no longer sold" in words for words in said].count(True) == 1
    assert waited.differences() == []
    [batch] = waited.store.stock.declared(JAR, day(2))
    assert (batch.kept, batch.offered, batch.sellable) == (0, 0, 1)
    waited.sweep()
    assert len(waited.mails) == 3, "once"


def test_who_opens_the_link_before_the_sweep_is_told_at_once_and_can_take_nothing(waited: World) -> None:
    invited, waiting, _ = places(waited)
    leaves(waited)
    for number in (invited, waiting):
        told = confirm(waited, number)
        assert (told["state"], told["units"], told["name"]) == ("over", None, f"Spicy cabbage {JAR}")
        assert told["unit_price"] is None
    with pytest.raises((Invalid, InvitationOver)):
        take(waited, invited)
    assert waited.differences() == []


def test_a_place_that_nobody_has_confirmed_never_gets_in_line_for_what_has_left_and_gets_no_letter(
    waited: World,
) -> None:
    number = ask(waited, 5)
    waited.settle()
    waited.mails.clear()
    leaves(waited)
    waited.sweep()
    assert confirm(waited, number)["state"] == "over"
    waited.settle()
    assert number not in [letter_in(mail)[0] for mail in waited.mails]
    assert waited.differences() == []


@pytest.mark.parametrize("swept", [False, True])
def test_goods_that_return_can_be_waited_for_again(waited: World, swept: bool) -> None:
    leaves(waited)
    if swept:
        waited.sweep()
    returns(waited)
    waited.sweep()
    waited.place(9, quantity=1) if swept else None
    assert states(waited, *places(waited)) == (["over"] * 3 if swept else ["invited", "waiting", "waiting"])
    if swept:
        assert states(waited, join(waited, 1, quantity=2)) == ["waiting"]
    assert waited.differences() == []


def test_a_unit_that_comes_back_after_the_goods_left_is_kept_for_nobody(waited: World) -> None:
    leaves(waited)
    first = waited.keys.tickets(make_key(0))[0]
    waited.shop.cancel(first.number, first.token)
    waited.sweep()
    [batch] = waited.store.stock.declared(JAR, day(2))
    assert (batch.kept, batch.promised, batch.sellable) == (0, 0, 4)
    assert waited.differences() == []


def test_a_place_can_be_given_up_after_the_goods_left(waited: World) -> None:
    leaves(waited)
    for number in places(waited):
        assert give_up(waited, number)["state"] == "given_up"
    assert waited.differences() == []


def test_a_host_sees_and_ends_a_drop_of_goods_that_left(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    opened(world, opens=world.now)
    order = buy(world)
    world.pay(order)
    leaves(world)
    assert [one.drop.id for one in world.shop.rooms.see(ROOM).drops] == ["evening"]
    assert world.shop.rooms.end_drop(ROOM, "evening", JAR, HOST).drops == ()
    world.sweep()
    assert world.see(order)["state"] == "paid"
    assert world.differences() == []


def test_a_drop_of_goods_that_left_ends_in_time_and_all_of_it_is_forgotten_in_the_end(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    drop = opened(world)
    leaves(world)
    world.now = drop.closes
    for _ in range(2):
        world.sweep()
    assert world.store.stock.shelf(JAR, day(0)).drops == []
    assert world.store.stock.skus() == [JAR]
    world.later(4 * 86_400)
    world.sweep()
    assert world.store.stock.skus() == []
    assert world.differences() == []
    returns(world)
    plan(world.shop.catalog, world.store, world.shop.stage.today)
    assert JAR in world.store.stock.skus()


def test_orders_of_goods_that_left_are_seen_cancelled_postponed_counted_and_watched(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4, day(3): 4})
    orders = [world.place(key, quantity=2) for key in range(2)]
    for order in orders:
        world.pay(order)
    leaves(world)
    set_batch(world.shop.catalog, world.store, JAR, day(2), 3)
    assert [(one.order.number, one.units) for one in dangers(world.store, day(0))] == [(orders[1]["order"], 1)]
    postpone(world.store, lambda: world.now, orders[1]["order"], day(3))
    assert dangers(world.store, day(0)) == []
    assert [line["name"] for line in world.see(orders[1])["lines"]] == [f"Spicy cabbage {JAR}"]
    assert world.shop.cancel(orders[0]["order"], orders[0]["token"])["state"] == "cancelled"
    world.settle()
    assert world.see(orders[0])["state"] == "refunded"
    assert world.differences() == []


def test_a_day_that_closes_after_goods_left_moves_their_batches_too(make_world: MakeWorld) -> None:
    world = make_world()
    plan(world.shop.catalog, world.store, day(0))
    world.pay(world.place())
    closed = Calendar(closed=(Period(day(2), day(2), text("rest")),))
    world.shop = world.process(make_catalog(prices={POT: 5490}, calendar=closed))
    plan(world.shop.catalog, world.store, day(0))
    caps = {batch.ship_by: batch.cap for batch in world.store.stock.declared(JAR, day(0))}
    assert caps[day(2)] == 0
    assert [one.sku for one in dangers(world.store, day(0))] == [JAR]


def test_a_checkout_names_each_line_that_is_sold_no_more(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    leaves(world)
    lines = [{"sku": JAR, "quantity": 1}, {"sku": POT, "quantity": 1}, {"sku": "no-such", "quantity": 1}]
    with pytest.raises(Invalid) as refused:
        world.place(lines=lines)
    named = [(one.pointer, one.sku) for one in refused.value.faults]
    assert named == [("/lines/0/sku", JAR), ("/lines/2/sku", "no-such")]


def test_the_big_screen_still_counts_what_was_sold_of_goods_that_left(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    sold = make_order(State.PAID, history=(HistoryEntry(NOON, State.PAID),))
    image = ORDER.put(None, sold)["Put"]["Item"]
    world.shop.figures.count("shard", [{"dynamodb": {"SequenceNumber": "1", "NewImage": image}}])
    leaves(world)
    told = {one["sku"]: (one["units"], one["name"]) for one in world.shop.evening()["products"]}
    assert told[JAR] == (2, {"zh": JAR, "en": JAR})
    assert [*told] == [POT, JAR]


def test_a_room_may_leave_while_its_drop_and_its_orders_live_on(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    opened(world, opens=world.now, closes=NOON + timedelta(hours=2))
    in_time, late = buy(world, 0), buy(world, 1)
    world.shop = world.process(msgspec.structs.replace(make_catalog(), rooms=()))
    world.pay(in_time)
    world.later(940)
    world.sweep()
    world.pay(late)
    assert [world.see(order)["state"] for order in (in_time, late)] == ["paid", "paid"]
    assert buy(world, 2)["lines"][0]["drop"] == "evening", "whoever has it in the cart still gets it"
    assert [one["drop"] for one in world.shop.availability([JAR])["items"][JAR]["drops"]] == ["evening"]
    assert world.shop.rooms.scan_target(ROOM, None) == ("/channel/", None)
    assert world.shop.evening()["rooms"] == []
    with pytest.raises(NotFound):
        world.shop.rooms.see(ROOM)
    end_drop(world.store, world.now, JAR, "evening")
    world.sweep()
    assert world.differences() == []
