"""The desk's search among 100,000 orders: what each way of looking costs, on a table of its own beside the stack's."""

import math
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import msgspec
from chalicelib.domain.desk.commands import FindOrders
from chalicelib.domain.desk.rows import row_of, terms_of
from chalicelib.domain.desk.typed import read
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Address, HistoryEntry, Order, OrderLine, State
from chalicelib.domain.settings import Settings
from chalicelib.domain.stock.promise import Part
from chalicelib.services.desk.search.find import Finder
from chalicelib.services.stage import Stage
from chalicelib.storage.desk.search import row_item
from chalicelib.storage.keys import Item, find_key
from chalicelib.storage.orders import ORDER
from chalicelib.storage.store import Store

from cunbo.core.progress import note
from cunbo.local.stack import LocalStack

ORDERS, DAYS, LOOKS = 100_000, 30, 9
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周金朴", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰"
STATES = (State.PAID, State.SHIPPED, State.DELIVERED, State.DELIVERED, State.CANCELLED)
TABLE = "search-bench"


def search(stack: LocalStack, orders: int = ORDERS) -> None:
    """Print what the desk's searches cost among so many orders of thirty days: time, round trips and read units."""
    client = stack.cloud.client("dynamodb")
    described = client.describe_table(TableName=stack.outputs["TableName"])["Table"]
    indexes = [
        {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
        for index in described["GlobalSecondaryIndexes"]
    ]
    wanted = {name: described[name] for name in ("AttributeDefinitions", "KeySchema")}
    client.create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST", GlobalSecondaryIndexes=indexes, **wanted
    )  # without a stream: its consumers would write all of it again
    store, keys, now = Store(client, TABLE, budget=60), Keys("k" * 40), datetime.now(UTC)
    chance = random.Random(23)  # noqa: S311 - made-up people
    known: list[Order] = []
    started = time.perf_counter()
    made = _made_up(chance, keys, orders, now)
    while some := [*islice(made, 500)]:
        store.table.put_many([*chain.from_iterable(_items(order, keys) for order in some)])
        known.append(some[0])
    note(
        f"\nThe desk's search among {orders:,} orders of {DAYS} days, written in {time.perf_counter() - started:.0f} s"
    )
    settings = Settings(TABLE, "secret", "local", "http://shop", timedelta(minutes=15), "")
    finder = Finder(Stage(stack.catalog, settings, keys, lambda: now), store)
    skus = [*stack.catalog.packs]
    for what, asked in _looks(known, skus, now):
        _measure(client, finder, what, asked)


def _looks(known: list[Order], skus: list[str], now: datetime) -> Iterator[tuple[str, list[FindOrders]]]:
    """What is looked for, LOOKS times each."""
    picked = known[:: max(len(known) // LOOKS, 1)][:LOOKS]
    words = {
        "a whole number": [one.number for one in picked],
        "the last four digits": [one.number[-4:] for one in picked],
        "the last eight digits": [one.number[-8:] for one in picked],
        "a name": [one.ship_to.name for one in picked],
        "a phone": [one.ship_to.phone for one in picked],
        "the last four of a phone": [one.ship_to.phone[-4:] for one in picked],
    }
    for what, texts in words.items():
        yield what, [FindOrders(typed=read(text)) for text in texts]
    today = now.date()
    lists: dict[str, dict[str, Any]] = {
        "the latest": {},
        "a day": {"day": today - timedelta(days=3)},
        "a day, by state and SKU": {"day": today - timedelta(days=3), "state": State.CANCELLED, "sku": skus[0]},
        "by room": {"room": "cabbage-2"},
        "a ship-by date": {"ship_by": today - timedelta(days=3)},
        "what no order is, one answer": {"room": "nowhere"},
    }
    for what, fields in lists.items():
        yield what, [FindOrders(typed=read(""), **fields)] * LOOKS


def _measure(client: Any, finder: Finder, what: str, asked: list[FindOrders]) -> None:
    read_units: list[float] = []
    events = client.meta.events
    events.register(
        "after-call.dynamodb", lambda parsed, **_: read_units.append(_units(parsed)), unique_id="search-bench"
    )
    seconds, found = [], 0
    for one in asked:
        started = time.perf_counter()
        found += len(finder.find(one).orders)
        seconds.append(time.perf_counter() - started)
    events.unregister("after-call.dynamodb", unique_id="search-bench")
    looks = len(asked)
    note(
        f"  {what:32}{found / looks:6.1f} found{len(read_units) / looks:7.1f} round trips"
        f"{sum(read_units) / looks:8.1f} read units{1000 * statistics.median(seconds):8.0f} ms, at most"
        f"{1000 * max(seconds):6.0f}"
    )


def _units(answer: dict[str, Any]) -> float:
    """Return what a real table counts for an answer, by its size: the emulator counts each query alike.

    A query is half a unit for each 4 KB that it reads, all items together; an order as the last write left it a unit.
    """
    if "Items" in answer:
        return max(math.ceil(sum(map(_size, answer["Items"])) / 4096), 1) / 2
    return sum(math.ceil(_size(item) / 4096) for items in answer.get("Responses", {}).values() for item in items)


def _size(item: Item) -> int:
    return sum(len(name) + len(str(one).encode()) for name, value in item.items() for one in value.values())


def _items(order: Order, keys: Keys) -> Iterator[Item]:
    """All that the table holds of an order that the search reads."""
    yield ORDER.put(None, order)["Put"]["Item"]
    yield row_item(row_of(order))
    for term, what in sorted(terms_of(order, keys)):
        yield find_key(term, what, order.number)


def _made_up(chance: random.Random, keys: Keys, orders: int, now: datetime) -> Iterator[Order]:
    """Orders of the last thirty days, the first placed first."""
    for n in range(orders):
        placed = now - timedelta(days=DAYS) * (1 - n / orders)
        name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
        phone = f"+861{chance.randrange(3_000_000_000, 10_000_000_000)}"
        units, state = chance.randint(1, 3), chance.choice(STATES)
        line = OrderLine("spicy-cabbage-500g", units, 2990, (Part((placed + timedelta(days=2)).date(), 0, units),))
        yield Order(
            number=f"{chance.randrange(10**20):020}",
            state=state,
            placed=placed,
            pay_by=placed + timedelta(minutes=15),
            lines=(msgspec.structs.replace(line, name="辣白菜 500 克"),),
            postage=0,
            total=2990 * units,
            ship_to=Address(name, phone, ("吉林省", "通化市", "集安市"), f"高台子村 {n} 号"),
            lang="zh",
            provider="sandbox",
            fingerprint="f" * 24,
            history=(HistoryEntry(placed, State.AWAITING_PAYMENT), HistoryEntry(placed, State.PAID)),
            room=f"cabbage-{n % 2 + 1}",
            payment=f"sandbox-{n}",
            lookup=keys.pseudonyms("find", phone)[0],
        )
