"""What the shop refuses, and why: one type for each cause, with the data that a caller needs. api/problems.py makes
the HTTP answers."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault of a request: where (a JSON pointer) and what.

    Of a line that cannot be ordered: its `sku`, how many units are `left`, and how many `elsewhere` (for a drop's line
    in the SKU's own batches, for any other in open drops); `limit`, in units, where a buyer's limit is the reason;
    `off` where it is off the shelf.
    """

    pointer: str
    detail: str
    sku: str | None = None
    left: int | None = None
    elsewhere: int | None = None
    limit: int | None = None
    off: bool | None = None


class ShopError(Exception):
    """The base of all refusals."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class Malformed(ShopError):
    """The request cannot be read at all."""


class Invalid(ShopError):
    """The request can be read, but some fields are wrong; `faults` names each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults), faults)


class TooLarge(ShopError):
    """The body is larger than any order can be."""


class Unauthorized(ShopError):
    """The token or signature is missing or wrong."""


class BadInvitation(ShopError):
    """There is no such invitation for a device, it has ended, or it was used."""


class Forbidden(ShopError):
    """The caller is known, but may not do this; or the page that sends the request is not the shop's own."""


class NotFound(ShopError):
    """There is no such thing."""


class KeyReused(ShopError):
    """The Idempotency-Key has already made an order from another body."""


class SoldOut(ShopError):
    """The batches up to the horizon hold too few units; each fault names a line and how many are left."""


class OffShelf(SoldOut):
    """The manager has taken it off the shelf: nothing of it is sold, whatever is left."""


class Changed(ShopError):
    """The order would cost more, or ship later, than the shopper was shown. Money is in fen."""

    def __init__(self, total: int, postage: int, ship_by: date) -> None:
        super().__init__(f"the order now costs {total} fen and ships by {ship_by}")
        self.total, self.postage, self.ship_by = total, postage, ship_by


class LimitReached(ShopError):
    """One buyer may have no more of that batch or drop; each fault names a line."""


class DropEarly(ShopError):
    """The drop has not opened yet; `opens` says when it does."""

    def __init__(self, opens: datetime, faults: Sequence[Fault] = ()) -> None:
        super().__init__("the drop has not opened yet", faults)
        self.opens = opens


class DropOver(ShopError):
    """The drop is over; `closes` says since when."""

    def __init__(self, closes: datetime, faults: Sequence[Fault] = ()) -> None:
        super().__init__("the drop is over", faults)
        self.closes = closes


class OnSale(ShopError):
    """The SKU is on sale, so there is no waiting for it."""


class InvitationOver(ShopError):
    """The place has no invitation, or its invitation is over; `until` is when that ended by itself, else None."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__("this place has no invitation" if until is None else "this invitation is over")
        self.until = until


class Refused(ShopError):
    """Goods that are not delivered to that province; each fault names a line."""


class TooManyUnpaid(ShopError):
    """This buyer holds as many unpaid orders as it may; `until` is when the first of them ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__("there are too many unpaid orders of this buyer: pay or cancel one of them first")
        self.until = until


class CrowdedNetwork(ShopError):
    """So much is unpaid from the viewer's network that no more is held for it; `until` is when the first of it ends."""

    def __init__(self, until: datetime) -> None:
        words = "many unpaid orders come from your network: pay yours, try another network, or try again later"
        super().__init__(words)
        self.until = until


class TooOften(ShopError):
    """Too many requests of this kind in one hour; after `seconds`, when the next hour begins, it may be asked again."""

    def __init__(self, now: datetime) -> None:
        self.seconds = 3600 - now.minute * 60 - now.second
        super().__init__(f"asked too often: try again in {self.seconds} seconds")


class NotNow(ShopError):
    """It cannot be done as things stand; `reason` is a word by which clients tell the causes apart."""

    reason: ClassVar[str] = "state"


class WrongState(NotNow):
    """The state of the order, or of the place on a waitlist, does not allow it."""


class PackFault(StrEnum):
    """Why a parcel cannot be packed, or not handed over. The strings stand in the HTTP contract."""

    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    OLD_LABEL = "old-label"
    PACKED = "packed"
    SHIPPED = "shipped"
    TOO_MANY = "too-many"
    UNPACK = "unpack"
    NO_PARCEL = "no-parcel"
    NUMBER_TAKEN = "number-taken"
    RECALLED = "recalled"
    OTHER_CARRIER = "other-carrier"
    OTHER_WORKSHOP = "other-workshop"


