"""Which room a shopper came from: what a scanned code leaves with them, and what of it an order is told. Pure rules.

It says whose work sold something, and never what anything costs.
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import msgspec

from chalicelib.domain.keys import Keys

COOKIE = "cunbo-from"
LASTS = timedelta(days=30)
"""How long it is remembered who sent a shopper; the privacy page says so."""
FORM = re.compile(r"(?P<room>[a-z0-9-]{1,40})\.(?P<show>[0-9]{14}|-)\.(?P<day>[0-9]{8})\.(?P<signature>[0-9a-f]{64})")


class Attribution(msgspec.Struct, frozen=True):
    """A room, and the show that it was in, if any."""

    room: str
    show: str | None = None


def cookie(keys: Keys, came_from: Attribution, now: datetime) -> str:
    """The cookie's value: nobody else can write one, so that it can be believed without a look into the table."""
    said = f"{came_from.room}.{came_from.show or '-'}.{now.astimezone(UTC):%Y%m%d}"
    return f"{said}.{keys.signature('from', said)}"


def read(keys: Keys, value: str, now: datetime) -> Attribution | None:
    """What a cookie says, if it is one of ours and not too old."""
    found = FORM.fullmatch(value)
    if not found or not keys.signed("from", value.rpartition(".")[0], found["signature"]):
        return None
    day = datetime.strptime(found["day"], "%Y%m%d").replace(tzinfo=UTC)
    if not timedelta(0) <= now - day < LASTS + timedelta(days=1):
        return None
    return Attribution(found["room"], None if found["show"] == "-" else found["show"])


def told(rooms: Collection[str], came_from: Attribution | None, room: str | None) -> Attribution | None:
    """Where an order came from: `room` is what its body says, `came_from` what the cookie does.

    The cookie is signed and goes first; a room that there is not is nobody's. Whoever buys in a room's drop names that
    room itself.
    """
    if came_from and came_from.room in rooms:
        return came_from
    return Attribution(room) if room in rooms and room else None
