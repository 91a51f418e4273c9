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


"""What the desk's plan and goods can be asked to do; well formed by its type, as domain/commands.py has it."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.domain.commands import Command, Sku
from chalicelib.domain.stock.capacity import MOST_RATE

MOST_PLANNED = 1_000_000
"""Units of a batch."""
MOST_CHANGES = 200
"""Batches that one act changes: two weeks of a dozen SKUs."""


class Amend(Command, frozen=True):
    """Have something be `to` instead of what the catalogue says, `of`; the same as that takes an amendment back.

    `seen` is what held when it was asked. `until` is an instant at which it ends by itself.
    """

    to: Annotated[int, Meta(ge=0, le=10_000_000)]
    of: Annotated[int, Meta(ge=0, le=10_000_000)]
    seen: Annotated[int, Meta(ge=0, le=10_000_000)]
    until: Annotated[datetime, Meta(tz=True)] | None = None


class BatchChange(Command, frozen=True):
    """Have so many units of a SKU made by a day; None: as many as are promised, so that no more is sold.

    `seen` are the units that were to be made when it was asked; None: there was no batch.
    """

    sku: Sku
    ship_by: date
    units: Annotated[int, Meta(ge=0, le=MOST_PLANNED)] | None = None
    seen: Annotated[int, Meta(ge=0)] | None = None


class ChangePlan(Command, frozen=True):
    """Change these batches, each by itself, or with `drill` only say what that would break."""

    changes: Annotated[tuple[BatchChange, ...], Meta(min_length=1, max_length=MOST_CHANGES)]
    drill: bool = False


class ExpectRate(Command, frozen=True):
    """Have the SKU's batches take so many orders a second."""

    rate: Annotated[int, Meta(ge=1, le=MOST_RATE)]
