"""The afternoon's pace: when the last parcel will be packed, and which the courier will not find."""

from datetime import datetime, timedelta

import pytest
from chalicelib.domain.packing.pace import FEWEST, ToPack, pace
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import NOON


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def left(count: int) -> list[ToPack]:
    return [ToPack(f"{n:02}", at(n)) for n in range(count)]


EVERY_TWO = [at(-60 + 2 * n) for n in range(1, 31)]  # the last of them just now: 30 an hour


@pytest.mark.parametrize(
    ("packed", "count", "courier", "per_hour", "end", "late"),
    [
        ([], 3, 60, None, None, 0),
        (EVERY_TWO[:2], 3, 60, None, None, 0),
        (EVERY_TWO, 0, 60, 30, 0, 0),
        (EVERY_TWO, 30, 60, 30, 60, 0),
        (EVERY_TWO, 31, 60, 30, 62, 1),
        (EVERY_TWO, 40, 60, 30, 80, 10),
        (EVERY_TWO, 4, 0, 30, 8, 4),
        ([], 4, -1, None, None, 4),
        ([at(-300), at(-299), *EVERY_TWO[-15:]], 10, 60, 30, 20, 0),
        ([at(-90)] * 50, 10, 60, None, None, 0),
    ],
)
def test_the_end_is_foretold_by_the_last_hour(
    packed: list[datetime], count: int, courier: int, per_hour: int | None, end: int | None, late: int
) -> None:
    found = pace(packed, left(count), NOON, at(courier))
    assert (found.packed, found.left, found.per_hour) == (len(packed), count, per_hour)
    assert found.end == (None if end is None else at(end))
    assert [*found.late] == [f"{n:02}" for n in reversed(range(count))][:late], "the latest payer first"


def test_who_has_stopped_packing_gets_slower() -> None:
    ends = [pace(EVERY_TWO, left(10), at(minutes), at(600)).end for minutes in (0, 15, 30)]
    assert ends == sorted(ends, key=str)
    assert len({*ends}) == 3


@given(st.lists(st.integers(-120, 0), max_size=12), st.integers(0, 12), st.integers(-60, 300))
def test_whoever_is_not_late_is_done_before_the_courier_comes(minutes: list[int], count: int, courier: int) -> None:
    found = pace([at(one) for one in minutes], left(count), NOON, at(courier))
    assert len(found.late) <= count
    if found.end is None or found.per_hour is None:
        recent = [one for one in minutes if one > -60]
        assert len(recent) < FEWEST
        return
    in_time = count - len(found.late)
    each = (found.end - NOON) / count if count else timedelta()
    assert not in_time or NOON + each * in_time <= at(courier) + timedelta(seconds=1)
    assert not found.late or NOON + each * (in_time + 1) > at(courier) - timedelta(seconds=1)
