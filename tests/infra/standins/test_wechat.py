"""WeChat Pay's stand-in: as strict as the real one, and true to the same public vectors as the client."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest
import urllib3
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, Progress, RefundNews, RowKind
from chalicelib.network.client import Network
from chalicelib.payments.port import Away, Declined, Payer, Reply
from chalicelib.payments.wechat import WechatPay
from chalicelib.payments.wechat_gateway import WechatSettings
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cunbo.core.paths import ROOT
from cunbo.standins.base import Misbehaviour, Request
from cunbo.standins.server import StandIns
from cunbo.standins.wechat import APIV3_KEY, OWN_SERIAL, WechatStandIn, pair, seal, signed_text
from cunbo.standins.wechat_trades import APPID, MCHID

from tests.functions.payments.contract import BACK, BENCHES, NOTIFY, PAYER, Bench, Ticker
from tests.ports import free_port

VECTORS = json.loads((ROOT / "tests/functions/payments/wechat_vectors.json").read_text(encoding="utf-8"))
PUBLIC_BILL = (ROOT / "tests/functions/payments/wechat_bill.csv").read_text(encoding="utf-8")
NUMBER = "1" * 20 + "_1"
ASKED: dict[str, Any] = {
    "appid": APPID,
    "mchid": MCHID,
    "description": "辣白菜",
    "out_trade_no": NUMBER,
    "time_expire": "2026-11-24T12:15:00+08:00",
    "notify_url": NOTIFY,
    "amount": {"total": 5980, "currency": "CNY"},
}
OPENID = {"payer": {"openid": "openid-1"}}
SCENE = {"scene_info": {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "Wap"}}}
MORE = {"jsapi": OPENID, "h5": SCENE, "native": {}}


def make(**how: float) -> Bench:
    return BENCHES["wechat"](Misbehaviour(**how))


def asked(bench: Bench, method: str, url: str, content: Any = None, **changes: str) -> Request:
    """A call that is signed without the client; `changes` are made to the parts of its signature before it is signed,
    `key` names the pair that signs."""
    body = content if isinstance(content, bytes) else b"" if content is None else json.dumps(content).encode()
    parts = {
        "mchid": MCHID,
        "nonce_str": "n1",
        "timestamp": str(int(bench.clock().timestamp())),
        "serial_no": OWN_SERIAL,
    }
    parts |= {name: value for name, value in changes.items() if name in parts}
    message = f"{method}\n{url}\n{parts['timestamp']}\n{parts['nonce_str']}\n".encode() + body + b"\n"
    key = pair(changes.get("key", "merchant"))
    parts["signature"] = base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()
    fields = ",".join(f'{name}="{value}"' for name, value in parts.items())
    headers = {"accept": "application/json", "user-agent": "test", "content-type": "application/json"}
    path, _, query = url.partition("?")
    return Request(method, path, query, {**headers, "authorization": f"WECHATPAY2-SHA256-RSA2048 {fields}"}, body)


def call(bench: Bench, method: str, url: str, content: Any = None, **changes: str) -> str:
    """The code that a call is answered with, or its status."""
    reply = bench.stand_in.answer(asked(bench, method, url, content, **changes))
    return str(json.loads(reply.body)["code"]) if reply.status >= 400 else str(reply.status)


def prepay(bench: Bench, kind: str = "jsapi", **changes: Any) -> str:
    return call(bench, "POST", f"/v3/pay/transactions/{kind}", {**ASKED, **MORE[kind], **changes})


# ---- The public vectors


def test_what_it_encrypts_is_what_the_real_one_encrypts() -> None:
    case, resource = VECTORS["notification"], json.loads(VECTORS["notification"]["body"])["resource"]
    sealed = seal(case["key"].encode(), resource["nonce"], resource["associated_data"], case["plaintext"].encode())
    assert sealed == resource["ciphertext"]
    case = VECTORS["aes"]
    sealed = seal(case["key"].encode(), case["nonce"], case["associated_data"], case["plaintext"].encode())
    assert sealed == case["ciphertext"]
    case = VECTORS["aes256"]
    for extra, ciphertext in case["ciphertexts"].items():
        assert seal(case["key"].encode(), case["nonce"], extra, case["plaintext"].encode()) == ciphertext


def test_what_it_signs_is_what_the_real_one_signs() -> None:
    case = VECTORS["notification"]
    headers = case["headers"]
    message = signed_text(headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], case["body"])
    key: Any = x509.load_pem_x509_certificate(case["certificate"].encode()).public_key()
    key.verify(base64.b64decode(headers["Wechatpay-Signature"]), message, padding.PKCS1v15(), hashes.SHA256())


def test_its_notification_has_the_fields_of_a_real_one_and_opens_with_the_key() -> None:
    bench = make()
    bench.paid()
    bench.stand_in.deliver()
    [(headers, body)] = bench.posted
    real, ours = json.loads(VECTORS["notification"]["body"]), json.loads(body)
    assert set(ours) == set(real)
    assert set(ours["resource"]) == set(real["resource"])
    assert {name.lower() for name in VECTORS["notification"]["headers"]} <= set(headers)
    resource = ours["resource"]
    cipher, extra = base64.b64decode(resource["ciphertext"]), resource["associated_data"].encode()
    assert json.loads(AESGCM(APIV3_KEY.encode()).decrypt(resource["nonce"].encode(), cipher, extra))["mchid"] == MCHID


# ---- What it refuses


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "ORDER_NOT_EXIST"),
        ({"mchid": "1900000002"}, "SIGN_ERROR"),
        ({"serial_no": "F" * 40}, "SIGN_ERROR"),
        ({"timestamp": "1795492499"}, "SIGN_ERROR"),  # 301 seconds ago
        ({"timestamp": "1795492500"}, "ORDER_NOT_EXIST"),
        ({"timestamp": "1795493101"}, "SIGN_ERROR"),
        ({"key": "wechat"}, "SIGN_ERROR"),
        ({"nonce_str": ""}, "SIGN_ERROR"),
    ],
)
def test_a_call_of_another_merchant_of_another_time_or_with_another_key_is_refused(
    changes: dict[str, str], answer: str
) -> None:
    bench = make()
    assert bench.clock() == datetime.fromtimestamp(1795492800, UTC)
    assert call(bench, "GET", f"/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={MCHID}", **changes) == answer


def test_a_call_that_was_changed_after_it_was_signed_is_refused() -> None:
    bench = make()
    request = asked(bench, "POST", "/v3/pay/transactions/native", ASKED)
    for changes in (
        {"method": "PUT"},
        {"path": "/v3/pay/transactions/jsapi"},
        {"query": "a=1"},
        {"body": request.body.replace(b"5980", b"1")},
        {"headers": {**request.headers, "authorization": ""}},
    ):
        assert bench.stand_in.answer(msgspec.structs.replace(request, **changes)).status == 401
    for name, status in (("accept", 406), ("user-agent", 406), ("content-type", 415)):
        headers = {key: value for key, value in request.headers.items() if key != name}
        assert bench.stand_in.answer(msgspec.structs.replace(request, headers=headers)).status == status
    other = {**request.headers, "wechatpay-serial": "PUB_KEY_ID_0"}
    assert bench.stand_in.answer(msgspec.structs.replace(request, headers=other)).status == 400
    assert bench.stand_in.trades == {}
    assert bench.stand_in.answer(request).status == 200


@pytest.mark.parametrize("kind", ["jsapi", "h5", "native"])
@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "wx0"},
        {"mchid": "1"},
        {"description": ""},
        {"description": "x" * 128},
        {"description": 5},
        {"out_trade_no": "12345"},
        {"out_trade_no": "1" * 33},
        {"out_trade_no": "村" * 6},
        {"out_trade_no": "111111+"},
        {"time_expire": "2026-11-24 12:15:00"},
        {"time_expire": "2026-11-24T12:15:00"},
        {"time_expire": "2026-11-24T12:00:00+08:00"},
        {"time_expire": None},
        {"notify_url": "http://shop.example/events"},
        {"notify_url": f"{NOTIFY}?a=1"},
        {"notify_url": "https://shop.example/" + "x" * 250},
        {"notify_url": None},
        {"amount": {"total": 59.8, "currency": "CNY"}},
        {"amount": {"total": "5980", "currency": "CNY"}},
        {"amount": {"total": 0, "currency": "CNY"}},
        {"amount": {"total": True, "currency": "CNY"}},
        {"amount": {"total": 5980, "currency": "USD"}},
        {"amount": 5980},
        {"more": 1},
    ],
)
def test_a_payment_in_another_form_is_refused(kind: str, changes: dict[str, Any]) -> None:
    bench = make()
    assert prepay(bench, kind, **changes) not in {"200", "500"}
    assert bench.stand_in.trades == {}
    assert prepay(bench, kind) == "200"


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("jsapi", {"payer": None}),
        ("jsapi", {"payer": {}}),
        ("jsapi", {"payer": {"openid": ""}}),
        ("jsapi", {"payer": {"openid": "村村村村村村"}}),
        ("h5", {"scene_info": None}),
        ("h5", {"scene_info": {"payer_client_ip": "203.0.113.9"}}),
        ("h5", {"scene_info": {"h5_info": {"type": "Wap"}}}),
        ("h5", {"scene_info": {"payer_client_ip": "", "h5_info": {"type": "Wap"}}}),
        ("h5", {"scene_info": {"payer_client_ip": "203.0.113.9", "h5_info": {"type": "iOS"}}}),
        ("native", OPENID),
    ],
)
def test_jsapi_wants_an_openid_and_h5_an_address(kind: str, changes: dict[str, Any]) -> None:
    assert prepay(make(), kind, **changes) == "PARAM_ERROR"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"total": 5981, "currency": "CNY"}},
        {"description": "大蒜"},
        {"time_expire": "2026-11-24T12:16:00+08:00"},
        {"payer": {"openid": "openid-2"}},
    ],
)
def test_one_number_is_not_taken_with_other_parameters(changes: dict[str, Any]) -> None:
    bench = make()
    assert [prepay(bench), prepay(bench, **changes), prepay(bench)] == ["200", "INVALID_REQUEST", "200"]


def test_native_and_then_h5_under_one_number_is_refused_and_under_the_next_is_taken() -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_NATIVE)
    bench.begun(bill)
    with pytest.raises(Declined, match="INVALID_REQUEST"):
        bench.begun(msgspec.structs.replace(bill, channel=Channel.WECHAT_H5))
    bench.begun(msgspec.structs.replace(bill, channel=Channel.WECHAT_H5, reference=bill.reference[:-1] + "2"))


def test_a_phone_that_changes_its_network_may_begin_again() -> None:
    bench = make()
    bill = bench.bill(Channel.WECHAT_H5)
    bench.begun(bill)
    bench.provider.begin(bill, Payer(ip="198.51.100.7"))


def test_handles_live_as_long_as_the_real_ones_and_the_client_offers_none_that_is_dead() -> None:
    for channel, lives in ((Channel.WECHAT_H5, timedelta(minutes=5)), (Channel.WECHAT_NATIVE, timedelta(hours=2))):
        bench = make()
        bill = bench.bill(channel, expires=bench.clock() + timedelta(hours=3))
        begun = bench.provider.begin(bill, PAYER)
        assert begun.until < bench.clock() + lives
        bench.clock.now += lives
        assert not bench.pay(bill, begun.handle)
        assert bench.pay(bill, bench.begun(bill))


# ---- Paying and closing


def test_what_is_signed_inside_wechat_cannot_be_changed() -> None:
    bench = make()
    bill = bench.bill()
    offered = bench.provider.offer(bill, bench.begun(bill), bench.clock())

    def pressed(**changes: str) -> str:
        body = json.dumps({**offered, **changes}).encode()
        return str(json.loads(bench.stand_in.answer(Request("POST", "/bridge", "", {}, body)).body)["err_msg"])

    for changes in (
        {"appId": "wx0"},
        {"timeStamp": "1795492801"},
        {"nonceStr": "x"},
        {"package": "prepay_id=wx0"},
        {"signType": "MD5"},
        {"paySign": "AAAA"},
    ):
        assert pressed(**changes) == "get_brand_wcpay_request:fail"
    assert pressed(act="leave") == "get_brand_wcpay_request:cancel"
    assert pressed(act="fail") == "get_brand_wcpay_request:fail"
    assert bench.stand_in.books == []
    assert pressed() == "get_brand_wcpay_request:ok"
    assert pressed() == "get_brand_wcpay_request:fail"
    assert bench.moved("payment") == [bill.amount]


def test_a_close_within_five_minutes_is_refused_and_goes_through_after_them() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert bench.provider.close(bill, handle) is None
    assert bench.pay(bill, bench.begun(bill))
    other = bench.bill()
    handle = bench.begun(other)
    bench.clock.go(minutes=5)
    for _ in range(3):
        assert isinstance(bench.provider.close(other, handle), Closed)  # closing the closed is done
    assert not bench.pay(other, handle)


def test_where_the_real_one_has_no_five_minutes_a_close_goes_through_at_once() -> None:
    bench = make()
    bench.stand_in.waits_five_minutes = False
    bill = bench.bill()
    handle = bench.begun(bill)
    assert isinstance(bench.provider.close(bill, handle), Closed)
    with pytest.raises(Declined, match="ORDER_CLOSED"):
        bench.begun(bill)


def test_a_close_is_refused_of_what_is_unknown_and_of_what_is_paid() -> None:
    bench = make()
    path = "/v3/pay/transactions/out-trade-no/{}/close"
    assert call(bench, "POST", path.format("0" * 20), {"mchid": MCHID}) == "ORDER_NOT_EXIST"
    bill, _ = bench.paid()
    assert call(bench, "POST", path.format(bill.reference), {"mchid": MCHID}) == "ORDERPAID"
    assert call(bench, "POST", path.format(bill.reference), {"mchid": "1"}) == "PARAM_ERROR"


def test_money_that_comes_in_the_moment_of_the_closing_is_found() -> None:
    bench = make(paid_late=1)
    bill = bench.bill()
    assert isinstance(bench.provider.close(bill, bench.begun(bill)), Money)
    assert bench.moved("payment") == [bill.amount]


def test_a_password_that_is_typed_after_the_end_can_still_pay() -> None:
    bench = make()
    bill = bench.bill()
    bench.begun(bill)
    bench.clock.go(minutes=15)
    assert not bench.stand_in.pay(bill.reference)
    assert bench.stand_in.pay(bill.reference, late=True)
    assert isinstance(bench.provider.close(bill, {}), Money)


def test_a_coupon_of_wechat_is_booked_by_the_total() -> None:
    bench = make()
    bill = bench.bill()
    bench.begun(bill)
    bench.stand_in.pay(bill.reference, coupon=1000)
    bench.stand_in.deliver()
    money = bench.provider.query(bill)
    assert [one.amount for one in (*bench.news, money)] == [bill.amount] * 2
    told = bench.provider.refund(bench.reclaim(bill, money, bill.amount))
    assert told.amount == bill.amount


# ---- News


def test_news_that_is_repeated_hours_later_is_signed_anew() -> None:
    bench = make()
    heard, bench.provider.heard = bench.provider.heard, Reply(500, {}, b"")
    bench.paid()
    assert bench.stand_in.deliver() == 1
    bench.clock.go(hours=6)
    bench.provider.heard = heard
    assert bench.stand_in.deliver() == 0
    assert bench.refused == []
    assert len({headers["wechatpay-signature"] for headers, _ in bench.posted}) == 2


@pytest.mark.parametrize(
    ("status", "body", "left"), [(204, b"", 0), (200, b"", 0), (200, b'"success"', 1), (404, b"", 1)]
)
def test_news_is_heard_by_an_empty_answer_alone(status: int, body: bytes, left: int) -> None:
    bench = make()
    bench.provider.heard = Reply(status, {}, body)
    bench.paid()
    assert bench.stand_in.deliver() == left


def test_from_certificate_to_public_key_without_a_lost_notification() -> None:
    bench = make()
    bench.paid()
    bench.stand_in.switch_keys()
    for _ in range(8):
        bench.paid()  # answers are still signed with the certificate: the shop asks for nothing else
    left = bench.stand_in.deliver()
    assert 0 < left < 9
    assert all("serial" in str(error) for error in bench.refused)
    bench.provider = bench.rebuilt()
    bench.paid()  # answers are signed with the public key now
    assert bench.stand_in.deliver() == 0
    assert len(bench.news) == 10


# ---- Refunds


def refund(bench: Bench, bill: Any, money: Any, amount: int, key: str = "r" * 24) -> RefundNews:
    found = bench.provider.refund(bench.reclaim(bill, money, amount, key))
    assert isinstance(found, RefundNews)
    return found


def test_what_it_refuses_of_refunds() -> None:
    bench = make()
    _, money = bench.paid()
    unpaid = bench.bill()
    bench.begun(unpaid)
    asked = {
        "transaction_id": money.payment,
        "out_refund_no": "r" * 24,
        "notify_url": NOTIFY,
        "amount": {"refund": 980, "total": 5980, "currency": "CNY"},
    }
    amount = asked["amount"]
    for changes, code in (
        ({"transaction_id": "42"}, "RESOURCE_NOT_EXISTS"),
        ({"transaction_id": None, "out_trade_no": unpaid.reference}, "RESOURCE_NOT_EXISTS"),
        ({"out_refund_no": "r" * 65}, "PARAM_ERROR"),
        ({"out_refund_no": "退款"}, "PARAM_ERROR"),
        ({"notify_url": f"{NOTIFY}?a=1"}, "PARAM_ERROR"),
        ({"amount": {**amount, "refund": 9.8}}, "PARAM_ERROR"),
        ({"amount": {**amount, "refund": 0}}, "PARAM_ERROR"),
        ({"amount": {**amount, "currency": "USD"}}, "PARAM_ERROR"),
        ({"amount": {**amount, "total": 5981}}, "INVALID_REQUEST"),
        ({"amount": {**amount, "refund": 5981}}, "INVALID_REQUEST"),
        ({}, "200"),
        ({}, "200"),  # the same once more
        ({"amount": {**amount, "refund": 981}}, "INVALID_REQUEST"),  # the same key, another amount
        ({"out_refund_no": "s" * 24}, "FREQUENCY_LIMITED"),
    ):
        assert call(bench, "POST", "/v3/refund/domestic/refunds", {**asked, **changes}) == code, changes
    assert bench.moved("refund") == [980]
    bench.clock.go(days=365)
    assert call(bench, "POST", "/v3/refund/domestic/refunds", {**asked, "out_refund_no": "s" * 24}) == "INVALID_REQUEST"


def test_two_refunds_of_one_payment_within_a_minute_are_away_and_then_go_through() -> None:
    bench = make()
    bill, money = bench.paid()
    refund(bench, bill, money, 980, "a" * 24)
    with pytest.raises(Away):
        refund(bench, bill, money, 980, "b" * 24)
    bench.clock.go(minutes=1)
    refund(bench, bill, money, 980, "b" * 24)
    assert bench.moved("refund") == [980, 980]


def test_without_balance_a_refund_is_refused_and_the_same_key_goes_through_once_there_is_some() -> None:
    bench = make()
    bench.stand_in.balance = 0
    bill, money = bench.paid()
    bench.stand_in.balance = 979
    with pytest.raises(Declined, match="NOT_ENOUGH"):
        refund(bench, bill, money, 980)
    bench.stand_in.balance = 980
    refund(bench, bill, money, 980)
    assert (bench.stand_in.balance, bench.moved("refund")) == (0, [980])


def test_the_lost_answer_of_a_refund_is_asked_for_a_day_later_and_moves_nothing_twice() -> None:
    bench = make()
    bill, money = bench.paid()
    asked = bench.reclaim(bill, money, 980)
    bench.transport.inner.how = Misbehaviour(lost_answer=1)
    with pytest.raises(Away):
        bench.provider.refund(asked)
    bench.transport.inner.how = Misbehaviour()
    bench.clock.go(hours=25)
    for told in (bench.provider.query_refund(asked), bench.provider.refund(asked)):
        assert told.progress is Progress.DONE
    assert bench.moved("refund") == [980]


def test_a_pending_refund_is_not_done_until_it_is_and_news_of_it_has_its_key() -> None:
    bench = make(refund_pending=1)
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    asked = bench.reclaim(bill, money, 980)
    assert bench.provider.refund(asked).progress is Progress.ASKED
    assert bench.provider.query_refund(asked).progress is Progress.ASKED
    bench.stand_in.deliver()
    assert (bench.news, bench.moved("refund")) == ([], [])
    bench.stand_in.settle()
    bench.stand_in.deliver()
    [told] = bench.news
    assert isinstance(told, RefundNews)
    assert (told.key, told.progress, told.amount) == (asked.key, Progress.DONE, 980)
    assert bench.moved("refund") == [980]


def test_a_refund_that_fails_needs_a_person_or_frees_the_rest() -> None:
    seen = set()
    for n in range(8):
        bench = make(refund_fails=1)
        bench.stand_in.dice.seed(n)
        bill, money = bench.paid()
        refund(bench, bill, money, 5000, "a" * 24)
        told = bench.provider.query_refund(bench.reclaim(bill, money, 5000, "a" * 24))
        seen.add(told.progress)
        assert bench.moved("refund") == []
        bench.stand_in.deliver()
        assert [one.progress for one in bench.news if isinstance(one, RefundNews)] == [told.progress]
        bench.clock.go(minutes=1)
        bench.stand_in.how = Misbehaviour()
        if told.progress is Progress.FAILED:
            refund(bench, bill, money, 5980, "b" * 24)
            assert bench.moved("refund") == [5980]
        else:
            with pytest.raises(Declined):
                refund(bench, bill, money, 981, "b" * 24)
            bench.stand_in.mend("a" * 24)
            assert bench.moved("refund") == [5000]
    assert seen == {Progress.HAND, Progress.FAILED}


def test_after_a_refund_the_payment_is_still_what_was_paid() -> None:
    bench = make()
    bill, money = bench.paid()
    refund(bench, bill, money, 5980)
    assert bench.provider.query(bill) == money
    assert bench.provider.close(bill, {}) == money


def test_a_refund_by_hand_in_the_console_is_told_with_its_payment() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.deliver()
    bench.news.clear()
    bench.stand_in.refund_by_hand(bill.reference, 100)
    bench.stand_in.deliver()
    [told] = bench.news
    assert isinstance(told, RefundNews)
    assert (told.reference, told.payment, told.amount) == (bill.reference, money.payment, 100)


# ---- Who pays, and what they see


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


def pressed(bench: Bench, page: bytes, act: str, lang: str = "zh") -> Reply:
    """Presses a button of a page's form."""
    fields = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', page.decode().split("<button")[0]))
    body = urlencode({**fields, "act": act}).encode()
    reply = bench.stand_in.answer(Request("POST", "/cashier", "", {"accept-language": lang}, body))
    assert isinstance(reply, Reply)
    return reply


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


