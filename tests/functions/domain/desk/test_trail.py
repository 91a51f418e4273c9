"""What an entry of the trail tells, and that it tells of no buyer."""

import re
from typing import Any

import pytest
from chalicelib.domain.desk.trail import FACTS, MOST_OF_FACT, about, facts, kind_of_subject, plain
from hypothesis import given, settings
from hypothesis import strategies as st

ORDER = "20261124" + "7" * 12
ROOMS = ("cabbage-1",)


@pytest.mark.parametrize(
    ("parts", "asked", "found"),
    [
        ({"order": ORDER}, None, {"order": ORDER}),
        ({"parcel": f"{ORDER}-2"}, {"carrier": "sf"}, {"parcel": f"{ORDER}-2", "order": ORDER}),
        ({"other": "12345678"}, None, {"device": "12345678"}),
        ({"sku": "jar-500g", "day": "20261126"}, {}, {"sku": "jar-500g", "day": "20261126"}),
        ({"room": "cabbage-1", "show": "20261124040000"}, {}, {"room": "cabbage-1", "show": "20261124040000"}),
        ({}, {"sku": "jar-500g", "ship_by": "2026-11-26"}, {"sku": "jar-500g", "day": "2026-11-26"}),
        ({"sku": "jar"}, {"sku": "pot"}, {"sku": "jar"}),
        # somebody typed a phone number, or nonsense
        ({"order": "13800138000"}, None, {}),
        ({"claim": "13800138000"}, {"sku": "8613800138000"}, {}),
        ({"parcel": "13800138000-1"}, None, {}),
        ({"room": "高台子村一组 12 号"}, None, {}),
        ({}, {"sku": 7, "room": None, "order": ["x"]}, {}),
        ({}, "words", {}),
    ],
)
def test_an_act_is_about_what_its_path_and_its_body_name(
    parts: dict[str, str], asked: Any, found: dict[str, str]
) -> None:
    assert about(parts, asked) == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"amount": 500, "reason": "坛子碎了"}, {"amount": 500, "reason": "坛子碎了"}),
        ({"ship_to": {"name": "王小明"}, "name": "小李", "email": "a@example.com", "note": "x"}, {}),
        ({"lines": [{"sku": "jar", "quantity": 2}, {"sku": "pot", "quantity": 1}]}, {"lines": "jar x 2, pot x 1"}),
        ({"lines": [{"sku": 3}, "x"], "orders": ["1" * 20, "2" * 20]}, {"orders": 2}),
        ({"refund": {"amount": 2990, "reason": "…"}, "left": 0, "order": ORDER}, {"amount": 2990, "left": 0}),
        ({"reason": "打 138 0013 8000 找王姐，或 wang@example.com"}, {"reason": "打 … 找王姐，或 …"}),
        ({"reason": "+8613800138000"}, {"reason": "…"}),
        ({"reason": "最晚 2026-11-28 发"}, {"reason": "最晚 2026-11-28 发"}),
        ({"reason": ""}, {}),
        ({"price": 1.5, "units": None, "drill": False}, {"drill": False}),
        (None, {}),
        ([], {}),
    ],
)
def test_of_what_was_asked_an_entry_keeps_the_facts_of_the_list_alone(told: Any, found: dict[str, Any]) -> None:
    assert facts(told) == found


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=150), st.integers(13_000_000_000, 19_999_999_999), st.text(max_size=150), st.sampled_from(FACTS)
)
def test_no_fact_holds_a_phone_number_or_is_long(before: str, phone: int, after: str, name: str) -> None:
    written = f"{before} {phone} {after}"
    for told in facts({name: written}).values():
        assert isinstance(told, str)
        assert len(told) <= MOST_OF_FACT
        assert str(phone) not in told
    assert not re.search(r"1\d{10}", plain(f"{phone}"))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (ORDER, ("order", ORDER)),
        (f" {ORDER}-1 ", ("order", ORDER)),
        ("7777", ("order", "7777")),
        ("777", None),
        ("7" * 21, None),
        ("cabbage-1", ("room", "cabbage-1")),
        ("Spicy-Cabbage-500g", ("sku", "spicy-cabbage-500g")),
        ("two words", None),
        ("１２３４", ("sku", "１２３４")),
    ],
)
def test_what_is_typed_to_find_entries_is_an_order_a_room_or_a_sku(words: str, meant: tuple[str, str] | None) -> None:
    assert kind_of_subject(words, ROOMS) == meant
