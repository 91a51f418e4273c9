"""What people type: one form for all spellings, signs that nobody sees, the letter that the big screen shows of a name.

typed.json and phones.json are shared with the twin in the browser: tests/browser/shopping/test_typed.py.
"""

import json
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chalicelib.domain.mailbox import is_email
from chalicelib.domain.text import (
    NOBODY,
    has_letters,
    initial,
    is_district,
    is_name,
    is_street,
    number_of,
    odd,
    phone,
    tidy,
    tidy_digits,
    tidy_email,
    tidy_name,
)
from hypothesis import given
from hypothesis import strategies as st

FORMATS = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(char) == "Cf"]
HERE = Path(__file__).parent
TYPED: list[dict[str, Any]] = json.loads((HERE / "typed.json").read_text(encoding="utf-8"))
PHONES: list[dict[str, str]] = json.loads((HERE / "phones.json").read_text(encoding="utf-8"))
RULES: dict[str, tuple[Callable[[str], str], Callable[[str], bool]]] = {
    "name": (tidy_name, is_name),
    "street": (tidy, is_street),
    "district": (tidy, is_district),
    "email": (tidy_email, is_email),
    "digits": (tidy_digits, lambda text: text.isascii() and text.isdigit() and 4 <= len(text) <= 20),
}
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


@pytest.mark.parametrize("field", RULES)
def test_what_is_typed_into_a_field_is_put_into_one_form_or_refused(field: str) -> None:
    clean, fits = RULES[field]
    for case in TYPED:
        if case["field"] == field:
            assert clean(case["typed"]) == case["clean"], case
            assert fits(case["clean"]) != case.get("refused", False), case


def test_every_spelling_of_a_mobile_number_is_one_number_and_nothing_else_is() -> None:
    assert len(PHONES) >= 200
    for case in PHONES:
        assert phone(case["typed"]) == (f"+86{case['phone']}" if "phone" in case else None), case


@given(st.text(max_size=100))
def test_a_phone_is_none_or_of_one_form_that_stays_as_it_is(typed: str) -> None:
    found = phone(typed)
    assert found is None or phone(found) == found


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.from_regex(r"[0-9]{3,6}", fullmatch=True))
def test_the_number_of_a_phone_is_what_stands_before_its_extension(number: str, extension: str) -> None:
    assert phone(f"{number}-{extension}") == f"+86{number}-{extension}"
    assert number_of(f"+86{number}-{extension}") == number_of(f"+86{number}") == f"+86{number}"


@given(st.text(max_size=60))
def test_cleaning_a_field_again_changes_nothing(text: str) -> None:
    for clean in (tidy, tidy_name, tidy_email):
        assert clean(clean(text)) == clean(text)
