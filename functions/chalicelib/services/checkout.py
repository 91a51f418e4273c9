"""Placing an order: price it, promise it, allocate it; and give the same answer to the same key for ever."""

from collections.abc import Callable, Collection, Container, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.catalog import pack_name, shown
from chalicelib.domain import waitlist
from chalicelib.domain.calendar import day_ends, village_day
from chalicelib.domain.commands import PlaceOrder
from chalicelib.domain.conflicts import TRIES, Exists, Limited, Short, Stale, Waited, retrying
from chalicelib.domain.errors import (
    Changed,
    Fault,
    Invalid,
    InvitationOver,
    KeyReused,
    LimitReached,
    OffShelf,
    Refused,
    ShopError,
    SoldOut,
)
from chalicelib.domain.keys import Ticket
from chalicelib.domain.limits.network import NetworkFull, NetworkHold, Use
from chalicelib.domain.limits.pending import Held, PendingOrderLimits, SlotTaken, tabs
from chalicelib.domain.live import attribution
from chalicelib.domain.live.attribution import Attribution
from chalicelib.domain.mailbox import mailbox
from chalicelib.domain.orders.model import GRACE, Order, OrderLine, State, hold_for, scope
from chalicelib.domain.orders.postage import NotDelivered, quote
from chalicelib.domain.orders.transitions import placed
from chalicelib.domain.packing.recipients import recipient_of
from chalicelib.domain.stock.amendments import Offer, line_faults
from chalicelib.domain.stock.drops import Drop, must_sell, shelf_of
from chalicelib.domain.stock.promise import Part
from chalicelib.domain.waitlist import Ordered, Waiter, WaiterState
from chalicelib.services.allocation import Allocation, Bounds, Scattered, Stock, Unavailable
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction


class Placed(msgspec.Struct, frozen=True):
    """An order, and the token that opens it."""

    order: Order
    token: str


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


class Draft(msgspec.Struct, frozen=True):
    """An order whose units are still to be allocated: all that no other try to allocate them changes."""

    command: PlaceOrder
    number: str
    now: datetime
    wants: Sequence[RequestedLine]
    postage: int
    origin: Attribution | None


