"""How much of a batch is offered at a time, and to whom."""

from collections import Counter

import pytest
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.waitlist import LASTS
from chalicelib.storage.stock.shards import move_kept

from tests.functions.helpers.waiters import ask, give_up, join, states, take
from tests.functions.helpers.world import JAR, MakeWorld, World, day
from tests.functions.services.waitlist.places import expire, opened


def test_a_new_batch_and_a_raised_one_go_to_who_waits(sold: World) -> None:
    first, second = join(sold, 0, quantity=2), join(sold, 1, quantity=3)
    sold.stock(3, day(3))
    assert sold.left() == 0
    sold.sweep()
    assert states(sold, first, second) == ["invited", "waiting"]
    assert sold.left() == 1, "what fits nobody is on sale"
    sold.stock(8, day(2))
    assert sold.left() == 1
    sold.sweep()
    assert states(sold, first, second) == ["invited", "invited"]
    assert (sold.left(), sold.differences()) == (2, [])


def test_units_that_cannot_be_made_any_more_go_to_nobody(sold: World) -> None:
    number = join(sold)
    sold.stock(2, day(2))
    sold.shop.cancel(*opened(sold, 0))
    sold.sweep()
    assert states(sold, number) == ["waiting"]
    sold.shop.cancel(*opened(sold, 1))
    sold.shop.cancel(*opened(sold, 2))
    sold.sweep()
    assert states(sold, number) == ["invited"]
    assert (sold.left(), sold.differences()) == (0, [])


def test_half_of_a_batch_is_offered_at_a_time_and_the_next_are_invited_as_soon_as_there_is_room(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 10})
    for key in range(10):
        world.place(key)
    numbers = [join(world, who) for who in range(9)]
    expire(world)
    assert states(world, *numbers) == ["invited"] * 5 + ["waiting"] * 4
    assert world.left() == 5, "a walk-in finds the other half"
    take(world, numbers[0], key=900)
    assert states(world, *numbers[5:]) == ["invited"] + ["waiting"] * 3
    give_up(world, numbers[1])
    assert states(world, *numbers[6:]) == ["invited"] + ["waiting"] * 2
    world.later(LASTS * 900)
    world.sweep()
    assert states(world, *numbers[7:]) == ["invited"] * 2
    assert (batch_of(world).offered, world.differences()) == (2, [])


def batch_of(world: World) -> Declared:
    [batch] = world.store.stock.declared(JAR, day(2))[:1]
    return batch


def test_who_wants_more_than_may_be_offered_is_passed_over_by_nobody(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.place()
    first, second, third = join(world, 0), join(world, 1, quantity=3), join(world, 2)
    world.stock(5, day(2))
    world.sweep()
    assert states(world, first, second, third) == ["invited", "waiting", "waiting"]
    assert world.left() == 3
    give_up(world, first)
    assert states(world, second, third) == ["invited", "waiting"]
    assert (world.left(), batch_of(world).offered, world.differences()) == (1, 3, [])


def test_one_invitation_may_be_of_more_than_half_of_a_batch(sold: World) -> None:
    number = join(sold, quantity=3)
    expire(sold)
    assert (states(sold, number), batch_of(sold).offered) == (["invited"], 3)


def test_the_auditor_sees_what_is_offered_and_belongs_to_no_invitation(sold: World) -> None:
    join(sold)
    sold.shop.cancel(*opened(sold, 0))
    assert sold.differences() == []
    sold.store.table.transact([move_kept(JAR, day(2), 0, offered=1)])
    assert sold.differences() == [f"{JAR} {day(2)}: 2 counted as offered, but invitations have 1"]


@pytest.mark.slow
def test_160_made_up_people_get_nothing_and_20_real_ones_what_comes_back_in_their_order(make_world: MakeWorld) -> None:
    """24 units come back; each of the real ones takes what it is invited to, until all have it."""
    world = make_world({day(2): 1})
    world.place()
    made_up = [f"nobody-{who}@nowhere.example" for who in range(160)]
    real = []
    with pytest.MonkeyPatch.context() as hurried:
        hurried.setattr(world.shop.stock, "forget", lambda _: None)  # a look a second will do: nothing changes
        for who, contact in enumerate(made_up):
            ask(world, contact=contact, quantity=4, fewer=True)
            if who % 8 == 7:
                real.append(join(world, who))
    world.stock(25, day(2))
    world.sweep()
    assert states(world, *real) == ["invited"] * 13 + ["waiting"] * 7, "half of 25 are offered, in their order"
    for key, number in enumerate(real, 1000):
        assert states(world, number) == ["invited"]
        take(world, number, key)
    assert world.left() == 24 - 20
    assert Counter(one.state for one in world.store.waitlist.all()) == {"unconfirmed": 160, "taken": 20}
    assert world.differences() == []
