"""Stripe's stand-in: as strict as the real one, true to the same public vector as the client, and the two together."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from chalicelib.domain.payments.news import Closed, Dispute, DisputeState, Money, Progress, RefundNews, RowKind
from chalicelib.payments.port import Away, Declined, Reply
from cunbo.core.paths import ROOT
from cunbo.standins.base import Misbehaviour, Request
from cunbo.standins.stripe import signature

from tests.functions.payments.contract import BACK, BENCHES, PAYER, Bench

VECTOR = json.loads((ROOT / "tests/functions/payments/stripe_vectors.json").read_text(encoding="utf-8"))
PRICE = "line_items[0][price_data]"
FORM = {
    "mode": "payment",
    "client_reference_id": "r1",
    "line_items[0][quantity]": "1",
    f"{PRICE}[currency]": "cny",
    f"{PRICE}[unit_amount]": "5980",
    f"{PRICE}[product_data][name]": "辣白菜",
    "success_url": BACK,
    "cancel_url": BACK,
}
OVER = datetime(2026, 11, 25, 4, tzinfo=UTC)


def make(**how: float) -> Bench:
    return BENCHES["stripe"](Misbehaviour(**how))


def call(bench: Bench, method: str, path: str, form: Any = None, **headers: str) -> Reply:
    """Calls the stand-in without the client."""
    given = {
        "authorization": f"Bearer {bench.stand_in.settings()['secret_key']}",
        "stripe-version": "2026-10-28.endive",
        "content-type": "application/x-www-form-urlencoded",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    body = form if isinstance(form, bytes) else urlencode(form or {}).encode()
    parts = urlsplit(path)
    reply: Reply = bench.stand_in.answer(Request(method, parts.path, parts.query, given, body))
    return reply


def code(reply: Reply) -> str:
    error = json.loads(reply.body).get("error", {})
    return f"{reply.status} {error.get('code') or error.get('type') or ''}".strip()


def refund(bench: Bench, payment: str, amount: str, key: str = "", **form: str) -> Reply:
    given = {"payment_intent": payment, "amount": amount, **form}
    return call(bench, "POST", "/v1/refunds", given, idempotency_key=key)


# ---- The public vector


def test_it_signs_as_the_real_one_signs() -> None:
    assert signature(VECTOR["secret"], VECTOR["time"], VECTOR["payload"].encode()) == VECTOR["v1"]


# ---- What it refuses


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"authorization": "Bearer rk_test_other"}, "401 invalid_request_error"),
        ({"authorization": ""}, "401 invalid_request_error"),
        ({"stripe_version": ""}, "400 invalid_request_error"),
        ({"stripe_version": "latest"}, "400 invalid_request_error"),
        ({"content_type": "application/json"}, "400 parameter_invalid"),
        ({"idempotency_key": "k" * 256}, "400 parameter_invalid"),
    ],
)
def test_a_call_with_a_wrong_key_version_or_encoding_is_refused(headers: dict[str, str], answer: str) -> None:
    bench = make()
    assert code(call(bench, "POST", "/v1/checkout/sessions", FORM, **headers)) == answer
    assert bench.stand_in.sessions == {}


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "200"),
        ({"mode": "subscription"}, "400 parameter_invalid"),
        ({"success_url": None}, "400 parameter_missing"),
        ({"success_url": "/order/"}, "400 url_invalid"),
        ({f"{PRICE}[unit_amount]": "59.80"}, "400 parameter_invalid_integer"),
        ({f"{PRICE}[unit_amount]": "-1"}, "400 parameter_invalid_integer"),
        ({f"{PRICE}[unit_amount]": "399"}, "400 amount_too_small"),
        ({f"{PRICE}[currency]": "CNY"}, "400 parameter_invalid"),
        ({f"{PRICE}[product_data][name]": ""}, "400 parameter_missing"),
        ({"expires_at": "1799"}, "400 parameter_invalid"),
        ({"expires_at": "1800"}, "200"),
        ({"expires_at": "86400"}, "200"),
        ({"expires_at": "86401"}, "400 parameter_invalid"),
        ({"client_reference_id": "x" * 201}, "400 parameter_invalid"),
        ({"notify_url": BACK}, "400 parameter_unknown"),
    ],
)
def test_a_page_with_floats_wrong_ends_or_fields_that_it_does_not_know_is_refused(
    changes: dict[str, str | None], answer: str
) -> None:
    bench = make()
    bench.stand_in.least = 400
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    if "expires_at" in form:
        form["expires_at"] = str(int(bench.clock().timestamp()) + int(str(form["expires_at"])))
    assert code(call(bench, "POST", "/v1/checkout/sessions", form)) == answer


def test_a_key_is_remembered_for_a_day_with_its_parameters_and_then_forgotten() -> None:
    bench = make()
    first = call(bench, "POST", "/v1/checkout/sessions", FORM, idempotency_key="k")
    again = call(bench, "POST", "/v1/checkout/sessions", FORM, idempotency_key="k")
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    changed = {**FORM, f"{PRICE}[unit_amount]": "5981"}
    reply = call(bench, "POST", "/v1/checkout/sessions", changed, idempotency_key="k")
    assert code(reply) == "400 idempotency_error"
    bench.clock.go(hours=24)
    assert call(bench, "POST", "/v1/checkout/sessions", FORM, idempotency_key="k").body != first.body
    assert len(bench.stand_in.sessions) == 2


def test_only_an_open_page_can_be_expired() -> None:
    bench = make()
    bill, money = bench.paid()
    session = bench.begun(bill)["session"]
    assert call(bench, "POST", f"/v1/checkout/sessions/{session}/expire").status == 400
    other = bench.begun(bench.bill())["session"]
    assert call(bench, "POST", f"/v1/checkout/sessions/{other}/expire").status == 200
    assert call(bench, "POST", f"/v1/checkout/sessions/{other}/expire").status == 400
    assert code(call(bench, "POST", "/v1/checkout/sessions/cs_none/expire")) == "404 resource_missing"
    assert money.amount == bill.amount


def test_what_it_refuses_of_refunds() -> None:
    bench = make()
    _, money = bench.paid()
    assert code(refund(bench, "pi_none", "1")) == "404 resource_missing"
    assert code(refund(bench, money.payment, "9.80")) == "400 parameter_invalid_integer"
    assert code(refund(bench, money.payment, "5981")) == "400 invalid_request_error"
    assert code(refund(bench, money.payment, "1", note="x")) == "400 parameter_unknown"
    assert refund(bench, money.payment, "5000").status == 200
    assert code(refund(bench, money.payment, "981")) == "400 invalid_request_error"
    assert refund(bench, money.payment, "980").status == 200
    assert code(refund(bench, money.payment, "1")) == "400 charge_already_refunded"
    assert bench.moved("refund") == [5000, 980]


def test_one_key_is_not_taken_for_a_refund_of_another_amount() -> None:
    bench = make()
    _, money = bench.paid()
    assert refund(bench, money.payment, "980", "k").status == 200
    assert code(refund(bench, money.payment, "981", "k")) == "400 idempotency_error"
    assert refund(bench, money.payment, "980", "k").headers["idempotent-replayed"] == "true"
    assert bench.moved("refund") == [980]


def test_wallets_can_be_refunded_for_some_months_only_and_cards_for_ever() -> None:
    bench = make()
    for method, answer in (("alipay", "400 charge_not_refundable"), ("card", "200")):
        bill = bench.bill()
        session = bench.begun(bill)["session"]
        assert bench.stand_in.pay(session, method)
        bench.clock.go(days=91)
        payment = bench.stand_in.sessions[session]["payment_intent"]
        assert code(refund(bench, payment, "1")) == answer


def test_a_restricted_key_may_not_do_everything() -> None:
    bench = make()
    bench.provider.check()
    bench.stand_in.forbidden = {"refunds"}
    with pytest.raises(Declined):
        bench.provider.check()
    assert call(bench, "GET", "/v1/customers").status == 404


def test_a_rolled_secret_and_key_are_good_for_a_day() -> None:
    bench = make()
    bench.stand_in.switch_keys()
    _, money = bench.paid()  # with the old key
    bench.stand_in.deliver()
    assert [one.payment for one in bench.news] == [money.payment]  # and with the old secret
    assert bench.posted[0][0]["stripe-signature"].count("v1=") == 2
    bench.clock.go(hours=24)
    with pytest.raises(Declined):
        bench.begun(bench.bill())
    bench.provider = bench.rebuilt()
    bench.begun(bench.bill())


# ---- Client and stand-in: closing, slow money, late money


def test_money_that_comes_in_the_moment_of_the_closing_is_found() -> None:
    bench = make(paid_late=1)
    bill = bench.bill()
    handle = bench.begun(bill)
    assert isinstance(bench.provider.close(bill, handle), Money)
    assert bench.moved("payment") == [bill.amount]


def test_a_page_outlives_the_hold_so_what_is_not_closed_can_be_paid_late() -> None:
    bench = make()
    bill, closed = bench.bill(), bench.bill()
    handle, other = bench.begun(bill), bench.begun(closed)
    bench.provider.close(closed, other)
    bench.clock.go(minutes=20)
    assert bench.stand_in.pay(handle["session"])
    assert not bench.stand_in.pay(other["session"])
    bench.stand_in.deliver()
    assert {type(one) for one in bench.news} == {Closed, Money}
    assert isinstance(bench.provider.query(bill), Money)


def test_a_page_that_nobody_pays_ends_by_itself_and_says_so() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    bench.clock.go(minutes=47)
    bench.stand_in.deliver()
    assert [type(one) for one in bench.news] == [Closed]
    assert not bench.stand_in.pay(handle["session"])


@pytest.mark.parametrize("paid", [True, False])
def test_a_slow_way_to_pay_is_no_money_until_it_is(paid: bool) -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert bench.stand_in.pay(handle["session"], "alipay", slow=True)
    bench.stand_in.deliver()
    assert bench.news == []
    assert bench.provider.query(bill) is None
    assert bench.provider.close(bill, handle) is None  # it cannot be closed while the money is on its way
    bench.stand_in.settle_payment(handle["session"], paid=paid)
    bench.stand_in.deliver()
    kind = Money if paid else Closed
    assert [type(one) for one in bench.news] == [kind]
    assert isinstance(bench.provider.close(bill, handle), kind)
    assert bench.moved("payment") == ([bill.amount] if paid else [])


def test_a_page_whose_answer_was_lost_is_found_again_and_closed() -> None:
    bench = make()
    bill = bench.bill()
    bench.transport.inner.how = Misbehaviour(silent=1)
    with pytest.raises(Away):
        bench.begun(bill)
    bench.transport.inner.how = Misbehaviour()
    assert isinstance(bench.provider.close(bill, {}), Closed)
    [session] = bench.stand_in.sessions.values()
    assert session["status"] == "expired"


@pytest.mark.parametrize("days", [0.3, 3])
def test_money_for_a_page_whose_name_was_lost_is_found_also_when_the_key_is_forgotten(days: float) -> None:
    bench = make()
    bill, money = bench.paid()
    bench.clock.go(days=days)
    found = bench.provider.query(bill)
    assert isinstance(found, Money)
    assert (found.payment, found.amount, found.at) == (money.payment, money.amount, money.at)
    unknown = bench.bill(expires=bench.clock() - timedelta(minutes=2))
    assert isinstance(bench.provider.query(unknown), Closed)
    assert isinstance(bench.provider.close(unknown, {}), Closed)


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_page_that_stripe_broke_at_is_made_under_the_next_key_and_paid_once(fault: str) -> None:
    bench = make()
    bill = bench.bill()
    bench.stand_in.faults = [fault]
    with pytest.raises(Away):
        bench.provider.begin(bill, PAYER)
    handle = bench.begun(bill)
    assert bench.begun(bill) == handle
    assert bench.pay(bill, handle)
    assert bench.moved("payment") == [bill.amount]
    assert isinstance(bench.provider.query(bill), Money)


# ---- Client and stand-in: refunds


def test_a_refund_whose_answer_was_lost_is_not_made_again_a_day_later_when_the_key_is_forgotten() -> None:
    bench = make()
    bill, money = bench.paid()
    asked = bench.reclaim(bill, money, 980)
    bench.stand_in.faults = ["after"]
    with pytest.raises(Away):
        bench.provider.refund(asked)
    for hours in (0, 1, 25, 24 * 30):
        bench.clock.go(hours=hours)
        assert bench.provider.refund(asked).progress is Progress.DONE
    assert bench.moved("refund") == [980]
    with pytest.raises(Declined):
        bench.provider.refund(bench.reclaim(bill, money, 981))


@pytest.mark.parametrize("fault", ["before", "busy", "limit"])
def test_a_refund_that_stripe_did_not_make_is_made_by_the_next_try(fault: str) -> None:
    bench = make()
    bill, money = bench.paid()
    asked = bench.reclaim(bill, money, 980)
    bench.stand_in.faults = [fault]
    with pytest.raises(Away):
        bench.provider.refund(asked)
    assert bench.provider.refund(asked).progress is Progress.DONE
    assert bench.moved("refund") == [980]


def test_without_balance_a_refund_needs_a_person_and_goes_through_once_there_is_some() -> None:
    bench = make()
    bill, money = bench.paid()
    asked = bench.reclaim(bill, money, 980)
    bench.stand_in.balance = 100
    for found in (bench.provider.refund(asked), bench.provider.query_refund(asked)):
        assert (found.progress, found.detail) == (Progress.HAND, "insufficient_funds")
    bench.stand_in.balance = 1000
    bench.stand_in.settle()
    assert bench.provider.query_refund(asked).progress is Progress.DONE
    assert bench.moved("refund") == [980]


def test_a_pending_refund_stays_asked_and_one_that_failed_or_was_canceled_frees_the_rest() -> None:
    bench = make()
    bill, money = bench.paid()
    ends = set()
    for n in range(12):
        bench.stand_in.how = Misbehaviour(refund_pending=1)
        asked = bench.reclaim(bill, money, bill.amount, f"{n:024}")
        assert bench.provider.refund(asked).progress is Progress.ASKED
        bench.stand_in.how = Misbehaviour(refund_fails=1)
        bench.stand_in.settle()
        found = bench.provider.query_refund(asked)
        assert found.progress is Progress.FAILED
        ends.add(bench.stand_in.refunds[found.refund]["status"])
    assert ends == {"failed", "canceled"}
    bench.stand_in.how = Misbehaviour()
    assert bench.provider.refund(bench.reclaim(bill, money, bill.amount, "z" * 24)).progress is Progress.DONE
    assert bench.moved("refund") == [bill.amount]


def test_a_refund_that_fails_after_it_had_succeeded_is_told_and_its_money_is_back_on_the_balance() -> None:
    bench = make()
    bill, money = bench.paid()
    done = bench.provider.refund(bench.reclaim(bill, money, 980))
    bench.stand_in.fail_refund(done.refund)
    bench.stand_in.deliver()
    told = [one.progress for one in bench.news if isinstance(one, RefundNews)]
    assert set(told) == {Progress.ASKED, Progress.DONE, Progress.FAILED}
    bench.clock.now = OVER
    rows = list(bench.provider.statement(date(2026, 11, 24)))
    assert [(row.kind, row.detail) for row in rows] == [
        (RowKind.PAYMENT, ""),
        (RowKind.REFUND, ""),
        (RowKind.OTHER, "refund_failure"),
    ]


# ---- Disputes, and the balance


def test_a_dispute_is_told_when_it_comes_and_when_it_ends_with_the_order_that_it_is_about() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    claim = bench.stand_in.dispute(money.payment, 5980)
    bench.stand_in.deliver()
    assert code(refund(bench, money.payment, "1")) == "400 charge_disputed"
    bench.stand_in.decide(claim, won=True)
    bench.stand_in.deliver()
    assert all(isinstance(one, Dispute) and one.reference == bill.reference for one in bench.news)
    assert [one.state for one in bench.news if isinstance(one, Dispute)] == [DisputeState.OPEN, DisputeState.WON]
    assert bench.moved("dispute") == bench.moved("dispute_won") == [5980]


def test_its_balance_is_in_the_currency_that_it_settles_in_and_has_rows_that_no_order_knows_of() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.dispute(money.payment, 5980)
    bench.stand_in.pay_out(10_000)
    bench.clock.now = OVER
    [paid, dispute, payout] = bench.provider.statement(date(2026, 11, 24))
    assert (paid.kind, paid.amount, paid.currency, paid.fee, paid.fee_currency) == (
        RowKind.PAYMENT,
        5980,
        "CNY",
        6518 * 34 // 1000 + 235,
        "HKD",
    )
    assert (dispute.kind, dispute.reference, dispute.fee) == (RowKind.DISPUTE, bill.reference, 8500)
    assert (payout.kind, payout.amount, payout.currency, payout.detail) == (RowKind.OTHER, 10_900, "HKD", "payout")


def test_a_day_of_more_than_a_hundred_movements_comes_whole_and_in_order() -> None:
    bench = make()
    amounts = [1000 + n for n in range(230)]
    for amount in amounts:
        bench.paid(amount=amount)
    bench.clock.now = OVER
    rows = list(bench.provider.statement(date(2026, 11, 24)))
    assert [row.amount for row in rows] == amounts


# ---- The payer's screen


def browse(bench: Bench, path: str, act: str = "", lang: str = "zh-CN") -> Reply:
    body = urlencode({"act": act}).encode() if act else b""
    request = Request("POST" if act else "GET", path, "", {"accept-language": lang}, body)
    reply: Reply = bench.stand_in.answer(request)
    return reply


@pytest.mark.parametrize(("lang", "words"), [("zh", "用银行卡付款"), ("en", "Pay by card")])
def test_the_page_shows_amount_and_title_and_leads_back_when_it_is_paid(lang: str, words: str) -> None:
    bench = make()
    bill = bench.bill(lang=lang, title="<b>辣白菜</b>")
    path = urlsplit(bench.begun(bill)["url"]).path
    text = browse(bench, path).body.decode()
    assert "¥59.80" in text
    assert words in text
    assert "&lt;b&gt;辣白菜" in text
    assert f'lang="{lang}"' in text
    assert browse(bench, path, "pay").headers["location"] == BACK
    assert isinstance(bench.provider.query(bill), Money)
    ended = browse(bench, path)
    assert (ended.status, BACK in ended.body.decode()) == (410, True)


def test_whoever_fails_can_try_again_and_whoever_leaves_comes_back_unpaid() -> None:
    bench = make()
    bill = bench.bill()
    path = urlsplit(bench.begun(bill)["url"]).path
    assert 'role="alert"' in browse(bench, path, "fail").body.decode()
    assert browse(bench, path, "leave").headers["location"] == BACK
    assert bench.provider.query(bill) is None
    assert browse(bench, path, "pay").status == 303
    assert browse(bench, "/c/pay/cs_none").status == 410


def test_an_event_goes_only_to_an_endpoint_that_wants_it() -> None:
    bench = make()
    bench.stand_in.events = ["checkout.session.expired"]
    with pytest.raises(ValueError, match="does not send"):
        bench.provider.check()
    bench.paid()
    bench.stand_in.deliver()
    assert bench.posted == []
