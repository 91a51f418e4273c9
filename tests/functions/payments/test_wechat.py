"""WeChat Pay's client alone: the public vectors, what it signs, what it believes, and how it reads answers."""

import base64
import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, Progress, RefundNews
from chalicelib.payments import wechat_bill, wechat_gateway
from chalicelib.payments.port import Away, Bill, Declined, KnowsPayer, Payer, Reclaim, Reply
from chalicelib.payments.wechat import WechatPay
from chalicelib.payments.wechat_gateway import WechatGateway, WechatSettings
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = datetime(2026, 11, 24, 15, 58, 30, tzinfo=UTC)  # a minute and a half before midnight in the village
VECTORS = json.loads((Path(__file__).parent / "wechat_vectors.json").read_text(encoding="utf-8"))
OURS, THEIRS, NEWER, STRANGER = (rsa.generate_private_key(65537, 2048) for _ in range(4))
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
NONE = serialization.NoEncryption()
CERTIFICATE, KEY_ID = "5157F09EFDC096DE15EBE81A47057A72FFFFFFFF", "PUB_KEY_ID_0119000000012024101000000001"
APIV3 = "k" * 32
REFERENCE = "1" * 20 + "_1"
HOSTS = ("https://api.mch.weixin.qq.com", "https://api2.mch.weixin.qq.com")


def private(key: Any) -> str:
    return key.private_bytes(PEM, PKCS8, NONE).decode()


def public(key: Any) -> str:
    return key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


SETTINGS = WechatSettings(
    appid="wxapp",
    app_secret="app-secret",
    mchid="1900000001",
    serial="OWN",
    private_key=private(OURS),
    apiv3_key=APIV3,
    platform_keys={CERTIFICATE: public(THEIRS), KEY_ID: public(NEWER)},
)
BILL = Bill(
    reference=REFERENCE,
    channel=Channel.WECHAT_JSAPI,
    amount=5980,
    title="辣白菜+500g 100%",
    expires=NOW + timedelta(minutes=15),
    back="https://shop.example/order/?paid=1",
)
PAYER = Payer("203.0.113.9", "openid")
RECLAIM = Reclaim(key="k" * 24, reference=REFERENCE, payment="42", channel=BILL.channel, amount=980, total=5980)


