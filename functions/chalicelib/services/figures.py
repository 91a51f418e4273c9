"""Counting a live evening: by the stream's consumer, each change of an order exactly once; and reading the figures."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from chalicelib.catalog import Catalog, Pack, Product, Room
from chalicelib.domain.calendar import village_day
from chalicelib.domain.conflicts import retrying
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.live.figures import Figure, Sale, change, day_scope, hour_scope, minute, sale, show_scope
from chalicelib.domain.orders.model import Order
from chalicelib.services.allocation import Stock
from chalicelib.services.stage import Stage
from chalicelib.storage.keys import Item
from chalicelib.storage.live.figures import Checkpoint, Counts, FigureStore
from chalicelib.storage.orders import ORDER

log = logging.getLogger("cunbo")

MOST_SCOPES = 90
"""Scopes that are written in one transaction, which takes 100 items."""
TRIES = 8
"""How often a batch is counted anew where another process counts for the same shard."""
LATEST = 12
"""Sales that the big screen lists."""
FRESH = 1.0
"""Seconds for which what was read is told again, so that many screens cost what one does."""
StreamRecord = Mapping[str, Any]
T = TypeVar("T")


class Totals(msgspec.Struct, frozen=True):
    """What was counted of a scope: orders placed, paid and held, units and fen sold, and scans of codes."""

    orders: int
    paid: int
    held: int
    units: int
    fen: int
    scans: int


class Minute(msgspec.Struct, frozen=True):
    """How many orders were paid in the minute that begins then."""

    at: datetime
    orders: int


class RoomFigures(msgspec.Struct, frozen=True):
    """A room's figures: of its show, if one is on, of today, and of the last 30 minutes."""

    show: Totals | None
    today: Totals
    minutes: tuple[Minute, ...]


class Sold(msgspec.Struct, frozen=True):
    """Of a SKU: units sold and held today, and how many are left; without product and pack where it is sold no more."""

    sku: str
    product: Product | None
    pack: Pack | None
    units: int
    held: int
    left: int = 0


class ToShip(msgspec.Struct, frozen=True):
    """What was sold today and ships by this date."""

    date: str
    orders: int
    units: int


class Evening(msgspec.Struct, frozen=True, kw_only=True):
    """The village's figures as its big screen has them, `now`."""

    now: datetime
    minutes: tuple[Minute, ...]
    today: Totals
    products: tuple[Sold, ...]
    rooms: tuple[tuple[Room, Totals], ...]
    ship_by: tuple[ToShip, ...]
    latest: tuple[Sale, ...]


class Figures:
    """The figures of a shop. What was read is kept for a second."""

    def __init__(self, stage: Stage, store: FigureStore, stock: Stock) -> None:
        self.stage, self.store, self.stock = stage, store, stock
        self.rooms: dict[tuple[str, str | None], tuple[datetime, RoomFigures]] = {}
        self.evenings: dict[None, tuple[datetime, Evening]] = {}

    # ---- By the stream's consumer ----

    def count(self, shard: str, records: Sequence[StreamRecord]) -> None:
        """Count the changes of orders that the records tell of, each once; raise Busy.

        One that cannot be read counts for nothing and is logged: the shard's others must not wait for it for ever.
        """
        now = self.stage.clock()

        def attempt() -> bool | None:
            seen = self.store.checkpoint(shard)
            fresh = {_seq(record): record for record in records if _seq(record) > seen.seq}
            return all(self.store.count(shard, *step, now) for step in _steps(seen, sorted(fresh.items()))) or None

        retrying(TRIES, f"others count for the shard {shard} all the time", attempt)

    # ---- By whoever has scanned ----

    def scan(self, room: str, came_from: Attribution | None) -> None:
        """Count a scan of the room's code, if its link has signed it, for the show that sent them; raise Invalid."""
        if room not in self.stage.catalog.room_of:
            raise Invalid([Fault("/room", f"there is no room {room}")])
        if came_from and came_from.room == room:
            self.store.scan(room, came_from.show, self.stage.clock())

    # ---- For the screens ----

    def room(self, room: str, show: str | None) -> RoomFigures:
        """Return a room's figures, as they were at most a second ago. One round trip, at most each second."""
        now = self.stage.clock()
        return _fresh(self.rooms, (room, show), now, lambda: self._room(room, show, now))

    def evening(self) -> Evening:
        """Return the village's figures, as they were at most a second ago, with what is left now.

        Two round trips for 19 rooms, at most each second.
        """
        now = self.stage.clock()
        told = _fresh(self.evenings, None, now, lambda: self._evening(now, self.stage.catalog))
        products = tuple(
            msgspec.structs.replace(one, left=self.stock.view(one.sku).left) if one.pack else one
            for one in told.products
        )
        return msgspec.structs.replace(told, now=now, products=products)

    def _room(self, room: str, show: str | None, now: datetime) -> RoomFigures:
        today = village_day(now)
        days = sorted({village_day(_began(show, now)), today})
        scopes = [day_scope(now, room), *_hours(now, 30, room), *([show_scope(room, show)] if show else [])]
        found = self.store.read(scopes, [(room, day) for day in days])
        in_show = sum(found.scans[room, day][show] for day in days) if show else 0
        return RoomFigures(
            show=totals_of(found, show_scope(room, show), in_show) if show else None,
            today=totals_of(found, day_scope(now, room), found.scans[room, today]["n"]),
            minutes=_minutes(found, now, 30, room),
        )

    def _evening(self, now: datetime, catalog: Catalog) -> Evening:
        today, scope = village_day(now), day_scope(now)
        scopes = [scope, *_hours(now, 60), *(day_scope(now, room.id) for room in catalog.rooms)]
        found = self.store.read(scopes, [(room.id, today) for room in catalog.rooms])
        scanned = {room.id: found.scans[room.id, today]["n"] for room in catalog.rooms}
        latest = sorted(
            (one for each in self.store.checkpoints() for one in each.latest), key=lambda one: one.at, reverse=True
        )
        return Evening(
            now=now,
            minutes=_minutes(found, now, 60),
            today=totals_of(found, scope, sum(scanned.values())),
            products=tuple(_sold(found, scope, catalog)),
            rooms=tuple((room, totals_of(found, day_scope(now, room.id), scanned[room.id])) for room in catalog.rooms),
            ship_by=_to_ship(found, scope),
            latest=tuple(latest[:LATEST]),
        )


