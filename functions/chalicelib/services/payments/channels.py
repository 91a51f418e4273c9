"""Which channel of a provider works where the page is open: pure rules, no I/O.

Sources: WeChat Pay, "JSAPI支付" (inside WeChat alone) and "H5支付" (never inside it); WeChat blocks Alipay's pages;
Stripe, "Accept a WeChat Pay payment" (a phone cannot scan its own screen).
"""

import re
from collections.abc import Collection

import msgspec

from chalicelib.domain.payments.attempts import Channel

IN_WECHAT = re.compile(r"MicroMessenger", re.ASCII | re.IGNORECASE)
PHONE = re.compile(r"Android|iPhone|iPad|Mobile|HarmonyOS", re.ASCII | re.IGNORECASE)

WHY_WECHAT, WHY_BROWSER = "open_in_wechat", "open_in_browser"
"""Why a method does not work here, as pages say it in words: it wants WeChat, or another browser than WeChat's."""


class Surroundings(msgspec.Struct, frozen=True):
    """Where a page is open: inside WeChat, on a phone."""

    in_wechat: bool = False
    phone: bool = False


def surroundings(user_agent: str) -> Surroundings:
    """Return where a page is open, by the browser's own word."""
    return Surroundings(bool(IN_WECHAT.search(user_agent)), bool(PHONE.search(user_agent)))


def choose(method: str, have: Collection[Channel], where: Surroundings) -> Channel | str:
    """Return the channel of a provider to pay by, of those that the shop has; or why none works here."""
    match method:
        case "wechat":
            if where.in_wechat:
                wanted = Channel.WECHAT_JSAPI if where.phone else Channel.WECHAT_NATIVE
                return _first(have, wanted) or _first(have, Channel.WECHAT_JSAPI) or WHY_BROWSER
            wanted = Channel.WECHAT_H5 if where.phone else Channel.WECHAT_NATIVE
            return _first(have, wanted) or WHY_WECHAT
        case "alipay":
            if where.in_wechat:
                return WHY_BROWSER
            return _first(have, Channel.ALIPAY_WAP if where.phone else Channel.ALIPAY_PAGE) or WHY_BROWSER
    return next(iter(have))


def _first(have: Collection[Channel], wanted: Channel) -> Channel | None:
    return wanted if wanted in have else None
