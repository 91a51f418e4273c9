"""How a publication is told in a terminal: its changes, its steps, and the releases that can be brought back."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from chalicelib.domain.calendar import VILLAGE
from storefront.read import messages

from cunbo.core.progress import note
from cunbo.deploy.releases import Release
from cunbo.publishing.changes import ChangedPart


def told(parts: Iterable[ChangedPart], lang: str) -> Iterator[str]:
    """Yield the lines of a publication's changes, each part under its heading."""
    say = messages.of(lang)["publishing"]
    for part in parts:
        yield f"\n{say['parts'][part.kind]} ({len(part.lines)})"
        for line in part.lines:
            yield from (f"  {one}" if n == 0 else f"      {one}" for n, one in enumerate(line.splitlines()))
    yield ""


def told_step(lang: str) -> Callable[[str], None]:
    """Return what prints a step as it begins."""
    return lambda step: note(f"{messages.of(lang)['publishing']['steps'][step]} ...")


def told_releases(releases: Iterable[Release], live: str, lang: str) -> Iterator[str]:
    """Yield a line for each release, the newest first; `live` is the name of the one that is live."""
    say = messages.of(lang)["publishing"]
    for release in releases:
        mark = f"  {say['live']}" if release.id == live else ""
        yield f"{release.id}  {when(release.at)}  {release.by or say['deployed']}{mark}"


def when(at: datetime) -> str:
    """Return an instant as the village's clock shows it."""
    return f"{at.astimezone(VILLAGE):%Y-%m-%d %H:%M}"
