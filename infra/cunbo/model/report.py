"""`cunbo limits`: the model of a surge as tables and sentences. Its tables are those of infra/docs/surge*.md."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import ceil

from chalicelib.domain.stock.capacity import MOST_RATE, PER_SHARD, SHARDS_PER_PARTITION
from chalicelib.storage.orders import DUE_SHARDS

from cunbo.model import limits
from cunbo.model.audience import ROOMS, Scans, Screens, Watchers, counting_rate, counting_units
from cunbo.model.contention import Outcome, TableModel, simulate
from cunbo.model.needs import Needs
from cunbo.model.units import Look, OrderUnits, WaitUnits

RATES = (1, 10, 100, 500, 1_000, 5_000, 10_000)
SIMULATED = (10, 100, 1_000, 10_000)
ONE_SHARD_MOST = 1_000
"""Orders a second up to which one shard alone is simulated: beyond, the answer is the same and takes minutes."""
PAGES = (50_000, 600_000)
STEP = 100
"""Orders a second, in steps of which it is told where looks at the stock end."""


def report(rate: int | None = None) -> str:
    """Return the whole report; with `rate`, orders a second, only what is about that rate."""
    needs = [Needs(one) for one in ([rate] if rate else RATES)]
    parts = [
        ("Claims of one SKU, simulated", simulated([rate] if rate else SIMULATED)),
        ("What if the table behaves otherwise: as many shards as are needed, full", sensitivity()),
        ("What so many orders a second of one SKU need", needed(needs)),
        ("What to raise or warm beforehand", "\n".join(line for one in needs for line in _raise(one))),
    ]
    if not rate:
        parts += [
            ("What an order writes: write units, index included", order_units()),
            ("What is given back, and who waits for it: write units, index and letters included", waits()),
            (f"What a look at one SKU reads, all of its {limits.DATES} dates as large", looks()),
            ("Where looks at the stock end", looks_end()),
            (f"How many orders a live room of {limits.FOLLOWERS:,} followers brings (ASSUMPTIONS)", rooms()),
            ("Pages in view that ask what is left, each 15 seconds, through the edge's cache", watchers()),
            ("Screens of a live evening, overlays through the edge's cache", screens()),
            ("People who scan a room's code within a minute", scans()),
            ("What counting writes: write units for a change of an order, two or three for an order", countings()),
        ]
    return "\n\n".join(f"{title}\n\n{text}" for title, text in parts)


def simulated(rates: Sequence[int]) -> str:
    """Return orders a second against shards, as a table."""
    rows = [
        [f"{rate:,}", f"{shards:,}", *_told(simulate(rate, shards))]
        for rate in rates
        for shards in _shards_to_try(rate)
    ]
    return _table(["orders/s", "shards", *OUTCOME], rows)


def sensitivity() -> str:
    """Return the simulation under other assumptions, as a table."""
    shards, usual = SHARDS_PER_PARTITION, TableModel()
    slow = replace(usual, in_flight=0.020)
    cases = [
        ("as assumed: in flight for 10 ms", shards, usual),
        ("in flight for 5 ms", shards, replace(usual, in_flight=0.005)),
        ("in flight for 20 ms", shards, slow),
        ("a refused try pays nothing", shards, replace(usual, refused_pays=0.0)),
        ("two keys fell on one partition", 2 * shards, replace(usual, together=2 * shards)),
        ("two keys, in flight for 20 ms", 2 * shards, replace(slow, together=2 * shards)),
        (f"20 shards under a key instead of {shards}", 20, replace(usual, together=20)),
    ]
    rows = [[name, *_told(simulate(count * PER_SHARD, count, table))] for name, count, table in cases]
    return _table(["case", *OUTCOME], rows)


def needed(needs: Sequence[Needs]) -> str:
    """Return what each rate needs, as a table."""
    head = [
        "orders/s", "shards", "keys", "smallest batch", "table W/s", "one key W/s", "busiest partition W/s", "due W/s",
        "table R/s", "one key R/s", "ms a look", "requests/s", "processes", "if all cold", "$ per 1,000 orders",
    ]  # fmt: skip
    rows = [
        [
            *map(_whole, (one.rate, one.shards, one.look.keys, one.smallest_batch, one.table_writes, one.key_writes)),
            *map(_whole, (one.partition_writes, one.index_writes, one.table_reads, one.key_reads)),
            *map(_whole, (one.look_seconds * 1000, one.requests, one.processes, one.cold_processes)),
            f"{one.cost * 1000:.3f}",
        ]
        for one in needs
    ]
    return _table(head, rows)


def advice(needs: Needs) -> list[str]:
    """Return what to raise, warm or change before so many orders a second; empty where a new account will do."""
    return [*_spreading(needs), *_warming(needs), *_quotas(needs), *_looking(needs)]


def warm_command(needs: Needs) -> str:
    """Return the command that warms the table and its index `due`; a raised value never goes down again."""
    index = {
        "IndexName": "due",
        "WarmThroughput": {"ReadUnitsPerSecond": limits.FIRST_READS, "WriteUnitsPerSecond": needs.warm_index},
    }
    return (
        "aws dynamodb update-table --table-name TABLE --warm-throughput"
        f" ReadUnitsPerSecond={needs.warm_reads},WriteUnitsPerSecond={needs.warm_writes}"
        f" --global-secondary-index-updates '{json.dumps([{'Update': index}])}'"
    )


def order_units() -> str:
    """Write units of an order by its size, its shards and the tabs of unpaid orders that it goes on, as a table."""
    head = ["order's item", "lines", "place: no tab", "one tab", "both tabs", "pay", "place and pay", "letters"]
    rows = []
    for kb, lines in product((1, 2, 3), (1, 2, 5, 10)):
        tabs = [OrderUnits(kb, lines, tabs) for tabs in (0, 1, 2)]
        usual = tabs[-1]
        placed = [f"{one.place + one.due}" for one in tabs]
        rows.append(
            [
                f"{kb} KB",
                f"{lines}",
                *placed,
                f"{usual.pay + usual.due + usual.board}",
                f"{usual.whole}",
                f"+{usual.letters}",
            ]
        )
    return _table(head, rows)


def waits() -> str:
    """Write units of units on their way back and of those who wait for them, as a table."""
    free, limited = WaitUnits(), WaitUnits(accounts=1)
    rows = [
        ["an unpaid order ends or is cancelled, and nobody waits", free.release, limited.release],
        ["the same, and somebody waits", free.keep, limited.keep],
        ["a place on the waitlist that is asked for", free.ask, limited.ask],
        ["and confirmed by its link", free.join, limited.join],
        ["an invitation", free.invite, limited.invite],
        ["an order of what one is invited to", free.take, limited.take],
    ]
    return _table(["what", "write units", "where it is limited"], [list(map(str, row)) for row in rows])


def looks() -> str:
    """Return what a look at one SKU costs, by its shards, as a table."""
    rows = [
        list(map(_whole, (look.shards, look.keys, look.items, look.units, look.fullest, look.seconds() * 1000)))
        for look in map(Look, (1, 8, 80, 500))
    ]
    return _table(["shards", "queries", "items", "read units", "of them under the first key", "ms"], rows)


def looks_end() -> str:
    """Return from how many orders a second on looks at the stock do not keep up, as a table."""
    rows = []
    for large, memory in product((limits.DATES, 1), (limits.MEMORY_MB, limits.WHOLE_CPU_MB)):
        all_rates = [Needs(rate, large, memory) for rate in range(STEP, MOST_RATE + 1, STEP)]
        full = next((one.rate for one in all_rates if one.key_reads > limits.PARTITION_READS), None)
        slow = next((one.rate for one in all_rates if one.look_seconds > 0.5), None)
        rows.append([f"{large}", f"{memory:,}", *("never" if rate is None else f"{rate:,}" for rate in (full, slow))])
    return _table(["large dates", "memory MB", "first key full, orders/s", "half of all time is looks, orders/s"], rows)


def rooms() -> str:
    """Return what kinds of rooms bring, as a table."""
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
    """Return what pages that ask for the stock cost and need, as a table."""
    rows = [
        [
            *map(_whole, (one.pages, one.edge)),
            f"{one.edge / limits.EDGE_REQUESTS:.0%}",
            *map(_whole, (one.origin, one.reads, one.key_reads)),
            f"{one.hour:.0f}",
        ]
        for one in map(Watchers, PAGES)
    ]
    head = [
        "pages",
        "requests/s at the edge",
        "of its quota",
        "requests/s to the functions, at most",
        "table R/s",
        "one key R/s",
        "$ an hour",
    ]
    return _table(head, rows)


def screens() -> str:
    """Return what the screens of a live evening ask, as a table."""
    rows = [
        [
            *map(str, (one.rooms, one.rooms * one.overlays, one.rooms * one.consoles, one.boards)),
            *(f"{one.edge + one.own:.0f}", f"{one.origin:.0f}", f"{one.hour:.2f}"),
        ]
        for one in (Screens(), Screens(rooms=40, boards=10))
    ]
    head = ["rooms", "overlays", "consoles", "big screens", "requests/s", "of them to the functions", "$ an hour"]
    return _table(head, rows)


def scans() -> str:
    """Return what scans of one room's code ask within a minute, as a table."""
    rows = [
        [
            *map(_whole, (one.people, one.calls)),
            f"{one.calls / limits.GATEWAY_REQUESTS:.0%}",
            *map(_whole, (one.reads, one.part_writes)),
            f"{one.dollars:.2f}",
        ]
        for one in map(Scans, (1_000, *PAGES))
    ]
    head = ["people", "requests/s to the functions", "of API Gateway's quota", "room's key R/s", "a counter's part W/s"]
    return _table([*head, "$ for all"], rows)


