"""What a browser needs of the catalogue, as packs.json: enough to fill a cart and to name the postage, and no more."""

from typing import Any

import msgspec
from chalicelib.catalog import Catalog, Zone

from storefront.read.messages import LANGUAGES


def packs(catalog: Catalog) -> dict[str, Any]:
    """Return what a browser needs to fill a cart and to say what the parcel costs (fen): packs by SKU, zones, rooms."""
    return {
        "postage": catalog.shop.postage,
        "zones": _zones(catalog.shop.zones),
        "rooms": {room.id: {lang: getattr(room.name, lang) for lang in LANGUAGES} for room in catalog.rooms},
        "packs": {
            pack.sku: {
                "product": product.id,
                "name": {lang: f"{getattr(product.name, lang)} {getattr(pack.name, lang)}" for lang in LANGUAGES},
                "price": pack.price,
                "was": pack.was.price if pack.was else None,
                "picture": product.pictures[0].src,
                "per_order": product.per_order,
                "unit": {lang: getattr(product.unit, lang) for lang in LANGUAGES},
                "returns": product.returns,
                "zones": _zones(product.zones),
            }
            for product in catalog.products
            for pack in product.packs
        },
    }


def _zones(zones: tuple[Zone, ...]) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(zone) for zone in zones]
