"""Who waits, as the command lists them."""

import pytest

from tests.functions.helpers.world import JAR, POT, World
from tests.infra.command_line import run
from tests.infra.commands.drops.terminal import waits


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
