"""Noodles at dawn: a lamp is lit before the cock crows, corn flour is scalded, pressed and hung up.

The turn: the first dough was mixed cold, and its strands break; boiling water, and they hold.
"""

from math import sin

from cunbo.film.drawn import props, stage
from cunbo.film.drawn.farmyard import DEEP, STRAND, curtain, skein, village
from cunbo.film.drawn.kitchen import bowl, table
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
    line,
    put,
    shape,
    spread,
    there_and_back,
    tint,
    wash,
    within,
)
from cunbo.film.sound.scores import noodles as score

FLOUR, DOUGH = "#f0cf6a", "#e3b447"
SLEEVE = "#6b4a5c"


def before_dawn(t: float) -> str:
    """Draw the village asleep, a window that lights up, the cock that crows, a first light."""
    lit = 1.0 if t > 5.2 else 0.7 if 5.0 < t < 5.1 else 0.0
    return camera(
        village(t, 0.55 * ease(t, 4.6, 9), lit, there_and_back(t, 6.2, 8.2), ease(t, 6.4, 8.4)),
        (400, 310 - 8 * ease(t, 5, 9)),
        1.04 + 0.06 * ease(t, 4.6, 9),
    )


def fire(t: float) -> str:
    """Draw the mouth of the stove: a match, straw that catches, a hand that feeds stalks."""
    burn = ease(t, 0.9, 2.4)
    view = wash("#6a5a4a", "#4a3a30", height=900) + "".join(
        line(f"M{(row % 2) * 60 - 60 + 120 * i} {row * 60}v60", "#57483b", 4)
        + line(f"M-20 {row * 60}H820", "#57483b", 4)
        for row in range(13)
        for i in range(8)
    )
    mouth = "M250 520V300C250 190 550 190 550 300V520z"
    inside = box(200, 150, 420, 400, "#1a1210") + glow(400, 470, 260, "#ff9a3a", 0.9 * burn)
    stalks = "".join(
        line(f"M{300 + 22 * i} 512L{330 + 18 * i + 20 * sin(i)} {440 - 6 * (i % 3)}", ("#c9a050", "#a87a38")[i % 2], 11)
        for i in range(10)
    )
    flames = (
        "".join(
            put(props.flame(t + i * 1.7, 1.5 + 1.6 * spread(i, 0.33)), (318 + 24 * i, 508), fade=burn) for i in range(8)
        )
        if burn > 0
        else ""
    )
    view += shape(mouth, INK, ("#8a7a66", 26)) + within(mouth, inside + stalks + flames)
    matched = t < 1.8
    place = (560 - 130 * ease(t, 0, 0.9), 560 - 84 * ease(t, 0, 0.9) + 220 * ease(t, 1.4, 1.9))
    match = (
        put(
            line("M0 0L-40-26", "#e0c28a", 7)
            + put(props.flame(t, 0.7), (-40, -28))
            + put(props.pinching(SLEEVE), (0, 0), 10),
            place,
        )
        if matched
        else ""
    )
    feed = there_and_back(t, 2.0, 3.6)
    more = (
        put(
            "".join(line(f"M-120 {-8 + 8 * i}H60", "#c9a050", 9) for i in range(4))
            + put(props.hand(3, 1, 10, SLEEVE), (70, 20), -80),
            (760 - 250 * feed, 500),
        )
        if t > 1.9
        else ""
    )
    return camera(view + match + more, (400, 360), 1.04 + 0.03 * t) + dark_around(
        400, 470, 560, "#120a08", 0.8 - 0.3 * burn + 0.04 * sin(t * 13)
    )


