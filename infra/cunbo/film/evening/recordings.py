"""Recordings of an evening: how long each is, and what its clock said when it began.

What is typed comes first, then the tag in which phones write time and zone, then the file's name, as OBS, phones and
screen recorders make it, then `creation_time`, which is UTC. A name is read by the village's clock: recorders write
what the clock on their desk shows.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.calendar import VILLAGE
from storefront.read.faults import Said, quoted

from cunbo.core.refusal import Refusal
from cunbo.film import probe
from cunbo.film.evening.cuts import Footage, Stretch, joined
from cunbo.film.words import say

NAME = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-_.年]?(?P<month>\d\d)[-_.月]?(?P<day>\d\d)日?(?:[-_T. ]| at |\s)*"
    r"(?P<hour>\d\d)[-_.:：时]?(?P<minute>\d\d)[-_.:：分]?(?P<second>\d\d)"
)
"""Day and time in a name: 2026-11-30 19-30-05, VID_20261130_193005, 2026年11月30日 19时30分05秒."""
PIXEL = re.compile(r"PXL_\d{8}_\d{6}")
"""Such phones name their films by UTC."""
FIRST_YEAR = 2005
"""A tag from before it is what a clock says that nobody has set."""
ZONED = "com.apple.quicktime.creationdate"
ANDROID = "com.android.version"
"""Android writes `creation_time` when a film ends."""
TYPED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)


class Recording(NamedTuple):
    """A recording: when it began, in UTC, how many seconds its film lasts, and what says when it began."""

    path: Path
    began: datetime
    seconds: float
    by: Said


class RecordingFile(NamedTuple):
    """What is in a recording's file."""

    seconds: float
    tags: Mapping[str, str]


def look(path: Path) -> RecordingFile:
    """Return how long a recording is, and its tags, in any encoding; raises Refusal where it cannot be read."""
    with probe.opened(path) as (container, pictures, seconds):
        tags = {name.lower(): value for name, value in pictures.metadata.items()}
        return RecordingFile(seconds, tags | {name.lower(): value for name, value in container.metadata.items()})


def began(name: str, file: RecordingFile, typed: datetime | None = None) -> tuple[datetime, Said]:
    """Return when a recording began, in UTC, and what says so; raises Refusal where nothing does."""
    if typed:
        return typed, say("by_typed")
    zoned = _instant(file.tags.get(ZONED, ""))
    if zoned:
        return zoned, say("by_phone")
    named = named_instant(name)
    if named:
        return named, say("by_name_utc") if PIXEL.search(name) else say("by_name")
    tagged = _instant(file.tags.get("creation_time", ""))
    if tagged and ANDROID in file.tags:
        return tagged - timedelta(seconds=file.seconds), say("by_finished")
    if tagged:
        return tagged, say("by_tag")
    raise Refusal(say("no_beginning", words=name))


def named_instant(name: str) -> datetime | None:
    """Return the day and time that a file's name says, in UTC; None where it says none."""
    zone = UTC if PIXEL.search(name) else VILLAGE
    for found in NAME.finditer(name):
        try:
            return datetime(*(int(part) for part in found.groups()), tzinfo=zone).astimezone(UTC)  # type: ignore[misc,arg-type]
        except ValueError:  # 2026-13-45
            continue
    return None


def _instant(written: str) -> datetime | None:
    """Return the instant of a tag; None where there is none, or its clock was never set."""
    try:
        at = datetime.fromisoformat(written.strip())
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at.astimezone(UTC) if at.year >= FIRST_YEAR else None
    except (ValueError, OverflowError):
        return None


def typed_instant(typed: str) -> datetime:
    """Return an instant as somebody types it, by the village's clock unless it names a zone; raises Refusal."""
    try:
        if not TYPED.fullmatch(typed.strip()):
            raise ValueError
        day, clock = re.split("[ T]", typed.strip(), maxsplit=1)
        day = "-".join(part.zfill(2) for part in day.split("-"))
        at = datetime.fromisoformat(f"{day}T{clock if clock[1].isdigit() else f'0{clock}'}")
    except ValueError:
        raise Refusal(say("bad_began", words=quoted(typed))) from None
    return (at if at.tzinfo else at.replace(tzinfo=VILLAGE)).astimezone(UTC)


def typed_pause(typed: str, after: datetime) -> Stretch:
    """Return when a recording was paused, from two times of the village's clock, the first ones `after` an instant.

    Raises Refusal.
    """
    found = re.fullmatch(r"(\d{1,2}:\d{2}(?::\d{2})?)\s*[-–—~至到]\s*(\d{1,2}:\d{2}(?::\d{2})?)", typed.strip())
    try:
        if not found:
            raise ValueError
        first, last = (time.fromisoformat(part.zfill(8 if part.count(":") == 2 else 5)) for part in found.groups())
    except ValueError:
        raise Refusal(say("bad_paused", words=quoted(typed))) from None
    begins = _next(first, after)
    return Stretch(begins, _next(last, begins))


def _next(clock: time, after: datetime) -> datetime:
    """Return when the village's clock next shows a time."""
    at = datetime.combine(after.astimezone(VILLAGE).date(), clock, VILLAGE)
    return (at if at >= after else at + timedelta(days=1)).astimezone(UTC)


def footage(recordings: Iterable[Recording], paused: Sequence[Stretch] = ()) -> list[Footage]:
    """Return what recordings have, a piece for each time in which one ran without a pause."""
    found = []
    for recording in recordings:
        at, begins = 0.0, recording.began
        for pause in joined(one for one in paused if one.first > recording.began):
            runs = min((pause.first - begins).total_seconds(), recording.seconds - at)
            if runs > 0:
                found.append(Footage(recording.path, at, Stretch(begins, begins + timedelta(seconds=runs))))
                at += runs
                begins = pause.last
        if recording.seconds > at:
            rest = timedelta(seconds=recording.seconds - at)
            found.append(Footage(recording.path, at, Stretch(begins, begins + rest)))
    return found
