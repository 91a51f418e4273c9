"""What Markdown's tree of a page's text needs before it is a page: links that hold wherever the page is shown, pictures
in their sizes and formats and in their places, lines of Chinese without gaps, and words of the other language marked.

mkdocs.yml names this module among Markdown's extensions, and the hook says for each page which one it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX
from markupsafe import Markup

from storefront.build import figures
from storefront.build.media.pictures import Shot
from storefront.read.addresses import address_of
from storefront.read.texts import file_named

IN_TEXT = f"(min-width: 720px) {figures.ROOM}px, 100vw"
"""How wide a picture in a text is shown."""
HAN = "\u3000-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Signs that Chinese alone is written with, its punctuation included."""
SHARED = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00b7"
"""Quotes, dashes, dots: signs of both languages. Which one they belong to shows in what stands beyond them."""
IS_HAN = re.compile(f"[{HAN}]")
BREAK = re.compile(r"[ \t]*\n[ \t]*")
HAN_WORDS = "[\u3007\u3400-\u9fff]+(?:[\u00b7\u3000-\u303f\uff00-\uffef]*[\u3007\u3400-\u9fff]+)*"
LATIN_WORDS = r"[A-Za-z][\w'’.-]*[A-Za-z](?:[ ,:]+[A-Za-z0-9][\w'’.-]*[A-Za-z0-9])+"


class Language(NamedTuple):
    """The language that a page is not in: its tag, and what its words look like."""

    tag: str
    words: re.Pattern[str]


def pattern_of(words: str) -> re.Pattern[str]:
    """Return what finds such words, but for what Markdown has put by: an entity, or a block of code."""
    return re.compile(f"{STX}[^{ETX}]*{ETX}|(?P<words>{words})", re.ASCII)


