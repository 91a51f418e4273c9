"""Payments: what a provider's events mean for the orders that they are about."""

from collections.abc import Mapping

from chalicelib.domain.errors import NotFound
from chalicelib.domain.orders.events import Paid
from chalicelib.payments import PaymentEvent, Provider
from chalicelib.services.orders import Orders
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


class Payments:
    """The payment providers of a shop, by name, and what they tell."""

    def __init__(self, stage: Stage, store: Store, orders: Orders, providers: Mapping[str, Provider]) -> None:
        self.stage, self.store, self.orders, self.providers = stage, store, orders, providers

    def provider(self, name: str) -> Provider:
        """Return the provider of this name; raise NotFound."""
        if name not in self.providers:
            raise NotFound(f"there is no payment provider {name} here")
        return self.providers[name]

    def handle_event(self, provider: str, event: PaymentEvent) -> None:
        """Book what the provider tells; the same news twice does nothing more. Raise NotFound, Busy."""
        if not event.paid:
            return
        money = Paid(event.id, event.payment, event.amount)
        if not self.store.orders.book(event.order, provider, money, self.stage.clock()):
            self.orders.apply(event.order, money, provider)
