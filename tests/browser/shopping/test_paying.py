"""Paying by real providers' stand-ins: each way on phone and desktop, as WeChat and as Safari say who they are."""

import io
import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import zxingcpp
from cunbo.standins.base import Misbehaviour
from cunbo.standins.server import StandIns
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.helpers.shopper import DESKTOP, PHONE, Shopper, reach
from tests.conftest import RunningShop

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
AGENTS = {
    "desktop": None,
    "safari": f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1",
    "wechat": f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.50(0x1800323d) NetType/WIFI Language/zh_CN",
}
BRIDGE = """window.WeixinJSBridge = {
  invoke: (name, wanted, told) => window.sheet(name, wanted).then((said) => told({ err_msg: said })),
};"""
"""WeChat's own sheet, which stands over the page; `sheet` is the payer."""


@pytest.fixture
def stand_ins(shop: RunningShop) -> Iterator[StandIns]:
    """The stand-ins, which behave again afterwards."""
    assert shop.stand_ins
    yield shop.stand_ins
    for server in shop.stand_ins.servers.values():
        server.how = server.stand_in.post.how = Misbehaviour()


def visit_as(visit: Visit, stand_ins: StandIns, where: str, lang: str = "zh") -> Shopper:
    """Somebody with that browser, who may be led to providers."""
    shopper = visit(lang=lang, size=DESKTOP if where == "desktop" else PHONE, user_agent=AGENTS[where])
    shopper.watch.also = tuple(f"{server.stand_in.base_url}/" for server in stand_ins.servers.values())
    return shopper


def method(shopper: Shopper, name: str) -> Any:
    """The choice of a method, on whichever page."""
    return shopper.page.get_by_role("radio", name=shopper.say(f"scripts.methods.name.{name}"))


def order_by(shopper: Shopper, name: str) -> None:
    """Orders a jar, to be paid by this method."""
    shopper.go_to_checkout()
    method(shopper, name).check()
    shopper.button("checkout.order").click()


def press(page: Page, act: str) -> None:
    """On a provider's page: pays, fails or leaves."""
    page.locator(f'button[name="act"][value="{act}"]').click()


def paid_once(shopper: Shopper, stand_ins: StandIns, name: str) -> str:
    """Waits until the order's page says that it is paid; fails where the provider took money more than once, or where
    the address is not the order's own again. Answers the order's number.
    """
    shopper.expect_state("paid")
    expect(shopper.part("joy")).to_be_visible()
    expect(shopper.part("pay-row")).to_be_hidden()
    order = shopper.order()
    assert order["refunds"] == []
    taken = [one for one in stand_ins[name].books if one.reference.startswith(order["order"])]
    assert [(one.kind, one.amount) for one in taken] == [("payment", order["total"])]
    assert not re.search(r"\?|paid=|code=", shopper.page.url)
    return str(order["order"])


@pytest.mark.parametrize(
    ("name", "where"), [("alipay", "desktop"), ("wechat", "safari"), ("stripe", "safari"), ("stripe", "wechat")]
)
def test_a_providers_page_leads_back_to_the_order_which_is_paid_once(
    visit: Visit, stand_ins: StandIns, name: str, where: str
) -> None:
    shopper = visit_as(visit, stand_ins, where)
    seen: list[str] = []
    shopper.page.on("request", lambda request: seen.append(f"{request.url} {request.headers.get('referer', '')}"))
    order_by(shopper, name)
    press(shopper.page, "pay")
    paid_once(shopper, stand_ins, name)
    token = shopper.page.url.partition(".")[2].rpartition(".")[2]
    assert len(token) > 20
    assert not [one for one in seen if token in one.partition("#")[0]], "an order's token got into an address"


