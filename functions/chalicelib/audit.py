"""The auditor: what every shard must hold, recomputed from the orders alone, beside what it does hold."""

from collections import Counter
from collections.abc import Iterable, Mapping

from .items import Shard
from .orders import Order, claimed


def differences(orders: Iterable[Order], shards: Mapping[Shard, tuple[int, int]]) -> list[str]:
    """One line for each shard whose share of the capacity less the units left is not what orders claim of it.

    `shards` gives (share of the capacity, units left). It repairs nothing: a difference wants a person's eyes.
    """
    claims: Counter[Shard] = Counter()
    for order in orders:
        claims.update(claimed(order))
    lines = []
    for shard in sorted({*claims, *shards}):
        sku, day, index = shard
        if shard not in shards:
            lines.append(f"{sku} {day} shard {index}: orders claim {claims[shard]} of a batch that is not there")
            continue
        capacity, left = shards[shard]
        if capacity - left != claims[shard]:
            lines.append(
                f"{sku} {day} shard {index}: capacity {capacity}, left {left}, so {capacity - left} taken,"
                f" but orders claim {claims[shard]}"
            )
    return lines
