"""Alipay's stand-in: as strict as the real one, and true to the same public vectors as the client."""

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
import pytest
import urllib3
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, Progress, RefundNews, RowKind
from chalicelib.network.client import Network
from chalicelib.payments.alipay import Alipay
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Away, Declined, Payer, Reclaim, Reply
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cunbo.core.paths import ROOT
from cunbo.standins.alipay import APP, SELLER, AlipayStandIn, signed_text
from cunbo.standins.base import Misbehaviour, Request
from cunbo.standins.server import StandIns

from tests.functions.payments.contract import BACK, BENCHES, NOTIFY, Bench, Ticker
from tests.ports import free_port

VECTORS = json.loads((ROOT / "tests/functions/payments/alipay_vectors.json").read_text(encoding="utf-8"))
NUMBER = "1" * 20 + "_1"
LINK = {
    "out_trade_no": NUMBER,
    "total_amount": "59.80",
    "subject": "辣白菜",
    "product_code": "QUICK_WAP_WAY",
    "time_expire": "2026-11-24 12:15:00",
}


def make(**how: float) -> Bench:
    return BENCHES["alipay"](Misbehaviour(**how))


def verified(key: Any, sign: str, message: bytes) -> None:
    key.verify(base64.b64decode(sign), message, padding.PKCS1v15(), hashes.SHA256())


def asked(
    bench: Bench, method: str, content: object, changes: Mapping[str, str] | None = None, *, at_end: bool = False
) -> Request:
    """A call that is signed without the client; `changes` are made before it is signed, or `at_end`."""
    fields = {
        "app_id": APP,
        "method": method,
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": (bench.clock() + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S"),
        "version": "1.0",
        "biz_content": content if isinstance(content, str) else json.dumps(content, ensure_ascii=False),
        "notify_url": NOTIFY,
        "return_url": BACK,
        **({} if at_end else changes or {}),
    }
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if fields[name])
    key = bench.stand_in.app_key
    sign = base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    sent = {**fields, "sign": sign, **((changes or {}) if at_end else {})}
    return Request("POST", "/gateway.do", urlencode(sent), {}, b"")


def call(bench: Bench, method: str, content: object, **changes: str) -> str:
    """The code that a call is answered with."""
    return code(bench.stand_in.answer(asked(bench, method, content, changes)))


def code(reply: Reply) -> str:
    [answer] = [value for name, value in json.loads(reply.body).items() if name != "sign"]
    return str(answer.get("sub_code") or answer["code"])


def open_link(bench: Bench, content: Mapping[str, Any], method: str = "alipay.trade.wap.pay", **changes: str) -> Reply:
    request = asked(bench, method, content, changes)
    return bench.stand_in.answer(msgspec.structs.replace(request, method="GET"))


# ---- The public vectors


def public_key(text: str) -> Any:
    return serialization.load_der_public_key(base64.b64decode(re.sub(r"-----[A-Z ]+-----", "", text)))


@pytest.mark.parametrize(("name", "left_out"), [("trade", {"sign", "sign_type"}), ("market", {"sign"})])
def test_what_it_signs_of_a_form_is_what_the_real_one_signs(name: str, left_out: set[str]) -> None:
    vector = VECTORS[name]
    form = {field: value for field, value in vector["form"].items() if field not in left_out}
    verified(public_key(vector["key"]), vector["form"]["sign"], signed_text(form).encode())


def test_its_notification_has_the_fields_of_a_real_one() -> None:
    bench = make()
    bench.paid()
    bench.stand_in.deliver()
    [(_, body)] = bench.posted
    assert set(dict(parse_qsl(body.decode()))) - {"buyer_pay_amount"} <= set(VECTORS["trade"]["form"])


