"""The room's log: from the file that the console saves, and from the table with what else the shop knows."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from chalicelib.domain.live.figures import hour_scope, minute
from chalicelib.domain.live.rooms import Act
from chalicelib.storage.live.figures import Checkpoint
from cunbo.core.refusal import Refusal
from cunbo.film.evening import room_logs
from cunbo.film.evening.cuts import Stretch, evenings
from moto import mock_aws

from tests.functions.helpers.world import JAR, World, make_catalog
from tests.infra.film.evening.made import SHOW, at, entry, saved

LOG = (entry(0, Act.START), entry(1, Act.PIN, JAR, 2990), entry(9, Act.END))
WHEN = Stretch(at(-5), at(20))


def test_a_saved_log_is_read_whatever_its_order_and_says_whose_it_is(tmp_path: Path) -> None:
    path = saved(tmp_path / "log.json", *LOG, LOG[1])
    log = room_logs.from_file(path, None)
    assert (log.room, sorted(log.entries, key=lambda one: one.at)) == ("cabbage-1", [*LOG])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert room_logs.from_file(path, "cabbage-1").room == "cabbage-1"
    with pytest.raises(Refusal, match="is the log of cabbage-1, and not of cabbage-2"):
        room_logs.from_file(path, "cabbage-2")


def test_an_answer_of_the_shop_is_a_log_too_where_its_room_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(msgspec.json.encode({"entries": LOG, "other": 1}))
    assert room_logs.from_file(path, "cabbage-2").room == "cabbage-2"
    with pytest.raises(Refusal, match="name the room by --room"):
        room_logs.from_file(path, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        "时间,商品".encode("gbk"),
        b'{"entries": [{"at": "yesterday", "what": "pin", "by": "x"}]}',
        b'{"entries": [{"at": "2026-11-30T11:30:05", "what": "pin", "by": "x"}], "room": "cabbage-1"}',
        b'{"entries": [{"at": "2026-11-30T11:30:05Z", "what": "sold", "by": "x"}]}',
        b'{"entries": 3}',
    ],
)
def test_what_is_no_log_is_refused_with_where_to_get_one(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "log.json"
    path.write_bytes(data)
    with pytest.raises(Refusal, match=r"is no room's log .*save it from the host's console"):
        room_logs.from_file(path, "cabbage-1")


@pytest.fixture
def world() -> Iterator[World]:
    with mock_aws():
        yield World()


def test_the_table_gives_the_log_the_orders_by_the_minute_and_what_is_recalled(world: World) -> None:
    store = world.store
    for number, one in enumerate(LOG):
        store.rooms.note("cabbage-1", one, str(number))
    store.rooms.note("cabbage-2", LOG[1], "other")
    scope = hour_scope(at(3), "cabbage-1")
    store.figures.count("shard", Checkpoint(), Checkpoint("1"), Counter({(scope, minute(at(3))): 4}), at(3))
    log = room_logs.from_table(store, make_catalog(), "cabbage-1", WHEN)
    assert log.entries == LOG
    assert log.orders == {at(3).replace(second=0): 4}
    assert log.recalled == frozenset()
    assert room_logs.chosen(log, WHEN, None) == [SHOW] and room_logs.chosen(log, WHEN, "other") == []
    assert room_logs.chosen(log, Stretch(at(10), at(20)), None) == []
    assert evenings(log.entries)[0].stretch == Stretch(at(0), at(9))


def test_times_are_told_by_the_villages_clock() -> None:
    assert room_logs.shown(Stretch(at(0), at(0) + timedelta(hours=5))).en == "2026-11-30 19:30:05 to 00:30:05"
