"""What is asked for after a sale, as commands. Pure types, no I/O."""

from typing import Annotated, Literal

from msgspec import Meta

from chalicelib.domain.commands import Command

MOST_PHOTOS = 4
"""Photographs that one claim or one review takes."""


class AskPhotos(Command, frozen=True):
    """Ask for forms by which so many photographs of an order can be sent, for a claim or a review."""

    purpose: Literal["claim", "review"]
    count: Annotated[int, Meta(ge=1, le=MOST_PHOTOS)] = 1
