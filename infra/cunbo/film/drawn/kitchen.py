"""The kitchen of the films about food: its wall and window, its table, its bowls, the cabbage itself."""

from math import sin

from cunbo.film.drawn import props
from cunbo.film.drawn.svg import (
    INK,
    box,
    dot,
    ease,
    line,
    put,
    shape,
    wash,
)

PASTE = "#c63d22"
MOSS, LEAF, PALE, HEART = "#7f9a45", "#a9bf63", "#dfe3a4", "#f7f3d6"
HEAD = "M-50 0C-108-34-124-146-96-208C-88-238-62-240-46-258C-24-276 24-276 46-258C62-240 88-238 96-208C124-146 108-34 50 0z"


def whole() -> str:
    """Draw a head of cabbage, standing, its foot at zero."""
    drawn = shape(HEAD, MOSS, (INK, 4))
    drawn += shape("M-46 2C-112-44-118-140-84-196C-40-150-14-60-20 4z", LEAF, (INK, 2)) + shape(
        "M46 2C112-44 118-140 84-196C40-150 14-60 20 4z", LEAF, (INK, 2)
    )
    drawn += shape("M-46 2C-84-40-92-90-84-130C-54-96-26-40-26 4zM46 2C84-40 92-90 84-130C54-96 26-40 26 4z", "#f4edc8")
    drawn += shape("M-38 4C-84-70-66-168 0-222C66-168 84-70 38 4z", "#b9cc74", (INK, 2)) + shape(
        "M-26 6C-46-50-26-116 0-160C26-116 46-50 26 6C10 10-10 10-26 6z", HEART
    )
    drawn += line("M0-20V-190M0-110l-26-34M0-110l26-34M0-70l-36-44M0-70l36-44M0-150l-14-20M0-150l14-20", "#8fa651", 4)
    return drawn + line("M-62-60q-20-50-14-100M62-60q20-50 14-100M-34-236q-20 4-34 26M34-236q20 4 34 26", "#6d8a3c", 4)


def rib(reach: float) -> str:
    """Return the line of one leaf in a halved head: further out with a larger `reach`, to the left below 0."""
    bend, tip = reach * 1.1, abs(reach) * 0.5 - 234
    return f"M{reach * 0.3:.0f}-14C{bend:.0f}-60 {bend:.0f}-150 {reach * 0.7:.0f}{tip:.0f}"


def half(paste: float = 0) -> str:
    """Draw the cut side of half a head, with as much paste between its leaves as `paste` says, from 0 to 1."""
    rings = zip((1.0, 0.88, 0.74, 0.56), (MOSS, LEAF, PALE, "#f4efc6"), strict=True)
    drawn = shape(HEAD, INK, (INK, 5)) + "".join(put(shape(HEAD, fill), scale=size) for size, fill in rings)
    drawn += "".join(line(rib(reach), "#b9c474", 4) for reach in (-80, -48, -16, 16, 48, 80))
    for index, reach in enumerate((-64, 64, -32, 32, 0)):
        drawn += line(rib(reach), PASTE, 14, ease(paste, index * 0.16, index * 0.16 + 0.36))
    return drawn + shape("M-26-2C-16-40-6-64 0-84C6-64 16-40 26-2z", "#fffaf0")


def kitchen(t: float, outside: str, night: float = 0) -> str:
    """Draw the room: a wall, a window with what is outside, what hangs and what stands there."""
    view = wash("#ecd2a2", "#e2bf88", height=440) + put(props.window(250, 190, outside, night), (600, 176))
    view += (
        put(props.chillies(8), (92, 74), 2 * sin(t))
        + put(props.chillies(6), (150, 74), -2 * sin(t * 1.1))
        + put(props.cobs(3), (218, 74), 1.5 * sin(t * 0.9))
    )
    view += box(-60, 44, 420, 13, "#6d4630") + table(430)
    return view


def table(y: float) -> str:
    """Draw a table of boards from the height `y` down."""
    seams = "".join(
        line(f"M{x} {y + 20}L{400 + (x - 400) * 1.5:.0f} 640", "#8f5a2c", 4) for x in (60, 240, 420, 610, 770)
    )
    return (
        box(-100, y, 1000, 900, "#b9793f") + box(-100, y, 1000, 16, "#cf9151") + line(f"M-100 {y}H900", INK, 4) + seams
    )


DAY = (
    box(-200, -200, 400, 400, "#bcd4d2")
    + shape("M-200 40C-120-10-60 20 0 0S120-30 200 20V200H-200z", "#eef0ea")
    + shape("M-90 30l20-60 20 60zM-60 34l16-48 16 48zM60 20l18-54 18 54z", "#4c6b4c")
)
NIGHT = box(-200, -200, 400, 400, "#1f2d4c")


def board(y: float) -> str:
    """Draw the chopping board."""
    return shape(f"M170 {y}h460l36 66h-532z", "#e0b273", (INK, 4)) + shape(
        f"M134 {y + 66}h532v18q0 8-8 8h-516q-8 0-8-8z", "#c48a4b", (INK, 4)
    )


def bowl(x: float, y: float, inside: str, size: float = 1) -> str:
    """Draw an enamel bowl with something in it."""
    drawn = shape("M-100-6C-96 60-60 84 0 84S96 60 100-6z", "#fdf6e6", (INK, 4)) + shape(
        "M-104-14h208v12h-208z", "#2f5579", (INK, 3)
    )
    return put(dot(0, -12, 100, INK, 0.32) + dot(0, -13, 96, inside, 0.3) + drawn, (x, y), scale=size)