def signed(key: rsa.RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def wrapped(body: bytes, key: Any = THEIRS, serial: str = CERTIFICATE, at: datetime = NOW) -> dict[str, str]:
    """The headers with which WeChat Pay signs a body."""
    stamp = str(int(at.timestamp()))
    return {
        "wechatpay-timestamp": stamp,
        "wechatpay-nonce": "nonce",
        "wechatpay-serial": serial,
        "wechatpay-signature": signed(key, f"{stamp}\nnonce\n".encode() + body + b"\n"),
    }


def answer(status: int = 200, fields: Any = None, **how: Any) -> Reply:
    body = b"" if fields is None else json.dumps(fields, ensure_ascii=False).encode()
    return Reply(status, wrapped(body, **how), body)


def refusal(status: int, code: str) -> Reply:
    return answer(status, {"code": code, "message": "x"})


class Canned:
    """A transport with prepared answers, the last again and again; an exception is raised."""

    def __init__(self, *answers: Reply | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str, Mapping[str, str], bytes]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        self.sent.append((method, url, headers, body))
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(found, Exception):
            raise found
        return found


def wechat(*answers: Reply | Exception, at: datetime = NOW, **changes: Any) -> tuple[WechatPay, Canned]:
    transport = Canned(*answers or (answer(200, {}),))
    settings = msgspec.structs.replace(SETTINGS, **changes)
    return WechatPay(settings, transport, "https://shop.example/events", lambda: at), transport


def gateway(**changes: Any) -> WechatGateway:
    return wechat(**changes)[0].gateway


def sealed(plain: bytes, extra: str = "transaction", key: str = APIV3) -> dict[str, str]:
    nonce = "n" * 12
    text = base64.b64encode(AESGCM(key.encode()).encrypt(nonce.encode(), plain, extra.encode())).decode()
    return {"algorithm": "AEAD_AES_256_GCM", "ciphertext": text, "nonce": nonce, "associated_data": extra}


PAID = {
    "appid": "wxapp",
    "mchid": "1900000001",
    "out_trade_no": REFERENCE,
    "transaction_id": "42",
    "trade_state": "SUCCESS",
    "success_time": "2026-11-24T23:58:00+08:00",
    "amount": {"total": 5980, "payer_total": 5980, "currency": "CNY", "payer_currency": "CNY"},
}
MONEY = Money(
    event="e1", reference=REFERENCE, payment="42", amount=5980, currency="CNY", at=NOW - timedelta(seconds=30)
)
BACK = {
    "mchid": "1900000001",
    "out_trade_no": REFERENCE,
    "transaction_id": "42",
    "out_refund_no": RECLAIM.key,
    "refund_id": "50",
    "status": "PROCESSING",
    "amount": {"refund": 980, "total": 5980, "payer_refund": 900, "payer_total": 5000, "currency": "CNY"},
}


def notification(plain: Any = None, kind: str = "TRANSACTION.SUCCESS", **changes: Any) -> bytes:
    resource = sealed(json.dumps(PAID if plain is None else plain).encode())
    fields = {"id": "e1", "event_type": kind, "summary": "支付成功", "resource": resource, **changes}
    return json.dumps(fields, ensure_ascii=False).encode()


# ---- The public vectors


def test_the_public_case_of_a_signature_fits_its_certificate() -> None:
    case = VECTORS["rsa"]
    key = gateway(platform_keys={case["serial"]: case["certificate"]})._public()[case["serial"]]
    signature = base64.b64decode(case["signature"])
    key.verify(signature, case["message"].encode(), padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        key.verify(signature, b"wrong source", padding.PKCS1v15(), hashes.SHA256())


def test_the_public_notification_is_believed_and_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    case = VECTORS["notification"]
    reader = gateway(platform_keys={case["serial"]: case["certificate"]}, apiv3_key=case["key"])
    at = datetime.fromtimestamp(int(case["headers"]["Wechatpay-Timestamp"]), UTC)
    reader.verify(case["headers"], case["body"].encode(), at)
    resource = json.loads(case["body"])["resource"]
    with pytest.raises(Malformed):  # its key has 16 bytes, and ours may not
        reader.opened(resource)
    monkeypatch.setattr(wechat_gateway, "KEY_BYTES", 16)
    assert reader.opened(resource) == json.loads(case["plaintext"])
    provider = WechatPay(reader.settings, Canned(answer()), "", lambda: at)
    assert provider.read(case["headers"], case["body"].encode(), at) == []  # it is about no payment


def test_the_public_case_of_aes_is_refused_for_its_short_key() -> None:
    case = VECTORS["aes"]
    resource = {**sealed(b"{}"), **{name: case[name] for name in ("ciphertext", "nonce", "associated_data")}}
    with pytest.raises(Malformed):
        gateway(apiv3_key=case["key"]).opened(resource)


@pytest.mark.parametrize("extra", ["transaction", "", None])
def test_a_case_of_aes_with_32_bytes_is_opened_with_and_without_more_that_is_signed(extra: str | None) -> None:
    case = VECTORS["aes256"]
    resource = {**sealed(b"{}"), "nonce": case["nonce"], "ciphertext": case["ciphertexts"][extra or ""]}
    resource["associated_data"] = extra  # type: ignore[assignment]
    assert gateway(apiv3_key=case["key"]).opened(resource) == json.loads(case["plaintext"])


# ---- News


def test_a_notification_is_money_whatever_the_case_of_its_headers() -> None:
    provider, _ = wechat()
    body = notification()
    for headers in (wrapped(body), {name.title(): value for name, value in wrapped(body).items()}):
        assert provider.read(headers, body, NOW) == [MONEY]


@pytest.mark.parametrize(("seconds", "believed"), [(299, True), (-299, True), (301, False), (-301, False)])
def test_a_replay_after_five_minutes_is_refused_and_a_clock_may_go_wrong_by_less(seconds: int, believed: bool) -> None:
    provider, _ = wechat()
    body = notification()
    if believed:
        assert provider.read(wrapped(body), body, NOW + timedelta(seconds=seconds))
    else:
        with pytest.raises(Unauthorized):
            provider.read(wrapped(body), body, NOW + timedelta(seconds=seconds))


def test_keys_of_a_certificate_and_of_an_id_are_believed_side_by_side_and_no_others() -> None:
    provider, _ = wechat()
    body = notification()
    for key, serial in ((THEIRS, CERTIFICATE), (NEWER, KEY_ID), (THEIRS, CERTIFICATE.lower())):
        assert provider.read(wrapped(body, key, serial), body, NOW)
    for key, serial in (
        (NEWER, CERTIFICATE),
        (THEIRS, KEY_ID),
        (STRANGER, CERTIFICATE),
        (THEIRS, "F" * 40),
        (OURS, "OWN"),
    ):
        with pytest.raises(Unauthorized):
            provider.read(wrapped(body, key, serial), body, NOW)


@pytest.mark.parametrize("name", ["timestamp", "nonce", "serial", "signature"])
@pytest.mark.parametrize("value", [None, "", "x", "1e9", "-1", "9" * 40, "é"])
def test_no_header_of_the_signature_can_be_missing_or_another(name: str, value: str | None) -> None:
    provider, _ = wechat()
    body = notification()
    headers = {**wrapped(body), f"wechatpay-{name}": value}
    with pytest.raises(Unauthorized):
        provider.read({key: text for key, text in headers.items() if text is not None}, body, NOW)


@settings(deadline=None)  # each case signs and verifies
@given(st.data())
def test_no_bit_of_a_notification_can_be_changed(data: st.DataObject) -> None:
    provider, _ = wechat()
    body = bytearray(notification())
    headers = wrapped(bytes(body))
    bit = data.draw(st.integers(0, 8 * len(body) - 1))
    body[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unauthorized):
        provider.read(headers, bytes(body), NOW)


def test_the_probe_with_a_false_signature_is_refused() -> None:
    provider, _ = wechat()
    body = notification()
    headers = wrapped(body)
    headers["wechatpay-signature"] = "WECHATPAY/SIGNTEST/" + headers["wechatpay-signature"][19:]
    with pytest.raises(Unauthorized):
        provider.read(headers, body, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        notification(id=None),
        notification(resource=None),
        notification(resource={}),
        notification(resource={**sealed(b"{}"), "algorithm": "NONE"}),
        notification(resource={**sealed(b"{}"), "nonce": "m" * 12}),
        notification(resource={**sealed(b"{}"), "nonce": ""}),
        notification(resource={**sealed(b"{}"), "associated_data": ""}),
        notification(resource={**sealed(b"{}"), "ciphertext": "!"}),
        notification(resource={**sealed(b"{}"), "ciphertext": ""}),
        notification(resource=sealed(b"{}", key="x" * 32)),
        notification(resource=sealed(b"[]")),
        notification(resource=sealed(b"\xff")),
        *(
            notification({**PAID, "amount": {"total": total, "currency": "CNY"}})
            for total in (None, "5980", 59.8, True)
        ),
        notification({**PAID, "amount": 5980}),
        notification({**PAID, "transaction_id": None}),
        notification({**PAID, "transaction_id": ""}),
        notification({**BACK, "refund_status": "?"}, "REFUND.SUCCESS"),
        notification({**BACK, "refund_status": "SUCCESS", "amount": {}}, "REFUND.SUCCESS"),
    ],
)
def test_signed_news_in_another_form_is_malformed(body: bytes) -> None:
    provider, _ = wechat()
    with pytest.raises(Malformed):
        provider.read(wrapped(body), body, NOW)


@pytest.mark.parametrize("changes", [{"mchid": "1900000002"}, {"appid": "other"}, {"mchid": None}, {"appid": None}])
def test_news_for_another_merchant_or_app_is_refused(changes: dict[str, Any]) -> None:
    provider, _ = wechat()
    body = notification({**PAID, **changes})
    with pytest.raises(Unauthorized):
        provider.read(wrapped(body), body, NOW)


def test_news_of_refunds_says_how_they_went_and_is_no_payment() -> None:
    provider, _ = wechat()
    for status, progress in (("SUCCESS", Progress.DONE), ("ABNORMAL", Progress.HAND), ("CLOSED", Progress.FAILED)):
        body = notification({**BACK, "refund_status": status}, f"REFUND.{status}")
        [told] = provider.read(wrapped(body), body, NOW)
        assert told == RefundNews(
            event="e1",
            key=RECLAIM.key,
            amount=980,
            progress=progress,
            payment="42",
            reference=REFERENCE,
            refund="50",
            detail="ABNORMAL" if status == "ABNORMAL" else "",
        )


def test_news_of_other_things_and_of_states_without_money_means_nothing() -> None:
    provider, _ = wechat()
    for body in (notification(kind="PAYSCORE.USER_OPEN_SERVICE"), notification({**PAID, "trade_state": "REFUND"})):
        assert provider.read(wrapped(body), body, NOW) == []


def test_a_coupon_is_booked_by_the_total_and_another_currency_is_told() -> None:
    provider, _ = wechat()
    for amount, wanted in (
        ({"total": 5980, "payer_total": 4980, "currency": "CNY"}, (5980, "CNY")),
        ({"total": 700, "currency": "USD"}, (700, "USD")),
        ({"total": 5980}, (5980, "CNY")),
    ):
        body = notification({**PAID, "amount": amount})
        [money] = provider.read(wrapped(body), body, NOW)
        assert isinstance(money, Money)
        assert (money.amount, money.currency) == wanted


def test_what_it_wants_to_hear_is_an_empty_204() -> None:
    assert wechat()[0].heard == Reply(204, {}, b"")


# ---- What it sends


def sent(transport: Canned) -> tuple[str, str, Any, dict[str, str]]:
    """The one call: its method, its path, what it says, and the parts of its signature, which fits."""
    [(method, url, headers, body)] = transport.sent
    path = url.removeprefix(HOSTS[0])
    assert (body == b"") == (method == "GET")
    scheme, _, rest = headers["authorization"].partition(" ")
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    parts = dict(part.split("=", 1) for part in rest.split(","))
    given = {name: value.strip('"') for name, value in parts.items()}
    message = f"{method}\n{path}\n{given['timestamp']}\n{given['nonce_str']}\n".encode() + body + b"\n"
    OURS.public_key().verify(base64.b64decode(given["signature"] + "=="), message, padding.PKCS1v15(), hashes.SHA256())
    assert (given["mchid"], given["serial_no"]) == ("1900000001", "OWN")
    assert given["timestamp"] == str(int(NOW.timestamp()))
    return method, path, json.loads(body) if body else None, dict(headers)


ASKED = {
    "appid": "wxapp",
    "mchid": "1900000001",
    "description": "辣白菜+500g 100%",
    "out_trade_no": REFERENCE,
    "time_expire": "2026-11-25T00:13:30+08:00",
    "notify_url": "https://shop.example/events",
    "amount": {"total": 5980, "currency": "CNY"},
}


@pytest.mark.parametrize(
    ("channel", "place", "handle", "more", "minutes"),
    [
        (Channel.WECHAT_JSAPI, "jsapi", "prepay_id", {"payer": {"openid": "openid"}}, 15),
        (
            Channel.WECHAT_H5,
            "h5",
            "h5_url",
            {"scene_info": {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "Wap"}}},
            4,
        ),
        (Channel.WECHAT_NATIVE, "native", "code_url", {}, 15),
    ],
)
def test_a_payment_is_asked_for_as_the_page_of_its_channel_says(
    channel: Channel, place: str, handle: str, more: dict[str, Any], minutes: int
) -> None:
    provider, transport = wechat(answer(200, {handle: "h"}))
    begun = provider.begin(msgspec.structs.replace(BILL, channel=channel), PAYER)
    assert sent(transport)[:3] == ("POST", f"/v3/pay/transactions/{place}", {**ASKED, **more})
    payer = {"payer": PAYER.name} if place == "jsapi" else {}
    assert (begun.handle, begun.until) == ({handle: "h", **payer}, NOW + timedelta(minutes=minutes))


