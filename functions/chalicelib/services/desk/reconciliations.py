"""What reconciliations have found, day by day, and what was done about it: the job keeps it, the desk shows it."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.desk.findings import DayFindings, FindingNote, StatementFinding, merged
from chalicelib.domain.errors import Fault, Invalid, NotFound
from chalicelib.domain.text import tidy_note
from chalicelib.services.desk.books import days_of
from chalicelib.services.payments.reconciliation import Discrepancy
from chalicelib.services.stage import Clock
from chalicelib.storage.store import Store

MOST_WORDS = 200
"""Characters of a note."""


class Reconciliations:
    """The findings of a shop's reconciliations."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def keep(self, days: Sequence[date], found: Iterable[Discrepancy]) -> None:
        """Keep what a look at these days has found; what an earlier one had found is told to be gone."""
        before, now, found = self.store.books.findings(days), self.clock(), [*found]
        for day in days:
            fresh = [
                StatementFinding(
                    provider=one.provider,
                    wrong=one.wrong,
                    kind=one.kind,
                    about=one.about,
                    order=one.order,
                    theirs=one.theirs,
                    ours=one.ours,
                    line=one.line,
                    since=now,
                )
                for one in found
                if one.day == day
            ]
            self.store.books.save_findings(merged(before.get(day), day, fresh, now))

    def of(self, month: str) -> list[DayFindings]:
        """Return what was found of the days of a month, the latest first; raise Invalid where it is none."""
        found = self.store.books.findings(days_of(month))
        return sorted(found.values(), key=lambda one: one.day, reverse=True)

    def note(self, day: date, finding: str, words: str, by: Actor) -> DayFindings:
        """Keep what was done about a finding; return the day's. Raise NotFound, Invalid."""
        found = self.store.books.findings([day]).get(day)
        if found is None or finding not in {one.id for one in found.found}:
            raise NotFound("nothing of this name was found on that day")
        words = tidy_note(words)
        if not 1 <= len(words) <= MOST_WORDS or not words.isprintable():
            raise Invalid([Fault("/words", f"what was done about it: 1 to {MOST_WORDS} characters")])
        note = FindingNote(finding, self.clock(), by, words)
        self.store.books.add_note(day, note)
        return msgspec.structs.replace(found, notes=(*found.notes, note))