def test_its_answers_are_signed_as_real_ones_over_the_inner_object_alone() -> None:
    bench = make()
    own = bench.stand_in.answer(asked(bench, "alipay.trade.query", {"out_trade_no": NUMBER})).body
    real = VECTORS["answer"]["body"].encode()
    for body, key in ((own, bench.stand_in.keys[0].public_key()), (real, public_key(VECTORS["answer"]["key"]))):
        found = re.fullmatch(rb'\{"[a-z_]+_response":(.+),"sign":"([^"]+)"\}', body)
        assert found
        verified(key, found[2].decode(), found[1])


# ---- What it refuses


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"app_id": "2021000000000009"}, "isv.invalid-app-id"),
        ({"sign": ""}, "isv.missing-sign"),
        ({"sign": "AAAA"}, "isv.invalid-signature"),
        ({"version": ""}, "isv.missing-version"),
        ({"biz_content": '{"out_trade_no": "2"}'}, "isv.invalid-signature"),
        ({"sign_type": "RSA"}, "isv.invalid-signature-type"),
        ({"timestamp": "2026-11-24 12:00:01"}, "isv.invalid-signature"),
    ],
)
def test_a_call_that_was_changed_after_it_was_signed_is_refused(changes: dict[str, str], answer: str) -> None:
    bench = make()
    request = asked(bench, "alipay.trade.query", {"out_trade_no": NUMBER}, changes, at_end=True)
    assert code(bench.stand_in.answer(request)) == answer


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "ACQ.TRADE_NOT_EXIST"),
        ({"timestamp": "2026-11-24 04:00:00"}, "isv.invalid-timestamp"),  # UTC in place of Beijing's time
        ({"timestamp": "2026-11-24T12:00:00"}, "isv.invalid-timestamp"),
        ({"biz_content": "{"}, "ACQ.INVALID_PARAMETER"),
    ],
)
def test_a_call_that_is_signed_and_wrong_is_refused(changes: dict[str, str], answer: str) -> None:
    assert call(make(), "alipay.trade.query", {"out_trade_no": NUMBER}, **changes) == answer
    assert call(make(), "alipay.trade.cancel", {"out_trade_no": NUMBER}) == "isv.invalid-method"


def test_chinese_is_read_as_gbk_and_its_signature_is_wrong_where_the_address_names_no_charset() -> None:
    bench = make()
    request = asked(bench, "alipay.trade.query", {"out_trade_no": "村"})
    query = "&".join(part for part in request.query.split("&") if not part.startswith("charset="))
    moved = msgspec.structs.replace(request, query=query, body=b"charset=utf-8")
    assert code(bench.stand_in.answer(moved)) == "isv.invalid-signature"
    assert code(bench.stand_in.answer(request)) == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize(
    "changes",
    [
        {"total_amount": 59.8},
        {"total_amount": "59.8"},
        {"total_amount": "59"},
        {"total_amount": "0.00"},
        {"total_amount": "-1.00"},
        {"total_amount": "100000000.01"},
        {"out_trade_no": "1-1"},
        {"out_trade_no": "村1"},
        {"out_trade_no": "1" * 65},
        {"out_trade_no": ""},
        {"subject": "a/b"},
        {"subject": "a=b"},
        {"subject": "a&b"},
        {"subject": ""},
        {"subject": "x" * 257},
        {"product_code": "FAST_INSTANT_TRADE_PAY"},
        {"product_code": None},
        {"time_expire": "15m"},
        {"time_expire": None},
        {"timeout_express": "15m"},
        {"quit_url": "weixin://x"},
        {"time_expire": "2026-11-24 12:00:00"},
    ],
)
def test_a_link_with_floats_foreign_characters_or_a_relative_end_opens_no_page_to_pay_on(
    changes: dict[str, object],
) -> None:
    bench = make()
    assert open_link(bench, LINK).status == 200
    assert open_link(make(), {**LINK, **changes}).status == 400


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({"total_amount": "59.81"}, "alipay.trade.wap.pay"),
        ({"time_expire": "2026-11-24 12:16:00"}, "alipay.trade.wap.pay"),
        ({"product_code": "FAST_INSTANT_TRADE_PAY"}, "alipay.trade.page.pay"),
    ],
)
def test_one_number_is_not_taken_with_other_parameters_or_by_another_channel(
    changes: dict[str, str], method: str
) -> None:
    bench = make()
    assert open_link(bench, LINK).status == 200
    assert b"ACQ.CONTEXT_INCONSISTENT" in open_link(bench, {**LINK, **changes}, method).body
    assert open_link(bench, LINK).status == 200


