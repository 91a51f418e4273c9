"""The queue of a SKU, beside its stock: how many wait, so that what is freed goes to them, and their places in line."""

import msgspec

from chalicelib.domain.waitlist import MOST_WAITING, QueueEntry
from chalicelib.storage.keys import Item, body, entry_key, queue_key


class Queue(msgspec.Struct, frozen=True):
    """How many wait for a SKU; `version` counts changes of the line and of what is kept for it."""

    count: int = 0
    version: int = 0


def queue_in(item: Item | None) -> Queue:
    """Return how many wait, from the item of it."""
    return Queue(int(item["n"]["N"]), int(item["v"]["N"])) if item else Queue()


def entry_in(item: Item) -> QueueEntry:
    """Return the place in the line that an item holds."""
    return msgspec.json.decode(item["body"]["S"], type=QueueEntry)


def nobody_waits(sku: str) -> Item:
    """Return the condition that the list of the SKU is empty."""
    return {
        "ConditionCheck": {
            "Key": queue_key(sku),
            "ConditionExpression": "attribute_not_exists(pk) OR n = :none",
            "ExpressionAttributeValues": {":none": {"N": "0"}},
        }
    }


def tell_queue(sku: str) -> Item:
    """Return a mark that something is kept for those who wait, if anybody does."""
    return {
        "Update": {
            "Key": queue_key(sku),
            "UpdateExpression": "ADD v :one",
            "ConditionExpression": "n > :none",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":none": {"N": "0"}},
        }
    }


def queue_is(sku: str, seen: Queue) -> Item:
    """Return the condition that the line, and what is kept for it, is as it was seen."""
    return {
        "ConditionCheck": {
            "Key": queue_key(sku),
            "ConditionExpression": "v = :seen",
            "ExpressionAttributeValues": {":seen": {"N": str(seen.version)}},
        }
    }


def get_in_line(sku: str, entry: QueueEntry) -> list[Item]:
    """Return the writes of a place at the end of the line, if it is not too long."""
    values = {":one": {"N": "1"}, ":most": {"N": str(MOST_WAITING)}}
    count: Item = {
        "Key": queue_key(sku),
        "UpdateExpression": "ADD n :one, v :one",
        "ConditionExpression": "attribute_not_exists(n) OR n < :most",
        "ExpressionAttributeValues": values,
    }
    place = {**entry_key(sku, entry), "body": body(entry)}
    return [{"Put": {"Item": place}}, {"Update": count}]


def leave_line(sku: str, entry: QueueEntry, seen: Queue | None = None) -> list[Item]:
    """Return the writes that give the place up, if it is there, and the line as it was `seen`."""
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
