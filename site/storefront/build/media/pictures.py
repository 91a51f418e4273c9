"""Pictures as pages load them: photographs in three formats and the sizes that the layout uses, and a card of each.

Only what is made here is published: whatever a camera or a drawing program wrote beside the picture, such as where it
was taken, stays out of all of it. What is made is kept by its source's content, so that a build makes only what is new.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from chalicelib.catalog import Catalog
from PIL import Image, ImageOps

from storefront.check import consent
from storefront.read.addresses import address_of, path_of
from storefront.read.faults import fault
from storefront.read.files import pictures_in
from storefront.read.media import drawings
from storefront.read.media import pictures as sources
from storefront.read.media.pictures import DRAWINGS, PHOTOGRAPHS, UnfitPicture, check_shape, on_white, open_upright

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
MIDDLE, MIDDLE_OF_DRAWINGS = (0.5, 0.5), (0.5, 0.6)
"""What of a picture stays where there is room for a part of it, as shares of its width and height; things in drawings
stand on the ground."""
SIDES = {"left": (0, 0.12), "right": (0, 0.88), "top": (1, 0.12), "bottom": (1, 0.88)}
"""Which of these two each word of a `focus` changes, and to what; shop.css has the same."""
BLUR = (4, 3)
"""Patches of colour that stand in a photograph's place until it has come."""
NOTE, CLEAN, OWN_CARD = "shot.json", "clean", "card.jpeg"
DRAW = (
    "import sys, resvg_py; read = sys.stdin.buffer.read().decode();"
    " sys.stdout.buffer.write(bytes(resvg_py.svg_to_bytes(svg_string=read, width=int(sys.argv[1]))))"
)
NO_FOCUS: Mapping[str, str] = {}
PATIENCE = 60
"""Seconds that a drawing may take."""
LANCZOS = Image.Resampling.LANCZOS
WAY = b"".join(Path(path).read_bytes() for path in (__file__, sources.__file__, drawings.__file__)) + (
    f"{version('pillow')} {version('resvg-py')}".encode()
)
"""What decides, besides the picture itself, how all that is made of it looks."""


@dataclass(frozen=True)
class Shot:
    """One picture as templates use it.

    Its size in pixels; the address of its card; a photograph's addresses by format, each with its width in pixels; and
    the colours of its patches (#rrggbb), row by row. Drawings have none of these two. `at` is where all of it lies.
    """

    width: int
    height: int
    card: str
    formats: dict[str, list[tuple[int, str]]]
    patches: list[str]
    at: str = ""

    def srcset(self, kind: str) -> str:
        """Return the addresses in one format, as the attribute `srcset` wants them."""
        return ", ".join(f"{address} {width}w" for width, address in self.formats[kind])


def focuses(catalog: Catalog | None) -> dict[str, str]:
    """Return the side that is kept of each picture, by its address; none of one whose middle is."""
    found = pictures_in(catalog) if catalog else ()
    return {picture.src: picture.focus for picture in found if picture.focus}


def make(
    content: Path,
    named: Iterable[Path],
    cache: Path,
    tell: Callable[[int, int], None] = lambda done, of: None,
    focus: Mapping[str, str] = NO_FOCUS,
) -> dict[str, Shot]:
    """Return the pictures among the files `named`, by their addresses; make what the folder `cache` lacks.

    `tell` is called with how many of how many are done; `focus` is what `focuses` says. Raises UnfitPicture.
    """

    def shot(path: Path) -> Shot:
        try:
            return _made(path, cache, focus.get(address_of(f"/{path.relative_to(content).as_posix()}"), ""))
        except UnfitPicture as unfit:
            unfit.path = path
            raise

    found = [path for path in sorted(named) if path.suffix.lower() in DRAWINGS | PHOTOGRAPHS.keys()]
    shots = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, made in zip(found, pool.map(shot, found), strict=True):
            shots[address_of(f"/{path.relative_to(content).as_posix()}")] = made
            tell(len(shots), len(found))
    return shots


def lend(shots: Mapping[str, Shot], catalog: Catalog, fed: Catalog) -> dict[str, Shot]:
    """Return the pictures; each that others may not show has a village's card. `fed` is what they may show."""
    cards = consent.lent(catalog, fed, {address: shot.card for address, shot in shots.items()})
    return {address: replace(shot, card=cards[address]) for address, shot in shots.items()}


