"""What Stripe is asked for, how a page stands, and refunds by their key."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, Progress
from chalicelib.payments.port import Away, Bill, Declined, Payer, Reply
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.payments.stripe.account import (
    AT,
    INTENT,
    KEY,
    NOW,
    RECLAIM,
    REFERENCE,
    REFUND,
    SECRET,
    SESSION,
    client,
    listed,
    refused,
)

BILL = Bill(
    reference=REFERENCE,
    channel=Channel.STRIPE_CHECKOUT,
    amount=5980,
    title="辣白菜+500g 100%",
    expires=NOW + timedelta(minutes=15),
    back="https://shop.example/order/",
    handle={"session": "cs_1", "url": "https://checkout.example/cs_1"},
)


def test_a_page_is_asked_for_in_fen_with_the_reference_on_page_and_payment_and_an_end_half_an_hour_off() -> None:
    provider, script = client({**SESSION, "status": "open", "url": "https://checkout.example/cs_1"})
    begun = provider.begin(BILL, Payer())
    assert begun.handle == {"session": "cs_1", "url": "https://checkout.example/cs_1"}
    assert begun.until == BILL.expires
    [(method, url, headers, form)] = script.asked
    assert (method, url) == ("POST", "https://api.stripe.com/v1/checkout/sessions")
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["idempotency-key"] == REFERENCE
    assert headers["stripe-version"] == "2026-10-28.endive"
    assert int(form["expires_at"]) >= int(BILL.expires.timestamp()) + 1800
    assert {name: form[name] for name in form if "reference" in name} == {
        "client_reference_id": REFERENCE,
        "metadata[reference]": REFERENCE,
        "payment_intent_data[metadata][reference]": REFERENCE,
    }
    assert form["line_items[0][price_data][unit_amount]"] == "5980"
    assert form["line_items[0][price_data][currency]"] == "cny"
    assert form["line_items[0][price_data][product_data][name]"] == BILL.title
    assert form["adaptive_pricing[enabled]"] == "false"
    assert form["excluded_payment_method_types[0]"] == "wechat_pay"


@given(st.text(min_size=1), st.integers(1, 10**8), st.integers(0, 900))
def test_the_same_bill_is_the_same_request_whenever_it_is_sent(title: str, amount: int, seconds: int) -> None:
    title = title.encode("utf-8", "replace").decode()
    bill = Bill(
        reference=REFERENCE, channel=BILL.channel, amount=amount, title=title, expires=BILL.expires, back=BILL.back
    )
    asked = []
    for now in (NOW, NOW + timedelta(seconds=seconds)):
        provider, script = client(SESSION, now=now)
        provider.begin(bill, Payer(ip=str(now)))
        asked += script.asked
    assert asked[0] == asked[1]
    assert asked[0][3]["line_items[0][price_data][product_data][name]"] == title[:250]


def test_a_failure_that_stripe_remembers_for_a_day_is_asked_again_under_the_next_key() -> None:
    again = refused(None, 500, idempotent_replayed="true")
    provider, script = client(again, again, SESSION)
    assert provider.begin(BILL, Payer()).handle["session"] == "cs_1"
    assert [headers["idempotency-key"] for _, _, headers, _ in script.asked] == [
        REFERENCE,
        f"{REFERENCE}-2",
        f"{REFERENCE}-3",
    ]


@pytest.mark.parametrize("answer", [refused(None, 500), refused("lock_timeout", 409), Away("too slow")])
def test_a_failure_that_may_have_acted_is_not_asked_again_under_another_key(answer: Any) -> None:
    provider, script = client(answer)
    with pytest.raises(Away):
        provider.begin(BILL, Payer())
    assert len(script.asked) == 1


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503])
def test_stripe_is_away_where_it_cannot_now(status: int) -> None:
    with pytest.raises(Away):
        client(refused("x", status))[0].query(BILL)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"id": 1}'])
def test_an_answer_that_cannot_be_read_is_none(body: bytes) -> None:
    with pytest.raises(Away):
        client(Reply(200, {}, body))[0].query(BILL)
    with pytest.raises(Away):
        client(Reply(400, {}, body))[0].query(BILL)


def test_a_refusal_names_its_code_and_field_and_never_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider, _ = client(refused("amount_too_small", 400, "amount"))
    with pytest.raises(Declined) as declined:
        provider.begin(BILL, Payer())
    assert (declined.value.code, declined.value.detail) == ("amount_too_small", "HTTP 400 amount")
    assert KEY not in f"{declined.value}{caplog.text}{provider.settings!r}"
    assert SECRET not in repr(provider.settings)


def expanded(status: str) -> dict[str, Any]:
    return {**INTENT, "status": status, "created": AT - 9, "latest_charge": {"id": "ch_1", "created": AT}}


@pytest.mark.parametrize(
    ("state", "intent", "kind"),
    [
        ({"status": "open", "payment_status": "unpaid"}, None, None),
        ({"status": "complete", "payment_status": "paid"}, expanded("succeeded"), Money),
        ({"status": "complete", "payment_status": "unpaid"}, expanded("processing"), None),
        ({"status": "complete", "payment_status": "unpaid"}, expanded("requires_payment_method"), Closed),
        ({"status": "complete", "payment_status": "unpaid"}, expanded("canceled"), Closed),
        ({"status": "expired", "payment_status": "unpaid"}, None, Closed),
        ({"status": "expired", "payment_status": "unpaid"}, expanded("requires_payment_method"), Closed),
    ],
)
def test_how_a_page_stands(state: dict[str, str], intent: Any, kind: type | None) -> None:
    provider, script = client({**SESSION, **state, "payment_intent": intent})
    found = provider.query(BILL)
    assert type(found) is (kind or type(None))
    if isinstance(found, Money):
        assert (found.payment, found.amount, found.at) == ("pi_1", 5980, NOW)
    assert script.asked[0][1].endswith("/v1/checkout/sessions/cs_1?expand%5B%5D=payment_intent.latest_charge")


def test_closing_the_closed_or_the_unknown_is_closed_and_closing_the_paid_finds_the_money() -> None:
    not_open = refused(None)
    paid = {**SESSION, "payment_intent": expanded("succeeded")}
    assert isinstance(client({**SESSION, "status": "expired"})[0].close(BILL, BILL.handle), Closed)
    expired = {**SESSION, "status": "expired", "payment_status": "unpaid", "payment_intent": None}
    assert isinstance(client(not_open, expired)[0].close(BILL, BILL.handle), Closed)
    assert isinstance(client(not_open, paid)[0].close(BILL, BILL.handle), Money)
    missing = refused("resource_missing", 404)
    assert isinstance(client(missing, missing)[0].close(BILL, BILL.handle), Closed)
    slow = {**SESSION, "payment_status": "unpaid", "payment_intent": expanded("processing")}
    assert client(not_open, slow)[0].close(BILL, BILL.handle) is None


def test_a_page_whose_name_was_lost_is_asked_for_again_and_where_it_is_too_late_payments_are_searched() -> None:
    lost = Bill(reference=REFERENCE, channel=BILL.channel, amount=5980, title="x", expires=BILL.expires, back=BILL.back)
    provider, script = client({**SESSION, "status": "open"}, {**SESSION, "status": "expired"})
    assert isinstance(provider.close(lost, {}), Closed)
    assert [headers.get("idempotency-key") for _, _, headers, _ in script.asked] == [REFERENCE, None]
    too_late = refused("parameter_invalid", 400, "expires_at")
    paid = {**INTENT, "amount_received": 5980, "currency": "cny", "created": AT}
    provider, script = client(too_late, listed(paid))
    found = provider.query(lost)
    assert isinstance(found, Money)
    assert (found.reference, found.payment, found.amount, found.currency) == (REFERENCE, "pi_1", 5980, "CNY")
    assert isinstance(client(too_late, listed())[0].close(lost, {}), Closed)
    with pytest.raises(Declined):
        client(refused("amount_too_small"))[0].query(lost)


def test_a_refund_is_looked_for_by_its_key_before_it_is_asked_for() -> None:
    other = {**REFUND, "id": "re_0", "metadata": {"key": "x" * 24}}
    provider, script = client(listed(other, more=True), listed(REFUND))
    assert provider.refund(RECLAIM).refund == "re_1"
    assert [method for method, _, _, _ in script.asked] == ["GET", "GET"]
    assert "starting_after=re_0" in script.asked[1][1]
    provider, script = client(listed(other), REFUND)
    assert provider.refund(RECLAIM).progress is Progress.DONE
    _, _, headers, form = script.asked[1]
    assert headers["idempotency-key"] == RECLAIM.key
    assert form == {
        "payment_intent": "pi_1",
        "amount": "980",
        "metadata[key]": RECLAIM.key,
        "metadata[reference]": REFERENCE,
    }


def test_a_key_that_has_a_refund_of_another_amount_is_declined() -> None:
    with pytest.raises(Declined):
        client(listed({**REFUND, "amount": 981}))[0].refund(RECLAIM)
