"""Every file of the content folder is one that the shop reads, and is what its name says it is; what else lies there is
told.
"""

import re
import unicodedata
from collections.abc import Container
from pathlib import Path

from storefront.read import files
from storefront.read.faults import fault, listed
from storefront.read.forms import shown
from storefront.read.media import drawings, pictures
from storefront.read.media.captions import TAG
from storefront.read.records import FOLDERS, ContentReader

OLD = re.compile(r".*(?:~|\.(?:bak|old|orig|tmp|save|rej))|.* (?:copy|副本).*", re.IGNORECASE)
ODD = re.compile(r"[<>\"'`&]")
NO_CUE = re.compile(
    r"<[A-Za-z/!?][^\s<>]*|^STYLE\s*$|^REGION\s*$|::cue|url\(|(?:javascript|data|vbscript):(?=\S)", re.IGNORECASE
)
"""What is no word that is said: HTML, styles, and addresses that run."""


def check(reader: ContentReader, named: Container[Path]) -> None:
    """Report every file that is dangerous or surely a mistake, and what of those `named` is not what it is called.

    Whatever else lies there is told as a notice: it is not published, and harms nobody.
    """
    alike: dict[str, Path] = {}
    for path in files.walk(reader.content):
        name = unicodedata.normalize("NFC", path.relative_to(reader.content).as_posix()).casefold()
        if alike.setdefault(name, path) != path and path.suffix.lower() not in files.TEXTS:
            reader.report(path, 1, *fault("name_alike", words=shown(path.name), other=shown(alike[name].name)))
        if not files.is_known(reader.content, path):
            stray(reader, path)
        elif path.suffix.lower() not in files.RECORDS and path not in named:
            if not reader.faults:  # what a record names that has a fault is not known yet
                reader.notice(path, 1, *fault("idle", words=shown(path.name)))
        else:
            inside(reader, path)


def inside(reader: ContentReader, path: Path) -> None:
    """Report what a file that is published may not be called, and may not hold."""
    if ODD.search(path.name) or not path.name.isprintable():
        reader.report(path, 1, *fault("name", words=shown(path.name)))
    suffix = path.suffix.lower()
    if suffix in pictures.DRAWINGS:
        drawing(reader, path)
    elif suffix == ".vtt":
        captions(reader, path)


def stray(reader: ContentReader, path: Path) -> None:
    """Tell a file that the shop does not read: a fault where somebody meant it to be seen, or it leads elsewhere."""
    parts = path.relative_to(reader.content).parts
    folder = parts[0] if len(parts) > 1 else ""
    kinds = files.allowed(folder) if folder else sorted(files.ROOT)
    where = "/".join(part for part in (reader.content.resolve().name, folder) if part)
    suffix, words = path.suffix.lower(), shown(path.name)
    if files.leads_out(reader.content, path):
        reader.report(path, 1, *fault("link_out", words=words))
    elif files.LEFT.fullmatch(path.name):
        reader.notice(path, 1, *fault("idle_system", words=words))
    elif files.is_hidden(reader.content, path):
        reader.notice(path, 1, *fault("idle_hidden", words=words))
    elif not path.is_file() or suffix in files.SEEN:  # a pipe or a device is nobody's writing either
        name = "copy" if OLD.fullmatch(path.name) else "stray"
        if folder and folder not in FOLDERS:
            name, kinds = "stray_folder", sorted(FOLDERS)
        reader.report(path, 1, *fault(name, words=words, folder=where, kinds=listed(kinds)))
    elif OLD.fullmatch(path.name):
        reader.notice(path, 1, *fault("idle_copy", words=words))
    elif suffix in pictures.OTHERS:
        reader.notice(path, 1, *fault("idle_picture", words=words))
    elif suffix in files.PICTURES | files.FILMS:
        reader.notice(path, 1, *fault("idle_place", words=words, kinds=listed(sorted(FOLDERS))))
    else:
        reader.notice(path, 1, *fault("idle_stray", words=words))


def drawing(reader: ContentReader, path: Path) -> None:
    """Report what a drawing may not hold, each with its line, or why it cannot be drawn."""
    size, most = path.stat().st_size, drawings.LARGEST
    read = drawings.read(path.read_bytes()) if size <= most else drawings.Drawing(())
    size = max(size, len(read.clean))  # entities may stand for more
    if size > most:
        reader.report(path, 1, *fault("drawing_large", words=f"{size // 1000}", most=f"{most // 1000}"))
        return
    for unfit in read.unfit:
        reader.report(path, unfit.line, *fault(unfit.name, words=unfit.words))
    if not read.unfit:
        try:
            pictures.check_shape(path.name, read.width, read.height)
        except pictures.UnfitPicture as unshown:
            reader.report(path, 1, unshown.what, unshown.remedy)


def captions(reader: ContentReader, path: Path) -> None:
    """Report what captions may not hold; whether they can be read is told with their film."""
    for number, line in enumerate((reader.text(path) or "").split("\n"), 1):
        if found := NO_CUE.search(TAG.sub("", line)):
            reader.report(path, number, *fault("captions", words=shown(found[0])))
