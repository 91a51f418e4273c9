"""The overlay as a stream has it: for hours, through bad networks, on machines with wrong clocks, in any frame."""

from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import AXE, AXE_OPTIONS
from tests.conftest import RunningShop

ROOM = "cabbage-1"
LANDSCAPE, PORTRAIT = {"width": 1920, "height": 1080}, {"width": 1080, "height": 1920}
HOURS, CUTS = 2, 10
SIMULATED = """
const days = (...left) => left.map((units, place) => ({ship_by: `2026-11-${28 + place}`, left: units}));
window.net = {days, away: "", sku: "first", asks: 0, more: {}, room: {}};
window.fetch = (path, {signal}) => new Promise((resolve, reject) => {
  net.asks += 1;
  if (net.away === "refused") return reject(new TypeError("network"));
  if (net.away === "hanging") return signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
  const showing = {
    sku: net.sku, product: "x", name: {zh: net.sku, en: net.sku}, since: "2026-11-26T12:00:00Z", price: 2990, was: null,
    left: 7, ship_by: "2026-11-28", drop: null, unit: {zh: "坛", en: "jar/jars"}, batches: net.days(7), ...net.more,
  };
  const now = new Date(Date.now() + net.ahead).toISOString();
  const off = {show: null, correction: null, ended: null, next: null, goal: null};
  const body = {room: "x", now, poll: 15, ...off, showing: net.nothing ? null : showing, ...net.room};
  return setTimeout(() => resolve(new Response(JSON.stringify(body), {status: 200})), 40);
});
"""
"""A network that the test cuts, on the page's own simulated clock: what the real one does is in test_on_air.py."""


def simulated(page: Page, shop: RunningShop, path: str = f"/live/{ROOM}/overlay/", ahead: int = 0) -> None:
    """Opens an overlay on a simulated network; the shop's clock is so many seconds ahead of the page's."""
    page.clock.install()
    page.add_init_script(SIMULATED)
    page.add_init_script(f"net.ahead = {ahead * 1000}")
    page.goto(shop.url + path)
    page.clock.run_for(1000)


def name(page: Page) -> str:
    return page.locator('[data-part="name"]').inner_text()


