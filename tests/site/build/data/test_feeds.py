"""What tells search engines, readers and other people's pages which pages there are."""

import re
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as Xml

import pytest
from PIL import Image
from storefront.build.frame import LONGEST_TITLE
from storefront.read.addresses import address_of

from tests.site.helpers.built import ORIGIN, english, every_page, page, stored
from tests.site.helpers.pages import CATALOG, PAGES, READING, WORKING

NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ITUNES = {"itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd"}
FOR_HOSTS = {f"/pages/{info.id}/" for info in CATALOG.pages if info.for_hosts}


def test_the_sitemap_lists_what_may_be_listed_and_each_page_with_its_other_language(site: Path) -> None:
    urls = Xml.parse(site / "sitemap.xml").getroot().findall("map:url", NAMES)
    listed = {str(url.findtext("map:loc", namespaces=NAMES)).removeprefix(ORIGIN) for url in urls}
    assert listed == {own for path in READING if path not in FOR_HOSTS for own in (path, english(path))}
    for url in urls:
        others = {str(link.get("href")).removeprefix(ORIGIN) for link in url.findall("x:link", NAMES)}
        own = str(url.findtext("map:loc", namespaces=NAMES)).removeprefix(ORIGIN)
        assert own in others and len(others) == 2 and others <= listed
        assert [link.get("hreflang") for link in url.findall("x:link", NAMES)] == ["zh-CN", "en", "x-default"]


def test_pages_that_no_engine_may_list_say_so_and_all_others_name_each_other(site: Path) -> None:
    for own in every_page(site):
        html = page(site, own)
        forbidden = any("noindex" in str(meta.get("content")) for meta in html.all("meta", name="robots"))
        if own.startswith("/links/"):
            continue
        plain = own.removeprefix("/en") or "/"
        assert forbidden == (plain not in READING), own
        if not forbidden:
            assert [link["href"] for link in html.all("link", rel="canonical")] == [ORIGIN + own]
            assert [link["href"] for link in html.all("link", rel="alternate") if link.get("hreflang")] == [
                ORIGIN + plain,
                ORIGIN + english(plain),
                ORIGIN + plain,
            ]


def test_robots_are_kept_from_what_is_no_page_and_find_the_sitemap(site: Path) -> None:
    rules = RobotFileParser()
    rules.parse((site / "robots.txt").read_text().splitlines())
    assert rules.site_maps() == [f"{ORIGIN}/sitemap.xml"]
    for path in [
        *READING,
        "/api/availability?sku=a",
        "/feed.xml",
        "/merchant.tsv",
        "/pictures/0123456789abcdef/card.jpeg",
    ]:
        assert rules.can_fetch("*", ORIGIN + path), path
    for path in [*WORKING, "/api/health", "/q/cabbage-1", "/Q/CABBAGE-1", "/pay/sandbox/"]:
        assert not rules.can_fetch("*", ORIGIN + path), path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_feed_tells_of_stories_films_and_goods_with_links_that_lead_somewhere(site: Path, lang: str) -> None:
    own = "/feed.xml" if lang == "zh" else english("/feed.xml")
    channel = Xml.parse(stored(site, own)).getroot().find("channel")
    assert channel is not None
    items = channel.findall("item")
    assert len(items) == len(CATALOG.stories) + len(CATALOG.videos) + len(CATALOG.products)
    assert len({item.findtext("guid") for item in items}) == len(items)
    for item in items:
        assert stored(site, str(item.findtext("link")).removeprefix(ORIGIN)).is_file()
        assert item.findtext("title") and item.findtext("description")
    days = [parsedate_to_datetime(day) for item in items if (day := item.findtext("pubDate"))]
    assert days == sorted(days, reverse=True) and len(days) == len(items)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_film_is_enclosed_as_it_is_published_in_both_feeds_and_its_channel_has_films_alone(
    site: Path, lang: str
) -> None:
    for name, all_of in (("/feed.xml", False), ("/channel/feed.xml", True)):
        channel = Xml.parse(stored(site, name if lang == "zh" else english(name))).getroot().find("channel")
        assert channel is not None and channel.findtext("title") and channel.findtext("description")
        enclosed = [(item, item.find("enclosure")) for item in channel.findall("item")]
        films = {str(found.get("url")): (item, found) for item, found in enclosed if found is not None}
        assert {*films} == {f"{ORIGIN}{address_of(f'/videos/{film.clip}')}" for film in CATALOG.videos}
        assert not all_of or len(films) == len(enclosed)
        for url, (item, found) in films.items():
            assert int(str(found.get("length"))) == (site / url.removeprefix(f"{ORIGIN}/")).stat().st_size
            assert found.get("type") == "video/mp4"
            if all_of:
                film = next(film for film in CATALOG.videos if f"/videos/{film.id}/" in str(item.findtext("link")))
                assert item.findtext("itunes:duration", namespaces=ITUNES) == str(film.seconds)
                picture = item.find("itunes:image", ITUNES)
                assert picture is not None and stored(site, str(picture.get("href")).removeprefix(ORIGIN)).is_file()


def test_every_page_names_the_feed_of_its_language(site: Path) -> None:
    for address in PAGES:
        for own, feed in ((address, "/feed.xml"), (english(address), "/en/feed.xml")):
            assert [link["href"] for link in page(site, own).all("link", type="application/rss+xml")] == [feed]


def test_every_page_can_be_shared_with_a_title_words_and_a_picture_that_is_there(site: Path) -> None:
    for address in READING:
        for own in (address, english(address)):
            meta = {tag.get("property") or tag.get("name"): tag.get("content") for tag in page(site, own).all("meta")}
            assert all(meta[f"og:{name}"] for name in ("title", "description", "url", "type", "image:alt")), own
            assert meta["twitter:card"] == "summary_large_image"
            with Image.open(site / str(meta["og:image"]).removeprefix(f"{ORIGIN}/")) as card:
                assert card.size == (int(str(meta["og:image:width"])), int(str(meta["og:image:height"])))
                assert card.format == "JPEG"


@pytest.mark.parametrize(("lang", "longest"), [("zh", 36), ("en", LONGEST_TITLE)])
def test_titles_are_unlike_each_other_and_short_enough_to_be_read_where_they_are_shared(
    site: Path, lang: str, longest: int
) -> None:
    shop = getattr(CATALOG.shop.name, lang)
    titles = {}
    for address in READING:
        own = address if lang == "zh" else english(address)
        found = re.search("<title>(.*)</title>", page(site, own).text)
        assert found, own
        titles[own] = unescape(found[1]).removesuffix(f" | {shop}")
    assert len(set(titles.values())) == len(titles)
    assert {own: title for own, title in titles.items() if len(title) > longest} == {}
