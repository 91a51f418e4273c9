"""A day on which everything misbehaves: no movement is unknown, and none is made twice."""

from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.payments.news import Money, Progress
from chalicelib.payments.port import Away, Declined, Reclaim
from cunbo.standins.base import Request

from tests.functions.payments.contract import Bench
from tests.infra.standins.alipay.calls import make


def until_answered(ask: Callable[[], Any]) -> Any:
    """Asks again while the provider is away, as the outbox does."""
    for _ in range(50):
        with suppress(Away):
            return ask()
    raise AssertionError("it was away for ever")


def gone_back(bench: Bench, reclaim: Reclaim) -> None:
    """Asks until the money has gone back; what is refused for want of balance is asked for again."""
    for _ in range(50):
        bench.clock.go(seconds=11)
        with suppress(Away, Declined):
            found = bench.provider.query_refund(reclaim) or bench.provider.refund(reclaim)
            if found.progress is Progress.DONE:
                return
        bench.stand_in.settle()
    raise AssertionError("it never went back")


def test_a_day_with_everything_misbehaving_at_once_leaves_no_movement_unknown_and_none_twice() -> None:
    how = dict.fromkeys(("twice", "late", "never", "probe", "paid_late", "refund_fails"), 0.2)
    bench = make(**how, lost_answer=0.1, silent=0.1, away=0.1, refund_pending=0.4)
    dice, known, backs = Random(3), {}, []
    for n in range(150):
        if n == 75:
            bench.stand_in.switch_keys()
            bench.provider = bench.rebuilt()
        bill = bench.bill(amount=dice.randint(1, 9999), channel=dice.choice(bench.provider.channels))
        handle = bench.begun(bill)
        bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
        match dice.choice(("pay", "log in", "leave")):
            case "pay":
                bench.stand_in.pay(bill.reference)
            case "log in":
                bench.stand_in.log_in(bill.reference)
        found = until_answered(lambda bill=bill, handle=handle: bench.provider.close(bill, handle))
        if found is None:  # the link can still be paid
            bench.clock.go(minutes=16)
            found = until_answered(lambda bill=bill, handle=handle: bench.provider.close(bill, handle))
        if isinstance(found, Money):
            known[found.reference] = found.amount
            if dice.random() < 0.4:
                backs.append(bench.reclaim(bill, found, dice.randint(1, found.amount), f"{n:024}"))
                gone_back(bench, backs[-1])
        if n % 10 == 0:
            bench.stand_in.deliver()
    while bench.stand_in.deliver():
        pass
    books = bench.stand_in.books
    payments = [(moved.reference, moved.amount) for moved in books if moved.kind == "payment"]
    refunds = [(moved.key, moved.amount) for moved in books if moved.kind == "refund"]
    assert sorted(payments) == sorted(known.items())
    assert len(payments) > 50 < len(bench.news)
    assert sorted(refunds) == sorted((one.key, one.amount) for one in backs)
    assert bench.stand_in.fooled == 0
    assert bench.refused
    for one in bench.news:
        if isinstance(one, Money):
            assert known[one.reference] == one.amount
    bench.clock.go(days=3)
    days = {moved.at.astimezone(VILLAGE).date() for moved in books}
    rows = [row for day in sorted(days) for row in until_answered(lambda day=day: bench.provider.statement(day))]
    assert [(row.kind, row.reference, row.amount, row.key) for row in rows] == [
        (moved.kind, moved.reference, moved.amount, moved.key) for moved in books
    ]
