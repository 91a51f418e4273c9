"""What each event makes of an order in each state. Pure rules, no I/O.

**To add a state or an event, add it to `State` (model.py) or to the events (events.py), and a line to `TRANSITIONS`.**
tests/functions/domain/orders/test_new_state.py names what else must know of it. An event that has no line in the state
that it meets changes nothing. What must happen elsewhere is an intent in the order's outbox (aggregate.py).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.actor import BUYER
from chalicelib.domain.aftersales import settling
from chalicelib.domain.aggregate import Done, Failed, Message, Sms, notify, retry_later, struck_out
from chalicelib.domain.desk import writing
from chalicelib.domain.orders import answers, lots, money, shipping
from chalicelib.domain.orders.events import (
    AddressChanged,
    AttemptBegun,
    AttemptEnded,
    AttemptReady,
    BuyerCancels,
    CameBack,
    Cancels,
    ClaimDeclined,
    ClaimMade,
    ClaimReplaced,
    ClaimSettled,
    Disputed,
    EmailCorrected,
    Event,
    Expunged,
    ForgetAsked,
    HandedOver,
    HoldEnded,
    LabelPulled,
    LegalHoldSet,
    LinkAsked,
    Looked,
    Noted,
    NumberSet,
    Packed,
    Paid,
    Postponed,
    Printed,
    QuestionAnswered,
    QuestionAsked,
    Recalled,
    RecallLifted,
    Received,
    RefundAsked,
    RefundTold,
    SellerCancels,
    SentAgain,
    TakenBack,
    Tracked,
    Unpacked,
    Wrote,
)
from chalicelib.domain.orders.model import SOLD, TO_BE_PACKED, Order, State
from chalicelib.domain.orders.parcels import GONE, HERE
from chalicelib.domain.orders.steps import enter, tell
from chalicelib.domain.voices import forgetting

Rule = Callable[[Order, Any, datetime], Order]


def decide(order: Order, event: Event, now: datetime) -> Order:
    """Return what `event` makes of `order`: the same object where it changes nothing, else its next version.

    Events may come twice, late, or out of order: a pair of state and event without a rule changes nothing.
    """
    rule = TRANSITIONS.get((order.state, type(event)))
    after = rule(order, event, now) if rule else order
    if after is order:
        return order
    after = answers.without_moot(shipping.noted(after, event, now), now)
    return msgspec.structs.replace(after, version=order.version + 1)


def placed(order: Order, now: datetime) -> Order:
    """Return a new order with the first entry of its history, and the letter that tells its buyer."""
    return tell(enter(order, State.AWAITING_PAYMENT, now, BUYER), now, "placed")


def _cancel_unpaid(order: Order, who: Cancels, now: datetime) -> Order:
    return tell(money.closed(enter(order, State.CANCELLED, now, who.by), now), now, who.letter)


def _cancel_paid(order: Order, who: Cancels, now: datetime) -> Order:
    """Buyers cancel while nothing is packed, the village while nothing has left."""
    states = {parcel.state for parcel in order.parcels} - GONE
    if states - (HERE if isinstance(who, SellerCancels) else set()):
        return order
    return tell(money.give_back_rest(enter(order, State.CANCELLED, now, who.by), now), now, who.letter)


def _postpone(order: Order, news: Postponed, now: datetime) -> Order:
    later = msgspec.structs.replace(order, lines=tuple(map(answers.with_parts, order.lines, news.allocation)))
    if later.ship_by <= order.ship_by:  # postponing moves the promise later, never earlier
        return order
    first = order.first_ship_by or order.ship_by
    return tell(msgspec.structs.replace(later, first_ship_by=first), now, "postponed")


def _send_link(order: Order, asked: LinkAsked, now: datetime) -> Order:
    # Asked again before the first one went out, or by somebody who only knows the phone: one is enough.
    if any(isinstance(intent, Message) and intent.text == "link" for intent in order.outbox):
        return order
    return notify(order, now, "link", Sms) if asked.sms else tell(order, now, "link")


def _done(order: Order, done: Done, now: datetime) -> Order:
    return writing.sent(struck_out(order, done), done, now)


def _failed(order: Order, failed: Failed, now: datetime) -> Order:
    return retry_later(order, failed, now)


OVER = frozenset({State.CANCELLED, State.REFUNDED})
TRANSITIONS: dict[tuple[State, type[Event]], Rule] = {
    (State.AWAITING_PAYMENT, Paid): money.money_in_time,
    (State.AWAITING_PAYMENT, HoldEnded): money.expire,
    (State.AWAITING_PAYMENT, BuyerCancels): _cancel_unpaid,
    (State.AWAITING_PAYMENT, SellerCancels): _cancel_unpaid,
    (State.AWAITING_PAYMENT, Postponed): _postpone,
    (State.AWAITING_PAYMENT, AttemptBegun): money.attempt_begun,
    (State.PAID, BuyerCancels): _cancel_paid,
    (State.PAID, SellerCancels): _cancel_paid,
    (State.PACKED, SellerCancels): _cancel_paid,
    (State.PAID, Postponed): _postpone,
    (State.EXPIRED, Paid): money.money_late,
    (State.CANCELLED, Paid): money.money_unwanted,
    (State.REFUNDED, Paid): money.money_unwanted,
    **{(state, Paid): money.money_again for state in SOLD},
    **{(state, RefundAsked): money.refund_asked for state in SOLD},
    **{(state, ClaimMade): settling.claimed for state in SOLD},
    **{(state, ClaimSettled): settling.settled for state in SOLD},
    **{(state, ClaimReplaced): settling.replaced for state in SOLD},
    **{(state, ClaimDeclined): settling.declined for state in SOLD},
    **{(state, Printed): shipping.printed for state in TO_BE_PACKED},
    (State.PAID, AddressChanged): shipping.address_changed,
    (State.PAID, Packed): shipping.packed,
    **{(state, HandedOver): shipping.handed_over for state in TO_BE_PACKED},
    **{(state, TakenBack): shipping.taken_back for state in TO_BE_PACKED | {State.SHIPPED}},
    **{(state, NumberSet): shipping.number_set for state in SOLD},
    **{(state, Tracked): shipping.tracked for state in SOLD},
    **{(state, Recalled): lots.recalled for state in SOLD},
    **{(state, RecallLifted): lots.recall_lifted for state in State},
    (State.PAID, QuestionAsked): answers.asked,
    (State.PAID, QuestionAnswered): answers.answered,
    (State.PAID, HoldEnded): answers.passed_over,
    (State.SHIPPED, Looked): shipping.looked,
    (State.SHIPPED, HoldEnded): shipping.way_ended,
    (State.SHIPPED, Received): shipping.received,
    **{(state, CameBack): shipping.came_back for state in SOLD},
    **{(state, SentAgain): shipping.sent_again for state in SOLD},
    # Of an order that is over, a label may still lie in a heap, and a parcel on the bench.
    **{(state, LabelPulled): shipping.label_pulled for state in OVER},
    **{(state, Unpacked): shipping.unpacked for state in TO_BE_PACKED | OVER},
    **{(state, AttemptReady): money.attempt_ready for state in State},
    **{(state, AttemptEnded): money.attempt_ended for state in State},
    **{(state, RefundTold): money.refund_told for state in State},
    **{(state, Disputed): money.disputed for state in State},
    **{(state, EmailCorrected): forgetting.email_corrected for state in State},
    **{(state, ForgetAsked): forgetting.forget_asked for state in State},
    **{(state, Expunged): forgetting.expunged for state in State},
    **{(state, LegalHoldSet): forgetting.hold_set for state in State},
    **{(state, LinkAsked): _send_link for state in State},
    **{(state, Noted): writing.noted for state in State},
    **{(state, Wrote): writing.wrote for state in State},
    **{(state, Done): _done for state in State},
    **{(state, Failed): _failed for state in State},
}