def files(shots: Mapping[str, Shot], cache: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file that `make` made with its path in the site; a picture's own address gets its clean copy."""
    for address, shot in shots.items():
        kept = cache / Path(shot.at).name
        for made in kept.iterdir():
            lent = made.name != OWN_CARD or shot.card.startswith(f"{shot.at}/")
            if lent and made.name not in (NOTE, CLEAN):
                yield f"{PLACE}/{kept.name}/{made.name}", made
        yield path_of(address).lstrip("/"), kept / CLEAN


def _centre(focus: str, middle: tuple[float, float]) -> tuple[float, float]:
    """Return what of a picture its card keeps, as shares of its width and its height."""
    kept = [*middle]
    for word in focus.split():
        side, share = SIDES[word]
        kept[side] = share
    return kept[0], kept[1]


def _made(path: Path, cache: Path, focus: str) -> Shot:
    """Return the picture from the cache, or make it there, by one rename, for another build may be doing the same."""
    folder = cache / _digest(path, focus)
    if not (folder / NOTE).is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=cache) as desk:
            made = Path(desk) / folder.name
            made.mkdir()
            shot = _drawn(path, made, focus) if path.suffix.lower() in DRAWINGS else _photographed(path, made, focus)
            (made / NOTE).write_bytes(msgspec.json.encode(shot))
            with suppress(OSError):
                made.rename(folder)
    note = msgspec.json.decode((folder / NOTE).read_bytes(), type=Shot)
    at = f"/{PLACE}/{folder.name}"
    formats = {kind: [(width, f"{at}/{name}") for width, name in sizes] for kind, sizes in note.formats.items()}
    return replace(note, card=f"{at}/{note.card}", formats=formats, at=at)


def _drawn(path: Path, folder: Path, focus: str) -> Shot:
    drawing = drawings.read(path.read_bytes())
    for unfit in drawing.unfit:
        raise UnfitPicture(*fault(unfit.name, words=unfit.words))
    check_shape(path.name, drawing.width, drawing.height)
    picture = _drawn_apart(drawing.clean)
    (folder / CLEAN).write_bytes(drawing.clean)
    card = _card(picture, folder, _centre(focus, MIDDLE_OF_DRAWINGS))
    return Shot(800, max(1, round(800 * picture.height / picture.width)), card, {}, [])


def _drawn_apart(clean: bytes) -> Image.Image:
    """Return a drawing as it is drawn, as wide as a card, by a process of its own: resvg's panics end theirs."""
    command = [sys.executable, "-c", DRAW, str(CARD[0])]
    try:
        done = subprocess.run(command, input=clean, capture_output=True, timeout=PATIENCE)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise UnfitPicture(*fault("drawing_undrawn", words=f"{PATIENCE} s")) from None
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise UnfitPicture(*fault("drawing_undrawn", words=last[:80] or str(done.returncode)))
    return Image.open(BytesIO(done.stdout), formats=("PNG",))


def _photographed(path: Path, folder: Path, focus: str) -> Shot:
    photograph = open_upright(path, WIDTHS[-1])
    widest = photograph.picture
    widths = [*(width for width in WIDTHS if width < widest.width), widest.width]
    formats: dict[str, list[tuple[int, str]]] = {kind: [] for kind in FORMATS}
    for width in widths:
        sized = widest.resize((width, max(1, round(photograph.height * width / photograph.width))), LANCZOS)
        for kind, how in FORMATS.items():
            name = f"{width}.{kind}"
            (sized if kind != "jpeg" else on_white(sized)).save(folder / name, **how)
            formats[kind].append((width, name))
    kind = PHOTOGRAPHS[path.suffix.lower()]
    (sized if kind != "JPEG" else on_white(sized)).save(folder / CLEAN, kind)
    small = on_white(widest).resize(BLUR, Image.Resampling.BOX).tobytes()
    patches = [f"#{small[at : at + 3].hex()}" for at in range(0, len(small), 3)]
    card = _card(widest, folder, _centre(focus, MIDDLE))
    return Shot(photograph.width, photograph.height, card, formats, patches)


def _card(picture: Image.Image, folder: Path, centre: tuple[float, float]) -> str:
    ImageOps.fit(on_white(picture), CARD, LANCZOS, centering=centre).save(folder / OWN_CARD, **FORMATS["jpeg"])
    return OWN_CARD


def _digest(path: Path, focus: str) -> str:
    """Return the picture's name in the cache: it changes with the picture, and with the way it is made."""
    return hashlib.sha256(WAY + focus.encode() + b"\0" + path.read_bytes()).hexdigest()[:16]
