"""Shelves: all that stands on one, read together; and batches brought to what was declared, while the sale goes on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from chalicelib.domain.conflicts import retrying
from chalicelib.domain.stock.amendments import Amendment
from chalicelib.domain.stock.capacity import Declared, Step, partition_of, put_kept_on_sale, steps
from chalicelib.domain.stock.drops import Drop, sku_of
from chalicelib.domain.stock.promise import Batch
from chalicelib.storage.keys import Item, done_key, rate_key, sku_key, stock_partition
from chalicelib.storage.stock.amendments import amendments_in
from chalicelib.storage.stock.batches import (
    Mark,
    declare,
    declared_in,
    mark_in,
    mark_notified,
    remember,
    take_step,
)
from chalicelib.storage.stock.drops import drop_in
from chalicelib.storage.stock.queue import Queue, nobody_waits, queue_in, queue_is, tell_queue
from chalicelib.storage.table import Table

SETTLINGS = 60
"""How often the steps of a batch are worked out anew where others change it at the same time."""


class Shelf(msgspec.Struct, frozen=True):
    """All that stands on a shelf: its batches by date, its drops, how many wait for what comes to it, and what the desk
    has changed of what the catalogue says of it."""

    batches: Sequence[Declared]
    drops: Sequence[Drop]
    queue: Queue
    amendments: Sequence[Amendment] = ()


def shelf_in(found: Iterable[Item]) -> Shelf:
    """Return what stands on a shelf, from all of its items."""
    batches: list[Item] = []
    drops: list[Drop] = []
    queue = Queue()
    amendments: Sequence[Amendment] = ()
    for item in found:
        match item["sk"]["S"].partition("#")[0]:
            case "queue":
                queue = queue_in(item)
            case "drop":
                drops.append(drop_in(item))
            case "amendments":
                amendments = amendments_in(item)
            case _:
                batches.append(item)
    return Shelf(declared_in(batches), drops, queue, amendments)


class StockStore:
    """The shelves in the table."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def batches(self, shelf: str, today: date) -> list[Batch]:
        """Return what is left of the shelf's batches that ship today or later, by date."""
        return [declared.batch for declared in self.declared(shelf, today)]

    def declared(self, shelf: str, today: date) -> Sequence[Declared]:
        """Return the shelf's batches that ship today or later, by date, as they were declared and with what is left."""
        return self.shelf(shelf, today).batches

    def shelf(self, name: str, today: date) -> Shelf:
        """Return what stands on the shelf of a SKU or a drop, of batches those that ship today or later.

        Each batch is read before its shards: who then changes shares on the condition of its version knows them all.
        """
        found = list(self._stock(name, 0, today))
        shards = max((int(item["shards"]["N"]) for item in found if "shards" in item), default=1)
        for partition in range(1, partition_of(shards - 1) + 1):
            found += self._stock(name, partition, today)
        return shelf_in(found)

    def declare(self, sku: str, ship_by: date, seen: Declared | None, **values: int) -> bool:
        """Write what the batch shall be (`cap`, `shards`, `planned`, `days`), if it is as seen (None: not there).

        What is not named stays as it is; the shares follow by `settle`. Return whether it was as seen.
        """
        if seen is None:
            self._remember(sku)
        return self.table.write("update_item", **declare(sku, ship_by, values, seen.version if seen else 0))

    def declare_together(
        self,
        ship_by: date,
        batches: Mapping[str, tuple[Declared | None, Mapping[str, int]]],
        mark: Mark | None = None,
    ) -> bool:
        """Write several shelves' batches of one day, each as it was seen and with its values: all or nothing.

        With a `mark` it is done once for the mark's name, which is remembered for a day or two.
        """
        for shelf, (seen, _) in batches.items():
            if seen is None:
                self._remember(sku_of(shelf))
        declared = [
            {"Update": declare(shelf, ship_by, values, seen.version if seen else 0)}
            for shelf, (seen, values) in batches.items()
        ]
        return not self.table.transact([*declared, *([remember(mark)] if mark else [])])

    def take_off(self, sku: str, seen: Declared, step: Step, mark: Mark) -> bool:
        """Take a step's units, and those that it keeps no more, off a batch as it was seen, and off what it declares.

        Once for the mark's name. Return False where the batch, or a shard of it, is not as it was seen.
        """
        moves = take_step(sku, seen.ship_by, seen.version, step, declared=-mark.units)
        return not self.table.transact([*moves, remember(mark)])

    def done(self, name: str) -> Mark | None:
        """Return what was done once for this name, if it has been."""
        item = self.table.get(done_key(name))
        return mark_in(item) if item else None

    def settle(self, shelf: str, today: date) -> Shelf:
        """Bring the shares of the batches to what is declared, while the sale goes on; return the shelf as it is then.

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

    def put_kept_on_sale(self, sku: str, batch: Declared, seen: Queue) -> None:
        """Put what is kept of the batch on sale, as long as nothing has changed."""
        self._take_steps(sku, batch, put_kept_on_sale(batch), [queue_is(sku, seen)])

    def mark_notified(self, sku: str, batch: Declared) -> bool:
        """Mark that the manager has heard of this batch; return False, unmarked, where it is of another size by now."""
        return self.table.write("update_item", **mark_notified(sku, batch.ship_by, batch.cap))

    def skus(self) -> list[str]:
        """Return the SKUs of which there is stock to look after, whatever the catalogue has; one read."""
        pages = self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": sku_key("")["pk"]},
            ConsistentRead=True,
        )
        return [item["sk"]["S"] for item in pages]

    def forget(self, sku: str) -> None:
        """Look after the SKU's stock no more; its next batch brings it back."""
        self.table.call("delete_item", Key=sku_key(sku))

    def _remember(self, sku: str) -> None:
        """Before its first batch is there, so that none is ever overlooked."""
        one = {":one": {"N": "1"}}
        self.table.call("update_item", Key=sku_key(sku), UpdateExpression="ADD n :one", ExpressionAttributeValues=one)

    def rate(self, sku: str) -> int:
        """Return orders a second that are expected of the SKU; 1 where nobody has said."""
        item = self.table.get(rate_key(sku))
        return int(item["n"]["N"]) if item else 1

    def rates(self, skus: Iterable[str]) -> dict[str, int]:
        """Return the same of each of these SKUs for which somebody has said it; one read for each 100."""
        found = self.table.get_many([rate_key(sku) for sku in skus])
        return {item["pk"]["S"].partition("#")[2]: int(item["n"]["N"]) for item in found}

    def expect(self, sku: str, rate: int) -> None:
        """Keep how many orders a second are expected."""
        self.table.call("put_item", Item={**rate_key(sku), "n": {"N": str(rate)}})

    def _stock(self, sku: str, partition: int, today: date) -> Iterator[Item]:
        """Drops and the queue come with the batches by one query: letters sort after the digits of dates."""
        return self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk >= :today",
            ExpressionAttributeValues={
                ":pk": {"S": stock_partition(sku, partition)},
                ":today": {"S": today.isoformat()},
            },
            ConsistentRead=True,
        )
