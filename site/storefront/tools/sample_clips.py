"""Draws the two sample clips, and a poster of each, out of the project's own drawings.

    python -m storefront.tools.sample_clips content/videos

A village films its own clips with a phone; these two only show where such a clip goes. They are silent, small and made
of nothing but this file and the drawings that lie beside `content/videos`: a scene is an SVG picture for every moment
`t`, in seconds, headless Chromium takes the frames, and ffmpeg joins them, in two sizes. The captions (`*-zh.vtt`,
`*-en.vtt`) are written by hand: whoever changes a time below looks whether they still fit.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from math import cos, radians, sin
from pathlib import Path
from typing import NamedTuple

import imageio_ffmpeg
from playwright.sync_api import Page, sync_playwright

FPS = 15
PAGE = '<style>body{margin:0}svg{display:block}</style><svg width="640" height="480" viewBox="0 0 800 600">%s</svg>'

CREAM, PAPER, RED, BERRY, INDIGO = "#fdf6e6", "#f8ead0", "#c63d22", "#c22a17", "#2f5579"
LEAF, MOSS, SPRUCE, SAPLING, OCHRE = "#a9bf63", "#7f9a45", "#3f5f45", "#4c6b4c", "#e0b273"
EARTH, STONE, PIT, ROOT = "#8a5a34", "#7a4d2b", "#5b3a26", "#f0d6a0"

Parts = dict[str, str]
Point = tuple[float, float]
Pen = tuple[str, float]
"""The colour and width of a line."""


class SampleClip(NamedTuple):
    """One clip: its name, how many seconds it runs, the moment its poster shows, and its picture at a moment."""

    name: str
    seconds: float
    poster: float
    draw: Callable[[float], str]


# Moments and places


def ease(t: float, start: float, end: float) -> float:
    """Return how far a movement from `start` to `end` has come at `t`: from 0 to 1, gently at both ends."""
    share = min(max((t - start) / (end - start), 0), 1)
    return share**3 * (share * (share * 6 - 15) + 10)


def spread(number: int, step: float = 0.618034) -> float:
    """Return a number from 0 to 1 that looks random, and is the same at every run."""
    return number * number * step % 1


def hop(start: Point, end: Point, height: float, share: float) -> Point:
    """Return a place on the arc that jumps from `start` to `end`."""
    x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return x, y - 4 * height * share * (1 - share)


def whorl(index: int, gap: float) -> Point:
    """Return a place in a round bunch, as seeds sit in a sunflower: each a little further out than the one before."""
    angle, reach = radians(137.5 * index), gap * index**0.5
    return reach * cos(angle), reach * sin(angle)


# Pieces of SVG


def parts(drawing: Path) -> Parts:
    """Return the pieces of one of the project's drawings, by the comment that stands before each."""
    pieces = re.split(r"<!-- (.*?) -->", drawing.read_text(encoding="utf-8").replace("</svg>", ""))
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def shape(path: str, fill: str) -> str:
    """Return a filled path."""
    return f'<path d="{path}" fill="{fill}"/>'


