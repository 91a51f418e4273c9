"""A jar of cabbage: cut, salted, left over a frosty night, spread leaf by leaf, packed, and waited for.

The turn: a small hand comes over the edge of the table and steals a leaf. The end: seven days later, steam of rice.
"""

from math import sin

from cunbo.film.drawn import props, stage
from cunbo.film.drawn.kitchen import (
    DAY,
    NIGHT,
    PALE,
    PASTE,
    board,
    bowl,
    half,
    kitchen,
    table,
    whole,
)
from cunbo.film.drawn.stage import DrawnFilm, DrawnShot
from cunbo.film.drawn.svg import (
    INK,
    between,
    box,
    camera,
    dark_around,
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
from cunbo.film.sound.scores import cabbage as score

CLEAVER = shape("M-120-96h240v86q-120 24-240 0z", "#aab5b0", (INK, 4)) + shape(
    "M120-90h104q12 0 12 14t-12 14h-104z", "#7c4a2c", (INK, 4)
)
CLEAVER += shape("M-118-26q118 22 236 0v16q-118 24-236 0z", "#eef0e6") + dot(-96, -78, 7, "#6d756f")


def yard(t: float) -> str:
    """Draw the yard in the first frost: rows of cabbages, a wall, a house, smoke; the camera moves over them."""
    view = wash("#a9c4cc", "#f3dfb9", height=420) + shape(
        "M-100 330C80 250 180 300 300 262S560 220 900 300V600H-100z", "#a9b8b4", (INK, 3)
    )
    house = (
        shape("M-120 0h240v-110h-240z", "#f0dcb8", (INK, 4))
        + shape("M-160-100L-100-176H100L160-100z", "#8e3b25", (INK, 4))
        + shape("M-146-118L-100-176H100L146-118C90-104 60-126 0-112S-90-104-146-118z", "#fdf8ec")
    )
    house += (
        shape("M-84-76h54v44h-54zM30-76h54v44h-54z", "#f6cf7a", (INK, 4))
        + line("M-57-76v44M57-76v44", INK, 3)
        + shape("M-18-70h36v70h-36z", "#6d4630", (INK, 3))
        + box(60, -206, 26, 46, "#6d4630")
    )
    view += put(
        house
        + put(props.steam(t, 24, 180, 6, 0.7), (73, -206))
        + put(props.chillies(4), (-104, -70), scale=0.7)
        + put(props.cobs(2), (104, -70), scale=0.6),
        (560 - t * 6, 396),
    )
    view += shape("M-100 390C200 372 500 396 900 380V700H-100z", "#dcd5bb", (INK, 3))
    for row, (y, size) in enumerate(((424, 0.26), (470, 0.36), (530, 0.5), (620, 0.72))):
        for index in range(12):
            x = index * 250 * size - 160 + (row % 2) * 70 - t * 34 * size
            view += put(
                whole() + shape("M-60-246C-30-276 30-276 60-246C30-232-30-232-60-246z", "#fffdf6"),
                (x, y),
                3 * (spread(index + row) - 0.5),
                size,
            )
    return camera(view, (400, 310), 1.04 + 0.015 * t) + put(props.snow(t, 40, 14), fade=0.8)


def cut(t: float) -> str:
    """Draw the head on the board: the blade comes down once, the halves fall apart and show their leaves."""
    down, apart = ease(t, 1.0, 1.45), ease(t, 1.6, 2.6)
    view = kitchen(t, DAY) + board(446)
    for side in (1, -1):
        piece = half() if apart > 0.5 else whole()
        flip = abs(1 - 2 * apart) if side < 0 else 1
        view += put(piece, (400 + side * 118 * apart, 496), side * 7 * apart, (1.12 * max(flip, 0.05), 1.12))
    height = between(-40, 412, down) - 470 * ease(t, 1.7, 2.7)
    blade = put(CLEAVER + put(props.hand(3, 1, 10, props.PADDED, 600), (196, -76), -96, 1.0), (400, height))
    return camera(
        view + blade,
        (400, 330 + 40 * ease(t, 2.6, 4)),
        1 + 0.16 * ease(t, 2.4, 4) + 0.012 * there_and_back(t, 1.42, 1.7),
    )


def salting(t: float) -> str:
    """Draw a hand that strews salt over the halves, seen from near."""
    view = table(-90) + shape("M60 150h680l60 420H0z", "#e0b273", (INK, 4))
    view += put(half(), (260, 545), -6, 1.5) + put(half(), (560, 545), 7, 1.5)
    x = 300 + 190 * sin(t * 1.5)
    for index in range(90):
        share = (t * 0.9 + spread(index)) % 1
        gx = 300 + 190 * sin((t - share * 0.4) * 1.5) + 80 * (spread(index, 0.7549) - 0.5) * (0.4 + share)
        view += dot(gx, 150 + 330 * share * share * (0.6 + 0.4 * spread(index, 0.33)), 3.4, "#fffefa")
    lying = int(min(t / 3.4, 1) * 120)
    view += "".join(dot(180 + 460 * spread(i), 210 + 300 * spread(i, 0.7549), 3, "#fffefa") for i in range(lying))
    hand_ = put(props.pinching(props.PADDED), (x, 104 + 8 * sin(t * 14)), 150, 1.15)
    return camera(view + hand_, (400, 320), 1.02 + 0.02 * t)


def night(t: float) -> str:
    """Draw the night over the vat: the moon crosses the window, frost grows on the panes, snow falls outside."""
    moon = dot(-120 + 62 * t, -10 - 44 * sin(t / 4 * 3.14), 26, "#fdf0cf")
    outside = (
        NIGHT
        + moon
        + "".join(
            dot(-130 + 260 * spread(i), (-100 + 200 * spread(i, 0.7549) + t * 24) % 200 - 100, 2.4, "#eef4f2")
            for i in range(30)
        )
    )
    view = kitchen(t, outside, ease(t, 0.4, 3))
    vat = shape("M-150 0C-196-70-190-180-140-226H140C190-180 196-70 150 0z", "#6b4127", (INK, 4)) + shape(
        "M-152-222h304l-8-30h-288z", "#8e5a37", (INK, 4)
    )
    vat += (
        line("M-150-120C-60-96 60-96 150-120", "#553220", 5)
        + shape("M-130-250C-80-292 80-292 130-250z", "#a9bf63", (INK, 3))
        + shape("M-52-278C-40-330 40-330 54-278C20-268-20-268-52-278z", "#8f8a80", (INK, 4))
    )
    view += put(vat, (290, 548), scale=1.06) + glow(600, 200, 300, "#cfe0ee", 0.3)
    return camera(
        view
        + put(tint("#162a58", 0.55), fade=1)
        + put(put(props.window(250, 190, outside, ease(t, 0.4, 3)), (600, 176)), fade=0.75),
        (between(400, 460, ease(t, 0, 4)), 300),
        1.02 + 0.1 * ease(t, 0, 4),
    )


def grinding(t: float) -> str:
    """Draw what goes into the paste: chilli, garlic, ginger, apple and pear fall into a bowl that a hand stirs."""
    view = table(-90) + bowl(400, 330, "#b3301c", 2.5)
    things = (
        ("#c22a17", "M-30 0C-10-24 20-22 36 4C16 16-14 18-30 0z"),
        ("#fbf3e4", "M0-26C20-10 24 14 0 24C-24 14-20-10 0-26z"),
        ("#e7c46a", "M-24 6C-10-22 10-4 26-14C30 10 4 26-24 6z"),
        ("#d84a32", "M0-22C26-30 30 20 0 24C-30 20-26-30 0-22z"),
        ("#d9cf6a", "M0-30C12-16 26 6 18 20C6 30-8 30-18 20C-26 6-12-16 0-30z"),
    )
    for index in range(10):
        fill, path = things[index % 5]
        share = ease(t, 0.15 * index, 0.15 * index + 0.7)
        if 0 < share < 1:
            view += put(
                shape(path, fill, (INK, 3)),
                hop((180 + 440 * (index % 2), -60), (340 + 14 * index, 290), 60, share),
                300 * share,
                1.3,
            )
    swirl = "".join(
        line(
            f"M{400 - 150 + 36 * i:.0f} {300 + 12 * sin(t * 5 + i):.0f}q40 {22 * sin(t * 4 + i):.0f} 86 0",
            ("#d8542e", "#8c1d10", "#e8a060")[i % 3],
            7,
        )
        for i in range(6)
    )
    swirl += "".join(
        dot(250 + 300 * ((spread(i) + t * 0.12) % 1), 284 + 34 * spread(i, 0.7549), 4, "#f0c987") for i in range(22)
    )
    stick = put(
        line("M0 0L120-330", INK, 26)
        + line("M0 0L120-330", "#c08a4e", 19)
        + put(props.hand(2, 1, 10, props.PADDED, 500), (96, -262), 200, 1.0),
        (400 + 90 * sin(t * 4.4), 300 + 20 * sin(t * 8.8)),
    )
    return camera(view + within("M160 240h480v90q-240 46-480 0z", swirl) + stick, (400, 300), 1.02 + 0.03 * t)


def spreading(t: float, seconds: float = 6.4) -> str:
    """Draw two hands that spread the paste leaf by leaf; then the small hand that comes up and takes a leaf."""
    view = table(-90) + shape("M110 140h560l50 400H70z", "#e0b273", (INK, 4)) + bowl(690, 300, "#b3301c", 1.0)
    done = min(t / 5.6, 1)
    view += put(half(done), (380, 530), 3, 1.62)
    beat = t * 1.75
    reach = (380 + 90 * sin(beat * 3.14) * 0.7 + 20, 300 + 70 * abs(sin(beat * 3.14)))
    smeared = put(props.hand(4, 0.35, 30, props.PADDED), (reach[0] + 70, reach[1] + 150), -26, 1.15)
    smeared = smeared + dot(reach[0] + 20, reach[1] + 60, 15, PASTE, 0.7)
    holding = put(props.hand(7, 0.2, 55, props.PADDED), (150 + 4 * sin(beat * 6), 520), 26, (-1.15, 1.15))
    comes = there_and_back(t, 3.5, 5.7)
    took = t > 4.6
    leaf = (
        shape("M0 10C-46-20-50-96-8-140C30-110 44-40 0 10z", PALE, (INK, 3))
        + line("M-2 0L-8-120", "#fffaf0", 7)
        + line("M-22-30L-12-100M14-30L0-100", PASTE, 8)
    )
    child = put(props.hand(10, 0.5 if took else 0.1, 40, "#c8573f", 400), (0, 0), 0, 0.72)
    small = put((put(leaf, (0, -60), 20, 0.8) if took else "") + child, (560 - 30 * comes, 690 - 270 * comes), -14)
    aside = "" if took and t > 4.7 else put(leaf, (545, 430), 24, 0.8)
    return camera(
        view + aside + holding + smeared + small,
        (400 + 30 * ease(t, 3.2, 4.4), 320 + 10 * ease(t, 3.2, 4.4)),
        1.02 + 0.1 * ease(t, 3.2, 4.4),
    )


def packing(t: float) -> str:
    """Draw the jar that fills layer by layer under two hands."""
    fill = 0.999 * (
        ease(t, 0.3, 1.1) * 0.27 + ease(t, 1.3, 2.1) * 0.27 + ease(t, 2.3, 3.1) * 0.26 + ease(t, 3.3, 4.0) * 0.2
    )
    view = kitchen(t, DAY) + put(props.jar(max(fill, 0.02), 0, 0), (400, 540), scale=1.08)
    push = abs(sin((t - 0.3) * 3.14))
    bundle = (
        put(
            shape("M-50 20C-60-30-30-56 0-56S60-30 50 20z", "#d8643a", (INK, 3))
            + line("M-30 0C-20-30 20-30 30 0M-14 10C-8-10 8-10 14 10", "#f2d49c", 6),
            (400, 250 + 60 * push),
            scale=1.2,
        )
        if t < 4
        else ""
    )
    both = "".join(
        put(
            props.hand(4, 0.5, 20, props.PADDED, 500),
            (400 + side * 76, 200 + 60 * push - 300 * ease(t, 4, 4.6)),
            180 - side * 16,
            (side, 1),
        )
        for side in (-1, 1)
    )
    return camera(view + bundle + both, (400, 340), 1.0 + 0.03 * t)


def closing(t: float) -> str:
    """Draw the cloth that comes over the mouth, the cord, and the label."""
    view = kitchen(t, DAY)
    cloth, label = ease(t, 0.2, 1.2), ease(t, 2.2, 2.6)
    view += put(props.jar(1, max(cloth, 0.001), label), (400, 548), scale=1.08)
    tie = there_and_back(t, 0.9, 2.2)
    both = (
        "".join(
            put(props.pinching(props.PADDED), (400 + side * (60 + 70 * tie), 246 + 10 * tie), side * -30, (side, 1))
            for side in (-1, 1)
        )
        if 0.6 < t < 2.3
        else ""
    )
    press = (
        put(props.hand(6, 0, 40, props.PADDED), (470, 520 + 300 * (1 - there_and_back(t, 2.0, 3.4))), -10, 1.05)
        if t > 1.9
        else ""
    )
    return camera(view + both + press, (400, 340), 1.12 - 0.06 * ease(t, 0, 3.6))


def waiting(t: float) -> str:
    """Draw seven days: leaves fall from the calendar, light and dark go by, small bubbles rise in the jar."""
    day = min(int(t / 0.72), 6)
    share = (t / 0.72) % 1 if day < 6 else 0
    lit = 0.5 + 0.5 * sin(t / 0.72 * 6.28 - 1.57)
    view = (
        wash("#ecd2a2", "#e2bf88", height=440)
        + table(430)
        + put(props.window(200, 170, DAY if lit > 0.4 else NIGHT), (650, 150))
    )
    view += put(props.tear_off(str(day + 1), "腊月", share if share > 0.5 else 0), (140, 110), scale=1.45)
    view += put(props.jar(1, 1, 1, t), (410, 548), scale=1.05)
    return camera(view, (400, 320), 1.02 + 0.05 * ease(t, 0, 5)) + tint("#182c5a", 0.36 * (1 - lit) if day < 6 else 0)


def eating(t: float) -> str:
    """Draw rice that steams, a dish of the cabbage, chopsticks, and the small hand that is there first."""
    view = table(-90) + glow(400, 200, 460, "#ffe2a0", 0.5)
    mound = shape("M-94-14C-84-84 84-84 94-14C60 6-60 6-94-14z", "#fffdf6", ("#d8cbb0", 3))
    mound += "".join(
        shape(f"M{130 * spread(i) - 65:.0f} {-22 - 30 * spread(i, 0.7549):.0f}q5-5 10-2q-3 6-10 2z", "#e6dcc6")
        for i in range(34)
    )
    view += bowl(230, 340, "#fffdf6", 1.5) + put(mound, (230, 340), scale=1.5)
    dish = (
        dot(540, 430, 190, INK, 0.46)
        + dot(540, 428, 186, "#fdf6e6", 0.46)
        + dot(540, 428, 150, "#2f5579", 0.44)
        + dot(540, 428, 142, "#fdf6e6", 0.44)
    )
    for index in range(5):
        x = 450 + index * 44
        dish += put(
            shape("M-30 40C-44-20-30-70 0-74S44-20 30 40C10 54-10 54-30 40z", "#e9b565", (INK, 3))
            + line("M-14 30C-18-10-10-40 0-60M10 30C14-6 8-30 4-50", PASTE, 9)
            + line("M-24 40C-8 48 8 48 24 40", "#f4edc8", 9),
            (x, 420 + 6 * (index % 2)),
            -8 + 4 * index,
            0.9,
        )
    lift = ease(t, 0.8, 2.2)
    place = (600 - 320 * lift, 380 - 130 * there_and_back(t, 0.6, 2.4) - 60 * lift)
    piece = (
        put(
            shape("M-30 40C-44-20-30-70 0-74S44-20 30 40C10 54-10 54-30 40z", "#e9b565", (INK, 3))
            + line("M-14 30C-18-10-10-40 0-60M10 30C14-6 8-30 4-50", PASTE, 9),
            place,
            -10,
            0.8,
        )
        if t > 0.8
        else ""
    )
    sticks = (
        put(line("M-8 10L240-190M8 20L256-150", INK, 15) + line("M-8 10L240-190M8 20L256-150", "#8a5430", 10), place)
        if t < 5
        else ""
    )
    return camera(
        view + dish + put(props.steam(t, 170, 240, 7, 0.6), (230, 300)) + piece + sticks,
        (400, 300),
        1.0 + 0.04 * ease(t, 0, 4),
    ) + dark_around(400, 280, 640, "#3a1c10", 0.4)


FILM = DrawnFilm(
    "a-jar-of-cabbage",
    (
        *stage.opening(yard, "一瓶辣白菜", "A JAR OF CABBAGE", (4.2, 2.2), 250),
        DrawnShot(4, cut),
        DrawnShot(3.6, salting),
        DrawnShot(4.2, night, 0.6),
        DrawnShot(3.2, grinding, 0.4),
        DrawnShot(6.4, spreading),
        DrawnShot(4.6, packing),
        DrawnShot(3.6, closing),
        DrawnShot(5.4, waiting, 0.5),
        DrawnShot(4.4, eating, 0.5),
        stage.ending(lambda t: put(props.jar(bubbles=t), (236, 540), scale=0.9), "这一瓶，哪天发"),
    ),
    poster=29.4,
    score=score,
)
