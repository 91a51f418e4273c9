"""The bases of what the table keeps as JSON, and of what has an outbox: an order, a place on the waitlist, an invoice.

Pure rules, no I/O.

An aggregate is written whole, on the condition of the version that was read. What must happen elsewhere (a letter, a
refund, closing a payment) is an intent in its outbox, written with the change itself, so neither exists without the
other.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar

import msgspec

STUCK = timedelta(seconds=60)
"""How long the sweep leaves an intent to the stream's consumer; doubles with each failure."""
PATIENCE = timedelta(hours=1)
"""The longest pause between two tries of an intent that failed."""
MOST_TRIES = 28
"""Tries of what passes: about a day of them, since after five they are PATIENCE apart."""
ALARMING_TRIES = 6
"""Failed tries, about two hours of them, after which the manager hears of money that cannot be given back."""

Shard = tuple[str, date, int]
"""A shard by its shelf (a SKU, or a drop of it: drops.py), its batch's ship-by date, and its index."""
Account = tuple[str, str]
"""Where a limit counts the units of one buyer: the scope of a batch or drop (orders/model.py), and their pseudonym."""


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A record as it is stored. A field that has its default is left out, so an item costs fewer write units.

    A new field needs a default: bodies that older code has stored lack it, and must still decode.
    """


class Mail(Stored, frozen=True, tag="mail"):
    """Intent: send the aggregate's owner the letter named `text`. `tries` of it have failed."""

    key: str
    text: str
    tries: int = 0


class Sms(Stored, frozen=True, tag="sms"):
    """Intent: send the aggregate's owner the text message named `text`. `tries` of it have failed."""

    key: str
    text: str
    tries: int = 0


TroubleKind = Literal["refund", "close", "given_up", "unwritable", "fault", "stray", "hand", "dispute", "books"]
"""A refund or the closing of a payment fails all the time; a letter was given up, or cannot be written; a fault; money
that fits nowhere; a refund that a person must bring back; a claim of a buyer's bank; a provider's statement of a day
that differs from the ledger."""


class TellManager(Stored, frozen=True, tag="tell"):
    """Intent: tell the manager of the trouble named `text`, a `TroubleKind`. `tries` of it have failed."""

    key: str
    text: TroubleKind
    tries: int = 0


class RefundPayment(Stored, frozen=True, tag="refund"):
    """Intent: ask the provider to pay back the refund of this key. `tries` of it have failed."""

    key: str
    tries: int = 0


class ClosePayment(Stored, frozen=True, tag="close"):
    """Intent: ask the provider to take no more payment for this order. `tries` of it have failed.

    `attempt` is the number of the attempt to close; 0: the order's provider knows the order alone.
    """

    key: str
    tries: int = 0
    attempt: int = 0


class BookPayment(Stored, frozen=True, tag="book"):
    """Intent: put the money to the order that a person has found for it. `tries` of it have failed."""

    key: str
    tries: int = 0


class FollowParcel(Stored, frozen=True, tag="follow"):
    """Intent: have the carrier's service push news of this parcel of the order. `tries` of it have failed."""

    key: str
    parcel: int
    tries: int = 0


Message = Mail | Sms | TellManager
Passing = Message | FollowParcel
"""Intents that are given up some day: what a letter said is old by then, and parcels are asked about all the same."""
Intent = Passing | RefundPayment | ClosePayment | BookPayment


class Done(Stored, frozen=True):
    """Event: the intent of this key has been performed."""

    key: str


class Failed(Stored, frozen=True):
    """Event: the intents of these keys failed, and are to be tried again later."""

    keys: tuple[str, ...]