def countings() -> str:
    """Return what counting writes, as a table."""
    rows = [
        [_whole(changes), f"{counting_units(changes):.2g}", _whole(counting_rate(changes))]
        for changes in (1, 10, 100, limits.COUNTED_AT_ONCE)
    ]
    return _table(["changes in a batch", "write units each", "changes/s, at most"], rows)


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


def _spreading(needs: Needs) -> Iterator[str]:
    if needs.shards > 1:
        yield (
            f"Say `cunbo expect SKU {needs.rate}`, before the sale or during it: batches of"
            f" {needs.smallest_batch:,} units and more then have {needs.shards:,} shards, smaller ones fewer."
        )
    if needs.due_key_writes * limits.RESERVE > limits.PARTITION_WRITES:
        wanted = ceil(needs.index_writes * limits.RESERVE / limits.PARTITION_WRITES)
        yield (
            f"Raise DUE_SHARDS in functions/chalicelib/storage/orders.py from {DUE_SHARDS} to {wanted} and deploy,"
            f" before the sale: a partition of the index `due` would write {_whole(needs.due_key_writes)} W/s of"
            f" {limits.PARTITION_WRITES:,}, and a hot index throttles the table itself."
        )


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


def _looking(needs: Needs) -> Iterator[str]:
    if needs.key_reads * limits.RESERVE > limits.PARTITION_READS:
        one = replace(needs, large=1)
        yield (
            f"Looks at the stock do not keep up: {_whole(needs.looks)} a second read {_whole(needs.key_reads)} R/s of"
            f" {limits.PARTITION_READS:,} under the first key, and each takes {_whole(needs.look_seconds * 1000)} ms."
            f" Let few dates have so large a batch (with one: {_whole(one.key_reads)} R/s,"
            f" {_whole(one.look_seconds * 1000)} ms), give the functions more memory, or show the product in one room"
            " after another; several SKUs at once help little, since each process looks at all that it sells."
        )


def _whole(number: float) -> str:
    return f"{ceil(number - 1e-6):,}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, its columns aligned for a terminal."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [head, *rows]
    first, *others = widths
    shown = [f"| {cell.ljust(first)} | {' | '.join(map(str.rjust, rest, others))} |" for cell, *rest in lines]
    rule = f"|{'-' * (first + 2)}|{'|'.join('-' * (width + 1) + ':' for width in others)}|"
    return "\n".join([shown[0], rule, *shown[1:]])
