"""The port of payment providers: what the shop asks of each, and how each reaches its own servers.

Whatever goes over the network raises Away where the provider did not answer or was not able to, so that it is tried
again under the same reference or key; Declined where it answered that it will not, for the reason in `code`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable

import msgspec

from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, News, RefundNews, Row
from chalicelib.network import Away as Away
from chalicelib.network import Declined as Declined
from chalicelib.network import Reply as Reply
from chalicelib.network import Transport as Transport


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be paid: `amount` fen under `reference` until `expires`.

    `title` is what the payer's app shows, in the buyer's language; `back` is the page to come back to, which holds no
    secret. `token` opens the order: it is for the sandbox alone, whose page is the shop's own. `handle` is what `begin`
    gave, where that is known: Stripe knows a payment by nothing else for sure.
    """

    reference: str
    channel: Channel
    amount: int
    title: str
    expires: datetime
    back: str
    lang: str = "zh"
    currency: str = "CNY"
    token: str = ""
    handle: Mapping[str, str] = {}


class Payer(msgspec.Struct, frozen=True):
    """Who pays: the network address that they come from, and inside WeChat their openid there."""

    ip: str = ""
    openid: str = ""

    @property
    def name(self) -> str:
        """What tells who pays inside WeChat from others, and not who they are."""
        return hashlib.sha256(self.openid.encode()).hexdigest()[:16]


class Begun(msgspec.Struct, frozen=True):
    """What the provider gave to go on with, as the attempt keeps it, and until when it may be offered."""

    handle: dict[str, str]
    until: datetime


class Reclaim(msgspec.Struct, frozen=True, kw_only=True):
    """A refund to ask for: `amount` fen of the `total` that were paid under `reference` as `payment`; `key` is its
    idempotency key, which has 23 to 40 of `0-9A-Za-z_-`.
    """

    key: str
    reference: str
    payment: str
    channel: Channel
    amount: int
    total: int
    currency: str = "CNY"


class Provider(Protocol):
    """What the shop asks of a payment provider."""

    @property
    def channels(self) -> Sequence[Channel]:
        """Those that this shop's contract with the provider has."""

    @property
    def heard(self) -> Reply:
        """What it wants to hear when its news was taken."""

    def begin(self, bill: Bill, payer: Payer) -> Begun:
        """Have the provider take this payment; the same bill again gives the same payment. Raise Away, Declined."""

    def offer(self, bill: Bill, handle: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return what the browser does with the handle: {"action": "redirect", "url": …}, {"action": "qr", "code": …}
        or {"action": "wechat", …}. It asks nobody."""

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[News]:
        """Return the news in a raw body, once its signature and time are right; none for what means nothing to us.

        Raise Unauthorized, Malformed; Away where the news does not say whose it is, and neither does the provider.
        """

    def query(self, bill: Bill) -> Money | Closed | None:
        """Ask how the payment stands; None: it can still be paid, or nobody has opened it. Raise Away, Declined."""

    def close(self, bill: Bill, handle: Mapping[str, str]) -> Money | Closed | None:
        """Take no more money for it; return what has come all the same. Closed again, or unknown, is closed.

        None: the provider does not close it yet, and it is to be tried again. Raise Away, Declined.
        """

    def refund(self, reclaim: Reclaim) -> RefundNews:
        """Ask for the money to go back; the same key once, however often it is asked. Raise Away, Declined."""

    def query_refund(self, reclaim: Reclaim) -> RefundNews | None:
        """Ask how a refund goes; None: the provider knows no such refund. Raise Away, Declined."""

    def statement(self, day: date) -> Iterable[Row]:
        """Return the provider's own list of what moved on the village's day; raise Away where it is not ready yet."""


@runtime_checkable
class Renewable(Protocol):
    """Providers whose settings may change while a process runs."""

    def renew(self, name: str) -> bool:
        """Read a provider's settings again, unless that was done just now; return whether they are others."""


@runtime_checkable
class KnowsPayer(Protocol):
    """A provider that wants to know who pays, by an openid that it gives a browser's code for."""

    def authorize_url(self, back: str, state: str) -> str:
        """Return the address that sends a browser back to `back` with a code."""

    def openid(self, code: str) -> str:
        """Return who the browser with this code belongs to; raise Away, Declined for a code that is used or too old."""
