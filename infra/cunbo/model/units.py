"""What an order and a look at the stock cost at the table, in DynamoDB's units. Pure arithmetic over their items."""

from dataclasses import dataclass
from math import ceil

from chalicelib.capacity import SHARDS_PER_PARTITION

from cunbo.model import limits
from cunbo.model.limits import TRANSACTED

SHARD_WRITES = TRANSACTED
"""Of a claim, at the shard that it takes from."""


@dataclass(frozen=True)
class OrderUnits:
    """Write units of an order whose item has so many KB, begun ones counted whole, and takes from so many shards.

    A line takes from one shard, but for the end of a sale. `tabs` are those of unpaid orders that it goes on,
    `accounts` those of limits: one for each line that is limited for a buyer.
    """

    kb: int = 1
    shards: int = 1
    tabs: int = 2
    accounts: int = 0

    @property
    def place(self) -> int:
        """Of the table to place it: one transaction of the order, its shards, its tabs and its accounts."""
        return TRANSACTED * (self.kb + self.tabs + self.accounts) + SHARD_WRITES * self.shards

    @property
    def release(self) -> int:
        """Of the table to give its units back: the order, its shards, its accounts, and that nobody waits for its SKU.

        Tabs are not written, and a drop has no waitlist: its orders cost two less.
        """
        return TRANSACTED * (self.kb + self.accounts + 1) + SHARD_WRITES * self.shards

    @property
    def pay(self) -> int:
        """Of the table to pay it: the order alone, outside of a transaction."""
        return self.kb

    @property
    def due(self) -> int:
        """Of the index `due`, twice: the order comes into it when it is placed, and leaves it when it is paid."""
        return self.kb

    @property
    def whole(self) -> int:
        """To place and to pay it, index included."""
        return self.place + self.pay + 2 * self.due

    @property
    def letters(self) -> int:
        """What an e-mail address adds, index included, until both letters are sent.

        The payment is tried unread, in vain, and then put. Each letter is struck out by a put of the order. In `due`
        the order then waits for something else, which deletes and puts it, but for the last time; the payment deletes
        and puts it too. The index `lookup` holds keys alone.
        """
        table, due, lookup = 3 * self.kb, (2 + 1 + 1) * self.kb, 1
        return table + due + lookup


JOIN = TRANSACTED * 3 + 1
"""To get a place on a waitlist: who waits, the place in the line and the list's count; and how often was asked."""
INVITE = TRANSACTED * 5
"""To invite the next in line: who waits, their place, the count, the batch that kept the unit, a shard of it."""
TAKE = TRANSACTED * 2
"""To order what one is invited to: who waits, and the order; with its tabs as any other. It moves no shard."""


@dataclass(frozen=True)
class Look:
    """A look at a SKU's stock, as `Store.declared` does it: a query for each partition key, one after another.

    Each of DATES has a batch with a shard; `large` of them have all of `shards`.
    """

    shards: int
    large: int = limits.DATES

    @property
    def keys(self) -> int:
        """Partition keys, hence queries."""
        return ceil(self.shards / SHARDS_PER_PARTITION)

    @property
    def items(self) -> int:
        """Items that come back."""
        return 2 * limits.DATES + self.large * (self.shards - 1)

    @property
    def fullest(self) -> int:
        """Read units of the first query, which brings the batches too."""
        first = min(self.shards, SHARDS_PER_PARTITION)
        shards = limits.DATES + self.large * (first - 1)
        return _read(limits.DATES * limits.BATCH_BYTES + shards * limits.SHARD_BYTES)

    @property
    def units(self) -> int:
        """Read units of all queries."""
        rest = (min(SHARDS_PER_PARTITION, self.shards - SHARDS_PER_PARTITION * key) for key in range(1, self.keys))
        return self.fullest + sum(_read(self.large * shards * limits.SHARD_BYTES) for shards in rest)

    def seconds(self, memory: int = limits.MEMORY_MB) -> float:
        """How long it keeps a process of so many MB from all else."""
        cpu = self.items * limits.SHARD_CPU * limits.WHOLE_CPU_MB / memory
        return self.keys * limits.QUERY_SECONDS + cpu


def _read(size: int) -> int:
    """Strongly consistent read units of a query that brings so many bytes."""
    return ceil(size / limits.READ_BYTES)
