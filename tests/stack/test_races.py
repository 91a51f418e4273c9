"""Races on a DynamoDB that is exact under concurrency. Each has a twin with its guard switched off, which must fail:
else the green test would only show that nothing happened at the same time.
"""

import json
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import Any

import pytest
from chalicelib.errors import SoldOut, TooManyUnpaid
from chalicelib.outbox import Outbox
from chalicelib.shop import Shop
from chalicelib.store import Store
from chalicelib.unpaid import PHONE_MOST

from tests.functions.world import JAR, Carrier, World, day, make_body, make_catalog, make_key, make_table

BUYERS = 8
MakeRace = Callable[..., "Race"]
BOOKED = pytest.mark.parametrize(
    ("buyer", "write"),
    [
        pytest.param({}, "UpdateItem", id="booked unread"),
        pytest.param({"email": "wang@example.com"}, "PutItem", id="booked with a letter"),
    ],
)


class Race:
    """A shop whose every process has a client of its own, held where reading is over and writing begins."""

    def __init__(self, make_client: Callable[[str], Any], units: int, guarded: bool, shards: int = 1) -> None:
        self.make_client, self.guarded = make_client, guarded
        self.table = make_table(make_client("dynamodb"), f"race-{uuid.uuid4().hex[:12]}")
        self.world = World(client=make_client("dynamodb"), table=self.table)
        self.world.stock(units, day(2), shards=shards)
        self.alone = "PutItem"
        """Which write of one item the race is about."""

    def process(self, meet: threading.Barrier | None = None) -> Shop:
        client = self.make_client("dynamodb")
        waits = iter([meet] if meet else [])

        def before(params: dict[str, Any], **_: Any) -> None:
            if not self.guarded:
                unguard(params)
            for barrier in waits:
                barrier.wait(30)

        for operation in ("TransactWriteItems", self.alone):
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", before)
        return self.world.process(make_catalog(), store=Store(client, self.table))

    def at_once(self, acts: list[Callable[[Shop], Any]]) -> list[Any]:
        """Each act in a process of its own, all meeting before their first write; gives answers or refusals."""
        meet = threading.Barrier(len(acts))

        def run(act: Callable[[Shop], Any]) -> Any:
            try:
                return act(self.process(meet))
            except (SoldOut, TooManyUnpaid) as refusal:
                return refusal

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(run, acts))

    def differences(self) -> list[str]:
        return self.world.differences()

    def left(self) -> int:
        """Units left as the table has them, below zero where too many were sold."""
        return sum(batch.cap - batch.promised for batch in self.world.store.declared(JAR, day(0)))


def unguard(params: dict[str, Any]) -> None:
    """Takes the conditions out of a write, and the values that only they named."""
    for action in [next(iter(item.values())) for item in params.get("TransactItems", [])] or [params]:
        condition = action.pop("ConditionExpression", "")
        values = action.get("ExpressionAttributeValues", {})
        for name in [name for name in values if name in condition and name not in action.get("UpdateExpression", "")]:
            del values[name]
        if not values:
            action.pop("ExpressionAttributeValues", None)


def buy(key: int, buyer: int | None = None, quantity: int = 1) -> Callable[[Shop], Any]:
    body = make_body(buyer=key if buyer is None else buyer, quantity=quantity)
    return lambda shop: shop.place(make_key(key), json.dumps(body).encode())


@pytest.fixture
def make_race(make_client: Callable[[str], Any]) -> MakeRace:
    """Makes a race with so many units, guarded or not, over one shard or more."""
    return lambda units, guarded, shards=1: Race(make_client, units, guarded, shards)


