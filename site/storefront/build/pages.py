"""The pages: which there are, which template shows each, and what templates may say.

Those that no village writes stand in read/generated.py.
"""

import os
import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jinja2
import msgspec
from chalicelib.catalog import Calendar, Catalog, Period, Product, Record, Room, Video, Village
from chalicelib.domain.orders.postage import postages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from storefront.build import codes, lettering, programme, spoken
from storefront.build.assets import Assets, root
from storefront.build.data.security_txt import build_day, expires
from storefront.build.data.structured_data import StructuredData
from storefront.build.frame import Article, Frame, Samples, headed
from storefront.build.lettering import Lettering
from storefront.build.media import pictures
from storefront.build.media.pictures import Shot
from storefront.build.spoken import Spoken
from storefront.build.templates import Unindented
from storefront.build.texts import TextPlace, marked
from storefront.check.content import BadContent, CheckedContent
from storefront.read import messages
from storefront.read.addresses import address_of, path_of
from storefront.read.files import films as films_of
from storefront.read.files import is_known
from storefront.read.frontmatter import split
from storefront.read.generated import GENERATED, OF_ROOMS
from storefront.read.longform.reading_time import minutes
from storefront.read.media import captions, films
from storefront.read.media.captions import Cue
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import ENDINGS, FOLDERS, SHELVES, template_of
from storefront.read.texts import read

CHECKER = Path(__file__).with_name("kept_check.py")
"""The script with which anybody recomputes the open books: /kept/ shows it, and /kept/check.py is it."""

NEAR = ("products", "stories", "videos", "rooms")
"""What a village has, as the catalogue calls it."""

Shelves = dict[str, dict[str, list[Record]]]


