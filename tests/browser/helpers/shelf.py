"""The stock of a running shop, as a test wants it and as it was before."""

import json
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.api.askers import COOKIE as BROWSER_COOKIE
from chalicelib.domain.errors import NotFound
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.allocation import VIEW_SECONDS
from chalicelib.services.drops import end_drop
from chalicelib.services.planning import made
from cunbo.load.surge import order_of

from tests.conftest import RunningShop
from tests.stack.helpers import call, eventually


class Shelf:
    """Sets how many units are left, sells some of them, and counts the orders that took some."""

    def __init__(self, shop: RunningShop) -> None:
        self.shop, self.store = shop, shop.operations.store

    @contextmanager
    def holding(self, sku: str, left: Mapping[date, int]) -> Iterator[None]:
        """Has exactly so many left of a pack on these days and none on others; then its batches are as before."""
        before = {day: size for day, (size, _) in self._batches(sku).items()}
        try:
            self.put(sku, left)
            yield
        finally:
            for day, (size, _) in self._batches(sku).items():
                if size != before.get(day, 0):
                    self.shop.batch(sku, day, before.get(day, 0))

    def put(self, sku: str, left: Mapping[date, int]) -> None:
        """Leaves exactly so many on these days and none on others, and returns when the shop says so."""
        wanted = {day: units for day, units in left.items() if units}

        def right(item: dict[str, Any]) -> bool:
            self.leave(sku, left)  # again: a hold may have ended meanwhile, and given its units back
            return _left(item) == wanted

        self.leave(sku, left)
        self._wait(sku, right)

    def leave(self, sku: str, left: Mapping[date, int]) -> None:
        """The same without waiting: for who has more to do, and waits for that."""
        batches = self._batches(sku)
        for day in {*batches, *left}:
            size, now = batches.get(day, (0, 0))
            if now != left.get(day, 0):
                self.shop.batch(sku, day, size - now + left.get(day, 0))

    def add(self, sku: str, day: date, units: int) -> None:
        """Has so many more be made for a day."""
        size, _ = self._batches(sku).get(day, (0, 0))
        self.shop.batch(sku, day, size + units)

    @contextmanager
    def drop(self, sku: str, units: int, opens: int = 0, **change: Any) -> Iterator[Drop]:
        """Sells so many of those left in a drop, which opens in so many minutes; two a buyer, unless changed."""
        now = datetime.now(UTC).replace(microsecond=0)
        hours = {"opens": now + timedelta(minutes=opens), "closes": now + timedelta(minutes=30)}
        usual = {"room": "cabbage-1", "price": 2490, "limit": 2}
        asked = Drop(id="evening", sku=sku, units=units, **hours, **(usual | change))
        drop, _ = self.shop.operations.open_drop(self.shop.stack.catalog, asked, 1)
        try:
            self._wait(sku, lambda item: drop.id in _drops(item))
            yield drop
        finally:
            with suppress(NotFound):  # it has been ended, and is gone
                end_drop(self.store, datetime.now(UTC), drop.sku, drop.id)

    def end(self, drop: Drop) -> None:
        """Ends a drop, and returns when the shop says so."""
        end_drop(self.store, datetime.now(UTC), drop.sku, drop.id)
        self._wait(drop.sku, lambda item: drop.id not in _drops(item))

    def buy(self, sku: str, units: int, phone: str = "", drop: Drop | None = None, browser: str = "") -> dict[str, Any]:
        """An order that somebody else places meanwhile, with this phone or from this browser; it is not paid."""
        key = f"browser-test-{uuid.uuid4()}"
        body = order_of(sku, units, buyer=key)
        if phone:
            body["ship_to"]["phone"] = phone
        if drop:
            body["lines"][0]["drop"], body["room"] = drop.id, drop.room
        status, order = call(
            self.shop, "POST", "/checkout", body, Idempotency_Key=key, Cookie=f"{BROWSER_COOKIE}={browser}"
        )
        assert status == 201, order
        return order

    def cancel(self, order: dict[str, Any]) -> None:
        """Has the buyer of an order cancel it."""
        bearer = f"Bearer {order['token']}"
        status, _ = call(self.shop, "POST", f"/orders/{order['order']}/cancel", Authorization=bearer)
        assert status == 200

    def orders_for(self, name: str) -> int:
        """How many orders go to somebody of this name."""
        return sum(order.ship_to.name == name for order in self.store.orders.all())

    def batches(self, sku: str) -> dict[date, int]:
        """What is left of a pack, by the day that it ships."""
        return {day: left for day, (_, left) in self._batches(sku).items() if left}

    def planned(self, sku: str) -> int:
        """How many of a pack are made on all days, sold or not."""
        return sum(units for units, _ in self._batches(sku).values())

    def _batches(self, sku: str) -> dict[date, tuple[int, int]]:
        """By day how many of the pack are made, those of drops among them, and what is left outside of drops."""
        found = {day: (each.units, each.own) for day, each in made(self.store, sku, date.min).items()}
        return {day: (size, own.cap - own.promised) for day, (size, own) in found.items() if own}

    def _wait(self, sku: str, right: Callable[[dict[str, Any]], bool]) -> None:
        """Until all of the shop's processes tell of the pack what is right: what they see is a second old at most."""
        known = time.monotonic() + VIEW_SECONDS
        assert eventually(lambda: time.monotonic() > known and right(self._told(sku)), 20), self._told(sku)

    def _told(self, sku: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.shop.url}/api/availability?sku={sku}", timeout=10) as answer:
            item: dict[str, Any] = json.load(answer)["items"][sku]
        return item


def _left(item: dict[str, Any]) -> dict[date, int]:
    return {date.fromisoformat(batch["ship_by"]): batch["left"] for batch in item["batches"] if batch["left"]}


def _drops(item: dict[str, Any]) -> set[str]:
    return {drop["drop"] for drop in item.get("drops", [])}
