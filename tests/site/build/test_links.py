"""What leads on: where the API is away, and where somebody has shortened an address."""

import re
from pathlib import Path

from storefront.build import links

from tests.functions.helpers.world import JAR, POT, ROOMS, make_catalog
from tests.site.helpers.built import ORIGIN, english, page, stored
from tests.site.helpers.pages import OVERLAYS, PAGES, SHORTENED

ROOM = ROOMS[0]


def test_each_room_and_each_product_that_it_sells_has_one() -> None:
    found = dict(links.pages(make_catalog(), ORIGIN))
    assert set(found) == {*ROOMS, *(f"{room}/{sku}" for room in ROOMS for sku in (JAR, POT))}


def test_it_leads_on_at_once_without_a_script_and_says_from_which_room() -> None:
    found = dict(links.pages(make_catalog(), ORIGIN))
    targets = {link: re.findall(r'url=([^"]+)"', page) for link, page in found.items()}
    assert targets[ROOM] == [f"/rooms/{ROOM}/?cunbo-room={ROOM}"]
    assert targets[f"{ROOM}/{JAR}"] == [f"/products/spicy-cabbage/?cunbo-room={ROOM}#{JAR}"]
    for own in found.values():
        assert re.findall(r'<a href="([^"]+)"', own)[0] == re.findall(r'url=([^"]+)"', own)[0]
        assert not re.search(r"<script|style=", own)


def test_every_address_can_be_shortened_to_one_that_leads_somewhere(site: Path) -> None:
    for own in (*PAGES, *OVERLAYS, *(f"/q/{room}/" for room in ROOMS)):
        parts = own.strip("/").split("/")
        for length in range(len(parts)):
            above = f"/{'/'.join(parts[:length])}/" if length else "/"
            for shorter in (above, english(above)):
                assert stored(site, shorter).is_file(), f"{own}: {shorter} leads nowhere"


def test_a_shortened_address_leads_on_in_its_language_to_the_page_that_counts(site: Path) -> None:
    assert {f"/en/live/{ROOM}/", "/live/", "/board/", "/en/board/"} <= {*SHORTENED}
    for own in SHORTENED:
        html = page(site, own)
        (refresh,) = html.all("meta", **{"http-equiv": "refresh"})
        target = str(refresh["content"]).partition("url=")[2]
        is_english = own.startswith("/en/")
        assert html.all("html")[0]["lang"] == ("en" if is_english else "zh-CN")
        assert target.startswith("/en/") == is_english
        assert html.all("link", rel="canonical")[0]["href"] == ORIGIN + target
        assert html.all("meta", name="robots")[0]["content"] == "noindex"
        assert target not in SHORTENED and stored(site, target).is_file(), f"{own} leads to {target}"
