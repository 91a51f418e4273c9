"""The auditor on a table in process: it names what differs, and does not cry wolf while orders come in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chalicelib.services.audit import PASSES, Findings, audit
from chalicelib.storage.keys import Item
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.world import JAR, TODAY, World, day, make_order

MakeWorld = Callable[..., World]


def spoil(world: World, shard: int = 0, by: int = 1) -> None:
    """Changes a shard's units behind everybody's back."""
    world.client.update_item(
        TableName="shop",
        Key={"pk": {"S": f"stock#{JAR}#0"}, "sk": {"S": f"{day(2)}#{shard:03}"}},
        UpdateExpression="SET units = units + :by",
        ExpressionAttributeValues={":by": {"N": str(by)}},
    )


@pytest.mark.parametrize("by", [1, -1])
def test_a_shard_that_disagrees_with_the_orders_is_named(make_world: MakeWorld, by: int) -> None:
    world = make_world()
    world.stock(9, day(2), shards=3)
    world.place(quantity=2)
    spoil(world, 1, by)
    [line] = audit(world.store, TODAY).differences
    assert line.startswith(f"{JAR} {day(2)} shard 1: share 3, left ")


def test_an_order_that_claims_of_a_shard_that_is_not_there_is_named(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place()
    world.client.delete_item(TableName="shop", Key={"pk": {"S": f"stock#{JAR}#0"}, "sk": {"S": f"{day(2)}#000"}})
    assert audit(world.store, TODAY).differences == [
        f"{JAR} {day(2)} shard 0: orders claim 1 of a shard that is not there"
    ]


def test_more_on_sale_than_was_declared_is_named(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    [batch] = world.store.stock.declared(JAR, day(2))
    world.store.stock.declare(JAR, day(2), batch, cap=3)
    assert audit(world.store, TODAY).differences == [f"{JAR} {day(2)}: 3 declared, 0 promised, and yet 5 to be sold"]
    world.sweep()
    assert audit(world.store, TODAY).differences == []


def busily(world: World, each_scan: Callable[[], None]) -> None:
    """Has something happen in the middle of every scan: behind the orders, before the stock."""
    scan = world.store.everything

    def everything() -> Iterator[Item]:
        found = sorted(scan(), key=lambda item: item["sk"]["S"] != "order")
        orders = [item for item in found if item["sk"]["S"] == "order"]
        yield from orders
        each_scan()
        yield from [item for item in scan() if item["sk"]["S"] != "order"]

    world.store.everything = everything  # type: ignore[method-assign]


def test_orders_that_come_in_while_it_looks_are_no_difference(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    coming: Iterator[Any] = iter([0])
    busily(world, lambda: [world.place(key) for key in coming] and None)
    assert audit(world.store, TODAY) == Findings([], [])


def test_a_shard_that_moves_all_the_while_is_not_judged_and_said_to_be_so(make_world: MakeWorld) -> None:
    world = make_world({day(2): 50})
    keys = iter(range(99))
    busily(world, lambda: world.place(next(keys)) and None)
    assert audit(world.store, TODAY) == Findings([], [f"stock#{JAR}#0 {day(2)}#000"])
    assert next(keys) == PASSES + 1


def test_a_true_difference_is_found_among_shards_that_move(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(40, day(2), shards=2)
    spoil(world, 0)
    world.shop.stock.turn = lambda: 1
    keys = iter(range(99))
    busily(world, lambda: world.place(next(keys)) and None)
    found = audit(world.store, TODAY)
    assert (len(found.differences), found.moving) == (1, [f"stock#{JAR}#0 {day(2)}#001"])


def test_looking_changes_nothing(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.store.commit(Transaction().create(make_order()))
    spoil(world)
    world.calls.clear()
    audit(world.store, TODAY)
    assert {*world.calls} == {"Scan", "GetItem", "Query"}
