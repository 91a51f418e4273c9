"""The order's life, by tables: what each event makes of each state, and what it asks for elsewhere."""

from datetime import timedelta
from itertools import permutations

import msgspec
import pytest
from chalicelib.domain.actor import BUYER, device
from chalicelib.domain.aggregate import ClosePayment, Done, Failed, Mail, RefundPayment, Sms, TellManager
from chalicelib.domain.orders.events import (
    AttemptBegun,
    AttemptEnded,
    BuyerCancels,
    Disputed,
    Event,
    HoldEnded,
    LinkAsked,
    Paid,
    Postponed,
    RefundTold,
    SellerCancels,
)
from chalicelib.domain.orders.model import HistoryEntry, Order, Refund, RefundReason, RefundState, State
from chalicelib.domain.orders.transitions import decide, placed
from chalicelib.domain.payments.attempts import Attempt, Channel
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.stock.promise import Part

from tests.functions.helpers.world import JAR, NOON, day, make_order

LATE = NOON + timedelta(seconds=930)
MONEY = Paid("event-1", "payment-1", 5980)
AGAIN = msgspec.structs.replace(MONEY, allocation=((Part(day(1), 0, 2),),))
LATER = msgspec.structs.replace(MONEY, allocation=((Part(day(2), 0, 1), Part(day(3), 0, 1)),))


def told(refund: Refund, state: RefundState = RefundState.DONE) -> RefundTold:
    """The provider's news of a refund."""
    return RefundTold(refund.key, state)


@pytest.mark.parametrize(
    ("state", "event", "becomes"),
    [
        (State.AWAITING_PAYMENT, MONEY, State.PAID),
        (State.AWAITING_PAYMENT, HoldEnded(), State.EXPIRED),
        (State.AWAITING_PAYMENT, BuyerCancels(), State.CANCELLED),
        (State.AWAITING_PAYMENT, SellerCancels(), State.CANCELLED),
        (State.PAID, BuyerCancels(), State.CANCELLED),
        (State.PAID, SellerCancels(), State.CANCELLED),
        (State.PAID, HoldEnded(), State.PAID),
        (State.PAID, MONEY, State.PAID),
        (State.EXPIRED, AGAIN, State.PAID),
        (State.EXPIRED, MONEY, State.EXPIRED),
        (State.EXPIRED, LATER, State.EXPIRED),
        (State.EXPIRED, BuyerCancels(), State.EXPIRED),
        (State.EXPIRED, SellerCancels(), State.EXPIRED),
        (State.EXPIRED, HoldEnded(), State.EXPIRED),
        (State.CANCELLED, AGAIN, State.CANCELLED),
        (State.CANCELLED, BuyerCancels(), State.CANCELLED),
        (State.CANCELLED, SellerCancels(), State.CANCELLED),
        (State.REFUNDED, AGAIN, State.REFUNDED),
        (State.REFUNDED, BuyerCancels(), State.REFUNDED),
        (State.REFUNDED, SellerCancels(), State.REFUNDED),
    ],
)
def test_an_event_leads_to(state: State, event: Event, becomes: State) -> None:
    after = decide(make_order(state), event, LATE)
    assert after.state is becomes
    if becomes is not state:
        assert (after.history[-1].at, after.history[-1].event) == (LATE, becomes)


@pytest.mark.parametrize(
    ("state", "event", "by"),
    [
        (State.AWAITING_PAYMENT, MONEY, "provider:sandbox"),
        (State.AWAITING_PAYMENT, HoldEnded(), "schedule"),
        (State.AWAITING_PAYMENT, BuyerCancels(), "buyer"),
        (State.AWAITING_PAYMENT, SellerCancels(), "operator"),
        (State.PAID, BuyerCancels(), "buyer"),
        (State.PAID, SellerCancels(by=device("1a2b3c4d")), "device:1a2b3c4d"),
        (State.EXPIRED, AGAIN, "provider:sandbox"),
    ],
)
def test_the_history_says_who_did_it(state: State, event: Event, by: str) -> None:
    after = decide(make_order(state), event, LATE)
    assert [entry.by for entry in after.history[1:]] == [by]


