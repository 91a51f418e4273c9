"""Pages that lead on at once, without a script: what stands in for a short link where the API is away, and addresses
that people shorten by hand.

A short link's leads to the room rather than to what the room shows, which nobody can say then.
"""

from collections.abc import Iterator
from html import escape

from chalicelib.catalog import Catalog
from chalicelib.domain.live.attribution import SCANNED

from storefront.build.frame import headed
from storefront.read.messages import LANGUAGES, localised, of

FOLDER = "links"
"""Where the stand-ins lie, each at the path of its link."""

SHORTENED = {
    "/live/": "/rooms/",
    "/live/{room}/": "/rooms/{room}/",
    "/board/": "/live/board/",
    "/pages/": "/pages/{page}/",
    "/pay/": "/orders/",
    "/q/": "/channel/",
    "/videos/": "/channel/",
}
"""Where an address leads that is no page of its own: the paths of the pages above one that is, and names for these.

A test holds that every page has pages above it, so that whoever shortens an address falls nowhere out of the shop.
"""

PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta http-equiv="refresh" content="0; url={target}">
  <link rel="canonical" href="{canonical}">
  <title>{title}</title>
</head>
<body>
  <p><a href="{target}">{name}</a></p>
{other}</body>
</html>
"""
ENGLISH = """  <p lang="en"><a href="{target}">{name}</a></p>
"""


def files(catalog: Catalog, origin: str) -> dict[str, bytes]:
    """Return the pages as files of the site, by path; `origin` has no slash at its end."""
    stand_ins = {f"/{FOLDER}/q/{link}/": page for link, page in pages(catalog, origin)}
    found = {**stand_ins, **dict(shortened(catalog, origin))}
    return {f"{path.strip('/')}/index.html": page.encode() for path, page in found.items()}


def pages(catalog: Catalog, origin: str) -> Iterator[tuple[str, str]]:
    """Yield each link without its /q/, such as cabbage-1/spicy-cabbage-500g, and its page."""
    products = {product.id: product for product in catalog.products}
    for room in catalog.rooms:
        yield room.id, _stand_in(f"/rooms/{room.id}/", f"?{SCANNED}={room.id}", room.name.zh, room.name.en, origin)
        for product in (products[id_] for id_ in room.products):
            for pack in product.packs:
                query = f"?{SCANNED}={room.id}#{pack.sku}"
                page = _stand_in(f"/products/{product.id}/", query, product.name.zh, product.name.en, origin)
                yield f"{room.id}/{pack.sku}", page


def shortened(catalog: Catalog, origin: str) -> Iterator[tuple[str, str]]:
    """Yield each shortened path, in each language, and its page."""
    page = next((info.id for info in catalog.pages if not info.for_hosts), "")
    for lang in LANGUAGES:
        for path, target in SHORTENED.items():
            for room in [one.id for one in catalog.rooms] if "{room}" in path else [""]:
                to = localised(lang, target.format(room=room, page=page) if page or "{page}" not in target else "/")
                name = of(lang)["foot"]["onward"]
                yield localised(lang, path.format(room=room)), _page(lang, to, origin + to, name)
    yield "/zh/", _page("zh", "/", f"{origin}/", of("zh")["foot"]["onward"])


def _stand_in(path: str, query: str, name: str, english: str, origin: str) -> str:
    """Return a page for whoever has scanned: which language they read cannot be told."""
    other = ENGLISH.format(target=escape(localised("en", path) + query), name=escape(english))
    return _page("zh", path + query, origin + path, name, other)


def _page(lang: str, target: str, canonical: str, name: str, other: str = "") -> str:
    said = {"target": target, "canonical": canonical, "name": name, "title": headed(name)}
    escaped = {key: escape(value) for key, value in said.items()}
    return PAGE.format(lang="zh-CN" if lang == "zh" else lang, **escaped, other=other)
