"""What the shop relies on with every payment provider, shown with the client and its stand-in together."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from chalicelib.domain.payments.news import Closed, Money, Progress, RefundNews, RowKind
from chalicelib.payments.port import Away, Declined
from cunbo.standins.base import Misbehaviour

from tests.functions.payments.contract import BENCHES, PAYER, Bench

Make = Callable[..., Bench]


@pytest.fixture(params=BENCHES)
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a provider with a stand-in that misbehaves as it is told."""
    return lambda **how: BENCHES[request.param](Misbehaviour(**how))


def channels() -> list[tuple[str, int]]:
    return [(name, n) for name, make in BENCHES.items() for n in range(len(make(Misbehaviour()).provider.channels))]


@pytest.mark.parametrize(("name", "n"), channels())
def test_what_is_paid_is_told_and_can_be_asked_for(name: str, n: int) -> None:
    bench = BENCHES[name](Misbehaviour())
    bill, asked = bench.paid(channel=bench.provider.channels[n])
    bench.stand_in.deliver()
    [told] = bench.news
    assert isinstance(told, Money)
    for money in (told, asked):
        assert (money.reference, money.amount, money.currency) == (bill.reference, bill.amount, "CNY")
        assert money.at == bench.clock()
    assert told.payment == asked.payment
    assert bench.moved("payment") == [bill.amount]


def test_the_same_bill_begun_again_is_the_same_payment(make: Make) -> None:
    bench = make()
    bill = bench.bill()
    first, second = bench.begun(bill), bench.begun(bill)
    assert bench.pay(bill, first)
    assert not bench.pay(bill, second)
    assert bench.moved("payment") == [bill.amount]


@pytest.mark.parametrize(
    "title",
    [
        "🥬" * 201,
        "👩‍👩‍👧‍👦" * 30,
        "辣白菜" * 67,
        "a" * 201,
        "+ %2B & = / 100%",
        "泡菜\u00a0é\u200b\ufe0f",
        "<b>&amp;</b>'\"\\",
        "\t\n x",
    ],
)
def test_whatever_goods_are_called_they_are_paid_and_told(make: Make, title: str) -> None:
    """yansongda/pay #681, #61, #249: a plus, Chinese or a charset broke what was signed."""
    bench = make()
    bill, money = bench.paid(title=title)
    bench.stand_in.deliver()
    assert [(one.reference, one.payment) for one in bench.news] == [(bill.reference, money.payment)]
    assert bench.refused == []


def test_an_offer_asks_nobody_and_is_not_made_when_the_bill_has_expired(make: Make) -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    sent = bench.transport.sent
    assert bench.provider.offer(bill, handle, bench.clock())["action"] in {"redirect", "qr", "wechat"}
    assert bench.provider.offer(bill, handle, bill.expires) == {"action": "none"}
    assert bench.transport.sent == sent


def test_what_nobody_paid_is_not_money_and_is_closed_in_the_end(make: Make) -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert bench.provider.query(bill) is None
    first = bench.provider.close(bill, handle)
    assert first is None or isinstance(first, Closed)
    bench.clock.go(minutes=20)
    for _ in range(2):  # closed again is closed
        assert isinstance(bench.provider.close(bill, handle), Closed)
    assert isinstance(bench.provider.query(bill), Closed)
    assert not bench.pay(bill, handle)
    assert bench.stand_in.books == []


def test_closing_what_was_paid_finds_the_money(make: Make) -> None:
    bench = make()
    bill, money = bench.paid()
    found = bench.provider.close(bill, {})
    assert isinstance(found, Money)
    assert (found.payment, found.amount) == (money.payment, money.amount)


def test_asking_twice_gives_the_same_news(make: Make) -> None:
    bench = make()
    bill, money = bench.paid()
    assert bench.provider.query(bill) == money


def test_news_that_comes_twice_or_late_names_the_same_payment(make: Make) -> None:
    bench = make(twice=1, late=0.5)
    bill, money = bench.paid()
    bench.stand_in.deliver()
    assert len(bench.news) == 2
    assert {(one.reference, one.payment) for one in bench.news if isinstance(one, Money)} == {
        (bill.reference, money.payment)
    }


