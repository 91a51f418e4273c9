"""Use cases take commands and give results: how these are written in a request or an answer is not theirs to know."""

import ast
from pathlib import Path

import chalicelib.services
import pytest

FILES = sorted(Path(next(iter(chalicelib.services.__path__))).glob("*.py"))


def test_there_are_use_cases() -> None:
    assert len(FILES) > 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_use_case_takes_and_gives_no_bytes_and_no_json(path: Path) -> None:
    """What a module imports is held by the contracts of import-linter; `json` is also a part of msgspec."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    parts = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not {"bytes", "Request", "Response"} & names
    assert "json" not in parts
