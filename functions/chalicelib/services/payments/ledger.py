"""Writing the ledger: by the stream's consumer, from what orders and stray money were and what they have become."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.aggregate import Aggregate
from chalicelib.domain.payments.ledger import LedgerEntry, entries
from chalicelib.storage.aggregates import aggregate_in
from chalicelib.storage.keys import Item
from chalicelib.storage.payments.ledger import LedgerStore

log = logging.getLogger("cunbo")

MONEY = ('"payment":', '"refunds":', '"disputes":')
"""What the stored body of an order says once money has moved: most changes are read no further."""


def keep(ledger: LedgerStore, records: Iterable[Mapping[str, Any]]) -> None:
    """Write the entries that these records of the stream have changed; the same records again change nothing.

    Raise Busy. A record that cannot be read is logged: the shard's others must not wait for it for ever.
    """
    found: dict[LedgerEntry, int] = {}
    for record in records:
        try:
            before, after = (_aggregate(record["dynamodb"].get(image)) for image in ("OldImage", "NewImage"))
            if after is not None:
                old = {*entries(before)}
                found |= {entry: after.version for entry in entries(after) if entry not in old}
        except Exception as error:
            log.error("ledger: record %s cannot be read: %s", _name(record), type(error).__name__)
    if found:
        ledger.keep(found)


def _aggregate(image: Item | None) -> Aggregate | None:
    if image is None or image["sk"]["S"] not in ("order", "stray"):
        return None
    if image["sk"]["S"] == "order" and "paid" not in image and not any(part in image["body"]["S"] for part in MONEY):
        return None
    return aggregate_in(image)


def _name(record: Mapping[str, Any]) -> str:
    return str(record.get("dynamodb", {}).get("SequenceNumber", "of no number"))
