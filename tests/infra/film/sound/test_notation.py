"""Numbered notation: what a song sheet says is what is played."""

import pytest
from cunbo.film.sound import scores
from cunbo.film.sound.notation import Note, lasting, melody
from hypothesis import given
from hypothesis import strategies as st

A4 = 440.0


@pytest.mark.parametrize(
    ("sheet", "notes"),
    [
        ("6", [(A4, 0.5)]),
        ("6, 6'", [(A4 / 2, 0.5), (A4 * 2, 0.5)]),
        ("6- 6-- 6. 6/ 6//", [(A4, 1), (A4, 1.5), (A4, 0.75), (A4, 0.25), (A4, 0.125)]),
        ("6'./", [(A4 * 2, 0.375)]),
        ("| 0 | 6 |", [(0, 0.5), (A4, 0.5)]),
        ("", []),
    ],
)
def test_a_sheet_gives_pitches_and_lengths(sheet: str, notes: list[tuple[float, float]]) -> None:
    assert melody(sheet, "C", 0.5) == [Note(pytest.approx(freq), pytest.approx(seconds)) for freq, seconds in notes]


@pytest.mark.parametrize("word", ["8", "6*", "do", "-", "66", "6'6"])
def test_what_is_no_note_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="no note"):
        melody(f"1 {word} 2", "C", 0.5)


@given(st.lists(st.sampled_from(["1", "2,", "3'", "5-", "6/", "0", "|"])), st.floats(0.1, 2))
def test_a_beat_that_is_twice_as_long_makes_a_tune_twice_as_long(words: list[str], beat: float) -> None:
    sheet = " ".join(words)
    once, twice = melody(sheet, "D", beat), melody(sheet, "D", 2 * beat)
    assert lasting(twice) == pytest.approx(2 * lasting(once))
    assert [note.freq for note in once] == [note.freq for note in twice]


def test_the_films_own_tunes_keep_to_the_five_tones() -> None:
    names = (
        "RIDGES",
        "BERRIES",
        "THREADS",
        "SEEDS",
        "KITCHEN",
        "JAR",
        "MORNING",
        "SUN",
        "CALL",
        "WALTZ",
        "LANTERN",
        "ROAD",
    )
    for name in names:
        assert not set("47") & set(getattr(scores, name)), name
