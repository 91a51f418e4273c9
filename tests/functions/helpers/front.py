"""A shop's services asked as its routes ask them: by the bodies of requests, answered by what is told as JSON."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api import ordering
from chalicelib.api.ordering import OrderRequest
from chalicelib.api.requests import ActRequest, read_find, read_json, read_wait
from chalicelib.api.responses import figures, orders, stock, waitlist
from chalicelib.bootstrap import Services
from chalicelib.domain.asker import Asker
from chalicelib.domain.live import attribution
from chalicelib.domain.orders.model import Order
from chalicelib.domain.waitlist import Waiter
from chalicelib.jobs.workers import Workers, workers
from chalicelib.mail import Mailer
from chalicelib.sms import SmsSender

UNKNOWN = Asker()


class Front:
    """One process of a shop. Its services are its attributes; its methods stand for the routes of the same names."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.stage, self.catalog, self.keys = services.stage, services.stage.catalog, services.stage.keys
        self.clock, self.store, self.stock = services.stage.clock, services.store, services.stock
        self.checkout, self.orders, self.waitlist = services.checkout, services.orders, services.waitlist
        self.rooms, self.figures, self.access = services.rooms, services.figures, services.access
        self.providers: Mapping[str, Any] = services.payments.providers

    def workers(self, mailer: Mailer | None, sender: SmsSender | None = None) -> Workers:
        """Who does what the shop's orders ask for, and sweeps up behind them."""
        return workers(self.services, mailer, sender)

    def availability(self, skus: list[str]) -> dict[str, Any]:
        return stock.availability(self.services.availability.look(skus), self.stage.settings.poll)

    def place(self, key: str, body: bytes, cookie: str = "", asker: Asker = UNKNOWN) -> dict[str, Any]:
        asked = OrderRequest(key, body, attribution.read(self.keys, cookie, self.clock()), asker)
        return ordering.answer(self.services, ordering.place_once(self.services, asked, self.checkout.place))

    def order(self, number: str, token: str) -> dict[str, Any]:
        return self._status(self.orders.get(number, token), token)

    def cancel(self, number: str, token: str) -> dict[str, Any]:
        return self._status(self.orders.cancel(number, token), token)

    def find(self, body: bytes, asker: Asker = UNKNOWN) -> None:
        self.orders.find(read_find(body), asker)

    def handle_event(self, provider: str, headers: Mapping[str, str], body: bytes) -> None:
        payments = self.services.payments
        payments.hear(provider, payments.provider(provider).read(headers, body, self.clock()))

    def act(self, number: str, body: bytes) -> None:
        sandbox: Any = self.services.payments.provider("sandbox")
        sandbox.act(self.orders.load(number), read_json(body, ActRequest).act, self.clock())

    def wait(self, body: bytes) -> None:
        self.waitlist.join(read_wait(body))

    def place_in_line(self, number: str, token: str) -> dict[str, Any]:
        return self._place(self.waitlist.open(number, token))

    def give_up(self, number: str, token: str) -> dict[str, Any]:
        return self._place(self.waitlist.give_up(number, token))

    def take(self, number: str, token: str, key: str, body: bytes) -> dict[str, Any]:
        waiter = self.waitlist.get(number, token)
        placed = ordering.place_once(
            self.services, OrderRequest(key, body), lambda command, key: self.waitlist.take(waiter, command, key)
        )
        return ordering.answer(self.services, placed)

    def _place(self, waiter: Waiter) -> dict[str, Any]:
        offer = self.stock.offer(self.catalog, waiter.sku) if waiter.sku in self.catalog.packs else None
        return waitlist.place(waiter, offer)

    def evening(self) -> dict[str, Any]:
        return figures.evening(self.figures.evening())

    def _status(self, order: Order, token: str) -> dict[str, Any]:
        offer = self.services.payments.offer(order, token)
        return orders.status(order, token, offer, self.services.arrivals.of(order))
