"""The registry of what may hold units: a made-up third kind is one entry, and one that lacks a part is refused."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.aggregate import Aggregate, Done, Mail, Shard, intend, struck_out
from chalicelib.domain.conflicts import Exists, Short, Stale
from chalicelib.jobs.handlers import Handler
from chalicelib.storage.aggregates import KINDS, aggregate_in, decide, ended, kind_of, registry
from chalicelib.storage.keys import ITEMS
from chalicelib.storage.kinds import Kind
from chalicelib.storage.transaction import Transaction

from tests.functions.helpers.world import JAR, NOON, World, day, make_order

MakeWorld = Callable[..., World]


class Tasting(Aggregate, frozen=True):
    """Jars that are set aside for a tasting until an instant: a kind that the shop does not have."""

    units: int
    ship_by: date
    until: datetime | None

    @property
    def allocated(self) -> Counter[Shard]:
        return Counter({(JAR, self.ship_by, 0): self.units}) if self.until else Counter()

    @property
    def ends(self) -> datetime | None:
        return self.until


class Over(msgspec.Struct, frozen=True):
    """Event: the tasting is over."""


def decide_tasting(tasting: Tasting, event: Any, now: datetime) -> Tasting:
    """Ends a tasting in time; strikes out what has been done for it."""
    if isinstance(event, Done):
        after = struck_out(tasting, event)
    else:
        over = tasting.until is not None and now >= tasting.until
        after = msgspec.structs.replace(tasting, until=None) if over else tasting
    return after if after is tasting else msgspec.structs.replace(after, version=tasting.version + 1)


PARTS: dict[str, Any] = {
    "name": "tasting",
    "type": Tasting,
    "decide": decide_tasting,
    "end": Over(),
    "due_partitions": ("due#tastings",),
    "kept_until": lambda tasting: None if tasting.until else NOON + timedelta(days=1),
}
TASTING = Tasting(number="7" * 20, units=2, ship_by=day(2), until=NOON + timedelta(hours=1))


@pytest.fixture
def world(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with five jars, which has tastings."""
    monkeypatch.setitem(KINDS, "tasting", Kind(**PARTS))
    return make_world({day(2): 5})


def test_another_kind_is_written_with_its_units_and_loaded_again(world: World) -> None:
    world.store.commit(Transaction().create(TASTING))
    assert world.store.load("tasting", TASTING.number) == TASTING
    world.later(2)
    assert world.left() == 3
    with pytest.raises(Exists):
        world.store.commit(Transaction().create(TASTING))
    later = msgspec.structs.replace(TASTING, version=2)
    world.store.commit(Transaction().save(TASTING, later))
    with pytest.raises(Stale):
        world.store.commit(Transaction().save(TASTING, later))


def test_another_kind_takes_no_unit_that_is_not_there(world: World) -> None:
    with pytest.raises(Short):
        world.store.commit(Transaction().create(msgspec.structs.replace(TASTING, units=6)))
    assert world.store.load("tasting", TASTING.number) is None


def test_another_kind_is_due_when_its_hold_ends_and_gives_its_units_back(world: World) -> None:
    world.store.commit(Transaction().create(make_order(pay_by=NOON)).create(TASTING))
    assert [*map(type, world.store.due_by(NOON + timedelta(minutes=59)))] == [type(make_order())]
    world.later(3600)
    due = [*world.store.due_by(world.now)]
    assert due[-1] == TASTING
    assert ended(TASTING, NOON) is TASTING
    for one in due:
        world.store.commit(Transaction().save(one, ended(one, world.now)))
    assert (world.left(), world.differences()) == (5, [])
    assert [*world.store.due_by(world.now)] == []
    item = world.store.item(f"tasting#{TASTING.number}", "tasting")
    assert item and item["ttl"]["N"] == str(int((NOON + timedelta(days=2)).timestamp()))


