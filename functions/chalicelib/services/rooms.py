"""What a host does on air, and what everybody is told of a room: the use cases of rooms.py's rules.

Two hosts of one room do not fight: an act is put to the room as it is, and its answer says what it replaced.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from chalicelib.api import responses as answers
from chalicelib.api.requests import (
    CorrectionRequest,
    DropEndRequest,
    DropRequest,
    EndRequest,
    PinRequest,
    UnitsRequest,
    read_json,
)
from chalicelib.catalog import Catalog, Pack, Product
from chalicelib.domain.calendar import village_day
from chalicelib.domain.conflicts import retrying
from chalicelib.domain.errors import Fault, Invalid, NotFound, SoldOut
from chalicelib.domain.keys import IDEMPOTENCY_KEY, Keys
from chalicelib.domain.live import rooms
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.live.rooms import Act, Correction, LiveRoom, LogEntry
from chalicelib.domain.settings import Settings
from chalicelib.domain.staff import Device
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import Batch, TooFew
from chalicelib.services.allocation import Clock, Stock
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.figures import Figures
from chalicelib.services.planning import add_units, made, room_for_more
from chalicelib.storage.rooms import RoomStore
from chalicelib.storage.store import Store

TRIES = 8
"""How often an act is put to a room anew where others act in it at the same time."""
ROOM_SECONDS = 5.0
"""How long it is remembered how many units could be added."""

Change = Callable[[LiveRoom, datetime], LiveRoom]


class Rooms:
    """The rooms of a shop."""

    def __init__(
        self,
        catalog: Catalog,
        store: Store,
        stock: Stock,
        figures: Figures,
        keys: Keys,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.catalog, self.store, self.stock, self.keys = catalog, store, stock, keys
        self.settings, self.clock = settings, clock
        self.room_store, self.figures = RoomStore(store.table), figures
        self.room_for: dict[str, tuple[datetime, int]] = {}

    # ---- What everybody is told ----

    def shown(self, id_: str) -> dict[str, Any]:
        """What the room shows now; raises NotFound."""
        room = self._room(id_)
        return {
            "room": id_,
            "now": answers.millisecond(self.clock()),
            "poll": self.settings.poll,
            "show": {"id": room.show.id, "since": answers.instant(room.show.since)} if room.show else None,
            "showing": self._showing(room),
            "correction": self._correction(room),
        }

    def shows(self, id_: str) -> dict[str, Any]:
        """The room's last shows, the latest first; raises NotFound."""
        self._must_be(id_)
        return {
            "shows": [
                {
                    "id": show.id,
                    "since": answers.instant(show.since),
                    "until": answers.instant(show.until) if show.until else None,
                    "skus": [sku for sku in show.skus if sku in self.catalog.packs],
                }
                for show in self.room_store.shows(id_)
            ]
        }

    def scan_target(self, id_: str, sku: str | None) -> tuple[str, Attribution | None]:
        """Where a scan of the room's code leads (a path, without its language), and who sent the shopper. One read.

        Letters of either case will do. A room that there is not leads to all rooms: a code on a wall outlives a room.
        """
        id_, wanted = id_.lower(), (sku or "").lower()
        if id_ not in self.catalog.room_of:
            return "/#rooms", None
        room = self.room_store.room(id_)
        came_from = Attribution(id_, room.show.id if room.show else None)
        if wanted not in self.catalog.packs:
            wanted = room.pin.sku if room.pin and room.pin.sku in self.catalog.packs else ""
        if not wanted:
            return f"/rooms/{id_}/?from={id_}", came_from
        return f"/products/{self.catalog.product_of[wanted].id}/?from={id_}#{wanted}", came_from

    # ---- What a host sees and does ----

    def see(self, id_: str) -> dict[str, Any]:
        """The room as its hosts see it; raises NotFound."""
        return self._console(self._room(id_))

    def log(self, id_: str, before: datetime) -> dict[str, Any]:
        """Lines of the room's log from before an instant, the latest first; raises NotFound."""
        self._must_be(id_)
        return {"entries": [_entry(entry) for entry in self.room_store.log(id_, before)]}

    def pin(self, id_: str, body: bytes, by: Device) -> dict[str, Any]:
        """Pins a SKU, or nothing; raises NotFound, Invalid, Busy."""
        sku = read_json(body, PinRequest).sku
        if sku is not None:
            self._pack(sku)
        before, after = self._act(
            id_,
            lambda room, now: rooms.pin(room, sku, by.name, now),
            lambda room: self._said(room, Act.PIN if sku else Act.UNPIN, by, sku),
        )
        gone = before.pin if after is not before else None
        return self._console(after) | {
            "replaced": _replaced("showing", gone.by, gone.since, gone.sku) if gone else None
        }

    def start(self, id_: str, by: Device) -> dict[str, Any]:
        """Starts a show; one that is on goes on, and is told. Raises NotFound, Busy."""
        before, after = self._act(
            id_,
            lambda room, now: rooms.start(room, by.name, now),
            lambda room: self._said(room, Act.START, by),
        )
        on = before.show
        return self._console(after) | {"replaced": _replaced("show", on.by, on.since) if on else None}

    def end(self, id_: str, body: bytes, by: Device) -> dict[str, Any]:
        """Ends this show, once however often it is asked; another goes on. Raises NotFound, Busy."""
        show = read_json(body, EndRequest).show
        _, after = self._act(
            id_,
            lambda room, _: rooms.end(room, show),
            lambda _: LogEntry(self.clock(), Act.END, by.name, show),
        )
        return self._console(after)

    def correct(self, id_: str, body: bytes, by: Device) -> dict[str, Any]:
        """Puts right on air what was said wrongly; raises NotFound, Invalid, Busy."""
        asked = read_json(body, CorrectionRequest)
        text = " ".join(asked.text.split())

        def change(room: LiveRoom, now: datetime) -> LiveRoom:
            if not text and (asked.about == "words" or room.pin is None):
                raise Invalid([Fault("/text", "say what is right: nothing is pinned whose facts could say it")])
            sku = room.pin.sku if room.pin else None
            return rooms.correct(room, Correction(asked.about, now, by.name, text, sku, self._price(room, sku)))

        _, after = self._act(id_, change, lambda room: self._said(room, Act.CORRECTION, by, text=text or asked.about))
        return self._console(after)

    def open_drop(self, id_: str, idempotency_key: str, body: bytes, by: Device) -> dict[str, Any]:
        """Opens a drop now, once for each key; raises NotFound, Invalid, SoldOut, NotNow, Busy."""
        asked = read_json(body, DropRequest)
        room, pack = self._room(id_), self._pack(asked.sku)
        if asked.price >= pack.price:
            raise Invalid([Fault("/price", f"a drop costs less than the {pack.price} fen of every day", sku=asked.sku)])
        now = self.clock().replace(microsecond=0)
        closes = now + timedelta(minutes=asked.minutes)
        name = f"{id_}-{self._once(idempotency_key, body)[:8]}"
        drop = Drop(name, asked.sku, id_, asked.price, asked.units, now, closes, asked.limit)
        drop = self._opened(drop) or self._open(drop)
        entry = LogEntry(drop.opens, Act.DROP, by.name, _show(room), drop.sku, drop.price, str(drop.units))
        self.room_store.note(id_, entry, name)
        self.stock.forget([drop.sku, drop.shelf])
        return self._console(room)

    def end_drop(self, id_: str, drop: str, body: bytes, by: Device) -> dict[str, Any]:
        """Ends a drop of the room now, once however often it is asked; raises NotFound, Busy."""
        sku = read_json(body, DropEndRequest).sku
        room = self._room(id_)
        self._pack(sku)
        self.stock.forget([sku])
        found = next((one for one in self._drops(id_, sku) if one.id == drop), None)
        if found:
            end_drop(self.store, self.clock(), sku, drop)
            self.room_store.note(id_, LogEntry(self.clock(), Act.DROP_END, by.name, _show(room), sku), drop)
            self.stock.forget([sku, found.shelf])
        return self._console(room)

    def add_units(self, id_: str, idempotency_key: str, body: bytes, by: Device) -> dict[str, Any]:
        """Has more be made than was planned, once for each key; raises NotFound, Invalid, NotNow, Busy."""
        asked = read_json(body, UnitsRequest)
        room = self._room(id_)
        self._pack(asked.sku)
        name = self._once(idempotency_key, body)
        mark = add_units(self.catalog, self.store, self.clock(), asked.sku, asked.units, name)
        entry = LogEntry(mark.at, Act.UNITS, by.name, _show(room), asked.sku, text=f"+{asked.units} {mark.day}")
        self.room_store.note(id_, entry, name)
        self.stock.forget([asked.sku])
        self.room_for.pop(asked.sku, None)
        return self._console(room)

    # ---- Between these ----

    def _act(self, id_: str, change: Change, said: Callable[[LiveRoom], LogEntry]) -> tuple[LiveRoom, LiveRoom]:
        """The room as it was and as the change left it, put to it again while others change it at the same time."""

        def attempt() -> tuple[LiveRoom, LiveRoom] | None:
            before = self._room(id_)
            after = change(before, self.clock())
            done = after is before or self.room_store.change(before, after, said(after))
            return (before, after) if done else None

        return retrying(TRIES, "others act in this room at the same time: ask again", attempt)

    def _said(self, room: LiveRoom, what: Act, by: Device, sku: str | None = None, text: str = "") -> LogEntry:
        """A line of the log: with the price of what is named, else of what is pinned."""
        sku = sku or (room.pin.sku if room.pin else None)
        return LogEntry(self.clock(), what, by.name, _show(room), sku, self._price(room, sku), text)

    def _price(self, room: LiveRoom, sku: str | None) -> int | None:
        """What the SKU costs in the room now: in its drop, if one is on."""
        if sku is None or sku not in self.catalog.packs:
            return None
        on = next((drop for drop in self._drops(room.id, sku) if drop.is_on(self.clock())), None)
        return on.price if on else self.catalog.packs[sku].price

    def _must_be(self, id_: str) -> None:
        if id_ not in self.catalog.room_of:
            raise NotFound(f"there is no room {id_}")

    def _room(self, id_: str) -> LiveRoom:
        self._must_be(id_)
        return self.room_store.room(id_)

    def _pack(self, sku: str) -> Pack:
        if sku not in self.catalog.packs:
            raise Invalid([Fault("/sku", f"{sku} is not sold here", sku=sku)])
        return self.catalog.packs[sku]

    def _once(self, idempotency_key: str, body: bytes) -> str:
        """A name that the same request with the same key has, and no other."""
        if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
            words = "16 to 64 of 0-9, A-Z, a-z, _ and -, made by the client for this act"
            raise Invalid([Fault("/Idempotency-Key", words)])
        return self.keys.pseudonyms("act", idempotency_key, body.decode(errors="replace"))[0]

    def _opened(self, drop: Drop) -> Drop | None:
        """The drop as an earlier request with this key has opened it, if one has."""
        there = next((one for one in self.stock.look(drop.sku).drops if one.id == drop.id), None)
        if there:
            # That request may have been cut off before it.
            self.store.stock.settle(there.shelf, village_day(self.clock()))
        return there or (drop if self.store.drops.is_archived(drop) else None)

    def _open(self, drop: Drop) -> Drop:
        try:
            return open_drop(self.catalog, self.store, drop.opens, drop, self.store.stock.rate(drop.sku))
        except TooFew as few:
            fault = Fault("/units", f"{few.left} are on sale until then", sku=drop.sku, left=few.left)
            raise SoldOut("there are not enough on sale for this drop", [fault]) from None

    def _drops(self, id_: str, sku: str) -> list[Drop]:
        """The room's drops of the SKU that are not over, the one that opens first before the others."""
        mine = [drop for drop in self.stock.view(sku).drops if drop.room == id_ and self.clock() < drop.closes]
        return sorted(mine, key=lambda drop: drop.opens)

    def _showing(self, room: LiveRoom) -> dict[str, Any] | None:
        pin = room.pin
        if pin is None or pin.sku not in self.catalog.packs:
            return None
        product, pack = self.catalog.product_of[pin.sku], self.catalog.packs[pin.sku]
        view = self.stock.view(pin.sku)
        drop = next(iter(self._drops(room.id, pin.sku)), None)
        return {
            "sku": pin.sku,
            "product": product.id,
            "name": answers.name(product, pack),
            "since": answers.instant(pin.since),
            "price": pack.price,
            "was": {"price": pack.was.price, "basis": pack.was.basis} if pack.was else None,
            "left": view.left,
            "ship_by": _next(view.batches),
            "drop": self._drop(drop) if drop else None,
        }

    def _drop(self, drop: Drop) -> dict[str, Any]:
        view = self.stock.view(drop.shelf)
        return {
            "drop": drop.id,
            "price": drop.price,
            "opens": answers.instant(drop.opens),
            "closes": answers.instant(drop.closes),
            "limit": drop.limit,
            "units": drop.units,
            "left": view.left,
            "ship_by": _next(view.batches),
        }

    def _correction(self, room: LiveRoom) -> dict[str, Any] | None:
        """What was put right last: as the host wrote it, else the facts of what was pinned, in both languages."""
        found = room.correction
        if found is None:
            return None
        product, pack = self.catalog.product_of.get(found.sku or ""), self.catalog.packs.get(found.sku or "")
        return {
            "about": found.about,
            "text": found.text,
            "at": answers.instant(found.at),
            "sku": found.sku,
            "name": answers.name(product, pack) if product and pack else None,
            "price": found.price,
        }

    def _console(self, room: LiveRoom) -> dict[str, Any]:
        showing = self._showing(room)
        return {
            "room": room.id,
            "now": answers.millisecond(self.clock()),
            "show": {"id": room.show.id, "since": answers.instant(room.show.since), "by": room.show.by}
            if room.show
            else None,
            "showing": showing | {"by": room.pin.by} if showing and room.pin else None,
            "correction": self._correction(room),
            "drops": [
                {"sku": sku, **self._drop(drop)} for sku in self.catalog.packs for drop in self._drops(room.id, sku)
            ],
            "stock": {
                sku: self._on_sale(product, self.catalog.packs[sku]) for sku, product in self.catalog.product_of.items()
            },
            "figures": self.figures.room(room.id, _show(room), self.clock()),
            "replaced": None,
        }

    def _on_sale(self, product: Product, pack: Pack) -> dict[str, Any]:
        view = self.stock.view(pack.sku)
        return {
            "product": product.id,
            "name": answers.name(product, pack),
            "price": pack.price,
            "left": view.left,
            "ship_by": _next(view.batches),
            "can_add": self._can_add(product, pack.sku),
        }

    def _can_add(self, product: Product, sku: str) -> int:
        """How many units a host may add at once, as it was a few seconds ago."""
        if not product.production.extra:
            return 0
        now = self.clock()
        at, most = self.room_for.get(sku, (None, 0))
        if at is None or (now - at).total_seconds() >= ROOM_SECONDS:
            today = village_day(now)
            most = max(room_for_more(product.production, made(self.store, sku, today), today).values(), default=0)
            self.room_for[sku] = now, most
        return most


def _replaced(what: str, by: str, at: datetime, sku: str | None = None) -> dict[str, Any]:
    return {"what": what, "sku": sku, "by": by, "at": answers.instant(at)}


def _show(room: LiveRoom) -> str | None:
    return room.show.id if room.show else None


def _next(batches: Iterable[Batch]) -> date | None:
    return min((batch.ship_by for batch in batches if batch.left), default=None)


def _entry(entry: LogEntry) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.to_builtins(entry)
    return said | {"at": answers.millisecond(entry.at)}
