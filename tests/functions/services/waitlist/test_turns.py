"""Turns: what comes back goes to who waits, becomes an order or goes on."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import pytest
from chalicelib.domain.errors import (
    Invalid,
    InvitationOver,
    LimitReached,
    SoldOut,
)
from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import LASTS
from chalicelib.storage.stock.shards import move_kept
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.waiters import give_up, join, states, take, waiter
from tests.functions.helpers.world import JAR, MakeWorld, World, day
from tests.functions.services.waitlist.places import expire, opened


def test_what_comes_back_goes_to_who_waits_and_not_to_a_walk_in(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    assert states(sold, number) == ["invited"]
    assert sold.left() == 0
    with pytest.raises(SoldOut):
        sold.place(50)
    assert sold.differences() == []


def test_an_invitation_becomes_an_order_with_its_own_units(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    order = take(sold, number)
    assert (order["state"], order["ship_by"], order["total"]) == ("awaiting_payment", day(2), 2990)
    assert take(sold, number) == order, "the same key gives the same order"
    assert states(sold, number) == ["taken"]
    with pytest.raises(InvitationOver):
        take(sold, number, key=901)
    assert (sold.left(), sold.differences()) == (0, [])


def test_fewer_than_invited_may_be_taken_and_the_rest_goes_on(sold: World) -> None:
    first, second = join(sold, 0, quantity=3), join(sold, 1)
    for key in range(3):
        sold.shop.cancel(*opened(sold, key))
    assert states(sold, first, second) == ["waiting", "invited"], "one unit fits the second alone"
    assert sold.left() == 2, "and two fit nobody who waits"
    give_up(sold, second)
    assert states(sold, first) == ["invited"], "with the third it fits the first"
    with pytest.raises(Invalid, match="1 to 3"):
        take(sold, first, quantity=4)
    take(sold, first, quantity=1)
    assert (sold.left(), sold.differences()) == (2, [])


def test_an_invitation_ends_and_the_next_in_line_is_invited(sold: World) -> None:
    first, second = join(sold, 0), join(sold, 1)
    sold.shop.cancel(*opened(sold, 0))
    assert states(sold, first, second) == ["invited", "waiting"]
    assert waiter(sold, first).until == sold.now + LASTS * timedelta(seconds=900)
    sold.later(LASTS * 900)
    for _ in range(2):
        with pytest.raises(InvitationOver) as refusal:
            take(sold, first)
        assert refusal.value.until == waiter(sold, first).until
        sold.sweep()
    assert states(sold, first, second) == ["lapsed", "invited"]
    assert sold.differences() == []


def test_when_nobody_waits_any_more_what_comes_back_is_on_sale(sold: World) -> None:
    number = join(sold)
    sold.shop.cancel(*opened(sold, 0))
    give_up(sold, number)
    assert give_up(sold, number)["state"] == "given_up"
    with pytest.raises(InvitationOver) as refusal:
        take(sold, number)
    assert refusal.value.until is None, "it would still run, had it not been given up"
    assert (sold.left(), sold.differences()) == (1, [])


def test_a_waiter_may_leave_before_the_turn_comes(sold: World) -> None:
    first, second = join(sold, 0), join(sold, 1)
    give_up(sold, first)
    sold.shop.cancel(*opened(sold, 0))
    assert states(sold, first, second) == ["given_up", "invited"]


def test_who_would_take_fewer_gets_what_there_is(sold: World) -> None:
    number = join(sold, quantity=3, fewer=True)
    sold.shop.cancel(*opened(sold, 0))
    assert (states(sold, number), waiter(sold, number).units) == (["invited"], 1)


def test_holds_that_end_go_to_who_waits(sold: World) -> None:
    numbers = [join(sold, who) for who in range(3)]
    expire(sold)
    assert states(sold, *numbers) == ["invited", "invited", "waiting"]
    assert (sold.left(), sold.differences()) == (2, []), "half of the batch is for walk-ins"


def test_a_walk_in_gets_no_ended_hold_while_people_wait(sold: World) -> None:
    join(sold, quantity=4)
    sold.later(931)
    with pytest.raises(SoldOut):
        sold.place(50)
    sold.sweep()
    assert sold.differences() == []


def just_saved(transaction: Transaction, ended: Iterable[tuple[Order, Order]]) -> Transaction:
    """Ends holds for a walk-in, whoever waits for what they free."""
    for before, after in ended:
        transaction.save(before, after)
    return transaction


def test_a_walk_in_whose_view_is_from_before_gets_no_ended_hold_either(sold: World) -> None:
    """The twin shows that it would have: the condition of the transaction alone stops it."""
    other = World(client=sold.client, table=sold.store.table.name)
    sold.later(929.8)
    other.now = sold.now
    before = other.shop.stock.look(JAR)
    join(sold, quantity=4)
    other.later(0.5)
    other.shop.stock.views[JAR] = msgspec.structs.replace(before, seen=other.now)
    with pytest.raises(SoldOut):
        other.place(50)
    assert other.differences() == []
    with pytest.MonkeyPatch.context() as unguarded:
        unguarded.setattr(Transaction, "take_over", just_saved)
        unguarded.setattr("chalicelib.storage.transaction.nobody_waits", lambda sku: move_kept(sku, day(2), 0))
        other.shop.stock.views[JAR] = msgspec.structs.replace(before, seen=other.now)
        other.shop.stock.dry.clear()
        other.place(50)


def test_a_late_payer_is_a_walk_in(sold: World) -> None:
    number = join(sold, quantity=4)
    expire(sold)
    assert states(sold, number) == ["invited"]
    late = opened(sold, 0)
    sold.shop.act(late[0], b'{"act": "pay"}')
    sold.settle()
    assert sold.shop.order(*late)["state"] == "refunded"
    assert sold.differences() == []


def test_who_has_had_enough_of_a_batch_may_not_take_more_of_it_by_an_invitation(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2}, per_buyer=1)
    for key in range(2):
        world.place(key)
    number = join(world)
    world.shop.cancel(*opened(world, 0))
    with pytest.raises(LimitReached) as refusal:
        take(world, number, buyer=1)
    assert [(fault.pointer, fault.limit) for fault in refusal.value.faults] == [("/lines/0", 1)]
    take(world, number, buyer=0)
    assert world.differences() == []


def test_of_an_invitation_over_two_batches_that_is_taken_of_which_the_buyer_has_nothing(make_world: MakeWorld) -> None:
    world = make_world({day(2): 2, day(3): 1}, per_buyer=1)
    for key in range(3):
        world.place(key)
    number = join(world, quantity=2)
    for key in (0, 2):
        world.shop.cancel(*opened(world, key))
    assert [(part.ship_by, part.quantity) for part in waiter(world, number).parts] == [(day(2), 1), (day(3), 1)]
    assert take(world, number, buyer=1)["ship_by"] == day(3)
    assert world.differences() == []
