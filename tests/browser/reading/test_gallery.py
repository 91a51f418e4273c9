"""A picture fills the screen: by a tap, by keys, by fingers; and without a script its link leads to it."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import DESKTOP, PHONE, PREFIX, PRODUCT, Shopper
from tests.site.helpers.pages import CATALOG

PICTURES = next(product.pictures for product in CATALOG.products if f"/products/{product.id}/" == PRODUCT)
PAIRS = "/pages/photographs/"
SEEN = ".viewer-slide[aria-hidden=false] > *"


def opened(shopper: Shopper, path: str, place: int = 0) -> None:
    """Opens the page, and one of its pictures by the keyboard."""
    shopper.open(path)
    shopper.page.locator("a[data-zoom]").nth(place).focus()
    shopper.page.keyboard.press("Enter")
    expect(shopper.page.locator(".viewer")).to_be_focused()


def words(shopper: Shopper, place: int) -> str:
    return f"{place + 1}/{len(PICTURES)}　{getattr(PICTURES[place].alt, shopper.lang)}"


@pytest.mark.parametrize(("lang", "size"), [("zh", PHONE), ("en", DESKTOP)])
def test_keys_lead_through_the_pictures_of_a_product_and_back_to_where_one_was(
    visit: Visit, lang: str, size: object
) -> None:
    shopper = visit(lang=lang, size=size)
    opened(shopper, PRODUCT)
    page, said = shopper.page, shopper.page.locator(".viewer-words")
    expect(said).to_have_text(words(shopper, 0))
    expect(page.get_by_role("dialog", name=shopper.say("scripts.gallery.label"))).to_be_visible()
    shopper.look_over()
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(words(shopper, 1))
    for _ in PICTURES:  # the button that goes at the last picture takes the focus nowhere
        page.keyboard.press("PageDown")
    page.keyboard.press("+")
    expect(page.locator(SEEN)).to_have_attribute("style", "transform: translate(0px, 0px) scale(1.5);")
    page.keyboard.press("0")
    expect(page.locator(SEEN)).to_have_attribute("style", "")
    for _ in range(4):
        page.keyboard.press("Tab")
        expect(page.locator(".viewer button:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".viewer")).to_have_count(0)
    expect(page.locator("a[data-zoom]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".viewer")).to_be_visible()
    page.go_back()
    expect(page.locator(".viewer")).to_have_count(0)
    assert page.url == f"{shopper.origin}{PREFIX[lang]}{PRODUCT}"


def touch(line: CDPSession, kind: str, *places: Sequence[int]) -> None:
    points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
    line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_fingers_swipe_enlarge_and_move_a_picture(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    opened(shopper, PAIRS)
    page, said = shopper.page, shopper.page.locator(".viewer-words")
    line = page.context.new_cdp_session(page)

    def drag(begin: int, end: int) -> None:
        touch(line, "touchStart", (begin, 400))
        for step in range(1, 5):
            touch(line, "touchMove", (begin + (end - begin) * step // 4, 400))
        touch(line, "touchEnd")

    expect(said).to_contain_text("1/12")
    drag(330, 60)
    expect(said).to_contain_text("2/12")
    drag(60, 330)
    expect(said).to_contain_text("1/12")
    touch(line, "touchStart", (180, 400), (210, 400))
    touch(line, "touchMove", (120, 400), (270, 400))
    touch(line, "touchEnd")
    expect(page.locator(SEEN)).to_have_attribute("style", re.compile(r"translate\(0px, .* scale\(5\)"))
    drag(300, 100)
    expect(page.locator(SEEN)).to_have_attribute("style", re.compile(r"translate\(-200px, .* scale\(5\)"))
    expect(said).to_contain_text("1/12")
    for _ in range(2):
        touch(line, "touchStart", (200, 400))
        touch(line, "touchEnd")
    expect(page.locator(SEEN)).to_have_attribute("style", "")


def test_a_picture_leads_to_itself_without_a_script(visit: Visit) -> None:
    shopper = visit(javascript=False)
    shopper.open(PRODUCT)
    shopper.page.locator(".gallery a").nth(1).click()
    expect(shopper.page).to_have_url(f"{shopper.origin}{PICTURES[1].src}")


def test_a_picture_leads_to_itself_where_the_viewer_does_not_come(visit: Visit) -> None:
    shopper = visit()
    shopper.watch.expect("net::ERR_FAILED")
    shopper.page.route("**/*viewer.js", lambda route: route.abort())
    shopper.open(PRODUCT)
    shopper.page.locator(".gallery a").first.click()
    expect(shopper.page).to_have_url(f"{shopper.origin}{PICTURES[0].src}")