# ---- The bill


def test_its_bill_is_packed_has_the_public_ones_head_and_rows_that_nobody_knows() -> None:
    bench = make()
    first, money = bench.paid(title="辣白菜, 500g,`大份")
    refund(bench, first, money, 980)
    bench.stand_in.odd_rows = ["`2026-11-24 12:00:00,`新业务,`1", "`" + "?,`" * 26 + "?"]
    bench.clock.go(days=1)
    found = list(bench.provider.statement(date(2026, 11, 24)))
    assert [row.kind for row in found] == [RowKind.PAYMENT, RowKind.REFUND, RowKind.OTHER, RowKind.OTHER]
    assert [(row.amount, row.fee) for row in found[:2]] == [(5980, 36), (980, 0)]
    url = "/v3/bill/tradebill?bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP"
    named = json.loads(bench.stand_in.answer(asked(bench, "GET", url)).body)
    packed = bench.stand_in.answer(asked(bench, "GET", named["download_url"].removeprefix(bench.stand_in.base_url)))
    whole = gzip.decompress(packed.body)
    assert hashlib.sha1(whole).hexdigest() == named["hash_value"]
    assert "wechatpay-signature" not in packed.headers
    lines = whole.decode().splitlines()
    real = PUBLIC_BILL.splitlines()
    assert (lines[0], lines[-2]) == (real[0], real[-2])
    assert len(lines[1].split(",`")) - 1 == len(real[3].split(",`"))  # but for the comma in its name
    assert lines[-1] == "`2.0,`59.80,`9.80,`0.00,`0.36,`59.80,`9.80"


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP", "STATEMENT_CREATING"),
        ("bill_date=2026-11-23&bill_type=ALL&tar_type=GZIP", "NO_STATEMENT_EXIST"),
        ("bill_date=2026-08-01&bill_type=ALL&tar_type=GZIP", "INVALID_REQUEST"),
        ("bill_date=2026-11-23&bill_type=ODD&tar_type=GZIP", "INVALID_REQUEST"),
        ("bill_date=20261123&bill_type=ALL&tar_type=GZIP", "PARAM_ERROR"),
        ("bill_date=2026-11-23&bill_type=ALL", "PARAM_ERROR"),
    ],
)
def test_there_is_a_bill_from_ten_on_the_next_day_for_three_months(query: str, answer: str) -> None:
    assert call(make(), "GET", f"/v3/bill/tradebill?{query}") == answer


