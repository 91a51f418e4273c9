"""What an operator does about money: refunds, money that fits nowhere, reconciliation; by the functions' own rules."""

from collections.abc import Iterator, Mapping
from datetime import date

from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.commands import AskRefund
from chalicelib.domain.conflicts import TRIES, Stale, retrying
from chalicelib.domain.orders.model import Order, Refund
from chalicelib.domain.payments.news import CURRENCY
from chalicelib.domain.payments.strays import BookTo, Event, GiveBack, Stray, StrayState, decide, number_of
from chalicelib.domain.settings import PROVIDERS
from chalicelib.payments.port import Provider
from chalicelib.services.payments.reconciliation import Discrepancy, reconcile
from chalicelib.services.payments.refunds import Refunds
from chalicelib.services.stage import utc_now
from chalicelib.storage.payments.ledger import LedgerLine
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

from cunbo.core.refusal import Refusal
from cunbo.operations.shop import refusing
from cunbo.operations.stock import today
from cunbo.operations.trail import acting


class MoneyOperations:
    """The money of one stage's shop."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def refund(self, number: str, asked: AskRefund, key: str) -> tuple[Order, Refund]:
        """Give some of an order back, once a key; raises Refusal where that cannot be."""
        told = {"reason": asked.reason} | ({"postage": asked.postage} if asked.postage else {})
        with acting(self.store.trail, "refund", {"order": number}, told) as facts, refusing(number):
            order, refund = Refunds(self.store, utc_now).ask(number, asked, key, OPERATOR)
            facts["amount"] = refund.amount
        return order, refund

    def strays(self) -> Iterator[Stray]:
        """Yield all money that fits nowhere, or did, by when it was seen. A scan of the table."""
        yield from sorted(self.store.strays.all(), key=lambda stray: (stray.seen, stray.number))

    def give_back(self, payment: str) -> Stray:
        """Have the money of a payment go back to whoever paid it; raises Refusal where that cannot be."""
        with acting(self.store.trail, "give_back", {"payment": payment}):
            return self._decide(payment, GiveBack(OPERATOR), StrayState.GOING_BACK)

    def book(self, payment: str, order: str) -> Stray:
        """Have the money of a payment put to an order; raises Refusal where that cannot be."""
        with acting(self.store.trail, "book", {"payment": payment, "order": order}):
            return self._book(payment, order)

    def _book(self, payment: str, order: str) -> Stray:
        if self.store.orders.load(order) is None:
            raise Refusal(f"there is no order {order}")
        stray = self._stray(payment)
        if stray.currency != CURRENCY:
            raise Refusal(f"{payment} is {stray.currency}, and orders are paid in {CURRENCY}: give it back")
        return self._decide(payment, BookTo(order, OPERATOR), StrayState.BOOKED)

    def reconcile(self, providers: Mapping[str, Provider], day: date) -> list[Discrepancy]:
        """Hold the providers' statements of a day against the ledger."""
        return reconcile(self.store, providers, [day], today())

    def ledger(self, day: date) -> list[LedgerLine]:
        """Return the ledger of a day."""
        return self.store.ledger.day(day)

    def _stray(self, payment: str) -> Stray:
        for provider in PROVIDERS:
            if found := self.store.strays.load(number_of(provider, payment)):
                return found
        raise Refusal(f"{payment} is no payment that fits nowhere: `cunbo pay strays` lists them")

    def _decide(self, payment: str, event: Event, wanted: StrayState) -> Stray:
        def attempt() -> Stray | None:
            stray = self._stray(payment)
            after = decide(stray, event, utc_now())
            if after is stray:
                raise Refusal(f"{payment} is {stray.state.replace('_', ' ')} already, by {stray.by}")
            try:
                self.store.commit(Transaction().save(stray, after))
            except Stale:
                return None
            return after

        with refusing(payment):
            after = retrying(TRIES, "others change this at the same time: ask again", attempt)
        assert after.state is wanted, "the rule says what becomes of it"  # noqa: S101 - for the reader
        return after
