"""What more than one film shows: hands and sleeves, somebody from behind, the jar, a lamp, steam, snow, parcels.

Nobody is drawn as a real person: hands and backs in simple shapes. Each piece stands on its own zero, so that `put`
takes it anywhere.
"""

from math import cos, pi, radians, sin

from cunbo.film.drawn import letters
from cunbo.film.drawn.svg import (
    INK,
    box,
    dot,
    glow,
    haze,
    line,
    put,
    shape,
    spread,
    tapered,
    through,
    whorl,
    within,
)

SKIN, SHADE = "#e3a878", "#b9784c"
BLUE, PADDED, GREY = "#35587c", "#2b4763", "#6c6f6a"
GLASS = "M-114-284C-146-264-156-234-156-200V-58C-156-20-136 0-98 0H98C136 0 156-20 156-58V-200C156-234 146-264 114-284z"
INSIDE = (
    "M-138-210C-138-232-132-244-120-256H120C132-244 138-232 138-210V-62C138-32 124-16 94-16H-94C-124-16-138-32-138-62z"
)


# Hands


def hand(spread_by: float = 12, curl: float = 0, thumb: float = 50, sleeve: str = BLUE, long: float = 460) -> str:
    """Draw a hand from above, wrist at zero, fingers upwards, and the sleeve that comes out of the picture's edge.

    `spread_by` is degrees between fingers, `curl` from 0 (stretched) to 1 (a fist), `thumb` its degrees from the hand.
    """
    bones = []
    for index, (x, reach) in enumerate(((-27, 62), (-9, 76), (10, 72), (27, 54))):
        lean = radians((index - 1.5) * spread_by)
        middle = (x + sin(lean) * reach * 0.52, -62 - cos(lean) * reach * 0.52 * (1 - 0.35 * curl))
        bend = lean * (1 - curl)
        tip = (
            middle[0] + sin(bend) * reach * 0.5,
            middle[1] - cos(bend) * reach * 0.52 * (1 - 1.75 * curl),
        )
        bones.append((f"M{x} -54L{middle[0]:.1f} {middle[1]:.1f}L{tip[0]:.1f} {tip[1]:.1f}", 20.0 - (index == 3) * 3))
    lean = radians(-thumb)
    bones.append(
        (
            f"M-30 -22L{-30 + 34 * sin(lean):.1f} {-26 - 30 * cos(lean):.1f}L{-30 + 60 * sin(lean * 0.7):.1f} "
            f"{-26 - 58 * cos(lean * 0.7):.1f}",
            20.0,
        )
    )
    palm = "M-30 14C-40-14-42-44-34-64C-20-74 22-74 34-64C42-44 38-14 28 14z"
    outline = "".join(line(path, INK, width + 6) for path, width in bones) + shape(palm, INK, (INK, 6))
    flesh = shape(palm, SKIN) + "".join(line(path, SKIN, width) for path, width in bones)
    lines = line("M-12-58C-13-48-14-40-16-32M8-58C8-48 8-42 7-34M26-52C27-44 27-38 25-30", SHADE, 3)
    cloth = f"M-50 {long}L-44 24C-40 6 36 4 42 22L58 {long}z"
    folds = line(
        f"M-36 60C-16 74 10 72 30 60M-40 120C-20 132-6 130 6 124M44 170C30 184 16 186 4 182M-6 30V{long}", INK, 3
    )
    return outline + flesh + lines + shape(cloth, sleeve, (INK, 4)) + put(folds, fade=0.35)


