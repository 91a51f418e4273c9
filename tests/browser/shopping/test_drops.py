"""Drops as a shopper meets them: on the product's page, in the cart, and what the checkout says when one cannot be had.

The drops are opened, sold out and ended in the running shop as a host does it, and as other buyers do.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from chalicelib.api.askers import COOKIE as BROWSER_COOKIE
from chalicelib.domain.stock.drops import Drop
from playwright.sync_api import Locator, Request, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, SIZES, Shopper, Size, no_findings

PRODUCT, SKU = "/products/black-fungus/", "black-fungus-200g"
SOON = date.today() + timedelta(days=5)
ROOMS = {
    "cabbage-1": {"zh": "一号直播室 · 辣白菜", "en": "Room one: spicy cabbage"},
    "cabbage-2": {"zh": "二号直播室 · 面条与辣白菜", "en": "Room two: noodles and cabbage"},
}
readers = pytest.mark.parametrize(
    ("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["desktop"])], ids=["zh-phone", "en-desktop"]
)
languages = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(scope="module", autouse=True)
def own_goods(shelf: Shelf) -> Iterator[None]:
    """A pack that no other test buys."""
    with shelf.holding(SKU, {}):
        yield


@pytest.fixture(autouse=True)
def twenty(own_goods: None, shelf: Shelf) -> None:
    """Twenty of it are left."""
    shelf.put(SKU, {SOON: 20})


def row(shopper: Shopper) -> Locator:
    return shopper.part("drop-list").get_by_role("listitem")


def tag(shopper: Shopper, room: str = "cabbage-1") -> str:
    return shopper.say("scripts.common.drop", room=ROOMS[room][shopper.lang])


def orders_sent(shopper: Shopper) -> list[dict[str, Any]]:
    """Gathers the orders that the checkout sends from now on."""
    sent: list[dict[str, Any]] = []

    def see(request: Request) -> None:
        if request.url.endswith("/api/checkout"):
            sent.append(json.loads(str(request.post_data)))

    shopper.page.on("request", see)
    return sent


@readers
def test_a_drop_is_bought_at_its_price_in_its_room(visit: Visit, shelf: Shelf, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    sent = orders_sent(shopper)
    with shelf.drop(SKU, 12) as drop:
        shopper.open(PRODUCT)
        expect(row(shopper)).to_have_count(1)
        for text in (
            "¥24.90",
            shopper.say("scripts.drops.ordinary", price="¥32.00"),
            ROOMS["cabbage-1"][lang],
            shopper.say("scripts.drops.limit", limit=2),
            shopper.say("scripts.stock.left", left=12, day=shopper.day(SOON)),
        ):
            expect(row(shopper)).to_contain_text(text)
        no_findings(shopper)
        shopper.button("scripts.drops.add", price="¥24.90").click()
        expect(shopper.part("count")).to_have_text("1")
        shopper.button("product.add").click()
        shopper.link("product.to_cart").first.click()
        lines = shopper.part("lines").get_by_role("listitem")
        expect(lines).to_have_count(2)
        expect(lines.first).to_contain_text(tag(shopper))
        expect(shopper.part("total")).to_have_text("¥56.90")
        no_findings(shopper)
        lines.first.get_by_role("button", name=shopper.say("more")).click()
        expect(lines.first).to_contain_text(shopper.say("scripts.cart.limit", most=2))
        expect(lines.first.get_by_role("button", name=shopper.say("more"))).to_be_disabled()
        shopper.link("cart_page.checkout").click()
        shopper.fill_form()
        expect(shopper.part("lines")).to_contain_text(tag(shopper))
        expect(shopper.part("pay-total")).to_have_text("¥81.80")
        shopper.day_in("ship-by")
        no_findings(shopper)
        shopper.place()
        shopper.pay()
        order = shopper.order()
    told = [(line.get("drop"), line["quantity"], line["unit_price"]) for line in order["lines"]]
    assert (told, order["total"]) == ([(drop.id, 2, 2490), (None, 1, 3200)], 8180)
    assert (sent[0]["room"], sent[0]["expect"]) == ("cabbage-1", {"total": 8180, "ship_by": SOON.isoformat()})
    assert shelf.batches(SKU) == {SOON: 17}


@languages
def test_a_drop_that_is_to_come_says_when_and_opens_by_itself(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.page.clock.install()
    with shelf.drop(SKU, 12, opens=2, limit=0):
        shopper.open(PRODUCT)
        expect(row(shopper)).to_contain_text(shopper.say("scripts.drops.units", left=12))
        before = shopper.say("scripts.stock.opens", time="|").split("|")
        expect(shopper.part("drop-stock")).to_have_text(re.compile(rf"^{before[0]}.*\d\d:\d\d{before[1]}$"))
        expect(shopper.part("drop-add")).to_be_disabled()
        no_findings(shopper)
        shopper.page.clock.fast_forward(121_000)
        expect(shopper.part("drop-add")).to_be_enabled()
        shopper.page.clock.fast_forward(30 * 60_000)
        expect(shopper.part("drops")).to_be_hidden()


def test_the_clock_stands_still_for_who_wants_no_motion_and_never_chatters(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en")
    with shelf.drop(SKU, 12):
        shopper.open(PRODUCT)
        expect(shopper.part("drop-ends")).to_have_text(re.compile(r"^Ends at .*\d\d:\d\d$"))
        shopper.page.emulate_media(reduced_motion="no-preference")
        expect(shopper.part("drop-ends")).to_have_text(re.compile(r"^Ends at .*\d\d:\d\d: \d+ min \d+ s to go$"))
        live = "element => element.closest('[aria-live]:not([aria-live=off]), [role=status], [role=alert]')"
        assert shopper.part("drop-ends").evaluate(f"element => ({live})(element) === null")


def test_a_drop_with_nothing_left_cannot_be_put_into_the_cart(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    with shelf.drop(SKU, 2) as drop:
        shelf.buy(SKU, 2, drop=drop)
        shopper.open_until(PRODUCT, shopper.part("drop-stock"), shopper.say("scripts.stock.none"))
        expect(shopper.part("drop-add")).to_be_disabled()


def test_an_order_has_drops_of_one_room_only(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    with shelf.drop(SKU, 5), shelf.drop(SKU, 5, room="cabbage-2", price=2390):
        shopper.open(PRODUCT)
        shopper.button("scripts.drops.add", price="¥24.90").click()
        shopper.button("scripts.drops.add", price="¥23.90").click()
        expect(shopper.part("drop-trouble")).to_have_text(shopper.say("scripts.drops.room"))
        expect(shopper.part("count")).to_have_text("1")
        no_findings(shopper)


def carry_drop(shopper: Shopper, drop: Drop, quantity: int = 2) -> None:
    """Has units of the drop in the cart, and the checkout filled in."""
    shopper.open("/order/")
    line = {"sku": SKU, "quantity": quantity, "price": drop.price, "drop": drop.id, "room": drop.room}
    shopper.page.evaluate("line => localStorage.setItem('cunbo.cart', JSON.stringify([line]))", line)
    fill_in(shopper)


def fill_in(shopper: Shopper) -> None:
    """Has the checkout of what is in the cart filled in."""
    shopper.open("/checkout/")
    expect(shopper.field("province")).to_be_enabled()
    shopper.fill_form()
    shopper.day_in("ship-by")


def order_while(shopper: Shopper, happens: Callable[[], object] = lambda: None) -> None:
    """Presses the button; this happens while the order is on its way to the shop, so that the shop has to refuse it."""

    def pass_on(route: Route) -> None:
        happens()
        route.continue_()

    shopper.page.route("**/api/checkout", pass_on, times=1)
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_be_visible()


def sell(units: int) -> Callable[[Shelf, Drop], object]:
    return lambda shelf, drop: shelf.buy(SKU, units, drop=drop)


ORDINARY = ("scripts.checkout.at_ordinary", {"units": 2, "price": "¥32.00"})
LESS = ("scripts.checkout.reduce", {"left": 1})
REFUSALS: dict[str, tuple[dict[str, Any], Callable[[Shelf, Drop], object], str, tuple[str, dict[str, Any]]]] = {
    "early": ({"opens": 20}, lambda *_: None, "drop_early", ORDINARY),
    "over": ({}, Shelf.end, "drop_over", ORDINARY),
    "gone, ordinary ones left": ({}, sell(2), "line_ordinary", ORDINARY),
    "some left": ({}, sell(1), "line_left", LESS),
    "limit": ({"limit": 1}, lambda *_: None, "limit", LESS),
}


@languages
@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refused_drop_says_why_and_offers_the_next_step(visit: Visit, shelf: Shelf, lang: str, kind: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    change, happens, words, (button, values) = REFUSALS[kind]
    with shelf.drop(SKU, 2, **change) as drop:
        carry_drop(shopper, drop)
        order_while(shopper, lambda: happens(shelf, drop))
        told = shopper.say(f"scripts.checkout.{words}", name="|", left="|", limit="|", time="|")
        for piece in told.split("|"):
            expect(shopper.part("refusal")).to_contain_text(piece)
        no_findings(shopper)
        sent = orders_sent(shopper)
        shopper.button(button, **values).click()
        shopper.place()
    at_ordinary = (button, values) == ORDINARY
    line = {"sku": SKU, "quantity": values.get("units") or values["left"]}
    assert sent == [{**sent[0], "lines": [line if at_ordinary else line | {"drop": drop.id}]}]
    assert ("room" in sent[0]) is not at_ordinary


@languages
def test_an_ordinary_line_that_is_sold_out_is_shown_the_drop(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    with shelf.drop(SKU, 5):
        shelf.put(SKU, {SOON: 2})
        shopper.carry({SKU: 2})
        fill_in(shopper)
        order_while(shopper, lambda: shelf.buy(SKU, 2))
        expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.line_in_drop", left=5))
        no_findings(shopper)
        shopper.link("scripts.checkout.see_drop").click()
        expect(shopper.page).to_have_url(re.compile(f"{PRODUCT}#{SKU}"))


def test_what_is_sold_out_everywhere_leads_to_the_waitlist(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    shelf.put(SKU, {SOON: 2})
    shopper.carry({SKU: 2})
    fill_in(shopper)
    order_while(shopper, lambda: shelf.buy(SKU, 2))
    expect(shopper.link("scripts.checkout.wait")).to_have_attribute("href", f"{PRODUCT}#{SKU}")


@readers
def test_a_limit_shows_the_unpaid_order_that_fills_it(visit: Visit, shelf: Shelf, lang: str, size: Size) -> None:
    """T25, woocommerce#67354: the order is paid, or cancelled, where it is in the way."""
    shopper = visit(lang=lang, size=size)
    shopper.watch.expect("409")
    with shelf.drop(SKU, 6) as drop:
        carry_drop(shopper, drop)
        shopper.place()
        till = shopper.page.url
        carry_drop(shopper, drop)
        order_while(shopper)
        expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.limit_unpaid"))
        unpaid = shopper.part("unpaid-list").get_by_role("listitem")
        expect(unpaid).to_have_count(1)
        expect(unpaid.get_by_role("link", name=shopper.say("checkout.unpaid_pay"))).to_have_attribute("href", till)
        no_findings(shopper)
        unpaid.get_by_role("button", name=shopper.say("order.cancel")).click()
        unpaid.get_by_role("button", name=shopper.say("order.really")).click()
        expect(unpaid).to_have_count(0)
        shopper.place()
    assert shelf.orders_for(shopper.name) == 2


