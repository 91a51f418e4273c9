"""Any mixture of what can happen to the shop, with processes that end, or are overtaken, between any two writes.

To the ordinary life of the shop (life.py) come those who wait, drops, and a limit for each buyer. After every step
one scan of the table is held against what must be true of it; at any time the shop is brought to rest, where nothing
may be stranded. Without more ado the same 12 lives are tried each time, so that what fails is what was changed;
`CUNBO_LIVES=300` tries so many others.
"""

import json
import os
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from chalicelib.catalog import Calendar
from chalicelib.domain.calendar import closes
from chalicelib.domain.errors import (
    DropEarly,
    DropOver,
    DropOverlaps,
    Invalid,
    InvitationOver,
    NotFound,
    NotNow,
    OnSale,
    ShopError,
)
from chalicelib.domain.orders.model import State
from chalicelib.domain.stock.drops import Drop, sku_of
from chalicelib.domain.stock.promise import TooFew
from chalicelib.domain.waitlist import ENDED, Waiter, WaiterState
from chalicelib.services.drops import end_drop, open_drop
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from tests.functions.helpers.world import JAR, POT
from tests.functions.scenarios.state_machine import (
    ROOM,
    Fate,
    Life,
    Scan,
    batches_in,
    bought,
    fates,
    processes,
    skus,
)

if TYPE_CHECKING:
    from chalicelib.domain.aggregate import Account

LIVES = os.environ.get("CUNBO_LIVES")

CATALOGUES = [
    {}, {}, {"gone": {JAR}}, {"gone": {POT}}, {"gone": {JAR, POT}},
    {"per_buyer": 1}, {"per_buyer": 5}, {"per_buyer": 0},
    {"prices": {JAR: 1500, POT: 1990}}, {"prices": {JAR: 9990, POT: 9990}},
]  # fmt: skip
"""What a new catalogue differs in from the first: SKUs that it lacks, the limit per buyer, prices."""
catalogues = st.sampled_from(CATALOGUES)
joins = st.tuples(st.integers(0, 3), skus, st.integers(1, 3), st.booleans())


