"""The figures of a live evening: what an order counts for, and that the stream's consumer counts each change once.

What Lambda promises of a shard's records: they come in order, a batch comes again until it has been dealt with, and
then whole or in part. Records of different shards come in any order.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.api.responses import figures as responses
from chalicelib.api.responses import rooms as responses_of_rooms
from chalicelib.catalog import Product
from chalicelib.domain.aggregate import Done
from chalicelib.domain.commands import EndShow, OpenDrop
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.live.figures import Figure, change, day_scope, of, sale
from chalicelib.domain.orders.events import BuyerCancels, HoldEnded, Paid, SellerCancels
from chalicelib.domain.orders.model import SOLD as SOLD_STATES
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import Part
from chalicelib.services.figures import Figures
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.storage.aggregates import put
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws

from tests.functions.helpers.crash_points import CrashPoints, Died
from tests.functions.helpers.world import JAR, NOON, ROOMS, World, day, make_body, make_key, make_order

MakeWorld = Callable[..., World]
ROOM, SHOW = ROOMS[0], "20261124040000"
TODAY = "day#2026-11-24"
SOLD = make_order(room=ROOM, show=SHOW)
LATE = NOON + timedelta(minutes=20)


def paid(order: Order, at: datetime = NOON, event: str = "e") -> Order:
    claim = tuple((Part(day(2), 0, line.quantity),) for line in order.lines)
    return decide(order, Paid(event, "p", order.total, claim), at)


PAID = paid(SOLD)
EXPIRED = decide(SOLD, HoldEnded(), LATE)


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王"), ("🖕张三", "张"), ("\u202e张三", "张"), ("\u0301e", "e"), ("=1+1", "·")]
)
def test_of_a_buyer_the_big_screen_is_told_one_letter_whatever_their_name_is(name: str, shown: str) -> None:
    """Also of orders that were placed while such names were taken."""
    ship_to = msgspec.structs.replace(SOLD.ship_to, name=name)
    found = sale(None, paid(msgspec.structs.replace(SOLD, ship_to=ship_to)))
    assert found and found.initial == shown


@pytest.mark.parametrize(
    ("order", "counts"),
    [
        (SOLD, {"orders": 1, "held": 1, f"held:{JAR}": 2}),
        (PAID, {"orders": 1, "paid": 1, "units": 2, "fen": 5980, f"sold:{JAR}": 2,
                "ship-orders:2026-11-26": 1, "ship-units:2026-11-26": 2}),
        (EXPIRED, {"orders": 1}),
        (paid(EXPIRED, LATE), {"orders": 1, "paid": 1, "units": 2, "fen": 5980, f"sold:{JAR}": 2,
                               "ship-orders:2026-11-26": 1, "ship-units:2026-11-26": 2}),
        (decide(PAID, SellerCancels(), LATE), {"orders": 1}),
        (decide(SOLD, BuyerCancels(), NOON), {"orders": 1}),
    ],
    ids=["waits", "paid", "expired", "paid-late", "withdrawn", "cancelled"],
)  # fmt: skip
def test_an_order_counts_for_what_it_is(order: Order, counts: dict[str, int]) -> None:
    found = of(order)
    assert {name: units for (scope, name), units in found.items() if scope == TODAY} == counts
    shared = {name: units for name, units in counts.items() if name.isalpha()}
    of_show = {name: units for name, units in counts.items() if name.startswith("sold:")}
    for scope, more in ((f"{TODAY}#{ROOM}", {}), (f"show#{ROOM}#{SHOW}", of_show | went_back(order))):
        assert {name: units for (each, name), units in found.items() if each == scope} == shared | more


def went_back(order: Order) -> dict[str, int]:
    """What a show is told of money that goes back to its buyers."""
    return {"returns": 1, "refunded": sum(one.amount for one in order.refunds)} if order.refunds else {}


def test_the_minute_of_a_payment_keeps_it_whatever_becomes_of_it() -> None:
    at = NOON + timedelta(minutes=7)
    order = decide(paid(SOLD, at), SellerCancels(), LATE)
    minutes = {figure: units for figure, units in of(order).items() if figure[0].startswith("hour#")}
    assert minutes == {("hour#2026-11-24T12", "m07"): 1, (f"hour#2026-11-24T12#{ROOM}", "m07"): 1}


def test_an_order_of_no_room_counts_for_the_village_alone() -> None:
    assert {scope for scope, _ in of(make_order())} == {TODAY}


def test_days_begin_at_midnight_in_the_village() -> None:
    placed = datetime.fromisoformat("2026-11-24T15:59:00Z")
    order = paid(make_order(placed=placed), placed + timedelta(minutes=2))
    days = {scope: name for scope, name in of(order) if name in ("orders", "paid")}
    assert days == {"day#2026-11-24": "orders", "day#2026-11-25": "paid"}


def test_the_big_screen_is_told_of_a_first_payment_and_of_its_buyer_no_more_than_a_letter() -> None:
    sold = sale(SOLD, PAID)
    assert sold == msgspec.convert(
        {"at": NOON, "city": "通化市", "initial": "王", "sku": JAR, "room": ROOM}, type=type(sold)
    )
    assert sale(PAID, decide(PAID, Done("x"), NOON)) is None
    assert sale(None, SOLD) is None


# ---- The stream ----


def record(number: int, before: Order | None, after: Order) -> dict[str, Any]:
    """A change as the stream tells it; the keys of the table's two parts are within the images."""
    images: dict[str, Any] = {"NewImage": put(before, after)["Put"]["Item"]}
    if before:
        images["OldImage"] = put(None, before)["Put"]["Item"]
    return {"eventID": f"e{number}", "dynamodb": {"SequenceNumber": f"{10**20 + number}", **images}}


