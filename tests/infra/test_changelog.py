"""The changelog: versions in order, each released on a day, and the newest is the one that is built."""

import re
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def released(heading: str) -> tuple[tuple[int, ...], date]:
    found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \((\d{4}-\d{2}-\d{2})\): .+", heading)
    assert found, f"{heading!r} is not `VERSION (DATE): what it brings`"
    return tuple(map(int, found.groups()[:3])), date.fromisoformat(found[4])


def test_the_newest_version_of_the_changelog_is_that_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert released(HEADINGS[0])[0] == tuple(map(int, version.split(".")))


def test_every_version_has_a_date_and_none_is_older_than_the_one_below_it() -> None:
    found = [released(heading) for heading in HEADINGS]
    assert len(found) > 1
    assert found == sorted(found, reverse=True)
    assert len({version for version, _ in found}) == len(found)
