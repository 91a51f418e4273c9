"""Which channel of a provider works where the page is open: pure rules, no I/O.

Sources: WeChat Pay, "JSAPI支付" (inside WeChat alone) and "H5支付" (never inside it); WeChat blocks Alipay's pages;
Stripe, "Accept a WeChat Pay payment" (a phone cannot scan its own screen).
"""

import re
from collections.abc import Collection, Mapping

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


class Method(msgspec.Struct, frozen=True):
    """A way to pay as pages offer it, by its provider's name; `why` it does not work here, empty where it does."""

    method: str
    why: str = ""


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


def offered(have: Mapping[str, Collection[Channel]], where: Surroundings) -> list[Method]:
    """Return the methods of a shop, by the channels that it has of each, in its own order: inside WeChat, WeChat Pay
    comes first, which everybody there has.
    """
    found = [(name, choose(name, channels, where)) for name, channels in have.items()]
    methods = [Method(name, "" if isinstance(way, Channel) else way) for name, way in found]
    return sorted(methods, key=lambda one: not (where.in_wechat and one.method == "wechat"))


def _first(have: Collection[Channel], wanted: Channel) -> Channel | None:
    return wanted if wanted in have else None
