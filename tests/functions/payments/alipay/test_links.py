"""What is signed for Alipay: links without a call, and calls."""

import base64
import json
import re
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.alipay import yuan
from chalicelib.payments.alipay_bill import fen
from chalicelib.payments.port import Declined, Payer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from hypothesis import example, given
from hypothesis import strategies as st

from tests.functions.payments.alipay.seller import (
    BILL,
    DER,
    NONE,
    OURS,
    PEM,
    PKCS1,
    PKCS8,
    RECLAIM,
    REFERENCE,
    alipay,
    answered,
)


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
