"""How the desk finds orders: a row for each, by the day on which it was placed, and the terms that it is found under.

The stream's consumer writes them (services/desk/search/index.py), so they are a second behind the orders, and none of
it is on an order's way. A term is its key and nothing else. A row is put as a whole, unconditionally: a shard of the
stream tells of one order's changes in their order, and a batch that failed comes again whole, with all that follows it.
So whatever is written again ends with what was written last, and a replay comes to the same rows and terms.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import msgspec

from chalicelib.domain.calendar import village_day
from chalicelib.domain.desk.rows import OrderRow, Term
from chalicelib.storage.keys import Item, body, find_key, find_partition, instant, row_key, rows_partition
from chalicelib.storage.table import Table

PARTS = 4
"""Partitions of a day: 1,000 writes a second each, and an order writes its row when placed and when paid."""


def row_item(row: OrderRow) -> Item:
    """Return a row as it is stored."""
    return _row_key(row) | {"body": body(msgspec.structs.replace(row, number=""))}


def _row_key(row: OrderRow) -> Item:
    return row_key(village_day(row.placed), _part(row.number), row.placed, row.number)


def _part(number: str) -> int:
    return int(number[-4:]) % PARTS


class SearchStore:
    """Rows of orders, and terms."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def keep(self, rows: Iterable[OrderRow], terms: Iterable[tuple[Term, str]]) -> None:
        """Write rows, the last of an order alone, and terms with the orders' numbers; raise Busy."""
        items = [row_item(row) for row in {row.number: row for row in rows}.values()]
        items += [find_key(term, what, number) for (term, what), number in dict.fromkeys(terms)]
        self.table.put_many(items)

    def add(self, row: OrderRow) -> None:
        """Write the row of an order that has none; raise Busy."""
        self.table.write("put_item", Item=row_item(row), ConditionExpression="attribute_not_exists(pk)")

    def rows(self, day: date) -> Iterator[OrderRow]:
        """Return the rows of all orders that were placed on a village's day, the latest first, by PARTS queries."""
        return heapq.merge(*(self._rows(day, part) for part in range(PARTS)), key=_latest, reverse=True)

    def some(self, day: date, before: str, most: int) -> tuple[list[OrderRow], bool]:
        """Return the latest rows of a day that stand before a place (empty: all), and whether there are more of them.

        By PARTS queries, of at most so many rows each.
        """
        parts = [list(islice(self._rows(day, part, before, most), most)) for part in range(PARTS)]
        full = [_latest(rows[-1]) for rows in parts if len(rows) == most]
        merged = heapq.merge(*parts, key=_latest, reverse=True)
        # Behind the last row of a partition that has more of them, others may be missing.
        return [row for row in merged if not full or _latest(row) >= max(full)], bool(full)

    def numbers(self, term: str, begins: str = "", most: int = 50) -> list[str]:
        """Return numbers of at most so many orders under a term. One query."""
        values: Any = {":pk": {"S": find_partition(term)}}
        condition = "pk = :pk"
        if begins:
            values[":begins"] = {"S": begins}
            condition += " AND begins_with(sk, :begins)"
        found = self.table.call("query", KeyConditionExpression=condition, ExpressionAttributeValues=values, Limit=most)
        return [item["sk"]["S"].rpartition("#")[2] for item in found["Items"]]

    def forget(self, rows: Iterable[OrderRow], terms: Iterable[tuple[Term, str]]) -> None:
        """Delete rows and terms, of an order that is not kept any more."""
        keys: Sequence[Item] = [_row_key(row) for row in rows]
        for key in (*keys, *(find_key(term, what, number) for (term, what), number in terms)):
            self.table.call("delete_item", Key=key)

    def _rows(self, day: date, part: int, before: str = "", page: int = 0) -> Iterator[OrderRow]:
        values: Any = {":pk": {"S": rows_partition(day, part)}}
        condition = "pk = :pk"
        if before:
            values[":before"] = {"S": before}
            condition += " AND sk < :before"
        limit = {"Limit": page} if page else {}
        found = self.table.pages(
            "query",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            **limit,
        )
        return map(_row, found)


def place_of(row: OrderRow) -> str:
    """Return where a row stands in its day: what is told to go on before it."""
    return f"{instant(row.placed)}#{row.number}"


def instant_of(place: str) -> datetime:
    """Return the instant of a place; raise ValueError for what is none."""
    return datetime.fromisoformat(place.partition("#")[0])


def _row(item: Item) -> OrderRow:
    row = msgspec.json.decode(item["body"]["S"], type=OrderRow)
    return msgspec.structs.replace(row, number=item["sk"]["S"].rpartition("#")[2])


def _latest(row: OrderRow) -> tuple[datetime, str]:
    return row.placed, row.number
