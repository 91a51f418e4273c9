"""A recall of a batch: its sale, the bench and its parcels stop, and each of its buyers hears of it, once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import OPERATOR, device
from chalicelib.domain.commands import AddUnits, BearNumber, PackLine, PackParcel, RecallBatch
from chalicelib.domain.errors import CannotPack, Invalid, InvitationOver, NotFound, NotNow, PackFault, SoldOut
from chalicelib.domain.orders.model import State
from chalicelib.domain.orders.parcels import Lot
from chalicelib.domain.packing.board import BoardStage
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.audit import audit, dangers
from chalicelib.services.drops import open_drop
from chalicelib.services.order_changes import postpone
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.recalls import Recalls
from chalicelib.services.planning import add_units, plan
from chalicelib.storage.orders import ORDER
from chalicelib.storage.stock import passports

from tests.functions.helpers import waiters
from tests.functions.helpers.crash_points import CrashPoints, Died
from tests.functions.helpers.world import JAR, NOON, POT, TODAY, World, day, letter_in, make_key

MakeWorld = Callable[..., World]
WANG = device("0badcafe")
WHY = RecallBatch("瓶盖没有封紧", "The lids are loose")
DRILL = RecallBatch(drill=True)
SF = BearNumber("sf")
BATCH = (JAR, day(1))


class Village:
    """A shop with orders of several batches, in all states that a parcel can be in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bench = Bench(world.services.stage, world.store)
        self.recalls = Recalls(world.store, world.services.stage.clock)
        world.stock(4, day(1), POT)

    def buy(self, n: int, pay: bool = True, **body: Any) -> str:
        placed = self.world.place(n, email=f"buyer-{n}@example.com", **body)
        if pay:
            self.world.pay(placed)
        return str(placed["order"])

    def pack(self, number: str, key: int = 0) -> str:
        revision = self.order(number).revision
        _, parcel = self.bench.pack(number, PackParcel(revision), make_key(key), WANG)
        return f"{number}-{parcel.n}"

    def order(self, number: str) -> Any:
        return self.world.shop.orders.load(number)

    def recall(self, asked: RecallBatch = WHY) -> Any:
        return self.recalls.recall(*BATCH, asked, OPERATOR)

    def stages(self) -> dict[str, BoardStage]:
        return {entry.number: entry.stage for entry in self.bench.board()}

    def told(self) -> list[str]:
        """The orders whose buyers were written to of a recall, as often as they were."""
        self.world.settle()
        return sorted(number for number, text in map(letter_in, self.world.mails) if text == "recalled")

    def table(self) -> list[Any]:
        return sorted(map(str, self.world.store.everything()))


@pytest.fixture
def village(make_world: MakeWorld) -> Village:
    return Village(make_world({day(1): 10, day(2): 10}))


def refused(why: PackFault, act: Callable[[], object]) -> None:
    with pytest.raises(CannotPack) as told:
        act()
    assert told.value.reason is why


