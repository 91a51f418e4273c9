"""What an order and a look at the stock cost at the table, in DynamoDB's units. Pure arithmetic over their items."""

from dataclasses import dataclass
from math import ceil

from chalicelib.domain.stock.capacity import SHARDS_PER_PARTITION

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
    def pay(self) -> int:
        """Of the table to pay it: the order alone, outside of a transaction."""
        return self.kb

    @property
    def due(self) -> int:
        """Of the index `due`, twice: the order comes into it when it is placed, and leaves it when it is paid."""
        return self.kb

    @property
    def board(self) -> int:
        """Of the index `pack`, which holds keys alone: the order comes onto the packing board when it is paid."""
        return 1

    @property
    def whole(self) -> int:
        """To place and to pay it, indexes included."""
        return self.place + self.pay + 2 * self.due + self.board

    @property
    def letters(self) -> int:
        """What an e-mail address adds, index included, until both letters are sent.

        The payment is tried unread, in vain, and then put. Each letter is struck out by a put of the order, and the one
        that goes out before the order is paid is counted (jobs/letter_limits.py). In `due`
        the order then waits for something else, which deletes and puts it, but for the last time; the payment deletes
        and puts it too. The index `lookup` holds keys alone.
        """
        table, due, lookup, counted = 3 * self.kb, (2 + 1 + 1) * self.kb, 1, 1
        return table + due + lookup + counted


@dataclass(frozen=True)
class WaitUnits:
    """Write units of what gives units back and of those who wait for them; index `due` and letters included.

    All items are of a KB, and units lie in one shard. `accounts` are those of limits that the order counts on.
    """

    accounts: int = 0

    @property
    def release(self) -> int:
        """To give back an unpaid order of one line: the order, its shard, its accounts, and that nobody waits.

        Then the provider is told to close the payment, and that is struck out. In `due` the order is put twice less
        one: it waits for that instead of its hold's end, and then for nothing. A drop has no waitlist: two less.
        """
        return self._given_back + _struck_out(stays=False) + 2

    @property
    def keep(self) -> int:
        """The same where somebody waits: a try is refused by that, and then the batch keeps the units."""
        return self._given_back + TRANSACTED + self.release

    @property
    def join(self) -> int:
        """To ask for a place and to confirm it: `ask`; who waits, the place in the line, the list's count."""
        return self.ask + TRANSACTED * 3

    @property
    def ask(self) -> int:
        """To ask for a place, whoever does: the place; the letter, counted by its mailbox and by the stage."""
        return 1 + 1 + 2 + _struck_out(stays=False)

    @property
    def invite(self) -> int:
        """To be invited: who waits, their place, the count, the batch that kept the units, a shard; the letter."""
        return TRANSACTED * 5 + 1 + _struck_out(stays=True)

    @property
    def take(self) -> int:
        """To order what one is invited to: as any order, but with who waits and their batch instead of a shard."""
        order = OrderUnits(shards=0, accounts=self.accounts)
        return order.place + order.due + TRANSACTED * 2 + 1

    @property
    def _given_back(self) -> int:
        return TRANSACTED * (2 + self.accounts) + SHARD_WRITES


def _struck_out(*, stays: bool) -> int:
    """Return the units to strike out what was done elsewhere: a put, which leaves `due`, or `stays` in it."""
    return 1 + 1 + int(stays)


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
        """Return the seconds that it keeps a process of `memory` MB from all else."""
        cpu = self.items * limits.SHARD_CPU * limits.WHOLE_CPU_MB / memory
        return self.keys * limits.QUERY_SECONDS + cpu


def _read(size: int) -> int:
    """Return strongly consistent read units of a query that brings so many bytes."""
    return ceil(size / limits.READ_BYTES)
