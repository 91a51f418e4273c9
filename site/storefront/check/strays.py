"""Every file of the content folder is one that the shop publishes, and is what its name says it is."""

import codecs
import re
from collections.abc import Container
from pathlib import Path

from storefront.check import drawings
from storefront.read import files
from storefront.read.faults import fault
from storefront.read.forms import listed, shown
from storefront.read.media import pictures
from storefront.read.media.captions import TAG
from storefront.read.records import FOLDERS, ContentReader

OLD = re.compile(r".*(?:~|\.(?:bak|old|orig|tmp|save|rej))|.* (?:copy|副本).*", re.IGNORECASE)
ODD = re.compile(r"[<>\"'`&]")
NO_CUE = re.compile(
    r"<[A-Za-z/!?][^\s<>]*|^STYLE\s*$|^REGION\s*$|::cue|url\(|(?:javascript|data|vbscript):(?=\S)", re.IGNORECASE
)
"""What is no word that is said: HTML, styles, and addresses that run."""


def check(reader: ContentReader, looked_at: Container[Path]) -> None:
    """Report every file that is none of the shop's, or not what it is called; `looked_at` are pictures told already."""
    for path in files.walk(reader.content):
        if not files.is_known(reader.content, path):
            stray(reader, path)
            continue
        if ODD.search(path.name) or not path.name.isprintable():
            reader.report(path, 1, *fault("name", words=shown(path.name)))
        suffix = path.suffix.lower()
        if suffix in pictures.DRAWINGS:
            for unfit in drawings.check(path.read_bytes()):
                reader.report(path, unfit.line, *fault(unfit.name, words=unfit.words))
        elif suffix in pictures.PHOTOGRAPHS and path not in looked_at:
            photograph(reader, path)
        elif suffix == ".mp4":
            clip(reader, path)
        elif suffix == ".vtt":
            captions(reader, path)


def stray(reader: ContentReader, path: Path) -> None:
    """Report a file that the shop does not publish."""
    parts = path.relative_to(reader.content).parts
    folder = parts[0] if len(parts) > 1 else ""
    kinds = files.allowed(folder) if folder else sorted(files.ROOT)
    name = "stray"
    if files.leads_out(reader.content, path):
        name = "link_out"
    elif OLD.fullmatch(path.name):
        name = "copy"
    elif folder and folder not in FOLDERS:
        name, kinds = "stray_folder", sorted(FOLDERS)
    where = "/".join(part for part in (reader.content.resolve().name, folder) if part)
    reader.report(path, 1, *fault(name, words=shown(path.name), folder=where, kinds=listed(kinds)))


def photograph(reader: ContentReader, path: Path) -> None:
    """Report what is called a photograph and cannot be read as one."""
    try:
        pictures.check(path, 0)
    except pictures.UnfitPicture as unfit:
        reader.report(path, 1, unfit.what, unfit.remedy)


def clip(reader: ContentReader, path: Path) -> None:
    """Report what is called a film and is a page; an empty one is told where it is named."""
    with path.open("rb") as opened:
        head = opened.read(64)
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        reader.report(path, 1, *fault("clip", words=shown(path.name)))


def captions(reader: ContentReader, path: Path) -> None:
    """Report what captions may not hold; whether they can be read is told with their film."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if found := NO_CUE.search(TAG.sub("", line)):
            reader.report(path, number, *fault("captions", words=shown(found[0])))