def press(t: float, down: float, broken: bool) -> str:
    """Draw the press from the front: a beam that goes down, a box with holes, strands that come out below."""
    frame = (
        "".join(line(f"M{x} 30V470", INK, 40) + line(f"M{x} 30V470", "#8a5a34", 32) for x in (230, 570))
        + line("M206 250H594", INK, 60)
        + line("M206 250H594", "#9b6a3c", 50)
    )
    barrel = (
        box(318, 150, 164, 140, INK)
        + box(323, 155, 154, 130, "#7a4d2b")
        + line("M323 186h154M323 262h154", "#5b3a26", 6)
    )
    plunger = box(350, 40 + 96 * down, 100, 120, INK) + box(355, 45 + 96 * down, 90, 110, "#b07c48")
    beam = put(line("M-330 0H330", INK, 40) + line("M-330 0H330", "#c08a4e", 30), (400, 44 + 96 * down), -3 + 3 * down)
    strands = ""
    for index in range(11):
        x, long = 334 + index * 13.2, 262 * down * (1 - 0.05 * spread(index))
        if broken:
            rest = 18 + 26 * spread(index + 3)
            fallen = (t * 300 + 90 * spread(index)) % 250
            strands += line(f"M{x:.0f} 292v{min(rest, long + 2):.0f}", STRAND, 8)
            if down > 0.15:
                strands += put(
                    line(f"M0 0v{14 + 20 * spread(index, 0.33):.0f}", STRAND, 8),
                    (x + 3 * sin(index), 330 + fallen),
                    30 * sin(index + fallen * 0.02),
                )
        elif long > 2:
            sway = 5 * sin(t * 2 + index * 0.5)
            strands += line(
                f"M{x:.0f} 292Q{x:.0f} {292 + long / 2:.0f} {x + sway:.0f} {292 + long:.0f}", DEEP, 10
            ) + line(f"M{x:.0f} 292Q{x:.0f} {292 + long / 2:.0f} {x + sway:.0f} {292 + long:.0f}", STRAND, 7)
    return strands + plunger + barrel + frame + beam


def room(t: float, warm: float = 1) -> str:
    """Draw the workshop's wall before day: a lamp, a window with blue outside, cobs."""
    view = wash("#d8b884", "#b98d58", height=520) + put(
        props.window(
            190, 160, box(-200, -200, 400, 400, "#3d5078") + dot(-50, -40, 3, "#fdf0cf") + dot(40, -56, 2, "#fdf0cf")
        ),
        (680, 150),
    )
    view += (
        put(props.cobs(4), (70, 60), 1.5 * sin(t))
        + put(props.cobs(3), (140, 60), -1.5 * sin(t * 1.2))
        + box(20, 44, 180, 12, "#6d4630")
    )
    return view + table(470) + glow(400, 90, 430, "#ffdf9a", 0.4 * warm)


def failing(t: float) -> str:
    """Draw the press going down on dough that was mixed cold: the strands break and fall as crumbs."""
    down = ease(t, 0.6, 2.4)
    crumbs = "".join(
        line(f"M{330 + 150 * spread(i):.0f} {486 + 30 * spread(i, 0.7549):.0f}l{10 * sin(i):.0f} {8}", STRAND, 8)
        for i in range(int(34 * ease(t, 1, 3)))
    )
    hands_ = "".join(
        put(props.hand(3, 1, 10, SLEEVE, 500), (400 + side * 240, 44 + 96 * down), 180 - side * 8, (side, 1))
        for side in (-1, 1)
    )
    return camera(
        room(t) + press(t, down, True) + crumbs + hands_,
        (400, 310 + 60 * ease(t, 1.6, 3)),
        1.02 + 0.22 * ease(t, 1.6, 3),
    ) + dark_around(400, 300, 640, "#20140c", 0.5)


def scalding(t: float) -> str:
    """Draw boiling water that is poured into the yellow flour, steam all over, chopsticks that stir."""
    view = table(-90) + bowl(400, 350, FLOUR, 2.6)
    wet = ease(t, 0.9, 2.8)
    heap = dot(400, 306, 230, DOUGH, 0.26 * wet + 0.01) + "".join(
        dot(
            230 + 340 * spread(i),
            300 + 44 * (spread(i, 0.7549) - 0.5),
            12 + 10 * spread(i, 0.33),
            (FLOUR, DOUGH)[i % 2],
            0.7,
        )
        for i in range(30)
    )
    lean = ease(t, 0, 0.7) * (1 - ease(t, 2.9, 3.4))
    kettle = (
        shape("M-90 0C-110-60-90-110-50-120H50C90-110 110-60 90 0C60 16-60 16-90 0z", "#8f9a96", (INK, 4))
        + shape("M-88-56C-130-66-150-100-168-118L-150-128C-126-106-110-92-84-88z", "#8f9a96", (INK, 4))
        + line("M-40-118C-60-190 60-190 40-118", INK, 15)
        + line("M-40-118C-60-190 60-190 40-118", "#5b4a3c", 9)
        + dot(0, -126, 12, INK)
    )
    kettle += put(props.hand(2, 1, 10, SLEEVE, 500), (0, -150), 170, 1)
    view += heap + (line(f"M440 {150}C436 200 432 250 430 300", "#dcecec", 15) if 0.6 < t < 3.0 else "")
    view += put(kettle, (590, 190), -32 * lean)
    stir = 60 * sin(t * 6)
    sticks = (
        put(
            line("M0 0L-150-330M20 4L-120-330", INK, 15) + line("M0 0L-150-330M20 4L-120-330", "#a87a48", 10),
            (370 + stir, 316 + 12 * sin(t * 12)),
        )
        if t > 1.6
        else ""
    )
    return camera(
        view + sticks + put(props.steam(t, 420, 330, 12, 0.3 + 0.5 * wet), (400, 300)), (400, 310), 1.02 + 0.03 * t
    ) + dark_around(400, 280, 680, "#20140c", 0.4)


