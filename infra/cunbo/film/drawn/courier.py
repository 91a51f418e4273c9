"""The night before the courier: a workshop packs, the lamp goes out, a lantern is lit, the last jar fits.

The turn: the power fails, as it did in winters of that time; the work goes on by lantern. The end: what was promised for
the morning is on the truck in the morning, and no slip is left over.
"""

from math import sin

from cunbo.film.drawn import letters, props, stage
from cunbo.film.drawn.forest import MID, ridge, wood
from cunbo.film.drawn.kitchen import table
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
)
from cunbo.film.drawn.workshop import dawn, lantern, shelf, truck, workshop
from cunbo.film.sound.scores import courier as score

SLEEVE, COAT = "#4f6a4c", "#3f5a44"


def outside(t: float) -> str:
    """Draw the workshop from outside in the snow, its windows lit, a road that leads away."""
    view = wash("#121a33", "#3c4666", height=480) + put(
        "".join(dot(800 * spread(i), 240 * spread(i, 0.7549), 1.5, "#fdf0cf") for i in range(40)), fade=0.8
    )
    view += (
        put(put(ridge(MID, "#2c3852", "#5a6784"), (0, 60)), (0, 0))
        + put(wood(26, 430, 100, "#1f2b40"), (0, 0))
        + shape("M-100 430C200 408 500 440 900 420V700H-100z", "#8f9db8", (INK, 3))
    )
    hut = (
        shape("M-250 0h500v-150h-500z", "#6b5a54", (INK, 4))
        + shape("M-296-140L-214-250H214L296-140z", "#dfe6f0", (INK, 4))
        + shape("M-296-140C-220-120-160-150-90-132S60-122 130-138S250-126 296-140L284-158H-284z", "#c6d0e2")
    )
    for x in (-190, -50, 90):
        hut += (
            box(x, -116, 96, 76, INK)
            + box(x + 5, -111, 86, 66, "#ffd98a")
            + line(f"M{x + 48} -114v72M{x + 4} -78h88", INK, 4)
            + glow(x + 48, -78, 120, "#ffd98a", 0.5)
        )
    hut += box(150, -312, 34, 80, "#4a3a34") + put(props.steam(t, 26, 170, 6, 0.35), (167, -312))
    light = "".join(shape(f"M{x} 6h96l46 120h-190z", "#ffe2a0") for x in (-190, -50, 90))
    view += put(put(light, fade=0.28) + hut, (430, 470))
    return camera(view, (400, 310), 1.02 + 0.025 * t) + props.snow(t, 80, 20)


def evening(t: float) -> str:
    """Draw the room at eight: the camera goes along the jars to the slips on their nail."""
    view = workshop(t, 1, 8 + t * 0.01, 8, 1, 1.5 * sin(t * 1.2))
    slips = "".join(
        put(
            box(-34, 0, 68, 92, "#fffaf0") + line("M-24 18h48M-24 34h40M-24 50h46M-24 66h30", "#a08a6a", 3),
            (628 + 3 * i, 262 + 2 * i),
            -9 + 5 * (i % 5),
        )
        for i in range(9)
    ) + dot(640, 266, 6, INK)
    go = ease(t, 0.6, 4)
    return camera(view + slips, (between(250, 560, go), between(220, 270, go)), 1.5) + dark_around(
        between(300, 500, go), 240, 700, "#140c08", 0.55
    )


