"""Paying and closing, and the news of it."""

import json

import pytest
from chalicelib.domain.payments.news import Closed, Money
from chalicelib.payments.port import Declined, Reply
from cunbo.standins.base import Request
from cunbo.standins.wechat_trades import MCHID

from tests.infra.standins.wechat.calls import call, make


def test_what_is_signed_inside_wechat_cannot_be_changed() -> None:
    bench = make()
    bill = bench.bill()
    offered = bench.provider.offer(bill, bench.begun(bill), bench.clock())

    def pressed(**changes: str) -> str:
        body = json.dumps({**offered, **changes}).encode()
        return str(json.loads(bench.stand_in.answer(Request("POST", "/bridge", "", {}, body)).body)["err_msg"])

    for changes in (
        {"appId": "wx0"},
        {"timeStamp": "1795492801"},
        {"nonceStr": "x"},
        {"package": "prepay_id=wx0"},
        {"signType": "MD5"},
        {"paySign": "AAAA"},
    ):
        assert pressed(**changes) == "get_brand_wcpay_request:fail"
    assert pressed(act="leave") == "get_brand_wcpay_request:cancel"
    assert pressed(act="fail") == "get_brand_wcpay_request:fail"
    assert bench.stand_in.books == []
    assert pressed() == "get_brand_wcpay_request:ok"
    assert pressed() == "get_brand_wcpay_request:fail"
    assert bench.moved("payment") == [bill.amount]


def test_a_close_within_five_minutes_is_refused_and_goes_through_after_them() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert bench.provider.close(bill, handle) is None
    assert bench.pay(bill, bench.begun(bill))
    other = bench.bill()
    handle = bench.begun(other)
    bench.clock.go(minutes=5)
    for _ in range(3):
        assert isinstance(bench.provider.close(other, handle), Closed)  # closing the closed is done
    assert not bench.pay(other, handle)


def test_where_the_real_one_has_no_five_minutes_a_close_goes_through_at_once() -> None:
    bench = make()
    bench.stand_in.waits_five_minutes = False
    bill = bench.bill()
    handle = bench.begun(bill)
    assert isinstance(bench.provider.close(bill, handle), Closed)
    with pytest.raises(Declined, match="ORDER_CLOSED"):
        bench.begun(bill)


def test_a_close_is_refused_of_what_is_unknown_and_of_what_is_paid() -> None:
    bench = make()
    path = "/v3/pay/transactions/out-trade-no/{}/close"
    assert call(bench, "POST", path.format("0" * 20), {"mchid": MCHID}) == "ORDER_NOT_EXIST"
    bill, _ = bench.paid()
    assert call(bench, "POST", path.format(bill.reference), {"mchid": MCHID}) == "ORDERPAID"
    assert call(bench, "POST", path.format(bill.reference), {"mchid": "1"}) == "PARAM_ERROR"


def test_money_that_comes_in_the_moment_of_the_closing_is_found() -> None:
    bench = make(paid_late=1)
    bill = bench.bill()
    assert isinstance(bench.provider.close(bill, bench.begun(bill)), Money)
    assert bench.moved("payment") == [bill.amount]


def test_a_password_that_is_typed_after_the_end_can_still_pay() -> None:
    bench = make()
    bill = bench.bill()
    bench.begun(bill)
    bench.clock.go(minutes=15)
    assert not bench.stand_in.pay(bill.reference)
    assert bench.stand_in.pay(bill.reference, late=True)
    assert isinstance(bench.provider.close(bill, {}), Money)


def test_a_coupon_of_wechat_is_booked_by_the_total() -> None:
    bench = make()
    bill = bench.bill()
    bench.begun(bill)
    bench.stand_in.pay(bill.reference, coupon=1000)
    bench.stand_in.deliver()
    money = bench.provider.query(bill)
    assert [one.amount for one in (*bench.news, money)] == [bill.amount] * 2
    told = bench.provider.refund(bench.reclaim(bill, money, bill.amount))
    assert told.amount == bill.amount


def test_news_that_is_repeated_hours_later_is_signed_anew() -> None:
    bench = make()
    heard, bench.provider.heard = bench.provider.heard, Reply(500, {}, b"")
    bench.paid()
    assert bench.stand_in.deliver() == 1
    bench.clock.go(hours=6)
    bench.provider.heard = heard
    assert bench.stand_in.deliver() == 0
    assert bench.refused == []
    assert len({headers["wechatpay-signature"] for headers, _ in bench.posted}) == 2


@pytest.mark.parametrize(
    ("status", "body", "left"), [(204, b"", 0), (200, b"", 0), (200, b'"success"', 1), (404, b"", 1)]
)
def test_news_is_heard_by_an_empty_answer_alone(status: int, body: bytes, left: int) -> None:
    bench = make()
    bench.provider.heard = Reply(status, {}, body)
    bench.paid()
    assert bench.stand_in.deliver() == left


def test_from_certificate_to_public_key_without_a_lost_notification() -> None:
    bench = make()
    bench.paid()
    bench.stand_in.switch_keys()
    for _ in range(8):
        bench.paid()  # answers are still signed with the certificate: the shop asks for nothing else
    left = bench.stand_in.deliver()
    assert 0 < left < 9
    assert all("serial" in str(error) for error in bench.refused)
    bench.provider = bench.rebuilt()
    bench.paid()  # answers are signed with the public key now
    assert bench.stand_in.deliver() == 0
    assert len(bench.news) == 10
