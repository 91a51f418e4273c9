"""`cunbo video`: a film as a phone saved it, made into what pages show: two sizes and a poster.

`plain` leaves the film its look. `nostalgia` shows it as a television of the 1980s would have: four by three, faded and
warm, colours a little beside their shapes, dark corners, the date in orange. Grain is left to the page, which draws it
for nothing: in the file it would cost five times the bits. The chain was found by looking at frames.

Either way the colours of HDR are brought down to those of ordinary screens, slow motion to 30 frames a second, and
nothing is kept that the phone wrote beside the pictures.
"""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import av
import imageio_ffmpeg
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from storefront.check import captions as caption_rules
from storefront.check.films import HDR, LONGEST, WIDE
from storefront.read.faults import fault
from storefront.read.media import films
from storefront.read.messages import LANGUAGES
from storefront.read.records import ContentReader

from cunbo.core.refusal import Refusal

STEADY = "bwdif=deint=interlaced,fps='source_fps/ceil(source_fps/30-0.01)'"
"""At most 30 frames a second, by leaving out every so many of them, so that what moves moves evenly."""
TONES = (
    "zscale=tin={transfer}:pin=bt2020:min=bt2020nc:t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,"
    "tonemap=tonemap=mobius,zscale=t=bt709:m=bt709:r=tv,format=yuv420p"
)
"""Brings HDR down to what an ordinary screen shows; 203 cd/m² is its white (BT.2408)."""
NARROWED = "zscale=tin=bt709:pin=bt2020:min=bt2020nc:t=bt709:p=bt709:m=bt709:r=tv,format=yuv420p"
"""Brings wide colours that are not HDR into those of an ordinary screen."""
TAGGED = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
AS_BT709 = f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{TAGGED}"
TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
BT709, BT601 = {1}, {4, 5, 6}
"""How colours were made luma and chroma, by H.273's numbers."""
HIGH = 720
"""Lines from which a film that does not say so is BT.709, as televisions take it."""
STAMP = "#ff9d3a"


@dataclass(frozen=True)
class Rendition:
    """One size of a clip: the end of its name, the pixels that it may take, its quality for x264, bits a second."""

    ending: str
    width: int
    height: int
    crf: int
    most: int


@dataclass(frozen=True)
class FilmLook:
    """What a film is made to look like: its filters, its sizes (the first is what the record names), and its date."""

    chain: str
    renditions: tuple[Rendition, ...]
    stamped: bool = False


PLAIN = FilmLook(
    "scale='trunc(iw*sar/2)*2':ih,setsar=1,scale='min({width},iw)':'min({height},ih)'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2",
    (Rendition(".mp4", 1280, 1280, 23, 2_500_000), Rendition("-small.mp4", 640, 640, 26, 600_000)),
)
NOSTALGIA = FilmLook(
    "crop='min(iw,ih*4/3)':'min(ih,iw*3/4)',scale={width}:{height},setsar=1,gblur=sigma=0.7,chromashift=cbh=3:crh=-3,"
    "eq=contrast=0.9:brightness=0.05:saturation=0.8,scale=in_color_matrix=bt709,format=gbrp,"
    "curves=r='0/0.07 0.5/0.56 1/1':g='0/0.05 0.5/0.5 1/0.95':b='0/0.06 0.5/0.43 1/0.82',vignette=PI/6.5,format=gbrp",
    (Rendition(".mp4", 640, 480, 24, 600_000), Rendition("-small.mp4", 480, 360, 27, 220_000)),
    stamped=True,
)
SOUND = 64_000
"""Bits a second: one voice."""


@dataclass(frozen=True)
class SourceClip:
    """A film as it was shot: its seconds, whether it has sound, and the filters that make its colours ordinary ones."""

    path: Path
    seconds: float
    sound: bool
    colours: str


def probe(path: Path) -> SourceClip:
    """Read the film in a file, whatever tags it has; raises Refusal where there is none."""
    if not path.is_file():
        raise Refusal(f"there is no file {path}")
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            pictures = films.picture_of(container)
            if pictures is None:
                raise Refusal(f"{path.name} has no moving pictures: name the film itself")
            clip = SourceClip(path, _length(container), bool(container.streams.audio), _colours(pictures))
    except (av.error.FFmpegError, ValueError):
        raise Refusal(f"{path.name} is no film that can be read: save it as MP4, as phones do") from None
    if clip.seconds < 1:
        raise Refusal(f"{path.name} is shorter than a second: there is nothing to be seen in it")
    if clip.seconds > LONGEST:
        raise Refusal(f"{path.name} is longer than {LONGEST // 3600} hours: cut it into parts")
    return clip


def _length(container: av.container.InputContainer) -> float:
    """Return the seconds of a film, from its last packet where it does not say."""
    if container.duration:
        return container.duration / av.time_base
    packets = (packet for packet in container.demux() if packet.pts is not None)
    return max((float((packet.pts or 0) * (packet.time_base or 0)) for packet in packets), default=0.0)


def _colours(pictures: av.VideoStream) -> str:
    codec = pictures.codec_context
    if codec.color_trc in HDR:
        return TONES.format(transfer=TRANSFERS[codec.color_trc])
    if codec.color_primaries in WIDE:
        return NARROWED
    unsaid = codec.colorspace not in BT709 | BT601
    matrix = "bt709" if codec.colorspace in BT709 or (unsaid and codec.height >= HIGH) else "bt601"
    return f"scale=in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv,format=yuv420p"