def kneading(t: float) -> str:
    """Draw two hands that knead the dough: push, fold, turn."""
    push = 0.5 + 0.5 * sin(t * 5.2)
    view = (
        table(-90)
        + "".join(dot(800 * spread(i), 120 + 460 * spread(i, 0.7549), 3, "#f6e3a8") for i in range(60))
        + dot(400, 340, 260, "#f6e3a840", 0.5)
    )
    long = 190 - 40 * push
    lump = f"M{400 - 200 - 16 * push:.0f} 360C{190 - 10 * push:.0f} {360 - long:.0f} {610 + 10 * push:.0f} {360 - long:.0f} {600 + 16 * push:.0f} 360C600 440 200 440 {400 - 200 - 16 * push:.0f} 360z"
    view += shape(lump, DOUGH, (INK, 4)) + line(
        f"M300 {300 - 20 * push:.0f}C340 {330:.0f} 460 {330:.0f} 500 {300 - 20 * push:.0f}M330 390C370 402 430 402 470 390",
        DEEP,
        6,
    )
    both = "".join(
        put(props.hand(8, 0.25, 44, SLEEVE), (400 + side * 96, 470 - 96 * push), side * -12, (side * -1.18, 1.18))
        for side in (-1, 1)
    )
    return camera(view + both + put(props.steam(t, 300, 240, 6, 0.35), (400, 280)), (400, 330), 1.02) + dark_around(
        400, 300, 680, "#20140c", 0.35
    )


def holding(t: float) -> str:
    """Draw the press going down again: this time a whole curtain of strands comes, and a hand takes it."""
    down = ease(t, 0.5, 3.0)
    hands_ = "".join(
        put(props.hand(3, 1, 10, SLEEVE, 500), (400 + side * 240, 44 + 96 * down), 180 - side * 8, (side, 1))
        for side in (-1, 1)
    )
    take = put(props.hand(10, 0.1, 46, SLEEVE), (520, 600 + 240 * (1 - ease(t, 2.6, 3.6))), -22, 1.1)
    view = room(t) + press(t, down, False) + hands_ + take
    return (
        camera(view, (400, 310 + 50 * ease(t, 1, 3)), 1.02 + 0.18 * ease(t, 1, 3))
        + put(props.steam(t, 200, 260, 5, 0.4), (400, 420))
        + dark_around(400, 330, 700, "#20140c", 0.34)
    )


def hanging(t: float) -> str:
    """Draw the yard at sunrise: poles full of noodles, the sun that comes up between them, the wind."""
    day = ease(t, 0, 6)
    view = (
        wash("#8fb2c8", "#fbe3b0", height=470)
        + glow(400, between(460, 210, day), 420, "#fff0b0", 0.85)
        + dot(400, between(430, 190, day), 46, "#f9b04e")
    )
    view += shape(
        "M-100 400C40 330 150 350 260 380C360 320 470 330 560 380C660 330 760 340 900 390V700H-100z",
        "#7d9284",
        (INK, 3),
    ) + shape("M-100 450C200 430 500 462 900 440V700H-100z", "#c2a866", (INK, 3))
    rows = (
        (330, 0.34, 0.5, ((-60, 250),)),
        (262, 0.6, 1.0, ((-120, 46), (590, 60))),
        (120, 1.3, 2.0, ((-150, 21), (640, 24))),
    )
    for row, (y, size, shift, stretches) in enumerate(rows):
        for left, count in stretches:
            x, wide = left - (t - 3.5) * 8 * shift * (1 if left < 300 else -0.4), count * 11 * size
            pole = f"M{x - 60:.0f} {y}H{x + wide + 50:.0f}"
            view += (
                line(pole, INK, 16 * size)
                + curtain(t + row, x, y, count, 300 * size + 30, size)
                + line(pole, "#c9a463", 10 * size)
            )
    return camera(view, (400, 300), 1.03 + 0.05 * day) + tint("#3a3050", 0.26 * (1 - day))


