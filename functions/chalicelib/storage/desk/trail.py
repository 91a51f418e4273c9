"""The trail in the table: an item when an act begins, one with what came of it, and a seal for each day.

Nothing of it is ever written twice: each put demands that there is no such item, and no function's role may update or
delete one (functions/.chalice). What entries are about stands beside them in items of keys alone.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TypeVar

import msgspec

from chalicelib.domain.calendar import village_day
from chalicelib.domain.desk.trail import KEPT_FOR, LAST_DIGITS, Seal, TrailEntry, TrailOutcome
from chalicelib.storage.keys import (
    SEALS,
    Item,
    body,
    instant,
    seal_key,
    subject_key,
    subject_partition,
    trail_key,
    trail_partition,
)
from chalicelib.storage.table import Table

END = "#end"
"""What the name of an outcome has behind its entry's."""
T = TypeVar("T", bound=msgspec.Struct)
NEW = "attribute_not_exists(pk)"


class TrailStore:
    """The trail in the table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def write(self, entry: TrailEntry) -> None:
        """Write an entry, and what it is found by, all or none; raises Busy."""
        ends = _ends(entry.at)
        item = {**trail_key(entry.day, place_of(entry)), "body": body(entry), "ttl": ends}
        found_by = [subject_key(kind, bucket(kind, name), f"{name}#{place_of(entry)}") for kind, name in entry.subjects]
        items = [item, *({**key, "ttl": ends} for key in found_by)]
        if found_by:
            self.table.transact([{"Put": {"Item": one, "ConditionExpression": NEW}} for one in items])
        else:
            self.table.write("put_item", Item=item, ConditionExpression=NEW)

    def end(self, entry: TrailEntry, outcome: TrailOutcome) -> None:
        """Write what came of an entry's act, once; raises Busy."""
        key = trail_key(entry.day, place_of(entry) + END)
        item = {**key, "body": body(outcome), "ttl": _ends(entry.at)}
        self.table.write("put_item", Item=item, ConditionExpression=NEW)

    def day(self, day: date, before: str) -> Iterator[TrailEntry]:
        """Return entries of a day that begin before a place in the trail, the last first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk < :before",
            ExpressionAttributeValues={":pk": {"S": trail_partition(day)}, ":before": {"S": before}},
            ScanIndexForward=False,
            Limit=200,
        )
        ended: TrailOutcome | None = None
        for item in pages:  # backwards, an outcome comes right before its entry
            if item["sk"]["S"].endswith(END):
                ended = _read(item, TrailOutcome)
            else:
                yield _with(_read(item, TrailEntry), ended)
                ended = None

    def places(self, kind: str, name: str) -> list[str]:
        """Return where the entries about something are in the trail, the last first. It reads keys alone.

        Of an order its last digits may be given: all that ends with them is meant.
        """
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": subject_partition(kind, bucket(kind, name))}},
            ProjectionExpression="sk",
        )
        named = (item["sk"]["S"].split("#", 1) for item in pages)
        return sorted((place for whose, place in named if whose.endswith(name)), reverse=True)

    def at(self, places: Iterable[str]) -> list[TrailEntry]:
        """Return the entries at these places, the last first; reads each with its outcome."""
        keys = [trail_key(day_of(place), name) for place in places for name in (place, place + END)]
        found = {item["sk"]["S"]: item for item in self.table.get_many(keys, consistent=True)}
        outcomes = {place: _read(item, TrailOutcome) for place, item in found.items() if place.endswith(END)}
        entries = {place: _read(item, TrailEntry) for place, item in found.items() if not place.endswith(END)}
        return [_with(entries[place], outcomes.get(place + END)) for place in sorted(entries, reverse=True)]

    def digest(self, day: date, previous: str) -> Seal:
        """Return the seal that a day's items give, as they are now: over the key, body and end of each, in order."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": trail_partition(day)}},
            ConsistentRead=True,
        )
        digest, entries = sha256(f"{previous}\n{day}\n".encode()), 0
        for item in pages:
            entries += not item["sk"]["S"].endswith(END)
            digest.update(f"{item['sk']['S']}\n{item['body']['S']}\n{item['ttl']['N']}\n".encode())
        return Seal(day, entries, digest.hexdigest(), previous)

    def seals(self) -> list[Seal]:
        """Return all seals, by day."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": SEALS}},
            ConsistentRead=True,
        )
        return [_read(item, Seal) for item in pages]

    def seal(self, seal: Seal) -> bool:
        """Write a day's seal; return False where the day has one."""
        return self.table.write("put_item", Item={**seal_key(seal.day), "body": body(seal)}, ConditionExpression=NEW)


def place_of(entry: TrailEntry) -> str:
    """Return where an entry is in the trail: places sort by the instant."""
    return f"{instant(entry.at)}#{entry.id}"


def bucket(kind: str, name: str) -> str:
    """Return under what entries about something are found: an order by the last digits of its number."""
    return name[-LAST_DIGITS:] if kind == "order" else name


def day_of(place: str) -> date:
    """Return the village's day that a place in the trail is in."""
    return village_day(datetime.strptime(place.partition("#")[0], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC))


def _with(entry: TrailEntry, outcome: TrailOutcome | None) -> TrailEntry:
    return msgspec.structs.replace(entry, outcome=outcome) if outcome else entry


def _ends(at: datetime) -> Item:
    return {"N": str(int((at + KEPT_FOR).timestamp()))}


def _read(item: Item, kind: type[T]) -> T:
    return msgspec.json.decode(item["body"]["S"], type=kind)
