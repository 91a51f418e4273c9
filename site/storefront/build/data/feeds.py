"""What tells search engines and readers which pages there are: sitemap, robots.txt, and a feed in each language."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import NamedTuple
from xml.etree import ElementTree as Xml

from chalicelib.catalog import Catalog

from storefront.read import messages
from storefront.read.messages import LANGUAGES, localised
from storefront.read.records import FOLDERS, SHELVES

SITEMAP, XHTML, ATOM = (
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/2005/Atom",
)
TAGS = {"zh": "zh-CN", "en": "en"}
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


def listed(catalog: Catalog) -> Iterator[str]:
    """Yield the paths that search engines may list, without their language."""
    yield from ("/", "/kept/")
    for folder in FOLDERS:
        shelf = SHELVES.get(folder, folder)
        if shelf != "pages" and getattr(catalog, shelf):
            yield f"/{shelf}/"
        for record in getattr(catalog, shelf):
            if not getattr(record, "for_hosts", False):
                yield f"/{shelf}/{record.id}/"


def sitemap(catalog: Catalog, origin: str) -> bytes:
    """Return all listed pages in each language, with their other languages; `origin` has no slash at its end."""
    for prefix, space in (("", SITEMAP), ("xhtml", XHTML)):
        Xml.register_namespace(prefix, space)
    root = Xml.Element(f"{{{SITEMAP}}}urlset")
    for path in listed(catalog):
        for lang in LANGUAGES:
            page = Xml.SubElement(root, f"{{{SITEMAP}}}url")
            Xml.SubElement(page, f"{{{SITEMAP}}}loc").text = origin + localised(lang, path)
            for other in LANGUAGES:
                link = {"rel": "alternate", "hreflang": TAGS[other], "href": origin + localised(other, path)}
                Xml.SubElement(page, f"{{{XHTML}}}link", link)
    return _written(root)


def robots(origin: str) -> str:
    """Return robots.txt: what no robot needs to read, and where the sitemap is."""
    return "".join(
        ["User-agent: *\n", *(f"Disallow: {path}\n" for path in NOT_TO_BE_READ), f"\nSitemap: {origin}/sitemap.xml\n"]
    )


def items(catalog: Catalog, lang: str) -> list[Item]:
    """Return stories and films, the latest first, then the goods."""
    told = [
        Item(f"/{shelf}/{record.id}/", getattr(record.title, lang), getattr(record.summary, lang), record.published)
        for shelf in ("stories", "videos")
        for record in getattr(catalog, shelf)
    ]
    goods = [
        Item(f"/products/{product.id}/", getattr(product.name, lang), getattr(product.summary, lang), None)
        for product in catalog.products
    ]
    return sorted(told, key=lambda item: str(item.day), reverse=True) + goods


def feed(catalog: Catalog, origin: str, lang: str) -> bytes:
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
    for item in items(catalog, lang):
        entry = Xml.SubElement(channel, "item")
        address = origin + localised(lang, item.path)
        Xml.SubElement(entry, "title").text = item.title
        Xml.SubElement(entry, "link").text = address
        Xml.SubElement(entry, "guid").text = address
        Xml.SubElement(entry, "description").text = item.summary
        if item.day:
            Xml.SubElement(entry, "pubDate").text = format_datetime(datetime.combine(item.day, time(), UTC))
    return _written(root)


def files(catalog: Catalog, fed: Catalog, origin: str) -> dict[str, bytes]:
    """Return them all as files of the site, by path; feeds tell of what is `fed`. `origin` has no slash at its end."""
    feeds = {localised(lang, f"/{FEED}").lstrip("/"): feed(fed, origin, lang) for lang in LANGUAGES}
    return {"sitemap.xml": sitemap(catalog, origin), "robots.txt": robots(origin).encode(), **feeds}


def _written(root: Xml.Element) -> bytes:
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))
