"""The files of the content folder as records, each fault of their form with its file, its line and its remedy.

A product is two files: x.md says everything, and its texts in Chinese; x.en.md says the texts again, in English.
So is all else in FOLDERS; shop.yml holds both languages. What they must say follows from the catalogue's types.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from chalicelib.catalog import Info, Product, Room, Shop, Slug, Story, Video, Village

from storefront.read import slips
from storefront.read.faults import ContentFault, Report, Said, fault
from storefront.read.forms import FileLanguage, Form, find, fits, join, remedy_of, shown
from storefront.read.frontmatter import Fields, Node, child, parse, plain, split
from storefront.read.media import films

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
RACY = 100_000_000
"""Nanoseconds for which a file just written is not taken for known: another write may leave the same time and size."""
LARGEST = 400_000
"""Bytes of a text: a book has as many. Whatever a longer one is, no writer typed it, and checks would take minutes."""
LEVELS = 30
"""How deep quotes and lists of a text may lie within one another: Markdown calls itself for each level."""
DEEP = re.compile(
    rf"^(?:(?:[ \t]*>){{{LEVELS}}}|(?:\t| {{4}}){{{LEVELS}}}|(?:[ \t]*[-*+][ \t]){{{LEVELS}}})", re.MULTILINE
)
ENDINGS = {"md": FileLanguage.CHINESE, "en.md": FileLanguage.ENGLISH}


class Home(msgspec.Struct):
    """The front page: a text, and no facts of its own."""


def template_of(kind: type[msgspec.Struct]) -> str:
    """Return the template that shows a record of this kind."""
    return f"{kind.__name__.lower()}.html"


@dataclass(frozen=True)
class SourceFile:
    """A file that could be read: its whole text, its fields if it has some, what takes its faults, and its own path."""

    kind: type[msgspec.Struct]
    text: str
    fields: Fields | None
    report: Report
    path: Path

    @property
    def language(self) -> str:
        """The language of the page that a Markdown file makes."""
        return "en" if self.path.name.endswith(".en.md") else "zh"

    @cached_property
    def body(self) -> str:
        """What stands below the front matter; "" where there is none."""
        parts = split(self.text)
        return parts.body if parts else ""

    def find(self, wanted: type) -> Iterator[Node]:
        """Yield every `wanted` in it, such as a product's packs."""
        return find(wanted, self.kind, self.fields)


@dataclass(frozen=True)
class FileReader:
    """Reads the fields of a file, and holds them to their form; `chinese` are those of the Chinese file."""

    kind: type[msgspec.Struct]
    language: FileLanguage
    chinese: Fields | None = None

    def read(self, text: str) -> slips.Reading:
        """Read YAML; return its fields, and every fault in it."""
        faults: list[slips.Told] = []

        def report(line: int, what: Said, remedy: Said) -> None:
            faults.append((line, what, remedy))

        node = parse(text, report)
        if not isinstance(node, Fields):
            if not faults:
                report(node.line if node else 1, *fault("no_fields"))
            return slips.Reading(None, faults)
        name = self.kind.__name__.lower()
        if self.language is not FileLanguage.BOTH:
            node = without_template(node, template_of(self.kind), report)
        chinese = node if self.language is FileLanguage.CHINESE else self.chinese
        Form(self.language, report).check(name, self.kind, node, chinese)
        return slips.Reading(node, faults)


def without_template(fields: Fields, template: str, report: Report) -> Fields:
    """Return the fields of the catalogue; report where the page is not shown by its folder's `template`."""
    node = child(fields, "template")
    if node is None:
        report(fields.line, *fault("no_template", words=template))
    elif plain(node) != template:
        report(node.line, *fault("template", written=shown(node), words=template))
    return replace(fields, fields={name: value for name, value in fields.fields.items() if name != "template"})


