"""The content folder as the catalogue: read once, checked whole, every fault with its file, its line and its remedy.

`records` reads the files and holds each to its form; `rules` says what must hold beyond that.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Shop

from storefront.check import rules
from storefront.read.faults import ContentFault, fault
from storefront.read.forms import join
from storefront.read.records import FOLDERS, SHELVES, ContentReader, SourceFile, SourceRecord


class BadContent(Exception):
    """The content cannot be published: `faults` are all there are, by file and line."""

    def __init__(self, faults: Iterable[ContentFault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class CheckedContent:
    """What a look at the content found: `faults`, then no catalogue; `notices` stop nothing."""

    catalog: Catalog | None
    faults: tuple[ContentFault, ...]
    notices: tuple[ContentFault, ...]


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


def look(content: Path, production: bool = False, reader: ContentReader | None = None) -> CheckedContent:
    """Return all that is found in the folder `content`: check, build, preview and editor go by this alone.

    A `reader` that was kept of an earlier look reads what has changed since, and finds the same.
    """
    reader = reader or reader_of(content)
    reader.begin()
    shop: SourceFile | None = None
    shelves: dict[str, list[SourceRecord]] = {}
    try:
        reader.home()
        shop = reader.shop()
        shelves |= {folder: reader.records(folder) for folder in FOLDERS}
        rules.check(reader, shop, shelves)
        if production:
            rules.check_production(shop, shelves)
    except OSError as error:  # a file that goes, or is locked, while the others are looked at
        unread(reader, error)
    told = tuple(sorted(set(reader.faults))), tuple(sorted(set(reader.notices)))
    if reader.faults or shop is None or shop.fields is None:
        return CheckedContent(None, *told)
    parts: dict[str, Any] = {
        SHELVES.get(folder, folder): tuple(record.to_catalog() for record in shelf) for folder, shelf in shelves.items()
    }
    parts["shop"] = msgspec.convert(join(Shop, shop.fields, None, ""), Shop)
    places = {id: place for place, id in enumerate(parts["shop"].first)}
    parts["products"] = tuple(sorted(parts["products"], key=lambda product: places.get(product.id, len(places))))
    version = hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:16]
    return CheckedContent(Catalog(version=version, **parts), *told)


def unread(reader: ContentReader, error: OSError) -> None:
    """Report the file that could not be read; the folder itself where the system names none below it."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else reader.content
    if not path.is_relative_to(reader.content):
        path = reader.content
    reader.report(path, 1, *fault("unread", words=error.strerror or type(error).__name__))