def pinching(sleeve: str = BLUE, long: float = 460) -> str:
    """Draw a hand that holds something thin: thumb and first finger meet at zero, the rest is below."""
    other = line("M30 52C16 40 8 34-2 42M38 66C24 58 14 56 4 62M44 82C32 76 22 76 14 80", INK, 25)
    other += line("M30 52C16 40 8 34-2 42M38 66C24 58 14 56 4 62M44 82C32 76 22 76 14 80", SKIN, 19)
    palm = "M6 64C8 36 30 24 54 40C80 56 92 84 88 120L40 132C22 116 6 96 6 64z"
    first, thumb = "M50 44C36 14 20-2 4 0", "M20 98C2 84-12 58-6 16C-4 8-2 2 0 2"
    drawn = line(first, INK, 26) + shape(palm, INK, (INK, 6)) + line(first, SKIN, 20) + shape(palm, SKIN) + other
    drawn += line(thumb, INK, 26) + line(thumb, SKIN, 20) + line("M20 98L34 110", SKIN, 26)
    cloth = f"M30 136C40 118 84 104 98 114L{150 + long * 0.3:.0f} {long}H{20 + long * 0.3:.0f}z"
    return drawn + shape(cloth, sleeve, (INK, 4)) + put(line("M44 150C60 160 84 152 104 138", INK, 3), fade=0.4)


# Somebody, from behind


def walker(step: float, coat: str = PADDED, scarf: str = "#a83a2a", basket: bool = True, stick: bool = True) -> str:
    """Draw somebody from behind, feet at zero and 300 high, at a moment of a step from 0 to 1."""
    swing = sin(step * 2 * pi)
    lift = abs(cos(step * 2 * pi)) * 5
    legs = ""
    for side in (-1, 1):
        up = max(side * swing, 0) * 20
        legs += line(f"M{side * 20} -120C{side * 22} -80 {side * 24} -50 {side * 22} {-18 - up:.0f}", "#33404a", 36)
        legs += shape(f"M{side * 22 - 20} {-20 - up:.0f}h40l4 18h-48z", "#2a2522")
    body = "M-56-236C-40-252 40-252 56-236C70-190 74-150 68-104C40-92-40-92-68-104C-74-150-70-190-56-236z"
    drawn = shape(body, coat, (INK, 4)) + put(
        line("M-64-160C-20-150 20-150 64-160M-66-126C-20-116 20-116 66-126", INK, 3), fade=0.4
    )
    arms = ""
    for side in (-1, 1):
        bend = side * swing * 8
        arm = tapered(
            [(side * 52, -228), (side * 76, -180 + bend), (side * 78, -132 + bend), (side * 72, -112 + bend)],
            [40, 36, 30, 26],
        )
        arms += dot(side * 71, -106 + bend, 13, SKIN) + shape(arm, coat, (INK, 4))
    head = dot(0, -274, 34, INK) + dot(0, -274, 31, scarf) + shape("M-26-262C-10-248 10-248 26-262L34-236H-34z", scarf)
    head += shape("M-7-254l-16 30h12l8-22 8 22h12l-14-30z", "#8c2c20")
    held = ""
    if stick:
        held = line(f"M{88 + swing * 6:.0f} -240L{96 - swing * 14:.0f} 0", "#6d4630", 7)
    worn = ""
    if basket:
        pack = "M-44-214H44L54-122C30-112-30-112-54-122z"
        weave = "".join(line(f"M-50 {y}C-20 {y + 8} 20 {y + 8} 50 {y}", "#8a5a34", 3) for y in range(-200, -118, 15))
        weave += "".join(line(f"M{x} -214L{x * 1.2:.0f} -116", "#9b6a3c", 3) for x in range(-36, 37, 12))
        worn = shape(pack, "#c08a4e", (INK, 4)) + within(pack, weave) + line("M-46-214H46", "#7a4d2b", 9)
    return legs + put(arms + drawn + worn + head, (0, -lift)) + held


# The jar


