"""What `cunbo drop` does, and what it says."""

from datetime import timedelta

import msgspec
import pytest
from chalicelib.domain.stock.drops import Drop
from cunbo.core import content
from cunbo.operations.drops import state

from tests.functions.helpers.world import JAR, NOON, POT, World, day
from tests.infra.command_line import run
from tests.infra.commands.drops.terminal import CATALOG, EVENING, ROOM, waits


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
