"""Processes that end between two of their writes, as Lambda's do when time is over, or have others between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

WRITES = frozenset({"PutItem", "UpdateItem", "TransactWriteItems"})

Side = Literal["before", "after"]


class Died(BaseException):
    """A process has ended: nothing of its code goes on, so no `except Exception` sees it."""


def die() -> None:
    """The process ends here."""
    raise Died


class CrashPoints:
    """What befalls a process at a write of a DynamoDB client: before it is sent, or after it is done and not answered.

    `writes` counts those since the last `at`.
    """

    def __init__(self, client: Any) -> None:
        self.writes = 0
        self.fate: tuple[int, Side] | None = None
        self.happens: Callable[[], object] = die
        client.meta.events.register("before-call.dynamodb", self._before)
        client.meta.events.register("after-call.dynamodb", self._after)

    @contextmanager
    def at(self, fate: tuple[int, Side] | None, happens: Callable[[], object] = die) -> Iterator[None]:
        """At that write, counted from 1, the process in which this runs ends, or waits while `happens` is done."""
        self.writes, self.fate, self.happens = 0, fate, happens
        try:
            yield
        finally:
            self.fate = None

    def _before(self, model: Any, **_: Any) -> None:
        self.writes += model.name in WRITES
        self._meet(model, "before")

    def _after(self, model: Any, **_: Any) -> None:
        self._meet(model, "after")

    def _meet(self, model: Any, side: Side) -> None:
        if model.name in WRITES and self.fate == (self.writes, side):
            self.fate = None
            self.happens()