def add_generated(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages, which pretend to lie in content/, since static-i18n looks at nothing else."""
    for page in config.extra["front"].generated:
        for suffix in ("", ".en"):
            file = File.generated(config, f"{page}{suffix}.md", content="")
            file.abs_src_path = str(Path(config.docs_dir) / file.src_uri)
            if page == "404":  # S3 and CloudFront show this one file for whatever is missing
                file.dest_uri = f"404{suffix}.html"
            files.append(file)
    return files


def needed(files: Files, pages: Collection[str]) -> Files:
    """Return the files that MkDocs needs for `pages`, named by their paths in content/ without endings.

    They are the pages and what these link to: a thousand other products would take longer than the pages themselves.
    """
    own = [file for file in files if file.is_documentation_page() and _name(file) in pages]
    trees = [read(parts.body) for file in own if (parts := split(file.content_string))]
    addresses = [unquote(named.address) for tree in trees for named in (*tree.links, *tree.pictures)]
    named = {Path(address).name.partition(".")[0] for address in addresses}
    return Files([file for file in files if file in own or Path(file.src_uri).name.partition(".")[0] in named])


def withhold(files: Files, unshown: Collection[str]) -> None:
    """Have MkDocs build none of these pages, though it knows them as the targets of links."""
    for file in files:
        if file.is_documentation_page() and _name(file) in unshown:
            file.inclusion = InclusionLevel.EXCLUDED


def leave_out(files: Files, but: Collection[str]) -> None:
    """Have MkDocs build no page and copy no file `but` those pages."""
    for file in files:
        if not (file.is_documentation_page() and _name(file) in but):
            file.inclusion = InclusionLevel.EXCLUDED


def fill(files: Files, generated: Mapping[str, str]) -> Files:
    """Give each page its text: generated ones have lost theirs on their way through static-i18n.

    Written ones get theirs without the front matter, which the catalogue holds: MkDocs would read all of it again.
    """
    for file in files:
        if file.inclusion is InclusionLevel.EXCLUDED:
            continue
        name = _name(file)
        folder = name.partition("/")[0]
        if name in generated:
            file.content_string = f"---\ntemplate: {generated[name]}\n---\n"
        elif folder in FOLDERS and file.is_documentation_page():
            parts = split(file.content_string)
            file.content_string = (
                f"---\ntemplate: content/{template_of(FOLDERS[folder])}\n---\n{parts.body if parts else ''}"
            )
    return files


def prepare(env: jinja2.Environment) -> jinja2.Environment:
    """Set up Jinja: a template escapes what it prints, for content is text, and fails at a name that nothing has."""
    env.add_extension(Unindented)
    env.autoescape = True
    env.trim_blocks = env.lstrip_blocks = True
    env.auto_reload = False  # no template changes during a build
    env.undefined = jinja2.StrictUndefined
    env.filters["money"] = money
    env.filters["marked"] = marked
    env.filters["headed"] = headed
    env.globals |= {"Frame": Frame, "Article": Article}
    env.policies["json.dumps_function"] = dumps
    return env


def dumps(value: object, **_: object) -> str:
    """Return `value` as JSON for `tojson`, which then escapes what HTML would read: Chinese as it is, and no blanks."""
    return msgspec.json.encode(value, enc_hook=str).decode()


def once(pieces: dict[str, str], name: str, macro: Callable[..., str], *arguments: object, **named: object) -> str:
    """Render the macro the first time that a piece of this name is asked for; return the same text ever after."""
    if name not in pieces:
        pieces[name] = macro(*arguments, **named)
    return pieces[name]


def money(fen: int) -> str:
    """Return fen as a price: 2990 is ¥29.90."""
    return f"¥{fen // 100}.{fen % 100:02}"


def closed(calendar: Calendar, lang: str) -> list[str]:
    """Return the days when nothing ships, in words: those of every week, then the periods as they come.

    Those that are over are among them, for a page does not know on which day it is read.
    """
    said = messages.of(lang)
    periods = sorted((*calendar.closed, *calendar.pauses), key=lambda period: period.first)
    return [
        *(said["rest"][day] for day in calendar.rest_days),
        *(f"{span(period, lang)}{said['colon']}{getattr(period.why, lang)}" for period in periods),
    ]


def span(period: Period, lang: str) -> str:
    """Return the days of a period in words; a month or year that both its ends share is said once."""
    first, last = period.first, period.last
    if first.year != last.year:
        shared = "nothing"
    elif first.month != last.month:
        shared = "year"
    else:
        shared = "day" if first == last else "month"
    return str(messages.of(lang)["span"][shared]).format(first=first, last=last)


@dataclass(frozen=True)
class SiteContext:
    """All that pages are made from; `origin` is the shop's own, with a slash at its end, `content` the folder.

    `shots` are the pictures by their addresses, `texts` the pages' own texts as HTML, by their paths, as they come,
    `spoken` what buyers and readers have said, `lettered` the headings' fonts by their names, `fed` what of the
    catalogue others may show, all where it is None, and `until` the last day that a build of today stands for.
    """

    catalog: Catalog
    assets: Assets
    origin: str
    content: Path
    shots: Mapping[str, Shot]
    texts: dict[str, str] = field(default_factory=dict)
    spoken: Mapping[str, Spoken] = field(default_factory=dict)
    lettered: Mapping[str, Lettering] = field(default_factory=dict)
    fed: Catalog | None = None
    until: date = field(default_factory=lambda: expires(build_day(os.environ)))

    @classmethod
    def of(cls, config: MkDocsConfig, found: CheckedContent, kept: Path) -> "SiteContext":
        """Return what the pages of content without a fault are made from, in a preview as in a build.

        Pictures are kept in the folder `kept`. Raises BadContent where there are faults, and UnfitPicture.
        """
        if found.catalog is None or found.fed is None:
            raise BadContent(found.faults)
        content = Path(config.docs_dir)
        made = pictures.make(content, found.named, kept, focus=pictures.focuses(found.catalog))
        shots = pictures.lend(made, found.catalog, found.fed)
        said = spoken.read(os.environ.get("VOICES", ""))
        lettered = lettering.letter(root(config) / "site", content, found.catalog, messages.of("zh"), kept)
        origin, assets = config.site_url or "/", Assets.of(config, lettered)
        return cls(found.catalog, assets, origin, content, shots, fed=found.fed, spoken=said, lettered=lettered)

    def context(self, page: Page) -> dict[str, Any]:
        """Return the variables that the template of `page` may use, in the page's language."""
        here, lang = _address(page.file), lang_of(page)
        path = here.removeprefix(LANGUAGES[lang].rstrip("/")) or "/"
        lettered = self.lettered[lettering.name_of(str(page.meta.get("template", "")))]
        return {
            "catalog": self.catalog,
            "shop": self.catalog.shop,
            "villages": self.villages,
            "shown_in": lambda record: [self.products[id] for id in record.products],
            "told_in": self.told_in,
            "of_village": self.of_village,
            "beside": self.beside,
            "postages": partial(postages, self.catalog.shop),
            "qr_path": self.qr_path,
            "checker": CHECKER.read_text(encoding="utf-8"),
            "cues": partial(self.cues, lang),
            "small_of": self.small_of,
            "address_of": address_of,
            "minutes": minutes,
            "closed": partial(closed, self.catalog.shop.calendar, lang),
            "off_air": [
                f"{span(period, lang)}{messages.of(lang)['colon']}{getattr(period.why, lang)}"
                for period in sorted(self.catalog.shop.calendar.closed, key=lambda period: period.first)
            ],
            "hours": lambda room: programme.hours(room, lang),
            "times": programme.times,
            "slots": lambda room: programme.slots(room, self.catalog.shop.calendar, lang),
            "week": lambda: programme.week(self.catalog.rooms),
            "specials": lambda: programme.specials(self.catalog.rooms),
            "until": lambda special: int(programme.instant(special.day, special.end).timestamp() * 1000),
            "said_day": lambda day: span(Period(day, day, self.catalog.shop.name), lang),
            "film_of": self.film_of,
            "lang": lang,
            "longest_unit": self.longest_units[lang],
            "has_page": self.generated.__contains__,
            "lettering": lettered,
            "kai": lettered.kai,
            "kai_in": lettered.kai_in,
            "samples": Samples(self.catalog.shop.sample),
            "once": partial(once, self._pieces[lang]),
            "t": messages.of(lang),
            "here": here,
            "origin": self.origin.rstrip("/"),
            "alternates": {other: localised(other, path) for other in LANGUAGES},
            "link": lambda target: localised(lang, target),
            "asset": self.assets.url,
            "module": partial(self.assets.module, lang),
            "sheet": self.assets.sheet,
            "shots": self.shots,
            "spoken": self.spoken,
            "structured_data": StructuredData(self.fed or self.catalog, lang, self.origin.rstrip("/"), self.until),
            **self._records.get(_name(page.file), {}),
        }

    def text_place(self, page: Page) -> TextPlace:
        """Return where the text of `page` is shown."""
        folder = self.content / page.file.src_uri.rpartition("/")[0]

        def lies(name: str) -> bool:
            return (folder / name).is_file()

        def shows(name: str) -> bool:
            return address_of(posixpath.normpath(posixpath.join("/", page.file.src_uri, "..", name))) in self.shots

        return TextPlace(_address(page.file), lang_of(page), self.shots, lies, shows, self.gone)

    @cached_property
    def unshown(self) -> frozenset[str]:
        """Return the pages that are written and not shown, as videos/jar: whom they show has not agreed to it."""
        found = (path for folder in FOLDERS for path in self.content.glob(f"{folder}/*.md"))
        names = (path.relative_to(self.content) for path in found if is_known(self.content, path))
        return (
            frozenset((path.parent / path.name.partition(".")[0]).as_posix() for path in names) - self._records.keys()
        )

    @cached_property
    def gone(self) -> frozenset[str]:
        """Return the addresses of these pages, in each language."""
        paths = [(SHELVES.get(folder, folder), id) for folder, _, id in (name.partition("/") for name in self.unshown)]
        return frozenset(localised(lang, f"/{shelf}/{id}/") for shelf, id in paths for lang in LANGUAGES)

    @cached_property
    def written(self) -> frozenset[str]:
        """Return the paths of the files that hold the records' texts, and the front page's, such as stories/x.en.md.

        Those `unshown` are among them: MkDocs knows them as the targets of links, and builds none.
        """
        names = ["index", *(f"{folder}/{id}" for folder in FOLDERS for id in self._ids(folder)), *self.unshown]
        return frozenset(f"{name}.{ending}" for name in names for ending in ENDINGS)

    def _ids(self, folder: str) -> Iterator[str]:
        return (record.id for record in getattr(self.catalog, SHELVES.get(folder, folder)))

    def published(self) -> Iterator[str]:
        """Yield the paths of the pictures and films that records name, such as stories/desk.svg."""
        yield from (path_of(address).lstrip("/") for address in self.shots)
        for video in self.catalog.videos:
            for path in films_of(self.content, video.id, video.clip):
                yield path.relative_to(self.content).as_posix()

    def keep_text(self, page: Page, html: str) -> None:
        """Keep the page's own text for the search index; products, which are many, are found by their facts."""
        if page.file.src_uri.partition("/")[0] != "products":
            self.texts[_address(page.file)] = html

    @cached_property
    def generated(self) -> dict[str, str]:
        """Return the pages that no village writes, with their templates."""
        return GENERATED | {page: template for page, template, _ in self._of_rooms()}

    def _of_rooms(self) -> Iterator[tuple[str, str, Room]]:
        for room in self.catalog.rooms:
            for page, template in OF_ROOMS.items():
                yield page.format(room=room.id), template, room

    @cached_property
    def products(self) -> dict[str, Product]:
        """Return the products by id. Pages look up what they need here and below: there are too many to search."""
        return {product.id: product for product in self.catalog.products}

    @cached_property
    def longest_units(self) -> dict[str, str]:
        """Return the longest word for what is counted, of whichever goods, by language: 瓶, or jars of "jar/jars"."""
        units = {lang: [getattr(product.unit, lang) for product in self.catalog.products] for lang in LANGUAGES}
        words = {lang: [word for unit in said for word in unit.split("/")] for lang, said in units.items()}
        return {lang: max(said, key=len, default="") for lang, said in words.items()}

    @cached_property
    def villages(self) -> dict[str, Village]:
        """Return the villages by id."""
        return {village.id: village for village in self.catalog.villages}

    @cached_property
    def told_in(self) -> Shelves:
        """Return the stories, videos and rooms that name a product, by the product's id."""
        return self._shelves(lambda record: getattr(record, "products", ()))

    @cached_property
    def of_village(self) -> Shelves:
        """Return the products, stories, videos and rooms of a village, by the village's id."""
        return self._shelves(lambda record: (record.village,))

    @cached_property
    def beside(self) -> dict[str, list[Product]]:
        """Return up to three other products of the same village, by a product's id, other ones for each."""
        shelves: dict[str, list[Product]] = defaultdict(list)
        for product in self.catalog.products:
            shelves[product.village].append(product)
        return {
            product.id: [shelf[(place + step) % len(shelf)] for step in range(1, min(4, len(shelf)))]
            for shelf in shelves.values()
            for place, product in enumerate(shelf)
        }

    def _shelves(self, ids: Callable[[Any], Iterable[str]]) -> Shelves:
        found: Shelves = defaultdict(lambda: {shelf: [] for shelf in NEAR})
        for shelf in NEAR:
            for record in getattr(self.catalog, shelf):
                for each in ids(record):
                    found[each][shelf].append(record)
        return found

    def film_of(self, room: Room) -> Video | None:
        """Return the latest film that shows what a room sells; the village's latest where there is none."""
        sold = [film for film in self.catalog.videos if {*film.products} & {*room.products}]
        own = [film for film in self.catalog.videos if film.village == room.village]
        return max(sold or own or self.catalog.videos, key=lambda film: film.published, default=None)

    def cues(self, lang: str, video: Video) -> list[Cue]:
        """Return the captions of the clip."""
        text = (self.content / "videos" / f"{video.id}-{lang}.vtt").read_bytes().decode("utf-8-sig")
        return captions.cues("\n".join(text.splitlines()))

    def small_of(self, video: Video) -> str:
        """Return the name of the clip's smaller rendition; "" where there is none."""
        name = films.small_of(video.clip)
        return name if (self.content / "videos" / name).is_file() else ""

    def qr_path(self, room: str) -> dict[str, Any]:
        """Return a room's code: its width in modules, quiet zone included, and the SVG path of its dark ones."""
        code = codes.code(codes.link(self.origin, room))
        return {"size": code.modules, "path": codes.path(code)}

    @cached_property
    def _pieces(self) -> dict[str, dict[str, str]]:
        """Return what `once` has rendered, by language and name."""
        return {lang: {} for lang in LANGUAGES}

    @cached_property
    def _records(self) -> dict[str, dict[str, Any]]:
        """Return the record that a written page shows, by the page's name, under the record's own: {"product": …}."""
        written = {
            f"{folder}/{record.id}": {kind.__name__.lower(): record}
            for folder, kind in FOLDERS.items()
            for record in getattr(self.catalog, SHELVES.get(folder, folder))
        }
        return written | {page: {"room": room} for page, _, room in self._of_rooms()}


def lang_of(page: Page) -> str:
    """Return the language of a page, by its address."""
    return "en" if f"{_address(page.file)}/".startswith("/en/") else "zh"


def _name(file: File) -> str:
    """Return the page's path below content/ without language and ending: products/spicy-cabbage."""
    return re.sub(r"(\.en)?\.md$", "", file.src_uri)


def _address(file: File) -> str:
    """Return the root-absolute address of a page, with a slash at its end unless it is a file."""
    return "/" + ("" if file.url in {".", "./"} else file.url)
