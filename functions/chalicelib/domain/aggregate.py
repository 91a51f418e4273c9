"""Whoever holds units: an order, or a place on the waitlist. What both have, and what is to be done for them elsewhere.

An aggregate is written whole, on the condition of the version that was read. What must happen elsewhere (mail, refund,
closing a payment) is an intent in its outbox, written with the change itself. Pure rules, no I/O.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec

from chalicelib.domain.stored import Stored

STUCK = timedelta(seconds=60)
"""How long the stream's consumer may take before the sweep does an intent itself; doubles with each failure."""
PATIENCE = timedelta(hours=1)
"""The longest pause between two tries of a stuck intent."""

Shard = tuple[str, date, int]
"""A shard by its shelf (a SKU, or a drop of it: drops.py), its batch's ship-by date, and its index."""
Account = tuple[str, str]
"""What one buyer has of one batch or drop where that is limited: its scope, and the buyer's pseudonym."""


class Mail(Stored, frozen=True, tag="mail"):
    """Intent: tell whoever it belongs to; `text` names the letter."""

    key: str
    text: str


class RefundPayment(Stored, frozen=True, tag="refund"):
    """Intent: have the provider pay back the refund of this key."""

    key: str


class ClosePayment(Stored, frozen=True, tag="close"):
    """Intent: have the provider take no more payment for this order."""

    key: str


Intent = Mail | RefundPayment | ClosePayment


class Done(Stored, frozen=True):
    """Event: the intent of this key has been done."""

    key: str


class Failed(Stored, frozen=True):
    """Event: the intents of these keys could not be done; to be tried again later."""

    keys: tuple[str, ...]


class Aggregate(Stored, frozen=True, kw_only=True):
    """What is kept under a number and a version, may hold units, and has an outbox."""

    number: str
    version: int = 1
    outbox: tuple[Intent, ...] = ()
    retry_at: datetime | None = None
    failures: int = 0

    @property
    def allocated(self) -> Counter[Shard]:
        """Units that it holds. Stock moves, and is audited, by this alone."""
        raise NotImplementedError

    @property
    def bought(self) -> Counter[Account]:
        """Units that count against a limit. Accounts move, and are audited, by this alone."""
        return Counter()

    @property
    def ends(self) -> datetime | None:
        """When its hold ends by itself; None where it does not."""
        raise NotImplementedError

    @property
    def due(self) -> datetime | None:
        """When somebody must look at it again, if nothing else happens to it."""
        return min((at for at in (self.ends, self.retry_at) if at), default=None)


H = TypeVar("H", bound=Aggregate)


def intend(aggregate: H, now: datetime, *intents: Intent) -> H:
    """With more to be done elsewhere."""
    return msgspec.structs.replace(aggregate, outbox=(*aggregate.outbox, *intents), retry_at=now + STUCK, failures=0)


def notify(aggregate: H, now: datetime, text: str) -> H:
    """With a letter to be sent."""
    return intend(aggregate, now, Mail(f"{text}-{aggregate.version}", text))


def struck_out(aggregate: H, done: Done) -> H:
    """Without the intent that has been done."""
    outbox = tuple(intent for intent in aggregate.outbox if intent.key != done.key)
    if outbox == aggregate.outbox:
        return aggregate
    return msgspec.structs.replace(
        aggregate, outbox=outbox, retry_at=aggregate.retry_at if outbox else None, failures=0
    )


def retry_later(aggregate: H, _: Failed, now: datetime) -> H:
    """What could not be done is tried again later, and later each time."""
    if not aggregate.outbox:
        return aggregate
    pause = min(STUCK * 2 ** (aggregate.failures + 1), PATIENCE)
    return msgspec.structs.replace(aggregate, failures=min(aggregate.failures + 1, 10), retry_at=now + pause)
