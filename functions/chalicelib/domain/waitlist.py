"""The waitlist of a SKU: people who came too late, in the order in which they came. Pure rules, no I/O.

A place counts once the link that it was sent was opened: an address or a number that nobody reads holds nothing and
takes nobody's turn. `invitation` is the one function that decides where a freed unit goes: to the first waiter whom it
fits, else on sale. Of each batch a share is offered to the list at a time, so that a list of made-up people cannot keep
all of it from those who buy. An invited waiter holds units, which nobody else can buy, until they are ordered or given
up, or the invitation ends.
**To add a state or an event, add it here, and a line to `TRANSITIONS`**, as for an order.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Any

import msgspec

from chalicelib.domain.aggregate import (
    Aggregate,
    Done,
    Failed,
    Mail,
    Message,
    Shard,
    Sms,
    Stored,
    notify,
    retry_later,
    struck_out,
)
from chalicelib.domain.contact import is_phone
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.promise import Batch, Part, promise, take

LASTS = 4
"""How many times as long as a hold an invitation lasts: a letter must be read, and an address typed."""
MOST_WAITING = 2_000
"""People on one list at most: more would wait in vain."""
CONFIRM_WITHIN = timedelta(days=1)
"""How long the link in its letter can make a place count."""
KEPT_FOR = timedelta(days=30)
"""How long a place is kept after it has ended: its contact is personal data, and not needed any more."""


class WaiterState(StrEnum):
    """Where a place on the list stands; `OVER`: what it was for is sold no more. The strings are stored."""

    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    INVITED = "invited"
    TAKEN = "taken"
    GIVEN_UP = "given_up"
    LAPSED = "lapsed"
    OVER = "over"


ENDED = frozenset({WaiterState.TAKEN, WaiterState.GIVEN_UP, WaiterState.LAPSED, WaiterState.OVER})


class Wish(Stored, frozen=True):
    """What a waiter wants: `quantity` units, or fewer where `fewer` is true.

    `name` is what the goods were called when they asked, in their language: goods may leave the catalogue.
    """

    quantity: int
    fewer: bool = False
    lang: str = "zh"
    name: str = ""


class Waiter(Aggregate, frozen=True):
    """A place on the list of a SKU. `contact` is an e-mail address or a number (contact.py): not for logs or URLs.

    `joined` is when it was asked for, and its rank in the line. `parts` are the units of an invitation, which ends at
    `until`; `counted` says that its batches count them as offered, which older code did not. `order` is the number of
    the order that took them; `since` is when the state was entered, or where it is unconfirmed, last asked for.
    """

    sku: str
    contact: str
    wish: Wish
    joined: datetime
    since: datetime
    state: WaiterState = WaiterState.WAITING
    parts: tuple[Part, ...] = ()
    until: datetime | None = None
    order: str | None = None
    counted: bool = False

    @property
    def units(self) -> int:
        """How many units it is invited to."""
        return sum(part.quantity for part in self.parts)

    @property
    def ends(self) -> datetime | None:
        """When its invitation ends by itself; None where it has none."""
        return self.until if self.state is WaiterState.INVITED else None

    @property
    def allocated(self) -> Counter[Shard]:
        """Units of its invitation, by shard, while it lasts."""
        units: Counter[Shard] = Counter()
        for part in self.parts if self.state is WaiterState.INVITED else ():
            units[self.sku, part.ship_by, part.shard] += part.quantity
        return units

    @property
    def offered(self) -> Counter[tuple[str, date]]:
        """Units of its invitation, by batch, while it lasts and they are counted."""
        units: Counter[tuple[str, date]] = Counter()
        for part in self.parts if self.counted and self.state is WaiterState.INVITED else ():
            units[self.sku, part.ship_by] += part.quantity
        return units

    @property
    def by(self) -> type[Message]:
        """How its owner is told: by text message where they have left a number."""
        return Sms if is_phone(self.contact) else Mail

    def is_gone(self, now: datetime) -> bool:
        """Return whether nobody has opened its link in time: it is as if there were no such place."""
        return self.state is WaiterState.UNCONFIRMED and now >= self.since + CONFIRM_WITHIN

    @property
    def entry(self) -> "QueueEntry":
        """Its entry in the line."""
        return QueueEntry(self.joined, self.number, self.wish.quantity, self.wish.fewer)


class QueueEntry(Stored, frozen=True, array_like=True):
    """An entry of the line: since when and whose, and how many units would fit. It is stored as an array."""

    joined: datetime
    number: str
    quantity: int
    fewer: bool

    def fits(self, left: int) -> int:
        """Return how many of `left` units it would get; 0 where they do not fit."""
        if self.fewer:
            return min(self.quantity, left)
        return self.quantity if self.quantity <= left else 0


class WaitlistInvitation(msgspec.Struct, frozen=True):
    """Whose turn it is (`number`), the parts that they get, and until when.

    `kept` says how many units come to each shard from what its batch keeps for those who wait.
    """

    number: str
    parts: tuple[Part, ...]
    until: datetime
    kept: Mapping[Shard, int]


class Deadlines(msgspec.Struct, frozen=True):
    """By when an invitation that is made `now` must be used.

    It lasts LASTS times as long as an order's `hold`; `closes` says when the sale of what ships by a day ends.
    """

    now: datetime
    hold: timedelta
    closes: Callable[[date], datetime]

    def leave_time(self, ship_by: date) -> bool:
        """Return whether what ships by this day can still be ordered for as long as a hold."""
        return self.closes(ship_by) - self.now >= self.hold

    def until(self, days: Iterable[date]) -> datetime:
        """Return when an invitation to what ships by these days ends."""
        return min(self.now + LASTS * self.hold, *map(self.closes, days))


def invitation(
    sku: str, line: Iterable[QueueEntry], batches: Sequence[Declared], deadlines: Deadlines
) -> WaitlistInvitation | None:
    """Return an invitation for the first in the line whom the units that are kept or on sale fit.

    None where they fit nobody, or where as much is offered as may be at a time: what is kept goes on sale then. Who
    would fit and has to wait for that is passed over by nobody. Nobody is invited to units that they would have no time
    to order.
    """
    open_ = [batch for batch in batches if batch.shares and deadlines.leave_time(batch.ship_by)]
    left = sum(map(_there, open_))
    first = next((entry for entry in line if entry.fits(left)), None) if left else None
    if first is None:
        return None
    for lots in ([_share(batch) for batch in open_], [_one_invitation(batch) for batch in open_]):
        if units := first.fits(sum(lot.left for lot in lots)):
            parts = promise(units, lots)
            return _invite(sku, first, parts, {batch.ship_by: batch for batch in batches}, deadlines)
    return None


def _there(batch: Declared) -> int:
    """Units of a batch that are kept or on sale: where they lie does not matter yet."""
    return batch.kept + batch.batch.left


def _share(batch: Declared) -> Batch:
    """Return the units of a batch that may be offered beside those that are: half of what it declares in all."""
    return Batch(batch.ship_by, (min(_there(batch), max(ceil(batch.cap / 2) - batch.offered, 0)),))


def _one_invitation(batch: Declared) -> Batch:
    """Return the same where its share is too small for a wish: of a batch nothing of which is offered, all."""
    return _share(batch) if batch.offered > 0 else Batch(batch.ship_by, (_there(batch),))


def _invite(
    sku: str,
    entry: QueueEntry,
    parts: Sequence[Part],
    batches: Mapping[date, Declared],
    deadlines: Deadlines,
) -> WaitlistInvitation:
    """Return the invitation with its parts by shard, taking what is kept first.

    What is kept lies in no shard, so it comes to the batch's first one.
    """
    units: Counter[tuple[date, int]] = Counter()
    kept: dict[Shard, int] = {}
    for part in parts:
        batch = batches[part.ship_by]
        if aside := min(batch.kept, part.quantity):
            shard = min(batch.shares)
            units[part.ship_by, shard] = kept[sku, part.ship_by, shard] = aside
        for sold in take(part.quantity - aside, batch.batch) if part.quantity > aside else ():
            units[sold.ship_by, sold.shard] += sold.quantity
    allocation = tuple(Part(day, shard, count) for (day, shard), count in sorted(units.items()))
    until = deadlines.until(part.ship_by for part in allocation)
    return WaitlistInvitation(entry.number, allocation, until, kept)


class Asked(Stored, frozen=True):
    """The same mailbox or number asks for a place again."""

    wish: Wish
    contact: str


class Confirmed(Stored, frozen=True):
    """The link in its letter was opened."""


class Invited(Stored, frozen=True):
    """It is their turn: the units of `parts` are theirs until `until`."""

    parts: tuple[Part, ...]
    until: datetime


class Ordered(Stored, frozen=True):
    """They have ordered what they were invited to: the number of the order."""

    order: str


class GaveUp(Stored, frozen=True):
    """They do not want it any more."""


class Lapsed(Stored, frozen=True):
    """The invitation's time is over."""


