"""The pictures that must lie beside the records, each fault with its line and its remedy."""

from pathlib import Path

import pytest

from tests.site.helpers.samples import (
    CHINESE,
    ENGLISH,
    photograph,
    swapped,
    the_fault,
)


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
