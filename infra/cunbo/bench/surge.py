"""The proof over HTTP: far more shoppers than units, requests sent twice, a network that loses requests and answers."""

import time
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.stock.capacity import PER_SHARD

from cunbo.core.progress import note
from cunbo.load.fault_proxy import FaultMoment, FaultProxy, NetworkFault, fault_proxy
from cunbo.load.surge import Surge, results
from cunbo.load.verify import SurgeCheck, SurgeStock, drop_of
from cunbo.local.stack import LocalStack

SHOPPERS, AT_ONCE, TWICE = 10_000, 64, 0.2
BUYERS, TAPS = 1_000, 5
RESET = 0.02
SHARDS = 8
ONE = {"spicy-cabbage-1kg": 500}
SMALL = {"fresh-ginseng-250g": 100}
SEVERAL = {
    "corn-noodles-500g": 200,
    "corn-noodles-1kg": 120,
    "black-fungus-200g": 100,
    "black-fungus-500g": 50,
    "fresh-ginseng-100g": 30,
}


def surges(stack: LocalStack) -> None:
    """Print three surges: 10,000 shoppers for 500 units, one each; baskets; and 1,000 who tap at a drop of 100."""
    note(
        f"\nSurge over HTTP, {AT_ONCE} at a time, processes cold at first: a share of {TWICE} sends each request twice"
        f" at once, a share of {RESET} of connections is reset, half of them"
        f" before the request has arrived, half after it was answered; {SHARDS} shards a batch"
    )
    _surge(stack, "for 500 units, one each", _stock(stack, ONE), Surge(stack.url, (*ONE,), SHOPPERS))
    baskets = Surge(stack.url, (*SEVERAL,), SHOPPERS, most_skus=3, most_units=5)
    _surge(stack, "for 500 units, baskets of 1 to 5 units of 1 to 3 SKUs", _stock(stack, SEVERAL), baskets)
    [(sku, units)] = SMALL.items()
    offered, drop = _stock(stack, SMALL), drop_of(sku, units, limit=1)
    offered.open(stack.catalog, drop, rate=PER_SHARD * SHARDS)
    taps = Surge(stack.url, (sku,), BUYERS, taps=TAPS, drop=drop.id, room=drop.room)
    _surge(stack, f"for a drop of {units}, one for each, who tap {TAPS} times at once", offered, taps)


def _stock(stack: LocalStack, stock: Mapping[str, int]) -> SurgeStock:
    return SurgeStock(stack.operations, stack.catalog, stock, SHARDS)


def _surge(stack: LocalStack, what: str, offered: SurgeStock, surge: Surge) -> None:
    with fault_proxy(stack.url, {NetworkFault.RESET: RESET}) as proxy:
        surge = replace(surge, url=proxy.url, at_once=AT_ONCE, twice=TWICE)
        started = time.perf_counter()
        visits = surge.run()
        seconds = time.perf_counter() - started
    note(f"  {surge.shoppers:,} shoppers {what}")
    _tell(offered.verify(visits), proxy, seconds)


def _tell(check: SurgeCheck, proxy: FaultProxy, seconds: float) -> None:
    found = results(check.visits)
    statuses = [status for answer in found for status in answer.statuses]
    times = sorted(answer.seconds * 1000 for answer in found)
    busy, lost = sum(status >= 500 for status in statuses), statuses.count(0)
    note(
        f"    sold {check.sold.total()} to {check.buyers}, oversold {check.oversold}, stranded {check.stranded},"
        f" the auditor finds {len(check.audited)} differences, the books {len(check.faults())} faults"
    )
    note(
        f"    {len(statuses):,} requests in {seconds:.0f} s, {busy} answered busy, {lost} got no answer"
        f" ({proxy.counts[NetworkFault.RESET, FaultMoment.AFTER]} of them lost it on its way),"
        f" p50 {times[len(times) // 2]:.0f} ms, p99 {times[len(times) * 99 // 100]:.0f} ms"
    )
    for fault in check.faults()[:5]:
        note(f"    {fault}")
