"""What is to be shipped, as rows of a spreadsheet for a carrier's tool. Pure rules, no I/O; numbers.py reads answers.

Every cell is text, since a spreadsheet keeps 15 digits of a number: an order's number has 20, a carrier's up to 15.
Outside the shop an order's number has the letters CB in front for the same reason.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.orders.lots import is_recalled, packable
from chalicelib.domain.orders.model import TO_BE_PACKED, Order
from chalicelib.domain.orders.parcels import HERE, parcel_name
from chalicelib.domain.orders.shipping import is_overpacked
from chalicelib.domain.packing.codes import LETTERS

MOST_GOODS = 100
"""Characters of what is in a parcel that carriers' tools take ("托寄物", 快递管家)."""
GRAMS = 1000
"""Of a kilogram."""


class Column(StrEnum):
    """What a column of the sheet tells."""

    ORDER = "order"
    NAME = "name"
    PHONE = "phone"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    ADDRESS = "address"
    GOODS = "goods"
    UNITS = "units"
    WEIGHT = "weight"
    SHIP_BY = "ship_by"
    NOTE = "note"


PROFILES: dict[str, dict[Column, str]] = {
    "parts": {
        Column.ORDER: "订单号",
        Column.NAME: "收件人",
        Column.PHONE: "手机",
        Column.PROVINCE: "省",
        Column.CITY: "市",
        Column.DISTRICT: "区",
        Column.STREET: "详细地址",
        Column.GOODS: "物品",
        Column.UNITS: "数量",
        Column.WEIGHT: "重量",
        Column.NOTE: "备注",
        Column.SHIP_BY: "最晚发货日",
    },
    "whole": {
        Column.ORDER: "订单号",
        Column.NAME: "收件人",
        Column.PHONE: "手机",
        Column.ADDRESS: "完整地址",
        Column.GOODS: "物品",
        Column.UNITS: "数量",
        Column.WEIGHT: "重量",
        Column.NOTE: "备注",
        Column.SHIP_BY: "最晚发货日",
    },
}
"""Which columns a carrier's tool wants, in order, and how it calls them: addresses in parts, or whole. Another tool is
another entry."""


class Goods(NamedTuple):
    """What a pack is called in Chinese, and its net weight in grams; 0: not known."""

    name: str
    grams: int = 0


class Shipment(NamedTuple):
    """Units of an order, by line, that go in one parcel: its `n`th, or None for what is not packed yet."""

    order: Order
    n: int | None
    lines: tuple[tuple[int, int], ...]


def reference(order: str, n: int | None = None) -> str:
    """Return the name of an order, or of one of its parcels, as it goes out of the shop."""
    return f"{LETTERS}{order if n is None else parcel_name(order, n)}"


def shipments(order: Order) -> list[Shipment]:
    """Return what of an order the carrier is to be told of: parcels here without a number, then what is not packed.

    None of an order that is over, or of which something is in a parcel that the buyer is not to get; nor what is
    recalled.
    """
    if order.state not in TO_BE_PACKED or is_overpacked(order):
        return []
    parcels = [one for one in order.parcels if one.state in HERE and not one.tracking and not is_recalled(order, one)]
    told = [Shipment(order, one.n, tuple((line.line, line.quantity) for line in one.lines)) for one in parcels]
    left = tuple((index, units) for index, units in enumerate(packable(order)) if units > 0)
    return [*told, Shipment(order, None, left)] if left else told


def rows_of(told: Iterable[Shipment], profile: Mapping[Column, str], goods: Mapping[str, Goods]) -> list[list[str]]:
    """Return the sheet: its heads, then a row for each shipment; `goods` tells of packs by SKU."""
    return [[*profile.values()], *(_row(one, profile, goods) for one in told)]


def _row(told: Shipment, profile: Mapping[Column, str], goods: Mapping[str, Goods]) -> list[str]:
    order, to = told.order, told.order.ship_to
    province, city, district = (*to.region, "", "", "")[:3]
    names = [(_goods(order, line, goods), units) for line, units in told.lines]
    cells = {
        Column.ORDER: reference(order.number, told.n),
        Column.NAME: to.name,
        Column.PHONE: to.phone.removeprefix("+86"),
        Column.PROVINCE: province,
        Column.CITY: city,
        Column.DISTRICT: district,
        Column.STREET: to.street,
        Column.ADDRESS: "".join(dict.fromkeys((province, city, district))) + to.street,
        Column.GOODS: _shortened([f"{one.name}×{units}" for one, units in names]),
        Column.UNITS: str(sum(units for _, units in names)),
        Column.WEIGHT: _kilograms([one.grams * units for one, units in names]),
        Column.SHIP_BY: order.ship_by.isoformat(),
        Column.NOTE: order.note,
    }
    return [cells[column] for column in profile]


def _goods(order: Order, line: int, goods: Mapping[str, Goods]) -> Goods:
    """What the line's pack is called; one that has left the shop as its buyer read it."""
    sold = order.lines[line]
    return goods.get(sold.sku) or Goods(sold.name or sold.sku)


def _shortened(names: list[str]) -> str:
    """The names with commas between them; where they are too long, as many as fit, and 等."""
    whole = "，".join(names)
    if len(whole) <= MOST_GOODS:
        return whole
    cut = whole[: MOST_GOODS - 1]
    return f"{cut.rpartition('，')[0] or cut}等"


def _kilograms(grams: list[int]) -> str:
    """The weight as carriers write it, 1.5; empty where some of it is not known."""
    if not all(grams):
        return ""
    whole, part = divmod(sum(grams), GRAMS)
    return f"{whole}.{part:03}".rstrip("0").rstrip(".")
