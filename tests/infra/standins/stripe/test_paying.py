"""Client and stand-in: closing, slow money, late money."""

from datetime import timedelta

import pytest
from chalicelib.domain.payments.news import Closed, Money
from chalicelib.payments.port import Away
from cunbo.standins.base import Misbehaviour

from tests.functions.payments.contract import PAYER
from tests.infra.standins.stripe.calls import make


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
