"""What a buyer is asked where the village cannot keep its promise: a later day, a part, or money back. Pure types.

What is asked, answered and passed over in silence makes of an order is told by answers.py.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored
from chalicelib.domain.stock.promise import Part

ANSWER_WITHIN = timedelta(days=1)
"""How long a buyer may think; who says nothing until then gets the money back."""
ALL_GOODS = "*"
"""What stands for the SKU where a question is of all that an order has."""


class QuestionReason(StrEnum):
    """Why a buyer is asked: some of a batch is not made, or the day is too short to pack all of it.

    The strings are stored, and stand in the HTTP contract.
    """

    SHORT = "short"
    LATE = "late"


class Choice(StrEnum):
    """What became of a question. The strings are stored, and stand in the HTTP contract.

    Its buyer takes the later day, takes some now and money for the rest, or takes the money; they said nothing in time,
    which is money back; or it fell away, since the order was packed, cancelled or changed meanwhile.
    """

    LATER = "later"
    PART = "part"
    MONEY = "money"
    SILENCE = "silence"
    OFF = "off"


class QuestionLine(Stored, frozen=True, array_like=True):
    """`quantity` units of the order's line of this index, and the parts of later batches that are reserved for them."""

    line: int
    quantity: int
    later: tuple[Part, ...] = ()


class Question(Stored, frozen=True):
    """That a buyer is asked about units promised for a `day`, since an instant, by whom, to be answered until another.

    `sku` is the goods that are missing; ALL_GOODS where the whole order is late. `choice` is None while it is open.
    """

    why: QuestionReason
    sku: str
    day: date
    lines: tuple[QuestionLine, ...]
    at: datetime
    until: datetime
    by: Actor = UNKNOWN
    choice: Choice | None = None
    answered: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether its buyer may still answer."""
        return self.choice is None

    @property
    def units(self) -> int:
        """How many units it is about."""
        return sum(line.quantity for line in self.lines)

    @property
    def most_kept(self) -> int:
        """How many units its buyer may take now while they give up others; 0: a part is not offered."""
        return self.units - 1 if self.why is QuestionReason.SHORT else 0

    @property
    def later(self) -> date | None:
        """The day that is offered: the last of those on which reserved units ship; None where none are reserved."""
        if not self.lines or not all(line.later for line in self.lines):
            return None
        return max(part.ship_by for line in self.lines for part in line.later)

    def concerns(self, part: Part) -> bool:
        """Return whether units of this part are among those that cannot ship as promised."""
        return part.ship_by == self.day if self.why is QuestionReason.SHORT else part.ship_by <= self.day

    def is_same(self, other: "Question") -> bool:
        """Return whether both ask the same: nobody is asked the same twice."""
        return (self.why, self.sku, self.day) == (other.why, other.sku, other.day)
