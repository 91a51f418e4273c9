"""Two hundred broken pieces of the village's own content, one fault each: all are named where they are."""

import re
import shutil
from pathlib import Path

import pytest
from cunbo.core.paths import ROOT
from storefront.check import content

from tests.site.helpers.breakages import Broken, every

ALL = list(every(ROOT / "content"))
CHOSEN = [ALL[number * len(ALL) // 200] for number in range(200)]
LINE = re.compile(r"content/([^:]+):(\d+): (.+): (.+)")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content, for each test to break and to mend again."""
    return Path(shutil.copytree(ROOT / "content", tmp_path_factory.mktemp("broken") / "content"))


def test_the_real_content_has_no_fault_and_many_ways_to_break(copy: Path) -> None:
    assert content.look(copy).faults == ()
    assert len(ALL) > 400
    assert {broken.file.partition("/")[0] for broken in CHOSEN} >= {
        "live", "pages", "products", "shop.yml", "stories", "videos", "villages",
    }  # fmt: skip
    assert len({broken.what for broken in CHOSEN}) > 25


@pytest.mark.parametrize("broken", CHOSEN, ids=lambda broken: f"{broken.file}: {broken.what}")
def test_a_broken_piece_of_content_is_named_by_file_and_line(copy: Path, broken: Broken) -> None:
    path = copy / broken.file
    good = path.read_bytes()
    try:
        if broken.text is None:
            path.unlink()
        else:
            path.write_bytes(broken.text)
        found = [*map(str, content.look(copy).faults)]
    finally:
        path.write_bytes(good)
    places = []
    for fault in found:
        named = LINE.fullmatch(fault)
        assert named, f"one line with file, line, what and remedy: {fault}"
        places.append((named[1], int(named[2])))
    assert any(file == broken.named and line in broken.lines for file, line in places), f"{broken.what}: {found}"