class OfferWithdrawn(Stored, frozen=True):
    """What they are invited to cannot be sold any more: its batch is recalled."""


class LeftCatalogue(Stored, frozen=True):
    """What they wait for, or are invited to, is sold no more."""


Event = Asked | Confirmed | Invited | Ordered | GaveUp | Lapsed | OfferWithdrawn | LeftCatalogue | Done | Failed
Rule = Callable[[Waiter, Any, datetime], Waiter]


def asked_for(waiter: Waiter, now: datetime) -> Waiter:
    """Return a new place, which nobody has confirmed yet, with the letter that brings its link."""
    return _send(msgspec.structs.replace(waiter, state=WaiterState.UNCONFIRMED, joined=now, since=now), now)


def decide(waiter: Waiter, event: Event, now: datetime) -> Waiter:
    """Return what `event` makes of the place: the same object where it changes nothing, else its next version."""
    rule = TRANSITIONS.get((waiter.state, type(event)))
    after = rule(waiter, event, now) if rule else waiter
    return waiter if after is waiter else msgspec.structs.replace(after, version=waiter.version + 1)


def _ask_again(waiter: Waiter, _: Asked, now: datetime) -> Waiter:
    """Send the link once more. The place stays as it is, since a changed wish would be another place in the line."""
    return _send(waiter, now)


