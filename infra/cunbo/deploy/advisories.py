"""Known vulnerabilities of what the lock files name, by the open database OSV; it has Python's packages and npm's."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cunbo.core.refusal import Refusal

ADVISORIES = "https://api.osv.dev/v1/querybatch"
AT_ONCE = 500
"""Packages that are asked for in one request; the database takes 1,000."""
PATIENCE = 30


class LockedPackage(NamedTuple):
    """A package as a lock file names it; `ecosystem` is PyPI or npm."""

    ecosystem: str
    name: str
    version: str


def locked(root: Path) -> set[LockedPackage]:
    """Return every package of every lock file below `root`, which are at the top and one folder below infra/."""
    return {*_of_python(root), *_of_npm(root)}


def _of_python(root: Path) -> Iterator[LockedPackage]:
    for path in root.glob("requirements*.lock"):
        for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield LockedPackage("PyPI", name, version)


def _of_npm(root: Path) -> Iterator[LockedPackage]:
    for path in root.glob("infra/*/package-lock.json"):
        for place, entry in json.loads(path.read_text(encoding="utf-8"))["packages"].items():
            if place and not entry.get("link"):
                yield LockedPackage("npm", entry.get("name") or place.rpartition("node_modules/")[2], entry["version"])


def advisories(packages: set[LockedPackage]) -> dict[LockedPackage, list[str]]:
    """Return the ids of known vulnerabilities of each package that has any.

    Raises Refusal where the database cannot be asked: no answer is never taken for a good one.
    """
    asked = sorted(packages)
    found: dict[LockedPackage, list[str]] = {}
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for package, ids in zip(some, _ask(some), strict=True):
            if ids:
                found[package] = ids
    return found


def _ask(packages: list[LockedPackage]) -> list[list[str]]:
    queries = [{"package": {"ecosystem": one.ecosystem, "name": one.name}, "version": one.version} for one in packages]
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(ADVISORIES, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            results = json.load(answer)["results"]
        found = [[one["id"] for one in result.get("vulns", [])] for result in results]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(f"could not reach the advisories, so nothing was checked: {ADVISORIES}: {error}") from None
    if len(found) != len(packages):
        raise Refusal(f"the advisories answered for {len(found)} of {len(packages)} packages, so nothing was checked")
    return found
