"""What a film must be to play on the phones that people have, and what its smaller rendition and chapters must be.

A film is judged by what is in its file. **To allow another codec, add it here**, once every browser that the shop is
for plays it (Chromium 86, iOS 14), and see that `build/media/films.py` can write it.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from storefront.check.media import captions
from storefront.read.faults import Said, fault
from storefront.read.forms import shown
from storefront.read.frontmatter import Node, child, entries, number_of, text_of
from storefront.read.media import films
from storefront.read.media.films import Film, UnfitFilm
from storefront.read.messages import LANGUAGES
from storefront.read.records import ContentReader, SourceRecord

CODECS, SOUNDS = {"h264"}, {"", "aac"}
"""By libav's names; "" is silence. HEVC, VP9 and AV1 stay black on some phones; all play these two."""
PIXELS = {"yuv420p", "yuvj420p"}
"""8 bits, 4:2:0: chips of phones decode nothing else of H.264."""
HDR, WIDE = {16, 18}, {9}
"""Transfer functions (PQ, HLG) and primaries (BT.2020) by H.273: dull or garish where a screen is an ordinary one."""
FASTEST = 60
"""Frames a second. Above it is slow motion: twice the data, which a screen of 60 Hz shows nothing of."""
LONG_SIDE, SHORT_SIDE = 1920, 1080
BITS = 5_000_000
"""Bits a second, sound included: what a phone in a village can still load while it plays."""
SHORTEST, LONGEST = 1, 7200
"""Seconds, as the catalogue has them."""
DRIFT = 1.0
"""Seconds by which a smaller rendition may be longer or shorter: encoders fill the last moments of sound."""
SKEW = 0.02
"""Share by which its shape may differ: its sides are whole, even numbers."""
NAMES = {
    "hevc": "HEVC (H.265)",
    "vp9": "VP9",
    "vp8": "VP8",
    "av1": "AV1",
    "mpeg4": "MPEG-4 Visual",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
}


def check(reader: ContentReader, videos: list[SourceRecord]) -> None:
    """Report clips, captions and chapters that are missing or not what they must be."""
    taken: dict[str, str] = {}
    for video in videos:
        film = check_clip(reader, video)
        node = video.get("clip")
        name = text_of(node)
        if node and name and taken.setdefault(name, f"{video.file}:{node.line}") != f"{video.file}:{node.line}":
            video.facts.report(node.line, *fault("clip_shared", words=name, place=taken[name]))
        check_captions(reader, video, film)
        check_chapters(video, film.end if film else None)


def check_clip(reader: ContentReader, video: SourceRecord) -> Film | None:
    """Report a clip or its smaller rendition that cannot be shown; return the film where there is one to be read."""
    folder, node = reader.content / video.folder, video.get("clip")
    name = text_of(node)
    if node is None or not name:
        return None
    report = partial(video.facts.report, node.line)
    if unfit := misnamed(folder, name):
        report(*unfit)
        return None
    small = folder / films.small_of(name)
    try:
        film = films.probe(folder / name)
        for unfit in unfitness(name, film):
            report(*unfit)
        if small.is_file():
            smaller = films.probe(small)
            for unfit in (*unfitness(small.name, smaller), *differences(small.name, smaller, film)):
                report(*unfit)
    except UnfitFilm as unread:
        report(unread.what, unread.remedy)
        return None
    return film


def first_fault(path: Path) -> tuple[Said, Said] | None:
    """Return the first reason why a film file cannot be shown, with its remedy; None where it can."""
    if path.suffix.lower() != films.SUFFIX:
        return fault("clip_ending", words=shown(path.name))
    try:
        return next(unfitness(path.name, films.probe(path)), None)
    except UnfitFilm as unread:
        return unread.what, unread.remedy


