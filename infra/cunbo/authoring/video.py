"""`cunbo video nostalgia`: a clip as a television of the 1980s would have shown it, in two sizes, with its poster.

Four by three, faded and warm, colours a little beside their shapes, dark corners, the date in orange. Grain is left to
the page, which draws it for nothing: in the file it would cost five times the bits. The chain was found by looking at
frames; its numbers stand in LOOK.
"""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from storefront.check.attachments import check_captions
from storefront.read.messages import LANGUAGES

from cunbo.core.refusal import Refusal

LOOK = (
    "crop='min(iw,ih*4/3)':'min(ih,iw*3/4)',scale={width}:{height},setsar=1,gblur=sigma=0.7,chromashift=cbh=3:crh=-3,"
    "eq=contrast=0.9:brightness=0.05:saturation=0.8,"
    "curves=r='0/0.07 0.5/0.56 1/1':g='0/0.05 0.5/0.5 1/0.95':b='0/0.06 0.5/0.43 1/0.82',vignette=PI/6.5"
)
STAMP = "#ff9d3a"


@dataclass(frozen=True)
class Rendition:
    """One size of the clip: the end of its name, its pixels, its quality for x264, and the most bits a second."""

    ending: str
    width: int
    height: int
    crf: int
    most: str


RENDITIONS = (Rendition(".mp4", 640, 480, 24, "600k"), Rendition("-small.mp4", 480, 360, 27, "220k"))
"""The first is what the record names; the other is for narrow screens and weak networks."""


@dataclass(frozen=True)
class SourceClip:
    """A film as it was shot: its seconds, and whether it has sound."""

    path: Path
    seconds: float
    sound: bool


def probe(path: Path) -> SourceClip:
    """Read the film in a file; raises Refusal where there is none."""
    if not path.is_file():
        raise Refusal(f"there is no file {path}")
    done = _ffmpeg("-i", str(path))
    said = re.search(r"Duration: (\d+):(\d\d):(\d\d\.\d+)", done.stderr)
    if not said or not re.search(r"Stream #0.*Video:", done.stderr):
        raise Refusal(f"{path.name} is no film that can be read: save it as MP4, as phones do")
    seconds = int(said[1]) * 3600 + int(said[2]) * 60 + float(said[3])
    if seconds < 1:
        raise Refusal(f"{path.name} is shorter than a second: there is nothing to be seen in it")
    return SourceClip(path, seconds, bool(re.search(r"Stream #0.*Audio:", done.stderr)))


@dataclass(frozen=True)
class ClipFiles:
    """The files to be made of a clip: in `folder`, called after `name`; `force` writes over files that are there."""

    folder: Path
    name: str
    force: bool = False

    @property
    def renditions(self) -> list[Path]:
        """Return the file of each rendition."""
        return [self.folder / f"{self.name}{each.ending}" for each in RENDITIONS]

    @property
    def poster(self) -> Path:
        """Return the file of the still picture."""
        return self.folder / f"{self.name}.jpg"

    def check(self) -> None:
        """Raise Refusal where a file would be written over without `force`."""
        there = [path.name for path in (*self.renditions, self.poster) if path.exists()]
        if there and not self.force:
            names = ", ".join(there)
            raise Refusal(f"{names} would be written over in {self.folder}: say --force, or --name another name")


def nostalgia(clip: SourceClip, files: ClipFiles, day: date, tell: Callable[[str, float], None]) -> list[Path]:
    """Make the renditions and the poster, with the date `day` in the corner, and return their paths.

    Calls `tell` with the file that is being made and the share of it that is done, from 0 to 1. Raises Refusal.
    """
    files.check()
    wanted, poster = files.renditions, files.poster
    with tempfile.TemporaryDirectory(dir=files.folder) as desk:
        for rendition, path in zip(RENDITIONS, wanted, strict=True):
            stamp = Path(desk) / "stamp.png"
            _stamp(day, rendition.width).save(stamp)
            made = Path(desk) / path.name
            for share in _encoded(clip, rendition, stamp, made):
                tell(path.name, share)
        still = Path(desk) / poster.name
        first = Path(desk) / wanted[0].name
        at = f"{clip.seconds / 3:.2f}"
        _must(_ffmpeg("-y", "-ss", at, "-i", str(first), "-frames:v", "1", "-q:v", "3", str(still)))
        for path in (*wanted, poster):
            (Path(desk) / path.name).replace(path)
    return [*wanted, poster]


def captions(folder: Path, name: str, seconds: float) -> list[str]:
    """Return what is wrong with the captions of a clip, a line each; they are to be written by hand."""
    found: list[str] = []

    def report(path: Path, line: int, what: str, remedy: str) -> None:
        found.append(f"{path.name}:{line}: {what}: {remedy}")

    for path in (folder / f"{name}-{lang}.vtt" for lang in LANGUAGES):
        if path.is_file():
            check_captions(path.read_text(encoding="utf-8"), round(seconds), partial(report, path))
        else:
            found.append(f"{path.name} is missing: write the clip's captions there, as WebVTT")
    return found


def _encoded(clip: SourceClip, rendition: Rendition, stamp: Path, made: Path) -> Iterator[float]:
    """Encode, and yield the share that is done."""
    look = LOOK.format(width=rendition.width, height=rendition.height)
    margin = rendition.width // 26
    chain = f"[0:v]{look}[seen];[seen][1:v]overlay=W-w-{margin}:H-h-{margin},format=yuv420p[shown]"
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", "64k", "-ac", "1"] if clip.sound else ["-an"]
    command = [
        *("-y", "-v", "error", "-nostats", "-progress", "pipe:1", "-i", str(clip.path), "-i", str(stamp)),
        *("-filter_complex", chain, "-map", "[shown]", *sound, "-map_metadata", "-1"),
        *("-c:v", "libx264", "-profile:v", "main", "-preset", "slow", "-crf", str(rendition.crf)),
        *("-maxrate", rendition.most, "-bufsize", "1200k", "-movflags", "+faststart", str(made)),
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen([_program(), *command], stdout=pipe, stderr=pipe, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            if at := re.match(r"out_time_us=(\d+)", line):
                yield min(int(at[1]) / 1e6 / clip.seconds, 0.99)
        said = process.stderr.read() if process.stderr else ""
    if process.returncode:
        raise Refusal(f"{clip.path.name} cannot be made into {made.name}: {said.strip().splitlines()[-1:] or ['?']}")
    yield 1.0


def _stamp(day: date, width: int) -> Image.Image:
    """Draw the date as a camera of the 1980s burnt it in, with its glow; sized for a film of that width."""
    text = f"'{day:%y} {day.month:>2} {day.day:>2}"
    font = ImageFont.load_default(size=width / 24)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    room = width // 60
    stamp = Image.new("RGBA", (right - left + 2 * room, bottom - top + 2 * room))
    ImageDraw.Draw(stamp).text((room - left, room - top), text, font=font, fill=STAMP)
    glow = stamp.filter(ImageFilter.GaussianBlur(width / 320))
    return Image.alpha_composite(glow, stamp)


def _program() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _ffmpeg(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([_program(), "-hide_banner", *arguments], capture_output=True, text=True)  # noqa: S603


def _must(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise Refusal(f"no poster can be made: {done.stderr.strip().splitlines()[-1]}")
