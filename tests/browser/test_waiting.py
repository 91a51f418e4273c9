"""The waitlist as a shopper meets it: the product's form, the page of the place, the checkout of what is kept for it.

The calls of the waitlist are answered here; what is taken becomes a real order of the running shop.
"""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import Visit
from tests.browser.shelf import Shelf
from tests.browser.shopper import AXE, AXE_OPTIONS, PHONE, PRODUCT, SIZES, Shopper, Size
from tests.browser.test_purchase import press, reach

SKU = "spicy-cabbage-1kg"
NOODLES = "corn-noodles-500g"
SOON = date.today() + timedelta(days=5)
NUMBER, TOKEN = "01234567890123456789", "k" * 32
PLACE = f"/waiting/#{NUMBER}.{TOKEN}"
NAMES = {"zh": "辣白菜 1 公斤", "en": "Spicy cabbage 1 kg"}
STATES = ("waiting", "invited", "taken", "given_up", "lapsed")
screens = pytest.mark.parametrize("size", [SIZES["phone"], SIZES["desktop"]], ids=["phone", "desktop"])
languages = pytest.mark.parametrize("lang", ["zh", "en"])


def no_findings(shopper: Shopper) -> None:
    """Fails for whatever axe finds, and where the page is too wide."""
    assert AXE.run(shopper.page, options=AXE_OPTIONS).response["violations"] == []
    shopper.check_width()


def problem(kind: str, status: int = 409, **more: Any) -> dict[str, Any]:
    return {"type": f"/problems/{kind}", "title": "x", "status": status, "detail": "x", **more}


class Place:
    """A place on the waitlist, and the calls that are made of it."""

    def __init__(self, shopper: Shopper, state: str = "waiting") -> None:
        self.shopper, self.state, self.refusal = shopper, state, None
        self.until = (datetime.now(UTC) + timedelta(minutes=30)).isoformat(timespec="seconds").replace("+00:00", "Z")
        self.asked: list[Request] = []
        self.lost = 0
        shopper.page.route(f"**/api/waitlist/{NUMBER}", self._tell)
        shopper.page.route(f"**/api/waitlist/{NUMBER}/give-up", self._give_up)
        shopper.page.route(f"**/api/waitlist/{NUMBER}/take", self._take)

    def told(self) -> dict[str, Any]:
        invited = self.state == "invited"
        kept = {"units": 3, "ship_by": SOON.isoformat(), "until": self.until}
        return {
            "place": NUMBER, "sku": SKU, "name": NAMES[self.shopper.lang], "quantity": 4, "fewer": True,
            "state": self.state, "unit_price": 5490, **(kept if invited else dict.fromkeys(kept)),
        }  # fmt: skip

    def _tell(self, route: Route) -> None:
        self.asked.append(route.request)
        if route.request.headers.get("authorization") != f"Bearer {TOKEN}":
            route.fulfill(status=401, json=problem("unauthorized", 401))
        else:
            route.fulfill(json=self.told())

    def _give_up(self, route: Route) -> None:
        self.asked.append(route.request)
        if self.state == "taken":
            route.fulfill(status=409, json=problem("not-now"))
        else:
            self.state = "given_up"
            route.fulfill(json=self.told())

    def _take(self, route: Route) -> None:
        """As a checkout with the same key and body would answer."""
        self.asked.append(route.request)
        if self.refusal:
            route.fulfill(status=409, json=self.refusal)
            return
        answer = route.fetch(url=f"{self.shopper.origin}/api/checkout")
        self.state = "taken"
        if self.lost:
            self.lost -= 1
            route.abort()
        else:
            route.fulfill(response=answer)

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(str(request.post_data)) for request in self.asked if request.url.endswith("/take")]


