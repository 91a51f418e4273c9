"""What an order says of its buyer's data: their wishes, and a dispute for which it must be kept. Pure types, no I/O."""

from datetime import datetime

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored


class LegalHold(Stored, frozen=True):
    """A dispute for which the order is kept as it is, however old; `reason` is in the manager's words."""

    reason: str
    at: datetime
    by: Actor = UNKNOWN


class PersonMark(Stored, frozen=True):
    """When the buyer `asked` to be forgotten, and when all that tells of them was `gone`.

    `corrected` is when their phone or e-mail address was last put right. `hold` is the dispute for which it is kept.
    """

    asked: datetime | None = None
    gone: datetime | None = None
    corrected: datetime | None = None
    hold: LegalHold | None = None
