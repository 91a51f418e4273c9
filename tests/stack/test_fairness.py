"""A crowd at a drop, and a crowd at a waitlist, over HTTP on the whole local stack.

Nobody gets more than is theirs, and nobody before their turn. Each test sells a SKU of its own.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.waitlist import Waiter, WaiterState, Wish
from chalicelib.services.drops import end_drop
from chalicelib.services.stage import utc_now
from chalicelib.storage.aggregates import put
from chalicelib.storage.keys import Item
from chalicelib.storage.stock.batches import new_batch
from cunbo.bench.orders import keys_of
from cunbo.load.surge import Surge, order_of, results
from cunbo.load.verify import SurgeStock, drop_of
from cunbo.operations.stock import today

from tests.conftest import RunningShop
from tests.functions.helpers.world import JAR, NOON, day, make_order
from tests.stack.helpers import age, call, invoke
from tests.stack.replay import Replay, Stream

FUNGUS, GINSENG = "black-fungus-500g", "fresh-ginseng-100g"
AT_ONCE = 8


def test_a_drop_gives_each_buyer_one_unit_however_often_they_tap_and_what_is_unpaid_comes_back_once(
    own_shop: RunningShop,
) -> None:
    offered = SurgeStock(own_shop.operations, own_shop.stack.catalog, {FUNGUS: 100})
    drop = drop_of(FUNGUS, 100, limit=1)
    offered.open(own_shop.stack.catalog, drop, rate=100)
    visits = Surge(
        own_shop.url, (FUNGUS,), shoppers=240, taps=5, twice=0.2, paying=0.5, drop=drop.id, room=drop.room
    ).run()
    assert {len(answer.statuses) for answer in results(visits)} == {1}, "with nothing in the way, every send is decided"
    check = offered.verify(visits)
    assert check.faults() == []
    assert (check.buyers, len(check.orders)) == (100, 100)
    assert shelf(own_shop, drop.shelf) == Counter(cap=100, promised=100, sellable=0)

    unpaid = [order for order in check.orders if order.state is State.AWAITING_PAYMENT]
    end_drop(own_shop.operations.store, utc_now(), FUNGUS, drop.id)
    age(own_shop, unpaid)
    for _ in range(2):
        invoke(own_shop, "Sweep")
        assert shelf(own_shop, FUNGUS) == Counter(cap=len(unpaid), promised=0, sellable=len(unpaid))
        assert shelf(own_shop, drop.shelf) == Counter(cap=100 - len(unpaid), promised=100 - len(unpaid), sellable=0)
    assert 30 <= len(unpaid) <= 70
    assert own_shop.operations.audit().differences == []


def shelf(shop: RunningShop, name: str) -> Counter[str]:
    """What the shelf's batches declare, have promised, and have on sale, in all."""
    batches = shop.operations.store.stock.declared(name, today())
    return sum((Counter(cap=one.cap, promised=one.promised, sellable=one.sellable) for one in batches), Counter())


def stored(shop: RunningShop, order: dict[str, Any]) -> Order:
    """The order of this answer, as the table has it."""
    found = shop.operations.store.orders.load(order["order"])
    assert found
    return found


