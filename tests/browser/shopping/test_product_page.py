"""A product's page on a small screen and a slow line: price, ship-by date and the way to buy it stay in view."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import DESKTOP, SMALL, Shopper, Size, no_findings

PRODUCT, SKU, OTHER = "/products/black-fungus/", "black-fungus-200g", "black-fungus-500g"
FIRST = date.today() + timedelta(days=5)
LEFT = {FIRST: 3, FIRST + timedelta(days=1): 60, FIRST + timedelta(days=2): 9}
WECHAT = Size(375, 553)
"""What WeChat leaves of a small iPhone."""


@pytest.fixture(scope="module", autouse=True)
def own_goods(shelf: Shelf) -> Iterator[None]:
    """A pack of which few are left on the first day."""
    with shelf.holding(SKU, {}), shelf.holding(OTHER, {FIRST: 20}):
        yield


@pytest.fixture(autouse=True)
def few_at_first(own_goods: None, shelf: Shelf) -> None:
    """So many are left, whatever was bought before."""
    shelf.put(SKU, LEFT)


def days(shopper: Shopper) -> list[str]:
    """The row of days that is told, each cell's words."""
    return [" ".join(cell.split()) for cell in shopper.part("days").get_by_role("listitem").all_inner_texts()]


def cell(shopper: Shopper, at: date, said: str, mine: bool = False) -> str:
    short = at.strftime("%b")
    day = shopper.say("scripts.common.day", month=at.month, day=at.day, name=short)
    return " ".join([day, said, *([shopper.say("scripts.stock.mine")] if mine else [])])


def in_view(shopper: Shopper, what: Locator) -> bool:
    """Whether all of it is on the screen, above the buy bar or in it."""
    seen: bool = what.evaluate("""(element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const bar = document.querySelector(".bar");
      const end = bar.contains(element) ? innerHeight : Math.min(innerHeight, bar.getBoundingClientRect().top);
      return top >= 0 && bottom <= end;
    }""")
    return seen


@pytest.mark.parametrize("lang", ["zh"])
def test_beside_a_date_stands_what_ships_by_it_then_the_days_that_follow(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=DESKTOP)
    first, second, third = LEFT
    shopper.open(PRODUCT)
    expect(shopper.part("stock")).to_have_text(shopper.left(3, SKU, first, few=True))
    left = [shopper.units(units, SKU) for units in LEFT.values()]
    full = shopper.say("scripts.stock.full")
    assert days(shopper)[:4] == [
        cell(shopper, first - timedelta(days=1), full),
        cell(shopper, first, left[0], mine=True),
        cell(shopper, second, left[1]),
        cell(shopper, third, left[2]),
    ]
    for _ in range(3):
        shopper.button("more").click()
    expect(shopper.part("stock")).to_have_text(shopper.left(60, SKU, second))
    assert days(shopper)[:2] == [cell(shopper, first, left[0]), cell(shopper, second, left[1], mine=True)]
    shelf.buy(SKU, 3)
    shopper.open_until(PRODUCT, shopper.part("stock"), shopper.left(60, SKU, second))
    assert days(shopper)[:2] == [cell(shopper, first, full), cell(shopper, second, left[1], mine=True)]
    no_findings(shopper)
    quantity = shopper.page.get_by_label(shopper.say("product.quantity"), exact=True).last
    quantity.fill("9999")
    quantity.blur()
    expect(quantity).to_have_value("20")
    expect(shopper.part("trouble")).to_have_text(shopper.say("scripts.product.limit", most=shopper.units(20, SKU)))


@pytest.mark.parametrize("lang", ["en"])
def test_on_a_low_screen_price_date_and_button_are_in_view_and_stay_so(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=WECHAT)
    with shelf.drop(OTHER, 6, price=4990):
        shopper.open(f"{PRODUCT}#{OTHER}")
        expect(shopper.part("bar-price")).to_have_text("¥49.90")
        for name in ("price", "was", "terms", "stock"):
            assert in_view(shopper, shopper.part(name)), name
        for end in ("document.body.scrollHeight / 2", "document.body.scrollHeight"):
            shopper.page.evaluate(f"scrollTo(0, {end})")
            for name in ("bar-price", "bar-date", "add", "now"):
                assert in_view(shopper, shopper.part(name)), (name, end)
        assert in_view(shopper, shopper.page.locator("footer p").last), "nothing ends below the bar"
        no_findings(shopper)
        last = shopper.page.locator("footer a").last
        last.focus()
        assert in_view(shopper, last), "what has the focus is not below the bar"
        shopper.button("product.add").click()
        expect(shopper.link("product.to_cart")).to_be_in_viewport()
        shopper.button("product.now").click()
        shopper.fill_form()


@pytest.mark.parametrize("size", [WECHAT, Size(SMALL, 640), DESKTOP], ids=["wechat", "small", "desktop"])
def test_nothing_moves_when_a_live_offer_arrives_late(visit: Visit, shelf: Shelf, size: Size) -> None:
    for lang in ("zh", "en"):
        shopper = visit(lang=lang, size=size)
        with shelf.drop(SKU, 2):
            shopper.open_without_a_move(PRODUCT)
            expect(shopper.part("price")).to_have_text("¥24.90")
            shopper.saw_no_move()


def test_elsewhere_all_of_the_buying_stays_beside_what_is_read(visit: Visit) -> None:
    shopper = visit(size=DESKTOP)
    shopper.open(PRODUCT)
    shopper.day_in("stock")
    shopper.page.locator(".telling").scroll_into_view_if_needed()
    for name in ("price", "stock", "now"):
        expect(shopper.part(name)).to_be_in_viewport()


def in_earnest(route: Route) -> None:
    """Gives the page as a shop has it that is no sample: its offers can be had."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("/OutOfStock", "/InStock"))


def test_what_is_sold_out_is_told_to_search_engines_too(visit: Visit, shelf: Shelf) -> None:
    shelf.put(SKU, {})
    shopper = visit()
    shopper.page.route(f"**{PRODUCT}", in_earnest)
    shopper.open(PRODUCT)
    data = shopper.page.wait_for_function(
        """() => [...document.querySelectorAll('[type="application/ld+json"]')].map((one) => one.text)
            .find((text) => text.includes("/OutOfStock"))"""
    )
    offers = json.loads(data.json_value())["@graph"][0]["offers"]
    told = {offer["sku"]: offer["availability"].rpartition("/")[2] for offer in offers}
    assert told == {SKU: "OutOfStock", OTHER: "InStock"}
