"""Who pays, and what they see."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.port import Declined
from cunbo.standins.base import Request

from tests.functions.payments.contract import BACK
from tests.infra.standins.wechat.calls import make, pressed


def test_a_browser_inside_wechat_comes_back_with_a_code_that_is_good_once_for_five_minutes() -> None:
    bench = make()

    def back(state: str = "pay") -> dict[str, str]:
        url = urlsplit(bench.provider.authorize_url(f"{BACK}?paid=1", state))
        reply = bench.stand_in.answer(Request("GET", url.path, url.query, {}, b""))
        assert reply.status == 302
        assert reply.headers["location"].startswith(f"{BACK}?paid=1&")
        return dict(parse_qsl(urlsplit(reply.headers["location"]).query))

    given = back()
    assert given["state"] == "pay"
    assert bench.provider.openid(given["code"]) == bench.stand_in.login.visitor
    for code in (given["code"], "x", ""):
        with pytest.raises(Declined):
            bench.provider.openid(code)
    old = back()["code"]
    bench.clock.go(minutes=5)
    with pytest.raises(Declined):
        bench.provider.openid(old)


@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "wx0"},
        {"scope": "snsapi_userinfo"},
        {"response_type": "x"},
        {"redirect_uri": "/order/"},
        {"state": "a.b"},
    ],
)
def test_wechat_leads_no_browser_back_that_was_sent_wrongly(changes: dict[str, str]) -> None:
    bench = make()
    url = urlsplit(bench.provider.authorize_url(BACK, "pay"))
    query = urlencode({**dict(parse_qsl(url.query)), **changes})
    assert bench.stand_in.answer(Request("GET", url.path, query, {}, b"")).status == 200
    assert bench.stand_in.login.codes == {}


@pytest.mark.parametrize(("lang", "button"), [("zh-CN", "立即支付"), ("en-GB", "Pay now")])
def test_whoever_pays_on_a_phone_sees_amount_and_title_and_comes_back(lang: str, button: str) -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_H5, title="<辣白菜>")
    url = urlsplit(bench.provider.offer(bill, bench.begun(bill), bench.clock())["url"])
    headers = {"referer": "https://shop.example/", "accept-language": lang}
    page = bench.stand_in.answer(Request("GET", url.path, url.query, headers, b""))
    for words in ("¥59.80", "&lt;辣白菜&gt;", button, bill.reference):
        assert words in page.body.decode()
    again = urlsplit(pressed(bench, page.body, "fail", lang).headers["location"])
    failed = bench.stand_in.answer(Request("GET", again.path, again.query, {"accept-language": lang}, b""))
    assert 'role="alert"' in failed.body.decode()
    assert 'role="alert"' not in page.body.decode()
    for act, paid in (("leave", 0), ("pay", 1)):
        back = pressed(bench, failed.body, act, lang)
        assert (back.status, back.headers["location"]) == (303, BACK)
        assert len(bench.stand_in.books) == paid
    later = bench.stand_in.answer(Request("GET", url.path, url.query, headers, b""))  # as by the browser's way back
    assert later.status == 400
    assert ("已经付过款" if lang.startswith("zh") else "This order is paid") in later.body.decode()
    assert f'href="{BACK}"' in later.body.decode()


@pytest.mark.parametrize("referer", [None, "https://elsewhere.example/", "x"])
def test_the_phones_page_opens_from_the_shops_own_page_alone(referer: str | None) -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_H5)
    url = urlsplit(bench.provider.offer(bill, bench.begun(bill), bench.clock())["url"])
    headers = {"referer": referer} if referer else {}
    assert bench.stand_in.answer(Request("GET", url.path, url.query, headers, b"")).status == 400


def test_a_code_is_scanned_by_a_phone_which_then_says_how_it_went() -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_NATIVE)
    code = bench.provider.offer(bill, bench.begun(bill), bench.clock())["code"]
    assert code.startswith("weixin://wxpay/bizpayurl?")
    home = bench.stand_in.answer(Request("GET", "/", "", {}, b"")).body.decode()
    [link] = re.findall(r'href="([^"]+)"', home)
    assert link == f"scan?{urlsplit(code).query}"
    page = bench.stand_in.answer(Request("GET", "/scan", urlsplit(code).query, {}, b""))
    left, paid = (pressed(bench, page.body, act) for act in ("leave", "pay"))
    assert "没有付款" in left.body.decode()
    assert "支付成功" in paid.body.decode()
    assert bench.moved("payment") == [bill.amount]
    assert "href" not in bench.stand_in.answer(Request("GET", "/", "", {}, b"")).body.decode()


def test_a_code_opens_no_page_of_a_phone_and_a_link_is_no_code() -> None:
    bench = make()
    for channel, path, name in (
        (Channel.WECHAT_NATIVE, "/cgi-bin/mmpayweb-bin/checkmweb", "prepay_id"),
        (Channel.WECHAT_H5, "/scan", "pr"),
    ):
        [handle] = bench.begun(bench.bill(channel)).values()
        token = urlsplit(handle).query.partition("&")[0].partition("=")[2]
        request = Request("GET", path, urlencode({name: token}), {"referer": BACK}, b"")
        assert bench.stand_in.answer(request).status == 400
    assert bench.stand_in.answer(Request("GET", "/elsewhere", "", {}, b"")).status == 404