def test_a_recall_stops_what_is_of_its_batch_and_no_other_parcel(village: Village) -> None:
    world = village.world
    paid, packed, shipped = (village.buy(n, quantity=2) for n in range(3))
    unpaid = village.buy(3, pay=False)
    here, gone = village.pack(packed, 1), village.pack(shipped, 2)
    village.bench.hand_over(gone, BearNumber("sf", "SF1000000000001"), WANG)
    mixed = village.buy(4, lines=[{"sku": JAR, "quantity": 1}, {"sku": POT, "quantity": 1}])
    two_days = village.buy(5, quantity=4)
    pots = village.buy(6, sku=POT)
    later = village.buy(7, quantity=3)
    assert {part.ship_by for line in village.order(two_days).lines for part in line.parts} == {day(2)}
    stays = village.pack(pots, 3)

    report = village.recall()

    theirs = [paid, packed, shipped, mixed]
    assert [one.number for one in report.orders] == sorted(theirs)
    assert report.unpaid == ()
    assert village.order(unpaid).state is State.CANCELLED
    assert village.told() == sorted(theirs)
    assert (report.stock.units, report.stock.sellable) == (0, 0)
    refused(PackFault.RECALLED, lambda: village.pack(paid, 11))
    refused(PackFault.RECALLED, lambda: village.bench.label(paid, WANG))
    refused(PackFault.RECALLED, lambda: village.bench.hand_over(here, SF, WANG))
    assert village.stages() == {
        packed: BoardStage.UNPACK, mixed: BoardStage.TO_PRINT, two_days: BoardStage.TO_PRINT,
        pots: BoardStage.PACKED, later: BoardStage.TO_PRINT,
    }  # fmt: skip
    village.bench.hand_over(stays, SF, WANG)
    for n, number in enumerate((two_days, later), 20):
        village.bench.hand_over(village.pack(number, n), SF, WANG)
    refused(PackFault.RECALLED, lambda: village.pack(mixed, 12))
    village.bench.pack(mixed, PackParcel(1, (PackLine(POT, 1),)), make_key(13), WANG)
    village.bench.hand_over(f"{mixed}-1", SF, WANG)
    assert village.bench.unpack(here, WANG).state is State.PAID
    assert packed not in village.stages(), "nothing of it can be packed"
    assert audit(world.store, TODAY).differences == []
    assert dangers(world.store, TODAY) == []


def test_a_drill_tells_all_of_it_and_changes_nothing(village: Village) -> None:
    buyers = [village.buy(n) for n in range(3)]
    village.pack(buyers[0])
    village.buy(4, pay=False)
    before = village.table()
    village.world.calls.clear()
    report = village.recall(DRILL)
    assert [one.number for one in report.orders] == sorted(buyers)
    assert (report.stock.units, len(report.unpaid), report.passport.recall) == (10, 1, None)
    assert {*village.world.calls} <= {"Query", "GetItem", "BatchGetItem"}
    assert village.table() == before
    assert village.told() == []


def test_said_again_a_recall_goes_on_and_writes_to_nobody_twice(village: Village) -> None:
    number = village.buy(1)
    first = village.recall()
    again = village.recall(RecallBatch("another reason"))
    assert again.passport == first.passport
    assert village.told() == [number]


def test_what_is_recalled_can_be_neither_bought_nor_made_more_of(village: Village) -> None:
    world = village.world
    village.recall()
    assert world.left() == 10, "those of the other day"
    with pytest.raises(SoldOut):
        world.place(1, quantity=11)
    with pytest.raises(NotNow, match="recalled"):
        world.stock(20, day(1))
    plan(world.shop.catalog, world.store, TODAY)
    with pytest.raises(NotNow):
        add_units(world.shop.catalog, world.store, NOON, AddUnits(JAR, 10_000), "more-1")
    made = world.store.stock.declared(JAR, day(1))[0]
    assert (made.ship_by, made.cap, made.sellable) == (day(1), 0, 0)


def test_a_drop_of_the_batch_and_an_invitation_to_it_end_too(make_world: MakeWorld) -> None:
    village = Village(make_world({day(1): 4}))
    world = village.world
    drop = Drop("evening", JAR, "cabbage-1", 1990, 2, NOON, NOON.replace(hour=12))
    open_drop(world.shop.catalog, world.store, NOON, drop, 1)
    number = village.buy(1, lines=[{"sku": JAR, "quantity": 1, "drop": "evening"}], room="cabbage-1")
    last = village.buy(2, quantity=2, pay=False)
    place = waiters.join(world)
    world.shop.cancel(last, world.keys.token(last))
    world.sweep()
    assert waiters.states(world, place) == ["invited"]
    report = village.recall()
    assert [one.number for one in report.orders] == [number]
    assert (report.stock.units, report.stock.sellable, report.invited) == (0, 0, ())
    assert waiters.states(world, place) == ["lapsed"]
    with pytest.raises(InvitationOver):
        waiters.take(world, place)
    assert world.differences() == []
    assert village.recalls.lift(*BATCH).stock.units == 4
    assert world.differences() == []


