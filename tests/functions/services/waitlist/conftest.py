"""A batch that is sold, with people who wait for it."""

import pytest

from tests.functions.helpers.world import MakeWorld, World, day


@pytest.fixture
def sold(make_world: MakeWorld) -> World:
    """A shop whose four jars are held by four shoppers, who have not paid."""
    world = make_world({day(2): 4})
    for key in range(4):
        world.place(key)
    return world
