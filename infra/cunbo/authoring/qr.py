"""`cunbo qr`: codes as files: SVG for any size, PNG for a picture, and sheets to be printed and cut."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chalicelib.catalog import Catalog
from PIL import Image, ImageDraw, ImageFont
from storefront.build import codes
from storefront.build.codes import Code

from cunbo.core.refusal import Refusal
from cunbo.operations.drops import known_room
from cunbo.operations.stock import known

FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "/System/Library/Fonts/STHeiti Medium.ttc",
    "/System/Library/Fonts/Supplemental/Songti.ttc",
    "C:/Windows/Fonts/msyhbd.ttc",
    "C:/Windows/Fonts/simhei.ttf",
)
"""Where Debian, Fedora, macOS and Windows keep a font that has Chinese."""
DOTS = 300
"""Dots an inch of a printed sheet."""
A4 = (2480, 3508)
"""Its size in dots."""
ACROSS, DOWN = 2, 3
MARK, MARGIN = 40, 90
SCALE = 16
"""Pixels a module of a PNG where no size is asked for."""


@dataclass(frozen=True)
class Plate:
    """A code with its label; `name` is that of its files."""

    name: str
    code: Code
    label: tuple[str, ...]


@dataclass(frozen=True)
class LabelFont:
    """The font that labels are drawn with; None where this machine has none with Chinese."""

    path: str | None

    @classmethod
    def found(cls, given: Path | None) -> "LabelFont":
        """Return the font that was named, else the first usual one; raises Refusal where the named is no font."""
        if given:
            try:
                ImageFont.truetype(str(given), 20)
            except OSError as error:
                raise Refusal(f"{given} is no font that can be used: {error}") from None
            return cls(str(given))
        return cls(next((path for path in FONTS if Path(path).is_file()), None))

    def of(self, plate: Plate) -> tuple[str, ...]:
        """Return the label that can be drawn: without a font that has Chinese, the names that addresses have."""
        return plate.label if self.path else (plate.name.upper(),)

    def font(self, pixels: int) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
        """Return the font at a height in pixels."""
        return ImageFont.truetype(self.path, pixels) if self.path else ImageFont.load_default(pixels)

    def write(self, pen: ImageDraw.ImageDraw, words: str, at: tuple[int, int], pixels: int, wide: int) -> None:
        """Draw a line of a label around the point `at`, `pixels` high; smaller where it would be wider than `wide`."""
        width = self.font(max(pixels, 6)).getlength(words)
        font = self.font(max(6, int(pixels * min(1, wide / width)) if width else 6))
        pen.text(at, words, fill=codes.RED, font=font, anchor="ma" if self.path else None)


def plates(catalog: Catalog, origin: str, room: str | None, sku: str | None) -> list[Plate]:
    """Return the codes that are asked for: of all rooms, of one, or of one product in it; raises Refusal."""
    if room is not None:
        known_room(catalog, room)
    if sku is not None:
        known(catalog.packs, sku)
    try:
        return [_plate(catalog, origin, id_, sku) for id_ in ([room] if room else catalog.room_of)]
    except codes.UnfitLink as error:
        raise Refusal(f"{error}; name the shop's own by --url") from None


def _plate(catalog: Catalog, origin: str, room: str, sku: str | None) -> Plate:
    shown = catalog.room_of[room].name
    if sku:
        product, pack = catalog.product_of[sku], catalog.packs[sku]
        label = (f"{product.name.zh} {pack.name.zh}", f"{product.name.en} {pack.name.en}")
    else:
        label = (shown.zh, shown.en)
    return Plate("-".join([room, *([sku] if sku else [])]), codes.code(codes.link(origin, room, sku or "")), label)


def write(made: Sequence[Plate], folder: Path, size: int | None, letters: LabelFont) -> Iterator[Path]:
    """Write an SVG and a PNG of each, and the sheets of all; `size` is the width of a code in pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    for plate in made:
        drawn = folder / f"{plate.name}.svg"
        drawn.write_text(codes.svg(plate.code, plate.label), encoding="utf-8")
        yield drawn
        picture = folder / f"{plate.name}.png"
        scale = codes.pixels_a_module(size, plate.code.modules) if size else SCALE
        draw(plate, max(scale, 1), letters).save(picture)
        yield picture
    first, *others = sheets(made, letters)
    target = folder / "codes.pdf"
    first.save(target, save_all=True, append_images=others, resolution=DOTS, quality=95)
    yield target


