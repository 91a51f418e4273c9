"""Placing an order: price it, promise it, claim it; and give the same answer to the same key for ever."""

from collections.abc import Container, Sequence

import msgspec

from .catalog import Catalog
from .errors import Busy, Changed, Exists, Fault, Invalid, KeyReused, ShopError, Short, SoldOut, Stale
from .keys import Keys, Ticket
from .orders import Address, Entry, Line, Order, State
from .payments import Provider
from .requests import CheckoutRequest, fingerprint, read_checkout
from .settings import Settings
from .stock import Claim, Clock, Stock, Unmet
from .store import Store

TRIES = 8
"""How often a claim is tried where shards turn out emptier than seen: each try knows more than the one before."""


class Checkout:
    """The use case of POST /api/checkout."""

    def __init__(
        self,
        catalog: Catalog,
        store: Store,
        stock: Stock,
        keys: Keys,
        providers: dict[str, Provider],
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.catalog, self.store, self.stock, self.keys = catalog, store, stock, keys
        self.providers, self.settings, self.clock = providers, settings, clock

    def place(self, idempotency_key: str, body: bytes) -> tuple[Order, str]:
        """The order and its token; raises what errors.py names. An order that exists wins over every refusal."""
        tickets = self.keys.tickets(idempotency_key)
        try:
            request = read_checkout(body, frozenset(self.providers))
            return self._create(request, fingerprint(body), tickets), tickets[0].token
        except Exists as exists:
            return self._again(exists.order, body, tickets)
        except ShopError:
            for ticket in tickets:
                if order := self.store.order(ticket.number):
                    return self._again(order, body, tickets)
            raise

    def _again(self, order: Order, body: bytes, tickets: Sequence[Ticket]) -> tuple[Order, str]:
        if fingerprint(body) != order.fingerprint:
            words = "it has already made an order from another body: use a new key"
            raise KeyReused(f"the header Idempotency-Key: {words}", [Fault("/Idempotency-Key", words)])
        return order, next(ticket.token for ticket in tickets if ticket.number == order.number)

    def _create(self, request: CheckoutRequest, digest: str, tickets: Sequence[Ticket]) -> Order:
        wishes = self._wishes(request)
        older = [ticket.number for ticket in tickets[1:]]
        for _ in range(TRIES):
            claim = self._claim(wishes, request, {ticket.number for ticket in tickets})
            order = self._order(request, wishes, claim, digest, tickets[0].number)
            self._agreed(request, order)
            writes = [(None, order), *claim.ended]
            try:
                self.store.commit(writes, absent=older)
            except Short as short:
                self.stock.learn(short)
            except Stale:
                self.stock.forget(list(wishes))
            else:
                self.stock.note(writes)
                return order
        raise Busy("units went faster than they could be claimed: ask again with the same Idempotency-Key")

    def _wishes(self, request: CheckoutRequest) -> dict[str, int]:
        """Quantities by SKU, lines of one SKU added up; raises Invalid for a SKU that is not sold here."""
        unknown = [
            Fault(f"/lines/{index}/sku", f"{line.sku} is not sold here", sku=line.sku)
            for index, line in enumerate(request.lines)
            if line.sku not in self.catalog.packs
        ]
        if unknown:
            raise Invalid(unknown)
        wishes: dict[str, int] = {}
        for line in request.lines:
            wishes[line.sku] = wishes.get(line.sku, 0) + line.quantity
        return wishes

    def _claim(self, wishes: dict[str, int], request: CheckoutRequest, own: Container[str]) -> Claim:
        try:
            return self.stock.claim(list(wishes.items()), own)
        except Unmet as unmet:
            skus = [line.sku for line in request.lines]
            raise SoldOut(
                "there are not enough left",
                [
                    Fault(f"/lines/{skus.index(sku)}", f"{left} left", sku=sku, left=left)
                    for sku, left in unmet.left.items()
                ],
            ) from None

    def _order(self, request: CheckoutRequest, wishes: dict[str, int], claim: Claim, digest: str, number: str) -> Order:
        lines = tuple(
            Line(sku, quantity, self.catalog.packs[sku].price, parts)
            for (sku, quantity), parts in zip(wishes.items(), claim.parts, strict=True)
        )
        now = self.clock().replace(microsecond=0)
        postage = self.catalog.shop.postage
        return Order(
            number=number,
            state=State.AWAITING_PAYMENT,
            placed=now,
            pay_by=now + self.settings.hold,
            lines=lines,
            postage=postage,
            total=postage + sum(line.quantity * line.unit_price for line in lines),
            ship_to=Address(**msgspec.structs.asdict(request.ship_to)),
            lang=request.lang,
            provider=request.payment,
            fingerprint=digest,
            history=(Entry(now, State.AWAITING_PAYMENT),),
            email=request.email,
            room=request.room,
        )

    def _agreed(self, request: CheckoutRequest, order: Order) -> None:
        """Raises Changed where the order would cost more or ship later than the shopper was shown."""
        shown = request.expect
        if shown and (order.total > shown.total or order.ship_by > shown.ship_by):
            raise Changed(order.total, order.postage, order.ship_by)
