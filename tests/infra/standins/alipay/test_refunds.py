"""Refunds: refused, without balance, lost, pending."""

import pytest
from chalicelib.domain.payments.news import Progress
from chalicelib.payments.port import Away, Declined
from cunbo.standins.base import Misbehaviour

from tests.functions.payments.contract import Bench
from tests.infra.standins.alipay.calls import LINK, call, make, open_link


def refunded(bench: Bench, number: str, amount: object, key: str = "k1") -> str:
    return call(bench, "alipay.trade.refund", {"out_trade_no": number, "refund_amount": amount, "out_request_no": key})


def test_what_it_refuses_of_refunds() -> None:
    bench = make()
    bill, _ = bench.paid()
    number = bill.reference
    assert refunded(bench, "2" * 20 + "_1", "1.00") == "ACQ.TRADE_NOT_EXIST"
    assert refunded(bench, number, 1.0) == "ACQ.INVALID_PARAMETER"
    assert refunded(bench, number, "59.81") == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    assert refunded(bench, number, "1.00", key="") == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert refunded(bench, number, "1.00") == "10000"
    assert refunded(bench, number, "1.01") == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert refunded(bench, number, "1.00", key="k2") == "ACQ.SYSTEM_ERROR"  # within three seconds
    bench.clock.go(seconds=3)
    assert refunded(bench, number, "58.81", key="k2") == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    bench.stand_in.balance = 99
    assert refunded(bench, number, "1.00", key="k2") == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    bench.stand_in.balance = 100
    assert refunded(bench, number, "1.00", key="k2") == "10000"
    bench.clock.go(days=365)
    assert refunded(bench, number, "1.00", key="k3") == "ACQ.TRADE_HAS_FINISHED"
    waiting = bench.bill()
    open_link(bench, {**LINK, "out_trade_no": waiting.reference, "time_expire": "2027-11-24 13:00:00"})
    bench.stand_in.log_in(waiting.reference)
    assert refunded(bench, waiting.reference, "1.00") == "ACQ.TRADE_STATUS_ERROR"
    assert bench.moved("refund") == [100, 100]


def test_without_balance_a_refund_is_refused_and_the_same_key_goes_through_once_there_is_some() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.balance = 0
    asked_for = bench.reclaim(bill, money, 980)
    with pytest.raises(Declined) as caught:
        bench.provider.refund(asked_for)
    assert caught.value.code == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    assert bench.provider.query_refund(asked_for) is None
    bench.stand_in.balance = 980
    assert bench.provider.refund(asked_for).progress is Progress.DONE


def test_the_lost_answer_of_a_refund_is_asked_for_and_moves_nothing_twice() -> None:
    bench = make()
    bill, money = bench.paid()
    asked_for = bench.reclaim(bill, money, 980)
    bench.transport.inner.how = Misbehaviour(lost_answer=1)
    with pytest.raises(Away):
        bench.provider.refund(asked_for)
    bench.transport.inner.how = Misbehaviour()
    assert bench.provider.refund(asked_for).progress is Progress.ASKED  # success, and no funds changed by this call
    found = bench.provider.query_refund(asked_for)
    assert found is not None
    assert (found.progress, found.amount) == (Progress.DONE, 980)
    assert bench.moved("refund") == [980]


def test_a_pending_refund_that_fails_is_as_if_nobody_had_asked_and_frees_the_rest() -> None:
    bench = make(refund_pending=1)
    bill, money = bench.paid()
    asked_for = bench.reclaim(bill, money, bill.amount)
    assert bench.provider.refund(asked_for).progress is Progress.ASKED
    assert bench.provider.query_refund(asked_for) is None
    bench.stand_in.how = Misbehaviour(refund_fails=1)
    bench.stand_in.settle()
    assert bench.moved("refund") == []
    bench.stand_in.how = Misbehaviour()
    assert bench.provider.refund(asked_for).progress is Progress.DONE
    assert bench.moved("refund") == [bill.amount]
