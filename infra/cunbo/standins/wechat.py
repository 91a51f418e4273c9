"""A stand-in of WeChat Pay v3: its API, strict as the real one, the notifications that it signs and encrypts, WeChat's
own pages that say who pays, and the payer's screen.

It shares no code with the shop's client, so that both cannot make the same mistake; the public vectors hold both. What
it takes and refuses is in wechat_trades.py, the payer's pages in wechat_pages.py, the bill of a day in wechat_bill.py.
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
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cunbo.standins.base import Clock, Deliver, Misbehaviour, Post, Request
from cunbo.standins.wechat_bill import bill
from cunbo.standins.wechat_pages import Login, Screen, ended, over, page, plain, waiting
from cunbo.standins.wechat_trades import (
    APP_SECRET,
    APPID,
    BEIJING,
    MCHID,
    WechatRefund,
    WechatRefused,
    WechatTrade,
    WechatTrades,
    refunded,
    rfc3339,
    told,
)

APIV3_KEY = "stand-in-apiv3-key-0000000000000"
OWN_SERIAL, CERTIFICATE = "3775B6A45ACD588826D15E583A95F5DD00000001", "5157F09EFDC096DE15EBE81A47057A7200000001"
SKEW = DOWNLOAD = timedelta(minutes=5)
MONTHS = timedelta(days=92)
AUTHORIZATION = re.compile(
    r'WECHATPAY2-SHA256-RSA2048 mchid="([^"]*)",nonce_str="([^"]{1,32})",timestamp="([0-9]{1,12})",'
    r'serial_no="([^"]*)",signature="([^"]*)"',
    re.ASCII,
)
JSON = {"content-type": "application/json; charset=utf-8"}


@cache
def pair(name: str) -> rsa.RSAPrivateKey:
    """Return the pair of this name; it is made once a process, since that takes long."""
    return rsa.generate_private_key(65537, 2048)


def signed_text(*parts: str | bytes) -> bytes:
    """Return what a signature is over: each part with a line's end."""
    return b"".join((part.encode() if isinstance(part, str) else part) + b"\n" for part in parts)


def seal(key: bytes, nonce: str, extra: str, plain: bytes) -> str:
    """Return what is encrypted with an APIv3 key, in base64 with its tag at the end."""
    return base64.b64encode(AESGCM(key).encrypt(nonce.encode(), plain, extra.encode())).decode()


