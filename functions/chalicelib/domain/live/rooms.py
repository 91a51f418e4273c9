"""A room on air: its show, what it has pinned, what its host has corrected. Pure rules, no I/O.

Each act returns the room as it is afterwards: the same object where it changes nothing. Each that changes something is
an entry of the room's log (SAMR and CAC, order 117, articles 27 to 31: what was shown, at what price, and what was
corrected, is kept for three years).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from chalicelib.domain.aggregate import Stored
from chalicelib.domain.stock.drops import Drop

LOG_KEPT_FOR = timedelta(days=3 * 366)
"""How long a room's log and its shows are kept: three years, by the law above."""

SECOND_TAP = timedelta(seconds=10)
"""Within this time the same correction by the same host counts as one tap made twice."""

About = Literal["price", "date", "stock", "words"]
"""What a correction is about."""


class Act(StrEnum):
    """What an entry of a room's log is about. The strings are stored."""

    START = "start"
    END = "end"
    PIN = "pin"
    UNPIN = "unpin"
    DROP = "drop"
    DROP_END = "drop-end"
    UNITS = "units"
    UNITS_BACK = "units-back"
    CORRECTION = "correction"


class Show(Stored, frozen=True):
    """One evening of a room: `skus` are those that were pinned, the first one first; `until` None while it is on."""

    id: str
    since: datetime
    by: str
    until: datetime | None = None
    skus: tuple[str, ...] = ()


class Pin(Stored, frozen=True):
    """The SKU that the room shows, and who pinned it when."""

    sku: str
    since: datetime
    by: str


class Correction(Stored, frozen=True):
    """What a host has corrected: `text` is their own words; empty: what the shop itself says of the SKU is right.

    `price`, in fen, is what the SKU cost in the room at that time.
    """

    about: About
    at: datetime
    by: str
    text: str = ""
    sku: str | None = None
    price: int | None = None


class RunningOrder(Stored, frozen=True):
    """The SKUs that hosts mean to show, one after the other, and who has last put them so."""

    skus: tuple[str, ...]
    since: datetime
    by: str


class Goal(Stored, frozen=True):
    """How many units a show is to sell, and who has set that when."""

    units: int
    since: datetime
    by: str


class LiveRoom(Stored, frozen=True):
    """A room as it is now; `version` counts its changes, 0 where there was none yet.

    `ended` is when its last show did. `order` is None until a host sets one; it and the `goal` outlast a show.
    """

    id: str
    version: int = 0
    show: Show | None = None
    pin: Pin | None = None
    correction: Correction | None = None
    ended: datetime | None = None
    order: RunningOrder | None = None
    goal: Goal | None = None


class LogEntry(Stored, frozen=True):
    """An entry of a room's log. `price`, in fen, is what the SKU cost in the room then; `by` is the device's name.

    `drop` is the id of the drop that was opened or ended; one that was opened is on sale from `opens` to `closes`.
    """

    at: datetime
    what: Act
    by: str
    show: str | None = None
    sku: str | None = None
    price: int | None = None
    text: str = ""
    drop: str = ""
    opens: datetime | None = None
    closes: datetime | None = None


def opened(drop: Drop, by: str, show: str | None, now: datetime) -> LogEntry:
    """Return the entry of a drop that is opened."""
    return LogEntry(
        at=now,
        what=Act.DROP,
        by=by,
        show=show,
        sku=drop.sku,
        price=drop.price,
        text=str(drop.units),
        drop=drop.id,
        opens=drop.opens,
        closes=drop.closes,
    )


def start(room: LiveRoom, by: str, now: datetime) -> LiveRoom:
    """Return the room with a show that starts now; a show that is on goes on."""
    if room.show:
        return room
    show = Show(f"{now.astimezone(UTC):%Y%m%d%H%M%S}", now, by, skus=(room.pin.sku,) if room.pin else ())
    return _changed(room, show=show, correction=None)


def end(room: LiveRoom, show: str, now: datetime) -> LiveRoom:
    """Return the room with no show and nothing pinned, if this show is the one that is on.

    So the late tap of a host whose show is over cannot end the next one.
    """
    if room.show is None or room.show.id != show:
        return room
    return _changed(room, show=None, pin=None, correction=None, ended=now)


def pin(room: LiveRoom, sku: str | None, by: str, now: datetime) -> LiveRoom:
    """Return the room with this SKU pinned in place of any other; None unpins."""
    if sku == (room.pin.sku if room.pin else None):
        return room
    if sku is None:
        return _changed(room, pin=None)
    show = room.show
    if show and sku not in show.skus:
        show = msgspec.structs.replace(show, skus=(*show.skus, sku))
    return _changed(room, show=show, pin=Pin(sku, now, by))


def set_order(room: LiveRoom, skus: tuple[str, ...], by: str, now: datetime) -> LiveRoom:
    """Return the room with this running order; one that says the same changes nothing."""
    if room.order and room.order.skus == skus:
        return room
    return _changed(room, order=RunningOrder(skus, now, by))


def set_goal(room: LiveRoom, units: int, by: str, now: datetime) -> LiveRoom:
    """Return the room with so many units as its goal; 0 for none."""
    if units == (room.goal.units if room.goal else 0):
        return room
    return _changed(room, goal=Goal(units, now, by) if units else None)


def following(room: LiveRoom, order: Sequence[str]) -> str | None:
    """Return what comes next in a running order; None after its last.

    That is what follows the SKU that is pinned. Where none of the order is pinned, it is the first of it that this show
    has not had: so what a host pins on the side, or takes off for a break, moves nobody on.
    """
    if room.pin and room.pin.sku in order:
        return next(iter(order[order.index(room.pin.sku) + 1 :]), None)
    had = room.show.skus if room.show else ()
    return next((sku for sku in order if sku not in had), None)


def correct(room: LiveRoom, correction: Correction) -> LiveRoom:
    """Return the room with this correction; a second tap of the same is no second correction."""
    last = room.correction
    if last and correction.at - last.at < SECOND_TAP and msgspec.structs.replace(correction, at=last.at) == last:
        return room
    return _changed(room, correction=correction)


def _changed(room: LiveRoom, **values: Show | Pin | Correction | RunningOrder | Goal | datetime | None) -> LiveRoom:
    return msgspec.structs.replace(room, version=room.version + 1, **values)
