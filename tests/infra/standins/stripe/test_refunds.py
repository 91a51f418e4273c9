"""Client and stand-in: refunds."""

from datetime import date

import pytest
from chalicelib.domain.payments.news import Progress, RefundNews, RowKind
from chalicelib.payments.port import Away, Declined
from cunbo.standins.base import Misbehaviour

from tests.infra.standins.stripe.calls import OVER, make


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
