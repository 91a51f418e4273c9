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

import av
from chalicelib.domain.calendar import VILLAGE
from storefront.read.media import films

from cunbo.core.refusal import Refusal
from cunbo.film.evening.cuts import Footage, Stretch, joined

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
    by: str


class RecordingFile(NamedTuple):
    """What is in a recording's file."""

    seconds: float
    tags: Mapping[str, str]


def look(path: Path) -> RecordingFile:
    """Return how long a recording is, and its tags, in any encoding; raises Refusal where it cannot be read."""
    if not path.is_file():
        raise Refusal(f"there is no file {path}")
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            pictures = films.picture_of(container)
            if pictures is None:
                raise Refusal(f"{path.name} has no moving pictures: name the recording itself")
            tags = {name.lower(): value for name, value in container.metadata.items()}
            tags = {name.lower(): value for name, value in pictures.metadata.items()} | tags
            seconds = container.duration / av.time_base if container.duration else _counted(container)
    except (av.error.FFmpegError, ValueError, OSError):
        raise Refusal(
            f"{path.name} is no recording that can be read: if it broke off, let the program that made it repair it"
            " (OBS: File, Remux Recordings)"
        ) from None
    if seconds < 1:
        raise Refusal(f"{path.name} is shorter than a second: there is nothing to be cut from it")
    return RecordingFile(seconds, tags)


def _counted(container: av.container.InputContainer) -> float:
    """Return the seconds of a recording that does not say them: one that broke off."""
    times = [
        float((packet.pts + (packet.duration or 0)) * packet.time_base)
        for packet in container.demux()
        if packet.pts is not None and packet.time_base
    ]
    return max(times, default=0.0) - (container.start_time or 0) / av.time_base


def began(name: str, file: RecordingFile, typed: datetime | None = None) -> tuple[datetime, str]:
    """Return when a recording began, in UTC, and what says so; raises Refusal where nothing does."""
    if typed:
        return typed, "--began"
    zoned = _instant(file.tags.get(ZONED, ""))
    if zoned:
        return zoned, "what the phone wrote into it"
    named = named_instant(name)
    if named:
        return named, "its name, by UTC" if PIXEL.search(name) else "its name"
    tagged = _instant(file.tags.get("creation_time", ""))
    if tagged and ANDROID in file.tags:
        return tagged - timedelta(seconds=file.seconds), "the time at which the phone had finished it"
    if tagged:
        return tagged, "its creation_time"
    raise Refusal(
        f"neither the name of {name} nor its tags say when it began: give --began, by the village's clock, such as"
        " --began '2026-11-30 19:30:05'"
    )


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
        raise Refusal(
            f"--began is {typed!r}: write day and time by the village's clock, such as '2026-11-30 19:30:05'"
        ) from None
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
        raise Refusal(f"--paused is {typed!r}: write from when to when, such as 20:15:00-20:21:30") from None
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
