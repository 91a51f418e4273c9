"""Finding orders at the desk, by what was typed, or by lists of days.

Rows and terms are hints, a second behind: what they lead to is read, and shown only where it fits as it is now. Each
answer costs a bounded number of queries and of rows; what lies behind them is asked for by its cursor.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from chalicelib.domain.calendar import VILLAGE, village_day
from chalicelib.domain.desk.commands import FindOrders
from chalicelib.domain.desk.rows import TAIL, OrderRow, ends_with, name_words, phone_begins, row_of, tail_term, terms_by
from chalicelib.domain.desk.typed import Meaning
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.keys import NUMBER
from chalicelib.domain.mailbox import mailbox
from chalicelib.domain.orders.model import Order
from chalicelib.services.stage import Stage
from chalicelib.storage.desk.search import instant_of, place_of
from chalicelib.storage.keys import instant
from chalicelib.storage.store import Store

PAGE = 20
"""Orders of one answer."""
MOST_ROWS = 200
"""Rows of each partition of a day that one answer looks through: 800 of a day, some 17 read units."""
MOST_DAYS = 3
"""Days that one answer looks through."""
KEPT_FOR = timedelta(days=4 * 366)
"""How far back lists go: orders are kept three years."""
MOST_FOUND = 100
"""Orders under one term that are read."""


class FoundOrders(msgspec.Struct, frozen=True):
    """Orders that were found, the latest first; `cursor` goes on with further ones; empty: there are none."""

    meaning: Meaning
    orders: tuple[Order, ...] = ()
    cursor: str = ""


class Finder:
    """The desk's search of a shop."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store, self.keys = stage, store, stage.keys

    def find(self, asked: FindOrders) -> FoundOrders:
        """Return the orders that are meant, a page of them; raise Invalid for a cursor of another answer, Busy."""
        meaning, words = asked.typed.meaning, asked.typed.words
        if meaning in (Meaning.SHORT, Meaning.NOTHING):
            return FoundOrders(meaning)
        if meaning is Meaning.SKU:
            return self._listed(msgspec.structs.replace(asked, sku=words))
        if meaning is Meaning.ALL:
            return self._listed(asked)
        numbers = [*dict.fromkeys(self._numbers(meaning, words))][: 2 * MOST_FOUND]
        orders = [one for one in self.store.orders.load_many(numbers) if self._is_meant(one, meaning, words)]
        fitting = [one for one in orders if _fits(row_of(one), asked)]
        return FoundOrders(meaning, tuple(sorted(fitting, key=lambda one: one.placed, reverse=True)[:MOST_FOUND]))

    def _numbers(self, meaning: Meaning, words: str) -> Iterator[str]:
        """Numbers of orders that may be meant."""
        search = self.store.search
        if NUMBER.fullmatch(words):
            yield words
        if meaning is Meaning.NAME:
            for word in sorted(name_words(words), key=len, reverse=True)[:2]:
                for term in terms_by(self.keys, "name", word):
                    yield from search.numbers(term, most=MOST_FOUND)
        if meaning is Meaning.EMAIL:
            for term in terms_by(self.keys, "mail", mailbox(words)):
                yield from search.numbers(term, most=MOST_FOUND)
        if meaning is Meaning.PHONE:
            begins = phone_begins(self.keys, words)
            for term, begin in zip(terms_by(self.keys, "phone", words[-TAIL:]), begins, strict=True):
                yield from search.numbers(term, begin, MOST_FOUND)
        if meaning is Meaning.DIGITS:
            yield from search.numbers(*tail_term("number", words), most=MOST_FOUND)
            for term in terms_by(self.keys, "phone", words[-TAIL:]) if len(words) <= len("13800138000") else ():
                yield from search.numbers(term, most=MOST_FOUND)
        if meaning in (Meaning.DIGITS, Meaning.TRACKING, Meaning.NUMBER):
            yield from search.numbers(*tail_term("tracking", words), most=MOST_FOUND)

    def _is_meant(self, order: Order, meaning: Meaning, words: str) -> bool:
        """Whether it is so of the order as it is now: a term may be that of an address which it had before."""
        if meaning is Meaning.NAME:
            has, whole = name_words(order.ship_to.name), name_words(words)
            return whole[0] in has or (len(whole) > 1 and {*whole[1:]} <= {*has})
        if meaning is Meaning.PHONE:
            return order.ship_to.number == words
        if meaning is Meaning.EMAIL:
            return order.email is not None and mailbox(order.email) == mailbox(words)
        return ends_with(order, words)

    # ---- Lists ----

    def _listed(self, asked: FindOrders) -> FoundOrders:
        found: list[OrderRow] = []
        cursor = ""
        filtered = asked.state or asked.sku or asked.room or asked.ship_by
        for day, before in self._days(asked):
            rows, more = self.store.search.some(day, before, MOST_ROWS if filtered else PAGE + 1)
            for row in rows:
                if _fits(row, asked):
                    found.append(row)
                if len(found) > PAGE:
                    break
            if len(found) > PAGE:
                cursor = place_of(found[PAGE - 1])
                break
            if more:
                cursor = place_of(rows[-1])
                break
        else:
            cursor = "" if asked.day else self._further(asked)
        orders = self.store.orders.load_many([row.number for row in found[:PAGE]])
        fitting = (one for one in orders if _fits(row_of(one), asked))
        ordered = sorted(fitting, key=lambda one: (one.placed, one.number), reverse=True)
        return FoundOrders(asked.typed.meaning, tuple(ordered), cursor)

    def _days(self, asked: FindOrders) -> Iterator[tuple[date, str]]:
        """Days of placing that are looked at, the latest first, and before which place each."""
        place = self._place(asked)
        first = village_day(instant_of(place)) if place else self._latest(asked)
        days = 1 if asked.day else min(MOST_DAYS, first.toordinal())
        for back in range(days):
            yield first - timedelta(days=back), place if not back else ""

    def _latest(self, asked: FindOrders) -> date:
        """An order ships on the day of its placing at the earliest."""
        today = self.stage.today
        return asked.day or min(asked.ship_by or today, today)

    def _further(self, asked: FindOrders) -> str:
        """Where a look at so many days goes on: at the end of the day before them; nowhere once none is kept."""
        *_, (last, _) = self._days(asked)
        if last <= self.stage.today - KEPT_FOR:
            return ""
        return f"{instant(datetime.combine(last, time(), VILLAGE) - timedelta(microseconds=1))}#~"

    def _place(self, asked: FindOrders) -> str:
        try:
            at = instant_of(asked.cursor) if asked.cursor else self.stage.clock()
        except ValueError:
            at = datetime.min
        if at.tzinfo is None or abs(at - self.stage.clock()) > 2 * KEPT_FOR:
            raise Invalid([Fault("/cursor", "the cursor of the answer before")])
        return asked.cursor


def _fits(row: OrderRow, asked: FindOrders) -> bool:
    wanted: Iterable[tuple[object, object]] = (
        (asked.state, row.state),
        (asked.room, row.room),
        (asked.day, village_day(row.placed)),
        (asked.ship_by, row.ship_by),
    )
    return all(not want or want == has for want, has in wanted) and (not asked.sku or asked.sku in row.skus)
