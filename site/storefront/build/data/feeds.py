"""What tells search engines and readers which pages there are: sitemap, robots.txt, and feeds in each language.

A film is enclosed, so that a reader or a podcast's player fetches it by itself: in the feed of all that is new, and in
the channel's, which has films alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import NamedTuple
from xml.etree import ElementTree as Xml

from chalicelib.catalog import Catalog, Video

from storefront.build.data.days import Span
from storefront.build.media.pictures import Shot
from storefront.read import messages
from storefront.read.addresses import address_of
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES

SITEMAP, XHTML, ATOM, ITUNES = (
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2005/Atom",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
)
TAGS = {"zh": "zh-CN", "en": "en"}
DEFAULT = "x-default"
"""What is given to whoever reads neither language: the page without a prefix."""
TO_BE_READ = ("/api/availability",)
"""What a product's page asks to say what is sold out: a search engine that may not ask would take it for in stock."""
NOT_TO_BE_READ = (
    *("/api/", "/q/", "/Q/", "/admin/", "/staff/", "/host/", "/pack/", "/shares/"),
    *("/desk/", "/live/", "/pay/", "/jar/"),
)
FEED = "feed.xml"
CHANNEL = "channel/feed.xml"


class Item(NamedTuple):
    """Something new to read, see or buy: its page's path, and where it is known the day that it was published."""

    path: str
    title: str
    summary: str
    day: date | None
    film: Video | None = None


def listed(catalog: Catalog, days: Mapping[str, Span]) -> Iterator[tuple[str, date | None]]:
    """Yield the paths that search engines may list, without their language, and where it is known their last change.

    A shelf changes with what stands on it, and home with all; `days` are those of the content's files by their paths.
    """
    shelves: dict[str, list[tuple[str, date | None]]] = {}
    for folder in FOLDERS:
        shelf = SHELVES.get(folder, folder)
        shelves[shelf] = [
            (f"/{shelf}/{record.id}/", _latest(days, f"{folder}/{record.id}", getattr(record, "published", None)))
            for record in getattr(catalog, shelf)
            if not getattr(record, "for_hosts", False)
        ]
    latest = {shelf: max((day for _, day in pages if day), default=None) for shelf, pages in shelves.items()}
    yield "/", max((day for day in (*latest.values(), _latest(days, "index")) if day), default=None)
    yield "/kept/", None
    if catalog.videos or catalog.rooms:
        yield "/channel/", max((day for shelf in ("videos", "rooms") if (day := latest[shelf])), default=None)
    for shelf, pages in shelves.items():
        if shelf not in ("pages", "videos") and pages:
            yield f"/{shelf}/", latest[shelf]
        yield from pages


def sitemap(catalog: Catalog, origin: str, days: Mapping[str, Span]) -> bytes:
    """Return all listed pages in each language, with their other languages; `origin` has no slash at its end."""
    for prefix, space in (("", SITEMAP), ("xhtml", XHTML)):
        Xml.register_namespace(prefix, space)
    root = Xml.Element(f"{{{SITEMAP}}}urlset")
    for path, day in listed(catalog, days):
        for lang in LANGUAGES:
            page = Xml.SubElement(root, f"{{{SITEMAP}}}url")
            Xml.SubElement(page, f"{{{SITEMAP}}}loc").text = origin + localised(lang, path)
            if day:
                Xml.SubElement(page, f"{{{SITEMAP}}}lastmod").text = str(day)
            for tag, address in (*((TAGS[other], localised(other, path)) for other in LANGUAGES), (DEFAULT, path)):
                link = {"rel": "alternate", "hreflang": tag, "href": origin + address}
                Xml.SubElement(page, f"{{{XHTML}}}link", link)
    return _written(root)


def robots(origin: str) -> str:
    """Return robots.txt: what no robot needs to read, and where the sitemap is."""
    return "".join(
        [
            "User-agent: *\n",
            *(f"Allow: {path}\n" for path in TO_BE_READ),  # first, for robots that take the first rule that fits
            *(f"Disallow: {path}\n" for path in NOT_TO_BE_READ),
            f"\nSitemap: {origin}/sitemap.xml\n",
        ]
    )


def items(catalog: Catalog, lang: str, days: Mapping[str, Span]) -> list[Item]:
    """Return stories, films and goods, the latest first; a product is as old as its file in `days`."""
    told = [
        Item(f"/stories/{story.id}/", getattr(story.title, lang), getattr(story.summary, lang), story.published)
        for story in catalog.stories
    ]
    goods = [
        Item(
            f"/products/{product.id}/",
            getattr(product.name, lang),
            getattr(product.summary, lang),
            _first(days, product.id),
        )
        for product in catalog.products
    ]
    return _by_day([*told, *films(catalog, lang), *goods])


def films(catalog: Catalog, lang: str) -> list[Item]:
    """Return the films, the latest first."""
    return _by_day(
        Item(f"/videos/{film.id}/", getattr(film.title, lang), getattr(film.summary, lang), film.published, film)
        for film in catalog.videos
    )


