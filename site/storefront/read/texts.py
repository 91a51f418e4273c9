"""Markdown as the shop reads it: all of it but raw HTML, which stays the words that were typed.

The check judges what `render` makes, and mkdocs.yml names this module among its extensions, so that pages are made of
the same. A page can then hold no element and no attribute that Markdown itself does not make.
"""

from functools import cache
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension


class WithoutHtml(Extension):
    """Leaves `<` a sign like any other."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Take out what reads HTML, in lines of its own and within a line."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


EXTENSIONS = ("toc", "tables", "fenced_code", __name__)
"""Those of mkdocs.yml: MkDocs has the first three of its own accord."""


def makeExtension(**settings: Any) -> WithoutHtml:  # noqa: N802 - the name by which Markdown asks for it
    """Return the extension."""
    return WithoutHtml(**settings)  # type: ignore[no-untyped-call]


def render(text: str) -> str:
    """Return a text without front matter as HTML."""
    return _markdown().reset().convert(text)


@cache
def _markdown() -> Markdown:
    return Markdown(extensions=[*EXTENSIONS])  # type: ignore[no-untyped-call]
