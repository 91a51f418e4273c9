"""`cunbo refund` of a part, `pay strays`, `return`, `book`, and the books as a spreadsheet, on a table in process."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from chalicelib.domain.commands import AskRefund
from chalicelib.domain.orders.model import RefundState
from chalicelib.domain.payments.ledger import Billed
from chalicelib.domain.payments.news import Money, RowKind
from chalicelib.services.desk.books import days_of
from cunbo.commands import target
from cunbo.operations import books, money
from cunbo.operations.shop import ShopOperations
from moto import mock_aws

from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.world import JAR, TODAY, World, day
from tests.infra.command_line import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with nine jars, whose table is the one that the command acts on."""
    with mock_aws():
        world = World({day(2): 9})
        monkeypatch.setattr(target, "operations", lambda *_: ShopOperations(world.client, world.store.table.name))
        for module in (books, money):
            monkeypatch.setattr(module, "utc_now", lambda: world.now)
        yield world


def stray(world: World, currency: str = "CNY") -> None:
    told = Money(event="e", reference="none-of-ours", payment="p-1", amount=2990, currency=currency)
    world.services.payments.hear("sandbox", [told])


def test_a_part_is_refunded_by_units_or_by_yuan_and_what_is_left_is_said(world: World, capsys: Capture) -> None:
    order = world.place(quantity=2, email="wang@example.com")
    world.pay(order)
    assert run("refund", order["order"], "--line", f"{JAR}=1", "--why", "broken") == 0
    assert capsys.readouterr().out == f"¥29.90 of {order['order']} goes back to its buyer; ¥29.90 is left of it.\n"
    assert run("refund", order["order"], "--amount", "9.9") == 0
    assert "¥9.90 of" in capsys.readouterr().out
    assert [one.by for one in world.shop.orders.load(order["order"]).refunds] == ["operator"] * 2
    assert world.see(order)["state"] == "paid"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--amount", "0"), "0 is no amount in yuan"),
        (("--amount", "5.001"), "5.001 is no amount in yuan"),
        (("--amount", "60"), "at most 5980 fen"),
        (("--line", "spicy"), "--line spicy: write a SKU"),
        (("--line", f"{JAR}=3"), "at most 2"),
        (("--line", "other=1"), "the order has no other"),
        (("--postage",), "no postage is left"),
        (("--line", f"{JAR}=1", "--amount", "5"), "either an amount, or lines"),
    ],
)
def test_what_cannot_go_back_is_refused_in_a_line(
    world: World, capsys: Capture, words: tuple[str, ...], said: str
) -> None:
    order = world.place(quantity=2)
    world.pay(order)
    assert run("refund", order["order"], *words) == 2
    assert said in capsys.readouterr().err
    assert world.see(order)["refunds"] == []


def test_money_that_fits_nowhere_is_listed_until_somebody_has_decided(world: World, capsys: Capture) -> None:
    assert run("pay", "strays") == 0
    stray(world)
    assert run("pay", "strays") == 1
    said = capsys.readouterr().out
    assert "p-1  sandbox ¥29.90, seen 2026-11-24 12:00, for none-of-ours\n1 payment waits for a decision." in said
    assert run("pay", "return", "p-1") == 0
    assert run("pay", "return", "p-1") == 2
    assert run("pay", "return", "p-2") == 2
    already, unknown = capsys.readouterr().err.splitlines()
    assert "p-1 is going back already, by operator" in already
    assert "p-2 is no payment that fits nowhere" in unknown
    assert run("pay", "strays") == 0
    assert run("pay", "strays", "--all") == 0
    assert "for none-of-ours, going back by operator" in capsys.readouterr().out


def test_it_is_booked_to_an_order_that_there_is(world: World, capsys: Capture) -> None:
    order = world.place()
    stray(world)
    assert run("pay", "book", "p-1", "1" * 20) == 2
    assert run("pay", "book", "p-1", order["order"]) == 0
    [found] = world.store.strays.all()
    world.outbox().perform("stray", found.number)
    assert world.see(order)["state"] == "paid"
    assert f"there is no order {'1' * 20}" in capsys.readouterr().err


