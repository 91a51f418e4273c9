"""The trail on a table in process: found by day, person, act and subject, in few reads."""

from datetime import date, timedelta
from typing import Any

import pytest
from chalicelib.domain import actor
from chalicelib.domain.desk.trail import TrailOutcome, TrailQuery
from chalicelib.services.desk import trail
from chalicelib.services.desk.trail import MOST_DAYS, PAGE, Trail, TrailPage
from moto import mock_aws

from tests.functions.helpers.world import JAR, TODAY, World, day

WANG, LI = actor.device("11111111"), actor.device("22222222")
ORDERS = [f"2026112404{n:06}1234" for n in range(3)] + [f"{'5' * 16}9234"]


@pytest.fixture(scope="module")
def village() -> Any:
    """A shop with a year of acts: refunds of a few orders, a batch's recall, parcels, the schedule."""
    with mock_aws():
        world = World()
        kept = Trail(world.store.trail, lambda: world.now)
        world.now -= timedelta(days=300)
        act(kept, WANG, "refund", {"order": ORDERS[0]}, amount=500)
        world.now += timedelta(days=299)
        act(kept, WANG, "recall", {"sku": JAR, "day": str(day(2))})
        for order in ORDERS:
            world.later(60)
            act(kept, LI, "pack", {"order": order, "parcel": f"{order}-1"})
        world.now += timedelta(days=1)
        kept.note("sweep", orders=3)
        for _ in range(PAGE + 10):
            world.later(1)
            act(kept, LI, "pin", {"room": "cabbage-1"})
        world.later(1)  # acts of one instant stand in any order
        kept.begin(WANG, "小王", "set_address", {"order": ORDERS[3]}, {})  # and the process died
        yield world, kept


def act(kept: Trail, by: actor.Actor, name: str, about: dict[str, str], **facts: int) -> None:
    entry = kept.begin(by, "小王" if by == WANG else "小李", name, about, facts)
    kept.end(entry, TrailOutcome(kept.clock(), 200))


def found(kept: Trail, first: date = TODAY, last: date = TODAY, **query: Any) -> list[tuple[str, str]]:
    """The acts of all pages, by whom and what."""
    before: str | None = ""
    pages: list[TrailPage] = []
    while before is not None:
        pages.append(kept.find(TrailQuery(first, last, before=before, **query)))
        before = pages[-1].before
    assert all(len(one.entries) <= PAGE for one in pages)
    return [(one.by, one.act) for page in pages for one in page.entries]


def test_entries_are_found_by_day_person_act_and_subject_page_by_page(village: tuple[World, Trail]) -> None:
    _, kept = village
    pins, year = [(LI, "pin")] * (PAGE + 10), TODAY - timedelta(days=365)
    assert found(kept) == [(WANG, "set_address"), *pins, ("schedule", "sweep")]
    assert found(kept, by="people") == [(WANG, "set_address"), *pins]
    assert found(kept, by="schedule") == [("schedule", "sweep")]
    assert found(kept, first=day(-1), by=WANG) == [(WANG, "set_address"), (WANG, "recall")]
    assert found(kept, first=day(-1), act="pack") == [(LI, "pack")] * 4
    assert found(kept, first=year, by=WANG)[-1] == (WANG, "refund"), "over the days in which nothing was done"
    assert found(kept, first=year, about=("order", ORDERS[0])) == [(LI, "pack"), (WANG, "refund")]
    assert found(kept, first=year, about=("order", "1234")) == [*[(LI, "pack")] * 3, (WANG, "refund")]
    assert found(kept, first=year, about=("order", "59234")) == [(WANG, "set_address"), (LI, "pack")]
    assert found(kept, first=year, about=("sku", JAR)) == [(WANG, "recall")]
    assert found(kept, about=("room", "cabbage-1")) == pins
    assert found(kept, first=day(-1), about=("order", ORDERS[1]), by=WANG) == []
    assert found(kept, first=year, last=day(-9), by=LI) == []


def test_an_orders_entries_are_found_without_reading_days(village: tuple[World, Trail]) -> None:
    world, kept = village
    world.calls.clear()
    page = kept.find(TrailQuery(TODAY - timedelta(days=1400), TODAY, about=("order", ORDERS[0])))
    assert len(page.entries) == 2
    assert world.calls == ["Query", "BatchGetItem"]


def test_a_page_looks_at_so_many_days_and_entries_at_most(
    village: tuple[World, Trail], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, kept = village
    world.calls.clear()
    page = kept.find(TrailQuery(TODAY - timedelta(days=1400), TODAY, by="nobody"))
    assert (page.entries, bool(page.before), len(world.calls)) == ([], True, MOST_DAYS)
    monkeypatch.setattr(trail, "MOST_READ", 7)
    short = kept.find(TrailQuery(TODAY, TODAY, act="sweep"))
    assert (short.entries, bool(short.before)) == ([], True)
    assert found(kept, act="sweep") == [("schedule", "sweep")]


def test_an_act_that_was_cut_off_stands_there_without_an_outcome(village: tuple[World, Trail]) -> None:
    _, kept = village
    last, *others = kept.find(TrailQuery(TODAY, TODAY)).entries
    assert (last.act, last.outcome, last.name) == ("set_address", None, "小王")
    assert all(one.outcome for one in others)
