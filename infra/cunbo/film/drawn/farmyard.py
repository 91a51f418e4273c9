"""The yard before and after sunrise: the house, the cock, the loudspeaker on its pole, noodles on poles."""

from math import sin

from cunbo.film.drawn import props
from cunbo.film.drawn.svg import (
    INK,
    box,
    dot,
    glow,
    line,
    put,
    shape,
    spread,
    tint,
    wash,
)

STRAND, DEEP = "#f3c94f", "#c98d22"


def house(lit: float, smoke: float, t: float) -> str:
    """Draw the house, its foot at zero and 560 wide: a window that lights up, smoke once the fire burns."""
    drawn = shape("M-260 0h520v-170h-520z", "#d9c29a", (INK, 4)) + shape(
        "M-320-156L-226-286H226L320-156z", "#7a3826", (INK, 4)
    )
    drawn += "".join(line(f"M{x - 8} -282L{x * 1.36:.0f} -160", "#5e281b", 4) for x in range(-200, 201, 40))
    drawn += box(150, -350, 46, 96, "#6d4630") + line("M150-350h46v70M150-350v80", INK, 4)
    for x in (-170, 60):
        drawn += box(x, -120, 110, 80, INK) + box(x + 5, -115, 100, 70, "#3d4a58")
        drawn += put(box(x + 5, -115, 100, 70, "#ffd77a"), fade=lit if x < 0 else lit * 0.8)
        drawn += line(f"M{x + 55} -118v76M{x + 4} -80h102", INK, 4)
    drawn += shape("M-36 0v-116h70v116z", "#6d4630", (INK, 4)) + dot(24, -56, 4, "#e0b273")
    drawn += put(props.cobs(3), (-226, -120), scale=0.8) + put(props.chillies(5), (226, -124), scale=0.8)
    drawn += glow(-115, -70, 190, "#ffd77a", 0.55 * lit)
    return drawn + put(props.steam(t, 30, 230, 7, 0.55), (173, -346), fade=max(smoke, 0.001))


def cock(crow: float) -> str:
    """Draw a cock on a fence, feet at zero; it stretches its neck as far as `crow` says."""
    tail = "".join(
        line(
            f"M-34-46C-70 {-90 - 16 * i}-100 {-60 - 22 * i}-108 {-24 - 24 * i}",
            ("#1f3d3a", "#2f5579", "#35584a")[i % 3],
            13,
        )
        for i in range(4)
    )
    body = shape("M-44-50C-40-14 26-10 40-44C46-66 36-84 30-96C10-76-30-84-44-50z", "#a83a1e", (INK, 4))
    neck = put(
        shape("M-20 10C-16-30-8-50 4-56C22-60 30-46 26-30C22-10 26 0 26 14z", "#d98a32", (INK, 4)) + shape("M-6-54C-10-72 0-70 4-62C6-80 16-76 16-62C24-74 32-64 26-52z", "#c8321c", (INK, 3))
        + shape(f"M26-48l24 {-6 - 8 * crow:.0f}-10 10 10 {4 + 8 * crow:.0f}z", "#e6b34a", (INK, 3)) + dot(14, -44, 3.5, INK) + dot(26, -30, 8, "#c8321c", 1.3),
        (18, -78), -24 * crow, (1, 1 + 0.18 * crow),
    )  # fmt: skip
    return (
        tail
        + line("M-6-18V0M14-18V0M-14 2h14M6 2h16", "#c98d22", 6)
        + body
        + line("M-26-50C-10-30 10-32 24-48", "#7a2412", 5)
        + neck
    )


