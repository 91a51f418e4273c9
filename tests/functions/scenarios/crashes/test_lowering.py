"""A batch whose lowering was cut off."""

import pytest
from chalicelib.domain.errors import SoldOut

from tests.functions.helpers.crash_points import CrashPoints, Died
from tests.functions.helpers.world import MakeWorld, day


def test_a_batch_whose_lowering_was_cut_off_sells_no_more_than_was_declared(make_world: MakeWorld) -> None:
    """The shares follow only with the next sweep, and until then nobody may be promised what cannot be made."""
    world = make_world({day(2): 5})
    world.place(quantity=3)
    with pytest.raises(Died), CrashPoints(world.client).at((2, "before")):
        world.stock(3, day(2))
    world.later(2)
    assert world.left() == 0
    with pytest.raises(SoldOut):
        world.place(1)
    world.sweep()
    assert (world.left(), world.differences()) == (0, [])


def test_a_batch_whose_lowering_was_cut_off_on_its_last_day_alarms_nobody_for_ever(make_world: MakeWorld) -> None:
    world = make_world({day(0): 5})
    with pytest.raises(Died), CrashPoints(world.client).at((2, "before")):
        world.stock(3, day(0))
    assert len(world.differences()) == 1
    world.later(86_400)
    world.sweep()
    assert world.differences() == []
