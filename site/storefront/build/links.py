"""What stands in for a short link where the API is away: a page for each room, and for each product that it sells.

It leads on at once, without a script: to the room rather than to what the room shows, which nobody can say then.
"""

from collections.abc import Iterator
from html import escape

from chalicelib.catalog import Catalog
from chalicelib.domain.live.attribution import SCANNED

FOLDER = "links"
"""Where they lie, each at the path of its link."""

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <meta http-equiv="refresh" content="0; url={target}">
  <title>{name}</title>
</head>
<body>
  <p><a href="{target}">{name}</a></p>
  <p lang="en"><a href="/en{target}">{english}</a></p>
</body>
</html>
"""


def files(catalog: Catalog) -> dict[str, bytes]:
    """Return the pages as files of the site, by path."""
    return {f"{FOLDER}/q/{link}/index.html": page.encode() for link, page in pages(catalog)}


def pages(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield each link without its /q/, such as cabbage-1/spicy-cabbage-500g, and its page."""
    products = {product.id: product for product in catalog.products}
    for room in catalog.rooms:
        yield room.id, _page(f"/rooms/{room.id}/?{SCANNED}={room.id}", room.name.zh, room.name.en)
        for product in (products[id_] for id_ in room.products):
            for pack in product.packs:
                target = f"/products/{product.id}/?{SCANNED}={room.id}#{pack.sku}"
                yield f"{room.id}/{pack.sku}", _page(target, product.name.zh, product.name.en)


def _page(target: str, name: str, english: str) -> str:
    return PAGE.format(target=escape(target), name=escape(name), english=escape(english))
