"""Who works here: devices and what each may do, and the invitations that enrol them. Pure rules, no I/O.

**To add a role, add it to `Role` and to `OPENS`**, and name it where a route in api/staff.py says who may call it;
tests/functions/domain/test_new_role.py names what else must know of it.
"""

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal, get_args

import msgspec

from chalicelib.domain.calendar import village_day
from chalicelib.domain.errors import Fault, Invalid

Role = Literal["host", "packer", "board", "bookkeeper", "manager"]
ROLES: tuple[Role, ...] = get_args(Role)
OPENS: dict[Role, str] = {
    "host": "/host/",
    "packer": "/pack/",
    "board": "/live/board/",
    "bookkeeper": "/desk/books/",
    "manager": "/desk/",
}
"""The page that a device of each role is for."""

BOUND: frozenset[Role] = frozenset({"host"})
"""Roles whose devices are bound to rooms: a board acts in none, and a manager could invite a host to any."""

EveryRoom = Literal["all"]

INVITED_FOR = timedelta(hours=24)
"""How long an invitation can be used, unless its maker says otherwise."""
NAME_LENGTH = 24
"""Characters of a device's name, at most."""
UNUSED_FOR = timedelta(days=60)
"""How long a device lasts that nobody uses: longer than a holiday, and no season passes in which a lost phone opens."""


class Device(msgspec.Struct, frozen=True, omit_defaults=True):
    """A phone or screen that may act for the village, enrolled `since`; `id` names it to people, and opens nothing.

    `rooms` are those in which it may act; None for every room. `goods` are the products, by id, that it packs: those of
    its workshop; None for all. `seen` is the village's day of its last use.
    """

    id: str
    role: Role
    name: str
    since: datetime
    rooms: tuple[str, ...] | None = None
    seen: date | None = None
    goods: tuple[str, ...] | None = None

    @property
    def ends(self) -> date:
        """The first day on which it is refused, unless it is used before."""
        return (self.seen or village_day(self.since)) + UNUSED_FOR

    def may_act_in(self, room: str) -> bool:
        """Return whether the room is one of its own."""
        return self.rooms is None or room in self.rooms


class Invitation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place for one device, for these `rooms` and `goods`; `used_by` is the digest of its token, once it is taken."""

    id: str
    role: Role
    name: str
    until: datetime
    used_by: str | None = None
    rooms: tuple[str, ...] | None = None
    goods: tuple[str, ...] | None = None


def rooms_of(role: Role, asked: Collection[str] | EveryRoom | None, known: Collection[str]) -> tuple[str, ...] | None:
    """Return the rooms in which a new device of this role may act, None for every room; raise Invalid.

    Whoever invites a host says which of the `known` rooms, or that it is all of them, so that none is meant by mistake.
    """
    there = ", ".join(sorted(known)) or "none yet"
    if asked == "all" or (not asked and role not in BOUND):
        return None
    if role not in BOUND:
        raise Invalid([Fault("/rooms", f"a device of the role {role} is bound to no rooms: leave them out")])
    if not asked:
        raise Invalid([Fault("/rooms", f"in which rooms a {role} may act, one or more of: {there}; or all of them")])
    strange = [room for room in asked if room not in known]
    if strange:
        raise Invalid([Fault("/rooms", f"there is no room {', '.join(strange)}; there are: {there}")])
    return tuple(dict.fromkeys(asked))


def goods_of(role: Role, asked: Collection[str] | None, known: Collection[str]) -> tuple[str, ...] | None:
    """Return the products, of those `known`, that a new device of this role packs, None for all; raise Invalid.

    A workshop is what it makes: the catalogue knows products by their ids, and makers by words alone.
    """
    if not asked:
        return None
    if role != "packer":
        raise Invalid([Fault("/goods", f"a device of the role {role} is bound to no products: leave them out")])
    strange = [product for product in asked if product not in known]
    if strange:
        raise Invalid(
            [Fault("/goods", f"there is no product {', '.join(strange)}; there are: {', '.join(sorted(known))}")]
        )
    return tuple(dict.fromkeys(asked))


def digest(secret: str) -> str:
    """Return what is stored of a token or a secret: its SHA-256 in hex, which opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def named(secret: str) -> str:
    """Return the name by which people call a device or an invitation: the first 8 digits of its secret's digest."""
    return digest(secret)[:8]
