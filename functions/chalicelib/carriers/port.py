"""The port of carriers' services: what the shop asks of each. Whatever goes over the network raises Away or Declined.

News that a carrier pushes is a hint and no more, since no signature of theirs says when it was made: whoever hears it
asks where the parcel is, and the order's own rules let it go forward only.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from chalicelib.domain.orders.model import Address
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.network import Reply


class TakeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel for which a number is wanted: `parcel` is its name outside the shop, under which it is asked again.

    `carrier` is a code of the table of carriers, `grams` the net weight.
    """

    parcel: str
    carrier: str
    sender: Address
    to: Address
    goods: str
    units: int = 1
    grams: int = 0
    note: str = ""


class TakenNumber(msgspec.Struct, frozen=True):
    """The number that a parcel got, and what its label says of the way (大头笔), which the carrier alone knows."""

    carrier: str
    number: str
    routing: str = ""


class Hint(msgspec.Struct, frozen=True):
    """That a carrier has news of a number."""

    carrier: str
    number: str


class Whereabouts(msgspec.Struct, frozen=True):
    """Where a parcel is, as of an instant and in the carrier's words; no state: nothing that moves an order."""

    state: ParcelState | None
    at: datetime
    words: str = ""


class CarrierService(Protocol):
    """What the shop asks of a carrier, or of who knows many."""

    @property
    def pushes(self) -> bool:
        """Whether it pushes news that is believed as a hint."""

    @property
    def heard(self) -> Reply:
        """What it wants to hear when its news was taken."""

    def take(self, order: TakeOrder) -> TakenNumber:
        """Have the carrier give a number; the same parcel again is the same number. Raise Away, Declined."""

    def follow(self, carrier: str, number: str, phone: str) -> None:
        """Have news of a number pushed from now on; again changes nothing. Raise Away, Declined."""

    def track(self, carrier: str, number: str, phone: str) -> Whereabouts | None:
        """Ask where a parcel is; None: the carrier has not seen it yet. Raise Away, Declined."""

    def read(self, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        """Return what pushed news is about, once its signature is right. Raise Unauthorized, Malformed."""
