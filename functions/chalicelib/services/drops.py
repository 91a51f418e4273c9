"""What a host does with a drop: opens it, ends it. And what follows: what is left of it goes back to the plan."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import closes, first_on_sale, village_day
from chalicelib.domain.conflicts import TRIES, retrying
from chalicelib.domain.errors import DropExists, NotFound, TooScattered
from chalicelib.domain.stock.amendments import offered
from chalicelib.domain.stock.capacity import Change, Declared, Step, shards_for
from chalicelib.domain.stock.drops import Drop, must_be_openable, pick
from chalicelib.domain.stock.promise import TooFew
from chalicelib.storage.stock.shelves import Shelf
from chalicelib.storage.store import Store

MOST_PLACES = 40
"""Shards that a drop's units come from, so that one transaction can move them."""


def open_drop(catalog: Catalog, store: Store, now: datetime, drop: Drop, rate: int) -> Drop:
    """Move the drop's units out of the SKU's batches, the earliest first, for `rate` orders a second.

    What people wait for is not moved, nor what would be sold no more before the drop closes. Raises TooFew where too
    few are on sale, Invalid where it costs no less than on other days, NotNow where there is or was a drop of this
    name, where the room has another one of the SKU at that time, or where the units lie in too many places; Busy.
    """
    per_order = drop.limit or catalog.product_of[drop.sku].per_order

    def attempt() -> Drop | None:
        opened = store.drops.opened(drop.sku)
        shelf = store.stock.shelf(drop.sku, first_on_sale(now, catalog.shop.calendar))
        if any(other.id == drop.id for other in shelf.drops) or store.drops.is_archived(drop):
            raise DropExists(f"there is a drop {drop.id} already, or there was")
        must_be_openable(drop, offered(catalog, drop.sku, shelf.amendments, now).pack, shelf.drops)
        lasting = [batch for batch in shelf.batches if closes(batch.ship_by, catalog.shop.calendar) >= drop.closes]
        lots = _lots(drop.units, lasting)
        shards = {day: shards_for(rate, _units(step), per_order) for day, (_, step) in lots.items()}
        if not store.drops.open(drop, opened, lots, shards):
            return None
        store.stock.settle(drop.shelf, village_day(now))
        return drop

    return retrying(TRIES, f"{drop.sku}: its batches are being changed by others all the time: ask again", attempt)


def end_drop(store: Store, now: datetime, sku: str, id_: str) -> Drop:
    """End the drop now, if it is not over, and move what is left back; raise NotFound, Busy."""

    def attempt() -> Drop | None:
        drop = next((one for one in store.stock.shelf(sku, village_day(now)).drops if one.id == id_), None)
        if drop is None:
            raise NotFound(f"there is no drop {id_} of {sku}")
        over = msgspec.structs.replace(drop, closes=min(drop.closes, now), opens=min(drop.opens, now))
        if over != drop and not store.drops.change(drop, over):
            return None
        tidy(store, sku, now)
        return over

    return retrying(TRIES, f"{sku}: the drop is being changed by others all the time: ask again", attempt)


def tidy(store: Store, sku: str, now: datetime) -> Shelf:
    """Settle the stock of the SKU and of its drops, and move back what is left of those that are over.

    What comes free of them later, when a hold ends or an order is cancelled, is moved by the next. Gives the SKU's own
    shelf as it is then; raises Busy.
    """
    today = village_day(now)
    shelf = store.stock.settle(sku, today)
    for drop in shelf.drops:
        batches = store.stock.settle(drop.shelf, today).batches
        if now >= drop.closes:
            for batch in batches:
                _take_back(store, drop, batch)
            if not any(batch.promised or batch.cap for batch in batches):
                store.drops.archive(drop)
    return store.stock.settle(sku, today) if shelf.drops else shelf


def _lots(units: int, batches: Sequence[Declared]) -> dict[date, tuple[Declared, Step]]:
    """Of each date, the batch and the step that takes its part of the units off; raises TooFew, NotNow."""
    on_sale = [
        (batch.ship_by, shard, left) for batch in batches for shard, left in enumerate(batch.batch.shards) if left > 0
    ]
    picked = [*pick(units, on_sale)]
    found = sum(taken for _, _, taken in picked)
    if found < units:
        raise TooFew(found)
    if len(picked) > MOST_PLACES:
        raise TooScattered("the units lie in too many places for one drop: make it smaller")
    changes: dict[date, list[Change]] = {}
    for day, shard, taken in picked:
        changes.setdefault(day, []).append(Change(shard, -taken, taken))
    return {
        batch.ship_by: (batch, Step(tuple(changes[batch.ship_by]))) for batch in batches if batch.ship_by in changes
    }


def _units(step: Step) -> int:
    return -sum(change.units for change in step.changes)


def _take_back(store: Store, drop: Drop, batch: Declared) -> None:
    """Step by step, until one was claimed from, or the batch changed, since it was read: the next minute goes on."""
    left = [Change(shard, -share.left, share.left) for shard, share in batch.shares.items() if share.left > 0]
    for first in range(0, len(left), MOST_PLACES):
        if not store.drops.take_back(drop, batch, Step(tuple(left[first : first + MOST_PLACES]))):
            break
        batch = msgspec.structs.replace(batch, version=batch.version + 1)
