"""The order: its states, its lines, its money, and what it holds. Pure types, no I/O.

What moves it is in events.py, and what each event makes of it in transitions.py.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aftersales.claims import Claim
from chalicelib.domain.aggregate import Account, Aggregate, Shard, Stored
from chalicelib.domain.desk.notes import DeskLetter, TeamNote
from chalicelib.domain.orders.parcels import BenchEntry, Parcel, Printout
from chalicelib.domain.orders.questions import Question
from chalicelib.domain.payments.attempts import Attempt, AttemptState, named
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.stock.drops import shelf_of, sku_of
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.text import number_of
from chalicelib.domain.voices.kept import PersonMark

GRACE = timedelta(seconds=30)
"""How long a hold outlives `pay_by`, so that a payment begun in time finds the order's units still held."""
SCARCE = 10
"""What is left of a shelf is scarce where it is at most one part in SCARCE of what is declared."""
SHORT_HOLD = timedelta(minutes=5)
"""How long an order of what is scarce may be paid, at most: long enough to type a password, and others wait for it."""

FOUND_FOR = timedelta(days=90)
"""How long an order is found by its phone number: numbers that are given up go to somebody else some time later."""


def hold_for(hold: timedelta, left: int, cap: int) -> timedelta:
    """Return how long an order may be paid where `left` of `cap` units are on sale: `hold`, less where they are few."""
    return min(hold, SHORT_HOLD) if left * SCARCE <= cap else hold


class State(StrEnum):
    """Where an order stands: whether it is to be made and shipped. Where its money stands is told by its refunds.

    The strings are stored, and stand in the HTTP contract.
    """

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


SOLD = frozenset({State.PAID, State.PACKED, State.SHIPPED, State.DELIVERED, State.RETURNED})
"""States of an order that was paid and is not cancelled: what it holds is the buyer's."""
HOLDS_UNITS = SOLD | {State.AWAITING_PAYMENT}
"""States in which an order holds its units; in any other they have gone back."""
TO_BE_PACKED = frozenset({State.PAID, State.PACKED})
"""States of an order of which something still stands in the village."""
SILENCE = timedelta(days=15)
"""How long after the last parcel was handed over an order counts as delivered, where nobody says anything else."""


class OrderLine(Stored, frozen=True):
    """`quantity` units of one SKU at `unit_price` fen each, and the parts of batches that they come from.

    `name` is what the buyer read, in their language; `shown` is the digest of all that was said of the product
    (`catalog.shown`); `no_return`: they agreed that it cannot be returned. These are kept as evidence of what was sold.
    `drop` is the drop that it was bought in; empty: none. `buyer` is the buyer's pseudonym where a limit counts them;
    empty: no limit. `limit` is what that buyer could have of the drop, or of each batch, when it was sold; 0: no limit,
    or stored by older code. `missing` are parts of batches that there turned out not to be, and that were paid back:
    nobody else can have them either, so they stay the line's whatever becomes of the order. `given_up` are parts that
    the buyer has left to others for money, since too little was made: they have gone back.
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
    limit: int = 0
    missing: tuple[Part, ...] = ()
    given_up: tuple[Part, ...] = ()

    @property
    def ship_by(self) -> date:
        """The date by which all of it has shipped: the latest of its parts."""
        return max(part.ship_by for part in (*self.parts, *self.missing, *self.given_up))

    @property
    def shelf(self) -> str:
        """The shelf that its units come from."""
        return shelf_of(self.sku, self.drop)

    @property
    def bought(self) -> Counter[Account]:
        """Units that count against a limit: against the drop's as a whole, else against that of each batch."""
        units: Counter[Account] = Counter()
        for part in self.parts if self.buyer else ():
            units[scope(self.shelf, part.ship_by), self.buyer] += part.quantity
        return units

    @property
    def most(self) -> int:
        """What its buyer may have of it in all, by the limit that it was sold under.

        Where older code has not kept that: what the line itself has, so that its buyer gets it as long as they have
        bought nothing more of the same.
        """
        return self.limit or self.quantity


def scope(shelf: str, ship_by: date) -> str:
    """Return what one limit spans: a drop as a whole (its shelf), but each batch of a SKU's own shelf by itself."""
    return shelf if sku_of(shelf) != shelf else f"{shelf}|{ship_by}"


class Address(Stored, frozen=True):
    """The address that the parcel goes to. Personal data: never in a log, never in a URL.

    `phone` is what `domain.text.phone` makes of a number, with its extension where it has one.
    """

    name: str
    phone: str
    region: tuple[str, ...]
    street: str

    @property
    def number(self) -> str:
        """The phone without an extension: what limits count, and what finds an order again."""
        return number_of(self.phone)

    @property
    def textable(self) -> bool:
        """Whether a text message reaches the buyer: a number with an extension is a marketplace's, shared by many."""
        return bool(self.phone) and self.phone == self.number