def test_another_kind_tells_the_stream_of_its_intents_and_strikes_them_out(world: World) -> None:
    asked = intend(TASTING, NOON, Mail("letter", "tasting"))
    world.store.commit(Transaction().create(asked))
    item = world.store.item(f"tasting#{TASTING.number}", "tasting")
    assert item and item["todo"] == {"N": "1"}
    after = decide(asked, Done("letter"), NOON)
    world.store.commit(Transaction().save(asked, after))
    found = world.store.load("tasting", TASTING.number)
    assert (found, after.outbox) == (after, ())


def test_the_audit_counts_another_kind(world: World) -> None:
    world.store.commit(Transaction().create(TASTING))
    assert world.differences() == []
    world.client.delete_item(TableName="shop", Key=Kind(**PARTS).key(TASTING.number))
    assert world.differences() == [f"{JAR} {day(2)} shard 0: share 5, left 3, so 2 taken, but orders claim 0"]


def test_every_kind_reads_the_items_of_its_own_alone() -> None:
    sort_keys = [key.partition(" | ")[2] for key in ITEMS]
    for name in KINDS:
        assert f"{name}#<number> | {name}" in ITEMS, "keys.py describes it"
        assert sort_keys.count(name) == 1, "no other item is taken for one"
    assert aggregate_in({"pk": {"S": "rate#x"}, "sk": {"S": "rate"}, "n": {"N": "1"}}) is None


@pytest.mark.parametrize("part", [*PARTS])
def test_a_kind_that_lacks_a_part_is_refused(part: str) -> None:
    with pytest.raises(TypeError, match=part):
        Kind(**{name: value for name, value in PARTS.items() if name != part})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"name": "a#b"}, "small letters alone"),
        ({"due_partitions": ()}, "no sweep would see it"),
        ({"type": type("Bare", (Aggregate,), {}, frozen=True)}, "does not say what `allocated` is"),
        ({"type": type("Held", (Aggregate,), {"allocated": Tasting.allocated}, frozen=True)}, "what `ends` is"),
    ],
    ids=["a name that would break keys", "no partition", "no units", "no end"],
)
def test_a_kind_that_could_not_be_found_swept_or_audited_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Kind(**{**PARTS, **parts})


@pytest.mark.parametrize("part", ["name", "type", "due_partitions"])
def test_two_kinds_share_nothing_that_tells_them_apart(part: str) -> None:
    other = type("Other", (Tasting,), {}, frozen=True)
    parts = {**PARTS, "name": "other", "type": other, "due_partitions": ("due#others",)}
    assert [*registry(Kind(**PARTS), Kind(**parts))] == ["tasting", "other"]
    with pytest.raises(ValueError, match="two kinds of aggregates have the same"):
        registry(Kind(**PARTS), Kind(**{**parts, part: PARTS[part]}))


def test_what_is_no_registered_kind_is_not_written() -> None:
    with pytest.raises(LookupError, match="Tasting is no registered kind"):
        kind_of(TASTING)


def test_the_sweep_ends_the_hold_of_another_kind_and_does_its_intents_once_jobs_have_its_handler(world: World) -> None:
    done: list[str] = []
    workers = world.workers()

    def end(tasting: Tasting) -> None:
        world.store.commit(Transaction().save(tasting, ended(tasting, world.now)))

    workers.outbox.handlers = {
        **workers.outbox.handlers,
        "tasting": Handler(do=lambda _, one: done.append(one.key), end=end),
    }
    world.store.commit(Transaction().create(intend(TASTING, NOON, Mail("letter", "tasting"))))
    world.later(3600)
    assert workers.sweep.run() == 1
    found = world.store.load("tasting", TASTING.number)
    assert found and (found.allocated, found.outbox, done) == (Counter(), (), ["letter"])


def test_jobs_have_a_handler_for_every_kind(make_world: MakeWorld) -> None:
    assert make_world().outbox().handlers.keys() == KINDS.keys()
