"""Alipay: its pages for phones (手机网站支付) and desktops (电脑网站支付), by signed calls of its gateway.

A payment needs no call: it is a signed link, made here and kept in the attempt. Alipay knows of it only once the buyer
has logged in, and until then query and close answer ACQ.TRADE_NOT_EXIST, while the link can be paid until time_expire.
Each rule names Alipay's own page (opendocs.alipay.com) that has it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.calendar import VILLAGE, day_ends
from chalicelib.domain.errors import Malformed, Unauthorized
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, News, Progress, RefundNews, Row
from chalicelib.payments.alipay_bill import fen, rows
from chalicelib.payments.alipay_gateway import AlipayGateway, AlipaySettings, beijing
from chalicelib.payments.port import Away, Begun, Bill, Declined, Payer, Reclaim, Reply, Transport

__all__ = ["Alipay", "AlipaySettings"]

PRODUCTS = {
    Channel.ALIPAY_WAP: ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    Channel.ALIPAY_PAGE: ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
}
GRACE = timedelta(minutes=1)
"""How far our clock may be behind Alipay's when a link that nobody has opened is said to be over."""
BILL_READY, NO_BILL = time(10), time(12)
"""Village time on the day after: a bill is there ("查询对账单下载地址接口"); if there still is none, nothing moved."""
SUBJECT = str.maketrans({"/": "／", "=": "＝", "&": "＆"})
"""What a subject may not have ("手机网站支付接口2.0", subject)."""
SETTLED = frozenset({"ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS", "ACQ.TRADE_STATUS_ERROR"})
"""A close that comes too late: the trade is paid or closed already ("统一收单交易关闭接口", 业务错误码)."""
BEYOND = "0" * 20 + "_0"
"""A reference that no order ever has, to try the settings with."""


class Alipay:
    """Alipay as the shop's payment provider."""

    channels: Sequence[Channel] = tuple(PRODUCTS)
    heard = Reply(200, {"content-type": "text/plain"}, b"success")
    """Exactly these seven bytes, else it tells the same seven times more ("异步通知说明")."""

    def __init__(
        self, settings: AlipaySettings, transport: Transport, notify_url: str, clock: Callable[[], datetime]
    ) -> None:
        self.settings, self.transport, self.notify_url, self.clock = settings, transport, notify_url, clock
        self.gateway = AlipayGateway(settings, transport, clock)

    def begin(self, bill: Bill, payer: Payer) -> Begun:
        """Make the link, without asking Alipay; it is payable until the bill expires, by Alipay's clock."""
        if bill.currency != "CNY":
            raise Declined("CURRENCY", f"Alipay takes CNY only, not {bill.currency}")
        method, product = PRODUCTS[bill.channel]
        content = {
            "out_trade_no": bill.reference,
            "total_amount": yuan(bill.amount),
            "subject": bill.title.translate(SUBJECT)[:256],
            "product_code": product,
            "time_expire": beijing(bill.expires),
        }
        if bill.channel is Channel.ALIPAY_WAP:
            content["quit_url"] = bill.back
        url = self.gateway.link(method, content, return_url=bill.back, notify_url=self.notify_url)
        return Begun({"url": url}, bill.expires)

    def offer(self, bill: Bill, handle: Mapping[str, str], now: datetime) -> dict[str, str]:
        """Return the link, while it is payable."""
        return {"action": "redirect", "url": handle["url"]} if now < bill.expires else {"action": "none"}

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[News]:
        """Return the news of a notification: a form whose signature is right, of this app and this seller.

        Alipay gives no span of time to hold it to and repeats news for 25 hours ("异步通知说明"), so an old one is
        taken: it names the same payment or refund again, which changes nothing.
        """
        form = self.gateway.verified(body)
        if form.get("app_id") != self.settings.app_id or form.get("seller_id") != self.settings.seller_id:
            raise Unauthorized("the notification is for another app or another seller")
        status, reference, event = form.get("trade_status"), form.get("out_trade_no", ""), form.get("notify_id", "")
        if not event or not reference:
            raise Malformed("the notification lacks notify_id or out_trade_no")
        # A refund tells TRADE_SUCCESS again, and a full one TRADE_CLOSED.
        if "gmt_refund" in form or ("refund_fee" in form and _amount(form, "refund_fee", Malformed) > 0):
            return [_refunded(form, event)] if status in {"TRADE_SUCCESS", "TRADE_CLOSED"} else []
        if status == "TRADE_SUCCESS":
            return [_money(form, event, form.get("gmt_payment"), Malformed)]
        return [Closed(event=event, reference=reference)] if status == "TRADE_CLOSED" else []

    def query(self, bill: Bill) -> Money | Closed | None:
        """Ask by alipay.trade.query; a link that nobody has opened is over only when its time is."""
        try:
            found = self.gateway.call("alipay.trade.query", {"out_trade_no": bill.reference})
        except Declined as refused:
            if refused.code != "ACQ.TRADE_NOT_EXIST":
                raise
            return self._unopened(bill)
        status = found.get("trade_status")
        # TRADE_CLOSED is also what a payment becomes when all of it has gone back; only that has a day of payment.
        paid = found.get("send_pay_date") if status == "TRADE_CLOSED" else status in {"TRADE_SUCCESS", "TRADE_FINISHED"}
        if found.get("out_trade_no") != bill.reference:
            raise Away("Alipay answered of another trade")
        if paid:
            return _money(found, f"query-{bill.reference}-paid", found.get("send_pay_date"))
        over = Closed(event=f"query-{bill.reference}-closed", reference=bill.reference)
        return over if status == "TRADE_CLOSED" else None

    def close(self, bill: Bill, handle: Mapping[str, str]) -> Money | Closed | None:
        """Close by alipay.trade.close; None while the link can be paid and Alipay knows nothing to close."""
        try:
            self.gateway.call("alipay.trade.close", {"out_trade_no": bill.reference})
        except Declined as refused:
            if refused.code == "ACQ.TRADE_NOT_EXIST":
                return self._unopened(bill)
            if refused.code in SETTLED:
                return self.query(bill)
            raise
        return Closed(event=f"close-{bill.reference}", reference=bill.reference)

    def refund(self, reclaim: Reclaim) -> RefundNews:
        """Ask by alipay.trade.refund. That it was taken is no money yet: it has gone back only where fund_change is Y
        ("统一收单交易退款接口"); else `query_refund` tells, ten seconds later."""
        if reclaim.currency != "CNY":
            raise Declined("CURRENCY", f"Alipay takes CNY only, not {reclaim.currency}")
        found = self.gateway.call("alipay.trade.refund", {**_refund(reclaim), "refund_amount": yuan(reclaim.amount)})
        done = found.get("fund_change") == "Y"
        return _reclaimed(reclaim, Progress.DONE if done else Progress.ASKED, reclaim.amount)

    def query_refund(self, reclaim: Reclaim) -> RefundNews | None:
        """Ask by alipay.trade.fastpay.refund.query. Whatever is not REFUND_SUCCESS has not gone back, and may be asked
        for again with the same key and amount ("统一收单交易退款查询"): it is told as None."""
        try:
            found = self.gateway.call("alipay.trade.fastpay.refund.query", _refund(reclaim))
        except Declined as refused:
            if refused.code == "ACQ.TRADE_NOT_EXIST":
                return None
            raise
        if found.get("refund_status") != "REFUND_SUCCESS":
            return None
        return _reclaimed(reclaim, Progress.DONE, _amount(found, "refund_amount"))

    def statement(self, day: date) -> Iterable[Row]:
        """Return the rows of a day's bill of trades; its address lives for 30 seconds."""
        after = day_ends(day).astimezone(VILLAGE)
        now = self.clock()
        if now < datetime.combine(after.date(), BILL_READY, VILLAGE):
            raise Away("Alipay makes the bill of a day at ten on the next")
        try:
            content = {"bill_type": "trade", "bill_date": day.isoformat()}
            found = self.gateway.call("alipay.data.dataservice.bill.downloadurl.query", content)
        except Declined as refused:
            if not refused.code.upper().endswith("BILL_NOT_EXIST"):
                raise
            if now < datetime.combine(after.date(), NO_BILL, VILLAGE):
                raise Away("Alipay has no bill of this day yet") from None
            return []
        answer = self.transport.send("GET", str(found.get("bill_download_url", "")), {})
        if answer.status != 200:
            raise Away(f"the bill could not be fetched: HTTP {answer.status}")
        return rows(answer.body)

    def check(self) -> None:
        """Prove the settings without money: keys that fit, and a signed call that Alipay answers, signed too.

        Raise ValueError where a key is not one; Declined, Away as the call does.
        """
        self.gateway.check_keys()
        try:
            self.gateway.call("alipay.trade.query", {"out_trade_no": BEYOND})
        except Declined as refused:
            if refused.code != "ACQ.TRADE_NOT_EXIST":
                raise

    def _unopened(self, bill: Bill) -> Closed | None:
        """Says how it stands with a link that Alipay knows no trade of."""
        over = self.clock() >= bill.expires + GRACE
        return Closed(event=f"expired-{bill.reference}", reference=bill.reference) if over else None


