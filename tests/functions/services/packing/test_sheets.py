"""Sheets at work: what is to be shipped goes out, numbers come in by order number, once, whatever else is in a file."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import device
from chalicelib.domain.commands import BearNumber, PackParcel
from chalicelib.domain.errors import Busy, Invalid
from chalicelib.domain.orders.model import State
from chalicelib.domain.packing.numbers import RowFault
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing import workbooks
from chalicelib.services.packing.bench import Bench
from chalicelib.services.packing.sheets import LONGEST, PackingSheets, RowOutcome

from tests.functions.helpers.world import World, day, make_key

WANG, LI = device("0badcafe"), device("0badf00d")
LATER = day(9)
DOOR = {
    "ship_to": {"name": "李四", "phone": "13900139000", "region": ["吉林省", "通化市"], "street": "太王镇二组 5 号"},
}
MakeWorld = Callable[..., World]


class Office:
    """A manager's desk beside a packing room."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bench = Bench(world.services.stage, world.store)
        self.sheets = PackingSheets(world.services.stage, world.store)

    def paid(self, n: int = 0, **fields: Any) -> str:
        placed = self.world.place(n, **fields)
        self.world.pay(placed)
        return str(placed["order"])

    def packed(self, n: int = 0, **fields: Any) -> str:
        number = self.paid(n, **fields)
        self.bench.pack(number, PackParcel(1), make_key(1000 + n), WANG)
        return number

    def exported(self, profile: str = "parts", until: Any = LATER) -> list[list[Any]]:
        [rows] = workbooks.read(self.sheets.export(profile, until).file)
        return [[*row] for row in rows]

    def imported(self, rows: Sequence[tuple[str, str]], carrier: str = "sf") -> list[object]:
        file = workbooks.write([["订单号", "运单号"], *([f"CB{order}", number] for order, number in rows)], "x")
        return [one.row.fault or one.outcome for one in self.sheets.set_numbers(file, carrier, LI)]

    def tracking(self, number: str) -> list[str]:
        return [one.tracking for one in self.world.shop.orders.load(number).parcels]

    def letters(self, number: str) -> int:
        outbox = self.world.shop.orders.load(number).outbox
        return [getattr(intent, "text", "") for intent in outbox].count("tracking")


@pytest.fixture
def office(make_world: MakeWorld) -> Office:
    return Office(make_world({day(1): 20, day(2): 20}))


def sf(n: int) -> str:
    return f"SF{n:013}"


def test_what_is_to_be_shipped_goes_out_the_earliest_first_and_nothing_that_is_over(office: Office) -> None:
    paid, packed, over, gone = office.paid(1), office.packed(2), office.paid(3), office.packed(4)
    cancel_by_seller(office.world.store, office.world.services.stage.clock, over)
    office.bench.hand_over(f"{gone}-1", BearNumber("sf"), WANG)
    heads, *rows = office.exported()
    assert heads[:3] == ["订单号", "收件人", "手机"]
    assert {row[0] for row in rows} == {f"CB{paid}", f"CB{packed}-1"}
    assert {row[2] for row in rows} == {"13800138001", "13800138002"}
    assert office.exported(until=day(0)) == [heads], "nothing has to leave by today"
    assert office.sheets.export("whole").rows == 0


def test_a_profile_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(Invalid, match="parts, whole"):
        office.sheets.export("x")
    with pytest.raises(Invalid, match="sf, zto"):
        office.sheets.set_numbers(b"x", "x", LI)


def test_the_sheet_that_went_out_comes_back_with_numbers(office: Office) -> None:
    numbers = [office.packed(n) for n in range(4)]
    heads, *rows = office.exported()
    filled = [[*heads, "快递公司", "快递单号"], *([*row, "顺丰速运", sf(n)] for n, row in enumerate(rows))]
    answers = office.sheets.set_numbers(workbooks.write(filled, "x"), "", LI)
    assert [one.outcome for one in answers] == [RowOutcome.SET] * 4
    assert {f"CB{number}-1": office.tracking(number)[0] for number in numbers} == {
        row[0]: sf(n) for n, row in enumerate(rows)
    }
    assert office.exported() == [heads], "what has a number goes out no more"
    assert office.world.differences() == []


def test_rows_pair_by_order_number_in_whatever_order_they_come(office: Office) -> None:
    """magento2 #24381: two orders got the same number."""
    pairs = [(office.packed(n), sf(n)) for n in range(6)]
    mixed = [*pairs]
    Random(7).shuffle(mixed)
    assert office.imported(mixed) == [RowOutcome.SET] * 6
    assert {number: office.tracking(number) for number, _ in pairs} == {number: [found] for number, found in pairs}


def test_the_same_file_three_times_is_one_letter(office: Office) -> None:
    """bagisto #8713."""
    number = office.packed(email="li@example.com")
    office.bench.hand_over(f"{number}-1", BearNumber("sf"), WANG)
    found = [office.imported([(number, sf(1))]) for _ in range(3)]
    assert found == [[RowOutcome.SET], [RowOutcome.SAME], [RowOutcome.SAME]]
    assert office.letters(number) == 1


