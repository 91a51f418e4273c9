"""What older code has stored is read by this one: real items, written by the code of 29 November 2026, before 0.6.

`stored/orders.json` and `stored/waiters.json` have an item for each way that an order or a place can stand, by what
is particular about it; `stored/evening.json` is the whole table of one evening. They are never written anew: what is
stored from now on is covered by the tests of what writes it.
"""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from chalicelib.domain.live.rooms import Act, LiveRoom
from chalicelib.domain.orders.model import HOLDS_UNITS, HistoryEntry, Order, RefundState, State
from chalicelib.domain.staff import ROLES
from chalicelib.domain.waitlist import Waiter, WaiterState
from chalicelib.storage.devices import DeviceStore
from chalicelib.storage.live.rooms import RoomStore

from tests.functions.helpers.world import JAR, NOON, POT, ROOMS, TODAY, World, day

MakeWorld = Callable[..., World]
Item = dict[str, Any]
STORED = Path(__file__).parent / "stored"
ORDERS: dict[str, Item] = json.loads((STORED / "orders.json").read_text(encoding="utf-8"))
WAITERS: dict[str, Item] = json.loads((STORED / "waiters.json").read_text(encoding="utf-8"))
EVENING: list[Item] = json.loads((STORED / "evening.json").read_text(encoding="utf-8"))
PAID_UNREAD = {name for name, item in ORDERS.items() if "paid" in item}


def keep(world: World, items: Iterable[Item]) -> World:
    """Writes items into the world's table as they are."""
    for item in items:
        world.client.put_item(TableName=world.store.table.name, Item=item)
    return world


@pytest.fixture
def orders(make_world: MakeWorld) -> dict[str, Order]:
    """The orders as today's code reads them."""
    world = keep(make_world(), ORDERS.values())
    found = {order.number: order for order in world.store.orders.all()}
    return {name: found[item["pk"]["S"].partition("#")[2]] for name, item in ORDERS.items()}


@pytest.fixture
def waiters(make_world: MakeWorld) -> dict[str, Waiter]:
    world = keep(make_world(), WAITERS.values())
    found = {waiter.number: waiter for waiter in world.store.waitlist.all()}
    return {name: found[item["pk"]["S"].partition("#")[2]] for name, item in WAITERS.items()}


@pytest.fixture
def evening(make_world: MakeWorld) -> World:
    return keep(make_world(), EVENING)


