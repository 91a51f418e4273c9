"""The packing room at work: the board by its index, waves, parcels and carriers' numbers, while orders change."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import device
from chalicelib.domain.commands import BearNumber, PackLine, PackParcel
from chalicelib.domain.errors import CannotPack, NotFound, PackFault
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.packing.board import BoardStage
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing.bench import Bench

from tests.functions.helpers.world import JAR, World, day, make_key

MakeWorld = Callable[..., World]
WANG, LI = device("0badcafe"), device("0badf00d")
ALL = PackParcel(1)
TO = {"name": "李四", "phone": "13900139000", "region": ["吉林省", "通化市"], "street": "太王镇二组 5 号"}
DOOR = {"ship_to": TO}
SF, NO_NUMBER = BearNumber("sf", "SF1000000000001"), BearNumber("sf")


class Room:
    """A packing room with orders that are paid."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bench = Bench(world.services.stage, world.store)

    def paid(self, n: int = 0, **fields: Any) -> str:
        placed: Mapping[str, Any] = self.world.place(n, **fields)
        self.world.pay(placed)
        return str(placed["order"])

    def order(self, number: str) -> Order:
        return self.world.shop.orders.load(number)

    def stages(self) -> dict[str, BoardStage]:
        return {entry.number: entry.stage for entry in self.bench.board()}

    def pack(self, number: str, key: int = 0, by: Any = WANG) -> str:
        _, parcel = self.bench.pack(number, PackParcel(self.order(number).revision), make_key(key), by)
        return f"{number}-{parcel.n}"


@pytest.fixture
def room(make_world: MakeWorld) -> Room:
    return Room(make_world({day(1): 20, day(2): 20}))


def refused(why: PackFault, act: Callable[[], object]) -> CannotPack:
    with pytest.raises(CannotPack) as told:
        act()
    assert told.value.reason is why
    return told.value


def test_a_paid_order_is_on_the_board_until_it_has_left(room: Room) -> None:
    waiting = room.world.place(9)
    number = room.paid(quantity=2)
    [entry] = room.bench.board()
    assert (entry.number, entry.ship_by, entry.stage, entry.units) == (number, day(1), BoardStage.TO_PRINT, ((JAR, 2),))
    room.bench.wave([number], "W1", WANG)
    assert room.stages() == {number: BoardStage.PRINTED}
    parcel = room.pack(number)
    assert room.stages() == {number: BoardStage.PACKED}
    room.bench.hand_over(parcel, SF, WANG)
    assert room.stages() == {}
    assert room.order(number).state is State.SHIPPED
    assert room.order(waiting["order"]).state is State.AWAITING_PAYMENT
    assert room.world.differences() == []


def test_the_board_reads_no_order_and_nothing_personal_is_in_its_index(room: Room) -> None:
    for n in range(5):
        room.paid(n)
    room.world.calls.clear()
    assert len(room.bench.board()) == 5
    assert {*room.world.calls} == {"Query"}
    items = room.world.client.scan(TableName=room.world.store.table.name, IndexName="pack")["Items"]
    assert {name for item in items for name in item} == {"pk", "sk", "pack_pk", "pack_at"}
    assert not any(word in str(items) for word in ("王小明", "8013", "高台子"))


def test_the_board_is_late_first_then_by_contents_and_door(room: Room) -> None:
    numbers = [room.paid(n, quantity=1 + n % 2) for n in range(4)]
    units = [entry.units for entry in room.bench.board()]
    assert units == sorted(units)
    assert {entry.number for entry in room.bench.board(day(1))} == {*numbers}
    assert room.bench.board(day(5)) == []


def test_orders_for_one_door_are_known_by_a_pseudonym(room: Room) -> None:
    first, second, other = room.paid(1, **DOOR), room.paid(2, **DOOR), room.paid(3)
    doors = {entry.number: entry.recipient for entry in room.bench.board()}
    assert doors[first] == doors[second] != doors[other]
    assert len(doors[first]) == 8


