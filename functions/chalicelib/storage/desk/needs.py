"""What needs a person, in the table: an item for each need, all under one key, so that all are read at once.

They are few: whatever has many of them at once has one cause. The stream's consumer writes them, and a replay of its
records ends as the first reading did, since records of one aggregate come in order.
"""

from collections.abc import Iterable, Iterator

import msgspec

from chalicelib.domain.desk.needs import Need
from chalicelib.storage.keys import NEEDS, body, need_key
from chalicelib.storage.table import Table


class NeedStore:
    """What needs a person."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def change(self, gone: Iterable[Need], there: Iterable[Need]) -> None:
        """Forget those that are gone, then keep those that are there; the same again changes nothing. Raise Busy."""
        for need in gone:
            self.table.call("delete_item", Key=need_key(need.kind, need.about))
        for need in there:
            self.table.call("put_item", Item={**need_key(need.kind, need.about), "body": body(need)})

    def all(self) -> Iterator[Need]:
        """Return all that needs a person now."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": NEEDS}},
            ConsistentRead=True,
        )
        return (msgspec.json.decode(item["body"]["S"], type=Need) for item in pages)