def test_a_new_order_was_placed_by_its_buyer_and_is_refunded_by_its_provider() -> None:
    order = placed(make_order(history=()), NOON)
    assert order.history == (HistoryEntry(NOON, State.AWAITING_PAYMENT, BUYER),)
    cancelled = decide(decide(order, MONEY, NOON), BuyerCancels(), NOON)
    refunded = decide(cancelled, told(cancelled.refunds[0]), LATE)
    assert [entry.by for entry in refunded.history] == ["buyer", "provider:sandbox", "buyer", "provider:sandbox"]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("event", [MONEY, AGAIN, HoldEnded(), BuyerCancels(), SellerCancels(), Done("x"), Failed(())])
def test_what_changes_an_order_raises_its_version_by_one_and_what_does_not_leaves_it(
    state: State, event: Event
) -> None:
    order = make_order(state)
    after = decide(order, event, LATE)
    assert after is order or after.version == order.version + 1


def test_a_hold_ends_thirty_seconds_after_pay_by_and_not_before() -> None:
    order = make_order()
    assert decide(order, HoldEnded(), LATE - timedelta(seconds=1)) is order
    assert decide(order, HoldEnded(), LATE).outbox == (ClosePayment("close-1"),)


def test_the_same_news_twice_changes_nothing_more() -> None:
    paid = decide(make_order(), MONEY, NOON)
    assert decide(paid, MONEY, NOON) is paid
    assert decide(paid, msgspec.structs.replace(MONEY, event="event-2"), NOON) is paid, "two events of one payment"


def test_a_second_payment_goes_back_and_the_order_stays_paid() -> None:
    paid = decide(make_order(), MONEY, NOON)
    twice = decide(paid, Paid("event-2", "payment-2", 5980), NOON)
    assert twice.state is State.PAID
    assert [(refund.payment, refund.amount) for refund in twice.refunds] == [("payment-2", 5980)]


def test_money_of_another_amount_is_not_taken_for_the_orders_price() -> None:
    after = decide(make_order(), Paid("event-1", "payment-1", 1), NOON)
    assert after.state is State.AWAITING_PAYMENT
    assert [(refund.amount, refund.state) for refund in after.refunds] == [(1, "pending")]


def test_a_late_payment_takes_units_of_an_earlier_batch_where_there_are_any() -> None:
    after = decide(make_order(State.EXPIRED), AGAIN, LATE)
    assert after.ship_by == day(1)
    assert after.allocated == {(JAR, day(1), 0): 2}


def test_a_late_payment_never_moves_the_date_whatever_it_is_offered() -> None:
    after = decide(make_order(State.EXPIRED), LATER, LATE)
    assert (after.ship_by, after.allocated, after.late_refund) == (day(2), {}, RefundReason.DATE)


@pytest.mark.parametrize(("days", "becomes"), [(0, State.PAID), (2, State.PAID), (3, State.EXPIRED)])
def test_money_for_an_ended_hold_that_no_sweep_has_seen_is_taken_until_the_promised_day_is_over(
    days: int, becomes: State
) -> None:
    after = decide(make_order(), MONEY, LATE + timedelta(days=days))
    assert (after.state, after.late_refund) == (becomes, None if becomes is State.PAID else RefundReason.DATE)


@pytest.mark.parametrize(
    ("state", "money", "reason"),
    [
        (State.AWAITING_PAYMENT, msgspec.structs.replace(MONEY, amount=1), RefundReason.AMOUNT),
        (State.EXPIRED, msgspec.structs.replace(AGAIN, amount=1), RefundReason.AMOUNT),
        (State.EXPIRED, MONEY, RefundReason.DATE),
        (State.EXPIRED, msgspec.structs.replace(MONEY, refusal=RefundReason.LIMIT), RefundReason.LIMIT),
        (State.EXPIRED, msgspec.structs.replace(MONEY, refusal=RefundReason.DROP), RefundReason.DROP),
        (State.PAID, MONEY, RefundReason.AGAIN),
        (State.CANCELLED, MONEY, RefundReason.OVER),
        (State.REFUNDED, MONEY, RefundReason.OVER),
        (State.PAID, BuyerCancels(), RefundReason.CANCELLED),
        (State.PAID, SellerCancels(), RefundReason.CANCELLED),
    ],
)
def test_money_that_goes_back_says_why(state: State, money: Event, reason: RefundReason) -> None:
    assert [refund.reason for refund in decide(make_order(state), money, LATE).refunds] == [reason]


