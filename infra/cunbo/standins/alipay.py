"""A stand-in of Alipay: its gateway, strict as the real one, the notifications that it signs, and the payer's page.

It shares no code with the shop's client, so that both cannot make the same mistake; the public vectors hold both. What
it takes and refuses is in alipay_trades.py, the payer's page in alipay_pages.py, the bill of a day in alipay_bill.py.
"""

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from chalicelib.payments.port import Reply
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from cunbo.standins.alipay_bill import FORMAT, bill
from cunbo.standins.alipay_pages import ended, page
from cunbo.standins.alipay_trades import (
    BEIJING,
    WAP,
    AlipayRefund,
    AlipayRefused,
    AlipayTrade,
    AlipayTrades,
    instant,
    link,
    yuan,
)
from cunbo.standins.base import Clock, Deliver, Misbehaviour, Post, Request

APP, SELLER = "2021000000000001", "2088000000000001"
CALL_AGE, LINK_AGE = timedelta(minutes=10), timedelta(hours=24)
DOWNLOAD = timedelta(seconds=30)
NEEDED = ("method", "sign", "sign_type", "timestamp", "version", "biz_content")
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


@cache
def pair(name: str) -> rsa.RSAPrivateKey:
    """Return the pair of this name; it is made once a process, since that takes long."""
    return rsa.generate_private_key(65537, 2048)


def signed_text(form: Mapping[str, str]) -> str:
    """Return what the signature of a form is over: all that is not empty, in order of the names."""
    return "&".join(f"{name}={form[name]}" for name in sorted(form) if form[name])


