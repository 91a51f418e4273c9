"""A recall from the terminal, and the labels of a batch's jars."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cunbo.commands import target
from cunbo.operations.shop import ShopOperations
from moto import mock_aws
from storefront.build import codes

from tests.functions.helpers.world import JAR, World, day
from tests.infra.command_line import run

BATCH = (JAR, str(day(2)))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A shop with five jars, whose table is the one that the command acts on."""
    with mock_aws():
        world = World({day(2): 5})
        monkeypatch.setattr(target, "operations", lambda *_: ShopOperations(world.client, world.store.table.name))
        yield world


def test_a_drill_a_recall_and_its_undoing_say_what_they_come_to(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    order = world.place(quantity=2)
    world.pay(order)
    assert run("recall", *BATCH, "--drill") == 0
    drill = capsys.readouterr().out
    for words in (
        f"{JAR} 2026-11-26: not recalled",
        "5 units declared, 2 promised, 3 on sale",
        "1 order with units of it",
        f"{order['order']}  2 units, paid: not packed",
        "a drill: nothing is changed",
    ):
        assert words in drill
    assert run("recall", *BATCH) == 2
    assert "what is wrong with the batch" in capsys.readouterr().err
    assert run("recall", *BATCH, "--why", "瓶盖松") == 0
    assert "瓶盖松\n  0 units declared, 2 promised, 0 on sale" in capsys.readouterr().out
    assert run("batch", *BATCH, "9") == 2
    assert run("recall", *BATCH, "--lift") == 0
    assert "5 units declared, 2 promised, 3 on sale" in capsys.readouterr().out
    assert run("recall", *BATCH, "--lift") == 2
    assert run("recall", JAR, "2026-13-01", "--drill") == 2
    assert run("recall", JAR, "2026-12-24", "--drill") == 2


def test_labels_have_the_code_of_their_batch_and_one_date_of_production_for_ever(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "labels.html"
    asked = ("jars", *BATCH, "--count", "3", "--url", "https://shop.example.cn", "--out", str(out))
    assert run(*asked, "--made", "2026-11-24") == 0
    code = codes.code("HTTPS://SHOP.EXAMPLE.CN/Q/JAR/SPICY-CABBAGE-500G/20261126")
    page = out.read_text(encoding="utf-8")
    assert page.count(codes.path(code)) == page.count("<section>") == 3
    for words in ("辣白菜 500 克", "批次 20261126", "生产日期 2026-11-24", "保质期至 2026-12-24", "含鱼类制品"):
        assert words in page
    assert world.store.passports.load(JAR, day(2)).made == day(0)  # type: ignore[union-attr]
    assert run(*asked, "--made", "2026-11-23") == 2
    assert run(*asked, "--made", "2026-11-27") == 2
    assert run("jars", JAR, str(day(2)), "--count", "0") == 2
    assert run("jars", "no-such-jar", str(day(2))) == 2
    assert "another date of production" in capsys.readouterr().err