def test_no_trade_exists_until_somebody_logs_in_yet_the_link_stays_payable_until_its_end() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert bench.provider.close(bill, handle) is None
    assert bench.pay(bill, handle)
    later = bench.bill()
    handle = bench.begun(later)
    bench.clock.go(minutes=15)
    assert not bench.pay(later, handle)


def test_a_trade_that_is_waiting_can_be_closed_and_then_not_paid() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    assert open_link(bench, {**LINK, "out_trade_no": "x"}).status == 200
    bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
    bench.stand_in.log_in(bill.reference)
    assert bench.provider.query(bill) is None
    assert isinstance(bench.provider.close(bill, handle), Closed)
    assert not bench.pay(bill, handle)
    assert isinstance(bench.provider.close(bill, handle), Closed)  # closing the closed is done
    bench.stand_in.deliver()
    assert [type(one) for one in bench.news] == [Closed]


def test_a_close_is_refused_of_what_is_unknown_and_of_what_is_paid() -> None:
    bench = make()
    assert call(bench, "alipay.trade.close", {"out_trade_no": "2" * 20 + "_1"}) == "ACQ.TRADE_NOT_EXIST"
    bill, _ = bench.paid()
    assert call(bench, "alipay.trade.close", {"out_trade_no": bill.reference}) == "ACQ.TRADE_STATUS_ERROR"


@pytest.mark.parametrize("logged_in", [True, False])
def test_money_that_comes_in_the_moment_of_the_closing_is_found(logged_in: bool) -> None:
    bench = make(paid_late=1)
    bill = bench.bill()
    handle = bench.begun(bill)
    bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
    if logged_in:
        bench.stand_in.log_in(bill.reference)
    assert isinstance(bench.provider.close(bill, handle), Money)
    assert bench.moved("payment") == [bill.amount]


def test_a_password_that_is_typed_after_the_end_can_still_pay() -> None:
    bench = make()
    bill = bench.bill()
    handle = bench.begun(bill)
    bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
    bench.clock.go(minutes=16)
    assert not bench.stand_in.pay(bill.reference)
    assert bench.stand_in.pay(bill.reference, late=True)
    bench.stand_in.deliver()
    assert [type(one) for one in bench.news] == [Money]


def refunded(bench: Bench, number: str, amount: object, key: str = "k1") -> str:
    return call(bench, "alipay.trade.refund", {"out_trade_no": number, "refund_amount": amount, "out_request_no": key})


def test_what_it_refuses_of_refunds() -> None:
    bench = make()
    bill, _ = bench.paid()
    number = bill.reference
    assert refunded(bench, "2" * 20 + "_1", "1.00") == "ACQ.TRADE_NOT_EXIST"
    assert refunded(bench, number, 1.0) == "ACQ.INVALID_PARAMETER"
    assert refunded(bench, number, "59.81") == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    assert refunded(bench, number, "1.00", key="") == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert refunded(bench, number, "1.00") == "10000"
    assert refunded(bench, number, "1.01") == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert refunded(bench, number, "1.00", key="k2") == "ACQ.SYSTEM_ERROR"  # within three seconds
    bench.clock.go(seconds=3)
    assert refunded(bench, number, "58.81", key="k2") == "ACQ.REASON_TRADE_REFUND_FEE_ERR"
    bench.stand_in.balance = 99
    assert refunded(bench, number, "1.00", key="k2") == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    bench.stand_in.balance = 100
    assert refunded(bench, number, "1.00", key="k2") == "10000"
    bench.clock.go(days=365)
    assert refunded(bench, number, "1.00", key="k3") == "ACQ.TRADE_HAS_FINISHED"
    waiting = bench.bill()
    open_link(bench, {**LINK, "out_trade_no": waiting.reference, "time_expire": "2027-11-24 13:00:00"})
    bench.stand_in.log_in(waiting.reference)
    assert refunded(bench, waiting.reference, "1.00") == "ACQ.TRADE_STATUS_ERROR"
    assert bench.moved("refund") == [100, 100]


