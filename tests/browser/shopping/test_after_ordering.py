"""After the order: unpaid ones show wherever one goes, the page of one tells all of it, and it can be had again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import PHONE, PRODUCT, SIZES
from tests.browser.shopping.test_taps import SCAN


@pytest.mark.parametrize("lang", ["en"])
def test_an_unpaid_order_is_shown_wherever_one_goes_and_can_be_paid_there(visit: Visit, lang: str) -> None:
    shopper = visit(lang=lang, size=PHONE)
    shopper.go_to_checkout()
    shopper.place()
    words = re.compile(re.escape(shopper.say("scripts.unpaid.bar", count=1, minutes="|")).replace(r"\|", r"\d+"))
    told = shopper.page.get_by_text(words)
    for path in ("/", PRODUCT, "/rooms/cabbage-1/", "/orders/", "/cart/"):
        shopper.open(path)
        expect(told).to_be_visible()
    expect(shopper.page.get_by_text(shopper.say("cart_page.empty"))).to_be_hidden()
    shopper.look_over()
    shopper.open(PRODUCT)
    expect(told).to_be_visible()
    shopper.look_over()
    shopper.page.get_by_role("link", name=shopper.say("scripts.unpaid.pay"), exact=True).click()
    shopper.pay()
    shopper.open("/cart/")
    expect(shopper.page.get_by_text(shopper.say("cart_page.empty"))).to_be_visible()
    expect(told).to_be_hidden()


@pytest.mark.parametrize("hours", [-26, 26])
def test_an_unpaid_order_is_shown_whatever_the_phones_clock_says(visit: Visit, hours: int) -> None:
    shopper = visit(size=PHONE)
    shopper.page.add_init_script(f"""const real = Date;
      Date = class extends real {{
        constructor(...given) {{ super(...(given.length ? given : [real.now() + {hours * 3600000}])); }}
        static now() {{ return real.now() + {hours * 3600000}; }}
      }};""")
    shopper.go_to_checkout()
    shopper.place()
    shopper.open("/cart/")
    minutes = re.compile(shopper.say("scripts.unpaid.bar", count=1, minutes="1[0-5]"))
    expect(shopper.page.get_by_text(minutes)).to_be_visible()
    shopper.part("unpaid-here").get_by_role("link").click()
    expect(shopper.part("late")).to_be_hidden()
    shopper.link("sandbox.back").click()
    expect(shopper.part("countdown")).to_have_text(re.compile(r" 1[0-5] "))


def test_a_page_that_comes_back_as_it_was_left_shows_what_has_changed(visit: Visit) -> None:
    """As WeChat and Safari bring pages back: Chromium does so for nobody who drives it, so its event is made."""
    shopper = visit(size=PHONE)
    shopper.open("/cart/")
    expect(shopper.part("empty")).to_be_visible()
    back = "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    line = '[{"sku": "spicy-cabbage-500g", "quantity": 3, "price": 2990}]'
    shopper.page.evaluate(f"line => {{ localStorage.setItem('cunbo.cart', line); {back} }}", line)
    expect(shopper.part("count")).to_have_text("3")
    expect(shopper.part("total")).to_have_text("¥89.70")
    shopper.open("/checkout/")
    expect(shopper.part("total")).to_have_text("¥89.70")
    with shopper.page.expect_navigation():
        shopper.page.evaluate(f"localStorage.removeItem('cunbo.cart'); {back}")
    expect(shopper.part("empty")).to_be_visible()


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_a_paid_order_tells_all_of_it_and_can_be_bought_again(visit: Visit, lang: str, size: str) -> None:
    shopper = visit(lang=lang, size=SIZES[size])
    shopper.page.goto(f"{shopper.origin}{SCAN}")
    shopper.go_to_checkout(quantity=2)
    shopper.place()
    shopper.pay()
    order = shopper.order()
    expect(shopper.part("joy")).to_be_visible()
    expect(shopper.part("joy-words")).to_contain_text(shopper.day(order["ship_by"]))
    expect(shopper.part("to-who")).to_have_text(f"{shopper.name} {shopper.phone[:3]}****{shopper.phone[-4:]}")
    expect(shopper.part("to-where")).to_contain_text(f"高台子村 {shopper.number} 号")
    expect(shopper.part("room-link")).to_have_attribute("href", re.compile("/rooms/cabbage-1/$"))
    picture = shopper.part("lines").get_by_role("listitem").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(shopper.part("history").get_by_role("listitem")).to_have_count(3)
    expect(shopper.part("history").get_by_role("listitem").first).to_contain_text(shopper.day(order["ship_by"]))
    shopper.part("copy").click()
    expect(shopper.part("copied")).to_have_text(shopper.say("scripts.order.copied"))
    shopper.look_over()
    shopper.button("scripts.order.again").click()
    expect(shopper.part("total")).to_have_text("¥59.80")


def test_what_is_gone_is_said_where_it_is_bought_again_and_the_price_is_todays(visit: Visit) -> None:
    shopper = visit(size=PHONE)
    shopper.go_to_checkout()
    shopper.place()
    order = shopper.order() | {"state": "refunded"}
    order["lines"].append({**order["lines"][0], "sku": "gone-1kg", "name": "冻梨 1 公斤"})
    order["lines"][0]["unit_price"] = 1990

    shopper.tell_of_packs(lambda pack: pack | {"price": pack["price"] + 100})
    shopper.page.route("**/api/orders/*", lambda route: route.fulfill(json=order))
    shopper.link("sandbox.back").click()
    expect(shopper.part("lines")).to_contain_text("¥19.90")
    shopper.button("scripts.order.anew").click()
    expect(shopper.part("again-told")).to_contain_text(shopper.say("scripts.again.gone", names="冻梨 1 公斤"))
    shopper.part("again-told").get_by_role("link").click()
    expect(shopper.part("total")).to_have_text("¥30.90")


@pytest.mark.parametrize("lang", ["zh"])
def test_a_parcel_says_in_words_where_it_is_and_how_it_is_followed(visit: Visit, lang: str) -> None:
    """No test ships anything in the shop that others buy from, so the shop's answer is told here."""
    shopper = visit(lang=lang, size=PHONE)
    shopper.go_to_checkout()
    shopper.place()
    shopper.pay()
    order = shopper.order()
    link = "https://www.kuaidi100.com/chaxun?com=yuantong&nu=YT1234567890123"
    lines = [{"sku": order["lines"][0]["sku"], "quantity": 1}]
    sent = {"parcel": f"{order['order']}-1", "state": "underway", "lines": lines}
    sent |= {"carrier": "yto", "carrier_name": {"zh": "圆通速递", "en": "YTO Express"}}
    sent |= {"tracking_number": "YT1234567890123", "url": link}
    packed = {"parcel": f"{order['order']}-2", "state": "packed", "lines": lines}
    usual = {"from": "2026-12-03", "to": "2026-12-05"}
    told = order | {"state": "shipped", "shipments": [sent, packed], "arrives": usual}
    shopper.page.route("**/api/orders/*", lambda route: route.fulfill(json=told))
    shopper.page.reload()
    parcels = shopper.part("parcels").get_by_role("listitem")
    expect(parcels).to_have_count(2)
    first, second = parcels.all()
    for words in (shopper.say("scripts.parcels.state.underway"), {"zh": "圆通速递", "en": "YTO Express"}[lang]):
        expect(first).to_contain_text(words)
    expect(first).to_contain_text("YT1234567890123")
    expect(first).to_contain_text(f"1 × {order['lines'][0]['name']}")
    expect(first.get_by_role("link", name=shopper.say("order.track"))).to_have_attribute("href", link)
    days = {"zh": "12 月 3 日 – 12 月 5 日", "en": "3 December – 5 December"}[lang]
    expect(shopper.part("history")).to_contain_text(shopper.say("scripts.order.arrives", days=days))
    shopper.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first.get_by_role("button", name=shopper.say("order.copy_number")).click()
    expect(first.get_by_role("status")).to_have_text(shopper.say("scripts.parcels.copied"))
    assert shopper.page.evaluate("navigator.clipboard.readText()") == "YT1234567890123"
    expect(second).to_contain_text(shopper.say("scripts.parcels.state.packed"))
    expect(second.get_by_role("link")).to_have_count(0)
    shopper.look_over()
