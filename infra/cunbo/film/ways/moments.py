"""Moments of a film as people write them, 1:05 or 65; pure rules."""

import re

FORM = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,5}(?:\.\d{1,3})?)s?", re.ASCII)


def seconds_of(text: str) -> float | None:
    """Return the seconds of a moment, such as 65, 1:05, 0:01:05.5; None where it is none."""
    found = FORM.fullmatch(text.strip().replace("：", ":"))
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    if (minutes is not None and float(seconds) >= 60) or (hours is not None and int(minutes) >= 60):
        return None
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def written(seconds: float) -> str:
    """Return a moment as people write it, such as 1:05."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