def dot(x: float, y: float, radius: float, fill: str) -> str:
    """Return a filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>'


def line(path: str, colour: str, width: float, share: float = 1) -> str:
    """Return a line of which the first `share` is drawn."""
    dash = f' pathLength="1" stroke-dasharray="{share:.3f} 2"' if share < 1 else ""
    drawn = f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"{dash}/>'
    return drawn if share > 0 else ""


def one_by_one(paths: str, pen: Pen, t: float, start: float, step: float) -> str:
    """Return the lines of `paths` as drawn at `t`: the first begins at `start`, another at every `step`."""
    lines = enumerate(re.findall("M[^M]+", paths))
    return "".join(line(path, *pen, ease(t, start + step * i, start + step * i + 0.9)) for i, path in lines)


def put(inner: str, at: Point = (0, 0), turn: float = 0, scale: Point = (1, 1), fade: float = 1) -> str:
    """Return `inner` at another place, turned (degrees), stretched (across, down) or faded (0: not to be seen)."""
    where = f"translate({at[0]:.2f} {at[1]:.2f}) rotate({turn:.2f}) scale({scale[0]:.3f} {scale[1]:.3f})"
    return f'<g transform="{where}" opacity="{fade:.3f}">{inner}</g>' if fade > 0 else ""


def within(path: str, inner: str, name: str) -> str:
    """Return `inner` as far as it lies inside `path`."""
    return f'<clipPath id="{name}"><path d="{path}"/></clipPath><g clip-path="url(#{name})">{inner}</g>'


# A jar of cabbage: the board, the salt, the night, the paste, the jar

INSIDE = "M262 282c0-22 6-34 18-46h240c12 12 18 24 18 46v148c0 30-14 46-44 46H306c-30 0-44-16-44-46z"
HEAD = "M-50 0C-108-34-124-146-96-208C-88-238-62-240-46-258C-24-276 24-276 46-258"
HEAD += "C62-240 88-238 96-208C124-146 108-34 50 0z"
BOARD = shape("M206 452h388l30 56H176z", OCHRE) + shape("M176 508h448v14q0 8-8 8H184q-8 0-8-8z", "#c48a4b")
CLEAVER = shape("M-112-96h232v86q-116 22-232 0z", "#b9c3bd") + shape("M120-92h96q12 12 0 26h-96z", "#7c4a2c")
CLEAVER += shape("M-112-28q116 22 232 0v18q-116 22-232 0z", "#eef0e6")
SALT = shape("M-38-30q38-44 76 0z", "#fffdf6") + shape("M-46-32h92q-4 40-32 44h-28q-28-4-32-44z", INDIGO)
PASTE = shape("M-46-34q46-44 92 0z", RED) + shape("M-60-36h120q-6 50-42 54h-36q-36-4-42-54z", CREAM)
PASTE += shape("M-60-36h120l-1 10h-118z", "#a62a1a")
WHOLE = shape(HEAD, MOSS) + shape("M-46 2C-112-44-118-140-84-196C-40-150-14-60-20 4z", LEAF)
WHOLE += shape("M46 2C112-44 118-140 84-196C40-150 14-60 20 4z", LEAF)
WHOLE += shape("M-46 2C-84-40-92-90-84-130C-54-96-26-40-26 4zM46 2C84-40 92-90 84-130C54-96 26-40 26 4z", "#f4edc8")
WHOLE += shape("M-38 4C-84-70-66-168 0-222C66-168 84-70 38 4z", "#b9cc74")
WHOLE += shape("M-26 6C-46-50-26-116 0-160C26-116 46-50 26 6C10 10-10 10-26 6z", "#f7f3d6")
WHOLE += line("M0-20V-190M0-110l-26-34M0-110l26-34M0-70l-36-44M0-70l36-44M0-150l-14-20M0-150l14-20", "#8fa651", 4)
WHOLE += line("M-62-60q-20-50-14-100M62-60q20-50 14-100M-34-236q-20 4-34 26M34-236q20 4 34 26", "#8fa651", 4)


def rib(reach: float) -> str:
    """Return the line of one leaf in a halved head: further out with a larger `reach`, to the left below 0."""
    bend, tip = reach * 1.1, abs(reach) * 0.5 - 234
    return f"M{reach * 0.3:.0f}-14C{bend:.0f}-60 {bend:.0f}-150 {reach * 0.7:.0f}{tip:.0f}"


def face(paste: float) -> str:
    """Draw the cut side of half a head, with as much paste between its leaves as `paste` says, from 0 to 1."""
    rings = zip((1.0, 0.88, 0.74, 0.56), (MOSS, LEAF, "#dfe3a4", "#f4efc6"), strict=True)
    picture = "".join(put(shape(HEAD, fill), scale=(size, size)) for size, fill in rings)
    picture += "".join(line(rib(reach), "#c3cc82", 4) for reach in (-80, -48, -16, 16, 48, 80))
    for index, reach in enumerate((-64, 64, -32, 32, 0)):
        picture += line(rib(reach), RED, 13, ease(paste, index * 0.16, index * 0.16 + 0.36))
    return picture + shape("M-26-2C-16-40-6-64 0-84C6-64 16-40 26-2z", "#fffaf0")


def halves(t: float) -> str:
    """Draw the head on the board: the back half goes right behind the blade, the front half turns over left."""
    apart, soft, pieces = ease(t, 2.5, 4), ease(t, 5.6, 7.4), []
    for side, lift, dive in ((1, 9.6, 11), (-1, 9.7, 11.9)):
        up, down = ease(t, lift, lift + 1.3), ease(t, dive, dive + 0.8)
        flip = 1 - 2 * apart if side < 0 else 1
        picture = face(ease(t, 7.6, 9.6)) if side > 0 or flip < 0 else WHOLE
        x, y = 400 + side * (108 * apart - 34 * up) * (1 - down), 492 - 306 * up + 190 * down
        size, turn = (1.14 - 0.24 * apart) * (1 - 0.44 * up), side * 5 * apart * (1 - up) + 0.6 * sin(t * 1.6)
        pieces.append(
            put(picture, (x, y), turn, scale=(abs(flip) * size * (1 + 0.05 * soft), size * (1 - 0.05 * soft)))
        )
    blade = put(CLEAVER, (400, -40 + 470 * ease(t, 1, 2.1) - 480 * ease(t, 2.6, 3.7)))
    return blade.join(pieces) if t < 13 else ""


def grain(index: int, t: float) -> str:
    """Draw one grain of salt: it leaps out of its bowl onto a half and melts there in the night."""
    start, side = 4 + 1.1 * spread(index), -1 if index % 2 else 1
    share = ease(t, start, start + 0.8)
    goal = (400 + side * 108 + 140 * (spread(index, 0.7549) - 0.5), 300 + 160 * spread(index, 0.5698))
    return put(dot(*hop((74, 440), goal, 150, share), 3.4, "#fffefa"), fade=min(share * 8, 1) * (1 - ease(t, 5.8, 7)))


def dab(index: int, t: float) -> str:
    """Draw one dab of the red paste, on its way from the bowl to a half."""
    start, side = 7.4 + 0.2 * index, -1 if index % 2 else 1
    share = ease(t, start, start + 0.7)
    x, y = hop((122, 512), (400 + side * 108, 420 - 9 * index), 170, share)
    return dot(x, y, 10 - 10 * share**4, RED) if share > 0 else ""


def layer(top: float, bottom: float, content: str, fall: float) -> str:
    """Draw what lies in the jar between two heights, on its way down through the mouth."""
    upper = [(x, top + 9 * sin(x / 44)) for x in range(250, 551, 12)]
    lower = [(x, bottom + 4 + 9 * sin(x / 44)) for x in range(550, 249, -12)]
    edge = "M" + "L".join(f"{x} {y:.1f}" for x, y in upper + lower) + "z"
    return put(within(edge, content, f"layer{top}"), (0, -270 * (1 - fall))) if fall else ""


def jar(art: Parts, t: float) -> str:
    """Draw the jar of the product's drawing: it fills layer by layer, is covered and gets its label."""
    content = put(art["jar"] + art["leaves in layers"], fade=0.999)  # flattened thereby, so the layers leave no seam
    heights = ((430, 500, 11.6), (362, 430, 12), (296, 362, 12.5), (215, 296, 12.95))
    layers = "".join(layer(top, bottom, content, ease(t, start, start + 0.75)) for top, bottom, start in heights)
    mouth = '<ellipse cx="400" cy="209" rx="113" ry="9" fill="#d9b98a"/>'
    glass = art["jar"] + mouth + within(INSIDE, shape(INSIDE, "#f1dfbd") + layers, "inside") + art["shine"]
    return (
        glass + put(art["label"], fade=ease(t, 14.3, 15)) + put(art["cloth lid"], (0, -320 * (1 - ease(t, 13.5, 14.6))))
    )


