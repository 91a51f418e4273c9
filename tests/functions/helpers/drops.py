"""Small makers for tests of drops: one drop of the evening, what is bought in it, and where its units lie."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.stock.drops import Drop
from chalicelib.services.drops import open_drop

from tests.functions.helpers.world import JAR, NOON, TODAY, World

ROOM = "cabbage-1"


def make_drop(units: int = 4, **fields: Any) -> Drop:
    given = {"opens": NOON + timedelta(minutes=10), "closes": NOON + timedelta(minutes=40), "limit": 0} | fields
    return Drop(id="evening", sku=JAR, room=ROOM, price=1990, units=units, **given)


def opened(world: World, units: int = 4, rate: int = 1, **fields: Any) -> Drop:
    return open_drop(world.shop.catalog, world.store, world.now, make_drop(units, **fields), rate)


def buy(world: World, key: int = 0, quantity: int = 1, **body: Any) -> dict[str, Any]:
    lines = [{"sku": JAR, "quantity": quantity, "drop": "evening"}]
    return world.place(key, **{"lines": lines, "room": ROOM, **body})


def shelves(world: World) -> dict[str, list[tuple[int, int, int]]]:
    """Of each shelf, its batches: declared, promised, on sale."""
    found = {shelf: world.store.stock.declared(shelf, TODAY) for shelf in (JAR, f"{JAR}@evening")}
    return {
        shelf.partition("@")[2] or "own": [(one.cap, one.promised, one.sellable) for one in batches]
        for shelf, batches in found.items()
    }
