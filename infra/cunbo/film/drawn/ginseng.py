"""The ginseng of the film about the mountain: a plant above the ground, and a root as roots grow.

The body is one, thick at its shoulder and bent to one side, with a lesser branch; rings run round its shoulder, a neck
with the scars of years carries the stem, and rootlets get finer from fork to fork.
"""

from math import cos, radians, sin

from cunbo.film.drawn.props import bunch
from cunbo.film.drawn.svg import INK, Point, ease, line, put, shape, spread, tapered, within

ROOT, SHADOW, EDGE = "#ecd09a", "#cfa362", "#8a5e34"
MOSS, LEAF, VEIN = "#6f8f45", "#9bb55c", "#4d7036"
BODY_LINE = ((2, 0), (4, 26), (2, 62), (-2, 104), (-2, 144), (4, 178), (12, 208), (14, 240), (8, 272))
BODY_WIDE = (22, 54, 72, 70, 58, 42, 28, 16, 7)
BRANCH_LINE = ((20, 92), (46, 106), (68, 124), (84, 152), (92, 184), (106, 210))
BRANCH_WIDE = (20, 16, 12, 9, 6, 3)
SIDE_LINE = ((-18, 70), (-38, 96), (-58, 112), (-82, 132), (-96, 158))
SIDE_WIDE = (24, 17, 12, 8, 4)


def rootlets() -> list[tuple[str, float]]:
    """Return the rootlets, each a path and its width, in the order in which a hand lays them bare: from above down."""
    starts: tuple[tuple[Point, float, float], ...] = (
        ((-96, 158), 118, 92), ((-60, 114), 176, 70), ((-84, 134), 80, 74), ((-26, 118), 150, 66), ((106, 210), 62, 70),
        ((88, 168), 12, 66), ((92, 190), 112, 60), ((30, 60), 14, 70), ((-14, 186), 128, 86), ((12, 268), 100, 78),
        ((14, 244), 48, 74), ((8, 214), 150, 64), ((66, 122), 20, 56), ((-6, 160), 168, 70),
    )  # fmt: skip
    found = []
    for index, ((x, y), angle, long) in enumerate(starts):
        path, turn, px, py = f"M{x} {y}", float(angle), float(x), float(y)
        forks = ""
        for step in range(5):
            turn += 26 * (spread(index * 7 + step + 1, 0.7549) - 0.5) + (90 - turn) * 0.1
            px, py = px + long / 5 * cos(radians(turn)), py + long / 5 * sin(radians(turn))
            path += f"L{px:.0f} {py:.0f}"
            if step in (1, 2, 3):
                side = 42 if (index + step) % 2 else -42
                fx, fy = px + 20 * cos(radians(turn + side)), py + 20 * sin(radians(turn + side))
                gx, gy = fx + 17 * cos(radians(turn + side / 3)), fy + 17 * sin(radians(turn + side / 3))
                forks += f"M{px:.0f} {py:.0f}Q{fx:.0f} {fy:.0f} {gx:.0f} {gy:.0f}"
        found += [(path, 5.0), (forks, 2.6)]
    return found


ROOTLETS = rootlets()


def root(bared: float = 1, fine: float = 1) -> str:
    """Draw the root, its neck's foot at zero: laid bare from above as far as `bared` says, its rootlets by `fine`."""
    threads, count = "", len(ROOTLETS) // 2
    for index in range(count):
        share = min(max(fine * (count + 2) - index, 0) / 3, 1)
        for path, width in ROOTLETS[2 * index : 2 * index + 2]:
            threads += line(path, EDGE, width + 2.5, share) + line(path, ROOT, width, share)
    body = ""
    for points, widths in ((SIDE_LINE, SIDE_WIDE), (BRANCH_LINE, BRANCH_WIDE), (BODY_LINE, BODY_WIDE)):
        body += shape(tapered(points, widths), ROOT, (EDGE, 3))
    body += shape(tapered([(22, 30), (28, 70), (24, 112), (18, 150), (18, 200)], (8, 15, 15, 11, 4)), SHADOW)
    rings = "M-19 20Q4 28 25 18M-25 33Q4 43 31 31M-29 47Q2 58 33 45M-30 62Q0 72 33 59M-28 78Q-6 86 12 82M-30 96Q-14 102-2 100"
    rings += "M-26 122Q-12 128-4 126M-22 150Q-10 155-2 152M-12 182Q-4 186 4 182M-28 108Q-16 113-6 111M-24 136Q-10 140 0 138M-14 168Q-4 172 6 168"
    body += line(rings, "#b98d52", 2.6)
    neck = shape(tapered(((1, 8), (-4, -8), (2, -22), (-2, -36), (0, -48)), (22, 17, 20, 16, 18)), "#d9b478", (EDGE, 3))
    neck += line("M-10-8h11M-6-22h13M-9-34h11", EDGE, 2.6)
    shown = (
        body
        if bared >= 1
        else within(
            f"M-220 -60H220V{-10 + 300 * bared:.0f}Q0 {24 + 300 * bared:.0f} -220 {-10 + 300 * bared:.0f}z", body
        )
    )
    return threads + shown + neck


def leaf() -> str:
    """Draw one of the five parts of a leaf, its foot at zero, 84 long."""
    blade = "M0 0C22-18 24-52 0-86C-24-52-22-18 0 0z"
    return shape(blade, MOSS, (INK, 2)) + line("M0-4V-72M0-22l-10-12M0-22l10-12M0-42l-9-11M0-42l9-11", LEAF, 2.5)


PALM = "".join(
    put(leaf(), turn=turn, scale=size) for turn, size in ((-88, 0.52), (88, 0.52), (-44, 0.8), (44, 0.8), (0, 1))
)


def plant(t: float, berries: bool = True, bend: float = 0, fade: float = 0) -> str:
    """Draw the plant from the ground at zero, 260 high: stem, four leaves that sway a little, a head of red berries."""
    stem = line(
        "M0 0C-3-50 3-90 0-138V-216M0-138C-30-160-60-160-92-150M0-138C30-160 60-160 92-150M0-138L-46-184M0-138L46-184",
        INK,
        10,
    )
    stem += line(
        "M0 0C-3-50 3-90 0-138V-216M0-138C-30-160-60-160-92-150M0-138C30-160 60-160 92-150M0-138L-46-184M0-138L46-184",
        "#67853f",
        6,
    )
    leaves = ""
    for x, y, turn, size in ((-92, -150, -84, 1), (92, -150, 84, 1), (-46, -184, -38, 0.92), (46, -184, 38, 0.92)):
        leaves += put(PALM, (x, y), turn + 2.5 * sin(t * 1.3 + x), scale=size)
    head = put(bunch(19, 7.4, 8.6, "#c22a17", "#f0a18c"), (0, -234)) if berries else ""
    return put(stem + leaves + head, turn=0.9 * sin(t * 1.1) + bend, scale=(1, 1 - 0.25 * fade))


def string(t: float, start: float) -> str:
    """Draw the red string round the stem, 60 above the ground, as it is tied from the moment `start` on."""
    loops = ("M-11-62Q0-52 11-62", "M-11-70Q0-60 11-70", "M0-66C34-112 74-74 0-66", "M0-66C-74-74-34-112 0-66",
             "M0-66C20-44 10-26 26-6", "M0-66C-20-44-10-26-24-2")  # fmt: skip
    drawn = ""
    for index, path in enumerate(loops):
        share = ease(t, start + index * 0.34, start + index * 0.34 + 0.5)
        drawn += line(path, "#7f1c10", 9.5, share) + line(path, "#d8321c", 6.5, share)
    return drawn