def wrapping(t: float) -> str:
    """Draw two hands that wrap a jar: straw around, paper over it, into the carton."""
    wrap, sink = ease(t, 0.5, 2.2), ease(t, 2.6, 3.8)
    view = table(-90) + glow(400, 160, 460, "#ffdf9a", 0.4)
    whole = put(props.jar(), (0, 0), scale=0.9)
    straw = "".join(
        line(
            f"M{-150 + 7 * i} {-10 - 6 * (i % 3)}C{-160 + 7.4 * i} -110 {-156 + 7.2 * i} -190 {-148 + 7 * i} {-244 - 10 * (i % 2)}",
            ("#e0b95e", "#c99a3e", "#f0d488")[i % 3],
            8,
        )
        for i in range(int(43 * wrap))
    )
    straw += "".join(
        line(f"M-156 {y}C-60 {y + 20} 60 {y + 20} 156 {y}", "#a62a1a", 7, ease(t, 1.8 + i * 0.3, 2.3 + i * 0.3))
        for i, y in enumerate((-70, -180))
    )
    packed = put(whole + straw, (400, 470 + 150 * sink), scale=1 - 0.1 * sink)
    back = shape("M180 300h440l-30 60h-380z", "#8a5f34", (INK, 4)) if t > 2.3 else ""
    up = 320 * (1 - ease(t, 2.2, 2.7))
    front = (
        put(
            shape("M170 380h460v260h-460z", "#c9965c", (INK, 4))
            + shape("M170 380l-60 60 20 26 60-54zM630 380l60 60-20 26-60-54z", "#dbb07a", (INK, 4)),
            (0, up),
        )
        if t > 2.2
        else ""
    )
    both = "".join(
        put(
            props.hand(8, 0.2, 50, SLEEVE),
            (400 + side * (176 + 24 * sin(t * 3) * (1 - sink)), 470 + 40 * sink - 60 * wrap),
            side * -34,
            (side * -1.1, 1.1),
        )
        for side in (-1, 1)
    )
    return camera(view + put(back, (0, up)) + packed + front + both, (400, 330), 1.0 + 0.02 * t) + dark_around(
        400, 280, 660, "#140c08", 0.5
    )


def taping(t: float) -> str:
    """Draw the tape that is pulled over the lid, once along and once across, and cut off."""
    first, second = ease(t, 0.3, 1.5), ease(t, 2.0, 3.0)
    view = table(-90) + glow(400, 160, 460, "#ffdf9a", 0.35)
    lid = (
        shape("M130 190h540l60 330H70z", "#d3a268", (INK, 4))
        + line("M102 352h596", INK, 4)
        + shape("M70 520h660v110H70z", "#b98648", (INK, 4))
    )
    x = between(96, 690, first)
    tape = shape(f"M{104} 332H{x:.0f}V372H{104}z", "#efe3c0", ("#c4b184", 2)) if first > 0 else ""
    y = between(190, 540, second)
    across = shape(f"M382 190h36V{y:.0f}h-36z", "#f2e8cc", ("#c4b184", 2)) if second > 0 else ""
    gun = (
        dot(0, -30, 46, INK)
        + dot(0, -30, 42, "#d8c48c")
        + dot(0, -30, 22, "#8a6a4a")
        + shape("M-20 10h60l30 40h-70z", "#a62a1a", (INK, 4))
        + put(props.hand(2, 1, 10, SLEEVE, 560), (70, 70), -40)
    )
    where = (x, 340) if t < 1.8 else (between(690, 400, ease(t, 1.7, 2.0)), between(340, y, ease(t, 1.8, 2.05)))
    flat = put(props.hand(9, 0, 50, SLEEVE), (150, 560), 18, (-1.1, 1.1))
    return camera(view + lid + tape + across + flat + put(gun, where, 8), (400, 340), 1.02) + dark_around(
        400, 280, 660, "#140c08", 0.45
    )


def stamping(t: float) -> str:
    """Draw the stamp that comes down on the sheet with the day."""
    down = ease(t, 0.7, 0.95) * (1 - ease(t, 1.3, 1.8))
    view = (
        shape("M-50-50h900v700h-900z", "#d3a268")
        + box(170, 120, 460, 380, "#fffaf0")
        + line("M170 120h460v380h-460z", INK, 4)
    )
    view += (
        letters.row("发货单", (400, 182), 44, INK, 20, 12)
        + line("M206 226h388M206 274h330M206 322h366", "#b9a484", 5)
        + put(letters.row("易碎", (278, 440), 48, "#a62a1a", 20, 4), (0, 0))
    )
    sealed = t > 0.93
    seal = put(
        f'<rect x="-76" y="-40" width="152" height="80" rx="8" fill="none" stroke="{stage.RED}" stroke-width="7"/>'
        + letters.row("明早发", (0, 17), 46, stage.RED, 30, 2),
        (490, 424),
        -8,
    )
    tool = (
        shape("M-60 20h120v34H-60z", "#a62a1a", (INK, 4))
        + shape("M-24 20C-20-30-34-60 0-70C34-60 20-30 24 20z", "#8a5a34", (INK, 4))
        + put(props.hand(2, 1, 20, SLEEVE, 560), (26, 10), -46, 1.1)
    )
    return camera(
        view + (seal if sealed else "") + put(tool, (500 + 40 * (1 - down), 370 - 170 * (1 - down))),
        (420, 330),
        1.06 + 0.02 * there_and_back(t, 0.9, 1.15),
    ) + dark_around(430, 300, 620, "#140c08", 0.45)


