"""The content folder as the catalogue: read once, checked whole, every fault with its file, its line and its remedy.

A product is two files: x.md says everything, and its texts in Chinese; x.en.md says the texts again, in English.
So is all else in FOLDERS; shop.yml holds both languages. What they must say follows from the catalogue's types.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec
from chalicelib.catalog import Catalog, Info, Pack, Picture, Product, Room, Shop, Slug, Story, Video, Village

from .forms import Form, Voice, find, fits, instead_of, join, remedy_of, shown
from .frontmatter import Fields, Node, Report, child, parse, plain, split, text_of

FOLDERS: dict[str, type[msgspec.Struct]] = {
    "villages": Village,
    "products": Product,
    "stories": Story,
    "videos": Video,
    "live": Room,
    "pages": Info,
}
"""Where each kind of record is written. **To add a page type that villages write, add it here** and to `Catalog`."""
SHELVES = {"live": "rooms"}
"""Folders whose records the catalogue, and the site, call otherwise."""
ENDINGS = {"md": Voice.CHINESE, "en.md": Voice.ENGLISH}
PICTURES = {".svg", ".png", ".jpg", ".jpeg", ".webp"}


class Fault(NamedTuple):
    """Something to mend in the content; `line` counts from 1."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}: {self.what}: {self.remedy}"
        return "".join(
            sign if sign.isprintable() else repr(sign)[1:-1] for sign in text
        )  # one line, whatever it quotes


class BadContent(Exception):
    """The content cannot be published: `faults` are all there are, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


def read(content: Path) -> Catalog:
    """The catalogue that the folder `content` describes; raises BadContent with every fault in it."""
    desk = Desk(content)
    shop = desk.shop()
    shelves = {folder: desk.entries(folder) for folder in FOLDERS}
    if not shelves["products"]:
        desk.report(content / "products", 1, "there is no product", "write one, as products/x.md and products/x.en.md")
    for folder, shelf in shelves.items():
        check_pictures(shelf, content / folder)
    check_villages(shelves)
    check_skus(shelves["products"])
    if desk.faults or shop is None:
        raise BadContent(desk.faults)
    parts: dict[str, Any] = {
        SHELVES.get(folder, folder): tuple(entry.record() for entry in shelf) for folder, shelf in shelves.items()
    }
    parts["shop"] = msgspec.convert(join(Shop, shop, None, ""), Shop)
    version = hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:16]
    return Catalog(version=version, **parts)


@dataclass(frozen=True)
class Entry:
    """A village, product or story as its files have it, faulty or not; `file` and `report` are the Chinese one's."""

    folder: str
    id: str
    file: str
    report: Report
    chinese: Fields
    english: Fields | None

    def find(self, wanted: type) -> Iterator[Node]:
        """Every `wanted` in the Chinese file, such as its packs."""
        return find(wanted, FOLDERS[self.folder], self.chinese)

    def record(self) -> msgspec.Struct:
        """The entry as the catalogue has it; both files must be there and without a fault."""
        kind = FOLDERS[self.folder]
        value = join(kind, self.chinese, self.english, f"/{self.folder}")
        return msgspec.convert({"id": self.id, **value}, kind)


