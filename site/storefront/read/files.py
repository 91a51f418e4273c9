"""Which files of the content folder the shop reads: an allow-list by folder. All else is a stray.

Of these only the records, and what they name, are published (`named_by`): a picture that no record names stays at home.
**To publish another kind of file, add its suffix here**, and what such a file may hold to `check/strays.py`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Picture

from storefront.read.addresses import path_of
from storefront.read.media.films import small_of
from storefront.read.media.pictures import DRAWINGS, PHOTOGRAPHS
from storefront.read.messages import LANGUAGES
from storefront.read.records import FOLDERS

TEXTS = {".md"}
RECORDS = {*TEXTS, ".yml"}
"""What records are written in."""
PICTURES = {*DRAWINGS, *PHOTOGRAPHS}
FILMS = {".mp4", ".vtt"}
ROOT = {"index.md", "index.en.md", "shop.yml", "people.yml"}
"""What may lie in content/ itself."""
SEEN = {
    *(".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdx", ".html", ".htm", ".xhtml", ".shtml", ".mht", ".mhtml"),
    *(".js", ".mjs", ".css", ".wasm", ".php", ".yml", ".yaml"),
}
"""Endings of what is written to be a page, or a part of one: whoever put it there meant it to be seen."""
OPEN = re.compile(
    r"\.gitkeep|\..*\.sw[a-p]|\.#.*|#.*#|\.~lock\..*#|\.goutputstream-\w+",
    re.IGNORECASE,
)
"""Names of files that are there while somebody writes (Vim, Emacs, LibreOffice, GNOME); and git's mark of a folder."""
LEFT = re.compile(
    r"\.DS_Store|\._.*|\.localized|Thumbs\.db|ehthumbs\.db|desktop\.ini|\.directory|~\$.*",
    re.IGNORECASE,
)
"""Names of files that macOS, Windows, KDE and Word make and forget."""


def walk(content: Path) -> Iterator[Path]:
    """Yield every file below the folder but OPEN ones, by name.

    Folders that are links, or hidden, are files here, and not entered: some hold a whole history.
    """
    for folder, folders, names in os.walk(content):
        closed = [name for name in folders if name.startswith(".") or (Path(folder) / name).is_symlink()]
        folders[:] = sorted(set(folders) - set(closed))
        for name in sorted((*names, *closed)):
            if not OPEN.fullmatch(name):
                yield Path(folder) / name


def allowed(folder: str) -> list[str]:
    """Return the suffixes of files that may lie in a folder of content/; none for a folder that the shop has not."""
    return sorted(TEXTS | PICTURES | (FILMS if folder == "videos" else set())) if folder in FOLDERS else []


def leads_out(content: Path, path: Path) -> bool:
    """Return whether a file is a link to a place outside the content folder, or to a folder."""
    return path.is_symlink() and (
        path.is_dir() or not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(content))
    )


def is_hidden(content: Path, path: Path) -> bool:
    """Return whether the file, or a folder that it lies in, has a name that systems do not show."""
    return any(part.startswith(".") for part in path.relative_to(content).parts)


def is_known(content: Path, path: Path) -> bool:
    """Return whether the file is one that the shop reads, by its name and place."""
    parts = path.relative_to(content).parts
    if LEFT.fullmatch(path.name) or is_hidden(content, path) or not path.is_file() or leads_out(content, path):
        return False
    if len(parts) == 1:
        return path.name in ROOT
    if path.suffix.lower() not in allowed(parts[0]):
        return False
    if path.suffix.lower() in PICTURES:  # which may lie in folders of their own; and cameras write .JPG
        return True
    return len(parts) == 2 and path.suffix == path.suffix.lower()


def named_by(content: Path, catalog: Catalog) -> set[Path]:
    """Return the files that the fields of the catalogue's records name; those that texts name are not among them."""
    found = {content / path_of(picture.src).lstrip("/") for picture in pictures_in(catalog)}
    return found.union(*(films(content, video.id, video.clip) for video in catalog.videos))


def films(content: Path, video: str, clip: str) -> set[Path]:
    """Return the files that a video names, by its id and its clip: the film, its smaller rendition, its captions."""
    found = {clip, small_of(clip), *(f"{video}-{lang}.vtt" for lang in LANGUAGES)}
    return {path for name in found if (path := content / "videos" / name).is_file()}


def pictures_in(value: Any) -> Iterator[Picture]:
    """Yield the pictures in a record, or in all of a catalogue's."""
    if isinstance(value, Picture):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from pictures_in(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from pictures_in(one)
