"""The pages that are read rather than bought from: looked over on both screens, and readable without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.shopper import DESKTOP, PHONE, PRODUCT, Size

VILLAGE = "/villages/gaotaizi/"
STORY = "/stories/returnees/"
SLOGAN = {"zh": "双手做得出的，才答应你", "en": "We promise only what hands can make"}
screens = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
languages = pytest.mark.parametrize("lang", ["zh", "en"])


@screens
@languages
def test_village_story_and_missing_page_are_fit_for_everyone(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    for path in (VILLAGE, STORY):
        shopper.open(path)
        expect(shopper.page.get_by_role("article")).to_be_visible()
        shopper.look_over()
    shopper.watch.expect("404 (Not Found)")
    shopper.open("/products/no-such-thing/")
    shopper.look_over()
    back = {"zh": "回到店铺", "en": "To the shop in English"}[lang]  # one page speaks to both
    shopper.page.get_by_role("link", name=back).click()
    expect(shopper.page.get_by_role("heading", level=1)).to_have_text(SLOGAN[lang])


@languages
def test_without_javascript_everything_can_be_read(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, javascript=False)
    for path in (VILLAGE, STORY, PRODUCT):
        shopper.open(path)
        expect(shopper.page.get_by_role("heading", level=1)).to_be_visible()
        expect(shopper.page.locator(".prose p").first).to_be_visible()
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
