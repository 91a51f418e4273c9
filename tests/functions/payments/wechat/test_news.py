"""What WeChat Pay tells: believed by its signature alone, by public cases and by our own."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.payments.news import Money, Progress, RefundNews
from chalicelib.payments import wechat_gateway
from chalicelib.payments.port import Reply
from chalicelib.payments.wechat import WechatPay
from chalicelib.payments.wechat_gateway import WechatGateway
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.payments.wechat.merchant import (
    APIV3,
    BACK,
    CERTIFICATE,
    KEY_ID,
    MONEY,
    NEWER,
    NOW,
    OURS,
    PAID,
    RECLAIM,
    REFERENCE,
    STRANGER,
    THEIRS,
    Canned,
    answer,
    wechat,
    wrapped,
)

VECTORS = json.loads((Path(__file__).parents[1] / "wechat_vectors.json").read_text(encoding="utf-8"))


def gateway(**changes: Any) -> WechatGateway:
    return wechat(**changes)[0].gateway


def sealed(plain: bytes, extra: str = "transaction", key: str = APIV3) -> dict[str, str]:
    nonce = "n" * 12
    text = base64.b64encode(AESGCM(key.encode()).encrypt(nonce.encode(), plain, extra.encode())).decode()
    return {"algorithm": "AEAD_AES_256_GCM", "ciphertext": text, "nonce": nonce, "associated_data": extra}


def notification(plain: Any = None, kind: str = "TRANSACTION.SUCCESS", **changes: Any) -> bytes:
    resource = sealed(json.dumps(PAID if plain is None else plain).encode())
    fields = {"id": "e1", "event_type": kind, "summary": "支付成功", "resource": resource, **changes}
    return json.dumps(fields, ensure_ascii=False).encode()


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
