"""What the search page looks through: one file a language, fetched when somebody searches and never before.

A product is found by its facts; whatever is told, by its whole text too. How well this finds is measured in
tests/browser/reading/test_search.py; site/search.md says what else was weighed.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Product

from storefront.build.pictures import Shot
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES

TAG = re.compile(r"<[^>]+>")
FACTS = ("made_of", "allergens", "origin", "maker", "storage")


class SearchDocument(msgspec.Struct, array_like=True):
    """One page: its shelf, path, title, summary, further words, the address of a small picture, and a price in fen."""

    shelf: str
    path: str
    title: str
    summary: str
    words: str
    picture: str
    price: int


def documents(
    catalog: Catalog, lang: str, shots: Mapping[str, Shot], texts: Mapping[str, str]
) -> Iterator[SearchDocument]:
    """Yield all that can be found in one language; `texts` are the pages' own as HTML, by their paths."""
    for folder in FOLDERS:
        shelf = SHELVES.get(folder, folder)
        for record in getattr(catalog, shelf):
            if getattr(record, "for_hosts", False):
                continue
            path = localised(lang, f"/{shelf}/{record.id}/")
            title = getattr(record.name if hasattr(record, "name") else record.title, lang)
            words = _facts(record, lang) if isinstance(record, Product) else _plain(texts.get(path, ""))
            picture = record.pictures[0] if isinstance(record, Product) else getattr(record, "picture", None)
            price = min(pack.price for pack in record.packs) if isinstance(record, Product) else 0
            small = _small(picture.src, shots[picture.src]) if picture else ""
            yield SearchDocument(shelf, path, title, getattr(record.summary, lang), words, small, price)


def files(catalog: Catalog, shots: Mapping[str, Shot], texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the index of each language as a file of the site, by path."""
    return {
        localised(lang, "/search.json").lstrip("/"): msgspec.json.encode(list(documents(catalog, lang, shots, texts)))
        for lang in LANGUAGES
    }


def _facts(product: Product, lang: str) -> str:
    facts: list[Any] = [*(getattr(product, name) for name in FACTS), *(pack.name for pack in product.packs)]
    return " ".join(getattr(fact, lang) for fact in facts)


def _plain(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", html)).split())


def _small(src: str, shot: Shot) -> str:
    """Return the address of the picture's smallest rendition."""
    return shot.formats["jpeg"][0][1] if shot.formats else src
