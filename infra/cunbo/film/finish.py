"""From pictures and sound to the files of a film's page: a look laid on, two sizes encoded in one go, a poster taken.

`finish` takes a film that was drawn or put together; `make` one that a phone has saved. Both do the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

from PIL import Image
from storefront.check.media import captions as caption_rules
from storefront.read.faults import fault, listed
from storefront.read.media import films
from storefront.read.messages import LANGUAGES
from storefront.read.records import ContentReader

from cunbo.core.refusal import Refusal
from cunbo.film import encode, leader, lettering, patina, soundtrack
from cunbo.film.colours import AS_BT709
from cunbo.film.encode import FilterGraph, Tell
from cunbo.film.looks import LOOKS, SHAPES, FilmLook, FrameShape, Rendition, framed
from cunbo.film.probe import SourceClip, probe
from cunbo.film.sound import beds
from cunbo.film.soundtrack import HeardPart
from cunbo.film.words import say

ENDING = 4.0
"""Seconds that a last card stays: time enough to lift a phone."""


@dataclass(frozen=True)
class FilmOrder:
    """How a film is to look and sound: `bed` is one of BEDS, `clunks` are the seconds at which slides change.

    A `lean` film's small rendition takes at most 1.2 MB a minute.
    """

    look: FilmLook = LOOKS["film"]
    shape: FrameShape = SHAPES["4:3"]
    title: str = ""
    leader: bool = False
    bed: str = ""
    day: date | None = None
    lean: bool = False
    clunks: tuple[float, ...] = ()
    still: float | None = None
    """The second of the clip that is the poster (default: a third of it)."""
    ending: Image.Image | None = None
    """A last card, of the shape's large size, on which no look is laid."""
    rendition: Rendition | None = None
    """The one size to be made, where it is not the two of a page."""
    safe: tuple[int, int, int, int] | None = None
    """The box in which the title lies, where it is not the whole picture."""

    @property
    def sizes(self) -> tuple[Rendition, ...]:
        """Return the sizes to be made."""
        return (self.rendition,) if self.rendition else self.look.renditions(self.shape, self.lean)

    @property
    def more(self) -> float:
        """Return the seconds that the film is longer than the clip."""
        return self.lead + (ENDING if self.ending else 0)

    @property
    def lead(self) -> float:
        """Return the seconds before the clip begins."""
        return (leader.SECONDS if self.leader else 0) + (lettering.CARD if self.title else 0)


@dataclass(frozen=True)
class ClipFiles:
    """The files to be made of a clip: in `folder`, called after `name`; `force` writes over films that are there."""

    folder: Path
    name: str
    force: bool = False
    endings: tuple[str, ...] = (".mp4", "-small.mp4")

    @property
    def renditions(self) -> list[Path]:
        """Return the file of each rendition."""
        return [self.folder / f"{self.name}{ending}" for ending in self.endings]

    @property
    def poster(self) -> Path:
        """Return the file of the still picture."""
        return self.folder / f"{self.name}.jpg"

    def to_make(self, clip: Path) -> list[Path]:
        """Return the files that are to be made: a clip that lies there already keeps the poster that it has."""
        has_poster = self.poster.exists() and clip.resolve().with_suffix(".jpg") == self.poster.resolve()
        return self.renditions if has_poster else [*self.renditions, self.poster]

    def check(self, clip: Path) -> None:
        """Raise Refusal where a file of the film would be written over without `force`."""
        self.spare(self.to_make(clip))

    def spare(self, paths: Iterable[Path]) -> None:
        """Raise Refusal where one of these files is there and would be written over without `force`."""
        there = [path.name for path in paths if path.exists()]
        if there and not self.force:
            raise Refusal(say("written_over", words=listed(there), folder=str(self.folder)))


def finish(pictures: Path, sound: Path | None, order: FilmOrder, files: ClipFiles, tell: Tell) -> list[Path]:
    """Make both renditions and the poster of a lossless film, and return their paths.

    `pictures` is a film that loses nothing (FFV1, RGB or BT.709), `sound` a file of its own, as long as the pictures
    and as loud as films are. Raises Refusal.
    """
    return make(replace(probe(pictures), voice=sound, levelled=True), order, files, tell)


def make(clip: SourceClip, order: FilmOrder, files: ClipFiles, tell: Tell) -> list[Path]:
    """Make the renditions and the poster of a clip, and return their paths. Raises Refusal; then nothing is written.

    Calls `tell` with the film's name and the share of it that is done, from 0 to 1.
    """
    files.check(clip.path)
    to_make = files.to_make(clip.path)
    with encode.desk(files.folder) as desk:
        graph = FilterGraph()
        shown, before = _pictures(graph, clip, order, desk)
        seconds = before + clip.seconds + (ENDING if order.ending else 0)
        parts = _heard(clip, order, before, desk)
        heard = soundtrack.mix(graph, parts, seconds, pop=order.leader)
        sizes = [
            (replace(each, most=encode.most_bits(each, seconds)), desk / path.name)
            for each, path in zip(order.sizes, files.renditions, strict=True)
        ]
        command = encode.render(graph, shown, heard, seconds, sizes)
        for share in encode.run(command, seconds, f"{files.name} ({clip.path.name})"):
            tell(files.name, share)
        still, at = desk / files.poster.name, before + (clip.seconds / 3 if order.still is None else order.still)
        encode.ask("-y", "-ss", f"{at:.2f}", "-i", str(sizes[0][1]), "-frames:v", "1", "-q:v", "3", str(still))
        for path in to_make:
            (desk / path.name).replace(path)
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


