"""Somebody in front of a browser: finds things by the shop's own words, buys, and looks pages over."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial, reduce
from typing import Any, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from chalicelib.domain.calendar import village_day
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from storefront.read import messages

from tests.site.helpers.pages import CATALOG

AXE = Axe()
AXE_OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}, "preload": False}
"""Target size is a rule of WCAG 2.2, which axe leaves out by itself; nothing is to be preloaded from elsewhere."""
PREFIX = {"zh": "", "en": "/en"}
PACKS = {
    "spicy-cabbage-500g": {"zh": "500 克", "en": "500 g"},
    "spicy-cabbage-1kg": {"zh": "1 公斤", "en": "1 kg"},
}
PRODUCT = "/products/spicy-cabbage/"
GOODS = {"zh": "辣白菜", "en": "Spicy cabbage"}
DAY = {"zh": r"\d+ 月 \d+ 日", "en": r"\d+ [A-Z][a-z]+"}


class Size(NamedTuple):
    """A screen in CSS pixels."""

    width: int
    height: int


SIZES = {"phone": Size(390, 844), "tablet": Size(768, 1024), "desktop": Size(1440, 900)}
PHONE, TABLET, DESKTOP = SIZES["phone"], SIZES["tablet"], SIZES["desktop"]
SMALL = 320
"""The narrowest phone, and what 1280 pixels come to at 400 % (WCAG 1.4.10)."""
THUMB = 44
"""CSS pixels that a thumb needs, each way."""
TOO_SMALL = """(least) => {
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && getComputedStyle(element).clipPath === "none";
  const block = (element) => getComputedStyle(element).display === "inline" ? block(element.parentElement) : element;
  const inSentence = (element) => {
    if (getComputedStyle(element).display !== "inline") return false;
    const rest = block(element).cloneNode(true);
    for (const other of rest.querySelectorAll("a, button")) other.remove();
    return /[\\p{L}\\p{N}]/u.test(rest.textContent);
  };
  const covers = (element) => getComputedStyle(element, "::after").position === "absolute"; // a card's link
  const area = (element) =>
    (/radio|checkbox/.test(element.type) ? element.closest("label") ?? element.labels[0] : null) ?? element;
  return [...document.querySelectorAll("a[href], button, summary, select, input")]
    .filter((element) => seen(element) && !inSentence(element) && !covers(element))
    .map((element) => [element, area(element).getBoundingClientRect()])
    .filter(([, { width, height }]) => Math.round(width) < least || Math.round(height) < least)
    .map(([element, { width, height }]) => `${element.outerHTML.slice(0, 90)} ${width} x ${height}`);
}"""
"""Answers what a thumb misses: links in a sentence are let off, as by WCAG 2.5.8."""


class Watch:
    """Sees what must not happen: errors on the console, uncaught ones, requests to another origin."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.also: tuple[str, ...] = ()
        """Origins that the test leads to."""
        self.seen: list[str] = []
        self.expected: set[str] = set()

    def follow(self, context: BrowserContext) -> None:
        """Watches every tab of the context."""
        context.on("console", lambda message: message.type == "error" and self.seen.append(message.text))
        context.on("weberror", lambda error: self.seen.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: self._origin(request.url))

    def expect(self, text: str) -> None:
        """Announces an error that the test provokes on purpose; it must come, as often as it likes."""
        self.expected.add(text)

    def check(self) -> None:
        """Fails for all that was seen and not announced, and for what was announced and not seen."""
        unforeseen = [seen for seen in self.seen if not any(text in seen for text in self.expected)]
        assert not unforeseen, f"the browser saw: {unforeseen}"
        absent = [text for text in self.expected if not any(text in seen for seen in self.seen)]
        assert not absent, f"the browser never saw: {absent}"

    def _origin(self, url: str) -> None:
        if not url.startswith((f"{self.origin}/", "data:", "blob:", *self.also)):
            self.seen.append(f"a request to {url}")


