"""What an order costs at the table: round trips, write units, and the processor time of the functions' own code."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import msgspec
from chalicelib.api.ordering import OrderRequest, answer, place_once
from chalicelib.bootstrap import assemble
from chalicelib.domain.settings import Settings
from chalicelib.jobs.workers import workers
from chalicelib.payments.sandbox import Sandbox, SandboxEvent
from chalicelib.services.stage import Stage, utc_now
from chalicelib.storage.client import CONFIG
from chalicelib.storage.store import Store

from cunbo.bench.orders import keys_of
from cunbo.core.progress import note
from cunbo.load.surge import order_of
from cunbo.local.stack import SENDER, LocalStack
from cunbo.operations.stock import BatchCapacity, today

OTHER = "spicy-cabbage-1kg"
LETTERS = {"email": "wang@example.com"}


def table(stack: LocalStack) -> None:
    """Print what orders cost at the table, by the functions' own code in this process."""
    counted = CountedShop(stack)
    _trips(stack, counted)
    _units(stack, counted)


def _trips(stack: LocalStack, counted: "CountedShop") -> None:
    """Print round trips, write units and processor time of one order of one line."""
    stack.operations.set_batch(stack.catalog, BatchCapacity(OTHER, today() + timedelta(days=2), 100_000))
    note("\nAt the table, for an order of one line        round trips: orders            write units   CPU ms (median)")
    orders: list[dict[str, Any]] = []
    counted.measure(
        "checkout, view less than a second old", 200, lambda i: orders.append(counted.place(f"warm-{i:016}"))
    )

    counted.measure(
        "checkout, first in a second",
        100,
        lambda i: counted.place(f"calm-{i:016}"),
        before=lambda: counted.services.stock.forget([OTHER]),
    )
    counted.measure("payment", 200, lambda i: counted.pay(orders[i]))

    def sell_out() -> None:
        stack.operations.set_batch(stack.catalog, BatchCapacity(OTHER, today() + timedelta(days=2), 100_000))
        counted.services.stock.look(OTHER)
        stack.operations.set_batch(stack.catalog, BatchCapacity(OTHER, today() + timedelta(days=2), 0))

    stack.operations.set_batch(stack.catalog, BatchCapacity(OTHER, today() + timedelta(days=40), 100_000))
    counted.measure(
        "checkout, first batch just sold out", 50, lambda i: counted.place(f"gone-{i:016}"), before=sell_out
    )


def _units(stack: LocalStack, counted: "CountedShop") -> None:
    """Print write units by lines and by letters, indexes included, as the table counts them."""
    skus = [*stack.catalog.packs][:10]
    for sku in skus:
        stack.operations.set_batch(stack.catalog, BatchCapacity(sku, today() + timedelta(days=2), 100_000))
    outbox = workers(counted.services, NullMailer()).outbox
    note(
        "\nWrite units of an order, indexes included            place     pay   place and pay    its letters' consumers"
    )
    for lines in (1, 2, 5, 10):
        for fields in ({}, LETTERS):
            placed: list[dict[str, Any]] = []
            key = f"units-{lines:02}-{len(fields)}-00000000"
            place = counted.written(lambda: placed.append(counted.place(key, skus[:lines], **fields)))  # noqa: B023
            first = counted.written(lambda: outbox.perform("order", placed[0]["order"]))  # noqa: B023
            pay = counted.written(lambda: counted.pay(placed[0]))  # noqa: B023
            second = counted.written(lambda: outbox.perform("order", placed[0]["order"]))  # noqa: B023
            what = f"{lines} line{'s' * (lines > 1)}{', with letters' if fields else ''}"
            note(f"  {what:48}{place:10.0f}{pay:8.0f}{place + pay:16.0f}{first + second:27.0f}")


class NullMailer:
    """A mailer whose letters cost nothing, since the table is what is measured."""

    def send(self, message: EmailMessage) -> None:
        """Drop the message."""


class CountedShop:
    """The shop's code in this process on the stack's table, with every call to DynamoDB counted."""

    def __init__(self, stack: LocalStack) -> None:
        client = stack.cloud.client("dynamodb", CONFIG)
        keys = keys_of(stack)
        hold = timedelta(seconds=900)
        settings = Settings(stack.outputs["TableName"], "", "local", stack.url, hold, SENDER)
        self.sandbox = Sandbox(stack.url, keys)
        stage = Stage(stack.catalog, settings, keys)
        self.services = assemble(stage, Store(client, settings.table), {"sandbox": self.sandbox})
        self.calls = 0
        self.units = 0.0
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._count)

    def place(self, key: str, skus: Sequence[str] = (OTHER,), **fields: Any) -> dict[str, Any]:
        """Place an order of a unit of each SKU, each time for another buyer, and return it."""
        lines = [{"sku": sku, "quantity": 1} for sku in skus]
        products = self.services.stage.catalog.product_of
        agreed = [sku for sku in skus if products[sku].returns == "confirm"]
        body = order_of(OTHER, buyer=key, lines=lines, no_return=agreed, **fields)
        asked = OrderRequest(key, msgspec.json.encode(body))
        return answer(self.services, place_once(self.services, asked, self.services.checkout.place))

    def pay(self, order: dict[str, Any]) -> None:
        """Let the shop handle the event that the order is paid."""
        event = SandboxEvent(
            f"bench-{order['order']}", "paid", order["order"], f"bench-{order['order']}", order["total"]
        )
        now = utc_now()
        heard = self.sandbox.read(*self.sandbox.signed(event, now), now)
        self.services.payments.hear("sandbox", heard)

    def written(self, act: Callable[[], object]) -> float:
        """Return the write units of one act."""
        self.units = 0.0
        act()
        return self.units

    def measure(
        self, what: str, times: int, act: Callable[[int], object], before: Callable[[], object] = lambda: None
    ) -> None:
        """Print the distribution of round trips, and medians of write units and processor time, over `times` acts."""
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
