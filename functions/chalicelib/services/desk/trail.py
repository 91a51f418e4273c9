"""The trail at work: acts are entered as they begin and as they end, and are found again.

An entry is written before its act, and what came of it after: an act that was cut off stands there without an outcome,
and none is done that the trail could not take.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice

import msgspec

from chalicelib.domain.actor import SCHEDULE, Actor
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.desk.trail import Fact, TrailEntry, TrailOutcome, TrailQuery
from chalicelib.domain.errors import Busy
from chalicelib.services.stage import Clock
from chalicelib.storage.desk.trail import TrailStore, day_of, place_of
from chalicelib.storage.keys import instant

PAGE = 50
"""Entries that are told at once."""
MOST_READ = 1000
"""Entries that are looked at for one page: what is sought may be rare."""
MOST_DAYS = 62
"""Days that are looked into for one page."""

log = logging.getLogger("cunbo")


class TrailPage(msgspec.Struct, frozen=True):
    """Entries, the last first; `before` is the place from which to go on, None where all is told."""

    entries: list[TrailEntry]
    before: str | None


class Trail:
    """The trail of a shop."""

    def __init__(self, store: TrailStore, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def begin(self, by: Actor, name: str, act: str, about: Mapping[str, str], facts: Mapping[str, Fact]) -> TrailEntry:
        """Enter that an act begins; raises Busy, and then it must not be done."""
        entry = TrailEntry(self.clock(), secrets.token_hex(8), by, act, name, {**about}, {**facts})
        self.store.write(entry)
        return entry

    def end(self, entry: TrailEntry, outcome: TrailOutcome) -> None:
        """Enter what came of an act. Where the table is too busy for it that is logged: the act is done.

        Of an act that lasts until its day is sealed, as one at a terminal may, it is told in an entry of its own.
        """
        try:
            if entry.takes(outcome.at):
                self.store.end(entry, outcome)
            else:
                self.store.write(msgspec.structs.replace(entry, at=outcome.at, outcome=outcome))
        except Busy:
            log.error("trail: what came of %s is not entered", place_of(entry))

    def note(self, act: str, **counts: int) -> None:
        """Enter what the schedule has done, by count, in one write: each order's history tells its own part."""
        at = self.clock()
        entry = TrailEntry(at, secrets.token_hex(8), SCHEDULE, act, facts={**counts}, outcome=TrailOutcome(at, 200))
        self.store.write(entry)

    def find(self, query: TrailQuery) -> TrailPage:
        """Return a page of what is asked for. It looks at so many entries at most: a page may be short, and go on."""
        found: list[TrailEntry] = []
        for looked, (place, entry) in enumerate(self._about(query) if query.about else self._days(query)):
            if entry is None or looked >= MOST_READ:
                return TrailPage(found, place)
            if query.wants(entry):
                found.append(entry)
                if len(found) == PAGE:
                    return TrailPage(found, place_of(entry))
        return TrailPage(found, None)

    def _days(self, query: TrailQuery) -> Iterator[tuple[str, TrailEntry | None]]:
        """Entries with the place behind them, day by day backwards; in the end none, where there are days left."""
        after = _from(query)
        start = min(query.last, day_of(after) if query.before else query.last)
        for step in range((start - query.first).days + 1):
            day = start - timedelta(days=step)
            if step == MOST_DAYS:
                yield _midnight(day + timedelta(days=1)), None
                return
            for entry in self.store.day(day, after):
                yield after, entry
                after = place_of(entry)

    def _about(self, query: TrailQuery) -> Iterator[tuple[str, TrailEntry | None]]:
        """Entries about one thing with the place behind them, by the keys that stand beside the entries."""
        kind, name = query.about or ("", "")
        first, after = _midnight(query.first), _from(query)
        places = iter([place for place in self.store.places(kind, name) if first <= place < after])
        while some := [*islice(places, PAGE)]:
            for entry in self.store.at(some):
                yield after, entry
                after = place_of(entry)


def _from(query: TrailQuery) -> str:
    """The place in the trail before which entries are asked for."""
    end = _midnight(query.last + timedelta(days=1))
    return min(query.before or end, end)


def _midnight(day: date) -> str:
    """The place in the trail at which a day of the village begins."""
    return instant(datetime.combine(day, time(), VILLAGE))