def test_without_balance_a_refund_is_refused_and_the_same_key_goes_through_once_there_is_some() -> None:
    bench = make()
    bill, money = bench.paid()
    bench.stand_in.balance = 0
    asked_for = bench.reclaim(bill, money, 980)
    with pytest.raises(Declined) as caught:
        bench.provider.refund(asked_for)
    assert caught.value.code == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    assert bench.provider.query_refund(asked_for) is None
    bench.stand_in.balance = 980
    assert bench.provider.refund(asked_for).progress is Progress.DONE


def test_the_lost_answer_of_a_refund_is_asked_for_and_moves_nothing_twice() -> None:
    bench = make()
    bill, money = bench.paid()
    asked_for = bench.reclaim(bill, money, 980)
    bench.transport.inner.how = Misbehaviour(lost_answer=1)
    with pytest.raises(Away):
        bench.provider.refund(asked_for)
    bench.transport.inner.how = Misbehaviour()
    assert bench.provider.refund(asked_for).progress is Progress.ASKED  # success, and no funds changed by this call
    found = bench.provider.query_refund(asked_for)
    assert found is not None
    assert (found.progress, found.amount) == (Progress.DONE, 980)
    assert bench.moved("refund") == [980]


def test_a_pending_refund_that_fails_is_as_if_nobody_had_asked_and_frees_the_rest() -> None:
    bench = make(refund_pending=1)
    bill, money = bench.paid()
    asked_for = bench.reclaim(bill, money, bill.amount)
    assert bench.provider.refund(asked_for).progress is Progress.ASKED
    assert bench.provider.query_refund(asked_for) is None
    bench.stand_in.how = Misbehaviour(refund_fails=1)
    bench.stand_in.settle()
    assert bench.moved("refund") == []
    bench.stand_in.how = Misbehaviour()
    assert bench.provider.refund(asked_for).progress is Progress.DONE
    assert bench.moved("refund") == [bill.amount]


# ---- What it tells


def told(bench: Bench) -> list[tuple[type, str]]:
    bench.stand_in.deliver()
    found = [(type(one), getattr(one, "key", "")) for one in bench.news]
    bench.news.clear()
    return found


@pytest.mark.parametrize("channel", [Channel.ALIPAY_WAP, Channel.ALIPAY_PAGE])
def test_the_phones_page_tells_all_and_the_desktops_of_what_is_paid_or_partly_back(channel: Channel) -> None:
    bench = make()
    bill, money = bench.paid(channel=channel)
    assert told(bench) == [(Money, "")]
    bench.provider.refund(bench.reclaim(bill, money, 980, "a" * 24))
    assert told(bench) == [(RefundNews, "a" * 24)]
    bench.clock.go(minutes=1)
    bench.stand_in.refund_by_hand(bill.reference, 1000)
    assert told(bench) == [(RefundNews, "")]
    bench.clock.go(minutes=1)
    bench.provider.refund(bench.reclaim(bill, money, 4000, "b" * 24))
    assert told(bench) == ([(RefundNews, "b" * 24)] if channel is Channel.ALIPAY_WAP else [])
    again = bench.provider.query(bill)
    assert again == money  # it came, also when all of it has gone back


def test_the_end_of_the_time_for_refunds_is_told_and_is_no_news() -> None:
    bench = make()
    bench.paid()
    assert told(bench) == [(Money, "")]
    bench.clock.go(days=365)
    bench.stand_in.finish()
    assert told(bench) == []
    assert len(bench.posted) == 2


