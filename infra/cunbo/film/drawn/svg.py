"""Pieces of SVG, and how far a movement has come: what every drawn picture is put together from.

All of it is pure: the same numbers give the same text. Places are in the units of the stage, 800 across and 600 down.
"""

import re
from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, radians, sin
from pathlib import Path
from zlib import crc32

Point = tuple[float, float]
Pen = tuple[str, float]
"""The colour and width of a line."""
WIDE, HIGH = 800, 600
INK = "#3a261c"


# Moments and places


def ease(t: float, start: float, end: float) -> float:
    """Return how far a movement from `start` to `end` has come at `t`: from 0 to 1, gently at both ends."""
    share = min(max((t - start) / (end - start), 0), 1)
    return share**3 * (share * (share * 6 - 15) + 10)


def there_and_back(t: float, start: float, end: float) -> float:
    """Return how far a movement has come at `t` that goes out from `start` and is home at `end`: 0, 1 and 0."""
    return sin(pi * min(max((t - start) / (end - start), 0), 1)) ** 2


def between(a: float, b: float, share: float) -> float:
    """Return the number that lies at `share` of the way from `a` to `b`."""
    return a + (b - a) * share


def spread(number: float, step: float = 0.618034) -> float:
    """Return a number from 0 to 1 that looks random, and is the same at every run."""
    return number * number * step % 1


def hop(start: Point, end: Point, height: float, share: float) -> Point:
    """Return a place on the arc that jumps from `start` to `end`."""
    x, y = (between(a, b, share) for a, b in zip(start, end, strict=True))
    return x, y - 4 * height * share * (1 - share)


def whorl(index: int, gap: float) -> Point:
    """Return a place in a round bunch, as seeds sit in a sunflower: each a little further out than the one before."""
    angle, reach = radians(137.5 * index), gap * index**0.5
    return reach * cos(angle), reach * sin(angle)


# Shapes


def parts(drawing: Path) -> dict[str, str]:
    """Return the pieces of one of the project's drawings, by the comment that stands before each."""
    pieces = re.split(r"<!-- (.*?) -->", drawing.read_text(encoding="utf-8").replace("</svg>", ""))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def shape(path: str, fill: str, pen: Pen | None = None) -> str:
    """Return a filled path, with an outline where a pen is given."""
    edge = f' stroke="{pen[0]}" stroke-width="{pen[1]}" stroke-linejoin="round"' if pen else ""
    return f'<path d="{path}" fill="{fill}"{edge}/>'


def dot(x: float, y: float, radius: float, fill: str, flat: float = 1) -> str:
    """Return a filled circle; below 1, `flat` makes it as low as that."""
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{radius:.1f}" ry="{radius * flat:.1f}" fill="{fill}"/>'


