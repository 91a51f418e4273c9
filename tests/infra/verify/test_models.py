"""The models of the shop: the small instances are sound and replayed, and every planted fault is found."""

from collections.abc import Iterator

import pytest
from cunbo.verify import instances
from cunbo.verify.explorer import explore
from cunbo.verify.instances import FAULTS, LARGE, SMALL, Planted, planted
from cunbo.verify.replay import replay
from cunbo.verify.shop import TABLE
from cunbo.verify.testbed import table_in_process

NEVER_REFUSED = {
    "shard: attribute_exists(pk)": "no shard is ever deleted",
    "batch: attribute_exists(pk)": "no batch is ever deleted",
    "queue: attribute_exists(pk)": "who leaves the line is written with it, on the condition of their version",
    "queue: attribute_not_exists(n) OR n < :most": "2,000 people would have to wait",
}
"""Conditions that no instance can come to fail."""
HELD_TWICE = {
    "batch: v = :seen": "what is declared on an old size is a size that somebody has declared all the same",
    "batch: kept >= :fewer": "whoever gives out what is kept stands on the line's version too",
    "shard: units >= :owed": "what is found to be owed is looked for again by the next step of settling",
    "queue: n > :none": "what is kept, though the last in line has left, the sweep puts on sale",
    "unpaid: attribute_not_exists(s0) OR s0 < :now": "no promise hangs on it: it keeps one phone from holding a shelf",
    "unpaid: attribute_not_exists(s1) OR s1 < :now": "the same",
}
"""Conditions whose loss another guard makes good, or that keep no promise of these models."""


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The shop logs each loss that is tried on it."""
    with caplog.at_level("CRITICAL"):
        yield


@pytest.mark.parametrize("words", [*SMALL])
def test_nothing_is_oversold_lost_or_stranded_and_a_real_table_does_the_same(words: str) -> None:
    model = SMALL[words](())
    found = explore(model)
    assert found.violation is None, str(found.violation)
    assert found.states > 40, "a model in which nothing happens shows nothing"
    with table_in_process(TABLE) as client:
        replayed = replay(model, client, TABLE)
    assert replayed.differs is None
    assert replayed.reads + replayed.writes == len(model.asked)
    assert replayed.reads and replayed.writes


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.words)
def test_a_guard_that_is_switched_off_is_missed(fault: Planted) -> None:
    with planted(fault) as model:
        found = explore(model).violation
    assert found, "the checker has found nothing, so what it finds nothing wrong with proves nothing"


def test_a_fault_is_planted_in_what_is_explored_without_it_too() -> None:
    explored = {*SMALL.values(), *LARGE.values()}
    assert [fault.words for fault in FAULTS if fault.make not in explored] == []


def test_each_condition_of_a_write_has_a_planted_fault_or_a_reason_why_none_would_be_found() -> None:
    met = set()
    for make in SMALL.values():
        model = make(())
        explore(model)
        met |= model.met
    off = {condition for fault in FAULTS for condition in fault.off}
    assert not off & ({*NEVER_REFUSED} | {*HELD_TWICE})
    assert met - off - {*NEVER_REFUSED} - {*HELD_TWICE} == set()


def test_a_planted_fault_is_taken_out_again() -> None:
    before = {name: (rules.copy()) for name, rules in (("order", instances.RULES), ("waiter", instances.TURNS))}
    for fault in FAULTS:
        with planted(fault):
            pass
    assert before == {"order": instances.RULES, "waiter": instances.TURNS}
