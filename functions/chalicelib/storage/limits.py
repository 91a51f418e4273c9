"""Limits in the table: what one buyer has of what is limited, slots for unpaid orders, what one network holds unpaid,
and what was asked for often.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time

from chalicelib.domain.aggregate import Account
from chalicelib.domain.limits.network import MOST_UNSEEN, NetworkHold, Use
from chalicelib.domain.limits.pending import Held, Slot
from chalicelib.domain.voices.forgetting import LIMIT_KEPT_FOR
from chalicelib.storage.keys import Item, account_key, asked_key, instant, network_key, tab_key, ttl
from chalicelib.storage.table import Table

UNPAID, PAID = "unpaid:", "paid:"
"""What the names of a network's counts begin with; the shelf follows."""
SMS_ENDED = "sms-ended"


def count_up(account: Account, units: int, most: int | None, until: date) -> Item:
    """Return the write of so many units more on an account, if that makes no more than `most`; below zero fewer.

    `until` is the last day on which anybody can buy of them: the account ends some time after it.
    """
    update: Item = {
        "Key": account_key(account),
        "UpdateExpression": "SET #ttl = :ttl ADD n :units, v :one",
        "ExpressionAttributeNames": {"#ttl": "ttl"},
        "ExpressionAttributeValues": {
            ":units": {"N": str(units)},
            ":one": {"N": "1"},
            ":ttl": ttl(account_end(until)),
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if most is not None and units > 0:
        update["ConditionExpression"] = "attribute_not_exists(n) OR n <= :room"
        update["ExpressionAttributeValues"][":room"] = {"N": str(most - units)}
    return {"Update": update}


def account_end(until: date) -> datetime:
    """Return when an account may go, of which nobody can buy after this day."""
    return midnight(until) + LIMIT_KEPT_FOR


def let_go(account: Account) -> Item:
    """Return the write by which an account goes that has ended, whatever it counts."""
    return {"Delete": {"Key": account_key(account)}}


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


def hold_for_network(hold: NetworkHold) -> Item:
    """Return the write that counts an order's units for its network, if there is room for them.

    Where it is not known what was counted, it adds to that; else it writes all of it anew, if it is as it was seen.
    """
    if hold.seen.version:
        return _count_anew(hold)
    names = {"#ttl": "ttl"}
    values: Item = {
        ":order": {"SS": [hold.order]},
        ":one": {"N": "1"},
        ":most": {"N": str(MOST_UNSEEN)},
        ":ttl": {"N": str(int(hold.until.timestamp()))},
    }
    adds, conditions = ["orders :order", "unseen :one", "v :one"], ["(attribute_not_exists(unseen) OR unseen < :most)"]
    for index, (shelf, units) in enumerate(sorted(hold.units.items())):
        names[f"#u{index}"] = UNPAID + shelf
        values |= {f":u{index}": {"N": str(units)}, f":r{index}": {"N": str(hold.room(shelf))}}
        adds.append(f"#u{index} :u{index}")
        conditions.append(f"(attribute_not_exists(#u{index}) OR #u{index} <= :r{index})")
    update: Item = {
        "Key": network_key(hold.network),
        "UpdateExpression": f"SET #ttl = :ttl ADD {', '.join(adds)}",
        "ConditionExpression": " AND ".join(conditions),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}


def _count_anew(hold: NetworkHold) -> Item:
    use = hold.use
    item = {
        **network_key(hold.network),
        "ttl": {"N": str(int(hold.until.timestamp()))},
        "v": {"N": str(use.version)},
        "unseen": {"N": "1"},
        "orders": {"SS": sorted(use.orders)},
        **{UNPAID + shelf: {"N": str(units)} for shelf, units in use.unpaid.items()},
        **{PAID + shelf: {"N": str(units)} for shelf, units in use.paid.items()},
    }
    put: Item = {
        "Item": item,
        "ConditionExpression": "v = :seen",
        "ExpressionAttributeValues": {":seen": {"N": str(hold.seen.version)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Put": put}


def use_in(item: Item) -> Use:
    """Return what is counted of a network, from its item; nothing where there is none."""

    def by_shelf(prefix: str) -> dict[str, int]:
        found = ((name, value) for name, value in item.items() if name.startswith(prefix))
        return {name.removeprefix(prefix): int(value["N"]) for name, value in found}

    if not item:
        return Use()
    return Use(by_shelf(UNPAID), by_shelf(PAID), frozenset(item["orders"]["SS"]), int(item["v"]["N"]))


def ask(who: str, now: datetime, most: int) -> Item:
    """Return an update that counts one more asking in this hour, if there were fewer than `most`."""
    return {
        "Key": asked_key(who, now),
        "UpdateExpression": "SET #ttl = :ttl ADD n :one",
        "ConditionExpression": "attribute_not_exists(n) OR n < :most",
        "ExpressionAttributeNames": {"#ttl": "ttl"},
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":most": {"N": str(most)}, ":ttl": ttl(now)},
    }


def count_messages(who: str, now: datetime, most: Mapping[str, int], units: int = 1) -> Item:
    """Return an update that counts so many `units` more in this hour under each name, if each stays within `most`."""
    names = {f"#{index}": name for index, name in enumerate(most)} | {"#ttl": "ttl"}
    limits = {f":{index}": {"N": str(limit - units)} for index, limit in enumerate(most.values())}
    rooms = (
        f"(attribute_not_exists(#{index}) OR #{index} <= :{index})" if limit >= units else f"#{index} <= :{index}"
        for index, limit in enumerate(most.values())
    )
    return {
        "Key": asked_key(who, now),
        "UpdateExpression": f"SET #ttl = :ttl ADD {', '.join(f'#{index} :units' for index in range(len(most)))}",
        "ConditionExpression": " AND ".join(rooms),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":units": {"N": str(units)}, ":ttl": ttl(now), **limits},
    }


def uncount_messages(who: str, at: datetime, names: Iterable[str], units: int = 1) -> Item:
    """Return an update that takes back what was counted at this instant."""
    told = {f"#{index}": name for index, name in enumerate(names)}
    return {
        "Key": asked_key(who, at),
        "UpdateExpression": f"ADD {', '.join(f'{name} :less' for name in told)}",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeNames": told,
        "ExpressionAttributeValues": {":less": {"N": str(-units)}},
    }


def _written(held: Held) -> str:
    return f"{instant(held.until)} {held.order}"


def midnight(day: date) -> datetime:
    """Return the one instant under which is counted what is counted by the village's day."""
    return datetime.combine(day, time(), UTC)


class LimitStore:
    """How often something was asked for, or written, in an hour; all other limits are conditions of transactions."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def may_ask(self, who: str, now: datetime, most: int) -> bool:
        """Count one more asking of `who` in this hour; return False, uncounted, where there were `most` already."""
        return self.table.write("update_item", **ask(who, now, most))

    def end_sms(self, day: date) -> bool:
        """Have no more text messages be asked for on this day of the village; return whether nobody had before."""
        return self.may_ask(SMS_ENDED, midnight(day), 1)

    def sms_ended(self, day: date) -> bool:
        """Return whether no more text messages may be asked for on this day."""
        return self.asked(SMS_ENDED, midnight(day)) > 0

    def asked(self, who: str, now: datetime) -> int:
        """Return how often `who` has asked in this hour."""
        item = self.table.get(asked_key(who, now))
        return units_on(item) if item else 0

    def count_messages(self, who: str, now: datetime, most: Mapping[str, int], units: int = 1) -> frozenset[str]:
        """Count a message, or its `units`, in this hour under each name of `most`, in one write.

        Return the names under which there is no room for it: nothing is counted then. None of them: it is counted.
        """
        if self.table.write("update_item", **count_messages(who, now, most, units)):
            return frozenset()
        item = self.table.get(asked_key(who, now)) or {}
        full = {name for name, limit in most.items() if int(item.get(name, {"N": "0"})["N"]) > limit - units}
        return frozenset(full or most)

    def uncount_messages(self, who: str, at: datetime, names: Iterable[str], units: int = 1) -> None:
        """Take back what was counted at this instant, since nothing went out."""
        self.table.write("update_item", **uncount_messages(who, at, names, units))
