"""Markdown as the shop reads it: all of it but raw HTML, which stays the words that were typed.

The checks judge what `read` finds in it, and mkdocs.yml names this module among its extensions, so that pages are made
of the same. A page can then hold no element and no attribute that Markdown itself does not make.

A heading's id is its own words, so that a link to it holds when another heading comes before it.
"""

from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension, slugify_unicode

from storefront.read.longform import marks

TAKEN = {
    "main", "air", "all", "contact", "contact-fault", "contact-hint", "day", "days", "facts", "goods", "meanwhile",
    "money", "name", "name-fault", "name-hint", "onair", "others", "quantity", "rooms", "shows", "steps", "stories",
    "told", "units",
    "units-fault", "units-hint", "villages", "voices", "waitlist", "words", "words-fault",
} | {f"{part}-{number}" for part in ("steps", "sidenote") for number in range(1, 100)}  # fmt: skip
"""Ids that templates of pages with a text give to their own parts."""
SECTION = "section"
"""What begins the id of a heading whose words cannot be one by themselves."""


class ShopMarkdown(Extension):
    """Leaves `<` a sign like any other, and gives headings ids that last."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Take out what reads HTML, in lines of its own and within a line; name headings by their words."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        TocExtension(slugify=heading_id).extendMarkdown(md)  # type: ignore[no-untyped-call]
        marks.add_to(md)


EXTENSIONS = ("toc", "tables", "fenced_code", __name__)
"""Those of mkdocs.yml: MkDocs has the first three of its own accord."""

PARAGRAPHS = ("p", "li", "td", "th", "aside", "h1", "h2", "h3", "h4", "h5", "h6")
"""Where other words begin, that no quote runs across."""


def makeExtension(**settings: Any) -> ShopMarkdown:  # noqa: N802 - the name by which Markdown asks for it
    """Return the extension."""
    return ShopMarkdown(**settings)  # type: ignore[no-untyped-call]


def heading_id(words: str, separator: str = "-") -> str:
    """Return the id of a heading: 一瓶菜的几天, or a-few-days-in-a-jar; Markdown adds _1 to one that is there already.

    It begins with a letter and is none of the page's own: section-10-days, section-goods.
    """
    found = slugify_unicode(words, separator).strip("-_")
    if found[:1].isalpha() and found not in TAKEN:
        return found
    return f"{SECTION}{separator}{found}" if found else SECTION


def render(text: str) -> str:
    """Return a text without front matter as HTML."""
    return _markdown().reset().convert(text)


@lru_cache(maxsize=8192)
def read(text: str) -> "TextTree":
    """Return what Markdown makes of a text without front matter."""
    return TextTree(render(text))


def file_named(address: str, lies: Callable[[str], bool]) -> str | None:
    """Return the name of the file that an address in a text means; None where none of its readings `lies` there.

    A writer types a name as it is, `a b#1.jpg`, or as an address, `a%20b%231.jpg`: both are taken.
    """
    return next((name for name in (address, unquote(address)) if name and lies(name)), None)


@dataclass
class Named:
    """What a text names: an address or an id, the words that stand for it, and the sign before it."""

    address: str
    words: str = ""
    before: str = ""


@dataclass
class TextTree(HTMLParser):
    """What Markdown has made of a text: its elements, and what it says outside code.

    `links` go by the words that lead there, but for those to side notes; `pictures` by their descriptions, and
    `headings`, which have ids, by their own. `pulled` are the pull quotes, `paragraphs` all else that is said in one.
    """

    html: InitVar[str]
    elements: list[tuple[str, list[tuple[str, str | None]]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    pulled: list[str] = field(default_factory=list)
    links: list[Named] = field(default_factory=list)
    pictures: list[Named] = field(default_factory=list)
    headings: list[Named] = field(default_factory=list)
    code: int = 0
    inside: Named | None = None
    """The link or the heading that the words belong to that come now."""
    quoting: bool = False
    """Whether the words that come now are a pull quote's."""
    marking: bool = False
    """Whether they are the number of a side note."""

    def __post_init__(self, html: str) -> None:
        super().__init__()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element."""
        self.elements.append((tag, attrs))
        self.code += tag == "code"
        own = {name: value or "" for name, value in attrs}
        self.quoting = (self.quoting or own.get("class") == marks.PULLED) if tag != "blockquote" else "class" in own
        if tag in PARAGRAPHS:
            (self.pulled if self.quoting else self.paragraphs).append("")
        if tag == "img":
            self.pictures.append(Named(own.get("src", ""), own.get("alt", "")))
            self.add_words(own.get("alt", ""))
        elif own.get("class") in (marks.REFERENCE, marks.NOTE):
            self.marking = tag == "a"
        elif tag == "a" or "id" in own:
            self.inside = Named(own.get("href" if tag == "a" else "id", ""), before="".join(self.said[-1:])[-1:])
            (self.links if tag == "a" else self.headings).append(self.inside)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self.code -= tag == "code"
        self.quoting = self.quoting and tag != "blockquote"
        if tag == "a" or tag[1:].isdigit():
            self.inside, self.marking = None, False

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self.code:
            self.said.append(data)
        if not self.marking:
            words = self.pulled if self.quoting else self.paragraphs
            words[-1:] = ["".join(words[-1:]) + data]
        self.add_words(data)

    def handle_comment(self, data: str) -> None:
        """Take a comment, which Markdown makes none of."""
        self.comments.append(data)

    def add_words(self, words: str) -> None:
        """Add words to the link or the heading that they belong to."""
        if self.inside:
            self.inside.words += words


@cache
def _markdown() -> Markdown:
    return Markdown(extensions=[*EXTENSIONS])  # type: ignore[no-untyped-call]
