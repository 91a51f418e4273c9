"""How a built site is completed, and that a build which fails leaves the earlier one as it was."""

import re
from pathlib import Path

import pytest
from chalicelib import catalog
from storefront.check import content
from storefront.write import publish

from tests.site.helpers.built import REPO, house, mkdocs
from tests.site.helpers.pages import CATALOG


def test_the_whole_catalogue_lies_beside_the_site_and_is_not_published(site: Path) -> None:
    whole = catalog.load(publish.whole_catalog(site).read_bytes())
    assert whole == content.read(REPO / "content")
    assert whole.packs["spicy-cabbage-500g"].price == 2990
    assert not [*site.rglob("*.catalog.json")]


def test_bad_content_names_every_fault_and_leaves_the_earlier_site_untouched(tmp_path: Path) -> None:
    folder = house(tmp_path)
    assert mkdocs(folder).returncode == 0
    before = {path: path.read_bytes() for path in (folder / "build").rglob("*") if path.is_file()}
    product = folder / "content/products/spicy-cabbage.md"
    product.write_text(product.read_text().replace("price: 2990", "price: cheap").replace("per_day: 60", "per_day: -1"))
    done = mkdocs(folder)
    assert done.returncode != 0
    assert len(re.findall(r"content/products/spicy-cabbage\.md:\d+: ", done.stderr)) == 2
    assert {path: path.read_bytes() for path in (folder / "build").rglob("*") if path.is_file()} == before


def test_a_template_that_breaks_leaves_the_earlier_site_untouched(tmp_path: Path) -> None:
    folder = house(tmp_path)
    assert mkdocs(folder).returncode == 0
    before = {path: path.read_bytes() for path in (folder / "build/site").rglob("*") if path.is_file()}
    (folder / "site/theme/content/story.html").write_text("{{ no_such_thing.at_all }}")
    assert mkdocs(folder).returncode != 0
    assert {path: path.read_bytes() for path in (folder / "build/site").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("place", ["site", "elsewhere", "build"])
def test_a_build_is_refused_where_it_would_empty_another_folder(tmp_path: Path, place: str) -> None:
    folder = house(tmp_path)
    before = {path for path in folder.rglob("*") if path.is_file()}
    done = mkdocs(folder, "-d", place)
    assert done.returncode != 0
    assert "site_dir: build/site" in done.stderr
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_each_room_has_its_code_with_its_label(site: Path) -> None:
    for room in CATALOG.rooms:
        plate = (site / "rooms" / room.id / "qr.svg").read_text(encoding="utf-8")
        assert room.name.zh in plate
        assert not re.search(r"<script|href=|style=|\son\w+=", plate)
