"""Links and pictures in texts lead somewhere: all that a text names is there, is published, and is the shop's to show.

A text names another page by its file, as in [two workshops](../stories/workshops.md), which leads to the page in the
text's own language; a page that no village writes by its address, as in [your orders](/en/orders/); and a picture by
the file beside it. Where something else stands, the fault says what was meant.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import unquote

from storefront.check import attachments, markup
from storefront.check.markup import Finding
from storefront.read.faults import Said, fault
from storefront.read.files import PICTURES, is_known
from storefront.read.forms import shown
from storefront.read.frontmatter import child, plain
from storefront.read.generated import GENERATED, OF_ROOMS, is_for_staff
from storefront.read.media.pictures import LEAST_IN_TEXT
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES, Home, SourceFile, SourceRecord
from storefront.read.texts import Named, TextTree, file_named, read

HOME = "index"
SIGNS = re.compile(r"[\[【［<#]")
"""Without one of these a text has neither link nor picture, nor a heading without words."""
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
HOST = re.compile(r"www\..+|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|gov|edu|shop|top)(?:[/?#].*)?", re.IGNORECASE)
"""An address of another site whose https:// is missing."""
MAIL, PHONE = re.compile(r"[^\s/@]+@[^\s/@]+\.[^\s/@]+"), re.compile(r"\+?[\d -]{7,}")
FOOTNOTE = re.compile(r"[\[［【]\^[^\[\]［］【】]+[\]］】]")
UNDEFINED = re.compile(r"(?<![\w\]])!?\[(?!\d+\])[^\[\]]+\]\[[^\[\]]*\]", re.ASCII)
"""A link whose address would stand below the text, and does not."""
WIDE = re.compile(
    r"[\[【][^\[\]【】]*[\]】](?:\s?[（(])(?:[^()（）\s]*(?:/|\.md|\.html|www\.|@)[^()（）\s]*|#[^()（）\s]+)[)）]"
    r"|[！!]\s?[\[【][^\[\]【】]*[\]】]\s?[（(][^()（）]+\.\w{3,4}[)）]"
)
"""What would be a link or a picture, were its brackets plain ones with nothing between them."""
FEED = "/feed.xml"
NO_NAME = {"", ".", "..", "en", "index", "index.md", "index.html"}
"""Parts of an address that say nothing of which page is meant."""


