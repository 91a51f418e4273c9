"""A live evening: hosts at their consoles, the overlay on the stream, shoppers who scan, the village's big screen."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from cunbo.core.paths import ROOT
from cunbo.film.evening.room_logs import from_file
from playwright.sync_api import Route, expect
from storefront.build.programme import times
from storefront.check import content

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, PREFIX, SIZES, Size
from tests.browser.helpers.staff_device import SLIP, Worker, enrolled, invitation
from tests.conftest import RunningShop
from tests.stack.helpers import broken, eventually

Hire = Callable[..., Worker]
ROOM, QUIET = "specialties-1", "cabbage-2"
FUNGUS, MORE = "black-fungus-200g", "black-fungus-500g"
ROOMS = content.read(ROOT / "content").rooms
FIRST_NAME, QUIET_NAME = ROOMS[0].name.zh, next(room.name.zh for room in ROOMS if room.id == QUIET)
languages = pytest.mark.parametrize("lang", ["zh"])
WECHAT = Size(375, 553)
"""What WeChat leaves of a small phone."""
CHATS = (
    "from=singlemessage&isappinstalled=0&utm_source=timeline&fbclid=x&scene=1&wxd=1&clicktime=1&enterid=1"
    "&sharer_shareinfo=a&sharer_shareinfo_first=b&spm=a.b.c&share_token=x&nsukey=x&room=cabbage-1&code=1&state=2"
)
"""What chats and networks add to an address that is passed on."""


@pytest.fixture
def hire(visit: Visit, shop: RunningShop) -> Iterator[Hire]:
    """Enrols somebody as a host, in a room that is left as it was found."""
    with ExitStack() as after:

        def host(room: str = ROOM, name: str = "小王", **visitor: Any) -> Worker:
            worker = enrolled(visit(**visitor), shop, "host", name)
            worker.enter(room)
            worker.tidy(room)
            after.callback(worker.tidy, room)
            return worker

        yield host


@languages
def test_from_the_hosts_tap_to_the_paid_order_that_the_host_and_the_village_see(
    visit: Visit, hire: Hire, shop: RunningShop, lang: str
) -> None:
    host = hire(lang=lang, size=PHONE)
    host.visitor.button("host.start").click()
    host.said("started")
    host.pin(FUNGUS)
    screen = visit(lang=lang)
    screen.open(f"/live/{ROOM}/overlay/")
    name = host.good(FUNGUS).locator("b").inner_text()
    expect(screen.part("name")).to_have_text(name)
    expect(screen.part("price")).to_have_text("¥32.00")

    buyer = visit(lang=lang, size=PHONE)
    redirects: list[str] = []
    buyer.page.on("response", lambda answer: answer.status == 302 and redirects.append(answer.url))
    with buyer.page.expect_response("**/api/scans") as beacon:
        buyer.page.goto(f"{buyer.origin}/Q/{ROOM.upper()}")
    assert beacon.value.status == 204
    assert redirects == [f"{buyer.origin}/Q/{ROOM.upper()}"], "one redirect"
    prefix = "/en" if lang == "en" else ""
    expect(buyer.page).to_have_url(f"{buyer.origin}{prefix}/products/black-fungus/#{FUNGUS}")
    expect(buyer.page.locator(f"[value={FUNGUS}]")).to_be_checked()
    [cookie] = [one for one in buyer.page.context.cookies() if one["name"] == "cunbo-from"]
    assert cookie["httpOnly"] and cookie["secure"] and cookie["value"].startswith(f"{ROOM}.")
    buyer.button("product.now").click()
    buyer.fill_form()
    buyer.day_in("ship-by")
    buyer.place()
    buyer.pay()
    order = shop.operations.store.orders.load(buyer.order()["order"])
    assert order
    show = host.call("GET", f"/staff/rooms/{ROOM}")["show"]["id"]
    assert (order.room, order.show) == (ROOM, show)

    def figure(name: str) -> str:
        return host.page.locator(f'[data-figure="{name}"]').inner_text()

    expect(host.page.locator('[data-figure="paid"]')).to_have_text("1")
    assert [figure(name) for name in ("held", "units", "money", "scans", "conversion")] == [
        "0", "1", "¥32.00", "1", "100 %",
    ]  # fmt: skip
    wall = enrolled(visit(lang=lang), shop, "board", "大屏")
    latest = wall.part("latest").locator("li").first
    expect(latest).to_contain_text(f"通化市 · {buyer.name[0]}**")
    assert buyer.name not in wall.page.content()
    expect(wall.part("goods").get_by_role("row", name=name)).to_be_visible()


@pytest.mark.parametrize("link", [f"/Q/{QUIET.upper()}", f"/q/{QUIET}/corn-noodles-500g"])
def test_a_scan_while_the_api_is_away_still_opens_the_shop_and_the_room_is_remembered(
    visit: Visit, shop: RunningShop, link: str
) -> None:
    buyer = visit(size=PHONE)
    failed = "Failed to load resource"
    buyer.watch.expect(failed)  # each call that fails meanwhile, of which there is one before the API is back
    with broken(shop), buyer.page.expect_console_message(lambda message: failed in message.text):
        buyer.page.goto(f"{buyer.origin}{link}")
        expect(buyer.page.get_by_role("heading", level=1)).to_be_visible()
        buyer.page.wait_for_url(re.compile(f"/rooms/{QUIET}/$|/products/corn-noodles/#corn-noodles-500g$"))
    buyer.carry({FUNGUS: 1})
    buyer.fill_form()
    buyer.day_in("ship-by")
    buyer.place()
    order = shop.operations.store.orders.load(buyer.page.url.partition("#")[2].partition(".")[0])
    assert order and (order.room, order.show) == (QUIET, None)


def test_a_scan_that_cannot_be_told_is_in_nobodys_way(visit: Visit, shop: RunningShop) -> None:
    """Nor is a browser without a beacon, or one that blocks it."""
    buyer = visit()
    buyer.page.add_init_script("delete Navigator.prototype.sendBeacon")
    buyer.page.route("**/api/scans", lambda route: route.abort())
    buyer.watch.expect("net::ERR_FAILED")
    buyer.open(f"/products/black-fungus/?{CHATS}&cunbo-room={QUIET}#{MORE}")
    expect(buyer.page).to_have_url(f"{buyer.origin}/products/black-fungus/?{CHATS}#{MORE}")
    buyer.button("product.now").click()
    buyer.fill_form()
    buyer.day_in("ship-by")
    buyer.place()
    order = shop.operations.store.orders.load(buyer.page.url.partition("#")[2].partition(".")[0])
    assert order and order.room == QUIET


@pytest.mark.parametrize("query", [*(f"cunbo-room={room}" for room in ("-", "a--b", "a" * 41, "no-such-room")), CHATS])
def test_an_address_that_names_no_room_keeps_nobody_from_buying_and_counts_for_none(
    visit: Visit, shop: RunningShop, query: str
) -> None:
    """The shop refuses an order of such a room, and the address may come from anyone."""
    buyer = visit()
    counted: list[str] = []
    buyer.page.on("request", lambda request: "/api/scans" in request.url and counted.append(request.url))
    buyer.open(f"/products/black-fungus/?{query}#{MORE}")
    expect(buyer.page.locator(f"[value={MORE}]")).to_be_checked()
    buyer.button("product.now").click()
    buyer.fill_form()
    buyer.day_in("ship-by")
    buyer.place()
    link = buyer.page.url
    order = shop.operations.store.orders.load(link.partition("#")[2].partition(".")[0])
    assert order and order.room is None
    key = link.partition("#")[2]
    for behind in ("?from=singlemessage", "&from=groupmessage", "#wechat_redirect"):
        buyer.open(f"/order/?{CHATS}#{key}{behind}")
        expect(buyer.page.get_by_role("heading", level=1)).to_be_visible()
        expect(buyer.part("order")).to_be_visible()
    assert counted == []


def test_two_hosts_of_one_room_do_not_fight(hire: Hire) -> None:
    wang, li = hire(QUIET, "小王"), hire(QUIET, "小李")
    wang.pin(FUNGUS)
    expect(li.good(FUNGUS)).to_have_attribute("aria-pressed", "true")
    li.said("other", by="小王", name=li.good(FUNGUS).locator("b").inner_text())
    li.pin(MORE)
    expect(li.part("said")).to_contain_text("小王")
    expect(wang.part("said")).to_contain_text("小李")
    expect(wang.good(MORE)).to_have_attribute("aria-pressed", "true")


def test_a_drop_that_cannot_be_says_where_and_one_that_can_counts_down_until_it_is_ended(
    visit: Visit, hire: Hire
) -> None:
    host = hire(QUIET, size=PHONE)
    host.pin(FUNGUS)
    host.part("dropping").locator("summary").click()
    form = host.part("drop")
    for known in ("¥32.00", "¥16.00", "包"):  # the everyday price, the floor, and how many are left
        expect(host.part("drop-facts")).to_contain_text(known)
    form.locator("[data-preset=units]").last.click()
    expect(form.locator("[name=units]")).to_have_value("50")
    form.locator("[name=price]").fill("32")
    form.locator("[name=units]").fill("999999")
    host.visitor.button("host.open").click()
    expect(host.page.locator('[data-wrong="price"]')).to_contain_text("¥32.00")
    expect(host.page.locator('[data-wrong="units"]')).not_to_be_empty()
    expect(form.locator("[name=price], [name=units]").first).to_be_focused()
    form.locator("[name=units]").fill("5")
    form.locator("[name=price]").fill("15.99")
    host.visitor.button("host.open").click()
    floor = host.say("scripts.host.floor", price="¥16.00")
    expect(host.page.locator('[data-wrong="price"]')).to_have_text(floor)
    form.locator("[name=price]").fill("19.9")
    host.visitor.button("host.open").click()
    asked = form.locator("[type=submit]")
    name = host.good(FUNGUS).locator("b").inner_text()
    ends = r"(?:\d+ 月 \d+ 日 )?\d\d:\d\d"
    words = rf"再点一次开始：{name} 5 件，¥19\.90（平日 ¥32\.00，6\.2 折），{ends} 结束，每人限购 2 件"
    expect(asked).to_have_text(re.compile(f"^{words}$"))
    form.locator("[name=units]").fill("4")
    expect(host.visitor.button("host.open")).to_be_visible()
    form.locator("[name=units]").fill("5")
    host.visitor.button("host.open").dblclick()
    expect(asked).to_be_visible()
    assert host.call("GET", f"/staff/rooms/{QUIET}")["drops"] == [], "a slip opens nothing"
    asked.click(delay=SLIP)
    host.said("dropped")
    screen = visit()
    screen.open(f"/live/{QUIET}/overlay/")
    expect(screen.part("price")).to_have_text("¥19.90")
    expect(screen.part("was")).to_have_text("¥32.00")
    expect(screen.part("basis")).to_contain_text(screen.say("scripts.overlay.ordinary"))
    expect(screen.part("drop")).to_have_text(re.compile(r"9:\d\d"))
    host.confirm(host.part("drops").get_by_role("button"), "drop_end_sure")
    host.said("drop_over")
    expect(screen.part("price")).to_have_text("¥32.00")
    expect(screen.part("drop")).to_be_hidden()


def test_a_correction_is_on_the_stream_with_one_tap_and_on_record(visit: Visit, hire: Hire) -> None:
    host = hire(QUIET)
    host.pin(FUNGUS)
    screen = visit(lang="en")
    screen.open(f"/live/{QUIET}/overlay/")
    host.part("correcting").locator("summary").click()
    host.visitor.button("host.about.price").click()
    host.said("corrected")
    expect(screen.part("correction")).to_contain_text("costs ¥32.00")
    host.part("text").fill("净重 1.5 斤")
    host.visitor.button("host.about.words").click()
    expect(screen.part("correction")).to_have_text(screen.say("scripts.overlay.correction", text="净重 1.5 斤"))
    host.part("log").locator("summary").click()
    expect(host.part("entries").locator("li").first).to_contain_text("小王")
    expect(host.part("entries").locator("li").first).to_contain_text("净重 1.5 斤")
    with host.visitor.page.expect_download() as saved:
        host.part("log-save").click()
    log = from_file(saved.value.path(), QUIET)
    assert {"净重 1.5 斤", "price"} <= {one.text for one in log.entries}, "cunbo clips cuts by it"


def test_units_are_added_where_the_plan_allows(hire: Hire, shelf: Shelf) -> None:
    host = hire(QUIET)
    sku = "corn-noodles-500g"
    before = shelf.planned(sku)
    more = host.good(sku).locator("xpath=..").get_by_role("button").nth(1)
    more.dblclick()
    expect(more).to_have_text(host.say("scripts.host.add_sure", count=10))
    assert shelf.planned(sku) == before, "a slip adds nothing"
    more.click(delay=SLIP)
    host.said("added", count=10)
    assert shelf.planned(sku) == before + 10
    expect(host.good(FUNGUS).locator("xpath=..").get_by_role("button")).to_have_count(1)


def test_added_units_are_taken_back_with_one_tap(hire: Hire, shelf: Shelf) -> None:
    host = hire(QUIET)
    sku = "corn-noodles-1kg"
    before = shelf.planned(sku)
    row = host.good(sku).locator("xpath=..")
    host.confirm(row.locator('[data-part="good-add"]'), "add_sure", count=10)
    host.said("added", count=10)
    row.locator('[data-part="good-back"]').click()
    host.said("took_back", count=10)
    assert shelf.planned(sku) == before
    expect(row.locator('[data-part="good-back"]')).to_be_hidden()


def test_hosts_set_the_order_find_goods_and_go_on_to_the_next(visit: Visit, hire: Hire) -> None:
    host = hire(QUIET, size=PHONE)
    expect(host.part("goods").locator("li").first).to_contain_text(host.good("corn-noodles-500g").inner_text())
    host.part("search").fill("hme")
    expect(host.good("corn-noodles-500g")).to_be_hidden()
    host.part("ordering").click()
    row = host.good(FUNGUS).locator("xpath=..")
    row.locator("[data-move=in]").click()
    host.said("ordered")
    host.part("search").fill("")
    expect(row.locator('[data-part="good-place"]')).to_have_text("5.")
    keys = host.page.keyboard
    row.locator("[data-move=up]").focus()
    for place in (4, 3, 2, 1):
        keys.press("Enter")
        expect(row.locator('[data-part="good-place"]')).to_have_text(f"{place}.")
    expect(host.part("goods").locator("li").first.locator(".good")).to_have_id(f"good-{FUNGUS}")
    host.visitor.button("host.start").click()
    host.part("next").click()
    expect(host.good(FUNGUS)).to_have_attribute("aria-pressed", "true")
    screen = visit()
    screen.open(f"/live/{QUIET}/overlay/?source=next")
    expect(screen.part("next")).to_contain_text("玉米面条 500 克")
    expect(host.part("card-wording")).to_contain_text("野生的")
    host.part("goal-units").fill("500")
    host.visitor.button("host.goal_set").click()
    host.said("goal_is", units=500)
    host.call("PUT", f"/staff/rooms/{QUIET}/order", {"skus": []})
    host.call("PUT", f"/staff/rooms/{QUIET}/goal", {"units": 0})


def test_ending_a_show_asks_what_becomes_of_its_drops_and_tells_what_it_came_to(hire: Hire) -> None:
    host = hire(QUIET, size=PHONE)
    host.visitor.button("host.start").click()
    host.said("started")
    for sku, key in ((FUNGUS, "a" * 20), (MORE, "b" * 20)):
        asked = {"sku": sku, "units": 5, "price": 4900 if sku == MORE else 1990, "minutes": 9}
        host.call("POST", f"/staff/rooms/{QUIET}/drops", asked, Idempotency_Key=f"{key}{time.time_ns()}")
    expect(host.part("drops").locator("li")).to_have_count(2)
    host.visitor.button("host.end").click()
    asked_of = host.part("ending-drops").get_by_role("checkbox")
    expect(asked_of).to_have_count(2)
    expect(host.part("ending-drops")).to_contain_text("还剩 5/5 包")
    host.visitor.button("host.end_not").click()
    expect(host.part("ending")).to_be_hidden()
    assert host.call("GET", f"/staff/rooms/{QUIET}")["show"]
    host.visitor.button("host.end").click()
    asked_of.last.uncheck()
    host.visitor.button("host.end_with").click()
    host.said("ended")
    told = host.call("GET", f"/staff/rooms/{QUIET}")
    assert (told["show"], [drop["sku"] for drop in told["drops"]]) == (None, [MORE])
    expect(host.part("report")).to_contain_text("拿出 5 件，拍下 0 件")
    host.part("dropping").locator("summary").click()
    host.part("drop").locator("[name=sku]").select_option(MORE)
    expect(host.page.locator('[data-wrong="sku"]')).not_to_be_empty()
    expect(host.part("drop").get_by_role("button").last).to_have_attribute("aria-disabled", "true")


def test_an_answer_that_was_lost_uses_up_no_invitation(visit: Visit, shop: RunningShop) -> None:
    visitor = visit()
    link = invitation(shop, "host")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    visitor.watch.expect("net::ERR_FAILED")
    visitor.page.route("**/api/staff/enrol", lose, times=1)
    visitor.page.goto(link)
    visitor.button("staff.enrol").click()
    expect(visitor.part("away")).to_be_visible()
    visitor.button("staff.enrol").click()
    expect(visitor.part("said")).to_have_text(visitor.say("scripts.staff.done"))
    assert visitor.page.url == f"{visitor.origin}/staff/"
    other = visit()
    other.watch.expect("401")
    other.page.goto(link)
    other.button("staff.enrol").click()
    expect(other.part("said")).to_have_text(other.say("scripts.staff.invitation_over"))


def test_the_manager_invites_by_link_and_code_and_puts_a_device_out_in_the_middle_of_its_work(
    visit: Visit, shop: RunningShop
) -> None:
    manager = visit(size=PHONE)
    manager.page.goto(invitation(shop, "manager", "老罗头"))
    manager.button("staff.enrol").click()
    manager.page.get_by_label(manager.say("staff.name")).fill("小赵")
    manager.button("staff.make").click()
    expect(manager.part("said")).to_have_text(manager.say("scripts.staff.no_rooms"))
    expect(manager.part("every")).to_be_focused()
    manager.page.keyboard.press("Tab")
    manager.page.keyboard.press("Space")  # the first room, without a mouse
    manager.page.get_by_label(QUIET_NAME).check()
    manager.button("staff.make").click()
    expect(manager.part("made-code").locator("svg")).to_be_visible()
    link = manager.part("made-link").inner_text()
    newcomer = visit()
    newcomer.page.goto(link)
    newcomer.button("staff.enrol").click()
    newcomer.link("staff.opens").click()
    expect(newcomer.part("room")).to_be_enabled()
    expect(newcomer.part("room").locator("option")).to_have_text([FIRST_NAME, QUIET_NAME])
    manager.page.reload()
    listed = manager.part("devices").get_by_role("listitem").filter(has_text="小赵")
    expect(listed).to_contain_text(f"（{FIRST_NAME}")
    expect(listed).to_contain_text(f"{manager.say('scripts.staff.today')} · 再过 60 天")
    row = listed.get_by_role("button")
    row.click()
    row.click(delay=SLIP)
    newcomer.watch.expect("401")
    newcomer.page.wait_for_url("**/staff/")
    expect(newcomer.part("stranger")).to_be_visible()


def test_a_device_sees_and_works_in_its_own_room_alone(visit: Visit, shop: RunningShop) -> None:
    host = enrolled(visit(size=PHONE), shop, "host", rooms=(QUIET,))
    expect(host.part("room")).to_be_enabled()
    expect(host.part("room").locator("option")).to_have_text([QUIET_NAME])
    with pytest.raises(AssertionError, match=f"may act in {QUIET}, and this is {ROOM}"):
        host.call("PUT", f"/rooms/{ROOM}/showing", {"sku": FUNGUS})


def test_a_device_whose_rooms_are_gone_is_told(visit: Visit, shop: RunningShop) -> None:
    host = enrolled(visit(size=PHONE), shop, "host", rooms=("a-room-of-yesterday",))
    host.said("no_room")


def test_a_console_without_a_network_says_so_and_comes_back_by_itself(hire: Hire) -> None:
    host = hire(QUIET)
    host.pin(FUNGUS)
    host.visitor.watch.expect("net::ERR_INTERNET_DISCONNECTED")
    host.page.context.set_offline(True)
    host.visitor.button("host.unpin").click()
    host.said("away")
    expect(host.part("silent")).to_be_visible()
    host.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(host.part("silent")).to_be_in_viewport(ratio=1)
    expect(host.good(MORE)).to_be_disabled()
    expect(host.part("name")).to_have_text(host.good(FUNGUS).locator("b").inner_text())
    host.page.context.set_offline(False)
    expect(host.part("silent")).to_be_hidden()
    expect(host.part("said")).to_be_empty()
    host.pin(MORE)


@languages
def test_a_scan_off_air_lands_on_what_the_room_sells_and_on_when_it_is_on_air(visit: Visit, lang: str) -> None:
    reader = visit(lang=lang, size=WECHAT)
    reader.page.goto(f"{reader.origin}/q/{QUIET}")
    expect(reader.part("onair-head")).to_have_text(reader.say("room.silent"))
    reader.day_in("onair-stock")
    for name in ("price", "stock", "buy"):
        expect(reader.part(f"onair-{name}")).to_be_in_viewport(ratio=1)
    rows = reader.page.get_by_role("region", name=reader.say("room.goods"))
    expect(rows.locator(".card:not([hidden])").first).to_be_in_viewport()
    show = next(room.programme[0] for room in ROOMS if room.id == QUIET)
    expect(reader.part("next")).to_contain_text(times(show))
    address = f"{PREFIX[lang]}/rooms/{QUIET}/calendar.ics"
    assert reader.page.request.get(reader.origin + address).headers["content-type"] == "text/calendar; charset=utf-8"
    expect(reader.page.locator(f'a[href="{address}"]')).to_be_visible()
    reader.look_over()
    reader.part("onair-buy").click()
    expect(reader.button("product.now")).to_be_visible()


def test_an_offer_of_a_room_is_sold_on_its_page_before_the_show_and_nothing_moves(visit: Visit, shelf: Shelf) -> None:
    reader = visit(size=WECHAT)
    with shelf.drop("spicy-cabbage-500g", 5, room=QUIET):
        reader.open_without_a_move(f"/rooms/{QUIET}/")
        expect(reader.part("onair-head")).to_have_text(reader.say("scripts.room.offer"))
        expect(reader.part("onair-price")).to_have_text("¥24.90")
        expect(reader.part("onair-was")).to_have_text("¥29.90")
        expect(reader.part("onair-buy")).to_have_attribute("href", "/products/spicy-cabbage/#spicy-cabbage-500g")
        expect(reader.part("onair-buy")).to_be_in_viewport(ratio=1)


def test_a_room_says_what_is_on_and_what_its_last_shows_had(visit: Visit, hire: Hire) -> None:
    """What is pinned may be of the room or not: its frame has place for both, and no good is on the page twice."""
    host = hire(QUIET)
    host.call("POST", f"/staff/rooms/{QUIET}/show")
    reader = visit(lang="en", size=WECHAT)
    for sku, product, price in (("spicy-cabbage-500g", "spicy-cabbage", "¥29.90"), (FUNGUS, "black-fungus", "¥32.00")):
        host.pin(sku)
        assert eventually(lambda sku=sku: (host.call("GET", f"/rooms/{QUIET}")["showing"] or {}).get("sku") == sku, 5)
        reader.open_without_a_move(f"/rooms/{QUIET}/")
        expect(reader.part("onair-head")).to_contain_text(reader.say("scripts.room.live", time=""))
        expect(reader.part("onair-price")).to_have_text(price)
        reader.day_in("onair-stock")
        expect(reader.part("onair-buy")).to_have_attribute("href", f"/en/products/{product}/#{sku}")
        expect(reader.part("onair-buy")).to_be_in_viewport(ratio=1)
        paths = {"corn-noodles", "spicy-cabbage"} - {product}
        rows = reader.page.get_by_role("region", name=reader.say("room.goods")).get_by_role("link")
        expect(rows).to_have_count(len(paths))
    reader.open("/")
    on = reader.page.locator(f'[data-room="{QUIET}"] [data-part=on]')
    expect(on).to_have_text(re.compile("^Live: ¥32\\.00 "))  # a long name is cut, never the price
    host.tidy(QUIET)
    assert eventually(lambda: not host.call("GET", f"/rooms/{QUIET}")["showing"], 5)
    assert eventually(lambda: host.call("GET", f"/rooms/{QUIET}/shows")["shows"][0]["until"], 10)
    reader.open(f"/rooms/{QUIET}/")
    expect(reader.part("onair-head")).to_have_text(reader.say("room.silent"))
    expect(reader.part("onair-name")).to_contain_text("Corn noodles")
    expect(reader.part("shows")).to_be_visible()
    expect(reader.part("show-list").locator("li").first).to_contain_text("Black fungus")


@pytest.mark.parametrize(
    ("lang", "size"), [("zh", SIZES["phone"]), ("en", SIZES["desktop"])], ids=["zh-phone", "en-desktop"]
)
def test_the_pages_of_who_works_here_are_fit_for_everyone(
    visit: Visit, hire: Hire, shop: RunningShop, lang: str, size: Size
) -> None:
    host = hire(QUIET, lang=lang, size=size)
    host.pin(FUNGUS)
    for name in ("correcting", "dropping", "log"):
        host.part(name).locator("summary").click()
    host.visitor.look_over()
    manager = visit(lang=lang, size=size)
    manager.page.goto(invitation(shop, "manager"))
    manager.look_over()
    manager.part("enrol").click()
    expect(manager.part("manager")).to_be_visible()
    manager.look_over()
    wall = enrolled(visit(lang=lang, size=size), shop, "board", "大屏")
    expect(wall.part("rooms").get_by_role("row").first).to_be_visible()
    wall.visitor.look_over()
    stranger = visit(lang=lang, size=size)
    stranger.watch.expect("401")
    stranger.open("/host/")
    stranger.page.wait_for_url("**/staff/")
    expect(stranger.part("stranger")).to_be_visible()
    stranger.look_over()


def test_a_host_needs_no_mouse(hire: Hire) -> None:
    host = hire(QUIET)
    keys = host.page.keyboard
    host.good(FUNGUS).focus()
    keys.press("Enter")
    expect(host.good(FUNGUS)).to_have_attribute("aria-pressed", "true")
    expect(host.good(FUNGUS)).to_be_focused()
    host.part("correcting").locator("summary").focus()
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Space")
    host.said("corrected")
    host.part("sound").focus()
    keys.press("Space")
    expect(host.part("sound")).to_have_attribute("aria-pressed", "true")
