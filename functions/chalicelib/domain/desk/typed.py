"""What somebody types into the desk's one box, and what it means. Pure rules, no I/O.

Digits in full width, a phone with blanks, a label's code, an order's link or a carrier's number with dashes are what
they were copied from; what means nothing finds nothing, and is no error.
"""

import re
from collections.abc import Collection
from enum import StrEnum

import msgspec

from chalicelib.domain.desk.rows import TAIL, name_words
from chalicelib.domain.mailbox import is_email
from chalicelib.domain.packing.carriers import plain
from chalicelib.domain.packing.codes import label_in
from chalicelib.domain.text import number_of, phone, tidy, tidy_digits, tidy_email

LONGEST = 300
"""Characters that are looked at: a link with its token has some 120."""
IN_LINK = re.compile(r"(?<![0-9])([0-9]{20})(?:[.-]|\Z)", re.ASCII)
TRACKING = re.compile(r"(?=.*[0-9].*[0-9].*[0-9].*[0-9])[A-Z0-9]{6,40}", re.ASCII)


class Meaning(StrEnum):
    """What was typed. The strings stand in the HTTP contract.

    Nothing at all: the latest orders; a whole number, its last digits (a phone's, a parcel's), a phone, an e-mail
    address, a parcel's number, a SKU, a name; too little to look for; what can be none of them.
    """

    ALL = "all"
    NUMBER = "number"
    DIGITS = "digits"
    PHONE = "phone"
    EMAIL = "email"
    TRACKING = "tracking"
    SKU = "sku"
    NAME = "name"
    SHORT = "short"
    NOTHING = "nothing"


class Typed(msgspec.Struct, frozen=True):
    """What is meant, and the words for it in their one form."""

    meaning: Meaning
    words: str = ""


def read(text: str, skus: Collection[str] = ()) -> Typed:
    """Return what was typed; `skus` are those that there are."""
    typed = tidy(text[:LONGEST])
    if not typed:
        return Typed(Meaning.ALL)
    if label := label_in(typed):
        return Typed(Meaning.NUMBER, label.order)
    if number := IN_LINK.search(plain(typed)):
        return Typed(Meaning.NUMBER, number[1])
    digits = tidy_digits(typed)
    if mobile := phone(typed):
        return Typed(Meaning.PHONE, number_of(mobile))
    if digits.isascii() and digits.isdigit():
        return _digits(digits)
    if typed.casefold() in skus:
        return Typed(Meaning.SKU, typed.casefold())
    if is_email(address := tidy_email(typed)):
        return Typed(Meaning.EMAIL, address)
    if TRACKING.fullmatch(tracking := plain(typed).replace("-", "")):
        return Typed(Meaning.TRACKING, tracking)
    names = name_words(typed)
    if not names or not any(map(str.isalpha, names[0])):
        return Typed(Meaning.NOTHING)
    return Typed(Meaning.NAME, typed) if len(names[0]) > 1 else Typed(Meaning.SHORT)


def _digits(digits: str) -> Typed:
    if len(digits) == 20:
        return Typed(Meaning.NUMBER, digits)
    if len(digits) > 20:
        return Typed(Meaning.TRACKING, digits) if len(digits) <= 40 else Typed(Meaning.NOTHING)
    return Typed(Meaning.DIGITS, digits) if len(digits) >= TAIL else Typed(Meaning.SHORT)