class Aggregate(Stored, frozen=True, kw_only=True):
    """A record under a number and a version that has an outbox, and may hold units.

    `retry_at` is when the sweep performs its intents, if nobody has done so by then; `failures` counts failed tries.
    `number` has a default since it is stored in the key alone.
    """

    number: str = ""
    version: int = 1
    outbox: tuple[Intent, ...] = ()
    retry_at: datetime | None = None
    failures: int = 0

    @property
    def allocated(self) -> Counter[Shard]:
        """Units that it holds, by shard. Stock is moved and audited by this alone."""
        raise NotImplementedError

    @property
    def bought(self) -> Counter[Account]:
        """Units that count against a limit, by account. Accounts are changed and audited by this alone."""
        return Counter()

    @property
    def offered(self) -> Counter[tuple[str, date]]:
        """Units that it is invited to, by shelf and ship-by date, as its batches count them."""
        return Counter()

    @property
    def alarming(self) -> tuple[Intent, ...]:
        """Intents that are never given up and have failed so often that somebody must look."""
        return tuple(one for one in self.outbox if not isinstance(one, Passing) and one.tries >= ALARMING_TRIES)

    @property
    def ends(self) -> datetime | None:
        """When its hold ends by itself; None where it has none."""
        raise NotImplementedError

    @property
    def due(self) -> datetime | None:
        """When the sweep must look at it again, if nothing else happens to it; None: never."""
        return min((at for at in (self.ends, self.retry_at) if at), default=None)


class HoldsNothing(Aggregate, frozen=True):
    """An aggregate for the sake of its outbox: it holds no units, and so has no hold that could end."""

    @property
    def allocated(self) -> Counter[Shard]:
        """No units."""
        return Counter()

    @property
    def ends(self) -> None:
        """Never."""
        return


H = TypeVar("H", bound=Aggregate)


def intend(aggregate: H, now: datetime, *intents: Intent) -> H:
    """Return the aggregate with more intents in its outbox, due for the sweep after STUCK."""
    return msgspec.structs.replace(aggregate, outbox=(*aggregate.outbox, *intents), retry_at=now + STUCK, failures=0)


def notify(aggregate: H, now: datetime, text: Any, by: type[Message] = Mail) -> H:
    """Return the aggregate with an intent to send the letter, `by` Sms the text message, named `text`.

    The version in its key makes the letters of two changes two, and those of a change that is tried again one.
    """
    return intend(aggregate, now, by(f"{text}-{aggregate.version}", text))


def struck_out(aggregate: H, done: Done) -> H:
    """Return the aggregate without the intent that was performed: the same object where it has no such intent."""
    outbox = tuple(intent for intent in aggregate.outbox if intent.key != done.key)
    if outbox == aggregate.outbox:
        return aggregate
    return msgspec.structs.replace(
        aggregate, outbox=outbox, retry_at=aggregate.retry_at if outbox else None, failures=0
    )


def retry_later(aggregate: H, failed: Failed, now: datetime) -> H:
    """Return the aggregate with its next try put off, twice as long each time up to PATIENCE.

    What passes and has failed MOST_TRIES times ends, so that none is tried for ever; what moves money never does.
    The same object where its outbox is empty: the intent was struck out meanwhile.
    """
    if not aggregate.outbox:
        return aggregate
    tried = (_once_more(intent) if intent.key in failed.keys else intent for intent in aggregate.outbox)
    outbox = tuple(intent for intent in tried if not isinstance(intent, Passing) or intent.tries < MOST_TRIES)
    left = msgspec.structs.replace(aggregate, outbox=outbox)
    return look_again(left, now) if outbox else msgspec.structs.replace(left, retry_at=None, failures=0)


def look_again(aggregate: H, now: datetime) -> H:
    """Return the aggregate with its next try put off as by a failure, which it was not: it waits for others."""
    # Ten doublings of STUCK are far beyond PATIENCE, so the count may stop there.
    pause = min(STUCK * 2 ** (aggregate.failures + 1), PATIENCE)
    return msgspec.structs.replace(aggregate, retry_at=now + pause, failures=min(aggregate.failures + 1, 10))


def _once_more(intent: Intent) -> Intent:
    return msgspec.structs.replace(intent, tries=intent.tries + 1)
