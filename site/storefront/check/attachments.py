"""What must lie beside the records: their pictures, and films with their captions (`films.py`)."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from chalicelib.catalog import Picture

from storefront.check import films
from storefront.read.faults import Report
from storefront.read.forms import instead_of, shown
from storefront.read.frontmatter import Node, child, split, text_of
from storefront.read.media import pictures
from storefront.read.records import ContentReader, SourceFile, SourceRecord

PICTURES = pictures.DRAWINGS | pictures.PHOTOGRAPHS.keys()
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
"""A picture that stands in Markdown: what it says to those who cannot see it, and its file."""
CODE = re.compile(r"^(?: {4}|\t).*|`[^`]*`")
"""What Markdown shows as it is typed."""
Files = dict[str, None]
"""Names in their order, found at once."""


def check(reader: ContentReader, shelves: Mapping[str, list[SourceRecord]]) -> set[Path]:
    """Report every file that is missing or not what it must be.

    Returns the pictures that records name.
    """
    looked_at: set[Path] = set()
    for folder, shelf in shelves.items():
        known = files(reader.content / folder, PICTURES)
        for record in shelf:
            for picture in record.facts.find(Picture):
                node = child(picture, "src")
                if lies(node, "picture", "src", known, record.facts.report):
                    path = reader.content / folder / str(text_of(node))
                    looked_at.add(path)
                    check_picture(path, pictures.LEAST, node.line, record.facts.report)
            for source in (record.facts, record.english):
                if source:
                    looked_at |= check_shown(reader.content / folder, source)
    films.check(reader, shelves["videos"])
    return looked_at


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
        report(node.line, f"{field} {shown(name)} leaves the folder", f"put the {kind} beside the file")
    elif name not in known:
        remedy = f"put it there, or {instead_of(name, known)}" if known else "put it there"
        report(node.line, f"there is no {kind} {shown(name)} beside the file", remedy)
    return name in known


def check_picture(path: Path, least: int, line: int, report: Report) -> None:
    """Report a picture that cannot be shown, or is less than `least` pixels wide."""
    try:
        pictures.check(path, least)
    except pictures.UnfitPicture as unfit:
        report(line, unfit.what, unfit.remedy)


def check_shown(folder: Path, source: SourceFile) -> set[Path]:
    """Report pictures in the text that are missing, cannot be shown, or lack a description for those who cannot see.

    Returns those that lie there.
    """
    looked_at = set()
    parts = split(source.text)
    before = parts.front.count("\n") if parts else 0
    for number, line in enumerate(parts.body.split("\n") if parts else (), before + 1):
        for alt, name in SHOWN.findall(CODE.sub("", line)):
            if not alt.strip():
                remedy = f"write it between the brackets: ![what it shows]({name})"
                source.report(number, f"the picture {name} says nothing to who cannot see it", remedy)
            path = folder / name
            if path.suffix.lower() not in PICTURES or not path.is_file():
                source.report(number, f"there is no picture {shown(name)}", "put it there, or mend its name")
            else:
                looked_at.add(path)
                check_picture(path, pictures.LEAST_IN_TEXT, number, source.report)
    return looked_at
