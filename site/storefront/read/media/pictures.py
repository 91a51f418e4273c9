"""Picture files of content: whether they can be shown, and photographs turned upright.

Whether a picture can be shown is found by reading it whole, in the way that the build reads it, only smaller: what
passes here is made there. What a picture is follows from its bytes; its name says only that it is one.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from PIL import Image, ImageCms

from storefront.read.faults import Said, fault
from storefront.read.media.kinds import HEAD, kind_of

DRAWINGS = {".svg"}
PHOTOGRAPHS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
"""The formats by suffix."""
OTHERS = {
    *(".heic", ".heif", ".avif", ".gif", ".tif", ".tiff", ".bmp", ".dng", ".raw", ".cr2", ".cr3", ".nef", ".arw"),
    *(".jp2", ".jxl", ".jfif", ".jpe", ".mpo", ".psd", ".ai", ".eps", ".ico", ".svgz", ".livp"),
}
"""Endings of pictures that this shop does not read."""
LEAST, LEAST_IN_TEXT = 640, 400
"""Pixels that a photograph must be wide on a card or a page's head, and in a text: less is a blur on a phone."""
TO_ENLARGE = 1200
"""Pixels that a photograph should be wide, so that there is more to see in it once it fills a screen."""
GLANCE, DARK = 160, 90
"""Pixels' width at which a photograph is glanced at, and how bright, of 255, its brightest spot must be there. A root
on a dark cloth is bright, and so are a night's lamps; what has no bright spot was taken with too little light."""
MOST = 120_000_000
"""Pixels. Phones make photographs of 108 million; those of 200 million show no more and take a gigabyte to read."""
LARGE = 24_000_000
"""Pixels above which photographs are read one at a time, so that memory stays bounded on every machine."""
TALLEST = 16_383
"""Pixels: WebP has no higher picture."""
WIDEST, NARROWEST = 1600, 400
"""Pixels of the widest picture that a page shows, and of the narrowest: both must be at least one pixel high."""
ORIENTATION, LYING = 0x0112, 5
"""The field in which a camera says how it was held, and the least value that means: on its side."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a picture upright, by that field."""
FORMATS = ("JPEG", "PNG", "WEBP")
"""What the bytes may be, whatever the name says: Pillow reads many others, some by programs that it starts."""
READ = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp", "SVG": ".svg"}
"""What `kinds` calls those that the shop reads, and how their names end."""
SRGB = ImageCms.createProfile("sRGB")
PROFILED = {"RGB": {"RGB", "RGBA"}, "GRAY": {"L"}, "CMYK": {"CMYK"}}
"""The modes that a colour profile speaks of, by its own space."""
Image.MAX_IMAGE_PIXELS = None  # MOST stands in its place: Pillow's own limit warns in Python's words, and stops later
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # of what is odd, and read all the same
_one_at_a_time = Lock()


class UnfitPicture(Exception):
    """The file is no picture that can be shown: what it is, and what to do; `path` is the file, once that is known."""

    path: Path | None = None

    def __init__(self, what: Said, remedy: Said) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}: {remedy}")


@dataclass(frozen=True)
class Photograph:
    """A photograph upright and in sRGB, with nothing that a camera wrote beside it.

    `width` and `height` are its own pixels; `picture` has fewer where it is larger than was asked for.
    """

    picture: Image.Image
    width: int
    height: int


def check(path: Path, least: int = LEAST) -> None:
    """Raise UnfitPicture for what is no photograph that can be shown, or is less than `least` pixels wide."""
    if path.suffix.lower() not in PHOTOGRAPHS:
        return
    wide = _read_whole(path).wide
    if wide < least:
        raise UnfitPicture(*fault("picture_small", words=path.name, wide=str(wide), least=str(least)))


def hints(path: Path) -> Iterator[tuple[Said, Said]]:
    """Yield what would make a photograph that can be shown a better one; raises UnfitPicture for another.

    Whether it is blurred is not asked: by its edges, mist or a white cup is more blurred than what a hand has shaken.
    """
    glance = _read_whole(path)
    if glance.wide < TO_ENLARGE:
        yield fault("picture_narrow", words=path.name, wide=str(glance.wide), enough=str(TO_ENLARGE))
    if glance.brightest < DARK:
        yield fault("picture_dark", words=path.name)


class PictureGlance(NamedTuple):
    """A photograph's width in pixels, and how bright its brightest spot is, of 255."""

    wide: int
    brightest: float


def _read_whole(path: Path) -> PictureGlance:
    """Return what a glance at a photograph says, once it was read whole."""
    about = path.stat()
    return _glanced(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=8192)