class HistoryEntry(Stored, frozen=True, array_like=True):
    """One entry of the history: the state entered (`event`), when, and by whom.

    It is stored as an array: `["2026-11-24T04:00:00Z", "paid", "provider:sandbox"]`. Entries that older code has stored
    have two elements, and get `by` UNKNOWN.
    """

    at: datetime
    event: State
    by: Actor = UNKNOWN


class RefundState(StrEnum):
    """Where a refund stands. The strings are stored, and stand in the HTTP contract.

    It is to be asked for, the provider has taken it up, the money has gone back, a person must bring it back, or the
    provider says that it never will: then nothing has gone back, and it counts no more.
    """

    PENDING = "pending"
    ASKED = "asked"
    DONE = "done"
    HAND = "hand"
    FAILED = "failed"


REFUND_ENDED = frozenset({RefundState.DONE, RefundState.HAND, RefundState.FAILED})
"""States in which nothing more is asked of the provider."""


class RefundReason(StrEnum):
    """Why money goes back. The strings are stored, and stand in the HTTP contract.

    The first three are of late payments: the date that was promised could not be kept any more, the buyer has had as
    many as one may, or the drop was over. Then: the order was cancelled, the amount was not its total, it was paid
    already, or it was over. The last four: the village gives some of it back, cannot make some of it, has given it
    back in the provider's console, or pays for what came broken, spoiled or wrong.
    """

    DATE = "date_not_kept"
    LIMIT = "limit"
    DROP = "drop_over"
    CANCELLED = "cancelled"
    AMOUNT = "amount"
    AGAIN = "paid_already"
    OVER = "order_over"
    SELLER = "seller"
    SHORT = "short"
    CONSOLE = "console"
    CLAIM = "claim"


LATE = frozenset({RefundReason.DATE, RefundReason.LIMIT, RefundReason.DROP})
"""Reasons for which a payment that came after the hold goes back."""


class RefundLine(Stored, frozen=True, array_like=True):
    """Units of the order's line of this index that are paid back."""

    line: int
    quantity: int


class Refund(Stored, frozen=True):
    """`amount` fen of the provider's `payment` that go back; `key` is the idempotency key at the provider.

    `reference` is the attempt's under which the `paid` fen came (0: the order's total). `id` is the provider's name for
    the refund. Of one that the village asks for: `lines` and `postage` are what it is for, `why` is in its own words,
    `request` stands for the request's Idempotency-Key, and `by` is who asked. `provider` is whose the payment was,
    where the reference does not say. `reason` is None where older code has not kept it.
    """

    key: str
    payment: str
    amount: int
    at: datetime
    state: RefundState = RefundState.PENDING
    reason: RefundReason | None = None
    reference: str = ""
    paid: int = 0
    id: str = ""
    lines: tuple[RefundLine, ...] = ()
    postage: int = 0
    why: str = ""
    request: str = ""
    by: Actor = UNKNOWN
    provider: str = ""


class RecallMark(Stored, frozen=True):
    """That units of the order are of a recalled batch: the recall's id, the batch, since when, and why.

    `why` is in the village's words, `why_en` the same in English; empty where nobody has written that.
    """

    recall: str
    sku: str
    ship_by: date
    at: datetime
    why: str
    why_en: str = ""


class DisputeEntry(Stored, frozen=True):
    """The buyer's bank claims `amount` fen back, or has decided; `dispute` is the provider's id of it."""

    dispute: str
    amount: int
    state: DisputeState
    at: datetime
    reason: str = ""