def life(number: int, dice: random.Random) -> Iterator[Order]:
    """An order as it is after each of its changes."""
    room = dice.choice([*ROOMS, None])
    show = dice.choice([SHOW, None]) if room else None
    placed = NOON + timedelta(seconds=dice.randint(0, 50_000))
    order = make_order(number=f"{number:020}", quantity=dice.randint(1, 3), room=room, show=show, placed=placed)
    yield order
    for event in dice.choice([[], ["pay"], ["pay", "withdraw"], ["end"], ["end", "pay"], ["cancel"], ["pay", "pay"]]):
        now = order.placed + timedelta(seconds=1000 if event == "end" else dice.randint(1, 800))
        news = {"withdraw": SellerCancels(), "end": HoldEnded(), "cancel": BuyerCancels()}
        after = paid(order, now, f"e{len(order.events)}") if event == "pay" else decide(order, news[event], now)
        if after is not order:
            order = after
            yield order


def evening(count: int, seed: int) -> tuple[list[Order], list[dict[str, Any]]]:
    """So many orders as they are in the end, and the records of all their changes, as they were written."""
    dice = random.Random(seed)
    lives = [[*life(number, dice)] for number in range(count)]
    queues = [list(zip([None, *one], one, strict=False)) for one in lives]
    records = []
    while queues:
        queue = dice.choice(queues)
        records.append(record(len(records), *queue.pop(0)))
        if not queue:
            queues.remove(queue)
    return [one[-1] for one in lives], records


def shards(records: list[dict[str, Any]], count: int) -> list[list[dict[str, Any]]]:
    """The records by shard: an order's are all in one."""
    parts: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for one in records:
        parts[int(one["dynamodb"]["NewImage"]["pk"]["S"].removeprefix("order#")) % count].append(one)
    return parts


