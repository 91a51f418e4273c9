"""From the scan to the paid order in as few steps as can be, on a small phone, and what makes the next time shorter."""

from contextlib import nullcontext

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shelf import Shelf
from tests.browser.helpers.shopper import PHONE, Shopper
from tests.browser.helpers.thumb import SMALL_WECHAT, Thumb

SCAN = "/q/cabbage-1/spicy-cabbage-500g"


def address_of(shopper: Shopper) -> str:
    return f"李秀英 {shopper.phone} 吉林省通化市集安市高台子村 {shopper.number} 号"


def buy(shopper: Shopper, pasted: str = "") -> Thumb:
    """Does exactly these taps, from the code of a room to the order that is paid."""
    thumb = Thumb()
    shopper.page.goto(f"{shopper.origin}{SCAN}")
    shopper.page.wait_for_load_state("networkidle")
    thumb.tap(shopper.part("now"))
    shopper.day_in("pay-day")
    if pasted:
        thumb.paste(shopper.field("paste"), pasted)
        expect(shopper.field("name")).to_have_value("李秀英")
    thumb.tap(shopper.part("order"))
    thumb.tap(shopper.button("sandbox.pay"))
    shopper.expect_state("paid")
    return thumb


@pytest.mark.parametrize("offer", [False, True], ids=["at the ordinary price", "in a live offer"])
def test_scan_to_paid_takes_four_taps_and_a_paste_the_first_time_and_three_taps_after_that(
    visit: Visit, shelf: Shelf, offer: bool
) -> None:
    with shelf.drop("spicy-cabbage-500g", 10, price=1990) if offer else nullcontext():
        buy_twice(visit, 1990 if offer else 2990)


def buy_twice(visit: Visit, price: int) -> None:
    shopper = visit(size=SMALL_WECHAT)
    urls: list[str] = []
    bodies: list[str] = []

    def note(request: Request) -> None:
        urls.append(request.url)
        if not request.url.endswith("/api/checkout"):
            bodies.append(request.post_data or "")

    shopper.page.on("request", note)
    first = buy(shopper, address_of(shopper))
    assert (first.taps, first.pastes) == (4, 1)
    assert shopper.order()["total"] == price
    assert "cunbo.addresses" not in shopper.page.evaluate("Object.keys(localStorage)"), "nobody has said so yet"
    shopper.button("order.offer_yes").click()
    second = buy(shopper)
    assert (second.taps, second.pastes) == (3, 0)
    assert shopper.order()["total"] == price
    expect(shopper.part("to-where")).to_have_text(f"吉林省 通化市 集安市 高台子村 {shopper.number} 号")
    expect(shopper.part("offer")).to_be_hidden()
    assert not any(word in text for word in (shopper.phone, "%E6%9D%8E") for text in urls), "in no address"
    assert not any(word in text for word in (shopper.phone, shopper.name) for text in bodies), "in no other request"


def test_the_first_screen_says_what_it_costs_when_it_ships_and_where_it_goes(visit: Visit) -> None:
    shopper = visit(size=SMALL_WECHAT)
    save(shopper, shopper.name)
    shopper.carry({"spicy-cabbage-500g": 1})
    shopper.day_in("pay-day")
    for name in ("lines", "total", "pay-total", "pay-day", "saved-who", "saved-where", "saved-change", "order"):
        expect(shopper.part(name)).to_be_in_viewport(ratio=1)
    shopper.look_over()


def save(shopper: Shopper, *names: str, street: str = "高台子村 1 号", used: str = "Date.now()") -> None:
    """Has this device keep the address of each, the first as the last used."""
    shopper.open("/order/")
    shopper.page.evaluate(
        f"""([names, phone, street]) => localStorage.setItem("cunbo.addresses", JSON.stringify(names.map((name) => ({{
          name, phone: "+86" + phone, region: ["吉林省", "通化市", "集安市"], street, email: "", used: {used},
        }}))))""",
        [names, shopper.phone, street],
    )


