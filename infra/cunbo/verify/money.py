"""Money: what was paid is an order's, or goes back, once, whatever is doubled, late, lost or cut off.

One order, one provider with two channels. The provider is the world outside: it takes money by an attempt that was
begun and not closed, keeps its own books, may lose an answer, and tells its news at any time, again, and out of order.
**To add what a provider may tell, add an act to `_news`, and when it can be told to `may`.**
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

import msgspec
from chalicelib.bootstrap import Services
from chalicelib.domain.orders.events import RefundAsked
from chalicelib.domain.orders.model import GRACE, Order, Refund, RefundReason, RefundState, State
from chalicelib.domain.payments.attempts import Channel
from chalicelib.domain.payments.news import Closed, Money, News, Progress, RefundNews
from chalicelib.jobs.workers import workers
from chalicelib.payments.port import Away, Begun, Bill, Declined, Payer, Reclaim, Reply
from chalicelib.services.payments.channels import Surroundings

from cunbo.verify.process import OUTSIDE, Tap, TapAnswer
from cunbo.verify.shop import HOLD, NOON, SKU, TODAY, Call, Instant, ShopModel, ShopState, idempotency_key

BANK = "alipay"
TOTAL = 100
AGAIN = 1
"""How often in a row a provider is asked again, needlessly, how a refund goes."""


class Returned(msgspec.Struct, frozen=True):
    """A refund in the provider's own books."""

    key: str
    payment: str
    amount: int
    progress: Progress = Progress.ASKED


class Bank(msgspec.Struct, frozen=True):
    """The provider's own books: attempts by their number, what was paid by which, and what went back.

    `losses` is how many more answers it may lose, `fault` what it was asked that it must never be.
    """

    opened: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    paid: tuple[int, ...] = ()
    refunds: tuple[Returned, ...] = ()
    losses: int = 0
    fault: str = ""

    def refund(self, key: str) -> Returned | None:
        """Return the refund of this key, if it was asked for."""
        return next((one for one in self.refunds if one.key == key), None)


class Purchase(msgspec.Struct, frozen=True):
    """An instance of the model: how many `losses` of answers there may be, and which acts are left out.

    `parts` are what the village gives back of the order, each asked for under its own request.
    """

    losses: int = 0
    parts: tuple[int, ...] = ()
    without: tuple[str, ...] = ()