def test_answers_are_asked_for_by_the_newest_public_key_and_by_none_where_there_are_only_certificates() -> None:
    newest = KEY_ID[:-1] + "2"
    for keys, wanted in (
        (SETTINGS.platform_keys, KEY_ID),
        ({**SETTINGS.platform_keys, newest: public(NEWER)}, newest),
        ({CERTIFICATE: public(THEIRS)}, None),
    ):
        provider, transport = wechat(answer(200, {"prepay_id": "h"}), platform_keys=keys)
        provider.begin(BILL, PAYER)
        assert sent(transport)[3].get("wechatpay-serial") == wanted


@pytest.mark.parametrize(
    ("changes", "payer"),
    [
        ({}, Payer("203.0.113.9")),
        ({"channel": Channel.WECHAT_H5}, Payer(openid="openid")),
        ({"currency": "USD"}, PAYER),
    ],
)
def test_what_a_channel_cannot_take_is_declined_without_asking(changes: dict[str, Any], payer: Payer) -> None:
    provider, transport = wechat()
    with pytest.raises(Declined):
        provider.begin(msgspec.structs.replace(BILL, **changes), payer)
    assert transport.sent == []


@pytest.mark.parametrize("first", [Away("slow"), Reply(500, {}, b""), refusal(502, "SYSTEM_ERROR")])
def test_where_the_first_host_does_not_answer_the_spare_one_is_asked_once(first: Any) -> None:
    provider, transport = wechat(first, answer(200, {"prepay_id": "h"}))
    assert provider.begin(BILL, PAYER).handle["prepay_id"] == "h"
    assert [url.split("/v3")[0] for _, url, _, _ in transport.sent] == [*HOSTS]
    assert len({body for *_, body in transport.sent}) == 1
    provider, transport = wechat(first)
    with pytest.raises(Away):
        provider.begin(BILL, PAYER)
    assert len(transport.sent) == 2


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (Reply(200, {}, b'{"prepay_id": "h"}'), Away),
        (answer(200, {"prepay_id": "h"}, key=STRANGER), Away),
        (answer(200, {"prepay_id": "h"}, serial="F" * 40), Away),
        (answer(200, {"prepay_id": "h"}, at=NOW - timedelta(seconds=301)), Away),
        (answer(200, {"prepay_id": ""}), Away),
        (answer(200, {"prepay_id": 1}), Away),
        (answer(200, {}), Away),
        (answer(200, []), Away),
        (Reply(200, wrapped(b"\xff"), b"\xff"), Away),
        (refusal(429, "FREQUENCY_LIMITED"), Away),
        (refusal(429, "TOO_MANY"), Away),
        (refusal(400, "SYSTEM_ERROR"), Away),
        (Reply(404, {}, b"<html>"), Away),
        (Reply(403, {}, b""), Away),
        (Reply(302, {}, b""), Away),
        (answer(400, {"code": "INVALID_REQUEST"}, key=STRANGER), Away),
        (refusal(400, "INVALID_REQUEST"), Declined),
        (Reply(401, {}, b'{"code": "SIGN_ERROR", "message": "x"}'), Declined),
    ],
)
def test_an_answer_is_believed_by_its_signature_alone(reply: Reply, wanted: type[Exception]) -> None:
    provider, transport = wechat(reply)
    with pytest.raises(wanted):
        provider.begin(BILL, PAYER)
    assert len(transport.sent) == 1


