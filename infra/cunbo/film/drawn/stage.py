"""A drawn film: its shots one after the other, the cards at its two ends, and its picture at every moment.

A shot is a picture for each moment `t`, in seconds since it began, as SVG. `picture` puts shots together, `Brush` makes
a picture look painted by hand: edges that are a little elsewhere in every third picture, and paper under the colour.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin
from typing import TypeAlias

import numpy as np
import resvg_py
from PIL import Image, ImageChops

from cunbo.film.drawn import letters
from cunbo.film.drawn.svg import HIGH, INK, WIDE, box, dot, ease, line, put, shape, tint
from cunbo.film.sound.mix import Score

ON_TWOS = 12
"""Drawn pictures a second; the film has twice as many."""
SIZE = (640, 480)
BOIL = 3
"""Pictures for which a drawing keeps its edges."""
CREAM, RED, DARK = "#fdf0cf", "#c8331d", "#4a1a10"
SHIP_DAY = (0.575, 0.5, 0.29, 0.30)
"""Where the end frame has its blank leaf of a calendar: left, top, width and height as shares of the picture."""


@dataclass(frozen=True)
class DrawnShot:
    """One shot: how many seconds it runs, its picture, and the seconds in which the shot before melts into it."""

    seconds: float
    draw: Callable[[float], str]
    melt: float = 0


Shots: TypeAlias = tuple[DrawnShot, ...]


@dataclass(frozen=True)
class DrawnFilm:
    """One film: its name, its shots, the second that its poster shows, what is heard in it, drawn pictures a second."""

    name: str
    shots: Shots
    poster: float
    score: Callable[[float], Score]
    pace: int = ON_TWOS

    @cached_property
    def seconds(self) -> float:
        """How long it runs."""
        return sum(shot.seconds for shot in self.shots)

    def at(self, t: float) -> str:
        """Return the film's picture at `t` seconds, as pieces of SVG."""
        start = 0.0
        for index, shot in enumerate(self.shots):
            if t < start + shot.seconds or index == len(self.shots) - 1:
                break
            start += shot.seconds
        share = ease(t, start, start + shot.melt) if shot.melt else 1.0
        drawn = shot.draw(t - start)
        if share >= 1:
            return drawn
        before = self.shots[index - 1]
        return before.draw(t - start + before.seconds) + put(drawn, fade=max(share, 0.001))


def picture(film: DrawnFilm, t: float) -> Image.Image:
    """Return the film's picture at `t` seconds, as it was drawn."""
    return render(film.at(t))


