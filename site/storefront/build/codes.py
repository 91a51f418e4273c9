"""QR codes of short links, as they can be read from a stream. Pure rules; drawn as SVG for the site.

**What makes a code readable** was measured with H.264 at 500 kbit/s and more, rescaled and tilted: four whole pixels a
module of the picture as viewers get it, and hardly anything else. So a link is short and in capitals, which packs it
closest (alphanumeric mode), the code is the smallest that holds it, and what room is left in that one goes into its
correction. The quiet zone is the standard's (ISO/IEC 18004: four modules).
"""

import re
from collections.abc import Iterator, Sequence
from html import escape

import msgspec
import segno
from chalicelib.catalog import Catalog

QUIET = 4
"""Modules left free on each side."""
ENOUGH = 4
"""Whole pixels a module, in the picture that viewers get."""
STREAM = 720
"""Lines of the picture that most viewers get of a stream."""
HAN = 0x2E80
"""Signs from here on are as wide as high."""
RED, WHITE, INK = "#a62a1a", "#fffdf8", "#000000"


class UnfitLink(Exception):
    """A link that no small code can hold."""


class Code(msgspec.Struct, frozen=True):
    """A code: its link, its version and correction as the standard names them, and its modules, True for dark ones."""

    link: str
    version: int
    correction: str
    rows: tuple[tuple[bool, ...], ...]

    @property
    def modules(self) -> int:
        """Return how many modules it is wide, its quiet zone included."""
        return len(self.rows) + 2 * QUIET


def link(origin: str, room: str, sku: str = "") -> str:
    """Return the short link of a room, or of a SKU in it, in capitals; raises UnfitLink where a code cannot hold it."""
    said = "/".join([origin.rstrip("/"), "q", room, *([sku] if sku else [])]).upper()
    if not re.fullmatch(r"HTTPS?://[0-9A-Z.:-]+(/[0-9A-Z-]+)+", said):
        raise UnfitLink(f"{said} cannot be a code: an address has letters, digits, dots and hyphens")
    return said


def code(link: str) -> Code:
    """Return the smallest code that holds the link, with as much correction as that one has room for."""
    made = segno.make_qr(link, error="L", mode="alphanumeric", boost_error=True)
    rows = tuple(tuple(bool(module) for module in row) for row in made.matrix)
    return Code(link, int(made.version), str(made.error), rows)


def pixels_a_module(pixels: int, modules: int) -> int:
    """Return the whole pixels that one module gets where the code is so many pixels wide, quiet zone included."""
    return pixels // modules


def smallest(modules: int, lines: int = STREAM) -> int:
    """Return how many pixels wide a code must be in a picture of so many lines, for viewers to get ENOUGH a module."""
    return -(-modules * ENOUGH * lines // STREAM)


def path(code: Code, scale: int = 1) -> str:
    """Return the dark modules as the data of an SVG path; the corner of the code's quiet zone is at 0 0."""
    return "".join(
        f"M{(QUIET + left) * scale} {(QUIET + top) * scale}h{width * scale}v{scale}h-{width * scale}z"
        for top, row in enumerate(code.rows)
        for left, width in _runs(row)
    )


def svg(code: Code, label: Sequence[str]) -> str:
    """Return the code as an enamel plate: white with a red rim, below it the lines of its label, the first large."""
    wide = code.modules
    width, height = wide + 4, wide + 4 + 4 * len(label)
    words = "".join(
        _words(line, width / 2, wide + 5.2 + 4 * place, 3.2 if place == 0 else 2.2, wide)
        for place, line in enumerate(label)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width * 8}"'
        f' height="{height * 8}" role="img"><title>{escape(" ".join(label))}</title>'
        f'<rect width="{width}" height="{height}" rx="3" fill="{RED}"/>'
        f'<rect x="1" y="1" width="{width - 2}" height="{height - 2}" rx="2" fill="{WHITE}"/>'
        f'<g transform="translate(2 2)"><rect width="{wide}" height="{wide}" fill="#fff"/>'
        f'<path d="{path(code)}" fill="{INK}" shape-rendering="crispEdges"/></g>'
        f'<g fill="{RED}" text-anchor="middle" font-family="serif" font-weight="700">{words}</g></svg>\n'
    )


def files(catalog: Catalog, origin: str) -> dict[str, bytes]:
    """Return the plate of each room as a file of the site, by path."""
    return {
        f"rooms/{room.id}/qr.svg": svg(code(link(origin, room.id)), [room.name.zh, room.name.en]).encode()
        for room in catalog.rooms
    }


def _words(line: str, x: float, y: float, size: float, wide: int) -> str:
    """Return a line of a label, narrowed to the code's width at most: Han are as wide as high, others half."""
    width = sum(size if ord(sign) > HAN else size * 0.56 for sign in line)
    pressed = f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"' if width > wide else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}"{pressed}>{escape(line)}</text>'


def _runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Return where dark modules stand side by side: the first, and how many."""
    return ((match.start(), len(match[0])) for match in re.finditer("1+", "".join("01"[dark] for dark in row)))
