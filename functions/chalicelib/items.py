"""The table's items: how orders, stock and slots are written as DynamoDB has it, and read again. Pure, no calls.

One table, two indexes:

    order#<number>           | order                the whole order in `body`, at version `v`; `due_pk`, `due_at` while
                                                    somebody must look again; `wants` while its payment can be booked
                                                    unread, and then `paid`: the money, not yet in `body`
    stock#<sku>#<partition>  | <ship-by>            a batch, in partition 0: `cap` units declared, number of `shards`,
                                                    `v`, and where the plan made it `planned` units for `days`;
                                                    `told`: the `cap` of which the manager has heard that it is sold
    stock#<sku>#<partition>  | <ship-by>#<shard>    a shard of it: `units` left of its share `cap`; `v` counts changes
    rate#<sku>               | rate                 orders a second (`n`) that are expected
    unpaid#<tab>             | unpaid               slots `s0`, `s1`, … of a tab (unpaid.py): "<held until> <order>"
    asked#<by whom>          | <hour>               how often (`n`) something was asked for in an hour
    shown#<digest>           | shown                what was said of a product when it was sold
    (index `due`)            | due#<n>, <instant>
    (index `lookup`)         | <lookup>             orders by their buyer's phone and the number's last digits

A batch is never written by a claim, only its shards are. The index `lookup` needs no sharding: its keys are as many as
buyers. Items with a `ttl` are deleted by DynamoDB some time after that second; nothing relies on it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from .capacity import Change, Declared, Share, partition_of
from .orders import Order, Paid, State, claimed, decide
from .unpaid import Held, Slot

Item = dict[str, Any]
Shard = tuple[str, date, int]
Write = tuple[Order | None, Order]
"""An order as it was read (None: it must not exist yet), and as it shall be."""


DUE_SHARDS = 8
"""Partitions of the index `due`, since a hot index throttles the table itself (DynamoDB guide, GSI throttling): an
order writes it twice, so they carry 4,000 orders a second. More is safe at any time, fewer once no order is in it."""


class Booked(msgspec.Struct, frozen=True):
    """Money that came while the order wanted just that, and when."""

    at: datetime
    money: Paid


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


def put_order(before: Order | None, after: Order) -> Item:
    """The order as a write that stands on the version that was read."""
    item = {
        **order_key(after.number),
        "v": {"N": str(after.version)},
        "body": {"S": msgspec.json.encode(after).decode()},
    }
    if after.due:
        item |= {"due_pk": {"S": f"due#{int(after.number[-4:]) % DUE_SHARDS}"}, "due_at": {"S": instant(after.due)}}
    if _bookable(after):
        item["wants"] = {"S": wanted(after.provider, after.total)}
    if after.outbox and not after.failures:  # what has failed is the sweep's: the stream would repeat it at once
        item["todo"] = {"N": str(len(after.outbox))}
    if after.lookup:
        item["lookup"] = {"S": after.lookup}
    put: Item = {"Item": item, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if before is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "v = :v"
        put["ExpressionAttributeValues"] = {":v": {"N": str(before.version)}}
    return {"Put": put}


def book(number: str, provider: str, money: Paid, now: datetime) -> Item:
    """An update that books the money unread, if the order wants just this; `order_in` makes of it what it means."""
    booked = msgspec.json.encode(Booked(now, money)).decode()
    return {
        "Key": order_key(number),
        "UpdateExpression": "SET paid = :paid, v = v + :one REMOVE wants, due_pk, due_at",
        "ConditionExpression": "wants = :wants",
        "ExpressionAttributeValues": {
            ":paid": {"S": booked},
            ":one": {"N": "1"},
            ":wants": {"S": wanted(provider, money.amount)},
        },
    }


def wanted(provider: str, amount: int) -> str:
    """What payment an order wants: so many fen by this provider."""
    return f"{provider} {amount}"


def _bookable(order: Order) -> bool:
    """Whether paying all of it would do nothing but enter the next state: no letter, nothing else to wait for."""
    if order.state is not State.AWAITING_PAYMENT:
        return False
    paid = decide(order, Paid("", "", order.total), order.placed)
    return paid.state is State.PAID and not paid.outbox and not paid.due


def must_not_exist(number: str) -> Item:
    """The condition that there is no order of this number."""
    return {
        "ConditionCheck": {
            "Key": order_key(number),
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def occupy(slot: Slot, now: datetime | None) -> Item:
    """The slot for this order, if it is as it was seen: free, its hold over, or another's that is to be replaced."""
    name = f"s{slot.index}"
    values = {":held": {"S": written(slot.held)}, ":ttl": ttl(slot.held.until)}
    update: Item = {
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


def move_units(shard: Shard, take: int, give: int) -> Item:
    """The net change of a shard (a transaction may name an item once), if it holds what is taken beyond what comes."""
    update: Item = {
        "Key": shard_key(shard),
        "UpdateExpression": "SET units = units + :change, v = v + :one",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":change": {"N": str(give - take)}, ":one": {"N": "1"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if take:
        update["ConditionExpression"] = "units >= :net"
        update["ExpressionAttributeValues"][":net"] = {"N": str(take - give)}
    return {"Update": update}


def change_share(shard: Shard, change: Change) -> Item:
    """A step's change of a shard, which makes it where there is none."""
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


def next_version(sku: str, ship_by: date, version: int) -> Item:
    """The mark that a batch has been changed, if nobody has since it was seen at `version`."""
    return {
        "Update": {
            "Key": batch_key(sku, ship_by),
            "UpdateExpression": "SET v = v + :one",
            "ConditionExpression": "v = :v",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":v": {"N": str(version)}},
        }
    }


def declare(sku: str, ship_by: date, values: Mapping[str, int], version: int) -> Item:
    """An update that declares a batch, if it is at `version` (0: not there)."""
    numbers = {":v": version + 1} | {f":{name}": value for name, value in values.items()}
    if version:
        numbers[":seen"] = version
    return {
        "Key": batch_key(sku, ship_by),
        "UpdateExpression": f"SET v = :v, {', '.join(f'{name} = :{name}' for name in values)}",
        "ConditionExpression": "v = :seen" if version else "attribute_not_exists(pk)",
        "ExpressionAttributeValues": {name: {"N": str(number)} for name, number in numbers.items()},
    }


def tell(sku: str, ship_by: date, cap: int) -> Item:
    """An update that marks a batch as told of, if it is still of this size; its version is for what changes it."""
    return {
        "Key": batch_key(sku, ship_by),
        "UpdateExpression": "SET told = :cap",
        "ConditionExpression": "cap = :cap",
        "ExpressionAttributeValues": {":cap": {"N": str(cap)}},
    }


def ask(who: str, now: datetime, most: int) -> Item:
    """An update that counts one more asking in this hour, if there were fewer than `most`."""
    return {
        "Key": {"pk": {"S": f"asked#{who}"}, "sk": {"S": f"{now:%Y-%m-%dT%H}"}},
        "UpdateExpression": "SET #ttl = :ttl ADD n :one",
        "ConditionExpression": "attribute_not_exists(n) OR n < :most",
        "ExpressionAttributeNames": {"#ttl": "ttl"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":most": {"N": str(most)}, ":ttl": ttl(now)},
    }


def order_in(item: Item) -> Order:
    """The order that an item holds, with money that was booked unread put to it by the one rule of what money means."""
    order = msgspec.json.decode(item["body"]["S"], type=Order)
    if "paid" not in item:
        return order
    booked = msgspec.json.decode(item["paid"]["S"], type=Booked)
    return decide(order, booked.money, booked.at)


def share_in(item: Item) -> Share:
    """What a shard's item holds."""
    return Share(int(item["cap"]["N"]), int(item["units"]["N"]), int(item["v"]["N"]))


def sku_in(item: Item) -> str:
    """The SKU of a stock item."""
    return str(item["pk"]["S"].split("#")[1])


def shard_in(item: Item) -> Shard | None:
    """Which shard a stock item is; None for a batch's own item."""
    day, _, index = item["sk"]["S"].partition("#")
    return (sku_in(item), date.fromisoformat(day), int(index)) if index else None


def declared_in(found: Iterable[Item]) -> list[Declared]:
    """The batches of one SKU, by date, from their items and those of their shards."""
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
        told=numbers.get("told"),
    )


def order_key(number: str) -> Item:
    """An order's key."""
    return {"pk": {"S": f"order#{number}"}, "sk": {"S": "order"}}


def batch_key(sku: str, ship_by: date) -> Item:
    """A batch's key."""
    return {"pk": {"S": f"stock#{sku}#0"}, "sk": {"S": ship_by.isoformat()}}


def shard_key(shard: Shard) -> Item:
    """A shard's key."""
    sku, ship_by, index = shard
    return {"pk": {"S": f"stock#{sku}#{partition_of(index)}"}, "sk": {"S": f"{ship_by.isoformat()}#{index:03}"}}


def rate_key(sku: str) -> Item:
    """Where the expected rate of a SKU is kept."""
    return {"pk": {"S": f"rate#{sku}"}, "sk": {"S": "rate"}}


def shown_key(digest: str) -> Item:
    """Where is kept what was said of a product."""
    return {"pk": {"S": f"shown#{digest}"}, "sk": {"S": "shown"}}


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