class AnyLife(Life):
    """With those who wait, and drops; `seen` is the table as the last step left it."""

    def __init__(self) -> None:
        super().__init__()
        self.drops: dict[str, Drop] = {}
        self.first = self.world.shop.catalog
        self.promised: dict[str, date] = {}
        self.seen = self.scan()

    @initialize(sold=st.booleans(), waiting=st.lists(joins, max_size=3))
    def begin(self, sold: bool, waiting: list[tuple[int, str, int, bool]]) -> None:
        """Half of the lives begin with all units held: that is when there is something to wait for."""
        for wanted in ({JAR: 3}, {JAR: 3}, {JAR: 1, POT: 2}, {POT: 2}) if sold else ():
            self.ask(wanted, 0, None)
        if sold:
            self.join(0, waiting, None)

    # ---- The catalogue ----

    @rule(change=catalogues)
    def catalogue_changes(self, change: dict[str, Any]) -> None:
        """As after a deployment: goods leave or return, prices and limits change, while all else goes on."""
        [product] = self.first.products
        prices: dict[str, int] = change.get("prices", {})
        packs = tuple(
            msgspec.structs.replace(pack, price=prices.get(pack.sku, pack.price))
            for pack in product.packs
            if pack.sku not in change.get("gone", ())
        )
        other = msgspec.structs.replace(product, packs=packs, per_buyer=change.get("per_buyer", product.per_buyer))
        catalog = msgspec.structs.replace(self.first, products=(other,) if packs else ())
        self.world.shop = self.world.process(catalog)
        self.shops[:] = [self.world.shop, self.world.process(catalog)]

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), change=st.one_of(st.none(), catalogues), after=st.sampled_from([935, 935, 90_000]),
          process=processes, fate=fates)  # fmt: skip
    def pay_late(
        self, data: st.DataObject, change: dict[str, Any] | None, after: int, process: int, fate: Fate
    ) -> None:
        """The hold ends, the catalogue changes or not, others may come, and then the money does."""
        self.world.later(after)
        self.sweep(process, None)
        self.agrees(self.scan())  # what the sweep ended was not taken from those who wait by whoever comes next
        if change is not None:
            self.catalogue_changes(change)
        if data.draw(st.booleans()):
            self.place(process, [{JAR: 2}], None)
        self.pay(data, "pay", process, fate)

    # ---- Those who wait ----

    @rule(process=processes, crowd=st.lists(joins, min_size=1, max_size=3), fate=fates)
    def join(self, process: int, crowd: list[tuple[int, str, int, bool]], fate: Fate) -> None:
        for who, sku, quantity, fewer in crowd:
            wish = {"sku": sku, "contact": f"waiter-{who}@example.com", "quantity": quantity, "fewer": fewer}
            self.world.later(0.001)
            with self.on(process, fate) as shop, suppress(OnSale, Invalid):
                shop.wait(json.dumps(wish).encode())
            if who and (waiter := self.world.store.waitlist.load(self.number_of(who, sku))):
                self.open(waiter, process, fate)

    def number_of(self, who: int, sku: str) -> str:
        return self.world.keys.places(sku, f"waiter-{who}@example.com")[0]

    @precondition(lambda self: self.seen.waiters)
    @rule(data=st.data(), process=processes, fate=fates)
    def confirm(self, data: st.DataObject, process: int, fate: Fate) -> None:
        """Somebody opens their link: for the first time, again, or too late."""
        self.open(data.draw(st.sampled_from(self.by_number())), process, fate)

    def open(self, waiter: Waiter, process: int, fate: Fate) -> None:
        with self.on(process, fate) as shop:
            try:
                answer = shop.place_in_line(waiter.number, self.token(waiter.number))
            except NotFound:
                found = self.world.store.waitlist.load(waiter.number)
                assert self.mixed or (found and found.is_gone(self.world.now))
            else:
                assert self.mixed or answer["state"] != WaiterState.UNCONFIRMED

    @precondition(lambda self: self.seen.waiters)
    @rule(data=st.data(), process=processes, fate=fates)
    def give_up(self, data: st.DataObject, process: int, fate: Fate) -> None:
        self.leave(data.draw(st.sampled_from(self.by_number())), process, fate)

    def leave(self, waiter: Waiter, process: int, fate: Fate) -> None:
        with self.on(process, fate) as shop:
            try:
                shop.give_up(waiter.number, self.token(waiter.number))
            except NotNow:
                assert self.mixed or waiter.state is WaiterState.TAKEN

    @precondition(lambda self: any(waiter.parts for waiter in self.seen.waiters))
    @rule(data=st.data(), process=processes, fate=fates)
    def take(self, data: st.DataObject, process: int, fate: Fate) -> None:
        """Of an invitation, as long as it is one, or of one that there was."""
        turns = [waiter for waiter in self.by_number() if waiter.parts]
        turns = [waiter for waiter in turns if waiter.state is WaiterState.INVITED] or turns
        waiter = data.draw(st.sampled_from(turns))
        self.ask({waiter.sku: data.draw(st.integers(1, waiter.units))}, process, fate, place=waiter.number)

    def by_number(self) -> list[Waiter]:
        return sorted(self.seen.waiters, key=lambda waiter: waiter.number)

    # ---- Drops ----

    @rule(
        sku=skus, units=st.sampled_from([1, 1, 2, 4]), opens=st.sampled_from([0, 60]),
        lasts=st.sampled_from([100, 1000]), limit=st.sampled_from([0, 2]),
        rate=st.sampled_from([1, 60]), process=processes, fate=fates,
    )  # fmt: skip
    def open_drop(
        self, sku: str, units: int, opens: int, lasts: int, limit: int, rate: int, process: int, fate: Fate
    ) -> None:
        begin = self.world.now + timedelta(seconds=opens)
        id_ = f"drop-{len(self.drops)}"
        drop = Drop(id_, sku, ROOM, 1990, units, begin, begin + timedelta(seconds=lasts), limit)
        self.drops[id_] = drop
        with self.planning(process, fate) as shop, suppress(TooFew, Invalid, DropOverlaps):
            if sku in shop.catalog.packs:
                open_drop(shop.catalog, shop.store, self.world.now, drop, rate)

    @precondition(lambda self: self.drops)
    @rule(data=st.data(), process=processes, fate=fates)
    def end_drop(self, data: st.DataObject, process: int, fate: Fate) -> None:
        self.end(data.draw(st.sampled_from(sorted(self.drops))), process, fate)

    def end(self, id_: str, process: int, fate: Fate) -> None:
        with self.planning(process, fate) as shop, suppress(NotFound):
            end_drop(shop.store, self.world.now, self.drops[id_].sku, id_)

    @precondition(lambda self: self.drops)
    @rule(data=st.data(), quantity=st.integers(1, 2), process=processes, fate=fates)
    def buy_in_drop(self, data: st.DataObject, quantity: int, process: int, fate: Fate) -> None:
        id_ = data.draw(st.sampled_from(sorted(self.drops)))
        self.ask({self.drops[id_].sku: quantity}, process, fate, drop=id_)

    def also_meanwhile(self, process: int, what: str) -> None:
        match what:
            case "join":
                self.join(process, [(3, JAR, 2, True)], None)
            case "confirm" if self.seen.waiters:
                self.open(self.by_number()[-1], process, None)
            case "give up" if self.seen.waiters:
                self.leave(self.by_number()[0], process, None)
            case "end drop" if self.drops:
                self.end(max(self.drops), process, None)

    def is_right(self, refusal: ShopError, number: int) -> None:
        super().is_right(refusal, number)
        sent, now = self.sent[number], self.world.now
        if isinstance(refusal, InvitationOver) and not self.mixed:
            [waiter] = [waiter for waiter in self.scan().waiters if waiter.number == sent.place]
            assert waiter.state is not WaiterState.INVITED or (waiter.until and now >= waiter.until)
        if isinstance(refusal, DropEarly):
            assert now < refusal.opens
        if isinstance(refusal, DropOver):
            assert now >= refusal.closes

    # ---- What is always true ----

    def agrees(self, scan: Scan) -> None:
        if not self.planned:
            assert declared_in(scan) == declared_in(self.seen), "a drop moves units and makes none"
        if self.walked and not self.mixed:
            self.walk_ins_got_what_was_on_sale(scan)
        self.limits_hold(scan)
        self.no_date_moves_by_itself(scan)
        self.only_a_share_is_offered(scan)
        super().agrees(scan)
        self.seen = scan

    def only_a_share_is_offered(self, scan: Scan) -> None:
        """At most half of a batch goes to the list at a time, or one invitation; what is lowered stays offered."""
        before = batches_in(self.seen.books)
        invited = Counter((sku, ship_by) for waiter in scan.waiters for sku, ship_by in waiter.offered)
        for key, batch in batches_in(scan.books).items():
            had = before.get(key)
            fits = batch.offered <= (batch.cap + 1) // 2 or invited[key] == 1
            assert fits or self.mixed or self.planned or (had and batch.offered <= had.offered), (key, batch)
        for sku, line in scan.lines.items():
            waiting = {waiter.number for waiter in scan.waiters if waiter.state is WaiterState.WAITING}
            assert {entry.number for entry in line} <= waiting, (sku, "nobody is in line who has not confirmed")

    def walk_ins_got_what_was_on_sale(self, scan: Scan) -> None:
        """While people wait, what is kept and what ended holds free is theirs."""
        before, after = batches_in(self.seen.books), batches_in(scan.books)
        for sku in self.seen.lines:
            mine = [key for key in before if key[0] == sku]
            for key in mine:
                assert after[key].kept == before[key].kept
                assert before[key].sellable - after[key].sellable == after[key].promised - before[key].promised
            assert ended_in(scan, sku) == ended_in(self.seen, sku)

    def limits_hold(self, scan: Scan) -> None:
        """By the orders themselves; where the village moved an order to another batch, it is the village's will."""
        orders = [order for order in scan.orders if not order.first_ship_by]
        most: dict[Account, int] = {}
        for line in (line for order in orders for line in order.lines):
            most |= {account: max(line.limit, most.get(account, 0)) for account in line.bought}
        assert all(units <= most[account] for account, units in bought(orders).items())

    def no_date_moves_by_itself(self, scan: Scan) -> None:
        """Only the village postpones, and tells the buyer of it; and nothing is sold above the price of the day."""
        for order in scan.orders:
            if order.number not in self.promised:
                assert all(line.unit_price <= self.world.shop.catalog.packs[line.sku].price for line in order.lines)
            first = self.promised.setdefault(order.number, order.ship_by)
            assert order.ship_by <= first or order.first_ship_by, (order.number, first, order.ship_by)

    def nothing_is_stranded(self, scan: Scan) -> None:
        super().nothing_is_stranded(scan)
        batches = batches_in(scan.books)
        for (shelf, ship_by), batch in batches.items():
            if ship_by >= self.today:
                assert batch.kept == 0
                assert shelf == sku_of(shelf) or batch.cap == batch.promised, "a drop that is over has nothing to sell"
        for sku, line in scan.lines.items():
            open_ = [
                batch
                for (shelf, ship_by), batch in batches.items()
                if shelf == sku and closes(ship_by, Calendar()) - self.world.now >= self.world.settings.hold
            ]
            left = sum(batch.batch.left for batch in open_)
            first = next((entry for entry in line if entry.fits(left)), None)
            # Whom it fits waits for no more than that what is offered now is taken or given up.
            room = sum(min(batch.batch.left, max((batch.cap + 1) // 2 - batch.offered, 0)) for batch in open_)
            assert first is None or (any(batch.offered for batch in open_) and not first.fits(room))
        for waiter in scan.waiters:
            assert not waiter.due or waiter.due > self.world.now
            assert waiter.sku in self.world.shop.catalog.packs or waiter.state in {*ENDED, WaiterState.UNCONFIRMED}
            last = waiter.state if waiter.state in (WaiterState.INVITED, WaiterState.LAPSED) else None
            assert waiter.outbox or not last or (waiter.number, last) in self.letters_to_waiters


def declared_in(scan: Scan) -> Counter[tuple[str, date]]:
    """Units declared of each SKU and date, those of drops included."""
    units: Counter[tuple[str, date]] = Counter()
    for (shelf, ship_by), batch in batches_in(scan.books).items():
        units[sku_of(shelf), ship_by] += batch.cap
    return units


def ended_in(scan: Scan, sku: str) -> set[str]:
    """Orders of the SKU that have expired."""
    orders = (order for order in scan.orders if any(line.shelf == sku for line in order.lines))
    return {order.number for order in orders if any(entry.event is State.EXPIRED for entry in order.history)}


def test_any_life_keeps_the_promise_and_the_books() -> None:
    run_state_machine_as_test(
        AnyLife,
        settings=settings(
            max_examples=int(LIVES or 12),
            derandomize=LIVES is None,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
