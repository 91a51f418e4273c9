"""The table's items: how orders, shards and slots are written as DynamoDB has it, and read again. Pure, no calls.

One table, five kinds of item, two indexes:

    order#<number>       | order           the whole order; `due_pk`, `due_at` while somebody must look at it again
    stock#<sku>#<shard>  | <ship-by date>  one shard of a batch: `units` left, its share `cap`, number of `shards`
    unpaid#<tab>         | unpaid          slots `s0`, `s1`, … of a tab (unpaid.py), each "<held until> <order>"
    asked#<by whom>      | <hour>          how often (`n`) something was asked for in an hour
    shown#<digest>       | shown           what was said of a product when it was sold
    (index `due`)        | due#<n>, <instant>
    (index `lookup`)     | <lookup>        orders by their buyer's phone and the number's last digits

Items with a `ttl` are deleted by DynamoDB some time after that second; nothing relies on it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from .orders import Order, claimed
from .unpaid import Held, Slot

Item = dict[str, Any]
Shard = tuple[str, date, int]
Write = tuple[Order | None, Order]
"""An order as it was read (None: it must not exist yet), and as it shall be."""

DUE_SHARDS = 1
"""Partitions of the index `due`: a hot index throttles the table itself (DynamoDB guide, GSI throttling)."""


def taken_and_given(writes: Sequence[Write]) -> tuple[Mapping[Shard, int], Mapping[Shard, int]]:
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


def put_order(table: str, before: Order | None, after: Order) -> Item:
    """The order as a write that stands on the version that was read."""
    item = {
        **order_key(after.number),
        "v": {"N": str(after.version)},
        "body": {"S": msgspec.json.encode(after).decode()},
    }
    if after.due:
        item |= {"due_pk": {"S": f"due#{int(after.number[-4:]) % DUE_SHARDS}"}, "due_at": {"S": instant(after.due)}}
    if after.outbox and not after.failures:  # what has failed is the sweep's: the stream would repeat it at once
        item["todo"] = {"N": str(len(after.outbox))}
    if after.lookup:
        item["lookup"] = {"S": after.lookup}
    put: Item = {"TableName": table, "Item": item, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if before is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "v = :v"
        put["ExpressionAttributeValues"] = {":v": {"N": str(before.version)}}
    return {"Put": put}


def must_not_exist(table: str, number: str) -> Item:
    """The condition that there is no order of this number."""
    return {
        "ConditionCheck": {
            "TableName": table,
            "Key": order_key(number),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def occupy(table: str, slot: Slot, now: datetime | None) -> Item:
    """The slot for this order, if it is as it was seen: free, its hold over, or another's that is to be replaced."""
    name = f"s{slot.index}"
    values = {":held": {"S": written(slot.held)}, ":ttl": ttl(slot.held.until)}
    update: Item = {
        "TableName": table,
        "Key": {"pk": {"S": f"unpaid#{slot.tab}"}, "sk": {"S": "unpaid"}},
        "UpdateExpression": f"SET {name} = :held, #ttl = :ttl",
        "ExpressionAttributeNames": {"#ttl": "ttl"},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if slot.instead_of:
        update["ConditionExpression"] = f"{name} = :seen"
        values[":seen"] = {"S": written(slot.instead_of)}
    else:
        assert now is not None, "a slot is taken at an instant"  # noqa: S101 - for the type checker and the reader
        update["ConditionExpression"] = f"attribute_not_exists({name}) OR {name} < :now"
        values[":now"] = {"S": instant(now)}
    return {"Update": update | {"ExpressionAttributeValues": values}}


def move_units(table: str, shard: Shard, take: int, give: int) -> Item:
    """The net change of a shard (a transaction may name an item once), if it holds what is taken beyond what comes."""
    update: Item = {
        "TableName": table,
        "Key": shard_key(shard),
        "UpdateExpression": "SET units = units + :change",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":change": {"N": str(give - take)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if take:
        update["ConditionExpression"] = "units >= :net"
        update["ExpressionAttributeValues"][":net"] = {"N": str(take - give)}
    return {"Update": update}


def resize(table: str, shard: Shard, seen: Item | None, share: int, shards: int) -> Item:
    """A shard of another size; on the condition that it still has the size (or absence) that was seen."""
    update: Item = {"TableName": table, "Key": shard_key(shard)}
    values = {":cap": {"N": str(share)}, ":shards": {"N": str(shards)}}
    if seen is None:
        update["UpdateExpression"] = "SET units = :cap, cap = :cap, shards = :shards"
        update["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        update["UpdateExpression"] = "SET units = units + :change, cap = :cap, shards = :shards"
        update["ConditionExpression"] = "cap = :seen"
        values |= {":seen": seen["cap"], ":change": {"N": str(share - int(seen["cap"]["N"]))}}
    return {"Update": update | {"ExpressionAttributeValues": values}}


def spread(units: int, shards: int) -> list[int]:
    """How many units of a batch each of its shards holds."""
    return [units // shards + (shard < units % shards) for shard in range(shards)]


def order_in(item: Item) -> Order:
    """The order that an item holds."""
    return msgspec.json.decode(item["body"]["S"], type=Order)


def order_key(number: str) -> Item:
    """An order's key."""
    return {"pk": {"S": f"order#{number}"}, "sk": {"S": "order"}}


def shard_key(shard: Shard) -> Item:
    """A shard's key."""
    sku, ship_by, index = shard
    return {"pk": {"S": f"stock#{sku}#{index}"}, "sk": {"S": ship_by.isoformat()}}


def held_in(item: Item) -> dict[int, Held]:
    """What stands in the slots of a tab."""
    slots = ((name, value["S"].split()) for name, value in item.items() if re.fullmatch("s[0-9]+", name))
    return {int(name[1:]): Held(datetime.fromisoformat(until), order) for name, (until, order) in slots}


def written(held: Held) -> str:
    """What stands in a slot, as it is written: it sorts by the instant."""
    return f"{instant(held.until)} {held.order}"


def instant(at: datetime) -> str:
    """An instant as keys and slots have it: in UTC, to the microsecond, so that it sorts."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def ttl(at: datetime) -> Item:
    """The second after which an item may be deleted: a day after it has lost its meaning."""
    return {"N": str(int(at.timestamp()) + 86_400)}