WHY = {
    PackFault.UNPAID: "the order is not paid",
    PackFault.CANCELLED: "the order was cancelled: pull the label",
    PackFault.OLD_LABEL: "the label is old: print it again",
    PackFault.PACKED: "it was packed already",
    PackFault.SHIPPED: "it has left already",
    PackFault.TOO_MANY: "the order has not so many units to pack",
    PackFault.UNPACK: "something in it was cancelled or paid back: take the parcel apart",
    PackFault.NO_PARCEL: "there is no such parcel here",
    PackFault.NUMBER_TAKEN: "that number is on a parcel to somebody else",
    PackFault.RECALLED: "the batch is recalled: pack none of it, and hand none of it over",
    PackFault.OTHER_CARRIER: "its number is another carrier's: choose that one, or scan the new number",
    PackFault.OTHER_WORKSHOP: "this device packs for another workshop",
}


class CannotPack(NotNow):
    """The packing room must stop; `reason` is a PackFault. Of what was packed already: when, and by whom.

    `name` is what people call whose device it was, where that is known.
    """

    name = ""

    def __init__(self, why: PackFault, at: datetime | None = None, by: str = "") -> None:
        super().__init__(WHY[why])
        self.reason = why  # type: ignore[misc]
        self.at, self.by = at, by


class OtherDate(NotNow):
    """The labels of the batch have another date of production."""

    reason = "other-date"


class Dearer(NotNow):
    """It would cost more `postage`, in fen, to send the order there than was paid."""

    reason = "dearer"

    def __init__(self, postage: int, paid: int) -> None:
        super().__init__(f"postage to there is {postage} fen, and {paid} were paid: cancel it, or send it as it was")
        self.postage = postage


class ListFull(NotNow):
    """The SKU's waitlist is full: one more would wait in vain."""

    reason = "list-full"


class VoicesFull(NotNow):
    """So many comments, stories or reviews wait for the moderator that no more are taken."""

    reason = "voices-full"


class AlreadyJudged(NotNow):
    """The review has been looked at: it can be taken back, and not changed."""

    reason = "judged"


class NoLetters(NotNow):
    """The shop sends no letters, so it could invite nobody on a waitlist."""

    reason = "no-letters"


class NoSms(NotNow):
    """The shop sends no text messages, or has sent as many as it does in a day."""

    reason = "no-sms"


class PaymentElsewhere(NotNow):
    """This way to pay does not work where the page is open; `reason` says where it does."""

    def __init__(self, reason: str) -> None:
        super().__init__("this way to pay does not work in this browser: choose another one, or another browser")
        self.reason = reason  # type: ignore[misc]


class PaymentAway(ShopError):
    """The payment provider does not answer, or will not take this payment now; the order stays payable."""


class CarrierAway(ShopError):
    """The carrier's service does not say now where a parcel is; whoever told us of it tells again."""


class TooScattered(NotNow):
    """The units lie in more batches and shards than one transaction may touch."""

    reason = "too-scattered"


class DropExists(NotNow):
    """There is, or was, a drop of this name."""

    reason = "drop-exists"


class DropOverlaps(NotNow):
    """The room sells another drop of the SKU at that time, until the instant `closes`: one at a time."""

    reason = "drop-overlaps"

    def __init__(self, drop: str, closes: datetime) -> None:
        super().__init__(f"the room has the drop {drop} of it then: a room sells one drop of a SKU at a time")
        self.closes = closes


class ChangedMeanwhile(NotNow):
    """It is another than was seen when it was asked to be changed: `now` is what it is (None: it is not there)."""

    reason = "changed-meanwhile"

    def __init__(self, detail: str, now: int | None) -> None:
        super().__init__(detail)
        self.now = now


class DropOnSale(NotNow):
    """The batch would be smaller than what a drop has on sale: the drop must be ended first."""

    reason = "drop-on-sale"


class UnderRecall(NotNow):
    """The batch is recalled: none of it can be sold."""

    reason = "recalled"


class PlanFull(NotNow):
    """The production plan allows fewer more units in one day."""

    reason = "plan-full"


class TooLate(NotNow):
    """The time in which it could be taken back is over."""

    reason = "too-late"


class AllSold(NotNow):
    """Of the units that were added all are sold, so none can be taken back."""

    reason = "all-sold"


class Busy(ShopError):
    """The shop could not decide in time, or the table cannot be reached; asking again is safe."""
