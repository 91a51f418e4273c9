"""Public cases of Alipay: notifications and answers that others have published."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.payments.news import Money
from chalicelib.payments.port import Away

from tests.functions.payments.alipay.seller import NOW, alipay

VECTORS = json.loads((Path(__file__).parents[1] / "alipay_vectors.json").read_text(encoding="utf-8"))


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
