"""What attempts to pay, money, refunds and disputes make of an order. Pure rules, no I/O; transitions.py says when.

Money comes twice, late, out of order, and by attempts that were left; refunds are asked for, and are done when the
provider says so.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from chalicelib.domain.actor import SCHEDULE, provider
from chalicelib.domain.aggregate import (
    ClosePayment,
    Done,
    RefundPayment,
    TellManager,
    intend,
    look_again,
    notify,
    struck_out,
)
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders import shipping
from chalicelib.domain.orders.events import (
    AttemptBegun,
    AttemptEnded,
    AttemptReady,
    Disputed,
    HoldEnded,
    Paid,
    RefundAsked,
    RefundTold,
)
from chalicelib.domain.orders.model import (
    REFUND_ENDED,
    DisputeEntry,
    Order,
    Refund,
    RefundReason,
    RefundState,
    State,
)
from chalicelib.domain.orders.steps import enter, tell
from chalicelib.domain.payments.attempts import Attempt, AttemptState
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.stock.promise import Part

# ---- Attempts ----


def attempt_begun(order: Order, begun: AttemptBegun, now: datetime) -> Order:
    """Enter the attempt, and leave all others: a provider takes no second channel under one reference."""
    if begun.attempt.n != len(order.attempts) + 1:
        return order  # somebody else has begun meanwhile
    order = _left(order, now)
    return msgspec.structs.replace(order, attempts=(*order.attempts, begun.attempt))


def attempt_ready(order: Order, ready: AttemptReady, now: datetime) -> Order:
    """Keep what the provider has given; close it again where the attempt was left before the answer came."""
    attempt = next((one for one in order.attempts if one.n == ready.n), None)
    if attempt is None or attempt.state is AttemptState.PAID or attempt.until == ready.until:
        return order
    changed = msgspec.structs.replace(attempt, handle=ready.handle, until=ready.until)
    order = msgspec.structs.replace(
        order, attempts=tuple(changed if one.n == ready.n else one for one in order.attempts)
    )
    return order if attempt.state is AttemptState.OPEN else intend(order, now, _close(order, ready.n))


def attempt_ended(order: Order, ended: AttemptEnded, _: datetime) -> Order:
    """Offer the attempt no more."""
    return _marked(order, lambda n: n == ended.n, AttemptState.CLOSED)


def _marked(order: Order, which: Callable[[int], bool], state: AttemptState) -> Order:
    attempts = tuple(
        msgspec.structs.replace(one, state=state) if one.state is AttemptState.OPEN and which(one.n) else one
        for one in order.attempts
    )
    return order if attempts == order.attempts else msgspec.structs.replace(order, attempts=attempts)


def _left(order: Order, now: datetime) -> Order:
    """Leave all attempts that are open, and have them closed."""
    opened = order.open_attempts
    if not opened:
        return order
    order = _marked(order, lambda _: True, AttemptState.CLOSED)
    return intend(order, now, *(_close(order, attempt.n) for attempt in opened))


def _close(order: Order, n: int) -> ClosePayment:
    return ClosePayment(f"close-{order.version}-{n}", attempt=n)


def closed(order: Order, now: datetime) -> Order:
    """Take no more payment for the order."""
    if order.attempts:
        return _left(order, now)
    return intend(order, now, ClosePayment(f"close-{order.version}"))


# ---- Money ----


def money_in_time(order: Order, money: Paid, now: datetime) -> Order:
    """Book it while the order holds its units."""
    if _known(order, money):
        return order
    if money.amount != order.total:  # too little or too much is not what was agreed: it goes back, and the hold stays
        return _return(order, money, now, RefundReason.AMOUNT)
    if now >= order.hold_until and village_day(now) > order.ship_by:  # its hold has ended, and no sweep has seen it yet
        return _return(expire(order, HoldEnded(), now), money, now, RefundReason.DATE)
    return _book(order, money, now)


def money_late(order: Order, money: Paid, now: datetime) -> Order:
    """Take units again only where they keep the date: nobody has agreed to a later one, so else the money goes back."""
    if _known(order, money):
        return order
    if money.amount != order.total:
        return _return(order, money, now, RefundReason.AMOUNT)
    if order.person.gone:  # nobody knows any more where it would go
        return _return(order, money, now, RefundReason.OVER)
    again = _with_parts(order, money.allocation) if money.allocation else None
    if again is None or again.ship_by > order.ship_by:
        return _return(order, money, now, money.refusal)
    return _book(again, money, now)


def money_again(order: Order, money: Paid, now: datetime) -> Order:
    """Give back what was paid beside the payment that paid the order."""
    return order if _known(order, money) else _return(order, money, now, RefundReason.AGAIN)


def money_unwanted(order: Order, money: Paid, now: datetime) -> Order:
    """Give back what was paid for an order that is over."""
    return order if _known(order, money) else _return(order, money, now, RefundReason.OVER)


def _known(order: Order, money: Paid) -> bool:
    """Return whether this money was dealt with: by this event, or by another event of the same payment.

    Providers repeat an event until it is answered, and may tell of one payment by several events.
    """
    return (
        money.event in order.events
        or money.payment == order.payment
        or any(refund.payment == money.payment for refund in order.refunds)
    )


def _seen(order: Order, money: Paid) -> Order:
    if attempt := _attempt_of(order, money):
        order = _marked(order, lambda n: n == attempt.n, AttemptState.PAID)
    return msgspec.structs.replace(order, events=(*order.events, money.event))


def _attempt_of(order: Order, money: Paid) -> Attempt | None:
    """The attempt that the money came by; none where its reference is another order's, or another provider's."""
    attempt = order.attempt_of(money.reference)
    return attempt if attempt and money.provider in ("", attempt.channel.provider) else None


def _book(order: Order, money: Paid, now: datetime) -> Order:
    paid_by = money.provider or order.provider
    order = msgspec.structs.replace(
        _seen(order, money), payment=money.payment, reference=money.reference, provider=paid_by
    )
    return tell(enter(_left(order, now), State.PAID, now, provider(paid_by)), now, "paid")


def _with_parts(order: Order, allocation: tuple[tuple[Part, ...], ...]) -> Order:
    lines = tuple(
        msgspec.structs.replace(line, parts=parts) for line, parts in zip(order.lines, allocation, strict=True)
    )
    return msgspec.structs.replace(order, lines=lines)


def expire(order: Order, _: HoldEnded, now: datetime) -> Order:
    """End the hold, once its time is over."""
    if now < order.hold_until:
        return order
    return closed(enter(order, State.EXPIRED, now, SCHEDULE), now)


# ---- Refunds ----


def _return(order: Order, money: Paid, now: datetime, reason: RefundReason) -> Order:
    """Give back all of a payment that the order has no use for."""
    paid = money.amount if money.amount != order.total else 0
    back = Refund("", money.payment, money.amount, now, reason=reason, reference=money.reference, paid=paid)
    if _attempt_of(order, money) is None:  # the reference does not say whose it was
        back = msgspec.structs.replace(back, provider=money.provider)
    return give_back(_seen(order, money), back, now)


def give_back(order: Order, refund: Refund, now: datetime) -> Order:
    """Have money go back, under a key of its own."""
    key = f"{order.number}-{len(order.refunds) + 1}"
    refund = msgspec.structs.replace(refund, key=key, at=now)
    return intend(msgspec.structs.replace(order, refunds=(*order.refunds, refund)), now, RefundPayment(key))


def give_back_rest(order: Order, now: datetime) -> Order:
    """Have all go back that is left of the payment; where nothing is, the order is refunded.

    An order that was not paid, since it replaces what was claimed, has nothing to give back.
    """
    if order.payment is None:
        return order
    if not order.refundable:
        return _refunded(order, now)
    reason = RefundReason.CANCELLED
    back = Refund("", order.payment, order.refundable, now, reason=reason, reference=order.reference)
    return give_back(order, back, now)


def refund_asked(order: Order, asked: RefundAsked, now: datetime) -> Order:
    """Give some of it back for the village: once a request, and never more than is left."""
    refund = asked.refund
    if any(one.request == refund.request for one in order.refunds) or not 0 < refund.amount <= order.refundable:
        return order
    order = give_back(order, refund, now)
    if not refund.lines:
        return order
    # What is paid back need not be packed: labels that say so are old, and it may be that the rest is all in parcels.
    order = shipping.relabelled(order)
    if refund.reason is not RefundReason.SHORT:
        return shipping.stands(order, now, refund.by)
    order = shipping.without(order, refund.lines)
    if shipping.is_all_missing(order):
        return tell(give_back_rest(enter(order, State.CANCELLED, now, refund.by), now), now, "withdrawn")
    return tell(shipping.stands(order, now, refund.by), now, "short")


def refund_told(order: Order, told: RefundTold, now: datetime) -> Order:
    """Enter how a refund goes: news may come twice, and older news after newer."""
    refund = next((one for one in order.refunds if one.key == told.key), None)
    if refund is None:
        return _made_elsewhere(order, told, now)
    order = _asked_of(order, told, now)
    before = refund.state
    old = told.state is RefundState.ASKED and before in REFUND_ENDED
    old = old or (told.state is RefundState.HAND and before is RefundState.DONE)
    old = old or before is RefundState.FAILED  # nothing follows that: what says otherwise was said before
    if before is told.state or old:
        return order
    changed = msgspec.structs.replace(refund, state=told.state, id=told.id or refund.id)
    refunds = tuple(changed if one.key == told.key else one for one in order.refunds)
    order = msgspec.structs.replace(order, refunds=refunds)
    if told.state is RefundState.DONE:
        return tell(_refunded(order, now), now, "refunded")
    return order if told.state is RefundState.ASKED else notify(order, now, "hand", TellManager)


def _asked_of(order: Order, told: RefundTold, now: datetime) -> Order:
    """The provider need not be asked again where it has said the last; else it is, after a while."""
    if told.state in REFUND_ENDED:
        return struck_out(order, Done(told.key))
    known = any(one.key == told.key and one.state is told.state for one in order.refunds)
    if known and order.retry_at and now < order.retry_at:
        return order  # told again meanwhile
    return look_again(order, now) if any(intent.key == told.key for intent in order.outbox) else order


def _made_elsewhere(order: Order, told: RefundTold, now: datetime) -> Order:
    """Keep a refund that was made in the provider's own console: it counts against what is left of its payment."""
    mine = [one for one in order.refunds if one.payment == told.payment]
    if told.payment != order.payment and not mine:
        return order  # it is of no payment that the order knows
    if told.state is RefundState.FAILED or not told.key:
        return order
    given = sum(one.amount for one in mine if one.state is not RefundState.FAILED)
    amount = told.amount or told.so_far - given
    if amount <= 0:
        return order
    reference, paid_by = order.reference, ""
    if told.payment != order.payment:
        reference, paid_by = mine[0].reference, mine[0].provider
    back = Refund(
        key=told.key,
        payment=told.payment,
        amount=amount,
        at=now,
        state=told.state,
        reason=RefundReason.CONSOLE,
        reference=reference,
        id=told.id,
        provider=paid_by,
    )
    order = msgspec.structs.replace(order, refunds=(*order.refunds, back))
    return _refunded(order, now) if told.state is RefundState.DONE else order


def _refunded(order: Order, now: datetime) -> Order:
    """Enter `refunded` where the order is over and all that has come has gone back.

    Of a refund that failed nothing has: so it is enough that others have brought the same back.
    """
    over = order.state in (State.CANCELLED, State.EXPIRED)
    came = {refund.payment for refund in order.refunds} | ({order.payment} if order.payment is not None else set())
    ended = all(one.state in (RefundState.DONE, RefundState.FAILED) for one in order.refunds)
    if over and ended and all(order.left_of(payment) <= 0 for payment in came):
        return enter(order, State.REFUNDED, now, provider(order.provider))
    return order


def disputed(order: Order, news: Disputed, now: datetime) -> Order:
    """Keep what the buyer's bank claims: it moves no units, and is decided by people."""
    entry = DisputeEntry(news.dispute, news.amount, news.state, now, news.reason)
    before = next((one for one in order.disputes if one.dispute == news.dispute), None)
    if before and (before.state is news.state or before.state is not DisputeState.OPEN):
        return order
    others = tuple(one for one in order.disputes if one is not before)
    return notify(msgspec.structs.replace(order, disputes=(*others, entry)), now, "dispute", TellManager)
