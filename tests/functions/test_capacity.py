"""Capacity over shards: what a surge wants, and steps that never put more on sale than was declared."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from chalicelib.capacity import (
    PER_SHARD,
    SHARDS_PER_PARTITION,
    Declared,
    Share,
    Step,
    partition_of,
    shards_for,
    steps,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.functions.world import day

shares = st.dictionaries(
    st.integers(0, 5), st.builds(Share, cap=st.integers(0, 30), left=st.integers(-20, 30)), max_size=6
).map(
    lambda found: {
        shard: msgspec.structs.replace(share, left=min(share.left, share.cap)) for shard, share in found.items()
    }
)


@st.composite
def declared_batches(draw: st.DrawFn) -> Declared:
    """Any batch: units on sale, sold, or promised beyond their share, and any capacity declared for it."""
    found = draw(shares)
    return Declared(day(2), draw(st.integers(0, 120)), draw(st.integers(max(found, default=0) + 1, 8)), 1, found)


def batch(cap: int, *left: int, sold: Sequence[int] = (), shards: int = 0) -> Declared:
    """A batch whose shards have so many left, and have sold so many."""
    found = {shard: Share(units + (sold[shard] if sold else 0), units) for shard, units in enumerate(left)}
    return Declared(day(2), cap, shards or max(len(left), 1), 1, found)


def after(declared: Declared, step: Step) -> Declared:
    """The batch with the changes made, which must be possible."""
    found = dict(declared.shares)
    for change in step.changes:
        share = found.get(change.shard, Share(0, 0))
        assert change.at_least is None or share.left >= change.at_least
        found[change.shard] = Share(share.cap + change.units, share.left + change.units)
    return msgspec.structs.replace(declared, shares=found, kept=declared.kept + step.kept)


def lefts(declared: Declared) -> list[int]:
    settled = declared
    for step in steps(declared):
        settled = after(settled, step)
    return [settled.shares[shard].left for shard in sorted(settled.shares)]


@pytest.mark.parametrize(
    ("declared", "left"),
    [
        pytest.param(batch(7, shards=3), [3, 2, 2], id="a new batch is spread evenly"),
        pytest.param(batch(10, 5, 1), [5, 5], id="what is added goes to the emptiest"),
        pytest.param(batch(20, 5, 1), [10, 10], id="and then to all"),
        pytest.param(batch(4, 5, 1), [3, 1], id="what is taken off comes from the fullest"),
        pytest.param(batch(6, 3, 3), [3, 3], id="nothing to do"),
        pytest.param(batch(5, 2, 2, sold=(3, 3)), [-3, -3], id="lowered below what is promised, nothing is on sale"),
        pytest.param(batch(0, 2, 0, sold=(0, 3)), [0, -3], id="lowered to nothing"),
        pytest.param(batch(6, -3, -3, sold=(3, 3)), [0, 0], id="what is promised fits again"),
        pytest.param(batch(8, -3, -3, sold=(3, 3)), [0, 0], id="first what is promised, then the rest is put on sale"),
        pytest.param(batch(9, 9, shards=3), [3, 3, 3], id="new shards take their share"),
        pytest.param(batch(2, 2, shards=3), [2, 0, 0], id="too few units to go round"),
    ],
)
def test_shares_become(declared: Declared, left: list[int]) -> None:
    assert lefts(declared) == left


@given(declared_batches())
def test_when_all_steps_are_done_exactly_what_can_be_made_and_is_not_promised_is_on_sale(declared: Declared) -> None:
    settled = declared
    for _ in range(4):
        for step in steps(settled):
            settled = after(settled, step)
    assert list(steps(settled)) == []
    assert settled.promised == declared.promised
    assert settled.sellable == max(declared.cap - declared.promised, 0)
    assert sum(settled.batch.shards) >= 0 or settled.sellable == 0


@given(declared_batches())
def test_no_single_step_puts_more_on_sale_than_was_or_is_declared(declared: Declared) -> None:
    states = [declared]
    for step in steps(declared):
        states.append(after(states[-1], step))
    for before, later in pairwise(states):
        assert later.excess <= max(before.excess, 0)


@given(declared_batches())
def test_no_more_is_shown_than_can_still_be_promised_even_before_the_shares_follow(
    declared: Declared,
) -> None:
    assert declared.batch.left <= max(declared.cap - declared.promised, 0)


@pytest.mark.parametrize(
    ("rate", "units", "per_order", "shards"),
    [
        pytest.param(1, 1000, 5, 1, id="a quiet shop has one"),
        pytest.param(PER_SHARD, 1000, 5, 1, id="as much as one takes"),
        pytest.param(PER_SHARD + 1, 1000, 5, 2, id="one more"),
        pytest.param(10_000, 100_000, 5, 500, id="a great surge"),
        pytest.param(10_000, 500, 5, 25, id="no more than let four of the largest orders fit in each"),
        pytest.param(10_000, 0, 20, 1, id="nothing to sell still has one"),
    ],
)
def test_shards_follow_from_the_orders_a_second(rate: int, units: int, per_order: int, shards: int) -> None:
    assert shards_for(rate, units, per_order) == shards


def test_a_shard_stays_in_its_partition_however_many_there_are() -> None:
    assert [partition_of(shard) for shard in (0, SHARDS_PER_PARTITION - 1, SHARDS_PER_PARTITION)] == [0, 0, 1]


class Sale(RuleBasedStateMachine):
    """A batch that is declared anew, stepped and cut off at any point, while shoppers claim and give back."""

    def __init__(self) -> None:
        super().__init__()
        self.batch = Declared(day(2), 0, 1, 1, {})
        self.plan: list[Step] = []

    @rule(cap=st.integers(0, 20), more=st.integers(0, 2))
    def declare(self, cap: int, more: int) -> None:
        self.batch = msgspec.structs.replace(self.batch, cap=cap, shards=min(self.batch.shards + more, 6))
        self.plan = []

    @rule()
    def look(self) -> None:
        self.plan = list(steps(self.batch))

    @rule()
    def step(self) -> None:
        """The next step as it was planned, whatever shoppers have done since; refused where it does not fit."""
        if self.plan:
            step, *self.plan = self.plan
            left = {shard: share.left for shard, share in self.batch.shares.items()}
            if all(change.at_least is None or left[change.shard] >= change.at_least for change in step.changes):
                self.batch = after(self.batch, step)
            else:
                self.plan = []

    @rule(shard=st.integers(0, 5), units=st.integers(1, 4))
    def claim(self, shard: int, units: int) -> None:
        share = self.batch.shares.get(shard)
        if share and share.left >= units:
            settled = not list(steps(self.batch))
            self.batch.shares[shard] = Share(share.cap, share.left - units)  # type: ignore[index]
            assert not settled or self.batch.promised <= self.batch.cap, "sold what cannot be made"

    @rule(shard=st.integers(0, 5), units=st.integers(1, 4))
    def give_back(self, shard: int, units: int) -> None:
        share = self.batch.shares.get(shard)
        if share and share.cap - share.left >= units:
            self.batch.shares[shard] = Share(share.cap, share.left + units)  # type: ignore[index]

    @rule()
    def settle(self) -> None:
        for _ in range(4):
            for step in list(steps(self.batch)):
                self.batch = after(self.batch, step)
        self.plan = []
        assert self.batch.sellable == max(self.batch.cap - self.batch.promised, 0)

    @invariant()
    def what_is_on_sale_fits(self) -> None:
        if self.batch.excess <= 0:
            assert self.batch.promised + self.batch.sellable <= self.batch.cap


def test_no_order_of_steps_claims_and_returns_sells_what_cannot_be_made() -> None:
    run_state_machine_as_test(Sale, settings=settings(max_examples=300, stateful_step_count=40, deadline=None))
