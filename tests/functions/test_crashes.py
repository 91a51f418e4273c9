"""Each use case, cut off before and after each of its writes: it ends as if nothing had happened.

The process is gone, and with it its answer. Whoever asked it asks again, the consumer and the sweep come by, and what
there is then is held against the same story without the end of a process. **To add a use case, add a line to
`STORIES`**; a wrong number of writes is told by a test.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from itertools import permutations
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from chalicelib.audit import Books
from chalicelib.catalog import Calendar, Period, Production
from chalicelib.errors import NotNow, SoldOut
from chalicelib.holders import PATIENCE, STUCK
from chalicelib.items import Item, order_in
from chalicelib.orders import Order, State
from chalicelib.payments.sandbox import SandboxEvent
from chalicelib.planning import expect, plan
from chalicelib.village import postpone, withdraw
from moto import mock_aws

from tests.functions.doom import Died, Doom, Side
from tests.functions.world import JAR, POT, TODAY, World, day, letter_in, make_key, text

if TYPE_CHECKING:
    from datetime import date

MakeWorld = Callable[..., World]
Act = Callable[[World], object]


def buy(number: int = 0, buyer: int | None = None, mail: bool = True, **quantities: int) -> Act:
    """Places the order of that number: jars and pots; without an address to write to, its payment is booked unread."""
    named = {"jars": JAR, "pots": POT}
    lines = [{"sku": named[name], "quantity": quantity} for name, quantity in quantities.items()]
    who = number if buyer is None else buyer
    address = {"email": "wang@example.com"} if mail else {}
    return lambda world: world.place(number, lines=lines, buyer=who, **address)


def ticket(world: World, number: int) -> Any:
    return world.keys.tickets(make_key(number))[0]


def pay(number: int = 0, payment: str = "first") -> Act:
    """The provider tells of a payment for the order, always by the same event."""

    def tell(world: World) -> None:
        order = world.store.order(ticket(world, number).number)
        assert order
        event = SandboxEvent(f"event-{payment}", "paid", order.number, f"{payment}-{number}", order.total)
        world.shop.hear("sandbox", *world.sandbox.signed(event, world.now))

    return tell


def cancel(world: World) -> None:
    world.shop.cancel(ticket(world, 0).number, ticket(world, 0).token)


def by_village(change: Callable[..., object], *more: Any) -> Act:
    """What the village does to order 0; done again, it is told that there is nothing left to do."""

    def do(world: World) -> None:
        with suppress(NotNow):
            change(world.store, world.shop.clock, ticket(world, 0).number, *more)

    return do


def find(world: World) -> None:
    world.shop.find(msgspec.json.encode({"phone": "13800138000", "digits": ticket(world, 0).number[-4:]}))


def batch(units: int, days: int = 2, **more: Any) -> Act:
    return lambda world: world.stock(units, day(days), **more)


def surge(world: World) -> None:
    expect(world.shop.catalog, world.store, JAR, 60, TODAY)


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

    for order in [*world.store.orders()]:
        world.outbox(away).perform(order.number)


@dataclass(frozen=True)
class Story:
    """What has happened, and the use case that is cut off, with the number of its writes."""

    writes: int
    act: Act
    before: tuple[Act, ...] = ()


ENDED = later(931)
EXPIRED = (ENDED, World.sweep)
ALL_JARS = (buy(1, jars=6), buy(2, jars=6))
CROWD = tuple(act for number in (1, 2, 3) for act in (buy(number, buyer=0, jars=1), pay(number)))
PAUSE = Calendar(pauses=(Period(day(3), day(3), text("x")),))

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
    "withdraw": Story(1, by_village(withdraw), (buy(jars=2, pots=5),)),
    "withdraw-paid": Story(1, by_village(withdraw), (buy(jars=2, pots=5), pay())),
    "postpone": Story(1, by_village(postpone, day(5)), (buy(jars=2), pay())),
    "find": Story(2, find, (buy(jars=2),)),
    "sweep": Story(2, World.sweep, (buy(0, jars=1), buy(1, pots=5), World.settle, ENDED)),
    "sweep-of-what-got-stuck": Story(6, World.sweep, (buy(0, jars=1), buy(1, pots=5), ENDED)),
    "sweep-of-what-is-full": Story(2, World.sweep, (manager, buy(jars=6, pots=6), pay(), World.settle)),
    "consume": Story(5, World.settle, (buy(jars=1), pay(), cancel)),
    "consume-without-mail": Story(2, consume_without_mail, (buy(jars=1), pay(), cancel)),
    "batch": Story(2, batch(5, 3)),
    "batch-over-shards": Story(2, batch(5, 3, shards=3)),
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
    "plan": Story(8, planned(Calendar())),
    "plan-anew": Story(8, planned(PAUSE), (planned(Calendar()),)),
}  # fmt: skip
POINTS = [
    pytest.param(name, write, side, id=f"{name}-{write}-{side}")
    for name, story in STORIES.items()
    for write in range(1, story.writes + 1)
    for side in ("before", "after")
]


@dataclass(frozen=True)
class End:
    """How a story ends: at first, and once all holds have ended; and what has come of it elsewhere."""

    writes: int
    snapshots: tuple[dict[str, Any], ...]
    letters: frozenset[tuple[str, str]]
    repaid: dict[str, int]


def live(name: str, fate: tuple[int, Side] | None) -> End:
    """The story, in a table of its own; with a fate, its use case is cut off there and asked for again."""
    story = STORIES[name]
    random.seed(name)
    with mock_aws():
        world = World({day(2): 6, day(5): 6}, production=Production(3, 2, 3))
        world.stock(6, day(2), POT, shards=3)
        for act in story.before:
            act(world)
        doom = Doom(world.client)
        try:
            with doom.at(fate):
                story.act(world)
        except Died:
            assert Books(world.store.everything()).suspects() == {}
            world.shop = world.process(world.shop.catalog)
            story.act(world)
        assert (doom.fate, world.differences()) == (None, [])
        writes = doom.writes
        snapshots = tuple(come_to_rest(world))
        letters = frozenset(letter_in(mail) for mail in world.mails)
        return End(writes, snapshots, letters, {key: back.amount for key, back in world.sandbox.repaid.items()})


def come_to_rest(world: World) -> Iterator[dict[str, Any]]:
    """What there is when the consumer has come by, and what after all holds have ended."""
    world.settle()
    yield snapshot(world)
    for pause in (PATIENCE, STUCK):
        world.later(pause.total_seconds() + 1)
        world.sweep()
    yield snapshot(world)


def snapshot(world: World) -> dict[str, Any]:
    """All that must be the same; not versions and instants, nor which shard holds what."""
    items = [*world.store.everything()]
    books = Books(items)
    assert (books.suspects(), books.overdrawn(TODAY)) == ({}, [])
    return {
        "orders": {order.number: essence(order) for order in map(order_in, items_of(items, "order"))},
        "batches": {
            (sku, one.ship_by): (one.batch.left, one.cap, one.shards, one.planned, one.days, one.told)
            for sku, batches in books.batches.items()
            for one in batches
        },
        "rates": items_of(items, "rate"),
    }


def items_of(items: list[Item], kind: str) -> list[Item]:
    return [item for item in items if item["sk"]["S"] == kind]


def essence(order: Order) -> tuple[object, ...]:
    units: Counter[tuple[str, date]] = Counter()
    for (sku, ship_by, _), count in order.claimed.items():
        units[sku, ship_by] += count
    refunds = [(refund.key, refund.payment, refund.amount, refund.state) for refund in order.refunds]
    events = [entry.event for entry in order.history]
    return order.state, events, units, order.total, refunds, order.payment, order.outbox, order.first_ship_by


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
    with pytest.raises(Died), Doom(world.client).at((2, "before")):
        world.stock(3, day(2))
    world.later(2)
    assert world.left() == 0
    with pytest.raises(SoldOut):
        world.place(1)
    world.sweep()
    assert (world.left(), world.differences()) == (0, [])


def test_a_batch_whose_lowering_was_cut_off_on_its_last_day_alarms_nobody_for_ever(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5})
    with pytest.raises(Died), Doom(world.client).at((2, "before")):
        world.stock(3, day(0))
    assert len(world.differences()) == 1
    world.later(86_400)
    world.sweep()
    assert world.differences() == []


ON_ONE_ORDER = {
    "pay": pay(),
    "pay-once-more": pay(payment="second"),
    "cancel": cancel,
    "withdraw": by_village(withdraw),
    "postpone": by_village(postpone, day(5)),
    "consume": World.settle,
}


@pytest.mark.parametrize(("first", "second"), [*permutations(ON_ONE_ORDER, 2)])
def test_an_act_that_is_overtaken_before_its_write_sees_what_the_other_has_done(
    make_world: MakeWorld, first: str, second: str
) -> None:
    world = make_world({day(2): 6, day(5): 6})
    buy(jars=2)(world)
    with Doom(world.client).at((1, "before"), lambda: ON_ONE_ORDER[second](world)):
        ON_ONE_ORDER[first](world)
    [*_, rest] = come_to_rest(world)
    [order] = [*world.store.orders()]
    came = set(order.events)
    kept = order.total if order.state is State.PAID else 0
    assert len(came) == sum("pay" in name for name in (first, second))
    assert sum(back.amount for back in world.sandbox.repaid.values()) == order.total * len(came) - kept
    assert sum(left for left, *_ in rest["batches"].values()) == 12 - sum(order.claimed.values())
    if {first, second} & {"cancel", "withdraw"}:
        assert order.state in (State.CANCELLED, State.REFUNDED)
