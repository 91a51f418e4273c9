"""Races on a DynamoDB that is exact under concurrency. Each has a twin with its guard switched off, which must fail:
else the green test would only show that nothing happened at the same time.
"""

import json
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import Queue
from typing import Any

import msgspec
import pytest
from chalicelib.domain.conflicts import Stale
from chalicelib.domain.errors import LimitReached, ShopError, SoldOut, TooManyUnpaid
from chalicelib.domain.limits.pending import PHONE_MOST
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import TooFew
from chalicelib.services.drops import open_drop, tidy
from chalicelib.storage.store import Store

from tests.functions.helpers.crash_points import CrashPoints
from tests.functions.helpers.front import Front
from tests.functions.helpers.waiters import ask, confirm, join
from tests.functions.helpers.world import JAR, NOON, Carrier, World, day, make_body, make_catalog, make_key, make_table

BUYERS = 8
SHELF = f"{JAR}@evening"
IN_DROP = {"lines": [{"sku": JAR, "quantity": 1, "drop": "evening"}], "room": "kitchen"}
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
        self.single_write = "PutItem"
        """Which write of one item the race is about."""

    def process(self, meet: threading.Barrier | None = None) -> Front:
        client = self.make_client("dynamodb")
        waits = iter([meet] if meet else [])

        def before(params: dict[str, Any], **_: Any) -> None:
            if not self.guarded:
                unguard(params)
            for barrier in waits:
                barrier.wait(30)

        for operation in ("TransactWriteItems", self.single_write):
            client.meta.events.register(f"provide-client-params.dynamodb.{operation}", before)
        return self.world.process(make_catalog(), store=Store(client, self.table))

    def at_once(self, acts: list[Callable[[Front], Any]]) -> list[Any]:
        """Each act in a process of its own, all meeting before their first write; gives answers or refusals."""
        meet = threading.Barrier(len(acts))

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(lambda act: answer_of(act, self.process(meet)), acts))

    def overtaken(self, act: Callable[[Front], Any], meanwhile: Callable[[Front], Any]) -> Any:
        """The act in a process of its own; when it has read all and is about to write, another has done `meanwhile`."""
        shop = self.process()
        with CrashPoints(shop.store.table.client).at((1, "before"), lambda: meanwhile(self.world.shop)):
            return answer_of(act, shop)

    def differences(self) -> list[str]:
        return self.world.differences()

    def left(self, shelf: str = JAR) -> int:
        """Units left as the table has them, below zero where too many were sold."""
        return sum(batch.cap - batch.promised for batch in self.world.store.stock.declared(shelf, day(0)))

    def drop(self, units: int, limit: int = 0) -> None:
        """Opens a drop of so many jars, for half an hour from now."""
        make_drop(units, limit)(self.world.shop)

    def join(self, who: int, quantity: int = 1) -> str:
        """Has somebody wait for jars; gives the number of the place."""
        return join(self.world, who, quantity)

    def standings(self, *numbers: str) -> list[str]:
        return [waiter.state.value for number in numbers if (waiter := self.world.store.waitlist.load(number))]


def answer_of(act: Callable[[Front], Any], shop: Front) -> Any:
    """What the act gives, or the refusal that it meets."""
    try:
        return act(shop)
    except (ShopError, Stale, TooFew) as refusal:
        return refusal


def unguard(params: dict[str, Any]) -> None:
    """Takes the conditions out of a write, and the values that only they named."""
    if "TransactItems" in params:
        params["TransactItems"] = [item for item in params["TransactItems"] if "ConditionCheck" not in item]
    for action in [next(iter(item.values())) for item in params.get("TransactItems", [])] or [params]:
        condition = action.pop("ConditionExpression", "")
        values = action.get("ExpressionAttributeValues", {})
        for name in [name for name in values if name in condition and name not in action.get("UpdateExpression", "")]:
            del values[name]
        if not values:
            action.pop("ExpressionAttributeValues", None)


