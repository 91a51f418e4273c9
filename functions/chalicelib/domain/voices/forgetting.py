"""What goes of an order's buyer when they ask to be forgotten, and what when its time is over. Pure rules, no I/O.

The law has the shop keep what was sold to whom for three years from the end of the sale (e-commerce law, article 31),
and what money moved for longer (accounting archives). The first names a person; the second does not need to: amounts,
goods, payments and refunds stay, under a number that nobody's name belongs to any more. Whatever no law asks for goes
when its owner says so (personal information protection law, article 47).
"""

from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from chalicelib.domain.aggregate import Mail, Message, Sms
from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.events import EmailCorrected, Expunged, ForgetAsked, LegalHoldSet
from chalicelib.domain.orders.model import Address, Order, OrderLine, RefundState, State
from chalicelib.domain.payments.attempts import AttemptState
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.voices.kept import LegalHold, PersonMark

KEPT_FOR = timedelta(days=3 * 366)
"""How long an order tells whose it was, from the end of its story: three years, by the law above."""
LIMIT_KEPT_FOR = timedelta(days=30)
"""How long a pseudonym counts units after the day on which nobody buys of them any more."""

Open = Literal["", "under way", "money", "dispute", "work", "held"]
"""Why an order's story has not ended: it is under way, money is to move, a bank claims it, something is still to be
done for it, or a dispute holds it. Empty: it has."""

STORY_OVER = frozenset({State.DELIVERED, State.RETURNED, State.CANCELLED, State.EXPIRED, State.REFUNDED})


def open_by(order: Order) -> Open:
    """Return what keeps the order's story from being over."""
    if order.person.hold:
        return "held"
    if order.state not in STORY_OVER:
        return "under way"
    if _owes(order):
        return "money"
    latest = {entry.dispute: entry.state for entry in order.disputes}
    if DisputeState.OPEN in latest.values():
        return "dispute"
    return "work" if order.outbox else ""


def ended(order: Order) -> datetime:
    """Return when the last thing happened to the order that its story tells."""
    told = [
        order.placed,
        *(entry.at for entry in order.history),
        *(refund.at for refund in order.refunds),
        *(entry.at for entry in order.disputes),
        *(mark.at for mark in order.recalls),
        *(at for parcel in order.parcels for at in (parcel.packed, parcel.handed, parcel.delivered) if at),
    ]
    return max(told)


def tells_until(order: Order) -> datetime:
    """Return until when the law has the shop keep whose the order was, if nothing more happens to it."""
    return ended(order) + KEPT_FOR


def is_due(order: Order, now: datetime) -> bool:
    """Return whether all that tells of a person is to go by now."""
    return not order.person.gone and not open_by(order) and now >= tells_until(order)


def was_no_sale(order: Order) -> bool:
    """Return whether no money ever came for it and nothing will: no law has the shop keep who asked."""
    moved = order.payment or order.refunds or order.disputes
    return not moved and order.state in STORY_OVER and not order.person.hold


def is_uncounted(line: OrderLine, today: date) -> bool:
    """Return whether no limit counts the line's buyer any more: nobody can buy of its batches, and so of its drop."""
    return line.ship_by + LIMIT_KEPT_FOR < today


def scope_day(scope: str) -> date | None:
    """Return the day of the batch that a limit spans (orders/model.py); None where it spans a drop."""
    _, bar, day = scope.partition("|")
    return date.fromisoformat(day) if bar else None


# ---- Events ----


def email_corrected(order: Order, event: EmailCorrected, now: datetime) -> Order:
    """Write to another address from now on, or to none; of whoever asked to be forgotten nothing new is kept."""
    if order.person.asked or order.person.gone or (event.email, event.lookup) == (order.email, order.mail_lookup):
        return order
    mark = msgspec.structs.replace(order.person, corrected=now)
    after = msgspec.structs.replace(order, email=event.email, mail_lookup=event.lookup, person=mark)
    return after if event.email else msgspec.structs.replace(after, **_without(after, (Mail,)))


