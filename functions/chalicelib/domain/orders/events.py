"""The events that move an order. Pure types, no I/O.

**To add an event, add it here and to `Event`, and a line to `TRANSITIONS`** (transitions.py) for each state that it
changes; tests/functions/domain/orders/test_new_state.py names the pairs that are left.
"""

from datetime import datetime
from typing import ClassVar

from chalicelib.domain.actor import BUYER, OPERATOR, Actor
from chalicelib.domain.aggregate import Done, Failed, Stored
from chalicelib.domain.orders.model import Refund, RefundReason, RefundState
from chalicelib.domain.payments.attempts import Attempt
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.stock.promise import Part


class Paid(Stored, frozen=True):
    """Money came: `amount` fen under the provider's id `payment`, told by the provider's event `event`.

    `provider` is who told, and `reference` names the attempt that was paid; both are empty where the order has one
    provider and makes no attempts, as with the sandbox. `allocation` is for a late payment: the parts, line by line,
    that the order can take again and that keep the date which was promised; None where there are none, and `refusal`
    says why.
    """

    event: str
    payment: str
    amount: int
    allocation: tuple[tuple[Part, ...], ...] | None = None
    refusal: RefundReason = RefundReason.DATE
    provider: str = ""
    reference: str = ""


class AttemptBegun(Stored, frozen=True):
    """The buyer begins to pay: the provider is asked once this is written."""

    attempt: Attempt


class AttemptReady(Stored, frozen=True):
    """The provider has answered attempt `n` with what to go on with, which may be offered until `until`."""

    n: int
    handle: dict[str, str]
    until: datetime


class AttemptEnded(Stored, frozen=True):
    """Attempt `n` can be paid no more."""

    n: int


class RefundTold(Stored, frozen=True):
    """The provider tells how a refund goes; `key` is ours, or names one that was made in the provider's own console.

    `payment` and `amount` are what it is about, `id` is the provider's name for it. Where the amount is not told (0),
    `so_far` is all that has gone back of the payment.
    """

    key: str
    state: RefundState
    payment: str = ""
    amount: int = 0
    id: str = ""
    so_far: int = 0


class RefundAsked(Stored, frozen=True):
    """The village gives money back: `refund` is what it comes to, without its key and time."""

    refund: Refund


class Disputed(Stored, frozen=True):
    """The buyer's bank claims money back, or has decided."""

    dispute: str
    amount: int
    state: DisputeState
    reason: str = ""


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
Attempts = AttemptBegun | AttemptReady | AttemptEnded
Refunds = RefundTold | RefundAsked | Disputed
Event = Paid | HoldEnded | Cancels | Postponed | LinkAsked | Attempts | Refunds | Done | Failed