class AlipayStandIn(AlipayTrades):
    """Alipay, as far as the shop meets it."""

    def __init__(self, clock: Clock, send: Deliver, dice: Random, how: Misbehaviour) -> None:
        super().__init__(clock, dice, how)
        self.base_url = "https://alipay.invalid"
        self.send = send
        self.post = Post(send, dice, how)
        self.probes: list[tuple[str, bytes]] = []
        self.fooled = 0
        """How many false notifications the shop took for true."""
        self.app_key, self.keys = pair("app"), [pair("alipay")]
        self.odd_rows: list[str] = []
        """Rows of its own that the next bill has."""
        self.bills: dict[str, tuple[datetime, bytes]] = {}
        self.calls = {
            "alipay.trade.query": self.query,
            "alipay.trade.close": self.close,
            "alipay.trade.refund": self.refund,
            "alipay.trade.fastpay.refund.query": self.query_refund,
            "alipay.data.dataservice.bill.downloadurl.query": self.bill,
        }

    def settings(self) -> dict[str, str]:
        """Return what the shop has to know of it, as PAY_SETTINGS has it."""
        pem = serialization.Encoding.PEM
        private = self.app_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        public = b"".join(key.public_key().public_bytes(pem, kind) for key in self.keys)
        keys = {"private_key": private.decode(), "alipay_public_key": public.decode()}
        return {"app_id": APP, "seller_id": SELLER, **keys, "base_url": self.base_url}

    def switch_keys(self) -> None:
        """Sign with a new key from now on, and now and then still with an old one."""
        self.keys.append(pair(f"alipay-{len(self.keys)}"))

    def answer(self, request: Request) -> Reply:
        """Answer a call of the gateway, a link that somebody opens, a button, or a bill that is fetched."""
        self.tick()
        if request.path.endswith("/cashier"):
            return self._button(dict(parse_qsl(request.body.decode("utf-8", "replace"))), request.headers)
        if request.path.endswith("/bill"):
            until, packed = self.bills.get(dict(parse_qsl(request.query)).get("fileId", ""), (self.clock(), b""))
            return Reply(200, {"content-type": "application/zip"}, packed) if self.clock() < until else _text(403)
        if not request.path.endswith("/gateway.do"):
            return _text(404)
        return self._call(request) if request.method == "POST" else self._open(request)

    def deliver(self) -> int:
        """Post the news that is due; return how many were not heard, and are told again."""
        self.tick()
        for url, body in self.probes:
            try:
                self.fooled += _heard(self.send(url, dict(FORM), body))
            except OSError:
                continue
        self.probes.clear()
        return self.post.deliver(_heard)

    def bill(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Answer alipay.data.dataservice.bill.downloadurl.query: an address for 30 seconds, from ten the next day."""
        day = str(content.get("bill_date"))
        if content.get("bill_type") != "trade" or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
            raise AlipayRefused("isp.invalid-arguments")
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=BEIJING)
        lines = self.lines(start)
        if self.clock() < start + timedelta(days=1, hours=10) or not lines:
            raise AlipayRefused("isp.bill_not_exist")
        self.serial += 1
        self.bills[str(self.serial)] = (self.clock() + DOWNLOAD, bill(SELLER, start, lines, self.odd_rows))
        return {"bill_download_url": f"{self.base_url}/bill?bizType=trade&fileId={self.serial}"}

    def tell(self, trade: AlipayTrade, refund: AlipayRefund | None = None) -> None:
        """Put a notification on its way. The desktop's page tells of payments alone, the phone's of all."""
        url = trade.urls["notify_url"]
        if not url or (trade.status != "TRADE_SUCCESS" and trade.method != WAP):
            return
        form = self._told(trade, refund)
        if self.dice.random() < self.how.probe:
            false = {**form, **self._signature({**form, "total_amount": "0.01"})}
            self.probes.append((url, urlencode(false).encode()))
        self.post.add(url, dict(FORM), urlencode({**form, **self._signature(form)}).encode())

    def _told(self, trade: AlipayTrade, refund: AlipayRefund | None) -> dict[str, str]:
        """Returns the fields of a notification; those of refunds tell the sum so far."""
        self.serial += 1
        back, now = trade.back(done=True), self.clock()
        fields = {
            "app_id": APP,
            "auth_app_id": APP,
            "buyer_id": "2088000000000009",
            "buyer_pay_amount": yuan(trade.amount - trade.coupon) if trade.paid else "",
            "charset": "utf-8",
            "gmt_create": trade.created,
            "gmt_payment": trade.paid,
            "gmt_refund": f"{now.astimezone(BEIJING):{FORMAT}}.{now.microsecond // 1000:03}" if back else "",
            "notify_id": f"{now:%Y%m%d}{self.serial:024}",
            "notify_time": now,
            "notify_type": "trade_status_sync",
            "out_biz_no": refund.key if refund else "",
            "out_trade_no": trade.number,
            "refund_fee": yuan(back) if back else "",
            "seller_id": SELLER,
            "subject": trade.subject,
            "total_amount": yuan(trade.amount),
            "trade_no": trade.trade_no,
            "trade_status": trade.status,
            "version": "1.0",
        }
        return {
            name: value.astimezone(BEIJING).strftime(FORMAT) if isinstance(value, datetime) else value
            for name, value in fields.items()
            if value
        }

    def _call(self, request: Request) -> Reply:
        """Answers a call; what is signed is the very text of the inner object."""
        method = dict(parse_qsl(request.query)).get("method", "")
        try:
            given = self._checked(request, CALL_AGE)
            if method not in self.calls:
                raise AlipayRefused("isv.invalid-method", "40002")
            found = {"code": "10000", "msg": "Success", **self.calls[method](_json(given["biz_content"]))}
        except AlipayRefused as refused:
            # The real one's words have braces at times, which whoever counts them takes for an end.
            found = {"code": refused.code, "msg": "Business Failed", "sub_code": refused.sub_code, "sub_msg": "参数 }"}
        known = found.get("sub_code") != "isv.invalid-app-id"
        name = method.replace(".", "_") + "_response" if known and method in self.calls else "error_response"
        inner = msgspec.json.encode(found).replace(b"/", b"\\/")  # as the real one writes it
        sign = b',"sign":"%s"' % self._sign(inner).encode() if known else b""
        return Reply(200, {"content-type": "text/html;charset=utf-8"}, b'{"%s":%s%s}' % (name.encode(), inner, sign))

    def _checked(self, request: Request, age: timedelta) -> dict[str, str]:
        """Returns the parameters of a call, in the charset that the address names: GBK where it names none."""
        charset = dict(parse_qsl(request.query)).get("charset", "gbk")
        given: dict[str, str] = {}
        try:
            for part in (request.query, request.body.decode("ascii")):
                given |= parse_qsl(part, keep_blank_values=True, encoding=charset, errors="strict")
        except (UnicodeDecodeError, LookupError):
            raise AlipayRefused("isv.invalid-signature", "40002") from None
        if given.get("app_id") != APP:
            raise AlipayRefused("isv.invalid-app-id", "40002")
        for name in NEEDED:
            if not given.get(name):
                raise AlipayRefused(f"isv.missing-{name.replace('_', '-')}", "40001")
        if given["sign_type"] != "RSA2":
            raise AlipayRefused("isv.invalid-signature-type", "40002")
        signed = signed_text({name: value for name, value in given.items() if name != "sign"})
        try:
            signature, public = base64.b64decode(given["sign"], validate=True), self.app_key.public_key()
            public.verify(signature, signed.encode(charset), padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            raise AlipayRefused("isv.invalid-signature", "40002") from None
        sent = instant(given["timestamp"])
        if not sent or abs(self.clock() - sent) > age:
            raise AlipayRefused("isv.invalid-timestamp", "40002")
        return given

    def _open(self, request: Request) -> Reply:
        """Answers somebody who opens a link: the page to pay on."""
        try:
            given = self._checked(request, LINK_AGE)
        except AlipayRefused as refused:
            return ended(refused.sub_code, request.headers)
        try:
            trade = self.open(link(given["method"], given, _json(given["biz_content"])))
        except AlipayRefused as refused:
            return ended(refused.sub_code, request.headers, given.get("return_url", ""))
        return page(trade.number, trade.amount, trade.subject, request.headers)

    def _button(self, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Does what somebody presses on the page, and leads back as the real one does."""
        trade, act = self.opened.get(form.get("number", "")), form.get("act")
        if not trade:
            return ended("ACQ.TRADE_NOT_EXIST", headers)
        if act == "leave":
            return Reply(302, {"location": trade.urls["quit_url"] or trade.urls["return_url"]}, b"")
        if trade.status != "WAIT_BUYER_PAY" or self.clock() >= trade.expires:
            why = "ACQ.TRADE_HAS_SUCCESS" if trade.paid else "ACQ.TRADE_HAS_CLOSE"
            return ended(why, headers, trade.urls["return_url"])
        if act != "pay":
            self.log_in(trade.number)
            return page(trade.number, trade.amount, trade.subject, headers, failed=True)
        self.pay(trade.number)
        told = {
            "app_id": APP,
            "auth_app_id": APP,
            "charset": "utf-8",
            "method": f"{trade.method}.return",
            **trade.names,
            "seller_id": SELLER,
            "timestamp": self.clock().astimezone(BEIJING).strftime(FORMAT),
            "total_amount": yuan(trade.amount),
            "version": "1.0",
        }
        back = urlsplit(trade.urls["return_url"])
        query = "&".join(filter(None, (back.query, urlencode({**told, **self._signature(told)}))))
        return Reply(302, {"location": back._replace(query=query).geturl()}, b"")

    def _signature(self, form: Mapping[str, str]) -> dict[str, str]:
        """Returns the last two fields of a form; sign_type is not among what is signed."""
        return {"sign": self._sign(signed_text(form).encode()), "sign_type": "RSA2"}

    def _sign(self, message: bytes) -> str:
        key = self.dice.choice(self.keys)
        return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def _heard(reply: Reply) -> bool:
    return reply.status == 200 and reply.body == b"success"


def _text(status: int) -> Reply:
    return Reply(status, {"content-type": "text/plain"}, b"")


def _json(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError:
        raise AlipayRefused("ACQ.INVALID_PARAMETER") from None
