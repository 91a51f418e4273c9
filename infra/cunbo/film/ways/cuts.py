"""A list of cuts: which parts of which clips make a film, in a small YAML file, and each fault of it with its line.

    title: 一坛辣白菜
    cuts:
      - {file: IMG_0012.MOV, from: 0:03, to: 0:08}
      - file: IMG_0013.MOV
        title: 第二天
        caption: {zh: 盐化进菜里。, en: The salt has gone into the leaves.}

`title` of the list stands on a card before the film, that of a cut on one before the cut. Captions become WebVTT.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from storefront.read import frontmatter
from storefront.read.faults import ContentFault, Report, Said, fault, quoted
from storefront.read.frontmatter import Fields, Items, Node, Scalar
from storefront.read.messages import LANGUAGES
from storefront.read.records import ContentReader

from cunbo.core.refusal import Refusal
from cunbo.film import lettering
from cunbo.film.probe import SourceClip, part, probe
from cunbo.film.ways import moments
from cunbo.film.words import say

KEYS, OF_CUT = ("title", "cuts"), ("file", "from", "to", "title", "caption")
MOST = 100
"""Cuts of a film."""


@dataclass(frozen=True)
class FilmCut:
    """A part of a clip, what stands on a card before it, and its caption in each language."""

    clip: SourceClip
    title: str = ""
    caption: Said | None = None


@dataclass(frozen=True)
class CutList:
    """What a film is put together from: its title, its cuts in their order."""

    title: str
    cuts: tuple[FilmCut, ...]


class BadCutList(Exception):
    """A list of cuts has faults."""

    def __init__(self, faults: list[ContentFault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def read(path: Path) -> CutList:
    """Read a list of cuts; the clips lie beside it. Raises BadCutList, or Refusal where there is no file."""
    if not path.is_file():
        raise Refusal(say("no_file", words=str(path)))
    reader = ContentReader(path.parent)
    text = reader.text(path)
    report = partial(reader.report, path)
    root = frontmatter.parse(text, report) if text is not None else None
    made = _list(root, path.parent, report) if not reader.faults else None
    if made is None or reader.faults:
        raise BadCutList(sorted(reader.faults, key=lambda each: each.line))
    return made


def vtt(made: CutList, lead: float, lang: str) -> str:
    """Return the captions of a film as WebVTT, of which the first cut begins after `lead` seconds; "" without any."""
    at, cues = lead, []
    for cut in made.cuts:
        begins = at + (lettering.CARD if cut.title else 0)
        at = begins + cut.clip.seconds
        if cut.caption:
            words = getattr(cut.caption, lang).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            cues.append(f"{_stamp(begins)} --> {_stamp(max(begins + 0.5, at - 0.05))}\n{words}\n")
    return "\n".join(["WEBVTT\n", *cues]) if cues else ""


def _stamp(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _list(root: Node | None, folder: Path, report: Report) -> CutList | None:
    if not isinstance(root, Fields):
        report(root.line if root else 1, *fault("cuts_form"))
        return None
    _known(root, KEYS, report)
    cuts = root.fields.get("cuts")
    if not isinstance(cuts, Items) or not cuts.entries:
        report(root.lines.get("cuts", root.line), *fault("cuts_none"))
        return None
    if len(cuts.entries) > MOST:
        report(cuts.line, *fault("cuts_many", words=str(len(cuts.entries)), most=str(MOST)))
        return None
    title = _title(root, report)
    made = [cut for node in cuts.entries for cut in _cut(node, folder, report)]
    return CutList(title, tuple(made))


def _cut(node: Node, folder: Path, report: Report) -> Iterator[FilmCut]:
    """Yield the cut, if it has no fault."""
    if not isinstance(node, Fields):
        report(node.line, *fault("cut_form"))
        return
    _known(node, OF_CUT, report)
    start, end = (_moment(node, name, report) for name in ("from", "to"))
    title, caption = _title(node, report), _caption(node, report)
    named = node.fields.get("file")
    if not isinstance(named, Scalar) or not named.written.strip():
        report(named.line if named else node.line, *fault("cut_no_file"))
        return
    path = folder / named.written.strip()
    if not path.is_file():
        report(named.line, *fault("cut_file", words=named.written.strip()))
        return
    try:
        whole = probe(path)
    except Refusal:
        report(named.line, *fault("cut_film", words=path.name))
        return
    begins, ends = start or 0.0, whole.seconds if end is None else end
    length = moments.written(whole.seconds)
    for name, at, late in (("from", begins, begins >= whole.seconds), ("to", ends, ends > whole.seconds + 0.5)):
        if late:
            line = node.lines.get(name, node.line)
            report(line, *fault("cut_late", words=path.name, name=name, at=moments.written(at), length=length))
            return
    if ends - begins < 1:
        report(node.lines.get("to", node.lines.get("from", node.line)), *fault("cut_order"))
        return
    yield FilmCut(part(whole, begins, ends), title, caption)


def _known(node: Fields, keys: tuple[str, ...], report: Report) -> None:
    for name, line in node.lines.items():
        if name not in keys:
            report(line, *fault("cut_key", words=name, keys=", ".join(keys)))


def _moment(node: Fields, name: str, report: Report) -> float | None:
    said = node.fields.get(name)
    if said is None:
        return None
    seconds = moments.seconds_of(said.written) if isinstance(said, Scalar) else None
    if seconds is None:
        words = quoted(said.written) if isinstance(said, Scalar) else Said("一组内容", "a list or mapping")
        report(said.line, *fault("cut_time", name=name, words=words))
    return seconds


def _title(node: Fields, report: Report) -> str:
    said = node.fields.get("title")
    if said is None:
        return ""
    words = said.written if isinstance(said, Scalar) else ""
    try:
        return "|".join(lettering.title_lines(words))
    except Refusal:
        report(said.line, *fault("cut_title", words=quoted(words), most=str(lettering.LONGEST)))
        return ""


def _caption(node: Fields, report: Report) -> Said | None:
    said = node.fields.get("caption")
    if said is None:
        return None
    words = [said.fields.get(lang) for lang in LANGUAGES] if isinstance(said, Fields) else []
    texts = [" ".join(one.written.split()) for one in words if isinstance(one, Scalar)]
    if len(texts) != len(LANGUAGES) or not all(texts) or set(getattr(said, "fields", ())) - {*LANGUAGES}:
        report(said.line, *fault("cut_caption"))
        return None
    return Said(**dict(zip(LANGUAGES, texts, strict=True)))
