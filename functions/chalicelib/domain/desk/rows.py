"""An order in the desk's lists, and the terms by which it is found. Pure rules, no I/O.

A row tells what lists are made by; a term is a hint. Whatever is found by either is read as it is now, and shown only
where it still fits: so neither has to be taken back, and each may be written twice, or a second late.
"""

import re
import unicodedata
from datetime import date, datetime

from chalicelib.domain.aggregate import Stored
from chalicelib.domain.keys import Keys
from chalicelib.domain.mailbox import mailbox
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.text import number_of, tidy_name

TAIL = 4
"""Digits of a number that are enough to look for it, and that its terms are kept under."""
LAST = 9_999_999_999
"""A second that never comes: what is left until then sorts the latest orders first."""
WHOLE = 8
"""Digits of a whole phone's pseudonym: enough to tell those apart that end with the same four digits."""
MOST_WORDS = 4
"""Words of a name that it is found by."""
WORD = re.compile(r"[^\W\d_]{2,}")
Term = tuple[str, str]
"""What an order is found under, and what stands behind it in the key: both without personal data."""


class OrderRow(Stored, frozen=True, array_like=True):
    """What the desk's lists tell of an order without reading it; money in fen."""

    placed: datetime
    state: State
    ship_by: date
    skus: tuple[str, ...]
    total: int
    room: str = ""
    number: str = ""


def row_of(order: Order) -> OrderRow:
    """Return the order's row."""
    return OrderRow(
        placed=order.placed,
        state=order.state,
        ship_by=order.ship_by,
        skus=tuple(dict.fromkeys(line.sku for line in order.lines)),
        total=order.total,
        room=order.room or "",
        number=order.number,
    )


def terms_of(order: Order, keys: Keys) -> set[Term]:
    """Return the terms of an order; one that was not paid has its phone's alone, so made-up ones are no others' burden.

    Numbers stand under their last four digits, and the rest of them backwards: so any tail is the beginning of a key.
    Whose buyer asked to be forgotten is found by its number alone.
    """
    found = set() if order.person.asked else terms_of_person(order, keys)
    return found if order.payment is None else {tail_term("number", order.number), *found}


def terms_of_person(order: Order, keys: Keys, every: bool = False) -> set[Term]:
    """Return the terms under which an order is found by its buyer and its parcels; by `every` secret that there was."""
    placed = f"{LAST - int(order.placed.timestamp())}"
    made: list[list[Term]] = []
    if order.ship_to.phone:
        begins = (f"{whole}.{placed}" for whole in phone_begins(keys, order.ship_to.number))
        made.append([*zip(terms_by(keys, "phone", order.ship_to.number[-TAIL:]), begins, strict=True)])
    if order.payment is not None:
        facts = [("name", word) for word in name_words(order.ship_to.name)]
        facts += [("mail", mailbox(order.email))] if order.email else []
        made += ([(term, placed) for term in terms_by(keys, *fact)] for fact in facts)
    found = {term for terms in made for term in terms[: None if every else 1]}
    found |= {tail_term("tracking", parcel.tracking) for parcel in order.parcels if len(parcel.tracking) >= TAIL}
    return found


def tail_term(kind: str, tail: str) -> Term:
    """Return where numbers of this kind stand that end so, and how what stands behind that begins."""
    return f"{kind}:{tail[-TAIL:]}", tail[:-TAIL][::-1]


def terms_by(keys: Keys, kind: str, fact: str) -> list[str]:
    """Return the term of a fact about a person by each secret that may have made it, the current one first."""
    return [f"{kind}:{pseudonym}" for pseudonym in keys.pseudonyms("desk", kind, fact)]


def phone_begins(keys: Keys, phone: str) -> list[str]:
    """Return how what stands under the last digits of a phone begins where it is the whole of it, by each secret."""
    return [pseudonym[:WHOLE] for pseudonym in keys.pseudonyms("desk", "whole phone", phone)]


def name_words(name: str) -> list[str]:
    """Return by what a name is found: the whole of it without blanks, dots and case; of Latin names each word too."""
    plain = unicodedata.normalize("NFKC", tidy_name(name)).casefold()
    whole = "".join(char for char in plain if char.isalnum())
    words = [word for word in WORD.findall(plain) if "LATIN" in unicodedata.name(word[0], "")]
    return [*dict.fromkeys([whole, *words[:MOST_WORDS]])] if whole else []


def ends_with(order: Order, digits: str) -> bool:
    """Return whether the order's number, its phone or a parcel's number ends with these digits."""
    numbers = (order.number, number_of(order.ship_to.phone), *(parcel.tracking for parcel in order.parcels))
    return any(number.endswith(digits) for number in numbers if number)
