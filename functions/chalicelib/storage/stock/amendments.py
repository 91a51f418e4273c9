"""Amendments of a SKU in the table: one item with its stock, so that whoever reads what is left has read them too."""

from collections.abc import Sequence

import msgspec

from chalicelib.domain.stock.amendments import Amendment
from chalicelib.storage.keys import Item, amendments_key
from chalicelib.storage.table import Table


def amendments_in(item: Item | None) -> tuple[Amendment, ...]:
    """Return the amendments that an item holds; none where there is no such item."""
    return msgspec.json.decode(item["body"]["S"], type=tuple[Amendment, ...]) if item else ()


class AmendmentStore:
    """What the desk has changed of SKUs."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def load(self, sku: str) -> tuple[Amendment, ...]:
        """Return the amendments of a SKU, those among them that are in force no more."""
        return amendments_in(self.table.get(amendments_key(sku)))

    def change(self, sku: str, before: Sequence[Amendment], after: Sequence[Amendment]) -> bool:
        """Write the amendments of a SKU; return False where they are not as they were read."""
        condition = (
            {"ConditionExpression": "body = :seen", "ExpressionAttributeValues": {":seen": _body(before)}}
            if before
            else {"ConditionExpression": "attribute_not_exists(pk)"}
        )
        if after:
            item = {**amendments_key(sku), "body": _body(after)}
            return self.table.write("put_item", Item=item, **condition)
        return not before or self.table.write("delete_item", Key=amendments_key(sku), **condition)


def _body(amendments: Sequence[Amendment]) -> Item:
    return {"S": msgspec.json.encode(amendments).decode()}
