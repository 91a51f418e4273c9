"""The table: the only module that speaks DynamoDB.

One table, three kinds of item:

    order#<number>       | order           the whole order; `due_pk`, `due_at` while somebody must look at it again
    stock#<sku>#<shard>  | <ship-by date>  one shard of a batch: `units` left, its share `cap`, number of `shards`
    (index `due`)        | due#<n>, <instant>

All that changes goes through `commit`: orders and the units that they claim are written in one transaction, each
order on the condition of the version that was read, each shard on the condition that it holds what is taken.
"""

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from .errors import Busy, Exists, NotNow, Short, Stale
from .orders import Order, claimed
from .promise import Batch

Item = dict[str, Any]
Shard = tuple[str, date, int]
Write = tuple[Order | None, Order]
"""An order as it was read (None: it must not exist yet), and as it shall be."""

BUDGET = 4.0
"""Seconds for which a conflict or throttle is retried in place: well under API Gateway's 29, and a shopper's."""
DUE_SHARDS = 1
"""Partitions of the index `due`: a hot index throttles the table itself (DynamoDB guide, GSI throttling)."""
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
        answer = self._call("get_item", TableName=self.table, Key=_order_key(number), ConsistentRead=True)
        return _order(answer["Item"]) if "Item" in answer else None

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
        return map(_order, pages)

    def ready(self) -> None:
        """Returns where the table answers; raises Busy."""
        self._call("get_item", TableName=self.table, Key=_order_key("health"))

    def commit(self, writes: Sequence[Write], absent: Iterable[str] = ()) -> None:
        """All of `writes`, and the units that they take and give back, or nothing.

        `absent` are numbers of orders that must not exist. Raises Exists where the order to be created does, Stale
        where an order has changed since it was read, Short where a shard holds too little, Busy after the budget.
        """
        takes, gives = _moves(writes)
        orders = [_put(self.table, before, after) for before, after in writes]
        checks = [_absent(self.table, number) for number in absent]
        shards = sorted({*takes, *gives})
        if len(orders) + len(checks) + len(shards) > MOST_ITEMS:
            raise NotNow("the order would come from too many batches at once: order fewer at a time")
        moves = [_move(self.table, shard, takes.get(shard, 0), gives.get(shard, 0)) for shard in shards]
        if len(writes) == 1 and not checks and not moves:
            return self._put_alone(orders[0]["Put"])
        reasons = self._transact([*orders, *checks, *moves])
        if reasons:
            _explain(reasons, [before for before, _ in writes], len(checks), shards)
        return None

    def set_capacity(self, sku: str, ship_by: date, units: int, shards: int = 1) -> None:
        """Makes the batch `units` large, keeping what is promised; below that it holds less than 0, and sells none."""
        shares = _shares(units, shards)
        while True:
            seen = {shard: self._shard(sku, ship_by, shard) for shard in range(shards)}
            writes = [
                _resize(self.table, (sku, ship_by, shard), seen[shard], share, shards)
                for shard, share in enumerate(shares)
            ]
            if not self._transact(writes):
                return

    def plan(self, sku: str, ship_by: date, units: int, shards: int = 1) -> bool:
        """Makes the batch unless there is one, and says whether it did: what exists is the truth."""
        shares = _shares(units, shards)
        return not self._transact(
            [_resize(self.table, (sku, ship_by, shard), None, share, shards) for shard, share in enumerate(shares)]
        )

    def everything(self) -> tuple[list[Order], dict[Shard, tuple[int, int]]]:
        """All orders, and by shard its share of the capacity and the units left: for the auditor, by a scan."""
        orders, shards = [], {}
        for item in self._pages("scan", ConsistentRead=True):
            if item["sk"]["S"] == "order":
                orders.append(_order(item))
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
        key = _shard_key((sku, ship_by, shard))
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


