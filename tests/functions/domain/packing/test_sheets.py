"""What goes to the carrier: parcels without a number, and what is not packed yet, in columns as its tool wants them."""

from typing import Any

import msgspec
import pytest
from chalicelib.domain.orders.model import Address, Order, OrderLine, Refund, RefundLine, RefundReason, State
from chalicelib.domain.orders.parcels import Parcel, ParcelLine, ParcelState
from chalicelib.domain.packing.sheets import MOST_GOODS, PROFILES, Column, Goods, reference, rows_of, shipments
from chalicelib.domain.stock.promise import Part

from tests.functions.helpers.world import JAR, NOON, day, make_order

GOODS = {JAR: Goods("辣白菜 500g", 500)}
NUMBER = "1" * 20
EACH = {column: column.value for column in Column}


def told(order: Order, goods: dict[str, Goods] = GOODS) -> list[dict[str, str]]:
    heads, *rows = rows_of(shipments(order), EACH, goods)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def parcel(n: int, state: ParcelState = ParcelState.PACKED, **fields: Any) -> Parcel:
    return Parcel(n, (ParcelLine(0, 1),), NOON, state=state, **fields)


def test_a_row_has_the_whole_phone_and_the_address_in_parts_and_whole() -> None:
    [row] = told(make_order(State.PAID, note="放门口"))
    assert row == {
        "order": f"CB{NUMBER}", "name": "王小明", "phone": "13800138000", "province": "吉林省", "city": "通化市",
        "district": "集安市", "street": "高台子村一组", "address": "吉林省通化市集安市高台子村一组",
        "goods": "辣白菜 500g×2",
        "units": "2", "weight": "1", "ship_by": day(2).isoformat(), "note": "放门口",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("region", "cells", "whole"),
    [
        (("北京市", "北京市", "朝阳区"), ("北京市", "北京市", "朝阳区"), "北京市朝阳区一号"),
        (("广东省", "东莞市"), ("广东省", "东莞市", ""), "广东省东莞市一号"),
    ],
)
def test_a_region_has_a_district_or_none(region: tuple[str, ...], cells: tuple[str, ...], whole: str) -> None:
    [row] = told(make_order(State.PAID, ship_to=Address("李四", "+8618412345678-1234", region, "一号")))
    assert (row["province"], row["city"], row["district"], row["address"]) == (*cells, whole)
    assert row["phone"] == "18412345678-1234"


@pytest.mark.parametrize(
    ("state", "parcels", "references"),
    [
        (State.AWAITING_PAYMENT, (), []),
        (State.CANCELLED, (), []),
        (State.PAID, (), [""]),
        (State.PAID, (parcel(1),), ["-1", ""]),
        (State.PAID, (parcel(1, ParcelState.UNPACKED),), [""]),
        (State.PAID, (parcel(1, ParcelState.SHIPPED, handed=NOON),), [""]),
        (State.PACKED, (parcel(1), parcel(2)), ["-1", "-2"]),
        (State.PACKED, (parcel(1, carrier="sf", tracking="SF1"), parcel(2)), ["-2"]),
        (State.PACKED, (parcel(1), parcel(2), parcel(3)), []),
        (State.SHIPPED, (parcel(1, ParcelState.SHIPPED), parcel(2, ParcelState.SHIPPED)), []),
    ],
)
def test_what_waits_for_a_number_goes_out_and_nothing_else(
    state: State, parcels: tuple[Parcel, ...], references: list[str]
) -> None:
    assert [row["order"] for row in told(make_order(state, parcels=parcels))] == [f"CB{NUMBER}{n}" for n in references]


def test_a_line_that_was_paid_back_is_in_no_row() -> None:
    """woocommerce-ios #1859: a refunded line stood on the pick list."""
    lines = (
        OrderLine(JAR, 2, 2990, (Part(day(1), 0, 2),)),
        OrderLine("noodles", 1, 990, (Part(day(1), 0, 1),), "面条"),
    )
    back = Refund("k", "sandbox-1", 990, NOON, reason=RefundReason.SELLER, lines=(RefundLine(1, 1),))
    [row] = told(make_order(State.PAID, lines=lines, refunds=(back,)))
    assert (row["goods"], row["units"]) == ("辣白菜 500g×2", "2")


def test_what_has_left_the_shop_is_called_as_its_buyer_read_it_and_has_no_weight() -> None:
    order = make_order(State.PAID)
    named = msgspec.structs.replace(order.lines[0], name="Old jar")
    [row] = told(msgspec.structs.replace(order, lines=(named,)), {})
    assert (row["goods"], row["weight"]) == ("Old jar×2", "")


@pytest.mark.parametrize(("grams", "weight"), [(500, "1"), (750, "1.5"), (5, "0.01"), (1234, "2.468"), (5000, "10")])
def test_weight_is_in_kilograms(grams: int, weight: str) -> None:
    assert told(make_order(State.PAID), {JAR: Goods("x", grams)})[0]["weight"] == weight


def test_many_goods_are_cut_to_what_tools_take() -> None:
    line = OrderLine("x", 1, 1, (Part(day(1), 0, 1),), "很长的名字" * 3)
    [row] = told(make_order(State.PAID, lines=(line,) * 10))
    assert len(row["goods"]) <= MOST_GOODS
    assert row["goods"].endswith("×1等")
    assert row["units"] == "10"


@pytest.mark.parametrize("profile", PROFILES.values(), ids=[*PROFILES])
def test_each_profile_says_who_where_and_what_under_names_of_their_own(profile: dict[Column, str]) -> None:
    assert {Column.ORDER, Column.NAME, Column.PHONE, Column.GOODS} <= {*profile}
    assert Column.ADDRESS in profile or {Column.PROVINCE, Column.CITY, Column.DISTRICT, Column.STREET} <= {*profile}
    assert len({*profile.values()}) == len(profile)


def test_outside_the_shop_a_number_has_letters_in_front() -> None:
    assert (reference(NUMBER), reference(NUMBER, 2)) == (f"CB{NUMBER}", f"CB{NUMBER}-2")
    assert len(reference(NUMBER, 999)) <= 30