def box(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'


def line(path: str, colour: str, width: float, share: float = 1) -> str:
    """Return a line of which the first `share` is drawn."""
    dash = f' pathLength="1" stroke-dasharray="{share:.3f} 2"' if share < 1 else ""
    looks = f'fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{path}" {looks}{dash}/>' if share > 0 else ""


def one_by_one(paths: str, pen: Pen, t: float, start: float, step: float) -> str:
    """Return the lines of `paths` as drawn at `t`: the first begins at `start`, another at every `step`."""
    lines = enumerate(re.findall("M[^M]+", paths))
    return "".join(line(path, *pen, ease(t, start + step * i, start + step * i + 0.9)) for i, path in lines)


def through(points: Sequence[Point], closed: bool = False) -> str:
    """Return a smooth path through points (Catmull-Rom)."""
    ends = (points[-1], points[0], points[1]) if closed else (points[0], points[-1], points[-1])
    row = [ends[0], *points, ends[1], ends[2]] if closed else [ends[0], *points, ends[1]]
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, here, there, after in zip(row, row[1:], row[2:], row[3:], strict=False):
        ax, ay = here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6
        bx, by = there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6
        path += f"C{ax:.1f} {ay:.1f} {bx:.1f} {by:.1f} {there[0]:.1f} {there[1]:.1f}"
    return path + ("z" if closed else "")


def tapered(points: Sequence[Point], widths: Sequence[float]) -> str:
    """Return the outline of a limb along points, as wide at each as `widths` says: roots, branches, arms."""
    left, right = [], []
    for index, ((x, y), width) in enumerate(zip(points, widths, strict=True)):
        (ax, ay), (bx, by) = points[max(index - 1, 0)], points[min(index + 1, len(points) - 1)]
        long = hypot(bx - ax, by - ay) or 1
        across = (-(by - ay) / long * width / 2, (bx - ax) / long * width / 2)
        left.append((x + across[0], y + across[1]))
        right.append((x - across[0], y - across[1]))
    return through([*left, *reversed(right)], closed=True)


def put(
    inner: str, at: Point = (0, 0), turn: float = 0, scale: Point | float = 1, fade: float = 1, blend: str = ""
) -> str:
    """Return `inner` at another place, turned (degrees), stretched (across, down), faded (0: not to be seen)."""
    wide, high = scale if isinstance(scale, tuple) else (scale, scale)
    where = f"translate({at[0]:.2f} {at[1]:.2f}) rotate({turn:.2f}) scale({wide:.4f} {high:.4f})"
    looks = f' opacity="{fade:.3f}"' if fade < 1 else ""
    looks += f' style="mix-blend-mode:{blend}"' if blend else ""
    return f'<g transform="{where}"{looks}>{inner}</g>' if fade > 0 and inner else ""


def _named(kind: str, text: str) -> str:
    return f"{kind}{crc32(text.encode()):x}"


def within(path: str, inner: str) -> str:
    """Return `inner` as far as it lies inside `path`."""
    name = _named("c", path)
    return f'<clipPath id="{name}"><path d="{path}"/></clipPath><g clip-path="url(#{name})">{inner}</g>'


# Light and air


def _stops(colours: Iterable[tuple[float, str, float]]) -> str:
    return "".join(
        f'<stop offset="{at}" stop-color="{colour}" stop-opacity="{there:.3f}"/>' for at, colour, there in colours
    )


def wash(top: str, bottom: str, y: float = 0, height: float = HIGH, x: float = -400, width: float = 1600) -> str:
    """Return a field that goes from one colour down to another: skies, walls."""
    name = _named("w", f"{top}{bottom}{y}{height}")
    stops = _stops(((0, top, 1), (1, bottom, 1)))
    return f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1">{stops}</linearGradient>' + box(
        x, y, width, height, f"url(#{name})"
    )


def glow(x: float, y: float, radius: float, colour: str, strength: float) -> str:
    """Return light that is strongest in its middle: a lamp, a fire, the sun behind mist."""
    if strength <= 0:
        return ""
    name = _named("g", f"{colour}{strength:.3f}")
    stops = _stops(((0, colour, strength), (0.35, colour, strength * 0.5), (1, colour, 0)))
    return f'<radialGradient id="{name}">{stops}</radialGradient>' + dot(x, y, radius, f"url(#{name})")


def haze(x: float, y: float, wide: float, high: float, strength: float, colour: str = "#fffaf0") -> str:
    """Return a soft lump of mist or steam, so far to each side of its middle (a filter would take far longer)."""
    if strength <= 0:
        return ""
    name = _named("h", f"{colour}{strength:.2f}")
    stops = _stops(((0, colour, strength), (0.5, colour, strength * 0.55), (1, colour, 0)))
    lump = f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{wide:.1f}" ry="{high:.1f}" fill="url(#{name})"/>'
    return f'<radialGradient id="{name}">{stops}</radialGradient>{lump}'


def tint(colour: str, strength: float) -> str:
    """Return one colour laid thinly over the whole picture: night, dusk, a fade."""
    field = f'<rect x="-400" y="-300" width="1600" height="1200" fill="{colour}" fill-opacity="{strength:.3f}"/>'
    return field if strength > 0 else ""


def dark_around(x: float, y: float, radius: float, colour: str, strength: float) -> str:
    """Return darkness that leaves a round of light about a place: a lamp in a room at night."""
    if strength <= 0:
        return ""
    name = _named("d", f"{x:.0f} {y:.0f} {radius:.0f} {colour} {strength:.3f}")
    stops = _stops(((0, colour, 0), (0.3, colour, strength * 0.3), (1, colour, strength)))
    where = f'gradientUnits="userSpaceOnUse" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}"'
    field = box(-400, -300, 1600, 1200, f"url(#{name})")
    return f'<radialGradient id="{name}" {where}>{stops}</radialGradient>{field}'


def camera(inner: str, at: Point = (400, 300), zoom: float = 1, turn: float = 0) -> str:
    """Return `inner` as a camera sees it that looks at a place, so near (2: twice as large)."""
    aimed = put(inner, (-at[0], -at[1]))
    return put(put(aimed, turn=turn, scale=zoom), (WIDE / 2, HIGH / 2))