def misnamed(folder: Path, name: str) -> tuple[Said, Said] | None:
    """Return what is wrong with the name of a clip; None where a file of that name lies in the folder."""
    path = folder / name
    if "/" in name or "\\" in name:
        return fault("clip_elsewhere", words=shown(name))
    if path.is_file() and path.suffix == films.SUFFIX and is_there(path):
        return None
    if path.is_file() and path.suffix.lower() in {*films.OTHERS, films.SUFFIX} and is_there(path):
        return fault("clip_ending", words=shown(name))
    there = [each.name for each in sorted(folder.glob(f"*{films.SUFFIX}")) if each.is_file()]
    there = [name for name in there if not name.endswith(f"-small{films.SUFFIX}")]
    return fault("clip_missing", words=shown(name), there=", ".join(there[:8]) or "—")


def is_there(path: Path) -> bool:
    """Return whether the folder lists the file in just this spelling: some systems find jar.mp4 as Jar.MP4, too."""
    return any(each.name == path.name for each in path.parent.iterdir())


def unfitness(name: str, film: Film) -> Iterator[tuple[Said, Said]]:
    """Yield each reason why a film cannot be shown as it is, with its remedy."""

    def unfit(kind: str, **words: Any) -> tuple[Said, Said]:
        return fault(kind, file=name, **{key: str(value) for key, value in words.items()})

    if film.codec not in CODECS:
        yield unfit("film_codec", words=NAMES.get(film.codec, film.codec.upper()))
    elif film.pixels not in PIXELS:
        yield unfit("film_depth", words=film.pixels)
    if film.transfer in HDR or film.primaries in WIDE:
        yield unfit("film_hdr")
    if film.sound not in SOUNDS:
        yield unfit("film_sound", words=film.sound.upper())
    if film.interlaced:
        yield unfit("film_interlaced")
    if film.rate > FASTEST + 0.5:
        yield unfit("film_rate", words=round(film.rate), most=FASTEST)
    sides = sorted((film.width, film.height))
    if sides[1] > LONG_SIDE or sides[0] > SHORT_SIDE:
        yield unfit("film_pixels", words=f"{film.width} × {film.height}", most=f"{LONG_SIDE} × {SHORT_SIDE}")
    if film.seconds < SHORTEST:
        yield unfit("film_short", words=f"{film.seconds:.1f}")
    elif film.seconds > LONGEST:
        yield unfit("film_long", words=round(film.seconds / 60), most=LONGEST // 60)
    elif film.size * 8 / film.seconds > BITS:
        yield unfit("film_bits", words=f"{film.size * 8 / film.seconds / 1e6:.1f}", most=f"{BITS / 1e6:.0f}")


def differences(name: str, small: Film, film: Film) -> Iterator[tuple[Said, Said]]:
    """Yield what makes the smaller rendition of a film none of it."""
    if abs(small.seconds - film.seconds) > DRIFT:
        yield fault("small_length", file=name, words=f"{small.seconds:.1f}", whole=f"{film.seconds:.1f}")
    if small.size >= film.size:
        yield fault("small_size", file=name)
    shape = film.width / film.height
    if abs(small.width / small.height - shape) > SKEW * shape:
        shapes = [f"{one.width} × {one.height}" for one in (small, film)]
        yield fault("small_shape", file=name, words=shapes[0], whole=shapes[1])


def check_captions(reader: ContentReader, video: SourceRecord, film: Film | None) -> None:
    """Report captions that are missing in a language, or not what they must be."""
    fields = video.facts.fields
    for path in (reader.content / video.folder / f"{video.id}-{language}.vtt" for language in LANGUAGES):
        if path.is_file():
            text = reader.text(path)
            if text is not None:
                captions.check(text, film.end if film else None, partial(reader.report, path))
        elif fields:
            video.facts.report(fields.line, *fault("captions_missing", words=path.name))


def check_chapters(video: SourceRecord, seconds: int | None) -> None:
    """Report chapters whose times do not rise within the clip of so many seconds; the first begins at 0."""
    latest = -1
    for chapter in entries(video.get("chapters")):
        node: Node | None = child(chapter, "at")
        at = number_of(node)
        if node is None or at is None:
            continue
        if at <= latest:
            video.facts.report(node.line, *fault("chapter_order", words=str(at)))
        elif latest < 0 and at:
            video.facts.report(node.line, *fault("chapter_first", words=str(at)))
        elif seconds and at >= seconds:
            video.facts.report(node.line, *fault("chapter_late", words=str(at), seconds=str(seconds)))
        latest = at
