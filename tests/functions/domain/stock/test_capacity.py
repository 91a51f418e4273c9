"""Capacity over shards: what a surge wants, and steps that never put more on sale than was declared."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from chalicelib.domain.stock.capacity import (
    PER_SHARD,
    SHARDS_PER_PARTITION,
    Declared,
    Share,
    Step,
    partition_of,
    put_kept_on_sale,
    shards_for,
    steps,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.functions.helpers.world import day

shares = st.dictionaries(
    st.integers(0, 5), st.builds(Share, cap=st.integers(0, 30), left=st.integers(-20, 30)), max_size=6
).map(
    lambda found: {
        shard: msgspec.structs.replace(share, left=min(share.left, share.cap)) for shard, share in found.items()
    }
)


@st.composite
def declared_batches(draw: st.DrawFn) -> Declared:
    """Any batch: units on sale, kept, sold, or promised beyond their share, and any capacity declared for it."""
    found = draw(shares)
    count = draw(st.integers(max(found, default=0) + 1, 8))
    return Declared(day(2), draw(st.integers(0, 120)), count, 1, found, kept=draw(st.integers(0, 20)))


def batch(cap: int, *left: int, sold: Sequence[int] = (), shards: int = 0, kept: int = 0) -> Declared:
    """A batch whose shards have so many left, and have sold so many."""
    found = {shard: Share(units + (sold[shard] if sold else 0), units) for shard, units in enumerate(left)}
    return Declared(day(2), cap, shards or max(len(left), 1), 1, found, kept=kept)


def after(declared: Declared, step: Step) -> Declared:
    """The batch with the changes made, which must be possible."""
    found = dict(declared.shares)
    for change in step.changes:
        share = found.get(change.shard, Share(0, 0))
        assert change.at_least is None or share.left >= change.at_least
        found[change.shard] = Share(share.cap + change.units, share.left + change.units)
    return msgspec.structs.replace(declared, shares=found, kept=declared.kept + step.kept)


def settled(declared: Declared, waited: bool = False) -> Declared:
    """The batch once there is nothing to do; what shards and orders claim does not change by it."""
    for _ in range(4):
        for step in steps(declared, waited):
            declared = after(declared, step)
    assert list(steps(declared, waited)) == []
    return declared


def lefts(declared: Declared) -> list[int]:
    return [declared.shares[shard].left for shard in sorted(declared.shares)]


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
        pytest.param(batch(8, -3, -3, sold=(3, 3)), [1, 1], id="first what is promised, then the rest is put on sale"),
        pytest.param(batch(9, 9, shards=3), [3, 3, 3], id="new shards take their share"),
        pytest.param(batch(2, 2, shards=3), [2, 0, 0], id="too few units to go round"),
    ],
)
def test_shares_become(declared: Declared, left: list[int]) -> None:
    assert lefts(settled(declared)) == left


@pytest.mark.parametrize(
    ("declared", "left", "kept"),
    [
        pytest.param(batch(7, shards=2), [0, 0], 7, id="a new batch is kept as a whole"),
        pytest.param(batch(10, 5, 1), [5, 1], 4, id="what is new is kept, and what is on sale stays so"),
        pytest.param(batch(10, 5, 1, kept=2), [5, 1], 4, id="some is kept already"),
        pytest.param(batch(7, 5, 1, kept=4), [2, 1], 4, id="what is taken off was on sale"),
        pytest.param(batch(3, 5, 1, kept=4), [0, 0], 3, id="what is kept is taken off last"),
        pytest.param(batch(6, 2, 2, sold=(3, 3), kept=4), [0, 0], 0, id="lowered to what is promised"),
        pytest.param(batch(5, 2, 2, sold=(3, 3), kept=4), [-3, -3], 0, id="lowered below it, nothing is kept either"),
        pytest.param(batch(8, -3, -3, sold=(3, 3)), [0, 0], 2, id="first what is promised, then the rest is kept"),
        pytest.param(batch(5, 4, kept=1, shards=2), [2, 2], 1, id="new shards take nothing of what is kept"),
    ],
)
def test_while_people_wait_shares_become(declared: Declared, left: list[int], kept: int) -> None:
    done = settled(declared, waited=True)
    assert (lefts(done), done.kept) == (left, kept)


@pytest.mark.parametrize(
    ("declared", "left"),
    [
        pytest.param(batch(5, 1, 0, kept=4), [3, 2], id="the emptiest shards get it"),
        pytest.param(batch(4, shards=3, kept=4), [2, 1, 1], id="also those that were not there"),
        pytest.param(batch(2, 2), [2], id="nothing is kept"),
    ],
)
def test_what_is_kept_for_nobody_goes_on_sale(declared: Declared, left: list[int]) -> None:
    done = declared
    for step in put_kept_on_sale(declared):
        done = after(done, step)
        assert done.excess == declared.excess
    assert (lefts(done), done.kept, list(steps(done))) == (left, 0, [])


@given(declared_batches(), st.booleans())
def test_when_all_steps_are_done_exactly_what_can_be_made_and_is_not_promised_is_on_sale_or_kept(
    declared: Declared, waited: bool
) -> None:
    done = settled(declared, waited)
    assert done.promised == declared.promised
    assert done.sellable + done.kept == max(declared.cap - declared.promised, 0)
    assert sum(done.batch.shards) >= 0 or done.sellable == 0


@given(declared_batches())
def test_while_people_wait_nothing_goes_on_sale(declared: Declared) -> None:
    done = settled(declared, waited=True)
    assert done.sellable <= declared.sellable
    assert settled(declared).kept <= declared.kept


@given(declared_batches(), st.booleans())
def test_what_is_on_sale_is_taken_off_before_what_is_kept(declared: Declared, waited: bool) -> None:
    done = settled(declared, waited)
    assert done.sellable == 0 or done.kept >= declared.kept


@given(declared_batches(), st.booleans())
def test_no_single_step_puts_more_on_sale_than_was_or_is_declared(declared: Declared, waited: bool) -> None:
    states = [declared]
    for step in steps(declared, waited):
        states.append(after(states[-1], step))
    for before, later in pairwise(states):
        assert later.excess <= max(before.excess, 0)
        assert later.kept >= 0


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
    """A batch that is declared anew, stepped and cut off at any point, while shoppers claim, give back and wait.

    A step of the plan stands on what the store's conditions stand on: the batch's version, what shards have left.
    """

    def __init__(self) -> None:
        super().__init__()
        self.batch = Declared(day(2), 0, 1, 1, {})
        self.plan: list[Step] = []

    def change(self, shard: int, units: int, cap: int = 0, kept: int = 0) -> None:
        """One shard's units and share, and what is kept; that changes the batch, so nobody's plan holds any more."""
        share = self.batch.shares[shard]
        found = {**self.batch.shares, shard: Share(share.cap + cap, share.left + units)}
        self.batch = msgspec.structs.replace(self.batch, shares=found, kept=self.batch.kept + kept)
        self.plan = [] if kept else self.plan

    @rule(cap=st.integers(0, 20), more=st.integers(0, 2))
    def declare(self, cap: int, more: int) -> None:
        self.batch = msgspec.structs.replace(self.batch, cap=cap, shards=min(self.batch.shards + more, 6))
        self.plan = []

    @rule(waited=st.booleans())
    def look(self, waited: bool) -> None:
        self.plan = list(steps(self.batch, waited))

    @rule()
    def nobody_fits(self) -> None:
        if self.batch.kept and not list(steps(self.batch, waited=True)):
            self.plan = list(put_kept_on_sale(self.batch))

    @rule()
    def step(self) -> None:
        """The next step as it was planned, whatever shoppers have done since; refused where it does not fit."""
        if self.plan:
            step, *self.plan = self.plan
            left = {shard: share.left for shard, share in self.batch.shares.items()}
            if all(change.at_least is None or left[change.shard] >= change.at_least for change in step.changes):
                before, self.batch = self.batch, after(self.batch, step)
                assert self.batch.excess <= max(before.excess, 0)
            else:
                self.plan = []

    @rule(shard=st.integers(0, 5), units=st.integers(1, 4))
    def claim(self, shard: int, units: int) -> None:
        share = self.batch.shares.get(shard)
        if share and share.left >= units:
            done = not list(steps(self.batch))
            self.change(shard, -units)
            assert not done or self.batch.promised <= self.batch.cap, "sold what cannot be made"

    @rule(shard=st.integers(0, 5), units=st.integers(1, 4), kept=st.integers(0, 4))
    def invite(self, shard: int, units: int, kept: int) -> None:
        """So many units, some of them kept, come to one who waits, by way of a shard."""
        share, kept = self.batch.shares.get(shard), min(kept, units)
        if share and self.batch.kept >= kept and share.left >= units - kept:
            done = not list(steps(self.batch))
            self.change(shard, kept - units, kept, -kept)
            assert not done or self.batch.promised <= self.batch.cap, "promised what cannot be made"

    @rule(shard=st.integers(0, 5), units=st.integers(1, 4), waited=st.booleans())
    def give_back(self, shard: int, units: int, waited: bool) -> None:
        """On sale, or kept but for what is promised beyond the share."""
        share = self.batch.shares.get(shard)
        if share and share.cap - share.left >= units:
            kept = max(units - share.over, 0) if waited else 0
            before = self.batch.excess
            self.change(shard, units - kept, -kept, kept)
            assert self.batch.excess <= before

    @rule(waited=st.booleans())
    def settle(self, waited: bool) -> None:
        before = self.batch.sellable
        self.batch = settled(self.batch, waited)
        self.plan = []
        assert self.batch.sellable + self.batch.kept == max(self.batch.cap - self.batch.promised, 0)
        assert not waited or self.batch.sellable <= before

    @invariant()
    def what_is_on_sale_or_kept_fits(self) -> None:
        assert self.batch.kept >= 0
        assert all(share.cap >= 0 for share in self.batch.shares.values())
        if self.batch.excess <= 0:
            assert self.batch.promised + self.batch.sellable + self.batch.kept <= self.batch.cap


def test_no_order_of_steps_claims_and_returns_sells_what_cannot_be_made() -> None:
    run_state_machine_as_test(Sale, settings=settings(max_examples=300, stateful_step_count=40, deadline=None))
