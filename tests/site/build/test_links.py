"""What stands in for a short link where the API is away."""

import re

from storefront.build import links

from tests.functions.helpers.world import JAR, POT, ROOMS, make_catalog

ROOM = ROOMS[0]


def test_each_room_and_each_product_that_it_sells_has_one() -> None:
    found = dict(links.pages(make_catalog()))
    assert set(found) == {*ROOMS, *(f"{room}/{sku}" for room in ROOMS for sku in (JAR, POT))}


def test_it_leads_on_at_once_without_a_script_and_says_from_which_room() -> None:
    found = dict(links.pages(make_catalog()))
    targets = {link: re.findall(r'url=([^"]+)"', page) for link, page in found.items()}
    assert targets[ROOM] == [f"/rooms/{ROOM}/?cunbo-room={ROOM}"]
    assert targets[f"{ROOM}/{JAR}"] == [f"/products/spicy-cabbage/?cunbo-room={ROOM}#{JAR}"]
    for page in found.values():
        assert re.findall(r'href="([^"]+)"', page)[0] == re.findall(r'url=([^"]+)"', page)[0]
        assert not re.search(r"<script|style=", page)
