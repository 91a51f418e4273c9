"""What the command says and does to orders, on a table in process."""

from collections.abc import Iterator

import pytest
from cunbo import target
from cunbo.stock import Warehouse
from moto import mock_aws

from tests.functions.world import World, day
from tests.infra.test_cli import run


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with five jars, whose table is the one that the command acts on."""
    with mock_aws():
        world = World({day(2): 5})
        monkeypatch.setattr(target, "warehouse", lambda house, stage: Warehouse(world.client, world.store.table.name))
        yield world


def test_a_refund_says_how_much_goes_back_and_frees_the_units(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    order = world.place(quantity=2, email="wang@example.com")
    world.pay(order)
    assert run("refund", order["order"]) == 0
    assert capsys.readouterr().out == f"{order['order']} is cancelled; ¥59.80 goes back to its buyer.\n"
    assert (world.see(order)["state"], world.left()) == ("cancelled", 5)


def test_a_refund_of_what_nobody_paid_says_so_and_who_has_to_be_called(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    order = world.place()
    assert run("refund", order["order"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{order['order']} is cancelled; nothing was paid that has to go back."
    assert "do call them" in second


def test_an_order_is_refunded_once_and_an_unknown_one_never(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    order = world.place()
    assert run("refund", order["order"]) == 0
    assert run("refund", order["order"]) == 2
    assert run("refund", "1" * 20) == 2
    again, unknown = capsys.readouterr().err.splitlines()
    assert f"{order['order']}: it is cancelled " in again
    assert f"{'1' * 20}: there is no order of this number" in unknown


def test_postponing_into_batches_that_are_not_there_is_refused_in_a_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    order = world.place()
    assert run("postpone", order["order"], "2099-12-01") == 2
    assert "from 2099-12-01 on only 0 are left of one of its lines" in capsys.readouterr().err
