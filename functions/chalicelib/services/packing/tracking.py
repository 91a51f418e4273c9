"""Where parcels are, by the carriers: news is a hint upon which it is asked, and the answer only leads forward.

Of what no news comes, carriers are asked once an hour, so many parcels a run. A shop without a service asks nobody.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple

from chalicelib.carriers.port import CarrierService, Whereabouts
from chalicelib.domain.actor import provider
from chalicelib.domain.conflicts import Stale
from chalicelib.domain.errors import Busy, CarrierAway, NotFound, TooLarge
from chalicelib.domain.orders.events import Tracked
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.parcels import GONE, HERE, Parcel, ParcelState, parcel_in, parcel_name
from chalicelib.domain.packing.carriers import CARRIERS
from chalicelib.network import Away, Declined, Reply
from chalicelib.services.packing.bench import Bench
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

log = logging.getLogger("cunbo")

MOST_OF_NEWS = 256 * 1024
"""Bytes of pushed news: the whole way of one parcel."""
LONGEST_NUMBER = 60
"""Characters of a carrier's number, as the contract has it."""
MOST_ASKED = 300
"""Orders about whose parcels one run asks."""
PAUSE = timedelta(hours=6)
"""After which a parcel is asked about again, where its service pushes no news."""
PUSHED_PAUSE = timedelta(hours=24)
"""The same where it does, or where it will not say: then it will not say in an hour either."""
AWAY_PAUSE = timedelta(hours=1)
"""The same where the service did not answer."""
PATIENCE = 3
"""How often in one run a service may not answer before it is asked no more in it."""
ENDED = GONE | HERE | {ParcelState.DELIVERED, ParcelState.RETURNING, ParcelState.RETURNED}
"""States of parcels of which no carrier can say anything new: what comes back a packer says."""


class Round(NamedTuple):
    """What a run came to: orders looked at, numbers asked about, orders moved, and services that were away."""

    orders: int
    asked: int
    moved: int
    away: tuple[str, ...]


