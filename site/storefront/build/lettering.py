"""Which headings are set in the shop's own Kai, and the font cut down to their signs.

Few phones have a serif for Chinese, so the look would be gone on the others. A font of a few thousand signs weighs as
much as ten pages; headings need some eighty. The build takes whole headings, those of the pages that sell before the
others, until the file is as heavy as it may be. A heading that is not among them, one with a rare sign say, is set in the
reader's own serif as a whole: templates ask by `kai`, which gives the heading its class. Chinese alone: English has serifs
everywhere.

One file for all pages: it is fetched once, after the first paint, since only a heading on the page asks for it. What is
shown until then is as wide (each sign fills its square) and as high (lines have their own height), so nothing moves; and
it is not preloaded, for on a slow line it would come before the picture of what is sold.
"""

import hashlib
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.catalog import Catalog
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from markupsafe import Markup

FONT, LICENCE = "cunbo-kai.woff2", "OFL.txt"
HEAVIEST = 19_900
"""Bytes that a page may load of it."""
MOST = 102
"""Signs to begin with; they weigh some 200 bytes each."""
EM = 500
"""Units of a sign's square: a sign of 44 pixels, on a screen of two dots a pixel, is right to a fifth of a dot."""
FIRST = ("shop.html", "home.html", "content/product.html", "content/room.html")
"""Templates whose headings come before all others."""
SHOPPERS = ("*.html", "content/*.html", "shopping/*.html", "service/*.html")
HEADING = re.compile(r"<h[12][^>]*>(.*?)</h[12]>|\{\{ ?(?:goods|places|voices)\((.*?)\) ?\}\}", re.DOTALL)
"""Where a template sets a heading, or hands one to a part of pages."""
MESSAGE = re.compile(r"\bt\.([a-z_]+(?:\.[a-z_]+)*)")
WORKS = (Path(__file__), Path(subset.__file__))


@dataclass(frozen=True)
class Lettering:
    """The signs that headings are set in, and the font of them; without a sign there is no font."""

    signs: frozenset[str] = frozenset()
    font: bytes = b""

    def kai(self, heading: str) -> Markup:
        """Return the class of a heading, with a blank before it, for its tag; empty where it lacks a sign."""
        bare = "".join(heading.split())
        return Markup(' class="kai"') if bare and self.signs.issuperset(bare) else Markup("")


def letter(fonts: Path, theme: Path, catalog: Catalog, words: dict[str, Any], kept: Path) -> Lettering:
    """Return the lettering of a shop: `words` are its messages; what was cut is kept in the folder `kept`."""
    source = fonts / FONT
    said = list(headings(theme, catalog, words))
    known = hashlib.sha256("\n".join(said).encode())
    for path in (source, *WORKS):
        known.update(path.read_bytes())
    made = kept / f"heads-{known.hexdigest()[:16]}.woff2"
    if not made.is_file():
        kept.mkdir(parents=True, exist_ok=True)
        fresh = kept / f"heads-{os.getpid()}.new"  # another build may be doing the same
        fresh.write_bytes(fitting(source, said))
        fresh.replace(made)
    font = made.read_bytes()
    return Lettering(_has(io.BytesIO(font)), font)


def headings(theme: Path, catalog: Catalog, words: dict[str, Any]) -> Iterator[str]:
    """Yield the headings that Chinese pages may show, in the order in which they may have a place in the font."""
    shelves = (catalog.products, catalog.rooms, catalog.villages, catalog.pages, catalog.stories, catalog.videos)
    names = [[getattr(one, "name", None) or getattr(one, "title") for one in shelf] for shelf in shelves]
    yield catalog.shop.name.zh
    yield catalog.shop.slogan.zh
    yield from _of_templates(theme, FIRST, words)
    yield from (name.zh for shelf in names[:3] for name in shelf)
    rest = sorted({path.relative_to(theme).as_posix() for which in SHOPPERS for path in theme.glob(which)})
    yield from _of_templates(theme, rest, words)
    yield from (name.zh for shelf in names[3:] for name in shelf)


def messages_in(template: str) -> list[str]:
    """Return the names of the messages that a template sets in headings, such as home.goods."""
    return [name for found in HEADING.finditer(template) for name in MESSAGE.findall(found[1] or found[2])]


def chosen(said: Iterable[str], has: frozenset[str], most: int) -> frozenset[str]:
    """Return the signs of these headings, of each all or none, that `has` has, at most so many."""
    signs: frozenset[str] = frozenset()
    for heading in said:
        more = signs | frozenset("".join(heading.split()))
        if more <= has and len(more) <= most:
            signs = more
    return signs


def fitting(source: Path, said: list[str]) -> bytes:
    """Return the font of as many of these headings as weigh no more than they may."""
    has, most = _has(source), MOST
    while True:
        signs = chosen(said, has, most)
        font = cut(source, signs)
        if len(font) <= HEAVIEST or not signs:
            return font
        most = min(len(signs) - 1, len(signs) * HEAVIEST // len(font))


def cut(source: Path, signs: Iterable[str]) -> bytes:
    """Return the font of these signs alone as WOFF2: the same bytes of the same font and signs."""
    font = TTFont(source, lazy=True, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[1], glyph_names=False, notdef_outline=False)
    options.drop_tables += ["BASE", "GDEF", "GSUB", "gasp", "vhea", "vmtx"]
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(signs)))
    cutter.subset(font)
    scale_upem(font, EM)
    font.flavor, font.flavorData = "woff2", None
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def _of_templates(theme: Path, paths: Iterable[str], words: dict[str, Any]) -> Iterator[str]:
    """Yield the words of the messages in these templates' headings."""
    for path in paths:
        for name in messages_in((theme / path).read_text(encoding="utf-8")):
            at: Any = words
            for key in name.split("."):
                at = at.get(key) if isinstance(at, dict) else None
            if isinstance(at, str):
                yield at


def _has(font: Path | io.BytesIO) -> frozenset[str]:
    return frozenset(map(chr, TTFont(font, lazy=True).getBestCmap() or {}))
