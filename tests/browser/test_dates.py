"""The same page on every date: a day with a long name takes a line more, and nothing that is shown moves for it."""

import json
import re

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import Visit
from tests.browser.shopper import PRODUCT, SMALL, Size
from tests.browser.test_pages import CATALOG

DAYS = ("2027-05-01", "2026-09-30", "2026-11-28", "2026-12-31", "2028-02-29")
"""The shortest day in English, the longest, the one that had moved the home page, the end of a year, a leap day."""
WIDTHS = (SMALL, 375, 390, 768, 1440)
ROOM = next(f"/rooms/{room.id}/" for room in CATALOG.rooms if room.products)


def on(day: str, route: Route) -> None:
    """Answers as the shop does, but that all ships by this day, and so little is left that it is said in bold."""
    answer = route.fetch()
    body = re.sub(r'"ship_by":"[0-9-]+"', f'"ship_by":"{day}"', answer.text())
    told = json.loads(body)
    for item in told.get("items", {}).values():
        item |= {"left": 3, "ship_by": day, "batches": [{"ship_by": day, "left": 3}]}
    route.fulfill(response=answer, json=told)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_moves_for_a_day_with_a_long_name(visit: Visit, lang: str, day: str) -> None:
    shopper = visit(lang=lang, size=Size(WIDTHS[0], 844))
    for width in WIDTHS:
        shopper.page.set_viewport_size({"width": width, "height": 844})
        for path in ("/", PRODUCT, ROOM):
            shopper.page.route("**/api/**", lambda route: on(day, route))
            shopper.open_without_a_move(path)
            shopper.page.unroute_all()
