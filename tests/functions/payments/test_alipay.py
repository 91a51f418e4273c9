"""Alipay's client alone: the public vectors, what it signs, what it believes, and how it reads answers and bills."""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

import msgspec
import pytest
from chalicelib.domain.errors import Malformed, ShopError, Unauthorized
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, Progress, RefundNews
from chalicelib.payments.alipay import Alipay, yuan
from chalicelib.payments.alipay_bill import fen
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Away, Bill, Declined, Payer, Reclaim, Reply
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import example, given
from hypothesis import strategies as st

from tests.functions.payments.test_alipay_bill import PAYMENT, packed, table

NOW = datetime(2026, 11, 24, 15, 58, 30, tzinfo=UTC)  # a minute and a half before midnight in the village
VECTORS = json.loads((Path(__file__).parent / "alipay_vectors.json").read_text(encoding="utf-8"))
OURS, THEIRS, STRANGER = (rsa.generate_private_key(65537, 2048) for _ in range(3))
DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM
NONE = serialization.NoEncryption()
PKCS8, PKCS1 = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL
REFERENCE = "1" * 20 + "_1"


def public(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


SETTINGS = AlipaySettings("app", "seller", OURS.private_bytes(PEM, PKCS8, NONE).decode(), public(THEIRS))
BILL = Bill(
    reference=REFERENCE,
    channel=Channel.ALIPAY_WAP,
    amount=5980,
    title="辣白菜+500g 100%",
    expires=NOW + timedelta(minutes=15),
    back="https://shop.example/order/",
)
RECLAIM = Reclaim(key="k" * 24, reference=REFERENCE, payment="2026", channel=Channel.ALIPAY_WAP, amount=980, total=5980)


def signed(key: rsa.RSAPrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


class Canned:
    """A transport with one answer for everything, which remembers what was sent."""

    def __init__(self, answer: bytes | Reply = b"") -> None:
        self.answer = answer
        self.sent: list[tuple[str, str, bytes]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        self.sent.append((method, url, body))
        return self.answer if isinstance(self.answer, Reply) else Reply(200, {}, self.answer)


def alipay(answer: bytes | Reply = b"", at: datetime = NOW, **changes: str) -> Alipay:
    return Alipay(
        msgspec.structs.replace(SETTINGS, **changes), Canned(answer), "https://shop.example/events", lambda: at
    )


def answered(method: str, key: rsa.RSAPrivateKey = THEIRS, **fields: Any) -> bytes:
    """An answer of the gateway, signed as it is."""
    inner = json.dumps({"code": "10000", "msg": "Success", **fields}, ensure_ascii=False).encode()
    name = method.replace(".", "_").encode()
    return b'{"%s_response":%s,"sign":"%s"}' % (name, inner, signed(key, inner).encode())


def refused(method: str, sub_code: str, code: str = "40004") -> bytes:
    return answered(method, code=code, sub_code=sub_code, sub_msg="x")


def form(changes: Mapping[str, str | None] | None = None, charset: str = "utf-8", *, whole: bool = False) -> bytes:
    """A notification that Alipay signed; with sign_type among what is signed where `whole`."""
    fields = {
        "app_id": "app",
        "charset": charset,
        "gmt_payment": "2026-11-24 23:58:00",
        "notify_id": "n1",
        "out_trade_no": REFERENCE,
        "seller_id": "seller",
        "sign_type": "RSA2",
        "subject": "辣白菜+500g 100%",
        "total_amount": "59.80",
        "trade_no": "2026",
        "trade_status": "TRADE_SUCCESS",
        **(changes or {}),
    }
    kept = {name: value for name, value in fields.items() if value is not None}
    names = sorted(name for name in kept if whole or name != "sign_type")
    text = "&".join(f"{name}={kept[name]}" for name in names)
    return urlencode({**kept, "sign": signed(THEIRS, text.encode(charset))}, encoding=charset).encode()


# ---- The public vectors


@pytest.mark.parametrize("name", ["trade", "market"])
def test_public_notifications_verify(name: str) -> None:
    vector = VECTORS[name]
    found = alipay(alipay_public_key=vector["key"]).gateway.verified(urlencode(vector["form"]).encode())
    assert found["notify_id"] == vector["form"]["notify_id"]


def test_the_public_trade_is_read_as_money() -> None:
    vector = VECTORS["trade"]
    app, seller = vector["form"]["app_id"], vector["form"]["seller_id"]
    client = alipay(alipay_public_key=vector["key"], app_id=app, seller_id=seller)
    [money] = client.read({}, urlencode(vector["form"]).encode(), NOW)
    assert isinstance(money, Money)
    assert (money.amount, money.payment) == (10, "2019081522001468450512505578")
    assert money.at == datetime(2019, 8, 15, 7, 56, 24, tzinfo=UTC)


@pytest.mark.parametrize("name", ["trade", "market"])
def test_a_public_notification_with_anything_changed_does_not_verify(name: str) -> None:
    vector = VECTORS[name]
    gateway = alipay(alipay_public_key=vector["key"]).gateway
    for field in vector["form"]:
        for value in (vector["form"][field] + "0", ""):
            if (field, value) == ("sign_type", ""):  # a trade's is not signed, and may be missing
                continue
            with pytest.raises(Unauthorized):
                gateway.verified(urlencode({**vector["form"], field: value}).encode())


def test_the_public_answer_verifies_by_its_exact_bytes() -> None:
    vector = VECTORS["answer"]
    body = vector["body"].encode()
    client = alipay(body, alipay_public_key=vector["key"])
    assert client.gateway.call(vector["method"], {})["file_id"] == "CAxAToWB1JsAAAAAAAAAAAAADgSLAQBr"
    for wrong in (body.replace(b'"Success"', b'"success"'), body.replace(b'","msg"', b'", "msg"')):
        with pytest.raises(Away):
            alipay(wrong, alipay_public_key=vector["key"]).gateway.call(vector["method"], {})


# ---- What it signs


def opened(url: str) -> tuple[dict[str, str], dict[str, Any]]:
    """The parameters of a link, whose signature is right, and what it asks for."""
    address, _, query = url.partition("?")
    assert address == "https://openapi.alipay.com/gateway.do"
    fields = dict(parse_qsl(query, strict_parsing=True))
    sign = base64.b64decode(fields.pop("sign"))
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    OURS.public_key().verify(sign, text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return fields, json.loads(fields["biz_content"])


@pytest.mark.parametrize(
    ("channel", "method", "product"),
    [
        (Channel.ALIPAY_WAP, "alipay.trade.wap.pay", "QUICK_WAP_WAY"),
        (Channel.ALIPAY_PAGE, "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
    ],
)
def test_a_link_is_made_without_a_call_and_says_all_in_beijing_time(
    channel: Channel, method: str, product: str
) -> None:
    client = alipay()
    bill = msgspec.structs.replace(BILL, channel=channel)
    begun = client.begin(bill, Payer())
    assert client.transport.sent == []  # type: ignore[attr-defined]
    assert begun.until == bill.expires
    fields, content = opened(begun.handle["url"])
    assert (fields["method"], fields["charset"], fields["sign_type"]) == (method, "utf-8", "RSA2")
    assert fields["timestamp"] == "2026-11-24 23:58:30"
    assert (fields["notify_url"], fields["return_url"]) == ("https://shop.example/events", bill.back)
    assert content.pop("quit_url", bill.back) == bill.back
    assert content == {
        "out_trade_no": REFERENCE,
        "total_amount": "59.80",
        "subject": "辣白菜+500g 100%",
        "product_code": product,
        "time_expire": "2026-11-25 00:13:30",
    }


@given(st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable()))
@example("辣白菜+500g 100%/=&" * 20)
def test_a_subject_with_plus_chinese_or_percent_breaks_no_signature_and_has_nothing_that_alipay_refuses(
    title: str,
) -> None:
    bill = msgspec.structs.replace(BILL, title=title, back="")
    fields, content = opened(alipay().begin(bill, Payer()).handle["url"])
    assert "return_url" not in fields  # what is empty is not signed, and so not sent
    assert len(content["subject"]) == min(len(title), 256)
    assert not set(content["subject"]) & set("/=&")


@given(st.integers(1, 10**10))
def test_amounts_are_written_in_yuan_with_two_decimals_and_read_back(amount: int) -> None:
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}", yuan(amount))
    assert fen(yuan(amount)) == amount


def test_another_currency_is_not_asked_for() -> None:
    with pytest.raises(Declined):
        alipay().begin(msgspec.structs.replace(BILL, currency="USD"), Payer())
    with pytest.raises(Declined):
        alipay().refund(msgspec.structs.replace(RECLAIM, currency="USD"))


@pytest.mark.parametrize(
    "key",
    [
        OURS.private_bytes(PEM, PKCS8, NONE).decode(),
        OURS.private_bytes(PEM, PKCS1, NONE).decode(),
        base64.b64encode(OURS.private_bytes(DER, PKCS8, NONE)).decode(),
        base64.encodebytes(OURS.private_bytes(DER, PKCS1, NONE)).decode(),
    ],
)
def test_a_private_key_is_taken_as_pem_or_as_alipays_tools_give_it(key: str) -> None:
    opened(alipay(private_key=key).begin(BILL, Payer()).handle["url"])


def test_the_charset_stands_in_the_address_of_a_call_and_its_content_in_the_body() -> None:
    client = alipay(answered("alipay.trade.query", out_trade_no=REFERENCE, trade_status="WAIT_BUYER_PAY"))
    assert client.query(BILL) is None
    [(method, url, body)] = client.transport.sent  # type: ignore[attr-defined]
    assert method == "POST"
    fields, content = opened(f"{url}&{body.decode()}")
    assert "charset=utf-8" in url
    assert fields["method"] == "alipay.trade.query"
    assert content == {"out_trade_no": REFERENCE}


# ---- What it believes of notifications

PAID = Money(
    event="n1",
    reference=REFERENCE,
    payment="2026",
    amount=5980,
    currency="CNY",
    at=datetime(2026, 11, 24, 15, 58, tzinfo=UTC),
)
OVER = Closed(event="n1", reference=REFERENCE)
BACK = RefundNews(
    event="n1",
    key="k" * 24,
    amount=0,
    progress=Progress.DONE,
    payment="2026",
    reference=REFERENCE,
    so_far=980,
    refund="20261125100000320",
)
REFUND = {"gmt_refund": "2026-11-25 10:00:00.320", "refund_fee": "9.80", "out_biz_no": "k" * 24}


@pytest.mark.parametrize(
    ("changes", "news"),
    [
        ({}, [PAID]),
        ({"buyer_pay_amount": "49.80", "receipt_amount": "59.80"}, [PAID]),  # a coupon of Alipay: booked by the total
        ({"trade_status": "WAIT_BUYER_PAY"}, []),
        ({"trade_status": "TRADE_CLOSED", "gmt_payment": None}, [OVER]),
        ({"trade_status": "TRADE_FINISHED"}, []),
        ({"trade_status": "SOMETHING_NEW"}, []),
        (REFUND, [BACK]),
        ({**REFUND, "trade_status": "TRADE_CLOSED"}, [BACK]),
        ({**REFUND, "trade_status": "TRADE_FINISHED"}, []),
        ({"refund_fee": "0.00"}, [PAID]),  # nothing has gone back
        ({**REFUND, "gmt_refund": None}, [msgspec.structs.replace(BACK, refund="n1")]),
        ({**REFUND, "out_biz_no": None}, [msgspec.structs.replace(BACK, key="")]),
        ({**REFUND, "out_biz_no": REFERENCE}, [msgspec.structs.replace(BACK, key="")]),
    ],
)
def test_success_after_a_refund_and_finished_are_no_payment(changes: dict[str, str | None], news: list[Any]) -> None:
    assert alipay().read({}, form(changes), NOW) == news


def test_what_is_answered_is_exactly_success() -> None:
    assert (Alipay.heard.status, Alipay.heard.body) == (200, b"success")


@pytest.mark.parametrize("whole", [True, False])
def test_a_notification_is_believed_with_and_without_sign_type_in_what_is_signed(whole: bool) -> None:
    assert alipay().read({}, form(whole=whole), NOW) == [PAID]


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_notification_is_believed_in_every_charset(charset: str) -> None:
    assert alipay().read({}, form(charset=charset), NOW) == [PAID]


@pytest.mark.parametrize(
    "body",
    [
        form({"app_id": "another"}),
        form({"seller_id": "another"}),
        form({"sign_type": "RSA"}),
        form().replace(b"59.80", b"0.01"),
        form() + b"&refund_fee=1.00",
        form() + b"&total_amount=0.01",
        form().replace(b"sign=", b"sign=x"),
        b"&".join(part for part in form().split(b"&") if not part.startswith(b"sign=")),
        form({"notify_id": None}),
        form({"out_trade_no": None}),
        form({"total_amount": "59,8x"}),
        form({"total_amount": None}),
        form({"trade_no": None}),
        form({**REFUND, "refund_fee": "much"}),
        b"",
        b"{}",
        b"\xff&=&%",
        b"sign=%FF&sign_type=RSA2",
    ],
)
def test_whatever_is_not_signed_for_this_seller_is_refused(body: bytes) -> None:
    with pytest.raises((Unauthorized, Malformed)):
        alipay().read({}, body, NOW)


def test_fields_that_are_empty_and_so_not_signed_say_nothing() -> None:
    assert alipay().read({}, form() + b"&gmt_refund=&out_biz_no=", NOW) == [PAID]


def test_a_signed_field_cannot_be_hidden_inside_another() -> None:
    whole = form({**REFUND, "seller_id": "seller"})
    fields = dict(parse_qsl(whole.decode()))
    hidden = fields.pop("refund_fee")
    fields["out_trade_no"] += f"&refund_fee={hidden}"
    with pytest.raises(Malformed):
        alipay().read({}, urlencode(fields).encode(), NOW)


@given(st.binary(max_size=200))
def test_no_body_makes_it_fail_otherwise_than_by_refusing(body: bytes) -> None:
    with pytest.raises(ShopError):
        alipay().read({}, body, NOW)


@given(st.text(max_size=40).filter(lambda text: "&" not in text))
def test_every_subject_verifies_once_decoded(subject: str) -> None:
    if subject:
        assert alipay().read({}, form({"subject": subject}), NOW) == [PAID]


def test_a_plus_is_decoded_once() -> None:
    body = form({"subject": "a+b c%2B"})
    assert quote_plus("a+b c%2B").encode() in body
    assert alipay().read({}, body, NOW) == [PAID]


def test_each_of_several_keys_of_alipay_is_believed_and_no_other() -> None:
    assert alipay(alipay_public_key=public(STRANGER) + public(THEIRS)).read({}, form(), NOW) == [PAID]
    with pytest.raises(Unauthorized):
        alipay(alipay_public_key=public(STRANGER)).read({}, form(), NOW)


# ---- What it believes of answers


@pytest.mark.parametrize(
    "answer",
    [
        Reply(502, {}, answered("alipay.trade.query", out_trade_no=REFERENCE, trade_status="TRADE_CLOSED")),
        b"<html>busy</html>",
        b"[]",
        b'{"sign":"x"}',
        b'{"alipay_trade_query_response":[],"sign":"x"}',
        b'{"alipay_trade_query_response":{"code":"10000","trade_status":"TRADE_SUCCESS"}}',
        b'{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}',
        answered("alipay.trade.query", key=STRANGER, trade_status="TRADE_SUCCESS"),
        answered("alipay.trade.close", trade_status="TRADE_SUCCESS"),
        answered("alipay.trade.query").replace(b"Success", "成功".encode("gbk")),
        answered("alipay.trade.query", out_trade_no="2" * 20 + "_1", trade_status="TRADE_SUCCESS", total_amount="1.00"),
        answered("alipay.trade.query", out_trade_no=REFERENCE, trade_status="TRADE_SUCCESS", total_amount="much"),
        refused("alipay.trade.query", "isp.unknow-error", code="20000"),
        refused("alipay.trade.query", "aop.call-limited", code="40005"),
        refused("alipay.trade.query", "ACQ.SYSTEM_ERROR"),
        refused("alipay.trade.query", "aop.ACQ.SYSTEM_ERROR"),
    ],
)
def test_an_answer_that_is_unsigned_unreadable_or_busy_says_nothing(answer: bytes | Reply) -> None:
    with pytest.raises(Away):
        alipay(answer).query(BILL)


def test_braces_and_slashes_inside_values_end_no_answer() -> None:
    inner = b'{"code":"10000","out_trade_no":"%s","trade_status":"WAIT_BUYER_PAY","x":"a}\\"}{\\/ \xe6\x9d\x91"}'
    inner = inner % REFERENCE.encode()
    sign = signed(THEIRS, inner).encode()
    for body in (
        b'{"alipay_trade_query_response":%s,"sign":"%s"}' % (inner, sign),
        b'{"sign":"%s", "alipay_cert_sn":"}", "alipay_trade_query_response" : %s }' % (sign, inner),
    ):
        assert alipay(body).query(BILL) is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"trade_status": "WAIT_BUYER_PAY"}, type(None)),
        ({"trade_status": "TRADE_SUCCESS", "send_pay_date": "2026-11-24 23:59:00"}, Money),
        ({"trade_status": "TRADE_FINISHED", "send_pay_date": "2026-11-24 23:59:00"}, Money),
        ({"trade_status": "TRADE_CLOSED", "send_pay_date": "2026-11-24 23:59:00"}, Money),  # all of it has gone back
        ({"trade_status": "TRADE_CLOSED"}, Closed),
    ],
)
def test_how_a_payment_stands(fields: dict[str, str], kind: type) -> None:
    answer = answered("alipay.trade.query", out_trade_no=REFERENCE, trade_no="2026", total_amount="59.80", **fields)
    assert type(alipay(answer).query(BILL)) is kind