def test_what_is_told_of_a_failed_call_has_its_place_and_nothing_of_its_query() -> None:
    for reply in (Reply(500, {}, b""), Reply(200, {}, b"{}"), Reply(403, {}, b"")):
        with pytest.raises(Away) as raised:
            wechat(reply)[0].query(BILL)
        assert f"/v3/pay/transactions/out-trade-no/{REFERENCE}:" in str(raised.value)
        assert "1900000001" not in str(raised.value)


# ---- What the browser is given


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


# ---- Who pays


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


# ---- Asking and closing


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (answer(200, PAID), Money),
        (answer(200, {**PAID, "trade_state": "REFUND"}), Money),
        (answer(200, {**PAID, "trade_state": "NOTPAY"}), None),
        (answer(200, {**PAID, "trade_state": "USERPAYING"}), None),
        (answer(200, {**PAID, "trade_state": "PAYERROR"}), None),
        (answer(200, {**PAID, "trade_state": "CLOSED"}), Closed),
        (answer(200, {**PAID, "trade_state": "REVOKED"}), Closed),
        (refusal(404, "ORDER_NOT_EXIST"), None),
        (refusal(404, "ORDERNOTEXIST"), None),
    ],
)
def test_how_a_payment_stands(reply: Reply, wanted: type | None) -> None:
    provider, transport = wechat(reply)
    found = provider.query(BILL)
    assert type(found) is wanted if wanted else found is None
    assert sent(transport)[:3] == ("GET", f"/v3/pay/transactions/out-trade-no/{REFERENCE}?mchid=1900000001", None)
    if isinstance(found, Money):
        assert msgspec.structs.replace(found, event="e1") == MONEY