@pytest.mark.parametrize("state", [State.EXPIRED, State.CANCELLED])
def test_money_that_comes_too_late_goes_back_once_and_the_order_ends_refunded(state: State) -> None:
    after = decide(make_order(state), MONEY, LATE)
    assert decide(after, MONEY, LATE) is after
    assert decide(after, AGAIN, LATE) is after, "also when there are units again by the second news"
    [refund] = after.refunds
    assert after.outbox == (RefundPayment(refund.key),)
    done = decide(after, told(refund), LATE)
    assert (done.state, done.refunds[0].state) == (State.REFUNDED, "done")
    by_sms = [Sms(f"refunded-{after.version}", "refunded")] if state is State.EXPIRED else []
    assert [*done.outbox] == by_sms, "who has left no e-mail address hears of late money by phone"
    assert decide(done, MONEY, LATE) is done, "a payment that was given back is not taken again"


def test_an_order_is_refunded_only_when_all_its_money_is_back() -> None:
    cancelled = decide(decide(make_order(), MONEY, NOON), BuyerCancels(), NOON)
    twice = decide(cancelled, Paid("event-2", "payment-2", 5980), NOON)
    first = decide(twice, told(twice.refunds[0]), NOON)
    assert first.state is State.CANCELLED
    assert decide(first, told(twice.refunds[1]), NOON).state is State.REFUNDED


@pytest.mark.parametrize(
    ("state", "units"), [(state, 0 if state in {"cancelled", "expired", "refunded"} else 2) for state in State]
)
def test_units_are_an_orders_own_until_it_is_over(state: State, units: int) -> None:
    assert make_order(state).allocated.total() == units


def test_letters_go_only_to_those_who_left_an_address() -> None:
    assert decide(make_order(), MONEY, NOON).outbox == ()
    assert decide(make_order(email="a@example.com"), MONEY, NOON).outbox == (Mail("paid-1", "paid"),)


def test_an_intent_is_due_after_a_minute_and_each_failure_doubles_the_wait_up_to_an_hour() -> None:
    order = decide(make_order(email="a@example.com"), MONEY, NOON)
    assert order.due == NOON + timedelta(seconds=60)
    pauses = []
    for _ in range(8):
        order = decide(order, Failed(()), NOON)
        assert order.due
        pauses.append((order.due - NOON).total_seconds())
    assert pauses == [120, 240, 480, 960, 1920, 3600, 3600, 3600]


@pytest.mark.parametrize(
    ("order", "due"),
    [
        (make_order(), LATE),
        (make_order(State.EXPIRED), None),
        (make_order(State.PAID), None),
        (make_order(retry_at=NOON), NOON),
        (make_order(State.PAID, retry_at=NOON), NOON),
    ],
)
def test_somebody_looks_again_when_the_hold_ends_or_an_intent_waits(order: Order, due: object) -> None:
    assert order.due == due


@pytest.mark.parametrize("state", [State.AWAITING_PAYMENT, State.PAID])
def test_the_village_cancels_as_the_buyer_does_and_only_the_letter_and_who_did_it_differ(state: State) -> None:
    order = make_order(state, email="a@example.com")
    theirs, ours = decide(order, BuyerCancels(), LATE), decide(order, SellerCancels(), LATE)
    assert (theirs.history[-1].by, ours.history[-1].by) == ("buyer", "operator")
    assert (theirs.outbox[-1], ours.outbox[-1]) == (Mail("cancelled-1", "cancelled"), Mail("withdrawn-1", "withdrawn"))
    differs = {"outbox": (*theirs.outbox[:-1], ours.outbox[-1]), "history": (*theirs.history[:-1], ours.history[-1])}
    assert ours == msgspec.structs.replace(theirs, **differs)


def test_a_refund_keeps_its_key_for_the_provider_however_often_it_is_tried() -> None:
    order = decide(make_order(State.EXPIRED), MONEY, LATE)
    assert decide(order, Failed(()), LATE).refunds == (
        Refund(f"{order.number}-1", "payment-1", 5980, LATE, reason=RefundReason.DATE),
    )


