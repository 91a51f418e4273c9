"""A seller at Alipay with keys of its own, and what Alipay answers and tells."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.alipay import Alipay
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Bill, Reclaim, Reply
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

NOW = datetime(2026, 11, 24, 15, 58, 30, tzinfo=UTC)  # a minute and a half before midnight in the village
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
