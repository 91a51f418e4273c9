"""Calls of the stand-in of Alipay, signed as a seller signs them."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from chalicelib.payments.port import Reply
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cunbo.standins.alipay import APP
from cunbo.standins.base import Misbehaviour, Request

from tests.functions.payments.contract import BACK, BENCHES, NOTIFY, Bench

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
