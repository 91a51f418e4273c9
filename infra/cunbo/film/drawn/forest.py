"""The mountains and the forest: ridges in mist, birches, ferns, leaves on the ground and in the air."""

from collections.abc import Sequence
from math import sin

from cunbo.film.drawn.svg import (
    INK,
    Point,
    between,
    box,
    camera,
    dot,
    ease,
    glow,
    haze,
    line,
    put,
    shape,
    spread,
    tint,
    wash,
)

FAR = (
    (-180, 260),
    (-60, 190),
    (40, 250),
    (120, 176),
    (200, 250),
    (316, 118),
    (430, 248),
    (532, 168),
    (640, 262),
    (770, 136),
    (900, 262),
    (1000, 180),
    (1100, 260),
)
MID = (
    (-180, 330),
    (-70, 262),
    (30, 330),
    (130, 268),
    (230, 340),
    (370, 232),
    (490, 344),
    (620, 266),
    (740, 350),
    (860, 246),
    (1000, 346),
)
NEAR = "M-200 420C20 330 130 336 236 388C320 330 420 322 520 378C620 326 740 330 840 384L1100 360V1500H-200z"


def ridge(points: Sequence[Point], fill: str, snow: str) -> str:
    """Draw a row of mountains, valleys and summits by turns, with snow on the summits and gullies down their sides."""
    caps, gullies = "", ""
    for (ax, ay), (x, y), (bx, by) in zip(points[::2], points[1::2], points[2::2], strict=False):
        left, right = (x + (ax - x) * 0.4, y + (ay - y) * 0.4), (x + (bx - x) * 0.4, y + (by - y) * 0.4)
        zigzag = ((right[0] - 22, right[1] - 10), (x + 12, y + 50), (x - 6, y + 36), (left[0] + 20, left[1] - 8))
        caps += "M" + "L".join(f"{px:.0f} {py:.0f}" for px, py in ((x, y), right, *zigzag, left)) + "z"
        gullies += (
            f"M{x + 8:.0f} {y + 60:.0f}l14 40l-6 34M{x - 22:.0f} {y + 74:.0f}l-18 36M{x + 46:.0f} {y + 84:.0f}l22 40"
        )
    outline = "M" + "L".join(f"{x} {y}" for x, y in points)
    body = shape(f"{outline}V1500H{points[0][0]}z", fill) + line(gullies, INK, 2)
    return put(body, fade=0.999) + shape(caps, snow) + put(line(outline, INK, 3), fade=0.35)


def wood(count: int, ground: float, height: float, fill: str, wide: float = 1300) -> str:
    """Draw a wood of spruces, each of three tiers, and its shade below them."""
    trees = ""
    for index in range(count):
        x, tall = -150 + wide * (index + 0.7 * spread(index)) / count, height * (0.7 + 0.6 * spread(index, 0.5698))
        foot = ground + 26 * spread(index, 0.7549)
        for tier in range(3):
            low, half = foot - tall * 0.24 * tier, tall * (0.27 - 0.06 * tier)
            trees += f"M{x - half:.0f} {low:.0f}L{x:.0f} {low - tall * 0.5:.0f}L{x + half:.0f} {low:.0f}z"
    return shape(f"{trees}M-150 {ground - 4}h{wide}v1500h-{wide}z", fill)


def mist(t: float, y: float, strength: float) -> str:
    """Draw a bank of mist that drifts."""
    places = ((index * 190 + t * (9 + 4 * (index % 3))) % 1300 - 200 for index in range(7))
    return "".join(haze(x, y + 22 * sin(index * 2.1), 230, 46, strength) for index, x in enumerate(places))


def birds(t: float, count: int = 4) -> str:
    """Draw birds that cross the sky, their wings beating."""
    drawn = ""
    for index in range(count):
        beat = 10 * sin(t * 9 + index * 1.7)
        x, y = 120 + t * 62 + index * 44, 168 - t * 7 + (index % 2) * 26 + 6 * sin(t * 1.4 + index)
        drawn += line(
            f"M{x - 17:.0f} {y - beat:.0f}Q{x - 6:.0f} {y - 5:.0f} {x:.0f} {y:.0f}Q{x + 6:.0f} {y - 5:.0f} {x + 17:.0f} {y - beat:.0f}",
            INK,
            4,
        )
    return drawn


