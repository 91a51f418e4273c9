"""Lists of claims: those that nobody has decided, those decided last, and those about units of a batch.

An order's claim is put on its lists before it is written to the order, and the order alone says what it is: an entry
whose order has no such claim, or has it no longer open, is passed over, and struck off after a while.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from chalicelib.storage.keys import claim_key, claim_partition, ttl
from chalicelib.storage.table import Table

OPEN, ENDED = "open", "ended"
KEPT_FOR = timedelta(days=365)
"""How long lists of what is over are kept; the claims themselves stay in their orders."""


class ClaimEntry(NamedTuple):
    """A claim on a list: since when, of which order, and its id."""

    at: datetime
    number: str
    claim: str


class ClaimStore:
    """The lists of claims."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def add(self, of: str, entry: ClaimEntry) -> None:
        """Put a claim on a list; again changes nothing."""
        ends = {} if of == OPEN else {"ttl": ttl(entry.at + KEPT_FOR)}
        self.table.call("put_item", Item={**claim_key(of, *entry), **ends})

    def strike(self, of: str, entry: ClaimEntry) -> None:
        """Take a claim off a list."""
        self.table.call("delete_item", Key=claim_key(of, *entry))

    def listed(self, of: str, most: int, latest: bool = False) -> Sequence[ClaimEntry]:
        """Return the first claims of a list, at most so many; those that came last where `latest`."""
        found = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": claim_partition(of)}},
            ScanIndexForward=not latest,
            ConsistentRead=True,
            Limit=min(most, 100),
        )
        return [_entry(item["sk"]["S"]) for item in islice(found, most)]


def _entry(sort: str) -> ClaimEntry:
    at, number, claim = sort.split("#")
    return ClaimEntry(datetime.fromisoformat(at), number, claim)
