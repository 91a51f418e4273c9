"""Texts hold words, never code: no HTML, no attributes, and links that lead to a page, a mailbox or a phone alone.

What is judged is the tree that Markdown makes of a text, against lists of what may stand there: however something is
spelt, there it has one form. The line is then found in the source, by what is gone once a line is blank.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import unescape
from itertools import islice
from typing import NamedTuple
from unicodedata import category, normalize
from urllib.parse import unquote, urlsplit

from storefront.read.faults import fault
from storefront.read.forms import shown
from storefront.read.frontmatter import UNPRINTABLE, Fields, Items, Node, Scalar, split
from storefront.read.longform import marks
from storefront.read.records import SourceFile
from storefront.read.texts import read

PLAIN = ("ul", "li", "sup", "b", "pre", "em", "strong", "br", "hr", "table", "thead", "tbody", "tr")
ELEMENTS: dict[str, dict[str, str]] = {
    **{name: {} for name in PLAIN},
    **{f"h{level}": {"id": ".*"} for level in range(1, 7)},
    **{name: {"style": r"text-align: (left|center|right);"} for name in ("th", "td")},
    "ol": {"start": r"\d+"},
    "code": {"class": r"language-[\w+#.-]+"},
    "a": {"href": ".*", "title": ".*", "class": marks.REFERENCE},
    "p": {"class": marks.LARGE},
    "blockquote": {"class": marks.PULLED},
    "aside": {"class": marks.NOTE, "id": marks.NOTE_ID.pattern, "role": "note"},
    "img": {"src": ".*", "alt": ".*", "title": ".*"},
}
"""What Markdown makes, and the values that its attributes may have; addresses are looked at more closely."""
TAG = re.compile(r"<[A-Za-z/!?][^\s<>]*")
"""What a browser would take for the beginning of HTML, if it stood in a page as it is."""
BARE = re.compile(r"</?(?:b|i|u|s|em|strong|small|sub|sup)>")
"""Tags that only look. A field is always escaped and shows them as they are typed, which harms nobody."""
BRACES = re.compile(r"\{\{|\{%|\{:|\{[^{}\n]*=[^{}\n]*\}|--8<--")
"""What other programs would run, fill in or put into an attribute; this shop does nothing with it."""
SCHEME = re.compile(r"([^/?#]*?):")
SCHEMES = {"https", "mailto", "tel"}
QUOTES = re.compile(r"[\"<>]")
"""Signs that no address has: somebody tries to end an attribute, or has forgotten a bracket."""
RUNS = re.compile(r"(?:javascript|vbscript|data|file|blob|about|filesystem):(?=\S)")
"""Addresses that run something or open what lies elsewhere, where a field has one."""
SIGNS = re.compile(r"[<\[{&]")
"""Without one of these Markdown makes neither link nor picture, and no sign of another: most texts have none."""
ROUNDS = 2
"""How often entities and %-signs within one another are looked through."""
TRIES = 200
"""Lines that are tried for one text at most: each costs that the text is read once more."""


class Finding(NamedTuple):
    """What may not stand in a text: by which name of faults.yml it is told, and the words that are at fault."""

    kind: str
    words: str


Find = Callable[[str], Counter[Finding]]
"""Finds what may not stand in a text, and how often it does."""


def check(sources: Iterable[SourceFile]) -> None:
    """Report all that is no text in these files, in their fields and below them."""
    for source in sources:
        for node in scalars(source.fields):
            for kind, said in sorted(in_field(node.value if isinstance(node.value, str) else node.written)):
                source.report(node.line, *fault(kind, words=shown(said)))
        parts = split(source.text)
        before = parts.front.count("\n") if parts else 0
        for number, row in enumerate(parts.body.split("\n") if parts else (), before + 1):
            if sign := UNPRINTABLE.search(row):
                source.report(number, *fault("unprintable", words=f"U+{ord(sign[0]):04X}"))
        if parts and parts.body.strip():
            told: dict[tuple[int, str], str] = {}
            for line, kind, said in placed(parts.body):
                told.setdefault((line, kind), said)  # one of each kind a line
            for (line, kind), said in told.items():
                words_told = said if kind == "element" else shown(said)
                source.report(before + line, *fault(kind, words=words_told))


def findings(text: str) -> Counter[Finding]:
    """Return what may not stand in a text, and how often it does."""
    if not SIGNS.search(text):
        return Counter()
    tree = read(text)
    found = [finding for said in tree.said for finding in words(said)]
    found += [Finding("element", comment) for comment in tree.comments]
    for tag, attrs in tree.elements:
        found += of_element(tag, attrs)
    return Counter(found)


def of_element(tag: str, attrs: list[tuple[str, str | None]]) -> Iterator[Finding]:
    """Yield what may not stand in an element and its attributes."""
    allowed = ELEMENTS.get(tag)
    if allowed is None:
        yield Finding("element", tag)
        return
    for name, value in attrs:
        if not re.fullmatch(allowed.get(name, "(?!)"), value or "", re.DOTALL):
            yield Finding("element", f"{tag} {name}")
        elif name == "href":
            yield from address(value or "")
        elif name == "src":
            yield from picture(value or "")
        elif name in {"alt", "title"}:
            yield from words(value or "")


def placed(text: str, find: Find = findings) -> Iterator[tuple[int, str, str]]:
    """Yield each line of a text, from 1, with what `find` finds in it: its name in faults.yml, and the words."""
    found = find(text)
    lines = text.split("\n")
    bare = [squeezed(line) for line in lines] if found else []
    tries = iter(range(TRIES))
    for finding, times in found.items():
        spelt = squeezed(finding.words)
        likely = [index for index, line in enumerate(bare) if spelt and spelt in line]
        if sum(bare[index].count(spelt) for index in likely) != times and len(likely) != 1:
            # Some of them show it as code, or it is spelt in a way of its own.
            holds = partial(is_in, lines, finding, times, find)
            gone = (index for index, _ in zip(likely, tries, strict=False) if holds(index))
            anywhere = (index for index, _ in zip(range(len(lines)), tries, strict=False) if holds(index))
            likely = [*gone] or [*islice(anywhere, 1)] or likely
        for index in likely or [next(index for index, line in enumerate(lines) if line.strip())]:
            yield index + 1, finding.kind, finding.words


def is_in(lines: list[str], finding: Finding, times: int, find: Find, index: int) -> bool:
    """Return whether the finding is rarer than so many times once this line is blank."""
    return bool(lines[index].strip()) and find(blanked(lines, index))[finding] < times


def blanked(lines: list[str], index: int) -> str:
    """Return the lines as a text in which one of them is blank."""
    return "\n".join([*lines[:index], "", *lines[index + 1 :]])


def squeezed(text: str) -> str:
    """Return a text without what hides its words: entities, %-signs, blanks, invisible and wide signs, capitals."""
    for _ in range(ROUNDS):
        text = unquote(unescape(text))
    text = normalize("NFKC", text)
    return "".join(sign for sign in text if category(sign)[0] not in "CZ").replace("\\", "/").lower()


def words(text: str) -> list[Finding]:
    """Return what would be HTML, or another program's, in words of a page."""
    return [
        *(Finding("html", found[0]) for found in TAG.finditer(text)),
        *(Finding("braces", found[0]) for found in BRACES.finditer(text)),
    ]