def test_two_printers_share_out_what_is_left(room: Room) -> None:
    numbers = [room.paid(n) for n in range(4)]
    first = room.bench.wave(numbers[:3], "W1", WANG)
    second = room.bench.wave(numbers, "W2", LI)
    assert [order.number for order in first] == numbers[:3]
    assert [order.number for order in second] == numbers[3:]
    again = room.bench.wave(numbers[:3], "W1", WANG)
    assert again == first, "an answer that was lost is given again"


def test_a_wave_leaves_out_what_was_cancelled_meanwhile(room: Room) -> None:
    kept, gone = room.paid(1), room.paid(2)
    cancel_by_seller(room.world.store, room.world.services.stage.clock, gone)
    assert [order.number for order in room.bench.wave([kept, gone, "9" * 20], "W1", WANG)] == [kept]


def test_cancelled_after_printing_it_is_a_stop_sign_until_its_label_is_found(room: Room) -> None:
    """allegro/allegro-api #11469."""
    number = room.paid()
    room.bench.wave([number], "W1", WANG)
    cancel_by_seller(room.world.store, room.world.services.stage.clock, number)
    refused(PackFault.CANCELLED, lambda: room.pack(number))
    assert room.stages() == {number: BoardStage.STOP}
    room.bench.pull(number, LI)
    assert room.stages() == {}


def test_an_order_is_packed_once_a_key_and_the_second_packer_hears_who_did_it(room: Room) -> None:
    number = room.paid(quantity=2)
    parcel = room.pack(number, 1)
    assert room.pack(number, 1) == parcel
    told = refused(PackFault.PACKED, lambda: room.pack(number, 2, LI))
    assert (told.by, told.at) == (WANG, room.world.now)
    assert len(room.order(number).parcels) == 1


def test_a_part_leaves_the_order_open_and_its_promise_stays(room: Room) -> None:
    """vendure #2191: 2 of 3 shipped broke the states."""
    number = room.paid(quantity=3)
    order, parcel = room.bench.pack(number, PackParcel(1, (PackLine(JAR, 2),)), make_key(1), WANG)
    assert (order.state, parcel.units, order.ship_by) == (State.PAID, 2, day(1))
    room.bench.hand_over(f"{number}-1", NO_NUMBER, WANG)
    assert room.stages() == {number: BoardStage.TO_PRINT}
    room.pack(number, 2)
    assert room.bench.hand_over(f"{number}-2", NO_NUMBER, WANG).state is State.SHIPPED


@pytest.mark.parametrize("lines", [(PackLine(JAR, 4),), (PackLine(JAR, 2), PackLine(JAR, 2)), (PackLine("other", 1),)])
def test_no_more_is_packed_than_was_bought(room: Room, lines: tuple[PackLine, ...]) -> None:
    number = room.paid(quantity=3)
    refused(PackFault.TOO_MANY, lambda: room.bench.pack(number, PackParcel(1, lines), make_key(1), WANG))


def test_a_number_is_on_parcels_to_one_door_alone(room: Room) -> None:
    """nopCommerce #5901, episphere/connect #463."""
    one, same, other = (room.pack(room.paid(n, **more), n) for n, more in enumerate((DOOR, DOOR, {})))
    number = (SF, WANG)
    room.bench.hand_over(one, *number)
    room.bench.hand_over(same, *number)
    refused(PackFault.NUMBER_TAKEN, lambda: room.bench.hand_over(other, *number))
    assert room.order(other.partition("-")[0]).state is State.PACKED
    assert room.world.store.waybills.parcels("sf", "SF1000000000001") == sorted([one, same])