def test_a_line_of_two_batches_is_packed_from_the_good_one_once_the_rest_is_known_to_be_recalled(
    make_world: MakeWorld,
) -> None:
    village = Village(make_world({day(1): 2, day(2): 3}))
    number = village.buy(1, quantity=5)
    village.recall()
    refused(PackFault.RECALLED, lambda: village.pack(number, 1))
    _, parcel = village.bench.pack(number, PackParcel(1, (PackLine(JAR, 3),)), make_key(2), WANG)
    assert parcel.lots == (Lot(0, day(2), 3),)
    village.bench.hand_over(f"{number}-1", SF, WANG)
    [order] = village.recall(DRILL).orders
    assert order.number == number


def test_what_gets_a_later_day_is_of_a_good_batch_and_can_be_packed(village: Village) -> None:
    number = village.buy(1)
    village.recall()
    postpone(village.world.store, village.world.services.stage.clock, number, day(2))
    village.bench.hand_over(village.pack(number), SF, WANG)
    assert village.recall(DRILL).orders == ()


def test_a_parcel_of_older_code_is_taken_for_the_earliest_parts_of_its_lines(make_world: MakeWorld) -> None:
    village = Village(make_world({day(1): 2, day(2): 3}))
    number = village.buy(1, quantity=5)
    _, parcel = village.bench.pack(number, PackParcel(1, (PackLine(JAR, 2),)), make_key(2), WANG)
    order = village.order(number)
    old = msgspec.structs.replace(order, parcels=(msgspec.structs.replace(parcel, lots=()),))
    village.world.store.table.call("put_item", **_put(order, old))
    village.recall()
    assert village.stages() == {number: BoardStage.UNPACK}


def test_a_recall_by_mistake_is_undone_and_its_buyers_hear_that(village: Village) -> None:
    world = village.world
    told, packed, unheard = (village.buy(n) for n in range(3))
    parcel = village.pack(packed)
    village.recall()
    assert village.told() == sorted([told, packed, unheard])
    report = village.recalls.lift(*BATCH)
    assert (report.stock.units, report.passport.recall) == (10, None)
    world.settle()
    assert sum(text == "unrecalled" for _, text in map(letter_in, world.mails)) == 3
    village.bench.hand_over(parcel, SF, WANG)
    village.pack(told, 5)
    assert world.left() == 17
    assert world.differences() == []
    with pytest.raises(NotNow):
        village.recalls.lift(*BATCH)


def test_the_audit_tells_of_what_a_recall_has_not_come_to(village: Village) -> None:
    number = village.buy(1)
    parcel = village.pack(number)
    village.recalls._begin(*BATCH, WHY, OPERATOR)
    told = village.world.differences()
    assert [line for line in told if "9 to be sold" in line or f"order {number}" in line] == told[:2]
    village.recall()
    order = village.order(number)
    [packed] = order.parcels
    late = msgspec.structs.replace(packed, handed=NOON + timedelta(minutes=5))
    village.world.store.table.call("put_item", **_put(order, msgspec.structs.replace(order, parcels=(late,))))
    assert [line for line in village.world.differences() if f"parcel {parcel}" in line]


def test_nothing_is_said_of_a_batch_that_there_is_not_nor_without_a_reason(village: Village) -> None:
    with pytest.raises(NotFound):
        village.recalls.recall(JAR, day(9), WHY, OPERATOR)
    with pytest.raises(Invalid):
        village.recall(RecallBatch(" "))
    assert village.world.store.passports.load(*BATCH) is None


