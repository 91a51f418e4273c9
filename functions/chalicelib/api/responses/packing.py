"""The packing room, as packers see it. Names, phones and streets stand in labels alone."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from chalicelib.api.responses import instant, millisecond
from chalicelib.api.responses.orders import modules
from chalicelib.catalog import Catalog, pack_name
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.parcels import Parcel, parcel_name
from chalicelib.domain.orders.shipping import to_pack
from chalicelib.domain.packing.board import BoardEntry
from chalicelib.domain.packing.carriers import looks_odd
from chalicelib.domain.packing.codes import code_of
from chalicelib.domain.packing.jar_labels import JarLabel
from chalicelib.domain.packing.numbers import WORDS
from chalicelib.services.packing.sheets import RowAnswer, RowOutcome, Sheet, told_as


def board(entries: Iterable[BoardEntry], catalog: Catalog, now: datetime) -> dict[str, Any]:
    """Return what stands in the packing room, in its order, and what the shop's time is."""
    return {
        "now": millisecond(now),
        "courier": catalog.shop.calendar.courier,
        "orders": [
            {
                "order": one.number,
                "ship_by": one.ship_by,
                "stage": one.stage.name.lower(),
                "recipient": one.recipient,
                "lines": [{"sku": sku, "quantity": units} for sku, units in one.units],
            }
            for one in entries
        ],
    }


def wave_of(key: str) -> str:
    """Return the name of the wave that a request prints: short enough to be said aloud."""
    return hashlib.sha256(key.encode()).hexdigest()[:6].upper()


def labels(orders: Iterable[Order], catalog: Catalog, wave: str) -> dict[str, Any]:
    """Return what stands on the labels of these orders: the phone masked, since paper lies about."""
    return {"wave": wave, "labels": [_label(order, catalog) for order in orders]}


def _label(order: Order, catalog: Catalog) -> dict[str, Any]:
    code = code_of(order.number, order.revision)
    return {
        "order": order.number,
        "revision": order.revision,
        "code": code,
        "rows": modules(code),
        "ship_by": order.ship_by,
        "name": order.ship_to.name,
        "phone": masked(order.ship_to.phone),
        "region": order.ship_to.region,
        "street": order.ship_to.street,
        "note": order.note,
        "lines": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": left,
                "lots": sorted({part.ship_by for part in line.parts}),
            }
            for line, left in zip(order.lines, to_pack(order), strict=True)
            if left > 0
        ],
    }


def masked(phone: str) -> str:
    """Return a phone number as paper shows it: enough to tell two buyers of one name apart, too little to call."""
    number, dash, extension = phone.removeprefix("+86").partition("-")
    return f"{number[:3]}****{number[-4:]}{dash}{extension}"


def jars(label: JarLabel, shop_url: str) -> dict[str, Any]:
    """Return what stands on each jar of a batch, and the code of its passport."""
    link = f"{shop_url}/q/jar/{label.pack.sku}/{label.day:%Y%m%d}".upper()
    name = pack_name(label.product, label.pack, "zh")
    return {"name": name, "lines": [*label.lines], "link": link, "rows": modules(link)}


def parcel(order: Order, packed: Parcel) -> dict[str, Any]:
    """Return a parcel that was packed."""
    return {**_parcel(order, packed), "order": order.number, "order_state": order.state}


def packed(order: Order, names: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """Return how far an order is, with its parcels; `names` are those of devices, by actor."""
    return {
        "order": order.number,
        "state": order.state,
        "revision": order.revision,
        "ship_by": order.ship_by,
        "to_pack": [
            {"sku": line.sku, "quantity": left}
            for line, left in zip(order.lines, to_pack(order), strict=True)
            if left > 0
        ],
        "parcels": [
            _parcel(order, one) | ({"by_name": names[one.by]} if one.by in names else {}) for one in order.parcels
        ],
    }


def _parcel(order: Order, one: Parcel) -> dict[str, Any]:
    told: dict[str, Any] = {
        "parcel": parcel_name(order.number, one.n),
        "state": one.state,
        "lines": [{"sku": order.lines[line.line].sku, "quantity": line.quantity} for line in one.lines],
        "packed": instant(one.packed),
        "by": one.by,
    }
    if one.carrier:
        odd = bool(one.tracking) and looks_odd(one.carrier, one.tracking)
        told |= {"carrier": one.carrier, "tracking_number": one.tracking, "odd": odd}
    return told | ({"handed": instant(one.handed)} if one.handed else {})


def sheet(made: Sheet) -> dict[str, Any]:
    """Return a spreadsheet as a file in base64, which a page saves under its name."""
    return {"name": made.name, "rows": made.rows, "file": made.file}


def rows(answers: Iterable[RowAnswer]) -> dict[str, Any]:
    """Return what came of each row, in the file's order, and how many came to what."""
    told = [_row(one) for one in answers]
    counts = {outcome.value: sum(one["outcome"] is outcome for one in told) for outcome in RowOutcome}
    return {**counts, "rows": told}


def _row(one: RowAnswer) -> dict[str, Any]:
    told: dict[str, Any] = {"line": one.row.line, "outcome": one.outcome, "order": told_as(one)}
    if one.row.number:
        told |= {"carrier": one.row.carrier, "tracking_number": one.row.number}
    if one.row.fault:
        told |= {"reason": one.row.fault, "detail": WORDS[one.row.fault]}
    elif one.row.odd:
        told["odd"] = True
    return told | ({"first": one.first} if one.first else {})
