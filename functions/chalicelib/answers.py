"""What the shop answers: the JSON of an order as its buyer may see it, and of what is left. Instants end in Z."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from .orders import Line, Order, Refund
from .payments import Provider
from .promise import Batch


def created(order: Order, token: str, provider: Provider | None) -> dict[str, Any]:
    """The 201 of a checkout; money in fen."""
    answer = {
        "order": order.number,
        "token": token,
        "state": order.state,
        "currency": "CNY",
        "postage": order.postage,
        "total": order.total,
        "ship_by": order.ship_by,
        "lines": [_line(line) for line in order.lines],
        "pay_by": instant(order.pay_by),
        "payment": provider.start(order, token) if provider else {"action": "none"},
    }
    return answer if order.first_ship_by is None else answer | {"first_ship_by": order.first_ship_by}


def status(order: Order, token: str, provider: Provider | None) -> dict[str, Any]:
    """The order as it stands: the 201's body of its checkout with today's state, and what has happened since."""
    return created(order, token, provider) | {
        "history": [{"at": instant(entry.at), "event": entry.event} for entry in order.history],
        "shipments": [],
        "refunds": [_refund(refund) for refund in order.refunds],
    }


def available(batches: Sequence[Batch]) -> dict[str, Any]:
    """What is left of a SKU over the horizon, the date of the next unit (None when none is left), and each batch."""
    return {
        "left": sum(batch.left for batch in batches),
        "ship_by": min((batch.ship_by for batch in batches if batch.left), default=None),
        "batches": [{"ship_by": batch.ship_by, "left": batch.left} for batch in batches],
    }


def instant(at: datetime) -> str:
    """An instant in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _line(line: Line) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "ship_by": line.ship_by,
    }
    if line.name:
        answer["name"] = line.name
    by_date: dict[date, int] = {}
    for part in line.parts:
        by_date[part.ship_by] = by_date.get(part.ship_by, 0) + part.quantity
    if len(by_date) > 1:
        answer["parts"] = [{"ship_by": day, "quantity": units} for day, units in sorted(by_date.items())]
    return answer


def _refund(refund: Refund) -> dict[str, Any]:
    return {"amount": refund.amount, "at": instant(refund.at), "state": refund.state}