def piling(t: float) -> str:
    """Draw hours that go by: the clock's hands run, jars leave the shelf, cartons grow at the side."""
    share = min(t / 4.2, 1)
    view = workshop(t, 1, between(8.2, 11.6, share), 8 - int(share * 6.9), 1 + int(share * 7.9), 2 * sin(t))
    step = t * 1.4
    who = put(
        props.walker(step, COAT, "#8a3a52", basket=False, stick=False),
        (between(180, 360, 0.5 + 0.5 * sin(t * 1.5)), 600),
        scale=(1.06, 1.14),
    )
    return camera(view + who, (400, 310), 1.02 + 0.02 * t) + dark_around(360, 220, 760, "#140c08", 0.5)


def failing(t: float) -> str:
    """Draw the lamp that flickers and goes out: the window alone is left, and snow in it."""
    on = 1.0 if t < 0.5 or 0.62 < t < 0.8 or 0.86 < t < 1.0 else 0.0
    view = workshop(t, on, 11.62, 2, 8, 1.2 * sin(t))
    who = put(props.walker(0, COAT, "#8a3a52", basket=False, stick=False), (270, 600), scale=(1.06, 1.14))
    dark = (
        dark_around(360, 220, 760, "#140c08", 0.5)
        if on
        else tint("#070b18", 0.86) + put(glow(690, 150, 210, "#8fa8d8", 0.5), fade=1)
    )
    return camera(view + who, (400, 310), 1.1) + dark


def striking(t: float) -> str:
    """Draw a match in the dark, and a lantern that takes its light."""
    struck, lit = t > 0.5, ease(t, 1.7, 2.5)
    view = table(330) + wash("#a87c50", "#8a6440", y=-100, height=430) + table(330) + shelf(2, 210, 520)
    view += put(lantern(t, lit), (400, 470), scale=1.7)
    place = (between(640, 462, ease(t, 0.9, 1.7)), between(420, 372, ease(t, 0.9, 1.7)) + 300 * ease(t, 2.6, 3.3))
    fire = put(props.flame(t * 1.3, 0.8), (-44, -30)) + glow(-44, -50, 240, "#ffcf7a", 0.6) if struck else ""
    match = put(line("M0 0L-40-26", "#e0c28a", 7) + fire + put(props.pinching(SLEEVE), (0, 0), 10), place)
    x, y = (place[0] - 44, place[1] - 40) if lit < 0.5 else (400, 370)
    depth = 0.97 if not struck else 0.92 - 0.22 * lit
    return camera(view + match, (400, 330), 1.04) + dark_around(
        x, y, 300 + 300 * lit if struck else 60, "#06080f", depth
    )


def last_one(t: float) -> str:
    """Draw the last slip that is taken from its nail, and the last jar that is left on the shelf for it."""
    go = ease(t, 1.8, 3.2)
    view = (
        wash("#a87c50", "#8a6440", height=900, y=-200)
        + box(-100, 372, 1000, 22, "#6d4630")
        + line("M-100 372H900", INK, 4)
    )
    taken = ease(t, 0.7, 1.5)
    slip = (
        box(-60, 0, 120, 160, "#fffaf0")
        + line("M-42 32h84M-42 60h70M-42 88h80M-42 116h50", "#a08a6a", 5)
        + letters.row("壹", (34, 150), 40, "#a62a1a", 20)
    )
    view += put(slip, (190 + 150 * taken, 120 + 40 * taken), -8 + 8 * taken) + dot(190, 124, 7, INK)
    view += put(
        props.hand(8, 0.5, 50, SLEEVE), (230 + 150 * taken, 330 + 30 * taken + 250 * (1 - ease(t, 0, 0.7))), -6, 1.1
    )
    view += put(props.jar(), (620, 372), scale=0.8) + put(
        "".join(dot(560 - 170 * i, 374, 60, "#5b3a26", 0.1) for i in range(1, 3)), fade=0.5
    )
    reach = put(props.hand(10, 0.1, 52, SLEEVE), (560, 700 - 260 * ease(t, 2.8, 3.8)), 8, 1.2)
    flicker = 0.86 + 0.05 * sin(t * 11)
    return camera(
        view + glow(between(260, 560, go), 260, 380, "#ffcf7a", 0.4) + reach, (between(300, 520, go), 270), 1.24
    ) + dark_around(400, 300, 460, "#06080f", flicker)