def ridges(t: float) -> str:
    """Draw the mountains at dawn: the light grows, the sun comes out behind a summit, the camera goes over them."""
    day, pan = ease(t, 0, 8), t * 12
    sky = wash("#5a6a8c", "#f0b98a", height=430) + put(wash("#9fc0c4", "#fbe9c4", height=430), fade=max(day, 0.001))
    sun = put(
        glow(0, 0, 260, "#fff0b8", 0.85) + dot(0, 0, 44, "#f4a04e") + dot(0, 0, 38, "#f9bd62"),
        (616 - pan * 0.1, between(300, 128, day)),
    )
    layers = ((ridge(FAR, "#a9b7bd", "#fdf4e4"), 0.25), (mist(t, 262, 0.5), 0), (ridge(MID, "#86998e", "#f6efdf"), 0.5),
              (mist(t * 1.3 + 8, 338, 0.45), 0), (shape(NEAR, "#5f7d5c", (INK, 3)), 0.8), (wood(30, 446, 96, "#4c6b4c"), 1.1),
              (mist(t * 1.6 + 3, 452, 0.3), 0), (wood(22, 566, 170, "#3a5741"), 1.7))  # fmt: skip
    view = sky + sun + put(birds(t), fade=ease(t, 3, 4))
    view += "".join(put(picture, (60 - pan * share, 0)) for picture, share in layers)
    return camera(view, (400, 300 - 6 * day), 1.04 + 0.1 * day) + tint("#2a3350", 0.38 * (1 - day))


def birch(height: float = 700) -> str:
    """Draw the trunk of a birch, its foot at zero."""
    drawn = (
        line(f"M0 0V{-height}", INK, 34)
        + line(f"M0 0V{-height}", "#f4ecdb", 28)
        + line(f"M8 0V{-height}", "#dccfb8", 8)
    )
    for index in range(int(height / 46)):
        y, wide = -30 - index * 46 - 20 * spread(index, 0.7549), 6 + 11 * spread(index, 0.33)
        drawn += line(f"M{-13 if index % 2 else 13 - wide:.0f} {y:.0f}h{wide:.0f}", "#4d3a2c", 5)
    return drawn


def fern(size: float, fill: str, lean: float = 0) -> str:
    """Draw a tuft of fern from the ground at zero."""
    drawn = ""
    for index in range(5):
        frond = line("M0 0Q4-50 26-84", INK, 4)
        frond += "".join(
            shape(
                f"M{step * 2.6:.0f} {-12 - step * 9}q{22 - step * 1.6:.0f}-8 {30 - step * 2:.0f} 2q-16 6-{30 - step * 2:.0f}-2zM{step * 2.6:.0f} {-12 - step * 9}q{-20 + step * 1.6:.0f}-12 {-28 + step * 2:.0f}-4q12 8 {28 - step * 2:.0f} 4z",
                fill,
            )
            for step in range(8)
        )
        drawn += put(frond, turn=-58 + index * 26 + lean, scale=((-1 if index < 2 else 1) * size, size))
    return drawn


def forest(t: float, pan: float) -> str:
    """Draw the inside of the forest, which passes at `pan`: trunks in three depths, light between them, leaves that fall."""
    view = wash("#f3e3b0", "#b9b878", height=430) + glow(560 - pan * 0.1, 120, 420, "#fffbe0", 0.7)
    for count, depth, fade in ((16, 0.25, 0.35), (10, 0.55, 0.65)):
        trunks = "".join(
            put(birch(640), (index * 1700 / count - 300 + 60 * spread(index, 0.75), 440 + 30 * depth), scale=(depth, 1))
            for index in range(count)
        )
        view += put(trunks, (-pan * depth, 0), fade=fade)
    view += box(-100, 428, 1000, 300, "#8b8f4e") + put(wood(12, 470, 90, "#6d8250", 2200), (-pan * 0.6, 0), fade=0.8)
    shafts = "".join(f"M{x} -20L{x + 70} -20L{x - 60} 470L{x - 190} 470z" for x in (330, 520, 760))
    return view + put(shape(shafts, "#fffbe0"), fade=0.22 + 0.05 * sin(t * 1.1))


def floor(pan: float, count: int = 46, y: float = 470) -> str:
    """Draw the ground of the forest with the leaves that lie on it."""
    drawn = shape(f"M-50 {y}C200 {y - 18} 500 {y + 14} 850 {y - 8}V700H-50z", "#7d7540", (INK, 3))
    for index in range(count):
        x, depth = spread(index) * 1500 - pan, spread(index + 3, 0.7549)
        drawn += put(
            shape("M-13 0C-6-9 6-9 14 0C6 6-6 6-13 0z", ("#d9a441", "#c47b30", "#e3bb62")[index % 3]),
            (x % 1500 - 300, y + 14 + 120 * depth),
            index * 37,
            0.7 + 0.6 * depth,
        )
    return drawn


def falling(t: float, count: int = 9) -> str:
    """Draw yellow leaves on their way down."""
    drawn = ""
    for index in range(count):
        y = (t * (46 + 24 * spread(index)) + 620 * spread(index + 1)) % 680 - 40
        x = 860 * spread(index + 2, 0.7549) + 40 * sin(t * 1.3 + index) - t * 14
        drawn += put(
            shape("M-10 0C-4-8 6-8 12 0C6 5-4 5-10 0z", "#e0ac45"),
            (x % 860 - 30, y),
            t * 120 + index * 60,
            (1, 0.5 + 0.5 * sin(t * 3 + index)),
        )
    return drawn
