"""Minutes of reading: by signs in Chinese, by words in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storefront.read.longform.reading_time import minutes


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", 1),
        ("<p>短</p>", 1),
        ("<p>" + "字" * 800 + "</p>", 2),
        ("<p>" + "字，。" * 800 + "</p>", 2),
        ("<p>" + "don't stop " * 345 + "</p>", 3),
        ('<img alt="' + "字" * 4000 + '">', 1),
        ("<p>" + "字" * 400 + "</p><p>" + "word " * 230 + "</p>", 2),
    ],
)
def test_signs_and_words_are_counted_and_marks_are_not(html: str, expected: int) -> None:
    assert minutes(html) == expected


@given(st.text(), st.text())
def test_more_text_never_takes_less_time(one: str, more: str) -> None:
    assert minutes(f"{one} {more}".replace("<", "")) >= minutes(one.replace("<", "")) >= 1
