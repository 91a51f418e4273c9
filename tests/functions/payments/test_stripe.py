"""Stripe's client: the public vector, what it asks for, what it believes, and how it reads answers. The stand-in is
beside it in tests/infra/standins/test_stripe.py; here answers are written by hand."""

import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from chalicelib.domain.errors import Malformed, ShopError, Unauthorized
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Dispute, DisputeState, Money, Progress, RefundNews, RowKind
from chalicelib.payments.port import Away, Bill, Declined, Payer, Reclaim, Reply
from chalicelib.payments.stripe import Stripe
from chalicelib.payments.stripe_api import StripeApi, StripeSettings
from cunbo.core.paths import ROOT
from hypothesis import given
from hypothesis import strategies as st

VECTOR = json.loads((ROOT / "tests/functions/payments/stripe_vectors.json").read_text(encoding="utf-8"))
SECRET, KEY = "whsec_ours", "rk_test_ours"
NOTIFY = "https://shop.example/api/payments/stripe/events"
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
AT = int(NOW.timestamp())
REFERENCE = "1" * 20 + "_1"
BILL = Bill(
    reference=REFERENCE,
    channel=Channel.STRIPE_CHECKOUT,
    amount=5980,
    title="辣白菜+500g 100%",
    expires=NOW + timedelta(minutes=15),
    back="https://shop.example/order/",
    handle={"session": "cs_1", "url": "https://checkout.example/cs_1"},
)
RECLAIM = Reclaim(
    key="r" * 24, reference=REFERENCE, payment="pi_1", channel=Channel.STRIPE_CHECKOUT, amount=980, total=5980
)
SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "status": "complete",
    "payment_status": "paid",
    "client_reference_id": REFERENCE,
    "amount_total": 5980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "metadata": None,
    "url": None,
}
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "status": "succeeded",
    "metadata": {"key": "r" * 24, "reference": REFERENCE},
}
INTENT = {"id": "pi_1", "object": "payment_intent", "metadata": {"reference": REFERENCE}, "status": "succeeded"}
DISPUTE = {
    "id": "du_1",
    "object": "dispute",
    "amount": 5980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "reason": "fraudulent",
    "status": "needs_response",
    "metadata": {},
}


