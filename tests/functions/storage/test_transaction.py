"""The table under faults that no emulator makes: conflicts, throttles, lost answers, a table that is away.

They are injected where botocore calls, as DynamoDB would answer; see its documentation of TransactWriteItems.
"""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from chalicelib.domain.conflicts import Exists, Stale
from chalicelib.domain.errors import Busy, SoldOut
from chalicelib.domain.orders.model import OrderLine, State
from chalicelib.domain.stock.promise import Part
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.faults import cancelled, error, meets
from tests.functions.helpers.world import JAR, World, day, make_body, make_catalog, make_client, make_key, make_order

MakeWorld = Callable[..., World]


@pytest.mark.parametrize(
    "fault",
    [
        cancelled("TransactionConflict", "None"),
        cancelled("None", "TransactionConflict"),
        cancelled("ConditionalCheckFailed", "TransactionConflict"),
        cancelled("ThrottlingError", "None"),
        error("TransactionInProgressException"),
        error("ProvisionedThroughputExceededException"),
        error("ThrottlingException"),
        EndpointConnectionError(endpoint_url="http://table"),
    ],
    ids=str,
)
def test_a_conflict_or_throttle_is_retried_in_place_and_claims_once(
    make_world: MakeWorld, fault: dict[str, Any] | Exception
) -> None:
    world = make_world({day(2): 5})
    calls = meets(world, "TransactWriteItems", [fault, fault])
    world.place()
    assert len(calls) == 3
    assert world.left() == 4


def test_a_conflict_that_lasts_is_told_as_busy_and_the_same_key_finds_the_truth(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    process = world.process(make_catalog(), store=Store(make_client(), "shop"))
    meets(world, "TransactWriteItems", [cancelled("TransactionConflict", "None")] * 9999)
    with pytest.raises(Busy):
        world.place()
    assert world.left() == 5
    assert process.place(make_key(), json.dumps(make_body()).encode())["state"] == "awaiting_payment"
    assert world.place()["state"] == "awaiting_payment"
    assert world.left() == 4


def test_an_answer_that_was_lost_after_the_write_still_gives_the_order_once(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    lost = iter([True])

    def lose(**_: Any) -> None:
        if next(lost, False):
            raise ReadTimeoutError(endpoint_url="http://table")

    world.client.meta.events.register("after-call.dynamodb.TransactWriteItems", lose)
    order = world.place()
    assert order == world.place()
    assert world.left() == 4


def test_a_failed_condition_is_final(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    world.left()
    world.process(make_catalog()).place(make_key(9), json.dumps(make_body(buyer=9)).encode())
    calls = meets(world, "TransactWriteItems", [])
    with pytest.raises(SoldOut):
        world.place()
    assert len(calls) == 1


def test_a_table_that_is_away_is_told_as_busy_and_not_as_a_fault(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    meets(world, "GetItem", [EndpointConnectionError(endpoint_url="http://table")] * 9999)
    with pytest.raises(Busy):
        world.services.availability.ready()


def test_an_order_that_another_has_changed_is_not_written_over(make_world: MakeWorld) -> None:
    world = make_world()
    order = make_order(State.CANCELLED)
    world.store.commit(Transaction().create(order))
    world.store.commit(Transaction().save(order, msgspec.structs.replace(order, version=2)))
    with pytest.raises(Stale):
        world.store.commit(Transaction().save(order, msgspec.structs.replace(order, version=2, room="x")))


def test_an_order_that_must_be_absent_under_an_older_secret_stops_the_new_one(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    older = make_order(number="2" * 20)
    world.store.commit(Transaction().create(older))
    with pytest.raises(Exists) as exists:
        world.store.commit(Transaction().create(make_order()).must_not_exist(older.number))
    assert exists.value.order == older


def test_an_order_reads_back_as_it_was_written(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    order = make_order(email="wang@example.com", room="cabbage-1")
    world.store.commit(Transaction().create(order))
    assert world.store.orders.load(order.number) == order


def test_a_new_order_of_one_line_stays_within_one_kilobyte_and_so_one_write_unit(make_world: MakeWorld) -> None:
    world = make_world({day(2): 5})
    world.place(email="wang.xiaoming@example.com", room="cabbage-1")
    [item] = [item for item in world.client.scan(TableName="shop")["Items"] if item["sk"]["S"] == "order"]
    size = sum(len(name) + len(next(iter(value.values())).encode()) for name, value in item.items())
    assert size <= 1024


def test_a_batch_over_several_shards_sells_its_last_unit_wherever_it_lies(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(7, day(2), shards=4)
    for key in range(3):
        world.place(key, quantity=2)
    world.place(3, quantity=1)
    assert world.left() == 0
    assert world.differences() == []


def test_a_line_gathered_from_several_shards_gives_all_of_them_back(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(4, day(2), shards=4)
    order = world.place(quantity=4)
    assert world.left() == 0
    world.shop.cancel(order["order"], order["token"])
    assert world.left() == 4


def test_units_move_only_with_the_order_that_claims_them(make_world: MakeWorld) -> None:
    world = make_world({day(2): 1})
    wanted = (OrderLine(JAR, 2, 2990, (Part(day(2), 0, 2),)),)
    with pytest.raises(Exception, match="too few"):
        world.store.commit(Transaction().create(make_order(lines=wanted)))
    assert [*world.store.orders.all()] == []
