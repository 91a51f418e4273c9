"""The sweep, once a minute: ends holds, settles the stock, asks buyers where too little is made, tells of what is full,
then does intents that got stuck.

In the end it tells the manager what nothing mends by itself.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile
from typing import Any

from chalicelib.domain.conflicts import Stale
from chalicelib.domain.errors import Busy
from chalicelib.domain.stock.capacity import Declared
from chalicelib.jobs.errors import origin
from chalicelib.jobs.full_days import FullDays
from chalicelib.jobs.outbox import Outbox
from chalicelib.services.desk.goods import put_away
from chalicelib.services.drops import tidy
from chalicelib.services.packing.questions import Questions
from chalicelib.services.stage import Stage
from chalicelib.services.waitlist import Waitlist
from chalicelib.storage.aggregates import kind_of
from chalicelib.storage.store import Store

log = logging.getLogger("cunbo")


class Sweep:
    """Sweeps a stage's table: what nobody has come back for, and what was cut off."""

    def __init__(self, stage: Stage, store: Store, outbox: Outbox, waitlist: Waitlist, full_days: FullDays) -> None:
        self.stage, self.store, self.outbox = stage, store, outbox
        self.waitlist, self.full_days = waitlist, full_days
        self.questions = Questions(store, stage.clock)

    def run(self, more_time: Callable[[], bool] = lambda: True) -> int:
        """End holds, settle the stock, tell of what is full, then do stuck intents, while there is time.

        Holds first: their units must be back within two minutes, however many letters wait for a mail server. The
        stock has something to settle where a change of it was cut off, or where promises beyond a batch have been
        given up. The next minute goes on. Return how many aggregates were due.
        """
        seen = 0
        stuck: list[tuple[str, str]] = []
        for aggregate in takewhile(lambda _: more_time(), self.store.due_by(self.stage.clock())):
            seen += 1
            kind = kind_of(aggregate).name
            self._deal_with(aggregate.number, self.outbox.handlers[kind].end, aggregate)
            if aggregate.retry_at and aggregate.retry_at <= self.stage.clock():
                stuck.append((kind, aggregate.number))
        settled: dict[str, Sequence[Declared]] = {}
        for sku in takewhile(lambda _: more_time(), self.stage.catalog.packs):
            self._try(f"stock of {sku}", partial(self._tidy, settled), sku)
        for sku, batches in takewhile(lambda _: more_time(), list(settled.items())):
            for day in (batch.ship_by for batch in batches if batch.unmade):
                self._try(f"whom to ask about {sku} of {day}", partial(self.questions.go_on, sku), day)
        if more_time():
            self._try("what has left the catalogue", lambda _: self._tidy_gone(more_time), None)
        if more_time():
            self._try("what is full", self.full_days.notify, settled)
        for kind, number in takewhile(lambda _: more_time(), stuck):
            self._deal_with(number, partial(self.outbox.perform, kind), number)
        self._try("troubles", lambda _: self.outbox.troubles.tell(), None)
        return seen

    def _tidy(self, settled: dict[str, Sequence[Declared]], sku: str) -> None:
        """What was cut off: drops that are over, shares that are not as declared, what is kept and not given out."""
        shelf = tidy(self.store, sku, self.stage.clock())
        settled[sku] = shelf.batches
        put_away(self.stage.catalog, self.store, sku, shelf.amendments, self.stage.clock())
        if shelf.queue.count or any(batch.kept for batch in shelf.batches):
            self.waitlist.serve([sku])
            settled[sku] = self.store.stock.declared(sku, self.stage.today)
        for drop in shelf.drops:
            if self.stage.clock() < drop.closes:
                settled[drop.shelf] = self.store.stock.declared(drop.shelf, self.stage.today)

    def _tidy_gone(self, more_time: Callable[[], bool]) -> None:
        """Look after stock of SKUs that the catalogue has no more: those who wait for it are told, drops end in time.

        Each minute compares the catalogue with the table: however a catalogue came here, also by a way back, and
        whatever cut the work off. A SKU of which nothing more can come is forgotten.
        """
        gone = [sku for sku in self.store.stock.skus() if sku not in self.stage.catalog.packs]
        self.waitlist.close(gone)
        for sku in takewhile(lambda _: more_time(), gone):
            shelf = tidy(self.store, sku, self.stage.clock())
            if not shelf.drops and not shelf.queue.count and not any(one.cap or one.promised for one in shelf.batches):
                self.store.stock.forget(sku)

    def _deal_with(self, number: str, act: Callable[[Any], None], subject: Any) -> None:
        """Units and money of an order or a place hang on it: what fails other than by a busy table is told."""
        error = self._try(number, act, subject)
        if error and not isinstance(error, Busy):
            self.outbox.troubles.note("fault", number)

    def _try(self, what: str, act: Callable[[Any], None], subject: Any) -> Exception | None:
        """Return the error, if any: what cannot be dealt with must not keep the minute's others from their turn."""
        self.store.begin()
        try:
            act(subject)
        except Stale:
            pass  # somebody else has just dealt with it
        except Exception as error:
            log.error("%s: sweep failed: %s", what, origin(error))
            return error
        return None