@dataclass(frozen=True)
class SourceRecord:
    """A record as its files have it, faulty or not; `file` is the name of its Chinese one, which holds the facts."""

    folder: str
    id: str
    file: str
    facts: SourceFile
    english: SourceFile | None
    beside: Path
    """The folder that holds its files."""

    def get(self, name: str) -> Node | None:
        """Return what stands in a field of the Chinese file."""
        return child(self.facts.fields, name)

    def to_catalog(self) -> msgspec.Struct:
        """Return the record as the catalogue has it; both files must be there and without a fault."""
        # A film may change while its text stays as it was: how long it is, is asked each time.
        return self._join() if FOLDERS[self.folder] is Video else self._joined

    @cached_property
    def _joined(self) -> msgspec.Struct:
        return self._join()

    def _join(self) -> msgspec.Struct:
        kind, english = FOLDERS[self.folder], self.english.fields if self.english else None
        value = join(kind, self.facts.fields or NOTHING, english, f"/{self.folder}")
        seen = {"seconds": films.probe(self.beside / value["clip"]).whole_seconds} if kind is Video else {}
        return msgspec.convert({"id": self.id, **value, **seen}, kind)


class KeptRecord(NamedTuple):
    """A record as it was read, what its files were then, and what was found in it."""

    files: frozenset[tuple[str, int, int, int]]
    record: SourceRecord
    faults: list[ContentFault]
    notices: list[ContentFault]
    sources: list[SourceFile]