def loading(t: float) -> str:
    """Draw the truck that has come: cartons go up one by one, from hand to hand."""
    day = ease(t, 0, 5)
    view = dawn(t, day) + put(truck(0), (470, 566), scale=1.12)
    for index in range(6):
        share = ease(t, 0.5 + index * 0.62, 1.2 + index * 0.62)
        goal = (226 + 92 * (index % 3), 352 - 62 * (index // 3))
        if share > 0:
            view += put(
                props.parcel(tone=("#c9965c", "#bd8a52")[index % 2]),
                hop((130, 560), goal, 60, share),
                8 * there_and_back(share, 0, 1),
                0.55,
            )
    view += put(truck(0), (470, 566), scale=1.12) if t < 0 else ""
    left = max(5 - int(t / 0.62), 0)
    view += "".join(put(props.parcel(), (60 + 84 * (i % 2), 590 - 66 * (i // 2)), scale=0.55) for i in range(left))
    view += put(
        props.walker(0.25 + 0.06 * sin(t * 5), COAT, "#8a3a52", basket=False, stick=False),
        (150 + 16 * sin(t * 5), 600),
        scale=(0.8, 0.9),
    )
    return (
        camera(view + glow(734, 446, 140, "#fff0b8", 0.8), (400, 320), 1.06)
        + props.snow(t, 40, 12)
        + tint("#1a2444", 0.4 * (1 - day))
    )


def leaving(t: float) -> str:
    """Draw the truck that goes down the mountain road into the morning."""
    view = dawn(t, 1) + glow(560, 330, 360, "#ffe2a8", 0.7)
    view += shape(
        "M-40 640C120 560 420 560 520 500C600 452 520 430 560 404L580 404C566 432 650 456 600 510C520 580 320 600 300 640z",
        "#f8f4ec",
        ("#b9c2d0", 3),
    )
    go = ease(t, 0, 5)
    x, y, size = between(300, 566, go), between(590, 416, go), between(0.62, 0.09, go)
    ruts = line("M40 640C200 566 440 566 540 504M150 640C280 590 470 590 566 512", "#c3cad6", 4)
    return camera(
        view + ruts + put(truck(t * 200), (x, y + 3 * sin(t * 15) * size), -4, size),
        (between(400, 480, go), between(330, 360, go)),
        1.03 + 0.1 * go,
    ) + props.snow(t, 26, 8)


def sent() -> str:
    """Draw a jar before the carton that it travels in."""
    return put(props.parcel(250, 220), (60, 0)) + put(props.jar(), (-50, 20), scale=0.62)


FILM = DrawnFilm(
    "the-night-before-the-courier",
    (
        *stage.opening(outside, "发货前夜", "THE NIGHT BEFORE THE COURIER", (4.4, 1.6), 230),
        DrawnShot(4.4, evening, 0.5),
        DrawnShot(4.2, wrapping),
        DrawnShot(3.6, taping),
        DrawnShot(2.2, stamping),
        DrawnShot(4.8, piling),
        DrawnShot(2.6, failing),
        DrawnShot(3.6, striking),
        DrawnShot(4.6, last_one),
        DrawnShot(5.4, loading, 0.8),
        DrawnShot(5, leaving, 0.5),
        stage.ending(lambda _: put(sent(), (206, 510), scale=1.0), "说哪天发就哪天发", ("#c5b6cf", "#d6cadd")),
    ),
    poster=37.2,
    score=score,
)
