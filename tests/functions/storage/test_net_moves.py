"""Where no more is taken of a shard than comes back to it, nothing has to be there: it may owe units."""

from collections.abc import Callable

import pytest
from chalicelib.domain.errors import SoldOut

from tests.functions.helpers.waiters import join, states, take
from tests.functions.helpers.world import JAR, World, day

MakeWorld = Callable[..., World]


@pytest.mark.parametrize("others", [0, 1], ids=["nobody else waits", "somebody else waits"])
@pytest.mark.parametrize("cap", [0, 1, 3])
@pytest.mark.parametrize("taken", [1, 3, 4])
@pytest.mark.parametrize("shards", [1, 3])
def test_who_takes_fewer_than_was_kept_succeeds_however_far_the_batch_was_lowered(
    make_world: MakeWorld, shards: int, taken: int, cap: int, others: int
) -> None:
    world = make_world()
    world.stock(4, day(2), shards=shards)
    order = world.place(quantity=4)
    number = join(world, 0, quantity=4)
    for who in range(others):
        join(world, 1 + who, quantity=1)
    world.shop.cancel(order["order"], order["token"])
    assert states(world, number) == ["invited"]
    world.stock(cap, day(2), shards=shards)
    assert take(world, number, quantity=taken)["state"] == "awaiting_payment"
    world.sweep()
    [batch] = world.store.stock.declared(JAR, day(2))
    invited = max(min(cap - taken, others), 0)
    assert batch.promised == taken + invited
    assert batch.sellable == max(cap - taken - invited, 0)
    assert world.differences() == []


def test_a_walk_in_still_gets_none_of_what_cannot_be_made_any_more(make_world: MakeWorld) -> None:
    world = make_world({day(2): 4})
    world.place(quantity=4)
    world.stock(1, day(2))
    world.later(940)  # the hold has ended, and no sweep has seen it
    with pytest.raises(SoldOut):
        world.place(1, quantity=3)
    assert world.differences() == []
