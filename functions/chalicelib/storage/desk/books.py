"""The books of days in the table: sums, what became of promises, and what the reconciliation has found.

A day's books know how many changes of the day's ledger they have taken in, so that whoever reads them sees whether
there were others since.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from chalicelib.domain.desk.day_books import DayBooks
from chalicelib.domain.desk.findings import DayFindings, FindingNote
from chalicelib.domain.desk.kept import DayKept
from chalicelib.storage.keys import Item, body, books_key, findings_key, promises_key
from chalicelib.storage.table import Table


class StoredBooks(msgspec.Struct, frozen=True):
    """A day's books (None: never made), and how many `changes` of its ledger there were; `stale`: some since."""

    books: DayBooks | None = None
    changes: int = 0
    stale: bool = False


class BookStore:
    """The books of days."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def load(self, day: date) -> StoredBooks:
        """Return a day's books, as the last write left them. One read."""
        item = self.table.get(books_key(day))
        return _books(item) if item else StoredBooks()

    def load_many(self, days: Sequence[date]) -> dict[date, StoredBooks]:
        """Return those days' books that were ever touched. One read for each hundred."""
        found = self.table.get_many([*map(books_key, days)], consistent=True)
        return {_day(item): _books(item) for item in found}

    def save(self, books: DayBooks, changes: int) -> None:
        """Keep a day's books, made of a ledger that had changed so often before it was read."""
        self.table.call(
            "update_item",
            Key=books_key(books.day),
            UpdateExpression="SET body = :body, seen = :seen",
            ExpressionAttributeValues={":body": body(books), ":seen": {"N": str(changes)}},
        )

    def save_kept(self, kept: DayKept) -> None:
        """Keep what became of a day's promises."""
        self.table.call("put_item", Item={**promises_key(kept.day), "body": body(kept)})

    def kept(self, days: Sequence[date]) -> dict[date, DayKept]:
        """Return what became of the promises of those days of which that is known."""
        found = self.table.get_many([*map(promises_key, days)], consistent=True)
        return {_day(item): msgspec.json.decode(item["body"]["S"], type=DayKept) for item in found}

    def findings(self, days: Sequence[date]) -> dict[date, DayFindings]:
        """Return what was found of those days that were looked at."""
        found = self.table.get_many([*map(findings_key, days)], consistent=True)
        return {_day(item): _findings(item) for item in found if "body" in item}

    def save_findings(self, findings: DayFindings) -> None:
        """Keep what was found of a day; notes stay as they are."""
        bare = msgspec.structs.replace(findings, notes=())
        self._update(findings_key(findings.day), "SET body = :body", {":body": body(bare)})

    def add_note(self, day: date, note: FindingNote) -> None:
        """Keep what was done about a finding of a day."""
        added = {":note": {"L": [body(note)]}, ":none": {"L": []}}
        self._update(findings_key(day), "SET notes = list_append(if_not_exists(notes, :none), :note)", added)

    def _update(self, key: Item, expression: str, values: Any) -> None:
        self.table.call("update_item", Key=key, UpdateExpression=expression, ExpressionAttributeValues=values)


def _day(item: Item) -> date:
    return date.fromisoformat(item["pk"]["S"].partition("#")[2])


def _books(item: Item) -> StoredBooks:
    changes, seen = (int(item[name]["N"]) if name in item else 0 for name in ("changed", "seen"))
    books = msgspec.json.decode(item["body"]["S"], type=DayBooks) if "body" in item else None
    return StoredBooks(books, changes, books is None or changes > seen)


def _findings(item: Item) -> DayFindings:
    found = msgspec.json.decode(item["body"]["S"], type=DayFindings)
    notes = (msgspec.json.decode(one["S"], type=FindingNote) for one in item.get("notes", {"L": []})["L"])
    return msgspec.structs.replace(found, notes=(*notes,))
