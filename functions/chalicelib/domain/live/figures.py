"""Figures of a live evening: what an order counts for, by day, room, show and minute. Pure rules, no I/O.

Figures are sums over orders as they stand. A change of an order adds the difference between what it counts for after
it and before it, so the changes of different orders can be summed in any order.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from chalicelib.domain.calendar import VILLAGE, village_day
from chalicelib.domain.orders.model import HOLDS_UNITS, Order, State
from chalicelib.domain.orders.parcels import GONE, HERE
from chalicelib.domain.packing.arrival import arrivals_of
from chalicelib.domain.text import initial

Figure = tuple[str, str]
"""The scope of a figure (a day, a show, an hour, of all or of one room; a province), and its name."""


class Sale(msgspec.Struct, frozen=True):
    """What the big screen shows of an order that was just paid: of its buyer only city and first letter."""

    at: datetime
    city: str
    initial: str
    sku: str
    room: str | None = None


def of(order: Order) -> Counter[Figure]:
    """Return all figures that the order counts for as it stands, each with its sum.

    `orders` were placed; `held` wait for payment; `paid`, with `units` and `fen`, are sold and not cancelled since. A
    day also has units `sold` and `held` by SKU, and orders and units by ship-by date; a show, units `sold` by SKU, and
    what went back: `returns` are orders of which money did, `refunded` is how many fen. A minute counts the orders paid
    in it, whatever became of them later. A ship-by date has units `packed` and those
    `handed` over by SKU. Parcels that have arrived count by province (packing/arrival.py).
    """
    if order.replaces:  # nobody has bought it
        return +(_shipping(order) + arrivals_of(order))
    count: Counter[Figure] = Counter()
    waits, sold = order.state is State.AWAITING_PAYMENT, order.state in HOLDS_UNITS - {State.AWAITING_PAYMENT}
    for scope in _scopes(order, order.placed):
        count[scope, "orders"] += 1
        count[scope, "held"] += waits
    paid_at = _paid_at(order)
    if paid_at:
        count |= dict.fromkeys(_minutes(order, paid_at), 1)
    for line in order.lines:
        if waits:
            count[day_scope(order.placed), f"held:{line.sku}"] += line.quantity
        if sold and paid_at:
            count[day_scope(paid_at), f"sold:{line.sku}"] += line.quantity
    if sold and paid_at:
        units = sum(line.quantity for line in order.lines)
        for scope in _scopes(order, paid_at):
            count.update({(scope, "paid"): 1, (scope, "units"): units, (scope, "fen"): order.total})
        if show := _show(order):
            count.update({(show, f"sold:{line.sku}"): line.quantity for line in order.lines})
        count[day_scope(paid_at), f"ship-orders:{order.ship_by}"] += 1
        count[day_scope(paid_at), f"ship-units:{order.ship_by}"] += units
    refunded = sum(one.amount for one in order.refunds if one.payment == order.payment)
    if refunded and (show := _show(order)):
        count.update({(show, "returns"): 1, (show, "refunded"): refunded})
    return +(count + _shipping(order) + arrivals_of(order))


def change(before: Order | None, after: Order | None) -> Counter[Figure]:
    """Return what a change of an order adds to the figures; below zero: takes away. None stands for no order."""
    difference = of(after) if after else Counter()
    difference.subtract(of(before) if before else {})
    return Counter({figure: units for figure, units in difference.items() if units})


def sale(before: Order | None, after: Order | None) -> Sale | None:
    """Return the sale that a change makes; None where it is not the order's first payment."""
    at = _paid_at(after) if after else None
    if after is None or after.replaces or at is None or (before and _paid_at(before)):
        return None
    return Sale(at, after.ship_to.region[1], initial(after.ship_to.name), after.lines[0].sku, _room(after))


def day_scope(at: datetime, room: str | None = None) -> str:
    """Return the scope of the village's day at that instant, of all or of a room."""
    return f"day#{village_day(at)}" + (f"#{room}" if room else "")


def show_scope(room: str, show: str) -> str:
    """Return the scope of a show."""
    return f"show#{room}#{show}"


def hour_scope(at: datetime, room: str | None = None) -> str:
    """Return the scope of an hour by the village's clocks, of all or of a room; its figures are minutes."""
    return f"hour#{at.astimezone(VILLAGE):%Y-%m-%dT%H}" + (f"#{room}" if room else "")


def minute(at: datetime) -> str:
    """Return the name of a minute in its hour, such as `m07`."""
    return f"m{at.astimezone(VILLAGE):%M}"


def ships_scope(ship_by: date) -> str:
    """Return the scope of what is promised for a day: how far it is with its parcels."""
    return f"ships#{ship_by}"


def _shipping(order: Order) -> Counter[Figure]:
    """Units in parcels that are packed, and of these the ones that have left, by the day that was promised."""
    count: Counter[Figure] = Counter()
    for parcel in order.parcels:
        if parcel.state not in GONE:
            for one in parcel.lines:
                sku = order.lines[one.line].sku
                count[ships_scope(order.ship_by), f"packed:{sku}"] += one.quantity
                count[ships_scope(order.ship_by), f"handed:{sku}"] += one.quantity * (parcel.state not in HERE)
    return count


def _scopes(order: Order, at: datetime) -> Iterator[str]:
    yield day_scope(at)
    if room := _room(order):
        yield day_scope(at, room)
    if show := _show(order):
        yield show


def _room(order: Order) -> str | None:
    """The room that it counts for: hosts are paid by these figures, so a buyer's word counts for nobody."""
    return order.room if order.signed else None


def _show(order: Order) -> str | None:
    """The scope of the show that it counts for."""
    room = _room(order)
    return show_scope(room, order.show) if room and order.show else None


def _minutes(order: Order, at: datetime) -> Iterator[Figure]:
    yield hour_scope(at), minute(at)
    if room := _room(order):
        yield hour_scope(at, room), minute(at)


def _paid_at(order: Order) -> datetime | None:
    return next((entry.at for entry in order.history if entry.event is State.PAID), None)
