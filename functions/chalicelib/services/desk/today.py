"""How the day stands: what is promised, made and packed, by workshop and day, today's money, and what needs a person.

All of it is read by keys and indexes: the board's index, batches by SKU, today's ledger, figures, and the needs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from chalicelib.domain.calendar import first_on_sale
from chalicelib.domain.desk.needs import Need
from chalicelib.domain.live.figures import ships_scope
from chalicelib.domain.orders.model import RefundState
from chalicelib.domain.packing.board import BoardEntry, BoardStage
from chalicelib.domain.payments.news import RowKind
from chalicelib.services.aftersales.claims import open_claims
from chalicelib.services.packing.questions import UNPACKED
from chalicelib.services.planning import Made, made
from chalicelib.services.stage import Stage
from chalicelib.storage.desk.invoices import ASKED, RED
from chalicelib.storage.payments.ledger import LedgerLine
from chalicelib.storage.store import Store

DAYS = 4
"""Days that are told: today and the next ones, which is as far as most horizons begin."""
STATEMENTS = 14
"""Days back whose statements may still differ: what nobody has seen to in two weeks is on the books' own page."""


class SkuDay(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU's units of one ship-by date: `made` in all, `promised`, `left` on sale; `packed`, of them `handed` over.

    `late` are units of earlier days that are not packed yet; they stand with today. `full`: nothing is left of what is
    made, and the day is still on sale.
    """

    sku: str
    day: date
    made: int
    promised: int
    left: int
    packed: int
    handed: int
    late: int = 0
    full: bool = False


class MoneyToday(msgspec.Struct, frozen=True):
    """What has moved today at a provider, in fen: payments that came, refunds that are asked for or have gone."""

    provider: str
    payments: int
    came: int
    refunds: int
    went: int
    fees: int


class DayNow(msgspec.Struct, frozen=True, kw_only=True):
    """How the day stands; `waits` says how many claims, voices, invoices, and days whose statements differ, wait.

    Orders in the packing room are counted: those of today, those of days that are over, and those to be stopped.
    """

    day: date
    units: Sequence[SkuDay]
    money: Sequence[MoneyToday]
    needs: Sequence[Need]
    waits: Mapping[str, int]
    to_pack: int
    late: int
    stopped: int


def look(stage: Stage, store: Store) -> DayNow:
    """Return how the day stands; raise Busy."""
    today, now = stage.today, stage.clock()
    board = store.orders.board()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    figures = store.figures.read([ships_scope(day) for day in days], [])
    late = _late(board, today)
    first = first_on_sale(now, stage.catalog.shop.calendar)
    units = []
    for sku in dict.fromkeys([*stage.catalog.packs, *late]):
        batches = made(store, sku, today)
        for day in days:
            scope, one = ships_scope(day), batches.get(day, Made())
            told = SkuDay(
                sku=sku,
                day=day,
                made=one.units,
                promised=one.promised,
                left=one.sellable,
                packed=figures.of(scope, f"packed:{sku}"),
                handed=figures.of(scope, f"handed:{sku}"),
                late=late[sku] if day == today else 0,
                full=day >= first and 0 < one.units <= one.promised,
            )
            if told.made or told.promised or told.packed or told.late:
                units.append(told)
    waiting = [one for one in board if one.stage in UNPACKED]
    return DayNow(
        day=today,
        units=units,
        money=money_of(store.ledger.day(today)),
        needs=sorted(store.needs.all(), key=lambda need: (need.kind, need.since)),
        waits=_waits(stage, store),
        to_pack=sum(one.ship_by == today for one in waiting),
        late=sum(one.ship_by < today for one in waiting),
        stopped=sum(one.stage in (BoardStage.STOP, BoardStage.UNPACK) for one in board),
    )


def _waits(stage: Stage, store: Store) -> dict[str, int]:
    """How many of each kind wait for the desk; by lists and counters, each of one query or read."""
    days = [stage.today - timedelta(days=back) for back in range(1, STATEMENTS + 1)]
    return {
        "claims": len(open_claims(store, stage.clock)),
        "voices": store.voices.waiting_count(),
        "books": sum(found.is_open for found in store.books.findings(days).values()),
        "invoices": len(store.listed(ASKED)) + len(store.listed(RED)),
    }


def money_of(lines: Iterable[LedgerLine]) -> list[MoneyToday]:
    """Return what these lines of the ledger come to, by provider; a refund that failed counts for nothing."""
    sums: Mapping[str, Counter[str]] = defaultdict(Counter)
    for line in lines:
        entry, found = line.entry, sums[line.entry.provider]
        if line.billed:
            found["fees"] += line.billed.fee
        if entry.kind is RowKind.PAYMENT:
            found.update(payments=1, came=entry.amount)
        elif entry.kind is RowKind.REFUND and entry.state != RefundState.FAILED:
            found.update(refunds=1, went=entry.amount)
    fields = ("payments", "came", "refunds", "went", "fees")
    return [MoneyToday(provider, *(found[name] for name in fields)) for provider, found in sorted(sums.items())]


def _late(board: Iterable[BoardEntry], today: date) -> Counter[str]:
    """Units that were promised for a day that is over, and are not packed, by SKU."""
    units: Counter[str] = Counter()
    for one in board:
        if one.ship_by < today and one.stage in UNPACKED:
            units.update(dict(one.units))
    return units
