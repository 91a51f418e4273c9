"""Drops as a shopper meets them: on the product's page, in the cart, and what the checkout says when one cannot be had.

The drops are opened, sold out and ended in the running shop as a host does it, and as other buyers do.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from chalicelib.api.askers import COOKIE as BROWSER_COOKIE
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.errors import NotFound
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
languages = pytest.mark.parametrize("lang", ["zh"])


@pytest.fixture(scope="module", autouse=True)
def own_goods(shelf: Shelf) -> Iterator[None]:
    """A pack that no other test buys."""
    with shelf.holding(SKU, {}):
        yield


@pytest.fixture(autouse=True)
def twenty(own_goods: None, shelf: Shelf) -> None:
    """Twenty of it are left. Each test opens a drop, or puts others there, and waits until the shop says so."""
    shelf.leave(SKU, {SOON: 20})


def tag(shopper: Shopper, room: str = "cabbage-1") -> str:
    return shopper.say("scripts.goods.drop", room=ROOMS[room][shopper.lang])


def orders_sent(shopper: Shopper) -> list[dict[str, Any]]:
    """Gathers the orders that the checkout sends from now on."""
    sent: list[dict[str, Any]] = []

    def see(request: Request) -> None:
        if request.url.endswith("/api/checkout"):
            sent.append(json.loads(str(request.post_data)))

    shopper.page.on("request", see)
    return sent


def offer(shopper: Shopper) -> Locator:
    """Where the page says when an offer begins and ends."""
    return shopper.part("terms")


def sees_price(shopper: Shopper, price: str) -> None:
    """The page has one price, which the buy bar repeats."""
    expect(shopper.part("price")).to_have_text(price)
    expect(shopper.part("bar-price")).to_have_text(price)


@readers
def test_a_drop_is_the_price_of_the_page_and_is_bought_at_it(visit: Visit, shelf: Shelf, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    sent = orders_sent(shopper)
    with shelf.drop(SKU, 12) as drop:
        shopper.open(PRODUCT)
        sees_price(shopper, "¥24.90")
        expect(shopper.part("was")).to_have_text("¥32.00")
        expect(offer(shopper)).to_contain_text(shopper.say("scripts.offer.each", limit=shopper.units(2, SKU)))
        expect(shopper.part("stock")).to_have_text(shopper.left(12, SKU, SOON))
        assert shopper.page.get_by_role("main").locator(".button:not(.plain):visible").count() == 1
        no_findings(shopper)
        shopper.button("more").click()
        shopper.button("product.add").click()
        expect(shopper.part("count")).to_have_text("2")
        shopper.button("product.add").click()
        expect(shopper.part("trouble")).to_have_text(shopper.say("scripts.refused.most", most=shopper.units(2, SKU)))
        shopper.button("more").click()
        expect(shopper.part("stock")).to_have_text(shopper.say("scripts.product.fewer", limit=shopper.units(2, SKU)))
        expect(shopper.button("product.now")).to_be_disabled()
        shopper.open("/cart/")
        line = shopper.part("lines").get_by_role("listitem")
        expect(line).to_contain_text(tag(shopper))
        expect(line).to_contain_text(shopper.say("scripts.cart.limit", most=shopper.units(2, SKU)))
        expect(shopper.part("total")).to_have_text("¥49.80")
        expect(line.get_by_role("button", name=shopper.say("more"))).to_be_disabled()
        no_findings(shopper)
        shopper.link("cart_page.checkout").click()
        shopper.fill_form()
        expect(shopper.part("lines")).to_contain_text(tag(shopper))
        expect(shopper.part("pay-total")).to_have_text("¥49.80")
        shopper.day_in("ship-by")
        no_findings(shopper)
        shopper.place()
        shopper.pay()
        order = shopper.order()
    told = [(line.get("drop"), line["quantity"], line["unit_price"]) for line in order["lines"]]
    assert (told, order["total"]) == ([(drop.id, 2, 2490)], 4980)
    assert (sent[0]["room"], sent[0]["expect"]) == ("cabbage-1", {"total": 4980, "ship_by": SOON.isoformat()})
    assert shelf.batches(SKU) == {SOON: 18}


@languages
def test_a_drop_opens_and_ends_by_itself_and_the_page_says_so(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.page.clock.install()
    told: dict[str, Any] = {}

    def by_the_page_s_clock(route: Route) -> None:
        """As the shop says it, but for its time, which would put the page's right."""
        told.update(told or route.fetch().json())
        route.fulfill(json=told)

    shopper.page.route("**/api/availability?*", by_the_page_s_clock)
    with shelf.drop(SKU, 12, opens=2, limit=0):
        shopper.open(PRODUCT)
        before, after = shopper.say("scripts.offer.early", time="|", price="¥24.90").split("|")
        expect(offer(shopper)).to_have_text(re.compile(rf"^{before}.*\d\d:\d\d{re.escape(after)}$"))
        sees_price(shopper, "¥32.00")
        no_findings(shopper)
        shopper.page.clock.fast_forward(121_000)
        sees_price(shopper, "¥24.90")
        shopper.page.clock.fast_forward(30 * 60_000)
        sees_price(shopper, "¥32.00")
        expect(shopper.part("trouble")).to_have_text(shopper.say("scripts.offer.ended", price="¥32.00"))
        expect(shopper.button("product.now")).to_be_enabled()


