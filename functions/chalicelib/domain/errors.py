"""What can go wrong, one type a cause, each with the data that a caller needs; problems.py says it in HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar

import msgspec


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault of a request: where (a JSON pointer) and what.

    Where a line cannot be had: its `sku`, how many are `left`, and how many `elsewhere`, which is in the SKU's own
    batches for a drop's line and in open drops for any other; the `limit` for one buyer where that is the reason.
    """

    pointer: str
    detail: str
    sku: str | None = None
    left: int | None = None
    elsewhere: int | None = None
    limit: int | None = None


class ShopError(Exception):
    """The base of all that the shop says no with."""

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class Malformed(ShopError):
    """The request cannot be read at all."""


class Invalid(ShopError):
    """The request can be read, but fields of it are not what they must be; `faults` names each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults), faults)


class TooLarge(ShopError):
    """The body is larger than any order can be."""


class Unauthorized(ShopError):
    """The token or signature is missing or is not the right one."""


class BadInvitation(ShopError):
    """There is no such invitation to work here, it has ended, or it was used."""


class Forbidden(ShopError):
    """Whoever asks is known, and this is not theirs to ask; or the page that asks is none of the shop's."""


class NotFound(ShopError):
    """There is no such thing."""


class KeyReused(ShopError):
    """The Idempotency-Key has already made an order from another body."""


class SoldOut(ShopError):
    """The batches in the horizon hold too little; each fault names a line and how many are left."""


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
    """Nobody has to wait for it: it can be bought."""


class InvitationOver(ShopError):
    """There is no invitation to take, or not any more; `until` is when it ended, where it did so by itself."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__("this place has no invitation" if until is None else "this invitation is over")
        self.until = until


class Refused(ShopError):
    """Goods that are not delivered to that province; each fault names a line."""


class TooManyUnpaid(ShopError):
    """This phone, or this address, holds as many unpaid orders as it may; `until` is when the first of them ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__("there are unpaid orders of this phone or address: pay or cancel one of them first")
        self.until = until


class TooOften(ShopError):
    """Asked for more often in this hour than is good; `seconds` after `now`, in the next, it may be asked again."""

    def __init__(self, now: datetime) -> None:
        self.seconds = 3600 - now.minute * 60 - now.second
        super().__init__(f"asked too often: try again in {self.seconds} seconds")


class NotNow(ShopError):
    """It cannot be done as things stand; `reason` names why, for clients to tell one from another."""

    reason: ClassVar[str] = "state"


class WrongState(NotNow):
    """The state of the order, or of the place on a waitlist, does not allow it."""


class ListFull(NotNow):
    """So many wait for the SKU that one more would wait in vain."""

    reason = "list-full"


class NoLetters(NotNow):
    """The shop sends no letters, so it could not invite anybody."""

    reason = "no-letters"


class TooScattered(NotNow):
    """The units lie in more batches and shards than one transaction may touch."""

    reason = "too-scattered"


class DropExists(NotNow):
    """There is, or was, a drop of this name."""

    reason = "drop-exists"


class DropOnSale(NotNow):
    """A drop has units on sale that could not be made: it must be ended first."""

    reason = "drop-on-sale"


class PlanFull(NotNow):
    """The production plan has no room for so many more units in one day."""

    reason = "plan-full"


class Busy(ShopError):
    """The shop could not decide within its time budget, or the table is away; nothing is lost by asking again."""
