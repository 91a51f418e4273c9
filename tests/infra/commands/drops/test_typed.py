"""What can be typed of a drop, and what is refused in a line."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from chalicelib.domain.calendar import VILLAGE
from cunbo.core.refusal import Refusal
from cunbo.operations.drops import read_price
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import World
from tests.infra.command_line import run
from tests.infra.commands.drops.terminal import CATALOG, EVENING, ROOM, read


def local(at: datetime) -> str:
    return f"{at.astimezone(VILLAGE):%m-%d %H:%M}"


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
