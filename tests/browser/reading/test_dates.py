"""The same page on every date: a day with a long name takes a line more, and nothing that is shown moves for it."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PRODUCT, SMALL, Shopper, Size
from tests.site.helpers.pages import CATALOG

DAYS = ("2027-05-01", "2026-09-30", "2026-11-28", "2026-12-31", "2028-02-29")
"""The shortest day in English, the longest, the one that had moved the home page, the end of a year, a leap day."""
WIDTHS = (SMALL, 375, 390, 768, 1440)
TALL = 4000
"""Pixels: all that such a page shows is on its screen, so a move is seen wherever it is."""
ROOM = next(room for room in CATALOG.rooms if room.products)
PACK = max(
    (pack for product in CATALOG.products for pack in product.packs if product.id in ROOM.products),
    key=lambda pack: len(pack.name.en),
)
GOODS = CATALOG.product_of[PACK.sku]
SHOWING = {
    "sku": PACK.sku, "product": GOODS.id, "name": {"zh": GOODS.name.zh, "en": GOODS.name.en}, "price": PACK.price,
    "unit": {"zh": GOODS.unit.zh, "en": GOODS.unit.en}, "since": "2026-11-24T04:00:00Z", "was": None, "drop": None,
}  # fmt: skip
"""What the room shows, as the API tells it, but for its stock."""
OPENED = ("/", f"/villages/{CATALOG.villages[0].id}/", PRODUCT, f"/rooms/{ROOM.id}/", "/cart/", "/checkout/")
TOPS = """() => [...document.querySelectorAll("main *, footer")]
  .filter((element) => element.getClientRects().length)
  .map((element) => [element.tagName, element.dataset.part || "", element.getBoundingClientRect().top])"""
"""Where everything that takes room on the page begins."""
ASK_AGAIN = "() => document.dispatchEvent(new Event('visibilitychange'))"


class Stock:
    """Answers as the shop does, but that a handful of everything is left, all of which ships by `day`."""

    def __init__(self) -> None:
        self.day = DAYS[0]

    def left(self) -> dict[str, Any]:
        """What is left, as the shop tells it of a pack."""
        return {"left": 3, "ship_by": self.day, "batches": [{"ship_by": self.day, "left": 3}]}

    def availability(self, route: Route) -> None:
        told = route.fetch().json()
        for item in told["items"].values():
            item |= self.left()
        route.fulfill(json=told)

    def room(self, route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"showing": SHOWING | self.left()})


def seen_on(shopper: Shopper, stock: Stock, day: str) -> list[tuple[str, str, float]]:
    """Where everything stands once the page names this day and no longer the one before; fails where it names none."""
    before, stock.day = stock.day, day
    shopper.page.evaluate(ASK_AGAIN)
    main = shopper.page.get_by_role("main")
    expect(main.get_by_text(shopper.day(day)).first).to_be_visible()
    if before != day:
        expect(main.get_by_text(shopper.day(before))).to_have_count(0)
    tops: list[tuple[str, str, float]] = shopper.page.evaluate(TOPS)
    return tops


@pytest.mark.parametrize("path", OPENED)
def test_nothing_stands_elsewhere_on_a_day_with_a_long_name(visit: Visit, path: str) -> None:
    """In English, whose names of days and months differ in length; Chinese ones are nearly alike."""
    shopper, stock = visit(lang="en", size=Size(SMALL, TALL)), Stock()
    shopper.carry({PACK.sku: 1})
    shopper.page.route("**/api/availability?*", stock.availability)
    shopper.page.route(f"**/api/rooms/{ROOM.id}", stock.room)
    shopper.open(path)
    for width in WIDTHS:
        shopper.page.set_viewport_size({"width": width, "height": TALL})
        usual = seen_on(shopper, stock, DAYS[0])
        for day in DAYS[1:]:
            now = seen_on(shopper, stock, day)
            moved = [pair for pair in zip(usual, now, strict=True) if pair[0] != pair[1]]
            assert not moved, f"at {width} on {day}: {moved[:4]}"
