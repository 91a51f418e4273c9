"""The countdown before a film, by which a projectionist knew when it would begin: an arm sweeps round once a number."""

from collections.abc import Iterator
from math import cos, pi, sin

from PIL import Image, ImageDraw

from cunbo.film.lettering import kai

NUMBERS = (5, 4, 3, 2)
EACH = 0.75
"""Seconds a number."""
SECONDS = len(NUMBERS) * EACH
POP = 2.25
"""The second at which the sound gives a short note, at the last number, so that both can be laid together."""
PAPER, SHADE, INK = (196, 184, 160), (150, 140, 120), (34, 27, 22)


def frames(size: tuple[int, int], rate: float) -> Iterator[Image.Image]:
    """Yield the frames of the countdown at so many a second."""
    for number in range(round(SECONDS * rate)):
        at = number / rate
        which = min(int(at / EACH), len(NUMBERS) - 1)
        yield _frame(size, NUMBERS[which], at / EACH - which)


def _frame(size: tuple[int, int], number: int, turned: float) -> Image.Image:
    """Draw a number, behind which the arm has gone so much of its way round."""
    wide, high = size
    made = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(made)
    x, y, least = wide / 2, high / 2, min(size)
    far = wide + high
    if turned > 0:
        pen.pieslice((x - far, y - far, x + far, y + far), -90, -90 + 360 * turned, fill=SHADE)
    thick = max(2, least // 120)
    arm = 2 * pi * turned - pi / 2
    pen.line((x, y, x + far * cos(arm), y + far * sin(arm)), fill=INK, width=thick)
    pen.line((0, y, wide, y), fill=INK, width=thick)
    pen.line((x, 0, x, high), fill=INK, width=thick)
    for share in (0.42, 0.36):
        reach = least * share
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=(250, 244, 230), width=thick * 2)
    pen.text((x, y), str(number), font=kai(least * 0.56), fill=INK, anchor="mm", stroke_width=thick)
    return made
