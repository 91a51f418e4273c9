"""Photographs and drawings as pages load them."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from storefront.build.media import pictures
from storefront.read.media.pictures import UnfitPicture
from storefront.write.publish import copy_pictures

from tests.site.helpers.samples import photograph

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 600"><rect width="800" height="600" fill="#c00"/></svg>'
)
LYING = 6
"""How a phone that was held upright marks its picture: to be turned by a quarter."""


def shelf(folder: Path, **files: bytes) -> Path:
    content = folder / "content" / "products"
    content.mkdir(parents=True)
    for name, data in files.items():
        (content / name.replace("_", ".")).write_bytes(data)
    return content.parent


def named(content: Path) -> list[Path]:
    return [*(content / "products").iterdir()]


def from_a_phone() -> bytes:
    """A photograph that says where it was taken, by which phone, and how that was held."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A phone", LYING
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 7.0, 30.0), 3: "E", 4: (126.0, 11.0, 0.0)})
    return photograph(1800, 1350, exif=exif)


def made(folder: Path, **files: bytes) -> tuple[dict[str, pictures.Shot], Path]:
    """What is made of these files, and the site that it is published in."""
    content, site = shelf(folder, **files), folder / "site"
    (site / "products").mkdir(parents=True)
    shots = pictures.make(content, named(content), folder / "cache")
    copy_pictures(shots, folder / "cache", site)
    return shots, site


def test_nothing_that_is_published_says_where_a_photograph_was_taken_or_by_what(tmp_path: Path) -> None:
    source = from_a_phone()
    assert b"A phone" in source and Image.open(BytesIO(source)).getexif().get_ifd(0x8825)
    _, site = made(tmp_path, jar_jpg=source)
    published = [path for path in site.rglob("*") if path.is_file()]
    assert len(published) == 4 * 3 + 2, "four widths in three formats, the card, and the photograph's own address"
    for path in published:
        with Image.open(path) as picture:
            assert not picture.getexif() and "exif" not in picture.info, path
        assert b"A phone" not in path.read_bytes(), path


def test_a_photograph_stands_upright_in_each_width_and_format_and_is_never_made_larger(tmp_path: Path) -> None:
    shots, site = made(tmp_path, jar_jpg=from_a_phone())
    shot = shots["/products/jar.jpg"]
    assert (shot.width, shot.height) == (1350, 1800)
    assert list(shot.formats) == ["avif", "webp", "jpeg"]
    for kind, sizes in shot.formats.items():
        assert [width for width, _ in sizes] == [400, 800, 1200, 1350]
        for width, address in sizes:
            with Image.open(site / address.lstrip("/")) as picture:
                assert picture.format == kind.upper()
                assert (picture.width, picture.height) == (width, round(width * 1800 / 1350))
    smallest = {kind: (site / sizes[0][1].lstrip("/")).stat().st_size for kind, sizes in shot.formats.items()}
    assert smallest["avif"] < smallest["webp"] < smallest["jpeg"]


def test_its_patches_are_its_colours_row_by_row(tmp_path: Path) -> None:
    shots, _ = made(tmp_path, jar_png=photograph(800, 600, "PNG"))
    patches = shots["/products/jar.png"].patches
    assert len(patches) == 12
    assert patches[:4] == ["#8fb7d9"] * 4 and patches[8:] == ["#5f7f3a"] * 4


def test_every_picture_has_a_card_that_other_pages_can_show(tmp_path: Path) -> None:
    shots, site = made(tmp_path, jar_jpg=photograph(), jar_svg=DRAWING.encode())
    for shot in shots.values():
        with Image.open(site / shot.card.lstrip("/")) as card:
            assert (card.format, card.size) == ("JPEG", (1200, 630))
    drawing = shots["/products/jar.svg"]
    assert (drawing.width, drawing.height, drawing.formats, drawing.patches) == (800, 600, {}, [])


@pytest.mark.parametrize(
    ("focus", "size", "expected"),
    [
        ("", (1200, 1800), "green"),
        ("top", (1200, 1800), "red"),
        ("bottom", (1200, 1800), "blue"),
        ("left", (3000, 600), "red"),
        ("bottom right", (3000, 600), "blue"),
        ("top", (3000, 600), "green"),
    ],
)
def test_the_card_of_a_photograph_keeps_the_side_that_its_focus_names(
    tmp_path: Path, focus: str, size: tuple[int, int], expected: str
) -> None:
    upright = size[1] > size[0]
    flag = Image.new("RGB", size, "lime")
    for colour, begin in (("red", 0.0), ("blue", 0.7)):
        box = (0, int(begin * size[1]), size[0], int((begin + 0.3) * size[1]))
        across = (int(begin * size[0]), 0, int((begin + 0.3) * size[0]), size[1])
        flag.paste(colour, box if upright else across)
    content = shelf(tmp_path)
    flag.save(content / "products/jar.png")
    shots = pictures.make(content, named(content), tmp_path / "cache", focus={"/products/jar.png": focus})
    with Image.open(tmp_path / "cache" / Path(shots["/products/jar.png"].at).name / "card.jpeg") as card:
        pixel = card.convert("RGB").getpixel((600, 315))
    assert isinstance(pixel, tuple)
    assert ("red", "green", "blue")[pixel.index(max(pixel))] == expected


def test_a_picture_whose_focus_changes_gets_another_card_and_keeps_its_other_files(tmp_path: Path) -> None:
    content = shelf(tmp_path, jar_jpg=photograph(700, 900))
    cards = {
        pictures.make(content, named(content), tmp_path / "cache", focus={"/products/jar.jpg": side})[
            "/products/jar.jpg"
        ].card
        for side in ("top", "bottom")
    }
    assert len(cards) == 2


def test_what_was_made_is_not_made_again_until_the_picture_changes(tmp_path: Path, monkeypatch: Any) -> None:
    content, cache, heard = shelf(tmp_path, jar_jpg=photograph(), jar_svg=DRAWING.encode()), tmp_path / "cache", []
    first = pictures.make(content, named(content), cache, lambda done, of: heard.append((done, of)))
    assert heard == [(1, 2), (2, 2)]
    monkeypatch.setattr(pictures, "_drawn", None)
    monkeypatch.setattr(pictures, "_photographed", None)
    assert pictures.make(content, named(content), cache) == first
    monkeypatch.undo()
    (content / "products/jar.jpg").write_bytes(photograph(700))
    second = pictures.make(content, named(content), cache)
    assert second["/products/jar.svg"] == first["/products/jar.svg"]
    assert second["/products/jar.jpg"].card != first["/products/jar.jpg"].card


def test_builds_at_the_same_time_may_share_what_they_make(tmp_path: Path) -> None:
    content = shelf(tmp_path, **{f"jar{number}_jpg": photograph(640 + number) for number in range(4)})
    with ThreadPoolExecutor(3) as pool:
        one, *others = pool.map(lambda _: pictures.make(content, named(content), tmp_path / "cache"), range(3))
    assert all(other == one for other in others)
    assert len(list((tmp_path / "cache").iterdir())) == 4


def test_a_drawing_that_is_none_is_named(tmp_path: Path) -> None:
    content = shelf(tmp_path, jar_svg=b"<svg")
    with pytest.raises(UnfitPicture, match=r"SVG cannot be read \(.*\): save it again as plain SVG"):
        pictures.make(content, named(content), tmp_path / "cache")
