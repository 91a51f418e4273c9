"""The order's life: its states, the events that move it, and what each event means. Pure rules, no I/O.

**To add a state or an event, add it to `State` or to the events, and a line to `TRANSITIONS`.** An event that has no
line in the state that it meets changes nothing. What must happen elsewhere is an intent in the order's outbox
(aggregate.py).
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from chalicelib.domain.aggregate import (
    Account,
    Aggregate,
    ClosePayment,
    Done,
    Failed,
    Mail,
    RefundPayment,
    Shard,
    intend,
    notify,
    retry_later,
    struck_out,
)
from chalicelib.domain.stock.drops import shelf_of, sku_of
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.stored import Stored

GRACE = timedelta(seconds=30)
"""How long a hold outlives `pay_by`, so that a payment begun in time does not lose its units on the way."""


class State(StrEnum):
    """Where an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


HOLDS_UNITS = frozenset({State.AWAITING_PAYMENT, State.PAID})
"""States in which an order's units are its own; in every other they have gone back."""


class OrderLine(Stored, frozen=True):
    """Units of one SKU at a price in fen, and the parts of batches that they come from.

    `name` is what the buyer read, in their language; `shown` the digest of all that was said of the product
    (`catalog.shown`); `no_return` that they agreed that it cannot come back. They are kept for later questions.
    `drop` is the drop that it was bought in. `buyer` is the buyer's pseudonym where there is a limit for each.
    """

    sku: str
    quantity: int
    unit_price: int
    parts: tuple[Part, ...]
    name: str = ""
    shown: str = ""
    no_return: bool = False
    drop: str = ""
    buyer: str = ""

    @property
    def ship_by(self) -> date:
        """The date of its last part: the one that binds."""
        return max(part.ship_by for part in self.parts)

    @property
    def shelf(self) -> str:
        """Where its units come from."""
        return shelf_of(self.sku, self.drop)

    @property
    def bought(self) -> Counter[Account]:
        """What it counts for where there is a limit: of a drop as a whole, else of each batch."""
        units: Counter[Account] = Counter()
        for part in self.parts if self.buyer else ():
            units[scope(self.shelf, part.ship_by), self.buyer] += part.quantity
        return units


def scope(shelf: str, ship_by: date) -> str:
    """What a limit of the shelf is for: all of a drop, and each batch of a SKU by itself."""
    return shelf if sku_of(shelf) != shelf else f"{shelf}|{ship_by}"


class Address(Stored, frozen=True):
    """Where the parcel goes. Personal data: never in a log, never in a URL."""

    name: str
    phone: str
    region: tuple[str, ...]
    street: str


class HistoryEntry(Stored, frozen=True, array_like=True):
    """A line of the order's history: the state entered, and when."""

    at: datetime
    event: State


class Refund(Stored, frozen=True):
    """Money that goes back, in fen; `key` is its idempotency key at the provider.

    `state` is pending, failed (it did not work yet, and is tried again by itself) or done.
    """

    key: str
    payment: str
    amount: int
    at: datetime
    state: str = "pending"


class Order(Aggregate, frozen=True):
    """All that is known of an order. Money is in fen, instants are UTC, dates are the village's own.

    `first_ship_by` is the date first promised, where it was moved to a later one; `lookup` finds the order by its
    buyer's phone, where they left an address to write to.
    """

    state: State
    placed: datetime
    pay_by: datetime
    lines: tuple[OrderLine, ...]
    postage: int
    total: int
    ship_to: Address
    lang: str
    provider: str
    fingerprint: str
    history: tuple[HistoryEntry, ...]
    email: str | None = None
    room: str | None = None
    show: str | None = None
    payment: str | None = None
    events: tuple[str, ...] = ()
    refunds: tuple[Refund, ...] = ()
    first_ship_by: date | None = None
    lookup: str | None = None

    @property
    def ship_by(self) -> date:
        """It ships in one parcel, by the latest date of its lines."""
        return max(line.ship_by for line in self.lines)

    @property
    def hold_until(self) -> datetime:
        """When the hold of an unpaid order ends."""
        return self.pay_by + GRACE

    @property
    def ends(self) -> datetime | None:
        """When its hold ends by itself."""
        return self.hold_until if self.state is State.AWAITING_PAYMENT else None

    @property
    def allocated(self) -> Counter[Shard]:
        """Units of the parts of its lines, while they are its own."""
        units: Counter[Shard] = Counter()
        for line in self.lines if self.state in HOLDS_UNITS else ():
            for part in line.parts:
                units[line.shelf, part.ship_by, part.shard] += part.quantity
        return units

    @property
    def bought(self) -> Counter[Account]:
        """What its lines count for, while they are its own."""
        lines = self.lines if self.state in HOLDS_UNITS else ()
        return sum((line.bought for line in lines), Counter[Account]())


