"""The outbox: doing what orders have asked for elsewhere (letters, refunds, closed payments), at least once.

The stream's consumer does it as soon as the change is written; what it could not do, the sweep does later. Each
intent carries a key under which the outside does it once, where the outside can.
"""

import logging
import traceback
from collections.abc import Callable
from functools import partial
from itertools import chain, takewhile
from typing import Any

from .capacity import Declared
from .errors import Stale
from .fullness import tell
from .items import DUE_SHARDS
from .mail import Mailer, Undeliverable
from .mail.letters import letter
from .orders import Close, Done, Failed, GiveBack, Intent, Mail, Order, decide
from .shop import Shop

log = logging.getLogger("cunbo")


class Outbox:
    """Does the intents of orders, and sweeps those that got stuck along with holds that have ended."""

    def __init__(self, shop: Shop, mailer: Mailer | None) -> None:
        self.shop = shop
        self.mailer = mailer

    def perform(self, number: str) -> None:
        """Does each intent of the order as it is now, and strikes it out; those that fail wait for a later sweep."""
        self.shop.store.begin()
        order = self.shop.store.order(number)
        failed: set[str] = set()
        while order and (intent := next((one for one in order.outbox if one.key not in failed), None)):
            event = self._attempt(order, intent)
            if isinstance(event, Failed):
                failed.add(intent.key)
                continue
            after = decide(order, event, self.shop.clock())
            try:
                self.shop.store.commit([(order, after)])
            except Stale:
                order = self.shop.store.order(number)
                continue
            order = after
        if order and failed:
            self.shop.store.commit([(order, decide(order, Failed(tuple(sorted(failed))), self.shop.clock()))])

    def sweep(self, more_time: Callable[[], bool] = lambda: True) -> int:
        """Ends holds, settles the stock, tells of what is full, then does stuck intents, while there is time.

        Holds first: their units must be back within two minutes, however many letters wait for a mail server. The
        stock has something to settle where a change of it was cut off, or where promises beyond a batch have been
        given up. The next minute goes on. Returns how many orders it saw.
        """
        now = self.shop.clock()
        waiting = chain.from_iterable(
            takewhile(lambda order: order.due and order.due <= now, self.shop.store.due(shard))
            for shard in range(DUE_SHARDS)
        )
        seen = 0
        stuck = []
        for order in takewhile(lambda _: more_time(), waiting):
            seen += 1
            self._try(f"order {order.number}", self.shop.end_hold, order)
            if order.retry_at and order.retry_at <= now:
                stuck.append(order.number)
        settled: dict[str, list[Declared]] = {}
        for sku in takewhile(lambda _: more_time(), self.shop.catalog.packs):
            self._try(f"stock of {sku}", partial(self._settle, settled), sku)
        if more_time():
            self._try("what is full", partial(tell, self.shop, self.mailer), settled)
        for number in takewhile(lambda _: more_time(), stuck):
            self._try(f"order {number}", self.perform, number)
        return seen

    def _settle(self, settled: dict[str, list[Declared]], sku: str) -> None:
        settled[sku] = self.shop.store.settle(sku, self.shop.today)

    def _try(self, what: str, act: Callable[[Any], None], subject: Any) -> None:
        """One order that cannot be dealt with must not keep the minute's others from their turn."""
        self.shop.store.begin()
        try:
            act(subject)
        except Stale:
            pass  # somebody else has just dealt with it
        except Exception as error:
            log.error("%s: sweep failed: %s", what, _place(error))

    def _attempt(self, order: Order, intent: Intent) -> Done | Failed:
        try:
            self._do(order, intent)
        except Undeliverable:
            log.warning("order %s: %s can never arrive: nobody has that address", order.number, intent.key)
        except Exception as error:
            log.error("order %s: %s failed: %s", order.number, intent.key, _place(error))
            return Failed((intent.key,))
        return Done(intent.key)

    def _do(self, order: Order, intent: Intent) -> None:
        provider = self.shop.providers.get(order.provider)
        match intent:
            case Mail(text=text):
                self._mail(order, text)
            case GiveBack(key=key):
                if provider is None:
                    raise LookupError("the order's provider is not set up any more")
                provider.refund(order, next(refund for refund in order.refunds if refund.key == key))
            case Close():
                if provider is not None:
                    provider.close(order)

    def _mail(self, order: Order, text: str) -> None:
        if self.mailer is None:
            log.warning("order %s: no way to send mail is set up, so no letter %r goes out", order.number, text)
            return
        settings, keys = self.shop.settings, self.shop.keys
        prefix = "" if order.lang == "zh" else f"/{order.lang}"
        link = f"{settings.shop_url}{prefix}/order/#{order.number}.{keys.token(order.number)}"
        self.mailer.send(letter(text, order, self.shop.catalog, link, settings.mail_from, self.shop.clock()))


def _place(error: Exception) -> str:
    """An error by type and place; its text may hold a buyer's words."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {where.name}, line {where.lineno}"
