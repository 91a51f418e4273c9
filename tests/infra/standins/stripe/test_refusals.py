"""What the stand-in of Stripe signs and refuses is what the real one does."""

import json

import pytest
from chalicelib.payments.port import Declined
from cunbo.core.paths import ROOT
from cunbo.standins.stripe import signature

from tests.functions.payments.contract import BACK
from tests.infra.standins.stripe.calls import call, code, make, refund

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


def test_it_signs_as_the_real_one_signs() -> None:
    assert signature(VECTOR["secret"], VECTOR["time"], VECTOR["payload"].encode()) == VECTOR["v1"]


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
