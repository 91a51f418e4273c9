"""What the manager must hear of, since nothing mends it by itself: money that cannot be given back, letters that ended.

At most one letter an hour tells all that is new, and of each trouble it tells once a day while it lasts. The log has
each at once. The mark comes after the letter: a crash repeats the letter, and loses none.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.aggregate import (
    PATIENCE,
    Aggregate,
    BookPayment,
    ClosePayment,
    Intent,
    RefundPayment,
    TroubleKind,
)
from chalicelib.jobs.letters import LetterWriter
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

log = logging.getLogger("cunbo")

MOST_TOLD = 50
"""Troubles in one letter; those that are left come in the next."""


class Trouble(msgspec.Struct, frozen=True, order=True):
    """What is wrong, and with what: an order's or a place's number, or what a job had in hand."""

    kind: TroubleKind
    about: str


class Troubles:
    """Collects troubles while a job runs, and tells them when it is through."""

    def __init__(self, stage: Stage, store: Store, letters: LetterWriter) -> None:
        self.stage, self.store, self.letters = stage, store, letters
        self.noted: set[Trouble] = set()

    def note(self, kind: TroubleKind, about: str) -> None:
        """Keep it for the next letter."""
        self.noted.add(Trouble(kind, about))

    def look_at(self, aggregate: Aggregate) -> None:
        """Note what of it has failed so often that somebody must look."""
        self.noted.update(_alarming(aggregate))

    def tell(self) -> None:
        """Write the manager a letter of what is new, if there is anything; raise what the mailer does."""
        noted, self.noted = self.noted, set()
        now = self.stage.clock()
        fresh = {one for one in noted if not self._told(one, now)}
        if not fresh or not self.store.limits.may_ask("troubles", now, 1):
            return
        # Others that fail as often are told with it, lest each have a letter of its own in its own hour.
        others = (trouble for one in self.store.due_by(now + PATIENCE) for trouble in _alarming(one))
        fresh |= {one for one in others if not self._told(one, now)}
        told = sorted(fresh)[:MOST_TOLD]
        for one in told:
            log.error("%s: %s: somebody must look at it", one.about, one.kind)
        self.letters.to_manager("trouble", facts(told), f"{now:%Y-%m-%d-%H}")
        for one in told:
            self.store.limits.may_ask(_mark(one), _day(now), 1)

    def _told(self, trouble: Trouble, now: datetime) -> bool:
        return self.store.limits.asked(_mark(trouble), _day(now)) > 0


def facts(troubles: list[Trouble]) -> dict[str, Any]:
    """Return what the letter may name beside who sells."""
    return {"troubles": [{"kind": one.kind, "about": one.about} for one in troubles]}


def _alarming(aggregate: Aggregate) -> Iterator[Trouble]:
    for intent in aggregate.alarming:
        yield Trouble(_KINDS[type(intent)], aggregate.number)


_KINDS: dict[type[Intent], TroubleKind] = {RefundPayment: "refund", ClosePayment: "close", BookPayment: "stray"}
"""Of which trouble an intent tells that fails all the time."""


def _mark(trouble: Trouble) -> str:
    return f"told-{trouble.kind}-{trouble.about}"


def _day(now: datetime) -> datetime:
    """The one instant of its day under which all that is told on it is marked."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
