"""Placing an order: price it, promise it, allocate it; and give the same answer to the same key for ever."""

from collections.abc import Collection, Container, Iterator, Sequence
from datetime import date, datetime

import msgspec

from chalicelib.api.requests import CheckoutRequest, fingerprint, read_checkout
from chalicelib.catalog import Catalog, shown
from chalicelib.domain import waitlist
from chalicelib.domain.aggregate import Account
from chalicelib.domain.conflicts import Exists, Limited, Short, SlotTaken, Stale, Waited, retrying
from chalicelib.domain.errors import (
    Changed,
    Fault,
    Invalid,
    InvitationOver,
    KeyReused,
    LimitReached,
    Refused,
    ShopError,
    SoldOut,
)
from chalicelib.domain.keys import Keys, Ticket
from chalicelib.domain.live import attribution
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.orders.model import GRACE, Address, Order, OrderLine, State, scope
from chalicelib.domain.orders.pending_limits import Held, PendingOrderLimits
from chalicelib.domain.orders.postage import NotDelivered, quote
from chalicelib.domain.orders.transitions import placed
from chalicelib.domain.settings import Settings
from chalicelib.domain.stock.drops import Drop, must_sell, shelf_of
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.waitlist import Ordered, Waiter, WaiterState
from chalicelib.payments import Provider
from chalicelib.services.allocation import Allocation, Clock, Scattered, Stock, Unavailable
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

FIND_DIGITS = 4
"""How many last digits of its number, with the phone, find an order again."""
TRIES = 16
"""How often an allocation is tried where shards turn out emptier than seen: each try knows more than the one before."""


class RequestedLine(msgspec.Struct, frozen=True):
    """What is wanted of one shelf, its lines added up: `line` is the first of them, `drop` what it is bought in."""

    line: int
    sku: str
    quantity: int
    drop: Drop | None = None

    @property
    def shelf(self) -> str:
        """Where it comes from."""
        return self.drop.shelf if self.drop else self.sku

    @property
    def pointer(self) -> str:
        """Where it stands in the request."""
        return f"/lines/{self.line}"


