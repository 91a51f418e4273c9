"""The decisions: one file each, dated by its name, with what lost, and all of them in the index."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "infra" / "docs" / "decisions"
FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
FORM = re.compile(
    r"# (?P<title>.+)\n\nDate: (?P<date>\d{4}-\d{2}-\d{2})\n\n## Decision\n\n.+\n\n## What lost, and why\n\n.+\n",
    re.DOTALL,
)


def test_there_are_decisions() -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_decision_has_the_date_of_its_name_and_says_what_lost_and_stands_in_the_index(path: Path) -> None:
    found = FORM.fullmatch(path.read_text(encoding="utf-8"))
    assert found, "it is a title, a date, what was decided, and what lost and why"
    assert path.name.startswith(f"{found['date']}-")
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert index.count(f"- [{found['title']}]({path.name}) ({found['date']})\n") == 1
