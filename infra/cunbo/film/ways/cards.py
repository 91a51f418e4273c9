"""A film as a platform of short films takes it: upright, in its length, ending in a card with the code of a room.

What each platform takes stands in platforms.yml. Words and code lie where no platform lays its own buttons.
"""

from functools import cache
from math import ceil
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw
from storefront.build.codes import INK, QUIET, Code
from storefront.read.faults import Said

from cunbo.core.refusal import Refusal
from cunbo.film.lettering import kai, title_cloth
from cunbo.film.looks import FrameShape, Rendition
from cunbo.film.words import instead, say

PAPER, RED = "#fffdf8", "#a62a1a"
FEWEST = 8
"""Pixels a module at least: a platform encodes the film anew, and a phone shows a third of its pixels."""


class SafeMargins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pixels at each side that a platform covers."""

    top: int
    right: int
    bottom: int
    left: int


class FilmPlatform(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a platform takes: pixels, seconds, margins; `sure` where the platform itself says so."""

    zh: str
    en: str
    size: tuple[int, int]
    shortest: int
    longest: int
    best: int
    margins: SafeMargins
    sure: bool

    @property
    def name(self) -> Said:
        """Return what it is called, in both languages."""
        return Said(self.zh, self.en)

    @property
    def shape(self) -> FrameShape:
        """Return the shape to which a film is cropped for it."""
        return FrameShape(*self.size, self.size, self.size)

    @property
    def rendition(self) -> Rendition:
        """Return the one size that is sent there, with more bits than a page needs: it is encoded anew there."""
        return Rendition(".mp4", *self.size, 20, 6_000_000, 128_000)

    @property
    def safe(self) -> tuple[int, int, int, int]:
        """Return the box that nothing covers: left, top, right, bottom."""
        wide, high = self.size
        margins = self.margins
        return margins.left, margins.top, wide - margins.right, high - margins.bottom


@cache
def platforms() -> dict[str, FilmPlatform]:
    """Return the platforms by their names."""
    text = Path(__file__).with_name("platforms.yml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, FilmPlatform])


def platform_of(name: str) -> FilmPlatform:
    """Return a platform by its name; raises Refusal."""
    if name not in platforms():
        raise Refusal(say("no_platform", words=name, instead=instead(name, platforms())))
    return platforms()[name]


def fits(platform: FilmPlatform, seconds: float) -> None:
    """Raise Refusal where a film of so many seconds, its cards included, is too short or too long for a platform."""
    if seconds > platform.longest:
        over = ceil(seconds - platform.longest)
        raise Refusal(say("platform_long", platform=platform.name, longest=platform.longest, over=over))
    if seconds < platform.shortest:
        raise Refusal(say("platform_short", platform=platform.name, shortest=platform.shortest))


def ending(platform: FilmPlatform, code: Code, lines: tuple[str, str]) -> Image.Image:
    """Draw the last card: the room's code on its plate, what it leads to above, what to do below. Raises Refusal."""
    card = title_cloth(platform.size)
    left, top, right, bottom = platform.safe
    scale = int((right - left) * 0.78) // code.modules
    if scale < FEWEST:
        raise Refusal(say("code_fine", words=code.link))
    wide, rim = code.modules * scale, 2 * scale
    x, y = (left + right - wide) // 2, (top + bottom - wide) // 2
    pen = ImageDraw.Draw(card)
    pen.rounded_rectangle((x - rim, y - rim, x + wide + rim - 1, y + wide + rim - 1), scale * 2, fill=RED)
    pen.rounded_rectangle((x - scale, y - scale, x + wide + scale - 1, y + wide + scale - 1), scale, fill=PAPER)
    pen.rectangle((x, y, x + wide - 1, y + wide - 1), fill="#ffffff")
    for row, modules in enumerate(code.rows):
        for column, dark in enumerate(modules):
            if dark:
                at = x + (QUIET + column) * scale, y + (QUIET + row) * scale
                pen.rectangle((*at, at[0] + scale - 1, at[1] + scale - 1), fill=INK)
    for words, middle in ((lines[0], y - rim - 110), (lines[1], y + wide + rim + 90)):
        room = right - left
        large = min(84, room * 84 / max(1, kai(84).getlength(words)))
        pen.text(((left + right) / 2, middle), words, font=kai(large), fill="#f6ead0", anchor="mm")
    return card
