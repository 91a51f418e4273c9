"""Up the mountain: from misty ridges into the forest; a root is found and lifted whole, and its seeds stay.

The turn: nothing where the grass is parted; then a bird, and it sits above the red berries.
"""

from math import sin

from cunbo.film.drawn import props, stage
from cunbo.film.drawn.forest import MID, birch, falling, fern, floor, forest, ridge, ridges, wood
from cunbo.film.drawn.ginseng import PALM, plant, root, string
from cunbo.film.drawn.stage import DrawnFilm, DrawnShot
from cunbo.film.drawn.svg import (
    INK,
    between,
    box,
    camera,
    dot,
    ease,
    glow,
    hop,
    line,
    put,
    shape,
    spread,
    there_and_back,
    tint,
    wash,
    within,
)
from cunbo.film.sound.scores import mountain as score

EARTH, CLOD, PIT = "#8a5a34", "#6f4529", "#5b3a26"


def walking(t: float) -> str:
    """Draw somebody from behind who goes into the forest, basket on the back."""
    pan = t * 34
    view = forest(t, pan) + floor(pan)
    size = 1.12 - 0.07 * t
    view += put(props.walker(t * 0.85, coat="#3d5a78"), (330 + 14 * t, 548 - 13 * t), scale=(size, size * 1.12))
    near = "".join(put(birch(900), (x - pan * 2.3, 640), scale=(1.9, 1)) for x in (40, 760, 1220)) + "".join(
        put(fern(1.5, "#54703a"), (x - pan * 2, 600)) for x in (180, 560, 900, 1180)
    )
    return camera(view + falling(t) + put(near, fade=0.999), (400, 310), 1.04)


def searching(t: float) -> str:
    """Draw the stick that parts the ferns: there is only earth below them."""
    apart = ease(t, 0.6, 1.5) - 0.55 * ease(t, 2.9, 3.6)
    view = box(0, 0, 800, 600, "#6b6a38") + floor(120, 60, 120)
    view += dot(400, 410, 190 * apart + 1, "#5b4628", 0.42) + "".join(
        dot(320 + 160 * spread(index), 380 + 60 * spread(index, 0.7549), 5, "#4a3820", 0.7) for index in range(14)
    )
    for index, (x, y) in enumerate(
        ((150, 330), (650, 330), (250, 420), (560, 420), (340, 500), (470, 500), (80, 520), (720, 520))
    ):
        side = -1 if x < 400 else 1
        view += put(
            fern(1.5 + 0.1 * (index % 3), ("#7d9a4c", "#6d8a44", "#88a558")[index % 3]),
            (x + side * 74 * apart, y + 60),
            side * 17 * apart + 2 * sin(t * 2 + index),
        )
    tip = (between(640, 366, ease(t, 0, 0.8)) + 76 * sin(max(t - 0.9, 0) * 2.4) * ease(t, 0.8, 1.2), 452)
    view += line(f"M{tip[0]:.0f} {tip[1]}L{tip[0] + 330:.0f} 690", INK, 21) + line(
        f"M{tip[0]:.0f} {tip[1]}L{tip[0] + 330:.0f} 690", "#a87a48", 15
    )
    return camera(view, (400, 330), 1.1 + 0.02 * t)


def small_bird(beat: float, wing: float = 0) -> str:
    """Draw a small grey bird that looks right, its feet at zero; its wings beat by `wing`."""
    body = shape("M-34-18C-30-44 6-52 24-40C40-30 30-8 6-4C-12-2-30-6-34-18z", "#7a6a5c", (INK, 3)) + shape(
        "M-30-18L-66-8L-62-22z", "#5b4a3c", (INK, 3)
    )
    body += (
        shape("M0-12C12-30 26-26 30-16C22-4 8-2 0-12z", "#e3c9a0")
        + dot(22, -42, 15, INK)
        + dot(22, -42, 12.5, "#7a6a5c")
        + dot(27, -45, 3, "#1c130e")
    )
    body += shape("M35-44l14 4-14 5z", "#e0a040", (INK, 2))
    flap = shape(
        f"M-16-30C-30 {-44 - 40 * wing:.0f} -56 {-40 - 50 * wing:.0f} -60 {-22 - 40 * wing:.0f}C-44-20-20-16-6-20z",
        "#5b4a3c",
        (INK, 3),
    )
    return line("M0-4v10M8-5v10", INK, 3) + body + flap


