"""Asking buyers where a promise cannot be kept: some of a batch is not made, or the day is too short to pack all of it.

That so many units are not made is declared first, and who is asked follows from what is then promised beyond it: by the
rule of short_day.py, among those who have not been asked. So all of it can be done again, and cut off half-way: the
sweep goes on each minute, and asks again where answers leave something missing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import count, islice

import msgspec

from chalicelib.domain.actor import SCHEDULE, Actor
from chalicelib.domain.calendar import village_day
from chalicelib.domain.commands import ReportShortDay
from chalicelib.domain.conflicts import TRIES, Short, Stale, retrying
from chalicelib.domain.errors import Fault, Invalid, NotFound, TooScattered
from chalicelib.domain.keys import IDEMPOTENCY_KEY
from chalicelib.domain.orders.answers import held, may_be_asked
from chalicelib.domain.orders.events import QuestionAsked
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.questions import ALL_GOODS, ANSWER_WITHIN, Question, QuestionLine, QuestionReason
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.packing.board import BoardStage
from chalicelib.domain.packing.short_day import BatchClaim, propose
from chalicelib.domain.stock.promise import Part, TooFew, promise
from chalicelib.services.drops import tidy
from chalicelib.services.planning import Made, fall_short, made
from chalicelib.services.stage import Clock
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

TRIES_TO_RESERVE = 4
"""How often later units are looked for where others take them: then money, or a part, is all that is offered."""
MOST_AT_ONCE = 100
"""Orders that one request asks, a few seconds' work; the next minute goes on with the others."""
ROUNDS = 5
"""How often it is looked anew whom to ask, where orders change meanwhile; the next minute goes on."""
UNPACKED = frozenset({BoardStage.TO_PRINT, BoardStage.PRINTED, BoardStage.OUTDATED})
"""Stages of the board in which something of an order is still to be packed."""


class AskedOrder(msgspec.Struct, frozen=True):
    """An order whose buyer is asked, and the question with what became of it."""

    order: Order
    question: Question


class ShortDay(msgspec.Struct, frozen=True):
    """How a short day stands: `units` that were said not to be made, and who is asked about them.

    `waiting` units are asked about and not answered yet; for `missing` units nobody is left who could be asked, or the
    next minute asks.
    """

    sku: str
    ship_by: date
    units: int
    missing: int
    waiting: int
    asked: Sequence[AskedOrder]


