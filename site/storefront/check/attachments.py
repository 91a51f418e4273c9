"""What must lie beside the records: their pictures, and films with their captions (`films.py`)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from chalicelib.catalog import Picture

from storefront.check.media import films
from storefront.read import files as content_files
from storefront.read.faults import Report, fault, phrase
from storefront.read.forms import instead_of, looks, shown
from storefront.read.frontmatter import Node, child, text_of
from storefront.read.media import kinds, pictures
from storefront.read.records import ContentReader, SourceRecord

PICTURES = pictures.DRAWINGS | pictures.PHOTOGRAPHS.keys()
Files = dict[str, None]
"""Names in their order, found at once."""
AROUND = "“”„‟「」『』＂‘’＇《》，、。 "
"""What a Chinese keyboard writes around a name."""


def check(reader: ContentReader, shelves: Mapping[str, list[SourceRecord]]) -> set[Path]:
    """Report every file that is missing or not what it must be.

    Returns the files that records name in their fields.
    """
    named: set[Path] = set()
    for folder, shelf in shelves.items():
        known = files(reader.content / folder, PICTURES)
        for record in shelf:
            for picture in record.facts.find(Picture):
                node = child(picture, "src")
                path = reader.content / folder / str(text_of(node))
                if node and is_other_kind(reader.content, path):
                    check_picture(path, pictures.LEAST, node.line, record.facts.report)
                elif lies(node, "picture", "src", known, record.facts.report):
                    named |= check_named(reader.content, path, pictures.LEAST, node.line, record.facts.report)
    films.check(reader, shelves["videos"])
    for video in shelves["videos"]:
        named |= content_files.films(reader.content, video.id, text_of(video.get("clip")) or "")
    return named


def check_photographs(reader: ContentReader, named: set[Path]) -> None:
    """Say which photographs that pages show could be better, once none of them must be another.

    A film's poster is as its film is, and a page of the shop's own shows what a screen does.
    """
    if reader.faults:
        return
    for path in sorted(named):
        folder = path.relative_to(reader.content).parts[0]
        if path.suffix.lower() in pictures.PHOTOGRAPHS and folder not in ("videos", "pages"):
            for what, remedy in pictures.hints(path):
                reader.notice(path, 1, what, remedy)


def files(folder: Path, suffixes: set[str]) -> Files:
    """Return the files below a folder that end in one of `suffixes`, in the order of their names."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    return dict.fromkeys(sorted(path.relative_to(folder).as_posix() for path in found))


def lies(node: Node | None, kind: str, field: str, known: Files, report: Report) -> TypeGuard[Node]:
    """Return whether the file that a field names is one of those `known` in the folder; report it if not."""
    name = text_of(node)
    if node is None or not name:
        return False
    if name.startswith("/") or ".." in name.split("/"):
        report(node.line, *fault("outside", field=field, words=shown(name), kind=phrase(kind)))
    elif name.strip(AROUND) in known and name not in known:
        report(node.line, *fault("quotes", fixed=f"{field}: {name.strip(AROUND)}"))
    elif name not in known:
        remedy = phrase("put_there_or", words=instead_of(name, known, remove=False)) if known else phrase("put_there")
        if any(looks(each) == looks(name) for each in known):
            remedy = instead_of(name, known)
        report(node.line, *fault("no_file", kind=phrase(kind), words=shown(name), remedy=remedy))
    return name in known


def is_other_kind(content: Path, path: Path) -> bool:
    """Return whether a file of the folder is there, and its ending is none of a picture that the shop reads."""
    within = Path(os.path.normpath(path)).is_relative_to(content)
    return path.suffix.lower() not in PICTURES and within and path.is_file()


def check_named(content: Path, path: Path, least: int, line: int, report: Report) -> set[Path]:
    """Report a picture that cannot be shown or published, or is less than `least` pixels wide; return it."""
    path = Path(os.path.normpath(path))
    if not path.is_relative_to(content) or not content_files.is_known(content, path):
        report(line, *fault("picture_place", words=path.name))
        return set()
    check_picture(path, least, line, report)
    return {path}


def check_picture(path: Path, least: int, line: int, report: Report) -> None:
    """Report a picture that cannot be shown, or is less than `least` pixels wide."""
    try:
        if path.suffix.lower() not in PICTURES:
            with path.open("rb") as file:
                raise pictures.other_kind(path.name, kinds.kind_of(file.read(kinds.HEAD)))
        pictures.check(path, least)
    except pictures.UnfitPicture as unfit:
        report(line, unfit.what, unfit.remedy)
