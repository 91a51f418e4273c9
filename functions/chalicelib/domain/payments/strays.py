"""Money that fits nowhere: no order has its reference, or it is in another currency. Pure rules, no I/O.

It is kept until a person gives it back or books it to an order: nothing else can know whose it is.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.aggregate import (
    BookPayment,
    Done,
    Failed,
    HoldsNothing,
    RefundPayment,
    Stored,
    TellManager,
    intend,
    look_again,
    notify,
    retry_later,
    struck_out,
)
from chalicelib.domain.payments.news import CURRENCY, Money, Progress


class StrayState(StrEnum):
    """Where stray money stands: nobody has decided, it goes back, it has gone back, or it is an order's after all.

    The strings are stored.
    """

    OPEN = "open"
    GOING_BACK = "going_back"
    RETURNED = "returned"
    BOOKED = "booked"


class Stray(HoldsNothing, frozen=True):
    """`amount` in `currency` that `provider` has taken as `payment`, `seen` at an instant, under a `reference` that
    means nothing to us. `order` is what a person has booked it to; `by` is who has decided, and `decided` is when.
    `failed` is how many of its refunds have failed before the one that its key names.
    """

    provider: str
    reference: str
    payment: str
    amount: int
    currency: str
    seen: datetime
    state: StrayState = StrayState.OPEN
    order: str = ""
    by: Actor = Actor("")
    decided: datetime | None = None
    failed: int = 0

    @property
    def key(self) -> str:
        """The idempotency key of its refund: a new one after one that failed, since providers repeat what they said."""
        return f"stray-{self.number}{f'-{self.failed}' if self.failed else ''}"


class GiveBack(Stored, frozen=True):
    """A person sends it back."""

    by: Actor


class BookTo(Stored, frozen=True):
    """A person has found the order that it is for, and books it there."""

    order: str
    by: Actor


class ReturnTold(Stored, frozen=True):
    """The provider tells how the refund of this key goes."""

    key: str
    progress: Progress


Event = GiveBack | BookTo | ReturnTold | Done | Failed


def number_of(provider: str, payment: str) -> str:
    """Return the number of the money that this provider has taken as this payment."""
    digest = hashlib.sha256(f"{provider}\n{payment}".encode()).digest()
    return f"{int.from_bytes(digest) % 10**20:020}"


def stray(provider: str, money: Money, now: datetime) -> Stray:
    """Return money that fits nowhere, with the intent to tell the manager; the same money twice has one number."""
    found = Stray(
        number=number_of(provider, money.payment),
        provider=provider,
        reference=money.reference[:64],
        payment=money.payment,
        amount=money.amount,
        currency=money.currency,
        seen=now,
    )
    return notify(found, now, "stray", TellManager)


def decide(stray: Stray, event: Event, now: datetime) -> Stray:
    """Return what `event` makes of it: the same object where it changes nothing, else its next version."""
    after = _decide(stray, event, now)
    return stray if after is stray else msgspec.structs.replace(after, version=stray.version + 1)


def _decide(stray: Stray, event: Event, now: datetime) -> Stray:
    match event:
        case GiveBack(by=by) if stray.state is StrayState.OPEN:
            failed = stray.failed + (stray.decided is not None)
            going = msgspec.structs.replace(stray, state=StrayState.GOING_BACK, by=by, decided=now, failed=failed)
            return intend(going, now, RefundPayment(stray.key))
        case BookTo(order=order, by=by) if stray.state is StrayState.OPEN and stray.currency == CURRENCY:
            booked = msgspec.structs.replace(stray, state=StrayState.BOOKED, order=order, by=by, decided=now)
            return intend(booked, now, BookPayment(f"book-{stray.number}"))
        case ReturnTold(key=stray.key, progress=progress) if stray.state is StrayState.GOING_BACK:
            return _told(stray, progress, now)
        case Done():
            return struck_out(stray, event)
        case Failed():
            return retry_later(stray, event, now)
    return stray


def _told(stray: Stray, progress: Progress, now: datetime) -> Stray:
    """What never comes is a person's again, who sees it among those that are open.

    What a person has to bring back may yet go by itself: until it is told how that ended, it is nobody else's.
    """
    if progress is Progress.ASKED:
        return look_again(stray, now)
    told = struck_out(stray, Done(stray.key))
    if progress is Progress.DONE:
        return msgspec.structs.replace(told, state=StrayState.RETURNED)
    if progress is Progress.FAILED:
        told = msgspec.structs.replace(told, state=StrayState.OPEN)
    elif told is stray:
        return stray  # it was told before
    return notify(told, now, "stray" if progress is Progress.FAILED else "hand", TellManager)
