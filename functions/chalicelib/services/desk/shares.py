"""Where the money went: of an order, for its buyer; and what hands have earned in a month, for those whose they are."""

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from chalicelib.domain.desk.day_books import total
from chalicelib.domain.desk.money_parts import MoneyParts, parts_of
from chalicelib.domain.errors import WrongState
from chalicelib.domain.orders.model import SOLD, Order
from chalicelib.domain.payments.ledger import entries
from chalicelib.domain.payments.news import CURRENCY, RowKind
from chalicelib.services.desk.books import days_of
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

AVERAGED = 30
"""Days back whose fees make the average where the order's own is not known yet."""


class OrderShares(NamedTuple):
    """Where the money of an order went; `fee_from` says how its fee is known: statement, average, or none."""

    parts: MoneyParts
    fee_from: str


class SharesOfGoods(NamedTuple):
    """Units of a SKU that have left the village, and what hands got of them, in fen."""

    sku: str
    units: int
    fen: int


class Shares:
    """Who has what of a shop's money."""

    def __init__(self, stage: Stage, store: Store) -> None:
        self.stage, self.store = stage, store

    def of_order(self, order: Order) -> OrderShares:
        """Return where the money of an order went; raise WrongState where none was paid, or all of it went back."""
        if order.payment is None or order.state not in SOLD:
            raise WrongState(f"an order that is {order.state} has no money that went anywhere")
        fee, known = self._fee(order)
        return OrderShares(parts_of(order, fee, self.stage.catalog.packs), known)

    def _fee(self, order: Order) -> tuple[int, str]:
        """What the provider kept: by its statement, else what it has kept of other payments on average."""
        if order.provider == "sandbox":
            return 0, "none"
        paid = next((one for one in entries(order) if one.kind is RowKind.PAYMENT and one.id == order.payment), None)
        line = self.store.ledger.find(paid) if paid else None
        if line and line.billed and line.billed.fee_currency == CURRENCY:
            return line.billed.fee, "statement"
        days = [self.stage.today - timedelta(days=back) for back in range(1, AVERAGED + 1)]
        stored = self.store.books.load_many(days)
        sums = total(one.books.sums for one in stored.values() if one.books and not one.books.sums.of("unbilled"))
        row = sums.rows("providers").get(order.provider, {})
        came, fees = row.get("came", 0), row.get("fees", 0)
        return (-(-order.total * fees // came), "average") if came and fees else (0, "none")

    def of_hands(self, month: str, goods: Collection[str] | None = None) -> list[SharesOfGoods]:
        """Return what has left the village of a month's batches, and what hands got of it, by SKU.

        Of these `goods` alone, by product; None: of all. What a product's file says of a day's batch is taken as it was
        on that day. Raise Invalid where it is no month.
        """
        units: dict[str, int] = {}
        fen: dict[str, int] = {}
        for kept in self.store.books.kept(days_of(month)).values():
            for sku, shipped in kept.shipped.items():
                product = self.stage.catalog.product_of.get(sku)
                if goods is None or (product and product.id in goods):
                    units[sku] = units.get(sku, 0) + shipped.units
                    fen[sku] = fen.get(sku, 0) + shipped.units * shipped.hands
        return [SharesOfGoods(sku, units[sku], fen[sku]) for sku in sorted(units)]
