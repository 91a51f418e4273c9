"""Refunds: refused, away, pending, failed, by hand."""

import pytest
from chalicelib.domain.payments.news import Progress, RefundNews
from chalicelib.payments.port import Away, Declined
from cunbo.standins.base import Misbehaviour

from tests.functions.payments.contract import NOTIFY
from tests.infra.standins.wechat.calls import call, make, refund


def test_what_it_refuses_of_refunds() -> None:
    bench = make()
    _, money = bench.paid()
    unpaid = bench.bill()
    bench.begun(unpaid)
    asked = {
        "transaction_id": money.payment,
        "out_refund_no": "r" * 24,
        "notify_url": NOTIFY,
        "amount": {"refund": 980, "total": 5980, "currency": "CNY"},
    }
    amount = asked["amount"]
    for changes, code in (
        ({"transaction_id": "42"}, "RESOURCE_NOT_EXISTS"),
        ({"transaction_id": None, "out_trade_no": unpaid.reference}, "RESOURCE_NOT_EXISTS"),
        ({"out_refund_no": "r" * 65}, "PARAM_ERROR"),
        ({"out_refund_no": "退款"}, "PARAM_ERROR"),
        ({"notify_url": f"{NOTIFY}?a=1"}, "PARAM_ERROR"),
        ({"amount": {**amount, "refund": 9.8}}, "PARAM_ERROR"),
        ({"amount": {**amount, "refund": 0}}, "PARAM_ERROR"),
        ({"amount": {**amount, "currency": "USD"}}, "PARAM_ERROR"),
        ({"amount": {**amount, "total": 5981}}, "INVALID_REQUEST"),
        ({"amount": {**amount, "refund": 5981}}, "INVALID_REQUEST"),
        ({}, "200"),
        ({}, "200"),  # the same once more
        ({"amount": {**amount, "refund": 981}}, "INVALID_REQUEST"),  # the same key, another amount
        ({"out_refund_no": "s" * 24}, "FREQUENCY_LIMITED"),
    ):
        assert call(bench, "POST", "/v3/refund/domestic/refunds", {**asked, **changes}) == code, changes
    assert bench.moved("refund") == [980]
    bench.clock.go(days=365)
    assert call(bench, "POST", "/v3/refund/domestic/refunds", {**asked, "out_refund_no": "s" * 24}) == "INVALID_REQUEST"


def test_two_refunds_of_one_payment_within_a_minute_are_away_and_then_go_through() -> None:
    bench = make()
    bill, money = bench.paid()
    refund(bench, bill, money, 980, "a" * 24)
    with pytest.raises(Away):
        refund(bench, bill, money, 980, "b" * 24)
    bench.clock.go(minutes=1)
    refund(bench, bill, money, 980, "b" * 24)
    assert bench.moved("refund") == [980, 980]


def test_without_balance_a_refund_is_refused_and_the_same_key_goes_through_once_there_is_some() -> None:
    bench = make()
    bench.stand_in.balance = 0
    bill, money = bench.paid()
    bench.stand_in.balance = 979
    with pytest.raises(Declined, match="NOT_ENOUGH"):
        refund(bench, bill, money, 980)
    bench.stand_in.balance = 980
    refund(bench, bill, money, 980)
    assert (bench.stand_in.balance, bench.moved("refund")) == (0, [980])


def test_the_lost_answer_of_a_refund_is_asked_for_a_day_later_and_moves_nothing_twice() -> None:
    bench = make()
    bill, money = bench.paid()
    asked = bench.reclaim(bill, money, 980)
    bench.transport.inner.how = Misbehaviour(lost_answer=1)
    with pytest.raises(Away):
        bench.provider.refund(asked)
    bench.transport.inner.how = Misbehaviour()
    bench.clock.go(hours=25)
    for told in (bench.provider.query_refund(asked), bench.provider.refund(asked)):
        assert told.progress is Progress.DONE
    assert bench.moved("refund") == [980]


def test_a_pending_refund_is_not_done_until_it_is_and_news_of_it_has_its_key() -> None:
    bench = make(refund_pending=1)
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    asked = bench.reclaim(bill, money, 980)
    assert bench.provider.refund(asked).progress is Progress.ASKED
    assert bench.provider.query_refund(asked).progress is Progress.ASKED
    bench.stand_in.deliver()
    assert (bench.news, bench.moved("refund")) == ([], [])
    bench.stand_in.settle()
    bench.stand_in.deliver()
    [told] = bench.news
    assert isinstance(told, RefundNews)
    assert (told.key, told.progress, told.amount) == (asked.key, Progress.DONE, 980)
    assert bench.moved("refund") == [980]


def test_a_refund_that_fails_needs_a_person_or_frees_the_rest() -> None:
    seen = set()
    for n in range(8):
        bench = make(refund_fails=1)
        bench.stand_in.dice.seed(n)
        bill, money = bench.paid()
        refund(bench, bill, money, 5000, "a" * 24)
        told = bench.provider.query_refund(bench.reclaim(bill, money, 5000, "a" * 24))
        seen.add(told.progress)
        assert bench.moved("refund") == []
        bench.stand_in.deliver()
        assert [one.progress for one in bench.news if isinstance(one, RefundNews)] == [told.progress]
        bench.clock.go(minutes=1)
        bench.stand_in.how = Misbehaviour()
        if told.progress is Progress.FAILED:
            refund(bench, bill, money, 5980, "b" * 24)
            assert bench.moved("refund") == [5980]
        else:
            with pytest.raises(Declined):
                refund(bench, bill, money, 981, "b" * 24)
            bench.stand_in.mend("a" * 24)
            assert bench.moved("refund") == [5000]
    assert seen == {Progress.HAND, Progress.FAILED}


def test_after_a_refund_the_payment_is_still_what_was_paid() -> None:
    bench = make()
    bill, money = bench.paid()
    refund(bench, bill, money, 5980)
    assert bench.provider.query(bill) == money
    assert bench.provider.close(bill, {}) == money


def test_a_refund_by_hand_in_the_console_is_told_with_its_payment() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    bench.stand_in.refund_by_hand(bill.reference, 100)
    bench.stand_in.deliver()
    [told] = bench.news
    assert isinstance(told, RefundNews)
    assert (told.reference, told.payment, told.amount) == (bill.reference, money.payment, 100)
