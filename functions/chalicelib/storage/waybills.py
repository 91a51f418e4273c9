"""Carriers' numbers in the table: which parcels bear one, so that it goes to one door alone and is found by its number.

It is written with the order. Two parcels to one door may share a number: the courier took them for one.
"""

from datetime import datetime, timedelta

import msgspec

from chalicelib.storage.keys import Item, ttl, waybill_key
from chalicelib.storage.table import Table

KEPT_FOR = timedelta(days=180)
"""How long a number finds its parcel: carriers use numbers again some day."""


class Waybill(msgspec.Struct, frozen=True):
    """That a parcel bears a carrier's number, and to whom it goes by pseudonym."""

    carrier: str
    tracking: str
    parcel: str
    recipient: str
    at: datetime


def bear(waybill: Waybill) -> Item:
    """Return the write by which a parcel bears the number, on the condition that nobody else's does."""
    return {
        "Update": {
            "Key": waybill_key(waybill.carrier, waybill.tracking),
            "UpdateExpression": "SET recipient = :to, #ttl = :ttl ADD parcels :parcel",
            "ConditionExpression": "attribute_not_exists(pk) OR recipient = :to",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
            "ExpressionAttributeValues": {
                ":to": {"S": waybill.recipient},
                ":ttl": ttl(waybill.at + KEPT_FOR),
                ":parcel": {"SS": [waybill.parcel]},
            },
        }
    }


class WaybillStore:
    """Carriers' numbers."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def parcels(self, carrier: str, tracking: str) -> list[str]:
        """Return the names of the parcels that bear the number."""
        item = self.table.get(waybill_key(carrier, tracking))
        return sorted(item["parcels"]["SS"]) if item else []