@dataclass(frozen=True)
class LinkTargets:
    """What texts may lead to: written pages by their names, such as stories/workshops; all pages by their addresses,
    such as /stories/workshops/ (the Chinese one); the texts by page and language; and the `files` that are published.
    """

    content: Path
    pages: frozenset[str]
    addresses: Mapping[str, str]
    texts: Mapping[tuple[str, str], SourceFile]
    files: frozenset[Path]

    @classmethod
    def of(
        cls, content: Path, shelves: Mapping[str, list[SourceRecord]], sources: Iterable[SourceFile], files: set[Path]
    ) -> "LinkTargets":
        """Return the targets of a site with these records and texts; `files` are those that its pages name."""
        rooms = [record.id for record in shelves["live"]]
        made = [*GENERATED, *(page.format(room=room) for page in OF_ROOMS for room in rooms)]
        addresses = {f"/{name}/": name for name in made if name != "404"} | {"/": HOME}
        pages = {HOME}
        for folder, shelf in shelves.items():
            for record in shelf:
                pages.add(f"{folder}/{record.id}")
                addresses[f"/{SHELVES.get(folder, folder)}/{record.id}/"] = f"{folder}/{record.id}"
        texts = {(name_of(content, source), source.language): source for source in sources}
        return cls(content, frozenset(pages), addresses, texts, frozenset(files))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of these files, below the content folder."""
        return frozenset(path.relative_to(self.content).as_posix() for path in self.files)

    def is_for_staff(self, name: str) -> bool:
        """Return whether a page is none for shoppers: staff's own, one of a room's stream, or written for hosts."""
        facts = self.texts.get((name, "zh"))
        if name in self.pages:
            node = child(facts.fields, "for_hosts") if facts else None
            return node is not None and plain(node) is True
        return is_for_staff(GENERATED.get(name, "live/"))


@dataclass(frozen=True)
class TextLinks:
    """The links of one text, and what they may lead to."""

    targets: LinkTargets
    source: SourceFile

    @property
    def name(self) -> str:
        """The name of the text's own page."""
        return name_of(self.targets.content, self.source)

    @property
    def folder(self) -> str:
        """The folder of the text below content/; "" for content/ itself."""
        return posixpath.dirname(self.name)

    def judge(self, link: Named) -> tuple[str, str] | None:
        """Return what is wrong with a link, by its name in faults.yml, and what was meant; None where it is right."""
        address = link.address
        if markup.address(address):
            return None  # told there
        if not address.strip("# "):
            return "link_empty", ""
        if not link.words.strip():
            return "link_wordless", ""
        if link.before == "！" and posixpath.splitext(address)[1].lower() in PICTURES:
            return "picture_mark", ""
        if markup.SCHEME.match(markup.squeezed(address)) or self.is_published(address):
            return None
        path, _, anchor = address.partition("#")
        path = unquote(path.partition("?")[0])
        if not path:
            return self.judge_anchor(self.name, anchor)
        found = self.at_address(path) if path.startswith("/") else self.at_file(path)
        if isinstance(found, tuple):
            return without_scheme(address) or found
        return self.judge_anchor(found, anchor)

    def is_published(self, address: str) -> bool:
        """Return whether an address means a picture or a film that is published; the folder is not asked again."""
        names = self.targets.names
        return (
            file_named(address, lambda name: posixpath.normpath(posixpath.join(self.folder, name)) in names) is not None
        )

    def at_file(self, path: str) -> str | tuple[str, str]:
        """Return the name of the page whose file this is, or what is wrong."""
        name, ending = posixpath.splitext(posixpath.normpath(posixpath.join(self.folder, path)))
        if ending == ".md" and name in self.targets.pages:
            return ("link_staff", "") if self.is_kept_out_of(name) else name
        meant = self.meant(path)
        if ending == ".md" and posixpath.splitext(name)[1].lstrip(".") in LANGUAGES and meant:
            return "link_language", meant
        if file_of(self.targets.content, self.source, path):
            return "link_file", ""
        return ("link_gone", meant) if meant else ("link_unknown", "")

    def at_address(self, path: str) -> str | tuple[str, str]:
        """Return the name of the page with this address, or what is wrong."""
        if self.targets.content / path.lstrip("/") in self.targets.files:
            return ""
        lang = "en" if f"{path}/".startswith(LANGUAGES["en"]) else "zh"
        inner = (path.removeprefix(LANGUAGES[lang].rstrip("/")) or "/") if lang == "en" else path
        name = "" if inner == FEED else self.targets.addresses.get(inner)
        if name is None:
            whole = f"{inner.removesuffix('index.html').rstrip('/')}/"
            meant = localised(self.source.language, whole) if whole in self.targets.addresses else self.meant(inner)
            return ("link_gone", meant) if meant else ("link_unknown", "")
        if name and self.is_kept_out_of(name):
            return "link_staff", ""
        return name if lang == self.source.language else ("link_language", localised(self.source.language, inner))

    def is_kept_out_of(self, name: str) -> bool:
        """Return whether a page is for staff, and this text for everybody."""
        return self.targets.is_for_staff(name) and not self.targets.is_for_staff(self.name)

    def judge_anchor(self, name: str, anchor: str) -> tuple[str, str] | None:
        """Return that a page has no such heading in the text's language; pages without a text have none to look for."""
        wanted, page = unquote(anchor), self.targets.texts.get((name, self.source.language))
        if not wanted or wanted == "top" or page is None:
            return None
        ids = {markup.squeezed(heading.address): heading.address for heading in read(page.body).headings}
        if wanted in ids.values():
            return None
        meant = get_close_matches(markup.squeezed(wanted), [*ids], n=1) or [*ids]
        return ("link_anchor", ", ".join(f"#{ids[one]}" for one in meant)) if ids else ("link_anchorless", "")

    def meant(self, path: str) -> str:
        """Return how the text should name the page that it probably means; "" where none comes close."""
        parts = [part for part in path.replace("\\", "/").lower().split("/") if part not in NO_NAME]
        stem = re.sub(r"(?:\.(?:en|zh))?(?:\.(?:md|html?|markdown))?$", "", parts[-1]) if parts else ""
        pages = [*self.targets.pages, *(name for name in GENERATED if not self.is_kept_out_of(name) and name != "404")]
        close = get_close_matches(stem, [name.rpartition("/")[2] for name in pages], n=1, cutoff=0.7)
        near = [self.folder, *parts[:-1]]
        folders = {name: name.partition("/")[0] for name in sorted(pages) if close and name.split("/")[-1] == close[0]}
        name = max(folders, key=lambda each: folders[each] in near or SHELVES.get(folders[each]) in near, default="")
        if name in self.targets.pages:
            return posixpath.relpath(f"{name}.md", self.folder or ".")
        return localised(self.source.language, f"/{name}/") if name else ""


def check(
    content: Path, sources: Iterable[SourceFile], shelves: Mapping[str, list[SourceRecord]], named: set[Path]
) -> set[Path]:
    """Report what texts name that is not there, not published, or not meant for those who read it.

    `named` are the files that records name. Returns the pictures that texts show.
    """
    texts = [source for source in sources if source.kind is Home or source.kind in FOLDERS.values()]
    shown_in_texts = pictures_in(content, texts)
    targets = LinkTargets.of(content, shelves, texts, named | shown_in_texts)
    for source in texts:
        if SIGNS.search(source.body):
            check_text(TextLinks(targets, source))
    return shown_in_texts


