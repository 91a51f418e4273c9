"""What a show came to, told to its hosts once it is over, and while it is on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.calendar import village_day
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live.figures import hour_scope, minute, show_scope
from chalicelib.domain.live.rooms import Act, LogEntry, Show
from chalicelib.domain.stock.drops import shelf_of
from chalicelib.services.figures import Minute, Totals, totals_of
from chalicelib.services.stage import Stage
from chalicelib.storage.live.figures import Counts
from chalicelib.storage.store import Store

LONGEST = timedelta(hours=24)
"""Of a show that is longer, the best minute is looked for in its last hours."""


class SoldInShow(msgspec.Struct, frozen=True):
    """Units of a SKU that the show has sold and that were not given back."""

    sku: str
    units: int


class DropInShow(msgspec.Struct, frozen=True):
    """A drop that was opened in the show: of its `units`, so many are `taken`, paid or held."""

    drop: str
    sku: str
    price: int
    units: int
    taken: int


class ShowReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a show came to, `now`: `refunded` fen of `returns` orders went back, `waiting` people wait for its goods."""

    room: str
    show: Show
    now: datetime
    totals: Totals
    products: tuple[SoldInShow, ...]
    best: Minute | None
    drops: tuple[DropInShow, ...]
    refunded: int
    returns: int
    waiting: int

    @property
    def minutes(self) -> int:
        """How long it was on, in whole minutes."""
        return int(((self.show.until or self.now) - self.show.since).total_seconds() // 60)


class Reports:
    """The reports of a shop's shows."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def show(self, room: str, id_: str) -> ShowReport:
        """Return what one of the room's last shows came to; raise NotFound.

        Some round trips: for the show, its figures, its log, and one for each drop and each SKU that was shown.
        """
        if room not in self.stage.catalog.room_of:
            raise NotFound(f"there is no room {room}")
        show = next((one for one in self.store.rooms.shows(room) if one.id == id_), None)
        if show is None:
            raise NotFound(f"the room {room} had no show {id_}, or too long ago")
        now = self.stage.clock()
        until = show.until or now
        days = sorted({village_day(show.since), village_day(until)})
        scope, hours = show_scope(room, id_), _hours(show.since, until)
        scopes = [scope, *(hour_scope(at, room) for at in hours)]
        found = self.store.figures.read(scopes, [(room, day) for day in days])
        scans = sum(found.scans[room, day][id_] for day in days)
        return ShowReport(
            room=room,
            show=show,
            now=now,
            totals=totals_of(found, scope, scans),
            products=tuple(_sold(found, scope)),
            best=_best(found, room, show.since, until),
            drops=tuple(self._drops(room, show, until)),
            refunded=found.of(scope, "refunded"),
            returns=found.of(scope, "returns"),
            waiting=sum(self.store.stock.shelf(sku, village_day(now)).queue.count for sku in show.skus),
        )

    def _drops(self, room: str, show: Show, until: datetime) -> Iterator[DropInShow]:
        whole = show.since.replace(microsecond=0)  # as the instants of drops are
        for entry in self.store.rooms.log_between(room, whole, until):
            if entry.what is Act.DROP and entry.show == show.id and entry.drop and entry.sku:
                yield self._drop(entry, entry.sku, show)

    def _drop(self, entry: LogEntry, sku: str, show: Show) -> DropInShow:
        batches = self.store.stock.declared(shelf_of(sku, entry.drop), village_day(show.since))
        taken = sum(batch.promised for batch in batches)
        return DropInShow(entry.drop, sku, entry.price or 0, int(entry.text), taken)


def _sold(found: Counts, scope: str) -> list[SoldInShow]:
    """What was sold, also of what has left the catalogue since; most units first."""
    figures = found.figures.get(scope, {}).items()
    sold = [SoldInShow(name.removeprefix("sold:"), units) for name, units in figures if name.startswith("sold:")]
    return sorted((one for one in sold if one.units), key=lambda one: (-one.units, one.sku))


def _hours(since: datetime, until: datetime) -> list[datetime]:
    """An instant of each hour of the show."""
    first = max(since, until - LONGEST).replace(minute=0, second=0, microsecond=0)
    return [first + timedelta(hours=count) for count in range(int((until - first).total_seconds() // 3600) + 1)]


def _best(found: Counts, room: str, since: datetime, until: datetime) -> Minute | None:
    """The minute of the show in which the room's most orders were paid, the first of several; None without any."""
    at = max(since, until - LONGEST).replace(second=0, microsecond=0)
    best: Minute | None = None
    while at <= until:
        orders = found.of(hour_scope(at, room), minute(at))
        if orders > (best.orders if best else 0):
            best = Minute(at, orders)
        at += timedelta(minutes=1)
    return best
