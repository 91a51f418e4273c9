"""Calls of the stand-in of WeChat Pay, signed as a merchant signs them."""

import base64
import json
import re
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.payments.news import RefundNews
from chalicelib.payments.port import Reply
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cunbo.standins.base import Misbehaviour, Request
from cunbo.standins.wechat import OWN_SERIAL, pair
from cunbo.standins.wechat_trades import MCHID

from tests.functions.payments.contract import BENCHES, Bench


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


def refund(bench: Bench, bill: Any, money: Any, amount: int, key: str = "r" * 24) -> RefundNews:
    found = bench.provider.refund(bench.reclaim(bill, money, amount, key))
    assert isinstance(found, RefundNews)
    return found


def pressed(bench: Bench, page: bytes, act: str, lang: str = "zh") -> Reply:
    """Presses a button of a page's form."""
    fields = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', page.decode().split("<button")[0]))
    body = urlencode({**fields, "act": act}).encode()
    reply = bench.stand_in.answer(Request("POST", "/cashier", "", {"accept-language": lang}, body))
    assert isinstance(reply, Reply)
    return reply
