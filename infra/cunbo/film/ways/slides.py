"""A slide show from photographs: a slow move over each one, and a moment of dark while the slides change."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from cunbo.core.refusal import Refusal
from cunbo.film import encode, finish, probe
from cunbo.film.encode import Tell, desk
from cunbo.film.finish import ClipFiles, FilmOrder
from cunbo.film.looks import FrameShape
from cunbo.film.probe import PICTURES
from cunbo.film.words import say

RATE = Fraction(25)
EACH = 5.0
"""Seconds a slide."""
CHANGE = 0.5
"""Seconds from one slide to the next: it drops out of the gate, there is dark, the next one drops in."""
CLOSER = 0.86
"""Share of a picture that is seen at the near end of a move."""
MOST = 60
DARK = (10, 7, 5)
Box = tuple[float, float, float, float]


def photographs(named: Sequence[Path]) -> list[Path]:
    """Return the photographs that are named, those of a folder by their names; raises Refusal."""
    found: list[Path] = []
    for path in named:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.suffix.lower() in PICTURES)
            if not inside:
                raise Refusal(say("no_photos", words=str(path)))
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            raise Refusal(say("no_file", words=str(path)))
    if len(found) > MOST:
        raise Refusal(say("many_photos", count=len(found), most=MOST))
    for path in found:
        opened(path, (64, 64)).close()
    return found


def opened(path: Path, least: tuple[int, int]) -> Image.Image:
    """Open a photograph upright, in RGB, at least three times as large as `least` where it has so many pixels."""
    try:
        with Image.open(path) as image:
            image.draft("RGB", (least[0] * 3, least[1] * 3))
            upright = ImageOps.exif_transpose(image)
            if upright.mode in {"I;16", "I", "F"}:
                upright = ImageOps.autocontrast(upright.convert("F").convert("L"))
            clear = upright.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Refusal(say("photo_unread", words=path.name)) from None
    paper = Image.new("RGB", clear.size, "#ffffff")
    paper.paste(clear, mask=clear.getchannel("A"))
    paper.thumbnail((max(least) * 4, max(least) * 4), Image.Resampling.LANCZOS)
    return paper


def make(named: Sequence[Path], order: FilmOrder, files: ClipFiles, tell: Tell) -> list[Path]:
    """Make the files of a show of the photographs, and return their paths. Raises Refusal; then nothing is written."""
    photos = photographs(named)
    files.check(photos[0].with_name("a photograph is no clip"))
    with desk(files.folder) as made:
        master = made / "show.mkv"
        encode.write_lossless(show(photos, order.shape, float(RATE)), master, RATE)
        order = replace(order, bed=order.bed or "slides", clunks=clunks(len(photos)), still=EACH / 2)
        return finish.make(probe.probe(master), order, files, tell)


def clunks(count: int) -> tuple[float, ...]:
    """Return the seconds at which slides change in a show of so many."""
    return tuple(max(0.0, number * EACH - CHANGE / 2) for number in range(count))


def show(photos: Sequence[Path], shape: FrameShape, rate: float) -> Iterator[Image.Image]:
    """Yield the frames of a show at so many a second."""
    size = shape.large
    count = round(EACH * rate)
    for number, path in enumerate(photos):
        photo = opened(path, size)
        begins, ends = move(photo.size, size, number)
        for step in range(count):
            share = step / max(1, count - 1)
            box = (
                begins[0] + (ends[0] - begins[0]) * share,
                begins[1] + (ends[1] - begins[1]) * share,
                begins[2] + (ends[2] - begins[2]) * share,
                begins[3] + (ends[3] - begins[3]) * share,
            )
            seen = photo.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=None)
            yield _dropped(seen, step / rate, (count - 1 - step) / rate)


def move(photo: tuple[int, int], size: tuple[int, int], number: int) -> tuple[Box, Box]:
    """Return what is seen of a photograph of that size first and last, as boxes in it: closer, farther, or along it.

    A photograph of another shape than the frame's is shown from one end to the other; else moves take turns.
    """
    wide, high = photo
    ratio = size[0] / size[1]
    across, down = min(wide, high * ratio), min(high, wide / ratio)
    spare_x, spare_y = wide - across, high - down
    if spare_x > wide * 0.15 or spare_y > high * 0.15:
        begins = (spare_x * 0.1, spare_y * 0.1)
        ends = (spare_x * 0.9, spare_y * 0.9)
        boxes = [(x, y, x + across, y + down) for x, y in (begins, ends)]
        return (boxes[1], boxes[0]) if number % 2 and not spare_y > high * 0.15 else (boxes[0], boxes[1])
    x, y = spare_x / 2, spare_y / 2
    whole = (x, y, x + across, y + down)
    less = 1 - CLOSER
    lean = (0.35, 0.6, 0.5)[number % 3]
    near = (
        x + across * less * lean,
        y + down * less * (1 - lean),
        x + across * (less * lean + CLOSER),
        y + down * (less * (1 - lean) + CLOSER),
    )
    return (near, whole) if number % 2 else (whole, near)


def _dropped(seen: Image.Image, since: float, until: float) -> Image.Image:
    """Return the frame while its slide drops in or out of the gate; the slide itself where it lies still."""
    half = CHANGE / 2
    away = max(0.0, 1 - since / half) if since < half else -max(0.0, 1 - until / half) if until < half else 0.0
    if not away:
        return seen
    frame = Image.new("RGB", seen.size, DARK)
    frame.paste(seen, (0, round(-seen.height * 1.04 * away**2 * (1 if away > 0 else -1))))
    return frame