@dataclass(frozen=True)
class ClipFiles:
    """The files to be made of a clip: in `folder`, called after `name`; `force` writes over films that are there."""

    folder: Path
    name: str
    look: FilmLook
    force: bool = False

    @property
    def renditions(self) -> list[Path]:
        """Return the file of each rendition."""
        return [self.folder / f"{self.name}{each.ending}" for each in self.look.renditions]

    @property
    def poster(self) -> Path:
        """Return the file of the still picture."""
        return self.folder / f"{self.name}.jpg"

    def to_make(self, clip: Path) -> list[Path]:
        """Return the files that are to be made: a clip that lies there already keeps the poster that it has."""
        has_poster = self.poster.exists() and clip.resolve().with_suffix(".jpg") == self.poster.resolve()
        return self.renditions if has_poster else [*self.renditions, self.poster]

    def check(self, clip: Path) -> None:
        """Raise Refusal where a file would be written over without `force`."""
        there = [path.name for path in self.to_make(clip) if path.exists()]
        if there and not self.force:
            names = ", ".join(there)
            raise Refusal(f"{names} would be written over in {self.folder}: say --force, or --name another name")


def make(clip: SourceClip, files: ClipFiles, day: date, tell: Callable[[str, float], None]) -> list[Path]:
    """Make the renditions and the poster, with the date `day` where the look has one, and return their paths.

    Calls `tell` with the file that is being made and the share of it that is done, from 0 to 1. Raises Refusal.
    """
    files.check(clip.path)
    wanted, to_make = files.renditions, files.to_make(clip.path)
    with tempfile.TemporaryDirectory(dir=files.folder) as desk:
        for rendition, path in zip(files.look.renditions, wanted, strict=True):
            stamp = Path(desk) / "stamp.png" if files.look.stamped else None
            if stamp:
                _stamp(day, rendition.width).save(stamp)
            made = Path(desk) / path.name
            for share in _encoded(clip, made, _command(clip, files.look, rendition, stamp)):
                tell(path.name, share)
        still = Path(desk) / files.poster.name
        first = Path(desk) / wanted[0].name
        at = f"{clip.seconds / 3:.2f}"
        _must(_ffmpeg("-y", "-ss", at, "-i", str(first), "-frames:v", "1", "-q:v", "3", str(still)))
        for path in to_make:
            (Path(desk) / path.name).replace(path)
    return to_make


def captions(folder: Path, name: str, film: Path) -> list[str]:
    """Return what is wrong with the captions of a film, a line each; they are to be written by hand."""
    reader = ContentReader(folder)
    for path in (folder / f"{name}-{lang}.vtt" for lang in LANGUAGES):
        text = reader.text(path) if path.is_file() else None
        if text is not None:
            caption_rules.check(text, films.probe(film).end, partial(reader.report, path))
        elif not path.is_file():
            reader.report(film, 1, *fault("captions_missing", words=path.name))
    return [str(each) for each in reader.faults]


def _command(clip: SourceClip, look: FilmLook, rendition: Rendition, stamp: Path | None) -> list[str]:
    """Return how ffmpeg is to encode the clip; so long a film gets fewer bits that no git host would take it else."""
    seen = f"[0:v:0]{STEADY},{clip.colours},{look.chain.format(width=rendition.width, height=rendition.height)}"
    margin = rendition.width // 26
    chain = f"{seen}[seen];[seen][1:v]overlay=W-w-{margin}:H-h-{margin}:format=gbrp" if stamp else seen
    sound = ["-map", "0:a:0", "-c:a", "aac", "-b:a", str(SOUND), "-ac", "1"] if clip.sound else ["-an"]
    most = min(rendition.most, int(films.LARGEST * 0.9 * 8 / clip.seconds) - SOUND)
    return [
        *("-y", "-v", "error", "-nostats", "-progress", "pipe:1", "-i", str(clip.path)),
        *(("-i", str(stamp)) if stamp else ()),
        *("-filter_complex", f"{chain},{AS_BT709}[shown]", "-map", "[shown]", *sound),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"),
        *("-c:v", "libx264", "-profile:v", "main", "-preset", "slow", "-crf", str(rendition.crf)),
        *("-maxrate", str(most), "-bufsize", str(2 * most), "-movflags", "+faststart"),
    ]


def _encoded(clip: SourceClip, made: Path, command: list[str]) -> Iterator[float]:
    """Encode, and yield the share that is done. What ffmpeg says may quote tags in any encoding."""
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen([_program(), *command, str(made)], stdout=pipe, stderr=told) as process,  # noqa: S603
    ):
        for line in process.stdout or ():
            if at := re.match(rb"out_time_us=(\d+)", line):
                yield min(int(at[1]) / 1e6 / clip.seconds, 0.99)
        process.wait()
        told.seek(0)
        said = told.read().decode(errors="replace")
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


def _ffmpeg(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([_program(), "-hide_banner", *arguments], capture_output=True)  # noqa: S603


def _must(done: subprocess.CompletedProcess[bytes]) -> None:
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Refusal(f"no poster can be made: {''.join(said[-1:])}")
