"""How far retention has come, in the table; and what it needs of items that older code has stored without."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from chalicelib.domain.aggregate import Stored
from chalicelib.domain.voices.forgetting import scope_day
from chalicelib.storage.keys import Item, body, retention_key, ttl
from chalicelib.storage.limits import account_end, account_in
from chalicelib.storage.table import Table

LAST_DROP = timedelta(days=60)
"""How long an account of a drop counts of which nobody knows when it ends: drops last a day at most."""


class RetentionProgress(Stored, frozen=True):
    """The last day of placing whose orders were looked at, and those of them that are left, by when to look again.

    `mended` says that no order is left without a row, and no account of a limit without an end.
    """

    day: date | None = None
    left: dict[str, date] = msgspec.field(default_factory=dict)
    mended: bool = False


class RetentionStore:
    """How far retention has come."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def progress(self) -> RetentionProgress:
        """Return how far it has come. One read."""
        item = self.table.get(retention_key())
        return msgspec.json.decode(item["body"]["S"], type=RetentionProgress) if item else RetentionProgress()

    def keep(self, progress: RetentionProgress) -> None:
        """Keep how far it has come."""
        self.table.call("put_item", Item={**retention_key(), "body": body(progress)})

    def old_items(self) -> Iterator[Item]:
        """Return all orders, and accounts of limits that have no end, by a scan of the table."""
        return self.table.pages(
            "scan",
            FilterExpression="sk = :order OR (begins_with(pk, :bought) AND attribute_not_exists(#ttl))",
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues={":bought": {"S": "bought#"}, ":order": {"S": "order"}},
        )

    def end_limit(self, item: Item, today: date) -> None:
        """Give an account its end, where it has none yet."""
        (scope, _), _ = account_in(item)
        ends = ttl(account_end(scope_day(scope) or today + LAST_DROP))
        self.table.write(
            "update_item",
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="SET #ttl = :ttl",
            ConditionExpression="attribute_exists(pk) AND attribute_not_exists(#ttl)",
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues={":ttl": ends},
        )
