"""What is left: the numbers beside every product, and whether the shop can take orders at all."""

from collections.abc import Sequence

import msgspec

from chalicelib.domain.errors import Fault, Invalid, NotFound
from chalicelib.domain.stock.amendments import Offer, offered
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.allocation import Stock, StockView
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

MOST_SKUS = 50


class Available(msgspec.Struct, frozen=True):
    """What is offered of a SKU, what is left of it over the horizon, and of each of its drops that is not over.

    Of a drop also its price in fen now.
    """

    offer: Offer
    view: StockView
    drops: tuple[tuple[Drop, int, StockView], ...] = ()


class Availability:
    """What is left in a shop."""

    def __init__(self, stage: Stage, store: Store, stock: Stock) -> None:
        self.stage, self.store, self.stock = stage, store, stock

    def ready(self) -> None:
        """Return where orders can be taken; raise Busy where the table is away."""
        self.store.ready()

    def look(self, skus: Sequence[str]) -> dict[str, Available]:
        """Return what is left of each SKU now; raise Invalid for none or too many, NotFound for one not sold here."""
        wanted = list(dict.fromkeys(skus))
        if not 1 <= len(wanted) <= MOST_SKUS:
            raise Invalid([Fault("/sku", f"name 1 to {MOST_SKUS} SKUs, as in ?sku=A&sku=B")])
        unknown = [sku for sku in wanted if sku not in self.stage.catalog.packs]
        if unknown:
            faults = [Fault("/sku", f"{sku} is not sold here", sku=sku) for sku in unknown]
            raise NotFound(f"not sold here: {', '.join(unknown)}", faults)
        return {sku: self._look(sku) for sku in wanted}

    def _look(self, sku: str) -> Available:
        view, now = self.stock.look(sku), self.stage.clock()
        offer = offered(self.stage.catalog, sku, view.amendments, now)
        drops = [drop for drop in view.drops if now < drop.closes and not offer.off]
        told = tuple((one, one.price_beside(offer.pack), self.stock.look(one.shelf)) for one in drops)
        return Available(offer, view.of(offer), told)
