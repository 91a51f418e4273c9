"""The open books of a shop: what became of each day, looked up once it is over, and told as a chain of records.

What was planned and sold follows from the stock. Which orders were promised for the day is known without a scan: those
that its batches were packed for, by the passports, and those that still stand on the packing board.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from chalicelib.domain.actor import BUYER
from chalicelib.domain.calendar import village_day
from chalicelib.domain.desk.kept import DayKept, Record, ShippedGoods, correction, file_of, next_record, standing
from chalicelib.domain.orders.model import SOLD, Order, RefundReason, State
from chalicelib.domain.orders.parcels import GONE, Parcel, ParcelState
from chalicelib.domain.orders.questions import Choice
from chalicelib.domain.orders.shipping import to_pack
from chalicelib.domain.payments.news import CURRENCY, RowKind
from chalicelib.services.planning import made
from chalicelib.services.stage import Stage
from chalicelib.storage.desk.kept import KeptFile
from chalicelib.storage.store import Store

LOOKED_AT_AGAIN = 3
"""Days back that are looked at once more each night: what came late is told by a correction."""
OF_SALES = frozenset({RefundReason.CANCELLED, RefundReason.SELLER, RefundReason.SHORT, RefundReason.CONSOLE})
"""Why money of a sale goes back; what was paid twice or too late was no sale."""


class OpenBooks:
    """The open books of a shop; `seal_of` tells the seal of a day's trail, empty for none."""

    def __init__(self, stage: Stage, store: Store, seal_of: Callable[[date], str] = lambda _: "") -> None:
        self.stage, self.store, self.seal_of = stage, store, seal_of

    def close(self) -> list[Record]:
        """Tell what became of the days that are over, in records that follow the last; return those that are new.

        A night that was missed is made up for. The same again adds nothing but corrections.
        """
        records, yesterday = self.store.kept.records(), self.stage.today - timedelta(days=1)
        known = len(records)
        last = max(standing(records), default="")
        first = date.fromisoformat(last) + timedelta(days=1) if last else yesterday
        self._look(max(first - timedelta(days=LOOKED_AT_AGAIN), yesterday - timedelta(days=60)), yesterday)
        for day in _days(first, yesterday):
            records.append(next_record(records, self._waiting(records, day), self.seal_of(day)))
            self._append(records[-1])
        for name in sorted(standing(records))[-LOOKED_AT_AGAIN:]:
            told = standing(records)[name]["told"]
            span = _days(date.fromisoformat(told["since"]), date.fromisoformat(name)) if told else []
            kept = self.store.books.kept(span)
            if span and len(kept) == len(span) and (record := correction(records, name, [kept[day] for day in span])):
                records.append(record)
                self._append(record)
        return records[known:]

    def publish(self, file: KeptFile) -> None:
        """Write all records into the file of the site."""
        file.write(file_of(self.store.kept.records()))

    def _append(self, record: Record) -> None:
        if not self.store.kept.append(record):
            raise RuntimeError(f"record {record['n']} of the open books was written by another process meanwhile")

    def _waiting(self, records: Sequence[Record], day: date) -> list[DayKept]:
        """What became of the days that no record has told the figures of, up to this one."""
        told = [name for name, record in standing(records).items() if record["told"]]
        since = max(told, default="")
        first = date.fromisoformat(since) + timedelta(days=1) if since else min([*_dates(records), day])
        span = _days(first, day)
        found = self.store.books.kept(span)
        return [found.get(one) or DayKept(day=one) for one in span]

    def _look(self, first: date, last: date) -> None:
        for day in _days(first, last):
            self.store.begin()
            self.store.books.save_kept(self.look(day))

    def look(self, day: date) -> DayKept:
        """Return what became of a day, as things stand now."""
        planned = sold = 0
        numbers: dict[str, None] = dict.fromkeys(one.number for one in self.store.orders.board() if one.ship_by == day)
        batches: dict[str, list[str]] = {}
        for sku in self.store.stock.skus():
            batch = made(self.store, sku, day).get(day)
            if batch is None:
                continue
            planned += batch.units + (batch.own.unmade if batch.own else 0)
            sold += batch.promised
            batches[sku] = self.store.passports.orders(sku, day)
            numbers |= dict.fromkeys(batches[sku])
        orders = {order.number: order for order in self.store.orders.load_many(numbers)}
        promised = [one for one in orders.values() if one.state in SOLD and one.ship_by == day]
        in_time = sum(is_in_time(order, day) for order in promised)
        cancelled, refunds, refunded = self._went_back(day)
        return DayKept(
            day=day,
            planned=planned,
            sold=sold,
            orders=len(promised),
            in_time=in_time,
            late=len(promised) - in_time,
            moved=sum(one.first_ship_by is not None for one in promised),
            agreed=sum(one.first_ship_by is not None and has_agreed(one) for one in promised),
            cancelled=cancelled,
            refunds=refunds,
            refunded=refunded,
            shipped=self._shipped(day, batches, orders),
        )

    def _went_back(self, day: date) -> tuple[int, int, int]:
        """How many orders the shop has cancelled on a day, how many refunds of sales were made, and of how many fen."""
        entries = [line.entry for line in self.store.ledger.day(day) if line.entry.currency == CURRENCY]
        back = [one for one in entries if one.kind is RowKind.REFUND and one.counts and one.order]
        orders = {one.number: one for one in self.store.orders.load_many(dict.fromkeys(one.order for one in back))}
        reasons = {refund.key: refund.reason for order in orders.values() for refund in order.refunds}
        of_sales = [one for one in back if reasons.get(one.id) in OF_SALES]
        cancelled = sum(is_cancelled_by_shop(order, day) for order in orders.values())
        return cancelled, len(of_sales), sum(one.amount for one in of_sales)

    def _shipped(
        self, day: date, batches: Mapping[str, Iterable[str]], orders: Mapping[str, Order]
    ) -> dict[str, ShippedGoods]:
        """What of the day's batches has left the village, and what hands get of each unit."""
        found = {}
        for sku, numbers in batches.items():
            units = sum(_units(orders[number], sku, day) for number in numbers if number in orders)
            pack = self.stage.catalog.packs.get(sku)
            if units:
                found[sku] = ShippedGoods(units, pack.parts.hands if pack and pack.parts else 0)
        return found