def deliveries(
    records: list[dict[str, Any]], dice: random.Random, count: int = 3, most: int = 100
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Batches as they may come: of several shards in turn, some twice, some in part, shuffled within themselves."""
    queues = {f"shard-{number}": part for number, part in enumerate(shards(records, count))}
    while any(queues.values()):
        shard = dice.choice([name for name, queue in queues.items() if queue])
        size = dice.randint(1, most)
        batch = queues[shard][:size]
        for _ in range(dice.choice([0, 0, 1, 2])):
            yield shard, dice.sample(batch, len(batch))  # it came, and its answer was lost
            batch = batch[: dice.randint(1, len(batch))] if dice.random() < 0.5 else batch
        again = dice.choices(batch, k=dice.randint(0, 3))
        yield shard, dice.sample([*batch, *again], len(batch) + len(again))
        del queues[shard][: len(batch)]


def counter(world: World) -> Figures:
    """Another process that counts."""
    return world.process(world.shop.catalog).figures


def counted(world: World) -> Counter[Figure]:
    """What the table has counted."""
    found: Counter[Figure] = Counter()
    for item in world.store.everything():
        if item["sk"]["S"] == "figures":
            scope = item["pk"]["S"].removeprefix("figures#")
            found |= {(scope, name): int(value["N"]) for name, value in item.items() if "N" in value and name != "ttl"}
    return found


def recount(orders: list[Order]) -> Counter[Figure]:
    return sum((of(order) for order in orders), Counter())


@pytest.mark.slow
def test_six_hundred_orders_are_counted_exactly_whatever_comes_twice_or_in_another_order(
    make_world: MakeWorld,
) -> None:
    world = make_world()
    orders, records = evening(600, seed=7)
    figures, dice = counter(world), random.Random(7)
    for shard, batch in deliveries(records, dice):
        figures.count(shard, batch)
    assert len(records) > 900
    assert counted(world) == recount(orders)


def test_without_the_checkpoint_the_same_deliveries_count_wrong(
    make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above: its deliveries do repeat what a consumer without a memory counts again."""
    world = make_world()
    orders, records = evening(200, seed=7)
    figures = counter(world)
    monkeypatch.setattr("chalicelib.storage.live.figures._move", lambda shard, *_: {
        "Put": {"Item": {"pk": {"S": "no-checkpoint"}, "sk": {"S": shard}}}
    })  # fmt: skip
    for shard, batch in deliveries(records, random.Random(7)):
        figures.count(shard, batch)
    assert counted(world)[TODAY, "orders"] > recount(orders)[TODAY, "orders"]


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 3), most=st.integers(1, 40))
def test_any_evening_is_counted_exactly(seed: int, count: int, most: int) -> None:
    orders, records = evening(20, seed)
    with mock_aws():
        world = World()
        for shard, batch in deliveries(records, random.Random(seed), count, most):
            counter(world).count(shard, batch)
        assert counted(world) == recount(orders)


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_consumer_that_dies_at_its_write_counts_once_when_it_is_called_again(
    make_world: MakeWorld, side: Any
) -> None:
    world = make_world()
    orders, records = evening(10, seed=1)
    figures = counter(world)
    with pytest.raises(Died), CrashPoints(world.client).at((1, side)):
        figures.count("shard", records)
    figures.count("shard", records)
    assert counted(world) == recount(orders)


def test_two_processes_that_count_the_same_batch_count_it_once(make_world: MakeWorld) -> None:
    world = make_world()
    orders, records = evening(10, seed=1)
    other = counter(world)
    with CrashPoints(world.client).at((1, "before"), lambda: other.count("shard", records)):
        counter(world).count("shard", records)
    assert counted(world) == recount(orders)


