"""What the command says and does to drops and waitlists, on a table in process."""

import json
import shlex
from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import msgspec
import pytest
from botocore.validate import ParamValidator
from chalicelib.domain.calendar import VILLAGE
from chalicelib.domain.stock.capacity import Declared, Share
from chalicelib.domain.stock.drops import Drop
from cunbo.cli import parser
from cunbo.commands import drops, target
from cunbo.core import content
from cunbo.core.paths import Paths
from cunbo.core.refusal import Refusal
from cunbo.model import limits
from cunbo.model.drop import Throughput, index_of, throughput_of, warnings
from cunbo.model.needs import Needs
from cunbo.operations import shop, stock
from cunbo.operations.drops import read_drop, read_price, state
from cunbo.operations.shop import ShopOperations
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from tests.functions.helpers.waiters import join
from tests.functions.helpers.world import JAR, NOON, POT, TODAY, World, day, make_key
from tests.infra.command_line import run

ROOM = "cabbage-1"
CATALOG = content.read(Paths().content)[0]
EVENING = [JAR, "4", "19.90", ROOM, "--from", "20:00", "--minutes", "30"]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with eight jars at noon, whose table is the one that the command acts on."""
    with mock_aws():
        world = World({day(2): 3, day(3): 5})
        monkeypatch.setattr(target, "operations", lambda *_: ShopOperations(world.client, world.store.table.name))
        monkeypatch.setattr(drops, "utc_now", lambda: world.now)
        monkeypatch.setattr(stock, "utc_now", lambda: world.now)
        monkeypatch.setattr(shop, "utc_now", lambda: world.now)
        yield world


def typed(*arguments: str) -> Namespace:
    return parser("drop").parse_args([*arguments])


def read(*arguments: str, now: datetime = NOON) -> Drop:
    return read_drop(CATALOG, typed(*arguments), now)


def local(at: datetime) -> str:
    return f"{at.astimezone(VILLAGE):%m-%d %H:%M}"


# ---- What can be typed ----


@pytest.mark.parametrize(
    ("price", "fen"),
    [("19.90", 1990), ("19.9", 1990), ("19", 1900), ("0.01", 1), ("100000", 10_000_000), ("1234.56", 123_456)],
)
def test_a_price_in_yuan_is_read_to_the_fen(price: str, fen: int) -> None:
    assert read_price(price) == fen


@given(st.integers(1, 10_000_000))
def test_every_price_is_read_exactly(fen: int) -> None:
    assert read_price(f"{fen // 100}.{fen % 100:02}") == fen


@pytest.mark.parametrize("price", ["", "0", "0.00", "-1", "19.999", "1e3", "1,90", "¥19", "100000.01", "1٣", "19."])
def test_a_price_that_is_none_is_refused(price: str) -> None:
    with pytest.raises(Refusal, match="is no price"):
        read_price(price)


@pytest.mark.parametrize(
    ("when", "opens", "closes"),
    [
        (["--from", "20:00", "--minutes", "30"], "11-24 20:00", "11-24 20:30"),
        (["--from", "20:00", "--to", "21:15"], "11-24 20:00", "11-24 21:15"),
        (["--from", "23:30", "--to", "00:30"], "11-24 23:30", "11-25 00:30"),
        (["--from", "now", "--minutes", "1440"], "11-24 12:00", "11-25 12:00"),
        (["--from", "09:00", "--date", "2026-11-26", "--minutes", "1"], "11-26 09:00", "11-26 09:01"),
    ],
)
def test_times_are_those_of_the_villages_clocks(world: World, when: list[str], opens: str, closes: str) -> None:
    drop = read(*EVENING[:4], *when)
    assert (local(drop.opens), local(drop.closes)) == (opens, closes)
    assert drop.opens.tzinfo is UTC


def test_an_id_is_made_of_the_room_and_the_opening_by_the_villages_clocks() -> None:
    longest = max(len(room.id) for room in CATALOG.rooms)
    drop = read(*EVENING)
    assert (drop.id, drop.price, drop.units, drop.limit) == ("cabbage-1-1124-2000", 1990, 4, 0)
    assert 40 + len(drop.id) - len(ROOM) <= 60 > longest, "an id of the catalogue has at most 40 characters"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({0: "nothing"}, "no product has the SKU nothing"),
        ({1: "0"}, "0 is no number of units"),
        ({1: "1000001"}, "1000001 is no number of units"),
        ({1: "4.5"}, "4.5 is no number of units"),
        ({2: "cheap"}, "cheap is no price"),
        ({2: "29.91"}, "¥29.91 is more than the ordinary price, ¥29.90: a drop never costs more"),
        ({2: "29.90"}, "¥29.90 is no less than the ordinary price, ¥29.90"),
        ({1: "100001"}, "100001 is no number of units"),
        ({3: "kitchen"}, "there is no room kitchen: there are cabbage-1"),
        ({5: "11:59"}, "2026-11-24 11:59 is past: in the village it is 2026-11-24 12:00"),
        ({5: "24:00"}, "24:00 is no time of the day"),
        ({5: "8:00"}, "8:00 is no time of the day"),
        ({7: "0"}, "0 is no number of minutes"),
        ({7: "1441"}, "1441 is no number of minutes"),
    ],
)
def test_a_drop_that_cannot_be_meant_is_refused_in_a_line(
    world: World, changed: Mapping[int, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("drop", *(changed.get(index, word) for index, word in enumerate(EVENING))) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--limit", "21"], "21 is no limit"),
        (["--limit", "-1"], "-1 is no limit"),
        (["--rate", "0"], "0 is no number of orders a second"),
        (["--date", "2026-02-30"], "2026-02-30 is no date"),
        (["--date", "2026-11-23"], "2026-11-23 is past"),
        (["--from", "now", "--date", "2026-11-25"], "leave --date out"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused_in_a_line(
    world: World, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("drop", *EVENING, *more) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_room_that_does_not_show_the_product_cannot_sell_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    other = next(room.id for room in CATALOG.rooms if "spicy-cabbage" not in room.products)
    assert run("drop", *EVENING[:3], other, *EVENING[4:]) == 2
    assert f"content/live/{other}.md" in capsys.readouterr().err


# ---- What it does ----


def test_a_drop_says_where_its_units_come_from_and_when_and_where_they_are_sold(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("drop", *EVENING, "--limit", "2") == 0
    out = capsys.readouterr()
    assert out.err == ""
    assert out.out.splitlines() == [
        f"cabbage-1-1124-2000: 4 units of {JAR} at ¥19.90",
        "  3 units out of the batch that ships by 2026-11-26",
        "  1 unit out of the batch that ships by 2026-11-27",
        "On sale from 2026-11-24 20:00 to 2026-11-24 20:30 on the page of the room cabbage-1 alone,"
        " at most 2 for a buyer.",
        "`cunbo drop-end cabbage-1-1124-2000` ends it sooner.",
    ]
    assert (world.left(), world.differences()) == (4, [])
    world.later(8 * 3600)
    lines = [{"sku": JAR, "quantity": 2, "drop": "cabbage-1-1124-2000"}]
    assert world.place(lines=lines, room=ROOM)["total"] == 3980


def test_a_price_below_the_floor_is_said_and_taken_since_an_operator_may(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("drop", JAR, "4", "14.94", *EVENING[3:]) == 0
    assert "¥14.94 is below the floor of ¥14.95, at which hosts may open a drop" in capsys.readouterr().err
    assert world.left() == 4


def test_more_units_than_are_on_sale_are_refused_in_a_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("drop", JAR, "9", *EVENING[2:]) == 2
    assert f"only 8 of {JAR} are on sale" in capsys.readouterr().err
    assert world.left() == 8


def test_no_two_drops_have_one_id_whatever_they_sell_and_however_they_ended(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.stock(5, day(2), POT)
    for sku in (JAR, POT):
        assert run("drop", sku, "1", *EVENING[2:]) == 0
    assert run("drop-end", "cabbage-1-1124-2000") == 0
    world.sweep()
    world.sweep()
    assert run("drop", JAR, "1", *EVENING[2:]) == 0
    capsys.readouterr()
    run("drops")
    ids = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if line.startswith(ROOM)]
    assert sorted(ids) == ["cabbage-1-1124-2000-2", "cabbage-1-1124-2000-3"]


def test_a_drop_from_the_terminal_stands_in_the_rooms_log_as_those_of_hosts_do(world: World) -> None:
    assert run("drop", *EVENING) == 0
    assert run("drop-end", "cabbage-1-1124-2000") == 0
    opened, ended = sorted(world.store.rooms.log(ROOM, world.now + timedelta(1)), key=lambda one: one.what)
    assert (opened.what, opened.by, opened.sku, opened.price) == ("drop", "operator", JAR, 1990)
    assert opened.opens and opened.closes and opened.closes - opened.opens == timedelta(minutes=30)
    assert (ended.what, ended.drop) == ("drop-end", opened.drop)


def test_drops_are_listed_until_they_are_over_and_done_with(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    run("drop", *EVENING)
    capsys.readouterr()

    def listed() -> list[str]:
        assert run("drops") == 0
        return capsys.readouterr().out.splitlines()

    first, what, units, count = listed()
    assert first == "cabbage-1-1124-2000: opens 2026-11-24 20:00, in 8 h 0 min"
    assert what == f"  {JAR} at ¥19.90 in the room cabbage-1"
    assert (units, count) == ("  4 units, 0 promised, 4 left", "1 drop.")
    world.later(8 * 3600)
    order = world.place(lines=[{"sku": JAR, "quantity": 3, "drop": "cabbage-1-1124-2000"}], room=ROOM)
    first, _, units, _ = listed()
    assert first.endswith(": on until 2026-11-24 20:30")
    assert units == "  4 units, 3 promised, 1 left"
    assert run("drop-end", "cabbage-1-1124-2000") == 0
    assert capsys.readouterr().out.endswith("is over since 2026-11-24 20:00; 1 unit went back to the batches.\n")
    first, _, units, _ = listed()
    assert first.endswith(": over since 2026-11-24 20:00")
    assert units == "  4 units, 3 promised, 0 left"
    world.shop.cancel(order["order"], order["token"])
    world.sweep()
    world.sweep()
    assert listed() == ["0 drops."]
    assert (world.left(), world.differences()) == (8, [])


@pytest.mark.parametrize("seconds", [-1, 0, 1799, 1800])
def test_a_drop_is_on_from_its_first_instant_to_before_its_last(seconds: int) -> None:
    drop = Drop("x", JAR, ROOM, 1, 1, NOON, NOON + timedelta(minutes=30))
    words = {-1: "opens", 0: "on", 1799: "on", 1800: "over"}[seconds]
    assert state(drop, NOON + timedelta(seconds=seconds)).startswith(words)


def test_a_drop_that_nobody_knows_cannot_be_ended(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("drop-end", "morning") == 2
    assert capsys.readouterr().err == "cunbo: there is no drop morning: `cunbo drops` lists them\n"


def test_a_batch_says_how_much_of_it_is_in_drops_and_goes_no_lower_than_those_sell(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    run("drop", *EVENING)
    capsys.readouterr()
    assert run("batch", JAR, str(day(2)), "5") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{JAR} {day(2)}: 5 units, 0 promised, 5 left",
        "  of them in the drop cabbage-1-1124-2000: 3 units, 0 promised",
    ]
    assert run("batch", JAR, str(day(2)), "2") == 2
    assert capsys.readouterr().err == (
        f"cunbo: {JAR} {day(2)}: drops hold 3 units of {day(2)}, and some are on sale: end cabbage-1-1124-2000 first\n"
    )
    world.later(8 * 3600)
    order = world.place(lines=[{"sku": JAR, "quantity": 3, "drop": "cabbage-1-1124-2000"}], room=ROOM)
    assert run("batch", JAR, str(day(2)), "2") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(f"  {order['order']}  {JAR}@cabbage-1-1124-2000 {day(2)}: 1 unit too many")
    assert run("danger") == 1


def test_a_batch_lowered_below_an_invitation_says_what_is_kept_for_the_invited(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    waits(world)
    capsys.readouterr()
    assert run("batch", JAR, str(day(3)), "0") == 0
    assert capsys.readouterr().out.endswith("1 unit too many is kept for people who are invited.\n")


def test_a_second_drop_of_the_same_in_the_room_at_the_same_time_is_refused_in_a_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("drop", *EVENING) == 0
    later = [JAR, "1", "18.00", ROOM, "--from", "20:29", "--minutes", "30"]
    assert run("drop", *later) == 2
    assert "the room has the drop cabbage-1-1124-2000 of it then" in capsys.readouterr().err
    assert run("drop", *later[:5], "20:30", *later[6:]) == 0


def test_goods_that_left_the_catalogue_are_seen_and_ended_and_lowered_all_the_same(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("batch", JAR, str(day(2)), "4") == 0
    assert run("drop", JAR, "1", *EVENING[2:5], "now", *EVENING[6:]) == 0
    waits(world)
    [product] = [one for one in CATALOG.products if JAR in [pack.sku for pack in one.packs]]
    others = msgspec.structs.replace(CATALOG, products=tuple(one for one in CATALOG.products if one is not product))
    monkeypatch.setattr(content, "read", lambda *_: (others, b""))
    capsys.readouterr()
    assert run("waiting", JAR) == 0
    assert "is sold no more" in capsys.readouterr().out
    assert run("drops") == 0
    said = capsys.readouterr().out
    assert "it is sold no more" in said
    assert run("drop-end", said.partition(":")[0]) == 0
    assert run("batch", JAR, str(day(2)), "0") == 0
    assert run("danger") == 1
    assert run("drop", *EVENING) == 2
    assert world.differences() == []


# ---- Who waits ----


def waits(world: World) -> None:
    """Two wait for the jars; one is invited to the first that has come back. Another waits for the pot."""
    tickets = [world.keys.tickets(make_key(key))[0] for key in range(2)]
    world.place(0, quantity=7)
    world.place(1, quantity=1)
    join(world, 0)
    join(world, 1, quantity=3, fewer=True)
    join(world, 2, sku=POT)
    world.shop.cancel(tickets[1].number, tickets[1].token)


def test_who_waits_is_listed_in_order_and_without_an_address(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    waits(world)
    assert run("waiting") == 0
    said = capsys.readouterr().out
    assert said.splitlines() == [
        f"{JAR}: 1 invited, 1 waiting",
        "  invited until 2026-11-24 13:00: 1 unit",
        "  1. since 2026-11-24 12:00: 3 units, or fewer",
        f"{POT}: 0 invited, 1 waiting",
        "  1. since 2026-11-24 12:00: 1 unit",
        "2 people wait.",
    ]


def test_addresses_are_shown_where_they_are_asked_for(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    waits(world)
    assert run("waiting", JAR, "--contacts") == 0
    said = capsys.readouterr().out
    invited, first = said.splitlines()[1:3]
    assert invited.endswith(": 1 unit, waiter-0@example.com")
    assert first.endswith(": 3 units, or fewer, waiter-1@example.com")
    assert POT not in said


def test_nobody_waits_for_what_is_on_sale_nor_for_what_is_not_sold(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("waiting", JAR) == 0
    assert capsys.readouterr().out == "0 people wait.\n"
    assert run("waiting", "nothing") == 2


# ---- What the table and the shards take ----


def declared(units: int, shards: int) -> Declared:
    share = Share(units, units)
    return Declared(TODAY, units, shards, 1, {0: share})


def described(table: Mapping[str, Any], index: Mapping[str, Any]) -> dict[str, Any]:
    return {"TableName": "shop", **table, "GlobalSecondaryIndexes": [{"IndexName": "due", **index}]}


def warm(writes: int) -> dict[str, Any]:
    return {
        "ProvisionedThroughput": {"WriteCapacityUnits": 0, "ReadCapacityUnits": 0},
        "WarmThroughput": {"WriteUnitsPerSecond": writes, "ReadUnitsPerSecond": 12_000},
    }


PROVISIONED = {"ProvisionedThroughput": {"WriteCapacityUnits": 50, "ReadCapacityUnits": 60}}


@pytest.mark.parametrize(
    ("entry", "takes"),
    [
        ({}, Throughput(4_000, 12_000)),
        ({"WarmThroughput": {"WriteUnitsPerSecond": 0, "ReadUnitsPerSecond": 0}}, Throughput(4_000, 12_000)),
        (warm(9_000), Throughput(9_000, 12_000)),
        (PROVISIONED, Throughput(50, 60, provisioned=True)),
        (PROVISIONED | {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}, Throughput(4_000, 12_000)),
        (PROVISIONED | {"WarmThroughput": {"WriteUnitsPerSecond": 4_000}}, Throughput(50, 60, provisioned=True)),
    ],
)
def test_what_a_table_takes_is_read_from_its_description(entry: Mapping[str, Any], takes: Throughput) -> None:
    assert throughput_of(entry) == throughput_of(index_of(described({}, entry))) == takes


def test_a_table_of_which_nothing_is_said_takes_what_a_new_one_does() -> None:
    assert throughput_of(index_of({})) == Throughput(limits.FIRST_WRITES, limits.FIRST_READS)


def lines(
    rate: int, table: Mapping[str, Any], index: Mapping[str, Any], units: int = 1_000_000, **needs: Any
) -> list[str]:
    shards = Needs(rate).shards if units == 1_000_000 else 1
    return [*warnings(Needs(rate, **needs), described(table, index), [declared(units, shards)], per_order=20)]


@pytest.mark.parametrize(
    ("rate", "table", "index", "words"),
    [
        (280, {}, {}, []),
        (300, {}, {}, ["the table"]),
        (300, warm(8_000), {}, []),
        (2_000, warm(40_000), {}, ["its index `due`"]),
        (2_000, warm(4_000), warm(4_000), ["the table", "its index `due`"]),
        (10, PROVISIONED, PROVISIONED, ["the table"]),
        (3, PROVISIONED, PROVISIONED, []),
    ],
)
def test_orders_a_second_beyond_what_the_table_takes_now_are_warned_of(
    rate: int, table: Mapping[str, Any], index: Mapping[str, Any], words: list[str]
) -> None:
    found = lines(rate, table, index)
    assert [word for word, line in zip(words, found, strict=True) if f"want {word} to take" not in line] == []
    assert all("\n" not in line for line in found)


def test_a_limit_for_a_buyer_writes_more_and_so_warns_sooner() -> None:
    assert [len(lines(250, {}, {}, limited=limited)) for limited in (False, True)] == [0, 1]


def test_a_provisioned_table_is_told_to_be_given_more_and_another_to_be_warmed() -> None:
    assert "raise its provisioned capacity" in lines(10, PROVISIONED, PROVISIONED)[0]
    assert "aws dynamodb update-table --table-name shop --warm-throughput" in lines(300, {}, {})[0]


def test_the_command_that_warms_is_one_that_aws_takes_and_lowers_nothing() -> None:
    table, index = lines(2_000, warm(4_000) | {"WarmThroughput": {"ReadUnitsPerSecond": 50_000}}, {})
    words = shlex.split(index.partition("aws ")[2].partition("; or ")[0])
    updates = json.loads(words[-1])
    request = {"TableName": words[words.index("--table-name") + 1], "GlobalSecondaryIndexUpdates": updates}
    model = botocore.session.get_session().get_service_model("dynamodb").operation_model("UpdateTable")
    assert ParamValidator().validate(request, model.input_shape).generate_report() == ""
    assert "ReadUnitsPerSecond=50000" in table


@pytest.mark.parametrize(
    ("rate", "units", "words"),
    [(20, 80, ""), (21, 80, "--limit 10 would"), (100, 80, "--limit 4 would"), (1_000, 80, "only more units help")],
)
def test_a_drop_whose_shards_are_too_few_says_with_which_limit_they_would_not_be(
    rate: int, units: int, words: str
) -> None:
    found = lines(rate, warm(40_000), warm(40_000), units)
    assert len(found) == bool(words)
    assert all(words in line for line in found)


def test_the_command_warns_and_opens_the_drop_all_the_same(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("drop", *EVENING, "--rate", "500") == 0
    said = capsys.readouterr().err.splitlines()
    assert [line.startswith("warning: 500 orders a second") for line in said] == [True, True]
    assert world.left() == 4


def test_a_drop_expects_what_the_manager_has_said_of_the_sku(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.store.stock.expect(JAR, 500)
    assert run("drop", *EVENING) == 0
    assert capsys.readouterr().err.count("warning: 500 orders a second") == 2
