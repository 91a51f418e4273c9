"""What payment providers tell: the same few kinds of news, whoever tells them. Pure types, no I/O.

Amounts are in the currency's smallest unit (fen), instants are UTC. `event` is the provider's id of the news; news that
was asked for has one that names the answer, so that the same answer twice is the same news.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

CURRENCY = "CNY"
"""What orders are paid in."""


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """Money came: `amount` in `currency` under the provider's id `payment`, for the attempt of this `reference`.

    `amount` is the order's, not what the buyer paid after the provider's own coupon.
    """

    event: str
    reference: str
    payment: str
    amount: int
    currency: str
    at: datetime | None = None


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt of this reference can be paid no more, and nobody has."""

    event: str
    reference: str


class Progress(StrEnum):
    """How a refund goes: accepted, arrived, in need of a person, or never to come (then nothing has gone back)."""

    ASKED = "asked"
    DONE = "done"
    HAND = "hand"
    FAILED = "failed"


class RefundNews(msgspec.Struct, frozen=True, kw_only=True):
    """How the refund with our `key` goes; `key` is empty for one that was made in the provider's own console.

    `amount` is 0 where the provider tells the sum of all that has gone back of the payment in its place, `so_far`.
    `payment` and `reference` are of the payment that goes back, and may be empty where `key` says which; `detail` is
    the provider's reason where it needs a person.
    """

    event: str
    key: str
    amount: int
    progress: Progress
    so_far: int = 0
    payment: str = ""
    reference: str = ""
    refund: str = ""
    detail: str = ""


class DisputeState(StrEnum):
    """Where a dispute stands: money is claimed back, or was lost or kept."""

    OPEN = "open"
    LOST = "lost"
    WON = "won"


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer's bank claims money back, or has decided; `dispute` is the provider's id of it."""

    event: str
    dispute: str
    payment: str
    reference: str
    amount: int
    state: DisputeState
    reason: str = ""


News = Money | Closed | RefundNews | Dispute


class RowKind(StrEnum):
    """What a row of a statement is: money in, money back, a dispute, a fee, or what we know no rule for."""

    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    FEE = "fee"
    OTHER = "other"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a provider's statement of a day: `amount` is positive, whichever way it went.

    `reference` is the attempt's, `payment` and `refund` are the provider's ids, `key` is ours of a refund; `fee` is
    what the provider keeps of it, in `fee_currency`. `line` is its place in the statement, for a person who looks.
    """

    kind: RowKind
    reference: str
    payment: str
    amount: int
    currency: str
    at: datetime
    line: int
    key: str = ""
    refund: str = ""
    fee: int = 0
    fee_currency: str = "CNY"
    detail: str = ""