def test_a_passport_is_what_the_goods_were_when_the_first_of_them_were_packed(village: Village) -> None:
    world = village.world
    first, second = village.buy(1), village.buy(2)
    village.pack(first)
    frozen = world.store.passports.load(*BATCH)
    assert frozen and (frozen.packed, len(frozen.shown)) == (world.now, 16)
    catalog = world.shop.catalog
    [product] = catalog.products
    other = msgspec.structs.replace(product, allergens=msgspec.structs.replace(product.allergens, zh="含鱼"))
    world.shop = world.process(msgspec.structs.replace(catalog, products=(other,)))
    world.later(60)
    later = Bench(world.services.stage, world.store)
    later.pack(second, PackParcel(1), make_key(2), WANG)
    assert world.store.passports.load(*BATCH) == frozen


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands on the condition that a batch is not recalled."""
    monkeypatch.setattr(passports, "NOT_RECALLED", "attribute_not_exists(no_such_attribute)")


@pytest.mark.parametrize("act", ["pack", "hand over"])
def test_a_recall_between_reading_and_writing_is_never_overtaken(village: Village, act: str) -> None:
    number, packed = village.buy(1), act == "hand over"
    if packed:
        village.pack(number)
    refused(PackFault.RECALLED, lambda: raced(village, number, act))
    assert [parcel.handed for parcel in village.order(number).parcels] == ([None] if packed else [])


@pytest.mark.parametrize("act", ["pack", "hand over"])
@pytest.mark.usefixtures("unguarded")
def test_the_twin_without_the_condition_lets_a_recalled_jar_through(village: Village, act: str) -> None:
    number = village.buy(1)
    if act == "hand over":
        village.pack(number)
    raced(village, number, act)
    [parcel] = village.order(number).parcels
    assert act == "pack" or parcel.handed, "a recalled jar has left the village"


def raced(village: Village, number: str, act: str) -> None:
    """Does it, and the passport is marked after the order was read and before it is written."""
    commit, marked = village.world.store.commit, list[Any]()

    def first_the_recall(transaction: Any) -> Any:
        if not marked:
            marked.append(village.recalls._begin(*BATCH, WHY, OPERATOR))
        return commit(transaction)

    village.world.store.commit = first_the_recall  # type: ignore[method-assign]
    if act == "pack":
        village.pack(number, 7)
    else:
        village.bench.hand_over(f"{number}-1", SF, WANG)


@pytest.fixture
def story(make_world: MakeWorld) -> Village:
    """A batch with two paid orders, one of them packed, one that is not paid, and a place that is invited to it."""
    village = Village(make_world({day(1): 6}))
    world = village.world
    village.buy(1)
    village.pack(village.buy(2))
    village.buy(3, pay=False)
    last = village.buy(4, quantity=3, pay=False)
    waiters.join(world)
    world.shop.cancel(last, world.keys.token(last))
    world.sweep()
    world.settle()
    return village


def begin(village: Village, items: list[Any]) -> None:
    """Puts the table back to these items, and has another process serve it."""
    world = village.world
    for item in [*world.store.everything()]:
        world.store.table.call("delete_item", Key={name: item[name] for name in ("pk", "sk")})
    for item in items:
        world.store.table.call("put_item", Item=item)
    world.mails.clear()
    world.shop = world.process(world.shop.catalog)


def outcome(village: Village) -> Any:
    """What is then: the stock, the orders, who waits, and which letters went out."""
    world = village.world
    world.settle()
    letters = sorted(text for _, text in map(letter_in, world.mails))
    orders = sorted((order.state, len(order.recalls)) for order in world.store.orders.all())
    places = [waiter.state for waiter in world.store.waitlist.all()]
    return letters, orders, places, village.recall(DRILL).stock.units, world.left(), world.differences()


@pytest.mark.parametrize("act", ["recall", "lift"])
def test_cut_off_at_any_of_its_writes_and_said_again_it_ends_as_if_it_had_not_been(story: Village, act: str) -> None:
    if act == "lift":
        story.recall()
        story.world.settle()
    items, points = [*story.world.store.everything()], CrashPoints(story.world.client)
    do = story.recall if act == "recall" else lambda: story.recalls.lift(*BATCH)
    begin(story, items)
    with points.at(None):
        do()
    writes, expected = points.writes, outcome(story)
    for write in range(1, writes + 1):
        begin(story, items)
        with pytest.raises(Died), points.at((write, "after")):
            do()
        with suppress(NotNow):  # a recall that was lifted by the last write is lifted no more
            do()
        assert outcome(story) == expected, f"cut off after write {write}"
    assert writes == {"recall": 10, "lift": 6}[act]


def _put(before: Any, after: Any) -> dict[str, Any]:
    return dict(ORDER.put(before, msgspec.structs.replace(after, version=before.version + 1))["Put"])
