"""Who is seen or heard in pictures and films, and where they may be shown: content/people.yml, private to the house.

Nothing of it is published, and no record holds it: the catalogue that pages, feeds and functions get has had it applied
(`check/consent.py`). People are numbers there; whose number is whose stands on the papers that they have signed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Literal

import msgspec
from chalicelib.catalog import Day, Record, Words
from msgspec import Meta

from storefront.read.faults import Report
from storefront.read.forms import FileLanguage, find
from storefront.read.frontmatter import Fields, Node, child, day_of, entries, text_of
from storefront.read.records import ContentReader, FileReader

FILE = "people.yml"
PlaceName = Literal["site", "feeds", "live"]
PLACES: tuple[PlaceName, ...] = ("site", "feeds", "live")
"""The shop's own pages; what others show of it (feeds, cards, search engines); its livestream rooms."""
Place = Annotated[PlaceName, Meta(description="site, feeds or live")]
Number = Annotated[
    str, Meta(pattern=r"^p[0-9]{1,4}\Z", description="the letter p and a number, such as p1: never a name")
]


class AskedPerson(Record, frozen=True):
    """Somebody who is seen or heard: where they may be shown (nowhere: []), and the last day of that."""

    person: Number
    may: tuple[Place, ...]
    until: Day


class SeenIn(Record, frozen=True):
    """A file, by its path below content/, and who is to be recognised in it (nobody: [])."""

    file: Words
    people: tuple[Number, ...]


class People(Record, frozen=True):
    """The whole file."""

    people: tuple[AskedPerson, ...] = ()
    seen: tuple[SeenIn, ...] = ()


@dataclass(frozen=True)
class Consent:
    """What one person has agreed to."""

    may: frozenset[str]
    until: date

    def allows(self, place: str, day: date) -> bool:
        """Return whether the person may be shown at a place on a day."""
        return place in self.may and day <= self.until


@dataclass(frozen=True)
class SeenNode:
    """A line of `seen` as it is written: its line, the file, and each person with the line that names them."""

    line: int
    file: str
    people: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class PeopleFile:
    """What people.yml says, faulty or not; `report` takes its faults. Without such a file nobody is named."""

    fields: Fields | None
    report: Report
    notice: Report

    def consents(self) -> dict[str, Consent]:
        """Return what each person has agreed to, by number."""
        found = {}
        for node in self._nodes(AskedPerson):
            name, until = text_of(child(node, "person")), day_of(child(node, "until"))
            if name and until:
                found[name] = Consent(frozenset(_texts(child(node, "may"))), until)
        return found

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield each person with their line."""
        for node in self._nodes(AskedPerson):
            if name := text_of(child(node, "person")):
                yield node.line, name

    def seen(self) -> Iterator[SeenNode]:
        """Yield who is seen in which file."""
        for node in self._nodes(SeenIn):
            if name := text_of(child(node, "file")):
                people = tuple((one.line, text_of(one) or "") for one in entries(child(node, "people")))
                yield SeenNode(node.line, name, people)

    def _nodes(self, kind: type[msgspec.Struct]) -> Iterable[Node]:
        return find(kind, People, self.fields)


def read(reader: ContentReader) -> PeopleFile:
    """Read content/people.yml and report what of its form is wrong; there need not be one."""
    path = reader.content / FILE
    report = partial(reader.report, path)
    text = reader.text(path) if path.is_file() else None
    fields = reader.fields(FileReader(People, FileLanguage.BOTH), text, report) if text and text.strip() else None
    return PeopleFile(fields, report, partial(reader.notice, path))


def _texts(node: Node | None) -> list[str]:
    return [text for one in entries(node) if (text := text_of(one))]