def names(shopper: Shopper) -> list[str]:
    kept: list[str] = shopper.page.evaluate(
        "JSON.parse(localStorage.getItem('cunbo.addresses') || '[]').map(({ name }) => name)"
    )
    return kept


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_saved_addresses_are_chosen_edited_and_deleted_and_the_last_used_comes_first(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    save(shopper, "李秀英", "王小明", "张三丰")
    shopper.carry({"spicy-cabbage-500g": 1})
    who, rows = shopper.part("saved-who"), shopper.part("saved-list").get_by_role("listitem")
    expect(who).to_have_text(f"李秀英 {shopper.phone[:3]}****{shopper.phone[-4:]}")
    expect(shopper.field("name")).to_be_hidden()
    shopper.button("checkout.saved_change").click()
    expect(rows).to_have_count(3)
    shopper.look_over()
    rows.nth(1).get_by_role("button", name=shopper.say("checkout.saved_use")).click()
    expect(who).to_contain_text("王小明")
    shopper.button("checkout.saved_change").click()
    drop = rows.nth(2).get_by_role("button").nth(2)
    drop.click()
    expect(drop).to_have_text(shopper.say("scripts.checkout.saved_sure"))
    assert len(names(shopper)) == 3
    shopper.page.wait_for_function("performance.now() > 0")
    drop.click(delay=500)
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_role("button", name=shopper.say("checkout.saved_edit")).click()
    shopper.field("name").fill("王小明")
    shopper.field("street").fill("高台子村 22 号")
    expect(shopper.part("remember").get_by_role("checkbox")).to_be_checked()
    shopper.day_in("pay-day")
    shopper.place()
    assert names(shopper) == ["王小明", "李秀英"], "the one that was edited, then what is left"
    assert shopper.page.evaluate("localStorage.getItem('cunbo.draft')") is None


def test_what_one_tab_forgets_is_forgotten_in_the_other_and_so_is_what_nobody_used_for_a_year(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    save(shopper, shopper.name)
    shopper.carry({"spicy-cabbage-500g": 1})
    expect(shopper.part("saved-card")).to_be_visible()
    shopper.page.locator("#note").fill("放门卫")
    assert shopper.phone not in shopper.page.evaluate("localStorage.getItem('cunbo.draft')"), "a saved one is no draft"
    other = shopper.page.context.new_page()
    other.goto(f"{shopper.origin}/orders/")
    forget = other.get_by_role("button", name=shopper.say("checkout.saved_forget"))
    forget.click()
    other.get_by_role("button", name=shopper.say("scripts.orders.saved_sure")).click(delay=500)
    expect(other.locator('[data-part="saved"]')).to_be_hidden()
    expect(shopper.part("saved")).to_be_hidden()
    expect(shopper.field("name")).to_have_value("")
    expect(shopper.page.locator("#note")).to_have_value("放门卫")
    assert shopper.phone not in shopper.page.evaluate("JSON.stringify(localStorage)")
    save(shopper, shopper.name, used="Date.now() - 366 * 86400000")
    shopper.open("/checkout/")
    expect(shopper.field("name")).to_be_visible()
    assert shopper.phone not in shopper.page.evaluate("JSON.stringify(localStorage)")


def test_a_tick_keeps_the_address_and_a_saved_one_that_the_shop_refuses_opens_its_field(
    visit: Visit, shelf: Shelf
) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    shopper.part("remember").get_by_role("checkbox").check()
    shopper.page.locator("#note").fill("下午送" * 67)
    shopper.part("order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.fault.note"))).to_be_visible()
    shopper.page.locator("#note").fill(" 下午送，\u200b放门卫 ")
    shopper.place()
    assert names(shopper) == [shopper.name]
    shopper.button("sandbox.pay").click()
    shopper.expect_state("paid")
    expect(shopper.part("note")).to_have_text("下午送，放门卫")
    save(shopper, shopper.name, street="x")
    shopper.carry({"spicy-cabbage-500g": 1})
    expect(shopper.part("saved-card")).to_be_visible()
    shopper.part("order").click()
    expect(shopper.page.get_by_text(shopper.say("scripts.checkout.fault.street"))).to_be_visible()
    expect(shopper.field("street")).to_be_focused()
    assert shelf.orders_for(shopper.name) == 1
