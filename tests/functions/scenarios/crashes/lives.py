"""A story that is lived to its end, undisturbed or cut off, and what there is then."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from functools import cache, partial
from typing import Any

from chalicelib.catalog import Production
from chalicelib.domain.aggregate import PATIENCE, STUCK, Aggregate
from chalicelib.domain.orders.model import Order, Refund
from chalicelib.domain.waitlist import Waiter
from chalicelib.services.audit import StockCount
from chalicelib.storage.keys import Item
from chalicelib.storage.orders import ORDER
from chalicelib.storage.waitlist import WAITER
from moto import mock_aws

from tests.functions.helpers.crash_points import CrashPoints, Died, Side
from tests.functions.helpers.world import POT, TODAY, World, day, letter_in
from tests.functions.scenarios.crashes.stories import STORIES


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
