"""What is written into films by hand: title cards as village cinemas had them, and the dates that cameras burn in."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from cunbo.core.paths import ROOT
from cunbo.core.refusal import Refusal
from cunbo.film.words import say

KAI = ROOT / "site" / "fonts" / "cunbo-kai.woff2"
"""The headings' own font, which has 4,700 signs."""
INK, PAPER, SHADE = "#f6ead0", "#7c1f1a", "#3d0d0b"
LINES, LONGEST = 3, 40
CARD = 3.0
"""Seconds that a title stays."""
FADE = 0.35
STAMPS = {"orange": "#ff9d3a", "white": "#f4f4f4"}


def title_lines(text: str) -> list[str]:
    """Return the lines of a title, which a bar (|) parts; raises Refusal for what cannot be written by hand."""
    lines = [" ".join(line.split()) for line in re.split(r"[|｜\n]", text)]
    lines = [line for line in lines if line]
    if not lines:
        raise Refusal(say("title_empty"))
    if len(lines) > LINES or sum(map(len, lines)) > LONGEST:
        raise Refusal(say("title_long", lines=LINES, most=LONGEST))
    lacking = sorted({sign for line in lines for sign in line if sign != " " and ord(sign) not in _signs()})
    if lacking:
        raise Refusal(say("title_font", words=" ".join(lacking)))
    return lines


def title_card(text: str, size: tuple[int, int], safe: tuple[int, int, int, int] | None = None) -> Image.Image:
    """Draw a title as the cinema of a village had it: cream letters with a deep shadow on red cloth, ruled twice.

    The letters lie in the box `safe` (left, top, right, bottom), by itself the whole card.
    """
    wide, high = size
    left, top, right, bottom = safe or (0, 0, wide, high)
    x, middle = (left + right) / 2, (top + bottom) / 2
    card = title_cloth(size)
    pen = ImageDraw.Draw(card)
    least = min(size)
    for inset, thick in ((0.05, 3), (0.068, 1)):
        edge = int(least * inset)
        pen.rectangle((edge, edge, wide - edge, high - edge), outline=INK, width=max(1, thick * least // 480))
    lines = title_lines(text)
    if len(lines) == 1 and wide < high and len(lines[0]) > 5 and " " not in lines[0]:
        half = (len(lines[0]) + 1) // 2
        lines = [lines[0][:half], lines[0][half:]]
    large = _largest(lines, (right - left) * (0.84 if safe else 0.76), (bottom - top) * 0.5)
    for place, line in enumerate(lines):
        y = middle + (place - (len(lines) - 1) / 2) * large * 1.32
        deep = max(1, int(large) // 18)
        font = kai(large)
        for step in range(deep, 0, -1):
            pen.text((x + step, y + step), line, font=font, fill=SHADE, anchor="mm")
        pen.text((x, y), line, font=font, fill=INK, anchor="mm", stroke_width=max(0, int(large) // 60))
    return card


def faded(card: Image.Image, rate: float, seconds: float = CARD) -> Iterator[Image.Image]:
    """Yield the frames of a card that comes out of the dark and goes back into it."""
    dark, count = Image.new("RGB", card.size, "#050302"), round(seconds * rate)
    for number in range(count):
        shown = min(1.0, (number + 1) / (FADE * rate), (count - number) / (FADE * rate))
        yield card if shown >= 1 else Image.blend(dark, card, shown)


def stamp(day: date, width: int, ink: str) -> Image.Image:
    """Draw the date as a camera burnt it in, with its glow; sized for a film of that width."""
    text = f"'{day:%y} {day.month:>2} {day.day:>2}" if ink == "orange" else f"{day:%Y}.{day.month:>2}.{day.day:>2}"
    font = ImageFont.load_default(size=width / 24)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    room = width // 60
    drawn = Image.new("RGBA", (right - left + 2 * room, bottom - top + 2 * room))
    ImageDraw.Draw(drawn).text((room - left, room - top), text, font=font, fill=STAMPS[ink])
    glow = drawn.filter(ImageFilter.GaussianBlur(width / 320))
    return Image.alpha_composite(glow, drawn)


def kai(pixels: float) -> ImageFont.FreeTypeFont:
    """Return the font of titles at a height in pixels."""
    return ImageFont.truetype(str(KAI), pixels)


@cache
def _signs() -> frozenset[int]:
    with TTFont(KAI) as font:
        return frozenset(font.getBestCmap())


def _largest(lines: list[str], wide: float, high: float) -> float:
    """Return the height in pixels at which the lines fill the room that they have."""
    widest = max(kai(100).getlength(line) for line in lines) / 100
    return min(wide / widest, high / (len(lines) * 1.32), wide / 4.2)


def title_cloth(size: tuple[int, int]) -> Image.Image:
    """Return a card of red cloth: threads across and down, darker where the lamp does not reach."""
    made = Image.new("RGB", size, PAPER)
    grain = np.random.default_rng(86).normal(128, 22, (size[1] // 2, size[0] // 2)).clip(0, 255).astype(np.uint8)
    threads = Image.fromarray(grain).resize(size, Image.Resampling.BILINEAR)
    dark = Image.new("RGB", size, SHADE)
    made = Image.composite(dark, made, threads.point(lambda value: max(0, min(90, (value - 118) * 3))))
    lamp = Image.radial_gradient("L").resize(size).point(lambda value: int(max(0, value - 70) * 0.8))
    return Image.composite(dark, made, lamp)
