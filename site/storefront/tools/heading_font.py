"""Remakes site/fonts/cunbo-kai.woff2, which headings are cut from, of Debian's package fonts-lxgw-wenkai (1.250).

    .venv/bin/python -m storefront.tools.heading_font /usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf

It holds the signs of GB 2312 that schools teach (its first level, 3,755), its symbols, and Latin; the rest of Chinese
is set in the reader's own serif. The font's licence reserves its name, so this one has its own; site/fonts/OFL.txt lies
beside it. Its outlines stand as they are, not as WOFF2 turns them to save a tenth: whoever cuts a few signs out would
have to turn all of them back, which takes seconds.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData

FONT = Path(__file__).resolve().parents[2] / "fonts" / "cunbo-kai.woff2"
FAMILY = "Cunbo Kai"
NAMES = {1: FAMILY, 3: f"{FAMILY} Bold", 4: FAMILY, 6: "CunboKai-Bold"}
"""What the font is called, by the ids of OpenType's table of names; copyright and licence stay as they are."""
KEPT_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
LATIN = range(0x20, 0x17F)
SYMBOLS, SCHOOL = range(0xA1, 0xAA), range(0xB0, 0xD8)
"""Rows of GB 2312, by the first byte of their signs."""


def signs() -> Iterator[str]:
    """Yield the signs that headings may be set in; some of them the package's font lacks."""
    yield from map(chr, LATIN)
    for row in (*SYMBOLS, *SCHOOL):
        for place in range(0xA1, 0xFF):
            yield bytes([row, place]).decode("gb2312", errors="ignore")


def make(source: Path) -> TTFont:
    """Return the font of these signs, under its own name, without instructions for old screens; OSError, TTLibError."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(hinting=False, name_IDs=KEPT_NAMES, name_languages=[0x409], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(signs()))
    cutter.subset(font)
    for number, name in NAMES.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    font.flavor, font.flavorData = "woff2", WOFF2FlavorData(transformedTables=set())
    return font


if __name__ == "__main__":
    make(Path(sys.argv[1])).save(FONT)
    print(f"{FONT}: {FONT.stat().st_size} bytes")
