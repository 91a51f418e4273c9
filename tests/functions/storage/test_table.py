"""Calls under contention, by a clock that only pauses move: what is repeated, for how long, and what is found later."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from chalicelib.domain.errors import Busy, SoldOut
from chalicelib.services.audit import audit
from chalicelib.storage import table
from chalicelib.storage.table import FIRST_PAUSE, LONGEST_PAUSE, Table

from tests.functions.helpers.faults import cancelled, error, meets
from tests.functions.helpers.world import JAR, TODAY, World, day, make_body, make_catalog, make_client, make_key

MakeWorld = Callable[..., World]
CONFLICT = cancelled("TransactionConflict", "None")


class Time:
    """Stands still but for pauses, which it keeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The table's own time."""
    found = Time()
    monkeypatch.setattr(table, "time", found)
    return found


def test_pauses_are_drawn_at_random_below_a_limit_that_doubles(make_world: MakeWorld, time: Time) -> None:
    world = make_world({day(2): 5})
    world.store.table.budget = 4.0
    meets(world, "TransactWriteItems", [CONFLICT] * 9999)
    with pytest.raises(Busy):
        world.place()
    limits = [min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE) for tries in range(len(time.pauses))]
    assert all(0 <= pause <= limit for pause, limit in zip(time.pauses, limits, strict=True))
    assert len({round(pause, 6) for pause in time.pauses}) > len(time.pauses) // 2, "no two shoppers come back in step"
    assert sum(time.pauses) <= 4.0


def test_all_calls_of_a_request_share_one_budget(make_world: MakeWorld, time: Time) -> None:
    world = make_world({day(2): 5})
    world.store.table.budget = 1.0
    order = world.place(email="wang@example.com")
    for operation in ("UpdateItem", "GetItem", "PutItem"):
        meets(world, operation, [error("ThrottlingException")] * 8)
    world.store.begin()
    with pytest.raises(Busy):
        world.shop.handle_event("sandbox", *world.paid_event(order))
    assert sum(time.pauses) <= 1.0
    seen = None
    while seen != "paid":  # what is left of the throttles falls to these, by chance to one or to several
        world.store.begin()
        with suppress(Busy):
            world.shop.handle_event("sandbox", *world.paid_event(order))
            seen = world.see(order)["state"]


@pytest.mark.parametrize(
    "code",
    [
        "TransactionInProgressException",
        "TransactionConflictException",
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "InternalServerError",
    ],
)
@pytest.mark.parametrize("operation", ["put_item", "update_item", "get_item", "query", "transact_write_items"])
def test_what_passes_by_itself_is_repeated_whatever_the_call(time: Time, operation: str, code: str) -> None:
    answers = iter([error(code), error(code), {}])

    class Client:
        """DynamoDB, which is busy twice."""

        def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
            def call(**_: Any) -> dict[str, Any]:
                answer = next(answers)
                if answer:
                    from botocore.exceptions import ClientError

                    raise ClientError(answer, name)
                return answer

            return call

    assert Table(Client(), "shop").call(operation) == {}
    assert len(time.pauses) == 2


def test_a_condition_that_failed_beside_a_conflict_is_tried_again_and_alone_is_final(
    make_world: MakeWorld, time: Time
) -> None:
    world = make_world({day(2): 1})
    calls = meets(world, "TransactWriteItems", [cancelled("ConditionalCheckFailed", "None", "TransactionConflict")] * 3)
    world.place()
    assert len(calls) == 4
    assert world.left() == 0


LATER = [timedelta(0), timedelta(minutes=11), timedelta(days=3)]


@pytest.mark.parametrize("later", LATER, ids=str)
@pytest.mark.parametrize("sold", [True, False], ids=["still sold", "gone from the catalogue"])
def test_a_key_that_was_answered_with_busy_finds_the_order_that_was_written_all_the_same(
    make_world: MakeWorld, time: Time, later: timedelta, sold: bool
) -> None:
    """The write went through and no answer came back for as long as the budget lasted."""
    world = make_world({day(2): 1})

    def lose(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="http://table")

    for operation in ("TransactWriteItems", "GetItem"):
        world.client.meta.events.register(f"after-call.dynamodb.{operation}", lose)
    with pytest.raises(Busy):
        world.place()
    for operation in ("TransactWriteItems", "GetItem"):
        world.client.meta.events.unregister(f"after-call.dynamodb.{operation}", lose)
    world.now += later
    world.sweep()
    catalog = make_catalog() if sold else make_catalog(prices={"corn-noodles": 990})
    process = world.process(catalog)
    body = json.dumps(make_body()).encode()
    found = [process.place(make_key(), body) for _ in range(2)]
    [order] = world.store.orders.all()
    assert [answer["order"] for answer in found] == [order.number] * 2
    assert found[0]["state"] == ("awaiting_payment" if not later.days else "expired")
    assert world.differences() == []


@pytest.mark.parametrize("later", LATER, ids=str)
def test_a_key_that_was_answered_with_busy_and_wrote_nothing_is_placed_when_it_comes_again(
    make_world: MakeWorld, time: Time, later: timedelta
) -> None:
    world = make_world({day(4): 1})
    faults = [ConnectTimeoutError(endpoint_url="http://table")] * 400
    meets(world, "TransactWriteItems", [*faults])
    with pytest.raises(Busy):
        world.place()
    assert world.left() == 1
    world.now += later
    order = world.process(make_catalog(), store=type(world.store)(make_client(), "shop")).place(
        make_key(), json.dumps(make_body()).encode()
    )
    assert (order["state"], world.left()) == ("awaiting_payment", 0)


def test_sold_out_is_said_only_after_a_second_look_where_shards_are_read_one_after_another(
    make_world: MakeWorld,
) -> None:
    """A unit comes back to a shard that has been read, and the last unit of another goes before it is."""
    world = make_world()
    world.stock(9, day(2), shards=9)
    turns = iter(range(8))
    world.shop.stock.turn = lambda: next(turns, 0)
    first, *_ = [world.place(key) for key in range(8)]
    [batch] = world.store.stock.declared(JAR, day(2))
    assert [shard for shard, share in batch.shares.items() if share.left] == [8], "alone in the second partition"
    other = world.process(make_catalog())
    moved: list[int] = []

    def meanwhile(params: dict[str, Any], **_: Any) -> None:
        if params["ExpressionAttributeValues"].get(":pk") == {"S": f"stock#{JAR}#1"} and not moved:
            moved.append(1)
            other.place(make_key(8), json.dumps(make_body(buyer=8)).encode())
            other.cancel(first["order"], first["token"])

    world.client.meta.events.register("provide-client-params.dynamodb.Query", meanwhile)
    world.later(1)
    assert world.place(9)["state"] == "awaiting_payment"
    assert moved
    assert (world.left(), audit(world.store, TODAY).differences) == (0, [])


def test_once_it_is_sold_out_refusals_write_nothing_and_for_a_second_ask_nothing(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(4, day(2), shards=4)
    world.place(0, quantity=4)
    with pytest.raises(SoldOut):
        world.place(1)
    world.calls.clear()
    for key in range(2, 30):
        with pytest.raises(SoldOut):
            world.place(key)
    asked_for_a_key = ["GetItem"] * 28
    assert world.calls == asked_for_a_key, "a refusal looks only whether its key has made an order before"
    world.later(1.1)
    with pytest.raises(SoldOut):
        world.place(99)
    assert not {"TransactWriteItems", "UpdateItem", "PutItem"} & {*world.calls}