def open_form(shopper: Shopper) -> None:
    """On the page of the product, whose larger pack is sold out."""
    shopper.open(PRODUCT)
    shopper.page.get_by_role(
        "radio", name=NAMES[shopper.lang].split(maxsplit=1 if shopper.lang == "zh" else 2)[-1]
    ).check()
    expect(shopper.part("stock")).to_have_text(shopper.say("scripts.stock.none"))
    shopper.button("product.wait").click()
    expect(field(shopper, "contact")).to_be_focused()


def field(shopper: Shopper, name: str) -> Any:
    return shopper.page.get_by_label(shopper.say(f"waitlist.{name}"), exact=True)


def answer(shopper: Shopper, status: int, body: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    """Has the waitlist answer so from now on; gathers what it is asked."""
    asked: list[dict[str, Any]] = []

    def fulfil(route: Route) -> None:
        asked.append(json.loads(str(route.request.post_data)))
        route.fulfill(status=status, json=body, headers=headers)

    shopper.page.unroute("**/api/waitlist")
    shopper.page.route("**/api/waitlist", fulfil)
    return asked


@screens
@languages
def test_who_finds_it_sold_out_leaves_an_address_and_is_told_of_the_letter(
    visit: Visit, shelf: Shelf, lang: str, size: Size
) -> None:
    shopper = visit(lang=lang, size=size)
    asked = answer(shopper, 202, {"state": "waiting"})
    with shelf.holding(SKU, {}):
        open_form(shopper)
        expect(shopper.part("waitlist-goods")).to_have_text(NAMES[lang])
        no_findings(shopper)
        field(shopper, "contact").fill(" w@example.com ")
        field(shopper, "quantity").fill("2")
        field(shopper, "fewer").check()
        shopper.button("waitlist.join").click()
        expect(shopper.part("waitlist-said")).to_have_text(
            shopper.say("scripts.waitlist.sent", contact="w@example.com")
        )
        no_findings(shopper)
    assert asked == [{"sku": SKU, "contact": "w@example.com", "quantity": 2, "fewer": True, "lang": lang}]


def test_the_form_needs_nothing_but_a_keyboard(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    keyboard = shopper.page.keyboard
    asked = answer(shopper, 202, {"state": "waiting"})
    with shelf.holding("spicy-cabbage-500g", {}):
        shopper.open_until(PRODUCT, shopper.part("stock"), shopper.say("scripts.stock.none"))
        press(shopper.button("product.wait"))
        expect(field(shopper, "contact")).to_be_focused()
        keyboard.type("w@example.com")
        reach(field(shopper, "fewer"))
        keyboard.press("Space")
        press(shopper.button("waitlist.join"))
        expect(shopper.part("waitlist-answer")).to_be_focused()
    assert asked[0]["fewer"] is True


def test_fewer_left_than_wanted_may_be_waited_for(visit: Visit, shelf: Shelf) -> None:
    shopper = visit()
    with shelf.holding(SKU, {SOON: 2}):
        shopper.open(PRODUCT)
        expect(shopper.part("stock")).not_to_have_text(shopper.say("scripts.stock.wait"))
        expect(shopper.button("product.wait")).to_be_hidden()
        shopper.choose(SKU, 3)
        expect(shopper.part("stock")).to_have_text(shopper.say("scripts.stock.over", left=2))
        shopper.button("product.wait").click()
        expect(field(shopper, "quantity")).to_have_value("3")
        shopper.button("fewer").click()
        expect(shopper.button("product.wait")).to_be_hidden()
        expect(shopper.button("product.now")).to_be_enabled()


@languages
def test_what_is_wrong_stands_at_its_field_whoever_finds_it(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("422")
    pointers = [{"pointer": pointer, "detail": "x"} for pointer in ("/contact", "/quantity")]
    asked = answer(shopper, 422, problem("invalid", 422, errors=pointers))
    with shelf.holding(SKU, {}):
        open_form(shopper)
        field(shopper, "contact").fill("nobody")
        field(shopper, "quantity").fill("0")
        for contact in ("nobody", "w@example.com"):
            field(shopper, "contact").fill(contact)
            shopper.button("waitlist.join").click()
            expect(shopper.page.get_by_text(shopper.say("scripts.waitlist.fault.quantity"))).to_be_visible()
        expect(field(shopper, "quantity")).to_be_focused()
        expect(field(shopper, "contact")).to_have_attribute("aria-invalid", "false")
        assert asked == []
        field(shopper, "quantity").fill("1")
        shopper.button("waitlist.join").click()
        for name in ("contact", "quantity"):
            expect(shopper.page.get_by_text(shopper.say(f"scripts.waitlist.fault.{name}"))).to_be_visible()
            expect(field(shopper, name)).to_have_attribute("aria-invalid", "true")
        expect(field(shopper, "contact")).to_be_focused()
        no_findings(shopper)


@pytest.mark.parametrize(
    ("status", "body", "headers", "told"),
    [
        (429, problem("too-often", 429), {"Retry-After": "130"}, ("too_often", {"minutes": 3})),
        (409, problem("not-now"), {}, ("not_now", {})),
        (503, problem("busy", 503), {"Retry-After": "2"}, ("away", {})),
        (404, problem("not-found", 404), {}, ("cannot", {})),
    ],
    ids=["too often", "not now", "busy", "unforeseen"],
)
def test_a_refusal_is_said_and_loses_nothing(
    visit: Visit,
    shelf: Shelf,
    status: int,
    body: dict[str, Any],
    headers: dict[str, str],
    told: tuple[str, dict[str, int]],
) -> None:
    shopper = visit()
    shopper.watch.expect(str(status))
    answer(shopper, status, body, **headers)
    with shelf.holding(SKU, {}):
        open_form(shopper)
        field(shopper, "contact").fill("w@example.com")
        shopper.button("waitlist.join").click()
        expect(shopper.part("waitlist-said")).to_have_text(shopper.say(f"scripts.waitlist.{told[0]}", **told[1]))
        expect(field(shopper, "contact")).to_have_value("w@example.com")
        answer(shopper, 202, {"state": "waiting"})
        shopper.button("waitlist.join").click()
        expect(shopper.part("waitlist-said")).to_contain_text("w@example.com")


def test_without_network_nothing_typed_is_lost(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(lang="en")
    shopper.watch.expect("ERR_FAILED")
    shopper.page.route("**/api/waitlist", lambda route: route.abort())
    with shelf.holding(SKU, {}):
        open_form(shopper)
        field(shopper, "contact").fill("w@example.com")
        shopper.button("waitlist.join").click()
        expect(shopper.part("waitlist-said")).to_have_text(shopper.say("scripts.waitlist.away"))
        expect(field(shopper, "contact")).to_have_value("w@example.com")


@languages
def test_what_is_on_sale_again_is_offered_for_the_cart(visit: Visit, shelf: Shelf, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    again = {"pointer": "/sku", "sku": SKU, "left": 2, "detail": "x"}
    answer(shopper, 409, problem("on-sale", errors=[again]))
    with shelf.holding(SKU, {}):
        open_form(shopper)
        field(shopper, "contact").fill("w@example.com")
        field(shopper, "quantity").fill("3")
        shelf.put(SKU, {SOON: 2})
        with shopper.page.expect_request("**/api/availability?*"):
            shopper.button("waitlist.join").click()
        expect(shopper.part("waitlist-said")).to_have_text(shopper.say("scripts.waitlist.on_sale", left=2))
        no_findings(shopper)
        shopper.button("scripts.waitlist.buy", units=2).click()
        expect(shopper.part("count")).to_have_text("2")
        expect(shopper.link("product.to_cart")).to_be_focused()
        expect(shopper.part("waitlist")).to_be_hidden()


def test_a_product_page_opens_with_the_pack_that_its_address_names(visit: Visit) -> None:
    shopper = visit(lang="en")
    shopper.open(f"{PRODUCT}#{SKU}")
    expect(shopper.page.get_by_role("radio", name="1 kg")).to_be_checked()
    expect(shopper.part("price")).to_have_text("¥54.90")


@screens
@languages
def test_the_page_of_a_place_says_how_it_stands(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    place = Place(shopper)
    for state in STATES:
        place.state = state
        shopper.open("/waiting/")
        expect(shopper.part("none")).to_be_visible()
        shopper.open(PLACE)
        expect(shopper.part("state")).to_have_text(shopper.say(f"scripts.waiting.state.{state}"))
        expect(shopper.part("name")).to_have_text(NAMES[lang])
        expect(shopper.part("leave")).to_be_visible(visible=state in {"waiting", "invited"})
        expect(shopper.part("go")).to_be_visible(visible=state == "invited")
        expect(shopper.part("back")).to_be_visible(visible=state in {"given_up", "lapsed"})
        no_findings(shopper)
    shopper.part("back").click()
    expect(shopper.page).to_have_url(re.compile(re.escape(f"{PRODUCT}#{SKU}")))


@languages
def test_the_page_of_a_place_with_no_key_or_a_wrong_one_says_so(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("401")
    Place(shopper)
    shopper.open("/waiting/")
    expect(shopper.part("none")).to_be_visible()
    no_findings(shopper)
    for key in ("#main", f"#{NUMBER}.wrong"):
        shopper.open("/waiting/")
        shopper.open(f"/waiting/{key}")
        expect(shopper.part("wrong")).to_be_visible()
    no_findings(shopper)


def test_what_an_invitation_holds_is_said_and_news_come_by_themselves(visit: Visit) -> None:
    shopper = visit()
    place = Place(shopper)
    shopper.page.clock.install()
    shopper.open(PLACE)
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.waiting"))
    place.state = "invited"
    shopper.page.clock.run_for(16_000)
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.invited"))
    expect(shopper.part("quantity")).to_have_text("× 3")
    expect(shopper.part("unit-price")).to_have_text("¥54.90")
    expect(shopper.part("ship-by")).to_contain_text(shopper.day(SOON))
    place.state = "lapsed"
    shopper.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.lapsed"))


def test_with_the_shop_away_the_page_of_a_place_keeps_what_it_knew(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    Place(shopper)
    shopper.open(PLACE)
    expect(shopper.part("card")).to_be_visible()
    shopper.page.route("**/api/waitlist/*", lambda route: route.abort())
    shopper.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(shopper.part("away-words")).to_have_text(shopper.say("scripts.waiting.stale"))
    expect(shopper.part("card")).to_be_visible()
    no_findings(shopper)
    shopper.page.unroute("**/api/waitlist/*")
    shopper.button("again").click()
    expect(shopper.part("away")).to_be_hidden()


@screens
@languages
def test_giving_up_asks_once_whether_one_is_sure(visit: Visit, lang: str, size: Size) -> None:
    shopper = visit(lang=lang, size=size)
    place = Place(shopper, "invited")
    shopper.open(PLACE)
    shopper.button("waiting.leave").click()
    expect(shopper.part("sure")).to_be_focused()
    no_findings(shopper)
    shopper.button("waiting.keep").click()
    expect(shopper.button("waiting.leave")).to_be_focused()
    shopper.button("waiting.leave").click()
    assert place.state == "invited"
    shopper.button("waiting.really").click()
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.given_up"))
    expect(shopper.button("waiting.leave")).to_be_hidden()


def test_what_was_taken_meanwhile_cannot_be_given_up(visit: Visit) -> None:
    shopper = visit()
    shopper.watch.expect("409")
    place = Place(shopper, "invited")
    shopper.open(PLACE)
    shopper.button("waiting.leave").click()
    place.state = "taken"
    shopper.button("waiting.really").click()
    expect(shopper.part("trouble")).to_have_text(shopper.say("scripts.waiting.cannot"))
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.taken"))


@screens
@languages
def test_what_is_kept_is_ordered_by_itself_and_the_cart_stays(
    visit: Visit, shelf: Shelf, lang: str, size: Size
) -> None:
    shopper = visit(lang=lang, size=size)
    urls: list[str] = []
    shopper.page.on("request", lambda request: urls.append(request.url))
    place = Place(shopper, "invited")
    with shelf.holding(SKU, {SOON: 3}):
        shopper.carry({NOODLES: 2})
        shopper.open(PLACE)
        shopper.part("go").click()
        expect(shopper.part("kept-words")).to_contain_text("¥54.90")
        expect(shopper.part("lines")).to_contain_text(NAMES[lang])
        expect(shopper.part("pay-total")).to_have_text("¥164.70")
        no_findings(shopper)
        shopper.button("fewer").click()
        expect(shopper.part("pay-total")).to_have_text("¥109.80")
        shopper.fill_form()
        shopper.place()
        order = shopper.order()
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [(SKU, 2)]
    assert place.bodies()[0]["expect"] == {"total": 10980, "ship_by": SOON.isoformat()}
    assert place.asked[-1].headers["authorization"] == f"Bearer {TOKEN}"
    assert not any(TOKEN in url.partition("#")[0] for url in urls)
    shopper.pay()
    expect(shopper.part("count")).to_have_text("2")


def test_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(visit: Visit, shelf: Shelf) -> None:
    shopper = visit(size=PHONE)
    shopper.watch.expect("ERR_FAILED")
    place = Place(shopper, "invited")
    place.lost = 1
    with shelf.holding(SKU, {SOON: 3}):
        shopper.open(f"/checkout/#{NUMBER}.{TOKEN}")
        expect(shopper.field("province")).to_be_enabled()
        shopper.button("fewer").click()
        shopper.fill_form()
        shopper.button("checkout.order").click()
        expect(shopper.part("refusal")).to_contain_text(shopper.say("scripts.checkout.unsure"))
        shopper.open(PLACE)
        expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.taken"))
        shopper.part("go").click()
        expect(shopper.page.get_by_text(shopper.say("scripts.checkout.pending"))).to_be_visible()
        shopper.button("scripts.checkout.again").click()
        shopper.expect_till()
    keys = {request.headers["idempotency-key"] for request in place.asked if request.url.endswith("/take")}
    assert len(keys) == 1 and len(place.bodies()) == 2
    assert shelf.orders_for(shopper.name) == 1


@languages
def test_what_is_kept_no_more_leads_back_to_the_place(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.watch.expect("409")
    place = Place(shopper, "invited")
    place.refusal = problem("claim-over", until="2026-11-24T12:00:00Z")
    shopper.open(f"/checkout/#{NUMBER}.{TOKEN}")
    expect(shopper.field("province")).to_be_enabled()
    shopper.fill_form()
    shopper.button("checkout.order").click()
    before = shopper.say("scripts.checkout.claim_over", time="|").split("|")[0]
    expect(shopper.part("refusal")).to_contain_text(before)
    no_findings(shopper)
    place.state = "lapsed"
    shopper.part("refusal").get_by_role("link").click()
    expect(shopper.part("state")).to_have_text(shopper.say("scripts.waiting.state.lapsed"))
    shopper.open(f"/checkout/#{NUMBER}.{TOKEN}")
    expect(shopper.page).to_have_url(re.compile("/waiting/#"))


def test_skipping_to_the_page_keeps_its_key(visit: Visit) -> None:
    shopper = visit()
    Place(shopper)
    shopper.open(PLACE)
    expect(shopper.part("card")).to_be_visible()
    shopper.link("skip").focus()
    shopper.page.keyboard.press("Enter")
    expect(shopper.page.get_by_role("main")).to_be_focused()
    assert shopper.page.url.endswith(PLACE)
