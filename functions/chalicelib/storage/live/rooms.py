"""Rooms in the table: each as it is now, its shows, and its log."""

from datetime import datetime
from itertools import islice

import msgspec

from chalicelib.domain.live.rooms import LOG_KEPT_FOR, LiveRoom, LogEntry, Show
from chalicelib.storage.keys import Item, body, instant, log_key, log_partition, room_key, show_key
from chalicelib.storage.table import Table

MOST_SHOWS = 10
"""How many of the last shows are told of."""
PAGE = 50
"""Lines of the log that are told at once."""


class RoomStore:
    """Rooms in the table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def room(self, id_: str) -> LiveRoom:
        """Return the room as the last write left it; one that nobody has touched yet is there too. One read."""
        item = self.table.get(room_key(id_))
        return msgspec.json.decode(item["body"]["S"], type=LiveRoom) if item else LiveRoom(id_)

    def change(self, before: LiveRoom, after: LiveRoom, now: datetime, entry: LogEntry | None) -> bool:
        """Write the room, its show and a line of its log (None: no line), all or none.

        Return False where the room is not as it was read.
        """
        shows = _ended(before, after, now), after.show if after.show != before.show else None
        writes = [_put_room(before, after)]
        writes += [_put_entry(after.id, entry, str(after.version))] if entry else []
        writes += [_put_show(after.id, show) for show in shows if show]
        return not self.table.transact(writes)

    def note(self, room: str, entry: LogEntry, name: str) -> None:
        """Write a line of the log, once for each `name`."""
        self.table.call("put_item", **_put_entry(room, entry, name)["Put"])

    def shows(self, room: str) -> list[Show]:
        """Return the last shows, the latest first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :show)",
            ExpressionAttributeValues={":pk": room_key(room)["pk"], ":show": {"S": "show#"}},
            ScanIndexForward=False,
            Limit=MOST_SHOWS,
        )
        return [msgspec.json.decode(item["body"]["S"], type=Show) for item in islice(pages, MOST_SHOWS)]

    def log_between(self, room: str, first: datetime, last: datetime) -> list[LogEntry]:
        """Return all lines of the log from one instant to another, the earliest first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": log_partition(room)},
                ":first": {"S": instant(first)},
                ":last": {"S": f"{instant(last)}~"},
            },
        )
        return [msgspec.json.decode(item["body"]["S"], type=LogEntry) for item in pages]

    def log(self, room: str, before: datetime) -> list[LogEntry]:
        """Return lines of the log from before an instant, the latest first, at most PAGE of them."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk < :before",
            ExpressionAttributeValues={":pk": {"S": log_partition(room)}, ":before": {"S": instant(before)}},
            ScanIndexForward=False,
            Limit=PAGE,
        )
        return [msgspec.json.decode(item["body"]["S"], type=LogEntry) for item in islice(pages, PAGE)]


def _ended(before: LiveRoom, after: LiveRoom, at: datetime) -> Show | None:
    """The show that is over with this change."""
    return msgspec.structs.replace(before.show, until=at) if before.show and not after.show else None


def _put_room(before: LiveRoom, after: LiveRoom) -> Item:
    item = {**room_key(after.id), "v": {"N": str(after.version)}, "body": body(after)}
    put: Item = {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    if before.version:
        put |= {"ConditionExpression": "v = :v", "ExpressionAttributeValues": {":v": {"N": str(before.version)}}}
    return {"Put": put}


def _put_show(room: str, show: Show) -> Item:
    return {"Put": {"Item": {**show_key(room, show.id), "body": body(show), "ttl": _kept_until(show.since)}}}


def _put_entry(room: str, entry: LogEntry, name: str) -> Item:
    return {"Put": {"Item": {**log_key(room, entry.at, name), "body": body(entry), "ttl": _kept_until(entry.at)}}}


def _kept_until(at: datetime) -> Item:
    return {"N": str(int((at + LOG_KEPT_FOR).timestamp()))}
