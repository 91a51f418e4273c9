"""What is kept: orders, waiters, stock and slots in the one table. Its keys are in keys.py.

All that changes who holds units goes through `commit` (transaction.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from chalicelib.domain.aggregate import Aggregate, H, Shard
from chalicelib.domain.conflicts import retrying
from chalicelib.domain.orders.events import Paid
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.capacity import Declared, Step, partition_of, put_kept_on_sale, steps
from chalicelib.domain.stock.drops import Drop, sku_of
from chalicelib.domain.stock.promise import Batch
from chalicelib.domain.waitlist import QueueEntry, Waiter
from chalicelib.storage.aggregates import KINDS
from chalicelib.storage.keys import (
    Item,
    archive_key,
    done_key,
    line_partition,
    order_key,
    queue_key,
    rate_key,
    shown_key,
    stock_partition,
)
from chalicelib.storage.kinds import Kind
from chalicelib.storage.limits import ask
from chalicelib.storage.orders import ORDER, book
from chalicelib.storage.stock.batches import (
    Mark,
    Shelf,
    declare,
    declare_more,
    mark_in,
    mark_notified,
    new_batch,
    remember,
    shelf_in,
    take_step,
)
from chalicelib.storage.stock.drops import archive, put_drop
from chalicelib.storage.stock.shards import move_kept, move_units
from chalicelib.storage.table import BUDGET, Table
from chalicelib.storage.transaction import Transaction, commit
from chalicelib.storage.waitlist import (
    WAITER,
    Queue,
    entry_in,
    get_in_line,
    leave_line,
    nobody_waits,
    queue_in,
    queue_is,
    tell_queue,
)

SETTLINGS = 60
"""How often the steps of a batch are worked out anew where others change it at the same time."""


class Store:
    """The table `table` through a botocore client of DynamoDB."""

    def __init__(self, client: Any, table: str, budget: float = BUDGET) -> None:
        self.table = Table(client, table, budget)

    def begin(self) -> None:
        """A request begins: all that it asks for shares one time budget."""
        self.table.begin()

    def ready(self) -> None:
        """Returns where the table answers; raises Busy."""
        self.table.get(order_key("health"))

    # ---- Orders ----

    def load(self, kind: str, number: str) -> Aggregate | None:
        """Return the aggregate of this kind and number, as the last write left it; raises KeyError for no kind."""
        found = KINDS[kind]
        item = self.table.get(found.key(number))
        return found.read(item) if item else None

    def due_by(self, now: datetime) -> Iterator[Aggregate]:
        """Return the aggregates of every kind that somebody must look at by this instant, kind by kind.

        It is an index's view: one may have changed since. Pages are short, since reading stops at the first that is
        not due yet.
        """
        for kind in KINDS.values():
            for partition in kind.due_partitions:
                yield from takewhile(lambda one: one.due and one.due <= now, self._due(kind, partition))

    def order(self, number: str) -> Order | None:
        """The order of this number, as the last write left it."""
        item = self.table.get(ORDER.key(number))
        return ORDER.read(item) if item else None

    def orders(self) -> Iterator[Order]:
        """Every order, by a scan."""
        return (ORDER.read(item) for item in self.everything() if item["sk"]["S"] == "order")

    def waiters(self) -> Iterator[Waiter]:
        """Every place on a waitlist, by a scan."""
        return (WAITER.read(item) for item in self.everything() if item["sk"]["S"] == "waiter")

    def due(self, shard: int) -> Iterator[Order]:
        """Orders of one of DUE_SHARDS that somebody must look at, now or later, by the instant of `Order.due`.

        It is an index's view: an order may have changed since. Pages are short, since callers stop at the first
        order that is not due yet.
        """
        return self._due(ORDER, ORDER.due_partitions[shard])

    def found(self, lookup: str) -> list[str]:
        """Numbers of the orders of this lookup; by an index, so one that is seconds old may be missing."""
        return [item["pk"]["S"].removeprefix("order#") for item in self._indexed("lookup", "lookup", lookup)]

    def waiter(self, number: str) -> Waiter | None:
        """The place of this number on a waitlist, as the last write left it."""
        item = self.table.get(WAITER.key(number))
        return WAITER.read(item) if item else None

    def due_waiters(self) -> Iterator[Waiter]:
        """As `due`, those with an invitation that ends, or with a letter that got stuck."""
        return self._due(WAITER, *WAITER.due_partitions)

    def _due(self, kind: Kind[H], partition: str) -> Iterator[H]:
        return map(kind.read, self._indexed("due", "due_pk", partition, Limit=25))

    def commit(self, transaction: Transaction) -> frozenset[str]:
        """Write all of the transaction or nothing; return the SKUs whose lists of waiters are to be served.

        Raises what `transaction.commit` does.
        """
        return commit(self.table, transaction)

    def book(self, number: str, provider: str, money: Paid, now: datetime) -> bool:
        """Books the money without reading the order, where nothing can come of it but "paid"; says whether it did."""
        return self.table.write("update_item", **book(number, provider, money, now))

    # ---- Stock ----

    def batches(self, shelf: str, today: date) -> list[Batch]:
        """What is left of the shelf's batches that ship today or later, by date."""
        return [declared.batch for declared in self.declared(shelf, today)]

    def declared(self, shelf: str, today: date) -> Sequence[Declared]:
        """The shelf's batches that ship today or later, by date, as they were declared and with what is left."""
        return self.shelf(shelf, today).batches

    def shelf(self, name: str, today: date) -> Shelf:
        """What stands on the shelf of a SKU or a drop, of batches those that ship today or later.

        Each batch is read before its shards: who then changes shares on the condition of its version knows them all.
        """
        found = list(self._stock(name, 0, today))
        shards = max((int(item["shards"]["N"]) for item in found if "shards" in item), default=1)
        for partition in range(1, partition_of(shards - 1) + 1):
            found += self._stock(name, partition, today)
        return shelf_in(found)

    def declare(self, sku: str, ship_by: date, seen: Declared | None, **values: int) -> bool:
        """Writes what the batch shall be (`cap`, `shards`, `planned`, `days`), if it is as seen (None: not there).

        What is not named stays as it is; the shares follow by `settle`. Says whether it was as seen.
        """
        return self.table.write("update_item", **declare(sku, ship_by, values, seen.version if seen else 0))

    def declare_together(
        self,
        ship_by: date,
        batches: Mapping[str, tuple[Declared | None, Mapping[str, int]]],
        mark: Mark | None = None,
    ) -> bool:
        """The same of several shelves' batches of one day, each as it was seen and with its values: all or nothing.

        With a `mark` it is done once for the mark's name, which is remembered for a day or two.
        """
        declared = [
            {"Update": declare(shelf, ship_by, values, seen.version if seen else 0)}
            for shelf, (seen, values) in batches.items()
        ]
        return not self.table.transact([*declared, *([remember(mark)] if mark else [])])

    def done(self, name: str) -> Mark | None:
        """What was done once for this name, if it has been."""
        item = self.table.get(done_key(name))
        return mark_in(item) if item else None

    def settle(self, shelf: str, today: date) -> Shelf:
        """Brings the shares of the batches to what is declared, while the sale goes on; gives what there is then.

        Raises Busy where others change the batches all the time.
        """

        def attempt() -> Shelf | None:
            seen = self.shelf(shelf, today)
            settled = [self._settle(shelf, batch, seen.queue) for batch in seen.batches]
            return seen if all(settled) else None

        return retrying(SETTLINGS, f"{shelf}: its batches are being changed by others all the time: ask again", attempt)

    def _settle(self, shelf: str, batch: Declared, queue: Queue) -> bool:
        """Takes what steps it can; whether there was none to take."""
        to_do = [*steps(batch, waited=queue.count > 0)]
        if to_do:
            puts_on = batch.excess < 0 and not queue.count and shelf == sku_of(shelf)
            self._take_steps(shelf, batch, to_do, [nobody_waits(shelf)] if puts_on else [])
        return not to_do

    def _take_steps(self, shelf: str, batch: Declared, to_do: Iterable[Step], more: Sequence[Item]) -> None:
        """One after another, until one was claimed from, or the batch changed by another, since it was read."""
        for version, step in enumerate(to_do, batch.version):
            told = [tell_queue(shelf)] if step.kept > 0 else []
            if self.table.transact([*take_step(shelf, batch.ship_by, version, step), *told, *more]):
                break

    def mark_notified(self, sku: str, batch: Declared) -> bool:
        """Marks that the manager has heard of this batch; not, and False, where it is of another size by now."""
        return self.table.write("update_item", **mark_notified(sku, batch.ship_by, batch.cap))

    def rate(self, sku: str) -> int:
        """Orders a second that are expected of the SKU; 1 where nobody has said."""
        item = self.table.get(rate_key(sku))
        return int(item["n"]["N"]) if item else 1

    def expect(self, sku: str, rate: int) -> None:
        """Keeps how many orders a second are expected."""
        self.table.call("put_item", Item={**rate_key(sku), "n": {"N": str(rate)}})

    def _stock(self, sku: str, partition: int, today: date) -> Iterator[Item]:
        return self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk >= :today",
            ExpressionAttributeValues={
                ":pk": {"S": stock_partition(sku, partition)},
                ":today": {"S": today.isoformat()},
            },
            ConsistentRead=True,
        )

    # ---- Those who wait ----

    def queue(self, sku: str) -> Queue:
        """How many wait for the SKU."""
        return queue_in(self.table.get(queue_key(sku)))

    def line(self, sku: str) -> Iterator[QueueEntry]:
        """Those who wait for the SKU, the first in line first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": line_partition(sku)}},
            ConsistentRead=True,
            Limit=100,
        )
        return map(entry_in, pages)

    def join(self, before: Waiter | None, after: Waiter) -> bool:
        """Puts the waiter at the end of the line; False where the list is full, or the waiter not as it was read."""
        return not self.table.transact([WAITER.put(before, after), *get_in_line(after.sku, after.entry)])

    def leave(self, before: Waiter, after: Waiter) -> bool:
        """Takes the waiter out of the line; False where the waiter is not as it was read any more."""
        return not self.table.transact([WAITER.put(before, after), *leave_line(before.sku, before.entry)])

    def invite(self, before: Waiter, after: Waiter, kept: Mapping[Shard, int], seen: Queue) -> bool:
        """Gives the waiter the units of `after`, `kept` of each shard from what is kept, if nothing has changed."""
        days: Counter[date] = Counter()
        for (_, day, _), units in kept.items():
            days[day] += units
        return not self.table.transact(
            [
                WAITER.put(before, after),
                *leave_line(before.sku, before.entry, seen),
                *(move_kept(before.sku, day, -units) for day, units in sorted(days.items())),
                *(move_units(shard, units, 0, kept.get(shard, 0)) for shard, units in sorted(after.allocated.items())),
            ]
        )

    def put_kept_on_sale(self, sku: str, batch: Declared, seen: Queue) -> None:
        """Puts what is kept of the batch on sale, as long as nothing has changed."""
        self._take_steps(sku, batch, put_kept_on_sale(batch), [queue_is(sku, seen)])

    # ---- Drops ----

    def open_drop(self, drop: Drop, lots: Mapping[date, tuple[Declared, Step]], shards: Mapping[date, int]) -> bool:
        """Moves units from the SKU's batches to the drop's, which are new: all or nothing, if nothing has changed.

        Of each date: the batch as it was seen, and the step that takes the units off; and how many shards the drop's
        shall have. The drop's shares follow by `settle`.
        """
        moves: list[Item] = [put_drop(None, drop)]
        for day, (batch, step) in lots.items():
            units = -sum(change.units for change in step.changes)
            moves += take_step(drop.sku, day, batch.version, step, declared=-units)
            moves.append(new_batch(drop.shelf, day, units, shards[day]))
        return not self.table.transact(moves)

    def change_drop(self, before: Drop, after: Drop) -> bool:
        """Writes the drop, if it is as it was read."""
        return self.table.write("put_item", **put_drop(before, after)["Put"])

    def take_back(self, drop: Drop, batch: Declared, step: Step) -> bool:
        """Moves the units that the step takes off a drop's batch back to the SKU's of that date, if nothing changed."""
        units = -sum(change.units for change in step.changes)
        made = take_step(drop.shelf, batch.ship_by, batch.version, step, declared=-units)
        return not self.table.transact([*made, declare_more(drop.sku, batch.ship_by, units)])

    def archive(self, drop: Drop) -> None:
        """Takes the drop out of sight."""
        self.table.transact(archive(drop))

    def is_archived(self, drop: Drop) -> bool:
        """Whether there was a drop of this name, which is out of sight."""
        return self.table.get(archive_key(drop)) is not None

    # ---- All else ----

    def item(self, pk: str, sk: str) -> Item | None:
        """One item as it is in the table: for the auditor."""
        return self.table.get({"pk": {"S": pk}, "sk": {"S": sk}})

    def everything(self) -> Iterator[Item]:
        """Every item as it is in the table, by a scan: for the auditor."""
        return self.table.pages("scan", ConsistentRead=True)

    def may_ask(self, who: str, now: datetime, most: int) -> bool:
        """Counts one more asking of `who` in this hour; False, and not counted, where there were `most` already."""
        return self.table.write("update_item", **ask(who, now, most))

    def keep_shown(self, digest: str, said: bytes) -> None:
        """Keeps for good what is said of a product, under its digest; the same again changes nothing."""
        self.table.call("put_item", Item={**shown_key(digest), "body": {"S": said.decode()}})

    def shown(self, digest: str) -> bytes | None:
        """What was said of a product; None where that was not kept."""
        item = self.table.get(shown_key(digest), consistent=False)
        return item["body"]["S"].encode() if item else None

    def _indexed(self, index: str, name: str, key: str, **request: Any) -> Iterator[Item]:
        return self.table.pages(
            "query",
            IndexName=index,
            KeyConditionExpression=f"{name} = :key",
            ExpressionAttributeValues={":key": {"S": key}},
            **request,
        )