def _fresh(read: dict[Any, tuple[datetime, T]], what: object, now: datetime, look: Callable[[], T]) -> T:
    """Return what was read within the last second, else what is read now."""
    at, told = read.get(what, (None, None))
    if at is None or told is None or not 0 <= (now - at).total_seconds() < FRESH:
        told = look()
        read[what] = now, told
    return told


def _steps(
    seen: Checkpoint, fresh: Iterable[tuple[str, StreamRecord]]
) -> Iterator[tuple[Checkpoint, Checkpoint, Counter[Figure]]]:
    """What is to be counted in one transaction each: the checkpoint before and after, and the figures between.

    Changes that add up to nothing move the checkpoint all the same: one of them could come again without the others.
    """
    before, after, counted = seen, seen, Counter[Figure]()
    for seq, record in fresh:
        more, sold = _read(record)
        if not more and not sold:
            continue
        if len({scope for scope, _ in [*counted, *more]}) > MOST_SCOPES:
            yield before, after, counted
            before, counted = after, Counter()
        counted.update(more)
        latest = ((sold,) if sold else ()) + after.latest
        after = Checkpoint(seq, latest[:LATEST])
    if after is not before:
        yield before, after, counted


def _read(record: StreamRecord) -> tuple[Counter[Figure], Sale | None]:
    """What a record adds to the figures."""
    try:
        before, after = (_order(record["dynamodb"].get(name)) for name in ("OldImage", "NewImage"))
    except Exception as error:
        log.error("figures: record %s cannot be read: %s", _seq(record), type(error).__name__)
        return Counter(), None
    return change(before, after), sale(before, after)


def _order(image: Item | None) -> Order | None:
    return ORDER.read(image) if image and image["sk"]["S"] == "order" else None


def _seq(record: StreamRecord) -> str:
    """A record's sequence number, as it sorts: DynamoDB's have 21 to 40 digits."""
    return str(record["dynamodb"]["SequenceNumber"]).zfill(40)


def totals_of(found: Counts, scope: str, scans: int) -> Totals:
    """Return the totals of a scope, and so many scans."""
    orders, paid, held, units, fen = (found.of(scope, name) for name in ("orders", "paid", "held", "units", "fen"))
    return Totals(orders, paid, held, units, fen, scans)


def _minutes(found: Counts, now: datetime, count: int, room: str | None = None) -> tuple[Minute, ...]:
    last = now.replace(second=0, microsecond=0)
    instants = (last - timedelta(minutes=back) for back in reversed(range(count)))
    return tuple(Minute(at, found.of(hour_scope(at, room), minute(at))) for at in instants)


def _sold(found: Counts, scope: str, catalog: Catalog) -> Iterator[Sold]:
    """What was sold of each SKU: of the catalogue's, then of those that have left it since."""
    named = sorted(
        {name.partition(":")[2] for name in found.figures.get(scope, {}) if name.startswith(("sold:", "held:"))}
    )
    for sku in dict.fromkeys([*catalog.packs, *named]):
        pack, units, held = catalog.packs.get(sku), found.of(scope, f"sold:{sku}"), found.of(scope, f"held:{sku}")
        if pack or units or held:
            yield Sold(sku, catalog.product_of.get(sku), pack, units, held)


def _to_ship(found: Counts, scope: str) -> tuple[ToShip, ...]:
    dates = sorted({name.partition(":")[2] for name in found.figures.get(scope, {}) if name.startswith("ship-")})
    ships = (ToShip(day, found.of(scope, f"ship-orders:{day}"), found.of(scope, f"ship-units:{day}")) for day in dates)
    return tuple(one for one in ships if one.orders)


def _hours(now: datetime, minutes: int, room: str | None = None) -> list[str]:
    return [*dict.fromkeys(hour_scope(now - timedelta(minutes=back), room) for back in (0, minutes))]


def _began(show: str | None, now: datetime) -> datetime:
    """When a show began, by its name; now where there is none."""
    return datetime.strptime(f"{show}+0000", "%Y%m%d%H%M%S%z") if show else now
