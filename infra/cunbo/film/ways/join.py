"""Several clips and a list of cuts, made into one film: each cut in one shape, rate and loudness, then joined."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from storefront.read.messages import LANGUAGES

from cunbo.film import encode, finish, lettering, soundtrack
from cunbo.film.colours import AS_BT709
from cunbo.film.encode import FilterGraph, Tell
from cunbo.film.finish import ClipFiles, FilmOrder
from cunbo.film.looks import FrameShape, framed
from cunbo.film.probe import probe
from cunbo.film.soundtrack import HeardPart
from cunbo.film.ways import cuts
from cunbo.film.ways.cuts import CutList, FilmCut

NEAR_LOSSLESS = ("-c:v", "libx264", "-preset", "superfast", "-crf", "8", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le")


def join(made: CutList, order: FilmOrder, files: ClipFiles, tell: Tell) -> list[Path]:
    """Make one film of a list of cuts, with its captions, and return the paths. Raises Refusal."""
    order = replace(order, title=order.title or made.title)
    texts = {files.folder / f"{files.name}-{lang}.vtt": cuts.vtt(made, order.lead, lang) for lang in LANGUAGES}
    texts = {path: text for path, text in texts.items() if text}
    files.spare(texts)
    files.check(files.folder / "no clip of this folder")
    with joined(made, order.shape, files.folder, tell) as master:
        written = finish.make(probe(master), order, files, tell)
    with encode.writing(files.folder):
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    return [*written, *texts]


@contextmanager
def joined(made: CutList, shape: FrameShape, folder: Path, tell: Tell) -> Iterator[Path]:
    """Put the cuts together, near lossless, into a film that lies in a folder of its own until the block ends."""
    rate = max(cut.clip.rate for cut in made.cuts)
    with encode.desk(folder) as desk:
        pieces = [_piece(cut, shape, rate, desk / f"{number}.mkv", tell) for number, cut in enumerate(made.cuts)]
        order, master = desk / "pieces.txt", desk / "joined.mkv"
        order.write_text("".join(f"file '{path.name}'\n" for path in pieces), encoding="utf-8")
        encode.ask("-y", "-f", "concat", "-i", str(order), "-c", "copy", str(master))
        for path in pieces:
            path.unlink()
        yield master


def _piece(cut: FilmCut, shape: FrameShape, rate: Fraction, path: Path, tell: Tell) -> Path:
    """Make one cut in the film's shape and rate, with the card before it and sound as long as its pictures."""
    graph, clip = FilterGraph(), cut.clip
    where = ["-ss", f"{clip.start:.3f}"] if clip.start else []
    number = graph.read(clip.path, *where, "-t", f"{clip.seconds:.3f}")
    shown = graph.add(f"{clip.shown(number, rate)},{framed(shape)},{AS_BT709}", "clip")
    before = 0.0
    if cut.title:
        card = path.with_suffix(".card.mkv")
        frames = lettering.faded(lettering.title_card(cut.title, shape.large), float(rate))
        before = encode.write_lossless(frames, card, rate)
        title = graph.add(f"[{graph.read(card)}:v:0]fps={rate},{AS_BT709},setsar=1", "card")
        shown = graph.add(f"{title}{shown}concat=n=2:v=1:a=0,fps={rate}", "whole")
    seconds = before + clip.seconds
    voice = soundtrack.level(HeardPart(clip.voice, clip.start, clip.seconds, before)) if clip.voice else None
    heard = soundtrack.mix(graph, [voice] if voice else [], seconds)
    if heard is None:
        heard = graph.add(f"anullsrc=r=48000:cl=mono,atrim=0:{seconds:.3f}", "quiet")
    command = ["-y", *graph.inputs, "-filter_complex", ";".join(graph.filters), "-map", shown, "-map", heard]
    for share in encode.run([*command, *NEAR_LOSSLESS, "-ar", "48000", "-ac", "1", str(path)], seconds, clip.path.name):
        tell(clip.path.name, share)
    return path
