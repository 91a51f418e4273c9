"""The waitlist: who came first is served first, of a batch half is offered at a time, no unit is stranded.

People confirm a place, give it up, order what they are invited to, or let it lapse; an order of before is cancelled, so
that units come free; somebody who waits for nothing tries to buy. Whoever served the list may die half-way, and the
sweep goes on.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial
from math import ceil
from typing import ClassVar

import msgspec
from chalicelib.bootstrap import Services
from chalicelib.domain.waitlist import ENDED, LASTS, Waiter, WaiterState, Wish, asked_for
from chalicelib.storage.transaction import Transaction

from cunbo.verify.books import Books
from cunbo.verify.shop import (
    HOLD,
    NOON,
    SKU,
    TODAY,
    TOMORROW,
    Act,
    Instant,
    ShopModel,
    ShopState,
    idempotency_key,
)

SWEEP = "sweep serves the list"


class Line(msgspec.Struct, frozen=True):
    """An instance of the model: how many `units` one day's batch has, who holds them, and who waits for how many.

    `held` are the units of orders that may be cancelled; a wish below zero is for that many `or fewer`. `walk_in` is
    what somebody else tries to buy (0: nobody does), `more` to how many units the batch may grow (None: never).
    """

    units: int
    held: tuple[int, ...]
    wishes: tuple[int, ...]
    walk_in: int = 0
    more: int | None = None


class WaitlistModel(ShopModel):
    """The waitlist, as an instance of it waits."""

    name = "waitlist"
    instants: ClassVar = (
        Instant(NOON, "noon"),
        Instant(NOON + HOLD * LASTS + timedelta(seconds=1), "the invitations have ended"),
    )

    def __init__(self, line: Line, most: int = 2, off: Collection[str] = ()) -> None:
        super().__init__(most, off)
        self.line = line
        self.needs: dict[str, Callable[[Books], bool]] = {}
        for buyer in range(len(line.held)):
            name = f"buyer {buyer + 1} cancels"
            self.acts[name] = partial(self._cancel, number=self.number(buyer))
        for waiter, wish in enumerate(line.wishes):
            self._add_waiter(waiter, abs(wish))
        if line.walk_in:
            command = self.order(50, line.walk_in)
            self.acts["walk-in orders"] = lambda services: services.checkout.place(command, idempotency_key(50))
        if line.more:
            self.acts["manager makes more"] = self._make_more
        self.acts[SWEEP] = self._serve
        self.duties = {name for name in self.acts if name == SWEEP or name.endswith("is let go")}

    def place(self, waiter: int) -> str:
        """Return the number of a waiter's place."""
        return self.keys.places(SKU, f"{waiter}@example.com")[0]

    def _add_waiter(self, waiter: int, quantity: int) -> None:
        number, token = self.place(waiter), self.keys.token(self.place(waiter))
        who, command = f"waiter {waiter + 1}", self.order(waiter + 20, quantity)
        acts: dict[str, tuple[Act, set[WaiterState]]] = {
            "opens the link": (lambda services: services.waitlist.open(number, token), {WaiterState.UNCONFIRMED}),
            "gives up": (lambda services: services.waitlist.give_up(number, token), {*WaiterState} - ENDED),
            "orders": (
                lambda services: services.checkout.place(command, idempotency_key(waiter + 20), number),
                {WaiterState.INVITED},
            ),
            "is let go": (partial(self._lapse, number=number), {WaiterState.INVITED}),
        }
        for what, (act, states) in acts.items():
            self.acts[f"{who} {what}"] = act
            self.needs[f"{who} {what}"] = partial(_is_in, number=number, states=frozenset(states))

    def _cancel(self, services: Services, number: str) -> None:
        services.orders.cancel(number, services.stage.keys.token(number))

    def _lapse(self, services: Services, number: str) -> None:
        if waiter := services.store.waitlist.load(number):
            services.waitlist.lapse(waiter)

    def _serve(self, services: Services) -> None:
        services.store.stock.settle(SKU, TODAY)
        services.waitlist.serve([SKU])

    def _make_more(self, services: Services) -> None:
        batch = services.store.stock.declared(SKU, TOMORROW)[0]
        if batch.cap == self.line.units:
            services.store.stock.declare(SKU, TOMORROW, batch, cap=self.line.more or 0)

    # ---- What there is, and what may happen ----

    def prepare(self, services: Services) -> None:
        """Make the batch, the orders that hold it, and places that nobody has confirmed yet."""
        store = services.store
        store.stock.declare(SKU, TOMORROW, None, cap=self.line.units, shards=1)
        store.stock.settle(SKU, TODAY)
        for buyer, units in enumerate(self.line.held):
            order = services.checkout.place(self.order(buyer, units), idempotency_key(buyer)).order
            assert order.allocated  # noqa: S101 - the instance says units that are there
        for waiter, wish in enumerate(self.line.wishes):
            at = NOON + timedelta(seconds=waiter)
            place = Waiter(
                number=self.place(waiter), sku=SKU, contact=f"{waiter}@example.com", joined=at, since=at,
                wish=Wish(abs(wish), fewer=wish < 0),
            )  # fmt: skip
            store.commit(Transaction().create(asked_for(place, at)))

    def may(self, state: ShopState, name: str) -> bool:
        """Return whether an act may begin."""
        needed = self.needs.get(name)
        return needed is None or needed(self.books(state))

    # ---- What must hold ----

    def wrong(self, books: Books) -> str | None:
        """Never more promised or offered than is made."""
        most = max(self.line.units, self.line.more or 0)
        for day, units in books.promised().items():
            if units > most:
                return f"{units} units of {day} are promised, and {most} can be made"
        return None

    def wrong_by(self, before: ShopState, words: str, after: ShopState) -> str | None:
        """Whoever is invited is the first whom the units fit; at most half of the batch is offered beside what was."""
        old, new = self.books(before), self.books(after)
        invited = [
            one
            for number, one in new.waiters.items()
            if one.state is WaiterState.INVITED and old.waiters[number].state is WaiterState.WAITING
        ]
        batch = old.shelves[SKU].batches[0]
        there = batch.kept + batch.batch.left
        for one in invited:
            before_them = [
                other
                for other in old.waiters.values()
                if other.state is WaiterState.WAITING and other.joined < one.joined and other.entry.fits(there)
            ]
            if before_them:
                return f"{one.contact} is invited before {before_them[0].contact}, whom the {there} units fit"
            if batch.offered and batch.offered + one.units > ceil(batch.cap / 2):
                return f"{one.units} units are offered beside {batch.offered}, of {batch.cap}"
        left = new.shelves[SKU].batches[0].batch.left
        if old.shelves[SKU].queue.count and left > batch.batch.left and not words.startswith(SWEEP):
            return f"{left - batch.batch.left} units that came free are on sale, while people wait"
        for number, order in new.orders.items():
            if number not in old.orders and number == self.number(50) and old.shelves[SKU].queue.count and batch.kept:
                kept = new.shelves[SKU].batches[0].kept
                if kept < batch.kept:
                    return f"a walk-in gets units that were kept for those who wait: {order.number}"
        return None

    def unfinished(self, state: ShopState) -> str | None:
        """In the end nobody is invited for ever, and nobody waits for units that lie there."""
        books = self.books(state)
        now = self.instants[state.now].at
        if any(one.state is WaiterState.INVITED and (one.until or now) <= now for one in books.waiters.values()):
            return "somebody is invited for ever"
        batch = books.shelves[SKU].batches[0]
        waiting = (one for one in books.waiters.values() if one.state is WaiterState.WAITING)
        stranded = next((one for one in waiting if one.entry.fits(batch.kept + batch.batch.left)), None)
        if stranded and not batch.offered:  # else they wait for what is offered to be taken or given up
            return f"{stranded.contact} waits for units that are there"
        return books.unsettled(TODAY)


def _is_in(books: Books, number: str, states: frozenset[WaiterState]) -> bool:
    return books.waiters[number].state in states
