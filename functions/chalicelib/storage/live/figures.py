"""Figures of a live evening in the table: counted by the stream's consumer, scans by whoever has scanned.

A batch of a shard is counted in one transaction with the shard's checkpoint, which stands on the checkpoint as it was
read: what comes again, whole, in part or after a lost answer, is at or before the checkpoint and counts for nothing.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.domain.calendar import village_day
from chalicelib.domain.live.figures import Figure, Sale
from chalicelib.domain.live.rooms import LOG_KEPT_FOR
from chalicelib.storage.keys import CHECKPOINTS, Item, body, checkpoint_key, figures_key, scans_key
from chalicelib.storage.table import Table

PARTS = 4
"""Items over which a room's scans are spread: with 1,000 writes a second each, 4,000 scans a second of one room."""
KEPT_FOR = timedelta(days=60)
"""How long days and minutes are kept; shows are kept as long as the rooms' log."""
CHECKPOINT_KEPT_FOR = timedelta(days=3)
"""A shard of the stream is gone after a day."""

ScansOf = tuple[str, date]
"""A room and a day of the village."""


class Checkpoint(msgspec.Struct, frozen=True):
    """How far a shard has been counted, and its latest sales, the latest first."""

    seq: str = ""
    latest: tuple[Sale, ...] = ()


class Counts(msgspec.Struct, frozen=True):
    """What was read: figures by scope and name, and scans by room and day, of the day (`n`) and of each show."""

    figures: Mapping[str, Mapping[str, int]]
    scans: Mapping[ScansOf, Counter[str]]

    def of(self, scope: str, name: str) -> int:
        """Return a figure of a scope; 0 where nothing was counted."""
        return self.figures.get(scope, {}).get(name, 0)


class FigureStore:
    """Figures in the table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def checkpoint(self, shard: str) -> Checkpoint:
        """Return how far the shard has been counted. One read."""
        item = self.table.get(checkpoint_key(shard))
        return _checkpoint_in(item) if item else Checkpoint()

    def checkpoints(self) -> Iterator[Checkpoint]:
        """Return how far each shard has been counted."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": CHECKPOINTS}},
        )
        return map(_checkpoint_in, pages)

    def count(self, shard: str, before: Checkpoint, after: Checkpoint, counted: Counter[Figure], now: datetime) -> bool:
        """Add to the figures and move the checkpoint, both or neither; False where it is not where it was read."""
        return not self.table.transact([_move(shard, before, after, now), *_add(counted, now)])

    def scan(self, room: str, show: str | None, now: datetime) -> None:
        """Count one more scan of the room's code."""
        key = scans_key(room, village_day(now), random.randrange(PARTS))  # noqa: S311 - it spreads writes, no secret
        self.table.call("update_item", **_update(key, {"n": 1, **({show: 1} if show else {})}, now + KEPT_FOR))

    def read(self, scopes: Collection[str], scans: Collection[ScansOf]) -> Counts:
        """Return the figures of these scopes, and these scans. One round trip for each hundred items."""
        parts = [scans_key(room, day, part) for room, day in scans for part in range(PARTS)]
        figures: dict[str, dict[str, int]] = {}
        scanned: dict[ScansOf, Counter[str]] = {one: Counter() for one in scans}
        for item in self.table.get_many([*map(figures_key, scopes), *parts]):
            kind, _, name = item["pk"]["S"].partition("#")
            numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value and name != "ttl"}
            if kind == "figures":
                figures[name] = numbers
            else:
                room, day, _ = name.split("#")
                scanned[room, date.fromisoformat(day)].update(numbers)
        return Counts(figures, scanned)


def _move(shard: str, before: Checkpoint, after: Checkpoint, now: datetime) -> Item:
    """The checkpoint moved on, if it is where it was read."""
    item = {**checkpoint_key(shard), "seq": {"S": after.seq}, "body": body(after)}
    put: Item = {"Item": item | {"ttl": _until(now + CHECKPOINT_KEPT_FOR)}}
    if before.seq:
        put |= {"ConditionExpression": "seq = :seen", "ExpressionAttributeValues": {":seen": {"S": before.seq}}}
    else:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    return {"Put": put}


def _add(counted: Counter[Figure], now: datetime) -> Iterator[Item]:
    """The figures added, an update for each scope."""
    scopes: dict[str, dict[str, int]] = {}
    for (scope, name), units in counted.items():
        if units:
            scopes.setdefault(scope, {})[name] = units
    for scope, figures in sorted(scopes.items()):
        lasts = LOG_KEPT_FOR if scope.startswith("show#") else KEPT_FOR
        yield {"Update": _update(figures_key(scope), figures, now + lasts)}


def _update(key: Item, figures: Mapping[str, int], until: datetime) -> Item:
    names = {f"#n{place}": name for place, name in enumerate(figures)}
    values = {f":n{place}": {"N": str(units)} for place, units in enumerate(figures.values())}
    adds = ", ".join(f"#n{place} :n{place}" for place in range(len(figures)))
    return {
        "Key": key,
        "UpdateExpression": f"SET #ttl = :ttl ADD {adds}",
        "ExpressionAttributeNames": {"#ttl": "ttl", **names},
        "ExpressionAttributeValues": {":ttl": _until(until), **values},
    }


def _until(at: datetime) -> Item:
    return {"N": str(int(at.timestamp()))}


def _checkpoint_in(item: Item) -> Checkpoint:
    return msgspec.json.decode(item["body"]["S"], type=Checkpoint)
