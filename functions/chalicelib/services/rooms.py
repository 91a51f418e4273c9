"""What a host does on air, and what everybody is told of a room: the use cases of domain/live/rooms.py's rules.

Two hosts of one room do not fight: an act is put to the room as it is, and its answer says what it replaced.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from chalicelib.catalog import Pack, Product
from chalicelib.domain.calendar import village_day
from chalicelib.domain.commands import AddUnits, Correct, EndShow, OpenDrop
from chalicelib.domain.conflicts import retrying
from chalicelib.domain.errors import Fault, Invalid, NotFound, SoldOut
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.live import rooms
from chalicelib.domain.live.attribution import SCANNED, Attribution
from chalicelib.domain.live.rooms import Act, Correction, LiveRoom, LogEntry, Pin, RunningOrder, Show
from chalicelib.domain.staff import Device, Role
from chalicelib.domain.stock.amendments import Offer
from chalicelib.domain.stock.drops import Drop
from chalicelib.domain.stock.promise import TooFew
from chalicelib.domain.text import odd
from chalicelib.services.allocation import Stock
from chalicelib.services.drops import end_drop, open_drop
from chalicelib.services.figures import Figures
from chalicelib.services.live.views import Console, Corrected, RoomDrop, RoomNow, Sellable, Showing
from chalicelib.services.planning import add_units, made, room_for_more, take_back
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

TRIES = 8
"""How often an act is put to a room anew where others act in it at the same time."""
NO_FLOOR: frozenset[Role] = frozenset({"manager"})
"""Roles that may open a drop below its floor."""
AHEAD = timedelta(days=7)
"""How far ahead a host may set a drop."""
LATE = timedelta(minutes=2)
"""How late the request of a drop may be whose time was set by the clock: it then opens at once."""
ROOM_SECONDS = 5.0
"""How long it is remembered how many units could be added, and of which SKUs there is stock."""

Change = Callable[[LiveRoom, datetime], LiveRoom]


class Rooms:
    """The rooms of a shop."""

    def __init__(self, stage: Stage, store: Store, stock: Stock, figures: Figures) -> None:
        self.stage, self.store, self.stock, self.figures = stage, store, stock, figures
        self.catalog, self.keys, self.clock = stage.catalog, stage.keys, stage.clock
        self.room_for: dict[str, tuple[datetime, int]] = {}
        self.stocked: tuple[datetime | None, list[str]] = None, []

    # ---- What everybody is told ----

    def shown(self, id_: str) -> RoomNow:
        """Return what the room shows now; raise NotFound."""
        return self._now(self._room(id_))

    def shows(self, id_: str) -> list[Show]:
        """Return the room's last shows, the latest first, with what is still sold of each; raise NotFound."""
        self._must_be(id_)
        return [
            msgspec.structs.replace(show, skus=tuple(sku for sku in show.skus if sku in self.catalog.packs))
            for show in self.store.rooms.shows(id_)
        ]

    def scan_target(self, id_: str, sku: str | None) -> tuple[str, Attribution | None]:
        """Return where a scan of the room's code leads (a path, without its language), and who sent the shopper.

        Letters of either case will do. A room that there is not leads to what is on in all of them, since a code on a
        wall outlives a room. One read.
        """
        id_, wanted = id_.lower(), (sku or "").lower()
        if id_ not in self.catalog.room_of:
            return "/channel/", None
        room = self.store.rooms.room(id_)
        came_from = Attribution(id_, room.show.id if room.show else None)
        if wanted not in self.catalog.packs:
            wanted = room.pin.sku if room.pin and room.pin.sku in self.catalog.packs else ""
        if not wanted:
            return f"/rooms/{id_}/?{SCANNED}={id_}", came_from
        return f"/products/{self.catalog.product_of[wanted].id}/?{SCANNED}={id_}#{wanted}", came_from

    # ---- What a host sees and does ----

    def see(self, id_: str) -> Console:
        """Return the room as its hosts see it; raise NotFound."""
        return self._console(self._room(id_))

    def log(self, id_: str, before: datetime) -> list[LogEntry]:
        """Return lines of the room's log from before an instant, the latest first; raise NotFound."""
        self._must_be(id_)
        return self.store.rooms.log(id_, before)

    def pin(self, id_: str, sku: str | None, by: Device) -> Console:
        """Pin a SKU, or nothing; raise NotFound, Invalid, Busy."""
        if sku is not None:
            self._pack(sku)
        before, after = self._act(
            id_,
            lambda room, now: rooms.pin(room, sku, by.name, now),
            lambda room: self._said(room, Act.PIN if sku else Act.UNPIN, by, sku),
        )
        return self._console(after, before.pin if after is not before else None)

    def start(self, id_: str, by: Device) -> Console:
        """Start a show; one that is on goes on, and is told as what is in its place. Raise NotFound, Busy."""
        before, after = self._act(
            id_,
            lambda room, now: rooms.start(room, by.name, now),
            lambda room: self._said(room, Act.START, by),
        )
        return self._console(after, before.show)

    def end(self, id_: str, asked: EndShow, by: Device) -> Console:
        """End this show and these drops, once however often it is asked; another show, and its drops, go on.

        The drops are ended first: whoever was cut off between them asks again, and finds the show that is still on.
        Raise NotFound, Busy.
        """
        room = self._room(id_)
        if asked.drops and _show(room) == asked.show:
            self.stock.forget(self._skus())  # a drop that was opened a second ago is none that goes on unseen
            for drop in (one for sku in self._skus() for one in self._drops(id_, sku)):
                if drop.id in asked.drops:
                    self._end_drop(room, drop, by)
        _, after = self._act(
            id_,
            lambda room, now: rooms.end(room, asked.show, now),
            lambda _: LogEntry(self.clock(), Act.END, by.name, asked.show),
        )
        return self._console(after)

    def set_order(self, id_: str, skus: tuple[str, ...], by: Device) -> Console:
        """Set the running order, and tell whose it takes the place of; raise NotFound, Invalid, Busy.

        No line of the log: it is a plan, and what is shown of it is logged when it is pinned.
        """
        for place, sku in enumerate(skus):
            if sku not in self.catalog.packs:
                raise Invalid([Fault(f"/skus/{place}", f"{sku} is not sold here", sku=sku)])
            if sku in skus[:place]:
                raise Invalid([Fault(f"/skus/{place}", f"{sku} stands here twice", sku=sku)])
        before, after = self._act(id_, lambda room, now: rooms.set_order(room, skus, by.name, now))
        others = before.order if before.order and before.order.by != by.name and after is not before else None
        return self._console(after, others)

    def set_goal(self, id_: str, units: int, by: Device) -> Console:
        """Set how many units a show is to sell; raise NotFound, Busy."""
        _, after = self._act(id_, lambda room, now: rooms.set_goal(room, units, by.name, now))
        return self._console(after)

    def correct(self, id_: str, asked: Correct, by: Device) -> Console:
        """Put right on air what was said wrongly; raise NotFound, Invalid, Busy."""
        text = " ".join(asked.text.split())
        if odd(text):
            raise Invalid([Fault("/text", "words on one line, without signs that nobody sees")])

        def change(room: LiveRoom, now: datetime) -> LiveRoom:
            if not text and (asked.about == "words" or room.pin is None):
                raise Invalid([Fault("/text", "say what is right: nothing is pinned whose facts could say it")])
            sku = room.pin.sku if room.pin else None
            return rooms.correct(room, Correction(asked.about, now, by.name, text, sku, self._price(room, sku)))

        _, after = self._act(id_, change, lambda room: self._said(room, Act.CORRECTION, by, text=text or asked.about))
        return self._console(after)

    def open_drop(self, id_: str, asked: OpenDrop, key: str, by: Device) -> Console:
        """Open a drop, once for each key; raise NotFound, Invalid, SoldOut, NotNow, Busy."""
        room, pack = self._room(id_), self._pack(asked.sku)
        if asked.price < pack.floor and by.role not in NO_FLOOR:
            words = f"a drop of this costs at least {pack.floor} fen; lower is for a manager alone"
            raise Invalid([Fault("/price", words, sku=asked.sku)])
        now = self.clock().replace(microsecond=0)
        opens = asked.opens.astimezone(UTC).replace(microsecond=0) if asked.opens else now
        if not now - LATE <= opens <= now + AHEAD:
            raise Invalid([Fault("/opens", f"an instant within the next {AHEAD.days} days; leave it out for now")])
        opens = max(opens, now)
        closes = opens + timedelta(minutes=asked.minutes)
        name = f"{id_}-{self._once(key, asked)[:8]}"
        drop = Drop(
            id=name,
            sku=asked.sku,
            room=id_,
            price=asked.price,
            units=asked.units,
            opens=opens,
            closes=closes,
            limit=asked.limit,
        )
        drop = self._opened(drop) or self._open(drop)
        self.store.rooms.note(id_, rooms.opened(drop, by.name, _show(room), now), name)
        self.stock.forget([drop.sku, drop.shelf])
        return self._console(room)

    def end_drop(self, id_: str, drop: str, sku: str, by: Device) -> Console:
        """End a drop of the room now, once however often it is asked; raise NotFound, Busy."""
        room = self._room(id_)
        self.stock.forget([sku])
        found = next((one for one in self._drops(id_, sku) if one.id == drop), None)
        if found:
            self._end_drop(room, found, by)
        return self._console(room)

    def add_units(self, id_: str, asked: AddUnits, key: str, by: Device) -> Console:
        """Make more units than were planned, once for each key; raise NotFound, Invalid, NotNow, Busy."""
        room = self._room(id_)
        self._pack(asked.sku)
        name = self._once(key, asked)
        mark = add_units(self.catalog, self.store, self.clock(), asked, name)
        entry = LogEntry(mark.at, Act.UNITS, by.name, _show(room), asked.sku, text=f"+{asked.units} {mark.day}")
        self.store.rooms.note(id_, entry, name)
        self.stock.forget([asked.sku])
        self.room_for.pop(asked.sku, None)
        return self._console(room)

    def take_back_units(self, id_: str, asked: AddUnits, key: str, by: Device) -> Console:
        """Take back what the same request has added, as far as it is unsold; raise as `take_back` does."""
        room = self._room(id_)
        self._pack(asked.sku)
        name = self._once(key, asked)
        mark = take_back(self.store, self.clock(), asked, name)
        entry = LogEntry(mark.at, Act.UNITS_BACK, by.name, _show(room), asked.sku, text=f"-{mark.units} {mark.day}")
        self.store.rooms.note(id_, entry, mark.name)
        self.stock.forget([asked.sku])
        self.room_for.pop(asked.sku, None)
        return msgspec.structs.replace(self._console(room), taken_back=mark.units)

    # ---- Between these ----

    def _end_drop(self, room: LiveRoom, drop: Drop, by: Device) -> None:
        end_drop(self.store, self.clock(), drop.sku, drop.id)
        entry = LogEntry(self.clock(), Act.DROP_END, by.name, _show(room), drop.sku, drop=drop.id)
        self.store.rooms.note(room.id, entry, drop.id)
        self.stock.forget([drop.sku, drop.shelf])

    def _act(
        self, id_: str, change: Change, said: Callable[[LiveRoom], LogEntry] | None = None
    ) -> tuple[LiveRoom, LiveRoom]:
        """The room as it was and as the change left it, put to it again while others change it at the same time."""

        def attempt() -> tuple[LiveRoom, LiveRoom] | None:
            before = self._room(id_)
            after = change(before, self.clock())
            entry = said(after) if said and after is not before else None
            done = after is before or self.store.rooms.change(before, after, self.clock(), entry)
            return (before, after) if done else None

        return retrying(TRIES, "others act in this room at the same time: ask again", attempt)

    def _said(self, room: LiveRoom, what: Act, by: Device, sku: str | None = None, text: str = "") -> LogEntry:
        """A line of the log: with the price of what is named, else of what is pinned."""
        sku = sku or (room.pin.sku if room.pin else None)
        price = self._price(room, sku)
        return LogEntry(at=self.clock(), what=what, by=by.name, show=_show(room), sku=sku, price=price, text=text)

    def _price(self, room: LiveRoom, sku: str | None) -> int | None:
        """What the SKU costs in the room now: in its drop, if one is on."""
        if sku is None or sku not in self.catalog.packs:
            return None
        on = next((drop for drop in self._drops(room.id, sku) if drop.is_on(self.clock())), None)
        pack = self._offer(sku).pack
        return on.price_beside(pack) if on else pack.price

    def _must_be(self, id_: str) -> None:
        if id_ not in self.catalog.room_of:
            raise NotFound(f"there is no room {id_}")

    def _room(self, id_: str) -> LiveRoom:
        self._must_be(id_)
        return self.store.rooms.room(id_)

    def _pack(self, sku: str) -> Pack:
        if sku not in self.catalog.packs:
            raise Invalid([Fault("/sku", f"{sku} is not sold here", sku=sku)])
        return self._offer(sku).pack

    def _once(self, key: str, asked: OpenDrop | AddUnits) -> str:
        """A name that the same act with the same key has, and no other."""
        if not IDEMPOTENCY_KEY.fullmatch(key):
            words = "16 to 64 of 0-9, A-Z, a-z, _ and -, made by the client for this act"
            raise Invalid([Fault("/Idempotency-Key", words)])
        return self.keys.pseudonyms("act", key, *map(str, msgspec.structs.astuple(asked)))[0]

    def _opened(self, drop: Drop) -> Drop | None:
        """The drop as an earlier request with this key has opened it, if one has."""
        there = next((one for one in self.stock.look(drop.sku).drops if one.id == drop.id), None)
        if there:
            # That request may have been cut off before it.
            self.store.stock.settle(there.shelf, village_day(self.clock()))
        return there or (drop if self.store.drops.is_archived(drop) else None)

    def _open(self, drop: Drop) -> Drop:
        try:
            return open_drop(self.catalog, self.store, self.clock(), drop, self.store.stock.rate(drop.sku))
        except TooFew as few:
            fault = Fault("/units", f"{few.left} are on sale until then", sku=drop.sku, left=few.left)
            raise SoldOut("there are not enough on sale for this drop", [fault]) from None

    def _drops(self, id_: str, sku: str) -> list[Drop]:
        """The room's drops of the SKU that are not over, the one that opens first before the others."""
        mine = [drop for drop in self.stock.view(sku).drops if drop.room == id_ and self.clock() < drop.closes]
        return sorted(mine, key=lambda drop: drop.opens)

    def _now(self, room: LiveRoom) -> RoomNow:
        ahead = rooms.following(room, self._order(room)) if room.order and room.show else None
        return RoomNow(
            room,
            self.clock(),
            self._showing(room),
            self._correction(room),
            next=(self.catalog.product_of[ahead], self._offer(ahead).pack) if ahead else None,
            goal=self._goal(room),
        )

    def _order(self, room: LiveRoom) -> tuple[str, ...]:
        """The running order, of what is still sold: the hosts' own, else the room's goods."""
        if room.order:
            return tuple(sku for sku in room.order.skus if sku in self.catalog.packs)
        products = self.catalog.room_of[room.id].products
        return tuple(sku for id_ in products for sku, product in self.catalog.product_of.items() if product.id == id_)

    def _goal(self, room: LiveRoom) -> tuple[int, int] | None:
        if not room.goal or not room.show:
            return None
        sold = self.figures.room(room.id, room.show.id).show
        return room.goal.units, sold.units if sold else 0

    def _showing(self, room: LiveRoom) -> Showing | None:
        pin = room.pin
        if pin is None or pin.sku not in self.catalog.packs:
            return None
        offer, view = self._offer(pin.sku), self.stock.view(pin.sku)
        drop = None if offer.off else next(iter(self._drops(room.id, pin.sku)), None)
        shown = self._on_sale(drop) if drop else None
        return Showing(pin, offer.product, offer.pack, view.of(offer), shown, offer.off)

    def _on_sale(self, drop: Drop) -> RoomDrop:
        pack = self._offer(drop.sku).pack if drop.sku in self.catalog.packs else None
        return RoomDrop(drop, drop.price_beside(pack), self.stock.view(drop.shelf))

    def _correction(self, room: LiveRoom) -> Corrected | None:
        """What was put right last: as the host wrote it, else the facts of what was pinned."""
        found = room.correction
        if found is None:
            return None
        sku = found.sku or ""
        return Corrected(found, self.catalog.product_of.get(sku), self.catalog.packs.get(sku))

    def _console(self, room: LiveRoom, replaced: Pin | Show | RunningOrder | None = None) -> Console:
        order = self._order(room)
        return Console(
            now=self._now(room),
            order=order,
            next=rooms.following(room, order),
            drops=tuple(self._on_sale(drop) for sku in self._skus() for drop in self._drops(room.id, sku)),
            stock=tuple(self._sold(product, sku) for sku, product in self.catalog.product_of.items()),
            figures=self.figures.room(room.id, _show(room)),
            replaced=replaced,
        )

    def _skus(self) -> list[str]:
        """SKUs that may have drops: also those that the catalogue has no more, as they were some seconds ago."""
        now, (at, skus) = self.clock(), self.stocked
        if at is None or (now - at).total_seconds() >= ROOM_SECONDS:
            skus = self.store.stock.skus()
            self.stocked = now, skus
        return [*dict.fromkeys([*self.catalog.packs, *skus])]

    def _sold(self, product: Product, sku: str) -> Sellable:
        offer = self._offer(sku)
        return Sellable(product, offer.pack, self.stock.view(sku).of(offer), self._can_add(product, sku), offer.off)

    def _offer(self, sku: str) -> Offer:
        return self.stock.offer(self.catalog, sku)

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


def _show(room: LiveRoom) -> str | None:
    return room.show.id if room.show else None
