"""Every address that the built site names, in pages and in what other programs read of it, leads to a file of it."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as Xml

import pytest

from tests.site.helpers.built import ORIGIN, Html, every_page, nodes, page, stored

ABROAD = ("mailto:", "https://beian.miit.gov.cn/", "https://schema.org/")


def lost(site: Path, own: str, address: str) -> str:
    """Why the address, as `own` names it, leads nowhere; "" where it leads somewhere."""
    if address.startswith(ABROAD):
        return ""
    inner = urlsplit(f"{own}{address}" if address.startswith("#") else address.removeprefix(ORIGIN))
    if inner.netloc:
        return "leads to another host"
    if not inner.path.startswith("/"):
        return "is relative"
    file = stored(site, unquote(inner.path))
    if not file.is_file():
        return "leads nowhere"
    fits = not inner.fragment or file.suffix != ".html" or unquote(inner.fragment) in anchors(file)
    return "" if fits else "names no place of its page"


@cache
def anchors(file: Path) -> set[str]:
    return Html(file.read_text(encoding="utf-8")).anchors()


def addresses(value: Any) -> list[str]:
    """What of a page's structured data is an address."""
    if isinstance(value, dict):
        return [each for one in value.values() for each in addresses(one)]
    if isinstance(value, list):
        return [each for one in value for each in addresses(one)]
    return [value] if str(value).startswith("http") else []


def test_every_address_of_a_page_and_of_its_structured_data_leads_somewhere(site: Path) -> None:
    found = {
        f"{own}: {address} {why}"
        for own in every_page(site)
        for address in {*page(site, own).addresses(), *addresses(nodes(site, own))}
        if not re.search(r"#t=\d+$", address) and (why := lost(site, own, address))
    }
    assert found == set()


@pytest.mark.parametrize("name", ["sitemap.xml", "feed.xml", "en/feed.xml", "merchant.tsv", "en/merchant.tsv"])
def test_every_address_that_other_programs_read_leads_somewhere(site: Path, name: str) -> None:
    text = (site / name).read_text(encoding="utf-8")
    if name.endswith(".tsv"):
        rows = csv.DictReader(text.splitlines(), dialect="excel-tab")
        named = [each for row in rows for field in row if "link" in field for each in row[field].split(",") if each]
    else:
        told = [str(each) for one in Xml.fromstring(text).iter() for each in (one.text, one.get("href")) if each]
        named = [each for each in told if each.startswith("http")]
    assert len(named) > 10
    assert [f"{address} {why}" for address in named if (why := lost(site, "/", address))] == []


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("products/spicy-cabbage/", "is relative"),
        ("/products/nothing/", "leads nowhere"),
        ("/products/spicy-cabbage", "leads nowhere"),
        ("https://www.example.com/", "leads to another host"),
        ("/products/spicy-cabbage/#nothing", "names no place of its page"),
        ("#nothing", "names no place of its page"),
        ("/products/spicy-cabbage/#spicy-cabbage-1kg", ""),
        ("/en/?a=b#goods", ""),
    ],
)
def test_what_leads_nowhere_is_found(site: Path, address: str, why: str) -> None:
    assert lost(site, "/", address) == why
