"""A surge at the table, simulated: how claims of one SKU meet on its shards, and what becomes of those that collide.

A discrete-event simulation, pure and seeded: the same seed gives the same figures. What it knows of DynamoDB is that an
item in an ongoing transaction refuses others, that a partition takes so many write units a second, and that a claim
which was refused has paid for its try. What it knows of the shop is how table.py repeats a call.

Burst and adaptive capacity and the splitting of hot partitions are not counted on: they come when DynamoDB sees fit.
"""

from dataclasses import dataclass, field
from functools import cache
from heapq import heappop, heappush
from math import log
from random import Random

from chalicelib.domain.stock.capacity import SHARDS_PER_PARTITION
from chalicelib.storage.table import BUDGET, FIRST_PAUSE, LONGEST_PAUSE

from cunbo.model.limits import PARTITION_WRITES
from cunbo.model.units import SHARD_WRITES

SECONDS, SETTLED = 20.0, 6.0
"""How long claims come, and from when on they are measured: a queue that only grows has then met the budget's end."""


@dataclass(frozen=True)
class TableModel:
    """How the table behaves. The times are ASSUMPTIONS, in seconds: AWS promises none. Measure, then put yours here."""

    transaction: float = 0.015
    """Median of a transaction of four items, as the function sees it."""
    refusal: float = 0.005
    """Median of a refused one."""
    spread: float = 0.4
    """Sigma of both, which are lognormal: the slowest in a hundred take 2.5 times the median."""
    in_flight: float = 0.010
    """How long an accepted transaction holds its items against others."""
    refused_pays: float = 1.0
    """What a try that met another transaction pays, as a share of a try that is accepted: all, to be careful."""
    together: int = SHARDS_PER_PARTITION
    """Shards of the SKU that lie on one partition."""


@dataclass(frozen=True)
class Outcome:
    """What claims met. Shares are of 1; seconds are of claims that were accepted, None where none was."""

    conflicts: float
    """Share of tries that met an ongoing transaction."""
    throttles: float
    """Share of tries that met a partition without write units."""
    tries: float
    """Tries for each claim, accepted or not."""
    busy: float
    """Share of claims that were told that the shop is busy: their tries did not fit into the budget."""
    p50: float | None
    p99: float | None


def simulate(rate: float, shards: int, table: TableModel = TableModel(), seed: int = 1) -> Outcome:
    """Simulate `rate` claims a second, at random instants, each on a random shard until it is accepted or busy.

    Partitions do not touch each other, and a random stream that is split at random is random again in each part; so
    one partition is simulated, with its share of the claims, and speaks for all.
    """
    here = min(shards, table.together)
    return _one_partition(rate * here / shards, here, table, seed)


@cache
def _one_partition(rate: float, shards: int, table: TableModel, seed: int) -> Outcome:
    return _Simulation(rate, shards, table, Random(seed)).run()  # noqa: S311 - a model, no secret


@dataclass
class _UnitClaim:
    since: float
    shard: int
    pause: float = FIRST_PAUSE
    tries: int = 0
    conflicts: int = 0
    throttles: int = 0
    took: float | None = None


@dataclass
class _Simulation:
    rate: float
    shards: int
    table: TableModel
    random: Random
    queue: list[tuple[float, int, _UnitClaim]] = field(default_factory=list)
    units: float = 0.0
    filled: float = 0.0

    def run(self) -> Outcome:
        claims = self._arrivals()
        self.queue = [(claim.since, number, claim) for number, claim in enumerate(claims)]  # sorted, hence a heap
        self.free_at = [0.0] * self.shards
        while self.queue:
            now, number, claim = heappop(self.queue)
            self._try(now, number, claim)
        return _outcome([claim for claim in claims if claim.since >= SETTLED])

    def _arrivals(self) -> list[_UnitClaim]:
        claims: list[_UnitClaim] = []
        now = self.random.expovariate(self.rate)
        while now < SECONDS:
            claims.append(_UnitClaim(now, self.random.randrange(self.shards)))
            now += self.random.expovariate(self.rate)
        return claims

    def _try(self, now: float, number: int, claim: _UnitClaim) -> None:
        claim.tries += 1
        if not self._has_units(now):
            claim.throttles += 1
        elif self.free_at[claim.shard] > now:
            claim.conflicts += 1
            self.units -= SHARD_WRITES * self.table.refused_pays
        else:
            self.units -= SHARD_WRITES
            self.free_at[claim.shard] = now + self.table.in_flight
            claim.took = now + self._time(self.table.transaction) - claim.since
            return
        self._again(now + self._time(self.table.refusal), number, claim)

    def _has_units(self, now: float) -> bool:
        """Return whether the partition can take a write: a bucket of a second's units, empty at first."""
        self.units = min(self.units + (now - self.filled) * PARTITION_WRITES, PARTITION_WRITES)
        self.filled = now
        return self.units >= SHARD_WRITES

    def _again(self, now: float, number: int, claim: _UnitClaim) -> None:
        if now + claim.pause <= claim.since + BUDGET:
            heappush(self.queue, (now + self.random.uniform(0, claim.pause), number, claim))
            claim.pause = min(claim.pause * 2, LONGEST_PAUSE)

    def _time(self, median: float) -> float:
        return self.random.lognormvariate(log(median), self.table.spread)


def _outcome(claims: list[_UnitClaim]) -> Outcome:
    tries = sum(claim.tries for claim in claims)
    times = sorted(claim.took for claim in claims if claim.took is not None)
    return Outcome(
        conflicts=sum(claim.conflicts for claim in claims) / tries,
        throttles=sum(claim.throttles for claim in claims) / tries,
        tries=tries / len(claims),
        busy=1 - len(times) / len(claims),
        p50=times[len(times) // 2] if times else None,
        p99=times[len(times) * 99 // 100] if times else None,
    )
