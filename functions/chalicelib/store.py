"""The table: the only module that speaks DynamoDB. Its items are described in items.py.

All that changes an order goes through `commit`: orders, the units that they claim and the slots that they take are
written in one transaction, each order on the condition of the version that was read, each shard on the condition that
it holds what is taken.
"""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from .errors import Busy, Exists, NotNow, Short, Stale, Taken
from .items import (
    Item,
    Shard,
    Write,
    held_in,
    move_units,
    must_not_exist,
    occupy,
    order_in,
    order_key,
    put_order,
    resize,
    shard_key,
    spread,
    taken_and_given,
    ttl,
)
from .orders import Order
from .promise import Batch
from .unpaid import Slot

BUDGET = 4.0
"""Seconds for which a conflict or throttle is retried in place: well under API Gateway's 29, and a shopper's."""
MOST_ITEMS = 90
"""Items of one transaction; DynamoDB takes 100."""

CONFLICTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
PASSING = {
    "TransactionInProgressException",
    "TransactionConflictException",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "InternalServerError",
    "ServiceUnavailable",
}


class Store:
    """The table `table` through a botocore client of DynamoDB."""

    def __init__(self, client: Any, table: str, budget: float = BUDGET) -> None:
        self.client = client
        self.table = table
        self.budget = budget

    def order(self, number: str) -> Order | None:
        """The order of this number, as the last write left it."""
        answer = self._call("get_item", TableName=self.table, Key=order_key(number), ConsistentRead=True)
        return order_in(answer["Item"]) if "Item" in answer else None

    def batches(self, sku: str, today: date) -> list[Batch]:
        """The SKU's batches that ship today or later, by date."""
        first = self._shard_of_all(sku, 0, today)
        rest = max((int(item["shards"]["N"]) for item in first), default=1)
        shards = [first] + [self._shard_of_all(sku, shard, today) for shard in range(1, rest)]
        left = {(item["sk"]["S"], shard): int(item["units"]["N"]) for shard, page in enumerate(shards) for item in page}
        return [
            Batch(
                date.fromisoformat(day := item["sk"]["S"]),
                tuple(left.get((day, shard), 0) for shard in range(int(item["shards"]["N"]))),
            )
            for item in first
        ]

    def due(self, shard: int) -> Iterator[Order]:
        """Orders of one of DUE_SHARDS that somebody must look at, now or later, by the instant of `Order.due`.

        It is an index's view: an order may have changed since. Pages are short, since callers stop at the first
        order that is not due yet.
        """
        pages = self._pages(
            "query",
            IndexName="due",
            Limit=25,
            KeyConditionExpression="due_pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"due#{shard}"}},
        )
        return map(order_in, pages)

    def ready(self) -> None:
        """Returns where the table answers; raises Busy."""
        self._call("get_item", TableName=self.table, Key=order_key("health"))

    def commit(
        self,
        writes: Sequence[Write],
        absent: Iterable[str] = (),
        slots: Sequence[Slot] = (),
        now: datetime | None = None,
    ) -> None:
        """All of `writes`, the units that they take and give back, and their `slots` at the instant `now`, or nothing.

        `absent` are numbers of orders that must not exist. Raises Exists where the order to be created does, Stale
        where an order has changed since it was read, Taken where a slot is not free, Short where a shard holds too
        little, Busy after the budget.
        """
        takes, gives = taken_and_given(writes)
        orders = [put_order(self.table, before, after) for before, after in writes]
        checks = [must_not_exist(self.table, number) for number in absent]
        shards = sorted({*takes, *gives})
        if len(orders) + len(checks) + len(slots) + len(shards) > MOST_ITEMS:
            raise NotNow("the order would come from too many batches at once: order fewer at a time")
        moves = [move_units(self.table, shard, takes.get(shard, 0), gives.get(shard, 0)) for shard in shards]
        if len(writes) == 1 and not checks and not moves:
            return self._put_alone(orders[0]["Put"])
        places = [occupy(self.table, slot, now) for slot in slots]
        reasons = self._transact([*orders, *checks, *places, *moves])
        if reasons:
            _explain(reasons, [before for before, _ in writes], len(checks), slots, shards)
        return None

    def found(self, lookup: str) -> list[str]:
        """Numbers of the orders of this lookup; by an index, so one that is seconds old may be missing."""
        pages = self._pages(
            "query",
            IndexName="lookup",
            KeyConditionExpression="lookup = :lookup",
            ExpressionAttributeValues={":lookup": {"S": lookup}},
        )
        return [item["pk"]["S"].removeprefix("order#") for item in pages]

    def may_ask(self, who: str, now: datetime, most: int) -> bool:
        """Counts one more asking of `who` in this hour; False, and not counted, where there were `most` already."""
        try:
            self._call(
                "update_item",
                TableName=self.table,
                Key={"pk": {"S": f"asked#{who}"}, "sk": {"S": f"{now:%Y-%m-%dT%H}"}},
                UpdateExpression="SET #ttl = :ttl ADD n :one",
                ConditionExpression="attribute_not_exists(n) OR n < :most",
                ExpressionAttributeNames={"#ttl": "ttl"},
                ExpressionAttributeValues={":one": {"N": "1"}, ":most": {"N": str(most)}, ":ttl": ttl(now)},
            )
        except ClientError as error:
            if _code(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def keep_shown(self, digest: str, said: bytes) -> None:
        """Keeps for good what is said of a product, under its digest; the same again changes nothing."""
        item = {"pk": {"S": f"shown#{digest}"}, "sk": {"S": "shown"}, "body": {"S": said.decode()}}
        self._call("put_item", TableName=self.table, Item=item)

    def shown(self, digest: str) -> bytes | None:
        """What was said of a product; None where that was not kept."""
        key = {"pk": {"S": f"shown#{digest}"}, "sk": {"S": "shown"}}
        item = self._call("get_item", TableName=self.table, Key=key).get("Item")
        return item["body"]["S"].encode() if item else None

    def set_capacity(self, sku: str, ship_by: date, units: int, shards: int = 1) -> None:
        """Makes the batch `units` large, keeping what is promised; below that it holds less than 0, and sells none."""
        shares = spread(units, shards)
        while True:
            seen = {shard: self._shard(sku, ship_by, shard) for shard in range(shards)}
            writes = [
                resize(self.table, (sku, ship_by, shard), seen[shard], share, shards)
                for shard, share in enumerate(shares)
            ]
            if not self._transact(writes):
                return

    def plan(self, sku: str, ship_by: date, units: int, shards: int = 1) -> bool:
        """Makes the batch unless there is one, and says whether it did: what exists is the truth."""
        shares = spread(units, shards)
        return not self._transact(
            [resize(self.table, (sku, ship_by, shard), None, share, shards) for shard, share in enumerate(shares)]
        )

    def everything(self) -> tuple[list[Order], dict[Shard, tuple[int, int]]]:
        """All orders, and by shard its share of the capacity and the units left: for the auditor, by a scan."""
        orders, shards = [], {}
        for item in self._pages("scan", ConsistentRead=True):
            if item["sk"]["S"] == "order":
                orders.append(order_in(item))
            elif item["pk"]["S"].startswith("stock#"):
                _, sku, shard = item["pk"]["S"].split("#")
                key = (sku, date.fromisoformat(item["sk"]["S"]), int(shard))
                shards[key] = (int(item["cap"]["N"]), int(item["units"]["N"]))
        return orders, shards

    def _shard_of_all(self, sku: str, shard: int, today: date) -> list[Item]:
        return list(
            self._pages(
                "query",
                KeyConditionExpression="pk = :pk AND sk >= :today",
                ExpressionAttributeValues={":pk": {"S": f"stock#{sku}#{shard}"}, ":today": {"S": today.isoformat()}},
                ConsistentRead=True,
            )
        )

    def _shard(self, sku: str, ship_by: date, shard: int) -> Item | None:
        key = shard_key((sku, ship_by, shard))
        item: Item | None = self._call("get_item", TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return item

    def _put_alone(self, put: Item) -> None:
        try:
            self._call("put_item", **put)
        except ClientError as error:
            if _code(error) != "ConditionalCheckFailedException":
                raise
            raise Stale from None

    def _transact(self, items: list[Item]) -> list[Item]:
        """The cancellation's reasons, none where all was written. Conflicts are retried, conditions are final."""

        def conflict(error: ClientError) -> bool:
            return any(reason["Code"] in CONFLICTS for reason in _reasons(error))

        try:
            self._call("transact_write_items", conflict, TransactItems=items)
        except ClientError as error:
            reasons = _reasons(error)
            if not reasons or {reason["Code"] for reason in reasons} - {"None", "ConditionalCheckFailed"}:
                raise
            return reasons
        return []

    def _pages(self, operation: str, **request: Any) -> Iterator[Item]:
        while True:
            page = self._call(operation, TableName=self.table, **request)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _call(self, operation: str, passes: Any = lambda _: False, **request: Any) -> Any:
        """One call, repeated with jitter while its error is a passing one; raises Busy when the budget is spent.

        Repeating is safe: every write stands on a condition that its own first success makes fail.
        """
        deadline = time.monotonic() + self.budget
        pause = 0.01
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
            pause = min(pause * 2, 0.5)


def _explain(
    reasons: Sequence[Item],
    befores: Sequence[Order | None],
    checks: int,
    slots: Sequence[Slot],
    shards: Sequence[Shard],
) -> None:
    """Raises what a cancelled transaction means; an order that exists tells more than a slot or shard that is taken."""
    failed = [reason["Code"] == "ConditionalCheckFailed" for reason in reasons]
    for index, before in enumerate([*befores, *[None] * checks]):
        if failed[index]:
            raise Exists(order_in(reasons[index]["Item"])) if before is None else Stale
    first = len(befores) + checks
    taken = {
        slot.tab: held_in(reasons[first + index].get("Item", {}))
        for index, slot in enumerate(slots)
        if failed[first + index]
    }
    if taken:
        raise Taken(taken)
    first += len(slots)
    left = {
        shard: int(reasons[first + index].get("Item", {}).get("units", {"N": "0"})["N"])
        for index, shard in enumerate(shards)
        if failed[first + index]
    }
    raise Short(left)


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _reasons(error: ClientError) -> list[Item]:
    return [dict(reason) for reason in error.response.get("CancellationReasons", [])]