class Paid(Stored, frozen=True):
    """Money came: `amount` fen under the provider's id `payment`, told by the provider's event `event`.

    `allocation` holds the parts, line by line, that a late payment could take again; None where nothing is left.
    """

    event: str
    payment: str
    amount: int
    allocation: tuple[tuple[Part, ...], ...] | None = None


class HoldEnded(Stored, frozen=True):
    """Nobody has paid until the hold's end."""


class BuyerCancels(Stored, frozen=True):
    """The buyer does not want it any more."""

    letter: ClassVar[str] = "cancelled"


class SellerCancels(Stored, frozen=True):
    """The village cannot make it in time, and gives the money back."""

    letter: ClassVar[str] = "withdrawn"


class Postponed(Stored, frozen=True):
    """The village needs longer: `allocation` holds the parts, line by line, that the order gets instead of its own."""

    allocation: tuple[tuple[Part, ...], ...]


class LinkAsked(Stored, frozen=True):
    """The buyer has lost the way to the order, and wants it by mail."""


Cancels = BuyerCancels | SellerCancels
Event = Paid | HoldEnded | Cancels | Postponed | LinkAsked | Done | Failed
Rule = Callable[[Order, Any, datetime], Order]


def decide(order: Order, event: Event, now: datetime) -> Order:
    """What `event` makes of `order`: the same object where it changes nothing, else its next version."""
    rule = TRANSITIONS.get((order.state, type(event)))
    after = rule(order, event, now) if rule else order
    if after is order:
        return order
    return msgspec.structs.replace(after, version=order.version + 1)


def placed(order: Order, now: datetime) -> Order:
    """A new order, with the letter that tells its buyer."""
    return _notify(order, now, "placed")


def _enter(order: Order, state: State, now: datetime) -> Order:
    return msgspec.structs.replace(order, state=state, history=(*order.history, HistoryEntry(now, state)))


def _notify(order: Order, now: datetime, text: str) -> Order:
    return notify(order, now, text) if order.email else order


def _give_back(order: Order, payment: str, amount: int, now: datetime) -> Order:
    key = f"{order.number}-{len(order.refunds) + 1}"
    order = msgspec.structs.replace(order, refunds=(*order.refunds, Refund(key, payment, amount, now)))
    return intend(order, now, RefundPayment(key))


def _seen(order: Order, money: Paid) -> Order:
    return msgspec.structs.replace(order, events=(*order.events, money.event))


def _known(order: Order, money: Paid) -> bool:
    """Whether this money has been dealt with: by its event, or by another event of the same payment."""
    return (
        money.event in order.events
        or money.payment == order.payment
        or any(refund.payment == money.payment for refund in order.refunds)
    )


def _money_in_time(order: Order, money: Paid, now: datetime) -> Order:
    if _known(order, money):
        return order
    if money.amount != order.total:
        return _give_back(_seen(order, money), money.payment, money.amount, now)
    return _book(order, money, now)


def _book(order: Order, money: Paid, now: datetime) -> Order:
    order = msgspec.structs.replace(_seen(order, money), payment=money.payment)
    return _notify(_enter(order, State.PAID, now), now, "paid")


def _money_late(order: Order, money: Paid, now: datetime) -> Order:
    if _known(order, money) or money.amount != order.total or money.allocation is None:
        return _money_unwanted(order, money, now)
    return _book(_with_parts(order, money.allocation), money, now)


