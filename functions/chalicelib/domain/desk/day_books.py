"""The books of a day as sums: what came, went back and was kept, by provider, goods, village, room and reason.

Pure rules, no I/O. All of it follows from the day's ledger and its orders, so it can be worked out anew at any time:
what a statement says later, or a refund that failed after all, changes the sums of the day that it is of.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from chalicelib.domain.aggregate import Stored
from chalicelib.domain.desk.portions import Portion, portions
from chalicelib.domain.orders.model import Order
from chalicelib.domain.payments.ledger import Billed, LedgerEntry
from chalicelib.domain.payments.news import CURRENCY, DisputeState, RowKind

Rows = dict[str, dict[str, int]]
"""Sums by what they are of, and by column."""
COLUMNS: dict[str, tuple[str, ...]] = {
    "all": ("orders", "goods", "back", "postage", "postage_back", "other", "other_back"),
    "goods": ("units", "fen", "back_units", "back"),
    "villages": ("units", "fen", "back_units", "back"),
    "rooms": ("units", "fen", "back_units", "back"),
    "providers": ("payments", "came", "refunds", "went", "claimed", "fees", "unbilled"),
    "reasons": ("refunds", "went"),
    "foreign": ("came", "went"),
}
"""The tables of sums; in fen, but for `orders`, `payments`, `refunds`, `units`, `back_units`, `unbilled`, which count.

`other` is what came for no sale (paid twice, too late, or by nobody known), `claimed` what banks took for buyers less
what they gave back, `unbilled` how many payments no statement has told of yet; `foreign` is by currency.
"""
STRAY = "stray"
"""The reason of a refund of money that was no order's."""


class BookSums(Stored, frozen=True):
    """Sums, by table, by what they are of, and by column (`COLUMNS`); what is not there is 0."""

    tables: Mapping[str, Rows] = {}

    def rows(self, table: str) -> Rows:
        """Return a table's rows."""
        return self.tables.get(table, {})

    def of(self, column: str, table: str = "providers") -> int:
        """Return what a column of a table comes to."""
        return sum(row.get(column, 0) for row in self.rows(table).values())

    @property
    def rest(self) -> int:
        """What is left: what came, less what went back, what banks claim, and fees; in fen."""
        return self.of("came") - self.of("went") - self.of("claimed") - self.of("fees")


class DayBooks(Stored, frozen=True):
    """The sums of a day, as they were worked out `at` an instant."""

    day: date
    at: datetime
    sums: BookSums = BookSums()


def total(sums: Iterable[BookSums]) -> BookSums:
    """Return what several sums come to together."""
    adding = Adding()
    for one in sums:
        for table, rows in one.tables.items():
            for name, row in rows.items():
                adding.add(table, name, **row)
    return adding.sums()


def sums_of(
    lines: Sequence[tuple[LedgerEntry, Billed | None]], orders: Mapping[str, Order], village_of: Callable[[str], str]
) -> BookSums:
    """Return the sums of a day's ledger; `orders` are those that it names, and `village_of` tells a SKU's village.

    What a refund that failed was of has not moved, and counts for nothing.
    """
    adding = Adding(village_of)
    for entry, billed in lines:
        if not entry.counts:
            continue
        if entry.currency != CURRENCY:
            way = "came" if entry.kind is RowKind.PAYMENT else "went"
            adding.add("foreign", entry.currency, **{way: entry.amount})
            continue
        adding.entry(entry, orders.get(entry.order))
        if billed and billed.fee_currency == CURRENCY:
            adding.add("providers", entry.provider, fees=billed.fee)
        elif entry.kind is RowKind.PAYMENT and not billed and entry.provider != "sandbox":
            adding.add("providers", entry.provider, unbilled=1)
    return adding.sums()


class Adding:
    """Sums that grow, entry by entry."""

    def __init__(self, village_of: Callable[[str], str] = str) -> None:
        self.village_of = village_of
        self.tables: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, table: str, name: str, **columns: int) -> None:
        """Add to the columns of a row."""
        for column, number in columns.items():
            if number:
                self.tables[table][name][column] += number

    def sums(self) -> BookSums:
        """Return what they have come to."""
        return BookSums(
            {
                table: {name: dict(sorted(row.items())) for name, row in sorted(rows.items())}
                for table, rows in sorted(self.tables.items())
            }
        )

    def entry(self, entry: LedgerEntry, order: Order | None) -> None:
        """Add a movement of yuan, and what it was for."""
        sale = order if order is not None and entry.payment == order.payment else None
        if entry.kind is RowKind.PAYMENT:
            self.add("providers", entry.provider, payments=1, came=entry.amount)
            self._sold(entry, sale)
        elif entry.kind is RowKind.REFUND:
            self.add("providers", entry.provider, refunds=1, went=entry.amount)
            self._went(entry, order, sale)
        else:
            sign = -1 if entry.state == DisputeState.WON else 1
            self.add("providers", entry.provider, claimed=sign * entry.amount)

    def _sold(self, entry: LedgerEntry, order: Order | None) -> None:
        if order is None or order.total != entry.amount:
            self.add("all", "", other=entry.amount)
            return
        self.add("all", "", orders=1, postage=order.postage)
        for line in order.lines:
            self._goods(order, line.sku, units=line.quantity, fen=line.quantity * line.unit_price)
            self.add("all", "", goods=line.quantity * line.unit_price)

    def _went(self, entry: LedgerEntry, order: Order | None, sale: Order | None) -> None:
        refund = next((one for one in order.refunds if one.key == entry.id), None) if order else None
        reason = (refund.reason or "unknown") if refund else STRAY
        self.add("reasons", reason, refunds=1, went=entry.amount)
        portion: Portion | None = portions(sale)[0].get(entry.id) if sale else None
        if sale is None or portion is None:
            self.add("all", "", other_back=entry.amount)
            return
        self.add("all", "", postage_back=portion.postage, other_back=portion.over, back=sum(portion.fen))
        for line, fen, units in zip(sale.lines, portion.fen, portion.units, strict=True):
            self._goods(sale, line.sku, back_units=units, back=fen)

    def _goods(self, order: Order, sku: str, **columns: int) -> None:
        self.add("goods", sku, **columns)
        self.add("villages", self.village_of(sku), **columns)
        if order.room and order.signed:
            self.add("rooms", order.room, **columns)
