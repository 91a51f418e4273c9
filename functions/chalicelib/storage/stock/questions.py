"""Whose buyers are asked about a batch, kept before they are: the packing board forgets who has taken the money."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from chalicelib.domain.calendar import VILLAGE
from chalicelib.storage.keys import questions_key, ttl
from chalicelib.storage.table import Table

KEPT_FOR = timedelta(days=60)
"""How long after its day the list of a batch is kept: its questions stay in the orders."""


class QuestionStore:
    """The lists of those who are asked."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def orders(self, sku: str, ship_by: date) -> list[str]:
        """Return the numbers of the orders that are on the batch's list."""
        item = self.table.get(questions_key(sku, ship_by))
        return sorted(item["orders"]["SS"]) if item else []

    def add(self, sku: str, ship_by: date, orders: Iterable[str]) -> None:
        """Put orders on the batch's list; the same again changes nothing."""
        ends = datetime.combine(ship_by, time(), VILLAGE) + KEPT_FOR
        self.table.call(
            "update_item",
            Key=questions_key(sku, ship_by),
            UpdateExpression="SET #ttl = :ttl ADD orders :orders",
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues={":ttl": ttl(ends), ":orders": {"SS": sorted({*orders})}},
        )
