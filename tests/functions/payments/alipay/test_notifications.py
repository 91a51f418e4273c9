"""What is believed of notifications of Alipay."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

import msgspec
import pytest
from chalicelib.domain.errors import Malformed, ShopError, Unauthorized
from chalicelib.domain.payments.news import Closed, Money, Progress, RefundNews
from chalicelib.payments.alipay import Alipay
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.payments.alipay.seller import NOW, REFERENCE, STRANGER, THEIRS, alipay, form, public

PAID = Money(
    event="n1",
    reference=REFERENCE,
    payment="2026",
    amount=5980,
    currency="CNY",
    at=datetime(2026, 11, 24, 15, 58, tzinfo=UTC),
)
OVER = Closed(event="n1", reference=REFERENCE)
BACK = RefundNews(
    event="n1",
    key="k" * 24,
    amount=0,
    progress=Progress.DONE,
    payment="2026",
    reference=REFERENCE,
    so_far=980,
    refund="20261125100000320",
)
REFUND = {"gmt_refund": "2026-11-25 10:00:00.320", "refund_fee": "9.80", "out_biz_no": "k" * 24}


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        ({}, [PAID]),
        ({"buyer_pay_amount": "49.80", "receipt_amount": "59.80"}, [PAID]),  # a coupon of Alipay: booked by the total
        ({"trade_status": "WAIT_BUYER_PAY"}, []),
        ({"trade_status": "TRADE_CLOSED", "gmt_payment": None}, [OVER]),
        ({"trade_status": "TRADE_FINISHED"}, []),
        ({"trade_status": "SOMETHING_NEW"}, []),
        (REFUND, [BACK]),
        ({**REFUND, "trade_status": "TRADE_CLOSED"}, [BACK]),
        ({**REFUND, "trade_status": "TRADE_FINISHED"}, []),
        ({"refund_fee": "0.00"}, [PAID]),  # nothing has gone back
        ({**REFUND, "gmt_refund": None}, [msgspec.structs.replace(BACK, refund="n1")]),
        ({**REFUND, "out_biz_no": None}, [msgspec.structs.replace(BACK, key="")]),
        ({**REFUND, "out_biz_no": REFERENCE}, [msgspec.structs.replace(BACK, key="")]),
    ],
)
def test_success_after_a_refund_and_finished_are_no_payment(changes: dict[str, str | None], news: list[Any]) -> None:
    assert alipay().read({}, form(changes), NOW) == news


def test_what_is_answered_is_exactly_success() -> None:
    assert (Alipay.heard.status, Alipay.heard.body) == (200, b"success")


@pytest.mark.parametrize("whole", [True, False])
def test_a_notification_is_believed_with_and_without_sign_type_in_what_is_signed(whole: bool) -> None:
    assert alipay().read({}, form(whole=whole), NOW) == [PAID]


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_notification_is_believed_in_every_charset(charset: str) -> None:
    assert alipay().read({}, form(charset=charset), NOW) == [PAID]


@pytest.mark.parametrize(
    "body",
    [
        form({"app_id": "another"}),
        form({"seller_id": "another"}),
        form({"sign_type": "RSA"}),
        form().replace(b"59.80", b"0.01"),
        form() + b"&refund_fee=1.00",
        form() + b"&total_amount=0.01",
        form().replace(b"sign=", b"sign=x"),
        b"&".join(part for part in form().split(b"&") if not part.startswith(b"sign=")),
        form({"notify_id": None}),
        form({"out_trade_no": None}),
        form({"total_amount": "59,8x"}),
        form({"total_amount": None}),
        form({"trade_no": None}),
        form({**REFUND, "refund_fee": "much"}),
        b"",
        b"{}",
        b"\xff&=&%",
        b"sign=%FF&sign_type=RSA2",
    ],
)
def test_whatever_is_not_signed_for_this_seller_is_refused(body: bytes) -> None:
    with pytest.raises((Unauthorized, Malformed)):
        alipay().read({}, body, NOW)


def test_fields_that_are_empty_and_so_not_signed_say_nothing() -> None:
    assert alipay().read({}, form() + b"&gmt_refund=&out_biz_no=", NOW) == [PAID]


def test_a_signed_field_cannot_be_hidden_inside_another() -> None:
    whole = form({**REFUND, "seller_id": "seller"})
    fields = dict(parse_qsl(whole.decode()))
    hidden = fields.pop("refund_fee")
    fields["out_trade_no"] += f"&refund_fee={hidden}"
    with pytest.raises(Malformed):
        alipay().read({}, urlencode(fields).encode(), NOW)


@given(st.binary(max_size=200))
def test_no_body_makes_it_fail_otherwise_than_by_refusing(body: bytes) -> None:
    with pytest.raises(ShopError):
        alipay().read({}, body, NOW)


@given(st.text(max_size=40).filter(lambda text: "&" not in text))
def test_every_subject_verifies_once_decoded(subject: str) -> None:
    if subject:
        assert alipay().read({}, form({"subject": subject}), NOW) == [PAID]


def test_a_plus_is_decoded_once() -> None:
    body = form({"subject": "a+b c%2B"})
    assert quote_plus("a+b c%2B").encode() in body
    assert alipay().read({}, body, NOW) == [PAID]


def test_each_of_several_keys_of_alipay_is_believed_and_no_other() -> None:
    assert alipay(alipay_public_key=public(STRANGER) + public(THEIRS)).read({}, form(), NOW) == [PAID]
    with pytest.raises(Unauthorized):
        alipay(alipay_public_key=public(STRANGER)).read({}, form(), NOW)