def jar(fill: float = 1, cloth: float = 1, label: float = 1, bubbles: float = -1) -> str:
    """Draw the jar, its foot at zero and 380 high: as full as `fill` says, cloth cap, cord and label from 0 to 1.

    With `bubbles` (seconds) small ones rise in it.
    """
    top = -16 - 232 * fill
    wave = f"M-150 {top + 8:.0f}C-90 {top - 12:.0f}-40 {top + 18:.0f} 10 {top:.0f}S110 {top - 8:.0f} 150 {top + 8:.0f}V0H-150z"
    leaves = shape(wave, "#c63d22")
    for index in range(5):
        low, bend = -40 - index * 48, 14 if index % 2 else -14
        pale = f"M-150 {low}C-90 {low - 30 + bend} -40 {low - 26 + bend} 0 {low}S100 {low + 22 + bend} 150 {low - 8}V{low + 26}"
        pale += f"C90 {low + 46 + bend} 40 {low + 40} 0 {low + 26}S-100 {low + 8 + bend} -150 {low + 26}z"
        leaves += shape(pale, ("#f2d49c", "#f4dfae", "#f6e4b8")[index % 3])
        leaves += line(
            f"M-140 {low + 16}C-90 {low - 8 + bend} -40 {low - 6 + bend} 0 {low + 15}S100 {low + 36 + bend} 140 {low + 10}",
            "#d8743a",
            8,
        )
    for index in range(26):
        x, y = 250 * spread(index + 3) - 125, -24 - 214 * spread(index + 7, 0.7549)
        leaves += dot(x, y, 4 + 2 * spread(index, 0.41), "#8c1d10" if index % 3 else "#7f9a45")
    if fill < 1:
        leaves = within(wave, leaves)
    rising = ""
    if bubbles >= 0:
        for index in range(22):
            share = (bubbles * (0.16 + 0.12 * spread(index, 0.33)) + spread(index + 2)) % 1
            x = 230 * spread(index + 5, 0.7549) - 115 + 5 * sin(share * 9 + index)
            rising += dot(x, -26 - 216 * share, 2.5 + 3.5 * spread(index, 0.2), "#fdf0cf")
    drawn = shape(GLASS, "#f6ecd6", (INK, 4)) + within(
        INSIDE, shape(INSIDE, "#ead8b4") + leaves + put(rising, fade=0.8)
    )
    drawn += line("M-118-206C-118-222-114-234-106-242M-119-174V-82", "#fffaf0", 11) + line("M122-190V-70", "#fffaf0", 5)
    if label > 0:
        drawn += put(paper_label(), (0, -116), fade=label)
    rim = shape("M-110-288h220v28h-220z", "#e7d2a8", (INK, 4))
    if cloth > 0:
        rim += put(cloth_cap(), (0, -330 * (1 - cloth)), fade=min(cloth * 3, 1))
    return drawn + rim


def cloth_cap() -> str:
    """Draw the blue cloth over the mouth, with its red cord, where the jar wears it."""
    cloth = "M-128-274C-148-256-162-260-174-250C-164-284-148-312-114-334C-84-354-42-362 0-362S84-354 114-334"
    cloth += "C148-312 164-284 174-250C162-260 148-256 128-274C106-260 88-272 68-268C44-262 24-258 0-258S-44-262-68-268C-88-272-106-260-128-274z"
    spots = "".join(
        dot(x, y, 7, "#f6ead2", 0.85)
        for x, y in (
            (-70, -324),
            (0, -338),
            (70, -324),
            (-110, -296),
            (110, -296),
            (-36, -306),
            (36, -306),
            (-142, -268),
            (142, -268),
        )
    )
    cord = line("M-116-286C-80-274-40-270 0-270S80-274 116-286", "#a62a1a", 9) + line(
        "M52-274l26 44M52-274l4 50", "#a62a1a", 7
    )
    return shape(cloth, "#2f5579", (INK, 4)) + spots + cord + dot(52, -275, 10, "#7f1c10")


def paper_label() -> str:
    """Draw the label: a red rim, and a cabbage's leaf within."""
    leaf = "M0 34C-24 34-34 18-32-2C-30-20-18-32 0-34C18-32 30-20 32-2C34 18 24 34 0 34z"
    drawn = (
        box(-50, -54, 100, 108, "#fbf1dd")
        + '<rect x="-45" y="-49" width="90" height="98" fill="none" stroke="#a62a1a" stroke-width="4"/>'
    )
    drawn += shape(leaf, "#a9bf63") + shape(
        "M0 34C-12 26-16 12-14-2C-12-14-8-22 0-28C8-22 12-14 14-2C16 12 12 26 0 34z", "#f4edc8"
    )
    return drawn + line("M0-22V30M0 2l-8-8M0 2l8-8M0 18l-10-9M0 18l10-9", "#8fa651", 3)


