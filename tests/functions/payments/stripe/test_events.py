"""What events of Stripe mean."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from chalicelib.domain.payments.news import Closed, Dispute, DisputeState, Money, Progress, RefundNews
from chalicelib.payments.port import Away

from tests.functions.payments.stripe.account import (
    DISPUTE,
    INTENT,
    NOW,
    RECLAIM,
    REFERENCE,
    REFUND,
    SESSION,
    client,
    listed,
    read,
    refused,
    told,
)


def test_a_completed_page_that_is_paid_is_money() -> None:
    [money] = read(client()[0], told("checkout.session.completed", SESSION))
    assert money == Money(event="evt_1", reference=REFERENCE, payment="pi_1", amount=5980, currency="CNY", at=NOW)


def test_completed_but_unpaid_is_no_money_until_the_slow_way_to_pay_succeeds_and_over_when_it_fails() -> None:
    unpaid = {**SESSION, "payment_status": "unpaid"}
    provider, _ = client()
    assert read(provider, told("checkout.session.completed", unpaid)) == []
    [money] = read(provider, told("checkout.session.async_payment_succeeded", SESSION))
    assert (type(money), money.amount) == (Money, 5980)
    [closed] = read(provider, told("checkout.session.async_payment_failed", unpaid))
    assert closed == Closed(event="evt_1", reference=REFERENCE)
    [expired] = read(provider, told("checkout.session.expired", {**unpaid, "status": "expired"}))
    assert isinstance(expired, Closed)


def test_money_in_another_currency_says_so() -> None:
    [money] = read(client()[0], told("checkout.session.completed", {**SESSION, "currency": "usd"}))
    assert money.currency == "USD"


def test_money_without_a_reference_of_ours_is_told_as_money() -> None:
    body = told("checkout.session.completed", {**SESSION, "client_reference_id": None})
    [money] = read(client()[0], body)
    assert (money.reference, money.payment) == ("", "pi_1")
    assert read(client()[0], told("checkout.session.expired", {**SESSION, "client_reference_id": None})) == []


@pytest.mark.parametrize("kind", ["charge.succeeded", "charge.refunded", "payment_intent.succeeded", "x.y"])
def test_other_events_mean_nothing(kind: str) -> None:
    assert read(client()[0], told(kind, {"id": "ch_1", "anything": [1]})) == []


REFUND_STATES = [
    ({"status": "succeeded"}, Progress.DONE),
    ({"status": "pending"}, Progress.ASKED),
    ({"status": "pending", "pending_reason": "processing"}, Progress.ASKED),
    ({"status": "pending", "pending_reason": "insufficient_funds"}, Progress.HAND),
    ({"status": "requires_action"}, Progress.HAND),
    ({"status": "failed", "failure_reason": "unknown"}, Progress.FAILED),
    ({"status": "failed", "failure_reason": "insufficient_funds"}, Progress.FAILED),
    ({"status": "canceled"}, Progress.FAILED),
    ({"status": "something_new"}, Progress.ASKED),
    ({"status": None}, Progress.ASKED),
]


@pytest.mark.parametrize(("state", "progress"), REFUND_STATES)
def test_a_refund_has_gone_back_only_when_it_succeeded(state: dict[str, Any], progress: Progress) -> None:
    thing = {**REFUND, **state}
    for kind in ("refund.created", "refund.updated", "refund.failed"):
        [news] = read(client()[0], told(kind, thing))
        assert isinstance(news, RefundNews)
        assert (news.progress, news.key, news.refund, news.amount) == (progress, "r" * 24, "re_1", 980)
    [asked] = [client(listed(thing))[0].query_refund(RECLAIM)]
    assert asked
    assert asked.progress is progress


def test_a_refund_from_the_dashboard_and_a_dispute_are_found_by_what_stands_on_the_payment() -> None:
    provider, script = client(INTENT, INTENT)
    [news] = read(provider, told("refund.updated", {**REFUND, "metadata": {}}))
    assert (news.key, news.reference, news.payment) == ("", REFERENCE, "pi_1")
    [dispute] = read(provider, told("charge.dispute.created", DISPUTE))
    assert dispute == Dispute(
        event="evt_1",
        dispute="du_1",
        payment="pi_1",
        reference=REFERENCE,
        amount=5980,
        state=DisputeState.OPEN,
        reason="fraudulent",
    )
    assert {urlsplit(url).path for _, url, _, _ in script.asked} == {"/v1/payment_intents/pi_1"}


def test_an_event_whose_payment_cannot_be_asked_for_now_is_told_again_by_stripe() -> None:
    with pytest.raises(Away):
        read(client(Away("x"))[0], told("charge.dispute.created", DISPUTE))
    [dispute] = read(client(refused("resource_missing", 404))[0], told("charge.dispute.created", DISPUTE))
    assert dispute.reference == ""


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", DisputeState.OPEN),
        ("warning_needs_response", DisputeState.OPEN),
        ("under_review", DisputeState.OPEN),
        ("appeal_under_review", DisputeState.OPEN),
        ("prevented", DisputeState.OPEN),
        ("won", DisputeState.WON),
        ("warning_closed", DisputeState.WON),
        ("lost", DisputeState.LOST),
    ],
)
def test_the_end_of_a_dispute_is_told_as_its_beginning_is(status: str, state: DisputeState) -> None:
    [dispute] = read(client(INTENT)[0], told("charge.dispute.closed", {**DISPUTE, "status": status}))
    assert dispute.state is state
