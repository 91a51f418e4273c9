"""What is in a film as a phone saved it: its seconds, its sound, its rate, and how its colours become ordinary ones."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from pathlib import Path

import av
from storefront.check.media.films import LONGEST
from storefront.read.media import films

from cunbo.core.refusal import Refusal
from cunbo.film import colours
from cunbo.film.words import say

SMOOTH = 30
"""Frames a second at most; of slow motion every so many are left out, so that what moves moves evenly."""
USUAL = Fraction(25)
"""Frames a second of a film that does not say."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp", ".tif", ".tiff"}
"""Endings of photographs, which FFmpeg would open as films of one picture."""
LISTS = {"concat", "dash", "hls", "sdp"}
"""Formats of FFmpeg that hold no film, and name others."""
LAST = 10.0
"""Seconds before a file's end from which its last packets are looked for."""


@dataclass(frozen=True)
class SourceClip:
    """A film as it was shot, or a part of it from `start`; `rate` is frames a second, `colours` are filters.

    `track` is the number of its pictures among the streams of the file. `voice` is where its sound lies: None where it
    is silent, and another file than `path` where it was made apart; `levelled` where that has the loudness of films.
    """

    path: Path
    seconds: float
    voice: Path | None
    colours: str
    rate: Fraction = USUAL
    start: float = 0.0
    track: int = 0
    levelled: bool = False

    def shown(self, number: int, rate: Fraction) -> str:
        """Return filters that bring the pictures of input `number` of a graph to ordinary ones, at an even rate.

        They last as long as the clip, whether they begin after its sound, have gaps, or end before it.
        """
        still = f"tpad=stop_mode=clone:stop_duration={self.seconds + 1:.3f}"
        even = f"fps={rate}:start_time=0,{still},trim=duration={self.seconds:.3f}"
        return f"[{number}:{self.track}]bwdif=mode=send_frame:deint=interlaced,{even},{self.colours}"


def probe(path: Path) -> SourceClip:
    """Read the film in a file, whatever tags it has; raises Refusal where there is none."""
    with opened(path) as (container, pictures, seconds):
        voice = path.absolute() if container.streams.audio else None
        ways, rate = colours.to_bt709(pictures.codec_context), steady(pictures.guessed_rate)
        return SourceClip(path.absolute(), seconds, voice, ways, rate, track=pictures.index)


@contextmanager
def opened(path: Path) -> Iterator[tuple[av.container.InputContainer, av.VideoStream, float]]:
    """Open a film's file, and yield it with its pictures and its seconds, 1 or more. Raises Refusal."""
    if path.is_dir():
        raise Refusal(say("folder", words=str(path)))
    if not path.is_file():
        raise Refusal(say("no_file", words=str(path)))
    if path.suffix.lower() in PICTURES:
        raise Refusal(say("photograph", words=path.name))
    if not path.stat().st_size:
        raise Refusal(say("empty", words=path.name))
    try:
        in_parts = _is_in_parts(path)
        if films.is_cut(path) and not in_parts:
            raise Refusal(say("cut_off", words=path.name))
        with av.open(str(path.absolute()), metadata_errors="replace") as container:  # a:b.mp4 would be a protocol
            if container.format.name in LISTS:
                raise ValueError("a list of films")
            if container.format.name == "image2" or container.format.name.endswith("_pipe"):
                raise Refusal(say("photograph", words=path.name))
            pictures = films.picture_of(container)
            if pictures is None:
                raise Refusal(say("blind", words=path.name))
            known = container.duration if "mp4" in container.format.name and not in_parts else None
            seconds = known / av.time_base if known else _counted(container)
            if seconds < 1:
                raise Refusal(say("short", words=path.name))
            yield container, pictures, seconds
    except (av.error.FFmpegError, ValueError, OSError):
        raise Refusal(say("unread", words=path.name)) from None


def part(clip: SourceClip, start: float | None, end: float | None) -> SourceClip:
    """Return the clip from `start` to `end`, in seconds; raises Refusal where it has no such part, or one too long."""
    begins, ends = start or 0.0, clip.seconds if end is None else end
    name = clip.path.name
    if begins >= clip.seconds or ends > clip.seconds + 0.5:
        raise Refusal(say("late", words=name, seconds=f"{clip.seconds:.1f}"))
    ends = min(ends, clip.seconds)
    if ends - begins < 1:
        raise Refusal(say("brief", first=f"{begins:g}", last=f"{ends:g}"))
    if ends - begins > LONGEST:
        raise Refusal(say("long", words=name, hours=LONGEST // 3600))
    return replace(clip, start=clip.start + begins, seconds=ends - begins)


def steady(rate: Fraction | None) -> Fraction:
    """Return the frames a second that are kept of a film with so many: SMOOTH at most, and a whole part of them."""
    if not rate or rate <= 0:
        return USUAL
    kept = rate / max(1, ceil(rate / SMOOTH - Fraction(1, 100)))
    return kept if kept >= 1 else USUAL


def _is_in_parts(path: Path) -> bool:
    """Return whether a file is an MP4 of parts (fragmented), of which those are whole that were written."""
    with path.open("rb") as file:
        return b"mvex" in file.read(1 << 16)


def _counted(container: av.container.InputContainer) -> float:
    """Return the seconds of a film by its last packets: a recorder's clock may have begun anywhere, or it broke off."""
    begins, lasts = container.start_time or 0, container.duration or 0
    for at in (max(begins, begins + lasts - int(LAST * av.time_base)), begins):
        with suppress(av.error.FFmpegError):  # what cannot be sought in is read from where it is
            container.seek(at)
        ends = (
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in container.demux()
            if packet.pts is not None and packet.time_base
        )
        found = max(ends, default=0.0) - begins / av.time_base
        if found > 0:
            return found
    return 0.0
