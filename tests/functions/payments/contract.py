"""What the contract test needs of each provider: the shop's client and its stand-in, wired to each other in process.

To add a provider, write its function below and a line in `BENCHES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit

import msgspec
from chalicelib.domain.errors import ShopError
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Money, News
from chalicelib.payments.alipay import Alipay
from chalicelib.payments.alipay_gateway import AlipaySettings
from chalicelib.payments.port import Bill, Payer, Provider, Reclaim, Reply
from chalicelib.payments.stripe import Stripe
from chalicelib.payments.stripe_api import StripeSettings
from chalicelib.payments.wechat import WechatPay
from chalicelib.payments.wechat_gateway import WechatSettings
from cunbo.standins.alipay import AlipayStandIn
from cunbo.standins.base import InProcess, Misbehaviour, Request
from cunbo.standins.stripe import StripeStandIn
from cunbo.standins.wechat import WechatStandIn
from cunbo.standins.wechat_trades import WechatRefused

NOTIFY = "https://shop.example/api/payments/events"
BACK = "https://shop.example/order/"
PAYER = Payer(ip="203.0.113.9", openid="openid-of-the-payer")
CALM = Misbehaviour()
WORST = Misbehaviour(
    twice=0.1,
    late=0.2,
    never=0.1,
    lost_answer=0.05,
    silent=0.05,
    away=0.05,
    probe=0.02,
    paid_late=0.3,
    refund_pending=0.3,
    refund_fails=0.1,
)
"""Everything at once, as on the worst day."""


class Ticker:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **span: float) -> None:
        self.now += timedelta(**span)


class Counting:
    """A transport that counts what goes over it."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.sent = inner, 0

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        self.sent += 1
        return self.inner.send(method, url, headers, body)


@dataclass
class Bench:
    """A provider and its stand-in.

    `pay` opens what is offered and pays, and says whether that was taken; `rebuilt` makes the provider anew, with the
    stand-in's settings as they are then.
    """

    provider: Any
    stand_in: Any
    clock: Ticker
    transport: Counting
    pay: Callable[[Bill, Mapping[str, str]], bool]
    rebuilt: Callable[[], Provider]
    news: list[News] = field(default_factory=list)
    refused: list[ShopError] = field(default_factory=list)
    posted: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    number: int = 0

    def take(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        """Be the shop's address for news."""
        self.posted.append((headers, body))
        try:
            self.news.extend(self.provider.read(headers, body, self.clock()))
        except ShopError as error:
            self.refused.append(error)
            return Reply(401, {}, b"")
        return self.provider.heard

    def bill(self, channel: Channel | None = None, **fields: Any) -> Bill:
        """A bill of ¥59.80 that nobody has seen before, to be paid within 15 minutes."""
        self.number += 1
        made = Bill(
            reference=f"{self.number:020}_1",
            channel=channel or self.provider.channels[0],
            amount=5980,
            title="辣白菜+500g 100%",
            expires=self.clock() + timedelta(minutes=15),
            back=BACK,
        )
        return msgspec.structs.replace(made, **fields)

    def begun(self, bill: Bill) -> Mapping[str, str]:
        return self.provider.begin(bill, PAYER).handle

    def paid(self, **fields: Any) -> tuple[Bill, Money]:
        """A bill that was begun and paid, and the money that came, as the provider tells when it is asked."""
        bill = self.bill(**fields)
        assert self.pay(bill, self.begun(bill))
        money = self.provider.query(bill)
        assert isinstance(money, Money)
        return bill, money

    def reclaim(self, bill: Bill, money: Money, amount: int, key: str = "r" * 24) -> Reclaim:
        return Reclaim(
            key=key,
            reference=bill.reference,
            payment=money.payment,
            channel=bill.channel,
            amount=amount,
            total=bill.amount,
        )

    def moved(self, kind: str) -> list[int]:
        """The amounts in the stand-in's own books."""
        return [movement.amount for movement in self.stand_in.books if movement.kind == kind]


def alipay(how: Misbehaviour) -> Bench:
    """Alipay, whose links are opened as a browser opens them."""
    clock, bench = Ticker(), None

    def take(url: str, headers: dict[str, str], body: bytes) -> Reply:
        assert bench
        return bench.take(url, headers, body)

    stand_in = AlipayStandIn(clock, take, Random(1), how)
    transport = Counting(InProcess(stand_in, Random(2), how))

    def build() -> Alipay:
        return Alipay(msgspec.convert(stand_in.settings(), AlipaySettings), transport, NOTIFY, clock)

    provider = build()

    def pay(bill: Bill, handle: Mapping[str, str]) -> bool:
        offered = provider.offer(bill, handle, clock())
        _, _, query = offered.get("url", "").partition("?")
        opened = stand_in.answer(Request("GET", "/gateway.do", query, {}, b""))
        return opened.status == 200 and stand_in.pay(bill.reference)

    bench = Bench(provider, stand_in, clock, transport, pay, build)
    return bench


def wechat(how: Misbehaviour) -> Bench:
    """WeChat Pay, paid inside WeChat, by a link from the shop's page, and by a code that is scanned."""
    clock, bench = Ticker(), None

    def take(url: str, headers: dict[str, str], body: bytes) -> Reply:
        assert bench
        return bench.take(url, headers, body)

    stand_in = WechatStandIn(clock, take, Random(1), how)
    transport = Counting(InProcess(stand_in, Random(2), how))

    def build() -> WechatPay:
        return WechatPay(msgspec.convert(stand_in.settings(), WechatSettings), transport, NOTIFY, clock)

    provider = build()

    def pay(bill: Bill, handle: Mapping[str, str]) -> bool:
        offered = provider.offer(bill, handle, clock())
        if offered["action"] == "wechat":
            try:
                stand_in.invoked(offered)
            except WechatRefused:
                return False
        else:
            url = urlsplit(offered.get("url") or offered.get("code", ""))
            path = url.path if url.scheme == "https" else "/scan"
            if stand_in.answer(Request("GET", path, url.query, {"referer": bill.back}, b"")).status != 200:
                return False
        return stand_in.pay(bill.reference)

    bench = Bench(provider, stand_in, clock, transport, pay, build)
    return bench


def stripe(how: Misbehaviour) -> Bench:
    """Stripe, whose page is opened as a browser opens it; any amount is enough for it here."""
    clock, bench = Ticker(), None

    def take(url: str, headers: dict[str, str], body: bytes) -> Reply:
        assert bench
        return bench.take(url, headers, body)

    stand_in = StripeStandIn(clock, take, Random(1), how)
    stand_in.webhook_url, stand_in.least = NOTIFY, 1
    transport = Counting(InProcess(stand_in, Random(2), how))

    def build() -> Stripe:
        return Stripe(msgspec.convert(stand_in.settings(), StripeSettings), transport, NOTIFY, clock)

    provider = build()

    def pay(bill: Bill, handle: Mapping[str, str]) -> bool:
        url = urlsplit(provider.offer(bill, handle, clock()).get("url", ""))
        opened = stand_in.answer(Request("GET", url.path, url.query, {}, b""))
        return opened.status == 200 and stand_in.pay(url.path.rpartition("/")[2])

    bench = Bench(provider, stand_in, clock, transport, pay, build)
    return bench


BENCHES: dict[str, Callable[[Misbehaviour], Bench]] = {"alipay": alipay, "wechat": wechat, "stripe": stripe}
