"""A day of orders at each provider, with everything misbehaving at once: what the shop is told comes to the fen."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import TypeVar

import pytest
from chalicelib.domain.payments.news import Money, Progress, RowKind
from chalicelib.payments.port import Away, Declined, Reclaim

from tests.functions.payments.contract import BENCHES, PAYER, WORST, Bench

T = TypeVar("T")
ORDERS = 120


def until(bench: Bench, ask: Callable[[], T]) -> T:
    """Asks until there is an answer, as the outbox does."""
    for _ in range(30):
        try:
            return ask()
        except Away:
            bench.clock.go(seconds=4)
    raise AssertionError("the provider never answered")


@pytest.mark.parametrize("name", BENCHES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_yuan_of_a_bad_day_is_known_to_the_shop_and_stands_in_the_statement(name: str, seed: int) -> None:
    bench, dice = BENCHES[name](WORST), Random(seed)
    bench.stand_in.dice.seed(seed)
    channels = bench.provider.channels
    handles = []
    for n in range(ORDERS):
        bench.clock.go(seconds=15)
        bill = bench.bill(channels[n % len(channels)], amount=dice.randint(3, 20000))
        handles.append((bill, until(bench, lambda bill=bill: bench.provider.begin(bill, PAYER)).handle))  # type: ignore[misc]
        if dice.random() < 0.8:
            bench.pay(*handles[-1])
        if n == ORDERS // 2:
            bench.stand_in.switch_keys()
            bench.provider = bench.rebuilt()
    bench.clock.go(hours=1)
    known: dict[str, int] = {}
    for bill, handle in handles:
        found = until(bench, lambda bill=bill, handle=handle: bench.provider.close(bill, handle))  # type: ignore[misc]
        assert found, "an hour later everything is paid or closed"
        if isinstance(found, Money):
            known[found.payment] = found.amount
    while bench.stand_in.deliver():
        pass
    told = {one.payment: one.amount for one in bench.news if isinstance(one, Money)}
    assert told.items() <= known.items()
    assert known == {moved.payment: moved.amount for moved in bench.stand_in.books}
    ends: dict[str, Progress] = {}
    for n, (bill, _) in enumerate(handles):
        found = until(bench, lambda bill=bill: bench.provider.query(bill))  # type: ignore[misc]
        if isinstance(found, Money) and n % 2:
            asked = bench.reclaim(bill, found, found.amount // 2, f"{bill.reference[:20]}-{n}")
            ends[asked.key] = until(bench, lambda asked=asked: ended(bench, asked))  # type: ignore[misc]
    moved = {one.key for one in bench.stand_in.books if one.kind == "refund"}
    undone = {one.key for one in bench.stand_in.books if one.kind == "refund_failure"}
    assert {key for key, end in ends.items() if end is Progress.DONE} <= moved - undone
    assert {ends[key] for key in moved - undone} <= {Progress.DONE, Progress.HAND}, "a person is told of the rest"
    assert set(ends.values()) >= {Progress.DONE, Progress.FAILED}
    assert bench.stand_in.fooled == 0
    bench.clock.now += timedelta(days=1)
    rows = until(bench, lambda: list(bench.provider.statement(date(2026, 11, 24))))
    kinds = {RowKind.PAYMENT, RowKind.REFUND}
    in_books = sorted((one.kind, one.payment, one.amount) for one in bench.stand_in.books if one.kind in kinds)
    assert sorted((row.kind, row.payment, row.amount) for row in rows if row.kind in kinds) == in_books


def ended(bench: Bench, asked: Reclaim) -> Progress:
    """Asks for a refund once more; raises Away while it is under way, says how it has ended."""
    try:
        told = bench.provider.query_refund(asked) or bench.provider.refund(asked)
    except Declined:
        return Progress.FAILED
    if told.progress is Progress.ASKED:
        bench.stand_in.settle()
        raise Away("not yet")
    assert isinstance(told.progress, Progress)
    return told.progress