@dataclass(frozen=True)
class ContentReader:
    """Reads the files of one content folder, and gathers their faults.

    Whoever reads the same folder again and again keeps the reader, and calls `begin` each time: it reads those records
    alone whose files have changed. `checks` are asked of each record that is read; they look at nothing else.
    """

    content: Path
    checks: tuple[Callable[[SourceRecord], None], ...] = ()
    kept: dict[tuple[str, str], KeptRecord] = field(default_factory=dict)
    faults: list[ContentFault] = field(default_factory=list)
    notices: list[ContentFault] = field(default_factory=list)
    """What a writer should know, and what stops nothing."""
    sources: list[SourceFile] = field(default_factory=list)
    """Every file that could be read."""

    def begin(self) -> None:
        """Forget what was found, but not what was read."""
        for found in (self.faults, self.notices, self.sources):
            found.clear()

    def report(self, path: Path, line: int, what: Said, remedy: Said) -> None:
        """Add a fault; `line` counts from 1."""
        self.faults.append(ContentFault(self.name(path), line, what, remedy))

    def notice(self, path: Path, line: int, what: Said, remedy: Said) -> None:
        """Add what a writer should know though it stops nothing."""
        self.notices.append(ContentFault(self.name(path), line, what, remedy))

    def name(self, path: Path) -> str:
        """Return a file's name as faults give it, such as content/products/x.md."""
        return f"{self.content.resolve().name}/{path.relative_to(self.content).as_posix()}"

    def shop(self) -> SourceFile | None:
        """Read shop.yml; None where it cannot be read, which is reported."""
        path = self.content / "shop.yml"
        if path.is_dir():
            self.report(path, 1, *fault("folder", words=path.name))
            return None
        if not path.is_file():
            self.report(path, 1, *fault("no_shop"))
            return None
        text = self.text(path)
        if text is None:
            return None
        report = partial(self.report, path)
        source = SourceFile(Shop, text, self.fields(FileReader(Shop, FileLanguage.BOTH), text, report), report, path)
        self.sources.append(source)
        return source

    def home(self) -> None:
        """Read the front page and check it: index.md and index.en.md, which hold a text and no fields."""
        files = {
            language: path
            for ending, language in ENDINGS.items()
            if (path := self.content / f"index.{ending}").is_file()
        }
        if files:
            self.read(Home, "", "index", files)
        else:
            self.report(self.content / "index.md", 1, *fault("no_home"))

    def records(self, folder: str) -> list[SourceRecord]:
        """Read all Markdown files of a folder, and return their records in the order of their ids."""
        files: dict[str, dict[FileLanguage, Path]] = {}
        for path in sorted((self.content / folder).glob("[!.]*.[mM][dD]")):
            name, _, ending = path.name.partition(".")
            if ending not in ENDINGS:
                self.report(path, 1, *fault("ending", words=shown(path.name)))
            elif path.is_dir():
                self.report(path, 1, *fault("folder", words=path.name))
            elif path.is_file():
                files.setdefault(name, {})[ENDINGS[ending]] = path
        return [self.read(FOLDERS[folder], folder, name, files[name]) for name in sorted(files)]

    def read(
        self, kind: type[msgspec.Struct], folder: str, name: str, files: Mapping[FileLanguage, Path]
    ) -> SourceRecord:
        """Read a record unless its files are as they were; report what is wrong within each and between the two."""
        stats = {path: path.stat() for path in files.values()}
        stamp = frozenset((path.name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in stats.items())
        kept = self.kept.get((folder, name))
        if kept and kept.files == stamp:
            self.faults.extend(kept.faults)
            self.notices.extend(kept.notices)
            self.sources.extend(kept.sources)
            return kept.record
        before = len(self.faults), len(self.notices), len(self.sources)
        record = self._read(kind, folder, name, files)
        for check in self.checks:
            check(record)
        found = self.faults[before[0] :], self.notices[before[1] :], self.sources[before[2] :]
        self.kept.pop((folder, name), None)
        if all(stat.st_mtime_ns < time.time_ns() - RACY for stat in stats.values()):
            self.kept[folder, name] = KeptRecord(stamp, record, *found)
        return record

    def _read(
        self, kind: type[msgspec.Struct], folder: str, name: str, files: Mapping[FileLanguage, Path]
    ) -> SourceRecord:
        for path in files.values():
            if not (name.isprintable() and fits(name, Slug)):
                self.report(path, 1, *fault("no_address", words=shown(name), remedy=remedy_of(Slug)))
            elif folder and name == "index":  # MkDocs would put it in the place of the folder's own list
                self.report(path, 1, *fault("name_of_list", words=path.name))
        for ending in (ending for ending, language in ENDINGS.items() if language not in files):
            (there,) = files.values()
            self.report(there, 1, *fault("partner", words=f"{name}.{ending}"))
        path = files.get(FileLanguage.CHINESE, self.content)
        facts = SourceFile(kind, "", None, partial(self.report, path), path)
        sources: dict[FileLanguage, SourceFile] = {}
        for language in (language for language in ENDINGS.values() if language in files):
            chinese = facts.fields if FileLanguage.CHINESE in files else NOTHING
            source = self.source(FileReader(kind, language, chinese), files[language])
            if source:
                sources[language] = source
            facts = sources.get(FileLanguage.CHINESE, facts)
        return SourceRecord(
            folder, name, self.name(path), facts, sources.get(FileLanguage.ENGLISH), self.content / folder
        )

    def source(self, reader: "FileReader", path: Path) -> SourceFile | None:
        """Read a Markdown file; its fields are those of its front matter without what is MkDocs' own."""
        text = self.text(path)
        if text is None:
            return None
        parts, report = split(text), partial(self.report, path)
        fields = None
        if parts is None:
            for line, *told in slips.fences(text):
                report(line, *told)
        else:
            fields = self.fields(reader, parts.front, report)
            if deep := DEEP.search(parts.body):
                line = (parts.front + parts.body[: deep.start()]).count("\n") + 1
                report(line, *fault("text_deep", number=LEVELS))
                return None
            if not parts.body.strip():
                report(parts.front.count("\n") + 1, *fault("no_text"))
        source = SourceFile(reader.kind, text, fields, report, path)
        self.sources.append(source)
        return source

    def fields(self, reader: "FileReader", text: str, report: Report) -> Fields | None:
        """Return the fields of a file; report every fault in them, slips of the keyboard by their own names."""
        found = slips.mend(text, reader.read)
        for told in found.faults:
            report(*told)
        return found.fields

    def text(self, path: Path) -> str | None:
        """Return a file's text with line feeds as line ends; None where it cannot be read, which is reported."""
        try:
            size = path.stat().st_size
            if size > LARGEST:
                self.report(path, 1, *fault("text_large", size=size // 1000, most=LARGEST // 1000))
                return None
            return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.report(path, line, *fault("not_utf8"))
        except OSError as error:
            self.report(path, 1, *fault("unreadable", words=str(error.strerror)))
        return None