def test_a_record_that_cannot_be_read_does_not_hold_up_the_others(
    make_world: MakeWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_world()
    orders, records = evening(3, seed=2)
    broken = record(10**6, None, SOLD)
    broken["dynamodb"]["NewImage"]["body"] = {"S": "王小明"}
    counter(world).count("shard", [*records, broken])
    assert counted(world) == recount(orders)
    assert "cannot be read" in caplog.text
    assert "王小明" not in caplog.text


def test_changes_of_a_batch_that_cancel_out_move_the_checkpoint(make_world: MakeWorld) -> None:
    """A batch that has been dealt with may come again, in part and late: Lambda promises order the first time alone."""
    world = make_world()
    placed, deleted = record(1, None, SOLD), record(2, SOLD, SOLD)
    del deleted["dynamodb"]["NewImage"]
    for batch in ([placed, deleted], [placed]):
        counter(world).count("shard", batch)
    assert not +counted(world)


def test_orders_as_the_shop_itself_writes_them_are_counted(make_world: MakeWorld) -> None:
    """Money that is booked unread is in the table before it is in the order."""
    world = make_world({day(2): 60})
    seen: dict[str, Any] = {}
    records: list[dict[str, Any]] = []

    def told() -> None:
        for item in world.store.everything():
            before = seen.get(item["pk"]["S"])
            if item["sk"]["S"] == "order" and item != before:
                images = {"NewImage": item, **({"OldImage": before} if before else {})}
                records.append({"dynamodb": {"SequenceNumber": f"{10**20 + len(records)}", **images}})
                seen[item["pk"]["S"]] = item

    mailed = {"email": "wang@example.com"}
    orders = [world.place(number, **(mailed if number % 2 else {})) for number in range(12)]
    told()
    for number, order in enumerate(orders):
        if number < 6:
            world.pay(order)
            world.pay(order)  # one after the other: moto takes no two writes at once
        if number in (0, 1, 6, 7):
            world.shop.cancel(order["order"], order["token"])
        if number in (2, 3):
            cancel_by_seller(world.store, world.shop.clock, order["order"])
        told()
    world.later(1000)
    for act in (world.sweep, lambda: world.pay(orders[8]), lambda: world.pay(orders[9]), world.settle):
        act()
        told()
    assert any("paid" in one["dynamodb"]["NewImage"] for one in records), "booked and not yet read"
    for shard, batch in deliveries(records, random.Random(7), most=9):
        counter(world).count(shard, batch)
    found = counted(world)
    assert found == recount([*world.store.orders.all()])
    assert {name: found[TODAY, name] for name in ("orders", "paid", "held")} == {"orders": 12, "paid": 4, "held": 0}


def test_a_batch_of_many_shows_is_counted_in_several_transactions(make_world: MakeWorld) -> None:
    world = make_world()
    orders = [make_order(number=f"{n:020}", room=ROOM, show=f"{20261124000000 + n}") for n in range(150)]
    records = [record(n, None, order) for n, order in enumerate(orders)]
    for _ in range(2):
        counter(world).count("shard", records)
    assert counted(world) == recount(orders)


def test_what_changes_no_figure_writes_nothing(make_world: MakeWorld) -> None:
    world = make_world()
    same = msgspec.structs.replace(SOLD, version=SOLD.version + 1)
    world.calls.clear()
    counter(world).count("shard", [record(1, SOLD, same)])
    assert (change(SOLD, same), world.calls) == (Counter(), ["GetItem"])


def test_the_screens_are_told_what_was_counted(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    at = NOON + timedelta(minutes=3)
    order, waits = paid(SOLD, at), make_order(number="2" * 20, room=ROOM, show=SHOW, quantity=1)
    records = [record(1, None, SOLD), record(2, None, waits), record(3, SOLD, order)]
    world.shop.figures.count("shard", records)
    for _ in range(5):
        world.services.figures.scan(ROOM, Attribution(ROOM, SHOW))
    world.services.figures.scan(ROOM, Attribution(ROOM))
    world.later(200)
    world.calls.clear()
    read = world.services.figures.room(ROOM, SHOW)
    told = responses.room(read)
    figures = {"orders": 2, "paid": 1, "held": 1, "units": 2, "fen": 5980}
    assert (told["show"], told["today"]) == (figures | {"scans": 5}, figures | {"scans": 6})
    assert [one for one in told["minutes"] if one["orders"]] == [{"at": "2026-11-24T04:03:00Z", "orders": 1}]
    assert len(told["minutes"]) == 30
    assert world.services.figures.room(ROOM, SHOW) is read, "a second screen costs nothing"
    assert world.calls == ["BatchGetItem"]
    evening = responses.evening(world.services.figures.evening())
    assert evening["today"] == told["today"]
    assert evening["rooms"][0] == {"room": ROOM, "name": evening["rooms"][0]["name"], **told["today"]}
    assert evening["products"][0] | {"name": "", "unit": ""} == {
        "sku": JAR, "name": "", "unit": "", "units": 2, "held": 1, "left": 20,
    }  # fmt: skip
    assert evening["ship_by"] == [{"date": "2026-11-26", "orders": 1, "units": 2}]
    assert evening["latest"] == [
        {"at": "2026-11-24T04:03:00Z", "city": "通化市", "initial": "王", "sku": JAR, "room": ROOM}
    ]
    assert len(evening["minutes"]) == 60


def test_the_report_of_a_show_says_what_it_came_to(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    host = Device("aaaa", "host", "小王", NOON)
    rooms, told = world.services.rooms, world.services.reports
    rooms.pin(ROOM, JAR, host)
    show = responses_of_rooms.console(rooms.start(ROOM, host))["show"]["id"]
    world.now += timedelta(minutes=1)
    opened = rooms.open_drop(ROOM, OpenDrop(JAR, 5, 1990, 5), make_key(), host)
    world.shop.place(make_key(1), drop_of(opened.drops[0].drop))
    sold = [make_order(number=f"{n:020}", room=ROOM, show=show) for n in range(3)]
    later = [paid(order, world.now + timedelta(minutes=minute)) for order, minute in zip(sold, (2, 7, 7), strict=True)]
    back = decide(later[0], SellerCancels(), world.now)
    lives = [(None, sold[0]), (sold[0], later[0]), (later[0], back), (None, later[1]), (None, later[2])]
    world.shop.figures.count("shard", [record(n, *one) for n, one in enumerate(lives)])
    world.services.figures.scan(ROOM, Attribution(ROOM, show))
    world.now += timedelta(minutes=29)
    rooms.end(ROOM, EndShow(show), host)
    report = responses.report(told.show(ROOM, show), world.services.stage.catalog)
    named = {name: report[name] for name in ("minutes", "refunded", "returns", "waiting", "best")}
    assert named == {
        "minutes": 30, "refunded": 5980, "returns": 1, "waiting": 0,
        "best": {"at": "2026-11-24T04:08:00Z", "orders": 2},
    }  # fmt: skip
    assert report["figures"] == {"orders": 3, "paid": 2, "held": 0, "units": 4, "fen": 11960, "scans": 1}
    assert [(one["sku"], one["units"]) for one in report["products"]] == [(JAR, 4)]
    assert [(one["sku"], one["price"], one["units"], one["taken"]) for one in report["drops"]] == [(JAR, 1990, 5, 2)]
    catalog = world.shop.catalog
    gone = msgspec.structs.replace(catalog, products=tuple(one for one in catalog.products if JAR not in skus_of(one)))
    later_on = responses.report(world.process(gone).services.reports.show(ROOM, show), gone)
    assert [(one["sku"], one["name"]["zh"]) for one in later_on["products"]] == [(JAR, JAR)], "it has left the shop"
    assert [one["name"]["zh"] for one in later_on["drops"]] == [JAR]
    with pytest.raises(NotFound):
        told.show(ROOM, "20200101000000")


def skus_of(product: Product) -> list[str]:
    return [pack.sku for pack in product.packs]


def drop_of(drop: Drop) -> bytes:
    """The body of an order of two units of a drop."""
    lines = [{"sku": drop.sku, "quantity": 2, "drop": drop.id}]
    return json.dumps(make_body(lines=lines, room=drop.room)).encode()


def test_the_big_screen_shows_however_many_rooms_there_are(make_world: MakeWorld) -> None:
    """DynamoDB reads 100 items in one call, and each room has its day and the parts of its scans."""
    world = make_world()
    catalog = world.shop.catalog
    ids = [f"room-{number}" for number in range(40)]
    rooms = tuple(msgspec.structs.replace(catalog.rooms[0], id=id_) for id_ in ids)
    figures = world.process(msgspec.structs.replace(catalog, rooms=rooms)).figures
    for id_ in ids:
        figures.scan(id_, Attribution(id_))
    told = responses.evening(figures.evening())
    assert [(room["room"], room["scans"]) for room in told["rooms"]] == [(id_, 1) for id_ in ids]
    assert told["today"]["scans"] == 40


def test_what_hosts_are_paid_by_counts_what_the_shop_has_signed(make_world: MakeWorld) -> None:
    world = make_world({day(2): 20})
    for said in (None, Attribution("cabbage-2"), Attribution("gone")):
        world.services.figures.scan(ROOM, said)
    word = msgspec.structs.replace(SOLD, room=ROOM, show=SHOW, signed=False)
    signed = msgspec.structs.replace(word, signed=True)
    assert {scope for scope, _ in of(paid(word, NOON))} == {
        scope for scope, _ in of(paid(signed, NOON)) if ROOM not in scope
    }
    assert world.services.figures.room(ROOM, SHOW).today.scans == 0
    told = sale(None, paid(word, NOON))
    assert told
    assert told.room is None


def test_a_show_past_midnight_keeps_its_scans(make_world: MakeWorld) -> None:
    world = make_world()
    late = datetime.fromisoformat("2026-11-24T15:59:00Z")
    show = "20261124150000"
    for world.now in (late, late + timedelta(minutes=2)):
        world.services.figures.scan(ROOM, Attribution(ROOM, show))
    world.later(60)
    told = world.services.figures.room(ROOM, show)
    assert told.show
    assert (told.show.scans, told.today.scans) == (2, 1)
    assert day_scope(late) != day_scope(late + timedelta(minutes=2))


def test_no_state_of_an_order_is_forgotten_by_the_figures() -> None:
    """A state that is sold and that `of` does not know would vanish from the screens."""
    sold = {state for state in State if of(msgspec.structs.replace(PAID, state=state))[TODAY, "paid"]}
    assert sold == SOLD_STATES
