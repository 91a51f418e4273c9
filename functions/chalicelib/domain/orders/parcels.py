"""Parcels of an order, and the label that it was packed by. Pure types, no I/O.

What packing and carriers make of an order is told by shipping.py.
"""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored


class ParcelState(StrEnum):
    """Where a parcel stands. The strings are stored, and stand in the HTTP contract.

    It is packed; taken apart again before it left; handed to the carrier; on its way, a parcel locker included;
    delivered; on its way back, since nobody took it; back in the village; and sent again, by another parcel.
    """

    PACKED = "packed"
    UNPACKED = "unpacked"
    SHIPPED = "shipped"
    UNDERWAY = "underway"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    RESENT = "resent"


HERE = frozenset({ParcelState.PACKED})
"""States of parcels that stand in the village, and can be taken apart."""
GONE = frozenset({ParcelState.UNPACKED, ParcelState.RESENT})
"""States of parcels whose units are to be packed (again)."""
WITH_CARRIER = frozenset({ParcelState.SHIPPED, ParcelState.UNDERWAY, ParcelState.RETURNING})
"""States of parcels that the carrier has."""
FORWARD = {
    ParcelState.SHIPPED: 1,
    ParcelState.UNDERWAY: 2,
    ParcelState.RETURNING: 3,
    ParcelState.DELIVERED: 4,
}
"""How far a carrier's news is: an older one that comes later changes nothing. What comes back is never delivered again:
"delivered" then means to the village, and a packer says so."""


class ParcelLine(Stored, frozen=True, array_like=True):
    """Units of the order's line of this index."""

    line: int
    quantity: int


class Parcel(Stored, frozen=True):
    """Units that were packed together, as the `n`th of their order, at an instant and by whom.

    `request` stands for the request's Idempotency-Key. `carrier` is one of the table of carriers, and `tracking` its
    number for the parcel; both may come later than the parcel was handed over, at `handed`.
    """

    n: int
    lines: tuple[ParcelLine, ...]
    packed: datetime
    by: Actor = UNKNOWN
    state: ParcelState = ParcelState.PACKED
    carrier: str = ""
    tracking: str = ""
    handed: datetime | None = None
    handed_by: Actor = UNKNOWN
    delivered: datetime | None = None
    request: str = ""

    @property
    def units(self) -> int:
        """How many units are in it."""
        return sum(line.quantity for line in self.lines)


class Printout(Stored, frozen=True):
    """That a label of the order was printed: of which revision, in which wave (empty: alone), when and by whom.

    Printed is a mark and no state: what the label says may be old before anything is packed.
    """

    revision: int
    at: datetime
    by: Actor = UNKNOWN
    wave: str = ""


class BenchEntry(Stored, frozen=True, array_like=True):
    """What was done at the bench where no state and no parcel tells it: when, what, by whom, to which parcel (0: none).

    It is stored as an array: `["2026-11-24T04:00:00Z", "unpacked", "device:0badcafe", 1]`.
    """

    at: datetime
    what: str
    by: Actor = UNKNOWN
    parcel: int = 0


def parcel_name(order: str, n: int) -> str:
    """Return the name of a parcel: the order's number and which of its parcels it is."""
    return f"{order}-{n}"


def parcel_in(name: str) -> tuple[str, int] | None:
    """Return the order's number and which parcel of it a name means; None for what is no such name."""
    number, dash, n = name.partition("-")
    fits = dash and number.isascii() and number.isdigit() and len(number) == 20 and n.isascii() and n.isdigit()
    return (number, int(n)) if fits and 0 < len(n) <= 3 else None