def _glanced(path: Path, changed: int, size: int) -> PictureGlance:
    """Return the same for the file as it is: a preview asks this with each word typed."""
    read = open_upright(path, GLANCE)
    _, brightest = on_white(read.picture).convert("L").getextrema()
    return PictureGlance(read.width, float(brightest))  # type: ignore[arg-type]


def on_white(picture: Image.Image) -> Image.Image:
    """Return the picture on white, without transparency."""
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture if picture.mode == "RGBA" else None)
    return paper


def check_shape(name: str, width: float, height: float) -> None:
    """Raise UnfitPicture for a picture so long, or so flat, that no page can show it; sizes in pixels."""
    if height * min(width, WIDEST) > TALLEST * width:
        times = f"{TALLEST / min(width, WIDEST):.0f}"
        raise UnfitPicture(*fault("picture_long", words=name, size=f"{width:g}×{height:g}", times=times))
    if height * NARROWEST < width:
        raise UnfitPicture(*fault("picture_flat", words=name, size=f"{width:g}×{height:g}"))


def open_upright(path: Path, widest: int = WIDEST) -> Photograph:
    """Read a photograph whole, into a picture of at most so many pixels' width; raises UnfitPicture."""
    try:
        with Image.open(path, formats=FORMATS) as opened:
            turn = _turn(opened)
            width, height = opened.size[:: -1 if turn >= LYING else 1]
            if width * height > MOST:
                raise UnfitPicture(*_too_large(path, width * height))
            check_shape(path.name, width, height)
            with _one_at_a_time if width * height > LARGE else Lock():
                picture = _reduced(opened, min(1.0, widest / width))
    except UnfitPicture:
        raise
    except Exception as error:  # Pillow has no type of its own for what is wrong with a file
        raise _unreadable(path, error) from None
    if turn in TURNS:
        picture = picture.transpose(TURNS[turn])
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return Photograph(bare, width, height)


def _turn(opened: Image.Image) -> int:
    """Return how a camera was held; 1, upright, where it does not say so in a way that can be read."""
    try:
        told = opened.getexif().get(ORIENTATION)
    except Exception:  # whatever is wrong with what the camera wrote: the photograph itself may be whole
        return 1
    return told if told in TURNS else 1


def _reduced(opened: Image.Image, scale: float) -> Image.Image:
    """Return the picture in RGB or RGBA, 8 bits a colour, by `scale` as large as it was."""
    size = tuple(max(1, round(side * scale)) for side in opened.size)
    if opened.format in {"JPEG", "MPO"}:
        opened.draft(None, (2 * size[0], 2 * size[1]))  # decodes at a half, a quarter or an eighth: less to hold
    opened.load()
    profile, picture = opened.info.get("icc_profile"), _eight_bits(opened)
    picture = picture.resize((size[0], size[1]), Image.Resampling.LANCZOS) if picture.size != size else picture
    if profile:
        picture = _in_srgb(picture, profile)
    return picture if picture.mode in {"RGB", "RGBA"} else picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be made smaller: its colours as they are, 8 bits each."""
    if picture.mode.startswith("I"):  # 16 bits of grey: Pillow itself would cut them off at 255
        picture.info.pop("transparency", None)
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in {"L", "RGB", "CMYK"} else picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture with its colours as sRGB has them; as it is where its profile speaks of another mode."""
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        if picture.mode in PROFILED.get(own.profile.xcolor_space.strip(), set()):
            to = "RGBA" if picture.mode == "RGBA" else "RGB"
            return ImageCms.profileToProfile(picture, own, SRGB, outputMode=to) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that is broken says nothing of colours
        pass
    return picture


def _too_large(path: Path, pixels: int) -> tuple[Said, Said]:
    return fault("picture_large", words=path.name, pixels=f"{pixels / 1e6:.0f}", most=f"{MOST / 1e6:.0f}")


def _unreadable(path: Path, error: Exception) -> UnfitPicture:
    """Return what is wrong with what could not be read: what it is instead, or that it is broken."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as refused:
        return UnfitPicture(*fault("picture_locked", words=path.name, why=str(refused.strerror)))
    if not head:
        return UnfitPicture(*fault("picture_empty", words=path.name))
    kind = kind_of(head)
    if kind in READ and kind != "SVG" and not isinstance(error, MemoryError):
        return UnfitPicture(*fault("picture_broken", words=path.name))
    return other_kind(path.name, kind)


def other_kind(name: str, kind: str) -> UnfitPicture:
    """Return that a file is a picture of a kind which the shop does not read, and what to save it as."""
    told = {"HEIC": "picture_heic", "GIF": "picture_gif"} | dict.fromkeys(READ, "picture_ending")
    told |= dict.fromkeys(("HTML", ""), "picture_none")
    return UnfitPicture(*fault(told.get(kind, "picture_kind"), words=name, kind=kind, ending=READ.get(kind, "")))
