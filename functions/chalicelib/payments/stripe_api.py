"""Stripe's API: calls in form encoding under a pinned version, the objects in its answers, and its signed events.

Each rule names the page of docs.stripe.com that has it.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Generic, TypeVar
from urllib.parse import urlencode

import msgspec

from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.payments.port import Away, Declined, Reply, Transport

VERSION = "2026-10-28.endive"
"""What answers look like, whatever version the account has ("API upgrades")."""
TOLERANCE = 300
"""Seconds that an event's time may differ from ours ("Resolve webhook signature verification errors"): both ways, since
one from the future was made up, too."""
KEYS = 5
"""How many idempotency keys a request is sent with at most, one after another."""
BUSY = frozenset({409, 429})
"""Somebody else asks the same at this moment, or all ask too much ("Advanced error handling")."""


class StripeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an account of Stripe has: a restricted key, and the signing secret of its webhook endpoint.

    `webhook_secret` may hold several, with blanks between them: all of them are believed.
    """

    secret_key: str
    webhook_secret: str
    base_url: str = "https://api.stripe.com"

    @property
    def live(self) -> bool:
        """Whether real money moves with this key."""
        return "_live_" in self.secret_key

    def __repr__(self) -> str:
        """Say whether money moves, and no key."""
        return f"StripeSettings(live={self.live})"


class StripeObject(msgspec.Struct, frozen=True, kw_only=True):
    """What all objects have. Amounts are in the smallest unit of `currency`, which is in lower case."""

    id: str
    object: str = ""
    created: int = 0
    amount: int = 0
    currency: str = ""
    status: str | None = None
    metadata: dict[str, str] | None = None

    @property
    def noted(self) -> Mapping[str, str]:
        """What the shop noted on it: `reference`, and `key` on refunds."""
        return self.metadata or {}


class StripeIntent(StripeObject, frozen=True, kw_only=True):
    """A payment (PaymentIntent), which one charge pays."""

    amount_received: int = 0
    latest_charge: str | StripeObject | None = None

    @property
    def charged(self) -> int:
        """When it was paid, in seconds."""
        return self.latest_charge.created if isinstance(self.latest_charge, StripeObject) else self.created


class StripeSession(StripeObject, frozen=True, kw_only=True):
    """A page to pay on (Checkout Session): open, then complete or expired; complete is not yet paid."""

    payment_status: str = ""
    client_reference_id: str | None = None
    amount_total: int | None = None
    payment_intent: str | StripeIntent | None = None
    url: str | None = None


class StripeReversal(StripeObject, frozen=True, kw_only=True):
    """What goes back of a payment, or is claimed back: a refund or a dispute; or a charge, which it goes back from."""

    payment_intent: str | None = None
    failure_reason: str | None = None
    pending_reason: str | None = None
    reason: str | None = None


class StripeMovement(StripeObject, frozen=True, kw_only=True):
    """An entry of the account's balance (balance transaction), in the currency that the account settles in."""

    type: str = ""
    reporting_category: str = ""
    fee: int = 0
    source: str | StripeReversal | None = None


class StripeEndpoint(StripeObject, frozen=True, kw_only=True):
    """Where events go (webhook endpoint)."""

    url: str = ""
    enabled_events: list[str] = []


class StripeEvent(msgspec.Struct, frozen=True):
    """What Stripe tells."""

    id: str
    type: str
    created: int
    livemode: bool
    data: dict[str, msgspec.Raw]


class StripeFault(msgspec.Struct, frozen=True):
    """Why a request was refused."""

    type: str = "unknown"
    code: str | None = None
    param: str | None = None


Found = TypeVar("Found", bound=StripeObject)


class StripePage(msgspec.Struct, Generic[Found], frozen=True):
    """A page of a list, newest first."""

    data: list[Found]
    has_more: bool = False