@pytest.mark.parametrize(
    "changes",
    [{"out_trade_no": "2" * 20 + "_1"}, {"mchid": "1"}, {"appid": "x"}, {"amount": {}}, {"amount": {"total": "5980"}}],
)
def test_an_answer_about_another_payment_is_not_believed(changes: dict[str, Any]) -> None:
    provider, _ = wechat(answer(200, {**PAID, **changes}))
    with pytest.raises(Away):
        provider.query(BILL)


def test_what_is_refused_for_another_reason_is_declined() -> None:
    for call in ("query", "close"):
        provider, _ = wechat(refusal(403, "NO_AUTH"))
        with pytest.raises(Declined, match="NO_AUTH"):
            getattr(provider, call)(BILL, *([{}] if call == "close" else []))


@pytest.mark.parametrize("code", ["ORDER_CLOSED", "ORDERCLOSED"])
def test_closing_the_closed_is_done(code: str) -> None:
    assert isinstance(wechat(answer(204))[0].close(BILL, {}), Closed)
    assert isinstance(wechat(refusal(400, code))[0].close(BILL, {}), Closed)


@pytest.mark.parametrize("code", ["ORDERPAID", "ORDER_PAID", "INVALID_REQUEST"])
def test_a_close_that_is_refused_finds_the_money(code: str) -> None:
    provider, transport = wechat(refusal(400, code), answer(200, PAID))
    found = provider.close(BILL, {})
    assert isinstance(found, Money)
    assert [url.removeprefix(HOSTS[0]).partition("?")[0] for _, url, _, _ in transport.sent] == [
        f"/v3/pay/transactions/out-trade-no/{REFERENCE}{end}" for end in ("/close", "")
    ]


