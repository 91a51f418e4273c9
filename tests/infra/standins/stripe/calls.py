"""Calls of the stand-in of Stripe, as a client makes them."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib.payments.port import Reply
from cunbo.standins.base import Misbehaviour, Request

from tests.functions.payments.contract import BENCHES, Bench

OVER = datetime(2026, 11, 25, 4, tzinfo=UTC)


def make(**how: float) -> Bench:
    return BENCHES["stripe"](Misbehaviour(**how))


def call(bench: Bench, method: str, path: str, form: Any = None, **headers: str) -> Reply:
    """Calls the stand-in without the client."""
    given = {
        "authorization": f"Bearer {bench.stand_in.settings()['secret_key']}",
        "stripe-version": "2026-10-28.endive",
        "content-type": "application/x-www-form-urlencoded",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    body = form if isinstance(form, bytes) else urlencode(form or {}).encode()
    parts = urlsplit(path)
    reply: Reply = bench.stand_in.answer(Request(method, parts.path, parts.query, given, body))
    return reply


def code(reply: Reply) -> str:
    error = json.loads(reply.body).get("error", {})
    return f"{reply.status} {error.get('code') or error.get('type') or ''}".strip()


def refund(bench: Bench, payment: str, amount: str, key: str = "", **form: str) -> Reply:
    given = {"payment_intent": payment, "amount": amount, **form}
    return call(bench, "POST", "/v1/refunds", given, idempotency_key=key)