@pytest.mark.parametrize(("seconds", "over"), [(-1, False), (0, False), (59, False), (60, True)])
def test_a_link_that_nobody_opened_is_closed_only_when_its_time_is_over(seconds: int, over: bool) -> None:
    at = BILL.expires + timedelta(seconds=seconds)
    for ask in (
        alipay(refused("alipay.trade.query", "ACQ.TRADE_NOT_EXIST"), at).query(BILL),
        alipay(refused("alipay.trade.close", "ACQ.TRADE_NOT_EXIST"), at).close(BILL, {}),
    ):
        assert isinstance(ask, Closed) is over


def test_a_refusal_keeps_alipays_own_code() -> None:
    for call in ("query", "query_refund"):
        method = {"query": "alipay.trade.query", "query_refund": "alipay.trade.fastpay.refund.query"}[call]
        with pytest.raises(Declined) as caught:
            getattr(alipay(refused(method, "ACQ.INVALID_PARAMETER")), call)(BILL if call == "query" else RECLAIM)
        assert caught.value.code == "ACQ.INVALID_PARAMETER"


@pytest.mark.parametrize(
    ("fields", "progress"),
    [
        ({"fund_change": "Y", "refund_fee": "19.80"}, Progress.DONE),
        ({"fund_change": "N", "refund_fee": "19.80"}, Progress.ASKED),
        ({}, Progress.ASKED),
    ],
)
def test_a_refund_that_was_taken_is_done_only_where_funds_changed(fields: dict[str, str], progress: Progress) -> None:
    found = alipay(answered("alipay.trade.refund", **fields)).refund(RECLAIM)
    assert (found.progress, found.amount, found.key) == (progress, 980, RECLAIM.key)


