"""Paying orders: attempts by the providers of a shop, and what the providers tell of them.

An attempt is written before its provider is asked, and a provider that is away costs no order: it stays payable until
`pay_by`, by any way.
"""

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.conflicts import TRIES, Exists, Stale, retrying
from chalicelib.domain.errors import (
    Busy,
    Fault,
    Invalid,
    NotFound,
    PaymentAway,
    PaymentElsewhere,
    Unauthorized,
    WrongState,
)
from chalicelib.domain.orders.events import (
    AttemptBegun,
    AttemptEnded,
    AttemptReady,
    Disputed,
    Event,
    Paid,
    RefundTold,
)
from chalicelib.domain.orders.model import Order, RefundState, State
from chalicelib.domain.payments.attempts import Attempt, Channel, named
from chalicelib.domain.payments.news import CURRENCY, Closed, Dispute, Money, News, RefundNews
from chalicelib.domain.payments.strays import Event as StrayEvent
from chalicelib.domain.payments.strays import ReturnTold, Stray, decide, stray
from chalicelib.payments.port import Away, Begun, Bill, Declined, KnowsPayer, Payer, Provider, Reclaim, Renewable
from chalicelib.services.orders import Orders
from chalicelib.services.payments.channels import Method, Surroundings, choose, offered
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

log = logging.getLogger("cunbo")

TITLE = 40
"""Characters of a bill's title: what payers' apps show of it."""
OWN_KEY = re.compile(r"([0-9]{20})-[0-9]+", re.ASCII)
STRAY_KEY = "stray-"
"""Keys of refunds: of an order's, by its number, and of money that fits nowhere."""
REST = timedelta(seconds=50)
MOST_ATTEMPTS = 30
"""Attempts of one order: each stays in it for good, and a reference has room for three digits."""
PAUSE = 5
"""Seconds between two questions of pages to a provider about one order."""


class NotYet(Exception):
    """The provider does not close the payment yet."""


