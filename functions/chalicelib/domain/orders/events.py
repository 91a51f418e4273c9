"""The events that move an order. Pure types, no I/O.

**To add an event, add it here and to `Event`, and a line to `TRANSITIONS`** (transitions.py) for each state that it
changes.
"""

from typing import ClassVar

from chalicelib.domain.actor import BUYER, OPERATOR, Actor
from chalicelib.domain.aggregate import Done, Failed
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.stored import Stored


class Paid(Stored, frozen=True):
    """Money came: `amount` fen under the provider's id `payment`, told by the provider's event `event`.

    `allocation` holds the parts, line by line, that a late payment could take again; None where nothing is left.
    """

    event: str
    payment: str
    amount: int
    allocation: tuple[tuple[Part, ...], ...] | None = None


class HoldEnded(Stored, frozen=True):
    """Nobody has paid until the hold's end."""


class BuyerCancels(Stored, frozen=True):
    """The buyer does not want it any more."""

    letter: ClassVar[str] = "cancelled"
    by: ClassVar[Actor] = BUYER


class SellerCancels(Stored, frozen=True):
    """The village cannot make it in time, and gives the money back."""

    letter: ClassVar[str] = "withdrawn"

    by: Actor = OPERATOR


class Postponed(Stored, frozen=True):
    """The village needs longer: `allocation` holds the parts, line by line, that the order gets instead of its own."""

    allocation: tuple[tuple[Part, ...], ...]


class LinkAsked(Stored, frozen=True):
    """The buyer has lost the way to the order, and wants it by mail."""


Cancels = BuyerCancels | SellerCancels
Event = Paid | HoldEnded | Cancels | Postponed | LinkAsked | Done | Failed
