"""What each event makes of an order in each state. Pure rules, no I/O.

**To add a state or an event, add it to `State` (model.py) or to the events (events.py), and a line to `TRANSITIONS`.**
tests/functions/domain/orders/test_new_state.py names what else must know of it. An event that has no line in the state
that it meets changes nothing. What must happen elsewhere is an intent in the order's outbox (aggregate.py).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.actor import BUYER, SCHEDULE, Actor, provider
from chalicelib.domain.aggregate import (
    ClosePayment,
    Done,
    Failed,
    Mail,
    RefundPayment,
    intend,
    notify,
    retry_later,
    struck_out,
)
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.events import (
    BuyerCancels,
    Cancels,
    Event,
    HoldEnded,
    LinkAsked,
    Paid,
    Postponed,
    SellerCancels,
)
from chalicelib.domain.orders.model import HistoryEntry, Order, OrderLine, Refund, RefundReason, RefundState, State
from chalicelib.domain.stock.promise import Part

Rule = Callable[[Order, Any, datetime], Order]


def decide(order: Order, event: Event, now: datetime) -> Order:
    """Return what `event` makes of `order`: the same object where it changes nothing, else its next version.

    Events may come twice, late, or out of order: a pair of state and event without a rule changes nothing.
    """
    rule = TRANSITIONS.get((order.state, type(event)))
    after = rule(order, event, now) if rule else order
    if after is order:
        return order
    return msgspec.structs.replace(after, version=order.version + 1)


def placed(order: Order, now: datetime) -> Order:
    """Return a new order with the first entry of its history, and the letter that tells its buyer."""
    return _notify(_enter(order, State.AWAITING_PAYMENT, now, BUYER), now, "placed")


def _enter(order: Order, state: State, now: datetime, by: Actor) -> Order:
    return msgspec.structs.replace(order, state=state, history=(*order.history, HistoryEntry(now, state, by)))


def _notify(order: Order, now: datetime, text: str) -> Order:
    return notify(order, now, text) if order.email else order


def _give_back(order: Order, payment: str, amount: int, now: datetime, reason: RefundReason) -> Order:
    key = f"{order.number}-{len(order.refunds) + 1}"
    refund = Refund(key, payment, amount, now, reason=reason)
    return intend(msgspec.structs.replace(order, refunds=(*order.refunds, refund)), now, RefundPayment(key))


def _return(order: Order, money: Paid, now: datetime, reason: RefundReason) -> Order:
    return _give_back(_seen(order, money), money.payment, money.amount, now, reason)


def _seen(order: Order, money: Paid) -> Order:
    return msgspec.structs.replace(order, events=(*order.events, money.event))


def _known(order: Order, money: Paid) -> bool:
    """Return whether this money was dealt with: by this event, or by another event of the same payment.

    Providers repeat an event until it is answered, and may tell of one payment by several events.
    """
    return (
        money.event in order.events
        or money.payment == order.payment
        or any(refund.payment == money.payment for refund in order.refunds)
    )


def _money_in_time(order: Order, money: Paid, now: datetime) -> Order:
    if _known(order, money):
        return order
    if money.amount != order.total:  # too little or too much is not what was agreed: it goes back, and the hold stays
        return _return(order, money, now, RefundReason.AMOUNT)
    if now >= order.hold_until and village_day(now) > order.ship_by:  # its hold has ended, and no sweep has seen it yet
        return _return(_expire(order, HoldEnded(), now), money, now, RefundReason.DATE)
    return _book(order, money, now)


def _book(order: Order, money: Paid, now: datetime) -> Order:
    order = msgspec.structs.replace(_seen(order, money), payment=money.payment)
    return _notify(_enter(order, State.PAID, now, provider(order.provider)), now, "paid")


def _money_late(order: Order, money: Paid, now: datetime) -> Order:
    """Take units again only where they keep the date: nobody has agreed to a later one, so else the money goes back."""
    if _known(order, money):
        return order
    if money.amount != order.total:
        return _return(order, money, now, RefundReason.AMOUNT)
    again = _with_parts(order, money.allocation) if money.allocation else None
    if again is None or again.ship_by > order.ship_by:
        return _return(order, money, now, money.refusal)
    return _book(again, money, now)


def _with_parts(order: Order, allocation: tuple[tuple[Part, ...], ...]) -> Order:
    lines = tuple(
        msgspec.structs.replace(line, parts=parts) for line, parts in zip(order.lines, allocation, strict=True)
    )
    return msgspec.structs.replace(order, lines=lines)


def _money_again(order: Order, money: Paid, now: datetime) -> Order:
    return order if _known(order, money) else _return(order, money, now, RefundReason.AGAIN)


def _money_unwanted(order: Order, money: Paid, now: datetime) -> Order:
    return order if _known(order, money) else _return(order, money, now, RefundReason.OVER)


def _expire(order: Order, _: HoldEnded, now: datetime) -> Order:
    if now < order.hold_until:
        return order
    return intend(_enter(order, State.EXPIRED, now, SCHEDULE), now, ClosePayment(f"close-{order.version}"))


def _cancel_unpaid(order: Order, who: Cancels, now: datetime) -> Order:
    order = intend(_enter(order, State.CANCELLED, now, who.by), now, ClosePayment(f"close-{order.version}"))
    return _notify(order, now, who.letter)


def _cancel_paid(order: Order, who: Cancels, now: datetime) -> Order:
    payment = order.payment
    assert payment is not None, "a paid order has a payment"  # noqa: S101 - for the type checker and the reader
    order = _enter(order, State.CANCELLED, now, who.by)
    order = _give_back(order, payment, order.total, now, RefundReason.CANCELLED)
    return _notify(order, now, who.letter)


def _postpone(order: Order, news: Postponed, now: datetime) -> Order:
    later = msgspec.structs.replace(order, lines=tuple(map(_moved, order.lines, news.allocation)))
    if later.ship_by <= order.ship_by:  # postponing moves the promise later, never earlier
        return order
    first = order.first_ship_by or order.ship_by
    return _notify(msgspec.structs.replace(later, first_ship_by=first), now, "postponed")


def _moved(line: OrderLine, parts: tuple[Part, ...]) -> OrderLine:
    """Return the line with other parts. A drop has no later days, so its line gets units of the SKU's own batches then,
    and counts against the drop's limit no longer.
    """
    if parts == line.parts:
        return line
    line = msgspec.structs.replace(line, parts=parts)
    return msgspec.structs.replace(line, drop="", buyer="", limit=0) if line.drop else line


def _send_link(order: Order, _: LinkAsked, now: datetime) -> Order:
    # Asked again before the first letter went out, or by somebody who only knows the phone: one letter is enough.
    asked = any(isinstance(intent, Mail) and intent.text == "link" for intent in order.outbox)
    return order if asked else _notify(order, now, "link")


def _done(order: Order, done: Done, now: datetime) -> Order:
    if not any(intent.key == done.key for intent in order.outbox):
        return order  # somebody else has performed it and struck it out
    refunds = _with_state(order, (done.key,), RefundState.DONE)
    repaid = refunds != order.refunds
    order = msgspec.structs.replace(struck_out(order, done), refunds=refunds)
    if not repaid:
        return order
    if order.state in (State.CANCELLED, State.EXPIRED) and all(refund.state is RefundState.DONE for refund in refunds):
        order = _enter(order, State.REFUNDED, now, provider(order.provider))
    return _notify(order, now, "refunded")


def _failed(order: Order, failed: Failed, now: datetime) -> Order:
    if not order.outbox:
        return order
    return msgspec.structs.replace(
        retry_later(order, failed, now), refunds=_with_state(order, failed.keys, RefundState.FAILED)
    )


def _with_state(order: Order, keys: tuple[str, ...], state: RefundState) -> tuple[Refund, ...]:
    return tuple(
        msgspec.structs.replace(refund, state=state) if refund.key in keys else refund for refund in order.refunds
    )


TRANSITIONS: dict[tuple[State, type[Event]], Rule] = {
    (State.AWAITING_PAYMENT, Paid): _money_in_time,
    (State.AWAITING_PAYMENT, HoldEnded): _expire,
    (State.AWAITING_PAYMENT, BuyerCancels): _cancel_unpaid,
    (State.AWAITING_PAYMENT, SellerCancels): _cancel_unpaid,
    (State.AWAITING_PAYMENT, Postponed): _postpone,
    (State.PAID, Paid): _money_again,
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
