"""The files of the content folder as records, each fault of their form with its file, its line and its remedy.

A product is two files: x.md says everything, and its texts in Chinese; x.en.md says the texts again, in English.
So is all else in FOLDERS; shop.yml holds both languages. What they must say follows from the catalogue's types.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from chalicelib.catalog import Info, Product, Room, Shop, Slug, Story, Video, Village

from storefront.read.forms import Form, Voice, find, fits, join, remedy_of, shown
from storefront.read.frontmatter import Fields, Node, Report, child, parse, plain, split

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
NOTHING = Fields(1, {}, {})
ENDINGS = {"md": Voice.CHINESE, "en.md": Voice.ENGLISH}


class Home(msgspec.Struct):
    """The front page: a text, and no facts of its own."""


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


def template_of(kind: type[msgspec.Struct]) -> str:
    """The template that shows a record of this kind."""
    return f"{kind.__name__.lower()}.html"


@dataclass(frozen=True)
class Paper:
    """A file that could be read: its whole text, its fields if it has some, and what takes its faults."""

    kind: type[msgspec.Struct]
    text: str
    fields: Fields | None
    report: Report

    def find(self, wanted: type) -> Iterator[Node]:
        """Every `wanted` in it, such as a product's packs."""
        return find(wanted, self.kind, self.fields)


@dataclass(frozen=True)
class Entry:
    """A record as its files have it, faulty or not; `file` is the name of its Chinese one, which holds the facts."""

    folder: str
    id: str
    file: str
    facts: Paper
    english: Paper | None

    def get(self, name: str) -> Node | None:
        """What stands in a field of the Chinese file."""
        return child(self.facts.fields, name)

    def record(self) -> msgspec.Struct:
        """The entry as the catalogue has it; both files must be there and without a fault."""
        kind, english = FOLDERS[self.folder], self.english.fields if self.english else None
        value = join(kind, self.facts.fields or NOTHING, english, f"/{self.folder}")
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

    def shop(self) -> Paper | None:
        """What shop.yml says."""
        path = self.content / "shop.yml"
        if not path.is_file():
            self.report(path, 1, "the file is missing", "write who sells there: name, slogan, seller, contact")
            return None
        text = self.text(path)
        if text is None:
            return None
        paper = Paper(Shop, text, self.fields(path, text), partial(self.report, path))
        if paper.fields:
            Form(Voice.BOTH, paper.report).check("shop", Shop, paper.fields)
        return paper

    def home(self) -> None:
        """Checks the front page: index.md and index.en.md, which hold a text and no fields."""
        files = {
            voice: path for ending, voice in ENDINGS.items() if (path := self.content / f"index.{ending}").is_file()
        }
        if files:
            self.entry(Home, "", "index", files)
        else:
            self.report(self.content / "index.md", 1, "the file is missing", "write the shop's front page there")

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
        return [self.entry(FOLDERS[folder], folder, name, files[name]) for name in sorted(files)]

    def one(self, folder: str, name: str) -> Entry | None:
        """What the files of that name describe; None where there are none."""
        at = self.content / folder
        files = {voice: path for ending, voice in ENDINGS.items() if (path := at / f"{name}.{ending}").is_file()}
        return self.entry(FOLDERS[folder], folder, name, files) if files else None

    def entry(self, kind: type[msgspec.Struct], folder: str, name: str, files: Mapping[Voice, Path]) -> Entry:
        """What the files of one name describe; reports what is wrong within each and between the two."""
        for path in files.values():
            if not (name.isprintable() and fits(name, Slug)):
                self.report(path, 1, f"{shown(name)} cannot stand in an address", f"rename the file: {remedy_of(Slug)}")
        for ending in (ending for ending, voice in ENDINGS.items() if voice not in files):
            (there,) = files.values()
            self.report(there, 1, f"{name}.{ending} is missing beside this file", "write it, or remove this one")
        papers = {voice: paper for voice, path in files.items() if (paper := self.paper(kind, path))}
        path = files.get(Voice.CHINESE, self.content)
        facts = papers.get(Voice.CHINESE) or Paper(kind, "", None, partial(self.report, path))
        for voice, paper in papers.items():
            if paper.fields:
                Form(voice, paper.report).check(kind.__name__.lower(), kind, paper.fields, facts.fields or NOTHING)
        return Entry(folder, name, self.name(path), facts, papers.get(Voice.ENGLISH))

    def paper(self, kind: type[msgspec.Struct], path: Path) -> Paper | None:
        """A Markdown file; its fields are those of its front matter without what is MkDocs' own."""
        text = self.text(path)
        if text is None:
            return None
        parts = split(text)
        fields = None
        if parts is None:
            what = "the front matter has no end" if text.startswith("---") else "there is no front matter"
            self.report(path, 1, what, "put it between two lines of three hyphens (---) at the top of the file")
        else:
            fields = self.fields(path, parts.front)
            if not parts.body.strip():
                self.report(
                    path, parts.front.count("\n") + 1, "no text follows the front matter", "write some below it"
                )
        fields = fields and self.without_template(path, fields, template_of(kind))
        return Paper(kind, text, fields, partial(self.report, path))

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
