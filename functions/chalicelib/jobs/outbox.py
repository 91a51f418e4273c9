"""The outbox: doing what orders have asked for elsewhere (letters, refunds, closed payments), at least once.

The stream's consumer does it as soon as the change is written; what it could not do, the sweep does later. Each
intent carries a key under which the outside does it once, where the outside can.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.aggregate import Aggregate, Done, Failed, Intent
from chalicelib.domain.conflicts import Stale
from chalicelib.domain.errors import Busy
from chalicelib.jobs.errors import origin
from chalicelib.jobs.handlers import Handler
from chalicelib.jobs.limits import HeldBack
from chalicelib.jobs.troubles import Troubles
from chalicelib.mail import Undeliverable, Unwritable
from chalicelib.services.stage import Clock
from chalicelib.storage.aggregates import decide
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

log = logging.getLogger("cunbo")

Change = tuple[str, str]
"""A change that asks for something: its sequence number in the stream, and the partition key of the aggregate."""


class Outbox:
    """Does the intents of aggregates, by the handlers of their kinds."""

    def __init__(self, store: Store, clock: Clock, handlers: Mapping[str, Handler], troubles: Troubles) -> None:
        self.store, self.clock, self.handlers, self.troubles = store, clock, handlers, troubles

    def consume(self, changes: Iterable[Change]) -> list[str]:
        """Do what these changes ask for; return the sequence numbers of those that come again.

        Only what the table was too busy for does: the stream repeats all that lies behind it too. What is faulty would
        block them for hours; it is logged and told, and the sweep, which sees it by its own index, tries it again.
        """
        again = []
        for sequence, key in changes:
            kind, _, number = key.partition("#")
            try:
                self.perform(kind, number)
            except (Busy, Stale):
                log.warning("outbox: record %s comes again", sequence)
                again.append(sequence)
            except Exception as error:
                log.error("outbox: record %s: %s", sequence, origin(error))
                self.troubles.note("fault", key)
        try:
            self.troubles.tell()
        except Exception as error:
            log.error("outbox: the manager is not told: %s", origin(error))
        return again

    def perform(self, kind: str, number: str) -> None:
        """Do each intent of the aggregate as it is now, and strike it out; those that fail wait for a later sweep."""
        handler = self.handlers[kind]
        self.store.begin()
        aggregate = self.store.load(kind, number)
        failed: set[str] = set()
        tried: set[str] = set()
        while aggregate and (intent := next((one for one in aggregate.outbox if one.key not in tried), None)):
            event = self._attempt(handler, aggregate, intent)
            if isinstance(event, Failed):
                failed.add(intent.key)
                tried.add(intent.key)
                continue
            after = decide(aggregate, event, self.clock())
            try:
                if after is not aggregate:
                    self.store.commit(Transaction().save(aggregate, after))
            except Stale:
                aggregate = self.store.load(kind, number)
                continue
            aggregate = after
            tried.add(intent.key)  # it may stay: a refund that was asked for is looked at again later
        if aggregate and failed:
            after = decide(aggregate, Failed(tuple(sorted(failed))), self.clock())
            self.store.commit(Transaction().save(aggregate, after))
            self._report(aggregate, after)

    def _report(self, before: Aggregate, after: Aggregate) -> None:
        """Say what was given up, and what somebody must look at."""
        stay = {intent.key for intent in after.outbox}
        for intent in before.outbox:
            if intent.key not in stay:
                log.error("%s: %s is given up after %d tries", before.number, intent.key, intent.tries + 1)
                self.troubles.note("given_up", before.number)
        self.troubles.look_at(after)

    def _attempt(self, handler: Handler, aggregate: Aggregate, intent: Intent) -> Any:
        """Do it; return what the aggregate is told of it: by itself that it is done."""
        try:
            told = handler.do(aggregate, intent)
        except Unwritable as error:
            log.error("%s: %s can never be sent: it cannot be written: %s", aggregate.number, intent.key, error)
            self.troubles.note("unwritable", aggregate.number)
        except Undeliverable:
            log.warning("%s: %s can never arrive: nobody has that address or number", aggregate.number, intent.key)
        except HeldBack:
            log.info("%s: %s waits: many messages have gone out in this hour", aggregate.number, intent.key)
            return Failed((intent.key,))
        except Exception as error:
            log.error("%s: %s failed: %s", aggregate.number, intent.key, origin(error))
            return Failed((intent.key,))
        else:
            return told or Done(intent.key)
        return Done(intent.key)
