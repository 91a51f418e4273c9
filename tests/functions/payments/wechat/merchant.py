"""A merchant of WeChat Pay with keys of its own, and what WeChat Pay answers and tells."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Money
from chalicelib.payments.port import Bill, Reclaim, Reply
from chalicelib.payments.wechat import WechatPay
from chalicelib.payments.wechat_gateway import WechatSettings
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

NOW = datetime(2026, 11, 24, 15, 58, 30, tzinfo=UTC)  # a minute and a half before midnight in the village
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
