"""What kind of file some bytes are, by how they begin: what a file is called says little, and writers want a name."""

import re

HEAD = 256
"""Bytes that tell."""
MP4, QUICKTIME = "MP4", "QuickTime"
KINDS: tuple[tuple[str, re.Pattern[bytes]], ...] = tuple(
    (name, re.compile(pattern, re.DOTALL))
    for name, pattern in (
        ("JPEG", rb"\xff\xd8\xff"),
        ("PNG", rb"\x89PNG\r\n\x1a\n"),
        ("WebP", rb"RIFF....WEBP"),
        ("GIF", rb"GIF8[79]a"),
        ("TIFF / RAW", rb"II\*\0|MM\0\*|II\x2b\0|MM\0\x2b|IIRO|IIU\0|FUJIFILMCCD-RAW"),
        ("HEIC", rb"....ftyp(?:hei[cxmsfv]|hev[cx]|mif1|msf1)"),
        ("AVIF", rb"....ftypavi[fs]"),
        ("RAW", rb"....ftypcrx "),
        (QUICKTIME, rb"....(?:ftypqt  |moov|mdat|wide|free)"),
        (MP4, rb"....ftyp"),
        ("WebM / Matroska", rb"\x1aE\xdf\xa3"),
        ("AVI", rb"RIFF....AVI "),
        ("FLV", rb"FLV\x01"),
        ("WMV", rb"\x30\x26\xb2\x75"),
        ("Ogg", rb"OggS"),
        ("MPEG", rb"\x00\x00\x01\xba|G.{187}G"),
        ("M3U8", rb"#EXTM3U"),
        ("MP3", rb"ID3|\xff[\xf2\xf3\xfa\xfb]"),
        ("JPEG 2000", rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"),
        ("JPEG XL", rb"\xff\x0a|\0\0\0\x0cJXL "),
        ("BMP", rb"BM....\0\0\0\0"),
        ("PSD", rb"8BPS"),
        ("ICO", rb"\0\0[\x01\x02]\0"),
        ("PDF", rb"%PDF"),
        ("PostScript", rb"%!PS|\xc5\xd0\xd3\xc6"),
        ("ZIP", rb"PK\x03\x04"),
        ("Word", rb"\xd0\xcf\x11\xe0"),
        ("Git LFS", rb"version https://git-lfs"),
        ("SVG", rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]"),
        ("HTML", rb"\s*(?:\xef\xbb\xbf)?\s*<(?i:!doctype|html|head|body)"),
    )
)
"""Names as people and programs say them, and how such files begin."""


def kind_of(head: bytes) -> str:
    """Return the name of the kind that the first HEAD bytes of a file belong to; empty where they say nothing."""
    return next((name for name, pattern in KINDS if pattern.match(head)), "")
