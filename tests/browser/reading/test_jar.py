"""What the code on a jar opens: the facts of its label, a recall before these, and words for a code of nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from chalicelib.domain.calendar import village_day
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PHONE
from tests.site.helpers.pages import CATALOG

SKU = "spicy-cabbage-500g"
WHY = {"zh": "瓶盖没有封紧", "en": "The lids are loose"}
UNKNOWN = {"zh": "查不到这个码", "en": "We don't know this code"}


def recalled(route: Route) -> None:
    """Answers as the shop does, but that the batch is recalled."""
    recall = {"since": "2026-11-27T04:00:00.000Z", "why": WHY}
    route.fulfill(json=route.fetch().json() | {"recall": recall, "made": "2026-11-24", "best_before": "2026-12-24"})


@pytest.mark.parametrize("lang", UNKNOWN)
def test_a_jars_code_opens_its_label_and_a_recall_stands_before_it(visit: Visit, lang: str) -> None:
    shopper = visit(lang, PHONE)
    page, product = shopper.page, CATALOG.product_of[SKU]
    day = village_day(datetime.now(UTC)) + timedelta(days=2)
    page.goto(f"{shopper.origin}/Q/JAR/{SKU.upper()}/{day:%Y%m%d}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text(getattr(product.name, lang))
    for fact in ("made_of", "allergens", "storage", "maker"):
        expect(page.get_by_text(getattr(getattr(product, fact), lang), exact=True)).to_be_visible()
    assert page.get_by_role("alert").count() == 0
    told = page.get_by_role("listitem").get_by_role("link")
    assert told.count() > 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE.width

    page.route("**/api/passports/**", recalled)
    page.reload()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(WHY[lang])
    expect(page.get_by_text("2026-12-24")).to_be_visible()
    above, below = alert.bounding_box(), heading.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]

    page.unroute("**/api/passports/**")
    page.goto(f"{shopper.origin}/q/jar/no-such-jar/x")
    expect(page.get_by_role("alert")).to_contain_text(UNKNOWN[lang])
