"""The page on which somebody pays or leaves."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest
from chalicelib.payments.port import Reply
from cunbo.standins.alipay import signed_text
from cunbo.standins.base import Request

from tests.functions.payments.contract import BACK, Bench
from tests.infra.standins.alipay.calls import LINK, NUMBER, asked, call, make, open_link, verified


def press(bench: Bench, number: str, act: str, **headers: str) -> Reply:
    body = urlencode({"number": number, "act": act}).encode()
    return bench.stand_in.answer(Request("POST", "/cashier", "", headers, body))


@pytest.mark.parametrize(("lang", "button"), [("zh-CN", "确认付款"), ("en-US", "Pay now")])
def test_whoever_pays_sees_amount_and_title_and_comes_back_with_signed_words(lang: str, button: str) -> None:
    bench = make()
    content = {**LINK, "subject": "<b>辣白菜"}
    request = asked(bench, "alipay.trade.wap.pay", content, {"return_url": f"{BACK}?paid=1#top"})
    seen = bench.stand_in.answer(msgspec.structs.replace(request, method="GET", headers={"accept-language": lang}))
    page = seen.body.decode()
    assert "¥59.80" in page
    assert "&lt;b&gt;辣白菜" in page
    assert button in page
    assert "<script" not in page
    failed = press(bench, NUMBER, "fail")
    assert (failed.status, bench.stand_in.books) == (200, [])
    back = press(bench, NUMBER, "pay")
    address = urlsplit(back.headers["location"])
    assert (back.status, f"{address.scheme}://{address.netloc}{address.path}") == (302, BACK)
    fields = dict(parse_qsl(address.query))
    assert (fields.pop("paid"), address.fragment) == ("1", "top")
    sign = fields.pop("sign")
    fields.pop("sign_type")
    verified(bench.stand_in.keys[0].public_key(), sign, signed_text(fields).encode())
    assert fields["out_trade_no"] == NUMBER
    again = press(bench, NUMBER, "pay")  # twice is once
    assert again.status == 400
    assert f'href="{BACK}?paid=1#top"' in again.body.decode()
    assert bench.moved("payment") == [5980]


def test_whoever_leaves_comes_back_to_the_shop_unpaid_and_no_trade_was_made() -> None:
    bench = make()
    open_link(bench, {**LINK, "quit_url": "https://shop.example/left/"})
    assert press(bench, NUMBER, "leave").headers == {"location": "https://shop.example/left/"}
    assert call(bench, "alipay.trade.query", {"out_trade_no": NUMBER}) == "ACQ.TRADE_NOT_EXIST"
    assert press(bench, "unknown", "pay").status == 400
