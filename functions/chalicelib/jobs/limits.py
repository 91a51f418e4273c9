"""Counting what is sent under limits: each count is one write, and is taken back where the sending fails."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from chalicelib.storage.limits import LimitStore


class Count(msgspec.Struct, frozen=True):
    """So many `units` more of `who` in the hour of an instant, under each name of `most`, which says how many may be.

    What is counted by the day has its one instant (storage.limits.midnight).
    """

    who: str
    at: datetime
    most: Mapping[str, int]
    units: int = 1


class Full(Exception):
    """There is no room for it: the count that refused it, and under which of its names."""

    def __init__(self, count: Count, names: frozenset[str]) -> None:
        super().__init__("as many have gone out as may")
        self.count, self.names = count, names


class HeldBack(Exception):
    """The message has to wait; `everybody` says that so have others, and not only those to the same person."""

    def __init__(self, everybody: bool) -> None:
        super().__init__("so many have gone out in this hour that it waits")
        self.everybody = everybody


def within(limits: LimitStore, counts: Iterable[Count], act: Callable[[], None]) -> None:
    """Count each in turn, then act; take back what was counted where that fails. Raise Full, what `act` does."""
    counted: list[Count] = []
    try:
        for count in counts:
            full = limits.count_messages(count.who, count.at, count.most, count.units)
            if full:
                raise Full(count, full)
            counted.append(count)
        act()
    except Exception:
        for count in counted:
            limits.uncount_messages(count.who, count.at, count.most, count.units)
        raise