@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({"refund_status": "REFUND_SUCCESS", "refund_amount": "9.80"}, True),
        ({"refund_amount": "9.80"}, False),
        ({}, False),
    ],
)
def test_a_refund_that_is_asked_for_is_done_only_by_its_status(fields: dict[str, str], known: bool) -> None:
    found = alipay(answered("alipay.trade.fastpay.refund.query", **fields)).query_refund(RECLAIM)
    assert (found is not None and found.progress is Progress.DONE) is known


@pytest.mark.parametrize(("hour", "ready"), [(9, None), (10, None), (11, None), (12, [])])
def test_a_day_without_a_bill_is_empty_from_noon_and_not_ready_before(hour: int, ready: list[Any] | None) -> None:
    at = datetime(2026, 11, 25, hour - 8, tzinfo=UTC)
    answer = refused("alipay.data.dataservice.bill.downloadurl.query", "isp.bill_not_exist")
    if ready is None:
        with pytest.raises(Away):
            alipay(answer, at).statement(date(2026, 11, 24))
    else:
        assert alipay(answer, at).statement(date(2026, 11, 24)) == ready


def test_a_bill_that_cannot_be_ready_or_be_fetched_is_asked_for_later() -> None:
    early = alipay(refused("alipay.data.dataservice.bill.downloadurl.query", "isp.invalid-arguments"))
    with pytest.raises(Away):
        early.statement(date(2026, 11, 24))
    assert early.transport.sent == []  # type: ignore[attr-defined]
    late = alipay(answered("alipay.data.dataservice.bill.downloadurl.query", bill_download_url="https://x"), NOW)
    answers = iter([late.transport.answer, Reply(403, {}, packed(table(PAYMENT)))])  # type: ignore[attr-defined]
    late.transport.send = lambda *_: a if isinstance(a := next(answers), Reply) else Reply(200, {}, a)  # type: ignore[method-assign]
    with pytest.raises(Away, match="403"):
        late.statement(date(2026, 11, 23))


