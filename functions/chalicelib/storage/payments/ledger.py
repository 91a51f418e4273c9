"""The ledger in the table: an item for each entry, under the day in whose books it stands.

An entry is the same whenever it is made of the same order, so it may be written again: whoever is later in the order's
versions wins. What a provider's statement says of it is another attribute, which no later version takes away.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zlib import crc32

import msgspec

from chalicelib.domain.payments.ledger import Billed, LedgerEntry
from chalicelib.storage.keys import Item, body, books_key, ledger_key, ledger_partition
from chalicelib.storage.table import Table

PARTS = 8
"""Partitions of a day: 1,000 writes a second each."""
MOST_WRITES = 100
"""Writes in one transaction."""


class LedgerLine(msgspec.Struct, frozen=True):
    """An entry, and what the provider's statement says of it; None: nothing so far."""

    entry: LedgerEntry
    billed: Billed | None = None


class LedgerStore:
    """The ledger."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def keep(self, found: Mapping[LedgerEntry, int]) -> None:
        """Write entries with the versions that they were made of; older versions of them change nothing.

        Raise Busy. One round trip for each hundred, more where another process writes the same; and one for each day
        that they are of, whose books have to be made anew.
        """
        latest: dict[str, tuple[LedgerEntry, int]] = {}
        for entry, version in found.items():
            name = str(_key(entry))
            if name not in latest or latest[name][1] < version:
                latest[name] = entry, version
        writes = [_write(entry, version) for entry, version in latest.values()]
        for first in range(0, len(writes), MOST_WRITES):
            some = writes[first : first + MOST_WRITES]
            if self.table.transact([{"Update": write} for write in some]):
                for write in some:  # some are there already: each by itself
                    self.table.write("update_item", **write)
        for day in sorted({entry.day for entry, _ in latest.values()}):
            _mark_changed(self.table, day)

    def day(self, day: date) -> list[LedgerLine]:
        """Return the entries of a day, by time."""
        found = [line for part in range(PARTS) for line in self._part(day, part)]
        return sorted(found, key=lambda line: (line.entry.at, line.entry.provider, line.entry.id))

    def find(self, entry: LedgerEntry) -> LedgerLine | None:
        """Return what the ledger has under the key of this entry."""
        item = self.table.get(_key(entry))
        return _line(item) if item else None

    def bill(self, entry: LedgerEntry, billed: Billed) -> None:
        """Keep what the provider's statement says of the entry."""
        self.table.call(
            "update_item",
            Key=_key(entry),
            UpdateExpression="SET billed = :billed",
            ExpressionAttributeValues={":billed": body(billed)},
        )
        _mark_changed(self.table, entry.day)

    def _part(self, day: date, part: int) -> Iterator[LedgerLine]:
        values: Any = {":pk": {"S": ledger_partition(day, part)}}
        pages = self.table.pages(
            "query", KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values, ConsistentRead=True
        )
        return map(_line, pages)


def _mark_changed(table: Table, day: date) -> None:
    """Note that the ledger of a day has changed, so that its books are made anew."""
    table.call(
        "update_item",
        Key=books_key(day),
        UpdateExpression="ADD changed :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )


def _write(entry: LedgerEntry, version: int) -> Item:
    return {
        "Key": _key(entry),
        "UpdateExpression": "SET body = :body, v = :v",
        "ConditionExpression": "attribute_not_exists(pk) OR v < :v",
        "ExpressionAttributeValues": {":body": body(entry), ":v": {"N": str(version)}},
    }


def _key(entry: LedgerEntry) -> Item:
    part = crc32(entry.id.encode()) % PARTS
    return ledger_key(entry.day, part, f"{entry.provider}#{entry.kind}#{entry.id}")


def _line(item: Item) -> LedgerLine:
    billed = msgspec.json.decode(item["billed"]["S"], type=Billed) if "billed" in item else None
    return LedgerLine(msgspec.json.decode(item["body"]["S"], type=LedgerEntry), billed)
