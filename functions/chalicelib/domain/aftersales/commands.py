"""What is asked for after a sale, as commands. Pure types, no I/O."""

from typing import Annotated, Literal

from msgspec import Meta

from chalicelib.domain.aftersales.claims import ClaimFault, DeclineReason
from chalicelib.domain.commands import Command

MOST_PHOTOS = 4
"""Photographs that one claim or one review takes."""


class AskPhotos(Command, frozen=True):
    """Ask for forms by which so many photographs of an order can be sent, for a claim or a review."""

    purpose: Literal["claim", "review"]
    count: Annotated[int, Meta(ge=1, le=MOST_PHOTOS)] = 1


MOST_WORDS = 500
"""Characters that a buyer may say of a claim, and the village to it."""
Index = Annotated[int, Meta(ge=0, le=99)]
"""Which line of the order, from 0."""


class ClaimWish(Command, frozen=True):
    """So many units of an order's line, and what is wrong with them."""

    line: Index
    quantity: Annotated[int, Meta(ge=1, le=1000)]
    fault: ClaimFault


class MakeClaim(Command, frozen=True):
    """Say that something is wrong with an order; `photos` are names that forms for photographs had."""

    lines: Annotated[tuple[ClaimWish, ...], Meta(min_length=1, max_length=20)]
    photos: Annotated[tuple[str, ...], Meta(max_length=MOST_PHOTOS)] = ()
    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""


class LineMoney(Command, frozen=True):
    """So many fen for the claim's units of an order's line."""

    line: Index
    amount: Annotated[int, Meta(ge=0, le=100_000_000)]


class SettleClaim(Command, frozen=True):
    """Pay for a claim: all of it, or so much by line; `words` are what the buyer reads."""

    lines: Annotated[tuple[LineMoney, ...], Meta(min_length=1, max_length=20)] | None = None
    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""


class ReplaceClaimed(Command, frozen=True):
    """Send what was claimed again; `words` are what the buyer reads."""

    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""


class DeclineClaim(Command, frozen=True):
    """Do not pay for a claim, for a reason; `words` are what the buyer reads."""

    reason: DeclineReason
    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""
