"""The afternoon's pace: how fast parcels are packed, when the last one will be, and which come too late. Pure rules.

What is late is seen while something can still be done about it. The pace is that of the last hour, since the evening's
packers may be others than the morning's; whoever paid last is late first, as with a short day.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(hours=1)
"""Parcels of so long tell the pace."""
FEWEST = 3
"""With fewer parcels than these in that time nothing is foretold."""


class ToPack(NamedTuple):
    """An order that is still to be packed today, and since when it is paid."""

    order: str
    paid: datetime


class Pace(NamedTuple):
    """How the day goes: parcels `packed` so far, orders `left`, parcels `per_hour`, when the `end` is expected.

    `late` are orders that will not be packed by `courier`, when it comes, the latest payer first. `per_hour` and `end`
    are None as long as too little is packed to tell.
    """

    packed: int
    left: int
    courier: datetime
    per_hour: int | None = None
    end: datetime | None = None
    late: tuple[str, ...] = ()


def pace(packed: Iterable[datetime], left: Sequence[ToPack], now: datetime, courier: datetime) -> Pace:
    """Return how the day goes at `now`, from when parcels of today were `packed` and what is `left` for today.

    Once the courier has come, all that is left is late, however fast it goes.
    """
    times = sorted(at for at in packed if at <= now)
    latest_first = [one.order for one in sorted(left, key=lambda one: (one.paid, one.order), reverse=True)]
    recent = [at for at in times if now - at < WINDOW]
    told = Pace(len(times), len(left), courier)
    if now >= courier:
        told = told._replace(late=tuple(latest_first))
    if len(recent) < FEWEST:
        return told
    # From the first of them on: who has begun half an hour ago is not half as fast for it.
    each = max((now - recent[0]) / (len(recent) - 1), timedelta(seconds=1))
    told = told._replace(per_hour=round(timedelta(hours=1) / each), end=now + each * len(left))
    if now >= courier:
        return told
    in_time = (courier - now) // each
    return told._replace(late=tuple(latest_first[: max(len(left) - in_time, 0)]))
