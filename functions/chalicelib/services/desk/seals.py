"""Seals of the trail: each night the day before is sealed, and whoever changes an entry later breaks its seal.

A seal is a digest of the day's entries and of the seal before it, so none of them can be made anew alone. Functions
that answer requests may write entries, and no seal (functions/.chalice).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from chalicelib.domain.desk.trail import Seal
from chalicelib.storage.store import Store

LOOKED_INTO = timedelta(days=35)
"""The days whose entries each audit compares with their seals; the chain of seals is compared whole."""


def seal(store: Store, day: date) -> Seal:
    """Seal a day of the village that is over, and those before it that were missed, and return its seal.

    Again changes nothing. To be called 40 minutes after the day's end, when all of it is there: a request ends in 29 s,
    a terminal's clock is right to 15 minutes, or AWS refuses what it signs, and `Trail.end` puts nothing to a day that
    has been over for longer than `TAKES_OUTCOMES_FOR`.
    """
    made = store.trail.seals()
    found = next((one for one in made if one.day == day), None)
    if found:
        return found
    last = max((one for one in made if one.day < day), key=lambda one: one.day, default=None)
    previous, step = (last.sha, last.day + timedelta(days=1)) if last else ("", day)
    while True:
        sealed = store.trail.digest(step, previous)
        if not store.trail.seal(sealed):
            return seal(store, day)  # another run was faster
        if step == day:
            return sealed
        previous, step = sealed.sha, step + timedelta(days=1)


def broken_seals(store: Store, days: Iterable[date]) -> list[str]:
    """Return, a line each, where the chain of seals does not hold, and which of these days are not as sealed."""
    seals = store.trail.seals()
    found = []
    for before, after in pairwise(seals):
        if after.day != before.day + timedelta(days=1):
            found.append(
                f"the trail of {before.day + timedelta(days=1)} to {after.day - timedelta(days=1)} has no seal"
            )
        if after.previous != before.sha:
            found.append(f"the trail's seal of {after.day} is not made upon that of {before.day}")
    wanted = {*days}
    for one in seals:
        if one.day in wanted and (now := store.trail.digest(one.day, one.previous)) != one:
            count = f"{one.entries} entries then, {now.entries} now"
            found.append(f"the trail of {one.day} is not as it was sealed: {count}")
    return found


def sealed_days(today: date) -> list[date]:
    """Return the days that an audit looks into."""
    return [today - timedelta(days=step) for step in range(1, LOOKED_INTO.days + 1)]
