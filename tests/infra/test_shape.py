"""The shape of the house: a name stands for one thing, a folder is read at a glance, imports go few floors deep."""

import ast
import subprocess
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from cunbo.core.paths import ROOT

PACKAGES = ("functions", "infra/cunbo", "site/storefront")
MOST_FILES = 15
MOST_FLOORS = 7
LETS_MORE = {"content", "infra/docs/decisions"}
"""Folders of records, not of code: the village writes as many as it has to tell, and a decision is a file."""


@cache
def files() -> tuple[Path, ...]:
    """Every file that git tracks or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return tuple(path for name in listed.splitlines() if (path := ROOT / name).exists())


def modules() -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).as_posix().startswith(PACKAGES)]


def test_no_class_name_stands_for_two_things() -> None:
    places = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(path.relative_to(ROOT).as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_folder_has_more_files_than_are_read_at_a_glance() -> None:
    folders = Counter(path.parent.relative_to(ROOT).as_posix() for path in files())
    crowded = {name: count for name, count in folders.items() if count > MOST_FILES}
    assert not {name for name in crowded if not any(name == free or name.startswith(f"{free}/") for free in LETS_MORE)}


def imports_of(path: Path) -> set[str]:
    """Modules that are imported when this one is; what is imported inside a function is not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_the_functions_lie_on_few_floors() -> None:
    """A floor is a package: of the packages that import one another, the longest way from top to bottom."""
    root = ROOT / "functions"
    rooms: dict[str, set[str]] = defaultdict(set)
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("functions/chalicelib/"):
            room = path.relative_to(root).parts[1].removesuffix(".py")
            for module in imports_of(path):
                if module.startswith("chalicelib.") and (other := module.split(".")[1]) != room:
                    rooms[room].add(other)

    def floors(room: str, way: tuple[str, ...] = ()) -> int:
        assert room not in way, f"a circle: {way}"
        return 1 + max((floors(below, (*way, room)) for below in rooms.get(room, ())), default=0)

    assert max(map(floors, [*rooms])) <= MOST_FLOORS
