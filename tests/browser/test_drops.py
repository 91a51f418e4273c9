"""Drops as a shopper meets them: on the product's page, in the cart, and what the checkout says when one cannot be had.

The running shop's availability is told with drops added; an order of one is placed as an ordinary one.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.shelf import Shelf
from tests.browser.shopper import PHONE, PRODUCT, SIZES, Shopper, Size
from tests.browser.test_waiting import no_findings, problem

SKU = "spicy-cabbage-500g"
DROP = "d1"
SOON = date.today() + timedelta(days=5)
ROOMS = {
    "cabbage-1": {"zh": "一号直播室 · 辣白菜", "en": "Room one: spicy cabbage"},
    "cabbage-2": {"zh": "二号直播室 · 面条与辣白菜", "en": "Room two: noodles and cabbage"},
}
screens = pytest.mark.parametrize("size", [SIZES["phone"], SIZES["desktop"]], ids=["phone", "desktop"])
languages = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(scope="module", autouse=True)
def own_goods(shelf: Shelf) -> Iterator[None]:
    """Goods that no other test counts on, for many are ordered here."""
    with shelf.holding(SKU, {SOON: 200}):
        yield


def instant(minutes: float) -> str:
    """So many minutes from now."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds").replace("+00:00", "Z")


def drop(**change: Any) -> dict[str, Any]:
    """An open drop, which ends in half an hour."""
    return {
        "drop": DROP, "room": "cabbage-1", "price": 2490, "opens": instant(-10), "closes": instant(30), "limit": 2,
        "left": 12, "batches": [{"ship_by": SOON.isoformat(), "left": 12}], **change,
    }  # fmt: skip


def with_drops(shopper: Shopper, *drops: dict[str, Any]) -> None:
    """Has availability tell from now on what it tells now, and of these drops."""
    query = "&".join(f"sku={sku}" for sku in shopper.packs())
    told = shopper.page.request.get(f"{shopper.origin}/api/availability?{query}").json()
    if drops:
        told["items"][SKU]["drops"] = drops
    shopper.page.unroute("**/api/availability?*")
    shopper.page.route("**/api/availability?*", lambda route: route.fulfill(json=told))


def row(shopper: Shopper) -> Any:
    return shopper.part("drop-list").get_by_role("listitem")


def tag(shopper: Shopper, room: str = "cabbage-1") -> str:
    return shopper.say("scripts.common.drop", room=ROOMS[room][shopper.lang])