def found(t: float) -> str:
    """Draw the bird that flies in, and the camera that goes with it to the red berries in a patch of light."""
    goes = ease(t, 0.9, 3.0)
    pan = 520 * goes
    view = forest(t, pan) + floor(pan, 60, 452)
    light = glow(880 - pan, 330, 300, "#fff6c8", 0.75 * ease(t, 2, 3.4))
    herb = put(plant(t), (880 - pan, 506), scale=1.16) + "".join(
        put(fern(1.1, "#6d8a44"), (x - pan, 545)) for x in (640, 740, 1030, 1130)
    )
    place = hop((250, 330), (902 - pan, 216), 110, goes)
    if t < 0.9:
        place = (250, 330)
    flying = 0.15 < goes < 0.97
    bird = put(
        small_bird(0, sin(t * 26) if flying else -0.4),
        (place[0], place[1] + (3 * sin(t * 5) if not flying else 0)),
        -14 * there_and_back(goes, 0, 1),
    )
    branch = put(
        line("M-30 340C90 322 170 338 300 334M180 336L230 300", INK, 13)
        + line("M-30 340C90 322 170 338 300 334M180 336L230 300", "#7a5636", 8),
        (-pan * 1.2, 6),
    )
    return camera(view + light + herb + branch + bird + falling(t + 4, 7), (400, 300), 1.02 + 0.24 * ease(t, 3.2, 5.4))


def tying(t: float) -> str:
    """Draw two hands that tie a red string round the stem."""
    view = wash("#cfc98a", "#8f9350") + put(
        "".join(put(birch(700), (x, 520), scale=(1.4, 1)) for x in (60, 210, 640, 760)), fade=0.45
    )
    view += glow(400, 220, 330, "#fff6c8", 0.6) + floor(40, 40, 470)
    herb = put(plant(t * 0.6) + string(t, 0.9), (400, 540), scale=1.9)
    pull = there_and_back(t, 2.4, 3.8)
    left = put(props.pinching("#3d5a78"), (372 - 58 * pull - 60 * (1 - ease(t, 0, 0.8)), 436 - 16 * pull), 36, (-1, 1))
    right = put(props.pinching("#3d5a78"), (428 + 58 * pull + 60 * (1 - ease(t, 0, 0.8)), 436 - 16 * pull), -36)
    gone = ease(t, 3.8, 4.5)
    return camera(
        view + herb + put(left, (-260 * gone, 190 * gone)) + put(right, (260 * gone, 190 * gone)), (400, 330), 1.06
    )


HOLE = "M-138-6C-186 60-196 210-150 300C-90 372 90 372 150 300C196 210 186 60 138-6z"


def crumb(index: int, t: float, start: float, span: float) -> str:
    """Draw a crumb of soil that rolls out of the pit to the heap at its side."""
    began = start + span * spread(index)
    side, share = (-1 if index % 2 else 1), ease(t, began, began + 0.9)
    if share <= 0:
        return ""
    reach = (began - start) / span
    origin = (side * 70 * spread(index, 0.2451), 40 + 250 * reach)
    heap = (side * (250 + 80 * (spread(index, 0.7549) - 0.5)), -2 - 40 * spread(index, 0.5698) * reach)
    return dot(*hop(origin, heap, 70, share), 6 + 6 * spread(index, 0.4142), (EARTH, "#84552f", CLOD)[index % 3])