def address(link: str) -> list[Finding]:
    """Return what is wrong with a link's address."""
    bare = squeezed(link)
    if QUOTES.search(link) or not is_readable(link):
        return [Finding("link", link)]
    if bare.startswith("//"):
        return [Finding("link_host", link)]
    scheme = SCHEME.match(bare)
    if scheme is None or scheme[1] in SCHEMES:
        return []
    return [Finding("link_http" if scheme[1] == "http" else "link", link)]


def is_readable(link: str) -> bool:
    """Return whether a link can be taken apart as an address: https://[a cannot, and MkDocs would stop at it."""
    try:
        urlsplit(link)
    except ValueError:
        return False
    return True


def picture(src: str) -> list[Finding]:
    """Return what is wrong with a picture's address: it lies beside the file, so it has no scheme and no host."""
    bare = squeezed(src)
    elsewhere = SCHEME.match(bare) or bare.startswith("//") or QUOTES.search(src) or not is_readable(src)
    return [Finding("picture_elsewhere", src)] if elsewhere else []


def in_field(text: str) -> set[tuple[str, str]]:
    """Return what may not stand in a field: it holds words, or an address that is one of SCHEMES."""
    found = {("html_in_field", tag[0]) for tag in TAG.finditer(BARE.sub("", text))}
    found |= {("braces", braces[0]) for braces in BRACES.finditer(text)}
    bare = squeezed(text)
    if RUNS.match(bare) and not any(sign.isspace() for sign in text.strip()):
        found.add(("link", text))
    elif bare.startswith(("http://", "//")):
        found.add(("link_http" if bare.startswith("h") else "link_host", text))
    return found


def scalars(node: Node | None) -> Iterator[Scalar]:
    """Yield every single value of a file's fields."""
    match node:
        case Scalar():
            yield node
        case Items():
            for entry in node.entries:
                yield from scalars(entry)
        case Fields():
            for value in node.fields.values():
                yield from scalars(value)
