"""Who works here: devices and what each may do, and the invitations that enrol them. Pure rules, no I/O.

**To add a role, add it to `Role` and to `OPENS`**, and name it where a route in api/staff.py says who may call it;
tests/functions/domain/test_new_role.py names what else must know of it.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec

Role = Literal["host", "board", "manager"]
ROLES: tuple[Role, ...] = get_args(Role)
OPENS: dict[Role, str] = {"host": "/host/", "board": "/live/board/", "manager": "/host/"}
"""The page that a device of each role is for."""

INVITED_FOR = timedelta(hours=24)
"""How long an invitation can be used, unless its maker says otherwise."""
NAME_LENGTH = 24
"""Characters of a device's name, at most."""


class Device(msgspec.Struct, frozen=True):
    """A phone or screen that may act for the village, enrolled `since`; `id` names it to people, and opens nothing."""

    id: str
    role: Role
    name: str
    since: datetime


class Invitation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place for one device; `used_by` is the digest of the token of the device that took it."""

    id: str
    role: Role
    name: str
    until: datetime
    used_by: str | None = None


def invitation(secret: str, role: Role, name: str, until: datetime) -> Invitation:
    """Return a new invitation, which is used with this secret; the secret itself is kept nowhere."""
    return Invitation(named(secret), role, name, until)


def digest(secret: str) -> str:
    """Return what is stored of a token or a secret: its SHA-256 in hex, which opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def named(secret: str) -> str:
    """Return the name by which people call a device or an invitation: the first 8 digits of its secret's digest."""
    return digest(secret)[:8]
