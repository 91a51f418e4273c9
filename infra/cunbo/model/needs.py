"""What a surge needs of AWS and of the shop, and what an order costs. Pure arithmetic.

All orders are of one line and one SKU, and go on long enough that payments and pages follow at the same pace.
"""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, exp, sqrt

from chalicelib.domain.commands import MOST_UNITS
from chalicelib.domain.stock.capacity import PER_SHARD, SHARDS_PER_PARTITION, SLACK
from chalicelib.services.allocation import VIEW_SECONDS
from chalicelib.storage.orders import DUE_SHARDS
from chalicelib.storage.table import FIRST_PAUSE

from cunbo.model import limits
from cunbo.model.contention import TableModel
from cunbo.model.units import SHARD_WRITES, Look, OrderUnits

TABLE = TableModel()


@dataclass(frozen=True)
class Needs:
    """What `rate` orders a second of one SKU need. Units and requests are of a second.

    `large` of its dates have a batch that is spread over all shards; `memory` is the functions', in MB; `limited` is
    whether a buyer may have only so many.
    """

    rate: int
    large: int = limits.DATES
    memory: int = limits.MEMORY_MB
    limited: bool = False

    @cached_property
    def order(self) -> OrderUnits:
        """What one order writes."""
        return OrderUnits(accounts=int(self.limited))

    @cached_property
    def shards(self) -> int:
        """Shards of the batch; it has fewer where it is smaller than `smallest_batch`, and then takes fewer orders."""
        return ceil(self.rate / PER_SHARD)

    @cached_property
    def look(self) -> Look:
        """A look at what is left."""
        return Look(self.shards, self.large)

    @cached_property
    def smallest_batch(self) -> int:
        """Units that the batch must hold for so many shards, where an order may take the most units."""
        return self.shards * SLACK * MOST_UNITS

    @cached_property
    def tries(self) -> float:
        """Tries for each claim: a shard is closed for `in_flight` after each; the simulation says the same."""
        closed = self.rate / self.shards * TABLE.in_flight
        return 1 / (1 - closed)

    @cached_property
    def table_writes(self) -> float:
        """Write units of the whole table, refused tries included."""
        return self.rate * (self.order.place * self.tries + self.order.pay)

    @cached_property
    def key_writes(self) -> float:
        """Write units under one key of the SKU's shards, refused tries included."""
        return self._shard_writes * min(self.shards, SHARDS_PER_PARTITION) / self.shards

    @cached_property
    def safe_writes(self) -> float:
        """Write units a second that the table must take, with a reserve.

        A table has a partition for each 1,000 of them, and the one that a key of the SKU falls on takes its share of
        all other writes as well: so many partitions that both fit.
        """
        room = limits.PARTITION_WRITES - self.key_writes
        fitting = self._other_writes * limits.PARTITION_WRITES / room
        return max(self.table_writes * limits.RESERVE, fitting)

    @cached_property
    def warm_writes(self) -> int:
        """Write units a second that the table must be warm for."""
        return _warm(self.safe_writes, limits.FIRST_WRITES)

    @cached_property
    def partition_writes(self) -> float:
        """Write units of the busiest partition of a table that is as warm: a key of the SKU, a share of all others."""
        return self.key_writes + self._other_writes * limits.PARTITION_WRITES / self.warm_writes

    @property
    def _shard_writes(self) -> float:
        return self.rate * SHARD_WRITES * self.tries

    @property
    def _other_writes(self) -> float:
        return self.table_writes - self._shard_writes

    @cached_property
    def index_writes(self) -> float:
        """Write units of the index `due`."""
        return self.rate * 2 * self.order.due

    @cached_property
    def due_key_writes(self) -> float:
        """Write units of one partition of the index `due`."""
        return self.index_writes / DUE_SHARDS

    @cached_property
    def order_seconds(self) -> float:
        """Seconds of a function for one order in all: its checkout, its payment's event, its page's polls."""
        cpu = limits.PLACE_CPU + limits.PAY_CPU + limits.POLLS * limits.POLL_CPU
        again = (self.tries - 1) * (_mean(TABLE.refusal) + FIRST_PAUSE / 2)
        place = _mean(TABLE.transaction) + again
        pay = limits.PUT_SECONDS
        return cpu * limits.WHOLE_CPU_MB / self.memory + place + pay + limits.POLLS * limits.GET_SECONDS

    @cached_property
    def look_seconds(self) -> float:
        """Seconds of a look; the checkout that is a process' first in a second waits for it."""
        return self.look.seconds(self.memory)

    @cached_property
    def processes(self) -> int:
        """Processes at work at once, warm; with room for chance (4 sigma).

        Each looks at the stock once a second, or for each of its orders where those come more seldom.
        """
        work, looking = self.rate * self.order_seconds, self.look_seconds / VIEW_SECONDS
        busy = work + self.rate * self.look_seconds
        if looking < 1:
            busy = min(busy, work / (1 - looking))
        return ceil(busy + 4 * sqrt(busy))

    @cached_property
    def cold_processes(self) -> int:
        """Processes that a surge wants in its first second, where none is warm."""
        return ceil(self.rate * limits.COLD_SECONDS)

    @cached_property
    def quota(self) -> int:
        """Executions at once that the account must allow: for the work, and for the number of requests."""
        return max(self.processes, ceil(self.requests / limits.REQUESTS_PER_PROCESS))

    @cached_property
    def looks(self) -> float:
        """Looks at the SKU's stock: one for each process, and no more than there are checkouts."""
        return min(self.processes / VIEW_SECONDS, self.rate)

    @cached_property
    def key_reads(self) -> float:
        """Read units under the SKU's first key, which is the fullest."""
        return self.looks * self.look.fullest

    @cached_property
    def table_reads(self) -> float:
        """Read units of the whole table: looks, and the order for each payment and poll."""
        return self.looks * self.look.units + self.rate * (1 + limits.POLLS)

    @cached_property
    def warm_reads(self) -> int:
        """Read units a second that the table must be warm for."""
        return _warm(self.table_reads * limits.RESERVE, limits.FIRST_READS)

    @cached_property
    def safe_index(self) -> float:
        """Write units a second that the index `due` must take, with a reserve."""
        return self.index_writes * limits.RESERVE

    @cached_property
    def warm_index(self) -> int:
        """Write units a second that the index `due` must be warm for."""
        return _warm(self.safe_index, limits.FIRST_WRITES)

    @cached_property
    def requests(self) -> float:
        """Requests at API Gateway: a checkout, the provider's event, and the order page's polls."""
        return self.rate * (2 + limits.POLLS)

    @cached_property
    def cost(self) -> float:
        """US dollars for an order: writes and reads, the function, API Gateway, the edge, logs."""
        writes = (self.table_writes + self.index_writes) / self.rate * limits.MILLION_WRITES
        reads = self.table_reads / self.rate * limits.MILLION_READS
        each = limits.MILLION_INVOCATIONS + limits.MILLION_GATEWAY_REQUESTS + limits.MILLION_EDGE_REQUESTS
        carried = limits.ANSWER_BYTES * limits.EDGE_GB + limits.LOG_BYTES * limits.LOG_GB
        requests = self.requests / self.rate * (each * 1e-6 + carried * 1e-9)
        seconds = self.order_seconds + self.looks / self.rate * self.look_seconds
        return (writes + reads) * 1e-6 + requests + seconds * self.memory / 1024 * limits.GB_SECOND


def _warm(needed: float, first: int) -> int:
    return max(first, ceil(needed / 1000) * 1000)


def _mean(median: float) -> float:
    """Return the mean of a lognormal time."""
    return median * exp(TABLE.spread**2 / 2)
