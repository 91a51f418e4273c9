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
