"""Calls of DynamoDB: repeated where that is safe, within a time budget, and what their refusals mean.

Neither botocore nor DynamoDB repeats a transaction that met another's item: that is for the caller to do.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from chalicelib.domain.errors import Busy
from chalicelib.storage.keys import Item

BUDGET = 4.0
"""Seconds for which a request meets conflicts and throttles: well under API Gateway's 29, and a shopper's patience."""
FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5
"""Seconds between two tries: at most the first, then twice as much each time, up to the longest."""

MOST_KEYS = 100
"""Items that DynamoDB reads in one call of BatchGetItem."""
MOST_PUTS = 25
"""Items that DynamoDB puts in one call of BatchWriteItem."""
CONFLICTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
"""Reasons of a cancelled transaction that pass by themselves."""
PASSING = {
    "TransactionInProgressException",
    "TransactionConflictException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
}


class Table:
    """The table `name` through a botocore client of DynamoDB."""

    def __init__(self, client: Any, name: str, budget: float = BUDGET) -> None:
        self.client = client
        self.name = name
        self.budget = budget
        self.deadline: float | None = None

    def begin(self) -> None:
        """Begin a request: all of its calls share one budget from now on."""
        self.deadline = time.monotonic() + self.budget

    def get(self, key: Item, consistent: bool = True) -> Item | None:
        """Return the item of this key, as the last write left it unless `consistent` is off; raises Busy."""
        item: Item | None = self.call("get_item", Key=key, ConsistentRead=consistent).get("Item")
        return item

    def get_many(self, keys: Sequence[Item], consistent: bool = False) -> list[Item]:
        """Return those of these items that exist, in a call for each 100; raises Busy.

        They are as they were a moment ago, or as the last write left them where it is to be `consistent`.

        DynamoDB leaves out what would make an answer too large, or what it is too busy for: that is asked again.
        """
        found: list[Item] = []
        for first in range(0, len(keys), MOST_KEYS):
            wanted: dict[str, Any] = {
                self.name: {"Keys": [*keys[first : first + MOST_KEYS]], "ConsistentRead": consistent}
            }
            while wanted:
                page = self._repeat("batch_get_item", lambda _: False, {"RequestItems": wanted})
                found += page["Responses"].get(self.name, [])
                wanted = page.get("UnprocessedKeys", {})
        return found

    def put_many(self, items: Sequence[Item]) -> None:
        """Put items, each whatever was there, in a call for each 25; raises Busy, with some of them written.

        What DynamoDB is too busy for it hands back, and it is asked again.
        """
        for first in range(0, len(items), MOST_PUTS):
            wanted = {self.name: [{"PutRequest": {"Item": item}} for item in items[first : first + MOST_PUTS]]}
            while wanted:
                answer = self._repeat("batch_write_item", lambda _: False, {"RequestItems": wanted})
                wanted = answer.get("UnprocessedItems", {})

    def write(self, operation: str, **request: Any) -> bool:
        """Write one item; return False where its condition does not hold. Raises Busy."""
        try:
            self.call(operation, **request)
        except ClientError as error:
            if _code(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def transact(self, items: Sequence[Item]) -> list[Item]:
        """Write all of it or nothing; return the cancellation's reasons, none where it was written. Raises Busy.

        Conflicts and throttles are retried, whatever stands beside them; conditions alone are final.
        """

        def passes(error: ClientError) -> bool:
            return any(reason["Code"] in CONFLICTS for reason in _reasons(error))

        named = [{action: {"TableName": self.name} | body} for item in items for action, body in item.items()]
        try:
            self._repeat("transact_write_items", passes, {"TransactItems": named})
        except ClientError as error:
            reasons = _reasons(error)
            if not reasons or {reason["Code"] for reason in reasons} - {"None", "ConditionalCheckFailed"}:
                raise
            return reasons
        return []

    def pages(self, operation: str, **request: Any) -> Iterator[Item]:
        """Return every item of a query or scan, which DynamoDB answers page by page; raises Busy."""
        while True:
            page = self.call(operation, **request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def index(self, index: str, name: str, key: str, **request: Any) -> Iterator[Item]:
        """Return every item of one key of an index, which may be a second behind the table; raises Busy."""
        return self.pages(
            "query",
            IndexName=index,
            KeyConditionExpression=f"{name} = :key",
            ExpressionAttributeValues={":key": {"S": key}},
            **request,
        )

    def everything(self) -> Iterator[Item]:
        """Return every item as it is, by a scan; raises Busy."""
        return self.pages("scan", ConsistentRead=True)

    def call(self, operation: str, **request: Any) -> Any:
        """Call DynamoDB by botocore's name for the operation, and return the answer; raises Busy."""
        return self._repeat(operation, lambda _: False, {"TableName": self.name} | request)

    def _repeat(self, operation: str, passes: Callable[[ClientError], bool], request: Item) -> Any:
        """Call, again with jitter while the error is a passing one, until the budget is spent.

        Repeating is safe: every write stands on a condition that its own first success makes fail.
        """
        deadline = time.monotonic() + self.budget if self.deadline is None else self.deadline
        pause = FIRST_PAUSE
        while True:
            try:
                return getattr(self.client, operation)(**request)
            except ClientError as error:
                if _code(error) not in PASSING and not passes(error):
                    raise
            except (ConnectionError, HTTPClientError):
                pass
            if time.monotonic() + pause > deadline:
                raise Busy("the shop is very busy just now: ask again with the same Idempotency-Key")
            time.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, no secret
            pause = min(pause * 2, LONGEST_PAUSE)


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _reasons(error: ClientError) -> list[Item]:
    return [dict(reason) for reason in error.response.get("CancellationReasons", [])]
