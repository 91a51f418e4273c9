"""The pages: which there are, which template shows each, and what templates may say.

**To add a page that no village writes, add it to `GENERATED` or `OF_ROOMS`** and write its template in a folder of
site/theme/.
"""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import jinja2
import msgspec
from chalicelib.catalog import Calendar, Catalog, Period, Product, Record, Room, Video, Village
from chalicelib.domain.orders.postage import postages
from markupsafe import Markup, escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from storefront.build import codes
from storefront.build.assets import Assets
from storefront.build.data.security_txt import build_day, expires
from storefront.build.data.structured_data import StructuredData
from storefront.build.frame import Article, Frame, headed
from storefront.build.media.pictures import Shot
from storefront.build.templates import Unindented
from storefront.check import attachments
from storefront.read import messages
from storefront.read.files import is_known
from storefront.read.frontmatter import split
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES, template_of
from storefront.read.spoken import Spoken

GENERATED = {
    "cart": "shopping/cart.html",
    "checkout": "shopping/checkout.html",
    "order": "shopping/order.html",
    "after": "shopping/after.html",
    "orders": "shopping/orders.html",
    "waiting": "shopping/waiting.html",
    "staff": "staff/staff.html",
    "host": "staff/host.html",
    "pack": "staff/pack.html",
    "pack/jars": "staff/jars.html",
    "shares": "staff/shares.html",
    "desk": "desk/today.html",
    "desk/orders": "desk/orders.html",
    "desk/claims": "desk/claims.html",
    "desk/plan": "desk/plan.html",
    "desk/goods": "desk/goods.html",
    "desk/voices": "desk/voices.html",
    "desk/books": "desk/books.html",
    "desk/trail": "desk/trail.html",
    "desk/people": "desk/people.html",
    "live/board": "live/board.html",
    "pay/sandbox": "shopping/sandbox.html",
    "search": "service/search.html",
    "products": "service/shelf.html",
    "stories": "service/shelf.html",
    "videos": "service/shelf.html",
    "villages": "service/shelf.html",
    "rooms": "service/shelf.html",
    "jar": "service/jar.html",
    "kept": "service/kept.html",
    "away": "service/away.html",
    "look": "service/look.html",
    "tell": "service/tell.html",
    "newsletter": "service/newsletter.html",
    "404": "service/404.html",
}

OF_ROOMS = {"live/{room}/overlay": "live/overlay.html"}
"""The same, one for each room."""

CHECKER = Path(__file__).with_name("kept_check.py")
"""The script with which anybody recomputes the open books: /kept/ shows it, and /kept/check.py is it."""

NEAR = ("products", "stories", "videos", "rooms")
"""What a village has, as the catalogue calls it."""

IN_TEXT = "(min-width: 720px) 680px, 100vw"
"""How wide a picture in a text is shown."""

Shelves = dict[str, dict[str, list[Record]]]

HAN = "\u3000-\u9fff\uff00-\uffef\u2018-\u201d"
"""Characters that Chinese is written with, its punctuation included."""


HAN_WORDS = re.compile("[\u3007\u3400-\u9fff]+(?:[\u00b7\u3000-\u303f\uff00-\uffef]*[\u3007\u3400-\u9fff]+)*")
LATIN_WORDS = re.compile(r"[A-Za-z][\w'’.-]*[A-Za-z](?:[ ,:]+[A-Za-z0-9][\w'’.-]*[A-Za-z0-9])+", re.ASCII)


def without_theme(files: Files, config: MkDocsConfig) -> Files:
    """Return the files of content/ that the shop knows: no stray, and none of Material's scripts and styles."""
    content = Path(config.docs_dir)
    paths = {file: Path(str(file.abs_src_path)) for file in files}
    written = [file for file, path in paths.items() if path.is_relative_to(content) and is_known(content, path)]
    for file in written:
        folder, _, rest = file.dest_uri.partition("/")
        if folder in SHELVES and file.is_documentation_page():
            file.dest_uri = f"{SHELVES[folder]}/{rest}"
    return Files(written)


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
    named = {
        Path(link).name.partition(".")[0] for file in own for link in re.findall(r"\]\(([^)\s#]+)", file.content_string)
    }
    return Files([file for file in files if file in own or Path(file.src_uri).name.partition(".")[0] in named])


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