def breakfast(t: float) -> str:
    """Draw a bowl of noodles at the window in the morning sun, chopsticks that lift them, steam."""
    view = (
        wash("#f0d8a8", "#e2bf88", height=430)
        + put(
            props.window(
                360,
                250,
                wash("#a9cfdc", "#fbe9c4", -200, 400)
                + dot(-60, -20, 34, "#f9b04e")
                + put(curtain(t, -190, -40, 60, 130, 0.6)),
            ),
            (400, 170),
        )
        + table(410)
    )
    lift = 56 * there_and_back(t, 0.6, 4.6)
    strands = "".join(
        line(
            f"M{366 + 9 * i} {260 - lift:.0f}C{360 + 10 * i} {300} {352 + 12 * i} {330} {330 + 17 * i} 368",
            (STRAND, "#f9df85", "#e9b136")[i % 3],
            8,
        )
        for i in range(9)
    )
    noodles = (
        dot(400, 366, 206, INK, 0.3)
        + dot(400, 365, 200, "#e9c46a", 0.29)
        + "".join(
            line(
                f"M{230 + 30 * i} {360 + 16 * sin(i * 2)}q30 {-20 + 8 * (i % 3)} 64 6",
                (STRAND, "#f9df85", "#e9b136")[i % 3],
                9,
            )
            for i in range(10)
        )
    )
    noodles += put(
        shape("M-44 0C-40-34 40-34 44 0C40 24-40 24-44 0z", "#fffaf0", (INK, 3)) + dot(0, -4, 20, "#e88a2e", 0.8),
        (510, 356),
    ) + "".join(dot(290 + 26 * i, 380 + 8 * sin(i * 3), 7, "#7f9a45", 0.7) for i in range(6))
    front = shape(
        "M190 360C200 480 280 540 400 540S600 480 610 360C560 420 240 420 190 360z", "#fdf6e6", (INK, 4)
    ) + shape("M190 360C240 420 560 420 610 360L606 388C550 446 250 446 194 388z", "#2f5579", (INK, 3))
    sticks = put(
        line("M348 268L742 150M352 250L736 108", INK, 16) + line("M348 268L742 150M352 250L736 108", "#8a5430", 11),
        (0, -lift),
    )
    return camera(
        view + noodles + strands + front + sticks + put(props.steam(t, 260, 260, 8, 0.5), (330, 330)),
        (400, 320),
        1.02 + 0.05 * ease(t, 0, 5),
    ) + glow(200, 60, 460, "#fff0b8", 0.3)


def packet() -> str:
    """Draw what leaves the village: three tied skeins, one upon two."""
    return skein(-4, -60, -2, 0.92) + skein(6, 40, 2, 0.96) + skein(0, -152, 3, 0.86)


FILM = DrawnFilm(
    "noodles-at-dawn",
    (
        *stage.opening(before_dawn, "天亮前的面", "NOODLES AT DAWN", (4.4, 4.4), 220),
        DrawnShot(4.2, fire, 0.5),
        DrawnShot(4.2, failing),
        DrawnShot(4.4, scalding),
        DrawnShot(3.6, kneading),
        DrawnShot(4.6, holding),
        DrawnShot(7.4, hanging, 0.7),
        DrawnShot(5.2, breakfast, 0.6),
        stage.ending(lambda _: put(packet(), (240, 470), scale=1.1), "这一包，哪天发", ("#c9d8d4", "#dbe6e0")),
    ),
    poster=36.6,
    score=score,
)
