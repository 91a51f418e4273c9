"""The packing room with 5,000 open orders: what its board costs, and six packers who pack them all."""

import statistics
import time
from typing import Any

from chalicelib.storage.orders import OrderStore
from chalicelib.storage.table import Table

from cunbo.core.progress import note
from cunbo.load.fault_proxy import NetworkFault, fault_proxy
from cunbo.load.packing import PackingEvening
from cunbo.load.surge import Surge
from cunbo.load.verify import SurgeStock
from cunbo.local.stack import LocalStack
from cunbo.operations.invitations import operator_access

ORDERS, PACKERS = 5_000, 6
FAULTS = {NetworkFault.RESET: 0.02, NetworkFault.DROP: 0.01}
SKUS = ("corn-noodles-500g", "corn-noodles-1kg", "black-fungus-200g")
LOOKS = 20
PART = 1_000
"""Orders that one surge places, which may take five minutes at most."""


def packing(stack: LocalStack, orders: int = ORDERS) -> None:
    """Print what the board of so many paid orders costs, and what came of an evening in which all are packed."""
    offered = SurgeStock(stack.operations, stack.catalog, dict.fromkeys(SKUS, 3 * orders), shards=8)
    placed = [order for part in range(0, orders, PART) for order in _sold(stack, min(PART, orders - part))]
    access = operator_access(stack.cloud, stack.outputs, stack.url)
    note(f"\nThe packing room, {orders:,} open orders")
    _board(stack)
    with fault_proxy(stack.url, FAULTS) as proxy:
        tokens = {order["order"]: order["token"] for order in placed}
        evening = PackingEvening(proxy.url, stack.url, access, stack.operations.store, tokens, PACKERS)
        started = time.perf_counter()
        counts = evening.run()
        seconds = time.perf_counter() - started
    note(f"  {PACKERS} packers: {seconds:.0f} s; " + ", ".join(f"{what} {times:,}" for what, times in counts.items()))
    audited = stack.operations.audit().differences
    found = [*evening.faults(), *(line for line in audited if any(sku in line for sku in offered.stock))]
    note(f"  {len(found)} faults in orders, parcels, money and stock")
    for fault in found[:5]:
        note(f"    {fault}")


def _sold(stack: LocalStack, orders: int) -> list[dict[str, Any]]:
    visits = Surge(stack.url, SKUS, orders, at_once=64, most_skus=2, most_units=3, paying=1.0).run()
    return [visit[-1].orders[0].body for visit in visits]


def _board(stack: LocalStack) -> None:
    client, read = stack.cloud.client("dynamodb"), []
    client.meta.events.register("provide-client-params.dynamodb.Query", _ask_units)
    client.meta.events.register(
        "after-call.dynamodb.Query", lambda parsed, **_: read.append(parsed["ConsumedCapacity"]["CapacityUnits"])
    )
    store = OrderStore(Table(client, stack.operations.store.table.name))
    seconds = []
    for _ in range(LOOKS):
        read.clear()
        started = time.perf_counter()
        entries = store.board()
        seconds.append(time.perf_counter() - started)
    note(
        f"  the board of {len(entries):,} orders: {len(read)} queries, {sum(read):.0f} read units,"
        f" {statistics.median(seconds):.2f} s"
    )


def _ask_units(params: dict[str, Any], **_: Any) -> None:
    params["ReturnConsumedCapacity"] = "TOTAL"
