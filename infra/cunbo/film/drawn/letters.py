"""Lettering (美术字): signs of the shop's font as outlines, with the rims and shadows of titles of the 1980s."""

from functools import cache
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from cunbo.core.paths import ROOT
from cunbo.film.drawn.svg import Point, put

FONT = ROOT / "site" / "fonts" / "cunbo-kai.woff2"
EM = 1000


@cache
def _font(path: Path) -> TTFont:
    return TTFont(path)


@cache
def outline(sign: str) -> tuple[str, float]:
    """Return a sign as the path of an SVG in units of 1/1000 em, its foot at 0, and how wide it is in the same units.

    Raises KeyError for a sign that the font lacks.
    """
    font = _font(FONT)
    glyphs, units = font.getGlyphSet(), font["head"].unitsPerEm
    glyph = glyphs[font.getBestCmap()[ord(sign)]]
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}")
    glyph.draw(TransformPen(pen, (EM / units, 0, 0, -EM / units, 0, 0)))
    return pen.getCommands(), glyph.width * EM / units


def row(
    words: str,
    at: Point,
    size: float,
    colour: str,
    bold: float = 0,
    gap: float = 0,
    lift: float = 0,
    rim: tuple[str, float] | None = None,
) -> str:
    """Return words in one line about the middle `at`.

    `size` and `gap` between signs are in units of the stage; `bold` thickens strokes by so many 1/1000 em; `lift`
    raises every second sign; `rim` is the colour and width (1/1000 em) of a line about all of it.
    """
    scale, x, signs = size / EM, 0.0, []
    for index, sign in enumerate(words):
        path, wide = outline(sign)
        signs.append((path, x, -lift if index % 2 else lift))
        x += wide * scale + gap
    width, drawn = x - gap, ""
    for stroke, fill in ((rim, rim and rim[0]), ((colour, bold), colour)):
        if not stroke:
            continue
        edge = f'stroke="{stroke[0]}" stroke-width="{stroke[1]}" stroke-linejoin="round" fill="{fill}"'
        for path, left, up in signs:
            drawn += put(f'<path d="{path}" {edge}/>', (at[0] - width / 2 + left, at[1] + up), scale=scale)
    return drawn


def title(words: str, at: Point, size: float, colours: tuple[str, str, str], gap: float = 8) -> str:
    """Return a title: a shadow, a rim and its face, each in its colour, in letters that dance a little."""
    shadow, rim, face = colours
    thick, lift = size * 0.05, size * 0.035
    drawn = ""
    for step in range(5):  # the shadow is solid, as if the letters were cut from board
        drawn += row(words, (at[0] + step * thick / 2, at[1] + step * thick / 2), size, shadow, 150, gap, lift)
    return drawn + row(words, at, size, face, 46, gap, lift, (rim, 150))