def night(t: float) -> str:
    """Draw the night in which the salted cabbage rests: it grows dusky, and a moon goes by."""
    dusk = ease(t, 5.2, 6.5) * (1 - ease(t, 6.6, 7.9))
    moon = dot(*hop((190, 210), (610, 210), 140, ease(t, 5.3, 7.9)), 30, CREAM)
    return put(f'<rect width="800" height="600" fill="{INDIGO}"/>', fade=0.38 * dusk) + put(moon, fade=dusk)


def kitchen(art: Parts, t: float) -> str:
    """Draw the clip about the cabbage at the moment `t`, with the pieces of the product's drawing."""
    change = ease(t, 9.7, 11)
    wall = '<rect width="800" height="600" fill="#f3ddb9"/>' + dot(400, 262, 236, PAPER) + art["lattice window"]
    table = art["table"] + put(art["garlic"], (54, 0)) + put(BOARD, (-640 * change, 0))
    cloth = put(art["cloth under the jar"], (640 * (1 - change), 0))
    bowls = put(art["chillies"], (26, 0)) + put(SALT, (74, 470)) + put(PASTE, (122, 552))
    bowls += "".join(grain(index, t) for index in range(60)) + "".join(dab(index, t) for index in range(10))
    return wall + table + cloth + halves(t) + put(jar(art, t), (640 * (1 - change), 0)) + bowls + night(t)