def is_in_time(order: Order, day: date) -> bool:
    """Return whether all of an order that is to be sent had left by the end of the day.

    What came back later, and was sent again, had left.
    """
    again = any(one.state is ParcelState.RESENT and _left_by(one, day) for one in order.parcels)
    sent = [one for one in order.parcels if one.state not in GONE]
    return again or (not any(units > 0 for units in to_pack(order)) and all(_left_by(one, day) for one in sent))


def has_agreed(order: Order) -> bool:
    """Return whether its buyer has said yes to a later day."""
    return any(one.choice is Choice.LATER for one in order.questions)


def is_cancelled_by_shop(order: Order, day: date) -> bool:
    """Return whether the shop has cancelled the order on that day: also where its buyer rather took the money when
    they were asked, or said nothing."""
    entry = next((one for one in order.history if one.event is State.CANCELLED), None)
    if entry is None or village_day(entry.at) != day or order.payment is None:
        return False
    return entry.by != BUYER or any(one.choice in (Choice.MONEY, Choice.SILENCE) for one in order.questions)


def _left_by(parcel: Parcel, day: date) -> bool:
    return parcel.handed is not None and village_day(parcel.handed) <= day


def _units(order: Order, sku: str, day: date) -> int:
    sent = (one for one in order.parcels if one.state not in GONE and one.handed)
    lots = (lot for parcel in sent for lot in parcel.lots)
    return sum(lot.quantity for lot in lots if lot.ship_by == day and order.lines[lot.line].sku == sku)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _dates(records: Sequence[Record]) -> list[date]:
    return [date.fromisoformat(record["day"]) for record in records]
