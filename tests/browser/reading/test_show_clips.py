"""A clip that was cut from a show, on its page: it stops while the desk sells at another price than it names."""

from functools import partial

from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.site.helpers.pages import CATALOG

FILM = CATALOG.videos[0]
PACK = next(product for product in CATALOG.products if product.id == FILM.products[0]).packs[0]


def cut(price: int, route: Route) -> None:
    """Make of a sample film one that was cut from a show, as parts/show-clip.html would."""
    words = f'<p class="notice warn" data-part="show-clip" data-prices="{PACK.sku}:{price}" hidden>x</p>'
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</h1>", f"</h1>{words}", 1))


def test_a_clip_does_not_play_while_the_desk_has_another_price_than_it_names(visit: Visit) -> None:
    for price, plays in ((PACK.price, True), (PACK.price + 100, False)):
        shopper = visit()
        shopper.page.route(f"**/videos/{FILM.id}/", partial(cut, price))
        with shopper.page.expect_response("**/api/availability?*"):
            shopper.open(f"/videos/{FILM.id}/")
        expect(shopper.part("show-clip")).to_be_visible(visible=not plays)
        expect(shopper.page.locator("video")).to_be_visible(visible=plays)
