"""Who did something, in one short string: the buyer, a device, a payment provider, the schedule, or an operator.

It is stored in the history of each order, so it is short, and names nobody: a device by its id, never by its name.
"""

from typing import NewType

Actor = NewType("Actor", str)
"""`buyer`, `device:<id>`, `provider:<name>`, `schedule`, `operator`; empty where nobody wrote down who it was."""

UNKNOWN = Actor("")
"""Of what was stored before it was written down who did it."""
BUYER = Actor("buyer")
SCHEDULE = Actor("schedule")
"""The shop itself, since a time was over."""
OPERATOR = Actor("operator")
"""Somebody at the terminal, with the `cunbo` command."""


def device(id_: str) -> Actor:
    """Return the actor that is an enrolled device, by the id that names it to people (staff.py)."""
    return Actor(f"device:{id_}")


def provider(name: str) -> Actor:
    """Return the actor that is a payment provider, by the name that an order keeps of it."""
    return Actor(f"provider:{name}")
