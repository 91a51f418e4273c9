"""The table's items: how orders, stock and slots are written as DynamoDB has it, and read again. Pure, no calls.

One table, two indexes:

    order#<number>           | order                the whole order in `body`, at version `v`; `due_pk`, `due_at` while
                                                    somebody must look again; `wants` while its payment can be booked
                                                    unread, and then `paid`: the money, not yet in `body`
    stock#<shelf>#<partition>| <ship-by>            a batch, in partition 0: `cap` units declared, number of `shards`,
                                                    `v`, `kept` units for those who wait, and where the plan made it
                                                    `planned` units for `days`; `told`: the `cap` of which the manager
                                                    has heard that it is sold
    stock#<shelf>#<partition>| <ship-by>#<shard>    a shard of it: `units` left of its share `cap`; `v` counts changes
    stock#<sku>#0            | drop#<id>            a drop of the SKU, in `body`
    stock#<sku>#0            | queue                how many wait for it (`n`); `v` counts changes
    queue#<sku>              | <joined>#<number>    a place in the line: the whole entry in `body`
    waiter#<number>          | waiter               whose place it is, in `body`, at version `v`; `due_pk`, `due_at`
    bought#<scope>#<buyer>   | bought               units (`n`) that one buyer has of what is limited; `v` counts
    rate#<sku>               | rate                 orders a second (`n`) that are expected
    unpaid#<tab>             | unpaid               slots `s0`, `s1`, … of a tab (unpaid.py): "<held until> <order>"
    asked#<by whom>          | <hour>               how often (`n`) something was asked for in an hour
    shown#<digest>           | shown                what was said of a product when it was sold
    drop#<shelf>             | drop                 a drop that is over and done with
    done#<name>              | done                 what was done once for a name, in `body`
    room#…, log#…            |                      rooms on air: see onair.py
    staff                    | device#…, invite#…   who works here: see devices.py
    (index `due`)            | due#<n>, <instant>   orders; waiters in due#waiters
    (index `lookup`)         | <lookup>             orders by their buyer's phone and the number's last digits

A shelf is a SKU's own, or a drop's (`<sku>@<drop>`). A batch is never written by an allocation, only its shards are.
The index `lookup` needs no sharding: its keys are as many as buyers. Items with a `ttl` are deleted by DynamoDB some
time after that second; nothing relies on it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from chalicelib.domain.aggregate import Account, Aggregate, Shard
from chalicelib.domain.orders.events import Paid
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.pending_limits import Held, Slot
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.capacity import Change, Declared, Share, Step, partition_of
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import ENDED, KEPT_FOR, MOST_WAITING, QueueEntry, Waiter

Item = dict[str, Any]
Write = tuple[Aggregate | None, Aggregate]
"""An order or waiter as it was read (None: it must not exist yet), and as it shall be."""


DUE_SHARDS = 8
"""Partitions of the index `due`, since a hot index throttles the table itself (DynamoDB guide, GSI throttling): an
order writes it twice, so they carry 4,000 orders a second. More is safe at any time, fewer once no order is in it."""


class Booked(msgspec.Struct, frozen=True):
    """Money that came while the order wanted just that, and when."""

    at: datetime
    money: Paid


class Mark(msgspec.Struct, frozen=True):
    """That something was done once for a name: when, and for which day."""

    name: str
    at: datetime
    day: date


class Queue(msgspec.Struct, frozen=True):
    """How many wait for a SKU; `version` counts changes of the line and of what is kept for it."""

    count: int = 0
    version: int = 0


class Shelf(msgspec.Struct, frozen=True):
    """All that stands on a shelf: its batches by date, its drops, and how many wait for what comes to it."""

    batches: Sequence[Declared]
    drops: Sequence[Drop]
    queue: Queue


def taken_and_given(writes: Sequence[Write]) -> tuple[Mapping[Shard, int], Mapping[Shard, int]]:
    """Units taken from and given back to each shard: what the orders hold afterwards less what they did before."""
    takes: dict[Shard, int] = {}
    gives: dict[Shard, int] = {}
    for before, after in writes:
        change = after.allocated
        change.subtract(before.allocated if before else {})
        for shard, units in change.items():
            side = takes if units > 0 else gives
            if units:
                side[shard] = side.get(shard, 0) + abs(units)
    return takes, gives


def counted(writes: Sequence[Write]) -> dict[Account, int]:
    """Units that come onto each account, below zero those that leave it."""
    change: Counter[Account] = Counter()
    for before, after in writes:
        change.update(after.bought)
        change.subtract(before.bought if before else {})
    return {account: units for account, units in change.items() if units}


def put(before: Aggregate | None, after: Aggregate) -> Item:
    """The aggregate as a write that stands on the version that was read."""
    item = _put_order(after) if isinstance(after, Order) else _put_waiter(after)
    item |= {"v": {"N": str(after.version)}, "body": {"S": _json(after)}}
    if after.outbox and not after.failures:  # what has failed is the sweep's: the stream would repeat it at once
        item["todo"] = {"N": str(len(after.outbox))}
    put: Item = {"Item": item, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    if before is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "v = :v"
        put["ExpressionAttributeValues"] = {":v": {"N": str(before.version)}}
    return {"Put": put}


def _put_order(order: Order) -> Item:
    item = order_key(order.number)
    if order.due:
        item |= {"due_pk": {"S": f"due#{int(order.number[-4:]) % DUE_SHARDS}"}, "due_at": {"S": instant(order.due)}}
    if _bookable(order):
        item["wants"] = {"S": wanted(order.provider, order.total)}
    if order.lookup:
        item["lookup"] = {"S": order.lookup}
    return item


def _put_waiter(waiter: Aggregate) -> Item:
    assert isinstance(waiter, Waiter)  # noqa: S101 - for the type checker: there is no third kind of aggregate
    item = waiter_key(waiter.number)
    if waiter.due:
        item |= {"due_pk": {"S": "due#waiters"}, "due_at": {"S": instant(waiter.due)}}
    if waiter.state in ENDED and not waiter.outbox:
        item["ttl"] = ttl(waiter.since + KEPT_FOR)
    return item


def book(number: str, provider: str, money: Paid, now: datetime) -> Item:
    """An update that books the money unread, if the order wants just this; `order_in` makes of it what it means."""
    booked = _json(Booked(now, money))
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


def move_units(shard: Shard, take: int, give: int, kept: int = 0, debt: int = 0) -> Item:
    """The net change of a shard (a transaction may name an item once), if it holds what is taken beyond what comes.

    `kept` units of its share come to it from what is kept for those who wait, below zero they go there; where they
    do, `debt` is what was promised beyond the share when it was seen.
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