def pictures_in(content: Path, texts: Iterable[SourceFile]) -> set[Path]:
    """Return the pictures that texts show."""
    named = (
        file_of(content, source, picture.address)
        for source in texts
        if SIGNS.search(source.body)
        for picture in read(source.body).pictures
    )
    return {path for path in named if path and path.suffix.lower() in PICTURES and is_known(content, path)}


def check_text(links: TextLinks) -> None:
    """Report what is wrong with the links, pictures and headings of a text, each with its line."""
    source, told = links.source, dict[Finding, tuple[Said, Said]]()
    body = source.body
    judged: dict[tuple[str, str, str], tuple[str, str] | None] = {}  # what a name may mean takes long to find
    addresses = {picture.address for picture in read(body).pictures}
    of_pictures = {src: judge_picture(links.targets.content, source, src) for src in addresses}

    def find(text: str) -> Counter[Finding]:
        tree, found = tree_of(text), []
        for link in tree.links:
            key = link.address, link.words, link.before
            if key not in judged:
                judged[key] = links.judge(link)
            if wrong := judged[key]:
                words = link.address or link.words
                found.append(Finding(wrong[0], words))
                told[found[-1]] = fault(wrong[0], words=shown(words), meant=wrong[1])
        for picture in tree.pictures:
            if wrong_picture := of_pictures.get(picture.address):
                found.append(Finding("picture", picture.address))
                told[found[-1]] = wrong_picture
            if not picture.words.strip() and not markup.picture(picture.address):
                found.append(Finding("picture_undescribed", picture.address))
                told[found[-1]] = fault("picture_undescribed", words=picture.address)
        for kind, words in leftovers(text):
            found.append(Finding(kind, words))
            told[found[-1]] = fault(kind, words=shown(words))
        return Counter(found)

    before = source.text.count("\n") - body.count("\n")
    for line, kind, words in markup.placed(body, find):
        source.report(before + line, *told[Finding(kind, words)])


def judge_picture(content: Path, source: SourceFile, src: str) -> tuple[Said, Said] | None:
    """Return what is wrong with a picture in a text, and what to do; None where it can be shown."""
    if markup.picture(src):
        return None  # told there
    path = file_of(content, source, src)
    if path is None:
        beside = [each.name for each in sorted(source.path.parent.iterdir()) if each.suffix.lower() in PICTURES]
        meant = get_close_matches(unquote(src), beside, n=1)
        return fault("picture_gone_near" if meant else "picture_gone", words=shown(src), meant="".join(meant))
    told: list[tuple[Said, Said]] = []

    def report(_: int, what: Said, remedy: Said) -> None:
        told.append((what, remedy))

    if attachments.is_other_kind(content, path):
        attachments.check_picture(path, LEAST_IN_TEXT, 0, report)
    else:
        attachments.check_named(content, path, LEAST_IN_TEXT, 0, report)
    return next(iter(told), None)


@lru_cache(maxsize=8192)
def leftovers(text: str) -> tuple[tuple[str, str], ...]:
    """Return what was meant as a link, a picture or a footnote, and stays the words that were typed; empty headings."""
    tree = tree_of(text)
    patterns = ("footnote", FOOTNOTE), ("link_undefined", UNDEFINED), ("link_brackets", WIDE)
    return (
        *(("heading_empty", heading.address) for heading in tree.headings if not heading.words.strip()),
        *((kind, found[0]) for said in tree.said for kind, pattern in patterns for found in pattern.finditer(said)),
    )


def tree_of(text: str) -> TextTree:
    """Return what Markdown makes of a text, but for comments: they are told as HTML, and nothing in them is meant."""
    tree = read(text)
    if any("<!--" in said for said in tree.said):
        return read(COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text))
    return tree


def without_scheme(address: str) -> tuple[str, str] | None:
    """Return that an address leads out of the shop, and what it is when its beginning is there."""
    for pattern, scheme in ((MAIL, "mailto:"), (HOST, "https://"), (PHONE, "tel:")):
        if pattern.fullmatch(address):
            return "link_scheme", scheme + (address.replace(" ", "") if scheme == "tel:" else address)
    return None


def file_of(content: Path, source: SourceFile, address: str) -> Path | None:
    """Return the file of the content folder that an address in a text means; None where there is none."""
    folder = source.path.relative_to(content).parent.as_posix()

    def lies(name: str) -> bool:
        try:
            return (
                not posixpath.normpath(posixpath.join(folder, name)).startswith(("..", "/"))
                and (content / folder / name).is_file()
            )
        except (OSError, ValueError):  # too long for a name, or a sign that no name has
            return False

    name = file_named(address, lies)
    return content / posixpath.normpath(posixpath.join(folder, name)) if name else None


def name_of(content: Path, source: SourceFile) -> str:
    """Return the name of a text's page, such as stories/workshops."""
    path = source.path.relative_to(content)
    return (path.parent / path.name.partition(".")[0]).as_posix()