# Air and light


def steam(t: float, wide: float, high: float, count: int = 7, strength: float = 0.5) -> str:
    """Draw steam that rises from zero: soft lumps that grow and thin out."""
    lumps = ""
    for index in range(count):
        share = (t * 0.22 + index / count + spread(index, 0.31)) % 1
        x = wide * (spread(index + 1, 0.7549) - 0.5) + 26 * sin(t * 0.9 + index * 2 + share * 3)
        lumps += haze(x, -high * share, 26 + 60 * share, 26 + 60 * share, strength * share * (1 - share) * 4)
    return lumps


def snow(t: float, count: int = 70, wind: float = 26, size: float = 1) -> str:
    """Draw snow that falls over the whole stage."""
    flakes = ""
    for index in range(count):
        near = 0.4 + spread(index, 0.4142)
        y = (spread(index + 1) * 640 + t * 66 * near) % 640 - 20
        x = (spread(index + 4, 0.7549) * 860 + t * wind * near + 14 * sin(t * 0.8 + index)) % 860 - 30
        flakes += dot(x, y, 3.4 * near * size, "#fdf8ec")
    return flakes


def bulb(lit: float = 1, swing: float = 0) -> str:
    """Draw a lamp that hangs from zero on its wire, 150 below, as bright as `lit`."""
    drawn = line("M0-200V92", INK, 4) + shape(
        "M-62 128C-50 100-26 92-12 90H12C26 92 50 100 62 128z", "#35584a", (INK, 4)
    )
    drawn += dot(0, 136, 19, "#fff3c4" if lit > 0.3 else "#8d7f66") + glow(0, 138, 190, "#ffdf8a", 0.75 * lit)
    return put(drawn, turn=swing)


def flame(t: float, size: float = 1) -> str:
    """Draw a small flame, its foot at zero."""
    lean = 4 * sin(t * 7.3) + 3 * sin(t * 11.9)
    outer = f"M-11 0C-16-18-6-30 {lean:.1f} {-50 + 3 * sin(t * 9):.1f}C8-30 16-18 11 0C6 6-6 6-11 0z"
    return put(shape(outer, "#f6a436") + shape("M-5-2C-8-12-2-20 1-28C4-20 8-12 5-2z", "#fff3c4"), scale=size)


def parcel(wide: float = 150, high: float = 118, taped: float = 1, tone: str = "#c9965c") -> str:
    """Draw a carton, its foot at zero: a front, its tape as far as `taped`, and the sheet with an address on it."""
    half = wide / 2
    lid = f"M{-half} {-high}L{-half + 20} {-high - 26}H{half + 20}L{half} {-high}z"
    side = f"M{half} {-high}l20-26v{high - 4}l-20 30z"
    drawn = (
        shape(f"M{-half} 0V{-high}H{half}V0z", tone, (INK, 4))
        + shape(lid, "#dbb07a", (INK, 4))
        + shape(side, "#a87640", (INK, 4))
    )
    if taped > 0:
        drawn += shape(f"M{-10} {-high - 26}h20l-10 26v{34 * taped:.0f}h-20v{-34 * taped:.0f}z", "#efe0b8")
    sheet = box(-half + 14, -high + 44, 52, 40, "#fffaf0") + line(
        f"M{-half + 20} {-high + 56}h36M{-half + 20} {-high + 66}h28M{-half + 20} {-high + 76}h32", "#8a7a66", 3
    )
    mark = line(f"M{half - 38} {-high + 86}v-30m-9 9 9-9 9 9M{half - 50} {-high + 92}h24", "#7a3d22", 4)
    return drawn + sheet + mark


