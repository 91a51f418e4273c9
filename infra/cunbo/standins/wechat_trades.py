"""The stand-in's trades and refunds: what WeChat Pay takes, what it refuses, and its own books. No protocol is here."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

import msgspec

from cunbo.standins.base import Clock, Misbehaviour, Movement
from cunbo.standins.wechat_bill import WechatBillLine

APPID, MCHID, APP_SECRET = "wxd678efh567hg6787", "1900000001", "stand-in-app-secret-000000000000"
BEIJING = timezone(timedelta(hours=8))
BETWEEN_REFUNDS, YOUNG = timedelta(minutes=1), timedelta(minutes=5)
REFUNDABLE, MOST_REFUNDS = timedelta(days=365), 50
LIVES = {"jsapi": timedelta(hours=2), "h5": timedelta(minutes=5), "native": timedelta(hours=2)}
FIELDS = {"appid", "mchid", "description", "out_trade_no", "time_expire", "attach", "notify_url", "amount"}
MORE = {"jsapi": {"payer"}, "h5": {"scene_info"}, "native": set[str]()}
LOCAL = re.compile(r"http://(127\.0\.0\.1|localhost)(:[0-9]+)?/", re.ASCII)


class WechatRefused(Exception):
    """What the API answers in place of success: a status, and the reason in a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class WechatRefund(msgspec.Struct):
    """A refund of a trade; its state is PROCESSING, SUCCESS, ABNORMAL or CLOSED."""

    key: str
    refund_id: str
    amount: int
    at: datetime
    notify_url: str
    state: str = "PROCESSING"
    done: datetime | None = None


class WechatTrade(msgspec.Struct):
    """A payment that the shop has asked for."""

    number: str
    kind: str
    amount: int
    description: str
    expires: datetime
    notify_url: str
    created: datetime
    asked: dict[str, Any]
    openid: str = ""
    state: str = "NOTPAY"
    transaction: str = ""
    paid: datetime | None = None
    coupon: int = 0
    refunds: dict[str, WechatRefund] = msgspec.field(default_factory=dict)

    def back(self) -> int:
        """Return how much is on its way back or has gone."""
        return sum(one.amount for one in self.refunds.values() if one.state != "CLOSED")


