"""The auditor: what every shard must hold, recomputed from the orders alone, beside what it does hold.

It repairs nothing: a difference wants a person's eyes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from .capacity import Declared, Share
from .items import Item, Shard, declared_in, order_in, shard_in, share_in, sku_in
from .orders import Order, claimed
from .store import Store

PASSES = 3
"""How often it looks again where orders came in while it looked."""


class Findings(msgspec.Struct, frozen=True):
    """Differences, one line each; and shards that moved each time it looked, of which it can say nothing."""

    differences: list[str]
    moving: list[str]


class Books:
    """What the orders claim and what stands in the stock, as one scan met them: not at one instant."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self.claims: Counter[Shard] = Counter()
        self.shares: dict[Shard, Share] = {}
        stock: dict[str, list[Item]] = {}
        for item in items:
            if item["sk"]["S"] == "order":
                self.claims.update(claimed(order_in(item)))
            elif item["pk"]["S"].startswith("stock#"):
                stock.setdefault(sku_in(item), []).append(item)
                if shard := shard_in(item):
                    self.shares[shard] = share_in(item)
        self.batches = {sku: declared_in(found) for sku, found in stock.items()}

    def suspects(self) -> dict[Shard, str]:
        """What is wrong with each shard where its share less what is left is not what orders claim of it."""
        return {
            shard: words
            for shard in sorted({*self.claims, *self.shares})
            if (words := _wrong(shard, self.shares.get(shard), self.claims[shard]))
        }

    def open(self, today: date) -> Iterator[tuple[str, Declared]]:
        """The SKU of each batch that ships today or later, and the batch."""
        return ((sku, batch) for sku, found in self.batches.items() for batch in found if batch.ship_by >= today)

    def overdrawn(self, today: date) -> list[str]:
        """Batches with more on sale than was declared; one whose day has passed is not on sale."""
        return [
            f"{sku} {batch.ship_by}: {batch.cap} declared, {batch.promised} promised, and yet {batch.sellable} on sale"
            for sku, batch in self.open(today)
            if batch.excess > 0 and batch.sellable
        ]


class Danger(msgspec.Struct, frozen=True):
    """A promise that cannot be kept as things stand: the order claims `units` of a batch beyond what can be made."""

    sku: str
    ship_by: date
    order: Order
    units: int


def audit(store: Store, today: date) -> Findings:
    """What differs in the whole table; a shard is judged only if nothing moved it from before to after a scan."""
    books = Books(store.everything())
    suspects, overdrawn = books.suspects(), books.overdrawn(today)
    differences: dict[Shard, str] = {}
    for _ in range(PASSES):
        if not suspects and not overdrawn:
            break
        before = {shard: store.share(shard) for shard in suspects}
        books = Books(store.everything())
        overdrawn = books.overdrawn(today)
        still = {shard for shard, share in before.items() if store.share(shard) == share}
        seen = books.suspects()
        differences |= {shard: seen[shard] for shard in still & {*seen}}
        suspects = {shard: words for shard, words in seen.items() if shard not in differences}
    moving = [f"{sku} {day} shard {shard}" for sku, day, shard in sorted(suspects)]
    return Findings([*differences.values(), *overdrawn], moving)


def dangers(store: Store, today: date) -> list[Danger]:
    """Promises from `today` on that cannot be kept: of each batch, those placed after it was full."""
    books = Books(store.everything())
    full = {(sku, batch.ship_by): batch for sku, batch in books.open(today) if batch.promised > batch.cap}
    if not full:
        return []
    orders = [*store.orders()]
    return [danger for (sku, _), batch in sorted(full.items()) for danger in beyond(sku, batch, orders)]


def beyond(sku: str, batch: Declared, orders: Sequence[Order]) -> list[Danger]:
    """The promises of this batch beyond what is declared: who ordered first is served first."""
    room = batch.cap
    found = []
    for order in sorted(orders, key=lambda order: (order.placed, order.number)):
        units = sum(count for (name, day, _), count in claimed(order).items() if (name, day) == (sku, batch.ship_by))
        if units and units > room:
            found.append(Danger(sku, batch.ship_by, order, units - max(room, 0)))
        room -= units
    return found


def _wrong(shard: Shard, share: Share | None, claims: int) -> str:
    sku, day, index = shard
    if share is None:
        return f"{sku} {day} shard {index}: orders claim {claims} of a shard that is not there"
    taken = share.cap - share.left
    if taken == claims:
        return ""
    return (
        f"{sku} {day} shard {index}: share {share.cap}, left {share.left}, so {taken} taken, but orders claim {claims}"
    )