def _moves(writes: Sequence[Write]) -> tuple[Mapping[Shard, int], Mapping[Shard, int]]:
    """Units taken from and given back to each shard: what the orders claim afterwards less what they did before."""
    takes: dict[Shard, int] = {}
    gives: dict[Shard, int] = {}
    for before, after in writes:
        change = claimed(after)
        change.subtract(claimed(before) if before else {})
        for shard, units in change.items():
            side = takes if units > 0 else gives
            if units:
                side[shard] = side.get(shard, 0) + abs(units)
    return takes, gives


def _put(table: str, before: Order | None, after: Order) -> Item:
    item = {
        **_order_key(after.number),
        "v": {"N": str(after.version)},
        "body": {"S": msgspec.json.encode(after).decode()},
    }
    if after.due:
        item |= {"due_pk": {"S": f"due#{int(after.number[-4:]) % DUE_SHARDS}"}, "due_at": {"S": _instant(after.due)}}
    if after.outbox and not after.failures:  # what has failed is the sweep's: the stream would repeat it at once
        item["todo"] = {"N": str(len(after.outbox))}
    put: Item = {"TableName": table, "Item": item, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if before is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "v = :v"
        put["ExpressionAttributeValues"] = {":v": {"N": str(before.version)}}
    return {"Put": put}


def _absent(table: str, number: str) -> Item:
    return {
        "ConditionCheck": {
            "TableName": table,
            "Key": _order_key(number),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _move(table: str, shard: Shard, take: int, give: int) -> Item:
    """The net change of a shard (a transaction may name an item once), if it holds what is taken beyond what comes."""
    update: Item = {
        "TableName": table,
        "Key": _shard_key(shard),
        "UpdateExpression": "SET units = units + :change",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":change": {"N": str(give - take)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if take:
        update["ConditionExpression"] = "units >= :net"
        update["ExpressionAttributeValues"][":net"] = {"N": str(take - give)}
    return {"Update": update}


def _resize(table: str, shard: Shard, seen: Item | None, share: int, shards: int) -> Item:
    """A shard of another size; on the condition that it still has the size (or absence) that was seen."""
    update: Item = {"TableName": table, "Key": _shard_key(shard)}
    values = {":cap": {"N": str(share)}, ":shards": {"N": str(shards)}}
    if seen is None:
        update["UpdateExpression"] = "SET units = :cap, cap = :cap, shards = :shards"
        update["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        update["UpdateExpression"] = "SET units = units + :change, cap = :cap, shards = :shards"
        update["ConditionExpression"] = "cap = :seen"
        values |= {":seen": seen["cap"], ":change": {"N": str(share - int(seen["cap"]["N"]))}}
    return {"Update": update | {"ExpressionAttributeValues": values}}


def _explain(reasons: Sequence[Item], befores: Sequence[Order | None], checks: int, shards: Sequence[Shard]) -> None:
    """Raises what a cancelled transaction means; an order that exists tells more than a shard that is empty."""
    failed = [reason["Code"] == "ConditionalCheckFailed" for reason in reasons]
    for index, before in enumerate([*befores, *[None] * checks]):
        if failed[index]:
            raise Exists(_order(reasons[index]["Item"])) if before is None else Stale
    first = len(befores) + checks
    left = {
        shard: int(reasons[first + index].get("Item", {}).get("units", {"N": "0"})["N"])
        for index, shard in enumerate(shards)
        if failed[first + index]
    }
    raise Short(left)


def _shares(units: int, shards: int) -> list[int]:
    return [units // shards + (shard < units % shards) for shard in range(shards)]


def _order(item: Item) -> Order:
    return msgspec.json.decode(item["body"]["S"], type=Order)


def _order_key(number: str) -> Item:
    return {"pk": {"S": f"order#{number}"}, "sk": {"S": "order"}}


def _shard_key(shard: Shard) -> Item:
    sku, ship_by, index = shard
    return {"pk": {"S": f"stock#{sku}#{index}"}, "sk": {"S": ship_by.isoformat()}}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _reasons(error: ClientError) -> list[Item]:
    return [dict(reason) for reason in error.response.get("CancellationReasons", [])]
