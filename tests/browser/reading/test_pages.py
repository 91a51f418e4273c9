"""The pages that are read rather than bought from: looked over on every screen, and readable without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.pages import CATALOG, STORY, one_of_each_kind
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, PRODUCT, SIZES, Size

SLOGAN = {"zh": "做得出多少，才答应多少", "en": "We only promise what our hands can make"}
languages = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.mark.parametrize(("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["tablet"])])  # by day, and by night
def test_every_kind_of_page_is_fit_for_everyone(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    for path in ("/", "/look/", "/products/", "/rooms/", *one_of_each_kind()):
        shopper.open_without_a_move(path)
        expect(shopper.page.get_by_role("heading", level=1).first).to_be_visible()
        shopper.look_over()
    shopper.watch.expect("404 (Not Found)")
    shopper.open("/products/no-such-thing/")
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(shopper.say("missing.title"))
    expect(shopper.part("query")).to_have_value("no such thing")
    shopper.look_over()
    shopper.link("missing.home").click()
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(SLOGAN[lang])


def test_what_fonts_may_bring_onto_the_first_screen_does_not_move_either(visit: Visit) -> None:
    shopper = visit(size=Size(PHONE.width, 4000))
    for path in ("/", *one_of_each_kind()):
        shopper.open_without_a_move(path)


@pytest.mark.parametrize(
    ("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["tablet"]), ("zh", SIZES["desktop"])], ids=[*SIZES]
)
def test_a_product_can_be_bought_from_its_first_screen(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    for product in CATALOG.products:
        shopper.open(f"/products/{product.id}/")
        for button in ("product.add", "product.now"):
            expect(shopper.button(button)).to_be_in_viewport(ratio=1)


@languages
def test_cards_say_when_goods_ship_and_what_is_sold_out(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang)
    card = shopper.goods().locator("xpath=ancestor::li")
    shopper.open_until("/", card, shopper.day(min(shelf.batches("spicy-cabbage-500g"))))
    shopper.day_in("today")
    with shelf.holding("spicy-cabbage-500g", {}), shelf.holding("spicy-cabbage-1kg", {}):
        shopper.open_until("/", card, shopper.say("scripts.shelf.none"))


def test_nobody_can_take_more_than_an_order_may_have(visit: Visit) -> None:
    shopper = visit()
    shopper.open(PRODUCT)
    field = shopper.page.get_by_label(shopper.say("product.quantity"), exact=True).last
    most = field.get_attribute("max")
    field.fill("99")
    field.press("Tab")
    expect(field).to_have_value(str(most))
    expect(shopper.button("more")).to_be_disabled()


def test_a_film_asks_for_its_clip_when_it_is_played_and_not_before(visit: Visit) -> None:
    shopper = visit()
    asked: list[str] = []
    shopper.page.on("request", lambda request: asked.append(request.url))
    for film in CATALOG.videos[:1]:
        shopper.open(f"/videos/{film.id}/")
        expect(shopper.page.locator("video")).to_be_visible()
        shopper.page.wait_for_load_state("networkidle")
        assert not any(film.clip in url for url in asked)
        with shopper.page.expect_response(re.compile(re.escape(film.clip))) as coming:
            shopper.page.locator("video").evaluate("video => { video.play() }")
        assert coming.value.header_value("content-type") == "video/mp4"


@languages
def test_a_story_is_passed_on_by_its_link(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang)
    shopper.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=shopper.origin)
    shopper.open(STORY)
    shopper.button("story.copy_link").click()
    expect(shopper.part("shared")).to_have_text(shopper.say("scripts.share.copied"))
    assert shopper.page.evaluate("navigator.clipboard.readText()") == shopper.page.url


@languages
def test_without_javascript_everything_can_be_read(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, javascript=False)
    for path in (*one_of_each_kind(), PRODUCT):
        shopper.open(path)
        expect(shopper.page.get_by_role("heading", level=1)).to_be_visible()
        expect(shopper.page.locator(".prose p").last).to_be_visible()
    expect(shopper.part("price")).to_have_text("¥29.90")
    expect(shopper.button("product.now")).to_be_disabled()
    # Chromium keeps noscript unrendered where scripts are switched off for a tab only, so it is read, not seen.
    assert shopper.say("needs_script") in shopper.page.locator("noscript").inner_html()


def test_a_page_keeps_its_place_when_the_language_changes(visit: Visit) -> None:
    shopper = visit()
    shopper.open(PRODUCT)
    shopper.page.get_by_role("link", name="English").click()
    expect(shopper.page).to_have_url(f"{shopper.origin}/en{PRODUCT}")
    expect(shopper.page.locator("html")).to_have_attribute("lang", "en")
