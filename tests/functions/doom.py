"""Processes that end between two of their writes, as Lambda's do when time or memory is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

WRITES = frozenset({"PutItem", "UpdateItem", "TransactWriteItems"})

Side = Literal["before", "after"]


class Died(BaseException):
    """A process has ended: nothing of its code goes on, so no `except Exception` sees it."""


class Doom:
    """Ends the process at a write of a DynamoDB client: before it was sent, or after it was done and before its answer.

    `writes` counts those since the last `at`.
    """

    def __init__(self, client: Any) -> None:
        self.writes = 0
        self.fate: tuple[int, Side] | None = None
        client.meta.events.register("before-call.dynamodb", self._before)
        client.meta.events.register("after-call.dynamodb", self._after)

    @contextmanager
    def at(self, fate: tuple[int, Side] | None) -> Iterator[None]:
        """The process in which this runs ends at that write, counted from 1; None: it lives."""
        self.writes, self.fate = 0, fate
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
            raise Died
