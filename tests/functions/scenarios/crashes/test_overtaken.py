"""Two acts on one order, one of them overtaken before its write."""

from itertools import permutations

import pytest
from chalicelib.domain.orders.model import State
from chalicelib.services.order_changes import cancel_by_seller, postpone

from tests.functions.helpers.crash_points import CrashPoints
from tests.functions.helpers.world import MakeWorld, World, day
from tests.functions.scenarios.crashes.acts import buy, by_village, cancel, pay
from tests.functions.scenarios.crashes.lives import come_to_rest

ON_ONE_ORDER = {
    "pay": pay(),
    "pay-once-more": pay(payment="second"),
    "cancel": cancel,
    "withdraw": by_village(cancel_by_seller),
    "postpone": by_village(postpone, day(5)),
    "consume": World.settle,
}


@pytest.mark.parametrize(("first", "second"), [*permutations(ON_ONE_ORDER, 2)])
def test_an_act_that_is_overtaken_before_its_write_sees_what_the_other_has_done(
    make_world: MakeWorld, first: str, second: str
) -> None:
    world = make_world({day(2): 6, day(5): 6})
    buy(jars=2)(world)
    with CrashPoints(world.client).at((1, "before"), lambda: ON_ONE_ORDER[second](world)):
        ON_ONE_ORDER[first](world)
    [*_, rest] = come_to_rest(world)
    [order] = [*world.store.orders.all()]
    came = set(order.events)
    kept = order.total if order.state is State.PAID else 0
    assert len(came) == sum("pay" in name for name in (first, second))
    assert sum(back.amount for back in world.sandbox.repaid.values()) == order.total * len(came) - kept
    assert sum(left for left, *_ in rest["batches"].values()) == 12 - order.allocated.total()
    if {first, second} & {"cancel", "withdraw"}:
        assert order.state in (State.CANCELLED, State.REFUNDED)