def window(wide: float, high: float, outside: str, frost: float = 0) -> str:
    """Draw a window of four panes, middle at zero, with what is to be seen through it."""
    x, y = wide / 2, high / 2
    pane = f"M{-x} {-y}h{wide}v{high}h{-wide}z"
    ice = ""
    if frost:
        for index in range(30):
            edge, along = index % 4, spread(index + 2)
            px = (along * 2 - 1) * x if edge % 2 else (x if edge else -x)
            py = (along * 2 - 1) * y if edge % 2 == 0 else (y if edge == 1 else -y)
            arms = "".join(
                f"M0 0L{cos(radians(60 * a + 20 * index)) * 34:.0f} {sin(radians(60 * a + 20 * index)) * 34:.0f}"
                for a in range(6)
            )
            ice += put(line(arms, "#eef4f2", 2.5), (px, py), scale=0.6 + spread(index, 0.33))
    frame = line(f"{pane}M0 {-y}v{high}M{-x} 0h{wide}", INK, 19) + line(
        f"{pane}M0 {-y}v{high}M{-x} 0h{wide}", "#7c8f6a", 14
    )
    return within(pane, outside + put(ice, fade=frost * 0.8)) + frame + box(-x - 20, y, wide + 40, 16, "#6d4630")


def chillies(count: int = 7) -> str:
    """Draw a string of chillies that hangs from zero."""
    drawn = line(f"M0-40V{count * 24}", "#6d4630", 4)
    for index in range(count):
        side = 1 if index % 2 else -1
        pod = "M0 0C10 2 18 14 18 34C18 48 12 58 8 64C6 50-6 30-6 12C-6 4-4 0 0 0z"
        drawn += put(shape(pod, ("#b3271a", "#c8331d")[index % 2], (INK, 2)), (side * 4, index * 24), side * -24)
    return drawn


def cobs(count: int = 4) -> str:
    """Draw corn cobs on a string that hangs from zero."""
    drawn = line(f"M0-40V{count * 44}", "#6d4630", 4)
    for index in range(count):
        side = 1 if index % 2 else -1
        cob = shape("M0 0C-19 5-24 36-12 64C-6 74 6 74 12 64C24 36 19 5 0 0z", "#d58f22", (INK, 2))
        cob += "".join(line(f"M{x} {12 + abs(x)}V{58 - abs(x)}", "#f4c64a", 8) for x in (-10, 0, 10))
        cob += line("M0 2L-14-9M0 2L13-10", "#8fa651", 8)
        drawn += put(cob, (side * 15, index * 42), side * 7)
    return drawn


def tear_off(day: str, month: str, torn: float = 0) -> str:
    """Draw a calendar that loses a leaf a day, hung from zero; its first leaf falls as far as `torn`."""
    back = box(-54, 6, 116, 150, "#7a3d22") + box(-58, 0, 116, 150, "#fffaf0") + box(-58, 0, 116, 30, "#a62a1a")
    back += letters.row(month, (0, 24), 22, "#fdf0cf", 12) + letters.row(day, (0, 118), 74, "#3a261c", 40)
    if 0 < torn < 1:
        leaf = through(
            [(-58, 30), (0, 34), (58, 30), (60, 90), (52, 150), (0, 144), (-58, 150), (-62, 90)], closed=True
        )
        falling = shape(leaf, "#f6e8cc", ("#c9b48a", 2))
        back += put(
            put(falling, (0, -90)),
            (90 * torn + 20 * sin(torn * 7), 90 + 420 * torn),
            140 * torn,
            (1, 1 - 0.4 * torn),
            1 - torn**4,
        )
    return dot(0, -8, 6, INK) + back


def bunch(count: int, gap: float, size: float, colour: str, shine: str) -> str:
    """Draw a round bunch of berries about zero."""
    drawn = ""
    for index in range(count):
        x, y = whorl(index, gap)
        drawn += dot(x, y, size, colour) + dot(x - size * 0.3, y - size * 0.35, size * 0.26, shine)
    return drawn
