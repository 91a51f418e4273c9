"""What is left of each SKU, and of its drops."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.api.responses import instant
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.allocation import StockView
from chalicelib.services.availability import Available


def availability(found: Mapping[str, Available], poll: int) -> dict[str, Any]:
    """Return what is left of each SKU, and after how many seconds a page asks again."""
    return {"items": {sku: available(one) for sku, one in found.items()}, "poll": poll}


def available(found: Available) -> dict[str, Any]:
    """Return what is left of a SKU over the horizon, the date of the next unit (None: none is left), and each batch.

    With what it costs in fen, and how many one order may have. The key `drops` is missing where there are none, `off`
    where it is on the shelf.
    """
    offer = found.offer
    answer = {"price": offer.pack.price, "per_order": offer.product.per_order, **_left(found.view)}
    answer |= {"off": True} if offer.off else {}
    return answer | {"drops": [_drop(*one) for one in found.drops]} if found.drops else answer


def next_ship_by(view: StockView) -> date | None:
    """Return the ship-by date of the next unit; None where none is left."""
    return min((batch.ship_by for batch in view.batches if batch.left), default=None)


def days(view: StockView) -> list[dict[str, Any]]:
    """Return the days of a shelf, each with how many units that ship by it are left: 0 on a day that is full."""
    return [{"ship_by": batch.ship_by, "left": batch.left} for batch in view.batches]


def _left(view: StockView) -> dict[str, Any]:
    return {
        "left": view.left,
        "ship_by": next_ship_by(view),
        "batches": days(view),
    }


def _drop(drop: Drop, price: int, view: StockView) -> dict[str, Any]:
    return {
        "drop": drop.id,
        "room": drop.room,
        "price": price,
        "opens": instant(drop.opens),
        "closes": instant(drop.closes),
        "limit": drop.limit,
        **_left(view),
    }
