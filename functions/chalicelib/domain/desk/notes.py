"""What the desk writes into an order: notes for the team, and words to its buyer. Pure types; writing.py has the rules.

They are stored as arrays, and only where there are some: the usual order has neither, and is not a byte longer.
"""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.actor import Actor
from chalicelib.domain.aggregate import Stored

MOST_NOTES = 30
"""Notes that an order takes."""
MOST_LETTERS = 20
"""Letters that the desk writes about one order."""
LONGEST_WORDS = 300
"""Characters of a note, or of free words to a buyer."""


class LetterKind(StrEnum):
    """What a letter of the desk is about. The strings are stored, stand in the HTTP contract, and name templates.

    It ships later than it was meant to, its address is unclear, something of it is not there, thanks; or words alone.
    """

    LATE = "late"
    ADDRESS = "address"
    OUT = "out"
    THANKS = "thanks"
    WORDS = "words"


class TeamNote(Stored, frozen=True, array_like=True):
    """What somebody of the team has noted: when, by whom; `request` stands for the request's Idempotency-Key."""

    at: datetime
    by: Actor
    text: str
    request: str = ""


class DeskLetter(Stored, frozen=True, array_like=True):
    """What the desk has written to the buyer: when, by whom, of which kind, the goods that it names, and free words.

    `sms` is whether it goes by text message; `sent` is when it was handed to whoever carries it.
    """

    at: datetime
    by: Actor
    kind: LetterKind
    sku: str = ""
    words: str = ""
    request: str = ""
    sms: bool = False
    sent: datetime | None = None


def letter_name(n: int) -> str:
    """Return the name by which an order's outbox calls the `n`th letter of the desk, counted from 1."""
    return f"desk-{n}"


def letter_in(name: str) -> int:
    """Return which letter of the desk a name of the outbox means, or an intent's key; 0 for none of them."""
    desk, _, rest = name.partition("-")
    n = rest.partition("-")[0]
    return int(n) if desk == "desk" and n.isdigit() else 0
