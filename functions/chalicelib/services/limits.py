"""How much one buyer may have of a batch or a drop: what the catalogue and the drops say of each line."""

from chalicelib.catalog import Catalog
from chalicelib.domain.aggregate import Account
from chalicelib.domain.orders.model import Order
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.allocation import Stock


def limit_of(catalog: Catalog, sku: str, drop: Drop | None) -> int:
    """Return what one buyer may have of the drop, else of each batch of the SKU; 0 where it is any number."""
    return drop.limit if drop else catalog.product_of[sku].per_buyer


def limits_of(catalog: Catalog, stock: Stock, order: Order) -> dict[Account, int]:
    """Return how much may be on the accounts that the order's lines count for."""
    return {
        account: limit_of(catalog, line.sku, stock.drop(line.sku, line.drop) if line.drop else None)
        for line in order.lines
        for account in line.bought
    }