def draw(plate: Plate, scale: int, letters: LabelFont) -> Image.Image:
    """Draw a code on its plate, at `scale` pixels a module."""
    code, label = plate.code, letters.of(plate)
    rim, wide, line = 2 * scale, code.modules * scale, 4 * scale
    picture = Image.new("RGB", (wide + 2 * rim, wide + 2 * rim + line * len(label)), codes.WHITE)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=codes.RED, width=scale)
    pen.rectangle((rim, rim, rim + wide - 1, rim + wide - 1), fill="#ffffff")
    for top, row in enumerate(code.rows):
        for left, dark in enumerate(row):
            if dark:
                x, y = rim + (codes.QUIET + left) * scale, rim + (codes.QUIET + top) * scale
                pen.rectangle((x, y, x + scale - 1, y + scale - 1), fill=codes.INK)
    for place, words in enumerate(label):
        at = picture.width // 2, rim + wide + line * place
        letters.write(pen, words, at, int(line * (0.8 if place == 0 else 0.55)), wide)
    return picture


def sheets(made: Sequence[Plate], letters: LabelFont) -> list[Image.Image]:
    """Draw pages of A4 with six plates each and marks to cut along."""
    pages = []
    for first in range(0, len(made), ACROSS * DOWN):
        page = Image.new("RGB", A4, "#ffffff")
        wide, high = (A4[0] - 2 * MARGIN) // ACROSS, (A4[1] - 2 * MARGIN) // DOWN
        for place, plate in enumerate(made[first : first + ACROSS * DOWN]):
            scale = min((wide - 4 * MARK) // (plate.code.modules + 4), (high - 4 * MARK) // (plate.code.modules + 12))
            drawn = draw(plate, scale, letters)
            left = MARGIN + wide * (place % ACROSS) + (wide - drawn.width) // 2
            top = MARGIN + high * (place // ACROSS) + (high - drawn.height) // 2
            page.paste(drawn, (left, top))
            _mark(ImageDraw.Draw(page), left, top, left + drawn.width, top + drawn.height)
        pages.append(page)
    return pages


def _mark(pen: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    """Draw marks at the corners, outside the plate."""
    for x, outwards in ((left, -1), (right, 1)):
        for y, upwards in ((top, -1), (bottom, 1)):
            pen.line((x + outwards * MARK // 4, y, x + outwards * MARK, y), fill="#777777", width=2)
            pen.line((x, y + upwards * MARK // 4, x, y + upwards * MARK), fill="#777777", width=2)


def described(plate: Plate, size: int | None) -> Iterator[str]:
    """Yield lines that describe a code, and what is wrong with its size."""
    code = plate.code
    least, least_hd = (codes.smallest(code.modules, lines) for lines in (codes.STREAM, 1080))
    yield (
        f"{code.link}: version {code.version}-{code.correction}, {code.modules} modules wide;"
        f" on a stream at least {least} pixels wide at 720p, {least_hd} at 1080p"
    )
    pixels = codes.pixels_a_module(size, code.modules) if size else codes.ENOUGH
    if pixels < codes.ENOUGH:
        yield (
            f"  too small for a stream: {size} pixels give {pixels} whole pixels a module, and below {codes.ENOUGH}"
            f" many phones read nothing: use --size {least} in a picture of 720 lines"
        )


def origin(given: str | None) -> str:
    """Return the shop's address: the one that was named, else the environment's, else this machine's."""
    return given or os.environ.get("SHOP_URL") or "http://127.0.0.1:8000"