class Payments:
    """The payment providers of a shop, by name, and all that is asked of them and told by them."""

    def __init__(self, stage: Stage, store: Store, orders: Orders, providers: Mapping[str, Provider]) -> None:
        self.stage, self.store, self.orders, self.providers = stage, store, orders, providers
        self.resting: dict[str, datetime] = {}

    def provider(self, name: str) -> Provider:
        """Return the provider of this name; raise NotFound."""
        if name not in self.providers:
            raise NotFound(f"there is no payment provider {name} here")
        return self.providers[name]

    def read(self, name: str, headers: Mapping[str, str], body: bytes) -> Sequence[News]:
        """Return the news in a raw body; raise NotFound, Unauthorized, Malformed, Away.

        News that the keys at hand do not open may be signed by a new one: then the settings are read again first.
        """
        now = self.stage.clock()
        try:
            return self.provider(name).read(headers, body, now)
        except Unauthorized:
            if not (isinstance(self.providers, Renewable) and self.providers.renew(name)):
                raise
            return self.provider(name).read(headers, body, now)

    # ---- What buyers ask ----

    def offered(self, where: Surroundings) -> list[Method]:
        """Return the methods of this shop, and why one does not work where the page is open. It asks no provider.

        One whose settings cannot be read is left out: a buyer pays by the others.
        """
        have = {}
        for name in self.providers:
            try:
                have[name] = self.providers[name].channels
            except Exception as error:
                log.error("%s: its settings cannot be read: %s", name, type(error).__name__)
        return offered(have, where)

    def begin(self, order: Order, token: str, method: str, payer: Payer, where: Surroundings) -> dict[str, str]:
        """Begin to pay, or go on with what was begun; return what the browser does next.

        Raise Invalid for a method that the shop has not, PaymentElsewhere for one that does not work where the page is
        open, WrongState where there is nothing to pay, PaymentAway, Busy.
        """
        if method not in self.providers:
            raise Invalid([Fault("/method", f"one of: {', '.join(sorted(self.providers)) or 'none is set up'}")])
        if order.state is not State.AWAITING_PAYMENT or self.stage.clock() >= order.pay_by:
            raise _nothing_to_pay(order)
        provider = self.providers[method]
        channel = choose(method, provider.channels, where)
        if not isinstance(channel, Channel):
            raise PaymentElsewhere(channel)
        if channel is Channel.SANDBOX:
            return self._offered(method, self.bill(order, token=token))
        if channel is Channel.WECHAT_JSAPI and not payer.openid:
            return self._ask_who(provider, order)
        order, attempt = self._attempt(order, channel, payer)
        if attempt.until is None or attempt.until <= self.stage.clock():
            begun = self._ask(provider, order, attempt, payer)
            attempt = msgspec.structs.replace(attempt, handle=begun.handle, until=begun.until)
        return self._offered(method, self.bill(order, attempt), attempt.handle)

    def openid(self, code: str) -> str:
        """Return who pays inside WeChat, by the code that it gave their browser; raise Invalid, PaymentAway."""
        provider = self.providers.get("wechat")
        try:
            if isinstance(provider, KnowsPayer):
                return provider.openid(code)
        except Away:
            raise PaymentAway("WeChat does not answer: try again, or pay in another way") from None
        except Declined:
            pass  # codes are good once, for five minutes: the page asks for another
        raise Invalid([Fault("/code", "a code of WeChat that was not used before")])

    def _ask_who(self, provider: Provider, order: Order) -> dict[str, str]:
        """WeChat tells a shop who pays only by a way over its own page, which comes back with a code."""
        assert isinstance(provider, KnowsPayer), "this channel is WeChat's"  # noqa: S101 - for the type checker
        url = provider.authorize_url(f"{self.bill(order).back}&method=wechat", "pay")
        return {"action": "redirect", "url": url, "method": "wechat"}

    def offer(self, order: Order, token: str) -> dict[str, str]:
        """Return what the browser can go on with, without asking anybody; {"action": "none"} where there is nothing."""
        if order.state is State.AWAITING_PAYMENT:
            now = self.stage.clock()
            if "sandbox" in self.providers and order.provider == "sandbox" and not order.attempts:
                return self._offered("sandbox", self.bill(order, token=token))
            attempt = next((one for one in reversed(order.open_attempts) if one.until and one.until > now), None)
            if attempt and attempt.channel.provider in self.providers:
                return self._offered(attempt.channel.provider, self.bill(order, attempt), attempt.handle)
        return {"action": "none"}

    def _offered(self, method: str, bill: Bill, handle: Mapping[str, str] | None = None) -> dict[str, str]:
        """What the provider offers, with the method that it is of, so that a page can show which was begun."""
        return {**self.providers[method].offer(bill, handle or {}, self.stage.clock()), "method": method}

    def check(self, order: Order) -> Order:
        """Ask the providers of open attempts whether money has come, as when their payer comes back; return the order.

        Once in PAUSE seconds an order, however many pages ask. A provider that is away changes nothing.
        """
        now = self.stage.clock()
        turn = f"pay-{order.number}-{int(now.timestamp()) // PAUSE}"
        if not order.open_attempts or not self.store.limits.may_ask(turn, now, 1):
            return order
        for attempt in order.open_attempts:
            self.settle(order, attempt)
        return self.orders.load(order.number)

    def settle(self, order: Order, attempt: Attempt) -> bool:
        """Ask how an attempt stands and enter it; return whether the provider said.

        A provider that did not answer is not asked again for REST: a sweep of many orders must not wait for each.
        """
        name, now = attempt.channel.provider, self.stage.clock()
        if now < self.resting.get(name, now):
            return False
        try:
            news = self.provider(name).query(self.bill(order, attempt))
        except (Away, Declined, NotFound) as error:
            log.warning("%s: %s does not say how it stands: %s", order.number, attempt.channel, error)
            if isinstance(error, Away):
                self.resting[name] = now + REST
            return False
        if news:
            self.hear(name, [news])
        return True

    def bill(self, order: Order, attempt: Attempt | None = None, token: str = "") -> Bill:
        """Return what is to be paid: by an attempt, or under the order's own number, as the sandbox knows it."""
        url = f"{self.stage.settings.shop_url}{'' if order.lang == 'zh' else f'/{order.lang}'}"
        return Bill(
            reference=attempt.reference(order.number) if attempt else order.number,
            channel=attempt.channel if attempt else Channel.SANDBOX,
            amount=order.total,
            title=_title(order),
            expires=attempt.expires if attempt else order.pay_by,
            back=f"{url}/order/?paid={order.number}",
            lang=order.lang,
            token=token,
            handle=attempt.handle if attempt else {},
        )

    def _attempt(self, order: Order, channel: Channel, payer: Payer) -> tuple[Order, Attempt]:
        """The open attempt by this channel, unless it is another payer's; else a new one, written with the order."""
        for _ in range(TRIES):
            mine = (one for one in order.open_attempts if one.handle.get("payer", payer.name) == payer.name)
            if found := next((one for one in mine if one.channel is channel), None):
                return order, found
            if order.state is not State.AWAITING_PAYMENT:
                raise _nothing_to_pay(order)
            if len(order.attempts) >= MOST_ATTEMPTS:
                raise WrongState("this order was begun to be paid too often: go on with what was begun last")
            now = self.stage.clock().replace(microsecond=0)
            begun = Attempt(len(order.attempts) + 1, channel, now, order.pay_by)
            order = self.orders.apply(order.number, AttemptBegun(begun))
        raise Busy("others pay this order at the same time: ask again")

    def _ask(self, provider: Provider, order: Order, attempt: Attempt, payer: Payer) -> Begun:
        """What the provider gives to go on with, kept with the order; raises PaymentAway."""
        try:
            begun = provider.begin(self.bill(order, attempt), payer)
        except Away as away:
            log.warning("%s: %s does not answer: %s", order.number, attempt.channel, away)
            raise PaymentAway("the payment provider does not answer: try again, or pay in another way") from None
        except Declined as declined:
            log.error("%s: %s declines: %s", order.number, attempt.channel, declined.code)
            if self.settle(order, attempt):  # it may have been paid meanwhile; else it is of no more use
                self.orders.apply(order.number, AttemptEnded(attempt.n))
            raise PaymentAway("the payment provider does not take this payment: pay in another way") from None
        self.orders.apply(order.number, AttemptReady(attempt.n, begun.handle, begun.until))
        return begun

    # ---- What jobs do ----

    def end_hold(self, order: Order) -> None:
        """End an order's hold, once its providers have said that nobody has paid; raise Stale, Busy.

        A provider that is away keeps no units from others: what has been paid after all is a late payment.
        """
        for attempt in order.open_attempts:
            self.settle(order, attempt)
        self.orders.end_hold(order)

    def close(self, order: Order, n: int) -> None:
        """Take no more payment by an attempt (0: for the order); what has come all the same is booked or goes back.

        Raise Away, Declined, NotFound, NotYet where the provider does not close it yet.
        """
        attempt = next((one for one in order.attempts if one.n == n), None)
        name = attempt.channel.provider if attempt else order.provider
        if name not in self.providers:
            return
        news = self.provider(name).close(self.bill(order, attempt), attempt.handle if attempt else {})
        if news is None:
            raise NotYet
        self.hear(name, [news])

    def pay_back(self, order: Order, key: str, again: bool) -> RefundTold:
        """Ask for a refund of the order, or how it goes where it was asked for; return what the provider says.

        `again`: it may have been asked for before, so the provider is asked for that first: some forget the key after a
        day. Raise Away, Declined, NotFound.
        """
        refund = next(one for one in order.refunds if one.key == key)
        attempt, name = order.attempt_of(refund.reference), order.provider_of(refund)
        own = attempt.channel if attempt and attempt.channel.provider == name else None
        reclaim = Reclaim(
            key=key,
            reference=refund.reference or order.number,
            payment=refund.payment,
            channel=own or self.provider(name).channels[0],
            amount=refund.amount,
            total=refund.paid or order.total,
        )
        news = self._reclaim(name, reclaim, again or refund.state is RefundState.ASKED)
        return RefundTold(key, RefundState(news.progress), refund.payment, refund.amount, news.refund)

    def pay_back_stray(self, stray: Stray) -> ReturnTold:
        """Ask for the refund of money that fits nowhere, as `pay_back` does where it may have been asked for before."""
        provider = self.provider(stray.provider)
        reclaim = Reclaim(
            key=stray.key,
            reference=stray.reference,
            payment=stray.payment,
            channel=provider.channels[0],
            amount=stray.amount,
            total=stray.amount,
            currency=stray.currency,
        )
        return ReturnTold(stray.key, self._reclaim(stray.provider, reclaim, asked=True).progress)

    def book_stray(self, stray: Stray) -> None:
        """Put stray money to the order that a person has found for it, by the one rule of what money means; once.

        Raise NotFound, Busy.
        """
        event = f"stray-{stray.number}"
        self.orders.apply(
            stray.order, Paid(event, stray.payment, stray.amount, provider=stray.provider, reference=stray.reference)
        )

    def _reclaim(self, name: str, reclaim: Reclaim, asked: bool) -> RefundNews:
        provider = self.provider(name)
        return (provider.query_refund(reclaim) if asked else None) or provider.refund(reclaim)

    # ---- What providers tell ----

    def hear(self, provider: str, news: Iterable[News]) -> None:
        """Enter what a provider tells; the same news twice does nothing more. Raise Busy.

        What is about no order of ours is kept where it is money, and else means nothing.
        """
        for one in news:
            match one:
                case Money():
                    self._money(provider, one)
                case Closed(reference=reference):
                    self._told(reference, lambda n: AttemptEnded(n))
                case RefundNews():
                    self._refund(one)
                case Dispute():
                    self._dispute(one)

    def _money(self, provider: str, money: Money) -> None:
        if money.amount <= 0 or not money.payment:
            log.error("%s: news of a payment that is none: %s %s", provider, money.amount, money.currency)
            return
        known = named(money.reference)
        if known and money.currency == CURRENCY:
            paid = Paid(money.event, money.payment, money.amount, provider=provider)
            if known[1]:
                paid = msgspec.structs.replace(paid, reference=money.reference)
            if self.store.orders.book(known[0], paid, self.stage.clock()):
                return
            try:
                self.orders.apply(known[0], paid)
            except NotFound:
                pass
            else:
                return
        found = stray(provider, money, self.stage.clock())
        log.error("%s: money that fits nowhere: %s %s", provider, money.amount, money.currency)
        with suppress(Exists, Stale):  # it was told before
            self.store.commit(Transaction().create(found))

    def _dispute(self, news: Dispute) -> None:
        log.error("%s: the buyer's bank claims %s: %s", news.reference, news.amount, news.state)
        self._told(news.reference, lambda _: Disputed(news.dispute, news.amount, news.state, news.reason))

    def _refund(self, news: RefundNews) -> None:
        if news.key.startswith(STRAY_KEY):
            number = news.key.removeprefix(STRAY_KEY).partition("-")[0]
            with suppress(NotFound):  # it is of another stage that has the same account
                self.stray_told(number, ReturnTold(news.key, news.progress))
            return
        ours = OWN_KEY.fullmatch(news.key)
        number = ours[1] if ours else (named(news.reference) or ("", 0))[0]
        key = news.key or f"console-{news.refund}"
        told = RefundTold(key, RefundState(news.progress), news.payment, news.amount, news.refund, news.so_far)
        if number:
            self._told(number, lambda _: told)

    def stray_told(self, number: str, event: StrayEvent) -> Stray:
        """Put an event to money that fits nowhere, again while others change it; raise NotFound, Busy."""

        def attempt() -> Stray | None:
            found = self.store.strays.load(number)
            if found is None:
                raise NotFound("there is no such money")
            after = decide(found, event, self.stage.clock())
            with suppress(Stale):
                if after is not found:
                    self.store.commit(Transaction().save(found, after))
                return after
            return None

        return retrying(TRIES, "others change this at the same time: ask again", attempt)

    def _told(self, reference: str, event: Callable[[int], Event]) -> None:
        """Put to the order what its reference is about, where it is one of ours."""
        if known := named(reference):
            with suppress(NotFound):
                self.orders.apply(known[0], event(known[1]))


def _nothing_to_pay(order: Order) -> WrongState:
    return WrongState(f"an order that is {order.state} is not to be paid any more")


def _title(order: Order) -> str:
    """The goods in the buyer's words, cut where payers' apps cut it; without what Alipay refuses (`/=&`)."""
    title = ("、" if order.lang == "zh" else ", ").join(line.name or line.sku for line in order.lines)
    return re.sub(r"[/=&]", " ", title)[:TITLE]