def move_kept(shelf: str, ship_by: date, units: int) -> Item:
    """So many units more, or fewer if there are as many, that are kept of a batch for those who wait."""
    values = {":units": {"N": str(units)}, ":zero": {"N": "0"}, ":one": {"N": "1"}}
    update: Item = {
        "Key": batch_key(shelf, ship_by),
        "UpdateExpression": "SET kept = if_not_exists(kept, :zero) + :units, v = v + :one",
        "ConditionExpression": "attribute_exists(pk)",
    }
    if units < 0:
        update["ConditionExpression"] = "kept >= :fewer"
        values[":fewer"] = {"N": str(-units)}
    return {"Update": update | {"ExpressionAttributeValues": values}}


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


def take_step(shelf: str, ship_by: date, version: int, step: Step, declared: int = 0) -> list[Item]:
    """A step of a batch, if nobody has changed it since it was seen at `version`; `declared` units more, if any."""
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


def declare_more(shelf: str, ship_by: date, units: int) -> Item:
    """So many units more that a batch declares."""
    return {
        "Update": {
            "Key": batch_key(shelf, ship_by),
            "UpdateExpression": "SET cap = cap + :units, v = v + :one",
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":units": {"N": str(units)}, ":one": {"N": "1"}},
        }
    }


def count_up(account: Account, units: int, most: int | None) -> Item:
    """So many units more on an account, if that makes no more than `most`; below zero they leave it."""
    update: Item = {
        "Key": account_key(account),
        "UpdateExpression": "ADD n :units, v :one",
        "ExpressionAttributeValues": {":units": {"N": str(units)}, ":one": {"N": "1"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if most is not None and units > 0:
        update["ConditionExpression"] = "attribute_not_exists(n) OR n <= :room"
        update["ExpressionAttributeValues"][":room"] = {"N": str(most - units)}
    return {"Update": update}


# ---- Those who wait ----


def nobody_waits(sku: str) -> Item:
    """The condition that the list of the SKU is empty."""
    return {
        "ConditionCheck": {
            "Key": queue_key(sku),
            "ConditionExpression": "attribute_not_exists(pk) OR n = :none",
            "ExpressionAttributeValues": {":none": {"N": "0"}},
        }
    }


def tell_queue(sku: str) -> Item:
    """A mark that something is kept for those who wait, if anybody does."""
    return {
        "Update": {
            "Key": queue_key(sku),
            "UpdateExpression": "ADD v :one",
            "ConditionExpression": "n > :none",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":none": {"N": "0"}},
        }
    }


def queue_is(sku: str, seen: Queue) -> Item:
    """The condition that the line, and what is kept for it, is as it was seen."""
    return {
        "ConditionCheck": {
            "Key": queue_key(sku),
            "ConditionExpression": "v = :seen",
            "ExpressionAttributeValues": {":seen": {"N": str(seen.version)}},
        }
    }


def get_in_line(sku: str, entry: QueueEntry) -> list[Item]:
    """A place at the end of the line, if it is not too long."""
    values = {":one": {"N": "1"}, ":most": {"N": str(MOST_WAITING)}}
    count: Item = {
        "Key": queue_key(sku),
        "UpdateExpression": "ADD n :one, v :one",
        "ConditionExpression": "attribute_not_exists(n) OR n < :most",
        "ExpressionAttributeValues": values,
    }
    place = {**entry_key(sku, entry), "body": {"S": _json(entry)}}
    return [{"Put": {"Item": place}}, {"Update": count}]


def leave_line(sku: str, entry: QueueEntry, seen: Queue | None = None) -> list[Item]:
    """The place is given up, if it is there, and the line as it was `seen`."""
    values = {":one": {"N": "1"}, ":less": {"N": "-1"}}
    count: Item = {
        "Key": queue_key(sku),
        "UpdateExpression": "ADD n :less, v :one",
        "ExpressionAttributeValues": values,
    }
    if seen:
        count["ConditionExpression"] = "v = :seen"
        values[":seen"] = {"N": str(seen.version)}
    gone = {"Key": entry_key(sku, entry), "ConditionExpression": "attribute_exists(pk)"}
    return [{"Delete": gone}, {"Update": count}]


# ---- Batches and drops as they are declared ----


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


def remember(mark: Mark) -> Item:
    """That what was to be done once is done, if it was not."""
    item = {**done_key(mark.name), "body": {"S": _json(mark)}, "ttl": ttl(mark.at)}
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def put_drop(before: Drop | None, after: Drop) -> Item:
    """The drop, if it is as it was read (None: not there)."""
    put: Item = {"Item": {**drop_key(after.sku, after.id), "body": {"S": _json(after)}}}
    if before is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put |= {"ConditionExpression": "body = :seen", "ExpressionAttributeValues": {":seen": {"S": _json(before)}}}
    return {"Put": put}


def new_batch(shelf: str, ship_by: date, cap: int, shards: int) -> Item:
    """A batch that is declared and has no shares yet, if there is none."""
    numbers = {"cap": cap, "shards": shards, "v": 1}
    item = {**batch_key(shelf, ship_by), **{name: {"N": str(number)} for name, number in numbers.items()}}
    return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}


def archive(drop: Drop) -> list[Item]:
    """The drop out of the SKU's sight, and kept."""
    kept = {**archive_key(drop), "body": {"S": _json(drop)}}
    return [{"Delete": {"Key": drop_key(drop.sku, drop.id)}}, {"Put": {"Item": kept}}]


def mark_notified(sku: str, ship_by: date, cap: int) -> Item:
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


def mark_in(item: Item) -> Mark:
    """What is remembered to have been done."""
    return msgspec.json.decode(item["body"]["S"], type=Mark)


def order_in(item: Item) -> Order:
    """The order that an item holds, with money that was booked unread put to it by the one rule of what money means."""
    order = msgspec.json.decode(item["body"]["S"], type=Order)
    if "paid" not in item:
        return order
    booked = msgspec.json.decode(item["paid"]["S"], type=Booked)
    return decide(order, booked.money, booked.at)


def waiter_in(item: Item) -> Waiter:
    """The waiter that an item holds."""
    return msgspec.json.decode(item["body"]["S"], type=Waiter)


def aggregate_in(item: Item) -> Aggregate | None:
    """The order or waiter that an item holds; None for any other item."""
    read = {"order": order_in, "waiter": waiter_in}.get(item["sk"]["S"])
    return read(item) if read else None


def entry_in(item: Item) -> QueueEntry:
    """The place in the line that an item holds."""
    return msgspec.json.decode(item["body"]["S"], type=QueueEntry)


def shelf_in(found: Iterable[Item]) -> Shelf:
    """What stands on a shelf, from all of its items."""
    batches: list[Item] = []
    drops: list[Drop] = []
    queue = Queue()
    for item in found:
        match item["sk"]["S"].partition("#")[0]:
            case "queue":
                queue = queue_in(item)
            case "drop":
                drops.append(msgspec.json.decode(item["body"]["S"], type=Drop))
            case _:
                batches.append(item)
    return Shelf(declared_in(batches), drops, queue)


def queue_in(item: Item | None) -> Queue:
    """How many wait, from the item of it."""
    return Queue(int(item["n"]["N"]), int(item["v"]["N"])) if item else Queue()


def share_in(item: Item) -> Share:
    """What a shard's item holds."""
    return Share(int(item["cap"]["N"]), int(item["units"]["N"]), int(item["v"]["N"]))


def shelf_name(item: Item) -> str:
    """The shelf of a stock item."""
    return str(item["pk"]["S"].split("#")[1])


def shard_in(item: Item) -> Shard | None:
    """Which shard a stock item is; None for any other."""
    day, _, index = item["sk"]["S"].partition("#")
    return (shelf_name(item), date.fromisoformat(day), int(index)) if index.isdigit() and day[0].isdigit() else None


def declared_in(found: Iterable[Item]) -> list[Declared]:
    """The batches of one shelf, by date, from their items and those of their shards."""
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
    )


