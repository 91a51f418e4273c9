"""The books of days and months: made of the ledger, kept once a day is over, and made anew where the ledger changed."""

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.catalog import Catalog
from chalicelib.domain.calendar import village_day
from chalicelib.domain.desk.day_books import BookSums, DayBooks, sums_of, total
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.services.stage import Clock
from chalicelib.storage.desk.books import StoredBooks
from chalicelib.storage.payments.ledger import LedgerLine
from chalicelib.storage.store import Store

CATCH_UP = 62
"""Days back that the night looks at: refunds take weeks now and then, and a night may have been missed."""


class SpanBooks(NamedTuple):
    """The books of some days: of each by itself, and together; `stale` are days whose ledger has changed since."""

    span: str
    days: Sequence[DayBooks]
    sums: BookSums
    stale: Sequence[date]


class ShopBooks:
    """The books of a shop."""

    def __init__(self, catalog: Catalog, store: Store, clock: Clock) -> None:
        self.catalog, self.store, self.clock = catalog, store, clock

    @property
    def today(self) -> date:
        """The village's day."""
        return village_day(self.clock())

    def make(self, day: date) -> DayBooks:
        """Make a day's books of its ledger as it is now, and keep them; the same again changes nothing."""
        changes = self.store.books.load(day).changes
        books = self.look(day)
        self.store.books.save(books, changes)
        return books

    def look(self, day: date) -> DayBooks:
        """Return a day's books as its ledger has them now, without keeping them."""
        lines = self.store.ledger.day(day)
        return DayBooks(day, self.clock(), self.sums(lines))

    def sums(self, lines: Sequence[LedgerLine]) -> BookSums:
        """Return what some lines of the ledger come to."""
        numbers = dict.fromkeys(line.entry.order for line in lines if line.entry.order)
        orders = {order.number: order for order in self.store.orders.load_many(numbers)}
        return sums_of([(line.entry, line.billed) for line in lines], orders, self._village_of)

    def close(self, so_long: Callable[[], bool] = lambda: True) -> list[date]:
        """Make the books of all days that are over and lack them, or whose ledger has changed; return which.

        The earliest first, as long as `so_long`: whoever goes on later finds what is left.
        """
        over = [self.today - timedelta(days=back) for back in range(CATCH_UP, 0, -1)]
        stored = self.store.books.load_many(over)
        made = []
        for day in over:
            known = stored.get(day)
            # Of a day before the shop's first there is nothing; yesterday is closed also where nothing was sold.
            if (known.stale if known else day == over[-1]) and so_long():
                self.store.begin()
                self.make(day)
                made.append(day)
        return made

    def of(self, span: str) -> SpanBooks:
        """Return the books of a day or a month, as 2026-11-26 or 2026-11.

        Those of today, and of a day that is not closed yet, are made of the ledger as it is.

        Raise Invalid for what is neither, or is still to come.
        """
        days = [day for day in days_of(span) if day <= self.today]
        if not days:
            raise Invalid([Fault("/span", f"{span} is still to come")])
        stored = self.store.books.load_many(days)
        found, stale = [], []
        for day in days:
            known = stored.get(day, StoredBooks())
            if day == self.today or (known.stale and (len(days) == 1 or known.books is None)):
                found.append(self.look(day))
            elif known.books:
                found.append(known.books)
                stale.extend([day] if known.stale else [])
        return SpanBooks(span, found, total(one.sums for one in found), stale)

    def _village_of(self, sku: str) -> str:
        product = self.catalog.product_of.get(sku)
        return product.village if product else ""


def days_of(span: str) -> list[date]:
    """Return the days of a day or a month, as 2026-11-26 or 2026-11; raise Invalid where it is neither."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}", span, re.ASCII):
            year, month = map(int, span.split("-"))
            return [date(year, month, day + 1) for day in range(calendar.monthrange(year, month)[1])]
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", span, re.ASCII):
            return [date.fromisoformat(span)]
    except (ValueError, calendar.IllegalMonthError):
        pass
    raise Invalid([Fault("/span", f"{span[:20]} is no day and no month: write it as 2026-11-26 or 2026-11")])
