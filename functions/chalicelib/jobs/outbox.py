"""The outbox: doing what orders have asked for elsewhere (letters, refunds, closed payments), at least once.

The stream's consumer does it as soon as the change is written; what it could not do, the sweep does later. Each
intent carries a key under which the outside does it once, where the outside can.
"""

import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any

from chalicelib.domain import waitlist
from chalicelib.domain.aggregate import Aggregate, ClosePayment, Done, Failed, H, Intent, Mail, RefundPayment
from chalicelib.domain.conflicts import Stale
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.waitlist import Waiter
from chalicelib.jobs.full_days import notify_manager
from chalicelib.mail import Mailer, Undeliverable
from chalicelib.mail.letters import letter, waiter_letter
from chalicelib.services.drops import tidy
from chalicelib.services.shop import Shop
from chalicelib.storage.transaction import Transaction

log = logging.getLogger("cunbo")


class Outbox:
    """Does the intents of orders, and sweeps those that got stuck along with holds that have ended."""

    def __init__(self, shop: Shop, mailer: Mailer | None) -> None:
        self.shop = shop
        self.mailer = mailer

    def perform(self, number: str) -> None:
        """Does each intent of the order as it is now, and strikes it out; those that fail wait for a later sweep."""
        self._perform(number, self.shop.store.orders.load, decide)

    def perform_waiter(self, number: str) -> None:
        """The same for a place on a waitlist."""
        self._perform(number, self.shop.store.waitlist.load, waitlist.decide)

    def _perform(
        self,
        number: str,
        load: Callable[[str], H | None],
        next_of: Callable[[H, Done | Failed, datetime], H],
    ) -> None:
        self.shop.store.begin()
        aggregate = load(number)
        failed: set[str] = set()
        while aggregate and (intent := next((one for one in aggregate.outbox if one.key not in failed), None)):
            event = self._attempt(aggregate, intent)
            if isinstance(event, Failed):
                failed.add(intent.key)
                continue
            after = next_of(aggregate, event, self.shop.clock())
            try:
                self.shop.store.commit(Transaction().save(aggregate, after))
            except Stale:
                aggregate = load(number)
                continue
            aggregate = after
        if aggregate and failed:
            after = next_of(aggregate, Failed(tuple(sorted(failed))), self.shop.clock())
            self.shop.store.commit(Transaction().save(aggregate, after))

    def sweep(self, more_time: Callable[[], bool] = lambda: True) -> int:
        """Ends holds, settles the stock, tells of what is full, then does stuck intents, while there is time.

        Holds first: their units must be back within two minutes, however many letters wait for a mail server. The
        stock has something to settle where a change of it was cut off, or where promises beyond a batch have been
        given up. The next minute goes on. Returns how many orders it saw.
        """
        seen = 0
        stuck: list[tuple[Callable[[str], None], Aggregate]] = []
        for aggregate, end, perform in takewhile(lambda _: more_time(), self._due()):
            seen += 1
            self._try(aggregate.number, end, aggregate)
            if aggregate.retry_at and aggregate.retry_at <= self.shop.clock():
                stuck.append((perform, aggregate))
        settled: dict[str, Sequence[Declared]] = {}
        for sku in takewhile(lambda _: more_time(), self.shop.catalog.packs):
            self._try(f"stock of {sku}", partial(self._tidy, settled), sku)
        if more_time():
            self._try("what is full", partial(notify_manager, self.shop, self.mailer), settled)
        for perform, aggregate in takewhile(lambda _: more_time(), stuck):
            self._try(aggregate.number, perform, aggregate.number)
        return seen

    def _due(self) -> Iterator[tuple[Aggregate, Callable[[Any], None], Callable[[str], None]]]:
        """Orders, then waiters, that wait for somebody: with what ends their claims, and what does their intents."""
        now, store = self.shop.clock(), self.shop.store
        for order in store.orders.due_by(now):
            yield order, self.shop.end_hold, self.perform
        for waiter in store.waitlist.due_by(now):
            yield waiter, self.shop.waiting.lapse, self.perform_waiter

    def _tidy(self, settled: dict[str, Sequence[Declared]], sku: str) -> None:
        """What was cut off: drops that are over, shares that are not as declared, what is kept and not given out."""
        shelf = tidy(self.shop.store, sku, self.shop.clock())
        settled[sku] = shelf.batches
        if shelf.queue.count or any(batch.kept for batch in shelf.batches):
            self.shop.waiting.serve([sku])
            settled[sku] = self.shop.store.stock.declared(sku, self.shop.today)
        for drop in shelf.drops:
            if self.shop.clock() < drop.closes:
                settled[drop.shelf] = self.shop.store.stock.declared(drop.shelf, self.shop.today)

    def _try(self, what: str, act: Callable[[Any], None], subject: Any) -> None:
        """One order that cannot be dealt with must not keep the minute's others from their turn."""
        self.shop.store.begin()
        try:
            act(subject)
        except Stale:
            pass  # somebody else has just dealt with it
        except Exception as error:
            log.error("%s: sweep failed: %s", what, _place(error))

    def _attempt(self, aggregate: Aggregate, intent: Intent) -> Done | Failed:
        try:
            if isinstance(aggregate, Waiter):
                self._write_to(aggregate, intent)
            elif isinstance(aggregate, Order):
                self._do(aggregate, intent)
        except Undeliverable:
            log.warning("%s: %s can never arrive: nobody has that address", aggregate.number, intent.key)
        except Exception as error:
            log.error("%s: %s failed: %s", aggregate.number, intent.key, _place(error))
            return Failed((intent.key,))
        return Done(intent.key)

    def _do(self, order: Order, intent: Intent) -> None:
        provider = self.shop.providers.get(order.provider)
        match intent:
            case Mail(text=text):
                self._mail(order, text)
            case RefundPayment(key=key):
                if provider is None:
                    raise LookupError("the order's provider is not set up any more")
                provider.refund(order, next(refund for refund in order.refunds if refund.key == key))
            case ClosePayment():
                if provider is not None:
                    provider.close(order)

    def _mail(self, order: Order, text: str) -> None:
        if mailer := self._mailer(order, text):
            link = self._link("order", order.number, order.lang)
            settings = self.shop.settings
            mailer.send(letter(text, order, self.shop.catalog, link, settings.mail_from, self.shop.clock()))

    def _write_to(self, waiter: Waiter, intent: Intent) -> None:
        """A letter whose time has passed, since its invitation has been taken or given up, would mislead."""
        if not isinstance(intent, Mail) or (intent.text != "waiting" and intent.text != waiter.state):
            return
        if mailer := self._mailer(waiter, intent.text):
            link = self._link("waiting", waiter.number, waiter.wish.lang)
            settings = self.shop.settings
            mailer.send(
                waiter_letter(intent.text, waiter, self.shop.catalog, link, settings.mail_from, self.shop.clock())
            )

    def _mailer(self, aggregate: Aggregate, text: str) -> Mailer | None:
        if self.mailer is None:
            log.warning("%s: no way to send mail is set up, so no letter %r goes out", aggregate.number, text)
        return self.mailer

    def _link(self, page: str, number: str, lang: str) -> str:
        prefix = "" if lang == "zh" else f"/{lang}"
        return f"{self.shop.settings.shop_url}{prefix}/{page}/#{number}.{self.shop.keys.token(number)}"


def _place(error: Exception) -> str:
    """An error by type and place; its text may hold a buyer's words."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {where.name}, line {where.lineno}"