class StripeApi:
    """Calls Stripe, and reads its events."""

    def __init__(self, settings: StripeSettings, transport: Transport) -> None:
        self.settings, self.transport = settings, transport

    def get(self, path: str, kind: type[Found], query: Mapping[str, str] | None = None) -> Found:
        """Return one object."""
        return _decoded(self._send("GET", f"{path}?{urlencode(query or {})}"), kind)

    def pages(self, path: str, kind: type[StripePage[Found]], query: Mapping[str, str]) -> Iterator[Found]:
        """Yield all objects of a list, newest first ("Pagination")."""
        more: Mapping[str, str] = {}
        while True:
            page = _decoded(self._send("GET", f"{path}?{urlencode({**query, 'limit': '100', **more})}"), kind)
            yield from page.data
            if not page.has_more or not page.data:
                return
            more = {"starting_after": page.data[-1].id}

    def post(self, path: str, kind: type[Found], form: Mapping[str, str], key: str = "") -> Found:
        """Have something made or done, once for each `key`.

        Stripe keeps whatever it answered under a key for a day, also a failure of its own ("Idempotent requests"). A
        failure that it says again has ended, so the same is asked under the next key: it is never asked twice at once.
        """
        for n in range(1, KEYS + 1):
            reply = self._send("POST", path, urlencode(form), f"{key}-{n}" if n > 1 else key)
            if reply.status < 400 or reply.headers.get("idempotent-replayed") != "true":
                break
        return _decoded(reply, kind)

    def event(self, headers: Mapping[str, str], body: bytes, now: datetime) -> StripeEvent:
        """Return the event of a raw body, once one of its signatures is right ("Verify webhook signatures manually").

        Raise Unauthorized, Malformed. There are several signatures while a secret is rolled.
        """
        given = {name.lower(): value for name, value in headers.items()}.get("stripe-signature", "")
        parts = [part.strip().partition("=") for part in given.split(",")]
        times = [value for name, _, value in parts if name == "t" and re.fullmatch(r"[0-9]{1,12}", value, re.ASCII)]
        given_ones = [value for name, _, value in parts if name == "v1" and value.isascii()]
        if len(times) != 1 or not self._signed(times[0], body, given_ones):
            raise Unauthorized("the event's signature is missing or wrong")
        if abs(now.timestamp() - int(times[0])) > TOLERANCE:
            raise Unauthorized(f"the event's time is more than {TOLERANCE} s from ours")
        try:
            event = msgspec.json.decode(body, type=StripeEvent)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Malformed(f"the event cannot be read: {error}") from None
        if event.livemode != self.settings.live:
            raise Unauthorized("the event is of test mode where money is real, or the other way round")
        return event

    def _signed(self, at: str, body: bytes, given: list[str]) -> bool:
        """Says whether one of the secrets made one of the signatures; it compares each with each."""
        right = False
        for secret in self.settings.webhook_secret.split():
            wanted = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
            for one in given:
                right |= hmac.compare_digest(wanted, one)
        return right

    def _send(self, method: str, path: str, form: str = "", key: str = "") -> Reply:
        headers = {"authorization": f"Bearer {self.settings.secret_key}", "stripe-version": VERSION}
        if method == "POST":
            headers["content-type"] = "application/x-www-form-urlencoded"
        if key:
            headers["idempotency-key"] = key
        return self.transport.send(method, f"{self.settings.base_url}{path}", headers, form.encode())


def instant(seconds: int) -> datetime:
    """Return the instant, in UTC, that Stripe writes as seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def seconds(at: datetime) -> str:
    """Return an instant as Stripe wants it."""
    return str(int(at.timestamp()))


def decoded(raw: msgspec.Raw | None, kind: type[Found]) -> Found:
    """Return the object that an event is about; raise Malformed."""
    try:
        return msgspec.json.decode(raw or b"", type=kind)
    except msgspec.DecodeError as error:
        raise Malformed(f"the event's object cannot be read: {error}") from None


Kind = TypeVar("Kind")


def _decoded(reply: Reply, kind: type[Kind]) -> Kind:
    """Returns what was asked for; raises Away, or Declined with Stripe's code ("Errors").

    The message of a refusal is not told on: it may name the key.
    """
    try:
        if reply.status >= 500 or reply.status in BUSY:
            raise Away(f"Stripe answered HTTP {reply.status}")
        if reply.status < 300:
            return msgspec.json.decode(reply.body, type=kind)
        fault = msgspec.json.decode(reply.body, type=dict[str, StripeFault]).get("error", StripeFault())
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Away(f"Stripe answered HTTP {reply.status} with what cannot be read") from None
    raise Declined(fault.code or fault.type, " ".join(filter(None, (f"HTTP {reply.status}", fault.param))))
