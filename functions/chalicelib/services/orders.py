"""Orders that exist: shown to their buyers, cancelled, found again, and changed by what happens to them."""

import secrets
from datetime import date, datetime

import msgspec

from chalicelib.domain import contact
from chalicelib.domain.asker import Asker
from chalicelib.domain.commands import AnswerQuestion, FindOrder
from chalicelib.domain.conflicts import TRIES, Limited, Short, Stale, Waited, retrying
from chalicelib.domain.errors import Fault, Invalid, NoSms, NotFound, TooOften, TooScattered, Unauthorized, WrongState
from chalicelib.domain.keys import NUMBER
from chalicelib.domain.orders.events import BuyerCancels, Event, HoldEnded, LinkAsked, Paid, QuestionAnswered
from chalicelib.domain.orders.model import FOUND_FOR, Order, OrderLine, RefundReason, State, scope
from chalicelib.domain.orders.questions import Choice
from chalicelib.domain.orders.search import Search, begun
from chalicelib.domain.orders.transitions import decide
from chalicelib.services.allocation import Allocation, Bounds, Stock, Unavailable
from chalicelib.services.stage import Stage
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

MOST_FINDS = 3
"""How often in an hour one asker looks for orders of one phone number, or mailbox."""
MOST_FOUND = 3
"""Links that one search sends: to the latest orders, those that were paid first, since strangers pay for none."""
MOST_BARRED = 8
"""Batches in which a late payment meets its buyer's limit before it goes back: each of them costs a try."""


