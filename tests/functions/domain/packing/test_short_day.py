"""The short day: as few people as can be are asked, by the rule that was told, held against all choices."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations

import pytest
from chalicelib.domain.packing.short_day import BatchClaim, Proposal, propose
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.world import NOON


def claim(name: str, units: int, minute: int, drop: bool = False, buyer: str = "") -> BatchClaim:
    return BatchClaim(name, buyer or name, units, NOON + timedelta(minutes=minute), drop)


def names(found: Sequence[Proposal]) -> list[str]:
    return [one.buyer for one in found]


A, B, C, D = claim("a", 1, 1), claim("b", 1, 2), claim("c", 3, 3), claim("d", 1, 4)


@pytest.mark.parametrize(
    ("missing", "claims", "asked"),
    [
        (0, [A], []),
        (-1, [A], []),
        (1, [], []),
        (1, [A, B, D], ["d"]),
        (1, [A, B, C], ["c"]),
        (3, [A, B, C, D], ["c"]),
        (4, [A, B, C, D], ["d", "c"]),
        (5, [A, B, C, D], ["d", "c", "b"]),
        (9, [A, B, C, D], ["d", "c", "b", "a"]),
        (1, [A, claim("x", 1, 9, drop=True)], ["a"]),
        (2, [A, B, claim("x", 2, 9, drop=True)], ["x"]),
        (2, [claim("a1", 1, 1, buyer="a"), claim("a2", 1, 8, buyer="a"), B, D], ["a"]),
        (1, [claim("a1", 1, 1, buyer="a"), claim("a2", 1, 8, buyer="a"), B], ["b"]),
    ],
)
def test_who_is_asked(missing: int, claims: list[BatchClaim], asked: list[str]) -> None:
    assert names(propose(missing, claims)) == asked


def test_a_buyer_is_asked_once_for_all_of_their_orders_and_for_no_more_than_is_missing() -> None:
    claims = [claim("a1", 2, 1, buyer="a"), claim("a2", 3, 2, buyer="a"), claim("b1", 1, 3)]
    assert propose(4, claims) == [Proposal("a", ("a1", "a2"), 4)]


def test_whoever_paid_first_of_those_asked_keeps_what_is_not_needed() -> None:
    assert propose(4, [claim("a", 3, 1), claim("b", 3, 2)]) == [
        Proposal("b", ("b",), 3), Proposal("a", ("a",), 1),
    ]  # fmt: skip


CLAIMS = st.lists(
    st.builds(
        lambda order, buyer, units, minute, drop: claim(str(order), units, minute, drop, f"buyer {buyer}"),
        st.integers(0, 99), st.integers(0, 8), st.integers(1, 5), st.integers(0, 5), st.booleans(),
    ),
    max_size=9,
    unique_by=lambda one: one.order,
)  # fmt: skip


def brute(missing: int, claims: Sequence[BatchClaim]) -> set[str]:
    """Of all sets of buyers who hold enough the one that the rule means: few, few of drops, first payers spared."""
    of = {one.buyer: [other for other in claims if other.buyer == one.buyer] for one in claims}
    line = sorted(of, key=lambda buyer: (min(one.paid for one in of[buyer]), buyer))
    enough = (
        {*chosen}
        for count in range(len(line) + 1)
        for chosen in combinations(line, count)
        if sum(one.units for buyer in chosen for one in of[buyer]) >= missing
    )
    return min(
        enough,
        key=lambda chosen: (
            len(chosen),
            sum(any(one.drop for one in of[buyer]) for buyer in chosen),
            [buyer in chosen for buyer in line],
        ),
        default={*line},
    )


@settings(deadline=None)
@given(CLAIMS, st.integers(-1, 30), st.randoms(use_true_random=False))
def test_as_few_are_asked_as_the_best_of_all_choices_asks(claims: list[BatchClaim], missing: int, dice: object) -> None:
    found = propose(missing, claims)
    held = sum(one.units for one in claims)
    assert {*names(found)} == (brute(missing, claims) if missing > 0 else set())
    assert sum(one.units for one in found) == max(min(missing, held), 0)
    assert all(one.units > 0 for one in found)
    dice.shuffle(claims)  # type: ignore[attr-defined]
    assert propose(missing, claims) == found, "whatever order the claims come in"


def test_many_are_decided_about_at_once() -> None:
    claims = [claim(f"{n:04}", 1 + n % 4, n, n % 7 == 0) for n in range(5_000)]
    found = propose(600, claims)
    assert len(found) == 150
    assert {one.units for one in found} == {4}