class MoneyModel(ShopModel):
    """Money, as an instance of it is paid."""

    name = "money"
    instants: ClassVar = (
        Instant(NOON, "noon"),
        Instant(NOON + HOLD + GRACE + timedelta(seconds=1), "the hold has ended"),
    )

    def __init__(self, purchase: Purchase, most: int = 2, off: Collection[str] = ()) -> None:
        super().__init__(most, off)
        self.purchase = purchase
        self.mine = self.number(0)
        self.needs: dict[str, Callable[[Order, Bank], bool]] = {}
        acts: dict[str, tuple[Callable[[Services], object], Callable[[Order, Bank], bool]]] = {
            "buyer opens the payment on a phone": (partial(self._begin, phone=True), _is_new),
            "buyer opens it on a desktop": (partial(self._begin, phone=False), _is_new),
            "buyer cancels": (lambda services: services.orders.cancel(self.mine, self.token(0)), _is_alive),
            "sweep ends the hold": (self._end_hold, lambda order, _: order.state is State.AWAITING_PAYMENT),
            "outbox does what is to be done": (self._perform, _has_work),
            **self._news(),
        }
        for index, part in enumerate(purchase.parts):
            acts[f"village gives back {part} fen, request {index + 1}"] = (
                partial(self._give_back, part=part, request=f"{index}"),
                lambda order, _: order.state is State.PAID,
            )
        for name, (act, needed) in acts.items():
            if name not in purchase.without:
                self.acts[name], self.needs[name] = act, needed
        self.duties = {name for name in self.acts if name.startswith(("sweep", "outbox", "news"))}

    def _news(self) -> dict[str, tuple[Callable[[Services], object], Callable[[Order, Bank], bool]]]:
        """What the provider tells, and when it can have happened."""
        acts: dict[str, tuple[Callable[[Services], object], Callable[[Order, Bank], bool]]] = {}
        for n in (1, 2):
            acts[f"news: attempt {n} is paid"] = (
                partial(_hear, news=self.money(n)),
                lambda _, bank, n=n: n in bank.paid,  # type: ignore[misc]
            )
            acts[f"news: attempt {n} is closed"] = (
                partial(_hear, news=self._closed(n)),
                lambda _, bank, n=n: n in bank.closed,  # type: ignore[misc]
            )
        for index in (1, 2):
            key = f"{self.mine}-{index}"
            for progress in (Progress.ASKED, Progress.DONE):
                acts[f"news: refund {index} is {progress}"] = (
                    partial(self._hear_refund, key=key, progress=progress),
                    partial(_is_news, key=key, progress=progress),
                )
        return acts

    # ---- What providers and the shop call things ----

    def money(self, n: int) -> Money:
        """Return the news that attempt `n` was paid."""
        return Money(
            event=f"paid-{n}", reference=f"{self.mine}_{n}", payment=f"payment-{n}", amount=TOTAL, currency="CNY"
        )

    def _closed(self, n: int) -> Closed:
        return Closed(event=f"closed-{n}", reference=f"{self.mine}_{n}")

    # ---- Acts ----

    def _begin(self, services: Services, phone: bool) -> None:
        order = services.orders.load(self.mine)
        services.payments.begin(order, self.token(0), BANK, Payer(), Surroundings(phone=phone))

    def _end_hold(self, services: Services) -> None:
        services.payments.end_hold(services.orders.load(self.mine))

    def _perform(self, services: Services) -> None:
        workers(services, None).outbox.perform("order", self.mine)

    def _give_back(self, services: Services, part: int, request: str) -> None:
        order, now = services.orders.load(self.mine), services.stage.clock()
        back = Refund(
            "", order.payment or "", part, now, reason=RefundReason.SELLER, reference=order.reference, request=request
        )
        services.orders.apply(self.mine, RefundAsked(back))

    def _hear_refund(self, services: Services, key: str, progress: Progress) -> None:
        refund = next((one for one in services.orders.load(self.mine).refunds if one.key == key), None)
        amount, payment = (refund.amount, refund.payment) if refund else (TOTAL, "")
        news = RefundNews(event=f"{key}-{progress}", key=key, amount=amount, progress=progress, payment=payment)
        services.payments.hear(BANK, [news])

    # ---- What there is, and what may happen ----

    def prepare(self, services: Services) -> None:
        """Make the batch, and place the order."""
        services.store.stock.declare(SKU, TODAY, None, cap=1, shards=1)
        services.store.stock.settle(SKU, TODAY)
        command = msgspec.structs.replace(self.order(0, 1), payment=BANK)
        services.checkout.place(command, idempotency_key(0))

    def world(self) -> Bank:
        """Return the provider's books before anything has happened."""
        return Bank(losses=self.purchase.losses)

    def may(self, state: ShopState, name: str) -> bool:
        """Return whether an act may begin."""
        return self.needs[name](self._order(state), state.world)

    def events(self, state: ShopState) -> Iterator[tuple[str, ShopState]]:
        """The buyer pays by an attempt that is open."""
        bank: Bank = state.world
        for n in bank.opened:
            if n not in bank.paid:
                after = msgspec.structs.replace(bank, paid=(*bank.paid, n))
                yield f"buyer pays by attempt {n}", msgspec.structs.replace(state, world=after)

    def arrivals(self, state: ShopState) -> Iterator[tuple[str, ShopState]]:
        """A refund that was asked for is done."""
        bank: Bank = state.world
        for refund in bank.refunds:
            if refund.progress is Progress.ASKED:
                done = msgspec.structs.replace(refund, progress=Progress.DONE)
                refunds = tuple(done if one is refund else one for one in bank.refunds)
                after = msgspec.structs.replace(bank, refunds=refunds)
                yield f"the refund {refund.key[-1]} arrives", msgspec.structs.replace(state, world=after)

    def providers(self, tap: Tap) -> Mapping[str, Any]:
        """Return the provider as the shop sees it."""
        return {BANK: BankPort(tap)}

    def answers(self, state: ShopState, request: Call) -> Iterator[tuple[str, Any, TapAnswer]]:
        """The provider does what it is asked, and answers; or its answer is lost, as long as one may be."""
        bank: Bank = state.world
        after, found = self._asked(bank, request)
        what = request["what"]
        yield f"asks the provider to {what}", after, TapAnswer(state.now, found)
        if bank.losses:
            lost = msgspec.structs.replace(after, losses=bank.losses - 1)
            yield f"asks the provider to {what}, whose answer is lost", lost, TapAnswer(state.now, {"away": True})

    def _asked(self, bank: Bank, request: Call) -> tuple[Bank, dict[str, Any]]:
        n, key = request.get("n", 0), request.get("key", "")
        match request["what"]:
            case "begin":
                opened = bank.opened if n in bank.opened or n in bank.closed else (*bank.opened, n)
                return msgspec.structs.replace(bank, opened=opened), {}
            case "query":
                return bank, {"paid": n in bank.paid, "closed": n in bank.closed}
            case "close" if n in bank.paid:
                return bank, {"paid": True}
            case "close":
                opened = tuple(one for one in bank.opened if one != n)
                closed = tuple(sorted({*bank.closed, n}))
                return msgspec.structs.replace(bank, opened=opened, closed=closed), {"closed": True}
            case "query_refund":
                refund = bank.refund(key)
                return bank, {"progress": refund.progress if refund else None}
        refund = bank.refund(key)
        if refund:
            return bank, {"progress": refund.progress}
        new = Returned(key, request["payment"], request["amount"])
        bank = msgspec.structs.replace(bank, refunds=(*bank.refunds, new))
        if sum(one.amount for one in bank.refunds if one.payment == new.payment) > TOTAL:
            bank = msgspec.structs.replace(bank, fault=f"more is asked back of {new.payment} than was paid")
        return bank, {"progress": new.progress}

    # ---- What must hold ----

    def _order(self, state: ShopState) -> Order:
        return self.books(state).orders[self.mine]

    def wrong_outside(self, state: ShopState) -> str | None:
        """The provider's books and the shop's never contradict each other."""
        bank, order = state.world, self._order(state)
        if bank.fault:
            return str(bank.fault)
        ours = {one.key: one for one in order.refunds}
        for refund in bank.refunds:
            if refund.key not in ours or ours[refund.key].amount != refund.amount:
                return f"the provider has given back {refund.amount} of {refund.payment}, which no refund of ours says"
            if order.state is State.PAID and refund.payment == order.payment and not ours[refund.key].request:
                return f"{refund.payment} pays the order, and went back"
        for key, one in ours.items():
            there = bank.refund(key)
            if one.state is RefundState.DONE and not (there and there.progress is Progress.DONE):
                return f"the refund {key[-1]} is told as done, and is not"
        for n in (*bank.opened, *bank.closed):
            if n > len(order.attempts):
                return f"the provider knows attempt {n}, which no order has"
        if order.payment and order.payment not in {f"payment-{n}" for n in bank.paid}:
            return f"the order is paid by {order.payment}, which nobody has paid"
        return None

    def wrong_by(self, before: ShopState, words: str, after: ShopState) -> str | None:
        """What pays an order stays; what was to go back goes back."""
        old, new = self._order(before), self._order(after)
        if old.payment and new.payment != old.payment:
            return f"the order was paid by {old.payment}, and is now by {new.payment}"
        if len(new.refunds) < len(old.refunds):
            return "a refund is forgotten"
        return None

    def unfinished(self, state: ShopState) -> str | None:
        """In the end each payment is the order's, or went back in full; nothing is left to do, or open to be paid."""
        bank, order = state.world, self._order(state)
        if order.state is State.AWAITING_PAYMENT or order.outbox:
            return f"the order is {order.state}, with {len(order.outbox)} things to be done"
        if bank.opened and any(n not in bank.paid for n in bank.opened):
            return "an attempt can be paid for ever"
        for n in bank.paid:
            back = sum(one.amount for one in bank.refunds if one.payment == f"payment-{n}")
            kept = order.state is State.PAID and order.payment == f"payment-{n}"
            if back != TOTAL and not kept:
                return f"of payment {n} {back} of {TOTAL} fen went back, and it is not what pays the order"
        return self.books(state).unsettled(TODAY)


