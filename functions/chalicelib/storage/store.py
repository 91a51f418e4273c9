"""What is kept: orders, waiters, stock and slots in the one table. Its items are described in items.py.

All that changes who holds units goes through `commit`: the aggregates, the units that they hold, what counts against
limits and the slots that they take are written in one transaction, each aggregate on the condition of the version that
was read, each shard on the condition that it holds what is taken.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.domain.aggregate import Account, Shard
from chalicelib.domain.conflicts import Stale, retrying
from chalicelib.domain.errors import TooScattered
from chalicelib.domain.orders.events import Paid
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.pending_limits import Slot
from chalicelib.domain.stock.capacity import Declared, Step, partition_of, put_kept_on_sale, steps
from chalicelib.domain.stock.drops import Drop, sku_of
from chalicelib.domain.stock.promise import Batch
from chalicelib.domain.waitlist import QueueEntry, Waiter
from chalicelib.storage import items
from chalicelib.storage.items import Item, Mark, Queue, Shelf, Write
from chalicelib.storage.table import BUDGET, Table
from chalicelib.storage.transaction import Commit

MOST_ITEMS = 100
"""Items of one transaction that DynamoDB takes."""
SETTLINGS = 60
"""How often the steps of a batch are worked out anew where others change it at the same time."""
RELEASES = 16
"""How often a commit finds out anew where freed units go."""


class Store:
    """The table `table` through a botocore client of DynamoDB."""

    def __init__(self, client: Any, table: str, budget: float = BUDGET) -> None:
        self.table = Table(client, table, budget)

    def begin(self) -> None:
        """A request begins: all that it asks for shares one time budget."""
        self.table.begin()

    def ready(self) -> None:
        """Returns where the table answers; raises Busy."""
        self.table.get(items.order_key("health"))

    # ---- Orders ----

    def order(self, number: str) -> Order | None:
        """The order of this number, as the last write left it."""
        item = self.table.get(items.order_key(number))
        return items.order_in(item) if item else None

    def orders(self) -> Iterator[Order]:
        """Every order, by a scan."""
        return (items.order_in(item) for item in self.everything() if item["sk"]["S"] == "order")

    def waiters(self) -> Iterator[Waiter]:
        """Every place on a waitlist, by a scan."""
        return (items.waiter_in(item) for item in self.everything() if item["sk"]["S"] == "waiter")

    def due(self, shard: int) -> Iterator[Order]:
        """Orders of one of DUE_SHARDS that somebody must look at, now or later, by the instant of `Order.due`.

        It is an index's view: an order may have changed since. Pages are short, since callers stop at the first
        order that is not due yet.
        """
        return map(items.order_in, self._indexed("due", "due_pk", f"due#{shard}", Limit=25))

    def found(self, lookup: str) -> list[str]:
        """Numbers of the orders of this lookup; by an index, so one that is seconds old may be missing."""
        return [item["pk"]["S"].removeprefix("order#") for item in self._indexed("lookup", "lookup", lookup)]

    def waiter(self, number: str) -> Waiter | None:
        """The place of this number on a waitlist, as the last write left it."""
        item = self.table.get(items.waiter_key(number))
        return items.waiter_in(item) if item else None

    def due_waiters(self) -> Iterator[Waiter]:
        """As `due`, those with an invitation that ends, or with a letter that got stuck."""
        return map(items.waiter_in, self._indexed("due", "due_pk", "due#waiters", Limit=25))

    def commit(
        self,
        writes: Sequence[Write],
        absent: Iterable[str] = (),
        slots: Sequence[Slot] = (),
        now: datetime | None = None,
        most: Mapping[Account, int] | None = None,
        alone: Iterable[str] = (),
    ) -> frozenset[str]:
        """All of `writes`, the units that they take and give back, and their `slots` at the instant `now`, or nothing.

        `absent` are numbers of orders that must not exist; `most` says how much may be on an account; `alone` are
        shelves for which nobody may be waiting, since a walk-in takes what is freed. What is freed of any other goes
        back on sale, or where people wait is kept for them: of which SKUs, is returned, for the list to be served.
        Raises Exists where the order to be created does, Stale where an aggregate has changed since it was read,
        Limited where an account would hold too much, Taken where a slot is not free, Waited, Short where a shard holds
        too little, Busy after the budget.
        """
        commit = Commit(writes, absent, slots, now, most or {}, alone)

        def attempt() -> frozenset[str] | None:
            guards = commit.guards()
            if len(guards) == 1 and writes:
                return self._put_alone(writes[0][1].number, guards[0].item["Put"])
            if len(guards) > MOST_ITEMS:
                raise TooScattered("the order would come from too many batches at once: order fewer at a time")
            reasons = self.table.transact([guard.item for guard in guards])
            if not reasons:
                return frozenset(commit.waited)
            commit.explain(guards, reasons)
            return None

        return retrying(RELEASES, "others wait for the same, and leave, all the time: ask again", attempt)

    def book(self, number: str, provider: str, money: Paid, now: datetime) -> bool:
        """Books the money without reading the order, where nothing can come of it but "paid"; says whether it did."""
        return self.table.write("update_item", **items.book(number, provider, money, now))

    def _put_alone(self, number: str, put: Item) -> frozenset[str]:
        if not self.table.write("put_item", **put):
            raise Stale(number)
        return frozenset()

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
        return items.shelf_in(found)

    def declare(self, sku: str, ship_by: date, seen: Declared | None, **values: int) -> bool:
        """Writes what the batch shall be (`cap`, `shards`, `planned`, `days`), if it is as seen (None: not there).

        What is not named stays as it is; the shares follow by `settle`. Says whether it was as seen.
        """
        return self.table.write("update_item", **items.declare(sku, ship_by, values, seen.version if seen else 0))

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
            {"Update": items.declare(shelf, ship_by, values, seen.version if seen else 0)}
            for shelf, (seen, values) in batches.items()
        ]
        return not self.table.transact([*declared, *([items.remember(mark)] if mark else [])])

    def done(self, name: str) -> Mark | None:
        """What was done once for this name, if it has been."""
        item = self.table.get(items.done_key(name))
        return items.mark_in(item) if item else None

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
            self._take_steps(shelf, batch, to_do, [items.nobody_waits(shelf)] if puts_on else [])
        return not to_do

    def _take_steps(self, shelf: str, batch: Declared, to_do: Iterable[Step], more: Sequence[Item]) -> None:
        """One after another, until one was claimed from, or the batch changed by another, since it was read."""
        for version, step in enumerate(to_do, batch.version):
            told = [items.tell_queue(shelf)] if step.kept > 0 else []
            if self.table.transact([*items.take_step(shelf, batch.ship_by, version, step), *told, *more]):
                break

    def mark_notified(self, sku: str, batch: Declared) -> bool:
        """Marks that the manager has heard of this batch; not, and False, where it is of another size by now."""
        return self.table.write("update_item", **items.mark_notified(sku, batch.ship_by, batch.cap))

    def rate(self, sku: str) -> int:
        """Orders a second that are expected of the SKU; 1 where nobody has said."""
        item = self.table.get(items.rate_key(sku))
        return int(item["n"]["N"]) if item else 1

    def expect(self, sku: str, rate: int) -> None:
        """Keeps how many orders a second are expected."""
        self.table.call("put_item", Item={**items.rate_key(sku), "n": {"N": str(rate)}})

    def _stock(self, sku: str, partition: int, today: date) -> Iterator[Item]:
        return self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk >= :today",
            ExpressionAttributeValues={":pk": {"S": f"stock#{sku}#{partition}"}, ":today": {"S": today.isoformat()}},
            ConsistentRead=True,
        )

    # ---- Those who wait ----

    def queue(self, sku: str) -> Queue:
        """How many wait for the SKU."""
        return items.queue_in(self.table.get(items.queue_key(sku)))

    def line(self, sku: str) -> Iterator[QueueEntry]:
        """Those who wait for the SKU, the first in line first."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"queue#{sku}"}},
            ConsistentRead=True,
            Limit=100,
        )
        return map(items.entry_in, pages)

    def join(self, before: Waiter | None, after: Waiter) -> bool:
        """Puts the waiter at the end of the line; False where the list is full, or the waiter not as it was read."""
        return not self.table.transact([items.put(before, after), *items.get_in_line(after.sku, after.entry)])

    def leave(self, before: Waiter, after: Waiter) -> bool:
        """Takes the waiter out of the line; False where the waiter is not as it was read any more."""
        return not self.table.transact([items.put(before, after), *items.leave_line(before.sku, before.entry)])

    def invite(self, before: Waiter, after: Waiter, kept: Mapping[Shard, int], seen: Queue) -> bool:
        """Gives the waiter the units of `after`, `kept` of each shard from what is kept, if nothing has changed."""
        days: Counter[date] = Counter()
        for (_, day, _), units in kept.items():
            days[day] += units
        return not self.table.transact(
            [
                items.put(before, after),
                *items.leave_line(before.sku, before.entry, seen),
                *(items.move_kept(before.sku, day, -units) for day, units in sorted(days.items())),
                *(
                    items.move_units(shard, units, 0, kept.get(shard, 0))
                    for shard, units in sorted(after.allocated.items())
                ),
            ]
        )

    def put_kept_on_sale(self, sku: str, batch: Declared, seen: Queue) -> None:
        """Puts what is kept of the batch on sale, as long as nothing has changed."""
        self._take_steps(sku, batch, put_kept_on_sale(batch), [items.queue_is(sku, seen)])

    # ---- Drops ----

    def open_drop(self, drop: Drop, lots: Mapping[date, tuple[Declared, Step]], shards: Mapping[date, int]) -> bool:
        """Moves units from the SKU's batches to the drop's, which are new: all or nothing, if nothing has changed.

        Of each date: the batch as it was seen, and the step that takes the units off; and how many shards the drop's
        shall have. The drop's shares follow by `settle`.
        """
        moves: list[Item] = [items.put_drop(None, drop)]
        for day, (batch, step) in lots.items():
            units = -sum(change.units for change in step.changes)
            moves += items.take_step(drop.sku, day, batch.version, step, declared=-units)
            moves.append(items.new_batch(drop.shelf, day, units, shards[day]))
        return not self.table.transact(moves)

    def change_drop(self, before: Drop, after: Drop) -> bool:
        """Writes the drop, if it is as it was read."""
        return self.table.write("put_item", **items.put_drop(before, after)["Put"])

    def take_back(self, drop: Drop, batch: Declared, step: Step) -> bool:
        """Moves the units that the step takes off a drop's batch back to the SKU's of that date, if nothing changed."""
        units = -sum(change.units for change in step.changes)
        made = items.take_step(drop.shelf, batch.ship_by, batch.version, step, declared=-units)
        return not self.table.transact([*made, items.declare_more(drop.sku, batch.ship_by, units)])

    def archive(self, drop: Drop) -> None:
        """Takes the drop out of sight."""
        self.table.transact(items.archive(drop))

    def is_archived(self, drop: Drop) -> bool:
        """Whether there was a drop of this name, which is out of sight."""
        return self.table.get(items.archive_key(drop)) is not None

    # ---- All else ----

    def item(self, pk: str, sk: str) -> Item | None:
        """One item as it is in the table: for the auditor."""
        return self.table.get({"pk": {"S": pk}, "sk": {"S": sk}})

    def everything(self) -> Iterator[Item]:
        """Every item as it is in the table, by a scan: for the auditor."""
        return self.table.pages("scan", ConsistentRead=True)

    def may_ask(self, who: str, now: datetime, most: int) -> bool:
        """Counts one more asking of `who` in this hour; False, and not counted, where there were `most` already."""
        return self.table.write("update_item", **items.ask(who, now, most))

    def keep_shown(self, digest: str, said: bytes) -> None:
        """Keeps for good what is said of a product, under its digest; the same again changes nothing."""
        self.table.call("put_item", Item={**items.shown_key(digest), "body": {"S": said.decode()}})

    def shown(self, digest: str) -> bytes | None:
        """What was said of a product; None where that was not kept."""
        item = self.table.get(items.shown_key(digest), consistent=False)
        return item["body"]["S"].encode() if item else None

    def _indexed(self, index: str, name: str, key: str, **request: Any) -> Iterator[Item]:
        return self.table.pages(
            "query",
            IndexName=index,
            KeyConditionExpression=f"{name} = :key",
            ExpressionAttributeValues={":key": {"S": key}},
            **request,
        )
