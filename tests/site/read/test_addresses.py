"""Addresses of files of any name."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from storefront.check.content import read
from storefront.read.addresses import address_of, path_of

from tests.site.helpers.samples import GOOD, STORY, write

NAMES = ["坛#1.svg", "红枣 +?.svg", "IMG(1)[2].svg", "100%.svg", "a%20b.svg", "x;y,z=1.svg", "é~!$*@:.svg"]


@pytest.mark.parametrize("name", NAMES)
def test_an_address_is_plain_and_leads_back_to_its_file(name: str) -> None:
    address = address_of(f"/stories/{name}")
    assert address.isascii() and urlsplit(address).path == address and not set(address) & set(" ,#?()[]")
    assert path_of(address) == f"/stories/{name}"
    assert path_of(f"{address}?v=1#top") == f"/stories/{name}"


@pytest.mark.parametrize("name", NAMES)
def test_the_catalogue_holds_the_address_of_a_picture_of_any_name(tmp_path: Path, name: str) -> None:
    files = {"stories/returnees.md": STORY.replace("src: desk.svg", f'src: "{name}"'), f"stories/{name}": "<svg/>"}
    catalog = read(write(tmp_path, GOOD | files))
    assert catalog.stories[0].picture.src == address_of(f"/stories/{name}")
