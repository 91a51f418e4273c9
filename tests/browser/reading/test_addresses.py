"""Addresses as people type, shorten and pass them on: each leads to the page that is meant, in its language."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

MEANT = {
    "/PRODUCTS/Spicy-Cabbage": "/products/spicy-cabbage/",
    "/products/spicy-cabbage/%E3%80%82": "/products/spicy-cabbage/",  # the full stop of a sentence
    "//products//": "/products/",
    "/Live/CABBAGE-1": "/rooms/cabbage-1/",
    "/live/cabbage-1": "/rooms/cabbage-1/",
    "/zh/stories/": "/stories/",
    "/Q/": "/channel/",
    "/EN/Villages": "/en/villages/",
}


def test_what_people_make_of_an_address_leads_to_the_page_that_is_meant(visit: Visit) -> None:
    reader = visit()
    reader.watch.expect("404 (Not Found)")
    for typed, meant in MEANT.items():
        reader.page.goto(f"{reader.origin}{typed}")
        reader.page.wait_for_url(f"{reader.origin}{meant}")


@pytest.mark.parametrize("typed", ["/en/nope", "/nope", "/%5Cexample.com", "/%09/example.com", "/%ff"])
def test_an_address_that_means_nothing_keeps_its_words_and_is_answered_in_its_language(
    visit: Visit, typed: str
) -> None:
    """Nor does it lead out of the shop, however it is written."""
    reader = visit(lang="en" if typed.startswith("/en/") else "zh")
    reader.watch.expect("404 (Not Found)")
    reader.page.goto(f"{reader.origin}{typed}")
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(reader.say("missing.title"))
    expect(reader.page).to_have_url(f"{reader.origin}{typed}")
    expect(reader.part("query")).not_to_have_value("")
    expect(reader.page.locator(".card").first).to_be_visible()
