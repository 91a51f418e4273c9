"""What the desk's notes and letters make of an order. Pure rules, no I/O; orders/transitions.py says when."""

from datetime import datetime

import msgspec

from chalicelib.domain.aggregate import Done, Mail, Sms, notify
from chalicelib.domain.desk.notes import MOST_LETTERS, MOST_NOTES, DeskLetter, TeamNote, letter_in, letter_name
from chalicelib.domain.orders.events import Noted, Wrote
from chalicelib.domain.orders.model import Order


def noted(order: Order, event: Noted, now: datetime) -> Order:
    """Keep a note for the team, once for each request."""
    if len(order.notes) >= MOST_NOTES or any(one.request == event.request for one in order.notes):
        return order
    note = TeamNote(now, event.by, event.text, event.request)
    return msgspec.structs.replace(order, notes=(*order.notes, note))


def wrote(order: Order, event: Wrote, now: datetime) -> Order:
    """Keep what is written to the buyer, once for each request, and have it sent."""
    if len(order.letters) >= MOST_LETTERS or any(one.request == event.request for one in order.letters):
        return order
    letter = DeskLetter(
        at=now,
        by=event.by,
        kind=event.kind,
        sku=event.sku,
        words=event.words,
        request=event.request,
        sms=event.sms,
    )
    order = msgspec.structs.replace(order, letters=(*order.letters, letter))
    return notify(order, now, letter_name(len(order.letters)), Sms if event.sms else Mail)


def sent(order: Order, done: Done, now: datetime) -> Order:
    """Keep when a letter of the desk was handed over, where it is that which was done."""
    n = letter_in(done.key)
    if not 0 < n <= len(order.letters) or order.letters[n - 1].sent:
        return order
    letters = [*order.letters]
    letters[n - 1] = msgspec.structs.replace(letters[n - 1], sent=now)
    return msgspec.structs.replace(order, letters=tuple(letters))
