"""Carriers' numbers in sheets: heads by any of their names, rows by order number, what Excel broke is refused."""

from datetime import datetime
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import device
from chalicelib.domain.errors import Invalid
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import Parcel, ParcelLine, ParcelState
from chalicelib.domain.packing.codes import code_of
from chalicelib.domain.packing.numbers import HEADS, WORDS, Cell, NumberRow, RowFault, numbers_in, parcels_for
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.world import NOON, make_order

ONE, TWO = "12345678901234567890", "09876543210987654321"
HEAD: list[Cell] = ["订单号", "快递公司", "运单号"]
SF, ZTO = "SF1234567890123", "75312345678901"
WANG = device("0badcafe")


def told(*rows: list[Cell], carrier: str = "") -> list[NumberRow]:
    return numbers_in([[HEAD, *rows]], carrier)


def number(cell: Cell) -> str | RowFault:
    [row] = told([f"CB{ONE}", "中通", cell])
    return row.fault or row.number


def order_in(cell: Cell) -> tuple[str, int | None] | RowFault:
    [row] = told([cell, "顺丰", SF])
    return row.fault or (row.order, row.n)


def packed(count: int = 1, number: str = ONE, state: State = State.PACKED, **fields: Any) -> Order:
    """An order of which each unit is in a parcel of its own."""
    parcels = tuple(Parcel(n + 1, (ParcelLine(0, 1),), NOON) for n in range(count))
    return make_order(state, count, number=number, **{"parcels": parcels, **fields})


def borne(order: Order, n: int, carrier: str, tracking: str) -> Order:
    parcels = tuple(
        msgspec.structs.replace(one, carrier=carrier, tracking=tracking) if one.n == n else one for one in order.parcels
    )
    return msgspec.structs.replace(order, parcels=parcels)


@pytest.mark.parametrize(
    "order", [*HEADS["order"], "订单号*", "订单号（必填）", " 订 单 号 ", "Order Number", "【选填】订单号"]
)
@pytest.mark.parametrize("waybill", ["运单号", "快递单号", "物流单号", "面单号", "Tracking No.", "运单号:"])
def test_a_column_is_found_by_any_of_its_names(order: str, waybill: str) -> None:
    [row] = numbers_in([[["x", order, waybill], ["1", f"CB{ONE}", SF]]], "sf")
    assert (row.order, row.carrier, row.number, row.fault) == (ONE, "sf", SF, None)