def digging(t: float) -> str:
    """Draw the ground cut open: a pick of bone clears soil away, and the root comes to light thread by thread till dusk."""
    dug, fine, dusk = ease(t, 0.4, 5.4), min(max((t - 3.4) / 6.2, 0), 1), ease(t, 5.5, 11)
    ground = 224
    sky = wash("#f3e3b0", "#b9b878", height=ground + 20) + glow(
        between(180, 690, t / 11), between(60, 150, dusk), 260, "#fff3b8", 0.7
    )
    trunks = "".join(
        put(birch(400), (x, ground + 6), scale=(width, 1))
        for x, width in ((40, 1.1), (128, 0.6), (690, 0.7), (772, 1.2))
    )
    soil = shape("M-60 4C60-10 180 2 260 0H540C620 0 740-8 860 4V560H-60z", EARTH) + "".join(
        dot(
            800 * spread(i),
            36 + 420 * spread(i, 0.7549),
            4 + 8 * spread(i, 0.3247),
            ("#7a4d2b", "#9a6a40")[i % 2],
            0.75,
        )
        for i in range(60)
    )
    mouth = dug**0.55
    pit = put(shape(HOLE, PIT, (INK, 3)), scale=(mouth + 0.01, 0.96 * dug + 0.01))
    stones = (
        "".join(dot(x, y, 15, "#9a948a", 0.8) for x, y in ((-116, 250), (104, 290), (128, 160))) if dug > 0.9 else ""
    )
    growing = put(root(dug, fine), (0, 52), scale=0.98)
    below = within(
        f"M-220 -80H220V{max(350 * dug, 8):.0f}H-220z",
        put(stones, fade=ease(dug, 0.9, 1) if dug > 0.9 else 0.001) + growing,
    )
    moss = "".join(put(fern(0.5, "#6d8a44"), (x, 6)) for x in (-360, -300, 300, 372)) + line(
        "M-420 2C-300-8-200 0-146 0M146 0C220 0 320-8 420 2", "#6f8f45", 13
    )
    heaps = "".join(
        put(shape("M-110 8C-70-58 70-58 110 8z", EARTH, (INK, 3)), (side * 258, 0), scale=(1, dug + 0.01))
        for side in (-1, 1)
    )
    crumbs = "".join(crumb(index, t, 0.5, 4.6) for index in range(64))
    work = (
        put(soil, (-400, 0)) + pit + below + moss + heaps + crumbs + plant(t, fade=0.4 * ease(t, 9, 11)) + string(99, 0)
    )
    reach = 60 + 235 * dug + 6 * sin(t * 9)
    across = 92 * sin(t * 1.35) + 12 * sin(t * 8)
    pick = line("M0 0L34 30", INK, 12) + shape("M-26-30C-18-22-2-8 6 0L0 8C-12 0-24-16-30-28z", "#f3ead2", (INK, 3))
    tool = put(pick + put(props.pinching("#3d5a78"), (22, 20), 8), (across + 34, reach))
    view = sky + trunks + put(work + tool, (400, ground))
    near = ease(t, 4.6, 6.6)
    return (
        camera(view, (400, between(300, 420, near)), 1.02 + 0.26 * near)
        + tint("#b0532a", 0.2 * dusk)
        + tint("#20283f", 0.22 * ease(t, 9, 11))
    )


def lifted(t: float) -> str:
    """Draw the root, whole, held up against the evening, and the last crumbs that fall from it."""
    rise = ease(t, 0, 1.8)
    view = (
        wash("#3f4f74", "#f2a25e", height=520)
        + glow(400, 470, 420, "#ffcf7a", 0.8)
        + put(ridge(MID, "#4d5a66", "#e9c6a4"), (-40, 120))
        + put(wood(28, 560, 120, "#2c3a38"), (0, 0))
    )
    body = put(root(), (0, 0), 1.6 * sin(t * 1.2), 1.12)
    leaves = put(plant(t, bend=0, fade=0.3) + string(99, 0), (0, -50), 1.6 * sin(t * 1.2), (0.62, 0.62))
    held = put(leaves + body, (400, 240 + 330 * (1 - rise)))
    hands = "".join(
        put(
            props.hand(9, 0.15, 46, "#3d5a78"),
            (400 + side * 132, 560 + 330 * (1 - rise)),
            side * -24,
            (side * -1.05, 1.05),
        )
        for side in (-1, 1)
    )
    crumbs = (
        "".join(
            dot(330 + 140 * spread(i), 420 + ((t * 170 + 300 * spread(i, 0.7549)) % 300), 4, "#4a2f1e")
            for i in range(16)
        )
        if rise > 0.6
        else ""
    )
    return camera(
        view + put(crumbs, fade=1 - ease(t, 2.4, 3.6) * 0.999) + hands + held, (400, 330), 1.02 + 0.06 * ease(t, 1, 5)
    )