class Script:
    """A transport that gives answers in order, and keeps what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], dict[str, str]]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        form = dict(parse_qsl(body.decode(), strict_parsing=True)) if body else {}
        self.asked.append((method, url, dict(headers), form))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        status, found = answer if isinstance(answer, tuple) else (200, answer)
        return Reply(status, {"content-type": "application/json"}, json.dumps(found).encode())


def client(*answers: Any, key: str = KEY, secret: str = SECRET, now: datetime = NOW) -> tuple[Stripe, Script]:
    script = Script(*answers)
    return Stripe(StripeSettings(secret_key=key, webhook_secret=secret), script, NOTIFY, lambda: now), script


def listed(*things: Any, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(things), "has_more": more}


def refused(code: str | None, status: int = 400, param: str = "", **headers: str) -> Reply:
    error = {"type": "invalid_request_error", "code": code, "param": param, "message": f"the key is {KEY}"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, named, json.dumps({"error": error}).encode())


def signed(body: bytes, at: int = AT, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def told(kind: str, thing: object, **fields: Any) -> bytes:
    event = {"id": "evt_1", "object": "event", "type": kind, "created": AT, "livemode": False}
    return json.dumps({**event, "data": {"object": thing}, **fields}, ensure_ascii=False).encode()


def read(provider: Stripe, body: bytes, header: str = "", now: datetime = NOW) -> Any:
    return list(provider.read({"Stripe-Signature": header or f"t={AT},v1={signed(body)}"}, body, now))


# ---- Events: signatures


def test_the_public_vector_verifies_and_says_nothing_that_is_known_of() -> None:
    api = StripeApi(StripeSettings(secret_key=KEY, webhook_secret=VECTOR["secret"]), Script())
    header, now = {"Stripe-Signature": f"t={VECTOR['time']},v1={VECTOR['v1']}"}, datetime.fromtimestamp(1700000000, UTC)
    with pytest.raises(Malformed):  # its signature is right, and it has no type
        api.event(header, VECTOR["payload"].encode(), now)
    with pytest.raises(Unauthorized):
        api.event(header, VECTOR["payload"].encode() + b" ", now)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t={at}",
        "v1={sign}",
        "t={at},v0={sign}",
        "t={at},v1=",
        "t={at},v1={sign}0",
        "t={at},v1=村",
        "t=,v1={sign}",
        "t=-1,v1={sign}",
        "t=x,v1={sign}",
        "t=٣,v1={sign}",
        "t={at},t={at},v1={sign}",
        "t={late},v1={sign}",
        "i'm not even a signature",
    ],
)
def test_an_event_without_a_right_signature_is_refused(header: str) -> None:
    body = told("checkout.session.completed", SESSION)
    filled = header.format(at=AT, late=AT + 1, sign=signed(body)) or "none"
    with pytest.raises(Unauthorized):
        read(client()[0], body, filled)


def test_of_several_signatures_one_is_enough_while_a_secret_is_rolled() -> None:
    body = told("checkout.session.completed", SESSION)
    old, new = signed(body, secret="whsec_old"), signed(body)
    for header in (f"t={AT},v1={old},v1={new}", f"t={AT},v1={new},v1={old},v0=1", f"t={AT}, v1={new}"):
        assert read(client()[0], body, header)
    assert read(client(secret="whsec_old whsec_ours")[0], body, f"t={AT},v1={old}")
    with pytest.raises(Unauthorized):
        read(client()[0], body, f"t={AT},v1={old}")


@pytest.mark.parametrize(("apart", "taken"), [(299, True), (300, True), (301, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_event_is_believed_for_300_seconds_both_ways(apart: int, taken: bool, sign: int) -> None:
    body = told("checkout.session.completed", SESSION)
    now = NOW + timedelta(seconds=sign * apart)
    if taken:
        assert read(client()[0], body, now=now)
    else:
        with pytest.raises(Unauthorized):
            read(client()[0], body, now=now)


def test_a_body_that_is_not_ascii_is_verified_byte_for_byte() -> None:
    body = told("checkout.session.completed", {**SESSION, "customer_details": {"name": "张三 é"}})
    assert read(client()[0], body)
    with pytest.raises(Unauthorized):
        read(client()[0], json.dumps(json.loads(body)).encode(), f"t={AT},v1={signed(body)}")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"\xff", told("checkout.session.completed", [])])
def test_a_signed_body_that_cannot_be_read_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(client()[0], body)


def test_test_money_is_not_taken_where_money_is_real() -> None:
    body = told("checkout.session.completed", SESSION)
    with pytest.raises(Unauthorized):
        read(client(key="rk_live_ours")[0], body)
    assert read(client(key="rk_live_ours")[0], told("checkout.session.completed", SESSION, livemode=True))


@given(st.binary(max_size=80), st.text(max_size=80))
def test_whatever_comes_is_refused_and_nothing_else(body: bytes, header: str) -> None:
    with pytest.raises(ShopError):
        client()[0].read({"stripe-signature": header}, body, NOW)


# ---- Events: what they mean


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


# ---- What it asks for


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


# ---- Refunds


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


# ---- The statement


def movement(kind: str, amount: int, source: Any = None, **fields: Any) -> dict[str, Any]:
    made = {"id": f"txn_{kind}_{amount}", "object": "balance_transaction", "amount": amount, "created": AT}
    return {**made, "currency": "hkd", "fee": 0, "type": kind, "reporting_category": kind, "source": source, **fields}


CHARGE = {
    "id": "ch_1",
    "object": "charge",
    "amount": 5980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "metadata": {"reference": REFERENCE},
}


def test_a_statement_has_amounts_as_they_were_asked_for_and_fees_as_they_were_settled() -> None:
    newest_first = [
        movement("payout", -7000, "po_1"),
        movement("stripe_fee", -300),
        movement("adjustment", -6518, DISPUTE, fee=8500, reporting_category="dispute"),
        movement("refund_failure", 1068, REFUND),
        movement("payment_refund", -1068, REFUND),
        movement("charge", 6518, CHARGE, fee=456),
    ]
    provider, script = client(
        listed(*newest_first[:4], more=True), listed(*newest_first[4:]), INTENT, now=NOW + timedelta(days=1)
    )
    rows = list(provider.statement(date(2026, 11, 24)))
    assert [(row.kind, row.amount, row.currency, row.fee, row.fee_currency) for row in rows] == [
        (RowKind.PAYMENT, 5980, "CNY", 456, "HKD"),
        (RowKind.REFUND, 980, "CNY", 0, "HKD"),
        (RowKind.OTHER, 1068, "HKD", 0, "HKD"),
        (RowKind.DISPUTE, 5980, "CNY", 8500, "HKD"),
        (RowKind.FEE, 300, "HKD", 0, "HKD"),
        (RowKind.OTHER, 7000, "HKD", 0, "HKD"),
    ]
    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row.reference for row in rows[:4]] == [REFERENCE] * 4
    assert (rows[1].key, rows[1].refund) == (RECLAIM.key, "re_1")
    assert [row.detail for row in rows] == ["", "", "refund_failure", "dispute", "", "payout"]
    query = dict(parse_qsl(urlsplit(script.asked[0][1]).query))
    assert query["created[gte]"] == str(int(datetime(2026, 11, 23, 16, tzinfo=UTC).timestamp()))
    assert query["created[lt]"] == str(int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp()))


def test_a_day_that_is_not_over_has_no_statement_yet() -> None:
    provider, script = client(now=datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC))
    with pytest.raises(Away):
        provider.statement(date(2026, 11, 24))
    assert script.asked == []


# ---- The check of the settings


ENDPOINT = {"id": "we_1", "url": NOTIFY, "status": "enabled", "enabled_events": ["*"]}
MISSING = refused("resource_missing", 404)


def checked(*answers: Any, **settings: str) -> Script:
    provider, script = client(*(answers or (*[listed()] * 3, MISSING, MISSING, listed(ENDPOINT))), **settings)
    provider.check()
    return script


def test_settings_are_proved_without_money() -> None:
    script = checked()
    posted = [(urlsplit(url).path, form) for method, url, _, form in script.asked if method == "POST"]
    assert posted == [
        ("/v1/checkout/sessions/cs_test_none/expire", {}),
        ("/v1/refunds", {"payment_intent": "pi_000000000000000000000000"}),
    ]


@pytest.mark.parametrize(
    "settings",
    [{"key": "sk_live_all"}, {"key": "pk_live_x"}, {"key": ""}, {"secret": ""}, {"secret": "rk_test_x"}],
)
def test_settings_that_are_no_keys_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="secret"):
        checked(**settings)


@pytest.mark.parametrize(
    "endpoints",
    [
        listed(),
        listed({**ENDPOINT, "url": "https://elsewhere.example/"}),
        listed({**ENDPOINT, "status": "disabled"}),
        listed({**ENDPOINT, "enabled_events": ["checkout.session.completed"]}),
    ],
)
def test_an_endpoint_that_does_not_get_the_news_is_named(endpoints: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="webhook endpoint"):
        checked(*[listed()] * 3, MISSING, MISSING, endpoints)


def test_a_key_that_may_not_refund_is_found_out() -> None:
    with pytest.raises(Declined):
        checked(*[listed()] * 3, MISSING, refused(None, 403))