def buy(key: int, buyer: int | None = None, quantity: int = 1, **fields: Any) -> Callable[[Front], Any]:
    body = make_body(**{"buyer": key if buyer is None else buyer, "quantity": quantity, **fields})
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
    idle: Queue[Front] = Queue()
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
    race.single_write = write
    order = race.world.place(**buyer)
    race.world.later(931)
    race.at_once(
        [
            lambda shop: shop.handle_event("sandbox", *race.world.paid_event(order)),
            lambda shop: shop.workers(Carrier()).sweep.run(),
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
    race.single_write = write
    order = race.world.place(**buyer)
    booked: list[int] = []

    def handle_event(shop: Front) -> None:
        shop.store.table.client.meta.events.register(f"after-call.dynamodb.{write}", count_success)
        shop.handle_event("sandbox", *race.world.paid_event(order))

    def count_success(http_response: Any, **_: Any) -> None:
        if http_response.status_code == 200:
            booked.append(1)

    race.at_once([handle_event] * 2)
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


def make_drop(units: int, limit: int = 0) -> Callable[[Front], Any]:
    """Opens a drop of so many jars."""

    def act(shop: Front) -> None:
        now = shop.clock()
        drop = Drop("evening", JAR, "kitchen", 1990, units, now, now + timedelta(minutes=30), limit)
        open_drop(shop.catalog, shop.store, now, drop, rate=1)

    return act


def sweep(shop: Front) -> None:
    shop.workers(Carrier()).sweep.run()


def serve(shop: Front) -> None:
    shop.waitlist.serve([JAR])


def cancel(key: int) -> Callable[[Front], Any]:
    """The buyer cancels the order of this key."""

    def act(shop: Front) -> Any:
        [ticket] = shop.keys.tickets(make_key(key))
        return shop.cancel(ticket.number, ticket.token)

    return act


def sold_out(race: Race) -> Race:
    """The race with its only jar held by the order of key 0."""
    race.world.place(0)
    return race


def turn(race: Race, place: str, what: str) -> Callable[[Front], Any]:
    """What may become of an invitation; each "take" is with a key of its own, and by a clock of before its end."""

    def take(shop: Front) -> Any:
        race.world.now = NOON + timedelta(seconds=1)
        return shop.take(place, shop.keys.token(place), uuid.uuid4().hex, json.dumps(make_body()).encode())

    def lapse(shop: Front) -> None:
        waiter = shop.store.waitlist.load(place)
        assert waiter and waiter.until
        race.world.now = waiter.until
        shop.waitlist.lapse(waiter)

    def give_up(shop: Front) -> Any:
        return shop.give_up(place, shop.keys.token(place))

    return {"take": take, "lapse": lapse, "give up": give_up}[what]


@pytest.mark.parametrize("guarded", [True, False])
def test_one_buyer_who_taps_many_times_at_once_gets_what_one_buyer_may_have(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(50, guarded)
    race.drop(50, limit=1)
    answers = race.at_once([buy(key, buyer=0, **IN_DROP) for key in range(BUYERS)])
    placed = [answer for answer in answers if not isinstance(answer, LimitReached)]
    assert (len(placed), race.left(SHELF)) == ((1, 49) if guarded else (BUYERS, 50 - BUYERS))
    assert race.differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_the_last_unit_of_a_drop_is_sold_once(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(5, guarded)
    race.drop(1)
    answers = race.at_once([buy(key, **IN_DROP) for key in range(BUYERS)])
    sold = [answer for answer in answers if not isinstance(answer, SoldOut)]
    assert (len(sold), race.left(SHELF)) == ((1, 0) if guarded else (BUYERS, 1 - BUYERS))
    assert race.left() == 4


@pytest.mark.parametrize("guarded", [True, False])
def test_a_drop_takes_no_unit_that_an_order_took_meanwhile(make_race: MakeRace, guarded: bool) -> None:
    race = make_race(4, guarded)
    refusal = race.overtaken(make_drop(4), buy(1))
    assert isinstance(refusal, TooFew) is guarded
    assert (race.left(), race.left(SHELF)) == ((3, 0) if guarded else (-1, 4))


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda shop: tidy(shop.store, JAR, shop.clock()), id="seen as left"),
        pytest.param(sweep, id="seen as held"),
    ],
)
def test_what_comes_free_while_a_drop_that_is_over_is_taken_back_goes_back_once(
    make_race: MakeRace, act: Callable[[Front], Any], guarded: bool
) -> None:
    race = make_race(4, guarded)
    race.drop(4)
    race.world.place(**IN_DROP)
    race.world.later(1801)
    race.overtaken(act, sweep)
    sweep(race.world.shop)
    assert (race.left() == 4) is guarded
    assert not guarded or race.differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_two_who_serve_a_list_at_once_invite_one_to_the_unit_that_has_come(
    make_race: MakeRace, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The twin's numbers are such that it would never be done.
    monkeypatch.setattr("chalicelib.services.waitlist.MOST_TURNS", 3)
    race = sold_out(make_race(1, guarded))
    places = [race.join(who) for who in range(2)]
    race.world.stock(2, day(2))
    race.at_once([serve] * 2)
    assert bool(race.differences()) is not guarded
    assert not guarded or race.standings(*places) == ["invited", "waiting"]


@pytest.mark.parametrize("guarded", [True, False])
def test_two_who_confirm_at_once_are_offered_no_more_than_the_share_of_a_batch(
    make_race: MakeRace, guarded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.services.waitlist.MOST_TURNS", 3)
    race = sold_out(make_race(1, guarded))
    early, invited, late = ask(race.world, 0), race.join(1), ask(race.world, 2)
    race.world.stock(4, day(2))
    serve(race.world.shop)
    shop = race.process()
    with CrashPoints(shop.store.table.client).at((2, "before"), lambda: confirm(race.world, early)):
        answer_of(lambda shop: shop.place_in_line(late, shop.keys.token(late)), shop)
    [batch] = race.world.store.stock.declared(JAR, day(2))
    assert batch.offered == (2 if guarded else 3)
    assert race.standings(early, invited, late) == ["invited", "invited", "waiting" if guarded else "invited"]
    assert not guarded or race.differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_nobody_is_invited_before_another_whom_what_has_come_meanwhile_makes_it_fit(
    make_race: MakeRace, guarded: bool
) -> None:
    race = sold_out(make_race(1, guarded))
    places = [race.join(0, quantity=2), race.join(1)]
    race.world.stock(2, day(2))
    race.overtaken(serve, lambda _: race.world.stock(3, day(2)))
    assert race.standings(*places) == (["invited", "waiting"] if guarded else ["waiting", "invited"])


@pytest.mark.parametrize("guarded", [True, False])
def test_what_is_freed_while_the_first_one_joins_is_for_them(make_race: MakeRace, guarded: bool) -> None:
    race = sold_out(make_race(1, guarded))
    places: list[str] = []
    race.overtaken(cancel(0), lambda _: places.append(race.join(0)))
    assert race.standings(*places) == (["invited"] if guarded else ["waiting"])
    assert race.left() == (0 if guarded else 1)
    assert race.differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_a_walk_in_who_saw_nobody_wait_takes_no_hold_that_has_ended_since(make_race: MakeRace, guarded: bool) -> None:
    race = sold_out(make_race(1, guarded))
    race.world.later(929.8)
    walk_in = race.process()
    seen = walk_in.stock.look(JAR)
    place = race.join(0)
    race.world.later(0.5)
    walk_in.stock.views[JAR] = msgspec.structs.replace(seen, seen=race.world.now)  # it looked just before
    assert isinstance(answer_of(buy(1), walk_in), SoldOut) is guarded
    sweep(race.world.shop)
    assert race.standings(place) == (["invited"] if guarded else ["waiting"])


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize(
    ("act", "meanwhile"),
    [
        pytest.param("take", "lapse", id="taken in time, lapsed meanwhile"),
        pytest.param("lapse", "take", id="lapsed, taken by another process meanwhile"),
        pytest.param("take", "give up", id="taken, given up meanwhile"),
        pytest.param("give up", "take", id="given up, taken meanwhile"),
        pytest.param("take", "take", id="taken twice"),
        pytest.param("lapse", "give up", id="lapsed, given up meanwhile"),
    ],
)
def test_the_units_of_an_invitation_go_one_way(make_race: MakeRace, act: str, meanwhile: str, guarded: bool) -> None:
    race = sold_out(make_race(1, guarded))
    place = race.join(0)
    cancel(0)(race.world.shop)
    race.overtaken(turn(race, place, act), turn(race, place, meanwhile))
    claimed = [order.allocated.total() for order in race.world.store.orders.all()]
    went = {"take": ("taken", 1), "lapse": ("lapsed", 0), "give up": ("given_up", 0)}[meanwhile]
    assert ((*race.standings(place), sum(claimed)) == went and race.differences() == []) is guarded
