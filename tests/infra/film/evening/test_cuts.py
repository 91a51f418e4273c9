"""Which part of an evening becomes a clip: cases in a table, and what holds of any evening whatever."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from chalicelib.catalog import Catalog
from chalicelib.domain.live.rooms import Act, LogEntry
from cunbo.film.evening import cuts
from cunbo.film.evening.cuts import Cut, CutLimits, Footage, LeftOut, RoomLog, Stretch, Why, choose, evenings
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.world import JAR, POT, make_catalog
from tests.infra.film.evening.made import BEGAN, SHOW, at, entry

NOODLES = "corn-noodles-500g"
FILE = Path("evening.mkv")
USUAL = CutLimits()


def shop() -> Catalog:
    """Two products: cabbage in two packs, and noodles."""
    catalog = make_catalog()
    (cabbage,) = catalog.products
    pack = msgspec.structs.replace(cabbage.packs[0], sku=NOODLES, price=1590)
    noodles = msgspec.structs.replace(cabbage, id="corn-noodles", packs=(pack,))
    return msgspec.structs.replace(catalog, products=(cabbage, noodles))


SHOP = shop()
START, END = entry(-1, Act.START), entry(30, Act.END)
CABBAGE = entry(2, Act.PIN, JAR, 2990)
THEN = entry(5, Act.PIN, NOODLES, 1590)
ALL = [Footage(FILE, 0.0, Stretch(at(0), at(40)))]
"""A recording from the beginning to after the end."""


def drop(opens: float, closes: float | None, sku: str = NOODLES, name: str = "d1") -> LogEntry:
    ends = None if closes is None else at(closes)
    return entry(opens, Act.DROP, sku, 990, text="10", drop=name, opens=at(opens), closes=ends)


def chosen(
    *entries: LogEntry,
    footage: Sequence[Footage] = ALL,
    limits: CutLimits = USUAL,
    orders: dict[datetime, int] | None = None,
    recalled: frozenset[str] = frozenset(),
) -> dict[str, tuple[float, float] | Why]:
    """What is chosen of each product, as minutes after the recording began."""
    log = RoomLog("cabbage-1", tuple(reversed(entries)), orders or {}, recalled)
    evening = next(one for one in evenings(entries) if one.show == SHOW)
    found = choose(log, evening, footage, SHOP, limits)
    return {one.product: one.why if isinstance(one, LeftOut) else minutes(one.stretch) for one in found}


def minutes(stretch: Stretch) -> tuple[float, float]:
    first, last = ((one - BEGAN).total_seconds() / 60 for one in stretch)
    return round(first, 3), round(last, 3)


LONG = CutLimits(most=600, least=15, pad=3)
PAD = 0.05
SHORT_PIN = [entry(2, Act.PIN, JAR, 2990), entry(2.1, Act.UNPIN)]


@pytest.mark.parametrize(
    ("entries", "cut"),
    [
        ([CABBAGE, THEN], (2 - PAD, 5 + PAD)),
        ([entry(-9, Act.PIN, JAR, 2990), THEN], (0, 5 + PAD)),  # pinned before the show and the recording
        ([CABBAGE], (2 - PAD, 12 - PAD)),  # to the end of the show, at most ten minutes
        ([CABBAGE, entry(3, Act.PIN, POT, 5490), THEN], (2 - PAD, 5 + PAD)),  # two packs of one product are one
        ([CABBAGE, entry(4, Act.UNPIN), entry(6, Act.PIN, POT, 5490), entry(9, Act.UNPIN)], (6 - PAD, 9 + PAD)),
        ([CABBAGE, entry(3, Act.UNPIN), entry(3.09, Act.PIN, JAR, 2990), THEN], (2 - PAD, 5 + PAD)),  # a slip
        (SHORT_PIN, Why.SHORT),
        ([entry(2, Act.PIN, JAR, 2790), THEN], Why.PRICE),
        ([entry(2, Act.PIN, JAR, None), THEN], (2 - PAD, 5 + PAD)),  # the log of older code
        # an offer, whatever it is of
        ([drop(1, 6), CABBAGE, THEN], Why.DROP),
        ([drop(1, 3, JAR), CABBAGE, THEN], (3 + 1 / 6, 5 + PAD)),
        ([CABBAGE, drop(4, 5), THEN], (2 - PAD, 3.5)),
        ([drop(1, 9), entry(3, Act.DROP_END, NOODLES, drop="d1"), CABBAGE, THEN], (3 + 1 / 6, 5 + PAD)),
        ([drop(1, None), CABBAGE, THEN], Why.DROP),  # nobody knows when it closed: not before the end
        ([drop(1, None), entry(3, Act.DROP_END, NOODLES, drop="d1"), CABBAGE, THEN], (3 + 1 / 6, 5 + PAD)),
        ([entry(3, Act.DROP_END, NOODLES, drop="older"), CABBAGE, THEN], (3 + 1 / 6, 5 + PAD)),
        ([drop(1, 3), drop(20, 22), CABBAGE, THEN], (3 + 1 / 6, 5 + PAD)),  # a late tap of the same opens nothing
        ([drop(3, 2), CABBAGE, THEN], (2 - PAD, 5 + PAD)),  # ended before it began
        # what was corrected
        ([CABBAGE, entry(3, Act.CORRECTION, JAR, text="price"), THEN], (3 + 1 / 3, 5 + PAD)),
        ([CABBAGE, entry(3, Act.CORRECTION, POT, text="price"), THEN], (3 + 1 / 3, 5 + PAD)),
        ([CABBAGE, entry(3, Act.CORRECTION, NOODLES, text="price"), THEN], (2 - PAD, 5 + PAD)),
        ([CABBAGE, THEN, entry(20, Act.CORRECTION, None, text="那句话说错了")], Why.CORRECTED),
        ([CABBAGE, THEN, entry(20, Act.CORRECTION, JAR, text="date")], Why.CORRECTED),
    ],
)
def test_what_the_cabbage_gets(entries: list[LogEntry], cut: tuple[float, float] | Why) -> None:
    found = chosen(START, *entries, END, limits=LONG)["spicy-cabbage"]
    assert found == (cut if isinstance(cut, Why) else tuple(round(each, 3) for each in cut))


def test_a_clip_has_the_most_that_was_asked_for_and_begins_with_the_longest_pin() -> None:
    again = entry(9, Act.PIN, JAR, 2990)
    assert chosen(START, CABBAGE, THEN, again, END)["spicy-cabbage"] == (9 - PAD, 10 - PAD)


def test_where_orders_are_known_the_pin_with_most_of_them_a_minute_is_the_one() -> None:
    again, orders = entry(9, Act.PIN, JAR, 2990), {at(3).replace(second=0): 9, at(12).replace(second=0): 10}
    assert chosen(START, CABBAGE, THEN, again, END, orders=orders)["spicy-cabbage"] == (2 - PAD, 3 - PAD)


def test_what_is_recalled_or_sold_no_more_gets_none() -> None:
    gone = entry(2, Act.PIN, "old-jar", 990)
    found = chosen(START, gone, entry(5, Act.PIN, POT, 5490), END, recalled=frozenset({JAR}))
    assert found == {"old-jar": Why.GONE, "spicy-cabbage": Why.RECALLED}


def test_no_clip_reaches_over_a_pause_or_from_one_file_into_the_next() -> None:
    parts = [Footage(FILE, 0, Stretch(at(2), at(3))), Footage(FILE, 60, Stretch(at(3.5), at(4.9)))]
    found = choose(RoomLog("cabbage-1", (START, CABBAGE, THEN, END)), evenings([START, END])[0], parts, SHOP, LONG)
    assert found[0] == Cut("spicy-cabbage", Stretch(at(3.5), at(4.9)), FILE, 60)
    assert found[1] == LeftOut("corn-noodles", Why.UNSEEN)


def test_shows_are_told_apart_also_where_the_log_lacks_a_beginning_or_an_end() -> None:
    def of(minutes: float, what: Act, show: str) -> LogEntry:
        return LogEntry(at(minutes), what, "小王", show)

    found = evenings([of(9, Act.START, "c"), of(1, Act.PIN, "a"), of(3, Act.END, "a"), of(5, Act.START, "b")])
    assert [(one.show, one.stretch) for one in found] == [
        ("a", Stretch(at(1), at(3))),
        ("b", Stretch(at(5), at(9))),
        ("c", Stretch(at(9), cuts.AGES[1])),
    ]


SECONDS = st.integers(-600, 3600)
PINS = st.tuples(SECONDS, st.sampled_from([JAR, POT, NOODLES, None]))
DROPS = st.tuples(SECONDS, st.integers(1, 1200), st.none() | st.integers(0, 1500), st.sampled_from([JAR, NOODLES]))
BREAKS = st.lists(st.integers(1, 3000), max_size=3, unique=True)
LIMITS = st.builds(CutLimits, st.integers(30, 120), st.integers(5, 30), st.integers(0, 15))


@settings(deadline=None)
@given(pins=st.lists(PINS, max_size=12), drops=st.lists(DROPS, max_size=3), breaks=BREAKS, limits=LIMITS)
def test_no_clip_has_a_second_of_an_open_drop_or_of_what_is_not_recorded(
    pins: list[tuple[int, str | None]],
    drops: list[tuple[int, int, int | None, str]],
    breaks: list[int],
    limits: CutLimits,
) -> None:
    prices = {JAR: 2990, POT: 5490, NOODLES: 1590}
    entries = [START, entry(50, Act.END)]
    for second, sku in pins:
        entries.append(entry(second / 60, Act.PIN if sku else Act.UNPIN, sku, prices.get(sku or "")))
    for number, (second, lasts, ended, sku) in enumerate(drops):
        entries.append(drop(second / 60, (second + lasts) / 60, sku, f"d{number}"))
        if ended is not None:
            entries.append(entry((second + ended) / 60, Act.DROP_END, sku, drop=f"d{number}"))
    edges = [0, *sorted(breaks), 3000]
    footage = [
        Footage(Path(f"{first}.mkv"), 7.0, Stretch(at(first / 60), at((last - 1) / 60)))
        for first, last in pairwise(edges)
        if last - first > 1
    ]
    found = choose(RoomLog("cabbage-1", tuple(entries)), evenings(entries)[0], footage, SHOP, limits)
    assert len({one.product for one in found}) == len(found), "one of a product"
    for one in (each for each in found if isinstance(each, Cut)):
        first, last = one.stretch
        assert limits.least <= one.stretch.seconds <= limits.most
        assert at(-1) <= first and last <= at(50), "nothing of before or after the show"
        (file,) = (each for each in footage if each.path == one.path)
        assert file.stretch.first <= first and last <= file.stretch.last
        assert one.at == pytest.approx(7 + (first - file.stretch.first).total_seconds())
        for second, lasts, ended, _ in drops:
            closes = second + (lasts if ended is None else min(lasts, ended))
            assert second >= closes or last <= at(second / 60) or first >= at(closes / 60)
        for second in range(int(one.stretch.seconds)):
            assert is_shown(one.product, first + timedelta(seconds=second), pins, limits.pad)


def is_shown(product: str, when: datetime, pins: list[tuple[int, str | None]], pad: float) -> bool:
    """Whether something of a product was pinned within so many seconds of an instant: the slow way."""
    ordered = sorted((second, number, sku) for number, (second, sku) in enumerate(pins))
    edges = [*((at(second / 60), sku) for second, _, sku in ordered), (at(50), None)]
    margin = timedelta(seconds=pad + 1)
    return any(
        sku in SHOP.product_of and SHOP.product_of[sku].id == product and first - margin <= when <= last + margin
        for (first, sku), (last, _) in pairwise(edges)
        if sku
    )


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))),
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50))),
)
def test_what_is_left_outside_others_is_just_that(some: list[tuple[int, int]], taken: list[tuple[int, int]]) -> None:
    def stretches(pairs: list[tuple[int, int]]) -> list[Stretch]:
        return [Stretch(at(first), at(last)) for first, last in pairs]

    def covered(found: list[Stretch]) -> set[int]:
        return {number for number in range(51) for one in found if one.first <= at(number) < one.last}

    left = cuts.without(stretches(some), stretches(taken))
    assert covered(left) == covered(stretches(some)) - covered(stretches(taken))
    whole = cuts.joined(one for one in stretches(some) if one.seconds)
    assert covered(whole) == covered(stretches(some))
    assert all(one.last < other.first for one, other in pairwise(whole))
