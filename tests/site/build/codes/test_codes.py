"""The codes of short links: as small as they can be, with all the correction that fits, and readable."""

import pytest
import segno
import zxingcpp
from storefront.build.codes import UnfitLink, code, link, path, pixels_a_module, smallest, svg

from tests.site.helpers.codes import draw

SHOP = "https://cunbo.example"


@pytest.mark.parametrize(
    ("origin", "room", "sku", "said"),
    [
        (SHOP, "cabbage-1", "", "HTTPS://CUNBO.EXAMPLE/Q/CABBAGE-1"),
        (f"{SHOP}/", "cabbage-1", "spicy-cabbage-500g", "HTTPS://CUNBO.EXAMPLE/Q/CABBAGE-1/SPICY-CABBAGE-500G"),
        ("http://127.0.0.1:8000", "a", "", "HTTP://127.0.0.1:8000/Q/A"),
    ],
)
def test_a_link_is_in_capitals_and_read_back_as_it_is(origin: str, room: str, sku: str, said: str) -> None:
    made = code(link(origin, room, sku))
    assert made.link == said
    assert [found.text for found in zxingcpp.read_barcodes(draw(made))] == [said]


@pytest.mark.parametrize("origin", ["https://cunbo_shop.example", "https://村.example", "ftp://x", "cunbo.example"])
def test_what_no_small_code_can_hold_is_refused(origin: str) -> None:
    with pytest.raises(UnfitLink, match="cannot be a code"):
        link(origin, "cabbage-1")


@pytest.mark.parametrize("room", ["a", "cabbage-1", "specialties-1", "a-room-with-a-name-of-forty-letters-here1"])
def test_it_is_the_smallest_that_holds_the_link_with_all_the_correction_that_fits(room: str) -> None:
    said = link(SHOP, room)
    made = code(said)
    for version, error in [(made.version - 1, "L"), (made.version, "LMQH"["LMQH".index(made.correction) + 1 :][:1])]:
        if version and error:
            with pytest.raises(segno.DataOverflowError):
                segno.make_qr(said, version=version, error=error, mode="alphanumeric")
    assert made.modules == 17 + 4 * made.version + 8


def test_capitals_save_a_size() -> None:
    said = link(SHOP, "cabbage-1")
    assert code(said).version < segno.make_qr(said.lower(), error=code(said).correction, boost_error=False).version


def test_the_size_that_is_recommended_gives_four_whole_pixels_in_what_viewers_get() -> None:
    modules = code(link(SHOP, "cabbage-1")).modules
    assert [smallest(modules, lines) for lines in (720, 1080)] == [4 * modules, 6 * modules]
    assert pixels_a_module(smallest(modules), modules) == 4
    assert pixels_a_module(smallest(modules) - 1, modules) == 3


def test_the_plate_has_a_label_that_stays_within_it_and_no_markup_of_strangers() -> None:
    made = code(link(SHOP, "cabbage-1"))
    plate = svg(made, ["一号直播室 · 辣白菜" * 4, "<b>扫码 & 看</b>"])
    assert f'textLength="{made.modules}"' in plate
    assert "&lt;b&gt;扫码 &amp; 看&lt;/b&gt;" in plate
    assert path(made) in plate
