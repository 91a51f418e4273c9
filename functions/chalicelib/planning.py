"""What the manager plans: batches ahead by the calendar, a batch's size, how many orders a second will come.

Each declares first and then has the stock follow (capacity.py), so that all of it can be done while the sale is on,
done again, and cut off half-way.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from .capacity import Declared, shards_for
from .catalog import Catalog
from .errors import Busy
from .plan import carried, production_days
from .store import Store

TRIES = 20
"""How often a batch is declared anew where others change it at the same time."""


class Planned(msgspec.Struct, frozen=True):
    """A batch that the plan has made or changed: from `was` units (None: there was none) to `units`."""

    sku: str
    ship_by: date
    was: int | None
    units: int


def plan(catalog: Catalog, store: Store, today: date) -> list[Planned]:
    """Makes the batches that the production plan has and the table lacks, and says which.

    One that exists is the truth and stays as it is, but for the calendar: where another number of days' production
    ships on its date than when it was planned, it grows or shrinks by what that comes to. Doing it again does nothing.
    """
    return [done for sku in catalog.packs for done in _plan(catalog, store, sku, today)]


def set_batch(catalog: Catalog, store: Store, sku: str, ship_by: date, units: int) -> Declared:
    """Makes the batch `units` large, and gives it as it is then.

    Below what is promised it sells no more until enough has been given up; nothing is taken from an order.
    """
    rate, per_order = store.rate(sku), catalog.product_of[sku].per_order
    for _ in range(TRIES):
        seen = next((batch for batch in store.declared(sku, ship_by) if batch.ship_by == ship_by), None)
        shards = max(seen.shards if seen else 1, shards_for(rate, units, per_order))
        if store.declare(sku, ship_by, seen, cap=units, shards=shards):
            return store.settle(sku, ship_by).batches[0]
    raise Busy(f"{sku} {ship_by}: others change it all the time")


def expect(catalog: Catalog, store: Store, sku: str, rate: int, today: date) -> Sequence[Declared]:
    """Has the SKU's batches, now and in future, take `rate` orders a second, 1 to MOST_RATE; gives those there are.

    A batch gets more shards and never fewer: the units of one that nobody reads would be lost to the sale.
    """
    store.expect(sku, rate)
    return _settle(store, sku, rate, catalog.product_of[sku].per_order, today)


def _settle(store: Store, sku: str, rate: int, per_order: int, today: date) -> Sequence[Declared]:
    """Has shards follow the rate, then shares what is declared; a batch that others change just now waits a day."""
    for batch in store.declared(sku, today):
        shards = shards_for(rate, batch.cap, per_order)
        if shards > batch.shards:
            store.declare(sku, batch.ship_by, batch, shards=shards)
    return store.settle(sku, today).batches


def _plan(catalog: Catalog, store: Store, sku: str, today: date) -> Iterator[Planned]:
    product, calendar = catalog.product_of[sku], catalog.shop.calendar
    rate = store.rate(sku)
    seen = {batch.ship_by: batch for batch in store.declared(sku, today)}
    for day, days in production_days(product.production, calendar, today).items():
        units = product.production.per_day * days
        shards = shards_for(rate, units, product.per_order)
        if (
            day not in seen
            and days
            and store.declare(sku, day, None, cap=units, shards=shards, planned=units, days=days)
        ):
            yield Planned(sku, day, None, units)
    for day, batch in seen.items():
        days = carried(day, calendar)
        if batch.days is None or batch.days == days:
            continue
        a_day = batch.planned // batch.days if batch.days else product.production.per_day
        units = max(batch.cap + a_day * days - batch.planned, 0)
        if store.declare(sku, day, batch, cap=units, planned=a_day * days, days=days):
            yield Planned(sku, day, batch.cap, units)
    _settle(store, sku, rate, product.per_order, today)
