"""What the parcel costs, and where it does not go. Pure rules, no I/O.

A product's zone goes before the shop's, and the shop's before its usual postage. An order goes in one parcel, so the
dearest of its lines decides, and one line that is not delivered to a province keeps the whole order from it.
"""

from collections.abc import Iterable, Sequence

from .catalog import Catalog, Product, Zone


class NotDelivered(Exception):
    """SKUs that are not delivered to the province."""

    def __init__(self, skus: Sequence[str]) -> None:
        super().__init__(f"not delivered: {', '.join(skus)}")
        self.skus = tuple(skus)


def quote(catalog: Catalog, skus: Sequence[str], province: str) -> int:
    """The postage in fen of one parcel with these SKUs to a province; raises NotDelivered."""
    zones = {sku: zone_of(catalog, catalog.product_of[sku], province) for sku in skus}
    refused = [sku for sku, zone in zones.items() if zone and zone.refused]
    if refused:
        raise NotDelivered(refused)
    return max(catalog.shop.postage if zone is None else zone.postage or 0 for zone in zones.values())


def zone_of(catalog: Catalog, product: Product, province: str) -> Zone | None:
    """The zone that says what it costs to send the product to a province; None where the usual postage holds."""
    return _zone(product.zones, province) or _zone(catalog.shop.zones, province)


def _zone(zones: Iterable[Zone], province: str) -> Zone | None:
    return next((zone for zone in zones if zone.province == province), None)
