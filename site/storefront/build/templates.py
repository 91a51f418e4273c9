"""How Jinja reads the templates of site/theme/."""

import re

from jinja2.ext import Extension

INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class Unindented(Extension):
    """Reads templates without their indentation: 120 bytes of a product's page, gzipped, that say nothing to a browser.

    What templates print, such as a text's code or the script on /kept/, keeps its own.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return a template's source without the blanks at the beginning of its lines."""
        return INDENT.sub("", source)
