"""`cunbo bench`: the surge, orders a second, what an order costs at the table, cold start, page weight, build time.

Speeds on one machine move by a factor of two from run to run, so each is set against a floor of the same run: a call
that does next to nothing, an interpreter that imports nothing. None of them says how fast AWS is.
"""

import gzip
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.payments.sandbox import Sandbox, SandboxEvent
from chalicelib.settings import Settings
from chalicelib.shop import Shop, utc_now
from chalicelib.stock import village_day
from chalicelib.store import Store

from cunbo import site
from cunbo.bench_build import build_time
from cunbo.bench_cold import cold_start
from cunbo.bench_orders import keys_of, orders
from cunbo.bench_surge import surges
from cunbo.house import House
from cunbo.local import LocalStack, Ports
from cunbo.progress import note
from cunbo.stock import Batch
from cunbo.surge import order_of

SKU, OTHER = "spicy-cabbage-500g", "spicy-cabbage-1kg"
PORT = 8170


def bench(house: House) -> None:
    """Prints every figure; takes about six minutes."""
    with (
        tempfile.TemporaryDirectory() as state,
        LocalStack(House(house.root, Path(state)), Ports.beside(PORT)) as stack,
    ):
        surges(stack)
        trips(stack)
        cold_start(stack, SKU)
    orders(house, PORT)
    pages(house)
    build_time(house)


def trips(stack: LocalStack) -> None:
    """Round trips, write units and processor time of the functions' own code for one order of one line."""
    ledger = Ledger(stack)
    stack.warehouse.set_batch(stack.catalog, Batch(OTHER, _today() + timedelta(days=2), 100_000))
    note("\nAt the table, for an order of one line        round trips: orders            write units   CPU ms (median)")
    orders: list[dict[str, Any]] = []
    ledger.measure("checkout, view less than a second old", 200, lambda i: orders.append(ledger.place(f"warm-{i:016}")))

    ledger.measure(
        "checkout, first in a second",
        100,
        lambda i: ledger.place(f"calm-{i:016}"),
        before=lambda: ledger.shop.stock.forget([OTHER]),
    )
    ledger.measure("payment", 200, lambda i: ledger.pay(orders[i], i))

    def sell_out() -> None:
        stack.warehouse.set_batch(stack.catalog, Batch(OTHER, _today() + timedelta(days=2), 100_000))
        ledger.shop.stock.look(OTHER)
        stack.warehouse.set_batch(stack.catalog, Batch(OTHER, _today() + timedelta(days=2), 0))

    stack.warehouse.set_batch(stack.catalog, Batch(OTHER, _today() + timedelta(days=40), 100_000))
    ledger.measure("checkout, first batch just sold out", 50, lambda i: ledger.place(f"gone-{i:016}"), before=sell_out)


class Ledger:
    """The shop's code in this process on the stack's table, with every call to DynamoDB counted."""

    def __init__(self, stack: LocalStack) -> None:
        client = stack.cloud.client("dynamodb")
        keys = keys_of(stack)
        settings = Settings(stack.outputs["TableName"], "", "local", stack.url, timedelta(seconds=900), "")
        self.sandbox = Sandbox(stack.url, keys)
        store = Store(client, settings.table)
        self.shop = Shop(stack.catalog, store, keys, {"sandbox": self.sandbox}, settings, utc_now)
        self.calls = 0
        self.units = 0.0
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._count)

    def place(self, key: str) -> dict[str, Any]:
        """Places an order of one unit, each for another buyer."""
        return self.shop.place(key, msgspec.json.encode(order_of(OTHER, buyer=key)))

    def pay(self, order: dict[str, Any], number: int) -> None:
        """Hears that it is paid."""
        event = SandboxEvent(f"bench-{number}", "paid", order["order"], f"bench-{order['order']}", order["total"])
        self.shop.hear("sandbox", *self.sandbox.signed(event, utc_now()))

    def measure(
        self, what: str, times: int, act: Callable[[int], object], before: Callable[[], object] = lambda: None
    ) -> None:
        """Prints the distribution of round trips, and medians of write units and processor time, over `times` acts."""
        act_trips: Counter[int] = Counter()
        units, cpu = [], []
        for number in range(times):
            before()
            self.calls, self.units = 0, 0.0
            started = time.process_time()
            act(number)
            cpu.append((time.process_time() - started) * 1000)
            act_trips[self.calls] += 1
            units.append(self.units)
        shown = ", ".join(f"{trips}: {orders}" for trips, orders in sorted(act_trips.items()))
        note(f"  {what:42}  {shown:32}{statistics.median(units):9.1f}{statistics.median(cpu):14.1f}")

    def _ask(self, params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "INDEXES"

    def _count(self, model: Any, parsed: dict[str, Any], **_: Any) -> None:
        self.calls += 1
        found = parsed.get("ConsumedCapacity") or []
        if model.name in {"PutItem", "UpdateItem", "TransactWriteItems"}:
            self.units += sum(one["CapacityUnits"] for one in (found if isinstance(found, list) else [found]))


def pages(house: House) -> None:
    """What a first visit loads of each page, compressed as gzip -9; pictures not counted."""
    note("\nPage weight, first load without pictures, gzip")
    site.build(house, "http://127.0.0.1:8000")
    shared = sum(_zipped(path) for path in house.site.glob("assets/*/css/*"))
    for page in ("index.html", "products/spicy-cabbage/index.html", "cart/index.html", "checkout/index.html"):
        text = (house.site / page).read_text()
        scripts = sum(_zipped(path) for path in house.site.glob("assets/*/js/*.js") if path.name in text)
        note(f"  {page:40}{(_zipped(house.site / page) + shared + scripts) / 1000:6.1f} kB")


def _zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def _today() -> date:
    return village_day(utc_now())
