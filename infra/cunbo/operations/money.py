"""What an operator does about money: refunds, money that fits nowhere, reconciliation; by the functions' own rules."""

from collections.abc import Iterator, Mapping
from datetime import date

from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.commands import AskRefund
from chalicelib.domain.orders.model import Order, Refund
from chalicelib.domain.payments.strays import Stray, number_of
from chalicelib.domain.settings import PROVIDERS
from chalicelib.payments.port import Provider
from chalicelib.services.payments.reconciliation import Discrepancy, reconcile
from chalicelib.services.payments.refunds import Refunds
from chalicelib.services.payments.stray_money import StrayMoney
from chalicelib.services.stage import utc_now
from chalicelib.storage.store import Store

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
        with acting(self.store.trail, "give_back", {"payment": payment}), refusing(payment):
            return StrayMoney(self.store, utc_now).give_back(self._number(payment), OPERATOR)

    def book(self, payment: str, order: str) -> Stray:
        """Have the money of a payment put to an order; raises Refusal where that cannot be."""
        with acting(self.store.trail, "book", {"payment": payment, "order": order}), refusing(payment):
            return StrayMoney(self.store, utc_now).book(self._number(payment), order, OPERATOR)

    def reconcile(self, providers: Mapping[str, Provider], day: date) -> list[Discrepancy]:
        """Hold the providers' statements of a day against the ledger."""
        return reconcile(self.store, providers, [day], today())

    def _number(self, payment: str) -> str:
        for provider in PROVIDERS:
            if self.store.strays.load(number := number_of(provider, payment)):
                return number
        raise Refusal(f"{payment} is no payment that fits nowhere: `cunbo pay strays` lists them")
