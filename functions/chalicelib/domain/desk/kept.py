"""The open books: what was planned, sold and kept of each day, as a chain of records that anybody can recompute.

Pure rules, no I/O. A record holds the SHA-256 of the one before it, over canonical JSON: names in order, no blanks,
whole numbers alone. What turns out otherwise later is told by a later record; none is ever written again.

Figures of fewer than LEAST orders would tell of people: whoever knows that a neighbour bought something on a quiet day
could read there what became of it. Such days are told together with those after them, as soon as there are as many
orders in all. So no figure is lost, and what is told together adds up.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from chalicelib.domain.aggregate import Stored

LEAST = 5
"""Orders of which figures are told; fewer wait for those of later days."""
FILE = "kept/days.json"
"""Where the site has them; infra/stack.yaml lets the night's job write this, and no deployment deletes it."""
NONE_BEFORE = "0" * 64
"""What the first record has in place of the hash of the one before."""
FIGURES = ("sold", "orders", "in_time", "late", "moved", "agreed", "cancelled", "refunds", "refunded")
"""Figures that are told of at least LEAST orders: units that were sold; orders that were promised for these days, how
many of them were sent in time and how many were not, how many had been moved here from an earlier day and how many
of those with their buyer's yes; orders that the shop cancelled, refunds of sales, and what these came to, in fen."""

Record = dict[str, Any]
"""A record of the chain, as JSON has it."""


class ShippedGoods(Stored, frozen=True, array_like=True):
    """Units of a batch that have left the village, and what hands get of each, in fen."""

    units: int = 0
    hands: int = 0


class DayKept(Stored, frozen=True, kw_only=True):
    """What became of a day: `planned` units, the figures of FIGURES, and what was `shipped` of its batches, by SKU."""

    day: date
    planned: int = 0
    sold: int = 0
    orders: int = 0
    in_time: int = 0
    late: int = 0
    moved: int = 0
    agreed: int = 0
    cancelled: int = 0
    refunds: int = 0
    refunded: int = 0
    shipped: Mapping[str, ShippedGoods] = {}


def told(days: Sequence[DayKept]) -> Record:
    """Return the figures of some days together, as a record tells them."""
    return {"since": f"{days[0].day}", **{name: sum(getattr(one, name) for one in days) for name in FIGURES}}


def next_record(records: Sequence[Record], waiting: Sequence[DayKept], seal: str = "") -> Record:
    """Return the record of the last of the `waiting` days, which is the first day after those that have a record.

    `waiting` are the days that were not told so far, that one included; `seal` is the trail's of it, empty for none.
    """
    enough = sum(one.orders for one in waiting) >= LEAST
    record = {
        "kind": "day",
        "day": f"{waiting[-1].day}",
        "planned": waiting[-1].planned,
        "told": told(waiting) if enough else None,
        "seal": seal,
    }
    return _linked(records, record)


def correction(records: Sequence[Record], day: str, days: Sequence[DayKept]) -> Record | None:
    """Return the record that corrects what was told last of the days up to `day`; None where that still holds.

    Only figures that were told are corrected, so a correction tells of as many orders as they did.
    """
    last = standing(records)[day]
    planned, figures = days[-1].planned, told(days)
    if (last["planned"], last["told"]) == (planned, figures):
        return None
    record = {"kind": "correction", "day": day, "planned": planned, "told": figures, "seal": ""}
    return _linked(records, record)


def standing(records: Sequence[Record]) -> dict[str, Record]:
    """Return what stands of each day: its record, or the last correction of it."""
    return {str(record["day"]): record for record in records}


def _linked(records: Sequence[Record], record: Record) -> Record:
    before = records[-1]["hash"] if records else NONE_BEFORE
    linked = {"n": len(records) + 1, **record, "before": before}
    return {**linked, "hash": hash_of(linked)}


def file_of(records: Sequence[Record]) -> bytes:
    """Return all records as the file that is published, one a line."""
    lines = ",\n".join(json.dumps(one, sort_keys=True, ensure_ascii=False) for one in records)
    return f'{{"records": [\n{lines}\n]}}\n'.encode()


def hash_of(record: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a record, in hex, over all of it but its own hash."""
    rest = {name: value for name, value in record.items() if name != "hash"}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