class Questions:
    """The questions that a shop asks its buyers."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def report_short(self, asked: ReportShortDay, key: str, by: Actor) -> ShortDay:
        """Have fewer units made than were declared, once for each `key`, and ask whom the rule names.

        Raise NotFound, NotNow and Invalid as `fall_short` does, Invalid for a day that is over, KeyReused, Busy.
        """
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise Invalid([Fault("/Idempotency-Key", "the header Idempotency-Key: 16 to 64 letters, digits, _ and -")])
        if asked.ship_by < village_day(self.clock()):
            raise Invalid([Fault("/ship_by", "that day is over")])
        name = f"short-{hashlib.sha256(f'{asked.sku} {key}'.encode()).hexdigest()[:24]}"
        fall_short(self.store, self.clock(), asked, name)
        self.go_on(asked.sku, asked.ship_by, by)
        return self.short_day(asked.sku, asked.ship_by)

    def short_day(self, sku: str, ship_by: date) -> ShortDay:
        """Return how the short day of a batch stands; raise NotFound where there is no such batch."""
        asked = self._asked(sku, ship_by, self.store.orders.load_many(self.store.questions.orders(sku, ship_by)))
        found = made(self.store, sku, ship_by).get(ship_by)
        if found is None or found.own is None:
            raise NotFound(f"there is no batch of {sku} for {ship_by}")
        waiting = _waiting(asked)
        return ShortDay(sku, ship_by, found.own.unmade, max(found.beyond - waiting, 0), waiting, asked)

    def go_on(self, sku: str, ship_by: date, by: Actor = SCHEDULE) -> None:
        """Ask whom the rule names for what is missing and not asked about yet; again asks nobody else. Raise Busy."""
        for _ in range(ROUNDS):
            wanted = self._wanted(sku, ship_by)
            if not wanted:
                break
            now = dict(islice(wanted.items(), MOST_AT_ONCE))
            self.store.questions.add(sku, ship_by, now)
            for number, units in now.items():
                self._ask(number, Question(QuestionReason.SHORT, sku, ship_by, (), *self._time(), by=by), units)
            if len(now) < len(wanted):
                break

    def ask_late(self, numbers: Sequence[str], by: Actor) -> list[AskedOrder]:
        """Ask the buyers of orders that will not be packed in time, each once a day that is promised; return those.

        Who is packed, cancelled, or promised for a later day meanwhile is not asked. Raise Busy.
        """
        today = village_day(self.clock())
        self.store.questions.add(ALL_GOODS, today, numbers)
        for number in dict.fromkeys(numbers):
            self._ask(number, Question(QuestionReason.LATE, ALL_GOODS, today, (), *self._time(), by=by), None)
        return self._asked(ALL_GOODS, today, self.store.orders.load_many(dict.fromkeys(numbers)))

    # ---- Whom ----

    def _wanted(self, sku: str, ship_by: date) -> dict[str, int]:
        """Orders to be asked, and for how many units each; the latest payer first.

        Orders are read before the stock: an answer between the two makes fewer units missing, so nobody too many is
        asked.
        """
        listed = self.store.questions.orders(sku, ship_by)
        board = [
            one.number
            for one in self.store.orders.board()
            if one.stage in UNPACKED and one.ship_by >= ship_by and any(sku == other for other, _ in one.units)
        ]
        orders = self.store.orders.load_many(dict.fromkeys([*listed, *board]))
        waiting = _waiting(self._asked(sku, ship_by, orders))
        shelf = tidy(self.store, sku, self.clock())
        selling = {drop.id for drop in shelf.drops if self.clock() < drop.closes}
        missing = made(self.store, sku, ship_by).get(ship_by, Made()).beyond - waiting
        if missing <= 0:
            return {}
        probe = Question(QuestionReason.SHORT, sku, ship_by, (), self.clock(), self.clock())
        claims: dict[str, BatchClaim] = {}
        for order in orders:
            line = _line_of(order, probe)
            if line is not None and order.lines[line].drop not in selling:
                claims[order.number] = _claim(order, probe, line)
        wanted: dict[str, int] = {}
        for one in propose(missing, claims.values()):
            left = one.units
            for claim in sorted((claims[number] for number in one.orders), key=lambda claim: claim.paid, reverse=True):
                units = min(left, claim.units)
                left -= units
                if units:
                    wanted[claim.order] = claim.units if claim.drop else units
        return wanted

    def _asked(self, sku: str, ship_by: date, orders: Iterable[Order]) -> list[AskedOrder]:
        found = ((order, one) for order in orders for one in order.questions)
        asked = [AskedOrder(order, one) for order, one in found if (one.sku, one.day) == (sku, ship_by)]
        return sorted(asked, key=lambda one: (one.question.at, one.order.number))

    # ---- How ----

    def _time(self) -> tuple[datetime, datetime]:
        now = self.clock()
        return now, now + ANSWER_WITHIN

    def _ask(self, number: str, question: Question, units: int | None) -> None:
        """Put the question to the order as it is now: of so many units of one line, or of all that it has (None)."""

        tries = count(1)

        def attempt() -> bool | None:
            order = self.store.orders.load(number)
            if order is None:
                return True
            lines = self._lines(order, question, units)
            if next(tries) > TRIES_TO_RESERVE:
                lines = tuple(QuestionLine(one.line, one.quantity) for one in lines)
            event = QuestionAsked(msgspec.structs.replace(question, lines=lines))
            after = decide(order, event, self.clock())
            if after is order:
                return True  # it was asked, packed or cancelled meanwhile
            try:
                self.store.commit(Transaction().save(order, after))
            except (Short, Stale, TooScattered):
                return None
            return True

        retrying(TRIES, "others change this order at the same time: ask again", attempt)

    def _lines(self, order: Order, question: Question, units: int | None) -> tuple[QuestionLine, ...]:
        if units is None:
            if order.ship_by > question.day:
                return ()
            wanted = {index: held(order, question, index) for index in range(len(order.lines))}
        else:
            line = _line_of(order, question)
            if line is None:
                return ()
            wanted = {line: min(units, held(order, question, line))}
        after = max(question.day, village_day(self.clock())) + timedelta(days=1)
        return tuple(
            QuestionLine(index, some, self._reserved(order.lines[index].sku, some, after))
            for index, some in wanted.items()
            if some
        )

    def _reserved(self, sku: str, units: int, day: date) -> tuple[Part, ...]:
        """Units of the first days from `day` on that have them; none where too few are left."""
        try:
            return promise(units, self.store.stock.batches(sku, day))
        except TooFew:
            return ()


def _line_of(order: Order, question: Question) -> int | None:
    """The order's line that a question about a batch may be of; None where it is asked already, or holds none of it."""
    if not may_be_asked(order) or any(one.is_same(question) for one in order.questions):
        return None
    lines = [index for index, line in enumerate(order.lines) if line.sku == question.sku]
    return next((index for index in lines if held(order, question, index)), None)


def _claim(order: Order, question: Question, line: int) -> BatchClaim:
    paid = next((one.at for one in order.history if one.event is State.PAID), order.placed)
    buyer = order.lookup or order.recipient or order.number
    return BatchClaim(order.number, buyer, held(order, question, line), paid, bool(order.lines[line].drop))


def _waiting(asked: Iterable[AskedOrder]) -> int:
    """Units of questions that are open."""
    return sum(one.question.units for one in asked if one.question in one.order.open_questions)


def told_by(order: Order, texts: bool) -> str:
    """Return how the buyer hears of it: "mail", "sms" where the shop sends `texts`, or "" where somebody must call."""
    if order.email:
        return "mail"
    return "sms" if texts and order.ship_to.textable else ""
