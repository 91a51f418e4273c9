"""What a question to the buyer, its answer, and silence make of an order. Pure rules, no I/O; transitions.py says when.

Nobody is moved without a yes: the promise changes by the buyer's own answer alone. What is offered is reserved with the
question, so that no yes comes to nothing. Who is silent until its end gets the money back. An order of which anything
is in a parcel is not asked; a question falls away once the order is packed, cancelled, or holds those units no more.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate

import msgspec

from chalicelib.domain.actor import BUYER, SCHEDULE, Actor
from chalicelib.domain.orders import money, shipping
from chalicelib.domain.orders.events import HoldEnded, QuestionAnswered, QuestionAsked
from chalicelib.domain.orders.model import Order, OrderLine, Refund, RefundLine, RefundReason, State
from chalicelib.domain.orders.parcels import GONE
from chalicelib.domain.orders.questions import Choice, Question
from chalicelib.domain.orders.refunds import left_of_lines, postage_left
from chalicelib.domain.orders.steps import enter, tell, untell
from chalicelib.domain.stock.promise import Part

# ---- What can be asked ----


def may_be_asked(order: Order) -> bool:
    """Return whether its buyer can be asked at all: it is paid, and nothing of it is in a parcel."""
    return order.state is State.PAID and all(parcel.state in GONE for parcel in order.parcels)


def held(order: Order, question: Question, line: int) -> int:
    """Return how many units of a line the question may be about: those that it holds, and that are not paid back.

    A drop has no later days, so its line moves whole or not at all: all of it, or 0.
    """
    parts = order.lines[line].parts
    units = sum(part.quantity for part in parts if question.concerns(part))
    left = left_of_lines(order)[line]
    if order.lines[line].drop:
        whole = sum(part.quantity for part in parts)
        return units if units == whole == left else 0
    return min(units, left)


def money_back(order: Order, question: Question) -> list[int]:
    """Return what goes back, in fen, where the buyer takes 0, 1, … of the units now, up to as many as may be."""
    return [_refund(order, _given(question, keep)).amount for keep in range(question.most_kept + 1)]


# ---- Events ----


def asked(order: Order, event: QuestionAsked, now: datetime) -> Order:
    """Ask the buyer, once the same, and tell them; what the question reserves is the order's until they answer."""
    question = event.question
    if not may_be_asked(order) or any(one.is_same(question) for one in order.questions):
        return order
    if not question.lines or any(held(order, question, one.line) < one.quantity for one in question.lines):
        return order
    return tell(msgspec.structs.replace(order, questions=(*order.questions, question)), now, "asked")


def answered(order: Order, event: QuestionAnswered, now: datetime) -> Order:
    """Do what the buyer chooses; what was not offered changes nothing."""
    question = order.questions[event.question] if event.question < len(order.questions) else None
    if question is None or not question.is_open:
        return order
    if event.choice is Choice.LATER:
        return _moved(order, question, now) if question.later else order
    if event.choice is Choice.PART:
        may = 0 < event.keep <= question.most_kept
        return _paid_back(order, question, event.choice, now, event.keep) if may else order
    return _paid_back(order, question, event.choice, now) if event.choice is Choice.MONEY else order


def passed_over(order: Order, _: HoldEnded, now: datetime) -> Order:
    """Pay back what was asked about and not answered in time."""
    over = next((one for one in order.open_questions if one.until <= now), None)
    return _paid_back(order, over, Choice.SILENCE, now) if over else order


def without_moot(order: Order, now: datetime) -> Order:
    """Return the order without open questions that came to nothing by what happened to it: the same where none did."""
    moot = [one for one in order.questions if one.is_open and not _stands(order, one)]
    for one in moot:
        order = _closed(order, one, Choice.OFF, now)
    return order


def _stands(order: Order, question: Question) -> bool:
    return may_be_asked(order) and all(held(order, question, one.line) >= one.quantity for one in question.lines)


# ---- Steps ----


