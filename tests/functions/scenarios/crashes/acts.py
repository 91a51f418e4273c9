"""What buyers, the village and time do to a shop, each as a function of its world."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
from chalicelib.catalog import Calendar
from chalicelib.domain.actor import device
from chalicelib.domain.commands import (
    AddUnits,
    ChangeAddress,
    ReportShort,
)
from chalicelib.domain.errors import NotNow
from chalicelib.domain.orders.model import Address
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.drops import Drop
from chalicelib.payments.sandbox import SandboxEvent
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.refunds import Refunds
from chalicelib.services.planning import expect, plan

from tests.functions.helpers.world import JAR, NOON, POT, ROOMS, TODAY, World, day, make_body, make_key

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
