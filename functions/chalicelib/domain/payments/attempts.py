"""Attempts to pay an order: each by one channel of one provider, under a reference of its own. Pure types, no I/O.

An attempt is written with the order before the provider is asked, so no money can come for one that the shop does not
know. Two channels are two attempts: providers refuse another channel under a reference that they know.
"""

import re
from datetime import datetime
from enum import StrEnum

import msgspec

from chalicelib.domain.aggregate import Stored

REFERENCE = re.compile(r"([0-9]{20})(?:_([0-9]{1,3}))?", re.ASCII)
"""An order's number and the attempt's (without one: the sandbox knows orders alone): what all providers take (WeChat
Pay 6 to 32 characters, Alipay letters, digits and underscores)."""


class Channel(StrEnum):
    """By what a buyer pays. The strings are stored, and stand in the HTTP contract.

    WeChat Pay inside WeChat, on a phone outside of it, and by a code on a screen; Alipay on a phone and on a desktop;
    Stripe's own page; the sandbox.
    """

    WECHAT_JSAPI = "wechat_jsapi"
    WECHAT_H5 = "wechat_h5"
    WECHAT_NATIVE = "wechat_native"
    ALIPAY_WAP = "alipay_wap"
    ALIPAY_PAGE = "alipay_page"
    STRIPE_CHECKOUT = "stripe_checkout"
    SANDBOX = "sandbox"

    @property
    def provider(self) -> str:
        """The provider whose channel it is."""
        return self.value.partition("_")[0]


class AttemptState(StrEnum):
    """Where an attempt stands. The strings are stored."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


class Attempt(Stored, frozen=True):
    """The `n`th attempt to pay an order, begun `at`; it can be paid until `expires`, which never changes.

    `handle` is what the provider gave to go on with (a link, a code, an id); it may be offered until `until`. Both are
    empty while the provider has not answered yet.
    """

    n: int
    channel: Channel
    at: datetime
    expires: datetime
    handle: dict[str, str] = msgspec.field(default_factory=dict)
    until: datetime | None = None
    state: AttemptState = AttemptState.OPEN

    def reference(self, order: str) -> str:
        """Return the number under which the provider knows it."""
        return f"{order}_{self.n}"


def named(reference: str) -> tuple[str, int] | None:
    """Return the order's number and the attempt's that a reference names, 0 for none; None where it is none of ours."""
    found = REFERENCE.fullmatch(reference)
    return (found[1], int(found[2] or 0)) if found else None
