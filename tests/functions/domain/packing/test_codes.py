"""The codes on labels: the table that the page's own module is held to as well, and what check digits find."""

import json
from pathlib import Path
from typing import Any

import pytest
from chalicelib.domain.packing.codes import LabelCode, code_of, fits, label_in
from hypothesis import given
from hypothesis import strategies as st

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("codes.json").read_text(encoding="utf-8"))
ORDERS = st.from_regex(r"[0-9]{20}", fullmatch=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_scan_is_the_label_that_it_is_of_or_none(case: dict[str, Any]) -> None:
    wanted = LabelCode(case["order"], case["revision"]) if "order" in case else None
    assert label_in(case["scanned"]) == wanted


@given(ORDERS, st.integers(1, 10_000))
def test_each_label_is_read_as_the_order_and_revision_that_it_was_made_for(order: str, revision: int) -> None:
    code = code_of(order, revision)
    found = label_in(code)
    assert len(code) == 26 and found
    assert found.order == order and fits(found, revision)
    assert not fits(found, revision + 1)


@given(ORDERS, st.integers(1, 99), st.integers(2, 25), st.integers(1, 9))
def test_a_wrong_digit_is_found_wherever_it_is(order: str, revision: int, place: int, step: int) -> None:
    code = code_of(order, revision)
    wrong = f"{code[:place]}{(int(code[place]) + step) % 10}{code[place + 1 :]}"
    assert label_in(wrong) is None