def body(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(item["body"]["S"])
    return found


def test_stored_orders_have_every_state_of_then_and_every_state_of_a_refund_then(orders: dict[str, Order]) -> None:
    then = {State.AWAITING_PAYMENT, State.PAID, State.CANCELLED, State.EXPIRED, State.REFUNDED}
    assert {order.state for order in orders.values()} == then
    states = {refund.state for order in orders.values() for refund in order.refunds}
    assert states == {RefundState.PENDING, RefundState.FAILED, RefundState.DONE}


def test_stored_places_have_every_state_of_then(waiters: dict[str, Waiter]) -> None:
    assert {waiter.state for waiter in waiters.values()} >= {
        WaiterState.WAITING, WaiterState.INVITED, WaiterState.TAKEN, WaiterState.GIVEN_UP, WaiterState.LAPSED,
    }  # fmt: skip


def test_a_stored_order_stands_as_it_was_left(orders: dict[str, Order]) -> None:
    """Its name tells its state; its item's version and the instant at which it is due are kept beside the body."""
    for name, order in orders.items():
        item = ORDERS[name]
        assert name.startswith(order.state.replace("_", " ")), name
        assert order.version == int(item["v"]["N"]), name
        assert bool(order.allocated) is (order.state in HOLDS_UNITS), name
        if "due_at" in item:
            assert f"{order.due:%Y-%m-%dT%H:%M:%S.%f}Z" == item["due_at"]["S"], name


def test_what_was_stored_is_stored_again_as_it_was_but_for_who_did_it(orders: dict[str, Order]) -> None:
    """An entry of before says nothing of that, and gets an empty place for it."""
    for name in ORDERS.keys() - PAID_UNREAD:
        was = body(ORDERS[name])
        was["history"] = [[*entry, ""] for entry in was["history"]]
        again = msgspec.json.encode(orders[name])
        assert again.decode() == json.dumps(was, ensure_ascii=False, separators=(",", ":")), name
        assert msgspec.json.decode(again, type=Order) == orders[name], name


def test_money_that_was_booked_unread_is_paid_by_the_provider(orders: dict[str, Order]) -> None:
    assert PAID_UNREAD
    for name in PAID_UNREAD:
        order = orders[name]
        assert order.history[-1] == HistoryEntry(
            msgspec.convert(json.loads(ORDERS[name]["paid"]["S"])["at"], type=type(NOON)),
            State.PAID,
            "provider:sandbox",  # type: ignore[arg-type]
        )
        assert order.payment == f"sandbox-{order.number}"


def test_what_a_stored_order_was_sold_under_is_kept(orders: dict[str, Order]) -> None:
    in_drop, own = orders["paid, bought in a drop with a limit"].lines
    assert (in_drop.shelf, in_drop.unit_price, bool(in_drop.buyer)) == (f"{JAR}@evening", 1990, True)
    assert (own.shelf, own.unit_price) == (JAR, 2990)
    limited = orders["awaiting payment, limited for each buyer"]
    assert [(scope, units) for (scope, _), units in limited.bought.items()] == [(f"{JAR}|{day(2)}", 2)]
    assert orders["awaiting payment, of two batches"].allocated == {(JAR, day(2), 0): 2, (JAR, day(3), 0): 3}
    moved = orders["paid, postponed"]
    assert (moved.ship_by, moved.first_ship_by) == (day(5), day(2))
    shown = orders["awaiting payment, with a letter, from a room's show"]
    assert (shown.room, shown.show, shown.lang, bool(shown.lookup)) == (ROOMS[0], "20261124035500", "en", True)
    parcel = orders["awaiting payment, with postage and two goods"]
    assert (parcel.postage, parcel.total, [line.sku for line in parcel.lines]) == (600, 14570, [JAR, POT])


def test_refunds_and_what_is_to_be_done_of_a_stored_order_are_kept(orders: dict[str, Order]) -> None:
    refunds = {name: [str(refund.state) for refund in order.refunds] for name, order in orders.items() if order.refunds}
    assert refunds == {
        "awaiting payment, money of another amount goes back": ["pending"],
        "paid twice, the second payment to go back": ["pending"],
        "expired, paid too late, the refund pending": ["pending"],
        "expired, paid too late, the refund failed": ["failed"],
        "refunded, paid too late": ["done"],
        "cancelled by the buyer, the refund pending": ["pending"],
        "cancelled by the buyer, the refund failed": ["failed"],
        "cancelled by the village, the refund pending": ["pending"],
        "cancelled, one refund done and one failed": ["done", "failed"],
        "refunded": ["done"],
        "refunded, and paid once more": ["done", "pending"],
    }
    assert orders["awaiting payment, its letter failed twice"].failures == 2
    assert [intent.key for intent in orders["cancelled unpaid by the village"].outbox] == ["close-2", "withdrawn-2"]


def test_a_stored_place_stands_as_it_was_left(waiters: dict[str, Waiter]) -> None:
    for name, waiter in waiters.items():
        assert name.startswith(waiter.state.replace("_", " ")), name
        assert msgspec.json.encode(waiter).decode() == WAITERS[name]["body"]["S"], name
    fewer = waiters["waiting, for fewer too, in English"].wish
    assert (fewer.quantity, fewer.fewer, fewer.lang) == (3, True, "en")
    assert waiters["invited"].allocated == {(JAR, day(2), 0): 1}
    assert waiters["taken"].order


def test_a_stored_evening_has_nothing_that_the_auditor_objects_to(evening: World) -> None:
    assert evening.differences() == []


def test_a_stored_evening_goes_on(evening: World) -> None:
    """What is unpaid is paid or cancelled, who waits is invited, and the drops that are over give back what is left."""
    evening.now = NOON + timedelta(minutes=4)
    pots = next(order for order in evening.store.orders.all() if order.lines[0].sku == POT)
    evening.shop.cancel(pots.number, evening.keys.token(pots.number))
    evening.settle()
    assert {waiter.state for waiter in evening.store.waitlist.all()} == {WaiterState.INVITED}
    evening.later(1200)
    evening.sweep()
    assert {order.state for order in evening.store.orders.all()} == {State.PAID, State.EXPIRED, State.CANCELLED}
    assert evening.differences() == []


def test_batches_drops_and_the_queue_of_a_stored_evening_are_read(evening: World) -> None:
    own, pots = evening.store.stock.shelf(JAR, TODAY), evening.store.stock.shelf(POT, TODAY)
    assert {batch.ship_by: (batch.cap, batch.shards, batch.planned, batch.days) for batch in own.batches} == {
        day(2): (2, 1, 0, None), day(3): (20, 1, 0, None), day(4): (65, 1, 60, 1),
    }  # fmt: skip
    assert [(drop.id, drop.price, drop.limit) for drop in own.drops] == [
        ("cabbage-1-fea817cd", 1990, 2), ("night", 2490, 0),
    ]  # fmt: skip
    [over] = [item for item in EVENING if item["sk"]["S"] == "drop"]
    assert evening.store.drops.is_archived(msgspec.structs.replace(own.drops[0], **body(over)))
    assert (pots.queue.count, [entry.quantity for entry in evening.store.waitlist.line(POT)]) == (2, [1, 1])
    assert evening.store.stock.rate(JAR) == 300
    [mark] = [item for item in EVENING if item["sk"]["S"] == "done"]
    done = evening.store.stock.done(body(mark)["name"])
    assert done
    assert (done.day, done.at) == (day(4), NOON + timedelta(seconds=87))
    assert evening.store.orders.shown("e1d313509b59494f") == b'{"name":"Spicy cabbage"}'


def test_rooms_shows_and_the_log_of_a_stored_evening_are_read(evening: World) -> None:
    rooms = RoomStore(evening.store.table)
    over, on = map(rooms.room, ROOMS)
    assert over == LiveRoom(ROOMS[0], over.version)
    assert on.show
    assert on.pin
    assert on.correction
    assert (on.show.skus, on.pin.sku, on.correction.text, on.correction.by) == ((JAR,), JAR, "一罐五百克", "小王")
    assert [show.until is None for show in (*rooms.shows(ROOMS[0]), *rooms.shows(ROOMS[1]))] == [False, True]
    log = [
        *rooms.log(ROOMS[0], evening.now + timedelta(hours=1)),
        *rooms.log(ROOMS[1], evening.now + timedelta(hours=1)),
    ]
    assert {entry.what for entry in log} == set(Act) - {Act.UNITS_BACK}, "which is younger than this evening"
    for item in EVENING:
        if item["sk"]["S"].partition("#")[0] in ("room", "show"):
            kind = LiveRoom if item["sk"]["S"] == "room" else type(on.show)
            assert msgspec.json.encode(msgspec.json.decode(item["body"]["S"], type=kind)).decode() == item["body"]["S"]


def test_devices_and_invitations_of_a_stored_evening_are_read(evening: World) -> None:
    kept = DeviceStore(evening.store.table)
    assert {(device.role, device.name) for device in kept.devices()} == {("host", "小王"), ("board", "大屏")}
    used = {one.role: one.used_by is not None for one in kept.invitations()}
    assert used == {"host": True, "board": True, "manager": False}
    assert set(ROLES) >= used.keys()


def test_the_figures_of_a_stored_evening_are_read(evening: World) -> None:
    evening.now = NOON + timedelta(minutes=4)
    figures = evening.services.figures.evening()
    today, [latest] = figures.today, figures.latest
    assert (today.orders, today.paid, today.fen, today.scans) == (2, 1, 1990, 1)
    assert (latest.city, latest.initial, latest.sku) == ("通化市", "王", JAR)


@pytest.mark.parametrize("name", ["awaiting payment", "paid, booked unread"])
def test_an_order_in_a_state_that_this_code_does_not_know_is_an_error_that_names_it(
    make_world: MakeWorld, name: str
) -> None:
    """As after a rollback to code that lacks the state: nothing may be made of such an order, and it must be found."""
    item = ORDERS[name]
    unknown = {**item, "body": {"S": item["body"]["S"].replace('"state":"awaiting_payment"', '"state":"made_up"')}}
    world = keep(make_world(), [unknown])
    number = item["pk"]["S"].partition("#")[2]
    with pytest.raises(ValueError, match=rf"order#{number}.*made_up.*\$\.state"):
        world.store.orders.load(number)
