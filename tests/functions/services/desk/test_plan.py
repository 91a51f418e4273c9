"""The plan at the desk: what is read of it and by how many reads, what a change would break, and the change itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import PackParcel, RecallBatch
from chalicelib.domain.desk.plan_commands import BatchChange
from chalicelib.domain.errors import Busy
from chalicelib.services.audit import dangers
from chalicelib.services.desk.plan import ChangeOutcome, Effect, Plan
from chalicelib.services.drops import end_drop
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.questions import Questions
from chalicelib.services.packing.recalls import Recalls
from chalicelib.services.planning import plan as plan_ahead

from tests.functions.helpers.drops import buy, opened
from tests.functions.helpers.waiters import join, states, take
from tests.functions.helpers.world import JAR, NOON, POT, TODAY, World, day, make_key

MakeWorld = Callable[..., World]
BY = Actor("device:d1")


def desk(world: World) -> Plan:
    return Plan(world.shop.stage, world.store, world.shop.stock, world.shop.waitlist)


def change(
    world: World, units: int | None, seen: int | None, ship_by: date | None = None, sku: str = JAR
) -> ChangeOutcome:
    [done] = desk(world).change([BatchChange(sku, ship_by or day(2), units, seen)])
    return done


def drill(world: World, units: int | None, seen: int | None) -> Effect:
    [effect] = desk(world).drill([BatchChange(JAR, day(2), units, seen)])
    return effect


def _place(world: World, key: int, quantity: int) -> dict[str, Any]:
    world.later(1)
    return world.place(key, quantity=quantity)


def refused(done: ChangeOutcome) -> str:
    assert done.refusal
    return str(getattr(done.refusal, "reason", type(done.refusal).__name__))


def batch(world: World, ship_by: date | None = None) -> tuple[int, int, int]:
    made = next(one for one in desk(world).see(TODAY) if one.sku == JAR).batch(ship_by or day(2))
    return made.units, made.promised, made.sellable


def test_the_plan_is_right_at_once_by_one_read_of_each_shelf_drop_and_line(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20, day(3): 5, day(40): 7}, prices={JAR: 2990, POT: 5490})
    world.place(1, quantity=3)
    opened(world, 4, opens=NOON)
    buy(world, 2)
    world.calls.clear()
    seen = desk(world).see(TODAY)
    # which SKUs there are, two shelves, a drop's, the recalls and the rates of all
    assert sorted(world.calls) == ["BatchGetItem"] * 2 + ["Query"] * 4
    jar, pot = seen
    assert [(made.units, made.promised, made.held, made.sellable) for made in jar.made.values()] == [
        (20, 4, 4, 16),
        (5, 0, 0, 5),
        (7, 0, 0, 7),
    ]
    assert ([drop.id for drop in jar.drops], pot.made, jar.line) == (["evening"], {}, ())
    world.calls.clear()
    join(world, 1, quantity=5, sku=POT)
    world.calls.clear()
    assert [entry.quantity for entry in desk(world).see(TODAY)[1].line] == [5]
    assert len(world.calls) == 7, "and one of the line in which somebody waits"


def test_what_lowering_would_break_is_told_before_it_is_done_and_then_as_the_terminal_tells_it(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 10})
    first, second, unpaid = (_place(world, n, 3) for n in (1, 2, 3))
    for order in (first, second):
        world.pay(order)
    effect = drill(world, 4, 10)
    assert (effect.now, effect.units, effect.promised, effect.beyond) == (10, 4, 9, 5)
    assert [(one.order.number, one.units) for one in effect.orders] == [(second["order"], 2), (unpaid["order"], 3)]
    assert batch(world) == (10, 9, 1), "nothing is changed by it"
    assert change(world, 4, 10).refusal is None
    assert batch(world) == (4, 9, 0)
    told = desk(world).dangers()
    assert told == dangers(world.store, TODAY) == [*effect.orders]
    assert change(world, 4, 10).refusal is None, "sent again it is done already"
    assert refused(change(world, 12, 10)) == "changed-meanwhile", "another's change is told, not overwritten"
    assert drill(world, 12, 10).changed
    assert change(world, 12, 4).refusal is None
    assert (batch(world), desk(world).dangers()) == ((12, 9, 3), [])
    assert world.differences() == []


def test_a_packed_order_is_in_no_danger_and_the_last_that_ordered_are(make_world: MakeWorld) -> None:
    world = make_world({day(2): 10})
    orders = [_place(world, n, 2) for n in (1, 2, 3)]
    for order in orders:
        world.pay(order)
    bench = Bench(world.shop.stage, world.store)
    bench.wave([orders[0]["order"]], "wave", BY)
    bench.pack(orders[0]["order"], PackParcel(1), make_key(7), BY)
    change(world, 3, 10)
    assert [(one.order.number, one.units) for one in desk(world).dangers()] == [
        (orders[1]["order"], 1),
        (orders[2]["order"], 2),
    ]
    plan = desk(world)
    plan.admit(JAR, day(2))
    asks = Questions(world.store, world.shop.clock)
    asks.go_on(JAR, day(2), BY)
    found = asks.short_day(JAR, day(2))
    assert (found.units, found.missing, found.waiting, len(found.asked)) == (3, 0, 3, 2)
    plan.admit(JAR, day(2))
    asks.go_on(JAR, day(2), BY)
    assert len(asks.short_day(JAR, day(2)).asked) == 2, "asked once"


def test_a_closed_day_sells_nothing_more_keeps_what_is_promised_and_stays_closed_by_night(
    make_world: MakeWorld,
) -> None:
    world = make_world({day(2): 60, day(3): 60})
    order = world.place(1, quantity=4)
    done = desk(world).change([BatchChange(JAR, day(n), None, seen) for n, seen in ((2, 60), (3, 60), (9, None))])
    assert [one.refusal for one in done] == [None] * 3
    assert [batch(world, day(n)) for n in (2, 3, 9)] == [(4, 4, 0), (0, 0, 0), (0, 0, 0)]
    again = desk(world).change([BatchChange(JAR, day(n), None, seen) for n, seen in ((2, 60), (3, 60), (9, None))])
    assert [one.refusal for one in again] == [None] * 3
    plan_ahead(world.shop.catalog, world.store, TODAY)
    assert [batch(world, day(n))[0] for n in (2, 3, 9)] == [4, 0, 0]
    assert (world.left(), desk(world).dangers()) == (60, []), "the day between is on sale, as the plan has it"
    world.shop.cancel(order["order"], order["token"])
    world.sweep()
    assert batch(world) == (4, 0, 4), "what its buyer gives back may be bought"
    assert change(world, 60, 4).refusal is None
    assert batch(world) == (60, 0, 60)


def test_what_is_bought_while_a_day_is_closed_is_kept(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world({day(2): 60})
    together = world.store.stock.declare_together

    def meddled(*given: Any) -> bool:
        if not [*world.store.orders.all()]:
            world.place(1, quantity=5)  # after the batch was read, before it is declared
        return together(*given)

    monkeypatch.setattr(world.store.stock, "declare_together", meddled)
    assert change(world, None, 60).refusal is None
    assert (batch(world), desk(world).dangers()) == ((5, 5, 0), [])


def test_a_drop_must_be_ended_first_and_a_recalled_batch_stays_as_it_is(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20, day(3): 20})
    opened(world, 8, opens=NOON)
    assert drill(world, None, 20).drops == drill(world, 5, 20).drops == ("evening",)
    assert drill(world, 15, 20).drops == ()
    assert [refused(change(world, units, 20)) for units in (None, 5)] == ["drop-on-sale"] * 2
    end_drop(world.store, world.now, JAR, "evening")
    assert change(world, None, 20).refusal is None
    Recalls(world.store, world.shop.clock).recall(JAR, day(3), RecallBatch("x"), BY)
    assert [one.recalled for one in desk(world).drill([BatchChange(JAR, day(3), 20, 0)])] == [True]
    assert refused(change(world, 20, 0, day(3))) == "recalled"
    assert refused(change(world, 5, 0, day(-1))) == "Invalid"
    assert refused(change(world, 5, 0, sku="nothing")) == "NotFound"
    assert world.differences() == []


def test_a_larger_batch_goes_to_those_who_wait_first_as_was_told_before(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2})
    world.place(1, quantity=2)
    waiting = [join(world, n, quantity=units) for n, units in ((1, 3), (2, 9), (3, 2))]
    effect = drill(world, 10, 2)
    assert (effect.served, effect.given, effect.left) == (2, 5, 3), "the second wants more than there is"
    assert change(world, 10, 2).refusal is None
    assert states(world, *waiting) == ["invited", "waiting", "invited"]
    take(world, waiting[0], quantity=3)
    assert world.differences() == []


def test_a_week_that_is_cut_off_is_sent_once_more_and_one_refusal_keeps_no_other_day(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world({day(2): 60, day(3): 60, day(4): 50})
    week = [BatchChange(JAR, day(n), 30, 60) for n in (2, 3, 4)]
    settle = world.store.stock.settle

    def cut_off(shelf: str, first: date) -> Any:
        if first == day(3):
            raise Busy("cut off")
        return settle(shelf, first)

    with monkeypatch.context() as patch:
        patch.setattr(world.store.stock, "settle", cut_off)
        assert [one.refusal is None for one in desk(world).change(week)] == [True, False, False]
    assert [batch(world, day(n))[0] for n in (2, 3, 4)] == [30, 30, 50]
    done = desk(world).change(week)
    assert [one.refusal and refused(one) for one in done] == [None, None, "changed-meanwhile"]
    assert [batch(world, day(n)) for n in (2, 3, 4)] == [(30, 0, 30), (30, 0, 30), (50, 0, 50)]
    assert world.differences() == []
