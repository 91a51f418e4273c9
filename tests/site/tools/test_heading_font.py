"""The font that headings are cut from holds what its script says, under a name of its own, and opens quickly."""

from fontTools.ttLib import TTFont
from storefront.tools.heading_font import FAMILY, FONT, NAMES, signs


def test_it_has_the_signs_that_its_script_takes_and_its_own_name() -> None:
    font = TTFont(FONT, lazy=True)
    has, wanted = set(map(chr, font.getBestCmap())), set(signs())
    assert has - wanted <= {"\u220b", "\u223c"}, "which the font draws as signs of the symbols' rows"
    assert {sign for sign in wanted if "\u4e00" <= sign <= "\u9fff"} <= has
    assert sum("\u4e00" <= sign <= "\u9fff" for sign in has) == 3_755
    assert {number: font["name"].getDebugName(number) for number in NAMES} == NAMES
    assert FAMILY not in font["name"].getDebugName(0), "the copyright is of those who drew it"


def test_a_sign_of_it_is_read_without_the_others_being_turned_back() -> None:
    """WOFF2 may turn outlines; to read one then takes seconds, at each new heading that somebody previews."""
    assert not TTFont(FONT, lazy=True).reader.tables["glyf"].transformed
