"""On which day each file of the content folder was first there and last changed, as feeds and the sitemap say it.

Git knows, where the folder is under it and all of its history is there. What is newer than git, or where there is none,
is told by the file's own time; no file is younger than the build's day, which SOURCE_DATE_EPOCH sets.
"""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from storefront.build.data.security_txt import build_day


class Span(NamedTuple):
    """The day on which a file was first there, and the day of its last change."""

    first: date
    last: date


def spans(content: Path, environ: Mapping[str, str] = os.environ) -> dict[str, Span]:
    """Return the days of every record's file and of shop.yml, by path below `content`; where nothing is known, none.

    A copy of the history that begins at some commit (a shallow clone) knows no day of what has not changed since.
    """
    today = build_day(environ)
    known = _committed(content)
    found = {}
    for path in sorted([*content.rglob("*.md"), *content.glob("shop.yml")]):
        name = path.relative_to(content).as_posix()
        own = min(datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), today)
        if known is None:
            found[name] = Span(own, own)
        elif name in known.changed:
            found[name] = Span(known.spans[name].first if name in known.spans else own, own)
        elif name in known.spans:
            found[name] = known.spans[name]
    return found


class _History(NamedTuple):
    """What git knows: the days of what it has, and the names of what has changed since."""

    spans: dict[str, Span]
    changed: set[str]


def _committed(content: Path) -> _History | None:
    """Return what git knows of the folder: nothing where it cannot tell; None where the folder is not under it."""
    if not any((folder / ".git").exists() for folder in (content.resolve(), *content.resolve().parents)):
        return None
    try:
        shallow = _git(content, "rev-parse", "--is-shallow-repository").strip() == "true"
        log = "" if shallow else _git(content, "log", "--format=%x01%cs", "--name-only", "--relative", "-z", "--", ".")
        changed = _git(content, "ls-files", "-z", "--modified", "--others").split("\0")
    except (OSError, subprocess.CalledProcessError):
        return _History({}, set())
    found: dict[str, Span] = {}
    for commit in log.split("\x01")[1:]:  # the latest first
        day, *names = commit.replace("\n", "\0").split("\0")
        at = date.fromisoformat(day)
        for name in filter(None, names):
            found[name] = Span(at, found[name].last if name in found else at)
    return _History(found, set(changed))


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace")  # noqa: S603
    return done.stdout
