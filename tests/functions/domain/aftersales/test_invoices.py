"""Tax numbers, titles and what becomes of an invoice."""

import pytest
from chalicelib.domain.actor import Actor
from chalicelib.domain.aftersales.invoices import (
    SIGNS,
    AmountSeen,
    Invoice,
    InvoiceAsked,
    InvoiceIssued,
    InvoiceReddened,
    InvoiceWish,
    check_sign,
    decide,
    read_wish,
    tax_number,
)
from chalicelib.domain.errors import Invalid
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.world import NOON

LI = Actor("device:0badcafe")
CODE = "91" + "220582" + "MA0000000"
"""Of no company there is: the organisation's own signs are noughts."""


@settings(max_examples=40, deadline=None)
@given(st.text(SIGNS, min_size=9, max_size=9), st.integers(0, 16), st.sampled_from(SIGNS))
def test_a_code_with_one_wrong_sign_is_refused(rest: str, place: int, other: str) -> None:
    code = f"91220582{rest}"
    whole = code + check_sign(code)
    assert tax_number(f" {whole[:8].lower()} {whole[8:]}\u3000") == whole
    wrong = whole[:place] + other + whole[place + 1 :]
    if wrong != whole:
        with pytest.raises(ValueError, match=r"digits|wrong"):
            tax_number(wrong)


def test_the_check_sign_is_the_one_of_the_standard() -> None:
    assert check_sign("0" * 17) == "0"
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    assert check_sign("1" * 17) == SIGNS[31 - sum(weights) % 31]


@pytest.mark.parametrize(
    "old", ["22058212345678X", "220582800101123L1", "220582198001011234L1", "22058219800101123XL1"]
)
def test_older_numbers_are_taken_as_they_are(old: str) -> None:
    assert tax_number(old) == old


@pytest.mark.parametrize("wrong", ["", "1", "I" * 18, "9122058212345678", f"{CODE}", "９" * 19, "=1+1", "9" * 400])
def test_what_is_no_number_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"sign|digits"):
        tax_number(wrong)


def test_a_wish_is_put_into_one_form_and_each_fault_is_named() -> None:
    code = CODE + check_sign(CODE)
    wish = read_wish(InvoiceWish("company", "  集安（示例）公司 ", "Li@Example.com ", code.lower()))
    assert (wish.title, wish.email, wish.tax_number) == ("集安(示例)公司", "Li@Example.com", code)
    person = read_wish(InvoiceWish("person", "", "li@example.com", "what they typed before"))
    assert (person.title, person.tax_number) == ("个人", "")
    with pytest.raises(Invalid) as refused:
        read_wish(InvoiceWish("company", "=", "li", "12"))
    assert [fault.pointer for fault in refused.value.faults] == ["/title", "/tax_number", "/email"]


def test_an_invoice_is_changed_until_it_is_issued_and_tells_what_is_to_be_taken_back() -> None:
    wish = InvoiceWish("person", "个人", "li@example.com")
    other = InvoiceWish("person", "李秀英", "li@example.com")
    asked = Invoice(number="1" * 20, wish=wish, asked=NOON, lang="zh")
    assert decide(asked, InvoiceAsked(wish), NOON) is asked
    changed = decide(asked, InvoiceAsked(other), NOON)
    assert (changed.wish, changed.version) == (other, 2)
    assert decide(asked, AmountSeen(0), NOON) is asked
    issued = decide(changed, InvoiceIssued("2" * 20, 5980, LI), NOON)
    assert [intent.key for intent in issued.outbox] == ["invoiced-2"]
    assert decide(issued, InvoiceAsked(wish), NOON) is issued
    assert decide(issued, InvoiceIssued("3" * 20, 5980, LI), NOON) is issued
    assert decide(issued, AmountSeen(5980), NOON) is issued
    assert decide(issued, InvoiceReddened("4" * 20, LI), NOON) is issued
    due = decide(issued, AmountSeen(2990), NOON)
    assert due.due_red == 2990
    red = decide(due, InvoiceReddened("4" * 20, LI), NOON)
    assert (red.due_red, red.standing, decide(red, AmountSeen(2990), NOON)) == (0, 2990, red)
    assert decide(red, AmountSeen(0), NOON).due_red == 2990
