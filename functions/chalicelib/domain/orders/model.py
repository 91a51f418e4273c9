"""The order: its states, its lines, its money, and what it holds. Pure types, no I/O.

What moves it is in events.py, and what each event makes of it in transitions.py.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Account, Aggregate, Shard
from chalicelib.domain.stock.drops import shelf_of, sku_of
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.stored import Stored

GRACE = timedelta(seconds=30)
"""How long a hold outlives `pay_by`, so that a payment begun in time does not lose its units on the way."""


class State(StrEnum):
    """Where an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


HOLDS_UNITS = frozenset({State.AWAITING_PAYMENT, State.PAID})
"""States in which an order's units are its own; in every other they have gone back."""


class OrderLine(Stored, frozen=True):
    """Units of one SKU at a price in fen, and the parts of batches that they come from.

    `name` is what the buyer read, in their language; `shown` the digest of all that was said of the product
    (`catalog.shown`); `no_return` that they agreed that it cannot come back. They are kept for later questions.
    `drop` is the drop that it was bought in. `buyer` is the buyer's pseudonym where there is a limit for each.
    """

    sku: str
    quantity: int
    unit_price: int
    parts: tuple[Part, ...]
    name: str = ""
    shown: str = ""
    no_return: bool = False
    drop: str = ""
    buyer: str = ""

    @property
    def ship_by(self) -> date:
        """The date of its last part: the one that binds."""
        return max(part.ship_by for part in self.parts)

    @property
    def shelf(self) -> str:
        """Where its units come from."""
        return shelf_of(self.sku, self.drop)

    @property
    def bought(self) -> Counter[Account]:
        """What it counts for where there is a limit: of a drop as a whole, else of each batch."""
        units: Counter[Account] = Counter()
        for part in self.parts if self.buyer else ():
            units[scope(self.shelf, part.ship_by), self.buyer] += part.quantity
        return units


def scope(shelf: str, ship_by: date) -> str:
    """What a limit of the shelf is for: all of a drop, and each batch of a SKU by itself."""
    return shelf if sku_of(shelf) != shelf else f"{shelf}|{ship_by}"


class Address(Stored, frozen=True):
    """Where the parcel goes. Personal data: never in a log, never in a URL."""

    name: str
    phone: str
    region: tuple[str, ...]
    street: str


class HistoryEntry(Stored, frozen=True, array_like=True):
    """A line of the order's history: the state entered, when, and by whom.

    It is stored as an array: `["2026-11-24T04:00:00Z", "paid", "provider:sandbox"]`. Older ones have two elements, and
    `by` unknown.
    """

    at: datetime
    event: State
    by: Actor = UNKNOWN


class RefundState(StrEnum):
    """Where a refund stands. A provider that accepts one has not paid it back yet."""

    PENDING = "pending"
    FAILED = "failed"
    DONE = "done"


class Refund(Stored, frozen=True):
    """Money that goes back, in fen; `key` is its idempotency key at the provider.

    One that failed did not work yet, and is tried again by itself.
    """

    key: str
    payment: str
    amount: int
    at: datetime
    state: RefundState = RefundState.PENDING


class Order(Aggregate, frozen=True):
    """All that is known of an order. Money is in fen, instants are UTC, dates are the village's own.

    `first_ship_by` is the date first promised, where it was moved to a later one; `lookup` finds the order by its
    buyer's phone, where they left an address to write to.
    """

    state: State
    placed: datetime
    pay_by: datetime
    lines: tuple[OrderLine, ...]
    postage: int
    total: int
    ship_to: Address
    lang: str
    provider: str
    fingerprint: str
    history: tuple[HistoryEntry, ...] = ()
    email: str | None = None
    room: str | None = None
    show: str | None = None
    payment: str | None = None
    events: tuple[str, ...] = ()
    refunds: tuple[Refund, ...] = ()
    first_ship_by: date | None = None
    lookup: str | None = None

    @property
    def ship_by(self) -> date:
        """It ships in one parcel, by the latest date of its lines."""
        return max(line.ship_by for line in self.lines)

    @property
    def hold_until(self) -> datetime:
        """When the hold of an unpaid order ends."""
        return self.pay_by + GRACE

    @property
    def ends(self) -> datetime | None:
        """When its hold ends by itself."""
        return self.hold_until if self.state is State.AWAITING_PAYMENT else None

    @property
    def allocated(self) -> Counter[Shard]:
        """Units of the parts of its lines, while they are its own."""
        units: Counter[Shard] = Counter()
        for line in self.lines if self.state in HOLDS_UNITS else ():
            for part in line.parts:
                units[line.shelf, part.ship_by, part.shard] += part.quantity
        return units

    @property
    def bought(self) -> Counter[Account]:
        """What its lines count for, while they are its own."""
        lines = self.lines if self.state in HOLDS_UNITS else ()
        return sum((line.bought for line in lines), Counter[Account]())
