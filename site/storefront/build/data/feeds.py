"""What tells search engines and readers which pages there are: sitemap, robots.txt, and a feed in each language."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import NamedTuple
from xml.etree import ElementTree as Xml

from chalicelib.catalog import Catalog

from storefront.build.data.days import Span
from storefront.read import messages
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES

SITEMAP, XHTML, ATOM = (
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2005/Atom",
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


class Item(NamedTuple):
    """Something new to read, see or buy: its page's path, and where it is known the day that it was published."""

    path: str
    title: str
    summary: str
    day: date | None


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
    for shelf, pages in shelves.items():
        if shelf != "pages" and pages:
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
        Item(f"/{shelf}/{record.id}/", getattr(record.title, lang), getattr(record.summary, lang), record.published)
        for shelf in ("stories", "videos")
        for record in getattr(catalog, shelf)
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
    return sorted(told + goods, key=lambda item: item.day or date.min, reverse=True)


def feed(catalog: Catalog, origin: str, lang: str, days: Mapping[str, Span]) -> bytes:
    """Return stories, films and goods as RSS 2.0."""
    Xml.register_namespace("atom", ATOM)
    root = Xml.Element("rss", {"version": "2.0"})
    channel = Xml.SubElement(root, "channel")
    shop, own = catalog.shop, origin + localised(lang, f"/{FEED}")
    Xml.SubElement(channel, "title").text = getattr(shop.name, lang)
    Xml.SubElement(channel, "link").text = origin + LANGUAGES[lang]
    Xml.SubElement(channel, "description").text = messages.of(lang)["home"]["description"]
    Xml.SubElement(channel, "language").text = TAGS[lang]
    Xml.SubElement(channel, f"{{{ATOM}}}link", {"rel": "self", "href": own, "type": "application/rss+xml"})
    for item in items(catalog, lang, days):
        entry = Xml.SubElement(channel, "item")
        address = origin + localised(lang, item.path)
        Xml.SubElement(entry, "title").text = item.title
        Xml.SubElement(entry, "link").text = address
        Xml.SubElement(entry, "guid").text = address
        Xml.SubElement(entry, "description").text = item.summary
        if item.day:
            Xml.SubElement(entry, "pubDate").text = format_datetime(datetime.combine(item.day, time(), UTC))
    return _written(root)


def files(catalog: Catalog, fed: Catalog, origin: str, days: Mapping[str, Span]) -> dict[str, bytes]:
    """Return them all as files of the site, by path; feeds tell of what is `fed`.

    `origin` has no slash at its end, `days` are the content's.
    """
    feeds = {localised(lang, f"/{FEED}").lstrip("/"): feed(fed, origin, lang, days) for lang in LANGUAGES}
    return {"sitemap.xml": sitemap(catalog, origin, days), "robots.txt": robots(origin).encode(), **feeds}


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
