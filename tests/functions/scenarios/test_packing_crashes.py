"""Packing, cut off at each write: asked again, it comes to what it would have come to, with as many letters.

**To add a case, add a line to `CASES`.**
"""

from collections import Counter
from collections.abc import Callable
from itertools import count

import pytest
from chalicelib.domain.orders.model import Order

from tests.functions.helpers.acts_of_packers import do
from tests.functions.helpers.crash_points import CrashPoints, Died, Side
from tests.functions.helpers.world import World, day, letter_in, make_key

MakeWorld = Callable[..., World]

CASES = {
    "print": [],
    "pack": ["print"],
    "pack some": ["print"],
    "hand over": ["print", "pack"],
    "number": ["print", "pack", "hand over"],
    "unpack": ["print", "pack"],
    "take back": ["print", "pack", "hand over"],
    "came back": ["print", "pack", "hand over"],
    "send again": ["print", "pack", "hand over", "came back"],
    "short": ["print"],
    "elsewhere": ["print"],
    "refund": ["print", "pack"],
}
"""What is cut off, after what was done to an order of three jars before it."""


def done(world: World, number: str) -> tuple[Order, Counter[str]]:
    """The order when all has calmed down, but for what names it, and its letters."""
    world.outbox().perform("order", number)
    world.later(3600)
    world.sweep()
    order = world.shop.orders.load(number)
    letters = Counter(name for of, name in map(letter_in, world.mails) if of == number)
    world.mails.clear()
    return order, letters


def told(order: Order) -> dict[str, object]:
    """What of it does not follow from when it was bought, and by whom."""
    parcels = [(one.n, one.state, one.units, bool(one.tracking)) for one in order.parcels]
    refunds = [(one.amount, one.state, one.reason) for one in order.refunds]
    kept = {"state": order.state, "revision": order.revision, "parcels": parcels, "refunds": refunds}
    return kept | {"lines": [(sum(part.quantity for part in line.parts), len(line.missing)) for line in order.lines]}


@pytest.mark.parametrize("act", CASES)
def test_what_is_cut_off_at_any_write_and_asked_again_comes_to_the_same(make_world: MakeWorld, act: str) -> None:
    world = make_world({day(2): 40})
    crash = CrashPoints(world.client)

    def lived(n: int, fate: tuple[int, Side] | None) -> tuple[dict[str, object], Counter[str], bool]:
        placed = world.place(n, quantity=3, email="wang@example.com")
        world.pay(placed)
        number, key = str(placed["order"]), make_key(1000 + n)
        for step, before in enumerate(CASES[act]):
            do(before, world.shop, number, make_key(2000 + 10 * n + step))
        try:
            with crash.at(fate):
                do(act, world.shop, number, key)
            died = False
        except Died:
            died = True
            do(act, world.shop, number, key)
        order, letters = done(world, number)
        return told(order), letters, died

    whole = lived(0, None)[:2]
    deaths = 0
    for n, fate in enumerate(((write, side) for write in count(1) for side in ("before", "after")), 1):
        *found, died = lived(n, fate)
        if not died:
            break
        deaths += 1
        assert found == [*whole], f"{act} at {fate}"
    assert deaths >= 2
    assert world.differences() == []