def with_parts(line: OrderLine, parts: tuple[Part, ...]) -> OrderLine:
    """Return the line with other parts. A drop has no later days, so its line gets units of the SKU's own batches then,
    and counts against the drop's limit no longer.
    """
    if parts == line.parts:
        return line
    line = msgspec.structs.replace(line, parts=parts)
    return msgspec.structs.replace(line, drop="", buyer="", limit=0) if line.drop else line


def _closed(order: Order, question: Question, choice: Choice, now: datetime) -> Order:
    """The order with the question answered; a letter that would only now tell of it is not sent any more."""
    over = msgspec.structs.replace(question, choice=choice, answered=now)
    after = msgspec.structs.replace(
        order, questions=tuple(over if one.is_same(question) else one for one in order.questions)
    )
    return after if any(one.is_open for one in after.questions) else untell(after, "asked")


def _moved(order: Order, question: Question, now: datetime) -> Order:
    """The order with what was reserved in place of what is not made; all of it ships by the later day."""
    lines = [*order.lines]
    for one in question.lines:
        kept, _ = _split(lines[one.line], question, one.quantity)
        lines[one.line] = with_parts(lines[one.line], (*kept, *one.later))
    first = order.first_ship_by or order.ship_by
    after = msgspec.structs.replace(_closed(order, question, Choice.LATER, now), lines=tuple(lines))
    if after.ship_by > order.ship_by:
        after = msgspec.structs.replace(after, first_ship_by=first)
    return tell(shipping.relabelled(after), now, "postponed")


def _paid_back(order: Order, question: Question, choice: Choice, now: datetime, keep: int = 0) -> Order:
    """The order without what was given up, which is paid back; where nothing else is left of it, it is cancelled."""
    by: Actor = SCHEDULE if choice is Choice.SILENCE else BUYER
    given = _given(question, keep)
    refund = msgspec.structs.replace(_refund(order, given), by=by)
    lines = [*order.lines]
    for line, units in given.items():
        kept, gone = _split(lines[line], question, units)
        lines[line] = msgspec.structs.replace(lines[line], parts=kept, given_up=(*lines[line].given_up, *gone))
    after = _closed(order, question, choice, now)
    if _is_all(order, given) or not refund.amount:
        return tell(money.give_back_rest(enter(after, State.CANCELLED, now, by), now), now, "withdrawn")
    after = money.give_back(msgspec.structs.replace(after, lines=tuple(lines)), refund, now)
    return tell(shipping.stands(shipping.relabelled(after), now, by), now, "short")


def _given(question: Question, keep: int) -> Mapping[int, int]:
    """How many units of each line are given up where so many are kept: those of the first lines are."""
    before = [0, *accumulate(one.quantity for one in question.lines)]
    kept = [min(max(keep - first, 0), one.quantity) for first, one in zip(before, question.lines, strict=False)]
    return {one.line: one.quantity - some for one, some in zip(question.lines, kept, strict=True)}


def _is_all(order: Order, given: Mapping[int, int]) -> bool:
    return all(left <= given.get(index, 0) for index, left in enumerate(left_of_lines(order)))


def _refund(order: Order, given: Mapping[int, int]) -> Refund:
    """What goes back for these units: their price, and the postage where nothing else is to be sent."""
    lines = tuple(RefundLine(index, units) for index, units in sorted(given.items()) if units)
    postage = postage_left(order) if _is_all(order, given) else 0
    price = sum(order.lines[one.line].unit_price * one.quantity for one in lines) + postage
    amount = order.refundable if _is_all(order, given) else min(price, order.refundable)
    return Refund(
        "",
        order.payment or "",
        amount,
        order.placed,
        reason=RefundReason.SHORT,
        reference=order.reference,
        lines=lines,
        postage=postage,
    )


def _split(line: OrderLine, question: Question, units: int) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The line's parts without so many units that the question concerns, and these."""
    kept: list[Part] = []
    gone: list[Part] = []
    for part in line.parts:
        taken = min(units, part.quantity) if question.concerns(part) else 0
        units -= taken
        if taken:
            gone.append(msgspec.structs.replace(part, quantity=taken))
        if part.quantity > taken:
            kept.append(msgspec.structs.replace(part, quantity=part.quantity - taken))
    return tuple(kept), tuple(gone)