def test_the_address_of_a_bill_lives_for_five_minutes_and_wants_a_signature() -> None:
    bench = make()
    bench.paid()
    bench.clock.go(days=1)
    url = "/v3/bill/tradebill?bill_date=2026-11-24&bill_type=ALL&tar_type=GZIP"
    named = json.loads(bench.stand_in.answer(asked(bench, "GET", url)).body)
    place = named["download_url"].removeprefix(bench.stand_in.base_url)
    path, _, query = place.partition("?")
    assert bench.stand_in.answer(asked(bench, "GET", place)).status == 200
    assert bench.stand_in.answer(Request("GET", path, query, {}, b"")).status == 406
    bench.clock.go(minutes=5)
    assert bench.stand_in.answer(asked(bench, "GET", place)).status == 400


# ---- Over HTTP


@pytest.fixture
def served() -> Iterator[tuple[WechatStandIn, Ticker]]:
    """A stand-in that answers on this machine, and tells nobody."""
    clock = Ticker()
    with StandIns("", {"wechat": free_port()}, clock, Misbehaviour(never=1)) as stand_ins:
        yield stand_ins["wechat"], clock


def test_a_purchase_over_real_http(served: tuple[WechatStandIn, Ticker]) -> None:
    stand_in, clock = served
    stand_in.switch_keys()
    provider = WechatPay(msgspec.convert(stand_in.settings(), WechatSettings), Network(), NOTIFY, clock)
    provider.check()
    bill = make().bill(Channel.WECHAT_H5)
    url = provider.offer(bill, provider.begin(bill, PAYER).handle, clock())["url"]
    browser = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5))
    page = browser.request("GET", url, headers={"referer": BACK}).data.decode()
    assert "¥59.80" in page
    fields: Mapping[str, str] = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', page.split("<button")[0]))
    form = urlencode({**fields, "act": "pay"})
    back = browser.request("POST", f"{stand_in.base_url}/cashier", body=form, redirect=False)
    assert back.headers["location"] == BACK
    money = provider.query(bill)
    assert isinstance(money, Money)
    assert money.amount == bill.amount
    clock.go(days=1)
    [row] = provider.statement(date(2026, 11, 24))
    assert row.payment == money.payment
    other = make().bill(reference="9" * 20 + "_1", expires=clock() + timedelta(minutes=15))
    provider.begin(other, PAYER)
    clock.go(minutes=5)
    assert isinstance(provider.close(other, {}), Closed)  # a 204 without a body is signed as well