class WechatStandIn(WechatTrades):
    """WeChat Pay, and WeChat, as far as the shop meets them."""

    def __init__(self, clock: Clock, send: Deliver, dice: Random, how: Misbehaviour) -> None:
        super().__init__(clock, dice, how)
        self.base_url = "https://api.wechat.invalid"
        self.send = send
        self.post = Post(self._told_now, dice, how)
        self.probes: list[tuple[str, bytes]] = []
        self.fooled = 0
        """How many false notifications the shop took for true."""
        self.merchant_key = pair("merchant")
        self.keys = {CERTIFICATE: pair("wechat")}
        """Its own keys by serial: first of a certificate, then a public key with an id."""
        self.odd_rows: list[str] = []
        """Rows of its own that the next bill has."""
        self.bills: dict[str, tuple[datetime, bytes]] = {}
        self.login = Login(clock)

    def settings(self) -> dict[str, Any]:
        """Return what the shop has to know of it, as PAY_SETTINGS has it."""
        pem = serialization.Encoding.PEM
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        private = self.merchant_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return {
            "appid": APPID,
            "app_secret": APP_SECRET,
            "mchid": MCHID,
            "serial": OWN_SERIAL,
            "private_key": private.decode(),
            "apiv3_key": APIV3_KEY,
            "platform_keys": {
                serial: key.public_key().public_bytes(pem, kind).decode() for serial, key in self.keys.items()
            },
            "base_url": self.base_url,
        }

    def switch_keys(self) -> None:
        """Go over to a new public key: news is signed by any from now on, answers by the one that is asked for."""
        number = len(self.keys)
        self.keys[f"PUB_KEY_ID_011{MCHID}2024101000{number:06}"] = pair(f"wechat-{number}")

    def answer(self, request: Request) -> Reply:
        """Answer a call of the API, a page of WeChat, or a payer's screen and its buttons."""
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        match request.method, request.path:
            case _, path if path.startswith("/v3/"):
                return self._call(request, query)
            case "GET", "/connect/oauth2/authorize":
                return self.login.authorize(query)
            case "GET", "/sns/oauth2/access_token":
                return self.login.access_token(query)
            case "GET", "/cgi-bin/mmpayweb-bin/checkmweb":
                return self._h5(query, request.headers)
            case "GET", "/scan":
                return self._screen("native", {"handle": query.get("pr", "")}, request.headers)
            case "GET", "/cashier":
                return self._screen("native h5", query, request.headers)
            case "POST", "/bridge":
                return self._bridge(request.body)
            case "POST", "/cashier":
                return self._button(dict(parse_qsl(request.body.decode("utf-8", "replace"))), request.headers)
            case "GET", "/":
                return waiting(self._codes(), request.headers)
        return Reply(404, {"content-type": "text/plain"}, b"")

    def deliver(self) -> int:
        """Post the news that is due; return how many were not heard, and are told again."""
        for url, body in self.probes:
            headers = self._signature(body)
            headers["wechatpay-signature"] = "WECHATPAY/SIGNTEST/" + headers["wechatpay-signature"][19:]
            try:
                self.fooled += _heard(self.send(url, {**JSON, **headers}, body))
            except OSError:
                continue
        self.probes.clear()
        return self.post.deliver(_heard)

    def tell(self, trade: WechatTrade, refund: WechatRefund | None = None) -> None:
        """Put a notification on its way."""
        self.serial += 1
        if refund:
            kind, found = f"REFUND.{refund.state}", refunded(trade, refund)
            said = {"mchid": MCHID, **found, "refund_status": found.pop("status")}
            said.pop("status", None)
        else:
            kind, said = "TRANSACTION.SUCCESS", told(trade)
        original = "refund" if refund else "transaction"
        extra = self.dice.choice([original, ""])
        nonce = f"{self.serial:012}"
        resource = {
            "algorithm": "AEAD_AES_256_GCM",
            "original_type": original,
            "ciphertext": seal(APIV3_KEY.encode(), nonce, extra, msgspec.json.encode(said)),
            "nonce": nonce,
            "associated_data": extra,
        }
        body = msgspec.json.encode(
            {
                "id": f"EV-{self.clock():%Y%m%d}{self.serial:016}",
                "create_time": rfc3339(self.clock()),
                "resource_type": "encrypt-resource",
                "event_type": kind,
                "summary": "退款" if refund else "支付成功",
                "resource": resource,
            }
        )
        url = refund.notify_url if refund else trade.notify_url
        if not url:
            return
        if self.dice.random() < self.how.probe:
            self.probes.append((url, body))
        self.post.add(url, {}, body)

    def _bridge(self, body: bytes) -> Reply:
        """Is WeixinJSBridge's getBrandWCPayRequest: `act` is what the payer does, by itself they pay."""
        try:
            given = _json(body)
            trade = self.invoked(given)
        except WechatRefused as refused:
            return plain({"err_msg": "get_brand_wcpay_request:fail", "err_desc": refused.code})
        act = given.get("act", "pay")
        if act == "pay":
            self.pay(trade.number)
        said = {"pay": "ok", "leave": "cancel"}.get(str(act), "fail")
        return plain({"err_msg": f"get_brand_wcpay_request:{said}"})

    def invoked(self, given: Mapping[str, Any]) -> WechatTrade:
        """Return the trade that is opened inside WeChat, once the merchant's signature is right."""
        app, at, nonce, package = (str(given.get(name)) for name in ("appId", "timeStamp", "nonceStr", "package"))
        if app != APPID or given.get("signType") != "RSA" or not re.fullmatch(r"[0-9]{10}", at, re.ASCII):
            raise WechatRefused(400, "PARAM_ERROR")
        if not self._merchants(signed_text(app, at, nonce, package), str(given.get("paySign"))):
            raise WechatRefused(400, "SIGN_ERROR")
        trade = self.opened(package.removeprefix("prepay_id="))
        if trade.kind != "jsapi":
            raise WechatRefused(400, "PARAM_ERROR")
        return trade

    # ---- The API

    def _call(self, request: Request, query: Mapping[str, str]) -> Reply:
        """Answers a call; success and failure are signed, a call with a wrong signature is answered without one."""
        try:
            self._check(request)
        except WechatRefused as refused:
            return Reply(refused.status, dict(JSON), _failure(refused.code))
        if request.path == "/v3/billdownload/file":  # unsigned, as it is with the real one
            until, packed = self.bills.get(query.get("token", ""), (self.clock(), b""))
            found = self.clock() < until
            return (
                Reply(200, {"content-type": "application/x-gzip"}, packed) if found else Reply(400, dict(JSON), b"{}")
            )
        try:
            answer = self._done(request, query)
            status, body = (204, b"") if answer is None else (200, msgspec.json.encode(answer))
        except WechatRefused as refused:
            status, body = refused.status, _failure(refused.code)
        return Reply(status, {**JSON, **self._signature(body, request.headers.get("wechatpay-serial", ""))}, body)

    def _check(self, request: Request) -> None:
        """Refuses a call that is not this merchant's, of now, and in the right words."""
        if not request.headers.get("user-agent") or "json" not in request.headers.get("accept", ""):
            raise WechatRefused(406, "PARAM_ERROR")
        if request.body and not request.headers.get("content-type", "").startswith("application/json"):
            raise WechatRefused(415, "PARAM_ERROR")
        parts = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if not parts or parts[1] != MCHID or parts[4] != OWN_SERIAL:
            raise WechatRefused(401, "SIGN_ERROR")
        if abs(self.clock().timestamp() - int(parts[3])) > SKEW.total_seconds():
            raise WechatRefused(401, "SIGN_ERROR")
        url = f"{request.path}?{request.query}" if request.query else request.path
        if not self._merchants(signed_text(request.method, url, parts[3], parts[2], request.body), parts[5]):
            raise WechatRefused(401, "SIGN_ERROR")
        serial = request.headers.get("wechatpay-serial", "")
        if serial and serial not in self.keys:
            raise WechatRefused(400, "PARAM_ERROR")

    def _done(self, request: Request, query: Mapping[str, str]) -> dict[str, Any] | None:
        """Returns the fields of an answer, None of one without a body."""
        place = request.path.removeprefix("/v3/").split("/")
        given = _json(request.body) if request.body else {}
        match request.method, place:
            case "POST", ["pay", "transactions", ("jsapi" | "h5" | "native") as kind]:
                handle = self.prepay(kind, given)
                page = f"{self.base_url}/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={handle}&package={self.serial}"
                code = f"weixin://wxpay/bizpayurl?pr={handle}"
                return {
                    "jsapi": {"prepay_id": handle},
                    "h5": {"h5_url": page},
                    "native": {"code_url": code},
                }[kind]
            case "GET", ["pay", "transactions", "out-trade-no", number]:
                if query.get("mchid") != MCHID:
                    raise WechatRefused(400, "PARAM_ERROR")
                return self.query(number)
            case "POST", ["pay", "transactions", "out-trade-no", number, "close"]:
                if given != {"mchid": MCHID}:
                    raise WechatRefused(400, "PARAM_ERROR")
                self.close(number)
                return None
            case "POST", ["refund", "domestic", "refunds"]:
                return self.refund(given)
            case "GET", ["refund", "domestic", "refunds", key]:
                return self.query_refund(key)
            case "GET", ["bill", "tradebill"]:
                return self._bill(query)
        raise WechatRefused(404, "RESOURCE_NOT_EXISTS")

    def _bill(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Answers /v3/bill/tradebill: an address for five minutes, from ten the next day, for three months."""
        day = query.get("bill_date", "")
        if query.get("tar_type") != "GZIP" or not re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII):
            raise WechatRefused(400, "PARAM_ERROR")
        start, now = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=BEIJING), self.clock()
        if query.get("bill_type", "ALL") != "ALL" or now - start > MONTHS:
            raise WechatRefused(400, "INVALID_REQUEST")
        if now < start + timedelta(days=1, hours=10):
            raise WechatRefused(400, "STATEMENT_CREATING")
        lines = self.lines(start)
        if not lines and not self.odd_rows:
            raise WechatRefused(400, "NO_STATEMENT_EXIST")
        packed, sha1 = bill(APPID, MCHID, lines, self.odd_rows)
        self.serial += 1
        self.bills[str(self.serial)] = (now + DOWNLOAD, packed)
        url = f"{self.base_url}/v3/billdownload/file?token={self.serial}"
        return {"hash_type": "SHA1", "hash_value": sha1, "download_url": url}

    # ---- The payer's screen

    def _h5(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Shows the page of a phone's browser, which has to come from the shop's own page and lead back there."""
        back = query.get("redirect_url", "")
        referer = urlsplit(headers.get("referer", "")).netloc
        if not referer or (back and urlsplit(back).netloc != referer):
            return ended("REFERER", headers)
        return self._screen("h5", {"handle": query.get("prepay_id", ""), "back": back or headers["referer"]}, headers)

    def _screen(self, kinds: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Shows what somebody sees who opens a link or scans a code."""
        handle, back = form.get("handle", ""), form.get("back", "")
        try:
            trade = self.opened(handle)
            if trade.kind not in kinds:
                raise WechatRefused(400, "PARAM_ERROR")
        except WechatRefused as refused:
            return ended(refused.code, headers, back)
        fields = {"number": trade.number, "handle": handle, "back": back}
        screen = Screen(self._place("cashier"), fields, trade.amount, trade.description)
        return page(screen, headers, failed="failed" in form)

    def _button(self, form: Mapping[str, str], headers: Mapping[str, str]) -> Reply:
        """Does what somebody presses on the screen; leads back where they came from a page, not from a code.

        Whoever fails is led to the screen anew, so that a browser's way back asks nobody to send a form again.
        """
        act, back = form.get("act", ""), form.get("back", "")
        if act not in {"pay", "leave"}:
            again = {name: form.get(name, "") for name in ("handle", "back")}
            return Reply(303, {"location": f"{self._place('cashier')}?{urlencode({**again, 'failed': '1'})}"}, b"")
        try:
            if act == "pay":
                self.pay(self.opened(form.get("handle", "")).number)
        except WechatRefused as refused:
            return ended(refused.code, headers, back)
        return Reply(303, {"location": back}, b"") if re.match(r"https?://", back) else over(act, headers)

    def _place(self, name: str) -> str:
        return f"{urlsplit(self.base_url).path}/{name}"

    def _codes(self) -> list[tuple[str, str]]:
        """The codes that could be scanned now, the newest of each payment."""
        found = {}
        for handle, (number, until) in self.handles.items():
            trade, now = self.trades[number], self.clock()
            if trade.kind == "native" and trade.state == "NOTPAY" and now < min(until, trade.expires):
                found[number] = (f"scan?pr={handle}", f"{trade.description} ¥{trade.amount / 100:.2f}")
        return [*found.values()]

    # ---- Signatures

    def _told_now(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Signs news at the time that it is sent, each time anew."""
        return self.send(url, {**JSON, **headers, **self._signature(body)}, body)

    def _merchants(self, message: bytes, sign: str) -> bool:
        """Says whether the merchant signed exactly this."""
        try:
            signature = base64.b64decode(sign, validate=True)
            self.merchant_key.public_key().verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def _signature(self, body: bytes, serial: str | None = None) -> dict[str, str]:
        """Returns the headers that sign a body: of an answer by the key that was asked for or the oldest, of news by
        any."""
        if serial is None:
            serial = self.dice.choice([*self.keys])
        serial = serial or next(iter(self.keys))
        at, nonce = str(int(self.clock().timestamp())), f"{self.dice.getrandbits(128):032x}"
        signature = self.keys[serial].sign(signed_text(at, nonce, body), padding.PKCS1v15(), hashes.SHA256())
        return {
            "wechatpay-timestamp": at,
            "wechatpay-nonce": nonce,
            "wechatpay-serial": serial,
            "wechatpay-signature": base64.b64encode(signature).decode(),
            "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
        }


def _heard(reply: Reply) -> bool:
    return reply.status in {200, 204} and not reply.body


def _failure(code: str) -> bytes:
    return msgspec.json.encode({"code": code, "message": "请求没有成功"})


def _json(text: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise WechatRefused(400, "PARAM_ERROR") from None
