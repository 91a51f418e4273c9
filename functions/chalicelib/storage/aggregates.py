"""The registry of what may hold units. **To add a kind, describe it beside its feature, and name it in `KINDS`.**

It is then written, loaded, swept and audited as all others are. Pure, no calls.
"""

from datetime import datetime
from typing import Any

from chalicelib.domain.aggregate import Aggregate, Done, Failed, H
from chalicelib.storage.desk.invoices import INVOICE
from chalicelib.storage.keys import Item
from chalicelib.storage.kinds import Kind
from chalicelib.storage.orders import ORDER, SEARCH
from chalicelib.storage.payments.strays import STRAY
from chalicelib.storage.voices.readers import MAILING, SIGNUP
from chalicelib.storage.waitlist import WAITER

Write = tuple[Aggregate | None, Aggregate]
"""An aggregate as it was read (None: it must not exist yet), and as it shall be."""


def registry(*kinds: Kind[Any]) -> dict[str, Kind[Any]]:
    """Return the kinds by name; raises ValueError where two share a name, a type or a partition of the index."""
    for part in ("name", "type"):
        if len({getattr(kind, part) for kind in kinds}) < len(kinds):
            raise ValueError(f"two kinds of aggregates have the same {part}")
    partitions = [partition for kind in kinds for partition in kind.due_partitions]
    if len({*partitions}) < len(partitions):
        raise ValueError("two kinds of aggregates have the same partition of the index `due`")
    return {kind.name: kind for kind in kinds}


KINDS = registry(ORDER, SEARCH, WAITER, STRAY, SIGNUP, MAILING, INVOICE)


def kind_of(aggregate: H) -> Kind[H]:
    """Return the kind that an aggregate is of; raises LookupError for one that is not registered."""
    for kind in KINDS.values():
        if type(aggregate) is kind.type:
            return kind
    raise LookupError(f"{type(aggregate).__name__} is no registered kind of aggregate")


def put(before: Aggregate | None, after: Aggregate) -> Item:
    """Return the write of an aggregate, on the condition of the version that was read (None: not there yet)."""
    return kind_of(after).put(before, after)


def aggregate_in(item: Item) -> Aggregate | None:
    """Return the aggregate that an item holds; None for any other item."""
    kind = KINDS.get(item["sk"]["S"])
    return kind.read(item) if kind else None


def decide(aggregate: H, event: Done | Failed, now: datetime) -> H:
    """Return what has become of an aggregate with what was done for it elsewhere, or could not be."""
    return kind_of(aggregate).decide(aggregate, event, now)


def ended(aggregate: H, now: datetime) -> H:
    """Return the aggregate with its hold ended: the same object where its time is not over."""
    kind = kind_of(aggregate)
    return kind.decide(aggregate, kind.end, now)
