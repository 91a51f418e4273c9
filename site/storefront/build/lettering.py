"""Which headings are set in the shop's own Kai, and the font cut down to their signs.

Few phones have a serif for Chinese, so the look would be gone on the others. A font of a few thousand signs weighs as
much as ten pages; headings need some hundred. The build takes whole headings, the most wanted first, until the file is
as heavy as it may be. A heading that is not among them, one with a rare sign say, is set in the reader's own serif as a
whole: templates ask by `kai`, which gives the heading its class. Chinese alone: English has serifs everywhere.

There are three files, of which a page needs one: that of the pages that sell, that of the pages that tell (stories,
villages, films, the channel), and that of all others. Each is fetched once, after the first paint, since only a heading
on the page asks for it. What is shown until then is as wide (a sign fills its square) and as high (the font takes the
height of those that phones have), so nothing moves; and it is not preloaded, for on a slow line it would come before
the picture of what is sold.
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
MOST = 130
"""Signs to begin with; they weigh some 200 bytes each."""
EM = 400
"""Units of a sign's square: a sign of 44 pixels, on a screen of two dots a pixel, is right to a fifth of a dot."""
ABOVE, BELOW = 1.155, 0.287
"""How far a line reaches above and below its base, in squares: what Noto has on Android, and Songti nearly so."""
SELLING = ("home.html", "content/product.html", "content/room.html")
"""Templates of the pages that sell, which have the file `selling`."""
TELLING = ("content/story.html", "content/village.html", "content/video.html", "service/channel.html")
"""Templates of the pages that tell, which have `telling`; others have `reading`."""
SHARED = ("article.html", "parts/telling.html", "parts/voices.html")
"""What pages that tell are built of, where that has headings of its own."""
READING = ("shopping/*.html", "service/[!jl]*.html", "content/*.html", "*.html")
"""The others, by how early their headings have a place in their file; /look/ and /jar/ have none."""
HEADING = re.compile(
    r"<h([12])[^>]*\{\{ ?kai\([^>]*>(.*?)</h[12]>|\{\{ ?(?:goods|places|voices|year)\((.*?)\) ?\}\}", re.DOTALL
)
"""Where a template sets a heading that asks for its class, or hands one to a part of pages that does."""
WRITTEN = re.compile(r"^##\s+(.+?)(?:\s*\{[^}\n]*\})?\s*$", re.MULTILINE)
"""A heading of the village's own text, without the id that it may be given."""
MADE = re.compile(r"(<h2[^>]*)>([^<]+)</h2>")
MESSAGE = re.compile(r"\bt\.([a-z_]+(?:\.[a-z_]+)*)")
WORKS = (Path(__file__), Path(subset.__file__))


@dataclass(frozen=True)
class Lettering:
    """One file: its name, the signs that headings are set in, and the font of them."""

    name: str
    signs: frozenset[str]
    font: bytes

    def kai(self, heading: str) -> Markup:
        """Return the class of a heading, with a blank before it, for its tag; empty where it lacks a sign."""
        bare = "".join(heading.split())
        return Markup(' class="kai"') if bare and self.signs.issuperset(bare) else Markup("")

    def kai_in(self, html: str) -> Markup:
        """Return a text that MkDocs has made, with the class at all its headings; at none where one lacks a sign."""
        its = self.kai("".join(found[2] for found in MADE.finditer(html)))
        return Markup(MADE.sub(lambda found: f"{found[1]}{its}>{found[2]}</h2>", html))  # noqa: S704


def letter(site: Path, content: Path, catalog: Catalog, words: dict[str, Any], kept: Path) -> dict[str, Lettering]:
    """Return the lettering of a shop, its files by their names: `site` is the folder of theme and fonts.

    `content` is that of what the village writes, `words` are the shop's messages; what was cut is kept in `kept`.
    """
    theme, source = site / "theme", site / "fonts" / FONT
    said = {
        "selling": sold(theme, content, catalog, words),
        "telling": told(theme, content, catalog, words),
        "reading": read(theme, catalog, words),
    }
    return {name: Lettering(name, *_kept(source, list(headings), kept)) for name, headings in said.items()}


