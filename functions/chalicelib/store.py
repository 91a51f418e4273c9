"""What is kept: orders, stock and slots in the one table. Its items are described in items.py.

All that changes an order goes through `commit`: orders, the units that they claim and the slots that they take are
written in one transaction, each order on the condition of the version that was read, each shard on the condition that
it holds what is taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from . import items
from .capacity import Declared, Share, partition_of, steps
from .errors import Busy, Exists, NotNow, Short, Stale, Taken
from .items import Item, Shard, Write
from .orders import Order, Paid
from .promise import Batch
from .table import BUDGET, Table
from .unpaid import Slot

MOST_ITEMS = 90
"""Items of one transaction; DynamoDB takes 100."""
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
        self.table.get(items.order_key("health"))

    # ---- Orders ----

    def order(self, number: str) -> Order | None:
        """The order of this number, as the last write left it."""
        item = self.table.get(items.order_key(number))
        return items.order_in(item) if item else None

    def orders(self) -> Iterator[Order]:
        """Every order, by a scan."""
        return (items.order_in(item) for item in self.everything() if item["sk"]["S"] == "order")

    def due(self, shard: int) -> Iterator[Order]:
        """Orders of one of DUE_SHARDS that somebody must look at, now or later, by the instant of `Order.due`.

        It is an index's view: an order may have changed since. Pages are short, since callers stop at the first
        order that is not due yet.
        """
        return map(items.order_in, self._indexed("due", "due_pk", f"due#{shard}", Limit=25))

    def found(self, lookup: str) -> list[str]:
        """Numbers of the orders of this lookup; by an index, so one that is seconds old may be missing."""
        return [item["pk"]["S"].removeprefix("order#") for item in self._indexed("lookup", "lookup", lookup)]

    def commit(
        self,
        writes: Sequence[Write],
        absent: Iterable[str] = (),
        slots: Sequence[Slot] = (),
        now: datetime | None = None,
    ) -> None:
        """All of `writes`, the units that they take and give back, and their `slots` at the instant `now`, or nothing.

        `absent` are numbers of orders that must not exist. Raises Exists where the order to be created does, Stale
        where an order has changed since it was read, Taken where a slot is not free, Short where a shard holds too
        little, Busy after the budget.
        """
        takes, gives = items.taken_and_given(writes)
        orders = [items.put_order(before, after) for before, after in writes]
        checks = [items.must_not_exist(number) for number in absent]
        shards = sorted({*takes, *gives})
        if len(orders) + len(checks) + len(slots) + len(shards) > MOST_ITEMS:
            raise NotNow("the order would come from too many batches at once: order fewer at a time")
        moves = [items.move_units(shard, takes.get(shard, 0), gives.get(shard, 0)) for shard in shards]
        if len(writes) == 1 and not checks and not moves:
            return self._put_alone(writes[0][1], orders[0]["Put"])
        places = [items.occupy(slot, now) for slot in slots]
        reasons = self.table.transact([*orders, *checks, *places, *moves])
        if reasons:
            _explain(reasons, writes, len(checks), slots, shards)
        return None

    def book(self, number: str, provider: str, money: Paid, now: datetime) -> bool:
        """Books the money without reading the order, where nothing can come of it but "paid"; says whether it did."""
        return self.table.write("update_item", **items.book(number, provider, money, now))

    def _put_alone(self, order: Order, put: Item) -> None:
        if not self.table.write("put_item", **put):
            raise Stale(order.number)

    # ---- Stock ----

    def batches(self, sku: str, today: date) -> list[Batch]:
        """What is left of the SKU's batches that ship today or later, by date."""
        return [declared.batch for declared in self.declared(sku, today)]

    def declared(self, sku: str, today: date) -> list[Declared]:
        """The SKU's batches that ship today or later, by date, as they were declared and with what their shards hold.

        Each batch is read before its shards: who then changes shares on the condition of its version knows them all.
        """
        found = list(self._stock(sku, 0, today))
        shards = max((int(item["shards"]["N"]) for item in found if "shards" in item), default=1)
        for partition in range(1, partition_of(shards - 1) + 1):
            found += self._stock(sku, partition, today)
        return items.declared_in(found)

    def declare(self, sku: str, ship_by: date, seen: Declared | None, **values: int) -> bool:
        """Writes what the batch shall be (`cap`, `shards`, `planned`, `days`), if it is as seen (None: not there).

        What is not named stays as it is; the shares follow by `settle`. Says whether it was as seen.
        """
        return self.table.write("update_item", **items.declare(sku, ship_by, values, seen.version if seen else 0))

    def settle(self, sku: str, today: date) -> list[Declared]:
        """Brings the shares of the SKU's batches to what is declared, while the sale goes on; gives what there is then.

        Raises Busy where others change the batches all the time.
        """
        for _ in range(SETTLINGS):
            batches = self.declared(sku, today)
            settled = [self._settle(sku, batch) for batch in batches]
            if all(settled):
                return batches
        raise Busy(f"{sku}: its batches are being changed by others all the time: ask again")

    def _settle(self, sku: str, batch: Declared) -> bool:
        """Takes what steps it can; whether there was none to take."""
        version, settled = batch.version, True
        for step in steps(batch):
            settled = False
            changes = [items.change_share((sku, batch.ship_by, change.shard), change) for change in step]
            if self.table.transact([items.next_version(sku, batch.ship_by, version), *changes]):
                break  # claimed from, or changed by another, since it was read
            version += 1
        return settled

    def tell(self, sku: str, batch: Declared) -> bool:
        """Marks that the manager has heard of this batch; not, and False, where it is of another size by now."""
        return self.table.write("update_item", **items.tell(sku, batch.ship_by, batch.cap))

    def rate(self, sku: str) -> int:
        """Orders a second that are expected of the SKU; 1 where nobody has said."""
        item = self.table.get(items.rate_key(sku))
        return int(item["n"]["N"]) if item else 1

    def expect(self, sku: str, rate: int) -> None:
        """Keeps how many orders a second are expected."""
        self.table.call("put_item", Item={**items.rate_key(sku), "n": {"N": str(rate)}})

    def share(self, shard: Shard) -> Share | None:
        """What one shard holds now."""
        item = self.table.get(items.shard_key(shard))
        return items.share_in(item) if item else None

    def _stock(self, sku: str, partition: int, today: date) -> Iterator[Item]:
        return self.table.pages(
            "query",
            KeyConditionExpression="pk = :pk AND sk >= :today",
            ExpressionAttributeValues={":pk": {"S": f"stock#{sku}#{partition}"}, ":today": {"S": today.isoformat()}},
            ConsistentRead=True,
        )

    # ---- All else ----

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


def _explain(
    reasons: Sequence[Item],
    writes: Sequence[Write],
    checks: int,
    slots: Sequence[Slot],
    shards: Sequence[Shard],
) -> None:
    """Raises what a cancelled transaction means; an order that exists tells more than a slot or shard that is taken."""
    failed = [reason["Code"] == "ConditionalCheckFailed" for reason in reasons]
    for index, before in enumerate([*(before for before, _ in writes), *[None] * checks]):
        if failed[index]:
            raise Exists(items.order_in(reasons[index]["Item"])) if before is None else Stale(before.number)
    first = len(writes) + checks
    taken = {
        slot.tab: items.held_in(reasons[first + index].get("Item", {}))
        for index, slot in enumerate(slots)
        if failed[first + index]
    }
    if taken:
        raise Taken(taken)
    first += len(slots)
    left = {
        shard: int(reasons[first + index].get("Item", {}).get("units", {"N": "0"})["N"])
        for index, shard in enumerate(shards)
        if failed[first + index]
    }
    raise Short(left)