def village(t: float, day: float, lit: float, crow: float, smoke: float) -> str:
    """Draw the yard before sunrise, a loudspeaker on its pole, a cock on the fence."""
    view = wash("#16213d", "#4c5474", height=450) + put(wash("#8f9fb8", "#f6c79a", height=450), fade=max(day, 0.001))
    view += put(
        "".join(dot(800 * spread(i), 260 * spread(i, 0.7549), 1.2 + spread(i, 0.33), "#fdf0cf") for i in range(50)),
        fade=max(1 - day * 1.2, 0.001),
    )
    view += glow(140, 420, 420, "#ffc27a", 0.75 * day) + put(
        dot(646, 92, 24, "#fdf0cf") + dot(657, 86, 21, "#24304e"), fade=max(1 - day, 0.001)
    )
    view += shape(
        "M-100 400C40 300 150 330 260 370C360 290 470 300 560 360C660 300 760 310 900 380V700H-100z",
        "#46566a",
        (INK, 3),
    )
    view += shape("M-100 452C200 430 500 460 900 440V700H-100z", "#8a7a52", (INK, 3)) + put(
        house(lit, smoke, t), (470, 500), scale=0.92
    )
    pole = line("M0 0V-360", INK, 15) + line("M0 0V-360", "#8a6a48", 9)
    horn = (
        shape("M0-340L70-378V-302z", "#7c8378", (INK, 4))
        + shape("M-30-352h34v24h-34z", "#5b625a", (INK, 4))
        + dot(70, -340, 10, "#4a5048", 3.7)
    )
    rings = "".join(
        line(f"M{96 + 22 * i} {-376 - 9 * i}Q{116 + 24 * i} -340 {96 + 22 * i} {-304 + 9 * i}", "#fdf0cf", 4)
        for i in range(3)
    )
    view += put(pole + horn + put(rings, fade=0.6 * day * (0.5 + 0.5 * sin(t * 6))), (96, 520), scale=0.96)
    fence = (
        "".join(line(f"M{x} 470V600", INK, 22) + line(f"M{x} 470V600", "#7a5636", 16) for x in range(-20, 880, 76))
        + line("M-40 510H860M-40 566H860", INK, 16)
        + line("M-40 510H860M-40 566H860", "#8a6444", 10)
    )
    return view + fence + put(cock(crow), (284, 476), scale=0.92) + tint("#101a36", 0.4 * (1 - day))


def curtain(t: float, x: float, y: float, count: int, long: float, size: float = 1) -> str:
    """Draw noodles that hang over a pole and move in the wind, each a moment later than the one before."""
    drawn = ""
    for index in range(count):
        sway = 13 * sin(t * 1.7 - index * 0.22) * size
        left = x + index * 11 * size
        path = f"M{left:.1f} {y}C{left:.1f} {y + long * 0.4:.0f} {left + sway:.1f} {y + long * 0.7:.0f} {left + sway * 1.3:.1f} {y + long * (1 - 0.04 * spread(index)):.0f}"
        drawn += line(path, DEEP, 9 * size) + line(path, (STRAND, "#f9df85", "#e9b136")[index % 3], 6 * size)
    return drawn


def skein(x: float, y: float, turn: float = 0, size: float = 1) -> str:
    """Draw noodles as they are sold: dried, laid even, tied with red string."""
    drawn = shape("M-170-56C-190-20-190 20-170 56H170C190 20 190-20 170-56z", DEEP, (INK, 4))
    for index in range(13):
        bend = (index - 6) * 8.6
        drawn += line(
            f"M{-176 + 8 * spread(index):.0f} {bend:.0f}C-80 {bend * 0.8:.0f} 80 {bend * 0.8:.0f} {176 - 8 * spread(index + 5):.0f} {bend:.0f}",
            (STRAND, "#e6ab30", "#fbe7a0")[index % 3],
            6.5,
        )
    drawn += line("M-14-50C-22-20-22 20-14 50M12-50C4-20 4 20 12 50", "#a62a1a", 12)
    drawn += line(
        "M0-8C36-44 66-12 4-4C-60-12-36-48 0-8M0-4C18 14 12 30 32 44M0-4C-16 14-14 30-28 42", "#d8321c", 7
    ) + dot(0, -6, 9, "#7f1c10")
    return put(drawn, (x, y), turn, size)