class BankPort:
    """The provider's port: each method asks the world outside."""

    channels = (Channel.ALIPAY_WAP, Channel.ALIPAY_PAGE)
    heard = Reply(200, {}, b"")

    def __init__(self, tap: Tap) -> None:
        self.tap = tap

    def begin(self, bill: Bill, payer: Payer) -> Begun:
        """Have the provider open an attempt."""
        self._ask("begin", bill)
        return Begun({"page": bill.reference}, bill.expires)

    def offer(self, bill: Bill, handle: Mapping[str, str], now: object) -> dict[str, str]:
        """Return where the buyer goes."""
        return {"action": "redirect", "url": bill.reference}

    def query(self, bill: Bill) -> Money | Closed | None:
        """Ask how an attempt stands."""
        return self._news(bill, self._ask("query", bill))

    def close(self, bill: Bill, handle: Mapping[str, str]) -> Money | Closed | None:
        """Have the provider close an attempt."""
        return self._news(bill, self._ask("close", bill))

    def refund(self, reclaim: Reclaim) -> RefundNews:
        """Ask for money to go back."""
        found = self._say({"what": "refund", "key": reclaim.key, "payment": reclaim.payment, "amount": reclaim.amount})
        return self._refund_news(reclaim, found["progress"])

    def query_refund(self, reclaim: Reclaim) -> RefundNews | None:
        """Ask how a refund goes."""
        found = self._say({"what": "query_refund", "key": reclaim.key})
        return self._refund_news(reclaim, found["progress"]) if found["progress"] else None

    def _ask(self, what: str, bill: Bill) -> dict[str, Any]:
        return self._say({"what": what, "n": _n(bill)})

    def _say(self, request: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.tap.ask(OUTSIDE, request)
        if found.get("away"):
            raise Away("no answer")
        if found.get("declined"):
            raise Declined(found["declined"])
        return found

    def _news(self, bill: Bill, found: Mapping[str, Any]) -> Money | Closed | None:
        n, reference = _n(bill), bill.reference
        if found.get("paid"):
            return Money(event=f"asked-{n}", reference=reference, payment=f"payment-{n}", amount=TOTAL, currency="CNY")
        return Closed(event=f"closed-{n}", reference=reference) if found.get("closed") else None

    def _refund_news(self, reclaim: Reclaim, progress: Progress) -> RefundNews:
        return RefundNews(event="asked", key=reclaim.key, amount=reclaim.amount, progress=Progress(progress))


def _hear(services: Services, news: News) -> None:
    services.payments.hear(BANK, [news])


def _n(bill: Bill) -> int:
    return int(bill.reference.partition("_")[2] or 0)


def _is_new(order: Order, bank: Bank) -> bool:
    return order.state is State.AWAITING_PAYMENT and len(order.attempts) < 2


def _is_alive(order: Order, bank: Bank) -> bool:
    return order.state in (State.AWAITING_PAYMENT, State.PAID)


def _has_work(order: Order, bank: Bank) -> bool:
    """Return whether more can come of the outbox than asking again how a refund goes that still goes on.

    It may be asked again beside other work, after a crash, but not for ever.
    """
    goes_on = [
        one.key for one in order.refunds if one.state is RefundState.ASKED and _progress(bank, one) is Progress.ASKED
    ]
    if goes_on and order.failures > AGAIN:
        return False
    return any(intent.key not in goes_on for intent in order.outbox)


def _progress(bank: Bank, refund: Refund) -> Progress | None:
    there = bank.refund(refund.key)
    return there.progress if there else None


def _is_news(order: Order, bank: Bank, key: str, progress: Progress) -> bool:
    """Return whether the provider may tell this of a refund: it has been so, and comes late or again.

    That it is asked for, while we know just that, puts off when we ask again, each time, and is left out.
    """
    there, ours = bank.refund(key), next((one for one in order.refunds if one.key == key), None)
    if there is None or progress not in (Progress.ASKED, there.progress):
        return False
    return progress is not Progress.ASKED or ours is None or ours.state is not RefundState.ASKED
