"""`cunbo qr`: the files that it draws, and what it says of them."""

from pathlib import Path

import pytest
import zxingcpp
from cunbo.authoring.qr import LabelFont, described, draw, plates, sheets
from cunbo.cli import main
from cunbo.core.refusal import Refusal
from PIL import Image

from tests.functions.helpers.world import JAR, ROOMS, make_catalog

SHOP = "https://cunbo.example"
NONE = LabelFont(None)
LINKS = [f"HTTPS://CUNBO.EXAMPLE/Q/{room.upper()}" for room in ROOMS]


def test_a_picture_and_a_sheet_are_read_back() -> None:
    made = plates(make_catalog(), SHOP, None, None)
    assert [zxingcpp.read_barcodes(draw(plate, 4, NONE))[0].text for plate in made] == LINKS
    [page] = sheets(made, NONE)
    assert sorted(found.text for found in zxingcpp.read_barcodes(page)) == LINKS


def test_seven_codes_take_two_sheets() -> None:
    assert len(sheets(plates(make_catalog(), SHOP, ROOMS[0], None) * 7, NONE)) == 2


@pytest.mark.parametrize(
    ("room", "sku", "words"),
    [("kitchen", None, "there is no room kitchen"), (ROOMS[0], "gold-bar", "no product has the SKU gold-bar")],
)
def test_what_there_is_not_has_no_code(room: str, sku: str | None, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        plates(make_catalog(), SHOP, room, sku)


@pytest.mark.parametrize(("size", "warns"), [(None, False), (132, False), (131, True), (10, True)])
def test_it_warns_of_a_size_that_no_phone_reads_from_a_stream(size: int | None, warns: bool) -> None:
    [plate] = plates(make_catalog(), SHOP, ROOMS[0], None)
    said = [*described(plate, size)]
    assert "at least 132 pixels wide at 720p, 198 at 1080p" in said[0]
    assert any("too small for a stream" in line and "--size 132" in line for line in said) is warns


def test_the_command_writes_what_it_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["qr", "cabbage-1", JAR, "--url", SHOP, "--out", str(tmp_path), "--size", "165"])
    said = capsys.readouterr().out
    name = f"cabbage-1-{JAR}"
    files = {f"{name}.svg", f"{name}.png", "codes.pdf"}
    assert {path.name for path in tmp_path.iterdir()} == files
    assert all(str(tmp_path / file) in said for file in files)
    with Image.open(tmp_path / f"{name}.png") as picture:
        assert zxingcpp.read_barcodes(picture)[0].text == f"HTTPS://CUNBO.EXAMPLE/Q/CABBAGE-1/{JAR.upper()}"
    assert (tmp_path / "codes.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--size", "0"], "is no size"),
        (["--size", "big"], "is no size"),
        (["--url", "https://a_b"], "cannot be a code"),
        (["--font", __file__], "is no font that can be used"),
    ],
)
def test_it_refuses_with_a_remedy(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["qr", *arguments])
    assert words in capsys.readouterr().err
