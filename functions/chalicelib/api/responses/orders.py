"""An order as its buyer may see it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chalicelib.api.responses import instant
from chalicelib.api.responses.questions import asked_of
from chalicelib.domain.orders.model import Address, Order, OrderLine, RecallMark, Refund
from chalicelib.domain.orders.parcels import GONE, Parcel, parcel_name
from chalicelib.domain.packing.carriers import followed_at, name_of
from chalicelib.services.payments.channels import Method

if TYPE_CHECKING:
    from datetime import date


def created(order: Order, token: str, offer: dict[str, str]) -> dict[str, Any]:
    """Return the 201 of a checkout; money in fen. `offer` is what the browser can go on with."""
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
        "payment": payment(offer),
    }
    return answer if order.first_ship_by is None else answer | {"first_ship_by": order.first_ship_by}


def status(
    order: Order, token: str, offer: dict[str, str], arrives: "tuple[date, date] | None" = None
) -> dict[str, Any]:
    """Return the order as it stands: the 201's body of its checkout with today's state, and what has happened since.

    Whoever holds the token is taken for the buyer, and sees what they gave: where it goes, their note, their e-mail.
    `arrives` is from when to when it usually arrives, where that is known.
    """
    usual = {"from": arrives[0], "to": arrives[1]} if arrives else None
    given = {"note": order.note, "email": order.email, "room": order.room, "arrives": usual}
    return created(order, token, offer) | {
        "placed": instant(order.placed),
        "ship_to": _address(order.ship_to),
        "history": [{"at": instant(entry.at), "event": entry.event} for entry in order.history],
        "shipments": [_shipment(order, parcel) for parcel in order.parcels if parcel.state not in GONE],
        "refunds": [_refund(refund) for refund in order.refunds],
        **({"recalls": [_recall(mark) for mark in order.recalls]} if order.recalls else {}),
        **asked_of(order),
        **{name: value for name, value in given.items() if value},
    }


def payment(offer: dict[str, str]) -> dict[str, Any]:
    """Return what the browser goes on with to pay; a code with its modules, so that no page brings what makes them."""
    return {**offer, "rows": modules(offer["code"])} if "code" in offer else {**offer}


def methods(offered: Iterable[Method]) -> dict[str, Any]:
    """Return what orders can be paid by, in the order of offering."""
    return {"methods": [{"method": one.method} | ({"why": one.why} if one.why else {}) for one in offered]}


@lru_cache(256)
def modules(code: str) -> list[str]:
    """Return the modules of a code from top to bottom, 1 for dark ones; pages that wait ask for the same again."""
    import segno  # here, since a cold start draws nothing

    return ["".join(map(str, row)) for row in segno.make_qr(code, error="m").matrix]


def _address(address: Address) -> dict[str, Any]:
    return {"name": address.name, "phone": address.phone, "region": address.region, "street": address.street}


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


def _shipment(order: Order, parcel: Parcel) -> dict[str, Any]:
    """A parcel: its goods, and where it is. Of orders that share a box with this one nothing is known here."""
    told: dict[str, Any] = {
        "parcel": parcel_name(order.number, parcel.n),
        "state": parcel.state,
        "lines": [{"sku": order.lines[one.line].sku, "quantity": one.quantity} for one in parcel.lines],
    }
    if parcel.carrier:
        told |= {"carrier": parcel.carrier}
        told |= {"carrier_name": {lang: name_of(parcel.carrier, lang) for lang in ("zh", "en")}}
    if parcel.tracking:
        told |= {"tracking_number": parcel.tracking, "url": followed_at(parcel.carrier, parcel.tracking)}
    return told


def _refund(refund: Refund) -> dict[str, Any]:
    told = {"amount": refund.amount, "at": instant(refund.at), "state": refund.state}
    return told | {"reason": refund.reason} if refund.reason else told


def _recall(mark: RecallMark) -> dict[str, Any]:
    """A batch that is recalled: the jars of this SKU that bear this day, and why."""
    return {"sku": mark.sku, "ship_by": mark.ship_by, "why": {"zh": mark.why, "en": mark.why_en or mark.why}}


def refunded(order: Order, refund: Refund) -> dict[str, Any]:
    """Return a refund that was asked for, and what could still be given back of the order."""
    return {"order": order.number, "refund": _refund(refund), "left": order.refundable}
