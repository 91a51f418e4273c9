"""Picture files of content: which there are, whether they can be shown, and photographs turned upright."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from storefront.read.faults import Said, fault

DRAWINGS = {".svg"}
PHOTOGRAPHS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
"""The formats by suffix."""
LEAST, LEAST_IN_TEXT = 640, 400
"""Pixels that a photograph must be wide on a card or a page's head, and in a text: less is a blur on a phone."""
ORIENTATION, LYING = 0x0112, 5
"""The field in which a camera says how it was held, and the least value that means: on its side."""
FORMATS = ("JPEG", "PNG", "WEBP")
"""What the bytes may be, whatever the name says: Pillow reads many others, some by programs that it starts."""
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
SRGB = ImageCms.createProfile("sRGB")


class UnfitPicture(Exception):
    """The file is no picture that can be shown: what it is, and what to do."""

    def __init__(self, what: Said, remedy: Said) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}: {remedy}")


def check(path: Path, least: int = LEAST) -> None:
    """Raise UnfitPicture for what is no photograph, or is less than `least` pixels wide. Reads its head alone."""
    if path.suffix.lower() not in PHOTOGRAPHS:
        return
    try:
        with Image.open(path, formats=FORMATS) as picture:
            wide = picture.height if picture.getexif().get(ORIENTATION, 1) >= LYING else picture.width
    except UNREADABLE:
        raise _unreadable(path) from None
    if wide < least:
        raise UnfitPicture(*fault("picture_narrow", words=path.name, wide=wide, least=least))


def open_upright(path: Path) -> Image.Image:
    """Return the photograph, upright and in sRGB, without anything that the camera wrote beside it."""
    try:
        with Image.open(path, formats=FORMATS) as opened:
            profile = opened.info.get("icc_profile")
            picture = ImageOps.exif_transpose(opened)
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except UNREADABLE:
        raise _unreadable(path) from None
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            picture = ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(BytesIO(profile)), SRGB) or picture
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _unreadable(path: Path) -> UnfitPicture:
    return UnfitPicture(*fault("picture_unreadable", words=path.name))