def test_a_list_at_the_door_that_stands_on_another_carrier_takes_no_parcel_from_its_own(room: Room) -> None:
    """Its number would be followed at a carrier that has never seen it."""
    number = room.paid()
    parcel = room.pack(number)
    room.bench.set_number(parcel, SF, LI)
    zto, same = BearNumber("zto"), BearNumber("zto", SF.tracking_number)
    for act in (room.bench.hand_over, room.bench.set_number):
        refused(PackFault.OTHER_CARRIER, lambda act=act: act(parcel, same, WANG))
    refused(PackFault.OTHER_CARRIER, lambda: room.bench.hand_over(parcel, zto, WANG))
    kept = room.order(number).parcels[0]
    assert (kept.carrier, kept.tracking) == (SF.carrier, SF.tracking_number)
    assert room.bench.hand_over(parcel, NO_NUMBER, WANG).state is State.SHIPPED
    room.bench.set_number(parcel, BearNumber("zto", "75312345678901"), WANG)
    assert room.order(number).parcels[0].carrier == "zto", "a number of the new one is its own word"


def test_a_number_may_follow_and_the_same_again_is_no_second_letter(room: Room) -> None:
    """bagisto #8713: the same file three times was three letters."""
    number = room.paid(email="li@example.com")
    parcel = room.pack(number)
    room.bench.hand_over(parcel, NO_NUMBER, WANG)
    for _ in range(3):
        room.bench.set_number(parcel, SF, LI)
    room.bench.hand_over(parcel, SF, WANG)
    texts = [intent.text for intent in room.order(number).outbox if hasattr(intent, "text")]
    assert texts.count("tracking") == 1


def test_what_is_handed_over_by_mistake_is_taken_back_and_what_came_back_is_sent_again(room: Room) -> None:
    number = room.paid()
    parcel = room.pack(number)
    room.bench.hand_over(parcel, SF, WANG)
    assert room.bench.take_back(parcel, LI).state is State.PACKED
    room.bench.hand_over(parcel, NO_NUMBER, WANG)
    assert room.bench.came_back(parcel, LI).state is State.RETURNED
    assert room.bench.send_again(parcel, LI).state is State.PAID
    assert room.stages() == {number: BoardStage.TO_PRINT}
    refused(PackFault.OLD_LABEL, lambda: room.bench.pack(number, ALL, make_key(7), WANG))
    assert room.pack(number, 8) == f"{number}-2"
    assert room.world.differences() == []


def test_a_parcel_that_was_taken_apart_is_not_handed_over(room: Room) -> None:
    number = room.paid()
    parcel = room.pack(number)
    assert room.bench.unpack(parcel, LI).state is State.PAID
    assert room.bench.unpack(parcel, LI).state is State.PAID, "again is the same"
    refused(PackFault.NO_PARCEL, lambda: room.bench.hand_over(parcel, NO_NUMBER, WANG))


@pytest.mark.parametrize("name", ["", "1", "x-1", f"{'1' * 20}", f"{'1' * 20}-", f"{'1' * 20}-1", f"{'1' * 20}-1x"])
def test_a_parcel_that_is_none_is_not_found(room: Room, name: str) -> None:
    with pytest.raises(NotFound):
        room.bench.hand_over(name, NO_NUMBER, WANG)


def test_two_packers_with_one_label_at_once_make_one_parcel(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """saleor #17152, odoo #204790. The twin without the guard packs twice."""
    number, commit, others = room.paid(), room.world.store.commit, []

    def first_somebody_else(transaction: Any) -> Any:
        if not others:
            others.append(1)
            others[0] = room.pack(number, 2, LI)
        return commit(transaction)

    monkeypatch.setattr(room.world.store, "commit", first_somebody_else)
    told = refused(PackFault.PACKED, lambda: room.pack(number, 1, WANG))
    assert (told.by, len(room.order(number).parcels)) == (LI, 1)


def test_the_twin_that_writes_without_a_condition_packs_twice(room: Room) -> None:
    number = room.paid()
    read = room.order(number)
    room.pack(number, 1, LI)
    stale = msgspec.structs.replace(read, version=room.order(number).version)
    room.world.store.orders.load = lambda _: stale  # type: ignore[method-assign]
    order, _ = room.bench.pack(number, ALL, make_key(2), WANG)
    assert order.parcels[0].by == WANG, "what LI has packed is gone from the order: nobody knows of that parcel"
