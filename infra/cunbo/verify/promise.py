"""The promise: nothing is sold that cannot be made, no unit is lost, no promised date moves by itself.

Buyers order, pay in time or late, cancel; holds end; the village makes a batch smaller; a drop ends. Each of these may
be overtaken by any other between any two writes, and die there.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

import msgspec
from chalicelib.bootstrap import Services
from chalicelib.domain.calendar import day_ends, village_day
from chalicelib.domain.orders.model import GRACE, State
from chalicelib.domain.payments.news import Money
from chalicelib.domain.stock.capacity import steps
from chalicelib.domain.stock.drops import Drop
from chalicelib.services.drops import open_drop, tidy
from chalicelib.services.planning import set_batch

from cunbo.verify.books import Books
from cunbo.verify.shop import (
    HOLD,
    NOON,
    ROOM,
    SKU,
    TODAY,
    Instant,
    ShopModel,
    ShopState,
    idempotency_key,
)

RESIZES = "manager makes the batch another size"


class SaleCase(msgspec.Struct, frozen=True):
    """An instance of the model: the batches (day, units, shards), and how many units each order is for; one below zero
    is for so many units of the drop.

    `resized` is the size that the manager gives the first batch (None: never), `in_drop` how many units of it a drop
    has, `limit` what a buyer may have of a batch or of the drop (0: any). `twice`: each order may be sent a second time
    meanwhile; `one_buyer`: one person places all of them.
    """

    batches: tuple[tuple[date, int, int], ...]
    orders: tuple[int, ...]
    resized: int | None = None
    in_drop: int = 0
    limit: int = 0
    twice: bool = False
    one_buyer: bool = False


class PromiseModel(ShopModel):
    """The promise, as an instance of it is sold."""

    name = "promise"
    instants: ClassVar = (
        Instant(NOON, "noon"),
        Instant(NOON + HOLD + GRACE + timedelta(seconds=1), "the holds have ended"),
        Instant(day_ends(TODAY), "the first day is over"),
    )

    def __init__(self, sale: SaleCase, most: int = 2, off: Collection[str] = ()) -> None:
        self.sale, self.limit = sale, sale.limit
        super().__init__(most, off)
        self.buyers: dict[str, str] = {}
        for buyer, wanted in enumerate(sale.orders):
            self._add_buyer(buyer, wanted)
        self.acts["sweep settles the stock"] = lambda services: tidy(services.store, SKU, services.stage.clock())
        if sale.resized is not None:
            self.acts[RESIZES] = self._resize
            self.acts["another sweep settles it too"] = self.acts["sweep settles the stock"]
        self.duties = {name for name in self.acts if "sweep" in name or name.endswith("hold is ended")}

    def _add_buyer(self, buyer: int, wanted: int) -> None:
        number = self.number(buyer)
        command = self.order(0 if self.sale.one_buyer else buyer, abs(wanted), "drop" if wanted < 0 else None)
        place = lambda services: services.checkout.place(command, idempotency_key(buyer))  # noqa: E731
        who = f"buyer {buyer + 1}"
        self.acts[f"{who} orders"] = place
        if self.sale.twice:
            self.acts[f"{who} orders again"] = place
        total = abs(wanted) * (90 if wanted < 0 else 100)
        self.acts[f"{who}'s money is told"] = partial(self._pay, number=number, total=total)
        self.acts[f"{who} cancels"] = lambda services: services.orders.cancel(number, self.token(buyer))
        self.acts[f"{who}'s hold is ended"] = partial(self._end_hold, number=number)
        self.buyers |= {name: number for name in self.acts if name.startswith(who)}

    def _pay(self, services: Services, number: str, total: int) -> None:
        money = Money(event="event", reference=number, payment=f"payment-{number}", amount=total, currency="CNY")
        services.payments.hear("sandbox", [money])

    def _end_hold(self, services: Services, number: str) -> None:
        services.orders.end_hold(services.orders.load(number))

    def _resize(self, services: Services) -> None:
        set_batch(services.stage.catalog, services.store, SKU, self.sale.batches[0][0], self.sale.resized or 0)

    # ---- What there is, and what may happen ----

    def prepare(self, services: Services) -> None:
        """Make the batches, and the drop."""
        store = services.store
        for day, units, shards in self.sale.batches:
            store.stock.declare(SKU, day, None, cap=units, shards=shards)
        store.stock.settle(SKU, TODAY)
        if self.sale.in_drop:
            drop = Drop("drop", SKU, ROOM, 90, self.sale.in_drop, NOON, self.instants[1].at, self.sale.limit)
            open_drop(services.stage.catalog, store, NOON, drop, 1)

    def may(self, state: ShopState, name: str) -> bool:
        """Return whether an act may begin: nobody pays or cancels what is not there, nor orders what is."""
        if name == RESIZES:
            return self.books(state).shelves[SKU].batches[0].cap != self.sale.resized
        buyer = self.buyers.get(name)
        return buyer is None or (("order#" + buyer, "order") in state.table.items) is not name.split(" ", 2)[
            2
        ].startswith("orders")

    # ---- What must hold ----

    def wrong(self, books: Books) -> str | None:
        """Never more promised than was ever declared; limits."""
        made = {day: units for day, units, _ in self.sale.batches}
        first = self.sale.batches[0][0]
        made[first] = max(made[first], self.sale.resized or 0)
        shrinks = self.sale.resized is not None and self.sale.resized < self.sale.batches[0][1]
        for name, batch in books.batches:
            if not shrinks and batch.excess > 0:
                return f"{batch.excess} more units of {name} {batch.ship_by} are on sale than are declared"
        for day, units in books.promised().items():
            if units > made[day]:
                return f"{units} units of {day} are promised, and {made[day]} can be made"
        for day, units in books.made().items():
            if units > made[day]:
                return f"{units} units of {day} are declared, and {made[day]} were planned"
        return books.over_limit()

    def wrong_by(self, before: ShopState, words: str, after: ShopState) -> str | None:
        """A promised date never moves, since nobody in this model agrees to that; a hold lasts as long as was said; of
        a batch whose shares are as declared, nothing is sold beyond that.
        """
        old, new = self.books(before), self.books(after)
        for number, order in new.orders.items():
            was = old.orders.get(number)
            if was is None and order.ship_by < village_day(order.placed):
                return f"an order of {village_day(order.placed)} is promised for {order.ship_by}"
            if was and order.ship_by > was.ship_by:
                return f"an order that was promised for {was.ship_by} ships by {order.ship_by}"
            if was and order.state is State.EXPIRED is not was.state and self.instants[after.now].at < order.hold_until:
                return f"a hold until {order.hold_until} ends at {self.instants[after.now].at}"
        settled = {(name, batch.ship_by): batch for name, batch in old.batches if not any(steps(batch))}
        for name, batch in new.batches:
            seen = settled.get((name, batch.ship_by))
            if seen and batch.promised > seen.promised and batch.promised > seen.cap:
                return f"{batch.promised} units of {name} {batch.ship_by} are sold, and {seen.cap} are declared"
        return None

    def unfinished(self, state: ShopState) -> str | None:
        """In the end no hold is left, and all that nobody has can be sold."""
        books, now = self.books(state), self.instants[state.now].at
        for order in books.orders.values():
            if order.state is State.AWAITING_PAYMENT and order.hold_until <= now:
                return f"the order {order.number} waits for payment for ever"
        return books.unsettled(village_day(now))
