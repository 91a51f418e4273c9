"""A stand-in of Stripe: its API, strict as the real one, the events that it signs, and the page where somebody pays.

It shares no code with the shop's client, so that both cannot make the same mistake; the public vector holds both. What
it takes and refuses is in stripe_money.py, the payer's page in stripe_pages.py.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from chalicelib.payments.port import Reply

from cunbo.standins.base import Clock, Deliver, Misbehaviour, Post, Request, language
from cunbo.standins.stripe_money import SEARCHABLE, StripePayments, StripeRefused, Thing, found
from cunbo.standins.stripe_pages import over_page, pay_page

REMEMBERED = timedelta(hours=24)
"""How long a key, and a secret that was rolled, are known."""
JSON = {"content-type": "application/json"}
RESOURCES = ("checkout/sessions", "payment_intents", "refunds", "balance_transactions", "webhook_endpoints")
HIDDEN = frozenset({"intent_metadata", "method", "session"})
"""Fields that are the stand-in's own."""


def signature(secret: str, at: int, body: bytes) -> str:
    """Return what an event is signed with at a second."""
    return hmac.new(secret.encode(), b"%d.%s" % (at, body), hashlib.sha256).hexdigest()


class StripeStandIn(StripePayments):
    """Stripe, as far as the shop meets it."""

    def __init__(self, clock: Clock, send: Deliver, dice: Random, how: Misbehaviour) -> None:
        super().__init__(clock, dice, how)
        self.send = send
        self.post = Post(self._signed, dice, how)
        self.webhook_url = ""
        """Where events go; empty: nowhere. The real one is told in its dashboard."""
        self.events = ["*"]
        self.forbidden: set[str] = set()
        """Resources that the shop's restricted key may not use."""
        self.probes: list[bytes] = []
        self.fooled = 0
        """How many false events the shop took for true."""
        self.faults: list[str] = []
        """What befalls the next calls that make something: `before` or `after` it is made, Stripe breaks, and says so
        again to the same key for a day; `busy` and `limit` pass."""
        self.kept: dict[str, tuple[datetime, bytes, Reply]] = {}
        self.secrets: list[tuple[str, str, datetime | None]] = []
        self.switch_keys()

    def settings(self) -> dict[str, str]:
        """Return what the shop has to know of it, as PAY_SETTINGS has it."""
        key, secret, _ = self.secrets[-1]
        return {"secret_key": key, "webhook_secret": secret, "base_url": self.base_url}

    def switch_keys(self) -> None:
        """Roll the key and the signing secret; the old ones are good for a day."""
        until = self.clock() + REMEMBERED
        self.secrets = [(key, secret, end or until) for key, secret, end in self.secrets]
        token = f"{self.dice.getrandbits(128):032x}"
        self.secrets.append((f"rk_test_{token}", f"whsec_{token[::-1]}", None))

    def answer(self, request: Request) -> Reply:
        """Answer a call of the API, or a browser on the page to pay on."""
        self.tick()
        if page := re.fullmatch(r"/c/pay/(\w+)", request.path, re.ASCII):
            return self._page(page[1], request)
        try:
            self._allow(request)
            return self._once(request) if request.method == "POST" else _ok(self._read(request))
        except StripeRefused as refused:
            return _refusal(refused)

    def deliver(self) -> int:
        """Post the events that are due; return how many were not heard, and are told again."""
        self.tick()
        for body in self.probes:
            at = int(self.clock().timestamp())
            header = {"stripe-signature": f"t={at},v1={signature('whsec_false', at, body)}", **JSON}
            try:
                self.fooled += _heard(self.send(self.webhook_url, header, body))
            except OSError:
                continue
        self.probes.clear()
        return self.post.deliver(_heard)

    def tell(self, kind: str, thing: Thing) -> None:
        """Put an event on its way, where the endpoint wants it; it holds the object as it is now."""
        if not self.webhook_url or not {kind, "*"} & set(self.events):
            return
        event = {
            **self._made("evt_", "event"),
            "api_version": "2026-10-28.endive",
            "data": {"object": _shown(thing)},
            "pending_webhooks": 1,
            "type": kind,
        }
        body = msgspec.json.format(msgspec.json.encode(event))
        if self.dice.random() < self.how.probe:
            self.probes.append(body)
        self.post.add(self.webhook_url, dict(JSON), body)

    def _signed(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Sends an event, signed when it is sent, with each secret that is good then."""
        now = self.clock()
        at = int(now.timestamp())
        ones = [signature(secret, at, body) for _, secret, end in self.secrets if not end or now < end]
        given = ",".join([f"t={at}", *(f"v1={one}" for one in ones), f"v0={'0' * 64}"])
        return self.send(url, {**headers, "stripe-signature": given}, body)

    def _allow(self, request: Request) -> None:
        now, given = self.clock(), request.headers.get("authorization", "").removeprefix("Bearer ")
        if not any(given == key and (not end or now < end) for key, _, end in self.secrets):
            raise StripeRefused(None, status=401)
        if not re.fullmatch(r"\d{4}-\d\d-\d\d\.[a-z]+", request.headers.get("stripe-version", ""), re.ASCII):
            raise StripeRefused(None, "Stripe-Version")
        resource = next((one for one in RESOURCES if request.path.startswith(f"/v1/{one}")), None)
        if resource is None:
            raise StripeRefused("url_unknown", status=404)
        if resource in self.forbidden:
            raise StripeRefused(None, status=403)

    def _once(self, request: Request) -> Reply:
        """Does what a POST asks, once for each key; what came so far as to be done is kept, whatever came of it."""
        key, now = request.headers.get("idempotency-key", ""), self.clock()
        if request.headers.get("content-type") != "application/x-www-form-urlencoded" or len(key) > 255:
            raise StripeRefused("parameter_invalid")
        asked = request.path.encode() + b"?" + request.body
        if key in self.kept and now - self.kept[key][0] < REMEMBERED:
            _, before, reply = self.kept[key]
            if before != asked:
                raise StripeRefused("idempotency_error")
            return msgspec.structs.replace(reply, headers={**reply.headers, "idempotent-replayed": "true"})
        fault = self.faults.pop(0) if self.faults else ""
        if fault in {"busy", "limit"}:
            raise StripeRefused("lock_timeout", status=409 if fault == "busy" else 429)
        try:
            reply = _refusal(StripeRefused(None, status=500)) if fault == "before" else _ok(self._write(request))
        except StripeRefused as refused:
            if not refused.executed:
                raise
            reply = _refusal(refused)
        if fault == "after":
            reply = _refusal(StripeRefused(None, status=500))
        if key:
            self.kept[key] = (now, asked, reply)
        return reply

    def _write(self, request: Request) -> Thing:
        try:
            pairs = parse_qsl(request.body.decode(), keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise StripeRefused("parameter_invalid") from None
        form = dict(pairs)
        if len(form) != len(pairs):
            raise StripeRefused("parameter_invalid")
        if expired := re.fullmatch(r"/v1/checkout/sessions/(\w+)/expire", request.path, re.ASCII):
            return self.expire(expired[1])
        makes: dict[str, Callable[[Mapping[str, str]], Thing]] = {
            "/v1/checkout/sessions": self.make_session,
            "/v1/refunds": self.make_refund,
        }
        if request.path not in makes:
            raise StripeRefused("url_unknown", status=404)
        return makes[request.path](form)

    def _read(self, request: Request) -> Thing:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        if one := re.fullmatch(r"/v1/(checkout/sessions|payment_intents|refunds)/(\w+)", request.path, re.ASCII):
            if one[2] == "search":
                return self._search(query)
            things = {"payment_intents": self.intents, "refunds": self.refunds}.get(one[1], self.sessions)
            return self._expanded(_shown(found(things, one[2], "id")), query)
        lists: dict[str, Mapping[str, Thing]] = {
            "/v1/checkout/sessions": self.sessions,
            "/v1/payment_intents": self.intents,
            "/v1/refunds": self.refunds,
            "/v1/balance_transactions": self.movements,
            "/v1/webhook_endpoints": self._endpoints(),
        }
        if request.path not in lists:
            raise StripeRefused("url_unknown", status=404)
        return self._list(lists[request.path], query)

    def _list(self, things: Mapping[str, Thing], query: Mapping[str, str]) -> Thing:
        """Returns a page, newest first."""
        known = {"limit", "starting_after", "payment_intent", "created[gte]", "created[lt]", "expand[]"}
        if unknown := set(query) - known:
            raise StripeRefused("parameter_unknown", unknown.pop())
        limit = int(query.get("limit", "10"))
        if not 1 <= limit <= 100:
            raise StripeRefused("parameter_invalid_integer", "limit")
        since, until = int(query.get("created[gte]", "0")), int(query.get("created[lt]", "99999999999"))
        fitting = [
            one
            for one in reversed([*things.values()])
            if since <= one["created"] < until
            and query.get("payment_intent", one.get("payment_intent")) == one.get("payment_intent")
        ]
        if after := query.get("starting_after"):
            found(things, after, "starting_after")
            fitting = fitting[[one["id"] for one in fitting].index(after) + 1 :]
        shown = [self._expanded(_shown(one), query, "data.") for one in fitting[:limit]]
        return {"object": "list", "data": shown, "has_more": len(fitting) > limit}

    def _search(self, query: Mapping[str, str]) -> Thing:
        """Returns payments by what is noted on them; those of the last minute are not there yet."""
        asked = re.fullmatch(r'metadata\["(\w+)"\]:"([^"]*)"', query.get("query", ""), re.ASCII)
        if not asked:
            raise StripeRefused("parameter_invalid", "query")
        until = (self.clock() - SEARCHABLE).timestamp()
        fitting = [one for one in self.intents.values() if one["metadata"].get(asked[1]) == asked[2]]
        shown = [_shown(one) for one in fitting if one["created"] <= until]
        return {"object": "search_result", "data": shown, "has_more": False}

    def _expanded(self, thing: Thing, query: Mapping[str, str], prefix: str = "") -> Thing:
        """Returns a thing with other things in place of their ids, as asked for."""
        wanted = query.get("expand[]", "")
        if not wanted:
            return thing
        if wanted == f"{prefix}source":
            all_of = {**self.charges, **self.refunds, **self.disputes}
            return {**thing, "source": all_of.get(thing["source"], thing["source"])}
        if wanted != "payment_intent.latest_charge" or prefix:
            raise StripeRefused("parameter_invalid", "expand")
        intent = self.intents.get(thing["payment_intent"] or "")
        if not intent:
            return thing
        charge = self.charges.get(intent["latest_charge"] or "")
        return {**thing, "payment_intent": {**_shown(intent), "latest_charge": charge}}

    def _endpoints(self) -> dict[str, Thing]:
        if not self.webhook_url:
            return {}
        one = {"id": "we_1", "object": "webhook_endpoint", "created": 0, "status": "enabled", "url": self.webhook_url}
        return {"we_1": {**one, "enabled_events": self.events}}

    def _page(self, name: str, request: Request) -> Reply:
        """Shows the page to pay on, and does what somebody presses there; it leads back as the real one does."""
        session = self.sessions.get(name, {})
        lang = session.get("locale", "auto")
        if lang not in {"zh", "en"}:
            lang = language(request.headers)
        back = session.get("cancel_url") or session.get("success_url") or ""
        if session.get("status") != "open":
            return over_page(lang, back)
        act = (
            dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("act", "") if request.method == "POST" else ""
        )
        if act == "leave":
            return Reply(303, {"location": back}, b"")
        if act == "pay":
            self.pay(name)
            return Reply(303, {"location": session["success_url"]}, b"")
        return pay_page(self.titles[name], session["amount_total"], lang, failed=act == "fail")


def _shown(thing: Thing) -> Thing:
    """Returns a copy of a thing as Stripe shows it."""
    return {name: value for name, value in thing.items() if name not in HIDDEN}


def _heard(reply: Reply) -> bool:
    return 200 <= reply.status < 300


def _ok(thing: Thing) -> Reply:
    return Reply(200, dict(JSON), msgspec.json.encode(_shown(thing)))


def _refusal(refused: StripeRefused) -> Reply:
    kind = {500: "api_error"}.get(refused.status, "invalid_request_error")
    if refused.code == "idempotency_error":
        kind = "idempotency_error"
    error: dict[str, Any] = {"type": kind, "message": "This request was refused."}
    if refused.code and kind != "idempotency_error":
        error["code"] = refused.code
    if refused.param:
        error["param"] = refused.param
    return Reply(refused.status, dict(JSON), msgspec.json.encode({"error": error}))