def test_what_is_too_young_to_be_closed_is_tried_again_and_is_over_when_nobody_can_pay_any_more() -> None:
    young = (refusal(400, "INVALID_REQUEST"), answer(200, {**PAID, "trade_state": "NOTPAY"}))
    assert wechat(*young)[0].close(BILL, {}) is None
    late = BILL.expires + timedelta(minutes=10)
    replies = [answer(reply.status, json.loads(reply.body), at=late) for reply in young]
    assert isinstance(wechat(*replies, at=late)[0].close(BILL, {}), Closed)


def test_what_wechat_pay_never_heard_of_is_over_when_nobody_can_pay_any_more() -> None:
    for call in ("close", "query"):
        for after, over in ((timedelta(), False), (timedelta(minutes=9), False), (timedelta(minutes=10), True)):
            at = BILL.expires + after
            provider, _ = wechat(answer(404, {"code": "ORDER_NOT_EXIST"}, at=at), at=at)
            found = provider.close(BILL, {}) if call == "close" else provider.query(BILL)
            assert isinstance(found, Closed) if over else found is None


# ---- Refunds


def test_a_refund_is_asked_for_under_its_key_and_is_not_yet_done() -> None:
    provider, transport = wechat(answer(200, BACK))
    told = provider.refund(RECLAIM)
    assert (told.key, told.amount, told.progress, told.refund) == (RECLAIM.key, 980, Progress.ASKED, "50")
    asked = {
        "transaction_id": "42",
        "out_refund_no": RECLAIM.key,
        "notify_url": "https://shop.example/events",
        "amount": {"refund": 980, "total": 5980, "currency": "CNY"},
    }
    assert sent(transport)[:3] == ("POST", "/v3/refund/domestic/refunds", asked)
    provider, transport = wechat(answer(200, BACK))
    provider.refund(msgspec.structs.replace(RECLAIM, payment=""))
    assert sent(transport)[2]["out_trade_no"] == REFERENCE


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        ("SUCCESS", Progress.DONE),
        ("PROCESSING", Progress.ASKED),
        ("ABNORMAL", Progress.HAND),
        ("CLOSED", Progress.FAILED),
    ],
)
def test_how_a_refund_goes(status: str, progress: Progress) -> None:
    provider, transport = wechat(answer(200, {**BACK, "status": status}))
    told = provider.query_refund(RECLAIM)
    assert told
    assert told.progress is progress
    assert sent(transport)[:2] == ("GET", f"/v3/refund/domestic/refunds/{RECLAIM.key}")
    assert told == provider.query_refund(RECLAIM)