@screens
@languages
def test_a_drop_is_bought_at_its_price_in_its_room(visit: Visit, shelf: Shelf, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    with_drops(shopper, drop())
    sent = as_ordinary(shopper)
    shopper.open(PRODUCT)
    expect(row(shopper)).to_have_count(1)
    for text in (
        "¥24.90",
        shopper.say("scripts.drops.ordinary", price="¥29.90"),
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
    expect(shopper.part("total")).to_have_text("¥54.80")
    no_findings(shopper)
    lines.first.get_by_role("button", name=shopper.say("more")).click()
    expect(lines.first).to_contain_text(shopper.say("scripts.cart.limit", most=2))
    expect(lines.first.get_by_role("button", name=shopper.say("more"))).to_be_disabled()
    shopper.link("cart_page.checkout").click()
    shopper.fill_form()
    expect(shopper.part("lines")).to_contain_text(tag(shopper))
    expect(shopper.part("pay-total")).to_have_text("¥79.70")
    shopper.day_in("ship-by")
    no_findings(shopper)
    shopper.place()
    assert sent[0]["lines"] == [{"sku": SKU, "quantity": 2, "drop": DROP}, {"sku": SKU, "quantity": 1}]
    assert sent[0]["room"] == "cabbage-1"
    assert sent[0]["expect"]["total"] == 7970


def as_ordinary(shopper: Shopper) -> list[dict[str, Any]]:
    """Has orders of drops placed as ordinary ones; gathers them as they were sent."""
    sent: list[dict[str, Any]] = []

    def place(route: Route) -> None:
        body = json.loads(str(route.request.post_data))
        sent.append(body)
        ordinary = [{name: line[name] for name in ("sku", "quantity")} for line in body["lines"]]
        route.fulfill(response=route.fetch(post_data=json.dumps(body | {"lines": ordinary, "expect": None})))

    shopper.page.route("**/api/checkout", place)
    return sent


@languages
def test_a_drop_that_is_to_come_says_when_and_opens_by_itself(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.page.clock.install()
    with_drops(shopper, drop(opens=instant(2), limit=0))
    shopper.open(PRODUCT)
    expect(row(shopper)).to_contain_text(shopper.say("scripts.drops.units", left=12))
    before = shopper.say("scripts.stock.opens", time="|").split("|")
    expect(shopper.part("drop-stock")).to_have_text(re.compile(rf"^{before[0]}\d\d:\d\d{before[1]}$"))
    expect(shopper.part("drop-add")).to_be_disabled()
    no_findings(shopper)
    shopper.page.clock.fast_forward(121_000)
    expect(shopper.part("drop-add")).to_be_enabled()
    shopper.page.clock.fast_forward(30 * 60_000)
    expect(shopper.part("drops")).to_be_hidden()


def test_the_clock_stands_still_for_who_wants_no_motion_and_never_chatters(visit: Visit) -> None:
    shopper = visit(lang="en")
    with_drops(shopper, drop())
    shopper.open(PRODUCT)
    expect(shopper.part("drop-ends")).to_have_text(re.compile(r"^Ends at \d\d:\d\d$"))
    shopper.page.emulate_media(reduced_motion="no-preference")
    expect(shopper.part("drop-ends")).to_have_text(re.compile(r"^Ends at \d\d:\d\d: \d+ min \d+ s to go$"))
    live = "element => element.closest('[aria-live]:not([aria-live=off]), [role=status], [role=alert]')"
    assert shopper.part("drop-ends").evaluate(f"element => ({live})(element) === null")


def test_a_drop_with_nothing_left_cannot_be_put_into_the_cart(visit: Visit) -> None:
    shopper = visit()
    with_drops(shopper, drop(left=0, batches=[]))
    shopper.open(PRODUCT)
    expect(row(shopper)).to_contain_text(shopper.say("scripts.stock.none"))
    expect(shopper.part("drop-add")).to_be_disabled()


def test_an_order_has_drops_of_one_room_only(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    with_drops(shopper, drop(), drop(drop="d2", room="cabbage-2", price=2390))
    shopper.open(PRODUCT)
    shopper.button("scripts.drops.add", price="¥24.90").click()
    shopper.button("scripts.drops.add", price="¥23.90").click()
    expect(shopper.part("drop-trouble")).to_have_text(shopper.say("scripts.drops.room"))
    expect(shopper.part("count")).to_have_text("1")
    no_findings(shopper)


def carry_drop(shopper: Shopper, quantity: int = 2) -> None:
    """Has units of the drop in the cart, and the checkout filled in."""
    with_drops(shopper, drop())
    shopper.open("/order/")
    line = {"sku": SKU, "quantity": quantity, "price": 2490, "drop": DROP, "room": "cabbage-1"}
    shopper.page.evaluate("line => localStorage.setItem('cunbo.cart', JSON.stringify([line]))", line)
    shopper.open("/checkout/")
    expect(shopper.field("province")).to_be_enabled()
    shopper.fill_form()
    shopper.day_in("ship-by")


def refuse_once(shopper: Shopper, refusal: dict[str, Any]) -> list[dict[str, Any]]:
    """Has the next order refused so; gathers what is sent afterwards."""
    sent = as_ordinary(shopper)
    shopper.page.route("**/api/checkout", lambda route: route.fulfill(status=409, json=refusal), times=1)
    return sent


def at_line(**more: Any) -> dict[str, Any]:
    return {"errors": [{"pointer": "/lines/0", "sku": SKU, "detail": "x", **more}]}


ORDINARY = ("scripts.checkout.at_ordinary", {"units": 2, "price": "¥29.90"})
REFUSALS: dict[str, tuple[Callable[[], dict[str, Any]], str, tuple[str, dict[str, Any]]]] = {
    "early": (lambda: problem("drop-early", opens=instant(20), **at_line()), "drop_early", ORDINARY),
    "over": (lambda: problem("drop-over", closes=instant(-1), **at_line()), "drop_over", ORDINARY),
    "gone, ordinary ones left": (
        lambda: problem("sold-out", **at_line(left=0, elsewhere=9)), "line_ordinary", ORDINARY
    ),
    "some left": (
        lambda: problem("sold-out", **at_line(left=1, elsewhere=9)), "line_left",
        ("scripts.checkout.reduce", {"left": 1}),
    ),
    "limit": (lambda: problem("limit", **at_line(limit=1)), "limit", ("scripts.checkout.reduce", {"left": 1})),
}  # fmt: skip


@languages
@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refused_drop_says_why_and_offers_the_next_step(visit: Visit, shelf: Shelf, lang: str, kind: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    refusal, words, (button, values) = REFUSALS[kind]
    carry_drop(shopper)
    sent = refuse_once(shopper, refusal())
    shopper.button("checkout.order").click()
    told = shopper.say(f"scripts.checkout.{words}", name="|", left="|", limit="|", time="|")
    for piece in told.split("|"):
        expect(shopper.part("refusal")).to_contain_text(piece)
    no_findings(shopper)
    shopper.button(button, **values).click()
    shopper.place()
    at_ordinary = (button, values) == ORDINARY
    line = {"sku": SKU, "quantity": values.get("units") or values["left"]}
    assert sent == [{**sent[0], "lines": [line if at_ordinary else line | {"drop": DROP}]}]
    assert ("room" in sent[0]) is not at_ordinary


@languages
def test_an_ordinary_line_that_is_sold_out_is_shown_the_drop(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    shopper.carry({SKU: 2})
    shopper.fill_form()
    shopper.day_in("ship-by")
    refuse_once(shopper, problem("sold-out", **at_line(left=0, elsewhere=5)))
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.line_in_drop", left=5))
    no_findings(shopper)
    shopper.link("scripts.checkout.see_drop").click()
    expect(shopper.page).to_have_url(re.compile(f"{PRODUCT}#{SKU}"))


def test_what_is_sold_out_everywhere_leads_to_the_waitlist(visit: Visit) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    shopper.carry({SKU: 2})
    shopper.fill_form()
    shopper.day_in("ship-by")
    refuse_once(shopper, problem("sold-out", **at_line(left=0)))
    shopper.button("checkout.order").click()
    expect(shopper.link("scripts.checkout.wait")).to_have_attribute("href", f"{PRODUCT}#{SKU}")


@screens
@languages
def test_a_limit_shows_the_unpaid_order_that_fills_it(visit: Visit, shelf: Shelf, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    shopper.watch.expect("409")
    shopper.go_to_checkout(SKU)
    shopper.place()
    carry_drop(shopper)
    refuse_once(shopper, problem("limit", **at_line(limit=2)))
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.limit_unpaid"))
    unpaid = shopper.part("unpaid-list").get_by_role("listitem")
    expect(unpaid).to_have_count(1)
    no_findings(shopper)
    unpaid.get_by_role("button", name=shopper.say("order.cancel")).click()
    unpaid.get_by_role("button", name=shopper.say("order.really")).click()
    expect(unpaid).to_have_count(0)
    shopper.place()
    assert shelf.orders_for(shopper.name) == 2


def test_what_an_unpaid_order_leaves_of_a_limit_is_offered(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("409")
    shopper.go_to_checkout(SKU)
    shopper.place()
    shopper.carry({SKU: 2})
    shopper.fill_form()
    shopper.day_in("ship-by")
    sent = refuse_once(shopper, problem("limit", **at_line(limit=2)))
    shopper.button("checkout.order").click()
    shopper.button("scripts.checkout.reduce", left=1).click()
    shopper.place()
    assert sent[0]["lines"] == [{"sku": SKU, "quantity": 1}]


def test_a_limit_that_no_order_of_this_device_fills_says_so(visit: Visit) -> None:
    shopper = visit(lang="en", size=PHONE)
    shopper.watch.expect("409")
    carry_drop(shopper)
    refuse_once(shopper, problem("limit", **at_line(limit=2)))
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.limit_reached"))
    expect(shopper.part("unpaid")).to_be_hidden()


def test_a_drop_that_ended_in_the_cart_is_said_there(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    carry_drop(shopper)
    with_drops(shopper)
    shopper.open("/cart/")
    expect(shopper.part("stock")).to_have_text(shopper.say("scripts.stock.drop_over"))
    no_findings(shopper)
    shopper.open("/checkout/")
    expect(shopper.field("province")).to_be_enabled()
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.drop_over", name="辣白菜 500 克"))
