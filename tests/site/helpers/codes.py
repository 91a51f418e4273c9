"""Codes as pictures, so that a reader can read them back."""

import re

from PIL import Image
from storefront.build.codes import Code, path


def draw(made: Code, scale: int = 4) -> Image.Image:
    """The code as its SVG path says it."""
    picture = Image.new("L", (made.modules * scale,) * 2, 255)
    for left, top, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", path(made, scale)):
        picture.paste(0, (int(left), int(top), int(left) + int(width), int(top) + int(height)))
    return picture