# ---- Settings


def test_the_settings_are_proved_by_a_call_that_names_no_order() -> None:
    client = alipay(refused("alipay.trade.query", "ACQ.TRADE_NOT_EXIST"))
    client.check()
    [(_, _, body)] = client.transport.sent  # type: ignore[attr-defined]
    assert b"00000000000000000000_0" in body


def weak() -> str:
    return public(rsa.generate_private_key(65537, 1024))


def inconsistent() -> str:
    numbers = OURS.private_numbers()
    wrong = rsa.RSAPrivateNumbers(
        numbers.p, numbers.q, numbers.d + 2, numbers.dmp1, numbers.dmq1, numbers.iqmp, numbers.public_numbers
    )
    return wrong.private_key(unsafe_skip_rsa_key_validation=True).private_bytes(PEM, PKCS8, NONE).decode()


def curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("alipay_public_key", public(OURS)),
        ("alipay_public_key", weak()),
        ("alipay_public_key", curve()),
        ("alipay_public_key", ""),
        ("alipay_public_key", "not a key"),
        ("private_key", public(THEIRS)),
        ("private_key", ""),
        ("private_key", inconsistent()),
    ],
)
def test_keys_that_cannot_be_right_are_found_without_a_call(field: str, value: str) -> None:
    client = alipay(refused("alipay.trade.query", "ACQ.TRADE_NOT_EXIST"), **{field: value})
    with pytest.raises(ValueError, match=r".") as caught:
        client.check()
    assert client.transport.sent == []  # type: ignore[attr-defined]
    assert value[30:80] not in str(caught.value) or not value[30:80]


def test_a_wrong_app_is_found_by_the_call() -> None:
    with pytest.raises(Declined):
        alipay(refused("alipay.trade.query", "isv.invalid-signature", code="40002")).check()
    with pytest.raises(Away, match="invalid-app-id"):
        alipay(b'{"error_response":{"code":"40002","sub_code":"isv.invalid-app-id"}}').check()


def test_settings_show_no_key_and_take_no_unknown_field() -> None:
    assert "KEY" not in repr(SETTINGS)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(SETTINGS), "secret": "x"}, AlipaySettings)


def test_the_shop_starts_without_cryptography() -> None:
    code = "import sys, chalicelib.payments.alipay; assert not [m for m in sys.modules if m.startswith('cryptography')]"
    subprocess.run([sys.executable, "-c", code], check=True)