def _send(waiter: Waiter, now: datetime) -> Waiter:
    """Send the message of the state that it is in, unless one is on its way."""
    on_its_way = any(isinstance(intent, Message) and intent.text == waiter.state for intent in waiter.outbox)
    return waiter if on_its_way else notify(waiter, now, waiter.state, waiter.by)


def _ask_otherwise(waiter: Waiter, asked: Asked, now: datetime) -> Waiter:
    """Put down the latest wish, and send the link once more; when it was first asked for stays its rank."""
    if waiter.is_gone(now):
        return _ask_anew(waiter, asked, now)
    return _send(msgspec.structs.replace(waiter, wish=asked.wish, contact=asked.contact, since=now), now)


def _ask_anew(waiter: Waiter, asked: Asked, now: datetime) -> Waiter:
    """A place counts for one turn: whoever asks for another one confirms it, lest a stranger put them in line again."""
    anew = msgspec.structs.replace(
        waiter, wish=asked.wish, contact=asked.contact, parts=(), until=None, order=None, counted=False
    )
    return asked_for(anew, now)


def _confirm(waiter: Waiter, _: Confirmed, now: datetime) -> Waiter:
    return waiter if waiter.is_gone(now) else _enter(waiter, WaiterState.WAITING, now)


def _invited(waiter: Waiter, turn: Invited, now: datetime) -> Waiter:
    after = msgspec.structs.replace(waiter, parts=turn.parts, until=turn.until, counted=True)
    return notify(_enter(after, WaiterState.INVITED, now), now, "invited", waiter.by)


def _ordered(waiter: Waiter, ordered: Ordered, now: datetime) -> Waiter:
    if _is_over(waiter, now):
        return waiter
    return _enter(msgspec.structs.replace(waiter, order=ordered.order), WaiterState.TAKEN, now)


def _given_up(waiter: Waiter, _: GaveUp, now: datetime) -> Waiter:
    return _enter(waiter, WaiterState.GIVEN_UP, now)


def _lapse(waiter: Waiter, _: Lapsed, now: datetime) -> Waiter:
    if not _is_over(waiter, now):
        return waiter
    return notify(_enter(waiter, WaiterState.LAPSED, now), now, "lapsed", waiter.by)


def _withdraw(waiter: Waiter, _: OfferWithdrawn, now: datetime) -> Waiter:
    return notify(_enter(waiter, WaiterState.LAPSED, now), now, "lapsed", waiter.by)


def _over(waiter: Waiter, _: LeftCatalogue, now: datetime) -> Waiter:
    """Tell whoever has answered a letter; nobody else can have been told that they wait."""
    over = _enter(waiter, WaiterState.OVER, now)
    return over if waiter.state is WaiterState.UNCONFIRMED else notify(over, now, "over", waiter.by)


def _is_over(waiter: Waiter, now: datetime) -> bool:
    return waiter.until is None or now >= waiter.until


def _enter(waiter: Waiter, state: WaiterState, now: datetime) -> Waiter:
    return msgspec.structs.replace(waiter, state=state, since=now)


def _done(waiter: Waiter, done: Done, now: datetime) -> Waiter:
    return struck_out(waiter, done)


TRANSITIONS: dict[tuple[WaiterState, type[Event]], Rule] = {
    (WaiterState.UNCONFIRMED, Asked): _ask_otherwise,
    (WaiterState.UNCONFIRMED, Confirmed): _confirm,
    (WaiterState.UNCONFIRMED, GaveUp): _given_up,
    (WaiterState.WAITING, Asked): _ask_again,
    (WaiterState.WAITING, Invited): _invited,
    (WaiterState.WAITING, GaveUp): _given_up,
    (WaiterState.INVITED, Asked): _ask_again,
    (WaiterState.INVITED, Ordered): _ordered,
    (WaiterState.INVITED, GaveUp): _given_up,
    (WaiterState.INVITED, Lapsed): _lapse,
    (WaiterState.INVITED, OfferWithdrawn): _withdraw,
    **{(state, LeftCatalogue): _over for state in WaiterState if state not in ENDED},
    **{(state, Asked): _ask_anew for state in ENDED},
    **{(state, Done): _done for state in WaiterState},
    **{(state, Failed): retry_later for state in WaiterState},
}
