"""Pages on paper: what tells stays, what only a screen can do goes. Chromium shows them as it would print them."""

import pytest
from cunbo.core.paths import ROOT
from playwright.sync_api import expect
from storefront.build.pages import money
from storefront.build.programme import hours
from storefront.check import content

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PREFIX, Shopper

CATALOG = content.read(ROOT / "content")
PRODUCT, STORY, ROOM = CATALOG.products[0], CATALOG.stories[0], CATALOG.rooms[0]
ACTS = "button:visible, input:visible, select:visible, nav:visible, video:visible, .button:visible"
"""What paper cannot do."""
languages = pytest.mark.parametrize("lang", ["zh"])


def printed(shopper: Shopper) -> str:
    """All that the open page has on paper, which must have nothing to press."""
    shopper.page.emulate_media(media="print")
    expect(shopper.page.locator(ACTS)).to_have_count(0)
    return shopper.page.locator("body").inner_text()


@languages
def test_a_printed_product_has_its_name_its_prices_its_facts_and_its_address(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang)
    path = f"/products/{PRODUCT.id}/"
    shopper.open(path)
    paper = printed(shopper)
    facts = [getattr(PRODUCT, name) for name in ("name", "made_of", "allergens", "storage", "shelf_life", "origin")]
    for text in (*facts, *(pack.name for pack in PRODUCT.packs), CATALOG.shop.seller):
        assert getattr(text, lang) in paper
    for pack in PRODUCT.packs:
        assert money(pack.price) in paper
    assert f"{PREFIX[lang]}{path}\n" in paper
    for picture in shopper.page.locator(".gallery img").all()[:1]:
        expect(picture).to_be_visible()
    expect(shopper.part("stock")).to_be_hidden()  # what is left is of this minute, and paper stays


@languages
def test_a_printed_story_is_the_story_with_its_day_its_source_and_its_address(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang)
    path = f"/stories/{STORY.id}/"
    shopper.open(path)
    prose = shopper.page.locator(".prose")
    told = prose.inner_text().split()
    paper = printed(shopper)
    assert prose.inner_text().split() == told
    for text in (STORY.title, STORY.summary, STORY.source):
        assert getattr(text, lang) in paper
    assert f"{PREFIX[lang]}{path}\n" in paper
    expect(shopper.page.locator("time[datetime]")).to_be_visible()
    expect(shopper.page.locator("article header img")).to_be_visible()
    expect(shopper.page.locator(".card").first).to_be_hidden()


def test_a_printed_room_leads_back_to_what_is_on_air_by_its_code(visit: Visit) -> None:
    shopper = visit()
    shopper.open(f"/rooms/{ROOM.id}/")
    assert hours(ROOM, "zh") in printed(shopper)
    code = shopper.page.locator(f'img[src="/rooms/{ROOM.id}/qr.svg"]')
    expect(code).to_be_visible()
    box = code.bounding_box()
    assert box and box["width"] > 150  # 40 mm


def test_a_printed_order_is_a_slip_for_its_parcel_and_keeps_its_key_to_itself(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    order = shelf.buy("spicy-cabbage-500g", 2)
    shopper.open(f"/order/#{order['order']}.{order['token']}")
    expect(shopper.part("number")).to_have_text(order["order"])
    paper = printed(shopper)
    shipping = shopper.day(order["ship_by"])
    for text in (order["order"], PRODUCT.name.zh, "× 2", "¥59.80", shipping, CATALOG.shop.contact):
        assert text in paper
    assert order["token"] not in paper and "/order/" not in paper
    # A page without a margin has no room for the address that browsers print there.
    assert shopper.page.evaluate("getComputedStyle(document.body).page") == "slip"
    shelf.cancel(order)
