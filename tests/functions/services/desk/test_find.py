"""The desk's search: what the stream's consumer keeps, what is found by it, and what each answer costs in calls."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from chalicelib.domain.commands import BearNumber, ChangeAddress, PackParcel
from chalicelib.domain.desk.commands import FindOrders
from chalicelib.domain.desk.rows import row_of, terms_of
from chalicelib.domain.desk.typed import Meaning, read
from chalicelib.domain.errors import Invalid
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Address, State
from chalicelib.services.desk.search.find import PAGE, Finder, FoundOrders
from chalicelib.services.desk.search.index import keep_findable
from chalicelib.services.packing.addresses import change_address
from chalicelib.services.packing.bench import Bench

from tests.functions.helpers.acts_of_packers import MANAGER, PACKER
from tests.functions.helpers.stream import Stream
from tests.functions.helpers.world import JAR, POT, ROOMS, TODAY, World, day, make_key

MakeWorld = Callable[..., World]


def find(world: World, text: str = "", **asked: Any) -> FoundOrders:
    return Finder(world.services.stage, world.store).find(FindOrders(typed=read(text, {JAR, POT}), **asked))


def numbers(found: FoundOrders) -> list[str]:
    return [order.number for order in found.orders]


def to(name: str, phone: str) -> dict[str, Any]:
    return {"name": name, "phone": phone, "region": ["吉林省", "通化市", "集安市"], "street": "高台子村一组 3 号"}


def test_an_order_is_found_by_whatever_its_buyer_can_say_of_it(make_world: MakeWorld) -> None:
    world = make_world({day(2): 90})
    stream = Stream(world)
    wang = world.place(1, quantity=2, email="Wang@example.com", ship_to=to("王 小明", "13800138001"))
    smith = world.place(2, ship_to=to("John Smith", "13900139002-4321"))
    unpaid = world.place(3, ship_to=to("李四", "13700137003"))
    for order in (wang, smith):
        world.pay(order)
    bench = Bench(world.services.stage, world.store)
    bench.pack(wang["order"], PackParcel(1), make_key(50), PACKER)
    bench.hand_over(f"{wang['order']}-1", BearNumber("sf", "SF1234567890123"), PACKER)
    stream.consume()
    number = wang["order"]
    for text in (
        number, number[-4:], number[-9:], f"{number}-1", "王小明", "王 小明", "13800138001", "+86 138 0013 8001",
        "8001", "138001", "wang@EXAMPLE.com", "sf1234567890123", "0123", "90123", "567890123",
    ):  # fmt: skip
        assert numbers(find(world, text)) == [number], text
    for text in ("john smith", "Smith", "SMITH John", "13900139002", "9002"):
        assert numbers(find(world, text)) == [smith["order"]], text
    for text in (unpaid["order"], "13700137003", "7003"):
        assert numbers(find(world, text)) == [unpaid["order"]], text
    for text in ("李四", unpaid["order"][-5:], "王", "123", "%", "🖕", "9" * 20, "SF9999990123", "王小", "jo"):
        assert not numbers(find(world, text)), f"{text}: nobody who has not paid, and nobody else"
    assert find(world, "123").meaning is Meaning.SHORT


def test_after_another_address_an_order_is_found_by_that_and_no_more_by_the_old_one(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    stream = Stream(world)
    order = world.place(1, ship_to=to("王小明", "13800138001"))
    world.pay(order)
    stream.consume()
    moved = Address("赵六", "+8613900139002", ("吉林省", "通化市", "集安市"), "建国路 1 号")
    change_address(world.services.stage, world.store, order["order"], ChangeAddress(moved), MANAGER)
    stream.consume()
    assert [numbers(find(world, text)) for text in ("赵六", "9002", "王小明", "8001")] == [[order["order"]]] * 2 + [
        [],
        [],
    ]


def test_lists_are_by_state_sku_room_day_and_ship_by_the_latest_first_page_by_page(make_world: MakeWorld) -> None:
    world = make_world({day(2): 90, day(5): 90})
    world.stock(90, day(2), POT)
    stream = Stream(world)
    placed = []
    for n in range(PAGE + 5):
        world.later(60)
        order = world.place(n, sku=POT if n % 5 == 0 else JAR, room=ROOMS[n % 2])
        placed.append(order["order"])
        if n % 3 == 0:
            world.pay(order)
    world.later(86_400)
    tomorrow = world.place(99)
    stream.consume()
    placed.append(tomorrow["order"])
    first = find(world)
    assert (numbers(first), len(first.orders)) == (placed[:5:-1], PAGE)
    rest = find(world, cursor=first.cursor)
    assert (numbers(rest), numbers(find(world, cursor=rest.cursor))) == (placed[5::-1], [])
    paid = [number for n, number in enumerate(placed[:-1]) if n % 3 == 0][::-1]
    assert numbers(find(world, state=State.PAID)) == paid
    assert numbers(find(world, POT)) == numbers(find(world, sku=POT)) == placed[:-1][::5][::-1]
    assert numbers(find(world, day=day(1))) == [tomorrow["order"]]
    assert numbers(find(world, day=TODAY, room=ROOMS[0], state=State.PAID)) == placed[:-1][::6][::-1]
    assert tomorrow["order"] in numbers(find(world, ship_by=day(2)))
    assert not numbers(find(world, ship_by=day(5)))
    assert find(world, placed[0], state=State.CANCELLED).orders == (), "a filter holds for what was typed too"
    with pytest.raises(Invalid):
        find(world, cursor="nonsense")


def test_a_list_shows_what_an_order_is_now_where_its_row_is_older(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    stream = Stream(world)
    order = world.place()
    stream.consume()
    world.pay(order)
    assert numbers(find(world, state=State.AWAITING_PAYMENT)) == []
    assert [one.state for one in find(world).orders] == [State.PAID]


def test_records_that_come_again_whole_or_in_part_come_to_the_same_rows_and_terms(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    stream = Stream(world)
    order = world.place(1, quantity=2)
    steps = [
        lambda: world.pay(order),
        lambda: Bench(world.services.stage, world.store).wave([order["order"]], "w", PACKER),
    ]
    steps += [lambda: Bench(world.services.stage, world.store).pack(order["order"], PackParcel(1), make_key(9), PACKER)]
    for step in steps:
        stream.note()
        step()
    records = stream.records()
    whole = _kept(world, records)
    assert len(whole) == 4, "a row, its number, its name, its phone"
    for first in range(len(records)):
        assert _kept(world, [*records, *records[first:]]) == whole
    assert [row.state for row in world.store.search.rows(TODAY)] == [State.PACKED]
    found = world.shop.orders.load(order["order"])
    world.store.search.forget([row_of(found)], [(term, found.number) for term in terms_of(found, world.keys)])
    assert _items(world) == {}


def test_beside_its_way_an_order_writes_as_many_units_as_the_doc_says(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    stream = Stream(world)
    puts: list[int] = []

    def count(params: dict[str, Any], **_: Any) -> None:
        items = [put["PutRequest"]["Item"] for puts_ in params["RequestItems"].values() for put in puts_]
        assert all(sum(len(name) + len(value["S"]) for name, value in item.items()) < 250 for item in items)
        puts.append(len(items))

    world.client.meta.events.register("provide-client-params.dynamodb.BatchWriteItem", count)
    bench, written = Bench(world.services.stage, world.store), []
    order = world.place(1, ship_to=to("王小明", "13800138765"))
    parcel = f"{order['order']}-1"
    for step in (
        lambda: None,
        lambda: world.pay(order),
        lambda: bench.pack(order["order"], PackParcel(1), make_key(9), PACKER),
        lambda: bench.hand_over(parcel, BearNumber("sf", "SF1234567890123"), PACKER),
        lambda: bench.wave([order["order"]], "w", PACKER),
    ):
        step()
        stream.consume()
        written.append(sum(puts))
        puts.clear()
    assert written == [2, 3, 1, 2, 0]
    latin = world.place(2, ship_to=to("John Smith", "13800138766"))
    world.pay(latin)
    stream.consume()
    assert sum(puts) == 6, "a row, a phone, a number, the name and both of its words"


def test_terms_hold_nothing_of_a_person_and_those_of_an_older_secret_are_found(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    stream = Stream(world)
    order = world.place(1, ship_to=to("王小明", "13800138765"))
    world.pay(order)
    stream.consume()
    keys = " ".join(_items(world))
    assert "王" not in keys
    assert "8765" not in keys.replace(order["order"], "").replace(order["order"][-4:], "")
    rotated = world.process(world.shop.catalog, Keys("n" * 40, (world.keys.current,)))
    found = Finder(rotated.stage, world.store).find(FindOrders(typed=read("王小明")))
    assert numbers(found) == [order["order"]]


def test_what_cannot_be_read_is_passed_over(make_world: MakeWorld) -> None:
    world = make_world({day(2): 9})
    stream = Stream(world)
    world.pay(world.place())
    broken = {"dynamodb": {"SequenceNumber": "1", "NewImage": {"sk": {"S": "order"}, "body": {"S": "{"}}}}
    keep_findable(world.store.search, world.keys, [broken, *stream.records()])
    assert len(find(world).orders) == 1


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("9" * 20, {"Query": 1, "BatchGetItem": 1}),
        ("9999", {"Query": 3}),
        ("1234567", {"Query": 3}),
        ("王小明", {"Query": 1, "BatchGetItem": 1}),
        ("Smith John", {"Query": 2}),
        ("13800138000", {"Query": 1, "BatchGetItem": 1}),
        ("SF1234567890123", {"Query": 1}),
        ("", {"Query": 12, "BatchGetItem": 1}),
        ("123", {}),
    ],
)
def test_a_search_costs_few_calls_however_many_orders_there_are(
    make_world: MakeWorld, text: str, calls: Mapping[str, int]
) -> None:
    world = make_world({day(2): 90})
    stream = Stream(world)
    for n in range(12):
        world.pay(world.place(n, ship_to=to("王小明", f"1380013{8000 + n}")))
    stream.consume()
    world.calls.clear()
    find(world, text)
    assert {name: world.calls.count(name) for name in {*world.calls}} == calls


def _kept(world: World, records: list[dict[str, Any]]) -> dict[str, Any]:
    keep_findable(world.store.search, world.keys, records)
    return _items(world)


def _items(world: World) -> dict[str, Any]:
    found = world.store.everything()
    return {
        f"{item['pk']['S']} {item['sk']['S']}": item
        for item in found
        if item["pk"]["S"].startswith(("find#", "orders#"))
    }
