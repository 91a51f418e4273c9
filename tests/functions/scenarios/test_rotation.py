"""A rotation of the stage's secret, step by step, while processes of the step before still run: no order is lost or
doubled, whichever of them hears of a key first."""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from chalicelib.domain.keys import Keys
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.front import Front
from tests.functions.helpers.world import SECRET, World, day, make_body, make_catalog, make_key

NEW = "n" * 40
BEFORE = Keys(SECRET, old=("o" * 40,))
ANNOUNCED = BEFORE.announced(NEW)
AFTER = ANNOUNCED.promoted()
STEPS = (BEFORE, ANNOUNCED, AFTER, AFTER.announced("m" * 40))
MakeWorld = Callable[..., World]


def processes(world: World, keys: Sequence[Keys]) -> list[Front]:
    return [world.process(make_catalog(), one) for one in keys]


def ask(shop: Front) -> dict[str, Any]:
    return shop.place(make_key(), json.dumps(make_body()).encode())


@pytest.mark.parametrize("step", [*pairwise(STEPS)], ids=["announcing", "promoting", "the next rotation"])
@pytest.mark.parametrize("first", [0, 1], ids=["the old process first", "the new process first"])
def test_a_key_that_an_old_and_a_new_process_hear_is_one_order(
    make_world: MakeWorld, step: tuple[Keys, Keys], first: int
) -> None:
    world = make_world({day(2): 5})
    shops = processes(world, step)
    shops = [shops[first], shops[1 - first]]
    told = [ask(shop) for shop in (*shops, *shops)]
    assert {(one["order"], one["token"]) for one in told} == {(told[0]["order"], told[0]["token"])}
    assert [one["state"] for shop in shops for one in [shop.order(told[0]["order"], told[0]["token"])]] == [
        "awaiting_payment"
    ] * 2, "its link opens it in both"
    assert (world.left(), len([*world.store.orders.all()])) == (4, 1)


@pytest.mark.parametrize("step", [*pairwise(STEPS)], ids=["announcing", "promoting", "the next rotation"])
def test_a_key_that_both_hear_in_the_same_moment_is_one_order(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch, step: tuple[Keys, Keys]
) -> None:
    """The other process sells between what this one reads and what it writes."""
    world = make_world({day(2): 5})
    shop, other = processes(world, step)
    commit, told = world.store.commit, []

    def interrupted(transaction: Any) -> None:
        if not told:
            told.append({})
            told[0] |= ask(other)
        commit(transaction)

    monkeypatch.setattr(world.store, "commit", interrupted)
    mine = ask(shop)
    assert mine["order"] == told[0]["order"]
    assert (world.left(), len([*world.store.orders.all()])) == (4, 1)


def test_without_the_announcement_an_old_process_sells_the_key_again(make_world: MakeWorld) -> None:
    """What the announcement is for: this is what a secret that is replaced in one step does."""
    world = make_world({day(2): 5})
    old, new = processes(world, (BEFORE, AFTER))
    assert ask(new)["order"] != ask(old)["order"]
    assert world.left() == 3


def test_an_old_process_has_to_know_a_new_secret_before_it_is_used() -> None:
    assert ANNOUNCED.tickets(make_key())[0] == BEFORE.tickets(make_key())[0]
    assert {one.number for one in AFTER.tickets(make_key())} == {one.number for one in ANNOUNCED.tickets(make_key())}


@given(st.lists(st.sampled_from(["announce", "promote"]), max_size=8))
def test_a_rotation_that_is_cut_off_anywhere_goes_on_where_it_was(steps: list[str]) -> None:
    keys = BEFORE
    for count, step in enumerate(steps):
        before = keys
        keys = keys.announced(f"{count:040}") if step == "announce" else keys.promoted()
        known = {ticket.number for ticket in before.tickets(make_key())}
        assert known <= {ticket.number for ticket in keys.tickets(make_key())}, "no secret is ever forgotten"
        assert keys.tickets(make_key())[0].number in known, "nothing is made of what was not announced before"