def test_titles_above_the_heads_and_empty_rows_are_passed_over_and_lines_count_as_the_spreadsheet_does() -> None:
    sheet: list[list[Cell]] = [["发货单 11月26日"], [], HEAD, ["", None, " "], [f"CB{ONE}", "顺丰", SF], [f"CB{TWO}"]]
    assert [(row.line, row.fault) for row in numbers_in([[["x"]], sheet])] == [(5, None), (6, RowFault.NO_NUMBER)]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ([], "no row"),
        ([["收件人", "手机"], ["王小明", "138"]], "no row"),
        ([["订单号", "收件人"]], "no row"),
        ([["订单号", "运单号", "快递单号"]], "运单号, 快递单号 mean the same"),
        ([["订单号", "运单号"], *([[f"CB{ONE}", SF]] * 5001)], "5000 rows"),
    ],
)
def test_a_file_that_is_not_meant_is_refused_whole(sheet: list[list[Cell]], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        numbers_in([sheet], "sf")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (ZTO, ZTO),
        (" 75312345678901\t", ZTO),
        ("７５３１２３４５６７８９０１", ZTO),
        ("75312345678901\u200b", ZTO),
        ("'75312345678901", ZTO),
        ('="75312345678901"', ZTO),
        (75312345678901.0, ZTO),
        (75312345678901, ZTO),
        ("75312345678901.0", ZTO),
        (773061155005903.0, "773061155005903"),
        (999999999999999.0, "999999999999999"),
        ("sf1234567890123", SF),
        ("JDVA00012345678-1-1", "JDVA00012345678-1-1"),
        (10.0**15, RowFault.BROKEN_NUMBER),
        (7.71234567890123e17, RowFault.BROKEN_NUMBER),
        (75312345678901.5, RowFault.BROKEN_NUMBER),
        (float("nan"), RowFault.BROKEN_NUMBER),
        (float("inf"), RowFault.BROKEN_NUMBER),
        (-1.0, RowFault.BROKEN_NUMBER),
        ("7.71E+14", RowFault.BROKEN_NUMBER),
        ("7.53123E+13", RowFault.BROKEN_NUMBER),
        ("７.７１Ｅ＋１４", RowFault.BROKEN_NUMBER),
        ("7e14", RowFault.BROKEN_NUMBER),
        ("1234567890123450000", RowFault.BROKEN_NUMBER),
        ("1234567890123456.0", RowFault.BROKEN_NUMBER),
        (datetime(2026, 11, 26), RowFault.BROKEN_NUMBER),
        (True, RowFault.BROKEN_NUMBER),
        ("", RowFault.NO_NUMBER),
        ("'", RowFault.NO_NUMBER),
        (None, RowFault.NO_NUMBER),
        ("########", RowFault.ODD_NUMBER),
        ("无", RowFault.ODD_NUMBER),
        ("75312345678901\n75312345678902", RowFault.ODD_NUMBER),
        ("NONUMBER", RowFault.ODD_NUMBER),
        ("1", RowFault.ODD_NUMBER),
    ],
)
def test_a_number_is_taken_whole_or_not_at_all(cell: Cell, found: str | RowFault) -> None:
    """bowenliang123/markdown-exporter #73, react-csv #136."""
    assert number(cell) == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (f"CB{ONE}", (ONE, None)),
        (f"cb{ONE} ", (ONE, None)),
        (f"CB{ONE}-2", (ONE, 2)),
        (ONE, (ONE, None)),
        (code_of(ONE, 7), (ONE, None)),
        ("12345678901234500000", RowFault.BROKEN_ORDER),
        ("CB12345678901234500000", ("12345678901234500000", None)),
        (1.2345678901234567e19, RowFault.BROKEN_ORDER),
        ("1.23457E+19", RowFault.BROKEN_ORDER),
        ("合计", RowFault.ODD_ORDER),
        (f"CB{ONE[:-1]}", RowFault.ODD_ORDER),
        (f"CB{ONE}1", RowFault.ODD_ORDER),
        (f"CB{ONE}-x", RowFault.ODD_ORDER),
        ("", RowFault.NO_ORDER),
    ],
)
def test_an_order_is_known_by_its_letters_or_its_twenty_digits(cell: Cell, found: object) -> None:
    assert order_in(cell) == found


def test_a_row_of_several_orders_is_about_each_of_them() -> None:
    rows = told([f"CB{ONE},CB{TWO}", "顺丰", SF], [f"CB{ONE}，x", "顺丰", SF])
    assert [(row.line, row.order, row.fault) for row in rows] == [
        (2, ONE, None), (2, TWO, None), (3, ONE, None), (3, "X", RowFault.ODD_ORDER),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "default", "found"),
    [
        ("顺丰速运", "", "sf"),
        ("中通", "sf", "zto"),
        ("", "zto", "zto"),
        (None, "", RowFault.NO_CARRIER),
        ("菜鸟", "zto", RowFault.UNKNOWN_CARRIER),
        ("中通转韵达", "zto", RowFault.UNKNOWN_CARRIER),
    ],
)
def test_a_row_says_whose_its_number_is_or_the_whole_file_does(cell: Cell, default: str, found: object) -> None:
    [row] = told([f"CB{ONE}", cell, SF], carrier=default)
    assert (row.fault or row.carrier) == found


def test_a_number_that_looks_odd_is_warned_of_and_taken() -> None:
    rows = told([f"CB{ONE}", "中通", SF], [f"CB{ONE}", "顺丰", SF])
    assert [(row.odd, row.fault) for row in rows] == [(True, None), (False, None)]


