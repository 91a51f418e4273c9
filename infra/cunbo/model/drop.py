"""Whether the table, and the shards of a drop, take the orders a second that it is expected to bring. Pure arithmetic.

What is compared has a reserve, as all that `cunbo limits` says; nothing here refuses.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from chalicelib.domain.stock.capacity import PER_SHARD, SLACK, Declared

from cunbo.model import limits
from cunbo.model.needs import Needs

INDEX = "due"


@dataclass(frozen=True)
class Throughput:
    """Write and read units a second that a table, or an index of it, takes now; or has for good, `provisioned`."""

    writes: int = limits.FIRST_WRITES
    reads: int = limits.FIRST_READS
    provisioned: bool = False


def throughput_of(described: Mapping[str, Any]) -> Throughput:
    """Return the throughput of a table or index by its description; that of a new one where it does not say."""
    provisioned = described.get("ProvisionedThroughput", {})
    by_request = described.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
    if provisioned.get("WriteCapacityUnits") and not by_request:
        return Throughput(provisioned["WriteCapacityUnits"], provisioned["ReadCapacityUnits"], provisioned=True)
    warm = described.get("WarmThroughput", {})
    return Throughput(
        warm.get("WriteUnitsPerSecond") or limits.FIRST_WRITES, warm.get("ReadUnitsPerSecond") or limits.FIRST_READS
    )


def index_of(described: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the description of the index `due`, which is billed as its table is."""
    indexes: Sequence[Mapping[str, Any]] = described.get("GlobalSecondaryIndexes", ())
    index = next((one for one in indexes if one["IndexName"] == INDEX), {})
    return {"BillingModeSummary": described.get("BillingModeSummary", {}), **index}


def warnings(needs: Needs, described: Mapping[str, Any], batches: Sequence[Declared], per_order: int) -> Iterator[str]:
    """Yield a line for each thing that is too small for so many orders a second, with what to do about it.

    `batches` are the drop's, `per_order` are the most units that one order may take of it.
    """
    yield from _table(needs, described)
    yield from _index(needs, described)
    yield from _shards(needs, batches, per_order)


def _table(needs: Needs, described: Mapping[str, Any]) -> Iterator[str]:
    now = throughput_of(described)
    if needs.safe_writes <= now.writes:
        return
    warm = f"ReadUnitsPerSecond={max(needs.warm_reads, now.reads)},WriteUnitsPerSecond={needs.warm_writes}"
    remedy = _remedy(now, described, f"--warm-throughput {warm}")
    yield _line(needs, "the table", needs.safe_writes, now, remedy)


def _index(needs: Needs, described: Mapping[str, Any]) -> Iterator[str]:
    now = throughput_of(index_of(described))
    if needs.safe_index <= now.writes:
        return
    warm = {"ReadUnitsPerSecond": now.reads, "WriteUnitsPerSecond": needs.warm_index}
    update = json.dumps([{"Update": {"IndexName": INDEX, "WarmThroughput": warm}}])
    remedy = _remedy(now, described, f"--global-secondary-index-updates '{update}'")
    yield _line(needs, f"its index `{INDEX}`", needs.safe_index, now, remedy)


def _remedy(now: Throughput, described: Mapping[str, Any], option: str) -> str:
    if now.provisioned:
        return "raise its provisioned capacity before, or have it paid by the request"
    warm = f"aws dynamodb update-table --table-name {described['TableName']} {option}"
    return f"warm it before, and wait until it is ACTIVE: {warm}"


def _line(needs: Needs, what: str, wanted: float, now: Throughput, remedy: str) -> str:
    return (
        f"{needs.rate:,} orders a second want {what} to take {ceil(wanted):,} write units a second, with a reserve, and"
        f" now it takes {now.writes:,}: {remedy}; or open several smaller drops one after another."
    )


def _shards(needs: Needs, batches: Sequence[Declared], per_order: int) -> Iterator[str]:
    """Yield a warning of the batch with the most units, which is sold from for the longest time."""
    batch = max(batches, key=lambda one: one.cap, default=None)
    if batch is None or needs.rate <= batch.shards * PER_SHARD:
        return
    fits = batch.cap // (SLACK * needs.shards)
    remedy = f"--limit {fits} would make for enough of them" if 0 < fits < per_order else "only more units help"
    yield (
        f"{needs.rate:,} orders a second are expected, and {batch.cap:,} units that ship by {batch.ship_by} take"
        f" {batch.shards * PER_SHARD:,}: they lie in {batch.shards:,} of {needs.shards:,} shards, since each holds at"
        f" least {SLACK} of the largest orders, of {per_order}; {remedy}. Who comes beyond that waits, or is told that"
        " the shop is busy."
    )