def _with_parts(order: Order, allocation: tuple[tuple[Part, ...], ...]) -> Order:
    lines = tuple(
        msgspec.structs.replace(line, parts=parts) for line, parts in zip(order.lines, allocation, strict=True)
    )
    return msgspec.structs.replace(order, lines=lines)


def _money_unwanted(order: Order, money: Paid, now: datetime) -> Order:
    if _known(order, money):
        return order
    return _give_back(_seen(order, money), money.payment, money.amount, now)


def _expire(order: Order, _: HoldEnded, now: datetime) -> Order:
    if now < order.hold_until:
        return order
    return intend(_enter(order, State.EXPIRED, now), now, ClosePayment(f"close-{order.version}"))


def _cancel_unpaid(order: Order, who: Cancels, now: datetime) -> Order:
    order = intend(_enter(order, State.CANCELLED, now), now, ClosePayment(f"close-{order.version}"))
    return _notify(order, now, who.letter)


def _cancel_paid(order: Order, who: Cancels, now: datetime) -> Order:
    assert order.payment is not None, "a paid order has a payment"  # noqa: S101 - for the type checker and the reader
    order = _give_back(_enter(order, State.CANCELLED, now), order.payment, order.total, now)
    return _notify(order, now, who.letter)


def _postpone(order: Order, news: Postponed, now: datetime) -> Order:
    later = msgspec.structs.replace(order, lines=tuple(map(_moved, order.lines, news.allocation)))
    if later.ship_by <= order.ship_by:
        return order
    first = order.first_ship_by or order.ship_by
    return _notify(msgspec.structs.replace(later, first_ship_by=first), now, "postponed")


def _moved(line: OrderLine, parts: tuple[Part, ...]) -> OrderLine:
    """With other parts; a drop has no later days, so its line is made up from the SKU's own batches then."""
    if parts == line.parts:
        return line
    line = msgspec.structs.replace(line, parts=parts)
    return msgspec.structs.replace(line, drop="", buyer="") if line.drop else line


def _send_link(order: Order, _: LinkAsked, now: datetime) -> Order:
    asked = any(isinstance(intent, Mail) and intent.text == "link" for intent in order.outbox)
    return order if asked else _notify(order, now, "link")


def _done(order: Order, done: Done, now: datetime) -> Order:
    if not any(intent.key == done.key for intent in order.outbox):
        return order
    refunds = _with_state(order, (done.key,), "done")
    repaid = refunds != order.refunds
    order = msgspec.structs.replace(struck_out(order, done), refunds=refunds)
    if not repaid:
        return order
    if order.state in (State.CANCELLED, State.EXPIRED) and all(refund.state == "done" for refund in refunds):
        order = _enter(order, State.REFUNDED, now)
    return _notify(order, now, "refunded")


def _failed(order: Order, failed: Failed, now: datetime) -> Order:
    if not order.outbox:
        return order
    return msgspec.structs.replace(retry_later(order, failed, now), refunds=_with_state(order, failed.keys, "failed"))


def _with_state(order: Order, keys: tuple[str, ...], state: str) -> tuple[Refund, ...]:
    return tuple(
        msgspec.structs.replace(refund, state=state) if refund.key in keys else refund for refund in order.refunds
    )


TRANSITIONS: dict[tuple[State, type[Event]], Rule] = {
    (State.AWAITING_PAYMENT, Paid): _money_in_time,
    (State.AWAITING_PAYMENT, HoldEnded): _expire,
    (State.AWAITING_PAYMENT, BuyerCancels): _cancel_unpaid,
    (State.AWAITING_PAYMENT, SellerCancels): _cancel_unpaid,
    (State.AWAITING_PAYMENT, Postponed): _postpone,
    (State.PAID, Paid): _money_unwanted,
    (State.PAID, BuyerCancels): _cancel_paid,
    (State.PAID, SellerCancels): _cancel_paid,
    (State.PAID, Postponed): _postpone,
    (State.EXPIRED, Paid): _money_late,
    (State.CANCELLED, Paid): _money_unwanted,
    (State.REFUNDED, Paid): _money_unwanted,
    **{(state, LinkAsked): _send_link for state in State},
    **{(state, Done): _done for state in State},
    **{(state, Failed): _failed for state in State},
}
