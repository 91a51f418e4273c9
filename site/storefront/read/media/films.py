"""Film files of content: what is in them, asked of the bytes and never of the name, and their packets laid bare.

A film is opened as MP4 alone: libav reads other formats too, and some of those name further files and hosts.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import av
from av.bitstream import BitStreamFilterContext
from av.stream import Disposition

from storefront.read.faults import Said, fault
from storefront.read.media import kinds

SUFFIX = ".mp4"
OTHERS = {".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".wmv", ".flv", ".mts", ".ts", ".mpg"}
"""Endings of films that no page plays."""
LARGEST = 100_000_000
"""Bytes. What hosts of git repositories take, so no village's content could be kept in one with a larger film."""
BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}
"""What the first box of an MP4 or QuickTime file may be."""
BARE = "filter_units=remove_types=6"
"""Takes units of H.264 that are no picture (SEI) out: camcorders write day and place of filming there."""
Packet: TypeAlias = "av.Packet[Any]"


class UnfitFilm(Exception):
    """The file is no film that can be published: what it is, and what to do."""

    def __init__(self, what: Said, remedy: Said) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}: {remedy}")


class Film(NamedTuple):
    """A film as its file has it: codecs by libav's names (`sound` is empty where it is silent), `pixels` likewise.

    `rate` is frames a second, `size` bytes; `transfer` and `primaries` are the numbers by which H.273 says what its
    colours mean.
    """

    codec: str
    sound: str
    pixels: str
    width: int
    height: int
    rate: float
    transfer: int
    primaries: int
    interlaced: bool
    seconds: float
    size: int

    @property
    def whole_seconds(self) -> int:
        """Its length as pages tell it."""
        return max(1, round(self.seconds))

    @property
    def end(self) -> int:
        """The last whole second by which all that is said in it has been said."""
        return math.ceil(round(self.seconds, 1))


def small_of(clip: str) -> str:
    """Return the name of a clip's smaller rendition, whether or not there is one."""
    return re.sub(r"(\.\w+)$", r"-small\1", clip)


def probe(path: Path) -> Film:
    """Return what is in a film's file; read again only where its time or size has changed. Raises UnfitFilm."""
    try:
        about = path.stat()
        return _probed(path, about.st_mtime_ns, about.st_size)
    except OSError as error:
        words = error.strerror or type(error).__name__
        raise UnfitFilm(*fault("film_locked", words=path.name, error=words)) from None


@lru_cache(maxsize=512)
def _probed(path: Path, _changed: int, size: int) -> Film:
    if not size:
        raise UnfitFilm(*fault("film_empty", words=path.name))
    if size > LARGEST:
        raise UnfitFilm(*fault("film_size", words=path.name, size=f"{size / 1e6:.0f}", most=f"{LARGEST / 1e6:.0f}"))
    with path.open("rb") as opened:
        head = opened.read(kinds.HEAD)
    if is_cut(path):
        raise UnfitFilm(*fault("film_cut", words=path.name))
    try:
        with opened_film(path) as container:
            film = _looked_into(container, size)
    except (av.error.FFmpegError, ValueError, OverflowError):
        kind = kinds.kind_of(head)
        if kind not in ("", kinds.MP4, kinds.QUICKTIME):
            raise UnfitFilm(*fault("film_kind", words=path.name, kind=kind)) from None
        raise UnfitFilm(*fault("film_unread", words=path.name)) from None
    if film is None:
        raise UnfitFilm(*fault("film_blind", words=path.name))
    return film


def opened_film(path: Path) -> av.container.InputContainer:
    """Open an MP4 or QuickTime file, whatever tags are in it; raises av.error.FFmpegError."""
    return av.open(str(path), format="mov", metadata_errors="replace")


def tags_of(path: Path) -> set[str]:
    """Return the names of the tags of a film's file, in capitals; none where it cannot be read."""
    try:
        with opened_film(path) as film:
            return {name.upper() for name in film.metadata}
    except (av.error.FFmpegError, ValueError, OSError):
        return set()


def picture_of(container: av.container.InputContainer) -> av.VideoStream | None:
    """Return the film's pictures, which a cover is none of; None where there are none."""
    streams = (stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic)
    return next(streams, None)


def bare(container: av.container.InputContainer, out: av.VideoStream | None = None) -> Iterator[tuple[Packet, bool]]:
    """Yield the packets of the film's pictures and first sound, each with whether it is of pictures.

    Those hold nothing but pictures; where they go to a stream `out`, it is told of their new form. Raises
    av.error.FFmpegError for what cannot be taken apart.
    """
    pictures = picture_of(container)
    if pictures is None:
        return
    cleaner = BitStreamFilterContext(BARE, pictures, out) if pictures.codec_context.name == "h264" else None
    for packet in container.demux(pictures, *container.streams.audio[:1]):
        seen = packet.stream is pictures
        if packet.dts is None:  # the end of a stream
            continue
        if not (cleaner and seen):
            yield packet, seen
            continue
        base = packet.time_base
        for cleaned in cleaner.filter(packet):
            cleaned.time_base = base
            yield cleaned, seen


def _looked_into(container: av.container.InputContainer, size: int) -> Film | None:
    """Return the film; None where the file has no moving picture. Reads all packets, and decodes the first picture."""
    pictures = picture_of(container)
    if pictures is None:
        return None
    codec = pictures.codec_context
    if codec is None or codec.format is None:
        raise ValueError("pictures of an unknown kind")
    begins, ends, count = math.inf, -math.inf, 0
    for packet, seen in bare(container):
        if seen and packet.pts is not None:
            begins, ends = min(begins, packet.pts), max(ends, packet.pts + (packet.duration or 0))
            count += 1
    seconds = float((ends - begins) * (pictures.time_base or 0)) if count else 0.0
    container.seek(0)
    first = next(container.decode(pictures), None) if count else None
    if first is None:
        raise ValueError("no picture can be decoded")
    sound = container.streams.audio[0].codec_context if container.streams.audio else None
    return Film(
        codec=codec.codec.canonical_name,
        sound=sound.codec.canonical_name if sound else "?" if container.streams.audio else "",
        pixels=codec.format.name,
        width=codec.width,
        height=codec.height,
        rate=count / seconds if seconds else 0.0,
        transfer=int(codec.color_trc),
        primaries=int(codec.color_primaries),
        interlaced=first.interlaced_frame,
        seconds=seconds,
        size=size,
    )


def is_cut(path: Path) -> bool:
    """Return whether an MP4 file ends before its boxes do, as one does that is still being copied."""
    at, size = 0, path.stat().st_size
    with path.open("rb") as opened:
        while at + 8 <= size:
            opened.seek(at)
            head = opened.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:
                length = int.from_bytes(head[8:16], "big")
            if length < 8 or (at == 0 and head[4:8] not in BOXES):  # 0: to the end of the file; else no box
                return False
            at += length
    return at > size
