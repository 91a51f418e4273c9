"""What was written to a table of the emulator, write by write: who waited for a SKU, and what there was, when it went.

The emulator's stream has one shard and so one order, and the items of a transaction come in the order in which it names
them: the holders before the units that they take. DynamoDB's own stream is ordered item by item alone.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import QueueEntry, Waiter, WaiterState
from chalicelib.storage.aggregates import aggregate_in
from chalicelib.storage.keys import Item
from chalicelib.storage.stock.shelves import shelf_in

from tests.conftest import RunningShop

Image = tuple[str, Item | None]
"""What an item has become, by its keys; None where it was deleted."""


class Stream:
    """The table's writes from now on."""

    def __init__(self, shop: RunningShop) -> None:
        self.client: Any = shop.client("dynamodbstreams")
        [found] = self.client.list_streams(TableName=shop.table)["Streams"]
        [shard] = self.client.describe_stream(StreamArn=found["StreamArn"])["StreamDescription"]["Shards"]
        self.begin = self.client.get_shard_iterator(
            StreamArn=found["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]

    def images(self) -> Iterator[Image]:
        """All that has been written up to now."""
        page = self.client.get_records(ShardIterator=self.begin)
        while page["Records"]:
            for record in page["Records"]:
                keys = record["dynamodb"]["Keys"]
                yield f"{keys['pk']['S']} {keys['sk']['S']}", record["dynamodb"].get("NewImage")
            page = self.client.get_records(ShardIterator=page["NextShardIterator"])


class Replay:
    """A SKU's line and stock, image by image.

    `invited` are the numbers of places in the order of their invitations, `walk_ins` units sold to others while there
    was a line; `passed_over` says who was in front of somebody, and would have been content with what was there.
    """

    def __init__(self, sku: str, images: list[Image]) -> None:
        self.sku = sku
        self.waiting: dict[str, QueueEntry] = {}
        self.stock: dict[str, Item] = {}
        self.orders: set[str] = set()
        self.invited: list[str] = []
        self.walk_ins = 0
        self.passed_over: list[str] = []
        self.takes = {holder.order for _, item in images if item and isinstance(holder := aggregate_in(item), Waiter)}
        for key, item in images:
            self._see(key, item)

    def _see(self, key: str, item: Item | None) -> None:
        holder = aggregate_in(item) if item else None
        if isinstance(holder, Waiter) and holder.sku == self.sku:
            self._see_waiter(holder)
        elif isinstance(holder, Order) and holder.number not in self.orders:
            self._see_order(holder)
        elif key.startswith(f"stock#{self.sku}#") and item:
            self.stock[key] = item

    def _see_waiter(self, waiter: Waiter) -> None:
        if waiter.state is WaiterState.WAITING:
            self.waiting[waiter.number] = waiter.entry
            return
        entry = self.waiting.pop(waiter.number, None)
        if entry and waiter.state is WaiterState.INVITED:
            self.invited.append(waiter.number)
            self._judge(f"place {waiter.number}, {waiter.units} units", sum(self._left()), entry)

    def _see_order(self, order: Order) -> None:
        self.orders.add(order.number)
        units = sum(line.quantity for line in order.lines if line.shelf == self.sku)
        if units and self.waiting and order.number not in self.takes:
            self.walk_ins += units
            # What is on sale beside a list is the share that is not offered to it: that is for walk-ins.
            self._judge(f"order {order.number}, {units} units", units if units > self._left()[0] else 0)

    def _judge(self, who: str, left: int, before: QueueEntry | None = None) -> None:
        """All who wait, or stand `before` in line, must be such as do not fit what is left."""
        for entry in self.waiting.values():
            in_front = before is None or (entry.joined, entry.number) < (before.joined, before.number)
            if in_front and entry.fits(left):
                self.passed_over.append(f"{who}: before place {entry.number}, {entry.quantity} of {left}")

    def _left(self) -> tuple[int, int]:
        """Units on sale, and units kept for those who wait."""
        batches = shelf_in(self.stock.values()).batches
        return sum(batch.sellable for batch in batches), sum(batch.kept for batch in batches)
