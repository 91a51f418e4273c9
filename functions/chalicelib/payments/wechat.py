"""WeChat Pay v3: inside WeChat (JSAPI), in a phone's browser (H5), and by a code on a screen (Native).

A payment is asked for under the attempt's reference, and the same parameters again give it again. Another amount or
another channel under one number is refused, so each channel is an attempt of its own. Each rule names the page of
pay.weixin.qq.com that has it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from chalicelib.domain.calendar import VILLAGE, day_ends
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, News, Progress, RefundNews, Row
from chalicelib.payments.port import Away, Begun, Bill, Declined, Payer, Reclaim, Reply, Transport
from chalicelib.payments.wechat_bill import rows, unpacked
from chalicelib.payments.wechat_gateway import WechatGateway, WechatSettings, same

KINDS = {Channel.WECHAT_JSAPI: "jsapi", Channel.WECHAT_H5: "h5", Channel.WECHAT_NATIVE: "native"}
HANDLES = {Channel.WECHAT_JSAPI: "prepay_id", Channel.WECHAT_H5: "h5_url", Channel.WECHAT_NATIVE: "code_url"}
LIVES = {
    Channel.WECHAT_JSAPI: timedelta(minutes=115),
    Channel.WECHAT_H5: timedelta(minutes=4),
    Channel.WECHAT_NATIVE: timedelta(minutes=115),
}
"""How long a handle is offered: they live for two hours, an h5_url for five minutes ("H5下单")."""
GRACE = timedelta(minutes=10)
"""After this nobody can be typing a password any more for what has expired."""
UNKNOWN = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
CLOSED = frozenset({"ORDER_CLOSED", "ORDERCLOSED"})
UNDECIDED = frozenset({"ORDERPAID", "ORDER_PAID", "INVALID_REQUEST", "TRADE_ERROR"})
"""A close that was refused: what was paid is "to be treated as paid" ("关闭订单"); what is younger than five minutes
cannot be closed yet, by older pages of the same call, which give no code of its own for it."""
PROGRESS = {
    "SUCCESS": Progress.DONE,
    "PROCESSING": Progress.ASKED,
    "ABNORMAL": Progress.HAND,
    "CLOSED": Progress.FAILED,
}
"""A refund's states ("查询单笔退款"): ABNORMAL is for a person to send to another account of the buyer's."""
BILL_READY = time(10)
"""Village time on the day after ("申请交易账单")."""
BEYOND = "0" * 20 + "_0"
"""A reference that no order ever has, to try the settings with."""
REAL = "https://api.mch.weixin.qq.com"


class WechatPay:
    """WeChat Pay as the shop's payment provider; it knows who pays by their openid."""

    heard = Reply(204, {}, b"")
    """An empty answer; any other status has the news repeated for a day ("支付成功回调通知")."""

    def __init__(
        self, settings: WechatSettings, transport: Transport, notify_url: str, clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.transport, self.notify_url, self.clock = settings, transport, notify_url, clock
        self.gateway = WechatGateway(settings, transport, clock)
        self.channels: Sequence[Channel] = [one for one in KINDS if settings.h5 or one is not Channel.WECHAT_H5]

    # ---- Who pays

    def authorize_url(self, back: str, state: str) -> str:
        """Return the address that sends a browser inside WeChat back to `back` with a code, without asking its owner.

        `state` comes back with it: up to 128 of 0-9A-Za-z ("网页授权"). Raise ValueError for any other.
        """
        if not re.fullmatch(r"[0-9A-Za-z]{0,128}", state, re.ASCII):
            raise ValueError("state has up to 128 letters and digits")
        asked = {
            "appid": self.settings.appid,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{self._host('open')}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    def openid(self, code: str) -> str:
        """Return who the browser with this code belongs to; a code is good once, for five minutes. Raise Away,
        Declined."""
        asked = {
            "appid": self.settings.appid,
            "secret": self.settings.app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        answer = self.transport.send(
            "GET", f"{self._host('api')}/sns/oauth2/access_token?{urlencode(asked)}", {"accept": "application/json"}
        )
        try:
            found = msgspec.json.decode(answer.body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Away(f"who pays: HTTP {answer.status}") from None
        openid, wrong = found.get("openid"), found.get("errcode", 0)
        if answer.status == 200 and isinstance(openid, str) and openid and not wrong:
            return openid
        if answer.status != 200 or wrong in {0, -1, 45011}:  # it is busy, or was asked too often
            raise Away(f"who pays: HTTP {answer.status} {wrong}")
        raise Declined(str(wrong))

    # ---- Payments

    def begin(self, bill: Bill, payer: Payer) -> Begun:
        """Ask for a payment by the bill's channel: jsapi needs the payer's openid, h5 their address."""
        if bill.currency != "CNY":
            raise Declined("CURRENCY", f"WeChat Pay takes CNY only, not {bill.currency}")
        content: dict[str, Any] = {
            "appid": self.settings.appid,
            "mchid": self.settings.mchid,
            "description": bill.title[:127],
            "out_trade_no": bill.reference,
            "time_expire": bill.expires.astimezone(VILLAGE).isoformat(timespec="seconds"),
            "notify_url": self.notify_url,
            "amount": {"total": bill.amount, "currency": bill.currency},
        }
        if bill.channel is Channel.WECHAT_JSAPI:
            if not payer.openid:
                raise Declined("OPENID", "inside WeChat a payment is for one openid")
            content["payer"] = {"openid": payer.openid}
        if bill.channel is Channel.WECHAT_H5:
            if not payer.ip:
                raise Declined("IP", "in a phone's browser a payment is for one address")
            content["scene_info"] = {"payer_client_ip": payer.ip, "h5_info": {"type": "Wap"}}
        now = self.clock()
        found = self.gateway.call("POST", f"/v3/pay/transactions/{KINDS[bill.channel]}", content)
        name = HANDLES[bill.channel]
        handle = found.get(name)
        if not isinstance(handle, str) or not handle:
            raise Away(f"an answer without {name}")
        whose = {"payer": payer.name} if bill.channel is Channel.WECHAT_JSAPI else {}
        return Begun({name: handle, **whose}, min(bill.expires, now + LIVES[bill.channel]))

    def offer(self, bill: Bill, handle: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return the link, the code, or what WeixinJSBridge's getBrandWCPayRequest takes, signed; none once it is over.

        The payment's page at WeChat Pay leads to `redirect_url` ("H5调起支付").
        """
        given = handle.get(HANDLES[bill.channel], "")
        if now >= bill.expires or not given:
            return {"action": "none"}
        match bill.channel:
            case Channel.WECHAT_H5:
                return {"action": "redirect", "url": f"{given}&redirect_url={quote(bill.back, safe='')}"}
            case Channel.WECHAT_NATIVE:
                return {"action": "qr", "code": given}
        at, nonce, package = str(int(now.timestamp())), token_hex(16), f"prepay_id={given}"
        return {
            "action": "wechat",
            "appId": self.settings.appid,
            "timeStamp": at,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self.gateway.sign(self.settings.appid, at, nonce, package),
        }

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[News]:
        """Return the news of a notification: a signature that is right and of these five minutes, a part that our
        APIv3 key opens, and this merchant."""
        self.gateway.verify(headers, body, now)
        try:
            told = msgspec.json.decode(body, type=Told)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Malformed(f"the notification cannot be read: {error}") from None
        if not told.event_type.startswith(("TRANSACTION.", "REFUND.")):
            return []
        found = self.gateway.opened(told.resource)
        if not same(found.get("mchid"), self.settings.mchid):
            raise Unauthorized("the notification is for another merchant")
        try:
            if told.event_type.startswith("REFUND."):
                return [_refund_news(found, told.id, str(found.get("refund_status")))]
            if not same(found.get("appid"), self.settings.appid):
                raise Unauthorized("the notification is for another app")
            return [_money(found, told.id)] if found.get("trade_state") == "SUCCESS" else []
        except Away as error:
            raise Malformed(str(error)) from None

    def query(self, bill: Bill) -> Money | Closed | None:
        """Ask by the merchant's number; NOTPAY is not final, and of what WeChat Pay does not know nothing is paid."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(bill.reference, safe='')}"
        try:
            found = self.gateway.call("GET", f"{path}?{urlencode({'mchid': self.settings.mchid})}")
        except Declined as refused:
            if refused.code not in UNKNOWN:
                raise
            return self._over(bill)
        if not (
            same(found.get("out_trade_no"), bill.reference)
            and same(found.get("mchid"), self.settings.mchid)
            and same(found.get("appid"), self.settings.appid)
        ):
            raise Away("WeChat Pay answered of another payment")
        state = found.get("trade_state")
        if state in {"SUCCESS", "REFUND"}:  # the latter: paid, and some or all has gone back
            return _money(found, f"query-{bill.reference}-paid")
        if state in {"CLOSED", "REVOKED"}:
            return Closed(event=f"query-{bill.reference}-closed", reference=bill.reference)
        return None

    def close(self, bill: Bill, handle: Mapping[str, str]) -> Money | Closed | None:
        """Close by the merchant's number; None for what is unknown or too young to be closed while it can be paid."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(bill.reference, safe='')}/close"
        try:
            self.gateway.call("POST", path, {"mchid": self.settings.mchid})
        except Declined as refused:
            if refused.code in UNKNOWN:
                return self._over(bill)
            if refused.code in UNDECIDED:
                return self.query(bill) or self._over(bill)
            if refused.code not in CLOSED:
                raise
        return Closed(event=f"close-{bill.reference}", reference=bill.reference)

    # ---- Refunds

    def refund(self, reclaim: Reclaim) -> RefundNews:
        """Ask for a refund; the answer means that it was taken, seldom that the money has gone ("申请退款").

        Two for one payment within a minute are refused as too frequent, which is Away: the same key is tried later.
        """
        content: dict[str, Any] = {
            **({"transaction_id": reclaim.payment} if reclaim.payment else {"out_trade_no": reclaim.reference}),
            "out_refund_no": reclaim.key,
            "notify_url": self.notify_url,
            "amount": {"refund": reclaim.amount, "total": reclaim.total, "currency": reclaim.currency},
        }
        found = self.gateway.call("POST", "/v3/refund/domestic/refunds", content)
        return self._refunded(found, reclaim)

    def query_refund(self, reclaim: Reclaim) -> RefundNews | None:
        """Ask by our own key."""
        try:
            found = self.gateway.call("GET", f"/v3/refund/domestic/refunds/{quote(reclaim.key, safe='')}")
        except Declined as refused:
            if refused.code not in {*UNKNOWN, "REFUNDNOTEXIST", "REFUND_NOT_EXISTS"}:
                raise
            return None
        return self._refunded(found, reclaim)

    def _refunded(self, found: Mapping[str, Any], reclaim: Reclaim) -> RefundNews:
        if not same(found.get("out_refund_no"), reclaim.key):
            raise Away("WeChat Pay answered of another refund")
        return _refund_news(found, f"refund-{reclaim.key}-{found.get('status')}", str(found.get("status")))

    # ---- Books

    def statement(self, day: date) -> Iterable[Row]:
        """Return the rows of a day's bill of trades; its address lives for a few minutes, and the file is unsigned: its
        hash is in the answer, which is signed. A day without a bill is one on which nothing moved."""
        ready = datetime.combine(day_ends(day).astimezone(VILLAGE).date(), BILL_READY, VILLAGE)
        if self.clock() < ready:
            raise Away("WeChat Pay makes the bill of a day at ten on the next")
        asked = {"bill_date": day.isoformat(), "bill_type": "ALL", "tar_type": "GZIP"}
        try:
            found = self.gateway.call("GET", f"/v3/bill/tradebill?{urlencode(asked)}")
        except Declined as refused:
            if refused.code == "NO_STATEMENT_EXIST":
                return []
            if refused.code == "STATEMENT_CREATING":
                raise Away("WeChat Pay is still making the bill of this day") from None
            raise
        if found.get("hash_type") != "SHA1":
            raise Away("WeChat Pay names the bill by another hash than SHA1")
        packed = self.gateway.fetch(str(found.get("download_url", "")))
        return rows(unpacked(packed, str(found.get("hash_value", ""))), day)

    def check(self) -> None:
        """Prove the settings without money: keys that fit, and a signed call that WeChat Pay answers.

        Raise ValueError where a key is not one; Declined, Away as the call does.
        """
        self.gateway.check_keys()
        path = f"/v3/pay/transactions/out-trade-no/{BEYOND}?{urlencode({'mchid': self.settings.mchid})}"
        try:
            self.gateway.call("GET", path)
        except Declined as refused:
            if refused.code not in UNKNOWN:
                raise

    def _over(self, bill: Bill) -> Closed | None:
        """Says whether nobody can be paying any more for what WeChat Pay knows nothing of, or does not close."""
        over = self.clock() >= bill.expires + GRACE
        return Closed(event=f"expired-{bill.reference}", reference=bill.reference) if over else None

    def _host(self, name: str) -> str:
        """Returns WeChat's own host, which is not WeChat Pay's; a stand-in is both."""
        return f"https://{name}.weixin.qq.com" if self.settings.base_url == REAL else self.settings.base_url


class Told(msgspec.Struct, frozen=True):
    """A notification, before its encrypted part is opened."""

    id: str
    event_type: str
    resource: dict[str, Any]


def _money(found: Mapping[str, Any], event: str) -> Money:
    """Returns what was paid: `total` is the order's, also where a coupon of WeChat paid part of it."""
    if not found.get("transaction_id"):
        raise Away("a payment without a transaction_id")
    return Money(
        event=event,
        reference=str(found.get("out_trade_no", "")),
        payment=str(found["transaction_id"]),
        amount=_amount(found, "total"),
        currency=str(found["amount"].get("currency") or "CNY"),
        at=_instant(found.get("success_time")),
    )


def _refund_news(found: Mapping[str, Any], event: str, status: str) -> RefundNews:
    if status not in PROGRESS:
        raise Away("a refund in no state that is known")
    progress = PROGRESS[status]
    return RefundNews(
        event=event,
        key=str(found.get("out_refund_no", "")),
        amount=_amount(found, "refund"),
        progress=progress,
        payment=str(found.get("transaction_id", "")),
        reference=str(found.get("out_trade_no", "")),
        refund=str(found.get("refund_id", "")),
        detail=status if progress is Progress.HAND else "",
    )


def _amount(found: Mapping[str, Any], name: str) -> int:
    """Returns an amount in fen, which is a whole number and nothing else."""
    amount = found.get("amount")
    fen = amount.get(name) if isinstance(amount, dict) else None
    if type(fen) is not int:
        raise Away(f"amount.{name} is no amount")
    return fen


def _instant(text: object) -> datetime | None:
    """Returns the instant that WeChat wrote (RFC 3339), in UTC; None where it wrote none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