def yuan(amount: int) -> str:
    """Return fen as yuan: 1205 is "12.05"."""
    return f"{amount // 100}.{amount % 100:02}"


def instant(text: str | None) -> datetime | None:
    """Return the instant that Alipay wrote, in UTC; None where it wrote none."""
    try:
        return datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=VILLAGE).astimezone(UTC)
    except ValueError:
        return None


def _amount(fields: Mapping[str, Any], name: str, wrong: type[Exception] = Away) -> int:
    try:
        return fen(str(fields.get(name, "")))
    except ValueError:
        raise wrong(f"{name} is no amount") from None


def _money(fields: Mapping[str, Any], event: str, at: str | None, wrong: type[Exception] = Away) -> Money:
    """Returns what was paid: total_amount is the order's, also where a coupon of Alipay paid part of it."""
    if not fields.get("trade_no"):
        raise wrong("a payment without a trade_no")
    return Money(
        event=event,
        reference=str(fields.get("out_trade_no", "")),
        payment=str(fields["trade_no"]),
        amount=_amount(fields, "total_amount", wrong),
        currency="CNY",
        at=instant(at),
    )


def _refunded(form: Mapping[str, str], event: str) -> RefundNews:
    """Returns the news of a refund: refund_fee is the sum of all that has gone back so far, not how much this one is.

    One that was made in the console has no key of ours; the moment of it tells it from others.
    """
    key, reference = form.get("out_biz_no", ""), form["out_trade_no"]
    return RefundNews(
        event=event,
        key="" if key == reference else key,
        amount=0,
        so_far=_amount(form, "refund_fee", Malformed),
        progress=Progress.DONE,
        payment=form.get("trade_no", ""),
        reference=reference,
        refund=re.sub(r"\D", "", form.get("gmt_refund", "")) or event,
    )


def _refund(reclaim: Reclaim) -> dict[str, str]:
    return {"trade_no": reclaim.payment, "out_trade_no": reclaim.reference, "out_request_no": reclaim.key}


def _reclaimed(reclaim: Reclaim, progress: Progress, amount: int) -> RefundNews:
    return RefundNews(
        event=f"refund-{reclaim.key}-{progress}",
        key=reclaim.key,
        amount=amount,
        progress=progress,
        payment=reclaim.payment,
        reference=reclaim.reference,
    )