def order_key(number: str) -> Item:
    """An order's key."""
    return {"pk": {"S": f"order#{number}"}, "sk": {"S": "order"}}


def account_key(account: Account) -> Item:
    """Where is counted what one buyer has of a batch or drop."""
    scope, buyer = account
    return {"pk": {"S": f"bought#{scope}#{buyer}"}, "sk": {"S": "bought"}}


def account_in(item: Item) -> tuple[Account, int]:
    """An account, and the units on it."""
    _, scope, buyer = item["pk"]["S"].split("#")
    return (scope, buyer), int(item["n"]["N"])


def waiter_key(number: str) -> Item:
    """A waiter's key."""
    return {"pk": {"S": f"waiter#{number}"}, "sk": {"S": "waiter"}}


def queue_key(sku: str) -> Item:
    """Where is counted who waits for a SKU."""
    return {"pk": {"S": f"stock#{sku}#0"}, "sk": {"S": "queue"}}


def entry_key(sku: str, entry: QueueEntry) -> Item:
    """A place in the line of a SKU: it sorts by the instant of joining."""
    return {"pk": {"S": f"queue#{sku}"}, "sk": {"S": f"{instant(entry.joined)}#{entry.number}"}}


def drop_key(sku: str, drop: str) -> Item:
    """A drop's key, with the stock of its SKU."""
    return {"pk": {"S": f"stock#{sku}#0"}, "sk": {"S": f"drop#{drop}"}}


def archive_key(drop: Drop) -> Item:
    """Where a drop is kept that is over and done with."""
    return {"pk": {"S": f"drop#{drop.shelf}"}, "sk": {"S": "drop"}}


def batch_key(shelf: str, ship_by: date) -> Item:
    """A batch's key."""
    return {"pk": {"S": f"stock#{shelf}#0"}, "sk": {"S": ship_by.isoformat()}}


def shard_key(shard: Shard) -> Item:
    """A shard's key."""
    shelf, ship_by, index = shard
    return {"pk": {"S": f"stock#{shelf}#{partition_of(index)}"}, "sk": {"S": f"{ship_by.isoformat()}#{index:03}"}}


def done_key(name: str) -> Item:
    """Where it is remembered that something was done once for this name."""
    return {"pk": {"S": f"done#{name}"}, "sk": {"S": "done"}}


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


def body(record: msgspec.Struct) -> Item:
    """A whole record, as an attribute holds it."""
    return {"S": _json(record)}


def _json(record: msgspec.Struct) -> str:
    return msgspec.json.encode(record).decode()
