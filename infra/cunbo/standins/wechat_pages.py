"""What browsers meet at the stand-in of WeChat Pay: WeChat's own word on who they are, and the payer's screen, with the
amount and three buttons, without scripts.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from chalicelib.payments.port import Reply

from cunbo.standins.base import Clock, language
from cunbo.standins.base import page as framed
from cunbo.standins.wechat_trades import APP_SECRET, APPID

WORDS = {
    "zh": {
        "title": "微信支付（演示，不收钱）",
        "note": "这是微信支付的替身，不会动用真钱。",
        "number": "商户单号",
        "pay": "立即支付",
        "fail": "支付失败（零钱不足）",
        "leave": "取消支付，返回商家",
        "failed": "零钱不足，请换一种方式，或返回商家。",
        "ended": "这笔订单不能付款",
        "paid": "这笔订单已经付过款",
        "back": "请回到商家的页面。",
        "done": "支付成功",
        "left": "没有付款。请回到商家的页面。",
        "waiting": "等待付款的订单",
        "none": "现在没有等待付款的订单。",
    },
    "en": {
        "title": "WeChat Pay (demo, no money moves)",
        "note": "This stands in for WeChat Pay. No real money is used.",
        "number": "Order",
        "pay": "Pay now",
        "fail": "Fail to pay (balance too low)",
        "leave": "Cancel, and go back to the shop",
        "failed": "Your balance is too low. Try another way, or go back to the shop.",
        "ended": "This order cannot be paid",
        "paid": "This order is paid",
        "back": "Please go back to the shop's page.",
        "done": "Paid",
        "left": "Nothing was paid. Please go back to the shop's page.",
        "waiting": "Orders that wait to be paid",
        "none": "No order waits to be paid now.",
    },
}
STYLE = (
    "body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#ededed;color:#222}"
    "header{background:#067a3d;color:#fff;padding:.8rem 1rem;font-weight:600}"
    "main{max-width:26rem;margin:1rem auto;padding:1.5rem 1rem;background:#fff;border-radius:12px;text-align:center}"
    ".amount{font-size:2.2rem;font-weight:700;margin:.3rem 0}"
    ".quiet{color:#595959;font-size:.85rem;overflow-wrap:anywhere}"
    "ul{list-style:none;padding:0}li a{display:block;padding:.6rem;color:#067a3d}"
    ".warn{color:#b00020}button{display:block;width:100%;min-height:48px;margin:.6rem 0;font:inherit;border-radius:8px;"
    "border:1px solid #067a3d;background:#fff;color:#067a3d}button.first{background:#067a3d;color:#fff}"
)


CODE = timedelta(minutes=5)


class Login:
    """WeChat's page that tells a shop who opens its pages, without asking them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.visitor = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
        """The openid of whoever opens a page inside WeChat next."""
        self.codes: dict[str, tuple[str, datetime]] = {}
        self.asked = 0

    def authorize(self, query: Mapping[str, str]) -> Reply:
        """Lead back at once with a code, as snsapi_base does."""
        back, state = query.get("redirect_uri", ""), query.get("state", "")
        if query.get("appid") != APPID or query.get("scope") != "snsapi_base" or query.get("response_type") != "code":
            return plain({"errcode": 10003})
        if not re.match(r"https?://", back) or not re.fullmatch(r"[0-9A-Za-z]{0,128}", state, re.ASCII):
            return plain({"errcode": 10003})
        code = f"code{self.asked:028}"
        self.asked += 1
        self.codes[code] = (self.visitor, self.clock() + CODE)
        parts = urlsplit(back)
        more = "&".join(filter(None, (parts.query, urlencode({"code": code, "state": state}))))
        return Reply(302, {"location": parts._replace(query=more).geturl()}, b"")

    def access_token(self, query: Mapping[str, str]) -> Reply:
        """Say who a code belongs to, once."""
        if query.get("appid") != APPID or query.get("secret") != APP_SECRET:
            return plain({"errcode": 40125, "errmsg": "invalid appsecret"})
        openid, until = self.codes.pop(query.get("code", ""), ("", self.clock()))
        if query.get("grant_type") != "authorization_code" or self.clock() >= until:
            return plain({"errcode": 40029, "errmsg": "invalid code"})
        return plain({"access_token": "x", "expires_in": 7200, "openid": openid, "scope": "snsapi_base"})


class Screen(msgspec.Struct, frozen=True):
    """What is to be paid: an amount in fen, in words; its form sends `fields` to `action`."""

    action: str
    fields: Mapping[str, str]
    amount: int
    words: str


def page(screen: Screen, headers: Mapping[str, str], *, failed: bool = False) -> Reply:
    """Return the page where an amount is paid, or is not."""
    fields, amount = screen.fields, screen.amount
    said = _words(headers)
    buttons = "".join(
        f'<button name="act" value="{act}"{" class=first" if act == "pay" else ""}>{said[act]}</button>'
        for act in ("pay", "fail", "leave")
    )
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(fields[name])}">' for name in fields)
    warning = f'<p class="warn" role="alert">{said["failed"]}</p>' if failed else ""
    number = f"{said['number']} {escape(fields['number'])}"
    main = (
        f'<p>{escape(screen.words)}</p><p class="amount">¥{amount // 100}.{amount % 100:02}</p>{warning}'
        f'<form method="post" action="{escape(screen.action)}">{hidden}{buttons}'
        f'</form><p class="quiet">{number}</p><p class="quiet">{said["note"]}</p>'
    )
    return _html(200, main, headers)


def ended(code: str, headers: Mapping[str, str], back: str = "") -> Reply:
    """Return the page of what cannot be paid, with WeChat Pay's code for why, and the way back where there is one."""
    said = _words(headers)
    way = f'<a href="{escape(back)}">{said["back"]}</a>' if re.match(r"https?://", back) else said["back"]
    why = said["paid" if code == "ORDERPAID" else "ended"]
    main = f'<p class="warn">{why}</p><p>{way}</p><p class="quiet">{escape(code)}</p>'
    return _html(400, main, headers)


def over(act: str, headers: Mapping[str, str]) -> Reply:
    """Return what a phone shows once somebody has paid there by a code, or has left."""
    said = _words(headers)
    return _html(200, f'<p class="amount">{said["done"] if act == "pay" else said["left"]}</p>', headers)


def waiting(links: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> Reply:
    """Return the links to codes that could be scanned now: a screen cannot scan itself."""
    said = _words(headers)
    rows = "".join(f'<li><a href="{escape(url)}">{escape(words)}</a></li>' for url, words in links)
    main = f"<p>{said['waiting']}</p><ul>{rows}</ul>" if rows else f"<p>{said['none']}</p>"
    return _html(200, main, headers)


def plain(found: Mapping[str, Any]) -> Reply:
    """Return an answer of WeChat itself, which is no JSON by its name."""
    headers = {"content-type": "text/plain", "access-control-allow-origin": "*"}
    return Reply(200, headers, msgspec.json.encode(found))


def _words(headers: Mapping[str, str]) -> Mapping[str, str]:
    return WORDS[language(headers)]


def _html(status: int, main: str, headers: Mapping[str, str]) -> Reply:
    return framed(status, language(headers), _words(headers)["title"], STYLE, main)
