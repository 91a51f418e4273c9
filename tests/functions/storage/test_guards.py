"""What a cancelled transaction means: which refusal is told first, and what is learned where nothing refuses it."""

from itertools import combinations
from typing import Any

import pytest
from chalicelib.domain.conflicts import BatchRecalled, Conflict, Exists, Limited, NumberTaken, Short, Stale, Waited
from chalicelib.domain.limits.network import NetworkFull
from chalicelib.domain.limits.pending import SlotTaken
from chalicelib.storage.aggregates import put
from chalicelib.storage.guards import (
    PRECEDENCE,
    AsRead,
    Assumption,
    BatchThere,
    Guard,
    HasUnits,
    Learned,
    NetworkHasRoom,
    NobodyBefore,
    NobodyWaits,
    NotRecalled,
    NotThere,
    NumberFree,
    OwesAsMuch,
    Requirement,
    SlotFree,
    SomebodyWaits,
    WithinLimit,
    explain,
)
from chalicelib.storage.keys import Item
from chalicelib.storage.orders import ORDER

from tests.functions.helpers.world import JAR, POT, day, make_order

ORDER_ITEM = put(None, make_order())["Put"]["Item"]
SHARD = (JAR, day(2), 0)
FAILURES: dict[type[Conflict], tuple[Requirement, Item]] = {
    Exists: (NotThere({}, ORDER), ORDER_ITEM),
    Stale: (AsRead({}, "1" * 20), {}),
    Limited: (WithinLimit({}, ("scope", "buyer")), {"n": {"N": "3"}}),
    SlotTaken: (SlotFree({}, "tab"), {"s1": {"S": "2026-11-24T04:15:30.000000Z 77"}}),
    NetworkFull: (NetworkHasRoom({}), {}),
    BatchRecalled: (NotRecalled({}), {}),
    NumberTaken: (NumberFree({}), {}),
    Waited: (NobodyBefore({}, JAR), {}),
    Short: (HasUnits({}, SHARD), {"units": {"N": "1"}}),
}
"""A failure of each kind that refuses, by the conflict that it means, in the order in which they are told."""


def told(*failed: tuple[Guard, Item], learned: Learned | None = None) -> None:
    """Explains a transaction in which these conditions failed and another held."""
    guards: list[Guard] = [NobodyWaits({}, "what held"), *(guard for guard, _ in failed)]
    reasons = [{"Code": "ConditionalCheckFailed", "Item": item} for _, item in failed]
    explain(guards, [{"Code": "None"}, *reasons], learned or Learned())


@pytest.mark.parametrize(("first", "second"), [*combinations(FAILURES, 2)], ids=lambda kind: kind.__name__)
def test_of_two_refusals_the_one_that_says_more_is_told(first: type[Conflict], second: type[Conflict]) -> None:
    for failed in ([first, second], [second, first]):
        with pytest.raises(first):
            told(*(FAILURES[kind] for kind in failed))


def test_every_guard_that_refuses_has_its_place_and_every_other_teaches() -> None:
    assert {*PRECEDENCE} == {*Requirement.__subclasses__()}
    assert [type(guard) for guard, _ in FAILURES.values()] == [*PRECEDENCE]
    for kind in (*Requirement.__subclasses__(), *Assumption.__subclasses__()):
        assert {"explain", "teach"} & {*vars(kind)}, f"{kind.__name__} says what its failure means"


def test_a_refusal_tells_what_was_found_wherever_its_kind_failed() -> None:
    found: list[tuple[tuple[Guard, Item], ...]] = [
        ((HasUnits({}, SHARD), {"units": {"N": "1"}}), (HasUnits({}, (POT, day(3), 2)), {})),
        ((SlotFree({}, "a"), {"s0": {"S": "2026-11-24T04:15:30.000000Z 7"}}), (SlotFree({}, "b"), {})),
        ((WithinLimit({}, ("x", "1")), {"n": {"N": "2"}}), (WithinLimit({}, ("y", "1")), {"n": {"N": "4"}})),
        ((NobodyBefore({}, JAR), {}), (NobodyBefore({}, POT), {})),
    ]
    conflicts: list[Any] = []
    for failed in found:
        with pytest.raises(Conflict) as conflict:
            told(*failed)
        conflicts.append(conflict.value)
    short, slots, limited, waited = conflicts
    assert short.left == {SHARD: 1, (POT, day(3), 2): 0}
    assert ([*slots.tabs], slots.tabs["a"][0].order, slots.tabs["b"]) == (["a", "b"], "7", {})
    assert limited.had == {("x", "1"): 2, ("y", "1"): 4}
    assert waited.skus == {JAR, POT}


def test_an_order_that_exists_is_told_as_it_is() -> None:
    with pytest.raises(Exists) as exists:
        told(FAILURES[Exists])
    assert exists.value.order == make_order()


def test_where_nothing_refuses_it_the_next_try_knows_where_units_go() -> None:
    learned = Learned()
    told((NobodyWaits({}, JAR), {}), (BatchThere({}), {}), learned=learned)
    assert learned.waited == {JAR}
    told((OwesAsMuch({}, SHARD), {"units": {"N": "-3"}}), (SomebodyWaits({}, JAR), {}), learned=learned)
    assert (learned.waited, learned.debts) == (set(), {SHARD: 3})
    told((OwesAsMuch({}, SHARD), {"units": {"N": "2"}}), learned=learned)
    assert learned.debts == {SHARD: 0}


def test_what_refuses_is_told_before_anything_is_learned() -> None:
    learned = Learned()
    with pytest.raises(Short):
        told((NobodyWaits({}, JAR), {}), FAILURES[Short], learned=learned)
    assert learned.waited == set()