def _pictures(graph: FilterGraph, clip: SourceClip, order: FilmOrder, desk: Path) -> tuple[str, float]:
    """Add all that is seen to the graph; return its label, and the seconds of countdown and title before the clip."""
    look = order.look
    rate = Fraction(look.rate) if look.rate and look.rate < clip.rate else clip.rate
    where = ["-ss", f"{clip.start:.3f}"] if clip.start else []
    number = graph.read(clip.path, *where, "-t", f"{clip.seconds:.3f}")
    chain = clip.shown(number, rate)
    if look.fixed:
        return graph.add(f"{chain},{look.chain}", "looked"), 0.0
    size = order.shape.large
    shown = graph.add(f"{chain},{framed(order.shape)}", "clip")
    before = 0.0
    drawn = []
    if order.leader:
        drawn.append(("leader", leader.frames(size, float(rate))))
    if order.title:
        drawn.append(("title", lettering.faded(lettering.title_card(order.title, size, order.safe), float(rate))))
    labels = []
    for name, frames in drawn:
        path = desk / f"{name}.mkv"
        before += encode.write_lossless(frames, path, rate)
        labels.append(graph.add(f"[{graph.read(path)}:v:0]fps={rate},{AS_BT709},setsar=1", name))
    if labels:
        shown = graph.add(f"{''.join(labels)}{shown}concat=n={len(labels) + 1}:v=1:a=0,fps={rate}", "whole")
    shown = _look(graph, shown, order, desk, (rate, before + clip.seconds))
    if order.ending:
        path = desk / "ending.png"
        order.ending.save(path)
        stays = f"tpad=stop_mode=clone:stop_duration={ENDING},fps={rate},trim=0:{ENDING}"
        aged = graph.add(f"{shown}{AS_BT709},setsar=1", "aged709")
        last = graph.add(f"[{graph.read(path)}:v:0]{AS_BT709},setsar=1,{stays}", "last")
        shown = graph.add(f"{aged}{last}concat=n=2:v=1:a=0,fps={rate}", "ended")
    return shown, before


def _look(graph: FilterGraph, shown: str, order: FilmOrder, desk: Path, length: tuple[Fraction, float]) -> str:
    """Lay the look on what is shown, at so many frames a second and so many seconds; return the label of that."""
    look, (width, height), (rate, seconds) = order.look, order.shape.large, length
    chain = look.chain.format(width=width, height=height)
    if not chain.endswith("format=gbrp"):
        chain += ",format=gbrp"
    shown = graph.add(f"{shown}{chain}", "aged")
    count = max(1, round(seconds * rate))
    if look.shaken:
        path = desk / "tremble.mkv"
        images = (patina.tremble(n, width, height).convert("RGB") for n in range(min(count, patina.FRAMES)))
        encode.write_lossless(images, path, rate)
        moved = graph.add(f"[{graph.read(path, '-stream_loop', '-1')}:v:0]format=gbrp", "lines")
        still = graph.add(f"color=c=0x808080:s={width}x{height}:r={rate},format=gbrp", "still")
        shown = graph.add(f"{shown}{moved}{still}displace=edge=smear", "torn")
    if look.wear:
        path = desk / "wear.mkv"
        encode.write_lossless(patina.marks(look.wear, width, height, count), path, rate)
        marks = f"[{graph.read(path, '-stream_loop', '-1')}:v:0]"
        shown = graph.add(f"{shown}{marks}overlay=format=gbrp:shortest=1", "worn")
    if look.gate:
        path = desk / "gate.png"
        patina.gate(look.gate, width, height).save(path)
        shown = graph.add(f"{shown}[{graph.read(path)}:v:0]overlay=format=gbrp", "gated")
    if look.stamped and order.day:
        path, margin = desk / "stamp.png", width // 26
        lettering.stamp(order.day, width, look.stamped).save(path)
        place = f"x=W-w-{margin}:y=H-h-{margin}"
        shown = graph.add(f"{shown}[{graph.read(path)}:v:0]overlay={place}:format=gbrp", "dated")
    return shown


def _heard(clip: SourceClip, order: FilmOrder, before: float, desk: Path) -> list[soundtrack.Levelled]:
    """Return what is heard, each part at its loudness: the clip's own sound, and the bed below it, or alone."""
    voice = None
    if clip.voice:
        own = HeardPart(clip.voice, clip.start, clip.seconds, before)
        voice = soundtrack.Levelled(own, "anull") if clip.levelled else soundtrack.level(own)
    parts = [voice] if voice else []
    if order.bed:
        looped = not order.clunks
        seconds = beds.LOOP if looped else clip.seconds
        path = beds.write(order.bed, desk / "bed.wav", seconds, order.clunks)
        whole = before + clip.seconds if looped else None
        at, down = 0.0 if looped else before, soundtrack.UNDER if voice else soundtrack.ALONE
        bed = soundtrack.level(HeardPart(path, seconds=whole, at=at, looped=looped, down=down))
        parts += [bed] if bed else []
    return parts
