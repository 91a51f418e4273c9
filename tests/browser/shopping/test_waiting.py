"""The waitlist as a shopper meets it: the product's form, the page of the place, the checkout of what is kept for it.

Places, letters and invitations are the running shop's. Answered here is only what it cannot be brought to in a test's
time: an invitation that has lapsed, a list that is full, an answer that was lost.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Request, Route, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.letters import letter_about
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, SIZES, Shopper, Size, no_findings, press, reach
from tests.browser.helpers.waitlist_page import Line, Place

PRODUCT, SKU = "/products/black-fungus/", "black-fungus-500g"
NOODLES = "corn-noodles-500g"
SOON = date.today() + timedelta(days=5)
NAMES = {"zh": "黑木耳 500 克", "en": "Black fungus 500 g"}
readers = pytest.mark.parametrize(
    ("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["desktop"])], ids=["zh-phone", "en-desktop"]
)
languages = pytest.mark.parametrize("lang", ["zh", "en"])


@pytest.fixture(scope="module")
def own_goods(shelf: Shelf) -> Iterator[None]:
    """A pack that no other test buys."""
    with shelf.holding(SKU, {}):
        yield


@pytest.fixture
def line(own_goods: None, shelf: Shelf) -> Iterator[Line]:
    """The line for a pack that is sold out; in the end nobody is left in it."""
    shelf.put(SKU, {})
    line = Line(shelf, SKU)
    yield line
    line.disperse()


@pytest.fixture
def place(line: Line) -> Place:
    """A place in it, for three or fewer."""
    return line.join(quantity=3, fewer=True)


def invite(line: Line, units: int = 6) -> None:
    """Has so many be made; half of them are for whoever is first."""
    line.shelf.add(SKU, SOON, units)
    line.serve()


def problem(kind: str, status: int = 409, **more: Any) -> dict[str, Any]:
    return {"type": f"/problems/{kind}", "title": "x", "status": status, "detail": "x", **more}


def come_back(shopper: Shopper) -> None:
    """Comes back to the tab, so that the page looks anew."""
    shopper.page.evaluate("window.dispatchEvent(new Event('focus'))")


def expect_standing(shopper: Shopper, state: str) -> None:
    expect(shopper.part("state")).to_have_text(shopper.say(f"scripts.waiting.state.{state}"))


def see_place(shopper: Shopper, place: Place, state: str) -> None:
    """Opens the page of the place, which says so."""
    shopper.open(f"/waiting/#{place.key}")
    expect_standing(shopper, state)


def checkout_of(shopper: Shopper, place: Place) -> None:
    """Fills in the checkout of what is kept for the place."""
    shopper.open(f"/checkout/#{place.key}")
    expect(shopper.field("province")).to_be_enabled()
    shopper.fill_form()


def open_form(shopper: Shopper) -> None:
    """On the page of the product, whose larger pack is sold out."""
    shopper.open_until(f"{PRODUCT}#{SKU}", shopper.part("stock"), shopper.say("scripts.stock.none"))
    shopper.button("product.wait").click()
    expect(field(shopper, "contact")).to_be_focused()


def field(shopper: Shopper, name: str) -> Locator:
    return shopper.page.get_by_label(shopper.say(f"waitlist.{name}"), exact=True)


def answer(shopper: Shopper, status: int, body: dict[str, Any], **headers: str) -> None:
    """Has the waitlist answer the next one so."""
    shopper.page.route(
        "**/api/waitlist", lambda route: route.fulfill(status=status, json=body, headers=headers), times=1
    )


@readers
def test_who_finds_it_sold_out_waits_is_invited_and_buys_fewer(
    visit: Visit, shelf: Shelf, line: Line, lang: str, size: Size
) -> None:
    shopper = visit(lang=lang, size=size)
    urls: list[str] = []
    shopper.page.on("request", lambda request: urls.append(request.url))
    shelf.put(SKU, {SOON: 6})
    order, _ = shelf.buy(SKU, 3), shelf.buy(SKU, 3)
    shopper.carry({NOODLES: 2})
    place = join(shopper, line)
    see_place(shopper, place, "waiting")
    expect(shopper.part("name")).to_have_text(NAMES[lang])
    expect(shopper.part("go")).to_be_hidden()
    no_findings(shopper)
    shelf.cancel(order)
    come_back(shopper)
    expect_standing(shopper, "invited")
    no_findings(shopper)
    letter = letter_about(line.mail, f"{place.number}-invited{'-sms' if lang == 'zh' else ''}@")
    shopper.page.goto(next(word for word in letter.split() if place.key in word))
    go_to_what_is_kept(shopper)
    shopper.button("fewer").click()
    expect(shopper.part("pay-total")).to_have_text("¥150.00")
    shopper.fill_form()
    shopper.place()
    assert [(line["sku"], line["quantity"], line["ship_by"]) for line in shopper.order()["lines"]] == [
        (SKU, 2, SOON.isoformat())
    ]
    shopper.pay()
    expect(shopper.part("count")).to_have_text("2")
    see_place(shopper, place, "taken")
    expect(shopper.button("waiting.leave")).to_be_hidden()
    no_findings(shopper)
    assert shelf.batches(SKU) == {SOON: 1}
    assert not any(place.token in url.partition("#")[0] for url in urls)


def join(shopper: Shopper, line: Line) -> Place:
    """Leaves a number, or who reads English an address, at the product that is sold out; the place it leads to."""
    contact = shopper.phone if shopper.lang == "zh" else f"waiter-{shopper.number}@example.com"
    open_form(shopper)
    expect(shopper.part("waitlist-goods")).to_have_text(NAMES[shopper.lang])
    no_findings(shopper)
    field(shopper, "contact").fill(f" {contact} ")
    field(shopper, "quantity").fill("4")
    field(shopper, "fewer").check()
    shopper.button("waitlist.join").click()
    expect(shopper.part("waitlist-said")).to_have_text(shopper.say("scripts.waitlist.sent", contact=contact))
    no_findings(shopper)
    place = line.place_of(contact, shopper.lang)
    assert place.see().items() >= {"sku": SKU, "quantity": 4, "fewer": True, "state": "waiting"}.items()
    return place


def go_to_what_is_kept(shopper: Shopper) -> None:
    """From the page of a place, for which three are kept, to the checkout."""
    shopper.part("go").click()
    expect(shopper.part("kept-words")).to_contain_text("¥75.00")
    expect(shopper.part("lines")).to_contain_text(NAMES[shopper.lang])
    expect(shopper.part("pay-total")).to_have_text("¥225.00")
    no_findings(shopper)


def test_the_form_needs_nothing_but_a_keyboard(visit: Visit, line: Line) -> None:
    shopper = visit()
    keyboard = shopper.page.keyboard
    contact = f"waiter-{shopper.number}@example.com"
    shopper.open_until(f"{PRODUCT}#{SKU}", shopper.part("stock"), shopper.say("scripts.stock.none"))
    press(shopper.button("product.wait"))
    expect(field(shopper, "contact")).to_be_focused()
    keyboard.type(contact)
    reach(field(shopper, "fewer"))
    keyboard.press("Space")
    press(shopper.button("waitlist.join"))
    expect(shopper.part("waitlist-answer")).to_be_focused()
    assert line.place_of(contact).see()["fewer"] is True


def test_fewer_left_than_wanted_may_be_waited_for(visit: Visit, shelf: Shelf, line: Line) -> None:
    shopper = visit()
    shelf.put(SKU, {SOON: 2})
    shopper.open(f"{PRODUCT}#{SKU}")
    expect(shopper.part("stock")).to_have_text(shopper.left(2, SKU, SOON, few=True))
    expect(shopper.button("product.wait")).to_be_hidden()
    for _ in range(2):
        shopper.button("more").click()
    expect(shopper.part("stock")).to_have_text(shopper.say("scripts.stock.over", left=shopper.units(2, SKU)))
    shopper.button("product.wait").click()
    expect(field(shopper, "quantity")).to_have_value("3")
    shopper.button("fewer").click()
    expect(shopper.button("product.wait")).to_be_hidden()
    expect(shopper.button("product.now")).to_be_enabled()


@pytest.mark.usefixtures("line")
@languages
def test_what_is_wrong_stands_at_its_field_whoever_finds_it(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("422")
    open_form(shopper)
    field(shopper, "contact").fill("nobody")
    field(shopper, "quantity").fill("0")
    for contact in ("nobody", f"{'w' * 65}@example.com"):
        field(shopper, "contact").fill(contact)
        shopper.button("waitlist.join").click()
        expect(shopper.page.get_by_text(shopper.say("scripts.waitlist.fault.quantity"))).to_be_visible()
    expect(field(shopper, "quantity")).to_be_focused()
    expect(field(shopper, "contact")).to_have_attribute("aria-invalid", "false")
    field(shopper, "quantity").fill("1")
    shopper.button("waitlist.join").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.waitlist.fault.email"))).to_be_visible()
    expect(field(shopper, "contact")).to_have_attribute("aria-invalid", "true")
    expect(field(shopper, "quantity")).to_have_attribute("aria-invalid", "false")
    expect(field(shopper, "contact")).to_be_focused()
    no_findings(shopper)


@pytest.mark.parametrize(
    ("status", "body", "headers", "told"),
    [
        (409, problem("not-now"), {}, "not_now"),
        (503, problem("busy", 503), {"Retry-After": "2"}, "away"),
        (404, problem("not-found", 404), {}, "cannot"),
    ],
    ids=["not now", "busy", "unforeseen"],
)
def test_a_refusal_is_said_and_loses_nothing(
    visit: Visit, line: Line, status: int, body: dict[str, Any], headers: dict[str, str], told: str
) -> None:
    shopper = visit()
    shopper.watch.expect(str(status))
    contact = f"waiter-{shopper.number}@example.com"
    answer(shopper, status, body, **headers)
    open_form(shopper)
    field(shopper, "contact").fill(contact)
    shopper.button("waitlist.join").click()
    expect(shopper.part("waitlist-said")).to_have_text(shopper.say(f"scripts.waitlist.{told}"))
    expect(field(shopper, "contact")).to_have_value(contact)
    shopper.button("waitlist.join").click()
    expect(shopper.part("waitlist-said")).to_contain_text(contact)
    line.place_of(contact)


@pytest.mark.usefixtures("line")
def test_who_asks_too_often_is_told_when_to_come_again(visit: Visit) -> None:
    shopper = visit()
    shopper.watch.expect("429")
    contact = f"waiter-{shopper.number}@example.com"
    answer(shopper, 429, problem("too-often", 429), **{"Retry-After": "600"})
    open_form(shopper)
    field(shopper, "contact").fill(contact)
    shopper.button("waitlist.join").click()
    expect(shopper.part("waitlist-said")).to_have_text(shopper.say("scripts.waitlist.too_often", minutes=10))
    expect(field(shopper, "contact")).to_have_value(contact)


@pytest.mark.usefixtures("line")
def test_without_network_nothing_typed_is_lost(visit: Visit) -> None:
    shopper = visit(lang="en")
    shopper.watch.expect("ERR_FAILED")
    shopper.page.route("**/api/waitlist", lambda route: route.abort())
    open_form(shopper)
    field(shopper, "contact").fill("w@example.com")
    shopper.button("waitlist.join").click()
    expect(shopper.part("waitlist-said")).to_have_text(shopper.say("scripts.waitlist.away"))
    expect(field(shopper, "contact")).to_have_value("w@example.com")


@pytest.mark.usefixtures("line")
@languages
def test_what_is_on_sale_again_is_offered_for_the_cart(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    open_form(shopper)
    field(shopper, "contact").fill("w@example.com")
    field(shopper, "quantity").fill("3")
    field(shopper, "fewer").check()
    shelf.put(SKU, {SOON: 2})
    with shopper.page.expect_request("**/api/availability?*"):
        shopper.button("waitlist.join").click()
    expect(shopper.part("waitlist-said")).to_have_text(
        shopper.say("scripts.waitlist.on_sale", left=shopper.units(2, SKU))
    )
    no_findings(shopper)
    shopper.button("scripts.waitlist.buy", units=shopper.units(2, SKU)).click()
    expect(shopper.part("count")).to_have_text("2")
    expect(shopper.link("product.to_cart")).to_be_focused()
    expect(shopper.part("waitlist")).to_be_hidden()


def test_a_product_page_opens_with_the_pack_that_its_address_names(visit: Visit) -> None:
    shopper = visit(lang="en")
    shopper.open(f"{PRODUCT}#{SKU}")
    expect(shopper.page.get_by_role("radio", name="500 g")).to_be_checked()
    expect(shopper.part("price")).to_have_text("¥75.00")


@languages
def test_the_page_of_a_place_with_no_key_or_a_wrong_one_says_so(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("401")
    shopper.open("/waiting/")
    expect(shopper.part("none")).to_be_visible()
    no_findings(shopper)
    for key in ("#main", f"#{'1' * 20}.wrong"):
        shopper.open("/waiting/")
        shopper.open(f"/waiting/{key}")
        expect(shopper.part("wrong")).to_be_visible()
    no_findings(shopper)


@languages
def test_who_opens_the_link_of_a_list_that_is_full_is_told_and_let_in_when_there_is_room(
    visit: Visit, line: Line, lang: str
) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    contact = f"waiter-{shopper.number}@example.com"
    line.ask(contact, lang=lang)
    place = line.place_of(contact, lang)
    full = problem("not-now", reason="list-full")
    shopper.page.route("**/api/waitlist/*", lambda route: route.fulfill(status=409, json=full), times=1)
    shopper.open(f"/waiting/#{place.key}")
    expect(shopper.part("full")).to_have_text(shopper.say("waiting.full"))
    no_findings(shopper)
    come_back(shopper)
    expect_standing(shopper, "waiting")
    expect(shopper.part("full")).to_be_hidden()


def test_what_an_invitation_holds_is_said_and_news_come_by_themselves(visit: Visit, line: Line, place: Place) -> None:
    shopper = visit()
    shopper.page.clock.install()
    see_place(shopper, place, "waiting")
    invite(line)
    shopper.page.clock.run_for(16_000)
    expect_standing(shopper, "invited")
    expect(shopper.part("quantity")).to_have_text("× 3")
    expect(shopper.part("unit-price")).to_have_text("¥75.00")
    expect(shopper.part("ship-by")).to_contain_text(shopper.day(SOON))
    place.give_up()
    shopper.page.clock.run_for(16_000)
    expect_standing(shopper, "given_up")


def test_with_the_shop_away_the_page_of_a_place_keeps_what_it_knew(visit: Visit, place: Place) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    see_place(shopper, place, "waiting")
    shopper.page.route("**/api/waitlist/*", lambda route: route.abort())
    come_back(shopper)
    expect(shopper.part("away-words")).to_have_text(shopper.say("scripts.waiting.stale"))
    expect(shopper.part("card")).to_be_visible()
    no_findings(shopper)
    shopper.page.unroute("**/api/waitlist/*")
    shopper.button("again").click()
    expect(shopper.part("away")).to_be_hidden()


@readers
def test_giving_up_asks_once_whether_one_is_sure(
    visit: Visit, shelf: Shelf, line: Line, place: Place, lang: str, size: Size
) -> None:
    shopper = visit(lang=lang, size=size)
    invite(line)
    see_place(shopper, place, "invited")
    shopper.button("waiting.leave").click()
    expect(shopper.part("sure")).to_be_focused()
    no_findings(shopper)
    shopper.button("waiting.keep").click()
    expect(shopper.button("waiting.leave")).to_be_focused()
    shopper.button("waiting.leave").click()
    assert place.see()["state"] == "invited"
    shopper.button("waiting.really").click()
    expect_standing(shopper, "given_up")
    expect(shopper.button("waiting.leave")).to_be_hidden()
    expect(shopper.part("go")).to_be_hidden()
    no_findings(shopper)
    assert shelf.batches(SKU) == {SOON: 6}
    shopper.part("back").click()
    expect(shopper.page).to_have_url(re.compile(re.escape(f"{PRODUCT}#{SKU}")))


def test_what_was_taken_meanwhile_cannot_be_given_up(visit: Visit, line: Line, place: Place) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    invite(line)
    see_place(shopper, place, "invited")
    shopper.button("waiting.leave").click()
    assert place.take() == 201
    shopper.button("waiting.really").click()
    expect(shopper.part("trouble")).to_have_text(shopper.say("scripts.waiting.cannot"))
    expect_standing(shopper, "taken")


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(
    visit: Visit, shelf: Shelf, line: Line, place: Place
) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    asked: list[Request] = []
    shopper.page.on("request", lambda request: asked.append(request) if request.url.endswith("/take") else None)
    shopper.page.route("**/take", lose_the_answer, times=1)
    invite(line)
    checkout_of(shopper, place)
    shopper.button("fewer").click()
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.unsure"))
    see_place(shopper, place, "taken")
    shopper.part("go").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.pending"))).to_be_visible()
    shopper.button("scripts.checkout.again").click()
    shopper.expect_till()
    keys = {request.headers["idempotency-key"] for request in asked}
    assert len(keys) == 1 and len(asked) == 2
    assert shelf.orders_for(shopper.name) == 1


def lose_the_answer(route: Route) -> None:
    """The shop does what it was asked to, and nobody hears of it."""
    assert route.fetch().status == 201
    route.abort()


@languages
def test_what_is_kept_no_more_leads_back_to_the_place(visit: Visit, line: Line, place: Place, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    invite(line)
    checkout_of(shopper, place)
    place.give_up()
    shopper.button("checkout.order").click()
    expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.claim_gone"))
    no_findings(shopper)
    shopper.part("refusal").get_by_role("link").click()
    expect_standing(shopper, "given_up")
    shopper.open(f"/checkout/#{place.key}")
    expect(shopper.page).to_have_url(re.compile("/waiting/#"))


@readers
def test_an_invitation_that_lapses_at_the_checkout_says_until_when_it_was(
    visit: Visit, line: Line, place: Place, lang: str, size: Size
) -> None:
    shopper = visit(lang=lang, size=size)
    shopper.watch.expect("409")
    invite(line)
    checkout_of(shopper, place)
    lapse(shopper, place)
    shopper.button("checkout.order").click()
    before = shopper.say("scripts.checkout.claim_over", time="|").split("|")[0]
    expect(shopper.part("refusal")).to_contain_text(before)
    shopper.part("refusal").get_by_role("link").click()
    expect_standing(shopper, "lapsed")
    expect(shopper.part("go")).to_be_hidden()
    expect(shopper.part("back")).to_be_visible()
    no_findings(shopper)


def lapse(shopper: Shopper, place: Place) -> None:
    """Has the shop answer as it does after the invitation's hour."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    told = place.see() | {"state": "lapsed"} | dict.fromkeys(["units", "ship_by", "until"])
    shopper.page.route("**/api/waitlist/*", lambda route: route.fulfill(json=told))
    refusal = problem("claim-over", until=now)
    shopper.page.route("**/api/waitlist/*/take", lambda route: route.fulfill(status=409, json=refusal))


def test_skipping_to_the_page_keeps_its_key(visit: Visit, place: Place) -> None:
    shopper = visit()
    see_place(shopper, place, "waiting")
    shopper.link("skip").focus()
    shopper.page.keyboard.press("Enter")
    expect(shopper.page.get_by_role("main")).to_be_focused()
    assert shopper.page.url.endswith(f"/waiting/#{place.key}")