def test_left_failed_and_begun_again_alipay_is_paid_once_and_no_way_back_leads_astray(
    visit: Visit, stand_ins: StandIns
) -> None:
    shopper = visit_as(visit, stand_ins, "safari")
    shopper.watch.expect("400")  # what has been paid cannot be paid again
    order_by(shopper, "alipay")
    press(shopper.page, "leave")
    expect(shopper.part("pay-told")).to_have_text(shopper.say("scripts.paying.waiting"))
    shopper.expect_state("awaiting_payment")
    expect(method(shopper, "alipay")).to_be_checked()
    shopper.look_over()
    shopper.part("pay").click()
    press(shopper.page, "fail")
    expect(shopper.page.get_by_role("alert")).to_be_visible()
    shopper.page.go_back()
    shopper.page.go_back()
    shopper.expect_state("awaiting_payment")
    tab = Shopper(shopper.page.context.new_page(), shopper.watch, shopper.origin, shopper.lang)
    tab.page.goto(shopper.page.url)
    tab.expect_state("awaiting_payment")
    tab.part("pay").click()
    press(tab.page, "pay")
    paid_once(tab, stand_ins, "alipay")
    shopper.page.bring_to_front()
    number = paid_once(shopper, stand_ins, "alipay")
    tab.page.go_back()
    tab.page.go_forward()
    paid_once(tab, stand_ins, "alipay")
    tab.open(f"/order/?paid={number}&out_trade_no={number}_1&sign=a%2Bb%3D&trade_no=1")
    assert paid_once(tab, stand_ins, "alipay") == number


def test_a_code_is_drawn_scanned_and_paid_while_the_page_waits_also_in_a_second_tab(
    visit: Visit, stand_ins: StandIns
) -> None:
    shopper = visit_as(visit, stand_ins, "desktop", lang="en")
    order_by(shopper, "wechat")
    expect(shopper.part("qr")).to_be_visible()
    shopper.look_over()
    tab = Shopper(shopper.page.context.new_page(), shopper.watch, shopper.origin, shopper.lang)
    tab.page.goto(shopper.page.url)
    expect(tab.part("qr")).to_be_visible()
    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(tab.part("qr").screenshot())))
    method(tab, "alipay").check()
    expect(tab.part("qr")).to_be_hidden()
    method(tab, "wechat").check()
    expect(tab.part("qr")).to_be_visible()
    handle = read.text.partition("pr=")[2]
    scanner = visit_as(visit, stand_ins, "wechat")
    scanner.page.goto(f"{stand_ins['wechat'].base_url}/scan?pr={handle}")
    press(scanner.page, "pay")
    paid_once(tab, stand_ins, "wechat")
    shopper.page.bring_to_front()
    paid_once(shopper, stand_ins, "wechat")


def on_the_sheet(shopper: Shopper, stand_ins: StandIns, *acts: str) -> None:
    """Has the payer do this, one after the other, each time WeChat shows its sheet."""
    left = iter(acts)

    def sheet(name: str, wanted: dict[str, str]) -> str:
        assert name == "getBrandWCPayRequest"
        body = json.dumps({**wanted, "act": next(left)}).encode()
        with urllib.request.urlopen(f"{stand_ins['wechat'].base_url}/bridge", body) as answer:
            return str(json.load(answer)["err_msg"])

    shopper.page.context.expose_function("sheet", sheet)
    shopper.page.context.add_init_script(BRIDGE)


def test_inside_wechat_its_sheet_is_asked_and_alipay_says_why_it_is_not(visit: Visit, stand_ins: StandIns) -> None:
    shopper = visit_as(visit, stand_ins, "wechat")
    on_the_sheet(shopper, stand_ins, "leave", "fail", "pay")
    shopper.go_to_checkout()
    expect(method(shopper, "wechat")).to_be_checked()
    expect(method(shopper, "alipay")).to_be_disabled()
    expect(shopper.part("method-list")).to_contain_text(shopper.say("scripts.methods.why.open_in_browser"))
    shopper.look_over()
    shopper.button("checkout.order").click()
    expect(shopper.part("pay-told")).to_have_text(shopper.say("scripts.paying.left"))
    address = shopper.page.url
    shopper.part("pay").click()
    expect(shopper.part("pay-told")).to_have_text(shopper.say("scripts.paying.failed"))
    shopper.part("pay").click()
    paid_once(shopper, stand_ins, "wechat")
    shopper.page.go_back()
    assert shopper.page.url != address, "asking who pays leaves nothing to come back to"
    shopper.page.go_forward()
    paid_once(shopper, stand_ins, "wechat")


