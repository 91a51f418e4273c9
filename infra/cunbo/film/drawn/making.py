"""From a drawn film to the files of its page: its pictures and its sound, and the look of a worn print on both sizes.

The same film gives the same pictures and sound on however many cores; the encoder keeps no such promise.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

from PIL import Image

from cunbo.core.refusal import Refusal
from cunbo.film import encode
from cunbo.film.drawn import cabbage, courier, mountain, noodles
from cunbo.film.drawn.stage import SIZE, Brush, DrawnFilm, picture
from cunbo.film.encode import Tell, desk
from cunbo.film.finish import ClipFiles, FilmOrder, finish
from cunbo.film.looks import LOOKS, FilmLook, FrameShape, Rendition
from cunbo.film.sound import mix
from cunbo.film.words import instead, say

FILMS = {each.FILM.name: each.FILM for each in (mountain, cabbage, noodles, courier)}


class CarriedPrint(FilmLook):
    """The look of a worn print, in sizes that a repository can carry."""

    def renditions(self, shape: FrameShape, lean: bool = False) -> tuple[Rendition, ...]:
        """Return two sizes of at most 3 MB and 1.2 MB a minute."""
        return (
            Rendition(".mp4", *shape.large, 24, 310_000, 64_000),
            Rendition("-small.mp4", *shape.small, 27, 92_000, 48_000),
        )


def carried(look: FilmLook, rate: int) -> CarriedPrint:
    """Return a look at so many frames a second, each of which sways in its gate: a drawing stays for two of them."""
    own = {field.name: getattr(look, field.name) for field in fields(look)}
    return CarriedPrint(**own | {"chain": f"fps={rate},{look.chain}"})


def films_of(names: list[str]) -> list[DrawnFilm]:
    """Return the drawn films of these names, all of them where none is named; raises Refusal."""
    for name in names:
        if name not in FILMS:
            raise Refusal(say("no_drawn", words=name, instead=instead(name, FILMS)))
    return [FILMS[name] for name in names or FILMS]


def make(film: DrawnFilm, files: ClipFiles, tell: Tell) -> list[Path]:
    """Make a film's renditions and its poster, and return their paths.

    Calls `tell` with what is being made and the share of it that is done, from 0 to 1. Raises Refusal.
    """
    with desk(files.folder) as made:
        drawn, heard = made / "pictures.mkv", made / "sound.wav"
        files.check(drawn)
        draw(film, drawn, tell)
        mix.master(film.score(film.seconds).mixed(), heard)
        return develop(film, (drawn, heard), files, tell)


def draw(film: DrawnFilm, path: Path, tell: Tell) -> None:
    """Draw a film's pictures into a file that loses nothing; on all cores."""
    whole = round(film.seconds * film.pace)

    def drawn() -> Iterator[Image.Image]:
        fork = multiprocessing.get_context("fork")  # so that a film need not be pickled: it is made of functions
        with fork.Pool(os.cpu_count(), _take_up, (film,)) as painters:
            for number, raw in enumerate(painters.imap(_paint, range(whole), chunksize=4), 1):
                yield Image.frombytes("RGB", SIZE, raw)
                tell(f"{film.name}, drawn", number / whole)

    encode.write_lossless(drawn(), path, Fraction(film.pace))


_at_work: list[tuple[DrawnFilm, Brush]] = []
"""What a painter, a process of its own, has in hand."""


def _take_up(film: DrawnFilm) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began it is stopped, and ends its painters without a word
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _at_work[:] = [(film, Brush())]


def _paint(number: int) -> bytes:
    [(film, brush)] = _at_work
    return brush.work(picture(film, number / film.pace), number).tobytes()


def develop(film: DrawnFilm, master: tuple[Path, Path], files: ClipFiles, tell: Tell) -> list[Path]:
    """Make renditions and poster of a film whose pictures and sound are there, and return their paths."""
    order = FilmOrder(look=carried(LOOKS["film"], 2 * film.pace), still=film.poster)
    return finish(*master, order, files, tell)
