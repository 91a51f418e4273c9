"""At the bench: labels are printed, orders are packed, parcels are handed over, by whoever scans first.

The board goes by an index that is seconds old; whatever is done is decided on the order as it is when it is written.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime

import msgspec

from chalicelib.catalog import shown
from chalicelib.domain.actor import Actor
from chalicelib.domain.commands import BearNumber, PackLine, PackParcel
from chalicelib.domain.conflicts import BatchRecalled, NumberTaken, OtherNumber
from chalicelib.domain.errors import CannotPack, Fault, Invalid, NotFound, PackFault
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.orders.events import (
    CameBack,
    Event,
    HandedOver,
    LabelPulled,
    Looked,
    NumberSet,
    Packed,
    Printed,
    SentAgain,
    TakenBack,
    Tracked,
    Unpacked,
)
from chalicelib.domain.orders.lots import batches_in, choose, is_recalled, lots_in
from chalicelib.domain.orders.model import Order
from chalicelib.domain.orders.parcels import GONE, HERE, Parcel, ParcelLine, ParcelState, parcel_in
from chalicelib.domain.orders.shipping import is_overpacked, refuse_packing, to_pack
from chalicelib.domain.packing.board import BoardEntry
from chalicelib.domain.packing.carriers import looks_odd
from chalicelib.services.order_changes import change
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction
from chalicelib.storage.waybills import Waybill

MOST_IN_WAVE = 50
"""Orders of one wave: what fits on a trolley."""


class Bench:
    """The packing room of a shop, for whoever packs these `goods` (products by id; None for all).

    Of an order that has goods of several workshops each packs its own.
    """

    def __init__(self, stage: Stage, store: Store, goods: Collection[str] | None = None) -> None:
        self.stage, self.store, self.goods = stage, store, goods

    def board(self, ship_by: date | None = None) -> list[BoardEntry]:
        """Return what stands in the packing room, the earliest ship-by date first; may be a second old."""
        board = self.store.orders.board() if self.goods is None else map(self._of_own, self.store.orders.board())
        found = [entry for entry in board if entry and (ship_by is None or entry.ship_by == ship_by)]
        return sorted(found, key=lambda one: (one.ship_by, one.units, one.recipient, one.number))

    def wave(self, numbers: Sequence[str], wave: str, by: Actor) -> list[Order]:
        """Have labels of these orders printed, and return the orders as they then are, without those that are over.

        Where two print at once each order is in the wave of who came first. Raise Invalid for too many, Busy.
        """
        if not 0 < len(numbers) <= MOST_IN_WAVE:
            raise Invalid([Fault("/orders", f"1 to {MOST_IN_WAVE} orders")])
        return [order for number in dict.fromkeys(numbers) if (order := self._print(number, wave, by))]

    def order(self, number: str) -> Order:
        """Return an order as it is; raise NotFound, CannotPack where all of it is other workshops'."""
        order = self.store.orders.load(number)
        if order is None:
            raise NotFound("there is no order of this number")
        self._refuse_others(line.sku for line in order.lines)
        return order

    def label(self, number: str, by: Actor) -> Order:
        """Have the label of an order printed, again where it was; raise CannotPack where nothing is to be packed."""

        def news(order: Order) -> Event:
            refuse_packing(order, order.revision, ())
            return Printed(by)

        return self._change(number, news)

    def pull(self, number: str, by: Actor) -> Order:
        """Note that the label of an order that is over was thrown away; raise NotFound, Busy."""
        return self._change(number, lambda _: LabelPulled(by))

    def pack(self, number: str, asked: PackParcel, key: str, by: Actor) -> tuple[Order, Parcel]:
        """Put units of an order into a parcel, once for each `key`, and return both.

        Raise CannotPack with why, NotFound, Invalid, Busy.
        """
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise Invalid([Fault("/Idempotency-Key", "the header Idempotency-Key: 16 to 64 letters, digits, _ and -")])
        request = hashlib.sha256(key.encode()).hexdigest()[:16]

        def news(order: Order) -> Event | None:
            if any(parcel.request == request for parcel in order.parcels):
                return None
            if asked.lines is not None:
                self._refuse_others((one.sku for one in asked.lines), every=True)
            wanted = _parcel_lines(order, asked.lines if self.goods is None else self._own_lines(order, asked.lines))
            refuse_packing(order, asked.revision, wanted)
            return Packed(asked.revision, wanted, by, request, lots=choose(order, wanted))

        order = self._change(number, news, self._frozen)
        return order, next(parcel for parcel in order.parcels if parcel.request == request)

    def unpack(self, name: str, by: Actor) -> Order:
        """Take a parcel apart that has not left; raise CannotPack, NotFound, Busy."""
        return self._parcel(name, HERE, lambda n: Unpacked(n, by), ParcelState.UNPACKED)

    def hand_over(self, name: str, asked: BearNumber, by: Actor) -> Order:
        """Give a parcel to the carrier, with its number where that is known; the same again changes nothing.

        Raise CannotPack where it is to be taken apart, is not there, or where the number is somebody else's; Busy.
        """

        def news(order: Order, parcel: Parcel) -> Event | None:
            if is_overpacked(order):
                raise CannotPack(PackFault.UNPACK)
            _refuse_other_carrier(parcel, asked)
            if parcel.state in HERE:
                if is_recalled(order, parcel):
                    raise CannotPack(PackFault.RECALLED)
                return HandedOver(parcel.n, by, asked.carrier, asked.tracking_number, self._follows)
            return self._numbered(parcel, asked, by) if asked.tracking_number else None

        return self._sent(name, asked, news)

    def set_number(self, name: str, asked: BearNumber, by: Actor) -> Order:
        """Put a carrier's number on a parcel, also before it has left; the same again changes nothing.

        Raise CannotPack where there is no such parcel, or where the number is somebody else's; Busy.
        """

        def news(_: Order, parcel: Parcel) -> Event:
            _refuse_other_carrier(parcel, asked)
            return self._numbered(parcel, asked, by)

        return self._sent(name, asked, news)

    def add_number(self, name: str, asked: BearNumber, by: Actor) -> Order:
        """Put a carrier's number on a parcel that has none; the same again changes nothing.

        Raise OtherNumber where it has another one, and what `set_number` raises.
        """

        def news(_: Order, parcel: Parcel) -> Event:
            if parcel.tracking and (parcel.carrier, parcel.tracking) != (asked.carrier, asked.tracking_number):
                raise OtherNumber(parcel.tracking)
            return self._numbered(parcel, asked, by)

        return self._sent(name, asked, news)

    def take_back(self, name: str, by: Actor) -> Order:
        """Take back a parcel that was handed over by mistake; raise CannotPack where it is too late, NotFound, Busy."""
        return self._parcel(name, {ParcelState.SHIPPED}, lambda n: TakenBack(n, by), ParcelState.PACKED)

    def tracked(self, name: str, event: Tracked) -> Order:
        """Enter a carrier's news of a parcel, which only leads forward; raise NotFound, Busy."""
        number, _ = _named(name)
        return self._change(number, lambda _: event)

    def looked(self, number: str, again: datetime | None) -> Order:
        """Note that carriers were asked about an order's parcels, and when they are again; raise NotFound, Busy."""
        return self._change(number, lambda _: Looked(again))

    def came_back(self, name: str, by: Actor) -> Order:
        """Note that a parcel is in the village again; raise CannotPack, NotFound, Busy."""
        sent = {ParcelState.SHIPPED, ParcelState.UNDERWAY, ParcelState.RETURNING, ParcelState.DELIVERED}
        return self._parcel(name, sent, lambda n: CameBack(n, by), ParcelState.RETURNED)

    def send_again(self, name: str, by: Actor) -> Order:
        """Have what came back packed once more; raise CannotPack, NotFound, Busy."""
        return self._parcel(name, {ParcelState.RETURNED}, lambda n: SentAgain(n, by), ParcelState.RESENT)

    # ---- Whose goods they are ----

    def _is_own(self, sku: str) -> bool:
        """Whether a SKU is of this bench's goods; what has left the catalogue is no workshop's."""
        product = self.stage.catalog.product_of.get(sku)
        return self.goods is None or (product is not None and product.id in self.goods)

    def _of_own(self, entry: BoardEntry) -> BoardEntry | None:
        """What the board shows of an entry here; None where nothing of it is of this bench's goods."""
        units = tuple(one for one in entry.units if self._is_own(one[0]))
        return msgspec.structs.replace(entry, units=units) if units else None

    def _refuse_others(self, skus: Iterable[str], every: bool = False) -> None:
        """Raise CannotPack where none of these SKUs is of this bench's goods, or, with `every`, not all of them."""
        if self.goods is not None and not (all if every else any)(map(self._is_own, skus)):
            raise CannotPack(PackFault.OTHER_WORKSHOP)

    def _own_lines(self, order: Order, asked: Sequence[PackLine] | None) -> Sequence[PackLine]:
        """The units that are asked for; where none are named all that are left of this bench's goods."""
        if asked is not None:
            return asked
        left: Counter[str] = Counter()
        for line, units in zip(order.lines, to_pack(order), strict=True):
            if units > 0 and self._is_own(line.sku):
                left[line.sku] += units
        return [PackLine(sku, units) for sku, units in left.items()]

    def _own_parcel(self, order: Order, n: int) -> Parcel:
        parcel = _parcel_of(order, n)
        self._refuse_others(order.lines[one.line].sku for one in parcel.lines)
        return parcel

    # ---- How it is written ----

    @property
    def _follows(self) -> bool:
        """Whether the shop has a carriers' service that knows of parcels on their way."""
        return bool(self.stage.settings.track)

    def _numbered(self, parcel: Parcel, asked: BearNumber, by: Actor) -> NumberSet:
        return NumberSet(parcel.n, asked.carrier, asked.tracking_number, by, self._follows)

    def _print(self, number: str, wave: str, by: Actor) -> Order | None:
        """The order with its label in this wave; None where it is over, or in another wave since."""

        def news(order: Order) -> Event | None:
            refuse_packing(order, order.revision, ())
            current = order.printed is not None and order.printed.revision == order.revision
            return None if current else Printed(by, wave)

        try:
            order = self._change(number, news)
        except (CannotPack, NotFound):
            return None
        return order if order.printed and order.printed.wave == wave else None

    def _parcel(self, name: str, of: Collection[ParcelState], event: Callable[[int], Event], to: ParcelState) -> Order:
        """Put an event to the parcel of this name, where it is in any `of` these states; `to` is where that leads."""

        def news(order: Order) -> Event | None:
            parcel = self._own_parcel(order, n)
            if parcel.state is to:
                return None
            if parcel.state not in of:
                raise CannotPack(PackFault.PACKED if parcel.state in HERE else PackFault.SHIPPED)
            return event(n)

        number, n = _named(name)
        return self._change(number, news)

    def _sent(self, name: str, asked: BearNumber, news: Callable[[Order, Parcel], Event | None]) -> Order:
        """Put news of a parcel to its order, and with it, by one write, the carrier's number to the parcel."""

        def event(order: Order) -> Event | None:
            parcel = self._own_parcel(order, n)
            if parcel.state in GONE:
                raise CannotPack(PackFault.NO_PARCEL)
            return news(order, parcel)

        def guarded(order: Order, after: Order, transaction: Transaction) -> None:
            if asked.tracking_number:
                to, now = order.recipient or order.number, self.stage.clock()
                transaction.bear(Waybill(asked.carrier, asked.tracking_number, name, to, now))
            if _parcel_of(order, n).state in HERE and _parcel_of(after, n).state not in HERE:
                transaction.not_recalled(batches_in(order, lots_in(order)[n]))

        number, n = _named(name)
        return self._change(number, event, guarded)

    def _frozen(self, order: Order, after: Order, transaction: Transaction) -> None:
        """What is packed gets its batches' passports, as the goods are now, and is of no recalled batch."""
        packed = after.parcels[len(order.parcels) :]
        batches = batches_in(after, (lot for parcel in packed for lot in parcel.lots))
        transaction.freeze(((sku, day, self._shown(order, sku)) for sku, day in batches), self.stage.clock())
        transaction.list_for(batches, order.number)

    def _shown(self, order: Order, sku: str) -> str:
        """The digest of what is said of the goods now; where they have left the catalogue, when they were sold."""
        product = self.stage.catalog.product_of.get(sku)
        if product:
            return shown(self.stage.catalog, product)[0]
        return next(line.shown for line in order.lines if line.sku == sku)

    def _change(
        self,
        number: str,
        news: Callable[[Order], Event | None],
        guarded: Callable[[Order, Order, Transaction], None] = lambda *_: None,
    ) -> Order:
        """Put the news to the order as it is now, again while others change it; the order as it then is.

        `guarded` adds to the transaction what must hold, or is written, beside the order before and after.
        """

        def own_news(order: Order) -> Event | None:
            self._refuse_others(line.sku for line in order.lines)
            return news(order)

        try:
            return change(self.store, self.stage.clock, number, own_news, guarded)
        except NumberTaken:
            raise CannotPack(PackFault.NUMBER_TAKEN) from None
        except BatchRecalled:
            raise CannotPack(PackFault.RECALLED) from None


