"""Pictures as pages load them: photographs in three formats and the sizes that the layout uses, and a card of each.

Whatever a camera wrote beside the picture, such as where it was taken, stays out of all of them. What is made is kept
by its source's content, so that a build makes only what is new. Drawings (SVG) are shown as they are.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import resvg_py
from PIL import Image, ImageOps

from storefront.read import files as content_files
from storefront.read.faults import fault
from storefront.read.media import pictures as sources
from storefront.read.media.pictures import DRAWINGS, PHOTOGRAPHS, UnfitPicture, open_upright

PLACE = "pictures"
"""The folder of the site that holds what is made."""
FORMATS: dict[str, dict[str, Any]] = {
    "avif": {"quality": 52, "speed": 6},
    "webp": {"quality": 72},
    "jpeg": {"quality": 76, "progressive": True, "optimize": True},
}
"""What a photograph is made into, smallest first, and how; a browser takes the first that it knows."""
WIDTHS = (400, 800, 1200, 1600)
"""Pixels: a card on a phone, a phone's width, and both on screens with more pixels to the point."""
CARD = (1200, 630)
"""Pixels of the card that other people's pages show, as Open Graph's readers want it."""
BLUR = (4, 3)
"""Patches of colour that stand in a photograph's place until it has come."""
NOTE, CLEAN = "shot.json", "clean"
LANCZOS = Image.Resampling.LANCZOS
WAY = b"".join(Path(path).read_bytes() for path in (__file__, sources.__file__)) + (
    f"{version('pillow')} {version('resvg-py')}".encode()
)
"""What decides, besides the picture itself, how all that is made of it looks."""


@dataclass(frozen=True)
class Shot:
    """One picture as templates use it.

    Its size in pixels; the address of its card; a photograph's addresses by format, each with its width in pixels; and
    the colours of its patches (#rrggbb), row by row. Drawings have none of these two.
    """

    width: int
    height: int
    card: str
    formats: dict[str, list[tuple[int, str]]]
    patches: list[str]

    def srcset(self, kind: str) -> str:
        """Return the addresses in one format, as the attribute `srcset` wants them."""
        return ", ".join(f"{address} {width}w" for width, address in self.formats[kind])


def make(content: Path, cache: Path, tell: Callable[[int, int], None] = lambda done, of: None) -> dict[str, Shot]:
    """Return every picture by its address, and make what the folder `cache` lacks.

    `tell` is called with how many of how many are done. Raises UnfitPicture.
    """
    found = content_files.pictures(content)
    shots = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for address, shot in zip(found, pool.map(lambda path: _made(path, cache), found.values()), strict=True):
            shots[address] = shot
            tell(len(shots), len(found))
    return shots


def files(content: Path, cache: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file that `make` made with its path in the site; a photograph's own address gets the clean copy."""
    for address, path in content_files.pictures(content).items():
        name = _digest(path)
        for made in (cache / name).iterdir():
            if made.name not in (NOTE, CLEAN):
                yield f"{PLACE}/{name}/{made.name}", made
        if path.suffix.lower() in PHOTOGRAPHS:
            yield address.lstrip("/"), cache / name / CLEAN


def _made(path: Path, cache: Path) -> Shot:
    """Return the picture from the cache, or make it there, by one rename, for another build may be doing the same."""
    folder = cache / _digest(path)
    if not (folder / NOTE).is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as desk:
            made = Path(desk) / folder.name
            made.mkdir()
            shot = _drawn(path, made) if path.suffix.lower() in DRAWINGS else _photographed(path, made)
            (made / NOTE).write_bytes(msgspec.json.encode(shot))
            with suppress(OSError):
                made.rename(folder)
    note = msgspec.json.decode((folder / NOTE).read_bytes(), type=Shot)
    at = f"/{PLACE}/{folder.name}"
    formats = {kind: [(width, f"{at}/{name}") for width, name in sizes] for kind, sizes in note.formats.items()}
    return replace(note, card=f"{at}/{note.card}", formats=formats)


def _drawn(path: Path, folder: Path) -> Shot:
    try:
        drawing = Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_path=str(path), width=CARD[0]))))
    except ValueError as error:
        raise UnfitPicture(*fault("svg_unreadable", words=path.name, problem=str(error))) from None
    return Shot(800, round(800 * drawing.height / drawing.width), _card(drawing, folder), {}, [])


def _photographed(path: Path, folder: Path) -> Shot:
    photograph = open_upright(path)
    widths = [*(width for width in WIDTHS if width < photograph.width), min(photograph.width, WIDTHS[-1])]
    formats: dict[str, list[tuple[int, str]]] = {kind: [] for kind in FORMATS}
    for width in widths:
        sized = photograph.resize((width, round(photograph.height * width / photograph.width)), LANCZOS)
        for kind, how in FORMATS.items():
            name = f"{width}.{kind}"
            (sized if kind != "jpeg" else _on_white(sized)).save(folder / name, **how)
            formats[kind].append((width, name))
    kind = PHOTOGRAPHS[path.suffix.lower()]
    (sized if kind != "JPEG" else _on_white(sized)).save(folder / CLEAN, kind)
    small = _on_white(photograph).resize(BLUR, Image.Resampling.BOX).tobytes()
    patches = [f"#{small[at : at + 3].hex()}" for at in range(0, len(small), 3)]
    return Shot(photograph.width, photograph.height, _card(photograph, folder), formats, patches)


def _card(picture: Image.Image, folder: Path) -> str:
    ImageOps.fit(_on_white(picture), CARD, LANCZOS, centering=(0.5, 0.6)).save(folder / "card.jpeg", **FORMATS["jpeg"])
    return "card.jpeg"


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture on white: JPEG has no transparency."""
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return paper


def _digest(path: Path) -> str:
    """Return the picture's name in the cache: it changes with the picture, and with the way it is made."""
    return hashlib.sha256(WAY + path.read_bytes()).hexdigest()[:16]