def test_money_in_another_currency_is_given_back_and_never_booked(world: World, capsys: Capture) -> None:
    order = world.place()
    stray(world, "HKD")
    assert run("pay", "book", "p-1", order["order"]) == 2
    assert "p-1 is HKD, and orders are paid in CNY: give it back" in capsys.readouterr().err


def cells(file: Path, sheet: int) -> dict[str, str]:
    """The values of a sheet, by cell."""
    with zipfile.ZipFile(file) as packed:
        shared = re.findall(r"<t[^>]*>(.*?)</t>", packed.read("xl/sharedStrings.xml").decode())
        body = packed.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    found = re.findall(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(?:<f>[^<]*</f>)?<v>([^<]*)</v>', body)
    return {cell: shared[int(value)] if 't="s"' in kind else value for cell, kind, value in found}


def test_the_books_of_a_day_agree_with_themselves_and_with_what_moved(
    world: World, capsys: Capture, tmp_path: Path
) -> None:
    stream, refunds = Stream(world), money.MoneyOperations(world.store)
    orders = [world.place(n, quantity=n + 1) for n in range(3)]
    for order in orders[:2]:
        world.pay(order)
    refunds.refund(orders[1]["order"], AskRefund("=1+1", amount=990), "k" * 16)
    world.settle()
    stray(world, "HKD")
    stream.keep()
    for line in world.store.ledger.day(TODAY):
        if line.entry.kind is RowKind.PAYMENT and line.entry.currency == "CNY":
            world.store.ledger.bill(line.entry, Billed(TODAY, 3, line.entry.amount, 18))
    file = tmp_path / "books.xlsx"
    assert run("books", "2026-11", str(file)) == 0
    assert f"{file}: 2 payments ¥89.70, 1 refund ¥9.90, fees ¥0.36." in capsys.readouterr().out
    sums, days, goods, payments, back = (cells(file, sheet) for sheet in (1, 2, 3, 8, 9))
    assert [sums[f"B{row}"] for row in range(2, 7)] == ["89.7", "9.9", "0", "0.36", "79.44"]
    assert [days[f"{column}2"] for column in "ABCDG"] == [f"{TODAY}", "2", "89.7", "9.9", "79.44"]
    assert [goods[f"{column}2"] for column in "ABCDF"] == [JAR, "辣白菜 500 克", "3", "89.7", "9.9"]
    assert (payments["E5"], payments["G5"], back["E3"]) == ("89.7", "0.36", "9.9")
    assert "2990 HKD" in payments.values()
    assert run("books", f"{TODAY}", str(file), "--lang", "en") == 0
    sold = cells(file, 10)
    assert (sold["A1"], sold["F4"], sold["G4"]) == ("Order", "89.7", "9.9")
    assert [world.shop.orders.load(order["order"]).refunds for order in orders[:1]] == [()]
    assert world.shop.orders.load(orders[1]["order"]).refunds[0].state is RefundState.DONE


def test_the_books_of_a_day_without_money_are_empty_and_whole(world: World, tmp_path: Path) -> None:
    assert run("books", "2026-11-23", str(tmp_path / "none.xlsx")) == 0
    assert cells(tmp_path / "none.xlsx", 8)["E2"] == "0.0"


@pytest.mark.parametrize("span", ["2026", "2026-13", "2026-02-30", "26-11-01", "yesterday"])
def test_a_span_that_is_none_is_refused(world: World, tmp_path: Path, span: str) -> None:
    assert run("books", span, str(tmp_path / "x.xlsx")) == 2


def test_books_that_cannot_be_written_say_so(world: World, tmp_path: Path) -> None:
    assert run("books", "2026-11-24", str(tmp_path / "no" / "x.xlsx")) == 2


def test_a_month_has_its_days() -> None:
    assert [len(days_of(span)) for span in ("2026-02", "2028-02", "2026-11", "2026-11-24")] == [28, 29, 30, 1]