def _named(name: str) -> tuple[str, int]:
    known = parcel_in(name)
    if known is None:
        raise NotFound("there is no such parcel")
    return known


def _parcel_of(order: Order, n: int) -> Parcel:
    parcel = next((one for one in order.parcels if one.n == n), None)
    if parcel is None:
        raise NotFound("there is no such parcel")
    return parcel


def _refuse_other_carrier(parcel: Parcel, asked: BearNumber) -> None:
    """Raise CannotPack where the carrier that was chosen is not the one whose number the parcel bears.

    A list at the door that stands on another carrier must not take a parcel from its own; a number of the new one does.
    """
    if not parcel.tracking or parcel.carrier == asked.carrier:
        return
    same = asked.tracking_number == parcel.tracking
    fits = looks_odd(parcel.carrier, parcel.tracking) or not looks_odd(asked.carrier, asked.tracking_number)
    if not asked.tracking_number or (same and not fits):
        raise CannotPack(PackFault.OTHER_CARRIER)


def _parcel_lines(order: Order, lines: Sequence[PackLine] | None) -> tuple[ParcelLine, ...]:
    """The units asked for, on the order's lines of their SKUs, the first line first; raises CannotPack for too many."""
    left = [max(units, 0) for units in to_pack(order)]
    taken = Counter({index: units for index, units in enumerate(left) if lines is None})
    for one in lines or ():
        units = one.quantity
        for index, line in enumerate(order.lines):
            if line.sku == one.sku:
                step = min(units, left[index] - taken[index])
                taken[index] += step
                units -= step
        if units:
            raise CannotPack(PackFault.TOO_MANY)
    return tuple(ParcelLine(index, units) for index, units in sorted(taken.items()) if units > 0)
