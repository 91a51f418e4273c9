"""An account with Stripe: what it answers and tells, written by hand.

The stand-in, which answers by itself, has its tests in tests/infra/standins/stripe/.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.domain.payments.attempts import Channel
from chalicelib.payments.port import Reclaim, Reply
from chalicelib.payments.stripe import Stripe
from chalicelib.payments.stripe_api import StripeSettings

SECRET, KEY = "whsec_ours", "rk_test_ours"
NOTIFY = "https://shop.example/api/payments/stripe/events"
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
AT = int(NOW.timestamp())
REFERENCE = "1" * 20 + "_1"
RECLAIM = Reclaim(
    key="r" * 24, reference=REFERENCE, payment="pi_1", channel=Channel.STRIPE_CHECKOUT, amount=980, total=5980
)
SESSION = {
    "id": "cs_1",
    "object": "checkout.session",
    "status": "complete",
    "payment_status": "paid",
    "client_reference_id": REFERENCE,
    "amount_total": 5980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "metadata": None,
    "url": None,
}
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "status": "succeeded",
    "metadata": {"key": "r" * 24, "reference": REFERENCE},
}
INTENT = {"id": "pi_1", "object": "payment_intent", "metadata": {"reference": REFERENCE}, "status": "succeeded"}
DISPUTE = {
    "id": "du_1",
    "object": "dispute",
    "amount": 5980,
    "currency": "cny",
    "payment_intent": "pi_1",
    "reason": "fraudulent",
    "status": "needs_response",
    "metadata": {},
}


class Script:
    """A transport that gives answers in order, and keeps what was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], dict[str, str]]] = []

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        form = dict(parse_qsl(body.decode(), strict_parsing=True)) if body else {}
        self.asked.append((method, url, dict(headers), form))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Reply):
            return answer
        status, found = answer if isinstance(answer, tuple) else (200, answer)
        return Reply(status, {"content-type": "application/json"}, json.dumps(found).encode())


def client(*answers: Any, key: str = KEY, secret: str = SECRET, now: datetime = NOW) -> tuple[Stripe, Script]:
    script = Script(*answers)
    return Stripe(StripeSettings(secret_key=key, webhook_secret=secret), script, NOTIFY, lambda: now), script


def listed(*things: Any, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(things), "has_more": more}


def refused(code: str | None, status: int = 400, param: str = "", **headers: str) -> Reply:
    error = {"type": "invalid_request_error", "code": code, "param": param, "message": f"the key is {KEY}"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, named, json.dumps({"error": error}).encode())


def signed(body: bytes, at: int = AT, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def told(kind: str, thing: object, **fields: Any) -> bytes:
    event = {"id": "evt_1", "object": "event", "type": kind, "created": AT, "livemode": False}
    return json.dumps({**event, "data": {"object": thing}, **fields}, ensure_ascii=False).encode()


def read(provider: Stripe, body: bytes, header: str = "", now: datetime = NOW) -> Any:
    return list(provider.read({"Stripe-Signature": header or f"t={AT},v1={signed(body)}"}, body, now))
