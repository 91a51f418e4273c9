"""The marks of age that lie over a film: dust, hairs and scratches of a print, dropouts of a tape, the gate's edge.

Drawn, since noise does not look like dirt: a speck has a form, a hair is a curve that lies there for one frame, and a
scratch stays at its place for a second. All of it follows from the number of the frame: made twice, a film is the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FRAMES = 240
"""Marks are drawn for so many frames, and then come again: ten seconds, in which nobody remembers a speck."""
BASE = 640
"""Pixels of width for which sizes are given."""
DARK, LIGHT = (28, 20, 14), (255, 246, 226)
SHARP = 3
"""Times by which marks are drawn larger than they are, for soft edges."""


@dataclass(frozen=True)
class WearMarks:
    """How worn a print is: specks a frame, hairs and bursts of dirt a frame, scratches at a time, size of a speck."""

    specks: float
    hairs: float
    bursts: float
    scratches: int
    size: float
    light: float = 0.25
    """Share of the marks that are light: dirt on the negative."""


WEAR = {
    "print": WearMarks(1.1, 0.05, 0.02, 1, 1.0),
    "home": WearMarks(2.6, 0.12, 0.05, 2, 1.6, 0.35),
}


def marks(wear: str, width: int, height: int, count: int) -> Iterator[Image.Image]:
    """Yield what lies over `count` frames of a film of that size, as RGBA; at most FRAMES of them."""
    for number in range(min(count, FRAMES)):
        yield _dropouts(number, width, height) if wear == "tape" else _dirt(WEAR[wear], number, width, height)


def gate(kind: str, width: int, height: int) -> Image.Image:
    """Draw the frame through which a picture is seen, as RGBA: rounded, dark at its corners, not quite even."""
    inset, radius, deep = {"print": (0.012, 0.05, 0.5), "home": (0.028, 0.10, 0.8), "slide": (0.02, 0.035, 0.45)}[kind]
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    far = np.clip((across**2 + down**2) / 2, 0, 1) ** 1.6
    shade = Image.fromarray((far * deep * 255).astype(np.uint8))
    least = min(width, height)
    hole = Image.new("L", (width * 2, height * 2), 255)
    edge = inset * least * 2
    box = (edge * 1.25, edge, width * 2 - edge, height * 2 - edge * 1.15)
    ImageDraw.Draw(hole).rounded_rectangle(box, radius * least * 2, fill=0)
    frame = hole.filter(ImageFilter.GaussianBlur(least / 160)).resize((width, height), Image.Resampling.LANCZOS)
    alpha = np.maximum(np.asarray(shade), np.asarray(frame))
    made = Image.new("RGBA", (width, height), (14, 9, 6, 0))
    made.putalpha(Image.fromarray(alpha))
    return made


def tremble(number: int, width: int, height: int) -> Image.Image:
    """Draw how far each line of a tape lies beside its place: 128 is at it, one more is one pixel to the left.

    Lines tremble by one; the last ones tear away, where the heads change; now and then a band wanders through.
    """
    random = np.random.default_rng(number)
    lines = np.arange(height)
    shift = np.round(random.normal(0, 0.22, height)) + np.round(np.sin(lines / height * 9 + number * 0.7) * 0.6)
    foot = max(4, height // 48)
    shift[-foot:] += np.linspace(4, 26, foot) * (0.7 + 0.3 * np.sin(number * 1.3))
    if number % 97 > 84:
        middle = height * (1.1 - (number % 97 - 84) / 12)
        shift += np.round(14 * np.exp(-(((lines - middle) / (height / 40)) ** 2)))
    values = np.clip(128 + shift, 0, 255).astype(np.uint8)
    return Image.fromarray(np.repeat(values[:, None], width, axis=1))


def _dirt(wear: WearMarks, number: int, width: int, height: int) -> Image.Image:
    random = Random(number * 7919 + 13)  # noqa: S311 - dirt is no secret
    scale = width / BASE
    made = Image.new("RGBA", (width, height), (*DARK, 0))
    for lane in range(wear.scratches):
        _scratch(made, lane, number, scale)
    count = _times(random, wear.specks) + (random.randint(5, 11) if random.random() < wear.bursts else 0)
    for _ in range(count):
        size = wear.size * scale * min(random.lognormvariate(0.35, 0.6), 5)
        _lay(made, _speck(random, size), random, wear.light)
    for _ in range(_times(random, wear.hairs)):
        _lay(made, _hair(random, scale * wear.size * random.uniform(14, 46)), random, wear.light / 2)
    if wear.hairs and (number // 30) % 5 == 2:  # a hair that is caught in the gate, and trembles there
        caught = Random(number // 30)  # noqa: S311 - dirt is no secret
        hair = _hair(caught, scale * wear.size * 34)
        at = (int(width * caught.uniform(0.15, 0.8)) + number % 2, height - int(hair.height * 0.8) - number % 3)
        made.paste(Image.new("RGBA", hair.size, (*DARK, 255)), at, hair)
    return made


def _times(random: Random, mean: float) -> int:
    """Return how often something happens in a frame in which it happens `mean` times as a rule."""
    return sum(random.random() < mean / 4 for _ in range(4))


def _lay(made: Image.Image, mark: Image.Image, random: Random, light: float) -> None:
    at = (random.randint(-mark.width // 2, made.width), random.randint(-mark.height // 2, made.height))
    colour = LIGHT if random.random() < light else DARK
    strength = random.uniform(0.45, 0.9)
    made.paste(Image.new("RGBA", mark.size, (*colour, 255)), at, mark.point(lambda value: int(value * strength)))


def _speck(random: Random, size: float) -> Image.Image:
    """Draw a speck of dust as a mask: a few rounds that grew together."""
    side = max(4, int(size * 4) + 2)
    mask = Image.new("L", (side * SHARP, side * SHARP))
    pen = ImageDraw.Draw(mask)
    for _ in range(random.randint(2, 4)):
        x, y = (side * SHARP * random.gauss(0.5, 0.11) for _ in range(2))
        wide, high = (size * SHARP * random.uniform(0.35, 0.95) for _ in range(2))
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=255)
    return mask.rotate(random.uniform(0, 180)).resize((side, side), Image.Resampling.BOX)


def _hair(random: Random, length: float) -> Image.Image:
    """Draw a hair as a mask: a thin curve that bends twice."""
    side = max(6, int(length))
    mask = Image.new("L", (side * SHARP, side * SHARP))
    ends = [(random.uniform(0.05, 0.95) * side * SHARP, random.uniform(0.05, 0.95) * side * SHARP) for _ in range(4)]
    steps = np.linspace(0, 1, 24)[:, None]
    a, b, c, d = (np.array(end) for end in ends)
    line = (1 - steps) ** 3 * a + 3 * (1 - steps) ** 2 * steps * b + 3 * (1 - steps) * steps**2 * c + steps**3 * d
    ImageDraw.Draw(mask).line([(float(x), float(y)) for x, y in line], fill=230, width=SHARP, joint="curve")
    return mask.resize((side, side), Image.Resampling.BOX)


def _scratch(made: Image.Image, lane: int, number: int, scale: float) -> None:
    """Draw the scratch of a lane, which stays for a second or so, wanders a little, and pauses."""
    span = 34 + 11 * lane
    turn, at = divmod(number + lane * 17, span)
    random = Random(turn * 31 + lane)  # noqa: S311 - dirt is no secret
    stays = random.randint(8, span - 6)
    if random.random() < 0.45 or at >= stays:
        return
    x = made.width * random.uniform(0.06, 0.94) + np.sin(number * 0.9 + turn) * 0.8 * scale
    top, bottom = (0.0, 1.0) if random.random() < 0.6 else sorted((random.random(), random.random()))
    fresh = np.sin(np.pi * (at + 1) / (stays + 1))
    strip = Image.new("RGBA", (max(1, round(scale)), max(1, int(made.height * (bottom - top)))))
    colour = LIGHT if random.random() < 0.7 else (190, 226, 176)
    strip.paste((*colour, int(40 + 70 * fresh * random.random())), (0, 0, *strip.size))
    made.alpha_composite(strip, (min(max(int(x), 0), made.width - strip.width), int(made.height * top)))


def _dropouts(number: int, width: int, height: int) -> Image.Image:
    """Draw where a tape has lost its coat: short white lines, many at its foot, where the heads change."""
    random = Random(number * 104729)  # noqa: S311 - dirt is no secret
    made = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    pen = ImageDraw.Draw(made)
    foot = max(4, height // 48)
    spots = [(random.randrange(height), random.uniform(0.01, 0.08)) for _ in range(_times(random, 0.35))]
    spots += [(height - 1 - random.randrange(foot), random.uniform(0.02, 0.25)) for _ in range(5)]
    for y, share in spots:
        x, long = random.randrange(width), int(width * share)
        pen.line((x, y, x + long, y), fill=(255, 255, 255, random.randint(60, 190)))
    return made