def test_the_clock_stands_still_for_who_wants_no_motion_and_never_chatters(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en")
    with shelf.drop(SKU, 12, limit=0):
        shopper.open(PRODUCT)
        expect(offer(shopper)).to_have_text(re.compile(r"^Live until .*\d\d:\d\d$"))
        shopper.page.emulate_media(reduced_motion="no-preference")
        expect(offer(shopper)).to_have_text(re.compile(r"^Live until .*\d\d:\d\d \(\d+:\d\d left\)$"))
        live = "element => element.closest('[aria-live]:not([aria-live=off]), [role=status], [role=alert]')"
        assert offer(shopper).evaluate(f"element => ({live})(element) === null")


def test_when_a_drop_has_sold_out_the_everyday_price_is_the_price(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    with shelf.drop(SKU, 2) as drop:
        shelf.buy(SKU, 2, drop=drop)
        shopper.open_until(PRODUCT, shopper.part("stock"), shopper.left(18, SKU, SOON))
        expect(offer(shopper)).to_have_text(shopper.say("scripts.offer.gone"))
        sees_price(shopper, "¥32.00")
        shopper.button("product.add").click()
        assert [line["price"] for line in cart(shopper)] == [3200]


def cart(shopper: Shopper) -> list[dict[str, Any]]:
    """What the device has in its cart."""
    lines: list[dict[str, Any]] = shopper.page.evaluate("JSON.parse(localStorage.getItem('cunbo.cart') || '[]')")
    return lines


def test_of_two_drops_the_scanned_room_s_is_the_price_else_the_cheapest(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    with shelf.drop(SKU, 5), shelf.drop(SKU, 5, room="cabbage-2", price=2390):
        shopper.open(PRODUCT)
        sees_price(shopper, "¥23.90")
        shopper.button("product.add").click()
        assert [(line["room"], line["price"]) for line in cart(shopper)] == [("cabbage-2", 2390)]
        shopper.open(f"{PRODUCT}?cunbo-room=cabbage-1")
        sees_price(shopper, "¥24.90")
        shopper.button("product.now").click()
        expect(shopper.part("trouble")).to_have_text(shopper.say("scripts.refused.room"))
        expect(shopper.part("count")).to_have_text("1")
        no_findings(shopper)


@pytest.mark.parametrize("off", [-2 * 3600, 25 * 60, 86400], ids=["-2 h", "+25 min", "+1 day"])
def test_a_phone_s_clock_changes_neither_what_is_on_sale_nor_until_when(visit: Visit, shelf: Shelf, off: int) -> None:
    shopper = visit(size=PHONE)
    shopper.page.add_init_script(f"""
      const Real = Date;
      const moved = () => Real.now() + {off} * 1000;
      window.Date = class extends Real {{
        constructor(...given) {{ super(...(given.length ? given : [moved()])); }}
        static now() {{ return moved(); }}
      }};
    """)
    with shelf.drop(SKU, 12) as drop:
        ends = drop.closes.astimezone(VILLAGE)
        day = "" if ends.date() == datetime.now(VILLAGE).date() else f"{ends.month} 月 {ends.day} 日 "
        shopper.open(PRODUCT)
        sees_price(shopper, "¥24.90")
        expect(offer(shopper)).to_have_text(
            shopper.say("scripts.offer.offer", time=f"{day}{ends:%H:%M}")
            + shopper.say("scripts.offer.each", limit=shopper.units(2, SKU))
        )
        shopper.button("product.now").click()
        shopper.fill_form()
        expect(shopper.part("pay-total")).to_have_text("¥24.90")
        shopper.open("/cart/")
        expect(shopper.part("stock")).to_have_text(shopper.left(12, SKU, SOON))
        shopper.open("/checkout/")
        expect(shopper.field("province")).to_be_enabled()
        shopper.fill_form()
        shopper.day_in("ship-by")
        shopper.place()
        expect(shopper.part("late")).to_be_hidden()
        shopper.page.get_by_role("link", name=shopper.say("sandbox.back")).click()
        expect(shopper.part("countdown")).to_have_text(re.compile(r"1[0-5] 分"))


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


def end(shelf: Shelf, drop: Drop) -> None:
    """It is over, and known for as long as an order holds a unit of it."""
    shelf.buy(SKU, 1, drop=drop)
    shelf.end(drop)


def settle(shelf: Shelf, drop: Drop) -> None:
    """It is over, all its units are back, and the shop knows it no more: so the minute's sweep leaves it."""
    shelf.end(drop)
    with suppress(NotFound):  # the sweep has been here
        shelf.end(drop)


ORDINARY = ("scripts.checkout.at_ordinary", {"units": 2, "price": "¥32.00"})
LESS = ("scripts.checkout.reduce", {"left": 1})
COUNTED = {"units", "left"}
"""What a button counts in the product's own unit."""
REFUSALS: dict[str, tuple[dict[str, Any], Callable[[Shelf, Drop], object], str, tuple[str, dict[str, Any]]]] = {
    "early": ({"opens": 20}, lambda *_: None, "drop_early", ORDINARY),
    "over": ({}, end, "drop_over", ORDINARY),
    "over and settled": ({}, settle, "drop_over", ORDINARY),
    "gone, ordinary ones left": ({}, sell(2), "line_ordinary", ORDINARY),
    "some left": ({}, sell(1), "line_left", LESS),
    "limit": ({"limit": 1}, lambda *_: None, "limit", LESS),
}


@pytest.mark.parametrize(("lang", "kind"), [*(("zh", kind) for kind in REFUSALS), ("en", "some left")])
def test_a_refused_drop_says_why_and_offers_the_next_step(visit: Visit, shelf: Shelf, lang: str, kind: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("422" if kind == "over and settled" else "409")
    change, happens, words, (button, values) = REFUSALS[kind]
    with shelf.drop(SKU, 2, **change) as drop:
        carry_drop(shopper, drop)
        order_while(shopper, lambda: happens(shelf, drop))
        told = shopper.say(f"scripts.checkout.{words}", name="|", left="|", limit="|", time="|")
        for piece in told.split("|"):
            expect(shopper.part("refusal")).to_contain_text(piece)
        if kind == "some left":  # the others differ in words alone
            no_findings(shopper)
        sent = orders_sent(shopper)
        said = {name: shopper.units(value, SKU) if name in COUNTED else value for name, value in values.items()}
        shopper.button(button, **said).click()
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
        expect(shopper.part("refusal")).to_contain_text(
            shopper.say("scripts.checkout.line_in_drop", left=shopper.units(5, SKU))
        )
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
        shopper.button("scripts.checkout.reduce", left=shopper.units(1, SKU)).click()
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