def test_no_byte_of_the_news_can_be_changed_or_left_out(make: Make) -> None:
    bench = make()
    bench.paid()
    bench.stand_in.deliver()
    [(headers, body)] = bench.posted
    changed = body.replace(b"59.80", b"0.01").replace(b"5980", b"1").replace(b"SUCCESS", b"SUCCES5")
    for wrong in (changed + b" ", b"", body[: len(body) // 2], body[9:], b"x" + body):
        assert bench.take("", dict(headers), wrong).status == 401
    assert len(bench.news) == 1


def test_false_news_is_refused_and_the_true_news_behind_it_is_taken(make: Make) -> None:
    bench = make(probe=1)
    bench.paid()
    bench.stand_in.deliver()
    assert bench.refused
    assert bench.stand_in.fooled == 0
    assert [type(one) for one in bench.news] == [Money]


def test_news_stays_until_it_is_heard(make: Make) -> None:
    bench = make()
    heard, bench.provider.heard = bench.provider.heard, bench.provider.heard.__class__(500, {}, b"")
    bench.paid()
    assert bench.stand_in.deliver() == 1
    bench.provider.heard = heard
    assert bench.stand_in.deliver() == 0


def refund(bench: Bench, asked: Any) -> RefundNews:
    """Asks until the provider says that the money has gone back, as the outbox does; there are many tries."""
    for _ in range(60):
        bench.clock.go(minutes=2)
        try:
            found = bench.provider.query_refund(asked) or bench.provider.refund(asked)
        except Away:
            continue
        if found.progress is Progress.DONE:
            return found
        bench.stand_in.settle()
    raise AssertionError("the refund never ended")


@pytest.mark.parametrize("how", [{}, {"lost_answer": 0.5}, {"silent": 0.5}, {"refund_pending": 1}, {"away": 0.5}])
def test_a_refund_with_one_key_moves_its_money_once(make: Make, how: dict[str, float]) -> None:
    bench = make()
    bill, money = bench.paid()
    for part in (bench.stand_in, bench.transport.inner):
        part.how = Misbehaviour(**how)
    asked = bench.reclaim(bill, money, 980)
    for _ in range(3):
        found = refund(bench, asked)
        assert (found.key, found.amount, found.progress) == (asked.key, 980, Progress.DONE)
    assert bench.moved("refund") == [980]


def test_news_of_a_refund_names_its_key_and_is_no_payment(make: Make) -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    asked = bench.reclaim(bill, money, 980)
    refund(bench, asked)
    bench.stand_in.deliver()
    assert bench.news
    for told in bench.news:
        assert isinstance(told, RefundNews)
        assert told.key == asked.key
        assert told.amount in {0, 980}


def test_a_refund_that_nobody_asked_for_is_unknown(make: Make) -> None:
    bench = make()
    bill, money = bench.paid()
    assert bench.provider.query_refund(bench.reclaim(bill, money, 980)) is None


def test_no_more_goes_back_than_was_paid(make: Make) -> None:
    bench = make()
    bill, money = bench.paid()
    refund(bench, bench.reclaim(bill, money, 5000, "a" * 24))
    bench.clock.go(minutes=2)
    with pytest.raises(Declined):
        bench.provider.refund(bench.reclaim(bill, money, 981, "b" * 24))
    refund(bench, bench.reclaim(bill, money, 980, "c" * 24))
    assert bench.moved("refund") == [5000, 980]


def test_a_key_is_not_taken_for_another_amount(make: Make) -> None:
    bench = make()
    bill, money = bench.paid()
    refund(bench, bench.reclaim(bill, money, 980))
    bench.clock.go(minutes=2)
    with pytest.raises(Declined):
        bench.provider.refund(bench.reclaim(bill, money, 981))
    assert bench.moved("refund") == [980]


@pytest.mark.parametrize("how", [{"away": 1}, {"silent": 1}, {"lost_answer": 1}])
def test_a_provider_that_does_not_answer_is_away(make: Make, how: dict[str, float]) -> None:
    bench = make()
    bill, money = bench.paid()
    bench.transport.inner.how = Misbehaviour(**how)
    asked = bench.reclaim(bill, money, 980)
    calls: list[Callable[[], object]] = [
        lambda: bench.provider.query(bill),
        lambda: bench.provider.close(bill, {}),
        lambda: bench.provider.refund(asked),
        lambda: bench.provider.query_refund(asked),
    ]
    for call in calls:
        with pytest.raises(Away):
            call()


def test_a_statement_has_every_movement_of_its_day_and_no_other(make: Make) -> None:
    bench = make()
    first, money = bench.paid()
    second, _ = bench.paid(amount=1)
    asked = bench.reclaim(first, money, 980)
    refund(bench, asked)
    with pytest.raises(Away):
        list(bench.provider.statement(date(2026, 11, 24)))
    bench.clock.go(days=1)
    bench.paid(amount=777)
    rows = [row for row in bench.provider.statement(date(2026, 11, 24)) if row.kind is not RowKind.FEE]
    assert sorted((row.kind, row.reference, row.amount, row.key) for row in rows) == [
        (RowKind.PAYMENT, first.reference, 5980, ""),
        (RowKind.PAYMENT, second.reference, 1, ""),
        (RowKind.REFUND, first.reference, 980, asked.key),
    ]
    assert all(row.currency == "CNY" and row.payment and row.fee >= 0 for row in rows)
    assert all(before.line < after.line for before, after in pairwise(rows))


def test_a_day_on_which_nothing_moved_has_an_empty_statement(make: Make) -> None:
    bench = make()
    bench.clock.go(days=2)
    assert list(bench.provider.statement(date(2026, 11, 24))) == []


def test_news_and_answers_are_believed_while_the_provider_switches_its_keys(make: Make) -> None:
    bench = make()
    bench.stand_in.switch_keys()
    bench.provider = bench.rebuilt()  # as it is once the new key is in the settings
    for _ in range(6):
        bench.paid()
    bench.stand_in.deliver()
    assert len(bench.news) == 6
    assert bench.refused == []


def test_a_link_or_code_is_offered_for_no_longer_than_the_bill_lasts(make: Make) -> None:
    bench = make()
    bill = bench.bill()
    begun = bench.provider.begin(bill, PAYER)
    assert bench.clock() < begun.until <= max(bill.expires, bench.clock() + timedelta(hours=24))