@pytest.mark.parametrize(("name", "where"), [("wechat", "wechat"), ("alipay", "desktop")])
def test_an_order_whose_link_is_opened_in_another_browser_is_paid_there(
    visit: Visit, stand_ins: StandIns, name: str, where: str
) -> None:
    buyer, other = visit_as(visit, stand_ins, "safari"), visit_as(visit, stand_ins, where)
    buyer.go_to_checkout()
    buyer.place()
    other.open(f"/order/#{buyer.page.url.partition('#')[2]}")
    method(other, name).check()
    if where == "wechat":
        on_the_sheet(other, stand_ins, "pay")
    other.part("pay").click()
    if where != "wechat":
        press(other.page, "pay")
    paid_once(other, stand_ins, name)


def test_by_keyboard_what_cannot_be_paid_keeps_its_button_and_a_code_is_gone_to(
    visit: Visit, stand_ins: StandIns
) -> None:
    stand_ins.servers["stripe"].how = Misbehaviour(away=1)
    shopper = visit_as(visit, stand_ins, "desktop", lang="en")
    shopper.watch.expect("503")
    order_by(shopper, "stripe")
    away = shopper.say("scripts.paying.away", method=shopper.say("scripts.methods.name.stripe"))
    expect(shopper.part("pay-told")).to_have_text(away)
    expect(method(shopper, "stripe")).to_be_checked()
    expect(shopper.part("pay")).to_be_visible()
    expect(shopper.part("pay")).to_be_enabled()
    reach(shopper.part("pay"))
    with shopper.page.expect_response("**/pay"):
        shopper.page.keyboard.press("Enter")
    expect(shopper.part("pay")).to_be_enabled()
    expect(shopper.part("pay")).to_be_focused()
    method(shopper, "wechat").check()
    reach(shopper.part("pay"))
    shopper.page.keyboard.press("Enter")
    expect(shopper.part("qr")).to_be_focused()
    shopper.look_over()


def test_news_that_never_comes_is_asked_for_when_its_buyer_comes_back(visit: Visit, stand_ins: StandIns) -> None:
    stand_ins["stripe"].post.how = Misbehaviour(never=1)
    shopper = visit_as(visit, stand_ins, "desktop")
    order_by(shopper, "stripe")
    press(shopper.page, "pay")
    paid_once(shopper, stand_ins, "stripe")


def test_a_provider_that_is_away_costs_no_order_and_another_way_is_taken(visit: Visit, stand_ins: StandIns) -> None:
    stand_ins.servers["stripe"].how = Misbehaviour(away=1)
    shopper = visit_as(visit, stand_ins, "safari")
    shopper.watch.expect("503")
    order_by(shopper, "stripe")
    away = shopper.say("scripts.paying.away", method=shopper.say("scripts.methods.name.stripe"))
    expect(shopper.part("pay-told")).to_have_text(away)
    shopper.look_over()
    method(shopper, "alipay").check()
    shopper.part("pay").click()
    press(shopper.page, "pay")
    paid_once(shopper, stand_ins, "alipay")


def test_where_a_method_turns_out_not_to_work_another_is_chosen_and_who_comes_back_elsewhere_is_told(
    visit: Visit, stand_ins: StandIns
) -> None:
    shopper = visit_as(visit, stand_ins, "safari")
    shopper.watch.expect("409")
    problem = {"type": "/problems/not-now", "reason": "open_in_wechat"}
    shopper.page.route("**/pay", lambda route: route.fulfill(status=409, json=problem))
    order_by(shopper, "wechat")
    expect(method(shopper, "wechat")).to_be_disabled()
    expect(method(shopper, "sandbox")).to_be_checked()
    expect(shopper.part("pay-told")).to_contain_text(shopper.say("scripts.methods.why.open_in_wechat"))
    number = shopper.page.url.partition("#")[2].partition(".")[0]
    shopper.page.evaluate("localStorage.clear()")
    for end in ("", "#wechat_redirect"):
        shopper.open("/")
        shopper.open(f"/order/?paid={number}{end}")
        expect(shopper.page.get_by_text(shopper.say("order.elsewhere"))).to_be_visible()
        expect(shopper.page.get_by_text(shopper.say("order.wrong"))).to_be_hidden()
    shopper.look_over()
