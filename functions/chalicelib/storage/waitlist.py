"""Waiters in the table: their kind of aggregate, and how they get in line, leave it and are invited."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from chalicelib.domain.aggregate import Shard
from chalicelib.domain.waitlist import (
    CONFIRM_WITHIN,
    ENDED,
    KEPT_FOR,
    Lapsed,
    QueueEntry,
    Waiter,
    WaiterState,
    decide,
)
from chalicelib.storage.keys import line_partition, queue_key
from chalicelib.storage.kinds import AggregateStore, Kind
from chalicelib.storage.stock.queue import Queue, entry_in, get_in_line, leave_line, queue_in
from chalicelib.storage.stock.shards import move_kept, move_units
from chalicelib.storage.table import Table


def _kept_until(waiter: Waiter) -> datetime | None:
    """What is personal goes when it is not needed any more; a place that nobody confirms, letter or no letter."""
    if waiter.state is WaiterState.UNCONFIRMED:
        return waiter.since + CONFIRM_WITHIN
    return waiter.since + KEPT_FOR if waiter.state in ENDED and not waiter.outbox else None


WAITER = Kind(
    name="waiter",
    type=Waiter,
    decide=decide,
    end=Lapsed(),
    due_partitions=("due#waiters",),
    kept_until=_kept_until,
)


class WaitlistStore(AggregateStore[Waiter]):
    """Waiters, and the lines that they stand in."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, WAITER)

    def queue(self, sku: str) -> Queue:
        """Return how many wait for the SKU."""
        return queue_in(self.table.get(queue_key(sku)))

    def line(self, sku: str) -> Iterator[QueueEntry]:
        """Return those who wait for the SKU, the first in line first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": line_partition(sku)}},
            ConsistentRead=True,
            Limit=100,
        )
        return map(entry_in, pages)

    def join(self, before: Waiter, after: Waiter) -> bool:
        """Put the waiter in line by when they asked; return False where it is full, or they are not as read."""
        return not self.table.transact([WAITER.put(before, after), *get_in_line(after.sku, after.entry)])

    def leave(self, before: Waiter, after: Waiter) -> bool:
        """Take the waiter out of the line; return False where the waiter is not as it was read any more."""
        return not self.table.transact([WAITER.put(before, after), *leave_line(before.sku, before.entry)])

    def delete(self, waiter: Waiter) -> bool:
        """Delete a place that has ended; return False where it is not as it was read any more."""
        return self.table.write(
            "delete_item",
            Key=WAITER.key(waiter.number),
            ConditionExpression="v = :v",
            ExpressionAttributeValues={":v": {"N": str(waiter.version)}},
        )

    def invite(self, before: Waiter, after: Waiter, kept: Mapping[Shard, int], seen: Queue) -> bool:
        """Give the waiter the units of `after`, `kept` of each shard from what is kept, if nothing has changed."""
        days: Counter[date] = Counter()
        for (_, day, _), units in kept.items():
            days[day] += units
        offered = sorted(after.offered.items())
        return not self.table.transact(
            [
                WAITER.put(before, after),
                *leave_line(before.sku, before.entry, seen),
                *(move_kept(sku, day, -days[day], units) for (sku, day), units in offered),
                *(move_units(shard, units, 0, kept.get(shard, 0)) for shard, units in sorted(after.allocated.items())),
            ]
        )
