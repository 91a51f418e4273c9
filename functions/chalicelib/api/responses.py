"""What the shop answers: the JSON of an order as its buyer may see it, and of what is left. Instants end in Z."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.catalog import Catalog, Pack, Product
from chalicelib.domain.orders.model import Order, OrderLine, Refund
from chalicelib.domain.staff import OPENS, Device, Invitation
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.waitlist import Waiter, WaiterState
from chalicelib.payments import Provider
from chalicelib.services.allocation import StockView


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


def available(view: StockView, drops: Sequence[tuple[Drop, StockView]] = ()) -> dict[str, Any]:
    """What is left of a SKU over the horizon, the date of the next unit (None when none is left), and each batch.

    `drops` are those that are not over, with what is left of each; the key is missing where there are none.
    """
    answer = _left(view)
    return answer | {"drops": [_drop(drop, seen) for drop, seen in drops]} if drops else answer


def place(waiter: Waiter, catalog: Catalog) -> dict[str, Any]:
    """A place on a waitlist as its owner may see it: what it is invited to, while it is."""
    product, pack = catalog.product_of.get(waiter.sku), catalog.packs.get(waiter.sku)
    invited = waiter.state is WaiterState.INVITED
    name = (
        f"{getattr(product.name, waiter.wish.lang)} {getattr(pack.name, waiter.wish.lang)}" if product and pack else ""
    )
    return {
        "place": waiter.number,
        "sku": waiter.sku,
        "name": name or waiter.sku,
        "quantity": waiter.wish.quantity,
        "fewer": waiter.wish.fewer,
        "state": waiter.state,
        "units": waiter.units if invited else None,
        "ship_by": max(part.ship_by for part in waiter.parts) if invited else None,
        "until": instant(waiter.until) if invited and waiter.until else None,
        "unit_price": pack.price if pack else None,
    }


def worker(device: Device, catalog: Catalog) -> dict[str, Any]:
    """A device as it is told who it is, and the rooms that there are."""
    return {
        "device": device.id,
        "role": device.role,
        "name": device.name,
        "opens": OPENS[device.role],
        "rooms": [{"room": room.id, "name": room.name, "products": room.products} for room in catalog.rooms],
    }


def staff(devices: Sequence[Device], invitations: Sequence[Invitation]) -> dict[str, Any]:
    """Who works here, and who is invited to."""
    return {
        "devices": [
            {"device": one.id, "role": one.role, "name": one.name, "since": instant(one.since)} for one in devices
        ],
        "invitations": [
            {"invitation": one.id, "role": one.role, "name": one.name, "until": instant(one.until)}
            for one in invitations
        ],
    }


def invited(link: str, invitation: Invitation) -> dict[str, Any]:
    """A new invitation: its link, also as a code to be scanned from the screen (SVG)."""
    import segno  # here, since of all requests this one alone draws

    drawn = io.BytesIO()
    segno.make(link, micro=False).save(drawn, kind="svg", border=4, omitsize=True, xmldecl=False, nl=False)
    return {"link": link, "until": instant(invitation.until), "qr": drawn.getvalue().decode()}


def name(product: Product, pack: Pack) -> dict[str, str]:
    """What a pack is called, by language."""
    return {lang: f"{getattr(product.name, lang)} {getattr(pack.name, lang)}" for lang in ("zh", "en")}


def _left(view: StockView) -> dict[str, Any]:
    return {
        "left": view.left,
        "ship_by": min((batch.ship_by for batch in view.batches if batch.left), default=None),
        "batches": [{"ship_by": batch.ship_by, "left": batch.left} for batch in view.batches],
    }


def _drop(drop: Drop, view: StockView) -> dict[str, Any]:
    return {
        "drop": drop.id,
        "room": drop.room,
        "price": drop.price,
        "opens": instant(drop.opens),
        "closes": instant(drop.closes),
        "limit": drop.limit,
        **_left(view),
    }


def instant(at: datetime) -> str:
    """An instant in UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def millisecond(at: datetime) -> str:
    """An instant in UTC, to the millisecond, for who has to tell a later answer from an earlier one."""
    return f"{at.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def _line(line: OrderLine) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "ship_by": line.ship_by,
    }
    if line.name:
        answer["name"] = line.name
    if line.drop:
        answer["drop"] = line.drop
    by_date: dict[date, int] = {}
    for part in line.parts:
        by_date[part.ship_by] = by_date.get(part.ship_by, 0) + part.quantity
    if len(by_date) > 1:
        answer["parts"] = [{"ship_by": day, "quantity": units} for day, units in sorted(by_date.items())]
    return answer


def _refund(refund: Refund) -> dict[str, Any]:
    return {"amount": refund.amount, "at": instant(refund.at), "state": refund.state}