def test_the_good_rows_are_done_whatever_the_others_are(office: Office) -> None:
    """myparcelnl/woocommerce #408."""
    good, more, unpacked, over = office.packed(1), office.packed(2), office.paid(3), office.packed(4)
    cancel_by_seller(office.world.store, office.world.services.stage.clock, over)
    rows = [(good, sf(1)), ("9" * 20, sf(2)), (unpacked, sf(3)), (over, sf(4)), (more, "7.71E+14"), (more, sf(5))]
    assert office.imported(rows) == [
        RowOutcome.SET, RowFault.UNKNOWN_ORDER, RowFault.NOT_PACKED, RowFault.UNPACK, RowFault.BROKEN_NUMBER,
        RowOutcome.SET,
    ]  # fmt: skip
    assert (office.tracking(good), office.tracking(more)) == ([sf(1)], [sf(5)])


def test_a_number_that_somebody_else_s_parcel_has_is_refused_and_names_that(office: Office) -> None:
    first, other = office.packed(1), office.packed(2)
    office.imported([(first, sf(1))])
    file = workbooks.write([["订单号", "运单号"], [f"CB{other}", sf(1)]], "x")
    [answer] = office.sheets.set_numbers(file, "sf", LI)
    assert (answer.row.fault, answer.first) == (RowFault.NUMBER_TAKEN, f"{first}-1")
    assert office.tracking(other) == [""]


def test_orders_for_one_door_may_share_a_number(office: Office) -> None:
    one, two = office.packed(1, **DOOR), office.packed(2, **DOOR)
    file = workbooks.write([["订单号", "运单号"], [f"CB{one},CB{two}", sf(1)]], "x")
    assert [one.outcome for one in office.sheets.set_numbers(file, "sf", LI)] == [RowOutcome.SET] * 2
    assert office.tracking(one) == office.tracking(two) == [sf(1)]


def test_a_file_of_yesterday_undoes_nothing(office: Office) -> None:
    number = office.packed()
    office.imported([(number, sf(1))])
    office.bench.set_number(f"{number}-1", BearNumber("sf", sf(2)), LI)
    assert office.imported([(number, sf(1))]) == [RowFault.OTHER_NUMBER]
    assert office.tracking(number) == [sf(2)]


def meanwhile(office: Office, monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    """Somebody types another number between what an import reads and what it writes."""
    commit, others = office.world.store.commit, []

    def first_somebody_else(transaction: Any) -> Any:
        if not others:
            others.append(1)
            office.bench.set_number(f"{number}-1", BearNumber("sf", sf(2)), WANG)
        return commit(transaction)

    monkeypatch.setattr(office.world.store, "commit", first_somebody_else)


def test_a_number_that_somebody_types_meanwhile_stays(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = office.packed()
    meanwhile(office, monkeypatch, number)
    assert office.imported([(number, sf(1))]) == [RowFault.OTHER_NUMBER]
    assert office.tracking(number) == [sf(2)]


def test_the_twin_that_does_not_look_again_takes_away_what_somebody_typed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.packed()
    meanwhile(office, monkeypatch, number)
    monkeypatch.setattr(Bench, "add_number", Bench.set_number)
    assert office.imported([(number, sf(1))]) == [RowOutcome.SET]
    assert office.tracking(number) == [sf(1)]


def test_two_numbers_for_one_parcel_are_both_refused(office: Office) -> None:
    number = office.packed()
    assert office.imported([(number, sf(1)), (number, sf(2))]) == [RowFault.TWO_NUMBERS] * 2
    assert office.tracking(number) == [""]


def test_a_long_file_is_answered_in_time_and_goes_on_when_it_comes_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(office.packed(n), sf(n)) for n in range(4)]
    commit = office.world.store.commit

    def slow(transaction: Any) -> Any:
        office.world.now += LONGEST / 2 + timedelta(seconds=1)
        return commit(transaction)

    monkeypatch.setattr(office.world.store, "commit", slow)
    done, busy = RowOutcome.SET, RowFault.BUSY
    assert office.imported(rows) == [done, done, busy, busy]
    assert office.imported(rows) == [RowOutcome.SAME, RowOutcome.SAME, done, done]


def test_a_row_whose_order_others_change_is_answered_busy_and_the_rest_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(office.packed(n), sf(n)) for n in range(2)]
    commit, tries = office.world.store.commit, []

    def first_busy(transaction: Any) -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise Busy("others")
        return commit(transaction)

    monkeypatch.setattr(office.world.store, "commit", first_busy)
    assert office.imported(rows) == [RowFault.BUSY, RowOutcome.SET]


def test_a_parcel_that_has_left_still_takes_its_number(office: Office) -> None:
    number = office.packed()
    office.bench.hand_over(f"{number}-1", BearNumber("sf"), WANG)
    assert office.imported([(number, sf(1))]) == [RowOutcome.SET]
    assert office.world.shop.orders.load(number).state is State.SHIPPED


def test_an_order_that_was_bought_with_odd_signs_goes_out_as_it_is(office: Office) -> None:
    number = office.paid()
    order = office.world.shop.orders.load(number)
    odd = msgspec.structs.replace(order.ship_to, name="䶮𬭛", street='=1+1 "东"\t楼\n二层 🥬 １２号')
    after = msgspec.structs.replace(order, ship_to=odd, version=order.version + 1)
    office.world.store.commit(_saved(order, after))
    heads, row = office.exported()
    cells = dict(zip(heads, row, strict=True))
    assert (cells["收件人"], cells["详细地址"]) == (odd.name, odd.street)


def _saved(before: Any, after: Any) -> Any:
    from chalicelib.storage.transaction import Transaction

    return Transaction().save(before, after)