def _by_day(found: Iterable[Item]) -> list[Item]:
    return sorted(found, key=lambda item: item.day or date.min, reverse=True)


class FeedWriter(NamedTuple):
    """Writes feeds as RSS 2.0; `origin` has no slash at its end.

    `sizes` are the bytes of published films by their paths, such as videos/jar.mp4, `shots` the pictures by address.
    """

    catalog: Catalog
    origin: str
    sizes: Mapping[str, int]
    shots: Mapping[str, Shot]

    def feed(self, lang: str, days: Mapping[str, Span]) -> bytes:
        """Return stories, films and goods; `days` are those of the content's files."""
        root, channel = self._begun(lang, FEED, getattr(self.catalog.shop.name, lang), "/")
        Xml.SubElement(channel, "description").text = messages.of(lang)["home"]["description"]
        for item in items(self.catalog, lang, days):
            self._add(channel, lang, item)
        return _written(root)

    def channel(self, lang: str) -> bytes:
        """Return the films alone, with what podcasts' players ask for."""
        said, shop = messages.of(lang)["channel"], getattr(self.catalog.shop.name, lang)
        root, channel = self._begun(lang, CHANNEL, said["feed_title"].format(shop=shop), "/channel/")
        Xml.SubElement(channel, "description").text = said["lead"]
        Xml.SubElement(channel, f"{{{ITUNES}}}author").text = getattr(self.catalog.shop.seller, lang)
        Xml.SubElement(channel, f"{{{ITUNES}}}explicit").text = "false"
        Xml.SubElement(channel, f"{{{ITUNES}}}category", {"text": "Society & Culture"})
        found = films(self.catalog, lang)
        if found and found[0].film:
            card = self.origin + self.shots[found[0].film.picture.src].card
            Xml.SubElement(channel, f"{{{ITUNES}}}image", {"href": card})
        for item in found:
            entry = self._add(channel, lang, item)
            if item.film:
                Xml.SubElement(entry, f"{{{ITUNES}}}duration").text = str(item.film.seconds)
                card = self.origin + self.shots[item.film.picture.src].card
                Xml.SubElement(entry, f"{{{ITUNES}}}image", {"href": card})
        return _written(root)

    def _begun(self, lang: str, feed: str, title: str, page: str) -> tuple[Xml.Element, Xml.Element]:
        for prefix, space in (("atom", ATOM), ("itunes", ITUNES)):
            Xml.register_namespace(prefix, space)
        root = Xml.Element("rss", {"version": "2.0"})
        channel = Xml.SubElement(root, "channel")
        own = self.origin + localised(lang, f"/{feed}")
        Xml.SubElement(channel, "title").text = title
        Xml.SubElement(channel, "link").text = self.origin + localised(lang, page)
        Xml.SubElement(channel, "language").text = TAGS[lang]
        Xml.SubElement(channel, f"{{{ATOM}}}link", {"rel": "self", "href": own, "type": "application/rss+xml"})
        return root, channel

    def _add(self, channel: Xml.Element, lang: str, item: Item) -> Xml.Element:
        entry = Xml.SubElement(channel, "item")
        address = self.origin + localised(lang, item.path)
        Xml.SubElement(entry, "title").text = item.title
        Xml.SubElement(entry, "link").text = address
        Xml.SubElement(entry, "guid").text = address
        Xml.SubElement(entry, "description").text = item.summary
        if item.day:
            Xml.SubElement(entry, "pubDate").text = format_datetime(datetime.combine(item.day, time(), UTC))
        size = item.film and self.sizes.get(f"videos/{item.film.clip}")
        if item.film and size:
            where = self.origin + address_of(f"/videos/{item.film.clip}")
            Xml.SubElement(entry, "enclosure", {"url": where, "length": str(size), "type": "video/mp4"})
        return entry


def files(catalog: Catalog, writer: FeedWriter, days: Mapping[str, Span]) -> dict[str, bytes]:
    """Return them all as files of the site, by path; `days` are the content's.

    The sitemap tells of the whole `catalog`; feeds tell of what the writer's has, which others may show.
    """
    feeds = {localised(lang, f"/{FEED}").lstrip("/"): writer.feed(lang, days) for lang in LANGUAGES}
    channels = {localised(lang, f"/{CHANNEL}").lstrip("/"): writer.channel(lang) for lang in LANGUAGES}
    origin = writer.origin
    return {"sitemap.xml": sitemap(catalog, origin, days), "robots.txt": robots(origin).encode(), **feeds, **channels}


def _latest(days: Mapping[str, Span], name: str, published: date | None = None) -> date | None:
    """Return the day of the last change of a record's two files, or else the day that it was published on."""
    found = [days[file].last for file in (f"{name}.md", f"{name}.en.md") if file in days]
    return max(found, default=published)


def _first(days: Mapping[str, Span], id_: str) -> date | None:
    span = days.get(f"products/{id_}.md")
    return span.first if span else None


def _written(root: Xml.Element) -> bytes:
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))
