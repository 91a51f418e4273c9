"""What a buyer says is wrong with what came, and how that ended. Pure types, no I/O.

What a claim makes of its order is told by settling.py.
"""

from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored


class ClaimFault(StrEnum):
    """What is wrong with the goods. The strings are stored, and stand in the HTTP contract."""

    BROKEN = "broken"
    SPOILED = "spoiled"
    WRONG = "wrong"
    MISSING = "missing"


class ClaimState(StrEnum):
    """Where a claim stands. The strings are stored, and stand in the HTTP contract."""

    OPEN = "open"
    SETTLED = "settled"
    DECLINED = "declined"


class DeclineReason(StrEnum):
    """Why a claim is declined. The strings are stored, and stand in the HTTP contract.

    These are all that there are: the goods are not of this order, the photographs do not show it, it was paid back or
    made good already, or buyer and village have agreed otherwise. That food cannot be returned is none: food that is
    unfit to eat is paid for whatever was agreed (Food Safety Law, article 148).
    """

    OTHER_GOODS = "other_goods"
    NOT_SHOWN = "not_shown"
    ALREADY = "already"
    AGREED = "agreed"


class ClaimLine(Stored, frozen=True, array_like=True):
    """Units of the order's line of this index, and what is wrong with them."""

    line: int
    quantity: int
    fault: ClaimFault


class Claim(Stored, frozen=True):
    """That something is wrong with units of an order, since an instant, in the buyer's `words`.

    `id` follows from the request's Idempotency-Key; `photos` are the names of the photographs. Once it has ended:
    when and by whom, the `amount` in fen that goes back for it, the `reason` it was declined for, and the village's
    `reply`. `replaced_by` is the order by which the goods are sent again, by `ship_by`; empty: they are not.
    """

    id: str
    lines: tuple[ClaimLine, ...]
    at: datetime
    photos: tuple[str, ...] = ()
    words: str = ""
    state: ClaimState = ClaimState.OPEN
    ended: datetime | None = None
    by: Actor = UNKNOWN
    amount: int = 0
    reason: DeclineReason | None = None
    reply: str = ""
    replaced_by: str = ""
    ship_by: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.state is ClaimState.OPEN

    @property
    def units(self) -> int:
        """How many units it is about."""
        return sum(line.quantity for line in self.lines)