# Up the mountain: the ridges, down through the forest, the root

DIG = 7  # the second in which the digging begins
FAR = ((-80, 260), (40, 176), (120, 250), (236, 118), (350, 248), (452, 168), (560, 262), (690, 136), (830, 262))
MID = ((-80, 330), (30, 268), (130, 340), (270, 238), (390, 344), (520, 272), (640, 350), (760, 252), (900, 346))
HILL = "M-100 420C20 330 130 336 236 388C320 330 420 322 520 378C620 326 740 330 840 384L1000 360V1500H-100z"
SOIL = shape("M-60 6C60-10 180 0 260 0H540C620 0 740-10 860 6V420H-60z", EARTH)
HOLE = shape("M-104-1C-150 44-164 130-120 196C-80 250 80 250 120 196C164 130 150 44 104-1z", PIT)
HEAP = shape("M-120 10C-80-62 80-62 120 10z", EARTH)
BODY = "M-9-6C-12 16-8 22-11 34C-34 44-36 78-26 104C-20 122-18 140-21 161L-15 158C-4 136 0 124 4 112"
BODY += "C10 132 20 146 36 165L42 161C34 138 28 120 30 100C36 76 34 44 11 34C8 22 12 16 9-6z"
TAPROOT = shape(BODY, ROOT) + line("M-20 60h22M6 74h20M-16 88h18M-8 12h14", "#d0a560", 3)
ROOTLETS = "M-18 150C-24 178-44 186-52 212M39 160C50 182 66 186 74 208M-28 60C-56 66-74 58-104 74"
ROOTLETS += "M29 62C58 70 76 60 108 78M-27 92C-54 104-70 116-100 118M30 96C54 108 78 112 102 124"
ROOTLETS += "M-18 144C-8 170-16 196-6 222M34 150C26 180 34 196 28 220M-70 64C-84 72-88 84-104 92"
ROOTLETS += "M72 66C84 76 92 86 108 96M-66 113C-76 126-80 138-92 146M70 112C78 126 84 138 96 148"
STRING = "M-11-44Q0-34 11-44M-11-54Q0-44 11-54M0-50C36-98 78-58 0-50C-78-58-36-98 0-50"
STRING += "M0-50C22-26 10-10 28 12M0-50C-22-26-10-10-28 12"
STALKS = "M0 0C-3-50 3-90 0-136V-214M0-136C-30-160-60-160-92-150M0-136C30-160 60-160 92-150M0-136L-46-186M0-136L46-186"
LEAFLET = shape("M0 0C20-16 22-50 0-82C-22-50-20-16 0 0z", MOSS) + line("M0-6V-66", LEAF, 3)
FINGERS = ((-84, 0.56), (84, 0.56), (-42, 0.78), (42, 0.78), (0, 1))
PALM = "".join(put(LEAFLET, turn=turn, scale=(size, size)) for turn, size in FINGERS)
BIRCH = line("M8-1440V0M8-820l40-44M8-760l-36-40M8-690l26-28", "#f7f0df", 17)
BIRCH += line("".join(f"M1 {y}h{7 + 5 * spread(y):.1f}" for y in range(-1400, 0, 53)), "#4d3a2c", 4)
CROWN = "".join(dot(*whorl(index, 23), 29 - index, ("#e2a63a", "#e8b65a")[index % 2]) for index in range(14))
BERRIES = [whorl(index, 7.6) for index in range(19)]
BUNCH = "".join(dot(x, y, 8.5, BERRY) + dot(x - 2.5, y - 3, 2.2, "#e2664e") for x, y in BERRIES)


def ridge(points: tuple[Point, ...], fill: str, snow: str) -> str:
    """Draw a row of mountains: valleys and summits by turns, with snow on the summits."""
    caps = ""
    for (ax, ay), (x, y), (bx, by) in zip(points[::2], points[1::2], points[2::2], strict=False):
        left, right = (x + (ax - x) * 0.4, y + (ay - y) * 0.4), (x + (bx - x) * 0.4, y + (by - y) * 0.4)
        zigzag = ((right[0] - 22, right[1] - 10), (x + 12, y + 50), (x - 6, y + 36), (left[0] + 20, left[1] - 8))
        caps += "M" + "L".join(f"{px:.0f} {py:.0f}" for px, py in ((x, y), right, *zigzag, left)) + "z"
    return shape("M-80 1500L" + "L".join(f"{x} {y}" for x, y in points) + "V1500z", fill) + shape(caps, snow)


