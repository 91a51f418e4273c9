"""The workshop at night and what goes out of it: clock, shelf, lantern, truck, the yard in snow."""

from math import cos, radians, sin

from cunbo.film.drawn import props
from cunbo.film.drawn.forest import MID, ridge, wood
from cunbo.film.drawn.kitchen import table
from cunbo.film.drawn.svg import (
    INK,
    box,
    dot,
    glow,
    line,
    put,
    shape,
    spread,
    wash,
)

NIGHT = "#141d36"


def clock(hours: float) -> str:
    """Draw a wall clock about zero that shows so many hours past noon."""
    drawn = shape("M-66-66H66V110H-66z", "#6d4630", (INK, 4)) + dot(0, 0, 58, INK) + dot(0, 0, 54, "#fbf1dd")
    for hour in range(12):
        x, y = sin(radians(hour * 30)), -cos(radians(hour * 30))
        drawn += line(f"M{x * 44:.0f} {y * 44:.0f}L{x * 50:.0f} {y * 50:.0f}", INK, 5 if hour % 3 == 0 else 3)
    for angle, long, wide in ((hours * 30, 28, 7), (hours * 360, 42, 4)):
        drawn += line(f"M0 0L{sin(radians(angle)) * long:.1f} {-cos(radians(angle)) * long:.1f}", INK, wide)
    weight = 16 * sin(hours * 3600 / 4)
    return (
        drawn
        + dot(0, 0, 5, "#a62a1a")
        + box(-40, 70, 80, 32, "#3a261c")
        + line(f"M0 66L{weight:.0f} 88", "#e0b273", 4)
        + dot(weight, 90, 9, "#e0b273")
    )


def shelf(count: int, y: float, x: float = 60, size: float = 0.3) -> str:
    """Draw a board with so many jars on it."""
    jars = "".join(put(props.jar(), (x + index * 356 * size, y), scale=size) for index in range(count))
    return box(x - 64, y, 450, 18, "#8a5a34") + line(f"M{x - 64} {y}h450", INK, 4) + jars


def workshop(t: float, lit: float, hours: float, jars: int, cartons: int, swing: float = 0) -> str:
    """Draw the workshop at night: shelf, clock, lamp, window, table, cartons that wait at the side."""
    outside = box(-200, -200, 400, 400, NIGHT) + "".join(
        dot(-110 + 220 * spread(i), (-90 + 180 * spread(i, 0.7549) + t * 30) % 180 - 90, 2.6, "#eef4f2")
        for i in range(26)
    )
    view = (
        wash("#cfa97a", "#a87c50", height=480)
        + put(props.window(190, 160, outside, 0.6), (690, 150))
        + put(clock(hours), (526, 118), scale=0.82)
    )
    view += shelf(min(jars, 4), 250) + shelf(max(jars - 4, 0), 120) + table(452)
    for index in range(cartons):
        row, place = divmod(index, 3)
        view += put(
            props.parcel(tone=("#c9965c", "#bd8a52")[index % 2]),
            (500 + place * 124 - row * 8, 590 - row * 112),
            scale=0.82,
        )
    return view + put(props.bulb(lit, swing), (330, 20), scale=0.9)


def lantern(t: float, lit: float) -> str:
    """Draw a storm lantern, its foot at zero."""
    drawn = (
        line("M-40-40C-70-130 70-130 40-40", INK, 7)
        + shape("M-44 0h88v-26h-88z", "#8f3a2a", (INK, 4))
        + shape("M-30-26C-46-60-46-84-26-104H26C46-84 46-60 30-26z", "#f6ecd0" if lit > 0.2 else "#6a6456", (INK, 4))
    )
    drawn += (
        put(props.flame(t, 0.9), (0, -34), fade=max(lit, 0.001))
        + shape("M-28-104h56l-12-24h-32z", "#8f3a2a", (INK, 4))
        + line("M-36-64h72", "#5b3a26", 3)
    )
    return drawn + glow(0, -64, 300, "#ffcf7a", 0.7 * lit * (0.94 + 0.06 * sin(t * 11)))


def truck(turn: float) -> str:
    """Draw a small truck from its side, facing right, wheels at zero."""
    drawn = (
        box(-250, -74, 470, 26, "#2f3a38")
        + shape("M-260-200h300v130h-300z", "#5d7a58", (INK, 4))
        + "".join(line(f"M{x} -196V-76", "#48624a", 5) for x in range(-220, 30, 44))
    )
    drawn += (
        shape("M50-70v-150h90C170-216 186-170 196-140L236-128V-70z", "#4f6f86", (INK, 4))
        + shape("M76-200h58C156-196 162-166 168-142H76z", "#dbe8ea", (INK, 4))
        + line("M62-104h24", INK, 5)
    )
    for x in (-170, 150):
        wheel = dot(0, 0, 46, "#1d1a18") + dot(0, 0, 22, "#a8a294") + line("M0-18V18M-18 0H18", "#6a665c", 5)
        drawn += put(put(wheel, turn=turn), (x, -44))
    return drawn + dot(236, -104, 10, "#fff3c4")


def dawn(t: float, day: float) -> str:
    """Draw the yard at first light in snow."""
    view = (
        wash("#31406a", "#8a90a8", height=460)
        + put(wash("#90aac8", "#f8d2a8", height=460), fade=max(day, 0.001))
        + put(ridge(MID, "#6a7a92", "#f4e8e0"), (-20, 40))
    )
    return (
        view
        + put(wood(26, 430, 110, "#3a4c56"), (0, 0))
        + shape("M-100 430C200 416 500 440 900 424V700H-100z", "#e6eaf0", (INK, 3))
    )