class Shopper:
    """A visitor who reads one language. Name, phone and house are their own, so that no two are taken for one."""

    def __init__(self, page: Page, watch: Watch, origin: str, lang: str) -> None:
        self.page, self.watch, self.origin, self.lang = page, watch, origin, lang
        self.number = uuid.uuid4().int % 10**8
        self.name = f"李秀英 {self.number:08}"
        self.phone = f"138{self.number:08}"

    def say(self, name: str, /, **values: object) -> str:
        """The shop's words of this name."""
        text: str = reduce(lambda branch, twig: branch[twig], name.split("."), messages.of(self.lang))
        return text.format_map(values)

    def day(self, iso: str | date) -> str:
        """A date as the shop writes it, with its year where that is another than the village's."""
        at = date.fromisoformat(str(iso))
        same = at.year == village_day(datetime.now(UTC)).year
        name = "scripts.common.day" if same else "scripts.common.day_of_year"
        return self.say(name, year=at.year, month=at.month, day=at.day, name=f"{at:%B}")

    def units(self, number: int, sku: str) -> str:
        """So many of a pack, as the shop says it."""
        return CATALOG.product_of[sku].unit.count(number, self.lang)

    def left(self, number: int, sku: str, day: date, few: bool = False) -> str:
        """What the shop says beside the day by which so many ship."""
        ships_by = self.say("scripts.common.ships_by", day=self.day(day))
        return self.say(f"scripts.stock.{'few' if few else 'left'}", ships_by=ships_by, left=self.units(number, sku))

    def open(self, path: str) -> None:
        """Opens a page in the shopper's language; anew where it is open already, and only its fragment would change."""
        url = f"{self.origin}{PREFIX[self.lang]}{path}"
        if "#" in url and url.partition("#")[0] == self.page.url.partition("#")[0]:
            self.page.goto("about:blank")
        self.page.goto(url)

    def open_without_a_move(self, path: str) -> None:
        """Opens a page as a slow line would, for somebody who likes motion; fails where what is shown moves by itself.

        The look is shown before the script comes, and that has run before the shop answers it: what either changes is
        seen to change. Chromium takes a tab's first half second for the visitor's own doing, as if its size had just
        been changed, so `hadRecentInput` is not asked.
        """
        self.page.emulate_media(reduced_motion="no-preference")
        held: dict[str, list[Route] | None] = {"**/*.js": [], "**/api/**": []}

        def hold(pattern: str, route: Route) -> None:
            waiting = held[pattern]
            if waiting is None:
                route.fallback()  # to what a test has an answer be
            else:
                waiting.append(route)

        for pattern in held:
            self.page.route(pattern, partial(hold, pattern))
        self.page.goto(f"{self.origin}{PREFIX[self.lang]}{path}", wait_until="commit")
        self.page.evaluate("""() => new Promise((painted) => {
          new PerformanceObserver(painted).observe({ type: "paint", buffered: true });
        })""")
        for pattern, state in (("**/*.js", "load"), ("**/api/**", "networkidle")):
            waiting, held[pattern] = held[pattern], None
            for route in waiting or ():
                route.fallback()
            self.page.wait_for_load_state(state)
            self.page.evaluate("() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
        self.page.unroute_all()
        self.saw_no_move()
        self.page.emulate_media(reduced_motion="reduce")

    def saw_no_move(self, unseen: float = 0) -> None:
        """Fails where what the page had shown has moved by itself, by more than `unseen` of Chromium's layout shift."""
        moved = self.page.evaluate(
            """(unseen) => new Promise((tell) => {
          const seen = new PerformanceObserver((list) => tell(list.getEntries()
            .filter(({ value }) => value > unseen)
            .map(({ value, sources }) => [value, ...sources.map(({ node }) => node && node.nodeName)])));
          seen.observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => tell([])));
        })""",
            unseen,
        )
        assert moved == [], f"{self.page.url}: {moved}"

    def open_until(self, path: str, where: Locator, text: str) -> None:
        """Opens a page until it says so there: what is left is kept for a second, so it may first say what was so."""
        told = re.compile(f"{DAY[self.lang]}|{re.escape(self.say('scripts.stock.none'))}|{re.escape(text)}")
        self.open(path)
        expect(where).to_have_text(told)
        while text not in where.inner_text():
            self.open(path)
            expect(where).to_have_text(told)

    def part(self, name: str) -> Locator:
        """What the page's template marks with data-part."""
        return self.page.locator(f'[data-part="{name}"]')

    def button(self, name: str, /, **values: object) -> Locator:
        """The button that says these words."""
        return self.page.get_by_role("button", name=self.say(name, **values), exact=True)

    def link(self, name: str) -> Locator:
        """The link that says these words."""
        return self.page.get_by_role("link", name=self.say(name), exact=True)

    def goods(self) -> Locator:
        """The home page's link to the spicy cabbage."""
        shelf = self.page.get_by_role("region", name=self.say("home.goods"))
        return shelf.get_by_role("link", name=GOODS[self.lang], exact=True)

    def day_in(self, part: str) -> str:
        """The day that a part of the page names, as soon as it does."""
        pattern = re.compile(DAY[self.lang])
        expect(self.part(part)).to_have_text(pattern)
        found = pattern.search(self.part(part).inner_text())
        assert found
        return found[0]

    def choose(self, sku: str, quantity: int) -> None:
        """On the product's page: chooses a pack, and how many of it."""
        self.page.get_by_role("radio", name=PACKS[sku][self.lang]).check()
        for _ in range(quantity - 1):
            self.button("more").click()
        expect(self.page.get_by_label(self.say("product.quantity"), exact=True).last).to_have_value(str(quantity))

    def go_to_checkout(self, sku: str = "spicy-cabbage-500g", quantity: int = 1) -> None:
        """Buys so many of a pack, up to the filled form and a date to expect."""
        self.open(PRODUCT)
        self.choose(sku, quantity)
        self.button("product.now").click()
        self.fill_form()
        self.day_in("ship-by")

    def packs(self) -> dict[str, dict[str, Any]]:
        """What the shop sells, by SKU, as the buying pages read it."""
        found: dict[str, dict[str, Any]] = self.page.request.get(f"{self.origin}/packs.json").json()["packs"]
        return found

    def tell_of_packs(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Has site and shop tell the browser of each pack what `change` makes of it: of the site alone, it would be
        shown until the shop answers."""

        def changed(route: Route) -> None:
            told = route.fetch().json()
            name = "packs" if "packs" in told else "items"
            told[name] = {sku: change(one) for sku, one in told[name].items()}
            route.fulfill(body=json.dumps(told), content_type="application/json")

        for path in ("**/packs.json", "**/api/availability*"):
            self.page.route(path, changed)

    def carry(self, wanted: dict[str, int]) -> None:
        """Has so many of these SKUs in the cart, as this device keeps it, and goes to the checkout."""
        packs = self.packs()
        cart = [{"sku": sku, "quantity": units, "price": packs[sku]["price"]} for sku, units in wanted.items()]
        self.open("/order/")
        self.page.evaluate("cart => localStorage.setItem('cunbo.cart', JSON.stringify(cart))", cart)
        self.open("/checkout/")
        expect(self.part("form")).to_be_visible()  # until then it hides what is filled, and keys would go nowhere

    def paste(self, text: str) -> str:
        """Pastes a whole address into the checkout's box, as a hand does; answers what the page says of it."""
        self.part("read-result").evaluate("element => { element.textContent = '' }")
        self.field("paste").fill("")
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.field("paste").press("Control+V")
        expect(self.part("read-result")).not_to_be_empty()
        return self.part("read-result").inner_text()

    def fill_form(self) -> None:
        """Fills the checkout's form."""
        self.field("name").fill(self.name)
        self.field("phone").fill(self.phone)
        for level, name in (("province", "吉林省"), ("city", "通化市"), ("district", "集安市")):
            self.field(level).select_option(name)
        self.field("street").fill(f"高台子村 {self.number} 号")

    def field(self, name: str) -> Locator:
        """A field of the checkout by its label."""
        return self.page.get_by_role("main").get_by_label(self.say(f"checkout.{name}"), exact=True)

    def place(self) -> None:
        """Places the order, and waits for the till."""
        self.button("checkout.order").click()
        self.expect_till()

    def expect_till(self) -> None:
        """Waits until the sandbox's page asks for money."""
        expect(self.button("sandbox.pay")).to_be_visible()

    def pay(self) -> None:
        """Pays at the till, and waits until the order's page says so."""
        self.button("sandbox.pay").click()
        self.expect_state("paid")

    def expect_state(self, state: str) -> None:
        """Waits until the order's page says that the order is in this state."""
        expect(self.part("state")).to_have_text(self.say(f"scripts.states.{state}"))
        expect(self.part("card")).to_be_visible()

    def order(self) -> dict[str, Any]:
        """The order of the page that is open, as the API tells it."""
        number, token = self.page.url.partition("#")[2].split(".")
        answer = self.page.request.get(
            f"{self.origin}/api/orders/{number}", headers={"Authorization": f"Bearer {token}"}
        )
        found: dict[str, Any] = answer.json()
        return found

    def look_over(self) -> None:
        """Fails where axe finds anything, or the page is wider than its screen, or than the smallest one."""
        found = AXE.run(self.page, options=AXE_OPTIONS).response["violations"]
        assert found == [], f"{self.page.url}: {json.dumps(found, ensure_ascii=False, indent=1)}"
        self.check_width()

    def check_width(self) -> None:
        """Fails where the page scrolls sideways; a phone's page also on the smallest phone and with text twice as large
        (WCAG 1.4.4), and where a thumb misses what it aims at.
        """
        size = self.page.viewport_size
        assert size
        phone = size["width"] == PHONE.width
        for width, text in [(size["width"], ""), *([(SMALL, ""), (PHONE.width, "200%")] if phone else [])]:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            self.page.evaluate("text => { document.documentElement.style.fontSize = text }", text)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{self.page.url} at {width} {text}: {wide}"
        self.page.evaluate("document.documentElement.style.fontSize = ''")
        self.page.set_viewport_size(size)
        if phone:
            missed = self.page.evaluate(TOO_SMALL, THUMB)
            assert missed == [], f"{self.page.url}: {missed}"


def press(target: Locator) -> None:
    """Goes to a button by keyboard and presses it."""
    reach(target)
    target.page.keyboard.press("Enter")


def reach(target: Locator) -> None:
    """Tabs forward until the element has the focus, and fails where it is not within 60 steps."""
    for _ in range(60):
        target.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def no_findings(shopper: Shopper) -> None:
    """Fails for whatever axe finds, and where the page is too wide."""
    assert AXE.run(shopper.page, options=AXE_OPTIONS).response["violations"] == []
    shopper.check_width()
