"""The stock of a running shop, as a test wants it and as it was before."""

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from tests.conftest import RunningShop


class Shelf:
    """Sets how many units are left, and counts the orders that took some."""

    def __init__(self, shop: RunningShop) -> None:
        self.shop, self.store = shop, shop.warehouse.store

    @contextmanager
    def holding(self, sku: str, left: Mapping[date, int]) -> Iterator[None]:
        """Has exactly so many left of a pack on these days and none on others; then its batches are as before."""
        before = {day: size for day, (size, _) in self._batches(sku).items()}
        try:
            self.put(sku, left)
            yield
        finally:
            for day in self._batches(sku):
                self.shop.batch(sku, day, before.get(day, 0))

    def put(self, sku: str, left: Mapping[date, int]) -> None:
        """Leaves exactly so many on these days and none on others, and returns when the shop says so."""
        batches = self._batches(sku)
        for day in {*batches, *left}:
            size, now = batches.get(day, (0, 0))
            if now != left.get(day, 0):
                self.shop.batch(sku, day, size - now + left.get(day, 0))
        while self._told(sku) != {day: units for day, units in left.items() if units}:
            pass

    def orders_for(self, name: str) -> int:
        """How many orders go to somebody of this name."""
        return sum(order.ship_to.name == name for order in self.store.orders())

    def batches(self, sku: str) -> dict[date, int]:
        """What is left of a pack, by the day that it ships."""
        return {day: left for day, (_, left) in self._batches(sku).items() if left}

    def _batches(self, sku: str) -> dict[date, tuple[int, int]]:
        """By day the size of the pack's batch, and what is left of it."""
        batches = self.store.declared(sku, date.min)
        return {batch.ship_by: (batch.cap, batch.cap - batch.promised) for batch in batches}

    def _told(self, sku: str) -> dict[date, int]:
        """What the shop says is left; its answers are kept for a second."""
        with urllib.request.urlopen(f"{self.shop.url}/api/availability?sku={sku}", timeout=10) as answer:
            batches = json.load(answer)["items"][sku]["batches"]
        return {date.fromisoformat(batch["ship_by"]): batch["left"] for batch in batches if batch["left"]}