def forget_asked(order: Order, _: ForgetAsked, now: datetime) -> Order:
    """Take away at once what no law has the shop keep: all, where it was never sold. What a dispute needs stays."""
    if order.person.asked or order.person.gone or order.person.hold:
        return order
    order = msgspec.structs.replace(order, person=msgspec.structs.replace(order.person, asked=now))
    if was_no_sale(order):
        return _nameless(order, now)
    unsent = _without(order, (Mail,))
    less = msgspec.structs.replace(order, email=None, mail_lookup=None, lookup=None, note="", **unsent)
    if order.state not in STORY_OVER:
        return less
    return msgspec.structs.replace(less, recipient="", lines=_uncounted(less, now))


def expunged(order: Order, _: Expunged, now: datetime) -> Order:
    """Take away all that tells of a person, once its time is over."""
    return _nameless(order, now) if is_due(order, now) else order


def hold_set(order: Order, event: LegalHoldSet, now: datetime) -> Order:
    """Keep it as it is for a dispute, or no more; another reason takes the place of the one before."""
    reason = order.person.hold.reason if order.person.hold else ""
    if event.reason == reason or order.person.gone:
        return order
    hold = LegalHold(event.reason, now, event.by) if event.reason else None
    return msgspec.structs.replace(order, person=msgspec.structs.replace(order.person, hold=hold))


def _nameless(order: Order, now: datetime) -> Order:
    """The order without name, phone, street and district, without words of people, and without what stands for them.

    The province stays, by which parcels and sums are counted; and of each refund and dispute what money it moved.
    """
    # What a provider gave to go on with is needed to close an attempt, and then no more.
    needed = {AttemptState.OPEN, *(AttemptState if order.outbox else ())}
    return msgspec.structs.replace(
        order,
        ship_to=Address("", "", order.ship_to.region[:1], ""),
        email=None,
        note="",
        lookup=None,
        mail_lookup=None,
        recipient="",
        fingerprint="",
        lines=tuple(msgspec.structs.replace(line, buyer="") for line in order.lines),
        parcels=tuple(msgspec.structs.replace(parcel, tracking="") for parcel in order.parcels),
        refunds=tuple(msgspec.structs.replace(refund, why="") for refund in order.refunds),
        notes=tuple(msgspec.structs.replace(note, text="") for note in order.notes),
        letters=tuple(msgspec.structs.replace(letter, words="") for letter in order.letters),
        claims=tuple(msgspec.structs.replace(claim, words="", reply="", photos=()) for claim in order.claims),
        attempts=tuple(
            one if one.state in needed else msgspec.structs.replace(one, handle={}) for one in order.attempts
        ),
        person=PersonMark(asked=order.person.asked, gone=now),
        **_without(order, (Mail, Sms)),
    )


def _without(order: Order, kinds: tuple[type[Message], ...]) -> dict[str, Any]:
    """An outbox without messages to the buyer of these kinds, and without links by any: nobody is to be written to."""
    kept = tuple(
        one for one in order.outbox if not isinstance(one, kinds) and not (isinstance(one, Sms) and one.text == "link")
    )
    return {"outbox": kept, "retry_at": order.retry_at if kept else None, "failures": order.failures if kept else 0}


def _uncounted(order: Order, now: datetime) -> tuple[OrderLine, ...]:
    """Its lines without the buyer's pseudonym, where no limit counts by it any more."""
    return tuple(
        line
        if line.bought and order.bought and not is_uncounted(line, village_day(now))
        else msgspec.structs.replace(line, buyer="")
        for line in order.lines
    )


def _owes(order: Order) -> bool:
    """Whether money is to move: a refund has not ended, or what came for what is not sold has not gone back."""
    if any(refund.state not in (RefundState.DONE, RefundState.FAILED) for refund in order.refunds):
        return True
    came = {refund.payment for refund in order.refunds} - {order.payment}
    if order.payment is not None and order.state is not State.DELIVERED:
        came.add(order.payment)
    return any(order.left_of(payment) > 0 for payment in came)