def test_a_coupon_of_alipay_is_booked_by_the_total() -> None:
    bench = make()
    bill = bench.bill()
    open_link(bench, {**LINK, "out_trade_no": bill.reference})
    bench.stand_in.pay(bill.reference, coupon=1000)
    bench.stand_in.deliver()
    [money] = bench.news
    assert isinstance(money, Money)
    assert money.amount == bill.amount
    assert b"buyer_pay_amount=49.80" in bench.posted[0][1]


# ---- Its page


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


# ---- Its bill


def test_its_bill_is_a_zip_in_gbk_with_remarks_tabs_and_rows_that_nobody_knows() -> None:
    bench = make()
    bill, money = bench.paid(title="辣白菜, 500g")
    bench.clock.go(seconds=5)
    bench.provider.refund(bench.reclaim(bill, money, 980))
    bench.stand_in.odd_rows = [f"{money.payment}\t,\t,积分充值\t,x,,2026-11-24 20:00:00" + "," * 5 + ",1.00" + "," * 13]
    bench.clock.go(days=1)
    found = call_fields(bench, "alipay.data.dataservice.bill.downloadurl.query")
    packed = bench.stand_in.answer(Request("GET", "/bill", urlsplit(found["bill_download_url"]).query, {}, b"")).body
    with zipfile.ZipFile(io.BytesIO(packed), metadata_encoding="gbk") as archive:
        names = archive.namelist()
        assert names == [f"{SELLER}0156_20261124_业务明细(汇总).csv", f"{SELLER}0156_20261124_业务明细.csv"]
        text = archive.read(names[1]).decode("gbk")
    assert text.startswith("#支付宝业务明细查询\r\n")
    assert f"{money.payment}\t,{bill.reference}\t,交易\t,辣白菜, 500g," in text
    rows = list(bench.provider.statement(date(2026, 11, 24)))
    assert [(row.kind, row.amount, row.fee, row.detail) for row in rows] == [
        (RowKind.PAYMENT, 5980, 36, ""),
        (RowKind.REFUND, 980, 0, ""),
        (RowKind.OTHER, 100, 0, "积分充值"),
    ]


def call_fields(bench: Bench, method: str) -> dict[str, str]:
    content = {"bill_type": "trade", "bill_date": "2026-11-24"}
    found = json.loads(bench.stand_in.answer(asked(bench, method, content)).body)
    fields: dict[str, str] = found[method.replace(".", "_") + "_response"]
    return fields


def test_the_address_of_a_bill_lives_for_thirty_seconds_and_from_ten_on_the_next_day() -> None:
    bench = make()
    bench.paid()
    method = "alipay.data.dataservice.bill.downloadurl.query"
    bench.clock.now = datetime(2026, 11, 25, 1, 59, tzinfo=UTC)
    assert call_fields(bench, method)["sub_code"] == "isp.bill_not_exist"
    bench.clock.go(minutes=1)
    query = urlsplit(call_fields(bench, method)["bill_download_url"]).query
    fetch = Request("GET", "/bill", query, {}, b"")
    bench.clock.go(seconds=29)
    assert bench.stand_in.answer(fetch).status == 200
    bench.clock.go(seconds=1)
    assert bench.stand_in.answer(fetch).status == 403
    assert call(bench, method, {"bill_type": "trade", "bill_date": "today"}) == "isp.invalid-arguments"


# ---- All at once


def until_answered(ask: Callable[[], Any]) -> Any:
    """Asks again while the provider is away, as the outbox does."""
    for _ in range(50):
        with suppress(Away):
            return ask()
    raise AssertionError("it was away for ever")


def gone_back(bench: Bench, reclaim: Reclaim) -> None:
    """Asks until the money has gone back; what is refused for want of balance is asked for again."""
    for _ in range(50):
        bench.clock.go(seconds=11)
        with suppress(Away, Declined):
            found = bench.provider.query_refund(reclaim) or bench.provider.refund(reclaim)
            if found.progress is Progress.DONE:
                return
        bench.stand_in.settle()
    raise AssertionError("it never went back")