def test_every_fault_has_its_words() -> None:
    assert {*WORDS} == {*RowFault}


def pair(*orders: Order, rows: list[tuple[str, int | None, str]]) -> list[object]:
    given = [NumberRow(line, order, n, "sf", found) for line, (order, n, found) in enumerate(rows, 2)]
    return [row.fault or row.n for row in parcels_for(given, {order.number: order for order in orders})]


A, B = "SF1000000000001", "SF1000000000002"


@pytest.mark.parametrize(
    ("order", "rows", "found"),
    [
        (packed(), [(ONE, None, A)], [1]),
        (packed(), [(ONE, None, A), (ONE, None, A)], [1, 1]),
        (packed(), [(ONE, None, A), (ONE, None, B)], [RowFault.TWO_NUMBERS] * 2),
        (packed(2), [(ONE, 2, A), (ONE, 1, B)], [2, 1]),
        (packed(2), [(ONE, None, A)], [RowFault.SEVERAL_PARCELS]),
        (borne(packed(2), 1, "sf", A), [(ONE, None, A), (ONE, None, B)], [1, 2]),
        (borne(packed(), 1, "sf", A), [(ONE, None, A)], [1]),
        (borne(packed(), 1, "sf", A), [(ONE, None, B)], [RowFault.OTHER_NUMBER]),
        (borne(packed(), 1, "zto", A), [(ONE, None, A)], [RowFault.OTHER_NUMBER]),
        (packed(), [(ONE, 2, A)], [RowFault.NO_PARCEL]),
        (packed(), [(TWO, None, A)], [RowFault.UNKNOWN_ORDER]),
        (make_order(State.PAID, number=ONE), [(ONE, None, A)], [RowFault.NOT_PACKED]),
        (make_order(State.AWAITING_PAYMENT, number=ONE), [(ONE, None, A)], [RowFault.UNPAID]),
        (make_order(State.CANCELLED, number=ONE), [(ONE, None, A)], [RowFault.OVER]),
        (packed(state=State.CANCELLED), [(ONE, None, A)], [RowFault.UNPACK]),
        (make_order(State.SHIPPED, number=ONE), [(ONE, None, A)], [1]),
    ],
)
def test_a_row_finds_the_one_parcel_that_it_can_mean(
    order: Order, rows: list[tuple[str, int | None, str]], found: list[object]
) -> None:
    assert pair(order, rows=rows) == found


def test_a_parcel_that_was_taken_apart_is_not_meant() -> None:
    parcels = (
        Parcel(1, (ParcelLine(0, 1),), NOON, state=ParcelState.UNPACKED),
        Parcel(2, (ParcelLine(0, 1),), NOON),
    )
    assert pair(packed(parcels=parcels), rows=[(ONE, None, A)]) == [2]


@settings(deadline=None)
@given(st.permutations(range(6)))
def test_rows_in_any_order_pair_by_the_order_number(places: list[int]) -> None:
    """magento2 #24381: two orders got the same number, since rows were paired by their place."""
    orders = [packed(number=f"{place:020}") for place in range(6)]
    rows = told(*([f"CB{place:020}", "顺丰", f"SF10000000000{place:02}"] for place in places))
    found = parcels_for(rows, {order.number: order for order in orders})
    assert {row.order: row.number for row in found} == {f"{n:020}": f"SF10000000000{n:02}" for n in range(6)}
    assert {row.fault for row in found} == {None}


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.text(max_size=30),
    st.sampled_from([f"CB{ONE}", SF, "中通"]),
)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=5))
def test_whatever_stands_in_a_sheet_each_row_is_answered_once(rows: list[list[Cell]]) -> None:
    told_of = {row.line for row in told(*rows)}
    filled = {
        place for place, row in enumerate(rows, 2) if any(cell not in (None, "") and str(cell).strip() for cell in row)
    }
    assert told_of == filled
