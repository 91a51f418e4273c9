"""Batches: what is declared of them, and the steps that bring their shards to it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from chalicelib.domain.stock.capacity import Declared, Share, Step
from chalicelib.storage.keys import Item, batch_key, body, done_key, ttl
from chalicelib.storage.stock.shards import change_share, share_in


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """That something was done once for a name: when, and for which day; `units` is how many were taken back by it."""

    name: str
    at: datetime
    day: date
    units: int = 0


def declare(sku: str, ship_by: date, values: Mapping[str, int], version: int) -> Item:
    """Return an update that declares a batch, if it is at `version` (0: not there)."""
    numbers = {":v": version + 1} | {f":{name}": value for name, value in values.items()}
    if version:
        numbers[":seen"] = version
    return {
        "Key": batch_key(sku, ship_by),
        "UpdateExpression": f"SET v = :v, {', '.join(f'{name} = :{name}' for name in values)}",
        "ConditionExpression": "v = :seen" if version else "attribute_not_exists(pk)",
        "ExpressionAttributeValues": {name: {"N": str(number)} for name, number in numbers.items()},
    }


def declare_more(shelf: str, ship_by: date, units: int) -> Item:
    """Return the write of so many units more that a batch declares."""
    return {
        "Update": {
            "Key": batch_key(shelf, ship_by),
            "UpdateExpression": "SET cap = cap + :units, v = v + :one",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":units": {"N": str(units)}, ":one": {"N": "1"}},
        }
    }


def new_batch(shelf: str, ship_by: date, cap: int, shards: int) -> Item:
    """Return the write of a batch that is declared and has no shares yet, if there is none."""
    numbers = {"cap": cap, "shards": shards, "v": 1}
    item = {**batch_key(shelf, ship_by), **{name: {"N": str(number)} for name, number in numbers.items()}}
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def take_step(shelf: str, ship_by: date, version: int, step: Step, declared: int = 0) -> list[Item]:
    """Return the writes of a step, if nobody has changed the batch since `version`; `declared` units more, if any."""
    values = {":one": {"N": "1"}, ":v": {"N": str(version)}}
    sets = ["v = v + :one"]
    if step.kept:
        sets.append("kept = if_not_exists(kept, :zero) + :kept")
        values |= {":zero": {"N": "0"}, ":kept": {"N": str(step.kept)}}
    if declared:
        sets.append("cap = cap + :more")
        values[":more"] = {"N": str(declared)}
    mark: Item = {
        "Update": {
            "Key": batch_key(shelf, ship_by),
            "UpdateExpression": f"SET {', '.join(sets)}",
            "ConditionExpression": "v = :v",
            "ExpressionAttributeValues": values,
        }
    }
    return [mark, *(change_share((shelf, ship_by, change.shard), change) for change in step.changes)]


def mark_notified(sku: str, ship_by: date, cap: int) -> Item:
    """Return an update that marks a batch as told of, if it is still of this size.

    Its version stays: that is for what changes the batch.
    """
    return {
        "Key": batch_key(sku, ship_by),
        "UpdateExpression": "SET told = :cap",
        "ConditionExpression": "cap = :cap",
        "ExpressionAttributeValues": {":cap": {"N": str(cap)}},
    }


def remember(mark: Mark) -> Item:
    """Return the write that what was to be done once is done, if it was not."""
    item = {**done_key(mark.name), "body": body(mark), "ttl": ttl(mark.at)}
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def mark_in(item: Item) -> Mark:
    """Return what is remembered to have been done."""
    return msgspec.json.decode(item["body"]["S"], type=Mark)


def declared_in(found: Iterable[Item]) -> list[Declared]:
    """Return the batches of one shelf, by date, from their items and those of their shards."""
    batches: dict[str, Item] = {}
    shares: dict[str, dict[int, Share]] = {}
    for item in found:
        day, _, shard = item["sk"]["S"].partition("#")
        if shard:
            shares.setdefault(day, {})[int(shard)] = share_in(item)
        else:
            batches[day] = item
    return [_declared(item, shares.get(day, {})) for day, item in sorted(batches.items())]


def _declared(item: Item, shares: Mapping[int, Share]) -> Declared:
    numbers = {name: int(value["N"]) for name, value in item.items() if "N" in value}
    return Declared(
        ship_by=date.fromisoformat(item["sk"]["S"]),
        cap=numbers["cap"],
        shards=numbers["shards"],
        version=numbers["v"],
        shares=shares,
        planned=numbers.get("planned", 0),
        days=numbers.get("days"),
        kept=numbers.get("kept", 0),
        told=numbers.get("told"),
        offered=numbers.get("offered", 0),
        unmade=numbers.get("unmade", 0),
    )