def test_what_an_unpaid_order_leaves_of_a_limit_is_offered(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("409")
    with shelf.drop(SKU, 6) as drop:
        carry_drop(shopper, drop, quantity=1)
        shopper.place()
        carry_drop(shopper, drop)
        order_while(shopper)
        shopper.button("scripts.checkout.reduce", left=1).click()
        shopper.place()
        shopper.pay()
        assert [(line["drop"], line["quantity"]) for line in shopper.order()["lines"]] == [(drop.id, 1)]


def test_a_limit_that_no_order_in_the_list_of_this_device_fills_says_so(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.watch.expect("409")
    browser = f"a-browser-of-a-test-{shopper.number}"
    shopper.open("/cart/")
    shopper.page.evaluate("named => { document.cookie = `${named}; Path=/; Secure` }", f"{BROWSER_COOKIE}={browser}")
    with shelf.drop(SKU, 6) as drop:
        shelf.buy(SKU, 2, phone=shopper.phone, drop=drop, browser=browser)
        carry_drop(shopper, drop)
        order_while(shopper)
        expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.limit_reached"))
        expect(shopper.part("unpaid")).to_be_hidden()


def test_a_drop_that_ended_in_the_cart_is_said_there(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    with shelf.drop(SKU, 6) as drop:
        carry_drop(shopper, drop)
        shelf.end(drop)
        shopper.open_until("/cart/", shopper.part("stock"), shopper.say("scripts.stock.drop_over"))
        no_findings(shopper)
        shopper.open("/checkout/")
        expect(shopper.field("province")).to_be_enabled()
        shopper.button("checkout.order").click()
        expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.drop_over", name="黑木耳 200 克"))
