"""Which files of the content folder the shop reads and publishes: an allow-list by folder. All else is a stray.

**To publish another kind of file, add its suffix here**, and what such a file may hold to `check/strays.py`. What an
editor or a system leaves behind by itself is passed over in silence, and published no more than a stray is.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from storefront.read.media.pictures import DRAWINGS, PHOTOGRAPHS
from storefront.read.messages import LANGUAGES
from storefront.read.records import FOLDERS

TEXTS = {".md"}
PICTURES = {*DRAWINGS, *PHOTOGRAPHS}
FILMS = {".mp4", ".vtt"}
ROOT = {"index.md", "index.en.md", "shop.yml"}
"""What may lie in content/ itself."""
LEFTOVER = re.compile(
    r"\.DS_Store|\._.*|\.localized|Thumbs\.db|ehthumbs\.db|desktop\.ini|\.gitkeep|\.directory"
    r"|\..*\.sw[a-p]|\.#.*|#.*#|~\$.*|\.~lock\..*#|\.goutputstream-\w+",
    re.IGNORECASE,
)
"""Names of files that macOS, Windows, Vim, Emacs, Word and LibreOffice make and forget; and git's mark of a folder."""


def walk(content: Path) -> Iterator[Path]:
    """Yield every file below the folder but leftovers, by name; folders that are links are files here, not entered."""
    for folder, folders, names in os.walk(content):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted((*names, *links)):
            if not LEFTOVER.fullmatch(name):
                yield Path(folder) / name


def allowed(folder: str) -> list[str]:
    """Return the suffixes of files that may lie in a folder of content/; none for a folder that the shop has not."""
    return sorted(TEXTS | PICTURES | (FILMS if folder == "videos" else set())) if folder in FOLDERS else []


def leads_out(content: Path, path: Path) -> bool:
    """Return whether a file is a link to a place outside the content folder, or to a folder."""
    return path.is_symlink() and (path.is_dir() or not path.resolve().is_relative_to(content.resolve()))


def is_known(content: Path, path: Path) -> bool:
    """Return whether the file is one that the shop reads or publishes, by its name and place."""
    parts = path.relative_to(content).parts
    if LEFTOVER.fullmatch(path.name) or not path.is_file() or leads_out(content, path):
        return False
    if len(parts) == 1:
        return path.name in ROOT
    if any(part.startswith(".") for part in parts) or path.suffix.lower() not in allowed(parts[0]):
        return False
    if path.suffix.lower() in PICTURES:  # which may lie in folders of their own; and cameras write .JPG
        # static-i18n would publish jar.en.jpg at another address, as the camera wrote it.
        return Path(path.stem).suffix[1:].lower() not in LANGUAGES
    return len(parts) == 2 and path.suffix == path.suffix.lower()


def pictures(content: Path) -> dict[str, Path]:
    """Return the pictures of a content folder by their addresses."""
    found = (path for path in walk(content) if path.suffix.lower() in PICTURES and is_known(content, path))
    return {f"/{path.relative_to(content).as_posix()}": path for path in found}
