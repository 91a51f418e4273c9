"""Trades that begin, are paid and are closed."""

import pytest
from chalicelib.domain.payments.news import Closed, Money
from cunbo.standins.base import Request

from tests.infra.standins.alipay.calls import LINK, call, make, open_link


def test_no_trade_exists_until_somebody_logs_in_yet_the_link_stays_payable_until_its_end() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert bench.provider.close(bill, handle) is None
    assert bench.pay(bill, handle)
    later = bench.bill()
    handle = bench.begun(later)
    bench.clock.go(minutes=15)
    assert not bench.pay(later, handle)


def test_a_trade_that_is_waiting_can_be_closed_and_then_not_paid() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert open_link(bench, {**LINK, "out_trade_no": "x"}).status == 200
    bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
    bench.stand_in.log_in(bill.reference)
    assert bench.provider.query(bill) is None
    assert isinstance(bench.provider.close(bill, handle), Closed)
    assert not bench.pay(bill, handle)
    assert isinstance(bench.provider.close(bill, handle), Closed)  # closing the closed is done
    bench.stand_in.deliver()
    assert [type(one) for one in bench.news] == [Closed]


def test_a_close_is_refused_of_what_is_unknown_and_of_what_is_paid() -> None:
    bench = make()
    assert call(bench, "alipay.trade.close", {"out_trade_no": "2" * 20 + "_1"}) == "ACQ.TRADE_NOT_EXIST"
    bill, _ = bench.paid()
    assert call(bench, "alipay.trade.close", {"out_trade_no": bill.reference}) == "ACQ.TRADE_STATUS_ERROR"


@pytest.mark.parametrize("logged_in", [True, False])
def test_money_that_comes_in_the_moment_of_the_closing_is_found(logged_in: bool) -> None:
    bench = make(paid_late=1)
    bill = bench.bill()
    handle = bench.begun(bill)
    bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
    if logged_in:
        bench.stand_in.log_in(bill.reference)
    assert isinstance(bench.provider.close(bill, handle), Money)
    assert bench.moved("payment") == [bill.amount]


def test_a_password_that_is_typed_after_the_end_can_still_pay() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
    bench.clock.go(minutes=16)
    assert not bench.stand_in.pay(bill.reference)
    assert bench.stand_in.pay(bill.reference, late=True)
    bench.stand_in.deliver()
    assert [type(one) for one in bench.news] == [Money]