class Orders:
    """The orders of a shop."""

    def __init__(self, stage: Stage, store: Store, stock: Stock, waitlist: Waitlist) -> None:
        self.stage, self.store, self.stock, self.waitlist = stage, store, stock, waitlist
        self.keys, self.clock = stage.keys, stage.clock

    def get(self, number: str, token: str) -> Order:
        """Return the order that the token opens; raise Unauthorized, NotFound."""
        if not NUMBER.fullmatch(number) or not self.keys.opens(number, token):
            raise Unauthorized("this order needs its own token: open it by the link that was given at checkout")
        return self.load(number)

    def load(self, number: str) -> Order:
        """Return the order of this number; raise NotFound."""
        order = self.store.orders.load(number) if NUMBER.fullmatch(number) else None
        if order is None:
            raise NotFound("there is no order of this number")
        return order

    def cancel(self, number: str, token: str) -> Order:
        """Cancel for the buyer, once however often it is asked; return the order as it is then.

        Raise Unauthorized, NotFound, WrongState where its state does not allow it, Busy.
        """
        self.get(number, token)
        after = self.apply(number, BuyerCancels())
        if not any(entry.event is State.CANCELLED for entry in after.history):
            raise WrongState(f"an order that is {after.state} cannot be cancelled")
        return after

    def answer(self, number: str, token: str, asked: AnswerQuestion) -> Order:
        """Do what the buyer chooses where the village cannot keep its promise; the same again changes nothing.

        Raise Unauthorized, NotFound, Invalid for what is not offered, WrongState where it was answered otherwise, where
        its time is over, or where the order has changed since; Busy.
        """
        before, choice = self.get(number, token), Choice(asked.choice)
        if asked.question >= len(before.questions):
            raise NotFound("the order has no such question")
        question = before.questions[asked.question]
        if choice is Choice.LATER and not question.later:
            raise Invalid([Fault("/choice", "no later day is offered: a part, or the money back")])
        if choice is Choice.PART and not 0 < asked.keep < question.most_kept + 1:
            raise Invalid([Fault("/keep", "more than none, and fewer than all of those that are asked about")])
        after = self.apply(number, QuestionAnswered(asked.question, choice, asked.keep))
        if after.questions[asked.question].choice is not choice:
            raise WrongState("the question was answered otherwise, its time is over, or the order has changed since")
        return after

    def find(self, asked: FindOrder, asker: Asker) -> None:
        """Have somebody look for lost orders, whose buyer then gets their links; raise NoSms, TooOften, Busy.

        They go to the number or mailbox that is asked about, so whoever only knows it learns nothing; neither the
        answer nor its time tells whether there is one. What others ask for with the same number bars nobody.
        """
        now, phone, owner = self.clock(), contact.is_phone(asked.contact), contact.owner(asked.contact)
        if phone and self.stage.settings.sms_by and self.store.limits.sms_ended(self.stage.today):
            raise NoSms("this shop has sent as many text messages as it does in a day")
        who = asker.pseudonym(self.keys, self.stage.today, "asked", owner)
        if not self.store.limits.may_ask(who, now, MOST_FINDS):
            raise TooOften(now)
        search = Search(
            number=f"{secrets.randbelow(10**20):020}",
            lookups=tuple(self.keys.pseudonyms("find", owner)),
            asked=now,
            phone=phone,
        )
        self.store.commit(Transaction().create(begun(search)))

    def send_links(self, search: Search) -> None:
        """Have the links of the latest orders that the search finds sent to their buyer; raise Busy.

        By the phone of an order they go to that phone, or where the stage sends no text messages to its mailbox.
        """
        numbers = {number for lookup in search.lookups for number in self.store.orders.find(lookup, search.phone)}
        found = [order for order in map(self.store.orders.load, sorted(numbers)) if order]
        if search.phone:
            found = [order for order in found if order.placed > search.asked - FOUND_FOR]
        found.sort(key=lambda order: (order.payment is not None, order.placed), reverse=True)
        by_phone = search.phone and bool(self.stage.settings.sms_by)
        for order in found[:MOST_FOUND]:
            self.apply(order.number, LinkAsked(sms=by_phone and order.ship_to.textable))

    def end_hold(self, order: Order) -> None:
        """Give an unpaid order's units back, if its hold has ended; raise Stale where it is not as it was read."""
        after = decide(order, HoldEnded(), self.clock())
        if after is not order:
            self.waitlist.try_to_serve(self.store.commit(Transaction().save(order, after)))

    def apply(self, number: str, event: Event, provider: str | None = None) -> Order:
        """Put the event to the order as it is now, again while others change it at the same time.

        Raise NotFound where there is no such order, or where `provider` is not the one that it is paid by; Busy.
        """
        search = UnitsAgain({number})

        def attempt() -> Order | None:
            order = self.load(number)
            if provider and order.provider != provider:
                raise NotFound(f"{provider} has no payment for the order {number}")
            news, allocation, late = event, Allocation(()), False
            if isinstance(event, Paid) and order.state is State.EXPIRED:
                late = True
                news, allocation = self._with_allocation(order, event, search)
            after = decide(order, news, self.clock())
            if after is order:
                return order
            try:
                # Limits hold for who takes units anew, which is who pays late; not for what the village moves.
                limits = after.limits if late else {}
                waited = self.store.commit(Transaction().save(order, after).take_over(allocation.ended).limit(limits))
            except Stale as stale:
                search.others.add(stale.number)
                self.stock.forget([line.shelf for line in order.lines])
            except Short as short:
                self.stock.learn(short)
            except Waited as waits:
                self.stock.forget(waits.skus)
            except Limited as limited:
                search.bar(after, limited)
            except TooScattered:
                if not late or search.given_up:
                    raise
                search.given_up = True
            else:
                self.waitlist.try_to_serve(waited)
                return after
            return None

        return retrying(TRIES, "others change this order at the same time: ask again", attempt)

    def _with_allocation(self, order: Order, event: Paid, search: "UnitsAgain") -> tuple[Paid, Allocation]:
        """A late payment comes with what it can take again as a walk-in: of no later date than was promised.

        What else it stands on is in the order's own lines: its limit, its drop. Whether the goods are still in the
        catalogue does not matter: what is made of them is.
        """
        none = Allocation(())
        # Money is at stake: no view that is a second old.
        self.stock.forget([shelf for line in order.lines for shelf in (line.shelf, line.sku)])
        if not all(self._is_sold(line, self.clock()) for line in order.lines):
            return msgspec.structs.replace(event, refusal=RefundReason.DROP), none
        bounds = Bounds(search.barred, order.ship_by)
        try:
            if search.given_up:
                raise Unavailable({})
            allocation = self.stock.allocate(
                [(line.shelf, line.quantity) for line in order.lines], search.others, bounds
            )
        except Unavailable:
            reason = RefundReason.LIMIT if search.barred else RefundReason.DATE
            return msgspec.structs.replace(event, refusal=reason), none
        news = msgspec.structs.replace(event, allocation=allocation.parts)
        used = decide(order, news, self.clock()).state is State.PAID
        return news, allocation if used else none

    def _is_sold(self, line: OrderLine, now: datetime) -> bool:
        """Whether a walk-in could buy it: what was bought in a drop, while the drop is on."""
        drop = self.stock.drop(line.sku, line.drop) if line.drop else None
        return not line.drop or (drop is not None and drop.is_on(now))


class UnitsAgain:
    """What a late payment has learned by trying to take its units again.

    `others` are orders that it may not end. `barred` are batches of which its buyer has had enough since, by shelf and
    date. `given_up`: they lie in too many places for one transaction.
    """

    def __init__(self, others: set[str]) -> None:
        self.others = others
        self.barred: set[tuple[str, date]] = set()
        self.given_up = False

    def bar(self, order: Order, limited: Limited) -> None:
        """Take no more of the batches that limits have refused; beyond MOST_BARRED of them, of none at all."""
        full = {name for name, _ in limited.had}
        parts = ((line.shelf, part.ship_by) for line in order.lines for part in line.parts)
        self.barred |= {(shelf, day) for shelf, day in parts if scope(shelf, day) in full}
        self.given_up = self.given_up or len(self.barred) > MOST_BARRED
