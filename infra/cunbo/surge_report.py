"""`cunbo limits`: the model of a surge as tables and sentences. Its tables are those of infra/surge.md."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from cunbo import limits
from cunbo.audience import ROOMS, Watchers
from cunbo.house import Refusal
from cunbo.surge_model import Outcome, Table, simulate
from cunbo.surge_needs import Needs

RATES = (1, 10, 100, 500, 1_000, 5_000, 10_000)
SIMULATED = (10, 100, 1_000, 10_000)
ONE_SHARD_MOST = 1_000
"""Orders a second up to which one shard alone is simulated: beyond, the answer is the same and takes minutes."""
MOST_RATE = 100_000
PAGES = (50_000, 600_000)


def report(rate: int | None = None) -> str:
    """All of it; with `rate`, orders a second, only what is about that one."""
    needs = [Needs(one) for one in ([rate] if rate else RATES)]
    parts = [
        ("Claims of one SKU, simulated", simulated([rate] if rate else SIMULATED)),
        ("What if the table behaves otherwise: as many shards as are needed, full", sensitivity()),
        ("What so many orders a second of one SKU need", needed(needs)),
        ("What to raise or warm beforehand", "\n".join(line for one in needs for line in _raise(one))),
    ]
    if not rate:
        parts += [
            (f"How many orders a live room of {limits.FOLLOWERS:,} followers brings (ASSUMPTIONS)", rooms()),
            ("Pages in view that ask what is left, each 15 seconds, through the edge's cache", watchers()),
        ]
    return "\n\n".join(f"{title}\n\n{text}" for title, text in parts)


def read_rate(text: str) -> int:
    """Orders a second as a person wrote them; raises Refusal."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_RATE):
        raise Refusal(f"{text} is no number of orders a second: say a whole number from 1 to {MOST_RATE:,}")
    return int(text)


def simulated(rates: Sequence[int]) -> str:
    """Orders a second against shards, as a table."""
    rows = [
        [f"{rate:,}", f"{shards:,}", *_told(simulate(rate, shards))]
        for rate in rates
        for shards in _shards_to_try(rate)
    ]
    return _table(["orders/s", "shards", *OUTCOME], rows)


