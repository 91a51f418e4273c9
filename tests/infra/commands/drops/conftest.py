"""A shop with the real catalogue, as commands reach it."""

from collections.abc import Iterator

import pytest
from cunbo.commands import drops, target
from cunbo.operations import shop, stock
from cunbo.operations.shop import ShopOperations
from moto import mock_aws

from tests.functions.helpers.world import World, day


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with eight jars at noon, whose table is the one that the command acts on."""
    with mock_aws():
        world = World({day(2): 3, day(3): 5})
        monkeypatch.setattr(target, "operations", lambda *_: ShopOperations(world.client, world.store.table.name))
        monkeypatch.setattr(drops, "utc_now", lambda: world.now)
        monkeypatch.setattr(stock, "utc_now", lambda: world.now)
        monkeypatch.setattr(shop, "utc_now", lambda: world.now)
        yield world
