"""The instances that are explored, small ones with every test and large ones by `make verify`; and planted faults.

A planted fault switches one guard off: a condition of a write, or a rule. The checker must find what comes of it, else
that it finds nothing without a fault would say nothing. **To add a guard, plant its fault here.**
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from chalicelib.domain import waitlist as waiting
from chalicelib.domain.actor import SCHEDULE
from chalicelib.domain.orders import money, transitions
from chalicelib.domain.orders.events import BuyerCancels, HoldEnded, Paid, RefundAsked
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.steps import enter
from chalicelib.domain.stock.promise import Batch
from chalicelib.domain.waitlist import Lapsed, QueueEntry, WaiterState, invitation
from chalicelib.services import orders as orders_service
from chalicelib.services import waitlist as waitlist_service
from chalicelib.services.allocation import Bounds

from cunbo.verify.money import MoneyModel, Purchase
from cunbo.verify.promise import PromiseModel, SaleCase
from cunbo.verify.shop import TODAY, TOMORROW, ShopModel
from cunbo.verify.waitlist import Line, WaitlistModel

Make = Callable[[Collection[str]], ShopModel]
"""Makes an instance of a model, with these conditions switched off."""

ONE_WAY = ("buyer opens it on a desktop",)
QUIET = (
    "buyer cancels",
    "news: refund 1 is asked",
    "news: refund 2 is asked",
    "news: attempt 1 is closed",
    "news: attempt 2 is closed",
)

SMALL: dict[str, Make] = {
    "one order, sent twice at once": lambda off: PromiseModel(SaleCase(((TODAY, 2, 1),), (1,), twice=True), 2, off),
    "a drop, and a walk-in beside it": lambda off: PromiseModel(SaleCase(((TODAY, 1, 1),), (-1, 1), in_drop=1), 1, off),
    "a batch grows": lambda off: PromiseModel(SaleCase(((TODAY, 1, 1),), (), resized=2), 2, off),
    "one unit, one who waits, one walk-in": lambda off: WaitlistModel(Line(1, (1,), (1,), walk_in=1), 2, off),
    "one way to pay": lambda off: MoneyModel(Purchase(without=ONE_WAY), 1, off),
}
"""Explored, and replayed on a table, by `make test`."""

LARGE: dict[str, Make] = {
    "two orders, two days, two shards": lambda off: PromiseModel(
        SaleCase(((TODAY, 2, 2), (TOMORROW, 1, 1)), (1, 2)), 2, off
    ),
    "two orders, one unit": lambda off: PromiseModel(SaleCase(((TODAY, 1, 1),), (1, 1)), 2, off),
    "two orders, a unit a day": lambda off: PromiseModel(SaleCase(((TODAY, 1, 1), (TOMORROW, 1, 1)), (1, 1)), 1, off),
    "three orders for two units": lambda off: PromiseModel(SaleCase(((TODAY, 2, 1),), (1, 1, 1)), 1, off),
    "a drop at two": lambda off: PromiseModel(SaleCase(((TODAY, 1, 1),), (-1, 1), in_drop=1), 2, off),
    "a limit for one buyer": lambda off: PromiseModel(
        SaleCase(((TODAY, 2, 1),), (1, 1), limit=1, one_buyer=True), 2, off
    ),
    "a batch grows meanwhile": lambda off: PromiseModel(SaleCase(((TODAY, 1, 1),), (2,), resized=2), 2, off),
    "a batch shrinks": lambda off: PromiseModel(SaleCase(((TODAY, 2, 2),), (1, 1), resized=1), 1, off),
    "two wait for two units": lambda off: WaitlistModel(Line(2, (1, 1), (1, -2)), 2, off),
    "one way to pay, two at once": lambda off: MoneyModel(Purchase(without=ONE_WAY), 2, off),
    "two ways to pay": lambda off: MoneyModel(Purchase(without=QUIET), 1, off),
    "a lost answer": lambda off: MoneyModel(Purchase(losses=2, without=ONE_WAY), 1, off),
    "two part refunds": lambda off: MoneyModel(Purchase(parts=(60, 60), without=ONE_WAY), 1, off),
}
"""Explored by `make verify`, beside the small ones, which it replays."""

Patch = tuple[Any, Any, Any]
"""A module or a table of rules, a name in it, and what stands there instead; None in a table: nothing."""


class Planted(msgspec.Struct, frozen=True):
    """A guard that is switched off, in words; the model that must find it; conditions by name, or patches of rules."""

    words: str
    make: Make
    off: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()


# ---- Rules without their guard ----


def _takes_any_date(order: Order, paid: Paid, now: datetime) -> Order:
    if not paid.allocation or money._known(order, paid):
        return money.money_late(order, paid, now)
    return money._book(money._with_parts(order, paid.allocation), paid, now)


def _ends_at_once(order: Order, _: HoldEnded, now: datetime) -> Order:
    return money.closed(enter(order, State.EXPIRED, now, SCHEDULE), now)


def _gives_back_any(order: Order, asked: RefundAsked, now: datetime) -> Order:
    return money.give_back(order, asked.refund, now)


def _last_first(sku: str, line: Sequence[QueueEntry], *more: Any) -> Any:
    return invitation(sku, reversed([*line]), *more)


def _all_that_is_there(batch: Any) -> Batch:
    return Batch(batch.ship_by, (waiting._there(batch),))


RULES, TURNS = transitions.TRANSITIONS, waiting.TRANSITIONS

FAULTS = (
    Planted("a shard gives what it has not", SMALL["one unit, one who waits, one walk-in"], ("shard: units >= :net",)),
    Planted(
        "the same order is written twice", SMALL["one order, sent twice at once"], ("order: attribute_not_exists(pk)",)
    ),
    Planted("an order is overwritten that has changed", SMALL["one order, sent twice at once"], ("order: v = :v",)),
    Planted(
        "money is booked for an order that wants none",
        LARGE["two orders, one unit"],
        ("order: wants = :wants AND due_at > :now",),
    ),
    Planted(
        "a buyer exceeds a limit", LARGE["a limit for one buyer"], ("bought: attribute_not_exists(n) OR n <= :room",)
    ),
    Planted("a batch that has changed is settled", SMALL["a batch grows"], ("batch: v = :v",)),
    Planted("a drop's units go back that are sold", LARGE["a drop at two"], ("shard: units >= :least",)),
    Planted(
        "a place is overwritten that has changed", SMALL["one unit, one who waits, one walk-in"], ("waiter: v = :v",)
    ),
    Planted("a list is served that has changed", LARGE["two wait for two units"], ("queue: v = :seen",)),
    Planted(
        "what comes free goes on sale, though people wait",
        SMALL["one unit, one who waits, one walk-in"],
        ("queue: attribute_not_exists(pk) OR n = :none",),
    ),
    Planted(
        "late money takes a later day",
        LARGE["two orders, a unit a day"],
        patches=(
            (RULES, (State.EXPIRED, Paid), _takes_any_date),
            (orders_service, "Bounds", lambda barred, _: Bounds(barred)),
        ),
    ),
    Planted(
        "a hold ends before its time",
        LARGE["two orders, a unit a day"],
        patches=((RULES, (State.AWAITING_PAYMENT, HoldEnded), _ends_at_once),),
    ),
    Planted(
        "more than half is offered", LARGE["two wait for two units"], patches=((waiting, "_share", _all_that_is_there),)
    ),
    Planted(
        "the last in line is served first",
        LARGE["two wait for two units"],
        patches=((waitlist_service, "invitation", _last_first),),
    ),
    Planted(
        "an invitation never ends",
        SMALL["one unit, one who waits, one walk-in"],
        patches=((TURNS, (WaiterState.INVITED, Lapsed), None),),
    ),
    Planted("news of money counts each time", SMALL["one way to pay"], patches=((money, "_known", lambda *_: False),)),
    Planted(
        "money for a cancelled order is kept",
        SMALL["one way to pay"],
        patches=((RULES, (State.CANCELLED, Paid), None),),
    ),
    Planted(
        "a second payment is kept",
        LARGE["two ways to pay"],
        patches=((RULES, (State.PAID, Paid), None),),
    ),
    Planted(
        "what was paid for a cancelled order is kept",
        SMALL["one way to pay"],
        patches=((RULES, (State.PAID, BuyerCancels), transitions._cancel_unpaid),),
    ),
    Planted(
        "parts are given back beyond what was paid",
        LARGE["two part refunds"],
        patches=((RULES, (State.PAID, RefundAsked), _gives_back_any),),
    ),
    Planted(
        "an attempt that was left stays open",
        SMALL["one way to pay"],
        patches=((money, "_left", lambda order, _: order),),
    ),
    Planted("an order is overwritten while money comes", SMALL["one way to pay"], ("order: v = :v",)),
)


@contextmanager
def planted(fault: Planted) -> Iterator[ShopModel]:
    """Yield the fault's model with its guard switched off, and put the guard back afterwards."""
    before = [(where, name, _get(where, name)) for where, name, _ in fault.patches]
    try:
        for where, name, value in fault.patches:
            _set(where, name, value)
        yield fault.make(fault.off)
    finally:
        for where, name, value in before:
            _set(where, name, value)


def _get(where: Any, name: Any) -> Any:
    return where.get(name) if isinstance(where, Mapping) else getattr(where, name)


def _set(where: Any, name: Any, value: Any) -> None:
    if not isinstance(where, dict):
        setattr(where, name, value)
    elif value is None:
        where.pop(name, None)
    else:
        where[name] = value