def weighed(page: Page, devtools: CDPSession) -> dict[str, float]:
    """What the page holds, once what is not needed has been let go."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def test_for_hours_and_through_every_cut_it_leaks_nothing_and_is_right_again_within_two_seconds(
    browser: Browser, shop: RunningShop
) -> None:
    page = browser.new_page(viewport=LANDSCAPE)
    simulated(page, shop)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    apart = HOURS * 3600 * 1000 // CUTS
    first: dict[str, float] = {}
    for cut in range(CUTS):
        page.clock.run_for(apart - 62_000)
        shown = name(page)
        page.evaluate("how => { net.away = how }", ["refused", "hanging"][cut % 2])
        page.evaluate(f"net.sku = 'goods {cut}'")
        page.clock.run_for(60_000)
        assert name(page) == shown, "the last that was known stays"
        page.evaluate("net.away = ''")
        page.clock.run_for(2_000)
        assert name(page) == f"goods {cut}"
        first = first or weighed(page, devtools)
    last = weighed(page, devtools)
    assert page.evaluate("net.asks") >= HOURS * 3600 * 2 * 0.95
    assert last["Nodes"] <= first["Nodes"] + 20
    assert last["JSEventListeners"] <= first["JSEventListeners"] + 20
    assert last["JSHeapUsedSize"] < first["JSHeapUsedSize"] + 1_000_000
    page.close()


@pytest.mark.parametrize("wrong", [-3 * 3600, 0, 3 * 3600], ids=["slow", "right", "fast"])
def test_a_countdown_goes_by_the_shops_clock_and_ends_by_itself_without_a_network(
    browser: Browser, shop: RunningShop, wrong: int
) -> None:
    page = browser.new_page(viewport=LANDSCAPE)
    simulated(page, shop, ahead=-wrong)
    page.evaluate("""() => {
      const at = (seconds) => new Date(Date.now() + net.ahead + seconds * 1000).toISOString();
      const units = {limit: 2, units: 9, left: 4, ship_by: "2026-11-28", batches: net.days(4)};
      net.more = {drop: {drop: "d", price: 1990, opens: at(-60), closes: at(120), ...units}};
    }""")
    page.clock.run_for(1_500)
    drop, price = page.locator('[data-part="drop"]'), page.locator('[data-part="price"]')
    assert "1:5" in drop.inner_text()
    assert "每人限购 2 坛" in drop.inner_text()
    was = page.locator('[data-part="was"]')
    assert (price.inner_text(), was.inner_text()) == ("¥19.90", "¥29.90")
    page.evaluate("net.more.drop.price = 2990")
    page.clock.run_for(1_000)
    assert (price.inner_text(), was.inner_text()) == ("¥29.90", ""), "every day's price may have come down to it since"
    page.evaluate("net.away = 'refused'")
    page.clock.run_for(60_000)
    assert "0:5" in drop.inner_text()
    page.clock.run_for(61_000)
    assert (drop.is_visible(), price.inner_text()) == (False, "¥29.90")
    page.close()


@pytest.mark.parametrize("down", ["top", "bottom"])
@pytest.mark.parametrize("lang", ["", "/en"], ids=["zh", "en"])
def test_upright_it_keeps_out_of_what_platforms_cover(
    browser: Browser, shop: RunningShop, lang: str, down: str
) -> None:
    page = browser.new_page(viewport=PORTRAIT)
    simulated(page, shop, f"{lang}/live/{ROOM}/overlay/?position={down}-left")
    page.evaluate("""() => {
      const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
      net.sku = "A jar with a name that is longer than any host could say in one breath ".repeat(3);
      net.more = {
        was: {price: 3990, basis: {zh: "依据".repeat(40), en: "a basis of many words ".repeat(6)}},
        drop: {
          drop: "d", price: 1990, opens: at(60), closes: at(720), limit: 2, units: 9, left: 4,
          ship_by: null, batches: [],
        },
      };
    }""")
    page.clock.run_for(1_000)
    box = page.locator(".plate").bounding_box()
    assert box
    assert box["y"] >= 0.12 * PORTRAIT["height"]
    assert box["y"] + box["height"] <= 0.65 * PORTRAIT["height"]
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PORTRAIT["width"]
    page.close()


def test_it_says_what_is_sold_out_and_moves_nothing_that_did_not_change(browser: Browser, shop: RunningShop) -> None:
    page = browser.new_page(viewport=LANDSCAPE)
    simulated(page, shop)
    page.evaluate("""() => {
      window.changes = 0;
      const all = {subtree: true, childList: true, attributes: true, characterData: true};
      new MutationObserver((seen) => (window.changes += seen.length)).observe(document.body, all);
    }""")
    page.clock.run_for(60_000)
    assert page.evaluate("changes") == 0, "no flicker"
    page.evaluate("net.more = {left: 67, batches: net.days(7, 0, 60)}")
    page.clock.run_for(1_000)
    assert page.locator('[data-part="left"]').inner_text() == "最晚 11 月 28 日发出，这批还剩 7 坛"
    assert page.locator('[data-part="days"]').inner_text() == "11 月 30 日 60 坛"
    page.evaluate("net.more = {left: 0, batches: net.days(0)}")
    page.clock.run_for(1_000)
    assert page.locator('[data-part="left"]').inner_text() == "卖完了"
    assert page.locator("[data-sold-out]").count() == 1
    page.close()


@pytest.mark.parametrize(
    ("frame", "query", "pixels"),
    [(LANDSCAPE, "", 6), (PORTRAIT, "", 6), ({"width": 1280, "height": 720}, "", 4), (LANDSCAPE, "?qr=9", 9)],
)
def test_its_code_has_whole_pixels_and_enough_of_them(
    browser: Browser, shop: RunningShop, frame: Any, query: str, pixels: int
) -> None:
    page = browser.new_page(viewport=frame, reduced_motion="reduce")  # so the code is at rest at once
    page.clock.install()
    page.clock.pause_at("2099-01-01")
    page.route("**/api/rooms/**", lambda _: None)  # no clock ticks and no answer comes: it has them from the start
    page.goto(f"{shop.url}/live/{ROOM}/overlay/{query}")
    code = page.locator(".code svg")
    box = code.bounding_box()
    assert box
    modules = int(page.locator(".code").get_attribute("data-modules") or 0)
    assert box["width"] == box["height"] == pixels * modules
    assert (box["x"] % 1, box["y"] % 1) == (0, 0), "no pixel is shared by two modules"
    page.close()


def test_what_its_address_asks_for_is_done_and_what_cannot_be_is_named(visit: Visit) -> None:
    screen = visit()
    said: list[str] = []
    screen.page.on("console", lambda message: said.append(message.text))
    screen.page.set_viewport_size({"width": 1920, "height": 1080})
    screen.open(
        f"/live/{ROOM}/overlay/?position=top-right&accent=1c4f7a&hide=room,left&qr=3&colour=red&source=clock&debug"
    )
    expect(screen.part("debug")).to_contain_text("qr=3: write pixels a module at 1080p, from 6 to 20")
    assert [text.partition(":")[0] for text in said] == ["qr=3", "colour", "source=clock"]
    box = screen.page.locator(".plate").bounding_box()
    assert box and box["x"] > 960 and box["y"] < 540
    expect(screen.page.locator(".room")).to_be_hidden()
    expect(screen.part("left")).to_be_hidden()
    expect(screen.page.locator(".seller")).to_be_visible()
    assert screen.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent')") == "#1c4f7a"
    assert screen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_it_says_live_only_while_a_show_is_on(browser: Browser, shop: RunningShop) -> None:
    page = browser.new_page(viewport=LANDSCAPE)
    simulated(page, shop)
    hours = page.locator('[data-part="hours"]')
    seen = []
    for room in (
        "{}",
        "{show: {id: 's', since: net.at(-60)}}",
        "{ended: net.at(-60)}",
        "{ended: net.at(-4 * 3600)}",
    ):
        page.evaluate("net.nothing = true, net.at = (s) => new Date(Date.now() + s * 1000).toISOString()")
        page.evaluate(f"net.room = {room}")
        page.clock.run_for(1_000)
        seen.append((name(page), hours.is_visible()))
    assert seen == [("马上开播", True), ("正在直播", False), ("今天播完了，谢谢观看", True), ("马上开播", True)]
    page.close()


SHOWS = {
    "code": ["code"],
    "price": ["name", "price"],
    "stock": ["left"],
    "countdown": ["drop"],
    "next": ["next"],
    "goal": ["goal"],
    "soon": [],
    "break": ["name", "hours"],
    "seller": ["seller"],
}


@pytest.mark.parametrize("frame", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
def test_each_source_has_its_own_part_alone_inside_the_picture(browser: Browser, shop: RunningShop, frame: Any) -> None:
    page = browser.new_page(viewport=frame)
    simulated(page, shop)
    parts = ("code", "name", "price", "left", "days", "drop", "next", "goal", "hours", "seller")
    for source, shown in SHOWS.items():
        page.goto(f"{shop.url}/live/{ROOM}/overlay/?source={source}&opacity=0.3&margin=20&scale=1.2")
        page.evaluate("""() => {
          const at = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
          const units = {limit: 2, units: 9, left: 4, ship_by: "2026-11-28", batches: net.days(4)};
          net.more = {drop: {drop: "d", price: 1990, opens: at(-60), closes: at(120), ...units}};
          net.room = {
            show: {id: "s", since: at(-60)}, goal: {units: 500, sold: 300},
            next: {sku: "n", product: "n", name: {zh: "面条", en: "Noodles"}, price: 1590},
          };
        }""")
        page.clock.run_for(1_500)
        found = [one for one in parts if page.locator(f'.{one}, [data-part="{one}"]').first.is_visible()]
        assert found == [one for one in parts if one in shown], source
        box = page.locator(".plate").bounding_box()
        assert (box is None) == (source == "soon"), "there is nothing to announce on air"
        if box:
            assert box["x"] >= 0 and box["x"] + box["width"] <= frame["width"]
            assert box["y"] >= 0 and box["y"] + box["height"] <= frame["height"]
    page.close()


def test_who_sells_keeps_its_ground_and_a_plate_of_nothing_else_shrinks_to_it(
    browser: Browser, shop: RunningShop
) -> None:
    page = browser.new_page(viewport=LANDSCAPE)
    simulated(page, shop, f"/live/{ROOM}/overlay/?opacity=0.3&hide=code,room")
    ground = "parseFloat(getComputedStyle(document.querySelector('.seller'), '::before').opacity)"
    assert page.evaluate(ground) >= 0.85
    page.evaluate("net.nothing = true, net.room = {show: {id: 's', since: new Date().toISOString()}}")
    page.clock.run_for(1_000)
    assert page.locator(".told").is_hidden()
    assert page.locator(".seller").is_visible()
    page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_can_be_read_by_everyone(visit: Visit, lang: str) -> None:
    screen = visit(lang=lang)
    screen.open(f"/live/{ROOM}/overlay/")
    found = AXE.run(screen.page, options=AXE_OPTIONS).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