def render(pieces: str) -> Image.Image:
    """Return pieces of SVG on the stage as a picture of SIZE."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}">'
    field = box(0, 0, WIDE, HIGH, "#000")
    drawn = resvg_py.svg_to_bytes(
        svg_string=f"{head}{field}{pieces}</svg>", width=SIZE[0], height=SIZE[1], skip_system_fonts=True
    )
    return Image.open(io.BytesIO(bytes(drawn))).convert("RGB")


class Brush:
    """Makes pictures look painted by hand; the same number gives the same hand."""

    def __init__(self) -> None:
        chance = np.random.default_rng(1986)
        self._paper = self._sheet(chance)
        self._meshes = [self._mesh(chance) for _ in range(7)]

    def work(self, drawn: Image.Image, number: int) -> Image.Image:
        """Return the drawing with the edges and the paper of the picture of that number."""
        boiled = drawn.transform(SIZE, Image.Transform.MESH, self._meshes[number // BOIL % 7], Image.Resampling.BICUBIC)
        return ImageChops.overlay(boiled, self._paper)

    @staticmethod
    def _sheet(chance: np.random.Generator) -> Image.Image:
        """Return paper with a grain, and the streaks of a broad brush: grey, darker and lighter by a few per cent."""
        wide, high = SIZE
        field = np.zeros((high, wide))
        for (across, down), strength in (((8, 6), 5.0), ((16, 110), 5.0), ((220, 170), 6.0)):
            lumps = Image.fromarray(chance.normal(0, 1, (down, across)).astype(np.float32))
            field += strength * np.asarray(lumps.resize(SIZE, Image.Resampling.BICUBIC))
        return Image.fromarray(np.clip(128 + field, 0, 255).astype(np.uint8)).convert("RGB")

    @staticmethod
    def _mesh(chance: np.random.Generator) -> list[tuple[tuple[int, int, int, int], tuple[float, ...]]]:
        """Return where each small field of a picture is taken from: about a pixel beside itself."""
        step = 20
        across, down = SIZE[0] // step, SIZE[1] // step
        moved = chance.normal(0, 0.75, (down + 1, across + 1, 2))
        moved[0], moved[-1], moved[:, 0], moved[:, -1] = 0, 0, 0, 0
        mesh = []
        for row in range(down):
            for column in range(across):
                corners = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
                quad = tuple(
                    float(value) for r, c in corners for value in (c * step + moved[r, c, 0], r * step + moved[r, c, 1])
                )
                where = (column * step, row * step, (column + 1) * step, (row + 1) * step)
                mesh.append((where, quad))
        return mesh


# The cards at both ends


def leader(t: float) -> str:
    """Draw the countdown, a second a figure: a hand that sweeps over cross hairs, 3, 2, 1."""
    figure, angle = 3 - int(min(t, 2.99)), 360 * (t % 1)
    x, y = 400 + 700 * sin(radians(angle)), 300 - 700 * cos(radians(angle))
    rounds = [(400 + 700 * sin(radians(turn)), 300 - 700 * cos(radians(turn))) for turn in range(90, int(angle), 90)]
    swept = "M400 300V-400L" + "L".join(f"{px:.0f} {py:.0f}" for px, py in [*rounds, (x, y)]) + "z"
    field = box(0, 0, WIDE, HIGH, "#b9ad97") + shape(swept, "#8f8470")
    rings = "".join(
        f'<circle cx="400" cy="300" r="{radius}" fill="none" stroke="#f4ead6" stroke-width="{width}"/>'
        for radius, width in ((232, 7), (196, 4))
    )
    hairs = line("M400 0V600M0 300H800", INK, 3) + line(f"M400 300L{x:.0f} {y:.0f}", INK, 4)
    number = letters.row(str(figure), (400, 408), 330, INK, 60)
    return field + hairs + rings + number


def rays(x: float, y: float, turn: float, first: str, second: str) -> str:
    """Draw the beams that stood behind everything on posters and tins of that time."""
    beams = ""
    for index in range(16):
        a, b = radians(turn + index * 22.5), radians(turn + index * 22.5 + 11.25)
        beams += f"M{x} {y}L{x + 1100 * cos(a):.0f} {y + 1100 * sin(a):.0f}"
        beams += f"L{x + 1100 * cos(b):.0f} {y + 1100 * sin(b):.0f}z"
    return box(0, 0, WIDE, HIGH, first) + shape(beams, second)


def ribbon(words: str, y: float, fill: str = DARK) -> str:
    """Draw a band with words across the lower part of a card."""
    half = 30 + 13 * len(words)
    tail = shape(f"M{400 - half - 44} {y - 12}h60v44h-60l18-22z", "#2f120b") + shape(
        f"M{400 + half + 44} {y - 12}h-60v44h60l-18-22z", "#2f120b"
    )
    return tail + box(400 - half, y - 22, 2 * half, 44, fill) + letters.row(words, (400, y + 10), 29, CREAM, 16, 2)


def title_card(behind: str, name: str, english: str, t: float, seconds: float, y: float = 300) -> str:
    """Draw the title over a picture: it falls into place, stands, and goes; who made it stands below."""
    size, came = min(150, 620 / len(name)), ease(t, 0.25, 0.9)
    lettered = letters.title(name, (400, y), size, (DARK, CREAM, RED))
    drawn = put(put(lettered, (-400, -y)), (400, y - 60 * (1 - came)), scale=1.25 - 0.25 * came, fade=came)
    under = letters.row(english, (400, y + 88), 33, CREAM, 40, 4, rim=(DARK, 260))
    band = ribbon("手绘短片", y + 152)
    there = 1 - ease(t, seconds - 0.5, seconds)
    return behind + put(drawn + put(under + band, fade=ease(t, 0.9, 1.4)), fade=there)


def opening(behind: Callable[[float], str], name: str, english: str, lasts: tuple[float, float], y: float) -> Shots:
    """Return how every film begins: the countdown, the title over a scene, and that scene going on without it.

    `lasts` are the seconds of title and scene, `y` is where the title stands.
    """
    seconds, more = lasts
    titled = DrawnShot(seconds, lambda t: title_card(behind(t), name, english, t, seconds, y))
    return DrawnShot(3, leader), titled, DrawnShot(more, lambda t: behind(t + seconds))


def ending(goods: Callable[[float], str], words: str, colours: tuple[str, str] = ("#e9c06a", "#f2d48c")) -> DrawnShot:
    """Return how every film ends: its goods at each moment, before beams of these colours, and the calendar."""
    return DrawnShot(6, lambda t: end_card(goods(t), words, t, colours), 0.5)


def end_card(goods: str, words: str, t: float, colours: tuple[str, str]) -> str:
    """Draw the last picture: the goods before beams, and a calendar whose blank leaf is for the day of shipping."""
    came, hung = ease(t, 0, 0.9), ease(t, 0.5, 1.3)
    left, top, wide, high = (share * side for share, side in zip(SHIP_DAY, (WIDE, HIGH, WIDE, HIGH), strict=True))
    swing = 5 * (1 - ease(t, 1, 3.4)) * sin(t * 4)
    leaf = box(6, 8, wide, high + 42, "#7a3d22") + box(0, 0, wide, high + 42, "#fffaf0")
    leaf += box(0, 0, wide, 42, RED) + letters.row("发货日", (wide / 2, 32), 29, CREAM, 30, 8)
    leaf += line(f"M14 56H{wide - 14:.0f}M14 {high + 28:.0f}H{wide - 14:.0f}", "#d9c39a", 2)
    leaf += letters.row("见本页", (wide / 2, high / 2 + 50), 46, "#8a6a4a", 16, 4)
    leaf += letters.row("SEE THIS PAGE", (wide / 2, high / 2 + 88), 19, "#8a6a4a", 12, 2)
    leaf += dot(wide / 2, -6, 6, INK)
    calendar = put(put(leaf, (-wide / 2, 6)), (left + wide / 2, top - 48), swing, 0.6 + 0.4 * hung, hung)
    head = letters.title(words, (400, 128), min(88, 640 / len(words)), (DARK, CREAM, RED), 4)
    drawn = rays(250, 390, t * 1.5, *colours) + put(goods, (0, 40 * (1 - came)), fade=came)
    return drawn + put(head, fade=ease(t, 0.2, 0.9)) + calendar + tint("#000", ease(t, 5.2, 5.9))
