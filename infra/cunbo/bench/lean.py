"""The lean pages that the bench sets beside the shop's own: written as by hand, with the same content."""

import re
from html import escape

from chalicelib.catalog import Catalog, Product, Room, Video


def page(catalog: Catalog, record: Product | Video, shown: str) -> str:
    """Return the HTML that somebody would write for a product or a film, with all that our page `shown` says."""
    if isinstance(record, Product):
        title, said = record.name.zh, _product(catalog, record, shown)
    else:
        title, said = record.title.zh, _film(catalog, record, shown)
    data = re.search(r'<script type="application/ld\+json">.*?</script>', shown, re.DOTALL)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f'<link rel="stylesheet" href="lean.css">{data[0] if data else ""}<script src="lean.js" defer></script></head>'
        f'<body><header><a href="/">{escape(catalog.shop.name.zh)}</a> <a href="/cart/">购物车</a></header>'
        f"<main>{said}</main>"
        f"<footer>{escape(catalog.shop.seller.zh)} {escape(catalog.shop.address.zh)}</footer></body></html>"
    )


def _product(catalog: Catalog, product: Product, shown: str) -> str:
    packs = "".join(
        f'<label><input type="radio" name="sku" value="{pack.sku}"> {escape(pack.name.zh)}'
        f" ¥{pack.price / 100:.2f}</label>"
        for pack in product.packs
    )
    facts, prose = (
        match[1] if (match := re.search(f'<section class="{name}"[^>]*>(.*?)</section>', shown, re.DOTALL)) else ""
        for name in ("facts", "prose telling")
    )
    near = [(one.pictures[0], one.name.zh, one.summary.zh) for one in catalog.products if one is not product][:3]
    for shelf in (catalog.stories, catalog.videos, catalog.rooms):
        for record in shelf:
            if product.id in record.products:
                name = record.name if isinstance(record, Room) else record.title
                near.append((record.picture, name.zh, record.summary.zh))
    cards = "".join(
        f'<li><a href="/"><img src="{picture.src}" alt="" width="400" height="300" loading="lazy">{escape(name)}</a>'
        f"<p>{escape(summary)}</p></li>"
        for picture, name, summary in near
    )
    pictures = "".join(
        f'<img src="{picture.src}" alt="{escape(picture.alt.zh)}" width="800" height="600"'
        f"{' loading=lazy' if late else ''}>"
        for late, picture in enumerate(product.pictures)
    )
    return (
        f"{pictures}<h1>{escape(product.name.zh)}</h1><p>{escape(product.summary.zh)}</p>"
        f'<form action="/checkout/">{packs}<p id="left"></p><button>立即购买</button></form>'
        f"{facts}{prose}<ul>{cards}</ul>"
    )


def _film(catalog: Catalog, film: Video, shown: str) -> str:
    prose = re.search(r'<div class="prose">.*?</div>', shown, re.DOTALL)
    cards = "".join(
        f'<li><a href="/"><img src="{product.pictures[0].src}" alt="" width="400" height="300" loading="lazy">'
        f"{escape(product.name.zh)}</a><p>{escape(product.summary.zh)}</p></li>"
        for product in catalog.products
        if product.id in film.products
    )
    return (
        f'<video controls preload="none" playsinline poster="{film.picture.src}" width="640" height="480"'
        f' src="/videos/{film.clip}"></video>'
        f"<h1>{escape(film.title.zh)}</h1><p>{escape(film.summary.zh)}</p>{prose[0] if prose else ''}<ul>{cards}</ul>"
    )
