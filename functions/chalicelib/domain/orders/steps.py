"""Steps that the rules of transitions.py and money.py share: a new state, a message to the buyer. Pure, no I/O."""

from datetime import datetime

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.aggregate import Message, Sms, notify
from chalicelib.domain.orders.model import HistoryEntry, Order, State

TEXTED = frozenset({"withdrawn", "postponed", "short", "asked", "refunded", "recalled", "unrecalled"})
"""Letters whose news goes by text message where the buyer has left no e-mail address: the shop does not keep what it
said, and nobody looks at the order's page for that. Of refunds it is those of late money: whoever cancels knows. That
a parcel has left carriers tell by text themselves."""


def enter(order: Order, state: State, now: datetime, by: Actor) -> Order:
    """Return the order in this state, with an entry in its history."""
    return msgspec.structs.replace(order, state=state, history=(*order.history, HistoryEntry(now, state, by)))


def tell(order: Order, now: datetime, text: str) -> Order:
    """Return the order with the message named `text` to its buyer, by what they have left."""
    if order.email:
        return notify(order, now, text)
    told = text in TEXTED and (text != "refunded" or order.late_refund)
    return notify(order, now, text, Sms) if told and order.ship_to.textable else order


def untell(order: Order, *texts: str) -> Order:
    """Return the order without messages of these names that have not gone out yet."""
    kept = tuple(one for one in order.outbox if not (isinstance(one, Message) and one.text in texts))
    return order if kept == order.outbox else msgspec.structs.replace(order, outbox=kept)