def test_a_day_with_everything_misbehaving_at_once_leaves_no_movement_unknown_and_none_twice() -> None:
    how = dict.fromkeys(("twice", "late", "never", "probe", "paid_late", "refund_fails"), 0.2)
    bench = make(**how, lost_answer=0.1, silent=0.1, away=0.1, refund_pending=0.4)
    dice, known, backs = Random(3), {}, []
    for n in range(150):
        if n == 75:
            bench.stand_in.switch_keys()
            bench.provider = bench.rebuilt()
        bill = bench.bill(amount=dice.randint(1, 9999), channel=dice.choice(bench.provider.channels))
        handle = bench.begun(bill)
        bench.stand_in.answer(Request("GET", "/gateway.do", handle["url"].partition("?")[2], {}, b""))
        match dice.choice(("pay", "log in", "leave")):
            case "pay":
                bench.stand_in.pay(bill.reference)
            case "log in":
                bench.stand_in.log_in(bill.reference)
        found = until_answered(lambda bill=bill, handle=handle: bench.provider.close(bill, handle))
        if found is None:  # the link can still be paid
            bench.clock.go(minutes=16)
            found = until_answered(lambda bill=bill, handle=handle: bench.provider.close(bill, handle))
        if isinstance(found, Money):
            known[found.reference] = found.amount
            if dice.random() < 0.4:
                backs.append(bench.reclaim(bill, found, dice.randint(1, found.amount), f"{n:024}"))
                gone_back(bench, backs[-1])
        if n % 10 == 0:
            bench.stand_in.deliver()
    while bench.stand_in.deliver():
        pass
    books = bench.stand_in.books
    payments = [(moved.reference, moved.amount) for moved in books if moved.kind == "payment"]
    refunds = [(moved.key, moved.amount) for moved in books if moved.kind == "refund"]
    assert sorted(payments) == sorted(known.items())
    assert len(payments) > 50 < len(bench.news)
    assert sorted(refunds) == sorted((one.key, one.amount) for one in backs)
    assert bench.stand_in.fooled == 0
    assert bench.refused
    for one in bench.news:
        if isinstance(one, Money):
            assert known[one.reference] == one.amount
    bench.clock.go(days=3)
    days = {moved.at.astimezone(VILLAGE).date() for moved in books}
    rows = [row for day in sorted(days) for row in until_answered(lambda day=day: bench.provider.statement(day))]
    assert [(row.kind, row.reference, row.amount, row.key) for row in rows] == [
        (moved.kind, moved.reference, moved.amount, moved.key) for moved in books
    ]


# ---- Over the network


@pytest.fixture
def served() -> Iterator[tuple[AlipayStandIn, Ticker]]:
    """A stand-in that answers on this machine, and tells nobody."""
    clock = Ticker()
    with StandIns("", {"alipay": free_port()}, clock, Misbehaviour(never=1)) as stand_ins:
        yield stand_ins["alipay"], clock


def test_a_purchase_over_real_http(served: tuple[AlipayStandIn, Ticker]) -> None:
    stand_in, clock = served
    provider = Alipay(msgspec.convert(stand_in.settings(), AlipaySettings), Network(), NOTIFY, clock)
    bench = make()
    bill = bench.bill()
    provider.check()
    url = provider.begin(bill, Payer()).handle["url"]
    browser = urllib3.PoolManager(retries=False)
    assert "¥59.80" in browser.request("GET", url).data.decode()
    form = urlencode({"number": bill.reference, "act": "pay"})
    back = browser.request(
        "POST", f"{stand_in.base_url}/cashier", body=form, redirect=False, timeout=urllib3.Timeout(5)
    )
    assert back.headers["location"].startswith(BACK)
    money = provider.query(bill)
    assert isinstance(money, Money)
    assert money.amount == bill.amount
    clock.go(days=1)
    [row] = provider.statement(date(2026, 11, 24))
    assert row.payment == money.payment
