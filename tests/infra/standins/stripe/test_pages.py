"""The payer's screen, and which endpoints are told."""

from urllib.parse import urlencode, urlsplit

import pytest
from chalicelib.domain.payments.news import Money
from chalicelib.payments.port import Reply
from cunbo.standins.base import Request

from tests.functions.payments.contract import BACK, Bench
from tests.infra.standins.stripe.calls import make


def browse(bench: Bench, path: str, act: str = "", lang: str = "zh-CN") -> Reply:
    body = urlencode({"act": act}).encode() if act else b""
    request = Request("POST" if act else "GET", path, "", {"accept-language": lang}, body)
    reply: Reply = bench.stand_in.answer(request)
    return reply


@pytest.mark.parametrize(("lang", "words"), [("zh", "用银行卡付款"), ("en", "Pay by card")])
def test_the_page_shows_amount_and_title_and_leads_back_when_it_is_paid(lang: str, words: str) -> None:
    bench = make()
    bill = bench.bill(lang=lang, title="<b>辣白菜</b>")
    path = urlsplit(bench.begun(bill)["url"]).path
    text = browse(bench, path).body.decode()
    assert "¥59.80" in text
    assert words in text
    assert "&lt;b&gt;辣白菜" in text
    assert f'lang="{lang}"' in text
    assert browse(bench, path, "pay").headers["location"] == BACK
    assert isinstance(bench.provider.query(bill), Money)
    ended = browse(bench, path)
    assert (ended.status, BACK in ended.body.decode()) == (410, True)


def test_whoever_fails_can_try_again_and_whoever_leaves_comes_back_unpaid() -> None:
    bench = make()
    bill = bench.bill()
    path = urlsplit(bench.begun(bill)["url"]).path
    assert 'role="alert"' in browse(bench, path, "fail").body.decode()
    assert browse(bench, path, "leave").headers["location"] == BACK
    assert bench.provider.query(bill) is None
    assert browse(bench, path, "pay").status == 303
    assert browse(bench, "/c/pay/cs_none").status == 410


def test_an_event_goes_only_to_an_endpoint_that_wants_it() -> None:
    bench = make()
    bench.stand_in.events = ["checkout.session.expired"]
    with pytest.raises(ValueError, match="does not send"):
        bench.provider.check()
    bench.paid()
    bench.stand_in.deliver()
    assert bench.posted == []
