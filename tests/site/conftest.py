"""What the tests of the site share: the built site."""

from pathlib import Path

import pytest

from tests.site.helpers.built import house, mkdocs


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = house(tmp_path_factory.mktemp("house"))
    done = mkdocs(folder)
    assert done.returncode == 0, done.stderr
    return folder / "build" / "site"
