"""Each use case, cut off before and after each of its writes: it ends as if nothing had happened.

The process is gone, and with it its answer. Whoever asked it asks again, the consumer and the sweep come by, and what
there is then is held against the same story without the end of a process. **To add a use case, add a line to
`STORIES`**; a wrong number of writes is told by a test.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from functools import cache, partial
from itertools import permutations
from typing import Any

import msgspec
import pytest
from chalicelib.catalog import Calendar, Period, Production
from chalicelib.domain.actor import device
from chalicelib.domain.aggregate import PATIENCE, STUCK, Aggregate
from chalicelib.domain.commands import (
    AddUnits,
    BearNumber,
    ChangeAddress,
    OpenDrop,
    PackParcel,
    ReportShort,
)
from chalicelib.domain.errors import NotNow, SoldOut
from chalicelib.domain.orders.model import Address, Order, Refund, State
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import LASTS, Waiter
from chalicelib.payments.sandbox import SandboxEvent
from chalicelib.services.audit import StockCount
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.refunds import Refunds
from chalicelib.services.planning import expect, plan
from chalicelib.storage.keys import Item
from chalicelib.storage.orders import ORDER
from chalicelib.storage.waitlist import WAITER
from moto import mock_aws

from tests.functions.helpers.crash_points import CrashPoints, Died, Side
from tests.functions.helpers.world import JAR, NOON, POT, ROOMS, TODAY, World, day, letter_in, make_body, make_key, text

MakeWorld = Callable[..., World]
Act = Callable[[World], object]


def buy(number: int = 0, buyer: int | None = None, mail: bool = True, **quantities: int) -> Act:
    """Places the order of that number: jars, pots, jars of the drop.

    Without an address to write to, its payment is booked unread.
    """
    named = {"jars": {"sku": JAR}, "pots": {"sku": POT}, "dropped": {"sku": JAR, "drop": "evening"}}
    lines = [{**named[name], "quantity": quantity} for name, quantity in quantities.items()]
    who = number if buyer is None else buyer
    more = {"email": "wang@example.com"} if mail else {}
    if "dropped" in quantities:
        more["room"] = "cabbage-1"
    return lambda world: world.place(number, lines=lines, buyer=who, **more)


def ticket(world: World, number: int) -> Any:
    return world.keys.tickets(make_key(number))[0]


def pay(number: int = 0, payment: str = "first") -> Act:
    """The provider tells of a payment for the order, always by the same event."""

    def tell(world: World) -> None:
        order = world.store.orders.load(ticket(world, number).number)
        assert order
        event = SandboxEvent(f"event-{payment}", "paid", order.number, f"{payment}-{number}", order.total)
        world.shop.handle_event("sandbox", *world.sandbox.signed(event, world.now))

    return tell


def cancel(world: World) -> None:
    world.shop.cancel(ticket(world, 0).number, ticket(world, 0).token)


def by_village(change: Callable[..., object], *more: Any) -> Act:
    """What the village does to order 0; done again, it is told that there is nothing left to do."""

    def do(world: World) -> None:
        with suppress(NotNow):
            change(world.store, world.shop.clock, ticket(world, 0).number, *more)

    return do


def join(who: int = 0, quantity: int = 2, fewer: bool = False) -> Act:
    """Waits for jars, behind all who wait already: asks for a place, and opens its link."""

    def act(world: World) -> None:
        ask(who, quantity, fewer)(world)
        confirm(who)(world)

    return act


def ask(who: int = 0, quantity: int = 2, fewer: bool = False) -> Act:
    """Asks for a place on the list."""
    wish = {"sku": JAR, "contact": contact(who), "quantity": quantity, "fewer": fewer}
    return lambda world: world.shop.wait(json.dumps(wish).encode())


def confirm(who: int = 0) -> Act:
    """Opens the link of the place."""
    return lambda world: world.shop.place_in_line(*place(world, who))


def contact(who: int) -> str:
    return f"waiter-{who}@example.com"


def place(world: World, who: int) -> tuple[str, str]:
    [number] = world.keys.places(JAR, contact(who))
    return number, world.keys.token(number)


def give_up(world: World) -> None:
    world.shop.give_up(*place(world, 0))


def take(quantity: int) -> Act:
    """Orders of what the first waiter is invited to, with one key."""
    body = json.dumps(make_body(quantity=quantity, buyer=90)).encode()
    return lambda world: world.shop.take(*place(world, 0), make_key(90), body)


def drop(units: int = 8, sku: str = JAR, rate: int = 1, limit: int = 0) -> Act:
    """Opens a drop from now on; done again, it is told that there is one."""
    ends = NOON + timedelta(minutes=20)
    what = Drop("evening", sku, "cabbage-1", 1990, units, NOON, ends, limit)

    def do(world: World) -> None:
        with suppress(NotNow):
            open_drop(world.shop.catalog, world.store, world.now, what, rate)

    return do


def end(world: World) -> None:
    end_drop(world.store, world.now, JAR, "evening")


def find(world: World) -> None:
    world.shop.find(msgspec.json.encode({"contact": "13800138000"}))


def batch(units: int, days: int = 2, **more: Any) -> Act:
    return lambda world: world.stock(units, day(days), **more)


def on_air(act: str, *more: Any) -> Act:
    """What a host does in a room; what is done once has a key."""
    by = Device("aaaa", "host", "小王", NOON)
    return lambda world: getattr(world.shop.rooms, act)(ROOMS[0], *more, by)


CHEN = device("0badcafe")
ELSEWHERE = ChangeAddress(Address("李四", "+8613900139000", ("吉林省", "通化市"), "太王镇二组 5 号"))


def at_bench(act: str, *more: Any, parcel: bool = True) -> Act:
    """What a packer does to the first parcel of order 0, or to the order; what is done once has a key."""

    def do(world: World) -> None:
        number = ticket(world, 0).number
        getattr(Bench(world.services.stage, world.store), act)(f"{number}-1" if parcel else number, *more, CHEN)

    return do


def wave(world: World) -> None:
    Bench(world.services.stage, world.store).wave([ticket(world, n).number for n in (0, 1)], "W1", CHEN)


def short(quantity: int) -> Act:
    asked = ReportShort(JAR, quantity)
    return lambda world: Refunds(world.store, world.shop.clock).ask(ticket(world, 0).number, asked, make_key(), CHEN)


def elsewhere(world: World) -> None:
    change_address(world.services.stage, world.store, ticket(world, 0).number, ELSEWHERE, CHEN)


def surge(world: World) -> None:
    expect(world.shop.catalog, world.store, JAR, 60, TODAY)


ADDED = AddUnits(JAR, 2)


def planned(calendar: Calendar) -> Act:
    def make(world: World) -> None:
        shop = msgspec.structs.replace(world.shop.catalog.shop, calendar=calendar)
        plan(msgspec.structs.replace(world.shop.catalog, shop=shop), world.store, TODAY)

    return make


def manager(world: World) -> None:
    """Somebody is told of what is full."""
    world.settings = msgspec.structs.replace(world.settings, manager_mail="manager@example.com")
    world.shop = world.process(world.shop.catalog)


def later(seconds: float) -> Act:
    return lambda world: world.later(seconds)


def consume_without_mail(world: World) -> None:
    def away(_: object) -> None:
        raise OSError("the mail server is away")

    for order in [*world.store.orders.all()]:
        world.outbox(away).perform("order", order.number)


@dataclass(frozen=True)
class Story:
    """What has happened, and the use case that is cut off, with the number of its writes.

    `sweeps`: how often the minute's sweep comes by before it is judged, where asking again is not enough. `letters`:
    something is done elsewhere between two of its writes. `per_buyer` is the limit for each buyer.
    """

    writes: int
    act: Act
    before: tuple[Act, ...] = ()
    sweeps: int = 0
    letters: bool = False
    per_buyer: int = 0


ENDED = later(931)
EXPIRED = (ENDED, World.sweep)
ALL_JARS = (buy(1, jars=6), buy(2, jars=6))
CROWD = tuple(act for number in (1, 2, 3) for act in (buy(number, buyer=0, jars=1), pay(number)))
HELD = (buy(0, jars=2), buy(1, jars=10, mail=False))
SOLD = (*HELD, pay(0), pay(1))
INVITED = (*SOLD, join(0), join(1, 3), cancel, World.settle)
LAPSE = later(LASTS * 900)
DROPPED = (drop(), later(300), buy(dropped=2), World.settle)
PAUSE = Calendar(pauses=(Period(day(3), day(3), text("x")),))

BOUGHT = (buy(jars=2), pay())
PACK, HAND = at_bench("pack", PackParcel(1), make_key(), parcel=False), at_bench("hand_over", BearNumber("sf", "SF1"))
PACKED = (*BOUGHT, PACK)

STORIES = {
    "checkout": Story(1, buy(jars=1)),
    "checkout-over-shards": Story(1, buy(jars=8, pots=5)),
    "checkout-on-ended-holds": Story(1, buy(jars=8), (*ALL_JARS, ENDED)),
    "checkout-in-a-slot-of-a-paid-order": Story(2, buy(jars=1), CROWD),
    "pay": Story(1, pay(), (buy(jars=1, mail=False),)),
    "pay-with-letters": Story(2, pay(), (buy(jars=1),)),
    "pay-late": Story(2, pay(), (buy(jars=3), *EXPIRED)),
    "pay-late-on-ended-holds": Story(2, pay(), (buy(jars=3), *EXPIRED, *ALL_JARS, ENDED)),
    "pay-too-late": Story(2, pay(), (buy(jars=3), *EXPIRED, *ALL_JARS)),
    "pay-once-more": Story(2, pay(payment="second"), (buy(jars=3), pay())),
    "pay-once-more-without-letters": Story(2, pay(payment="second"), (buy(jars=3, mail=False), pay())),
    "cancel": Story(1, cancel, (buy(jars=2, pots=5),)),
    "cancel-paid": Story(1, cancel, (buy(jars=2, pots=5), pay())),
    "cancel-paid-without-letters": Story(1, cancel, (buy(jars=2, pots=5, mail=False), pay())),
    "withdraw": Story(1, by_village(cancel_by_seller), (buy(jars=2, pots=5),)),
    "withdraw-paid": Story(1, by_village(cancel_by_seller), (buy(jars=2, pots=5), pay())),
    "postpone": Story(1, by_village(postpone, day(5)), (buy(jars=2), pay())),
    "find": Story(2, find, (buy(jars=2),)),
    "sweep": Story(2, World.sweep, (buy(0, jars=1), buy(1, pots=5), World.settle, ENDED), letters=True),
    "sweep-of-what-got-stuck": Story(8, World.sweep, (buy(0, jars=1), buy(1, pots=5), ENDED), letters=True),
    "sweep-of-what-is-full": Story(2, World.sweep, (manager, buy(jars=6, pots=6), pay(), World.settle)),
    "consume": Story(5, World.settle, (buy(jars=1), pay(), cancel), letters=True),
    "consume-without-mail": Story(2, consume_without_mail, (buy(jars=1), pay(), cancel), letters=True),
    "batch": Story(3, batch(5, 3)),
    "batch-over-shards": Story(3, batch(5, 3, shards=3)),
    "raise": Story(2, batch(9)),
    "raise-over-shards": Story(4, batch(12, sku=POT), (buy(pots=5),)),
    "lower": Story(2, batch(3)),
    "lower-over-shards": Story(4, batch(2, sku=POT)),
    "lower-below-promises": Story(2, batch(1), (buy(jars=3),)),
    "lower-below-promises-over-shards": Story(4, batch(1, sku=POT), (buy(pots=3),)),
    "lower-to-nothing": Story(2, batch(0), (buy(jars=3),)),
    "raise-to-promises": Story(2, batch(5), (buy(jars=5), batch(1))),
    "raise-above-promises": Story(3, batch(9), (buy(jars=5), batch(1))),
    "expect": Story(4, surge, (batch(240, 7),)),
    "plan": Story(12, planned(Calendar())),
    "plan-anew": Story(8, planned(PAUSE), (planned(Calendar()),)),
    "join": Story(1, ask(), SOLD),
    "join-once-more": Story(1, ask(0, 3), (*SOLD, ask(), World.settle)),
    "join-again": Story(1, ask(), (*SOLD, join(), World.settle)),
    "join-anew": Story(1, ask(0, 3), (*SOLD, join(), join(1), give_up, later(1))),
    "confirm": Story(1, confirm(), (*SOLD, ask())),
    "confirm-when-units-are-back": Story(2, confirm(), (*SOLD, ask(), cancel), sweeps=1),
    "cancel-while-one-waits": Story(3, cancel, (*SOLD, join()), sweeps=1),
    "cancel-while-many-wait": Story(4, cancel, (*SOLD, join(0, 1), join(1, 3, fewer=True)), sweeps=1),
    "cancel-what-fits-nobody": Story(3, cancel, (*SOLD, join(0, 3)), sweeps=1),
    "cancel-what-is-below-promises": Story(7, cancel, (*SOLD, join(), batch(5)), sweeps=1),
    "withdraw-while-one-waits": Story(2, by_village(cancel_by_seller), (*SOLD, join()), sweeps=1),
    "postpone-while-one-waits": Story(2, by_village(postpone, day(7)), (*SOLD, batch(2, 7), join(0, 3)), sweeps=1),
    "sweep-while-people-wait": Story(7, World.sweep, (*HELD, join(), join(1, 5), World.settle, ENDED), sweeps=1),
    "sweep-of-an-invitation": Story(4, World.sweep, (*INVITED, LAPSE), sweeps=1),
    "sweep-of-letters-to-waiters": Story(6, World.sweep, (*SOLD, join(), World.settle, cancel, ENDED), letters=True),
    "consume-letters-to-waiters": Story(3, World.settle, (*SOLD, World.settle, ask()), letters=True),
    "give-up-waiting": Story(1, give_up, (*SOLD, join())),
    "give-up-an-invitation": Story(3, give_up, INVITED, sweeps=1),
    "take": Story(1, take(2), INVITED),
    "take-fewer": Story(3, take(1), INVITED, sweeps=1),
    "take-what-nobody-else-waits-for": Story(1, take(1), (*SOLD, join(), cancel)),
    "raise-while-people-wait": Story(2, batch(9), (*SOLD, join(), join(1)), sweeps=1),
    "lower-while-people-wait": Story(2, batch(7), (*SOLD, join(), batch(9)), sweeps=1),
    "lower-below-promises-while-people-wait": Story(3, batch(5), (*SOLD, join(), batch(9)), sweeps=1),
    "batch-while-people-wait": Story(4, batch(5, 3), (*SOLD, join()), sweeps=1),
    "batch-over-shards-while-people-wait": Story(6, batch(5, 3, shards=3), (*SOLD, join(), join(1)), sweeps=1),
    "sweep-of-what-is-kept": Story(3, World.sweep, (*SOLD, World.settle, join(), join(1), batch(9)), sweeps=1),
    "sweep-of-what-fits-nobody": Story(2, World.sweep, (*SOLD, World.settle, join(0, 5), batch(9)), sweeps=1),
    "drop": Story(3, drop(), (buy(jars=1),), sweeps=2),
    "drop-over-shards": Story(2, drop(5, POT, rate=60, limit=1), sweeps=2),
    "end-of-a-drop": Story(5, end, (drop(), buy(dropped=2))),
    "end-of-a-drop-while-one-waits": Story(5, end, (drop(12), join()), sweeps=2),
    "sweep-of-a-drop": Story(5, World.sweep, (*DROPPED, later(1200)), sweeps=2),
    "sweep-of-a-drop-with-holds": Story(5, World.sweep, (*DROPPED, later(1600)), sweeps=2),
    "sweep-of-an-empty-drop": Story(1, World.sweep, (drop(), later(1200), World.sweep), sweeps=2),
    "checkout-in-a-drop": Story(1, buy(dropped=2), (drop(limit=2),)),
    "checkout-within-a-limit": Story(1, buy(jars=2), per_buyer=2),
    "checkout-in-the-next-batch-for-a-limit": Story(3, buy(1, buyer=0, jars=2), (buy(jars=3),), per_buyer=4),
    "cancel-within-a-limit": Story(1, cancel, (buy(jars=2),), per_buyer=2),
    "pay-late-within-a-limit": Story(2, pay(), (buy(jars=3), *EXPIRED), per_buyer=3),
    "pay-late-beyond-a-limit": Story(3, pay(), (buy(jars=3), *EXPIRED, buy(1, buyer=0, jars=3)), per_buyer=3),
    "host-pins": Story(1, on_air("pin", JAR)),
    "host-opens-a-drop": Story(3, on_air("open_drop", OpenDrop(JAR, 4, 1990, 5), make_key())),
    "host-adds-units": Story(3, on_air("add_units", AddUnits(JAR, 2), make_key()), (planned(Calendar()),)),
    "host-takes-units-back": Story(
        2, on_air("take_back_units", ADDED, make_key()), (planned(Calendar()), on_air("add_units", ADDED, make_key()))
    ),
    "wave": Story(2, wave, (*BOUGHT, buy(1, pots=2), pay(1))),
    "pack": Story(1, PACK, BOUGHT),
    "unpack": Story(1, at_bench("unpack"), PACKED),
    "hand-over": Story(1, HAND, PACKED),
    "number": Story(1, at_bench("set_number", BearNumber("sf", "SF1")), PACKED),
    "number-of-what-has-left": Story(1, at_bench("set_number", BearNumber("sf", "SF2")), (*PACKED, HAND)),
    "take-back": Story(1, at_bench("take_back"), (*PACKED, HAND)),
    "came-back": Story(1, at_bench("came_back"), (*PACKED, HAND)),
    "send-again": Story(1, at_bench("send_again"), (*PACKED, HAND, at_bench("came_back"))),
    "withdraw-packed": Story(1, by_village(cancel_by_seller), PACKED),
    "short": Story(1, short(1), BOUGHT),
    "short-of-all": Story(1, short(2), BOUGHT),
    "short-of-what-is-packed": Story(1, short(1), PACKED),
    "short-within-a-limit": Story(1, short(1), BOUGHT, per_buyer=3),
    "elsewhere": Story(1, elsewhere, (*BOUGHT, PACK, at_bench("unpack"))),
    "take-within-a-limit": Story(1, take(2), INVITED, per_buyer=10),
}  # fmt: skip


def points(story: Story) -> Iterator[tuple[int, Side]]:
    """Before each write, and after the last: what lies between two writes is one point, unless letters go out there."""
    for write in range(1, story.writes + 1):
        yield write, "before"
        if write == story.writes or story.letters:
            yield write, "after"


POINTS = [
    pytest.param(name, write, side, id=f"{name}-{write}-{side}")
    for name, story in STORIES.items()
    for write, side in points(story)
]


@dataclass(frozen=True)
class End:
    """How a story ends: at first, and once all holds have ended; and what has come of it elsewhere."""

    writes: int
    snapshots: tuple[dict[str, Any], ...]
    letters: frozenset[tuple[str, str]]
    repaid: dict[str, int]


@dataclass(frozen=True)
class Past:
    """What there was before a use case: what the table held, the clock, and what had gone out."""

    items: list[Item]
    now: datetime
    mails: list[EmailMessage]
    repaid: dict[str, Refund]


@cache
def past(name: str) -> Past:
    story = STORIES[name]
    random.seed(name)
    with mock_aws():
        world = World({day(2): 6, day(5): 6}, production=Production(3, 2, 3, 4), per_buyer=story.per_buyer)
        world.stock(6, day(2), POT, shards=3)
        for act in story.before:
            act(world)
        return Past([*world.store.everything()], world.now, world.mails, world.sandbox.repaid)


def after(past: Past, per_buyer: int) -> World:
    """A world in which that has happened; its processes have just begun."""
    world = World(production=Production(3, 2, 3, 4), per_buyer=per_buyer)
    world.now, world.mails, world.sandbox.repaid = past.now, [*past.mails], {**past.repaid}
    for first in range(0, len(past.items), 25):
        puts = [{"PutRequest": {"Item": item}} for item in past.items[first : first + 25]]
        world.client.batch_write_item(RequestItems={world.store.table.name: puts})
    return world


def live(name: str, fate: tuple[int, Side] | None) -> End:
    """The story, in a table of its own; with a fate, its use case is cut off there and asked for again."""
    story, before = STORIES[name], past(name)
    random.seed(name)
    with mock_aws():
        world = after(before, story.per_buyer)
        crash = CrashPoints(world.client)
        try:
            with crash.at(fate):
                story.act(world)
        except Died:
            assert StockCount(world.store.everything()).suspects(TODAY) == {}
            world.shop = world.process(world.shop.catalog)
            story.act(world)
        assert (crash.fate, world.differences()) == (None, [])
        writes = crash.writes
        snapshots = tuple(come_to_rest(world, story.sweeps))
        letters = frozenset(letter_in(mail) for mail in world.mails)
        return End(writes, snapshots, letters, {key: back.amount for key, back in world.sandbox.repaid.items()})


def come_to_rest(world: World, sweeps: int = 0) -> Iterator[dict[str, Any]]:
    """What there is when the consumer has come by (and the sweep), and what after all holds have ended."""
    for _ in range(sweeps):
        world.sweep()
    world.settle()
    yield snapshot(world)
    for pause in (PATIENCE, STUCK):
        world.later(pause.total_seconds() + 1)
        world.sweep()
    yield snapshot(world)


def snapshot(world: World) -> dict[str, Any]:
    """All that must be the same; not versions and instants, nor which shard holds what."""
    items = [*world.store.everything()]
    books = StockCount(items)
    assert (books.suspects(TODAY), books.overdrawn(TODAY)) == ({}, [])
    return {
        "orders": {order.number: essence(order) for order in map(ORDER.read, items_of(items, "order"))},
        "waiters": {waiter.number: place_of(waiter) for waiter in map(WAITER.read, items_of(items, "waiter"))},
        "lines": sorted(item["sk"]["S"] for item in items if item["pk"]["S"].startswith("queue#")),
        "batches": {
            (shelf, one.ship_by): (one.batch.left, one.kept, one.cap, one.shards, one.planned, one.days, one.told)
            for shelf, batches in books.batches.items()
            for one in batches
        },
        "limits": {account: units for account, units in books.accounts.items() if units},
        "drops": sorted((item["sk"]["S"], item["body"]["S"]) for item in items if item["sk"]["S"].startswith("drop")),
        "rates": items_of(items, "rate"),
        "rooms": items_of(items, "room"),
        "log": [item["body"]["S"] for item in items if item["pk"]["S"].startswith("log#")],
    }


def items_of(items: list[Item], kind: str) -> list[Item]:
    return [item for item in items if item["sk"]["S"] == kind]


def essence(order: Order) -> tuple[object, ...]:
    refunds = [(refund.key, refund.payment, refund.amount, refund.state) for refund in order.refunds]
    events = [entry.event for entry in order.history]
    units = units_of(order)
    boxes = [(one.n, one.state, one.lines, one.carrier, one.tracking, one.request) for one in order.parcels]
    packing = boxes, order.revision, order.printed and order.printed.wave, order.ship_to
    money = order.total, refunds, order.payment
    return order.state, events, units, *money, order.outbox, order.first_ship_by, packing


def place_of(waiter: Waiter) -> tuple[object, ...]:
    turn = waiter.state, waiter.since, units_of(waiter), waiter.until, waiter.order
    return *turn, waiter.joined, waiter.wish, waiter.outbox


def units_of(holder: Aggregate) -> Counter[tuple[str, date]]:
    units: Counter[tuple[str, date]] = Counter()
    for (shelf, ship_by, _), count in holder.allocated.items():
        units[shelf, ship_by] += count
    return units


calm = cache(partial(live, fate=None))


@pytest.mark.parametrize("name", STORIES)
def test_every_write_of_a_use_case_is_a_point_where_it_is_cut_off(name: str) -> None:
    assert calm(name).writes == STORIES[name].writes


@pytest.mark.parametrize(("name", "write", "side"), POINTS)
def test_a_use_case_that_was_cut_off_and_asked_for_again_ends_as_if_it_had_not_been(
    name: str, write: int, side: Side
) -> None:
    end, undisturbed = live(name, (write, side)), calm(name)
    assert end.snapshots == undisturbed.snapshots
    assert (end.letters, end.repaid) == (undisturbed.letters, undisturbed.repaid)


def test_a_batch_whose_lowering_was_cut_off_sells_no_more_than_was_declared(make_world: MakeWorld) -> None:
    """The shares follow only with the next sweep, and until then nobody may be promised what cannot be made."""
    world = make_world({day(2): 5})
    world.place(quantity=3)
    with pytest.raises(Died), CrashPoints(world.client).at((2, "before")):
        world.stock(3, day(2))
    world.later(2)
    assert world.left() == 0
    with pytest.raises(SoldOut):
        world.place(1)
    world.sweep()
    assert (world.left(), world.differences()) == (0, [])


def test_a_batch_whose_lowering_was_cut_off_on_its_last_day_alarms_nobody_for_ever(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5})
    with pytest.raises(Died), CrashPoints(world.client).at((2, "before")):
        world.stock(3, day(0))
    assert len(world.differences()) == 1
    world.later(86_400)
    world.sweep()
    assert world.differences() == []


ON_ONE_ORDER = {
    "pay": pay(),
    "pay-once-more": pay(payment="second"),
    "cancel": cancel,
    "withdraw": by_village(cancel_by_seller),
    "postpone": by_village(postpone, day(5)),
    "consume": World.settle,
}


@pytest.mark.parametrize(("first", "second"), [*permutations(ON_ONE_ORDER, 2)])
def test_an_act_that_is_overtaken_before_its_write_sees_what_the_other_has_done(
    make_world: MakeWorld, first: str, second: str
) -> None:
    world = make_world({day(2): 6, day(5): 6})
    buy(jars=2)(world)
    with CrashPoints(world.client).at((1, "before"), lambda: ON_ONE_ORDER[second](world)):
        ON_ONE_ORDER[first](world)
    [*_, rest] = come_to_rest(world)
    [order] = [*world.store.orders.all()]
    came = set(order.events)
    kept = order.total if order.state is State.PAID else 0
    assert len(came) == sum("pay" in name for name in (first, second))
    assert sum(back.amount for back in world.sandbox.repaid.values()) == order.total * len(came) - kept
    assert sum(left for left, *_ in rest["batches"].values()) == 12 - order.allocated.total()
    if {first, second} & {"cancel", "withdraw"}:
        assert order.state in (State.CANCELLED, State.REFUNDED)
