"""Limits in the table: what one buyer has of what is limited, slots for unpaid orders, and what was asked for often."""

import re
from datetime import datetime

from chalicelib.domain.aggregate import Account
from chalicelib.domain.orders.pending_limits import Held, Slot
from chalicelib.storage.keys import Item, account_key, asked_key, instant, tab_key, ttl
from chalicelib.storage.table import Table


def count_up(account: Account, units: int, most: int | None) -> Item:
    """Return the write of so many units more on an account, if that makes no more than `most`; below zero fewer."""
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


def account_in(item: Item) -> tuple[Account, int]:
    """Return an account, and the units on it."""
    _, scope, buyer = item["pk"]["S"].split("#")
    return (scope, buyer), units_on(item)


def units_on(item: Item) -> int:
    """Return the units on an account."""
    return int(item["n"]["N"])


def occupy(slot: Slot, now: datetime) -> Item:
    """Return the write of a slot, if it is as it was seen: free, its hold over at `now`, or another's to be replaced.

    `s1 < :now` compares text, which sorts as instants do: what stands in a slot begins with when its hold ends.
    """
    name = f"s{slot.index}"
    values = {":held": {"S": _written(slot.held)}, ":ttl": ttl(slot.held.until)}
    update: Item = {
        "Key": tab_key(slot.tab),
        "UpdateExpression": f"SET {name} = :held, #ttl = :ttl",
        "ExpressionAttributeNames": {"#ttl": "ttl"},  # a reserved word of DynamoDB
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if slot.instead_of:
        update["ConditionExpression"] = f"{name} = :seen"
        values[":seen"] = {"S": _written(slot.instead_of)}
    else:
        update["ConditionExpression"] = f"attribute_not_exists({name}) OR {name} < :now"
        values[":now"] = {"S": instant(now)}
    return {"Update": update | {"ExpressionAttributeValues": values}}


def held_in(item: Item) -> dict[int, Held]:
    """Return what stands in the slots of a tab."""
    slots = ((name, value["S"].split()) for name, value in item.items() if re.fullmatch("s[0-9]+", name))
    return {int(name[1:]): Held(datetime.fromisoformat(until), order) for name, (until, order) in slots}


def ask(who: str, now: datetime, most: int) -> Item:
    """Return an update that counts one more asking in this hour, if there were fewer than `most`."""
    return {
        "Key": asked_key(who, now),
        "UpdateExpression": "SET #ttl = :ttl ADD n :one",
        "ConditionExpression": "attribute_not_exists(n) OR n < :most",
        "ExpressionAttributeNames": {"#ttl": "ttl"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":most": {"N": str(most)}, ":ttl": ttl(now)},
    }


def _written(held: Held) -> str:
    return f"{instant(held.until)} {held.order}"


class LimitStore:
    """How often something was asked for; all other limits are conditions of transactions."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def may_ask(self, who: str, now: datetime, most: int) -> bool:
        """Count one more asking of `who` in this hour; return False, uncounted, where there were `most` already."""
        return self.table.write("update_item", **ask(who, now, most))