OTHER = {"en": Language("zh-CN", pattern_of(HAN_WORDS)), "zh": Language("en", pattern_of(LATIN_WORDS))}
"""By the language of the page."""
AS_TYPED = ("code", "pre")
BLOCKS = {
    "aside", "blockquote", "br", "div", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol",
    "p", "pre", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
"""Where a line ends whatever is written."""
ODD = re.compile("[#?%]")
"""Signs that an address reads as its own, though a file's name may have them."""


@dataclass(frozen=True)
class TextPlace:
    """Where a text is shown: the address and the language of its page, the pictures by their addresses, and whether a
    file of that name lies beside it, and is a picture that is published; `gone` are the addresses of pages that are
    written and not shown.
    """

    address: str
    lang: str
    shots: Mapping[str, Shot]
    lies: Callable[[str], bool]
    shows: Callable[[str], bool] = lambda name: True
    gone: Set[str] = frozenset()


class PageText(Extension):
    """Finishes the texts of pages; without a `place`, as where only Markdown's own work is wanted, it does nothing."""

    def __init__(self, place: TextPlace | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.place = place

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Work before and after MkDocs has turned the names of files into addresses, at 0."""
        if self.place:
            md.treeprocessors.register(FileNames(md, self.place), "storefront_names", 1)
            md.treeprocessors.register(Finished(md, self.place), "storefront_texts", -10)


def makeExtension(**settings: Any) -> PageText:  # noqa: N802 - the name by which Markdown asks for it
    """Return the extension."""
    return PageText(**settings)


class OfPage(Treeprocessor):
    """Works on the tree of a page's text."""

    def __init__(self, md: Markdown, place: TextPlace) -> None:
        super().__init__(md)
        self.place = place


class FileNames(OfPage):
    """Has MkDocs find files whose names it would take for an address with a query, an anchor or escapes."""

    def run(self, root: Element) -> None:
        """Write their names as addresses, and take out pictures that are not published."""
        for parent in [*root.iter()]:
            for child in [*parent]:
                name = file_named(child.get("src", ""), self.place.lies) if child.tag == "img" else ""
                if name and not self.place.shows(name):
                    take_out(parent, child)
        for element, attribute in addressed(root):
            address = element.get(attribute, "")
            if ODD.search(address) and (name := file_named(address, self.place.lies)):
                element.set(attribute, address_of(name))


class Finished(OfPage):
    """Makes of the tree what the page shows."""

    def run(self, root: Element) -> None:
        """Finish it; it is written as HTML, which has no `/>`."""
        if self.md:
            self.md.set_output_format("html")
        for element, attribute in addressed(root):
            element.set(attribute, absolute(self.place.address, element.get(attribute, "")))
        for parent in [*root.iter()]:
            for index, child in enumerate(parent):
                if child.tag == "img" and (shot := self.place.shots.get(child.get("src", ""))):
                    parent[index] = pictured(child, shot)
                elif child.tag == "a" and child.get("href", "").partition("#")[0] in self.place.gone:
                    child.tag, child.attrib = "span", {}
        figures.arrange(root)
        join_chinese(root)
        mark(root, self.place.lang)


def take_out(parent: Element, child: Element) -> None:
    """Take an element out, and leave what stands after it."""
    place = [*parent].index(child)
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + (child.tail or "")
    else:
        parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)


def addressed(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield each link and picture with the attribute that holds its address."""
    for element in root.iter():
        if element.tag in ("a", "img"):
            yield element, "href" if element.tag == "a" else "src"


def absolute(base: str, address: str) -> str:
    """Return an address as one from the site's root, so that it holds wherever the page is shown."""
    return address if address.startswith(("#", STX)) else urljoin(base, address)  # STX: Markdown hides mail addresses


def pictured(img: Element, shot: Shot) -> Element:
    """Return a picture with its sizes and formats, so that nothing moves as it loads, which it does lazily."""
    whole = Element("picture") if shot.formats else img
    for kind in shot.formats:
        SubElement(whole, "source", type=f"image/{kind}", srcset=shot.srcset(kind), sizes=IN_TEXT)
    if whole is not img:
        whole.append(img)
        whole.tail, img.tail = img.tail, None
    img.attrib |= {"width": str(shot.width), "height": str(shot.height), "loading": "lazy"}
    return whole


def join_chinese(root: Element) -> None:
    """Take out the gaps that browsers show where a line of Chinese is broken in its file: in prose, and in the words
    of pictures; never in code, and never between words of another language.
    """
    for element in root.iter():
        for name in {"alt", "title"} & element.attrib.keys():
            element.set(name, "".join(joined([element.get(name, "")])))
    run: list[tuple[Element, str]] = []
    for slot in slots(root):
        if slot:
            run.append(slot)
        elif run:
            join_run(run)
            run = []
    join_run(run)


def join_run(run: list[tuple[Element, str]]) -> None:
    """Join the lines of texts that follow each other."""
    texts = [getattr(element, name) for element, name in run]
    if any("\n" in text for text in texts):
        for (element, name), text in zip(run, joined(texts), strict=True):
            setattr(element, name, text)


def joined(texts: list[str]) -> list[str]:
    """Return texts that follow each other without their line breaks between two signs of Chinese."""
    whole = "".join(texts)
    gone: set[int] = set()
    for gap in BREAK.finditer(whole):
        before, after = whole[: gap.start()].rstrip(SHARED)[-1:], whole[gap.end() :].lstrip(SHARED)[:1]
        if IS_HAN.match(before) and IS_HAN.match(after):
            gone |= {*range(*gap.span())}
    found, at = [], 0
    for text in texts:
        found.append("".join(sign for place, sign in enumerate(text, at) if place not in gone) if gone else text)
        at += len(text)
    return found


def slots(element: Element) -> Iterator[tuple[Element, str] | None]:
    """Yield each place of an element's prose, in order, as an element and `text` or `tail`; None where it stops."""
    if element.tag in BLOCKS:
        yield None
    if element.text and element.tag not in AS_TYPED:
        yield element, "text"
    for child in element:
        if child.tag in AS_TYPED or child.tag in ("img", "picture"):
            yield None
        else:
            yield from slots(child)
        if child.tail:
            yield child, "tail"
    if element.tag in BLOCKS:
        yield None


def mark(element: Element, lang: str) -> None:
    """Mark below an element what is in the other language, as `marked` does; code is in no language."""
    if element.tag in AS_TYPED:
        return
    children = [*element]
    for child in children:
        mark(child, lang)
    for index, child in reversed([*enumerate(children, 1)]):  # from the end, so that places hold
        child.tail, spans = spanned(child.tail or "", lang)
        element[index:index] = spans
    element.text, spans = spanned(element.text or "", lang)
    element[0:0] = spans


def spanned(text: str, lang: str) -> tuple[str, list[Element]]:
    """Return what stands before the first words of the other language, and each of these with what follows it."""
    first, *others = pieces(text, lang)
    spans = []
    for words, after in zip(others[::2], others[1::2], strict=True):
        span = Element("span", lang=OTHER[lang].tag)
        span.text, span.tail = words, after
        spans.append(span)
    return first, spans


def marked(text: str, lang: str) -> Markup:
    """Return a text as HTML with what is in the other language marked as such: Chinese on an English page, and on a
    Chinese one several Latin words in a row, as a title or a name has.
    """
    span = Markup('<span lang="{}">{}</span>')
    return Markup("").join(
        span.format(OTHER[lang].tag, piece) if place % 2 else piece for place, piece in enumerate(pieces(text, lang))
    )


def pieces(text: str, lang: str) -> list[str]:
    """Return a text cut into what is in the page's language and what is in the other one, by turns."""
    found, at = [], 0
    for words in OTHER[lang].words.finditer(text):
        if words["words"]:
            found += [text[at : words.start()], words["words"]]
            at = words.end()
    return [*found, text[at:]]