class WechatTrades:
    """All trades of one merchant. Calls take the fields of a request, and return those of the answer."""

    def __init__(self, clock: Clock, dice: Random, how: Misbehaviour) -> None:
        self.clock, self.dice, self.how = clock, dice, how
        self.books: list[Movement] = []
        self.trades: dict[str, WechatTrade] = {}
        self.handles: dict[str, tuple[str, datetime]] = {}
        """What opens a trade (the prepay_id of each answer): whose it is, and until when it lives."""
        self.refunds: dict[str, tuple[WechatTrade, WechatRefund]] = {}
        self.by_transaction: dict[str, WechatTrade] = {}
        self.balance: int | None = None
        """What is there to refund from, in fen; None is enough for all."""
        self.waits_five_minutes = True
        """Whether a payment younger than five minutes cannot be closed: its pages disagree."""
        self.serial = 0

    def tell(self, trade: WechatTrade, refund: WechatRefund | None = None) -> None:
        """Have the shop told how a payment or a refund stands."""

    def prepay(self, kind: str, given: Mapping[str, Any]) -> str:
        """Take a payment, or the same once more; return what opens it."""
        asked = wanted(kind, given, self.clock())
        trade = self.trades.setdefault(asked.number, asked)
        if trade.kind != kind or _terms(trade.asked) != _terms(asked.asked):
            raise WechatRefused(400, "INVALID_REQUEST")  # 201 商户订单号重复
        if trade.paid:
            raise WechatRefused(400, "ORDERPAID")
        if trade.state == "CLOSED":
            raise WechatRefused(400, "ORDER_CLOSED")
        self.serial += 1
        handle = f"wx{self.clock().astimezone(BEIJING):%d%H%M%S}{self.serial:026x}"
        self.handles[handle] = (trade.number, self.clock() + LIVES[kind])
        return handle

    def opened(self, handle: str) -> WechatTrade:
        """Return the trade that a payer opens, where it can be paid; raise WechatRefused."""
        number, until = self.handles.get(handle, ("", self.clock()))
        if not number or self.clock() >= until:
            raise WechatRefused(400, "PREPAY_ID_EXPIRED")
        trade = self.trades[number]
        if trade.paid or trade.state != "NOTPAY" or self.clock() >= trade.expires:
            raise WechatRefused(400, "ORDERPAID" if trade.paid else "ORDER_CLOSED")
        return trade

    def pay(self, number: str, coupon: int = 0, *, late: bool = False) -> bool:
        """Pay a trade, `coupon` fen of it by WeChat; return whether it was still payable.

        `late`: the password was asked for in time, and typed after.
        """
        trade = self.trades[number]
        if trade.state != "NOTPAY" or (self.clock() >= trade.expires and not late):
            return False
        self.serial += 1
        trade.state, trade.paid, trade.coupon = "SUCCESS", self.clock(), coupon
        trade.transaction = f"42000{self.serial:05}{trade.paid.astimezone(BEIJING):%Y%m%d}{self.serial:010}"
        self.by_transaction[trade.transaction] = trade
        if self.balance is not None:
            self.balance += trade.amount
        self._book("payment", trade, trade.amount)
        self.tell(trade)
        return True

    def query(self, number: str) -> dict[str, Any]:
        """Answer GET …/out-trade-no/{number}."""
        return told(self._found(number))

    def close(self, number: str) -> None:
        """Answer POST …/out-trade-no/{number}/close."""
        trade = self._found(number)
        if self.dice.random() < self.how.paid_late:
            self.pay(number, late=True)
        if trade.paid:
            raise WechatRefused(400, "ORDERPAID")
        if trade.state == "CLOSED":
            raise WechatRefused(400, "ORDER_CLOSED")
        if self.waits_five_minutes and self.clock() < trade.created + YOUNG:
            raise WechatRefused(400, "INVALID_REQUEST")
        trade.state = "CLOSED"

    def refund(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Answer POST /v3/refund/domestic/refunds: taken, and on its way."""
        key, amount = given.get("out_refund_no"), given.get("amount")
        if not isinstance(key, str) or not re.fullmatch(r"[0-9A-Za-z_|*@-]{1,64}", key, re.ASCII):
            raise WechatRefused(400, "PARAM_ERROR")
        if (
            not isinstance(amount, dict)
            or amount.get("currency") != "CNY"
            or not all(type(amount.get(name)) is int and amount[name] > 0 for name in ("refund", "total"))
        ):
            raise WechatRefused(400, "PARAM_ERROR")
        _check_url(given.get("notify_url", ""))
        trade = self._refundable(given)
        if key in self.refunds:
            of, known = self.refunds[key]
            if of is not trade or known.amount != amount["refund"]:
                raise WechatRefused(400, "INVALID_REQUEST")
            return refunded(of, known)
        self._refuse_refund(trade, amount)
        self.serial += 1
        refund_id = f"50300{self.clock().astimezone(BEIJING):%Y%m%d%H%M%S}{self.serial:09}"
        made = WechatRefund(key, refund_id, amount["refund"], self.clock(), str(given.get("notify_url", "")))
        trade.refunds[key], self.refunds[key] = made, (trade, made)
        answer = refunded(trade, made)
        if self.dice.random() >= self.how.refund_pending:
            self._go_on(trade, made)
        return answer

    def query_refund(self, key: str) -> dict[str, Any]:
        """Answer GET /v3/refund/domestic/refunds/{key}."""
        if key not in self.refunds:
            raise WechatRefused(404, "RESOURCE_NOT_EXISTS")
        return refunded(*self.refunds[key])

    def settle(self) -> None:
        """Let pending refunds go on: the money goes back, or a person has to see to it, or it never will."""
        for trade, refund in [*self.refunds.values()]:
            if refund.state == "PROCESSING":
                self._go_on(trade, refund)

    def mend(self, key: str) -> None:
        """Be the person who sends an ABNORMAL refund to another account of the buyer's."""
        trade, refund = self.refunds[key]
        if refund.state == "ABNORMAL":
            self._give_back(trade, refund)

    def refund_by_hand(self, number: str, amount: int) -> None:
        """Give back in WeChat Pay's own console, where the shop is not asked; the shop's own address is told."""
        self.serial += 1
        trade, key = self.trades[number], f"{self.serial:028}"
        made = WechatRefund(key, f"50300{self.serial:023}", amount, self.clock(), trade.notify_url)
        trade.refunds[key], self.refunds[key] = made, (trade, made)
        self._give_back(trade, made)

    def lines(self, start: datetime) -> list[WechatBillLine]:
        """Return what moved on the day that begins at `start`, in order."""
        found = []
        for moved in self.books:
            if start <= moved.at < start + timedelta(days=1):
                trade = self.by_transaction[moved.payment]
                found.append(
                    WechatBillLine(
                        kind=trade.kind.upper() if trade.kind != "h5" else "MWEB",
                        transaction=moved.payment,
                        number=moved.reference,
                        description=trade.description,
                        openid=trade.openid,
                        amount=moved.amount,
                        coupon=trade.coupon,
                        at=moved.at.astimezone(BEIJING),
                        key=moved.key,
                        refund_id=self.refunds[moved.key][1].refund_id if moved.kind == "refund" else "",
                    )
                )
        return found

    def _found(self, number: str) -> WechatTrade:
        if number not in self.trades:
            raise WechatRefused(404, "ORDER_NOT_EXIST")
        return self.trades[number]

    def _refundable(self, given: Mapping[str, Any]) -> WechatTrade:
        named = given.get("transaction_id")
        trade = self.by_transaction.get(str(named)) if named else self.trades.get(str(given.get("out_trade_no")))
        if not trade or not trade.paid:
            raise WechatRefused(404, "RESOURCE_NOT_EXISTS")
        return trade

    def _refuse_refund(self, trade: WechatTrade, amount: Mapping[str, int]) -> None:
        now, back = self.clock(), amount["refund"]
        for refused, status, why in (
            (amount["total"] != trade.amount, 400, "INVALID_REQUEST"),
            (trade.paid and now >= trade.paid + REFUNDABLE, 400, "INVALID_REQUEST"),
            (back > trade.amount - trade.back() or len(trade.refunds) >= MOST_REFUNDS, 400, "INVALID_REQUEST"),
            (any(now - one.at < BETWEEN_REFUNDS for one in trade.refunds.values()), 429, "FREQUENCY_LIMITED"),
            (self.balance is not None and self.balance < back, 403, "NOT_ENOUGH"),
        ):
            if refused:
                raise WechatRefused(status, why)

    def _go_on(self, trade: WechatTrade, refund: WechatRefund) -> None:
        if self.dice.random() < self.how.refund_fails:
            refund.state = self.dice.choice(["ABNORMAL", "CLOSED"])
            self.tell(trade, refund)
        else:
            self._give_back(trade, refund)

    def _give_back(self, trade: WechatTrade, refund: WechatRefund) -> None:
        refund.state, refund.done, trade.state = "SUCCESS", self.clock(), "REFUND"
        if self.balance is not None:
            self.balance -= refund.amount
        self._book("refund", trade, refund.amount, refund.key)
        self.tell(trade, refund)

    def _book(self, kind: str, trade: WechatTrade, amount: int, key: str = "") -> None:
        names = {"reference": trade.number, "payment": trade.transaction}
        self.books.append(Movement(kind=kind, amount=amount, at=self.clock(), key=key, **names))


def wanted(kind: str, given: Mapping[str, Any], now: datetime) -> WechatTrade:
    """Return what is asked to be paid; refuse whatever is not as the page of its channel says."""
    if given.get("appid") != APPID:
        raise WechatRefused(400, "APPID_MCHID_NOT_MATCH")
    if given.get("mchid") != MCHID:
        raise WechatRefused(400, "MCH_NOT_EXISTS")
    _check_url(given.get("notify_url"))
    number, words, amount = str(given.get("out_trade_no")), given.get("description"), given.get("amount")
    payer, scene = given.get("payer"), given.get("scene_info")
    expires = _instant(given.get("time_expire")) if "time_expire" in given else now + timedelta(days=7)
    right = (
        set(given) <= FIELDS | MORE[kind]
        and re.fullmatch(r"[0-9A-Za-z_|*-]{6,32}", number, re.ASCII)
        and isinstance(words, str)
        and 0 < len(words) <= 127
        and isinstance(amount, dict)
        and type(amount.get("total")) is int
        and amount["total"] > 0
        and amount.get("currency", "CNY") == "CNY"
        and expires
        and expires > now
    )
    openid = str(payer.get("openid")) if isinstance(payer, dict) else ""
    if kind == "jsapi" and not re.fullmatch(r"[0-9A-Za-z_-]{6,128}", openid, re.ASCII):
        right = False
    if kind == "h5" and not _scene(scene):
        right = False
    if not right or not expires or not isinstance(amount, dict):
        raise WechatRefused(400, "PARAM_ERROR")
    return WechatTrade(
        number,
        kind,
        amount["total"],
        str(words),
        max(expires, now + timedelta(minutes=1)),
        str(given["notify_url"]),
        now,
        dict(given),
        openid=openid,
    )


def told(trade: WechatTrade) -> dict[str, Any]:
    """Return what WeChat Pay says of a payment, in news and when it is asked."""
    found: dict[str, Any] = {
        "appid": APPID,
        "mchid": MCHID,
        "out_trade_no": trade.number,
        "trade_state": trade.state,
        "trade_state_desc": "支付成功" if trade.paid else "订单未支付",
        "attach": "",
        "amount": {"total": trade.amount, "currency": "CNY"},
    }
    if trade.paid:
        found["transaction_id"] = trade.transaction
        found["trade_type"] = {"jsapi": "JSAPI", "h5": "MWEB", "native": "NATIVE"}[trade.kind]
        found["bank_type"] = "OTHERS"
        found["success_time"] = rfc3339(trade.paid)
        found["payer"] = {"openid": trade.openid}
        found["amount"] |= {"payer_total": trade.amount - trade.coupon, "payer_currency": "CNY"}
    return found


def refunded(trade: WechatTrade, refund: WechatRefund) -> dict[str, Any]:
    """Return what WeChat Pay answers of a refund."""
    payers = refund.amount * (trade.amount - trade.coupon) // trade.amount
    return {
        "refund_id": refund.refund_id,
        "out_refund_no": refund.key,
        "transaction_id": trade.transaction,
        "out_trade_no": trade.number,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(refund.at),
        **({"success_time": rfc3339(refund.done)} if refund.done else {}),
        "status": refund.state,
        "amount": {
            "total": trade.amount,
            "refund": refund.amount,
            "payer_total": trade.amount - trade.coupon,
            "payer_refund": payers,
            "currency": "CNY",
        },
    }


def rfc3339(at: datetime) -> str:
    """Return an instant as WeChat Pay writes it: Beijing's time, with its offset."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds")


def _terms(given: Mapping[str, Any]) -> dict[str, Any]:
    """What may not differ when the same number is asked for again; the payer's network may."""
    return {name: value for name, value in given.items() if name != "scene_info"}


def _scene(scene: object) -> bool:
    if not isinstance(scene, dict) or not isinstance(scene.get("h5_info"), dict):
        return False
    return scene["h5_info"].get("type") == "Wap" and bool(
        re.fullmatch(r"[0-9a-fA-F.:]{3,45}", str(scene.get("payer_client_ip")))
    )


def _check_url(url: object) -> None:
    """Refuses what cannot be told to: no https (but for this machine), too long, or with a query."""
    right = isinstance(url, str) and len(url) <= 255 and "?" not in url and "#" not in url
    if not right or not (str(url).startswith("https://") or LOCAL.match(str(url))):
        raise WechatRefused(400, "PARAM_ERROR")


def _instant(text: object) -> datetime | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", str(text), re.ASCII):
        return None
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