def wood(count: int, ground: float, height: float, fill: str) -> str:
    """Draw a wood of spruces across the picture, and its shade below them."""
    trees = ""
    for index in range(count):
        x, tall = -90 + 1120 * (index + 0.7 * spread(index)) / count, height * (0.7 + 0.6 * spread(index, 0.5698))
        foot = ground + 26 * spread(index, 0.7549)
        trees += f"M{x - tall * 0.26:.0f} {foot:.0f}L{x:.0f} {foot - tall:.0f}L{x + tall * 0.26:.0f} {foot:.0f}z"
    return shape(f"{trees}M-100 {ground - 4}h1200v1500h-1200z", fill)


def birches(places: Iterable[Point]) -> str:
    """Draw birches in autumn, each by its place from the left and its width."""
    trunks = "".join(put(BIRCH, (x, 0), scale=(width, 1)) for x, width in places)
    return trunks + "".join(put(CROWN, (x, -1010 + 150 * (1 - width)), scale=(width, width)) for x, width in places)


def plant(t: float) -> str:
    """Draw ginseng above the ground: the stem, four leaves that sway a little, and the red berries."""
    leaves = line(STALKS, "#5f7d3c", 7)
    for x, y, turn, size in ((-92, -150, -84, 1), (92, -150, 84, 1), (-46, -186, -36, 0.92), (46, -186, 36, 0.92)):
        leaves += put(PALM, (x, y), turn + 2.5 * sin(t * 1.3 + x), scale=(size, size))
    return put(leaves + put(BUNCH, (0, -232)), turn=0.8 * sin(t * 1.1))


def root(t: float) -> str:
    """Draw the root: its body from the neck down, and then rootlet by rootlet."""
    depth = 190 * ease(t, DIG + 0.9, DIG + 3) - 20
    body = within(f"M-60-20H60V{depth:.1f}Q0 {depth + 40:.1f}-60 {depth:.1f}z", TAPROOT, "body")
    return one_by_one(ROOTLETS, (ROOT, 5.2), t, DIG + 2.2, 0.28) + body


def crumb(index: int, t: float) -> str:
    """Draw one crumb of the soil: it rolls out of the pit, which grows deeper, to the heap at its side."""
    start, side = DIG + 2.2 * spread(index), -1 if index % 2 else 1
    far, share = spread(index, 0.7549) + spread(index, 0.3247) - 1, ease(t, start, start + 1.1)
    place = (400 + side * 90 * spread(index, 0.2451), 220 * ease(start, DIG, DIG + 2.4))
    heap = (400 + side * 274 + 96 * far, -4 - 44 * (1 - abs(far)) * spread(index, 0.5698))
    lump = dot(*hop(place, heap, 50, share), 8 + 8 * spread(index, 0.4142), (EARTH, "#84552f", STONE)[index % 3])
    return put(lump, fade=min(share * 8, 1))


def floor(t: float) -> str:
    """Draw the forest floor cut open: the soil, the pit, the root in it, the plant above, the heaps at the sides."""
    dug, mouth = ease(t, DIG, DIG + 2.4), ease(t, DIG, DIG + 2.4) ** 0.6
    soil = SOIL + "".join(
        dot(800 * spread(i), 40 + 300 * spread(i, 0.7549), 4 + 7 * spread(i, 0.3247), STONE) for i in range(26)
    )
    moss = line("M-60 4C60-12 180-2 286-2M514-2C620-2 740-12 860 4", MOSS, 16)
    moss += line("M286-2H400", MOSS, 16, 1 - mouth) + line("M514-2H400", MOSS, 16, 1 - mouth)
    string = one_by_one(STRING, (BERRY, 6.5), t, 12.6, 0.3)
    growing = put(put(root(t), scale=(1.15, 1.15)) + plant(t) + string, (400, 0))
    heaps = (
        put(HEAP, (126, 0), scale=(1, dug))
        + put(HEAP, (674, 0), scale=(1, dug))
        + "".join(crumb(index, t) for index in range(80))
    )
    return soil + put(HOLE, (400, 0), scale=(1.15 * mouth, 1.15 * dug)) + growing + moss + heaps


