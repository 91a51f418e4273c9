"""The glossary: each of its terms is a name of the code, and stands there once, with its Chinese."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in (ROOT / "infra/docs/glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| term |", "|---"))
]


@cache
def names() -> frozenset[str]:
    """What functions, command and site are made of: modules and templates, and what the Python among them defines."""
    files = [path for folder in ("functions", "infra/cunbo", "site") for path in (ROOT / folder).rglob("*.*")]
    modules = {path.stem for path in files if path.suffix in {".py", ".js", ".html"}}
    python = [ast.parse(path.read_text(encoding="utf-8")) for path in files if path.suffix == ".py"]
    return frozenset(modules.union(*map(defined, python)))


def defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name):
                yield name


def test_what_is_defined_is_found_and_what_is_only_used_or_said_is_not() -> None:
    text = "class A:\n    b: int = 1\n\n    def c(self, d):\n        'f'\n        self.e = g(h)\n"
    assert set(defined(ast.parse(text))) == {"A", "b", "c", "self", "d", "e"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_has_its_chinese_its_meaning_and_its_name_in_the_code(row: tuple[str, ...]) -> None:
    term, chinese, meaning, code = row
    assert term and meaning
    assert re.search("[\u4e00-\u9fff]", chinese), "how would a shop in China say it?"
    assert re.fullmatch(r"`\w+`(, `\w+`)*", code)
    assert set(re.findall(r"`(\w+)`", code)) - names() == set(), "the code has no such name (any more)"


def test_no_term_stands_for_two_things_in_either_language() -> None:
    for column in (0, 1):
        words = [row[column] for row in ROWS]
        assert {word for word in words if words.count(word) > 1} == set()