def name_of(template: str) -> str:
    """Return which file the pages of a template have, by its path below site/theme."""
    return "selling" if template in SELLING else "telling" if template in TELLING else "reading"


def sold(theme: Path, content: Path, catalog: Catalog, words: dict[str, Any]) -> Iterator[str]:
    """Yield the headings that pages that sell may show in Chinese, in the order in which they have a place."""
    yield from (catalog.shop.name.zh, catalog.shop.slogan.zh)
    yield from _of_templates(theme, SELLING, words)
    yield written_in(content / "index.md")
    yield from (product.name.zh for product in catalog.products)
    yield from (room.name.zh for room in catalog.rooms)
    yield from (written_in(content / f"products/{product.id}.md") for product in catalog.products)


def told(theme: Path, content: Path, catalog: Catalog, words: dict[str, Any]) -> Iterator[str]:
    """Yield those of pages that tell."""
    yield from (catalog.shop.name.zh, catalog.shop.slogan.zh)
    yield from (village.name.zh for village in catalog.villages)
    yield from (story.title.zh for story in catalog.stories)
    yield from (video.title.zh for video in catalog.videos)
    yield from _of_templates(theme, (*TELLING, *SHARED), words)
    yield from (written_in(content / f"stories/{story.id}.md") for story in catalog.stories)


def read(theme: Path, catalog: Catalog, words: dict[str, Any]) -> Iterator[str]:
    """Yield those of all other pages: what each is called, then what its parts are."""
    yield from (catalog.shop.name.zh, catalog.shop.slogan.zh)
    paths = [path.relative_to(theme).as_posix() for which in READING for path in sorted(theme.glob(which))]
    others = [path for path in paths if path not in (*SELLING, *TELLING, *SHARED)]
    yield from _of_templates(theme, others, words, "1")
    yield from (info.title.zh for info in catalog.pages if not info.for_hosts)
    yield from _of_templates(theme, others, words)
    yield from (info.title.zh for info in catalog.pages if info.for_hosts)


def written_in(text: Path) -> str:
    """Return the headings of a text as one: they are lettered together or not at all."""
    return "".join(WRITTEN.findall(text.read_text(encoding="utf-8")))


def _kept(source: Path, said: list[str], kept: Path) -> tuple[frozenset[str], bytes]:
    """Return the signs of a file of these headings, and the file; cut it where it was not before."""
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
    return _has(io.BytesIO(font)), font


def messages_in(template: str, levels: str = "12") -> list[str]:
    """Return the names of the messages that a template sets in headings of these levels, such as home.goods."""
    found = [each for each in HEADING.finditer(template) if (each[1] or "2") in levels]
    return [name for each in found for name in MESSAGE.findall(each[2] or each[3])]


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
    above, below = round(ABOVE * EM), round(BELOW * EM)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = above, -below, 0
    metrics = font["OS/2"]
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = above, -below, 0
    metrics.usWinAscent, metrics.usWinDescent = above, below
    font.flavor, font.flavorData = "woff2", None
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def _of_templates(theme: Path, paths: Iterable[str], words: dict[str, Any], levels: str = "12") -> Iterator[str]:
    """Yield the words of the messages in these templates' headings of these levels."""
    for path in paths:
        for name in messages_in((theme / path).read_text(encoding="utf-8"), levels):
            at: Any = words
            for key in name.split("."):
                at = at.get(key) if isinstance(at, dict) else None
            if isinstance(at, str):
                yield at


def _has(font: Path | io.BytesIO) -> frozenset[str]:
    return frozenset(map(chr, TTFont(font, lazy=True).getBestCmap() or {}))
