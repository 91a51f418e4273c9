"""The check of a surge finds nothing when nothing is wrong, and each thing that can be wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import pytest
from chalicelib.domain.stock.promise import Part
from chalicelib.services.stage import utc_now
from chalicelib.storage.aggregates import put
from chalicelib.storage.keys import order_key
from chalicelib.storage.stock.shards import move_units
from cunbo.load.surge import LIMIT, SOLD_OUT, RequestResult, Try, Visit
from cunbo.load.verify import SurgeCheck, SurgeStock, drop_of
from cunbo.operations.shop import ShopOperations
from moto import mock_aws

from tests.functions.helpers.world import JAR, POT, World, make_key, make_order

REFUSED = RequestResult((409,), {"type": SOLD_OUT, "errors": [{"sku": JAR, "left": 0}]}, 0.1)
ENOUGH = RequestResult((409,), {"type": LIMIT}, 0.1)
TABLE = "shop"


@dataclass
class Day:
    """Two units were sold to two shoppers, the first of whom paid; the third was told that none is left."""

    world: World
    offered: SurgeStock
    visits: list[Visit]

    def check(self) -> SurgeCheck:
        return self.offered.verify(self.visits)

    def change(self, number: int, **fields: Any) -> None:
        """Has that shopper been told something else."""
        self.visits[number] = [replace(self.visits[number][0], **fields)]

    def order(self, number: int) -> RequestResult:
        return self.visits[number][0].orders[0]


@pytest.fixture
def day() -> Iterator[Day]:
    with mock_aws():
        world = World()
        offered = SurgeStock(ShopOperations(world.client, TABLE), world.shop.catalog, {JAR: 2})
        told = [RequestResult((201,), world.place(key), 0.1) for key in range(2)]
        world.pay(told[0].body)
        paid, ordered, refused = (
            [Try(make_key(key), {JAR: 1}, (answer, answer))] for key, answer in enumerate([*told, REFUSED])
        )
        paid = [replace(paid[0], payments=(RequestResult((0, 204), {}, 0.1),))]
        yield Day(world, offered, [paid, ordered, refused])


def test_books_that_agree_have_no_faults(day: Day) -> None:
    check = day.check()
    assert check.faults() == []
    assert (check.sold, check.turned_away, check.oversold, check.stranded) == ({JAR: 2}, {JAR}, 0, 0)


def test_who_has_something_may_be_told_that_one_buyer_may_have_no_more(day: Day) -> None:
    day.visits[1] = [replace(day.visits[1][0], key="another-tap-of-theirs", orders=(ENOUGH,)), *day.visits[1]]
    assert day.check().faults() == []


def test_the_books_of_a_drop_count_what_is_left_in_it(day: Day) -> None:
    day.world.now = utc_now()
    offered = SurgeStock(ShopOperations(day.world.client, TABLE), day.world.shop.catalog, {POT: 3})
    drop = drop_of(POT, 3, limit=2)
    day.world.now = max(day.world.now, drop.opens)
    offered.open(day.world.shop.catalog, drop, rate=1)
    lines = [{"sku": POT, "quantity": 2, "drop": drop.id}]
    told = RequestResult((201,), day.world.place(5, lines=lines, room=drop.room), 0.1)
    check = offered.verify([[Try(make_key(5), {POT: 2}, (told,))]])
    assert (check.faults(), check.left, check.buyers) == ([], {POT: 1}, 1)


def forge(day: Day) -> None:
    line = msgspec.structs.replace(make_order().lines[0], quantity=1, parts=(Part(day.offered.days[0], 0, 1),))
    day.world.client.put_item(TableName=TABLE, **put(None, make_order(number="9" * 20, lines=(line,)))["Put"])


def miscount(day: Day) -> None:
    day.world.client.update_item(TableName=TABLE, **move_units((JAR, day.offered.days[0], 0), 0, 1)["Update"])


def lose_order(day: Day) -> None:
    day.world.client.delete_item(TableName=TABLE, Key=order_key(day.order(1).body["order"]))


def cancel(day: Day) -> None:
    day.world.shop.cancel(day.order(1).body["order"], day.order(1).body["token"])


def order_again(day: Day) -> None:
    cancel(day)
    day.world.later(2)
    day.world.place(9)


@pytest.mark.parametrize(
    ("go_wrong", "said"),
    [
        (forge, ["told to nobody", "3 sold, yet 0 left", "1 units oversold", "orders claim 2"]),
        (miscount, ["2 sold, yet 1 left", "orders claim 1"]),
        (lose_order, ["told, not stored", "1 sold, yet 0 left", "1 stranded", "orders claim 0"]),
        (cancel, ["told was", "1 stranded"]),
        (order_again, ["told was", "told to nobody"]),
        (lambda day: day.change(0, wanted={JAR: 2}), ["told was"]),
        (lambda day: day.change(0, payments=()), ["told was"]),
        (lambda day: day.change(0, payments=(RequestResult((503,), {}, 1.0),)), ["its payment met (503,)"]),
        (lambda day: day.change(1, payments=(RequestResult((204,), {}, 1.0),)), ["told was"]),
        (lambda day: day.change(1, orders=(day.order(1), REFUSED)), ["was told this, another that"]),
        (lambda day: day.change(1, orders=(day.order(0),)), ["to 2 keys", "told to nobody", "told was"]),
        (lambda day: day.change(2, orders=(ENOUGH,)), ["told that one buyer may have no more"]),
        (lambda day: day.change(2, orders=(RequestResult((0, 503), {}, 1.0),)), ["met (0, 503)"]),
        (lambda day: day.change(2, orders=(RequestResult((409,), {"type": "/problems/unpaid"}, 1.0),)), ["met (409,)"]),
    ],
)
def test_what_goes_wrong_shows_in_the_books(day: Day, go_wrong: Callable[[Day], None], said: list[str]) -> None:
    go_wrong(day)
    faults = day.check().faults()
    assert len(faults) == len(said), faults
    assert all(any(words in fault for fault in faults) for words in said), faults
