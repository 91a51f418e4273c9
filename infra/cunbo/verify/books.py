"""What a table says, read by the shop's own readers, and what must be true of it however a process was cut off."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from chalicelib.domain.aggregate import Account, Shard
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.capacity import Declared, steps
from chalicelib.domain.stock.drops import sku_of
from chalicelib.domain.waitlist import Waiter, WaiterState
from chalicelib.storage.aggregates import aggregate_in
from chalicelib.storage.keys import shelf_name
from chalicelib.storage.limits import account_in
from chalicelib.storage.stock.shelves import shelf_in

from cunbo.verify.memory import Item, Items


class Books:
    """What the table says, read by the shop's own readers."""

    def __init__(self, items: Items) -> None:
        self.orders: dict[str, Order] = {}
        self.waiters: dict[str, Waiter] = {}
        self.accounts: dict[Account, int] = {}
        self.lines: Counter[str] = Counter()
        stock: dict[str, list[Item]] = {}
        for (pk, _), item in items.items():
            aggregate = aggregate_in(item)
            if isinstance(aggregate, Order):
                self.orders[aggregate.number] = aggregate
            elif isinstance(aggregate, Waiter):
                self.waiters[aggregate.number] = aggregate
            elif pk.startswith("stock#"):
                stock.setdefault(shelf_name(item), []).append(item)
            elif pk.startswith("bought#"):
                account, units = account_in(item)
                self.accounts[account] = units
            elif pk.startswith("queue#"):
                self.lines[pk.partition("#")[2]] += 1
        self.shelves = {name: shelf_in(sorted(found, key=_sort_key)) for name, found in stock.items()}

    @property
    def batches(self) -> Iterator[tuple[str, Declared]]:
        """Every batch, with the name of its shelf."""
        return ((name, batch) for name, shelf in self.shelves.items() for batch in shelf.batches)

    def differences(self) -> str | None:
        """Return in what counters and those who are counted differ, in words: units lost or doubled; None: in nothing.

        That is true of every state, however a process was cut off.
        """
        claimed: Counter[Shard] = Counter()
        bought: Counter[Account] = Counter()
        offered: Counter[tuple[str, date]] = Counter()
        for one in (*self.orders.values(), *self.waiters.values()):
            claimed.update(one.allocated)
            bought.update(one.bought)
            offered.update(one.offered)
        taken = {
            (name, batch.ship_by, index): share.cap - share.left
            for name, batch in self.batches
            for index, share in batch.shares.items()
        }
        for shard in sorted({*claimed, *taken}):
            if claimed[shard] != taken.get(shard, 0):
                return f"of {_said(shard)} {taken.get(shard, 0)} are counted as taken, and {claimed[shard]} are"
        for account in sorted({*bought, *self.accounts}):
            if bought[account] != self.accounts.get(account, 0):
                return (
                    f"{self.accounts.get(account, 0)} units are counted for a limit, and {bought[account]} are bought"
                )
        for name, batch in self.batches:
            if offered[name, batch.ship_by] != batch.offered:
                return f"{batch.offered} units are counted as offered, and {offered[name, batch.ship_by]} are"
            if batch.kept < 0:
                return f"{batch.kept} units are kept for those who wait"
        for name, shelf in self.shelves.items():
            waiting = sum(one.state is WaiterState.WAITING and one.sku == name for one in self.waiters.values())
            if not shelf.queue.count == self.lines[name] == waiting:
                return f"{shelf.queue.count} are counted in line, {self.lines[name]} stand there, {waiting} wait"
        return None

    def over_limit(self) -> str | None:
        """Return whose limit is exceeded, in words; None: nobody's."""
        for order in self.orders.values():
            for account, most in order.limits.items():
                if order.bought and self.accounts.get(account, 0) > most:
                    return f"a buyer has {self.accounts[account]} units where {most} are allowed"
        return None

    def unsettled(self, today: date) -> str | None:
        """Return what of the stock that ships `today` or later is not as it was declared, or lies where nobody can buy
        it; None: nothing.
        """
        for name, batch in ((name, batch) for name, batch in self.batches if batch.ship_by >= today):
            waited = self.shelves[sku_of(name)].queue.count > 0
            if any(steps(batch, waited)):
                return f"the shares of {_said((name, batch.ship_by, 0))} are not as declared"
            if batch.kept and not waited:
                return f"{batch.kept} units are kept, and nobody waits"
        return None

    def made(self) -> Counter[date]:
        """Return how many units are declared of each day, in all shelves together."""
        units: Counter[date] = Counter()
        for _, batch in self.batches:
            units[batch.ship_by] += batch.cap
        return units

    def promised(self) -> Counter[date]:
        """Return how many units are promised of each day, by those who hold them."""
        units: Counter[date] = Counter()
        for one in (*self.orders.values(), *self.waiters.values()):
            for (_, day, _), count in one.allocated.items():
                units[day] += count
        return units


def _sort_key(item: Item) -> str:
    return str(item["sk"]["S"])


def _said(shard: Shard) -> str:
    shelf, day, index = shard
    return f"{shelf} {day} shard {index}"
