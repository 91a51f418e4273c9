"""Disputes, and the balance."""

from datetime import date

from chalicelib.domain.payments.news import Dispute, DisputeState, RowKind

from tests.infra.standins.stripe.calls import OVER, code, make, refund


def test_a_dispute_is_told_when_it_comes_and_when_it_ends_with_the_order_that_it_is_about() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    claim = bench.stand_in.dispute(money.payment, 5980)
    bench.stand_in.deliver()
    assert code(refund(bench, money.payment, "1")) == "400 charge_disputed"
    bench.stand_in.decide(claim, won=True)
    bench.stand_in.deliver()
    assert all(isinstance(one, Dispute) and one.reference == bill.reference for one in bench.news)
    assert [one.state for one in bench.news if isinstance(one, Dispute)] == [DisputeState.OPEN, DisputeState.WON]
    assert bench.moved("dispute") == bench.moved("dispute_won") == [5980]


def test_its_balance_is_in_the_currency_that_it_settles_in_and_has_rows_that_no_order_knows_of() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.dispute(money.payment, 5980)
    bench.stand_in.pay_out(10_000)
    bench.clock.now = OVER
    [paid, dispute, payout] = bench.provider.statement(date(2026, 11, 24))
    assert (paid.kind, paid.amount, paid.currency, paid.fee, paid.fee_currency) == (
        RowKind.PAYMENT,
        5980,
        "CNY",
        6518 * 34 // 1000 + 235,
        "HKD",
    )
    assert (dispute.kind, dispute.reference, dispute.fee) == (RowKind.DISPUTE, bill.reference, 8500)
    assert (payout.kind, payout.amount, payout.currency, payout.detail) == (RowKind.OTHER, 10_900, "HKD", "payout")


def test_a_day_of_more_than_a_hundred_movements_comes_whole_and_in_order() -> None:
    bench = make()
    amounts = [1000 + n for n in range(230)]
    for amount in amounts:
        bench.paid(amount=amount)
    bench.clock.now = OVER
    rows = list(bench.provider.statement(date(2026, 11, 24)))
    assert [row.amount for row in rows] == amounts
