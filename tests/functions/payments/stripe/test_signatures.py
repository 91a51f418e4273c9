"""Events of Stripe are believed by their signature and their time."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from chalicelib.domain.errors import Malformed, ShopError, Unauthorized
from chalicelib.payments.stripe_api import StripeApi, StripeSettings
from cunbo.core.paths import ROOT
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.payments.stripe.account import AT, KEY, NOW, SESSION, Script, client, read, signed, told

VECTOR = json.loads((ROOT / "tests/functions/payments/stripe_vectors.json").read_text(encoding="utf-8"))


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
