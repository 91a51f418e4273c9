"""The outbox: doing what orders have asked for elsewhere (letters, refunds, closed payments), at least once.

The stream's consumer does it as soon as the change is written; what it could not do, the sweep does later. Each
intent carries a key under which the outside does it once, where the outside can.
"""

import logging
from collections.abc import Iterable, Mapping

from chalicelib.domain.aggregate import Aggregate, Done, Failed, Intent
from chalicelib.domain.conflicts import Stale
from chalicelib.jobs.errors import origin
from chalicelib.jobs.handlers import Handler
from chalicelib.mail import Undeliverable
from chalicelib.services.stage import Clock
from chalicelib.storage.aggregates import decide
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

log = logging.getLogger("cunbo")

Change = tuple[str, str]
"""A change that asks for something: its sequence number in the stream, and the partition key of the aggregate."""


class Outbox:
    """Does the intents of aggregates, by the handlers of their kinds."""

    def __init__(self, store: Store, clock: Clock, handlers: Mapping[str, Handler]) -> None:
        self.store, self.clock, self.handlers = store, clock, handlers

    def consume(self, changes: Iterable[Change]) -> list[str]:
        """Do what these changes ask for; return the sequence numbers of those that failed, which come again."""
        failed = []
        for sequence, key in changes:
            kind, _, number = key.partition("#")
            try:
                self.perform(kind, number)
            except Exception:
                log.exception("outbox: record %s", sequence)
                failed.append(sequence)
        return failed

    def perform(self, kind: str, number: str) -> None:
        """Do each intent of the aggregate as it is now, and strike it out; those that fail wait for a later sweep."""
        handler = self.handlers[kind]
        self.store.begin()
        aggregate = self.store.load(kind, number)
        failed: set[str] = set()
        while aggregate and (intent := next((one for one in aggregate.outbox if one.key not in failed), None)):
            event = _attempt(handler, aggregate, intent)
            if isinstance(event, Failed):
                failed.add(intent.key)
                continue
            after = decide(aggregate, event, self.clock())
            try:
                self.store.commit(Transaction().save(aggregate, after))
            except Stale:
                aggregate = self.store.load(kind, number)
                continue
            aggregate = after
        if aggregate and failed:
            after = decide(aggregate, Failed(tuple(sorted(failed))), self.clock())
            self.store.commit(Transaction().save(aggregate, after))


def _attempt(handler: Handler, aggregate: Aggregate, intent: Intent) -> Done | Failed:
    try:
        handler.do(aggregate, intent)
    except Undeliverable:
        log.warning("%s: %s can never arrive: nobody has that address", aggregate.number, intent.key)
    except Exception as error:
        log.error("%s: %s failed: %s", aggregate.number, intent.key, origin(error))
        return Failed((intent.key,))
    return Done(intent.key)
