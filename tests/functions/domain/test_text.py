"""What people type: signs that nobody sees, and the letter that the big screen shows of a name."""

import sys
import unicodedata

import pytest
from chalicelib.domain.text import NOBODY, has_letters, initial, odd, tidy
from hypothesis import given
from hypothesis import strategies as st

FORMATS = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) == "Cf"]
NEW_HAN = "\U0003347a"  # a place that Unicode keeps for Han, and that no table knows yet


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王"),
        ("Ana", "A"),
        ("Érika", "É"),
        ("阿卜杜\u202f热合曼", "阿"),
        ("ئۇيغۇر", "ئ"),
        ("ᠮᠣᠩᠭᠣᠯ", "ᠮ"),
        ("\U00020bb7野", "\U00020bb7"),
        (f"{NEW_HAN}明", NEW_HAN),
        # ---- attacks ----
        ("🖕张三", "张"),
        ("\u202e张三", "张"),
        ("\u200b\u2066Li", "L"),
        ("\u0301a", "a"),
        ("=张三", "张"),
        ("=1+1", NOBODY),
        ("🖕🖕", NOBODY),
        ("\u0301\u0301", NOBODY),
        ("\u3164\u3164", NOBODY),
        ("\ufffe\uffff", NOBODY),
        ("\U000e0080", NOBODY),
        ("\ue000", NOBODY),
        ("", NOBODY),
    ],
)
def test_the_big_screen_shows_the_first_letter_of_a_name_or_a_dot(name: str, shown: str) -> None:
    assert initial(name) == shown


@given(st.text(max_size=30))
def test_whatever_a_name_is_the_big_screen_shows_one_letter_or_the_dot(name: str) -> None:
    shown = initial(name)
    assert len(shown) == 1
    assert shown == NOBODY or (shown in name and has_letters(shown) and not odd(shown))
    assert (shown == NOBODY) == (not has_letters(name))


@pytest.mark.parametrize("block", range(0, len(FORMATS), 20))
def test_no_format_is_left_in_what_was_typed(block: int) -> None:
    for char in FORMATS[block : block + 20]:
        assert tidy(f"{char}王{char}小 {char} 明{char}") == "王小 明"
        assert odd(f"王{char}明")


@pytest.mark.parametrize("char", ["\x00", "\t", "\n", "\r", "\x85", "\u2028", "\u2029", "\ud800", "\udfff", "\u3164"])
def test_what_no_label_can_print_is_odd(char: str) -> None:
    assert odd(f"王{char}明")
    assert not odd("王 明·é👍")


@given(st.text(max_size=40))
def test_tidying_again_changes_nothing(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
