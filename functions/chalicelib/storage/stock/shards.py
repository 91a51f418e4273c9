"""Shards of batches: the units that are taken, given back and moved, each write on the condition that they are there.

A transaction may name an item once, so all that happens to a shard in one is one write: its net change.
"""

from datetime import date

from chalicelib.domain.aggregate import Shard
from chalicelib.domain.stock.capacity import Change, Share
from chalicelib.storage.keys import Item, batch_key, shard_key


def move_units(shard: Shard, take: int, give: int, kept: int = 0, debt: int = 0) -> Item:
    """Return the net change of a shard, if it holds what is taken beyond what comes.

    `kept` units of its share come to it from what is kept for those who wait, below zero they go there; where they
    do, `debt` is what was promised beyond the share when it was seen. What only gives has no condition but that the
    shard is there: a transaction that it takes part in must not fail for it.
    """
    update: Item = {
        "Key": shard_key(shard),
        "UpdateExpression": "SET units = units + :change, v = v + :one",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":change": {"N": str(give - take + kept)}, ":one": {"N": "1"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    values = update["ExpressionAttributeValues"]
    if kept:
        update["UpdateExpression"] += ", cap = cap + :kept"
        values[":kept"] = {"N": str(kept)}
    if take:
        update["ConditionExpression"] = "units >= :net"
        values[":net"] = {"N": str(take - give - kept)}
    elif kept < 0:
        update["ConditionExpression"] = "units = :owed" if debt else "units >= :owed"
        values[":owed"] = {"N": str(-debt)}
    return {"Update": update}


def move_kept(shelf: str, ship_by: date, units: int, offered: int = 0) -> Item:
    """Return the write of so many units more, or fewer if there are as many, that are kept for those who wait.

    With `offered` so many more, or fewer, are units of invitations. The batch's version is of what changes its shares,
    so what is offered alone leaves it: steps of a batch are not held up by it.
    """
    values = {":zero": {"N": "0"}}
    sets = []
    condition = "attribute_exists(pk)"
    if units:
        sets += ["kept = if_not_exists(kept, :zero) + :units", "v = v + :one"]
        values |= {":units": {"N": str(units)}, ":one": {"N": "1"}}
    if units < 0:
        condition = "kept >= :fewer"
        values[":fewer"] = {"N": str(-units)}
    if offered:
        sets.append("offered = if_not_exists(offered, :zero) + :offered")
        values[":offered"] = {"N": str(offered)}
    update: Item = {
        "Key": batch_key(shelf, ship_by),
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }
    return {"Update": update}


def change_share(shard: Shard, change: Change) -> Item:
    """Return a step's change of a shard, which makes it where there is none."""
    values = {":units": {"N": str(change.units)}, ":zero": {"N": "0"}, ":one": {"N": "1"}}
    parts = [f"{name} = if_not_exists({name}, :zero) + :units" for name in ("units", "cap")]
    update: Item = {
        "Key": shard_key(shard),
        "UpdateExpression": f"SET {', '.join(parts)}, v = if_not_exists(v, :zero) + :one",
    }
    if change.at_least is not None:
        update["ConditionExpression"] = "units >= :least"
        values[":least"] = {"N": str(change.at_least)}
    return {"Update": update | {"ExpressionAttributeValues": values}}


def share_in(item: Item) -> Share:
    """Return what a shard's item holds."""
    return Share(int(item["cap"]["N"]), units_in(item), int(item["v"]["N"]))


def units_in(item: Item) -> int:
    """Return the units that a shard has left, below zero where it owes some; 0 of a shard that is not there."""
    return int(item["units"]["N"]) if item else 0