class Order(Aggregate, frozen=True):
    """All that is known of an order. Money is in fen, instants are UTC, dates are the village's own.

    `total` includes `postage`. `fingerprint` is the digest of the request that placed it. `provider` is the one that
    the buyer has chosen, and then the one that was paid by; `attempts` are all attempts to pay. `payment` is the
    provider's id of the payment that paid it, `reference` the attempt's; `events` are the ids of the provider's events
    that were dealt with. `room` is the room that sold it, in its `show`; `signed` is whether a scan or a drop of that
    room says so, and not the buyer's word alone, for which nobody is paid. `first_ship_by` is the date first promised,
    where it was moved to a later one; `lookup` is the pseudonym of the buyer's phone, and `mail_lookup` that of their
    mailbox, by which a lost order is found, where it could be told to them. `note` is what the buyer says to those who
    pack it: personal data like the address.

    `recipient` is the pseudonym of whom and where it goes to, by which orders for one door are found together.
    `revision` counts what has changed of that which a label says; `printed` is the last label, and `bench` what else
    was done in the packing room. `look_at` is when the carriers are asked next about parcels that are on their way,
    where the shop has a service to ask. `recalls` are those in force of batches that its units come from, and
    `questions` are those that its buyer was asked, one after the other. `notes` are the team's own, and
    `letters` what the desk has written to its buyer. `claims` are what its buyer says was wrong, and `person` is what
    became of the buyer's data. `replaces` is the order whose goods it makes good, at no price; empty: it was bought.
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
    signed: bool = True
    payment: str | None = None
    events: tuple[str, ...] = ()
    refunds: tuple[Refund, ...] = ()
    first_ship_by: date | None = None
    lookup: str | None = None
    note: str = ""
    mail_lookup: str | None = None
    attempts: tuple[Attempt, ...] = ()
    reference: str = ""
    disputes: tuple[DisputeEntry, ...] = ()
    recipient: str = ""
    revision: int = 1
    printed: Printout | None = None
    parcels: tuple[Parcel, ...] = ()
    recalls: tuple[RecallMark, ...] = ()
    bench: tuple[BenchEntry, ...] = ()
    look_at: datetime | None = None
    questions: tuple[Question, ...] = ()
    claims: tuple[Claim, ...] = ()
    replaces: str = ""
    person: PersonMark = PersonMark()
    notes: tuple[TeamNote, ...] = ()
    letters: tuple[DeskLetter, ...] = ()

    @property
    def ship_by(self) -> date:
        """The date that is promised: an order ships in one parcel, by the latest date of its lines."""
        return max(line.ship_by for line in self.lines)

    @property
    def hold_until(self) -> datetime:
        """When the hold ends if nobody has paid: GRACE after `pay_by`."""
        return self.pay_by + GRACE

    @property
    def ends(self) -> datetime | None:
        """When its hold ends by itself, a question or its way does; None in between, and once it is over."""
        if self.state is State.PAID:
            return min((one.until for one in self.open_questions), default=None)
        if self.state is State.SHIPPED:
            handed = [parcel.handed for parcel in self.parcels if parcel.handed]
            return max(handed) + SILENCE if handed else None
        return self.hold_until if self.state is State.AWAITING_PAYMENT else None

    @property
    def allocated(self) -> Counter[Shard]:
        """Units of the parts of its lines, by shard, while it holds them; what is missing for good; what is offered."""
        units: Counter[Shard] = Counter()
        for line in self.lines:
            for part in (*(line.parts if self.state in HOLDS_UNITS else ()), *line.missing):
                units[line.shelf, part.ship_by, part.shard] += part.quantity
        for one in self.open_questions:
            for asked in one.lines:
                for part in asked.later:
                    units[self.lines[asked.line].sku, part.ship_by, part.shard] += part.quantity
        return units

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Questions that its buyer may still answer: what they are offered is theirs until then."""
        return tuple(one for one in self.questions if one.is_open) if self.state is State.PAID else ()

    @property
    def bought(self) -> Counter[Account]:
        """Units of its lines that count against limits, by account, while it holds them."""
        lines = self.lines if self.state in HOLDS_UNITS else ()
        return sum((line.bought for line in lines), Counter[Account]())

    @property
    def limits(self) -> dict[Account, int]:
        """How many units may be on each account that its lines count on, by the limits that they were sold under."""
        return {account: line.most for line in self.lines for account in line.bought}

    @property
    def open_attempts(self) -> tuple[Attempt, ...]:
        """Attempts that the buyer may still go on with."""
        return tuple(attempt for attempt in self.attempts if attempt.state is AttemptState.OPEN)

    @property
    def refundable(self) -> int:
        """What can still be given back of the payment that paid it, in fen."""
        return 0 if self.payment is None else max(self.left_of(self.payment), 0)

    def left_of(self, payment: str) -> int:
        """Return what has come by a payment and does not go back, in fen; negative where more does than has come.

        Of a payment that the order had no use for, the first refund is all that came.
        """
        mine = [one for one in self.refunds if one.payment == payment]
        came = self.total if payment == self.payment else next((one.amount for one in mine), 0)
        return came - sum(one.amount for one in mine if one.state is not RefundState.FAILED)

    def attempt_of(self, reference: str) -> Attempt | None:
        """Return the attempt that a reference names; None where it names none of this order's."""
        known = named(reference)
        return next((one for one in self.attempts if known == (self.number, one.n)), None)

    def provider_of(self, refund: Refund) -> str:
        """Return the provider that has taken the payment which goes back: it alone can give it back."""
        if refund.provider or refund.payment == self.payment:
            return refund.provider or self.provider
        attempt = self.attempt_of(refund.reference)
        return attempt.channel.provider if attempt else self.provider

    @property
    def late_refund(self) -> RefundReason | None:
        """Why a payment that came after the hold went back; None where none did."""
        return next((refund.reason for refund in self.refunds if refund.reason in LATE), None)
