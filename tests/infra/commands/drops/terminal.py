"""A drop as somebody types it."""

from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.stock.capacity import Declared, Share
from chalicelib.domain.stock.drops import Drop
from cunbo.cli import parser
from cunbo.core import content
from cunbo.core.paths import Paths
from cunbo.model.drop import warnings
from cunbo.model.needs import Needs
from cunbo.operations.drops import read_drop

from tests.functions.helpers.waiters import join
from tests.functions.helpers.world import JAR, NOON, POT, TODAY, World, make_key

ROOM = "cabbage-1"
CATALOG = content.read(Paths().content)[0]
EVENING = [JAR, "4", "19.90", ROOM, "--from", "20:00", "--minutes", "30"]


def typed(*arguments: str) -> Namespace:
    return parser("drop").parse_args([*arguments])


def read(*arguments: str, now: datetime = NOON) -> Drop:
    return read_drop(CATALOG, typed(*arguments), now)


def waits(world: World) -> None:
    """Two wait for the jars; one is invited to the first that has come back. Another waits for the pot."""
    tickets = [world.keys.tickets(make_key(key))[0] for key in range(2)]
    world.place(0, quantity=7)
    world.place(1, quantity=1)
    join(world, 0)
    join(world, 1, quantity=3, fewer=True)
    join(world, 2, sku=POT)
    world.shop.cancel(tickets[1].number, tickets[1].token)


def declared(units: int, shards: int) -> Declared:
    share = Share(units, units)
    return Declared(TODAY, units, shards, 1, {0: share})


def described(table: Mapping[str, Any], index: Mapping[str, Any]) -> dict[str, Any]:
    return {"TableName": "shop", **table, "GlobalSecondaryIndexes": [{"IndexName": "due", **index}]}


def lines(
    rate: int, table: Mapping[str, Any], index: Mapping[str, Any], units: int = 1_000_000, **needs: Any
) -> list[str]:
    shards = Needs(rate).shards if units == 1_000_000 else 1
    return [*warnings(Needs(rate, **needs), described(table, index), [declared(units, shards)], per_order=20)]
