"""What a manager asks for at the desk, word for word as a body says it."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.domain.commands import Command, Sku
from chalicelib.domain.desk.notes import LONGEST_WORDS, LetterKind
from chalicelib.domain.desk.typed import Typed
from chalicelib.domain.orders.model import State


class PostponeOrder(Command, frozen=True):
    """Have an order ship by a later day."""

    ship_by: date


class PostponeBatch(Command, frozen=True):
    """Have all orders of a batch ship by a later day; with `drill` only say whom that meets."""

    ship_by: date
    drill: bool = False


class AddNote(Command, frozen=True):
    """Note something about an order for the team."""

    text: Annotated[str, Meta(max_length=2 * LONGEST_WORDS)]


class WriteBuyer(Command, frozen=True):
    """Write to an order's buyer, by a template and in `words` of one's own; `sku` is what is not there.

    With `drill` only say how it would read, and how it would go.
    """

    kind: LetterKind
    sku: Sku | None = None
    words: Annotated[str, Meta(max_length=2 * LONGEST_WORDS)] = ""
    drill: bool = False


class FindOrders(msgspec.Struct, frozen=True, kw_only=True):
    """Find orders: by what was typed, and only those of a state, SKU, room, day of placing, or ship-by date.

    `cursor` goes on where an answer ended.
    """

    typed: Typed
    state: State | None = None
    sku: str = ""
    room: str = ""
    day: date | None = None
    ship_by: date | None = None
    cursor: str = ""