def sensitivity() -> str:
    """The same for other assumptions, as a table."""
    shards = limits.SHARDS_PER_PARTITION
    usual = Table()
    half = max(1, shards // 2)
    cases = [
        ("as assumed: in flight for 10 ms", shards, usual),
        ("in flight for 5 ms", shards, replace(usual, in_flight=0.005)),
        ("in flight for 20 ms", shards, replace(usual, in_flight=0.020)),
        ("a refused try pays nothing", shards, replace(usual, refused_pays=0.0)),
        ("two keys fell on one partition", 2 * shards, replace(usual, together=2 * shards)),
        (f"{half} shards under a key instead of {shards}", half, replace(usual, together=half)),
        (f"{half} shards under a key, in flight for 20 ms", half, replace(usual, together=half, in_flight=0.020)),
    ]
    rows = [[name, *_told(simulate(count * limits.PER_SHARD, count, table))] for name, count, table in cases]
    return _table(["case", *OUTCOME], rows)


def needed(needs: Sequence[Needs]) -> str:
    """The manager's table."""
    head = [
        "orders/s", "shards", "keys", "smallest batch", "table W/s", "one key W/s", "busiest partition W/s", "due W/s",
        "table R/s", "one key R/s", "requests/s", "processes", "if all cold", "$ per 1,000 orders",
    ]  # fmt: skip
    rows = [
        [
            *map(_whole, (one.rate, one.shards, one.keys, one.smallest_batch, one.table_writes, one.key_writes)),
            *map(_whole, (one.partition_writes, one.index_writes, one.table_reads, one.key_reads, one.requests)),
            *map(_whole, (one.processes, one.cold_processes)),
            f"{one.cost * 1000:.3f}",
        ]
        for one in needs
    ]
    return _table(head, rows)


def advice(needs: Needs) -> list[str]:
    """What to raise, warm or change before so many orders a second; empty where a new account will do."""
    return [*_warming(needs), *_quotas(needs), *_code(needs)]


def warm_command(needs: Needs) -> str:
    """The words that warm the table and its index `due`; a value that was raised never goes down again."""
    index = {
        "IndexName": "due",
        "WarmThroughput": {"ReadUnitsPerSecond": limits.FIRST_READS, "WriteUnitsPerSecond": needs.warm_index},
    }
    return (
        "aws dynamodb update-table --table-name TABLE --warm-throughput"
        f" ReadUnitsPerSecond={needs.warm_reads},WriteUnitsPerSecond={needs.warm_writes}"
        f" --global-secondary-index-updates '{json.dumps([{'Update': index}])}'"
    )


def rooms() -> str:
    """What kinds of rooms bring, as a table."""
    rows = [
        [
            room.name,
            f"{room.watching:.1%}",
            _whole(limits.FOLLOWERS * room.watching),
            f"{room.ordering:.1%}",
            _whole(room.orders),
            f"{room.peak:g}",
            f"{room.rate:,.2g}" if room.rate < 10 else _whole(room.rate),
        ]
        for room in ROOMS
    ]
    return _table(
        ["room", "watch", "people", "order in the first minute", "orders", "peak over mean", "orders/s at the peak"],
        rows,
    )


def watchers() -> str:
    """What pages that ask for the stock cost and need, as a table."""
    rows = [
        [
            *map(_whole, (one.pages, one.edge)),
            f"{one.edge / limits.EDGE_REQUESTS:.0%}",
            *map(_whole, (one.origin, one.reads)),
            f"{one.hour:.0f}",
        ]
        for one in map(Watchers, PAGES)
    ]
    head = [
        "pages",
        "requests/s at the edge",
        "of its quota",
        "requests/s to the functions, at most",
        "R/s",
        "$ an hour",
    ]
    return _table(head, rows)


OUTCOME = ["tries in conflict", "tries throttled", "tries per order", "p50 ms", "p99 ms", "told busy"]


def _told(outcome: Outcome) -> list[str]:
    times = ["-" if time is None else f"{time * 1000:,.0f}" for time in (outcome.p50, outcome.p99)]
    return [
        f"{outcome.conflicts:.0%}",
        f"{outcome.throttles:.0%}",
        f"{outcome.tries:.1f}",
        *times,
        f"{outcome.busy:.0%}",
    ]


def _shards_to_try(rate: int) -> list[int]:
    enough = Needs(rate).shards
    one = {1} if rate <= ONE_SHARD_MOST else set()
    return sorted({*one, ceil(enough / 4), ceil(enough / 2), enough, 2 * enough})


def _raise(needs: Needs) -> Iterator[str]:
    found = advice(needs)
    nothing = "" if found else " nothing; a new table and a usual account will do."
    yield f"- {_whole(needs.rate)} orders/s:{nothing}"
    yield from (f"    - {line}" for line in found)


def _warming(needs: Needs) -> Iterator[str]:
    warm = (needs.warm_writes, needs.warm_index, needs.warm_reads)
    if max(warm) > limits.TABLE_UNITS:
        yield (
            f"Have DynamoDB's quotas for one table and index raised to {max(warm):,} units a second"
            f" (default {limits.TABLE_UNITS:,})."
        )
    if warm != (limits.FIRST_WRITES, limits.FIRST_WRITES, limits.FIRST_READS):
        yield (
            f"Warm a new table (it takes {limits.FIRST_WRITES:,} W/s at first) to {needs.warm_writes:,} W/s and"
            f" {needs.warm_reads:,} R/s, its index to {needs.warm_index:,} W/s, and wait until it is ACTIVE:"
            f" `{warm_command(needs)}`"
        )
    if needs.cold_processes > limits.NEW_PROCESSES:
        yield (
            f"Lambda starts {limits.NEW_PROCESSES:,} processes in {limits.NEW_SECONDS} seconds, and a cold rush wants"
            f" {needs.cold_processes:,} in its first: keep {needs.processes:,} warm (provisioned concurrency; the stack"
            " has none yet), or show the product to one part of the buyers after another."
        )


def _quotas(needs: Needs) -> Iterator[str]:
    if needs.requests * limits.RESERVE > limits.GATEWAY_REQUESTS:
        yield (
            f"Have API Gateway's requests a second raised to {_whole(needs.requests * limits.RESERVE)}"
            f" (default {limits.GATEWAY_REQUESTS:,}, and {limits.GATEWAY_BURST:,} saved up):"
            f" {limits.POLLS} of {limits.POLLS + 2} come from the order's page."
        )
    if needs.quota * limits.RESERVE > limits.PROCESSES:
        yield (
            f"Have Lambda's concurrent executions raised to {_whole(needs.quota * limits.RESERVE)}"
            f" (default {limits.PROCESSES:,}): {needs.processes:,} work at once, but the account gets"
            f" {limits.REQUESTS_PER_PROCESS} requests a second for each."
        )


def _code(needs: Needs) -> Iterator[str]:
    if needs.partition_writes > limits.PARTITION_WRITES:
        yield (
            f"A change of code: {limits.SHARDS_PER_PARTITION} full shards under one key write"
            f" {_whole(needs.key_writes)} W/s with refused tries, and their partition takes {limits.PARTITION_WRITES:,}"
            f" with all else that lies on it: put {max(1, limits.SHARDS_PER_PARTITION // 2)} under a key."
        )
    if needs.due_key_writes * limits.RESERVE > limits.PARTITION_WRITES:
        wanted = ceil(needs.index_writes * limits.RESERVE / limits.PARTITION_WRITES)
        yield (
            f"A change of code: a partition of the index `due` would write {_whole(needs.due_key_writes)} W/s, which"
            f" throttles the table itself: DUE_SHARDS = {wanted} instead of {limits.DUE_SHARDS}."
        )
    if needs.key_reads * limits.RESERVE > limits.PARTITION_READS:
        yield (
            f"A change of code: {_whole(needs.looks)} processes that look at every key each second read"
            f" {_whole(needs.key_reads)} R/s under each, of {limits.PARTITION_READS:,}: let a look read one key."
        )


def _whole(number: float) -> str:
    return f"{ceil(number - 1e-6):,}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    """A table as Markdown has it, its columns aligned for a terminal."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, *rows]
    first, *others = widths
    shown = [f"| {cell.ljust(first)} | {' | '.join(map(str.rjust, rest, others))} |" for cell, *rest in lines]
    rule = f"|{'-' * (first + 2)}|{'|'.join('-' * (width + 1) + ':' for width in others)}|"
    return "\n".join([shown[0], rule, *shown[1:]])
