"""Postage: what a parcel costs, and where it is not delivered. Pure rules, no I/O.

A product's own zone wins over the shop's, and a zone over the shop's usual postage. An order ships in one parcel, so
the dearest of its lines decides, and one line that is not delivered to a province keeps the whole order from it.
"""

from collections.abc import Sequence

from chalicelib.catalog import Catalog, Product, Shop


class NotDelivered(Exception):
    """Some SKUs are not delivered to the province: `skus`."""

    def __init__(self, skus: Sequence[str]) -> None:
        super().__init__(f"not delivered: {', '.join(skus)}")
        self.skus = tuple(skus)


def quote(catalog: Catalog, skus: Sequence[str], province: str) -> int:
    """Return the postage, in fen, of one parcel with these SKUs to a province; raise NotDelivered."""
    postages = {sku: postage_to(catalog.shop, catalog.product_of.get(sku), province) for sku in skus}
    refused = [sku for sku, postage in postages.items() if postage is None]
    if refused:
        raise NotDelivered(refused)
    return max(postage for postage in postages.values() if postage is not None)


def postage_to(shop: Shop, product: Product | None, province: str) -> int | None:
    """Return the postage, in fen, of a parcel with this product alone to a province; None where it is not delivered.

    A product that is sold no more goes as the shop's others do.
    """
    for zone in (*(product.zones if product else ()), *shop.zones):
        if zone.province == province:
            return None if zone.refused else zone.postage or 0
    return shop.postage


def postages(shop: Shop, product: Product) -> dict[int | None, list[str]]:
    """Return what a parcel with this product alone costs (fen; None: not delivered), and in which provinces.

    The shop's usual postage comes first; its list is empty: it holds in all provinces that are not named.
    """
    found: dict[int | None, list[str]] = {shop.postage: []}
    for province in dict.fromkeys(zone.province for zone in (*product.zones, *shop.zones)):
        postage = postage_to(shop, product, province)
        if postage != shop.postage:
            found.setdefault(postage, []).append(province)
    return found
