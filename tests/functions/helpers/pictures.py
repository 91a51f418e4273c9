"""Photographs as phones make them, and files that only look like some: all made here, by the test that needs them."""

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from PIL import Image

PLACE = b"N\x0041/43.21 Ji'an secret-place"
"""Words that stand in the metadata of each photograph with a place; nothing that is kept may hold them."""


def photo(size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: Any) -> bytes:
    """A JPEG of Pillow's own."""
    image = Image.new(mode, size, 100)
    for x in range(0, size[0], 3):
        image.putpixel((x, x % size[1]), (x % 256, 80, 9, 200)[: len(image.getbands())] if mode != "L" else x % 256)
    file = io.BytesIO()
    image.save(file, "JPEG", **how)
    return file.getvalue()


def exif(rotation: int = 6) -> bytes:
    """What a phone says of a photograph: how it was held, what it is called, and where it was taken."""
    found = Image.Exif()
    found[0x0112] = rotation
    found[0x010F] = "Telephone of Wang Xiaoming"
    found[0x9286] = PLACE
    found.get_ifd(0x8825).update({1: "N", 2: (41.0, 7.0, 12.0), 3: "E", 4: (126.0, 11.0, 3.0), 29: PLACE.decode()})
    return found.tobytes()


def as_phones_make_it(size: tuple[int, int] = (64, 48)) -> bytes:
    """A JPEG with EXIF, a place in it, and a comment."""
    return photo(size, exif=exif(), comment=PLACE)


def segment(marker: int, body: bytes) -> bytes:
    """A part of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def behind_start(data: bytes, *parts: bytes) -> bytes:
    """The JPEG with parts right behind its beginning."""
    return data[:2] + b"".join(parts) + data[2:]


def sized(data: bytes, high: int, wide: int) -> bytes:
    """The JPEG that claims to be so large."""
    at = next(at for mark in (b"\xff\xc0", b"\xff\xc2") if (at := data.find(mark)) > 0)
    return data[: at + 5] + struct.pack(">HH", high, wide) + data[at + 9 :]


def archive() -> bytes:
    """A ZIP with a program in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("index.html", "<script>alert(1)</script>" + PLACE.decode())
    return file.getvalue()


def encoded(kind: str) -> bytes:
    """A picture of another kind."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that somebody may send as a photograph, by what each is."""
    good, page = photo(), b"<html><script>alert(document.cookie)</script>" + PLACE
    at_scan = good.index(b"\xff\xda")
    yield "nothing", b""
    yield "one byte", b"\xff"
    yield "the beginning alone", b"\xff\xd8"
    yield "beginning and end alone", b"\xff\xd8\xff\xd9"
    yield "a page", page
    yield "a drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    yield "a program", b"\x7fELF" + bytes(64)
    yield "a document", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
    yield "an archive", archive()
    yield "GIF", encoded("GIF")
    yield "PNG", encoded("PNG")
    yield "WebP", encoded("WEBP")
    yield "BMP", encoded("BMP")
    yield "TIFF", encoded("TIFF")
    yield "HEIC", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
    yield "AVIF", b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1" + bytes(64)
    yield "an archive behind the picture", good + archive()
    yield "a page behind the picture", good + page
    yield "a document behind the picture", good + b"%PDF-1.7 " + PLACE
    yield "a second picture behind the first", good + good
    yield "one byte behind the end", good + b"\x00"
    yield "a line behind the end", good + b"\n"
    yield "a page before the picture", page + good
    yield "GIF's beginning before the picture", b"GIF89a" + good
    yield "cut off in the picture", good[: at_scan + 30]
    yield "cut off in a table", good[:200]
    yield "without its end", good[:-2]
    yield "without a picture", good[:at_scan] + b"\xff\xd9"
    yield "65,535 pixels wide and high", sized(good, 65535, 65535)
    yield "a bomb of progressive scans", sized(photo(progressive=True), 60000, 60000)
    yield "one pixel too wide", sized(good, 10, 2001)
    yield "no pixels", sized(good, 0, 0)
    yield "CMYK", photo(mode="CMYK")
    yield "a part that is longer than the file", behind_start(good, b"\xff\xe1\xff\xff")
    yield "a part without a length", behind_start(good, b"\xff\xe1\x00\x00")
    yield "a picture in a picture", good[:at_scan] + good[2:]
    yield "arithmetic coding", good.replace(b"\xff\xc0", b"\xff\xc9", 1)
    yield "a part of hierarchical pictures", behind_start(good, segment(0xDE, bytes(12)))
    yield "a page as a table", behind_start(good, segment(0xDB, page))
    yield "a page in a thousand tables", behind_start(good, *[segment(0xDB, b"\x00" + page[:64].ljust(64))] * 1000)
    yield "a thousand scans", good[:-2] + good[at_scan:-2] * 1000 + b"\xff\xd9"
    yield "a restart that is a page", behind_start(good, segment(0xDD, page))
    yield "a script in a comment, that is all of it", b"\xff\xd8" + segment(0xFE, b"/*" + page) + b"\xff\xd9"
    yield "noise", bytes(range(256)) * 40
    yield "noise with a beginning", b"\xff\xd8" + bytes(range(256)) * 40 + b"\xff\xd9"
    yield "too large", good[:-2] + bytes([1]) * 1_500_000 + b"\xff\xd9"


def cleanable() -> Iterator[tuple[str, bytes]]:
    """Photographs with what must not be shown: each can be kept once that is taken out."""
    good = photo()
    yield "as a phone makes it", as_phones_make_it()
    yield "with XMP", photo(xmp=b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>")
    yield "with a colour profile of a megabyte", photo(icc_profile=PLACE + bytes(1_000_000))
    yield "with 16 parts about it", behind_start(good, *[segment(0xE0 + n, PLACE) for n in range(16)])
    yield (
        "with a smaller picture that says where",
        behind_start(good, segment(0xE1, b"Exif\x00\x00" + photo(comment=PLACE))),
    )
    yield "with a smaller picture in JFIF", behind_start(good, segment(0xE0, b"JFXX\x00\x10" + photo((8, 8))))
    yield "with a page in a comment", behind_start(good, segment(0xFE, b"<script>alert(1)</script>" + PLACE))
    yield "with an archive in a comment", behind_start(good, segment(0xFE, archive()))
    yield "with a document in a comment", behind_start(good, segment(0xFE, b"%PDF-1.7 " + PLACE))
    yield "with a program as its first bytes", b"\xff\xd8" + segment(0xFE, b"*/=alert(1);/*" + PLACE) + good[2:]
    yield "with Adobe's mark", behind_start(good, segment(0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01"))
    yield "with Photoshop's notes", behind_start(good, segment(0xED, b"Photoshop 3.0\x008BIM" + PLACE))
    yield "in several passes", photo(progressive=True, exif=exif())
    yield "with restarts", photo(restart_marker_blocks=2, exif=exif())
    yield "in grey", photo(mode="L", exif=exif())
    yield "as large as it may be", photo((2000, 2000), exif=exif())
    yield "with filling between its parts", behind_start(good, b"\xff\xff" + segment(0xFE, PLACE))