@pytest.mark.parametrize("bad", [RefundState.HAND, RefundState.FAILED])
def test_a_refund_that_did_not_work_is_told_to_the_manager(bad: RefundState) -> None:
    order = decide(make_order(State.EXPIRED), MONEY, LATE)
    [refund] = order.refunds
    needs = decide(order, told(refund, bad), LATE)
    assert [one.state for one in needs.refunds] == [bad]
    assert [intent.text for intent in needs.outbox if isinstance(intent, TellManager)] == ["hand"]
    done = decide(needs, told(refund), LATE)
    if bad is RefundState.FAILED:
        assert done is needs, "news that comes after this was true before it"
    else:
        assert ([one.state for one in done.refunds], done.state) == (["done"], State.REFUNDED)


def test_of_a_refund_that_failed_a_person_brings_the_money_back_in_the_providers_console() -> None:
    """Also of a second payment; then the order is over as if the first refund had arrived."""
    order = decide(decide(make_order(), MONEY, NOON), Paid("event-2", "payment-2", 5980), NOON)
    order = decide(order, BuyerCancels(), NOON)
    for refund in order.refunds:
        order = decide(order, told(refund, RefundState.FAILED), LATE)
    assert (order.state, order.refundable) == (State.CANCELLED, 5980)
    parts = [("a", "payment-1", 5000), ("b", "payment-2", 5980), ("c", "payment-3", 5980), ("d", "payment-1", 980)]
    states = []
    for key, payment, amount in parts:
        order = decide(order, RefundTold(key, RefundState.DONE, payment, amount), LATE)
        states.append(order.state)
    assert states == [State.CANCELLED] * 3 + [State.REFUNDED]
    assert [one.key for one in order.refunds[2:]] == ["a", "b", "d"], "of a payment that it never had it keeps nothing"


NEWS = {
    "paid": MONEY,
    "asked": RefundTold(f"{make_order().number}-1", RefundState.ASKED),
    "done": RefundTold(f"{make_order().number}-1", RefundState.DONE),
    "closed": AttemptEnded(1),
    "claimed": Disputed("d-1", 5980, DisputeState.OPEN),
}


@pytest.mark.parametrize("names", [*permutations(NEWS)], ids="-".join)
def test_news_in_any_order_and_twice_comes_to_the_same(names: tuple[str, ...]) -> None:
    attempt = Attempt(1, Channel.STRIPE_CHECKOUT, NOON, LATE)
    order = decide(decide(decide(make_order(), AttemptBegun(attempt), NOON), MONEY, NOON), BuyerCancels(), NOON)
    for name in (*names, *names):
        order = decide(order, NEWS[name], LATE)
    assert (order.state, [one.state for one in order.refunds]) == (State.REFUNDED, [RefundState.DONE])
    assert ([one.state for one in order.disputes], order.refundable) == ([DisputeState.OPEN], 0)
    assert not any(isinstance(one, RefundPayment) for one in order.outbox)


def test_a_buyer_is_told_of_each_step_that_concerns_them() -> None:
    letters = {
        "placed": placed(make_order(email="a@example.com"), NOON),
        "paid": decide(make_order(email="a@example.com"), MONEY, NOON),
        "cancelled": decide(make_order(State.PAID, email="a@example.com"), BuyerCancels(), NOON),
        "withdrawn": decide(make_order(State.PAID, email="a@example.com"), SellerCancels(), NOON),
        "postponed": decide(make_order(email="a@example.com"), Postponed(((Part(day(9), 0, 2),),)), NOON),
        "link": decide(make_order(State.EXPIRED, email="a@example.com"), LinkAsked(), NOON),
    }
    for text, order in letters.items():
        assert [intent.text for intent in order.outbox if isinstance(intent, Mail)] == [text]


def test_intents_have_keys_of_their_own_even_where_two_changes_stand_in_one_version() -> None:
    order = decide(placed(make_order(email="a@example.com"), NOON), MONEY, NOON)
    assert [intent.key for intent in order.outbox] == ["placed-1", "paid-1"]