def seeds(t: float) -> str:
    """Draw a hand that lays red seeds back into the earth and covers them; night comes."""
    laid, gone = ease(t, 0.3, 1.4), ease(t, 2.2, 3.2)
    view = (
        wash("#2f3d5c", "#b9764e", height=300)
        + put(wood(20, 300, 130, "#26332f"))
        + shape("M-50 292C200 276 560 300 850 284V700H-50z", "#5f4a2c", (INK, 3))
    )
    view += "".join(
        put(
            shape("M-13 0C-6-9 6-9 14 0C6 6-6 6-13 0z", ("#a97c34", "#8f5f2a")[i % 2]),
            (spread(i) * 800, 330 + 250 * spread(i, 0.7549)),
            i * 37,
        )
        for i in range(40)
    )
    view += dot(400, 440, 120, "#3a2818", 0.42) + dot(400, 446, 96, "#2c1d10", 0.36)
    fallen = "".join(
        dot(
            *hop(
                (430 + 200 * (1 - laid) + 7 * (i - 2), 366),
                (352 + 24 * i, 438 + 9 * (i % 2)),
                26,
                ease(t, 1.0 + 0.18 * i, 1.5 + 0.18 * i),
            ),
            10,
            "#d0301c",
        )
        for i in range(5)
    )
    cover = put(
        shape("M-130 26C-90-34 90-34 130 26C60 50-60 50-130 26z", "#6a4a2a", (INK, 3)),
        (400, 436),
        scale=(gone + 0.01, gone + 0.01),
        fade=max(gone, 0.001),
    )
    place = (430 + 200 * (1 - laid), 372 + 30 * there_and_back(t, 2.0, 3.4))
    fingers = (
        put(props.pinching("#3d5a78"), place, 0)
        if t < 1.9
        else put(props.hand(4, 0.2, 30, "#3d5a78"), (420 + 26 * sin(t * 5), 500 + 60 * ease(t, 3.3, 4.2)), -12)
    )
    stars = "".join(dot(800 * spread(i), 180 * spread(i, 0.7549), 1.6, "#fdf0cf") for i in range(30))
    return camera(
        view + put(stars, fade=ease(t, 2.6, 4.2)) + (fallen if gone < 0.8 else "") + cover + fingers,
        (400, 340),
        1.12 + 0.02 * t,
    ) + tint("#131a2c", 0.4 * ease(t, 2.4, 4.6))


def boxed() -> str:
    """Draw what leaves the village: a root on moss in a box of birch bark."""
    drawn = shape("M-170-250h340l26 290h-392z", "#7c4e2d", (INK, 4)) + shape("M-156-236h312l22 262h-356z", "#4a6636")
    drawn += "".join(
        line(f"M{-150 + 300 * spread(i):.0f} {-220 + 230 * spread(i, 0.7549):.0f}q9-15 18 0q9-15 18 0", "#6f8f45", 6)
        for i in range(30)
    )
    bark = "".join(
        line(f"M{-160 + 320 * spread(i):.0f} {42 + 22 * spread(i, 0.7549):.0f}h24", "#6d4630", 5) for i in range(12)
    )
    drawn += shape("M-196 36h392l-8 40h-376z", "#f4ecdb", (INK, 4)) + bark
    return (
        drawn
        + put(root(), (-30, -190), 8, 0.78)
        + put(PALM, (110, -40), 40, 0.8)
        + put(props.bunch(9, 7, 8, "#c22a17", "#f0a18c"), (126, -190))
    )


FILM = DrawnFilm(
    "up-the-mountain",
    (
        *stage.opening(ridges, "上山挖参", "UP THE MOUNTAIN", (4.2, 4.2), 262),
        DrawnShot(6, walking, 0.7),
        DrawnShot(4, searching),
        DrawnShot(5.6, found),
        DrawnShot(4.4, tying),
        DrawnShot(11, digging, 0.6),
        DrawnShot(4.8, lifted, 0.5),
        DrawnShot(4.4, seeds, 0.6),
        stage.ending(lambda _: put(boxed(), (236, 500), scale=0.92), "这一盒，哪天发", ("#b9c58a", "#cbd49e")),
    ),
    poster=39.6,
    score=score,
)