def test_a_refund_that_is_unknown_is_none_and_one_that_is_refused_is_declined() -> None:
    assert wechat(refusal(404, "RESOURCE_NOT_EXISTS"))[0].query_refund(RECLAIM) is None
    for code in ("NOT_ENOUGH", "INVALID_REQUEST", "USER_ACCOUNT_ABNORMAL"):
        with pytest.raises(Declined, match=code):
            wechat(refusal(403, code))[0].refund(RECLAIM)
    with pytest.raises(Declined):
        wechat(refusal(403, "NO_AUTH"))[0].query_refund(RECLAIM)


@pytest.mark.parametrize("changes", [{"out_refund_no": "x"}, {"status": "?"}, {"amount": {"refund": "980"}}])
def test_an_answer_about_another_refund_is_not_believed(changes: dict[str, Any]) -> None:
    for call in ("refund", "query_refund"):
        provider, _ = wechat(answer(200, {**BACK, **changes}))
        with pytest.raises(Away):
            getattr(provider, call)(RECLAIM)


# ---- Books


DAY = date(2026, 11, 24)
MORNING = datetime(2026, 11, 25, 2, tzinfo=UTC)  # ten in the village
TABLE = "\ufeff交易时间,微信订单号,商户订单号,交易状态\r\n总交易单数\r\n`0.0\r\n".encode()


def named(packed: bytes = b"", url: str = f"{HOSTS[0]}/v3/billdownload/file?token=t", **changes: Any) -> list[Any]:
    """The answer that names a bill, and the bill."""
    fields = {"hash_type": "SHA1", "hash_value": hashlib.sha1(TABLE).hexdigest(), "download_url": url, **changes}
    return [answer(200, fields, at=MORNING), Reply(200, {}, packed or gzip.compress(TABLE))]


def test_a_bill_is_asked_for_and_fetched_with_signatures() -> None:
    provider, transport = wechat(*named(), at=MORNING)
    assert list(provider.statement(DAY)) == []
    [(_, asked, _, _), (_, fetched, headers, _)] = transport.sent
    assert asked == f"{HOSTS[0]}/v3/bill/tradebill?bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP"
    assert fetched == f"{HOSTS[0]}/v3/billdownload/file?token=t"
    assert 'mchid="1900000001"' in headers["authorization"]


