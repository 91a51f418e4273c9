"""What is typed into the desk's one box: whatever a manager copies, reads out or mistypes, and what it means."""

import pytest
from chalicelib.domain.desk.rows import name_words
from chalicelib.domain.desk.typed import Meaning, Typed, read
from chalicelib.domain.packing.codes import code_of
from hypothesis import given
from hypothesis import strategies as st

NUMBER = "12345678901234567890"
TYPED = {
    "": Typed(Meaning.ALL),
    " \u3000\n": Typed(Meaning.ALL),
    NUMBER: Typed(Meaning.NUMBER, NUMBER),
    "１２３４５６７８９０１２３４５６７８９０": Typed(Meaning.NUMBER, NUMBER),
    "1234 5678 9012 3456 7890": Typed(Meaning.NUMBER, NUMBER),
    f"{NUMBER}-1": Typed(Meaning.NUMBER, NUMBER),
    code_of(NUMBER, 3): Typed(Meaning.NUMBER, NUMBER),
    f"https://shop.example.cn/order/#{NUMBER}.{'A' * 32}": Typed(Meaning.NUMBER, NUMBER),
    "7890": Typed(Meaning.DIGITS, "7890"),
    " #７８ ９０": Typed(Meaning.DIGITS, "7890"),
    "567890": Typed(Meaning.DIGITS, "567890"),
    "12345678901": Typed(Meaning.DIGITS, "12345678901"),
    "789": Typed(Meaning.SHORT),
    "1": Typed(Meaning.SHORT),
    "13800138000": Typed(Meaning.PHONE, "+8613800138000"),
    "+86 138-0013-8000": Typed(Meaning.PHONE, "+8613800138000"),
    "电话：１３８００１３８０００": Typed(Meaning.PHONE, "+8613800138000"),
    "18412345678-1234": Typed(Meaning.PHONE, "+8618412345678"),
    "Wang@Example.com ": Typed(Meaning.EMAIL, "Wang@Example.com"),
    "SF1234567890123": Typed(Meaning.TRACKING, "SF1234567890123"),
    "sf 1234-5678 90123": Typed(Meaning.TRACKING, "SF1234567890123"),
    "777123456789012345678901": Typed(Meaning.TRACKING, "777123456789012345678901"),
    "spicy-cabbage-500g": Typed(Meaning.SKU, "spicy-cabbage-500g"),
    "王小明": Typed(Meaning.NAME, "王小明"),
    "王 小明": Typed(Meaning.NAME, "王 小明"),
    "王": Typed(Meaning.SHORT),
    "John Smith": Typed(Meaning.NAME, "John Smith"),
    "%": Typed(Meaning.NOTHING),
    "'; DROP TABLE orders; --": Typed(Meaning.NAME, "'; DROP TABLE orders; --"),
    "🖕🖕": Typed(Meaning.NOTHING),
    "#": Typed(Meaning.NOTHING),
    "9" * 41: Typed(Meaning.NOTHING),
    "½½½½": Typed(Meaning.NOTHING),
}


@pytest.mark.parametrize("text", TYPED, ids=ascii)
def test_one_box_knows_what_was_typed(text: str) -> None:
    assert read(text, {"spicy-cabbage-500g"}) == TYPED[text]


@given(st.text(max_size=400))
def test_whatever_is_typed_has_one_meaning_and_no_words_where_there_is_nothing_to_look_for(text: str) -> None:
    typed = read(text)
    assert bool(typed.words) is (typed.meaning not in (Meaning.ALL, Meaning.SHORT, Meaning.NOTHING))
    assert typed.meaning is not Meaning.NAME or name_words(typed.words)


def test_a_name_is_found_however_it_is_spelt_and_a_latin_one_by_each_of_its_words() -> None:
    assert name_words("王 小明") == name_words("王小明") == ["王小明"]
    assert name_words("阿依古丽·买买提") == name_words("阿依古丽.买买提") == ["阿依古丽买买提"]
    assert name_words("John  SMITH-Wu") == ["johnsmithwu", "john", "smith", "wu"]
    assert name_words("🖕") == []