class Checkout:
    """Orders anew: from the cart, or from an invitation of the waitlist."""

    def __init__(self, stage: Stage, store: Store, stock: Stock) -> None:
        self.stage, self.store, self.stock = stage, store, stock
        self.catalog, self.keys, self.clock = stage.catalog, stage.keys, stage.clock

    def place(self, command: PlaceOrder, key: str, place: str | None = None) -> Placed:
        """Place the order, once for each key; `place` is the place on a waitlist whose invitation is taken.

        Raise what errors.py names. An order that exists wins over every refusal.
        """
        tickets = self.keys.tickets(key)
        try:
            return Placed(self._create(command, tickets, place), tickets[0].token)
        except Exists as exists:
            return _again(exists.order, command.fingerprint, tickets)
        except ShopError:
            if earlier := self._earlier(tickets):
                # Its own units may be what was missing: should its buyer cancel it, nobody may be refused by that.
                self.stock.forget([line.shelf for line in earlier.lines])
                return _again(earlier, command.fingerprint, tickets)
            raise

    def replay(self, key: str, fingerprint: Callable[[], str]) -> Placed | None:
        """Return the order that this key has already made; None where there is none.

        This is for a request that is refused before it is a command. `fingerprint` gives what the command's would be,
        and is asked where there is an order to compare with: it may raise, since such a request may say nothing.
        Raise Malformed for a key of another form, KeyReused.
        """
        tickets = self.keys.tickets(key)
        earlier = self._earlier(tickets)
        return _again(earlier, fingerprint(), tickets) if earlier else None

    def _earlier(self, tickets: Sequence[Ticket]) -> Order | None:
        return next(filter(None, (self.store.orders.load(ticket.number) for ticket in tickets)), None)

    def _create(self, command: PlaceOrder, tickets: Sequence[Ticket], place: str | None) -> Order:
        draft = self._draft(command, tickets[0].number, place)
        wants, now = draft.wants, draft.now
        older = [ticket.number for ticket in tickets[1:]]
        others = {ticket.number for ticket in tickets}
        barred: set[tuple[str, date]] = set()
        held = Held(now + self.stage.settings.hold + GRACE, draft.number)
        day = village_day(now)
        limits = PendingOrderLimits(tabs(self.keys, command.ship_to, command.asker, day), held, now, self.stock.turn())
        use = Use()

        def attempt() -> Order | None:
            nonlocal barred, use
            waiter = self._invited(place, wants) if place else None
            allocation = (
                self._invited_allocation(waiter, wants[0], barred) if waiter else self._allocate(wants, others, barred)
            )
            order = self._order(draft, allocation, self.stage.settings.hold if waiter else self._hold(wants))
            _agreed(command, order)
            network_holds = [*self._network_holds(draft, use)] if not waiter else []
            transaction = (
                Transaction()
                .create(order)
                .take_over(allocation.ended)
                .must_not_exist(*older)
                .take_slots(limits.slots.values(), now)
                .hold_for_network(*network_holds)
                .limit(order.limits)
            )
            if waiter:
                transaction.save(waiter, self._taken(waiter, order))
            try:
                self.store.commit(transaction)
            except SlotTaken as taken:
                limits.learn(taken, self.store.orders.load)
            except NetworkFull as full:
                use = network_holds[0].look(full.use, self.store.orders.load_many(full.use.orders)).seen
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

    def _draft(self, command: PlaceOrder, number: str, place: str | None) -> Draft:
        now = self.clock().replace(microsecond=0)
        if not place:
            self._must_be_on_the_shelf(command)
        wants = self._wants(command, self.clock())  # a drop opens and ends at an instant, not at a second
        origin = self._origin(command, wants)
        return Draft(command, number, now, wants, self._postage(command, wants), origin)

    def _wants(self, command: PlaceOrder, now: datetime) -> list[RequestedLine]:
        """What is wanted of each shelf, lines of one added up; raises Invalid, DropEarly, DropOver, LimitReached."""
        sold = {line.sku for line in command.lines if line.sku in self.catalog.packs}
        faults = [*line_faults(command.lines, {sku: self._offer(sku) for sku in sold}, command.no_return)]
        if faults:
            raise Invalid(faults)
        wants: dict[str, RequestedLine] = {}
        for index, line in enumerate(command.lines):
            shelf = shelf_of(line.sku, line.drop or "")
            first = wants.get(shelf)
            if first:
                wants[shelf] = msgspec.structs.replace(first, quantity=first.quantity + line.quantity)
            else:
                drop = self._drop(line.sku, line.drop, index) if line.drop else None
                wants[shelf] = want = RequestedLine(index, line.sku, line.quantity, drop)
                if drop:
                    must_sell(drop, command.room, now, want.pointer)
        for want in wants.values():
            limit = self._limit(want)
            if limit and want.quantity > limit:
                raise _no_more([want], limit)
        return [*wants.values()]

    def _drop(self, sku: str, id_: str, index: int) -> Drop:
        drop = self.stock.drop(sku, id_)
        if drop is None:
            self.stock.look(sku)  # it may have been opened within this second
            drop = self.stock.drop(sku, id_)
        if drop is None:
            raise Invalid([Fault(f"/lines/{index}/drop", f"there is no drop {id_} of {sku}", sku=sku)])
        return drop

    def _origin(self, command: PlaceOrder, wants: Sequence[RequestedLine]) -> Attribution | None:
        """The room that sold it: that of a drop, which sells nowhere else, or the one that sent the shopper."""
        came_from = command.came_from
        for want in wants:
            if want.drop and (came_from is None or came_from.room != want.drop.room):
                return Attribution(want.drop.room)
        return attribution.told(self.catalog.room_of.keys(), came_from, command.room)

    def _offer(self, sku: str) -> Offer:
        return self.stock.offer(self.catalog, sku)

    def _must_be_on_the_shelf(self, command: PlaceOrder) -> None:
        """Raise OffShelf where a line is off the shelf; who is invited may have what is held for them all the same."""
        off = [n for n, one in enumerate(command.lines) if one.sku in self.catalog.packs and self._offer(one.sku).off]
        if off:
            words = "it is off the shelf for now"
            raise OffShelf(
                words, [Fault(f"/lines/{n}", words, sku=command.lines[n].sku, left=0, off=True) for n in off]
            )

    def _postage(self, command: PlaceOrder, wants: Sequence[RequestedLine]) -> int:
        province = command.ship_to.region[0]
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
            return self.stock.allocate([(want.shelf, want.quantity) for want in wants], own, Bounds(barred))
        except Unavailable as refused:
            short = [want for want in wants if want.shelf in refused.left]
            if limited := [want for want in short if any(shelf == want.shelf for shelf, _ in barred)]:
                limit = max(self._offer(want.sku).product.per_buyer for want in limited)
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

    def _hold(self, wants: Sequence[RequestedLine]) -> timedelta:
        """How long the order may be paid: less where one of its shelves is nearly empty."""
        views = (self.stock.view(want.shelf) for want in wants)
        return min(hold_for(self.stage.settings.hold, view.left, view.cap) for view in views)

    def _network_holds(self, draft: Draft, use: Use) -> Iterator[NetworkHold]:
        """What the order comes to hold for its network, if that is known; `use` is what was counted, if it was read."""
        day = village_day(draft.now)
        if network := draft.command.asker.network_name(self.keys, day):
            units = {want.shelf: want.quantity for want in draft.wants}
            left = {shelf: self.stock.view(shelf).left for shelf in units}
            yield NetworkHold(network, draft.number, units, left, day_ends(day), use)

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
            raise _no_more([want], self._offer(want.sku).product.per_buyer)
        return Allocation((tuple(parts),))

    def _taken(self, waiter: Waiter, order: Order) -> Waiter:
        after = waitlist.decide(waiter, Ordered(order.number), self.clock())
        if after is waiter:
            raise InvitationOver(waiter.until)
        return after

    def _order(self, draft: Draft, allocation: Allocation, hold: timedelta) -> Order:
        command, now = draft.command, draft.now
        lines = tuple(
            self._line(command, want, parts) for want, parts in zip(draft.wants, allocation.parts, strict=True)
        )
        order = Order(
            number=draft.number,
            state=State.AWAITING_PAYMENT,
            placed=now,
            pay_by=now + hold,
            lines=lines,
            postage=draft.postage,
            total=draft.postage + sum(line.quantity * line.unit_price for line in lines),
            ship_to=command.ship_to,
            lang=command.lang,
            provider=command.payment,
            fingerprint=command.fingerprint,
            email=command.email,
            note=command.note,
            room=draft.origin.room if draft.origin else None,
            show=draft.origin.show if draft.origin else None,
            signed=draft.origin.signed if draft.origin else True,
            # Only orders whose link could be sent to somebody are found.
            lookup=self._lookup(command.ship_to.number) if command.email or self.stage.settings.sms_by else None,
            mail_lookup=self._lookup(mailbox(command.email)) if command.email else None,
            recipient=recipient_of(self.keys, command.ship_to),
        )
        return placed(order, now)

    def _lookup(self, owner: str) -> str:
        return self.keys.pseudonyms("find", owner)[0]

    def _line(self, command: PlaceOrder, want: RequestedLine, parts: tuple[Part, ...]) -> OrderLine:
        offer = self._offer(want.sku)
        product, pack = offer.product, offer.pack
        digest, _ = shown(self.catalog, product)
        limit = self._limit(want)
        return OrderLine(
            sku=want.sku,
            quantity=want.quantity,
            unit_price=want.drop.price_beside(pack) if want.drop else pack.price,
            parts=parts,
            name=pack_name(product, pack, command.lang),
            shown=digest,
            no_return=product.returns == "confirm",
            drop=want.drop.id if want.drop else "",
            buyer=self._buyer(command) if limit else "",
            limit=limit,
        )

    def _limit(self, want: RequestedLine) -> int:
        """What one buyer may have of the drop, else of each batch of the SKU; 0 where it is any number."""
        return want.drop.limit if want.drop else self._offer(want.sku).product.per_buyer

    def _buyer(self, command: PlaceOrder) -> str:
        """What stands for the buyer where limits count: the phone number as this asker names it, so that nobody is
        barred by what somebody else buys with their number."""
        return command.asker.pseudonym(self.keys, self.stage.today, "limit", command.ship_to.number)


def _again(order: Order, fingerprint: str, tickets: Sequence[Ticket]) -> Placed:
    """Return the order that the key has made; raise KeyReused where it was asked for in other words."""
    if fingerprint != order.fingerprint:
        words = "it has already made an order from another body: use a new key"
        raise KeyReused(f"the header Idempotency-Key: {words}", [Fault("/Idempotency-Key", words)])
    return Placed(order, next(ticket.token for ticket in tickets if ticket.number == order.number))


def _agreed(command: PlaceOrder, order: Order) -> None:
    """Raise Changed where the order would cost more or ship later than the shopper was shown."""
    shown = command.expect
    if shown and (order.total > shown.total or order.ship_by > shown.ship_by):
        raise Changed(order.total, order.postage, order.ship_by)


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
