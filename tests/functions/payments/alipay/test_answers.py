"""What is believed of answers of Alipay."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from chalicelib.domain.payments.news import Closed, Money, Progress
from chalicelib.payments.port import Away, Declined, Reply

from tests.functions.payments.alipay.bills import PAYMENT, packed, table
from tests.functions.payments.alipay.seller import (
    BILL,
    NOW,
    RECLAIM,
    REFERENCE,
    STRANGER,
    THEIRS,
    alipay,
    answered,
    refused,
    signed,
)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(502, {}, answered("alipay.trade.query", out_trade_no=REFERENCE, trade_status="TRADE_CLOSED")),
        b"<html>busy</html>",
        b"[]",
        b'{"sign":"x"}',
        b'{"alipay_trade_query_response":[],"sign":"x"}',
        b'{"alipay_trade_query_response":{"code":"10000","trade_status":"TRADE_SUCCESS"}}',
        b'{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}',
        answered("alipay.trade.query", key=STRANGER, trade_status="TRADE_SUCCESS"),
        answered("alipay.trade.close", trade_status="TRADE_SUCCESS"),
        answered("alipay.trade.query").replace(b"Success", "成功".encode("gbk")),
        answered("alipay.trade.query", out_trade_no="2" * 20 + "_1", trade_status="TRADE_SUCCESS", total_amount="1.00"),
        answered("alipay.trade.query", out_trade_no=REFERENCE, trade_status="TRADE_SUCCESS", total_amount="much"),
        refused("alipay.trade.query", "isp.unknow-error", code="20000"),
        refused("alipay.trade.query", "aop.call-limited", code="40005"),
        refused("alipay.trade.query", "ACQ.SYSTEM_ERROR"),
        refused("alipay.trade.query", "aop.ACQ.SYSTEM_ERROR"),
    ],
)
def test_an_answer_that_is_unsigned_unreadable_or_busy_says_nothing(answer: bytes | Reply) -> None:
    with pytest.raises(Away):
        alipay(answer).query(BILL)


def test_braces_and_slashes_inside_values_end_no_answer() -> None:
    inner = b'{"code":"10000","out_trade_no":"%s","trade_status":"WAIT_BUYER_PAY","x":"a}\\"}{\\/ \xe6\x9d\x91"}'
    inner = inner % REFERENCE.encode()
    sign = signed(THEIRS, inner).encode()
    for body in (
        b'{"alipay_trade_query_response":%s,"sign":"%s"}' % (inner, sign),
        b'{"sign":"%s", "alipay_cert_sn":"}", "alipay_trade_query_response" : %s }' % (sign, inner),
    ):
        assert alipay(body).query(BILL) is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"trade_status": "WAIT_BUYER_PAY"}, type(None)),
        ({"trade_status": "TRADE_SUCCESS", "send_pay_date": "2026-11-24 23:59:00"}, Money),
        ({"trade_status": "TRADE_FINISHED", "send_pay_date": "2026-11-24 23:59:00"}, Money),
        ({"trade_status": "TRADE_CLOSED", "send_pay_date": "2026-11-24 23:59:00"}, Money),  # all of it has gone back
        ({"trade_status": "TRADE_CLOSED"}, Closed),
    ],
)
def test_how_a_payment_stands(fields: dict[str, str], kind: type) -> None:
    answer = answered("alipay.trade.query", out_trade_no=REFERENCE, trade_no="2026", total_amount="59.80", **fields)
    assert type(alipay(answer).query(BILL)) is kind


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, False), (59, False), (60, True)])
def test_a_link_that_nobody_opened_is_closed_only_when_its_time_is_over(seconds: int, over: bool) -> None:
    at = BILL.expires + timedelta(seconds=seconds)
    for ask in (
        alipay(refused("alipay.trade.query", "ACQ.TRADE_NOT_EXIST"), at).query(BILL),
        alipay(refused("alipay.trade.close", "ACQ.TRADE_NOT_EXIST"), at).close(BILL, {}),
    ):
        assert isinstance(ask, Closed) is over


def test_a_refusal_keeps_alipays_own_code() -> None:
    for call in ("query", "query_refund"):
        method = {"query": "alipay.trade.query", "query_refund": "alipay.trade.fastpay.refund.query"}[call]
        with pytest.raises(Declined) as caught:
            getattr(alipay(refused(method, "ACQ.INVALID_PARAMETER")), call)(BILL if call == "query" else RECLAIM)
        assert caught.value.code == "ACQ.INVALID_PARAMETER"


@pytest.mark.parametrize(
    ("fields", "progress"),
    [
        ({"fund_change": "Y", "refund_fee": "19.80"}, Progress.DONE),
        ({"fund_change": "N", "refund_fee": "19.80"}, Progress.ASKED),
        ({}, Progress.ASKED),
    ],
)
def test_a_refund_that_was_taken_is_done_only_where_funds_changed(fields: dict[str, str], progress: Progress) -> None:
    found = alipay(answered("alipay.trade.refund", **fields)).refund(RECLAIM)
    assert (found.progress, found.amount, found.key) == (progress, 980, RECLAIM.key)


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"refund_status": "REFUND_SUCCESS", "refund_amount": "9.80"}, True),
        ({"refund_amount": "9.80"}, False),
        ({}, False),
    ],
)
def test_a_refund_that_is_asked_for_is_done_only_by_its_status(fields: dict[str, str], known: bool) -> None:
    found = alipay(answered("alipay.trade.fastpay.refund.query", **fields)).query_refund(RECLAIM)
    assert (found is not None and found.progress is Progress.DONE) is known


@pytest.mark.parametrize(("hour", "ready"), [(9, None), (10, None), (11, None), (12, [])])
def test_a_day_without_a_bill_is_empty_from_noon_and_not_ready_before(hour: int, ready: list[Any] | None) -> None:
    at = datetime(2026, 11, 25, hour - 8, tzinfo=UTC)
    answer = refused("alipay.data.dataservice.bill.downloadurl.query", "isp.bill_not_exist")
    if ready is None:
        with pytest.raises(Away):
            alipay(answer, at).statement(date(2026, 11, 24))
    else:
        assert alipay(answer, at).statement(date(2026, 11, 24)) == ready


def test_a_bill_that_cannot_be_ready_or_be_fetched_is_asked_for_later() -> None:
    early = alipay(refused("alipay.data.dataservice.bill.downloadurl.query", "isp.invalid-arguments"))
    with pytest.raises(Away):
        early.statement(date(2026, 11, 24))
    assert early.transport.sent == []  # type: ignore[attr-defined]
    late = alipay(answered("alipay.data.dataservice.bill.downloadurl.query", bill_download_url="https://x"), NOW)
    answers = iter([late.transport.answer, Reply(403, {}, packed(table(PAYMENT)))])  # type: ignore[attr-defined]
    late.transport.send = lambda *_: a if isinstance(a := next(answers), Reply) else Reply(200, {}, a)  # type: ignore[method-assign]
    with pytest.raises(Away, match="403"):
        late.statement(date(2026, 11, 23))