@dataclass(frozen=True)
class Desk:
    """Reads the files of one content folder, and gathers their faults."""

    content: Path
    faults: list[Fault] = field(default_factory=list)

    def report(self, path: Path, line: int, what: str, remedy: str) -> None:
        """Takes a fault."""
        self.faults.append(Fault(self.name(path), line, what, remedy))

    def name(self, path: Path) -> str:
        """A file as faults name it, such as content/products/x.md."""
        return f"{self.content.resolve().name}/{path.relative_to(self.content).as_posix()}"

    def shop(self) -> Fields | None:
        """What shop.yml says; None where it says nothing."""
        path = self.content / "shop.yml"
        if not path.is_file():
            self.report(path, 1, "the file is missing", "write who sells there: name, slogan, seller, contact")
            return None
        text = self.text(path)
        fields = None if text is None else self.fields(path, text)
        if fields:
            Form(Voice.BOTH, partial(self.report, path)).check("shop", Shop, fields)
        return fields

    def entries(self, folder: str) -> list[Entry]:
        """What the Markdown files of a folder describe, by id."""
        files: dict[str, dict[Voice, Path]] = {}
        for path in sorted((self.content / folder).glob("[!.]*.[mM][dD]")):
            name, _, ending = path.name.partition(".")
            if ending not in ENDINGS:
                what = f"{shown(path.name)} ends neither in .md (Chinese) nor in .en.md (English)"
                self.report(path, 1, what, "rename it, or remove it")
            elif path.is_file():
                files.setdefault(name, {})[ENDINGS[ending]] = path
        return [self.entry(folder, name, files[name]) for name in sorted(files)]

    def entry(self, folder: str, name: str, files: Mapping[Voice, Path]) -> Entry:
        """What the files of one name describe; reports what is wrong within each and between the two."""
        kind = FOLDERS[folder]
        for path in files.values():
            if not (name.isprintable() and fits(name, Slug)):
                self.report(path, 1, f"{shown(name)} cannot stand in an address", f"rename the file: {remedy_of(Slug)}")
        for ending in (ending for ending, voice in ENDINGS.items() if voice not in files):
            (there,) = files.values()
            self.report(there, 1, f"{name}.{ending} is missing beside this file", "write it, or remove this one")
        sheets = {voice: self.sheet(path, f"{kind.__name__.lower()}.html") for voice, path in files.items()}
        chinese = sheets.get(Voice.CHINESE) or Fields(1, {}, {})
        for voice, sheet in sheets.items():
            if sheet:
                Form(voice, partial(self.report, files[voice])).check(kind.__name__.lower(), kind, sheet, chinese)
        path = files.get(Voice.CHINESE, self.content)
        return Entry(folder, name, self.name(path), partial(self.report, path), chinese, sheets.get(Voice.ENGLISH))

    def sheet(self, path: Path, template: str) -> Fields | None:
        """The front matter of a Markdown file, without what is MkDocs' own; None where there is none to check."""
        text = self.text(path)
        if text is None:
            return None
        parts = split(text)
        if parts is None:
            what = "the front matter has no end" if text.startswith("---") else "there is no front matter"
            self.report(path, 1, what, "put it between two lines of three hyphens (---) at the top of the file")
            return None
        if not parts.body.strip():
            self.report(path, parts.front.count("\n") + 1, "no text follows the front matter", "write some below it")
        fields = self.fields(path, parts.front)
        return fields and self.without_template(path, fields, template)

    def without_template(self, path: Path, fields: Fields, template: str) -> Fields:
        """The fields of the catalogue; reports where the page is not shown by its folder's `template`."""
        node = child(fields, "template")
        if node is None:
            self.report(path, fields.line, "template is missing", f"add template: {template}")
        elif plain(node) != template:
            self.report(path, node.line, f"template is {shown(node)}", f"write {template}, as for all files here")
        return replace(fields, fields={name: value for name, value in fields.fields.items() if name != "template"})

    def fields(self, path: Path, text: str) -> Fields | None:
        """The YAML of a file; reports where it is none, or no mapping."""
        before = len(self.faults)
        node = parse(text, partial(self.report, path))
        if isinstance(node, Fields):
            return node
        if len(self.faults) == before:
            self.report(path, 1, "there are no fields here", 'write lines of "field: value", with an ASCII colon')
        return None

    def text(self, path: Path) -> str | None:
        """What a file says, its lines ended by line feeds alone; None where it cannot be read, which is reported."""
        try:
            return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.report(path, line, "this is not UTF-8", "save the file as UTF-8 in your editor")
        except OSError as error:
            self.report(path, 1, f"the file cannot be read, {error.strerror}", "let everyone read it")
        return None


def check_villages(shelves: Mapping[str, list[Entry]]) -> None:
    """Reports what names a village that does not exist."""
    known = [village.id for village in shelves["villages"]]
    for entry in (entry for shelf in shelves.values() for entry in shelf):
        node = child(entry.chinese, "village")
        name = text_of(node)
        if node and name and name not in known:
            remedy = f"write one of {', '.join(known)}" if known else f"write villages/{name}.md first"
            entry.report(node.line, f"there is no village {shown(name)}", remedy)


def check_skus(products: Iterable[Entry]) -> None:
    """Reports each SKU that an earlier pack has."""
    places: dict[str, str] = {}
    for product in products:
        for node in (child(pack, "sku") for pack in product.find(Pack)):
            sku = text_of(node)
            if node and sku in places:
                product.report(node.line, f"sku {sku} is taken by {places[sku]}", "give each pack an SKU of its own")
            elif node and sku:
                places[sku] = f"{product.file}:{node.line}"


def check_pictures(entries: Iterable[Entry], folder: Path) -> None:
    """Reports what names a picture that does not lie in the folder."""
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    known = [file for file in files if PurePosixPath(file).suffix.lower() in PICTURES]
    for entry in entries:
        for node in (child(picture, "src") for picture in entry.find(Picture)):
            src = text_of(node)
            if node and src and (src.startswith("/") or ".." in src.split("/")):
                entry.report(node.line, f"src {shown(src)} leaves the folder", "put the picture beside the file")
            elif node and src and src not in known:
                remedy = f"put it there, or {instead_of(src, known)}" if known else "put it there"
                entry.report(node.line, f"there is no picture {shown(src)} beside the file", remedy)
