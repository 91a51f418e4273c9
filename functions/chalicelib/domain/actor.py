"""Who did something: the buyer, a device, a payment provider, the schedule, or an operator. Pure types, no I/O.

An actor is one short string, since the history of each order stores it (its item must not grow by a kilobyte, which
is a write unit more). It holds no personal data: a device stands by its id, never by its name.
"""

from typing import NewType

Actor = NewType("Actor", str)
"""`buyer`, `device:<id>`, `provider:<name>`, `schedule` or `operator`; empty where it is unknown."""

UNKNOWN = Actor("")
"""Of entries stored before actors were recorded."""
BUYER = Actor("buyer")
SCHEDULE = Actor("schedule")
"""The shop itself, because a time was over."""
OPERATOR = Actor("operator")
"""Somebody at the terminal, with the `cunbo` command."""


def device(id_: str) -> Actor:
    """Return the actor that is an enrolled device, by the id that names it to people (staff.py)."""
    return Actor(f"device:{id_}")


def provider(name: str) -> Actor:
    """Return the actor that is a payment provider, or a carriers' service, by its name."""
    return Actor(f"provider:{name}")
