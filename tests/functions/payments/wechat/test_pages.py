"""What a browser is given to pay by, and how it says who pays."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.port import Away, Declined, KnowsPayer, Reply
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.functions.payments.wechat.merchant import BILL, NOW, OURS, wechat


def test_inside_wechat_the_browser_gets_what_the_bridge_takes_signed_without_a_call() -> None:
    provider, transport = wechat()
    offered = provider.offer(BILL, {"prepay_id": "wx1"}, NOW)
    assert offered.pop("action") == "wechat"
    message = f"wxapp\n{int(NOW.timestamp())}\n{offered['nonceStr']}\nprepay_id=wx1\n".encode()
    OURS.public_key().verify(base64.b64decode(offered.pop("paySign")), message, padding.PKCS1v15(), hashes.SHA256())
    assert offered == {
        "appId": "wxapp",
        "timeStamp": str(int(NOW.timestamp())),
        "nonceStr": offered["nonceStr"],
        "package": "prepay_id=wx1",
        "signType": "RSA",
    }
    assert transport.sent == []


def test_a_phone_gets_the_link_with_the_way_back_and_a_desktop_the_code() -> None:
    provider, _ = wechat()
    h5, native = (msgspec.structs.replace(BILL, channel=one) for one in (Channel.WECHAT_H5, Channel.WECHAT_NATIVE))
    url = provider.offer(h5, {"h5_url": "https://wx.tenpay.com/checkmweb?prepay_id=1&package=2"}, NOW)["url"]
    assert parse_qs(urlsplit(url).query) == {"prepay_id": ["1"], "package": ["2"], "redirect_url": [BILL.back]}
    assert provider.offer(native, {"code_url": "weixin://x"}, NOW) == {"action": "qr", "code": "weixin://x"}


@pytest.mark.parametrize("channel", [Channel.WECHAT_JSAPI, Channel.WECHAT_H5, Channel.WECHAT_NATIVE])
def test_nothing_is_offered_once_it_is_over_or_before_it_has_begun(channel: Channel) -> None:
    provider, _ = wechat()
    bill = msgspec.structs.replace(BILL, channel=channel)
    for handle, at in (({}, NOW), ({"prepay_id": "1", "h5_url": "2", "code_url": "3"}, bill.expires)):
        assert provider.offer(bill, handle, at) == {"action": "none"}


def test_a_merchant_without_h5_payments_offers_none() -> None:
    assert Channel.WECHAT_H5 in wechat()[0].channels
    assert wechat(h5=False)[0].channels == [Channel.WECHAT_JSAPI, Channel.WECHAT_NATIVE]


def test_a_browser_is_sent_to_wechat_and_back_with_a_code() -> None:
    provider, _ = wechat()
    assert isinstance(provider, KnowsPayer)
    url = urlsplit(provider.authorize_url(BILL.back, "pay1"))
    assert (url.netloc, url.path, url.fragment) == (
        "open.weixin.qq.com",
        "/connect/oauth2/authorize",
        "wechat_redirect",
    )
    assert {name: value for name, [value] in parse_qs(url.query).items()} == {
        "appid": "wxapp",
        "redirect_uri": BILL.back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "pay1",
    }
    for state in ("a-b", "a" * 129, "é"):
        with pytest.raises(ValueError, match="state"):
            provider.authorize_url(BILL.back, state)


def test_a_code_is_good_for_an_openid() -> None:
    provider, transport = wechat(Reply(200, {"content-type": "text/plain"}, b'{"openid": "o1", "access_token": "x"}'))
    assert provider.openid("c/1") == "o1"
    [(method, url, _, _)] = transport.sent
    assert (method, url.partition("?")[0]) == ("GET", "https://api.weixin.qq.com/sns/oauth2/access_token")
    assert {name: value for name, [value] in parse_qs(urlsplit(url).query).items()} == {
        "appid": "wxapp",
        "secret": "app-secret",
        "code": "c/1",
        "grant_type": "authorization_code",
    }


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (Reply(200, {}, b'{"errcode": 40029, "errmsg": "invalid code"}'), Declined),
        (Reply(200, {}, b'{"errcode": 40163, "errmsg": "code been used"}'), Declined),
        (Reply(200, {}, b'{"errcode": -1, "errmsg": "system error"}'), Away),
        (Reply(200, {}, b'{"errcode": 45011}'), Away),
        (Reply(200, {}, b'{"openid": ""}'), Away),
        (Reply(200, {}, b'{"openid": 5}'), Away),
        (Reply(200, {}, b"<html>"), Away),
        (Reply(200, {}, b'{"openid": "o1", "errcode": 40029}'), Declined),
        (Reply(502, {}, b"{}"), Away),
        (Reply(502, {}, b'{"errcode": 40029}'), Away),
        (Reply(502, {}, b'{"openid": "o1"}'), Away),
        (Away("slow"), Away),
    ],
)
def test_a_code_that_is_used_or_too_old_is_declined_and_a_busy_wechat_is_away(reply: Any, wanted: Any) -> None:
    provider, _ = wechat(reply)
    with pytest.raises(wanted) as raised:
        provider.openid("code-1")
    assert "app-secret" not in str(raised.value)
