"""Passports of batches in the table. Each part is written once, on a condition of its own.

Whoever packs writes the passport in the same transaction, and whoever packs or hands over stands on the condition that
the batch is not recalled: so from the moment in which a recall is written, none of it is packed or handed over. Beside
the passport stand the orders for which units were packed, so that a recall finds their buyers without a scan.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from chalicelib.domain.stock.passports import Passport, Recall
from chalicelib.storage.keys import Item, body, instant, listed_key, passport_key
from chalicelib.storage.table import Table

NOT_RECALLED = "attribute_not_exists(recall)"


def freeze(sku: str, ship_by: date, shown: str, now: datetime) -> Item:
    """Return the write by which units of a batch are packed: the first of all fix what they were, and since when."""
    return {
        "Update": {
            "Key": passport_key(sku, ship_by),
            "UpdateExpression": "SET shown = if_not_exists(shown, :shown), packed = if_not_exists(packed, :now)",
            "ConditionExpression": NOT_RECALLED,
            "ExpressionAttributeValues": {":shown": {"S": shown}, ":now": {"S": instant(now)}},
        }
    }


def not_recalled(sku: str, ship_by: date) -> Item:
    """Return the condition that a batch is not recalled."""
    return {"ConditionCheck": {"Key": passport_key(sku, ship_by), "ConditionExpression": NOT_RECALLED}}


def list_order(sku: str, ship_by: date, number: str) -> Item:
    """Return the write that an order has units of a batch."""
    return {"Put": {"Item": listed_key(sku, ship_by, number)}}


class PassportStore:
    """Passports of batches."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def load(self, sku: str, ship_by: date) -> Passport | None:
        """Return the passport of a batch, as the last write left it; None where nothing of it is known."""
        item = self.table.get(passport_key(sku, ship_by))
        return passport_in(item) if item else None

    def orders(self, sku: str, ship_by: date) -> list[str]:
        """Return the numbers of the orders for which units of the batch were packed, or to which a recall told."""
        found = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND begins_with(sk, :order)",
            ExpressionAttributeValues={":pk": passport_key(sku, ship_by)["pk"], ":order": {"S": "order#"}},
            ConsistentRead=True,
        )
        return [item["sk"]["S"].removeprefix("order#") for item in found]

    def list_order(self, sku: str, ship_by: date, number: str) -> None:
        """Put the order of this number on the list of those with units of the batch; the same again changes nothing."""
        self.table.call("put_item", **list_order(sku, ship_by, number)["Put"])

    def is_recalled(self, sku: str, ship_by: date) -> bool:
        """Return whether the batch is recalled, as the last write left it."""
        passport = self.load(sku, ship_by)
        return passport is not None and passport.recall is not None

    def recalled(self, batches: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
        """Return which of these batches are recalled, as the last write left it; one read for each 100."""
        found = self.table.get_many([passport_key(*batch) for batch in dict.fromkeys(batches)], consistent=True)
        return {(one.sku, one.ship_by) for one in recalled_in(found)}

    def set_made(self, sku: str, ship_by: date, made: date) -> bool:
        """Keep on which day the batch was made; return False where another day stands there."""
        return self.table.write(
            "update_item",
            Key=passport_key(sku, ship_by),
            UpdateExpression="SET made = :made",
            ConditionExpression="attribute_not_exists(made) OR made = :made",
            ExpressionAttributeValues={":made": {"S": made.isoformat()}},
        )

    def recall(self, sku: str, ship_by: date, recall: Recall) -> bool:
        """Recall the batch; return False where it is recalled already."""
        return self.table.write(
            "update_item",
            Key=passport_key(sku, ship_by),
            UpdateExpression="SET recall = :recall REMOVE caps",
            ConditionExpression=NOT_RECALLED,
            ExpressionAttributeValues={":recall": body(recall)},
        )

    def keep_caps(self, sku: str, ship_by: date, caps: Mapping[str, int]) -> None:
        """Keep what the shelves of a recalled batch declared, so that a recall by mistake can be undone."""
        self.table.call(
            "update_item",
            Key=passport_key(sku, ship_by),
            UpdateExpression="SET caps = :caps",
            ExpressionAttributeValues={":caps": {"S": msgspec.json.encode(caps).decode()}},
        )

    def lift(self, sku: str, ship_by: date, recall: Recall) -> bool:
        """Lift this recall, which stays among those that were; return False where it is not in force."""
        return self.table.write(
            "update_item",
            Key=passport_key(sku, ship_by),
            UpdateExpression="SET lifted = list_append(if_not_exists(lifted, :none), :one) REMOVE recall, caps",
            ConditionExpression="recall = :recall",
            ExpressionAttributeValues={
                ":recall": body(recall),
                ":one": {"L": [body(recall)]},
                ":none": {"L": []},
            },
        )


def recalled_in(items: Iterable[Item]) -> list[Passport]:
    """Return the passports of recalled batches among items."""
    found = (passport_in(item) for item in items if item["sk"]["S"] == "passport" and "recall" in item)
    return [*found]


def passport_in(item: Item) -> Passport:
    """Return the passport that an item holds."""
    _, sku, day = item["pk"]["S"].split("#")
    texts = {name: value["S"] for name, value in item.items() if "S" in value}
    return Passport(
        sku,
        date.fromisoformat(day),
        texts.get("shown", ""),
        datetime.fromisoformat(texts["packed"]) if "packed" in texts else None,
        date.fromisoformat(texts["made"]) if "made" in texts else None,
        msgspec.json.decode(texts["recall"], type=Recall) if "recall" in texts else None,
        msgspec.json.decode(texts["caps"], type=dict[str, int]) if "caps" in texts else {},
    )
