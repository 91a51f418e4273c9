"""Reconciliation: the providers' own statements against the ledger, row by row and entry by entry.

It mends nothing but its own note of what each statement has said: a difference wants a person's eyes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from chalicelib.domain.orders.model import RefundState
from chalicelib.domain.payments.attempts import named
from chalicelib.domain.payments.ledger import Billed, LedgerEntry, entries
from chalicelib.domain.payments.news import DisputeState, Row, RowKind
from chalicelib.domain.payments.strays import number_of
from chalicelib.payments.port import Away, Declined, Provider
from chalicelib.storage.payments.ledger import LedgerLine
from chalicelib.storage.store import Store

DAYS = 3
"""Days back of which statements are looked at: what is late in ours or in theirs is there by then."""


class Wrong(StrEnum):
    """What is wrong: only the provider has it, or has it twice, or it went back although it was not to; only we have
    it; amounts or fees differ; it is a dispute or a row that we know no rule for; or there is no statement.
    """

    THEIRS = "only_theirs"
    OURS = "only_ours"
    AMOUNT = "amount"
    FEE = "fee"
    DISPUTE = "dispute"
    UNKNOWN = "unknown"
    MISSING = "no_statement"


class Discrepancy(msgspec.Struct, frozen=True, order=True):
    """One difference on a `day`: `theirs` and `ours` are amounts in fen. `about` is the payment, refund or row."""

    day: date
    provider: str
    wrong: Wrong
    kind: str = ""
    about: str = ""
    order: str = ""
    theirs: int = 0
    ours: int = 0
    line: int = 0

    def __str__(self) -> str:
        """Return it in one line."""
        parts = [f"{self.day} {self.provider}", self.wrong.replace("_", " "), self.kind, self.about]
        parts += [f"order {self.order}"] if self.order else []
        parts += [f"theirs {self.theirs}, ours {self.ours} fen"] if self.theirs or self.ours else []
        parts += [f"line {self.line} of the statement"] if self.line else []
        return ", ".join(part for part in parts if part)


def last_days(today: date) -> list[date]:
    """Return the days whose statements are looked at today, the oldest first."""
    return [today - timedelta(days=back) for back in range(DAYS, 0, -1)]


def reconcile(store: Store, providers: Mapping[str, Provider], days: Sequence[date], today: date) -> list[Discrepancy]:
    """Hold the statements of these days against the ledger; return what differs.

    All statements are read first: what the shop was told late stands in another day's books than in the provider's.
    """
    found = [one for name in providers for one in _of_provider(store, name, providers[name], (days, today))]
    return sorted(found)


def _of_provider(
    store: Store, name: str, provider: Provider, span: tuple[Sequence[date], date]
) -> Iterator[Discrepancy]:
    if name == "sandbox":  # no bank knows of its money
        return
    days, today = span
    books = StatementCheck(store, name, days)
    read = []
    for day in days:
        try:
            rows = [*provider.statement(day)]
        except (Away, Declined) as error:
            yield Discrepancy(day, name, Wrong.MISSING, about=str(error)[:100])
            continue
        read.append(day)
        for row in rows:
            yield from books.hold(day, row)
    for day in read:
        yield from books.left(day, today)


class StatementCheck:
    """The ledger's lines of one provider around some days, as statements are held against them."""

    def __init__(self, store: Store, provider: str, days: Sequence[date]) -> None:
        self.store, self.provider = store, provider
        around = {day + timedelta(days=off) for day in days for off in (-1, 0, 1)}
        self.lines = {day: [one for one in store.ledger.day(day) if one.entry.provider == provider] for day in around}
        self.by_name: dict[tuple[RowKind, str], LedgerLine] = {}
        self.taken: set[tuple[RowKind, str]] = set()
        for line in (line for day in sorted(around) for line in self.lines[day]):
            for id_ in _ids(line.entry):
                self.by_name[line.entry.kind, id_] = line

    def hold(self, day: date, row: Row) -> Iterator[Discrepancy]:
        """Hold a row of the day's statement against the ledger, and note there what it says."""
        about = row.key or row.refund or row.payment or row.reference
        found = Discrepancy(day, self.provider, Wrong.THEIRS, row.kind, about, theirs=row.amount, line=row.line)
        if row.kind in (RowKind.OTHER, RowKind.FEE):
            wrong = Wrong.FEE if row.kind is RowKind.FEE else Wrong.UNKNOWN
            yield msgspec.structs.replace(found, wrong=wrong, about=row.detail or about)
            return
        line = self._line(row)
        if line is None:
            wrong = Wrong.DISPUTE if row.kind is RowKind.DISPUTE else Wrong.THEIRS
            yield msgspec.structs.replace(found, wrong=wrong)
            return
        entry, name = line.entry, (line.entry.kind, line.entry.id)
        found = msgspec.structs.replace(found, order=entry.order, ours=entry.amount)
        seen = line.billed
        if name in self.taken or (seen and seen.day != day):
            yield found  # the provider has it twice
            return
        self.taken.add(name)
        if not entry.counts:
            yield found  # it went back, and the provider has said that it never would
        if (row.amount, row.currency) != (entry.amount, entry.currency):
            yield msgspec.structs.replace(found, wrong=Wrong.AMOUNT)
        if seen and (seen.fee, seen.fee_currency) != (row.fee, row.fee_currency):
            yield msgspec.structs.replace(found, wrong=Wrong.FEE, theirs=row.fee, ours=seen.fee)
        billed = Billed(day, row.line, row.amount, row.fee, row.fee_currency)
        if billed != seen:
            self.store.ledger.bill(entry, billed)

    def left(self, day: date, today: date) -> Iterator[Discrepancy]:
        """Say which of the day's entries no statement has."""
        for line in self.lines[day]:
            entry = line.entry
            if line.billed or (entry.kind, entry.id) in self.taken or not self._is_due(entry, today):
                continue
            yield Discrepancy(
                day, self.provider, Wrong.OURS, entry.kind, entry.id, order=entry.order, ours=entry.amount
            )

    def _is_due(self, entry: LedgerEntry, today: date) -> bool:
        """Whether a statement must have it by now: a refund goes on for days, and no dispute is in any but Stripe's."""
        if entry.kind is RowKind.DISPUTE:
            return self.provider == "stripe" and entry.state == DisputeState.OPEN
        if entry.kind is RowKind.REFUND:
            waits = 2 if entry.state == RefundState.DONE else DAYS
            return entry.counts and (today - entry.day).days >= waits
        return True

    def _line(self, row: Row) -> LedgerLine | None:
        """The line that a row is about: of the days around, else by the order or the stray money that it names."""
        for id_ in _names(row):
            if line := self.by_name.get((row.kind, id_)):
                return line
        if row.kind is RowKind.DISPUTE:
            return self._free(line for lines in self.lines.values() for line in lines if _is_of(line.entry, row))
        for entry in self._elsewhere(row):
            if entry.kind is row.kind and entry.provider == self.provider and {*_ids(entry)} & {*_names(row)}:
                return self.store.ledger.find(entry)
        if row.kind is RowKind.REFUND and not row.key:  # of its order it says the amount alone
            free = (line for lines in self.lines.values() for line in lines if line.entry.kind is RowKind.REFUND)
            return self._free(line for line in free if _is_of(line.entry, row))
        return None

    def _free(self, lines: Iterable[LedgerLine]) -> LedgerLine | None:
        return next((line for line in lines if (line.entry.kind, line.entry.id) not in self.taken), None)

    def _elsewhere(self, row: Row) -> Iterator[LedgerEntry]:
        numbers: list[tuple[str, str]] = [("stray", number_of(self.provider, row.payment))]
        if known := named(row.reference):
            numbers.insert(0, ("order", known[0]))
        for kind, number in numbers:
            yield from entries(self.store.load(kind, number))


def _ids(entry: LedgerEntry) -> list[str]:
    return [entry.id, *([entry.refund] if entry.refund else [])]


def _names(row: Row) -> list[str]:
    if row.kind is RowKind.PAYMENT:
        return [row.payment]
    return [name for name in (row.key, row.refund, f"console-{row.refund}" if row.refund else "") if name]


def _is_of(entry: LedgerEntry, row: Row) -> bool:
    return entry.kind is row.kind and entry.payment == row.payment and entry.amount == row.amount