def test_a_bill_that_was_unpacked_on_its_way_is_taken_by_its_hash() -> None:
    assert list(wechat(*named(TABLE), at=MORNING)[0].statement(DAY)) == []


def test_a_bill_is_unpacked_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_bill, "MOST", len(TABLE) - 1)
    with pytest.raises(Away):
        wechat(*named(), at=MORNING)[0].statement(DAY)


def test_a_day_without_a_bill_is_empty_and_one_that_is_not_ready_is_away() -> None:
    def said(code: str) -> WechatPay:
        return wechat(answer(400, {"code": code}, at=MORNING), at=MORNING)[0]

    assert list(said("NO_STATEMENT_EXIST").statement(DAY)) == []
    with pytest.raises(Away):
        said("STATEMENT_CREATING").statement(DAY)
    with pytest.raises(Declined):
        said("NO_AUTH").statement(DAY)
    provider, transport = wechat(at=MORNING - timedelta(seconds=1))
    with pytest.raises(Away):
        provider.statement(DAY)
    assert transport.sent == []


@pytest.mark.parametrize(
    "replies",
    [
        named(hash_value="0" * 40),
        named(hash_value=None),
        named(hash_type="MD5"),
        named(gzip.compress(TABLE)[:-12]),
        named(gzip.compress(TABLE)[:3]),
        named(b"\x1f\x8b" + TABLE),
        named(TABLE[:-1]),
        named(gzip.compress(b"x")),
        named(url="https://elsewhere.example/v3/billdownload/file?token=t"),
        named(url="https://api.mch.weixin.qq.com.elsewhere.example/v3/billdownload/file"),
        named(url=""),
        [named()[0], Reply(403, {}, gzip.compress(TABLE))],
        [named()[0], Away("slow")],
    ],
)
def test_a_bill_that_is_not_the_one_that_was_named_is_away(replies: list[Any]) -> None:
    provider, _ = wechat(*replies, at=MORNING)
    with pytest.raises(Away):
        provider.statement(DAY)


# ---- Settings


def test_a_check_proves_keys_and_a_call_without_money() -> None:
    provider, transport = wechat(refusal(404, "ORDER_NOT_EXIST"))
    provider.check()
    assert sent(transport)[0] == "GET"
    with pytest.raises(Declined):
        wechat(refusal(401, "SIGN_ERROR"))[0].check()
    with pytest.raises(Away):
        wechat(Away("slow"))[0].check()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"private_key": "x"}, "PEM"),
        ({"private_key": private(ec.generate_private_key(ec.SECP256R1()))}, "private_key is no RSA key"),
        ({"private_key": private(rsa.generate_private_key(65537, 1024))}, "2048"),
        ({"apiv3_key": "k" * 16}, "32"),
        ({"apiv3_key": "键" * 32}, "32"),
        ({"platform_keys": {}}, "none of WeChat Pay's keys"),
        ({"platform_keys": {KEY_ID: public(OURS)}}, "the merchant's own key"),
        ({"platform_keys": {KEY_ID: public(ec.generate_private_key(ec.SECP256R1()))}}, "no RSA key"),
        ({"platform_keys": {KEY_ID: "x"}}, "PEM"),
    ],
)
def test_a_check_refuses_keys_that_do_not_fit(changes: dict[str, Any], why: str) -> None:
    provider, transport = wechat(refusal(404, "ORDER_NOT_EXIST"), **changes)
    with pytest.raises(ValueError, match=why):
        provider.check()
    assert transport.sent == []


def test_settings_say_no_secret_and_take_no_unknown_field() -> None:
    assert repr(SETTINGS) == "WechatSettings(mchid='1900000001')"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.structs.asdict(SETTINGS), "more": ""}, WechatSettings)


def test_the_shop_starts_without_cryptography() -> None:
    code = "import sys, chalicelib.payments.wechat; assert not [m for m in sys.modules if m.startswith('cryptography')]"
    subprocess.run([sys.executable, "-c", code], check=True)
