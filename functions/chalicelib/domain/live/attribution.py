"""Attribution: which room sent a shopper, kept in a signed cookie, and stored with their order. Pure rules, no I/O.

It says whose work sold something; it never changes a price.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import msgspec

from chalicelib.domain.keys import Keys

COOKIE = "cunbo-from"
SCANNED = "cunbo-room"
"""The name in an address by which a page knows the room whose code was scanned: nobody else adds one of that name."""
LASTS = timedelta(days=30)
"""How long the cookie counts; the privacy page says so."""
FORM = re.compile(r"(?P<room>[a-z0-9-]{1,40})\.(?P<show>[0-9]{14}|-)\.(?P<day>[0-9]{8})\.(?P<signature>[0-9a-f]{64})")


class Attribution(msgspec.Struct, frozen=True):
    """A room, and its show at that time, if one was on; `signed` unless it is the shopper's word alone."""

    room: str
    show: str | None = None
    signed: bool = True


def cookie(keys: Keys, came_from: Attribution, now: datetime) -> str:
    """Return the cookie's value: signed, so that it can be trusted without a read of the table."""
    said = f"{came_from.room}.{came_from.show or '-'}.{now.astimezone(UTC):%Y%m%d}"
    return f"{said}.{keys.signature('from', said)}"


def read(keys: Keys, value: str, now: datetime) -> Attribution | None:
    """Return what a cookie says; None where we did not sign it, or it is too old."""
    found = FORM.fullmatch(value)
    if not found or not keys.signed("from", value.rpartition(".")[0], found["signature"]):
        return None
    day = datetime.strptime(found["day"], "%Y%m%d").replace(tzinfo=UTC)
    # The cookie has the day alone, not the instant, so it may count for up to a day longer than LASTS.
    if not timedelta(0) <= now - day < LASTS + timedelta(days=1):
        return None
    return Attribution(found["room"], None if found["show"] == "-" else found["show"])


def told(rooms: Collection[str], came_from: Attribution | None, room: str | None) -> Attribution | None:
    """Return where an order came from: `room` is what its body says, `came_from` what the cookie says.

    The cookie wins, since it is signed; the body's word is kept, and counts for nobody. A room that does not exist
    counts for nobody. Whether a drop is sold to this shopper does not follow from it: that is for the room in the body
    alone.
    """
    if came_from and came_from.room in rooms:
        return came_from
    return Attribution(room, signed=False) if room in rooms and room else None
