"""Drops in the table: with the stock of their SKU while they last, and out of its sight afterwards."""

import msgspec

from chalicelib.domain.stock.drops import Drop
from chalicelib.storage.keys import Item, archive_key, body, drop_key


def put_drop(before: Drop | None, after: Drop) -> Item:
    """Return the write of a drop, if it is as it was read (None: not there)."""
    put: Item = {"Item": {**drop_key(after.sku, after.id), "body": body(after)}}
    if before is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put |= {"ConditionExpression": "body = :seen", "ExpressionAttributeValues": {":seen": body(before)}}
    return {"Put": put}


def drop_in(item: Item) -> Drop:
    """Return the drop that an item holds."""
    return msgspec.json.decode(item["body"]["S"], type=Drop)


def archive(drop: Drop) -> list[Item]:
    """Return the writes that take the drop out of the SKU's sight, and keep it."""
    kept = {**archive_key(drop), "body": body(drop)}
    return [{"Delete": {"Key": drop_key(drop.sku, drop.id)}}, {"Put": {"Item": kept}}]
