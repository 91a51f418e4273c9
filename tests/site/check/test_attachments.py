"""The pictures that must lie beside the records, each fault with its line and its remedy."""

from pathlib import Path

import pytest
from storefront.check.content import read

from tests.site.helpers.samples import (
    CHINESE,
    ENGLISH,
    GOOD,
    photograph,
    swapped,
    the_fault,
    write,
)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("jar.jpg", photograph(639), "12: the picture jar.jpg is 639 pixels wide: take one of at least 640; 1200 is"),
        (
            "jar.jpg",
            b"no picture",
            "12: jar.jpg is no picture that can be read: save it as JPEG, and put it there again",
        ),
        ("jar.png", b"", "12: jar.png is no picture that can be read: save it as JPEG, and put it there again"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_with_its_line(
    tmp_path: Path, name: str, data: bytes, what: str
) -> None:
    old, new = "src: spicy-cabbage.svg", f"src: {name}"
    files = swapped(CHINESE, old, new) | swapped(ENGLISH, old, new) | {f"products/{name}": data}
    assert the_fault(tmp_path, **files).startswith(f"content/products/spicy-cabbage.md:{what}")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("![](jar.jpg)", "the picture jar.jpg says nothing to who cannot see it: write it between the brackets: ![wh"),
        ("![A jar](pot.jpg)", "there is no picture 'pot.jpg': put it there, or mend its name"),
        ("![A jar](small.jpg)", "the picture small.jpg is 399 pixels wide: take one of at least 400; 1200 is better"),
    ],
)
def test_so_is_one_in_a_text(tmp_path: Path, text: str, what: str) -> None:
    name = "stories/returnees.en.md"
    files = {name: f"{GOOD[name]}\n{text}\n", "stories/jar.jpg": photograph(), "stories/small.jpg": photograph(399)}
    fault = the_fault(tmp_path, **files)
    assert fault.startswith(f"content/{name}:{str(GOOD[name]).count(chr(10)) + 2}: {what}")


@pytest.mark.parametrize("text", ["Write `![](jar.jpg)` for one.", "    ![](jar.jpg)"])
def test_a_picture_in_what_is_shown_as_it_is_typed_is_none(tmp_path: Path, text: str) -> None:
    name = "stories/returnees.en.md"
    assert read(write(tmp_path, GOOD | {name: f"{GOOD[name]}\n{text}\n"}))
