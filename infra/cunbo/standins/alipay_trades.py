"""The stand-in's trades and refunds: what Alipay takes, what it refuses, and its own books. No protocol is here."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import msgspec

from cunbo.standins.alipay_bill import FORMAT, BillLine
from cunbo.standins.base import Clock, Misbehaviour, Movement

BEIJING = timezone(timedelta(hours=8))
BETWEEN_REFUNDS = timedelta(seconds=3)
REFUNDABLE = timedelta(days=365)
WAP = "alipay.trade.wap.pay"
PAGES = {WAP: "QUICK_WAP_WAY", "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY"}


class AlipayRefused(Exception):
    """What the gateway answers in place of success: a code, and the reason in it."""

    def __init__(self, sub_code: str, code: str = "40004") -> None:
        super().__init__(sub_code)
        self.code, self.sub_code = code, sub_code


class AlipayRefund(msgspec.Struct):
    """A refund of a trade, which is on its way until it is `done`."""

    key: str
    amount: int
    at: datetime
    done: bool = False


class AlipayTrade(msgspec.Struct):
    """A link that was opened; a trade for Alipay once somebody has logged in, which gives it a `trade_no`."""

    number: str
    method: str
    amount: int
    subject: str
    expires: datetime
    urls: dict[str, str]
    trade_no: str = ""
    status: str = "WAIT_BUYER_PAY"
    created: datetime | None = None
    paid: datetime | None = None
    coupon: int = 0
    refunds: dict[str, AlipayRefund] = msgspec.field(default_factory=dict)

    @property
    def terms(self) -> tuple[str, int, str, datetime]:
        """What may not differ when the same number is asked for again."""
        return self.method, self.amount, self.subject, self.expires

    @property
    def names(self) -> dict[str, str]:
        """Alipay's number, and the shop's."""
        return {"trade_no": self.trade_no, "out_trade_no": self.number}

    def back(self, *, done: bool = False) -> int:
        """Return how much is on its way back or has gone back, or only the latter."""
        return sum(one.amount for one in self.refunds.values() if one.done or not done)


class AlipayTrades:
    """All trades of one seller. Calls take `biz_content`, and return the fields of the answer."""

    def __init__(self, clock: Clock, dice: Random, how: Misbehaviour) -> None:
        self.clock, self.dice, self.how = clock, dice, how
        self.books: list[Movement] = []
        self.opened: dict[str, AlipayTrade] = {}
        self.numbered: dict[str, AlipayTrade] = {}
        self.waiting: dict[str, AlipayTrade] = {}
        self.balance: int | None = None
        """What is there to refund from, in fen; None is enough for all."""
        self.serial = 0

    def tell(self, trade: AlipayTrade, refund: AlipayRefund | None = None) -> None:
        """Have the shop told how a trade stands."""

    def open(self, asked: AlipayTrade) -> AlipayTrade:
        """Open a link, which makes no trade yet; the same number again has to ask for the same."""
        known = self.opened.setdefault(asked.number, asked)
        if known.terms != asked.terms:
            raise AlipayRefused("ACQ.CONTEXT_INCONSISTENT")
        if known.paid:
            raise AlipayRefused("ACQ.TRADE_HAS_SUCCESS")
        if known.status != "WAIT_BUYER_PAY" or self.clock() >= known.expires:
            raise AlipayRefused("ACQ.TRADE_HAS_CLOSE")
        return known

    def log_in(self, number: str) -> AlipayTrade:
        """Log in on an opened link, which makes a trade of it."""
        trade = self.opened[number]
        if not trade.trade_no:
            self.serial += 1
            trade.created = self.clock()
            trade.trade_no = f"{trade.created.astimezone(BEIJING):%Y%m%d}22001{self.serial:015}"
            self.numbered[trade.trade_no] = self.waiting[number] = trade
        return trade

    def pay(self, number: str, coupon: int = 0, *, late: bool = False) -> bool:
        """Pay an opened link, `coupon` fen of it by Alipay; return whether it was still payable.

        `late`: the password was asked for in time, and typed after.
        """
        trade = self.opened[number]
        if trade.status != "WAIT_BUYER_PAY" or (self.clock() >= trade.expires and not late):
            return False
        self.log_in(number)
        trade.status, trade.paid, trade.coupon = "TRADE_SUCCESS", self.clock(), coupon
        self.waiting.pop(number)
        if self.balance is not None:
            self.balance += trade.amount
        self._book("payment", trade, trade.amount)
        self.tell(trade)
        return True

    def tick(self) -> None:
        """Close trades whose time is over, where the password is not typed in that very moment."""
        for trade in [one for one in self.waiting.values() if self.clock() >= one.expires]:
            if self.dice.random() < self.how.paid_late:
                self.pay(trade.number, late=True)
            else:
                self._end(trade)

    def query(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Answer alipay.trade.query."""
        trade = self._found(content)
        paid = {"send_pay_date": trade.paid.astimezone(BEIJING).strftime(FORMAT)} if trade.paid else {}
        return {**trade.names, "trade_status": trade.status, "total_amount": yuan(trade.amount), **paid}

    def close(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Answer alipay.trade.close."""
        number = str(content.get("out_trade_no"))
        if number in self.opened and self.dice.random() < self.how.paid_late:
            self.pay(number, late=True)
        trade = self._found(content)
        if trade.status != "WAIT_BUYER_PAY":
            raise AlipayRefused("ACQ.TRADE_STATUS_ERROR")
        self._end(trade)
        return {**trade.names}

    def refund(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Answer alipay.trade.refund: with fund_change Y only where money went back by this very call."""
        trade = self._found(content)
        amount, key = fen(content.get("refund_amount")), content.get("out_request_no") or trade.number
        if amount is None or not isinstance(key, str) or not 0 < len(key) <= 64:
            raise AlipayRefused("ACQ.INVALID_PARAMETER")
        known = trade.refunds.get(key)
        if known and known.amount != amount:
            raise AlipayRefused("ACQ.DISCORDANT_REPEAT_REQUEST")
        changed = False
        if not known:
            self._refuse_refund(trade, amount, key)
            trade.refunds[key] = known = AlipayRefund(key, amount, self.clock())
            if changed := self.dice.random() >= self.how.refund_pending:
                self._give_back(trade, known)
        back = yuan(trade.back(done=True))
        return {**trade.names, "fund_change": "Y" if changed else "N", "refund_fee": back}

    def query_refund(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Answer alipay.trade.fastpay.refund.query: without a word for one that is pending, as for one nobody asked."""
        trade = self._found(content)
        refund = trade.refunds.get(str(content.get("out_request_no")))
        if not refund or not refund.done:
            return {}
        amounts = {"total_amount": yuan(trade.amount), "refund_amount": yuan(refund.amount)}
        return {**trade.names, "out_request_no": refund.key, **amounts, "refund_status": "REFUND_SUCCESS"}

    def settle(self) -> None:
        """Let pending refunds go on: the money goes back, or the refund is gone as if nobody had asked."""
        for trade in self.numbered.values():
            for refund in [one for one in trade.refunds.values() if not one.done]:
                if self.dice.random() < self.how.refund_fails:
                    del trade.refunds[refund.key]
                else:
                    self._give_back(trade, refund)

    def refund_by_hand(self, number: str, amount: int) -> None:
        """Give back in Alipay's own console, where the shop is not asked."""
        trade = self.opened[number]
        self.serial += 1
        trade.refunds[f"console-{self.serial}"] = refund = AlipayRefund("", amount, self.clock())
        self._give_back(trade, refund)

    def finish(self) -> None:
        """End the trades that can be refunded no more."""
        for trade in self.numbered.values():
            if trade.status == "TRADE_SUCCESS" and trade.paid and self.clock() >= trade.paid + REFUNDABLE:
                trade.status = "TRADE_FINISHED"
                self.tell(trade)

    def lines(self, start: datetime) -> list[BillLine]:
        """Return what moved on the day that begins at `start`, in order."""
        return [
            BillLine(
                trade_no=moved.payment,
                number=moved.reference,
                subject=self.numbered[moved.payment].subject,
                amount=moved.amount if moved.kind == "payment" else -moved.amount,
                ended=moved.at.astimezone(BEIJING),
                key=moved.key,
            )
            for moved in self.books
            if start <= moved.at < start + timedelta(days=1)
        ]

    def _found(self, content: Mapping[str, Any]) -> AlipayTrade:
        """Returns the trade that a call names, by Alipay's number before the shop's."""
        if named := content.get("trade_no"):
            trade = self.numbered.get(str(named))
        else:
            trade = self.opened.get(str(content.get("out_trade_no")))
        if not trade or not trade.trade_no:
            raise AlipayRefused("ACQ.TRADE_NOT_EXIST")
        return trade

    def _refuse_refund(self, trade: AlipayTrade, amount: int, key: str) -> None:
        now = self.clock()
        lately = any(now - one.at < BETWEEN_REFUNDS for one in trade.refunds.values())
        empty = self.balance is not None and self.balance < amount
        for refused, why in (
            (not trade.paid and trade.status == "TRADE_CLOSED", "ACQ.TRADE_HAS_CLOSE"),
            (not trade.paid, "ACQ.TRADE_STATUS_ERROR"),
            (trade.paid and now >= trade.paid + REFUNDABLE, "ACQ.TRADE_HAS_FINISHED"),
            (key == trade.number and amount != trade.amount, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"),
            (amount > trade.amount - trade.back(), "ACQ.REASON_TRADE_REFUND_FEE_ERR"),
            (lately, "ACQ.SYSTEM_ERROR"),
            (empty or self.dice.random() < self.how.refund_fails, "ACQ.SELLER_BALANCE_NOT_ENOUGH"),
        ):
            if refused:
                raise AlipayRefused(why)

    def _give_back(self, trade: AlipayTrade, refund: AlipayRefund) -> None:
        refund.done, refund.at = True, self.clock()
        if self.balance is not None:
            self.balance -= refund.amount
        if trade.back(done=True) == trade.amount:
            trade.status = "TRADE_CLOSED"
        self._book("refund", trade, refund.amount, refund.key)
        self.tell(trade, refund)

    def _end(self, trade: AlipayTrade) -> None:
        trade.status = "TRADE_CLOSED"
        self.waiting.pop(trade.number)
        self.tell(trade)

    def _book(self, kind: str, trade: AlipayTrade, amount: int, key: str = "") -> None:
        names = {"reference": trade.number, "payment": trade.trade_no}
        self.books.append(Movement(kind=kind, amount=amount, at=self.clock(), key=key, **names))


def link(method: str, given: Mapping[str, str], content: Mapping[str, Any]) -> AlipayTrade:
    """Return what a link asks to be paid; refuse whatever is not as the page of its method says."""
    expires, amount = instant(content.get("time_expire")), fen(content.get("total_amount"))
    number, subject = str(content.get("out_trade_no")), content.get("subject")
    urls = {name: given.get(name, "") for name in ("notify_url", "return_url")}
    urls["quit_url"] = str(content.get("quit_url", ""))
    right = (
        content.get("product_code") == PAGES.get(method, "")
        and re.fullmatch(r"[0-9A-Za-z_]{1,64}", number, re.ASCII)
        and isinstance(subject, str)
        and re.fullmatch(r"[^/=&]{1,256}", subject)
        and all(not url or (re.match(r"https?://", url) and len(url) <= 256) for url in urls.values())
        and "timeout_express" not in content
    )
    if not right or amount is None or not expires:
        raise AlipayRefused("ACQ.INVALID_PARAMETER")
    return AlipayTrade(number, method, amount, str(subject), expires, urls)


def yuan(amount: int) -> str:
    """Return fen as yuan with two decimals."""
    whole, rest = divmod(amount, 100)
    return f"{whole}.{rest:02}"


def fen(text: object) -> int | None:
    """Return an amount in fen; None where it is no text of yuan with two decimals, from 0.01 to 100,000,000."""
    if not isinstance(text, str) or not re.fullmatch(r"(0|[1-9][0-9]{0,8})\.[0-9]{2}", text, re.ASCII):
        return None
    amount = int(text.replace(".", ""))
    return amount if 0 < amount <= 10_000_000_000 else None


def instant(text: object) -> datetime | None:
    """Return the instant that is written in Beijing's time, to the second; None where it is not."""
    try:
        return datetime.strptime(str(text), FORMAT).replace(tzinfo=BEIJING)
    except ValueError:
        return None
