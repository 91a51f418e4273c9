"""What a reconciliation has found of a day, and what people have said of it. Pure rules, no I/O.

What was found stays on the day's page also once it is found no more: it then says since when. So nobody has to
remember what the statement of a day once differed in, or what was done about it.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from chalicelib.domain.actor import UNKNOWN, Actor
from chalicelib.domain.aggregate import Stored

MOST_KEPT = 300
"""Findings of a day that are kept, the first of them: a statement that differs in more is looked at as a whole."""


class StatementFinding(Stored, frozen=True, kw_only=True):
    """One difference of a day, as services/payments/reconciliation.py tells it, with amounts in fen.

    It was found first at `since`, and is found no more since `gone`.
    """

    provider: str
    wrong: str
    kind: str = ""
    about: str = ""
    order: str = ""
    theirs: int = 0
    ours: int = 0
    line: int = 0
    since: datetime
    gone: datetime | None = None

    @property
    def id(self) -> str:
        """What names it among those of its day."""
        named = f"{self.provider}\n{self.wrong}\n{self.kind}\n{self.about}\n{self.line}\n{self.theirs}\n{self.ours}"
        return hashlib.sha256(named.encode()).hexdigest()[:12]


class FindingNote(Stored, frozen=True):
    """What somebody has done about a finding, in their words."""

    finding: str
    at: datetime
    by: Actor = UNKNOWN
    words: str = ""


class DayFindings(Stored, frozen=True):
    """What was found of a day, last looked at `at` an instant, and what was said of it; `left_out` are too many."""

    day: date
    at: datetime
    found: tuple[StatementFinding, ...] = ()
    left_out: int = 0
    notes: tuple[FindingNote, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether something is found that nobody has said anything of."""
        said = {note.finding for note in self.notes}
        return bool(self.left_out) or any(one.gone is None and one.id not in said for one in self.found)


def merged(before: DayFindings | None, day: date, found: Iterable[StatementFinding], now: datetime) -> DayFindings:
    """Return the day's findings after another look, with what an earlier one had found and this one has not."""
    fresh = {one.id: one for one in found}
    kept: dict[str, StatementFinding] = {}
    for one in before.found if before else ():
        if one.id in fresh:
            kept[one.id] = msgspec.structs.replace(one, gone=None)
        else:
            kept[one.id] = one if one.gone else msgspec.structs.replace(one, gone=now)
    everything = [*{**fresh, **kept}.values()]
    everything.sort(key=lambda one: (one.gone is not None, one.provider, one.line, one.id))
    notes = before.notes if before else ()
    return DayFindings(day, now, tuple(everything[:MOST_KEPT]), max(len(everything) - MOST_KEPT, 0), notes)
