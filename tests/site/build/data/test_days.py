"""On which day the content's files were first there and last changed."""

import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from storefront.build.data.days import Span, spans
from storefront.build.data.feeds import listed

from tests.functions.helpers.world import make_catalog

EARLY, LATER, NOW = date(2026, 1, 5), date(2026, 3, 7), date(2026, 5, 9)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder of a repository with two files, of which one was changed later."""
    git(tmp_path, "init", "--quiet")
    folder = tmp_path / "village" / "content"
    (folder / "products").mkdir(parents=True)
    write(folder / "products/辣 白菜.md", "first")
    write(folder / "index.md", "home")
    commit(tmp_path, EARLY)
    write(folder / "index.md", "new home")
    commit(tmp_path, LATER)
    return folder


def git(folder: Path, *arguments: str, day: date = EARLY) -> None:
    at = f"{day}T12:00:00+00:00"
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
    who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    environ = {**os.environ, **who, "GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environ)


def commit(folder: Path, day: date) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "x", day=day)


def write(path: Path, text: str, day: date = NOW) -> None:
    path.write_text(text)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))


def test_git_says_when_a_file_came_and_when_it_last_changed_whatever_it_is_called(content: Path) -> None:
    assert spans(content) == {"products/辣 白菜.md": Span(EARLY, EARLY), "index.md": Span(EARLY, LATER)}


def test_what_is_newer_than_git_is_told_by_the_files_own_time(content: Path) -> None:
    write(content / "index.md", "newer home")
    write(content / "new.md", "new")
    found = spans(content)
    assert found["index.md"] == Span(EARLY, NOW)
    assert found["new.md"] == Span(NOW, NOW)


def test_a_folder_without_git_is_told_by_its_files_times_which_are_no_later_than_the_build(tmp_path: Path) -> None:
    write(tmp_path / "index.md", "home")
    assert spans(tmp_path) == {"index.md": Span(NOW, NOW)}
    epoch = str(int(datetime(2026, 2, 1, tzinfo=UTC).timestamp()))
    assert spans(tmp_path, {"SOURCE_DATE_EPOCH": epoch})["index.md"].last == date(2026, 2, 1)


def test_a_history_that_begins_in_the_middle_says_nothing_rather_than_a_wrong_day(
    content: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path}", str(tmp_path / "shallow"))
    assert spans(tmp_path / "shallow/village/content") == {}


def test_where_git_cannot_be_asked_nothing_is_said(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert spans(content) == {}


def test_a_page_changes_with_either_of_its_files_a_shelf_with_its_pages_and_home_with_all() -> None:
    days = {"products/spicy-cabbage.md": Span(EARLY, EARLY), "products/spicy-cabbage.en.md": Span(EARLY, LATER)}
    found = dict(listed(make_catalog(), days))
    assert {found["/products/spicy-cabbage/"], found["/products/"], found["/"]} == {LATER}
    assert found["/villages/gaotaizi/"] is None
