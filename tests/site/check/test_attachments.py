"""The pictures that must lie beside the records, each fault with its line and its remedy."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter
from storefront.check.content import look

from tests.site.helpers.samples import (
    CHINESE,
    ENGLISH,
    GOOD,
    photograph,
    swapped,
    the_fault,
    write,
)

Colour = tuple[int, int, int]


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("jar.jpg", photograph(639), "12: the picture jar.jpg is 639 pixels wide: use one of at least 640; 1200 is"),
        (
            "jar.jpg",
            b"no picture",
            "12: jar.jpg is not a picture: put a picture there, saved as JPEG",
        ),
        ("jar.png", b"", "12: the picture jar.png is an empty file: copy or send it again"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_with_its_line(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    old, new = "src: spicy-cabbage.svg", f"src: {name}"
    files = swapped(CHINESE, old, new) | swapped(ENGLISH, old, new) | {f"products/{name}": data}
    assert the_fault(tmp_path, **files).startswith(f"content/products/spicy-cabbage.md:{what}")


def taken(ground: Colour, subject: Colour = (0, 0, 0), width: int = 1600, blur: float = 0, size: int = 40) -> bytes:
    """A photograph of one thing on a ground."""
    picture = Image.new("RGB", (width, width * 3 // 4), ground)
    ImageDraw.Draw(picture).rectangle([width // 3, width // 3, width * 2 // 3, width // 3 + size], fill=subject)
    data = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(blur)).save(data, "JPEG")
    return data.getvalue()


def hints(folder: Path, data: bytes, old: str = "spicy-cabbage.svg") -> list[str]:
    """What the check says of a photograph that stands in a drawing's place, and stops nothing."""
    files = swapped(CHINESE, f"src: {old}", "src: jar.jpg") | swapped(ENGLISH, f"src: {old}", "src: jar.jpg")
    found = look(write(folder, {**GOOD, **files, "products/jar.jpg": data}))
    assert not found.faults
    return [
        notice.told("en").removeprefix("content/products/jar.jpg:1: ")
        for notice in found.notices
        if "jar.jpg" in notice.file
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (taken((60, 50, 40), (70, 60, 50)), ["the photograph jar.jpg is very dark"]),
        (taken((120, 100, 80), width=1199), ["the photograph jar.jpg is 1199 pixels wide"]),
        (taken((30, 30, 30), width=700), ["the photograph jar.jpg is 700", "the photograph jar.jpg is very dark"]),
        (taken((20, 24, 32), (222, 190, 130)), []),  # a root on a dark cloth
        (taken((8, 10, 20), (255, 190, 90), size=14), []),  # lamps at night
        (taken((205, 212, 214), (190, 200, 204), blur=9), []),  # mist
        (taken((246, 244, 240), (236, 232, 224)), []),  # a white cup
        (taken((120, 100, 80), width=1200), []),
    ],
)  # fmt: skip
def test_a_photograph_that_could_be_better_is_told_of_and_shown_all_the_same(
    tmp_path: Path, data: bytes, expected: list[str]
) -> None:
    told = hints(tmp_path, data)
    assert len(told) == len(expected) and all(map(str.startswith, told, expected)), told


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right", "top left", "bottom right"])
def test_a_picture_may_say_which_side_is_kept(tmp_path: Path, side: str) -> None:
    changed = swapped(CHINESE, "alt: 一坛辣白菜", f"alt: 一坛辣白菜\n    focus: {side}")
    catalog = look(write(tmp_path, GOOD | changed)).catalog
    assert catalog and catalog.products[0].pictures[0].focus == side


@pytest.mark.parametrize("side", ["上", "up", "left top", "50", "[top]", "center"])
def test_a_side_that_is_none_is_told_with_those_that_are(tmp_path: Path, side: str) -> None:
    changed = swapped(CHINESE, "alt: 一坛辣白菜", f"alt: 一坛辣白菜\n    focus: {side}")
    assert "top, bottom, left or right, or two of them, such as top left" in the_fault(tmp_path, **changed)