def absolute_links(html: str, page: Page) -> str:
    """Return `html` with its relative links made root-absolute, so that they hold wherever the page is shown."""
    base = _address(page.file)
    return re.sub(r'\b(href|src)="([^"]*)"', lambda link: f'{link[1]}="{_absolute(base, link[2])}"', html)


def pictured(html: str, shots: Mapping[str, Shot]) -> str:
    """Return `html` with the sizes and formats of the pictures that Markdown names, so that nothing moves as they load.

    They load lazily.
    """

    def shown(tag: re.Match[str]) -> str:
        shot = shots.get(tag[2])
        if shot is None:
            return tag[0]
        picture = f'<img alt="{tag[1]}" src="{tag[2]}" width="{shot.width}" height="{shot.height}" loading="lazy">'
        sources = "".join(
            f'<source type="image/{kind}" srcset="{shot.srcset(kind)}" sizes="{IN_TEXT}">' for kind in shot.formats
        )
        return f"<picture>{sources}{picture}</picture>" if sources else picture

    return re.sub(r'<img alt="([^"]*)" src="(/[^"]+)"[^>]*>', shown, html)


def join_chinese(html: str) -> str:
    """Return `html` without the gaps that browsers show where a line of Chinese is broken in its file."""
    return re.sub(rf"(?<=[{HAN}])\n(?=[{HAN}])", "", html)


def marked(html: str, lang: str) -> str:
    """Return `html` with what is in the other language marked as such: Chinese on an English page, and on a Chinese one
    several Latin words in a row, as a title or a name has. Code is in no language.
    """
    words, other = (HAN_WORDS, "zh-CN") if lang == "en" else (LATIN_WORDS, "en")
    whole, untold = [], 0
    for piece in re.split(r"(<[^>]*>)", html):
        if tag := re.match(r"<(/?)(?:code|pre|script|svg|title|option|textarea)\b", piece):
            untold += -1 if tag[1] else 1
        text = not piece.startswith("<") and not untold
        whole.append(words.sub(rf'<span lang="{other}">\g<0></span>', piece) if text else piece)
    return "".join(whole)


def prepare(env: jinja2.Environment) -> jinja2.Environment:
    """Set up Jinja: a template escapes what it prints, for content is text, and fails at a name that nothing has."""
    env.add_extension(Unindented)
    env.autoescape = True
    env.trim_blocks = env.lstrip_blocks = True
    env.auto_reload = False  # no template changes during a build
    env.undefined = jinja2.StrictUndefined
    env.filters["money"] = money
    env.filters["headed"] = headed
    env.filters["marked"] = lambda text, lang: Markup(marked(escape(text), lang))  # noqa: S704 - escaped before
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
    `spoken` what buyers and readers have said, and `until` the last day that a build of today stands for.
    """

    catalog: Catalog
    assets: Assets
    origin: str
    content: Path
    shots: Mapping[str, Shot]
    texts: dict[str, str] = field(default_factory=dict)
    spoken: Mapping[str, Spoken] = field(default_factory=dict)
    until: date = field(default_factory=lambda: expires(build_day(os.environ)))

    def context(self, page: Page) -> dict[str, Any]:
        """Return the variables that the template of `page` may use, in the page's language."""
        here, lang = _address(page.file), lang_of(page)
        path = here.removeprefix(LANGUAGES[lang].rstrip("/")) or "/"
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
            "closed": partial(closed, self.catalog.shop.calendar, lang),
            "lang": lang,
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
            "structured_data": StructuredData(self.catalog, lang, self.origin.rstrip("/"), self.until),
            **self._records.get(_name(page.file), {}),
        }

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

    def cues(self, lang: str, video: Video) -> list[tuple[int, str]]:
        """Return the captions of the clip, each with the second at which it appears."""
        return attachments.cues((self.content / "videos" / f"{video.id}-{lang}.vtt").read_text(encoding="utf-8-sig"))

    def small_of(self, video: Video) -> str:
        """Return the name of the clip's smaller rendition; "" where there is none."""
        name = re.sub(r"(\.\w+)$", r"-small\1", video.clip)
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


def _absolute(base: str, link: str) -> str:
    return link if re.match(r"[a-z]+:|#", link) else urljoin(base, link)