@pytest.mark.parametrize("guarded", [True, False])
def test_the_last_unit_is_sold_once(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(1, guarded)
    answers = race.at_once([buy(key) for key in range(BUYERS)])
    sold = [answer for answer in answers if not isinstance(answer, SoldOut)]
    assert (len(sold), race.left()) == ((1, 0) if guarded else (BUYERS, 1 - BUYERS))


@pytest.mark.parametrize("guarded", [True, False])
def test_the_last_units_are_sold_once_wherever_they_lie(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(3, guarded, shards=9)
    answers = race.at_once([buy(key, quantity=1 + key % 2) for key in range(BUYERS)])
    sold = [answer for answer in answers if not isinstance(answer, SoldOut)]
    units = sum(line["quantity"] for answer in sold for line in answer["lines"])
    assert (units, race.left()) == ((3, 0) if guarded else (12, -9))
    assert not guarded or race.differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_a_crowd_at_several_processes_buys_what_there_is_and_no_more(make_race: MakeRace, guarded: bool) -> None:
    """What the surge over HTTP does, with a twin, which no setting of the deployed functions could make."""
    race = make_race(20, guarded, shards=4)
    idle: Queue[Shop] = Queue()
    for _ in range(BUYERS):
        idle.put(race.process())

    def served(key: int) -> bool:
        shop = idle.get()
        try:
            return bool(buy(key)(shop))
        except SoldOut:
            return False
        finally:
            idle.put(shop)

    with ThreadPoolExecutor(BUYERS) as pool:
        sold = sum(pool.map(served, range(60)))
    assert (sold == 20 and race.left() == 0) if guarded else (sold > 20 and race.left() < 0)
    assert not guarded or race.differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_one_phone_that_orders_many_times_at_once_holds_no_more_than_it_may(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(50, guarded)
    answers = race.at_once([buy(key, buyer=0) for key in range(BUYERS)])
    placed = [answer for answer in answers if not isinstance(answer, TooManyUnpaid)]
    held = PHONE_MOST if guarded else BUYERS
    assert (len(placed), race.left()) == (held, 50 - held)


@pytest.mark.parametrize("guarded", [True, False])
def test_one_key_sent_many_times_at_once_makes_one_order(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(50, guarded)
    answers = race.at_once([buy(1)] * BUYERS)
    assert len({answer["order"] for answer in answers}) == 1
    assert race.left() == (49 if guarded else 50 - BUYERS)
    assert bool(race.differences()) is not guarded


@pytest.mark.parametrize("guarded", [True, False])
@BOOKED
def test_a_payment_and_the_end_of_the_hold_at_once_leave_units_and_money_agreeing(
    make_race: MakeRace, guarded: bool, buyer: dict[str, str], write: str
) -> None:
    race = make_race(1, guarded)
    race.alone = write
    order = race.world.place(**buyer)
    race.world.later(931)
    race.at_once(
        [
            lambda shop: shop.hear("sandbox", *race.world.paid_event(order)),
            lambda shop: Outbox(shop, Carrier()).sweep(),
        ]
    )
    agree = race.world.see(order)["state"] == "paid" and race.differences() == []
    assert agree is guarded, "unguarded, the money or the unit is lost, whichever wrote last"


@pytest.mark.parametrize("guarded", [True, False])
@BOOKED
def test_two_events_of_one_payment_at_once_book_it_once(
    make_race: MakeRace, guarded: bool, buyer: dict[str, str], write: str
) -> None:
    race = make_race(5, guarded)
    race.alone = write
    order = race.world.place(**buyer)
    booked: list[int] = []

    def hear(shop: Shop) -> None:
        shop.store.table.client.meta.events.register(f"after-call.dynamodb.{write}", count_success)
        shop.hear("sandbox", *race.world.paid_event(order))

    def count_success(http_response: Any, **_: Any) -> None:
        if http_response.status_code == 200:
            booked.append(1)

    race.at_once([hear] * 2)
    assert len(booked) == (1 if guarded else 2)
    assert race.world.see(order)["state"] == "paid"


@pytest.mark.parametrize("guarded", [True, False])
def test_two_who_take_over_one_ended_hold_do_not_both_get_its_unit(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(1, guarded)
    race.world.place(0)
    race.world.later(931)
    answers = race.at_once([buy(key) for key in (1, 2)])
    sold = [answer for answer in answers if not isinstance(answer, SoldOut)]
    assert len(sold) == (1 if guarded else 2)
    assert bool(race.differences()) is not guarded or race.left() < 0
