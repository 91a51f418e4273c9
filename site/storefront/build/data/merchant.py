"""The goods as merchants' programs take them: a feed of every pack by Google's field names, as /merchant.tsv.

What is left changes by the minute, and no file can say it. So an offer is in stock where its content plans production,
and the product's page puts that right for itself: its script marks what is sold out, in the words that search engines
read there and hold feeds to. **A sample is in no shop**: it is out of stock, and excluded from wherever a feed's offers
are shown, so that a sample shop has a feed to look at and offers nothing.
"""

import csv
from collections.abc import Mapping
from io import StringIO

from chalicelib.catalog import Catalog, Pack, Product
from chalicelib.domain.orders.postage import postages

from storefront.build.media.pictures import Shot
from storefront.read.messages import LANGUAGES, localised

FEED = "merchant.tsv"
FOOD = "422"
"""Food Items, in Google's list of product categories."""
EVERYWHERE = "Shopping_ads,Free_listings"
MOST_PICTURES = 10
"""How many further pictures an offer may have."""


def is_offered(catalog: Catalog, product: Product) -> bool:
    """Tell whether a product can be bought, as far as its content says: it is no sample, and some of it is made."""
    production = product.production
    return not (product.sample or catalog.shop.sample) and production.per_day + production.extra > 0


def offers(catalog: Catalog, origin: str, lang: str, shots: Mapping[str, Shot]) -> list[dict[str, str]]:
    """Return a row for each pack, by field; `origin` has no slash at its end, `shots` are the pictures by address."""
    return [
        {
            "id": pack.sku,
            "item_group_id": product.id,
            "title": f"{getattr(product.name, lang)} {getattr(pack.name, lang)}",
            "description": getattr(product.summary, lang),
            "link": f"{origin}{localised(lang, f'/products/{product.id}/')}#{pack.sku}",
            **_pictures(product, origin, shots),
            "availability": "in_stock" if is_offered(catalog, product) else "out_of_stock",
            **_price(pack),
            "condition": "new",
            "brand": getattr(catalog.shop.name, lang),
            "identifier_exists": "no",
            "google_product_category": FOOD,
            "size": getattr(pack.name, lang),
            "unit_pricing_measure": f"{pack.weight} g",
            "shipping": ",".join(_shipping(catalog, product)),
            "min_handling_time": str(product.production.lead_days),
            "max_handling_time": str(product.production.horizon_days),
            "excluded_destination": EVERYWHERE if product.sample or catalog.shop.sample else "",
        }
        for product in catalog.products
        for pack in product.packs
    ]


def feed(rows: list[dict[str, str]]) -> bytes:
    """Return rows as tab-separated values with a line of field names; blanks within a value are single spaces."""
    if not rows:
        return b""
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]), dialect="excel-tab", lineterminator="\n")
    writer.writeheader()
    writer.writerows({field: " ".join(value.split()) for field, value in row.items()} for row in rows)
    return text.getvalue().encode()


def files(catalog: Catalog, origin: str, shots: Mapping[str, Shot]) -> dict[str, bytes]:
    """Return the feed of each language as files of the site, by path; `origin` has no slash at its end."""
    return {localised(lang, f"/{FEED}").lstrip("/"): feed(offers(catalog, origin, lang, shots)) for lang in LANGUAGES}


def amount(fen: int) -> str:
    """Return fen as other programs read money: 2990 is 29.90."""
    return f"{fen // 100}.{fen % 100:02}"


def _pictures(product: Product, origin: str, shots: Mapping[str, Shot]) -> dict[str, str]:
    """Return the pictures as JPEG: a photograph at its largest, a drawing's card, since no feed takes SVG."""
    found = [shots[picture.src] for picture in product.pictures]
    first, *others = [origin + (shot.formats["jpeg"][-1][1] if shot.formats else shot.card) for shot in found]
    return {"image_link": first, "additional_image_link": ",".join(others[:MOST_PICTURES])}


def _price(pack: Pack) -> dict[str, str]:
    """Return what a pack costs; a price that is struck out is the price, and today's the sale's."""
    now = f"{amount(pack.price)} CNY"
    return (
        {"price": f"{amount(pack.was.price)} CNY", "sale_price": now} if pack.was else {"price": now, "sale_price": ""}
    )


def _shipping(catalog: Catalog, product: Product) -> list[str]:
    """Return the usual postage, then that of each province with another one; where nothing is delivered is left out."""
    return [
        f"CN:{province}::{amount(postage)} CNY"
        for postage, provinces in postages(catalog.shop, product).items()
        if postage is not None
        for province in provinces or [""]
    ]