class Checkout:
    """The use cases of POST /api/checkout, and of the call that takes an invitation of the waitlist."""

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

    def place(
        self, idempotency_key: str, body: bytes, came_from: str = "", place: str | None = None
    ) -> tuple[Order, str]:
        """The order and its token; raises what errors.py names. An order that exists wins over every refusal.

        `came_from` is the cookie of who sent the shopper, as the browser gave it; `place` is the number of the place on
        a waitlist whose invitation is taken.
        """
        tickets = self.keys.tickets(idempotency_key)
        try:
            request = read_checkout(body, frozenset(self.providers))
            origin = attribution.read(self.keys, came_from, self.clock())
            return self._create(request, fingerprint(body), tickets, origin, place), tickets[0].token
        except Exists as exists:
            return self._again(exists.order, body, tickets)
        except ShopError:
            for ticket in tickets:
                if order := self.store.orders.load(ticket.number):
                    return self._again(order, body, tickets)
            raise

    def most(self, order: Order) -> dict[Account, int]:
        """How much may be on the accounts that the order's lines count for."""
        return {
            account: self._limit(line.sku, self.drop(line.sku, line.drop) if line.drop else None)
            for line in order.lines
            for account in line.bought
        }

    def drop(self, sku: str, id_: str) -> Drop | None:
        """The drop of the SKU, by a view at most a second old."""
        return next((drop for drop in self.stock.view(sku).drops if drop.id == id_), None)

    def _limit(self, sku: str, drop: Drop | None) -> int:
        """What one buyer may have of the drop, else of each batch; 0 where it is any number."""
        return drop.limit if drop else self.catalog.product_of[sku].per_buyer

    def _again(self, order: Order, body: bytes, tickets: Sequence[Ticket]) -> tuple[Order, str]:
        if fingerprint(body) != order.fingerprint:
            words = "it has already made an order from another body: use a new key"
            raise KeyReused(f"the header Idempotency-Key: {words}", [Fault("/Idempotency-Key", words)])
        return order, next(ticket.token for ticket in tickets if ticket.number == order.number)

    def _create(
        self,
        request: CheckoutRequest,
        digest: str,
        tickets: Sequence[Ticket],
        came_from: Attribution | None,
        place: str | None,
    ) -> Order:
        now = self.clock().replace(microsecond=0)
        wants = self._wants(request, self.clock())  # a drop opens and ends at an instant, not at a second
        origin = self._origin(request, wants, came_from)
        postage = self._postage(request, wants)
        older = [ticket.number for ticket in tickets[1:]]
        others = {ticket.number for ticket in tickets}
        barred: set[tuple[str, date]] = set()
        held = Held(now + self.settings.hold + GRACE, tickets[0].number)
        limits = PendingOrderLimits(self.keys, _address(request), held, now, self.stock.turn())

        def attempt() -> Order | None:
            nonlocal barred
            waiter = self._invited(place, wants) if place else None
            allocation = (
                self._invited_allocation(waiter, wants[0], barred) if waiter else self._allocate(wants, others, barred)
            )
            order = self._order(request, wants, allocation, postage, digest, origin, tickets[0].number, now)
            self._agreed(request, order)
            transaction = (
                Transaction()
                .create(order)
                .take_over(allocation.ended)
                .must_not_exist(*older)
                .take_slots(limits.slots.values(), now)
                .limit(self.most(order))
            )
            if waiter:
                transaction.save(waiter, self._taken(waiter, order))
            try:
                self.store.commit(transaction)
            except SlotTaken as taken:
                limits.learn(taken, self.store.orders.load)
            except Limited as limited:
                barred |= _barred(limited, order, wants)
            except Short as short:
                self.stock.learn(short)
            except Waited as waited:
                self.stock.forget(waited.skus)
            except Stale as stale:
                others.add(stale.number)  # the index showed a hold that another has dealt with
                self.stock.forget([want.shelf for want in wants])
            else:
                self.stock.note(transaction.writes)
                return order
            return None

        detail = "units went faster than they could be claimed: ask again with the same Idempotency-Key"
        return retrying(TRIES, detail, attempt)

    def _wants(self, request: CheckoutRequest, now: datetime) -> list[RequestedLine]:
        """What is wanted of each shelf, lines of one added up; raises Invalid, DropEarly, DropOver, LimitReached."""
        faults = [*self._line_faults(request)]
        if faults:
            raise Invalid(faults)
        wants: dict[str, RequestedLine] = {}
        for index, line in enumerate(request.lines):
            shelf = shelf_of(line.sku, line.drop or "")
            first = wants.get(shelf)
            if first:
                wants[shelf] = msgspec.structs.replace(first, quantity=first.quantity + line.quantity)
            else:
                drop = self._sold_drop(line.sku, line.drop, request.room, now, index) if line.drop else None
                wants[shelf] = RequestedLine(index, line.sku, line.quantity, drop)
        for want in wants.values():
            limit = self._limit(want.sku, want.drop)
            if limit and want.quantity > limit:
                raise _no_more([want], limit)
        return [*wants.values()]

    def _sold_drop(self, sku: str, id_: str, room: str | None, now: datetime, index: int) -> Drop:
        drop = self.drop(sku, id_)
        if drop is None:
            self.stock.look(sku)  # it may have been opened within this second
            drop = self.drop(sku, id_)
        if drop is None:
            raise Invalid([Fault(f"/lines/{index}/drop", f"there is no drop {id_} of {sku}", sku=sku)])
        must_sell(drop, room, now, f"/lines/{index}")
        return drop

    def _origin(
        self, request: CheckoutRequest, wants: Sequence[RequestedLine], came_from: Attribution | None
    ) -> Attribution | None:
        """The room that sold it: that of a drop, which sells nowhere else, or the one that sent the shopper."""
        for want in wants:
            if want.drop and (came_from is None or came_from.room != want.drop.room):
                return Attribution(want.drop.room)
        return attribution.told(self.catalog.room_of.keys(), came_from, request.room)

    def _line_faults(self, request: CheckoutRequest) -> Iterator[Fault]:
        wishes: dict[str, int] = {}
        for line in request.lines:
            wishes[line.sku] = wishes.get(line.sku, 0) + line.quantity
        for index, line in enumerate(request.lines):
            product = self.catalog.product_of.get(line.sku)
            if product is None:
                yield Fault(f"/lines/{index}/sku", f"{line.sku} is not sold here", sku=line.sku)
            elif wishes[line.sku] > product.per_order:
                words = f"at most {product.per_order} units of {line.sku} in one order"
                yield Fault(f"/lines/{index}/quantity", words, sku=line.sku)
            elif product.returns == "confirm" and line.sku not in request.no_return:
                yield Fault("/no_return", f"{line.sku} cannot come back: the buyer must agree to that", sku=line.sku)

    def _postage(self, request: CheckoutRequest, wants: Sequence[RequestedLine]) -> int:
        province = request.ship_to.region[0]
        try:
            return quote(self.catalog, [*dict.fromkeys(want.sku for want in wants)], province)
        except NotDelivered as refused:
            words = f"not delivered to {province}"
            faults = [Fault(want.pointer, words, sku=want.sku) for want in wants if want.sku in refused.skus]
            raise Refused(words, faults) from None

    def _allocate(
        self, wants: Sequence[RequestedLine], own: Container[str], barred: Collection[tuple[str, date]]
    ) -> Allocation:
        try:
            return self.stock.allocate([(want.shelf, want.quantity) for want in wants], own, barred)
        except Unavailable as refused:
            short = [want for want in wants if want.shelf in refused.left]
            if limited := [want for want in short if any(shelf == want.shelf for shelf, _ in barred)]:
                limit = max(self.catalog.product_of[want.sku].per_buyer for want in limited)
                raise _no_more(limited, limit) from None
            scattered = isinstance(refused, Scattered)
            detail = "the last units lie in too many places for one order" if scattered else "there are not enough left"
            words = "at most {} at once" if scattered else "{} left"
            raise SoldOut(detail, [self._sold_out(want, refused.left[want.shelf], words) for want in short]) from None

    def _sold_out(self, want: RequestedLine, left: int, words: str) -> Fault:
        """How many there are of it, and how many where the same is sold in another way."""
        drops, now = self.stock.view(want.sku).drops, self.clock()
        others = [want.sku] if want.drop else [drop.shelf for drop in drops if drop.is_on(now)]
        elsewhere = sum(self.stock.view(shelf).left for shelf in others)
        return Fault(want.pointer, words.format(left), sku=want.sku, left=left, elsewhere=elsewhere or None)

    def _invited(self, place: str, wants: Sequence[RequestedLine]) -> Waiter:
        """The waiter whose invitation this takes; raises InvitationOver, and Invalid where it asks for something
        else."""
        waiter = self.store.waitlist.load(place)
        if waiter is None or waiter.state is not WaiterState.INVITED or self.clock() >= (waiter.until or self.clock()):
            raise InvitationOver(
                waiter.until if waiter and waiter.state in {WaiterState.INVITED, WaiterState.LAPSED} else None
            )
        fits = [want for want in wants if want.shelf == waiter.sku and want.quantity <= waiter.units]
        if len(wants) != 1 or not fits:
            words = f"an invitation is for one line: {waiter.sku}, 1 to {waiter.units} units"
            raise Invalid([Fault("/lines", words, sku=waiter.sku, left=waiter.units)])
        return waiter

    def _invited_allocation(
        self, waiter: Waiter, want: RequestedLine, barred: Container[tuple[str, date]]
    ) -> Allocation:
        """As many of the invitation's units as are wanted, the earliest first, none of what is barred; or raises."""
        parts, wanted = [], want.quantity
        for part in waiter.parts:
            share = 0 if (waiter.sku, part.ship_by) in barred else min(part.quantity, wanted)
            if share:
                parts.append(msgspec.structs.replace(part, quantity=share))
            wanted -= share
        if wanted:
            raise _no_more([want], self.catalog.product_of[want.sku].per_buyer)
        return Allocation((tuple(parts),))

    def _taken(self, waiter: Waiter, order: Order) -> Waiter:
        after = waitlist.decide(waiter, Ordered(order.number), self.clock())
        if after is waiter:
            raise InvitationOver(waiter.until)
        return after

    def _order(
        self,
        request: CheckoutRequest,
        wants: Sequence[RequestedLine],
        allocation: Allocation,
        postage: int,
        digest: str,
        origin: Attribution | None,
        number: str,
        now: datetime,
    ) -> Order:
        lines = tuple(self._line(request, want, parts) for want, parts in zip(wants, allocation.parts, strict=True))
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
            email=request.email,
            room=origin.room if origin else None,
            show=origin.show if origin else None,
            lookup=self.keys.pseudonyms("find", request.ship_to.phone, number[-FIND_DIGITS:])[0]
            if request.email
            else None,
        )
        return placed(order, now)

    def _line(self, request: CheckoutRequest, want: RequestedLine, parts: tuple[Part, ...]) -> OrderLine:
        product, pack = self.catalog.product_of[want.sku], self.catalog.packs[want.sku]
        name = f"{getattr(product.name, request.lang)} {getattr(pack.name, request.lang)}"
        digest, _ = shown(self.catalog, product)
        return OrderLine(
            sku=want.sku,
            quantity=want.quantity,
            unit_price=want.drop.price if want.drop else pack.price,
            parts=parts,
            name=name,
            shown=digest,
            no_return=product.returns == "confirm",
            drop=want.drop.id if want.drop else "",
            buyer=self.keys.pseudonyms("limit", request.ship_to.phone)[0] if self._limit(want.sku, want.drop) else "",
        )

    def _agreed(self, request: CheckoutRequest, order: Order) -> None:
        """Raises Changed where the order would cost more or ship later than the shopper was shown."""
        shown = request.expect
        if shown and (order.total > shown.total or order.ship_by > shown.ship_by):
            raise Changed(order.total, order.postage, order.ship_by)


def _address(request: CheckoutRequest) -> Address:
    return Address(**msgspec.structs.asdict(request.ship_to))


def _barred(limited: Limited, order: Order, wants: Sequence[RequestedLine]) -> set[tuple[str, date]]:
    """Batches of which the buyer has had enough, by shelf and date; raises LimitReached where it is a drop."""
    full = {name for name, _ in limited.had}
    dropped = [want for want in wants if want.drop and want.shelf in full]
    if dropped:
        raise _no_more(dropped, max(want.drop.limit for want in dropped if want.drop))
    return {
        (line.sku, part.ship_by) for line in order.lines for part in line.parts if scope(line.sku, part.ship_by) in full
    }


def _no_more(wants: Sequence[RequestedLine], limit: int) -> LimitReached:
    kind = "drop" if any(want.drop for want in wants) else "day's batch"
    words = f"one buyer may have at most {limit} of this {kind}"
    return LimitReached(words, [Fault(want.pointer, words, sku=want.sku, limit=limit) for want in wants])
