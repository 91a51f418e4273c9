"""The content folder as the catalogue: read once, checked whole, every fault with its file, its line and its remedy.

`records` reads the files and holds each to its form; `rules` says what must hold beyond that.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Shop
from chalicelib.domain.calendar import village_day

from storefront.check import consent, rules
from storefront.check.media import machine, show_clips
from storefront.read import people
from storefront.read.faults import ContentFault, fault
from storefront.read.files import named_by
from storefront.read.forms import join
from storefront.read.records import FOLDERS, SHELVES, ContentReader, SourceFile, SourceRecord


class BadContent(Exception):
    """The content cannot be published: `faults` are all there are, by file and line."""

    def __init__(self, faults: Iterable[ContentFault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class CheckedContent:
    """What a look at the content found: `faults`, then no catalogue; `notices` stop nothing.

    `named` are the files that its records name: they are published, and no others. `fed` is what of the catalogue
    others may show: feeds, cards and search engines.
    """

    catalog: Catalog | None
    faults: tuple[ContentFault, ...]
    notices: tuple[ContentFault, ...]
    named: frozenset[Path] = frozenset()
    fed: Catalog | None = None


def read(content: Path, production: bool = False) -> Catalog:
    """Return the catalogue that the folder `content` describes; raises BadContent with every fault in it.

    For `production` whatever a sample shop may have and a real one may not is a fault, too.
    """
    found = look(content, production)
    if found.catalog is None:
        raise BadContent(found.faults)
    return found.catalog


def reader_of(content: Path) -> ContentReader:
    """Return what reads the folder; whoever looks at it again and again keeps it."""
    return ContentReader(content, (rules.check_record,))


def look(
    content: Path, production: bool = False, day: date | None = None, reader: ContentReader | None = None
) -> CheckedContent:
    """Return all that is found in the folder `content`: check, build, preview and editor go by this alone.

    Whose consent has ended by the `day`, today where none is given, is not shown. A `reader` that was kept of an
    earlier look reads what has changed since, and finds the same.
    """
    today = day or village_day(datetime.now(UTC))
    reader = reader or reader_of(content)
    reader.begin()
    shop: SourceFile | None = None
    shelves: dict[str, list[SourceRecord]] = {}
    named: frozenset[Path] = frozenset()
    held: frozenset[str] = frozenset()
    try:
        reader.home()
        shop = reader.shop()
        shelves |= {folder: reader.records(folder) for folder in FOLDERS}
        named = frozenset(rules.check(reader, shop, shelves, today))
        house = people.read(reader)
        withheld = consent.check(reader, house, today)
        held = show_clips.check(reader, shelves["videos"], shelves["products"], house, today)
        if production:
            rules.check_production(shop, shelves)
            consent.check_production(reader, house, named - show_clips.files(content, shelves["videos"], held))
    except OSError as error:  # a file that goes, or is locked, while the others are looked at
        unread(reader, error)
    told = tuple(sorted(set(reader.faults))), tuple(sorted(set(reader.notices)))
    if reader.faults or shop is None or shop.fields is None:
        return CheckedContent(None, *told, named)
    parts: dict[str, Any] = {
        SHELVES.get(folder, folder): tuple(record.to_catalog() for record in shelf) for folder, shelf in shelves.items()
    }
    parts["shop"] = msgspec.convert(join(Shop, shop.fields, None, ""), Shop)
    places = {id: place for place, id in enumerate(parts["shop"].first)}
    parts["products"] = tuple(sorted(parts["products"], key=lambda product: places.get(product.id, len(places))))
    written = show_clips.marked(machine.marked(Catalog(version="", **parts)))
    out = withheld.site | held
    try:
        catalog = consent.applied(written, out, withheld.live)
        fed = consent.applied(catalog, withheld.feeds, withheld.feeds)
    except consent.NothingToShow:
        house.report(1, *fault("consent_nothing"))
        return CheckedContent(None, tuple(reader.faults), told[1], named)
    if out:
        lost = named_by(content, written) - named_by(content, catalog)
        named -= lost | {content / name for name in out}
    return CheckedContent(_versioned(catalog), *told, named, fed)


def _versioned(catalog: Catalog) -> Catalog:
    """Return the catalogue with its version."""
    parts = {name: getattr(catalog, name) for name in catalog.__struct_fields__ if name != "version"}
    version = hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:16]
    return msgspec.structs.replace(catalog, version=version)


def unread(reader: ContentReader, error: OSError) -> None:
    """Report the file that could not be read; the folder itself where the system names none below it."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else reader.content
    if not path.is_relative_to(reader.content):
        path = reader.content
    reader.report(path, 1, *fault("unread", words=error.strerror or type(error).__name__))
