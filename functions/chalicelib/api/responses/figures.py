"""The figures of a live evening, as its screens show them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.api.responses import instant, millisecond, pack_name, unit
from chalicelib.domain.live.figures import Sale
from chalicelib.services.figures import Evening, Minute, RoomFigures, Sold, Totals


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


def _totals(totals: Totals) -> dict[str, int]:
    return msgspec.structs.asdict(totals)


def _minutes(minutes: Sequence[Minute]) -> list[dict[str, Any]]:
    return [{"at": instant(one.at), "orders": one.orders} for one in minutes]


def _sold(one: Sold) -> dict[str, Any]:
    return {
        "sku": one.sku,
        "name": pack_name(one.product, one.pack) if one.product and one.pack else {"zh": one.sku, "en": one.sku},
        "unit": unit(one.product),
        "units": one.units,
        "held": one.held,
        "left": one.left,
    }


def _sale(one: Sale) -> dict[str, Any]:
    return msgspec.structs.asdict(one) | {"at": instant(one.at)}
