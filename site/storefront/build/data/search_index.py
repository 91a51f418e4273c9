"""What the search page looks through: one file a language, fetched when somebody searches and never before.

A product is found by its facts; whatever is told, by its whole text too. Every page is also found by its other names:
its own `also`, its title in the other language, and the terms of terms.yml that mean the same; and by how the Chinese
of these sounds, which is worked out here. One more file tells how common characters sound: it is fetched only where
nothing was found, since 木尔 sounds as 木耳 does. tests/browser/reading/search/ measures how well.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import msgspec
import yaml
from chalicelib.catalog import Catalog, Product

from storefront.build import programme
from storefront.build.media.pictures import Shot
from storefront.read import messages
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES

TAG, SPAN = re.compile(r"<[^>]+>"), re.compile(r"</?span[^>]*>")
HAN = re.compile("[\u3400-\u9fff]+")
FACTS = ("made_of", "allergens", "origin", "maker", "storage")
TERMS = Path(__file__).with_name("terms.yml")


class SearchDocument(msgspec.Struct, array_like=True):
    """One page: its shelf, path, title, summary, further words, the address of a small picture, and a price in fen.

    `also` are its other names; `sounds` the syllables of its title and of these, a comma between any two words; `skus`,
    with blanks between, and `unit` are what its stock is asked for and counted by.
    """

    shelf: str
    path: str
    title: str
    summary: str
    words: str
    picture: str
    price: int
    also: str
    sounds: str
    skus: str
    unit: str


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
            name = record.name if hasattr(record, "name") else record.title
            product = record if isinstance(record, Product) else None
            picture = product.pictures[0] if product else getattr(record, "picture", None)
            also = other_names([name.zh, name.en, *getattr(record, "also", ())])
            yield SearchDocument(
                shelf,
                path,
                getattr(name, lang),
                getattr(record.summary, lang),
                _facts(product, lang) if product else _plain(texts.get(path, "")),
                _small(picture.src, shots[picture.src]) if picture else "",
                min(pack.price for pack in product.packs) if product else 0,
                ", ".join(word for word in also if word != getattr(name, lang)),
                sounds(also),
                " ".join(pack.sku for pack in product.packs) if product else "",
                getattr(product.unit, lang) if product else "",
            )


def channel(catalog: Catalog, lang: str) -> SearchDocument:
    """Return the programme guide, which is found by the hours of the rooms and by the titles of films and specials."""
    said = messages.of(lang)["channel"]
    hours = [f"{getattr(room.name, lang)} {programme.hours(room, lang)}" for room in catalog.rooms]
    titles = [getattr(one.title, lang) for room in catalog.rooms for one in room.specials]
    films = [getattr(film.title, lang) for film in catalog.videos]
    also = other_names([said["title"], messages.of("zh")["channel"]["title"]])
    return SearchDocument(
        "channel", localised(lang, "/channel/"), said["title"], said["lead"], " ".join([*hours, *titles, *films]),
        "", 0, ", ".join(also[1:]), sounds(also), "", "",
    )  # fmt: skip


def files(catalog: Catalog, shots: Mapping[str, Shot], texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the index of each language, and how characters sound, as files of the site, by path."""
    indexes = {
        localised(lang, "/search.json").lstrip("/"): msgspec.json.encode(
            [*documents(catalog, lang, shots, texts), channel(catalog, lang)]
        )
        for lang in LANGUAGES
    }
    return indexes | {"sounds.json": msgspec.json.encode(characters())}


def other_names(names: Iterable[str]) -> list[str]:
    """Return these names, each once, and after them every term that means the same as a word in one of them."""
    known = list(dict.fromkeys(names))
    for group in _terms()["groups"]:
        if any(_pattern(term).search(name) for term in group for name in known):
            known += [term for term in group if term not in known]
    return known


def sounds(names: Iterable[str]) -> str:
    """Return the syllables, without tones, of the Chinese in these names: blanks between, and commas between words."""
    words = dict.fromkeys(run for name in names for run in HAN.findall(name))
    return ",".join(dict.fromkeys(" ".join(_syllables(word)) for word in words))


@cache
def characters() -> dict[str, str]:
    """Return the characters of each syllable, for the 3,755 common ones of GB 2312."""
    common = bytes(byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    sounding: dict[str, str] = {}
    for character in common.decode("gb2312", errors="ignore"):
        for syllable in _syllables(character):
            sounding[syllable] = sounding.get(syllable, "") + character
    return sounding


@cache
def _terms() -> dict[str, Any]:
    terms: dict[str, Any] = yaml.load(TERMS.read_bytes(), yaml.CSafeLoader)
    return terms


@cache
def _pattern(term: str) -> re.Pattern[str]:
    """Return what finds a term in a name: anywhere in Chinese, as whole words in English."""
    return re.compile(re.escape(term) if HAN.match(term) else rf"\b{re.escape(term)}\b", re.IGNORECASE)


@cache
def _syllables(word: str) -> tuple[str, ...]:
    return tuple(_pinyin()(word, errors="ignore"))


@cache
def _pinyin() -> Callable[..., list[str]]:
    # Its dictionaries take a second to load: what needs no search does not wait for them.
    from pypinyin import lazy_pinyin, load_single_dict

    load_single_dict({ord(character): reading for character, reading in _terms()["readings"].items()})
    return lazy_pinyin


def _facts(product: Product, lang: str) -> str:
    facts: list[Any] = [*(getattr(product, name) for name in FACTS), *(pack.name for pack in product.packs)]
    return " ".join(getattr(fact, lang) for fact in facts)


def _plain(html: str) -> str:
    return " ".join(unescape(TAG.sub(" ", SPAN.sub("", html))).split())


def _small(src: str, shot: Shot) -> str:
    """Return the address of the picture's smallest rendition."""
    return shot.formats["jpeg"][0][1] if shot.formats else src
