"""What of the catalogue everybody may read, as the site's catalog.json: what its pages say anyhow.

**A field that is not listed here stays in the house**, as the production plan and the floors of drops do; the functions
are packaged with the whole catalogue.
"""

from typing import Any

import msgspec
from chalicelib.catalog import (
    Calendar,
    Catalog,
    Chapter,
    CutFrom,
    Info,
    Pack,
    PackThen,
    Period,
    Picture,
    PriceParts,
    Product,
    Room,
    Season,
    Shop,
    SpecialShow,
    Story,
    Text,
    Unit,
    Video,
    Village,
    Was,
    WeeklyShow,
    Zone,
)

FIELDS: dict[type, tuple[str, ...]] = {
    Catalog: ("version", "shop", "villages", "products", "stories", "videos", "rooms", "pages"),
    Shop: (
        "name", "slogan", "seller", "address", "contact", "licence", "icp", "postage", "zones", "calendar", "first",
        "sample",
    ),
    Product: (
        "id", "name", "summary", "kind", "village", "made_of", "allergens", "storage", "shelf_life", "date_rule",
        "maker", "origin", "returns", "pictures", "packs", "warnings", "licence", "per_order", "per_buyer", "unit",
        "zones", "sample", "standard", "maker_address", "seasons",
    ),
    Season: ("first", "last", "work"),
    Pack: ("sku", "name", "price", "weight", "was", "parts"),
    PriceParts: ("hands", "field", "jar", "parcel"),
    Was: ("price", "basis"),
    Zone: ("province", "postage", "refused"),
    Village: ("id", "name", "summary", "source", "picture"),
    Story: ("id", "title", "summary", "village", "source", "published", "picture", "products"),
    Video: (
        "id", "title", "summary", "village", "clip", "seconds", "published", "picture", "chapters", "products",
        "sample", "machine", "cut_from",
    ),
    CutFrom: ("room", "show", "day", "time", "packs", "made_of", "allergens", "storage", "shelf_life", "unsaid"),
    PackThen: ("sku", "price", "weight"),
    Chapter: ("at", "title"),
    Room: ("id", "name", "summary", "village", "picture", "programme", "specials", "products", "sample"),
    WeeklyShow: ("days", "start", "end"),
    SpecialShow: ("slug", "day", "start", "end", "title"),
    Info: ("id", "title", "summary", "for_hosts"),
    Calendar: ("closed", "pauses", "rest_days", "last_orders"),
    Period: ("first", "last", "why"),
    Picture: ("src", "alt", "focus"),
    Text: ("zh", "en"),
    Unit: ("zh", "en"),
}  # fmt: skip
"""The fields of each type that are published."""


def published(catalog: Catalog) -> bytes:
    """Return catalog.json."""
    return msgspec.json.encode(_public(catalog))


def _public(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return {name: _public(getattr(value, name)) for name in FIELDS[type(value)]}
    return [_public(one) for one in value] if isinstance(value, tuple) else value
