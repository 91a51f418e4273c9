"""The figures of a live evening, as its screens show them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.api.responses import goods_name, instant, millisecond, unit
from chalicelib.catalog import Catalog
from chalicelib.domain.live.figures import Sale
from chalicelib.services.figures import Evening, Minute, RoomFigures, Sold, Totals
from chalicelib.services.live.report import DropInShow, ShowReport, SoldInShow


def room(figures: RoomFigures) -> dict[str, Any]:
    """Return a room's figures: of its show, of today, and of the last 30 minutes."""
    return {
        "show": _totals(figures.show) if figures.show else None,
        "today": _totals(figures.today),
        "minutes": _minutes(figures.minutes),
    }


def evening(figures: Evening) -> dict[str, Any]:
    """Return the village's figures as its big screen has them."""
    return {
        "minutes": _minutes(figures.minutes),
        "today": _totals(figures.today),
        "products": [_sold(one) for one in figures.products],
        "rooms": [{"room": room.id, "name": room.name, **_totals(totals)} for room, totals in figures.rooms],
        "ship_by": [msgspec.structs.asdict(one) for one in figures.ship_by],
        "latest": [_sale(one) for one in figures.latest],
        "now": millisecond(figures.now),
    }


def report(found: ShowReport, catalog: Catalog) -> dict[str, Any]:
    """Return what a show came to."""
    show = found.show

    def named(one: SoldInShow | DropInShow) -> dict[str, Any]:
        name = goods_name(one.sku, catalog.product_of.get(one.sku), catalog.packs.get(one.sku))
        return msgspec.structs.asdict(one) | {"name": name}

    return {
        "room": found.room,
        "show": show.id,
        "since": instant(show.since),
        "until": instant(show.until) if show.until else None,
        "by": show.by,
        "minutes": found.minutes,
        "figures": _totals(found.totals),
        "products": [named(one) for one in found.products],
        "best": {"at": instant(found.best.at), "orders": found.best.orders} if found.best else None,
        "drops": [named(one) for one in found.drops],
        "refunded": found.refunded,
        "returns": found.returns,
        "waiting": found.waiting,
    }


def _totals(totals: Totals) -> dict[str, int]:
    return msgspec.structs.asdict(totals)


def _minutes(minutes: Sequence[Minute]) -> list[dict[str, Any]]:
    return [{"at": instant(one.at), "orders": one.orders} for one in minutes]


def _sold(one: Sold) -> dict[str, Any]:
    return {
        "sku": one.sku,
        "name": goods_name(one.sku, one.product, one.pack),
        "unit": unit(one.product),
        "units": one.units,
        "held": one.held,
        "left": one.left,
    }


def _sale(one: Sale) -> dict[str, Any]:
    return msgspec.structs.asdict(one) | {"at": instant(one.at)}
