"""What it tells, from the page of phones and from that of desktops."""

import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Money, RefundNews

from tests.functions.payments.contract import Bench
from tests.infra.standins.alipay.calls import LINK, make, open_link


def told(bench: Bench) -> list[tuple[type, str]]:
    bench.stand_in.deliver()
    found = [(type(one), getattr(one, "key", "")) for one in bench.news]
    bench.news.clear()
    return found


@pytest.mark.parametrize("channel", [Channel.ALIPAY_WAP, Channel.ALIPAY_PAGE])
def test_the_phones_page_tells_all_and_the_desktops_of_what_is_paid_or_partly_back(channel: Channel) -> None:
    bench = make()
    bill, money = bench.paid(channel=channel)
    assert told(bench) == [(Money, "")]
    bench.provider.refund(bench.reclaim(bill, money, 980, "a" * 24))
    assert told(bench) == [(RefundNews, "a" * 24)]
    bench.clock.go(minutes=1)
    bench.stand_in.refund_by_hand(bill.reference, 1000)
    assert told(bench) == [(RefundNews, "")]
    bench.clock.go(minutes=1)
    bench.provider.refund(bench.reclaim(bill, money, 4000, "b" * 24))
    assert told(bench) == ([(RefundNews, "b" * 24)] if channel is Channel.ALIPAY_WAP else [])
    again = bench.provider.query(bill)
    assert again == money  # it came, also when all of it has gone back


def test_the_end_of_the_time_for_refunds_is_told_and_is_no_news() -> None:
    bench = make()
    bench.paid()
    assert told(bench) == [(Money, "")]
    bench.clock.go(days=365)
    bench.stand_in.finish()
    assert told(bench) == []
    assert len(bench.posted) == 2


def test_a_coupon_of_alipay_is_booked_by_the_total() -> None:
    bench = make()
    bill = bench.bill()
    open_link(bench, {**LINK, "out_trade_no": bill.reference})
    bench.stand_in.pay(bill.reference, coupon=1000)
    bench.stand_in.deliver()
    [money] = bench.news
    assert isinstance(money, Money)
    assert money.amount == bill.amount
    assert b"buyer_pay_amount=49.80" in bench.posted[0][1]
