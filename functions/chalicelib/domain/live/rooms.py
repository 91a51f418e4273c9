"""A room on air: its show, what it has pinned, what its host has corrected. Pure rules, no I/O.

Each act returns the room as it is afterwards: the same object where it changes nothing. Each that changes something is
an entry of the room's log (SAMR and CAC, order 117, articles 27 to 31: what was shown, at what price, and what was
corrected, is kept for three years).
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from chalicelib.domain.stored import Stored

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


class LiveRoom(Stored, frozen=True):
    """A room as it is now; `version` counts its changes, 0 where there was none yet."""

    id: str
    version: int = 0
    show: Show | None = None
    pin: Pin | None = None
    correction: Correction | None = None


class LogEntry(Stored, frozen=True):
    """An entry of a room's log. `price`, in fen, is what the SKU cost in the room then; `by` is the device's name."""

    at: datetime
    what: Act
    by: str
    show: str | None = None
    sku: str | None = None
    price: int | None = None
    text: str = ""


def start(room: LiveRoom, by: str, now: datetime) -> LiveRoom:
    """Return the room with a show that starts now; a show that is on goes on."""
    if room.show:
        return room
    show = Show(f"{now.astimezone(UTC):%Y%m%d%H%M%S}", now, by, skus=(room.pin.sku,) if room.pin else ())
    return _changed(room, show=show, correction=None)


def end(room: LiveRoom, show: str) -> LiveRoom:
    """Return the room with no show and nothing pinned, if this show is the one that is on.

    So the late tap of a host whose show is over cannot end the next one.
    """
    return _changed(room, show=None, pin=None, correction=None) if room.show and room.show.id == show else room


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


def correct(room: LiveRoom, correction: Correction) -> LiveRoom:
    """Return the room with this correction; a second tap of the same is no second correction."""
    last = room.correction
    if last and correction.at - last.at < SECOND_TAP and msgspec.structs.replace(correction, at=last.at) == last:
        return room
    return _changed(room, correction=correction)


def _changed(room: LiveRoom, **values: Show | Pin | Correction | None) -> LiveRoom:
    return msgspec.structs.replace(room, version=room.version + 1, **values)