class Tracking:
    """Parcels of a shop that are with carriers, followed through these services by name."""

    def __init__(self, stage: Stage, store: Store, services: Mapping[str, CarrierService]) -> None:
        self.stage, self.store, self.services = stage, store, services
        self.bench = Bench(stage, store)

    def service_of(self, carrier: str) -> str | None:
        """Return the name of the service that knows the parcels of a carrier: its own, else who knows many."""
        if carrier in self.services:
            return carrier
        known = CARRIERS.get(carrier)
        return "kuaidi100" if "kuaidi100" in self.services and known and known.kuaidi100 else None

    def hear(self, name: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Take news that a service pushed, and ask where its parcels are; return what it wants to hear.

        It is heard as well where telling it again helps nobody: no parcel bears the number, or the service will not say
        where it is. Raise NotFound for no service of this name, TooLarge, Unauthorized, Malformed; CarrierAway, Busy.
        """
        if name not in self.services:
            raise NotFound(f"{name} follows no parcels here")
        if len(body) > MOST_OF_NEWS:
            raise TooLarge(f"the body has {len(body)} bytes; {MOST_OF_NEWS} is the most")
        service = self.services[name]
        for hint in service.read(headers, body):
            if len(hint.number) > LONGEST_NUMBER or not hint.number.isprintable():
                continue  # no parcel can bear it
            try:
                self.look(hint.carrier, hint.number)
            except Declined as no:
                log.warning("%s pushes news of a parcel, and will not say where it is: %s", name, no.code)
            except Away:
                raise CarrierAway(f"{name} does not say where the parcel is: tell it again later") from None
        return service.heard

    def look(self, carrier: str, number: str) -> list[Order]:
        """Ask where the parcels of a number are, and enter it; return their orders as they then are.

        Of a number that no parcel on its way bears, or of which no service knows, nothing is asked. Raise Away,
        Declined, Busy.
        """
        name = self.service_of(carrier)
        bearers = [*self._bearers(carrier, number)] if name else []
        if name is None or not bearers:
            return []
        found = self._ask(name, carrier, number, bearers[0][0])
        return [after for order, n in bearers if (after := self._enter(order.number, n, found, name))]

    def follow(self, order: Order, n: int) -> None:
        """Have news of a parcel pushed, where it is with a carrier of which a service knows; raise Away.

        A service that will not is not asked again: the parcel is asked about all the same, once an hour at most.
        """
        parcel = next((one for one in order.parcels if one.n == n), None)
        name = self._followed_by(parcel) if parcel else None
        if parcel is None or name is None:
            return
        try:
            self.services[name].follow(parcel.carrier, parcel.tracking, _phone(order))
        except Declined as no:
            log.warning("%s: %s will not push news of it: %s", parcel_name(order.number, n), name, no.code)

    def look_around(self, more_time: Callable[[], bool] = lambda: True) -> Round:
        """Ask about the parcels of which nothing has been heard for long, while there is time.

        A fault of one order, or of one service, keeps the others from nothing: it is tried again in an hour.
        """
        run = _Run(self)
        if self.services:
            due = self.store.orders.to_look_at(self.stage.clock())
            for number in takewhile(lambda _: more_time() and run.orders < MOST_ASKED, due):
                run.look_at(number)
        return Round(run.orders, len(run.found), run.moved, tuple(sorted(run.away)))

    def _bearers(self, carrier: str, number: str) -> Iterator[tuple[Order, int]]:
        """The parcels that bear a number now, with their orders: one put right leaves its old number behind."""
        for name in self.store.waybills.parcels(carrier, number):
            of, n = parcel_in(name) or ("", 0)
            order = self.store.orders.load(of) if of else None
            if order and any((one.n, one.carrier, one.tracking) == (n, carrier, number) for one in order.parcels):
                yield order, n

    def _followed_by(self, parcel: Parcel) -> str | None:
        """The service that knows a parcel's way; None where it is not on one, or nobody does."""
        return self.service_of(parcel.carrier) if parcel.tracking and parcel.state not in ENDED else None

    def _ask(self, name: str, carrier: str, number: str, order: Order) -> Whereabouts | None:
        return self.services[name].track(carrier, number, _phone(order))

    def _enter(self, number: str, n: int, found: Whereabouts | None, name: str) -> Order | None:
        if found is None or found.state is None:
            return None
        return self.bench.tracked(parcel_name(number, n), Tracked(n, found.state, found.at, provider(name)))


class _Run:
    """One run: what was asked of each number, and who was away."""

    def __init__(self, tracking: Tracking) -> None:
        self.tracking, self.orders, self.moved = tracking, 0, 0
        self.found: dict[tuple[str, str], Whereabouts | None] = {}
        self.silent = Counter[str]()

    @property
    def away(self) -> set[str]:
        """The services that are asked no more in this run."""
        return {name for name, times in self.silent.items() if times >= PATIENCE}

    def look_at(self, number: str) -> None:
        """Ask about the parcels of an order, enter what is new, and note when they are asked about again, if at all."""
        self.orders += 1
        self.tracking.store.begin()
        try:
            order = self.tracking.store.orders.load(number)
            if (
                order
                and order.state is State.SHIPPED
                and order.look_at
                and order.look_at <= self.tracking.stage.clock()
            ):
                self._look_at(order)
        except (Busy, Stale):
            log.warning("%s: too busy to be looked at; the next run does", number)

    def _look_at(self, order: Order) -> None:
        pauses, moved = [], False
        for parcel, name in self._followed(order):
            found, pause = self._ask(order, parcel, name)
            after = self.tracking._enter(order.number, parcel.n, found, name)
            moved = moved or (after is not None and after.version > order.version)
            pauses.append(pause)
        self.moved += moved
        if not moved:  # else its next turn was set with its news
            again = self.tracking.stage.clock() + min(pauses) if pauses else None
            self.tracking.bench.looked(order.number, again)

    def _followed(self, order: Order) -> Iterator[tuple[Parcel, str]]:
        for parcel in order.parcels:
            if name := self.tracking._followed_by(parcel):
                yield parcel, name

    def _ask(self, order: Order, parcel: Parcel, name: str) -> tuple[Whereabouts | None, timedelta]:
        """Where a parcel is, as far as it is told, and after how long it is asked about again."""
        which = parcel.carrier, parcel.tracking
        try:
            if which not in self.found:
                if name in self.away:
                    return None, AWAY_PAUSE
                self.found[which] = self.tracking._ask(name, *which, order)
            return self.found[which], PUSHED_PAUSE if self.tracking.services[name].pushes else PAUSE
        except Declined as no:
            log.warning("%s: %s will not say where it is: %s", parcel_name(order.number, parcel.n), name, no.code)
            return None, PUSHED_PAUSE
        except Exception as error:  # also settings that are wrong: another service's parcels must not wait for them
            self.silent[name] += 1
            log.warning("%s: %s does not say where it is: %s", order.number, name, type(error).__name__)
            return None, AWAY_PAUSE


def _phone(order: Order) -> str:
    """The phone as carriers want it."""
    return order.ship_to.number.removeprefix("+86")
