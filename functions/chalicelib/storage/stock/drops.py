"""Drops in the table: with the stock of their SKU while they last, and out of its sight afterwards."""

from collections.abc import Mapping
from datetime import date

import msgspec

from chalicelib.domain.stock.capacity import Declared, Step
from chalicelib.domain.stock.drops import Drop
from chalicelib.storage.keys import Item, archive_key, body, drop_key, sku_key
from chalicelib.storage.stock.batches import declare_more, new_batch, take_step
from chalicelib.storage.table import Table


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


def _count(sku: str, opened: int) -> Item:
    """Return the write of one more drop of the SKU, if so many were opened before."""
    update: Item = {
        "Key": sku_key(sku),
        "UpdateExpression": "ADD drops :one",
        "ConditionExpression": "drops = :seen" if opened else "attribute_not_exists(drops)",
        "ExpressionAttributeValues": {":one": {"N": "1"}} | ({":seen": {"N": str(opened)}} if opened else {}),
    }
    return {"Update": update}


def archive(drop: Drop) -> list[Item]:
    """Return the writes that take the drop out of the SKU's sight, and keep it."""
    kept = {**archive_key(drop), "body": body(drop)}
    return [{"Delete": {"Key": drop_key(drop.sku, drop.id)}}, {"Put": {"Item": kept}}]


class DropStore:
    """Drops in the table, with the units that they hold."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def opened(self, sku: str) -> int:
        """Return how many drops of the SKU were opened ever."""
        item = self.table.get(sku_key(sku)) or {}
        return int(item.get("drops", {"N": "0"})["N"])

    def open(
        self, drop: Drop, opened: int, lots: Mapping[date, tuple[Declared, Step]], shards: Mapping[date, int]
    ) -> bool:
        """Move units from the SKU's batches to the drop's, which are new; return False where any has changed.

        Also where another was `opened` since: whoever opens one knows all others. Of each date: the batch as it was
        seen, and the step that takes the units off; and how many shards the drop's shall have. The drop's shares follow
        by `settle`.
        """
        moves: list[Item] = [put_drop(None, drop), _count(drop.sku, opened)]
        for day, (batch, step) in lots.items():
            units = -sum(change.units for change in step.changes)
            moves += take_step(drop.sku, day, batch.version, step, declared=-units)
            moves.append(new_batch(drop.shelf, day, units, shards[day]))
        return not self.table.transact(moves)

    def change(self, before: Drop, after: Drop) -> bool:
        """Write the drop; return False where it is not as it was read."""
        return self.table.write("put_item", **put_drop(before, after)["Put"])

    def take_back(self, drop: Drop, batch: Declared, step: Step) -> bool:
        """Move the units of a step back from a drop's batch to the SKU's; return False where the drop's changed."""
        units = -sum(change.units for change in step.changes)
        made = take_step(drop.shelf, batch.ship_by, batch.version, step, declared=-units)
        return not self.table.transact([*made, declare_more(drop.sku, batch.ship_by, units)])

    def archive(self, drop: Drop) -> None:
        """Take the drop out of sight."""
        self.table.transact(archive(drop))

    def is_archived(self, drop: Drop) -> bool:
        """Return whether there was a drop of this name, which is out of sight."""
        return self.table.get(archive_key(drop)) is not None