def test_units_that_come_back_go_to_those_who_wait_the_first_whom_they_fit_first(own_shop: RunningShop) -> None:
    """60 units: 20 of holds that end, 20 of orders that are cancelled, 20 of a new batch; and 50 who wait."""
    stream = Stream(own_shop)
    offered = SurgeStock(own_shop.operations, own_shop.stack.catalog, {GINSENG: 40}, shards=2)
    held = [order for _, order in at_once([partial(buy, own_shop, f"holder-{n}", 1 + n % 4) for n in range(16)])]
    dice = random.Random(20261124)
    line = Line(own_shop, [Wish(dice.randint(1, 4), dice.random() < 0.25) for _ in range(50)])
    age(own_shop, [stored(own_shop, order) for order in held[8:]])
    cancels = [partial(cancel, own_shop, order) for order in held[:8]]
    sweep = partial(invoke, own_shop, "Sweep")
    new_batch = partial(own_shop.batch, GINSENG, offered.days[1] + timedelta(days=1), 20)
    with walking_in(own_shop) as answered:
        at_once([*cancels[:4], new_batch, sweep, *cancels[4:], sweep])
        sweep()
        invited = line.by_standing()[WaiterState.INVITED]
        takes = [partial(line.take, waiter) for waiter in invited[::2]]
        at_once([*takes, *[partial(line.give_up, waiter) for waiter in invited[1::4]]])
    sweep()

    assert {*answered} <= {(201, ""), (409, "/problems/sold-out")}
    assert answered.total() > 20, "there must have been a crowd, or it shows nothing"
    replay = Replay(GINSENG, [*stream.images()])
    assert replay.passed_over == []
    assert len(replay.invited) > 10, "half of what a batch declares is offered at a time"
    found = line.by_standing()
    with_units = found[WaiterState.INVITED] + found[WaiterState.TAKEN]
    on_sale = shelf(own_shop, GINSENG)["sellable"]
    assert sum(waiter.units for waiter in with_units) + replay.walk_ins + on_sale == 60
    shares = own_shop.operations.store.stock.declared(GINSENG, today())
    assert all(batch.offered <= (batch.cap + 1) // 2 for batch in shares)
    first = next((waiter for waiter in found[WaiterState.WAITING] if waiter.entry.fits(on_sale)), None)
    room = sum(min(batch.sellable, (batch.cap + 1) // 2 - batch.offered) for batch in shares)
    assert first is None or not first.entry.fits(room), "whom it fits waits for nothing but what is offered now"
    assert own_shop.operations.audit().differences == []


def place(number: str, quantity: int = 2, state: WaiterState = WaiterState.WAITING) -> Item:
    """The item of a place on the list, as it waits or is invited to two."""
    parts = (Part(day(2), 0, 2),) if state is WaiterState.INVITED else ()
    wish = Wish(quantity)
    waiter = Waiter(number=number, sku=JAR, contact="", wish=wish, joined=NOON, since=NOON, state=state, parts=parts)
    return item_of(put(None, waiter))


def item_of(write: Item) -> Item:
    found: Item = write["Put"]["Item"]
    return found


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (place("2", state=WaiterState.INVITED), ["place 2, 2 units: before place 1, 2 of 2"]),
        (place("1", state=WaiterState.INVITED), []),
        (place("3", state=WaiterState.INVITED), ["before place 1", "before place 2"]),
        (item_of(put(None, make_order(quantity=2))), ["before place 1", "before place 2", "before place 3"]),
        (item_of(put(None, make_order(quantity=1))), ["before place 3"]),
    ],
)
def test_the_replay_sees_who_is_passed_over(write: Item, said: list[str]) -> None:
    batch = item_of(new_batch(JAR, day(2), 2, 1)) | {"kept": {"N": "2"}}
    items = [batch, place("1"), place("2"), place("3", quantity=1), place("4", quantity=9), write]
    replay = Replay(JAR, [(f"{item['pk']['S']} {item['sk']['S']}", item) for item in items])
    assert len(replay.passed_over) == len(said)
    assert all(words in passed for words, passed in zip(said, replay.passed_over, strict=True))


class Line:
    """Those who wait for the SKU; for each of `wishes` one has joined, in no order."""

    def __init__(self, shop: RunningShop, wishes: Sequence[Wish]) -> None:
        self.shop, self.keys = shop, keys_of(shop.stack)
        assert {*at_once([partial(self._join, who, wish) for who, wish in enumerate(wishes)])} == {202}

    def _join(self, who: int, wish: Wish) -> int:
        contact = f"waiter-{who}@example.com"
        body = {"sku": GINSENG, "contact": contact, "quantity": wish.quantity, "fewer": wish.fewer}
        status, _ = call(self.shop, "POST", "/waitlist", body)
        [number] = self.keys.places(GINSENG, contact)
        token = f"Bearer {self.keys.token(number)}"
        opened, place = call(self.shop, "GET", f"/waitlist/{number}", Authorization=token)
        assert (opened, place["state"]) == (200, "waiting"), place
        return status

    def by_standing(self) -> dict[WaiterState, list[Waiter]]:
        """The waiters as they stand now, those who joined first first."""
        found: dict[WaiterState, list[Waiter]] = {standing: [] for standing in WaiterState}
        waiters = self.shop.operations.store.waitlist.all()
        for waiter in sorted(waiters, key=lambda waiter: (waiter.joined, waiter.number)):
            if waiter.sku == GINSENG:
                found[waiter.state].append(waiter)
        return found

    def take(self, waiter: Waiter) -> None:
        body = order_of(GINSENG, waiter.units, buyer=waiter.number)
        status, said = self._post(waiter, "take", body, Idempotency_Key=f"take-{waiter.number}")
        assert status == 201, said

    def give_up(self, waiter: Waiter) -> None:
        status, said = self._post(waiter, "give-up", {})
        assert (status, said["state"]) == (200, "given_up"), said

    def _post(self, waiter: Waiter, act: str, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
        token = f"Bearer {self.keys.token(waiter.number)}"
        return call(self.shop, "POST", f"/waitlist/{waiter.number}/{act}", body, Authorization=token, **headers)


@contextmanager
def walking_in(shop: RunningShop) -> Iterator[Counter[tuple[int, str]]]:
    """Has people who do not wait try to buy a unit or two while the block runs; counts what they were answered."""
    answered: Counter[tuple[int, str]] = Counter()
    over = threading.Event()

    def one_after_another(door: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            status, said = buy(shop, f"walk-in-{door}-{number}", 1 + number % 2)
            answered[status, said.get("type", "")] += 1

    with ThreadPoolExecutor(3) as pool:
        doors = [pool.submit(one_after_another, door) for door in range(3)]
        try:
            yield answered
        finally:
            over.set()
    for door in doors:
        door.result()


def buy(shop: RunningShop, buyer: str, quantity: int) -> tuple[int, dict[str, Any]]:
    key = f"fairness-{buyer}"
    return call(shop, "POST", "/checkout", order_of(GINSENG, quantity, buyer=key), Idempotency_Key=key)


def cancel(shop: RunningShop, order: dict[str, Any]) -> None:
    status, said = call(shop, "POST", f"/orders/{order['order']}/cancel", Authorization=f"Bearer {order['token']}")
    assert (status, said["state"]) == (200, "cancelled"), said


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act gives, a few of them at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [*pool.map(lambda act: act(), acts)]