def mountain(art: Parts, t: float) -> str:
    """Draw the clip about the mountain at the moment `t`, with the birds of the village's drawing."""
    pan, tilt = 1 - (1 - min(t / 7, 1)) ** 2, ease(t, 3, 6.6)
    ground = 390 + 640 * (1 - tilt) - 86 * ease(t, DIG - 0.2, DIG + 1.6)
    layers = (  # what is nearer goes further, both across and down
        (dot(610, 132, 58, "#e88a4a"), 8, 200),
        (art["birds"], 100, 220),
        (ridge(FAR, "#b9c3bd", "#fdf8ec"), 20, 200),
        (ridge(MID, "#8fa394", "#f6f2e4"), 36, 260),
        (shape(HILL, "#5f7d5c"), 54, 310),
        (wood(26, 440, 104, SAPLING), 72, 350),
        (wood(21, 540, 176, SPRUCE), 92, 400),
    )
    view = "".join(put(picture, (-across * pan, -down * tilt)) for picture, across, down in layers)
    near = birches(((60, 1), (150, 0.6), (232, 0.5), (730, 0.6), (850, 1.1), (915, 0.7))) + wood(22, -10, 62, SAPLING)
    light = put(dot(400, ground - 134, 130 + 42 * ease(t, 4.6, 6.8), PAPER), fade=ease(t, 4.8, 6.6))
    sky = '<rect width="800" height="600" fill="#f8e6c6"/>'
    return sky + view + put(near, (-110 * pan, ground + 10)) + light + put(floor(t), (0, ground))


# From pictures to files


def clips(content: Path) -> list[SampleClip]:
    """Return the two clips, made of the drawings under `content`."""
    cabbage, village = parts(content / "products" / "spicy-cabbage.svg"), parts(content / "villages" / "gaotaizi.svg")
    jar_of_cabbage = SampleClip("a-jar-of-cabbage", 16, 15.6, partial(kitchen, cabbage))
    return [jar_of_cabbage, SampleClip("up-the-mountain", 15.6, 15.5, partial(mountain, village))]


def show(page: Page, picture: str) -> None:
    """Put a picture on the page."""
    page.evaluate("html => { document.body.innerHTML = html }", PAGE % picture)


def frames(page: Page, clip: SampleClip) -> Iterable[bytes]:
    """Yield the clip's pictures, one after the other, as PNG."""
    for index in range(round(clip.seconds * FPS)):
        show(page, clip.draw(index / FPS))
        yield page.screenshot(type="png")


def encode(program: str, pictures: Iterable[bytes], file: Path) -> None:
    """Join pictures to an H.264 film without sound that old phones play too."""
    colours = "-vf scale=out_color_matrix=bt601:out_range=tv,format=yuv420p -colorspace smpte170m -color_range tv"
    coding = f"-c:v libx264 -profile:v high -level 3.0 -preset veryslow -tune animation -crf 29 -g {2 * FPS} -threads 1"
    making = f"-y -v error -f image2pipe -c:v png -r {FPS} -i - {colours} {coding} -bitexact -movflags +faststart"
    subprocess.run([program, *making.split(), str(file)], input=b"".join(pictures), check=True)  # noqa: S603


def shrink(program: str, file: Path) -> None:
    """Make a smaller copy for narrow screens and weak networks, beside the film."""
    coding = "-vf scale=480:360 -c:v libx264 -profile:v high -level 3.0 -preset veryslow -tune animation -crf 31"
    making = f"-y -v error -i {file} {coding} -g {2 * FPS} -pix_fmt yuv420p -bitexact -movflags +faststart"
    subprocess.run([program, *making.split(), str(file.with_name(f"{file.stem}-small.mp4"))], check=True)  # noqa: S603


def main(target: Path) -> None:
    """Make every clip and its poster in `target`, a directory in the one that holds the content."""
    program = str(imageio_ffmpeg.get_ffmpeg_exe())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 640, "height": 480})
        for clip in clips(target.resolve().parent):
            encode(program, frames(page, clip), target / f"{clip.name}.mp4")
            shrink(program, target / f"{clip.name}.mp4")
            show(page, clip.draw(clip.poster))
            page.screenshot(path=target / f"{clip.name}.jpg", type="jpeg", quality=84)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
