"""Placing an order: price it, promise it, claim it; and give the same answer to the same key for ever."""

from collections.abc import Container, Iterator, Sequence
from datetime import datetime

import msgspec

from .catalog import Catalog, shown
from .errors import Busy, Changed, Exists, Fault, Invalid, KeyReused, Refused, ShopError, Short, SoldOut, Stale, Taken
from .keys import Keys, Ticket
from .orders import GRACE, Address, Entry, Line, Order, State, placed
from .payments import Provider
from .postage import NotDelivered, quote
from .promise import Part
from .requests import CheckoutRequest, fingerprint, read_checkout
from .settings import Settings
from .stock import Claim, Clock, NoClaim, Scattered, Stock, Unmet
from .store import Store
from .unpaid import Held, Tabs

FIND_DIGITS = 4
"""How many last digits of its number, with the phone, find an order again."""
TRIES = 16
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
        postage = self._postage(request, wishes)
        older = [ticket.number for ticket in tickets[1:]]
        others = {ticket.number for ticket in tickets}
        now = self.clock().replace(microsecond=0)
        held = Held(now + self.settings.hold + GRACE, tickets[0].number)
        tabs = Tabs(self.keys, _address(request), held, now, self.stock.turn())
        for _ in range(TRIES):
            claim = self._claim(wishes, request, others)
            order = self._order(request, wishes, claim, postage, digest, tickets[0].number, now)
            self._agreed(request, order)
            writes = [(None, order), *claim.ended]
            try:
                self.store.commit(writes, older, [*tabs.slots.values()], now)
            except Taken as taken:
                tabs.learn(taken, self.store.order)
            except Short as short:
                self.stock.learn(short)
            except Stale as stale:
                others.add(stale.order)  # the index showed a hold that another has dealt with
                self.stock.forget(list(wishes))
            else:
                self.stock.note(writes)
                return order
        raise Busy("units went faster than they could be claimed: ask again with the same Idempotency-Key")

    def _wishes(self, request: CheckoutRequest) -> dict[str, int]:
        """Quantities by SKU, lines of one SKU added up; raises Invalid for what cannot be ordered like this."""
        wishes: dict[str, int] = {}
        for line in request.lines:
            wishes[line.sku] = wishes.get(line.sku, 0) + line.quantity
        faults = [*self._line_faults(request, wishes)]
        if faults:
            raise Invalid(faults)
        return wishes

    def _line_faults(self, request: CheckoutRequest, wishes: dict[str, int]) -> Iterator[Fault]:
        for index, line in enumerate(request.lines):
            product = self.catalog.product_of.get(line.sku)
            if product is None:
                yield Fault(f"/lines/{index}/sku", f"{line.sku} is not sold here", sku=line.sku)
            elif wishes[line.sku] > product.per_order:
                words = f"at most {product.per_order} units of {line.sku} in one order"
                yield Fault(f"/lines/{index}/quantity", words, sku=line.sku)
            elif product.returns == "confirm" and line.sku not in request.no_return:
                yield Fault("/no_return", f"{line.sku} cannot come back: the buyer must agree to that", sku=line.sku)

    def _postage(self, request: CheckoutRequest, wishes: dict[str, int]) -> int:
        province = request.ship_to.region[0]
        try:
            return quote(self.catalog, [*wishes], province)
        except NotDelivered as refused:
            raise Refused(
                f"not delivered to {province}",
                [Fault(_line_of(request, sku), f"not delivered to {province}", sku=sku) for sku in refused.skus],
            ) from None

    def _claim(self, wishes: dict[str, int], request: CheckoutRequest, own: Container[str]) -> Claim:
        try:
            return self.stock.claim(list(wishes.items()), own)
        except Scattered as scattered:
            words = "the last units lie in too many places for one order"
            raise _sold_out(request, scattered, words, "at most {} at once") from None
        except Unmet as unmet:
            raise _sold_out(request, unmet, "there are not enough left", "{} left") from None

    def _order(
        self,
        request: CheckoutRequest,
        wishes: dict[str, int],
        claim: Claim,
        postage: int,
        digest: str,
        number: str,
        now: datetime,
    ) -> Order:
        lines = tuple(
            self._line(request, sku, quantity, parts)
            for (sku, quantity), parts in zip(wishes.items(), claim.parts, strict=True)
        )
        order = Order(
            number=number,
            state=State.AWAITING_PAYMENT,
            placed=now,
            pay_by=now + self.settings.hold,
            lines=lines,
            postage=postage,
            total=postage + sum(line.quantity * line.unit_price for line in lines),
            ship_to=_address(request),
            lang=request.lang,
            provider=request.payment,
            fingerprint=digest,
            history=(Entry(now, State.AWAITING_PAYMENT),),
            email=request.email,
            room=request.room,
            lookup=self.keys.pseudonyms("find", request.ship_to.phone, number[-FIND_DIGITS:])[0]
            if request.email
            else None,
        )
        return placed(order, now)

    def _line(self, request: CheckoutRequest, sku: str, quantity: int, parts: tuple[Part, ...]) -> Line:
        product, pack = self.catalog.product_of[sku], self.catalog.packs[sku]
        name = f"{getattr(product.name, request.lang)} {getattr(pack.name, request.lang)}"
        digest, _ = shown(self.catalog, product)
        return Line(sku, quantity, pack.price, parts, name, digest, no_return=product.returns == "confirm")

    def _agreed(self, request: CheckoutRequest, order: Order) -> None:
        """Raises Changed where the order would cost more or ship later than the shopper was shown."""
        shown = request.expect
        if shown and (order.total > shown.total or order.ship_by > shown.ship_by):
            raise Changed(order.total, order.postage, order.ship_by)


def _address(request: CheckoutRequest) -> Address:
    return Address(**msgspec.structs.asdict(request.ship_to))


def _sold_out(request: CheckoutRequest, unmet: NoClaim, detail: str, words: str) -> SoldOut:
    return SoldOut(
        detail,
        [Fault(_line_of(request, sku), words.format(left), sku=sku, left=left) for sku, left in unmet.left.items()],
    )


def _line_of(request: CheckoutRequest, sku: str) -> str:
    return f"/lines/{[line.sku for line in request.lines].index(sku)}"
