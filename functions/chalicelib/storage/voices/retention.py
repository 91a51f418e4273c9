"""How far retention has come, in the table."""

from datetime import date

import msgspec

from chalicelib.domain.aggregate import Stored
from chalicelib.storage.keys import body, retention_key
from chalicelib.storage.table import Table


class RetentionProgress(Stored, frozen=True):
    """The last day of placing whose orders were looked at, and those of them that are left, by when to look again."""

    day: date | None = None
    left: dict[str, date] = msgspec.field(default_factory=dict)


class RetentionStore:
    """How far retention has come."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def progress(self) -> RetentionProgress:
        """Return how far it has come. One read."""
        item = self.table.get(retention_key())
        return msgspec.json.decode(item["body"]["S"], type=RetentionProgress) if item else RetentionProgress()

    def keep(self, progress: RetentionProgress) -> None:
        """Keep how far it has come."""
        self.table.call("put_item", Item={**retention_key(), "body": body(progress)})
