"""Recalls of a batch, in one act that may be said again: its sale, the bench and its parcels stop, its buyers are told.

The passport is marked first, and every packing and handing over stands on that mark: nothing of the batch leaves from
then on. What follows goes on where it was cut off: it stops the sale, withdraws what is not paid yet and what people
who wait were invited to, and marks each order, which writes to its buyer once a recall. A drill reads all of it and
writes nothing.

Orders are found by the list beside the passport, once units were packed for them, and before by two indexes, which are
seconds old: the board, and that of what is due. Said again a recall finds what came too late for it; nothing of that
can be packed meanwhile, and the audit tells of it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import RecallBatch
from chalicelib.domain.conflicts import TRIES, Short, Stale, retrying
from chalicelib.domain.errors import Fault, Invalid, NotFound, WrongState
from chalicelib.domain.orders.events import Event, Recalled, RecallLifted, SellerCancels
from chalicelib.domain.orders.lots import units_of
from chalicelib.domain.orders.model import SOLD, Order, State
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.passports import Passport, Recall
from chalicelib.domain.waitlist import OfferWithdrawn, Waiter, WaiterState
from chalicelib.domain.waitlist import decide as decide_place
from chalicelib.services.planning import Made, made, sell_again, stop_sale
from chalicelib.services.stage import Clock
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

LONGEST_HOLD = timedelta(days=3)
"""Orders that are not paid are due before that."""


class RecallReport(msgspec.Struct, frozen=True):
    """What a recall of a batch comes to: the stock, the orders with units of it, those not paid, and who is invited.

    `orders` are those of buyers, the first paid first. `unpaid` are withdrawn by the act; after it there are none.
    """

    passport: Passport
    stock: Made
    orders: tuple[Order, ...]
    unpaid: tuple[Order, ...]
    invited: tuple[Waiter, ...]

    @property
    def batch(self) -> tuple[str, date]:
        """The batch, by SKU and day."""
        return self.passport.sku, self.passport.ship_by


class Recalls:
    """The recalls of a shop's batches."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def look(self, sku: str, day: date) -> RecallReport:
        """Return what a recall comes to, or would; nothing is changed. Raise NotFound where there is no such batch."""
        stock = made(self.store, sku, day).get(day, Made())
        passport = self.store.passports.load(sku, day)
        found = [*self._claiming(sku, day)]
        if stock.own is None and passport is None and not found:
            raise NotFound(f"there is no batch of {sku} that ships by {day}")
        return RecallReport(
            passport or Passport(sku, day),
            stock,
            tuple(sorted((one for one in found if one.state in SOLD), key=lambda one: (one.placed, one.number))),
            tuple(one for one in found if one.state is State.AWAITING_PAYMENT),
            tuple(self._invited(sku, day)),
        )

    def recall(self, sku: str, day: date, asked: RecallBatch, by: Actor) -> RecallReport:
        """Recall the batch, or go on with a recall that was cut off; return what is then. A drill only looks.

        Raise NotFound where there is no such batch, Invalid where nothing is said of why, Busy.
        """
        report = self.look(sku, day)
        if asked.drill:
            return report
        recall = report.passport.recall or self._begin(sku, day, asked, by)
        stop_sale(self.store, sku, day)
        for waiter in self._invited(sku, day):
            self._withdraw(waiter, day)
        told = Recalled(recall.id, sku, day, recall.why, recall.why_en)
        for order in self._claiming(sku, day):
            self._change(
                order, (sku, day), lambda one: SellerCancels(by) if one.state is State.AWAITING_PAYMENT else told
            )
        return self.look(sku, day)

    def lift(self, sku: str, day: date) -> RecallReport:
        """Undo a recall that was a mistake, or go on with that: what was stopped goes on, and buyers are told.

        Orders that were withdrawn stay so. Raise NotFound, WrongState where the batch is not recalled, Busy.
        """
        report = self.look(sku, day)
        recall = report.passport.recall
        if recall is None:
            raise WrongState(f"the batch of {sku} that ships by {day} is not recalled")
        for order in self.store.orders.load_many(self.store.passports.orders(sku, day)):
            self._change(order, (sku, day), lambda _: RecallLifted(recall.id))
        sell_again(self.store, sku, day, report.passport.caps)
        self.store.passports.lift(sku, day, recall)
        return self.look(sku, day)

    def _begin(self, sku: str, day: date, asked: RecallBatch, by: Actor) -> Recall:
        """Mark the passport; where somebody else has just done so, theirs is the recall."""
        if not asked.why.strip():
            raise Invalid([Fault("/why", "what is wrong with the batch, as its buyers will read it")])
        now = self.clock()
        recall = Recall(f"{now:%Y%m%d%H%M%S%f}", now, asked.why.strip(), asked.why_en.strip(), by)
        self.store.passports.recall(sku, day, recall)
        passport = self.store.passports.load(sku, day)
        return (passport.recall if passport else None) or recall

    def _claiming(self, sku: str, day: date) -> Iterator[Order]:
        """Orders, paid or not, with units of the batch."""
        numbers = dict.fromkeys(self.store.passports.orders(sku, day))
        numbers |= dict.fromkeys(one.number for one in self.store.orders.board() if sku in dict(one.units))
        numbers |= dict.fromkeys(one.number for one in self.store.orders.due_by(self.clock() + LONGEST_HOLD))
        found = self.store.orders.load_many(numbers)
        return (one for one in found if one.state in SOLD | {State.AWAITING_PAYMENT} and units_of(one, (sku, day)))

    def _invited(self, sku: str, day: date) -> Iterator[Waiter]:
        """People who wait and are invited to units of the batch; by an index that is seconds old."""
        due = chain.from_iterable(self.store.waitlist.due())
        return (one for one in due if one.sku == sku and one.state is WaiterState.INVITED and _is_of(one, day))

    def _withdraw(self, seen: Waiter, day: date) -> None:
        def attempt() -> bool | None:
            waiter = self.store.waitlist.load(seen.number)
            if waiter is None or waiter.state is not WaiterState.INVITED or not _is_of(waiter, day):
                return True
            after = decide_place(waiter, OfferWithdrawn(), self.clock())
            return self._saved(waiter, after)

        retrying(TRIES, "others change this place at the same time: ask again", attempt)

    def _change(self, seen: Order, batch: tuple[str, date], news: Callable[[Order], Event]) -> None:
        """Put the news to the order, again while others change it; what is marked is listed first."""
        latest: Order | None = seen

        def attempt() -> bool | None:
            nonlocal latest
            order, latest = latest or self.store.orders.load(seen.number), None
            if order is None:
                return True
            after = decide(order, news(order), self.clock())
            if len(after.recalls) > len(order.recalls):
                self.store.passports.list_order(*batch, order.number)
            return after is order or self._saved(order, after)

        retrying(TRIES, "others change this order at the same time: ask again", attempt)

    def _saved(self, before: Order | Waiter, after: Order | Waiter) -> bool | None:
        try:
            self.store.commit(Transaction().save(before, after))
        except (Short, Stale):
            return None
        return True


def _is_of(waiter: Waiter, day: date) -> bool:
    return any(part.ship_by == day for part in waiter.parts)
