"""Files for their owner alone, whatever the process' own umask."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from cunbo.core.private import make_folder, make_private, open_private, write


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """The umask of somebody who shares everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_a_file_is_its_owners_from_its_first_byte(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with open_private(path):
        assert mode(path) == 0o600
    write(path, "密钥")
    write(path, "钥")
    assert (path.read_text(encoding="utf-8"), mode(path)) == ("钥", 0o600)


def test_a_folder_that_was_open_to_all_is_its_owners(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    for _ in range(2):
        make_folder(folder)
        assert mode(folder) == 0o700
        folder.chmod(0o777)


def test_all_in_a_folder_becomes_its_owners_and_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    outside, state = tmp_path / "outside", tmp_path / "state"
    outside.write_text("")
    outside.chmod(0o644)
    (state / "tmp" / "deep").mkdir(parents=True)
    (state / "tmp" / "run.sh").write_text("")
    (state / "tmp" / "run.sh").chmod(0o4755)
    (state / "tmp" / "deep" / "letter.eml").write_text("")
    (state / "link").symlink_to(outside)
    (state / "broken").symlink_to(tmp_path / "nothing")
    make_private(state)
    assert mode(outside) == 0o644
    found = {path.name: mode(path) for path in state.rglob("*") if not path.is_symlink()}
    assert found == {"tmp": 0o700, "deep": 0o700, "run.sh": 0o700, "letter.eml": 0o600}
