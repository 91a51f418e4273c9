"""The events that move an order. Pure types, no I/O.

**To add an event, add it here and to `Event`, and a line to `TRANSITIONS`** (transitions.py) for each state that it
changes; tests/functions/domain/orders/test_new_state.py names the pairs that are left.
"""

from typing import ClassVar

from chalicelib.domain.actor import BUYER, OPERATOR, Actor
from chalicelib.domain.aggregate import Done, Failed
from chalicelib.domain.orders.model import RefundReason
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.stored import Stored


class Paid(Stored, frozen=True):
    """Money came: `amount` fen under the provider's id `payment`, told by the provider's event `event`.

    `allocation` is for a late payment: the parts, line by line, that the order can take again and that keep the date
    which was promised; None where there are none, and `refusal` says why.
    """

    event: str
    payment: str
    amount: int
    allocation: tuple[tuple[Part, ...], ...] | None = None
    refusal: RefundReason = RefundReason.DATE


class HoldEnded(Stored, frozen=True):
    """The hold's time is over, and nobody has paid."""


class BuyerCancels(Stored, frozen=True):
    """The buyer does not want it any more; `letter` tells them so, and `by` stands in the history."""

    letter: ClassVar[str] = "cancelled"
    by: ClassVar[Actor] = BUYER


class SellerCancels(Stored, frozen=True):
    """The village cannot make it in time, and gives the money back; `by` is who decided it."""

    letter: ClassVar[str] = "withdrawn"

    by: Actor = OPERATOR


class Postponed(Stored, frozen=True):
    """The village needs longer: `allocation` holds the parts, line by line, that the order gets in place of its own."""

    allocation: tuple[tuple[Part, ...], ...]


class LinkAsked(Stored, frozen=True):
    """The buyer has lost the link to the order, and asks for it: by mail, or to its own phone number by `sms`."""

    sms: bool = False


Cancels = BuyerCancels | SellerCancels
Event = Paid | HoldEnded | Cancels | Postponed | LinkAsked | Done | Failed
