"""What lies beside a clip: captions whose times are there and whose words are not, and a name of its own."""

from datetime import date

import pytest
from cunbo.film.evening import records
from hypothesis import given, settings
from hypothesis import strategies as st
from storefront.check.media import captions as rules
from storefront.check.media.show_clips import UNWRITTEN

DAY = date(2026, 11, 30)
PAUSES = st.tuples(st.integers(0, 900), st.integers(3, 100)).map(lambda one: (one[0] / 10, sum(one) / 10))


@settings(deadline=None)
@given(st.integers(50, 1800).map(lambda tenths: tenths / 10), st.lists(PAUSES, max_size=8))
def test_captions_to_be_filled_in_have_times_that_check_takes(
    seconds: float, pauses: list[tuple[float, float]]
) -> None:
    times = records.cue_times(seconds, pauses)
    wrong: list[object] = []
    rules.check(records.captions(times), int(seconds) + 1, lambda *told: wrong.append(told))
    assert wrong == []
    assert all(0 < last - first <= records.LONGEST_CUE + 0.01 for first, last in times)


@pytest.mark.parametrize(
    ("pauses", "times"),
    [
        ([], [(0, 6), (6, 12)]),
        ([(5, 6)], [(0, 5), (6, 12)]),
        ([(0, 1), (4, 5), (11, float("inf"))], [(1, 4), (5, 11)]),
        ([(5, 6), (6.3, 7)], [(0, 5), (7, 12)]),  # a cough is no sentence
        ([(0, float("inf"))], [(0, 6), (6, 12)]),  # a silent film: whoever writes finds out
    ],
)
def test_a_sentence_may_stand_between_two_pauses(
    pauses: list[tuple[float, float]], times: list[tuple[float, float]]
) -> None:
    assert records.cue_times(12, pauses) == times


def test_each_caption_says_that_nobody_has_written_it() -> None:
    assert records.captions([(0, 2.5), (3661, 3662)]) == (
        f"WEBVTT\n\n00:00:00.000 --> 00:00:02.500\n{UNWRITTEN}\n\n01:01:01.000 --> 01:01:02.000\n{UNWRITTEN}\n"
    )


@pytest.mark.parametrize(
    ("product", "taken", "id_"),
    [
        ("spicy-cabbage", [], "spicy-cabbage-20261130"),
        ("spicy-cabbage", ["spicy-cabbage-20261130"], "spicy-cabbage-20261130-2"),
        ("a" * 30 + "-" + "b" * 9, [], "a" * 30 + "-20261130"),
        ("a" * 40, ["a" * 31 + "-20261130"], "a" * 29 + "-20261130-2"),
    ],
)
def test_a_clip_is_called_by_product_and_day(product: str, taken: list[str], id_: str) -> None:
    assert records.id_of(product, DAY, taken) == id_
    assert len(id_) <= 40
