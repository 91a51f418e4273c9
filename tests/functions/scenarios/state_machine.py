"""A shop to which anything may happen, and what is true of it all the time: the ordinary part, without waitlists.

Shoppers, a payment provider, the village, its planners and the clock act in any order, each on one of two processes
of a stage, which may end, or be overtaken, between any two writes.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from email.message import EmailMessage
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from chalicelib.catalog import Calendar, Catalog, Period, Production
from chalicelib.domain.aggregate import PATIENCE, STUCK, Account
from chalicelib.domain.calendar import village_day
from chalicelib.domain.errors import (
    DropEarly,
    DropOver,
    Invalid,
    InvitationOver,
    LimitReached,
    NotFound,
    NotNow,
    ShopError,
    SoldOut,
    TooManyUnpaid,
)
from chalicelib.domain.limits.pending import PHONE_MOST
from chalicelib.domain.orders.model import HOLDS_UNITS, SOLD, Order, RefundReason, State
from chalicelib.domain.orders.parcels import FORWARD
from chalicelib.domain.packing.board import BoardEntry, entry_of
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.promise import TooFew
from chalicelib.domain.waitlist import QueueEntry, Waiter
from chalicelib.payments.sandbox import SandboxEvent
from chalicelib.services.audit import StockCount
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.planning import expect, plan, set_batch
from chalicelib.storage.keys import Item
from chalicelib.storage.orders import ORDER, board_entry_in
from chalicelib.storage.stock.queue import entry_in
from chalicelib.storage.waitlist import WAITER
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from moto import mock_aws

from tests.functions.helpers.acts_of_packers import BENCH, MANAGER, do, goods_and_parcels_agree
from tests.functions.helpers.crash_points import CrashPoints, Died, Side, die
from tests.functions.helpers.front import Front
from tests.functions.helpers.world import JAR, POT, Carrier, World, day, letter_in, make_body, make_key, text

if TYPE_CHECKING:
    from chalicelib.storage.keys import Item

BUYERS = 2
LIMIT = 3
"""Units of a batch that one buyer may have."""
CALENDARS = [
    Calendar(),
    Calendar(pauses=(Period(day(2), day(2), text("x")),)),
    Calendar(closed=(Period(day(3), day(3), text("x")),)),
]

ROOM = "cabbage-1"
MEANWHILE = [
    "nothing: it dies", "sweep", "consume", "place", "pay", "withdraw", "lower", "raise",
    "join", "confirm", "give up", "end drop",
]  # fmt: skip
"""What comes between two writes of a process."""

Fate = tuple[int, Side, str] | None

processes = st.integers(0, 1)
meanwhiles = st.one_of(st.just(MEANWHILE[0]), st.sampled_from(MEANWHILE))
writes = st.sampled_from([1, 1, 1, 2, 3, 4])  # most use cases have one
fates = st.one_of(st.none(), st.tuples(writes, st.sampled_from(["before", "after"]), meanwhiles))
skus = st.sampled_from([JAR, POT])
days = st.sampled_from([day(2), day(3)])
wishes = st.dictionaries(skus, st.integers(1, 3), min_size=1)
crowds = st.lists(wishes, min_size=1, max_size=3)


class Scan(NamedTuple):
    """The table as one scan has it."""

    books: StockCount
    orders: list[Order]
    waiters: list[Waiter]
    lines: dict[str, list[QueueEntry]]
    board: list[BoardEntry]


class Sent(NamedTuple):
    """A request for an order, which may be sent again: of an invitation where `place` says whose."""

    key: str
    body: bytes
    wanted: dict[str, int]
    place: str = ""


def batches_in(books: StockCount) -> dict[tuple[str, date], Declared]:
    return {(sku, batch.ship_by): batch for sku, batches in books.batches.items() for batch in batches}


def bought(orders: Iterable[Order], phone: str = "") -> Counter[Account]:
    """What counts for the limits of whoever has this phone, or of all."""
    return sum((order.bought for order in orders if phone in ("", order.ship_to.phone)), Counter[Account]())


def bound(batch: Declared) -> int:
    """Units that are on sale or promised."""
    return batch.cap + batch.excess


class Life(RuleBasedStateMachine):
    """The shop, what its shoppers and its provider know, and the batches as the last step left them.

    `steps`: how many there were since it was at rest; `cut_off`: a change of the stock was, since the last sweep. Of
    this step alone, `mixed`: others came between two writes; `planned`: what is declared may have changed; `walked`:
    walk-ins have bought.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mock = mock_aws()
        self.mock.start()
        self.world = World({day(2): 3, day(3): 4}, production=Production(3, 2, 3), per_order=3, per_buyer=LIMIT)
        self.world.stock(4, day(2), POT, shards=2)
        self.crash = CrashPoints(self.world.client)
        self.shops = [self.world.shop, self.world.process(self.world.shop.catalog)]
        self.sent: list[Sent] = []
        self.answers: dict[int, dict[str, Any]] = {}
        self.paid: dict[str, SandboxEvent] = {}
        self.told: list[SandboxEvent] = []
        self.news: list[SandboxEvent] = []
        self.letters: set[tuple[str, str]] = set()
        self.letters_to_waiters: set[tuple[str, str]] = set()
        self.mail_works = True
        self.acts = 0
        self.steps = 0
        self.cut_off = self.mixed = self.planned = self.walked = False
        self.batches = batches_in(self.scan().books)

    def teardown(self) -> None:
        self.mock.stop()

    @contextmanager
    def on(self, process: int, fate: Fate) -> Iterator[Front]:
        """The process, which may end (another takes its place and knows nothing), or be overtaken by the other."""
        happens = partial(self.meanwhile, 1 - process, fate[2]) if fate and fate[2] != MEANWHILE[0] else die
        try:
            with self.crash.at(fate and fate[:2], happens):
                yield self.shops[process]
        except Died:
            self.shops[process] = self.world.process(self.world.shop.catalog)

    def meanwhile(self, process: int, what: str) -> None:
        """What another process does between two writes; what is done to an order is done to the last one placed."""
        self.mixed = True
        shop, order = self.shops[process], self.answers[max(self.answers)] if self.answers else None
        match what:
            case "sweep":
                self.sweep(process, None)
            case "consume":
                self.consume(process, None)
            case "place":
                self.place(process, [{JAR: 2, POT: 1}], None)
            case "lower":
                self.set_batch(JAR, day(2), 1, process, None)
            case "raise":
                self.set_batch(JAR, day(2), 6, process, None)
            case "pay" if order:
                number, total = order["order"], order["total"]
                self.handle_event(shop, SandboxEvent("between", "paid", number, number, total))
            case "withdraw" if order:
                with suppress(NotNow):
                    cancel_by_seller(shop.store, shop.clock, order["order"])
            case _:
                self.also_meanwhile(process, what)

    def also_meanwhile(self, process: int, what: str) -> None:
        """What more there may be."""

    # ---- Shoppers ----

    @rule(process=processes, crowd=crowds, pause=st.sampled_from([0, 0, 935]), fate=fates)
    def place(self, process: int, crowd: list[dict[str, int]], fate: Fate, pause: int = 0) -> None:
        """Walk-ins come; also when holds have just ended, and no sweep has seen it."""
        self.walked = True
        self.world.later(pause)
        for wanted in crowd:
            self.ask(wanted, process, fate)

    def ask(self, wanted: dict[str, int], process: int, fate: Fate, place: str = "", drop: str = "") -> None:
        """A new order, by one buyer after the other."""
        number = len(self.sent)
        more: dict[str, Any] = {"drop": drop} if drop else {}
        lines = [{"sku": sku, "quantity": quantity, **more} for sku, quantity in wanted.items()]
        body = make_body(lines=lines, buyer=number % BUYERS)
        if drop:
            body["room"] = ROOM
        if number % 3:  # what a third of them pays is booked unread, and brings no letters
            body["email"] = "wang@example.com"
        self.sent.append(Sent(make_key(number), json.dumps(body).encode(), wanted, place))
        self.send(number, process, fate)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), process=processes, fate=fates)
    def send_again(self, data: st.DataObject, process: int, fate: Fate) -> None:
        self.send(data.draw(st.integers(0, len(self.sent) - 1)), process, fate)

    def send(self, number: int, process: int, fate: Fate) -> None:
        key, body, wanted, place = self.sent[number]
        with self.on(process, fate) as shop:
            try:
                answer = shop.take(place, self.token(place), key, body) if place else shop.place(key, body)
            except (DropEarly, DropOver, InvitationOver, LimitReached, Invalid) as refusal:
                assert number not in self.answers
                self.is_right(refusal, number)
            except SoldOut as refusal:
                assert number not in self.answers
                assert all((fault.left or 0) < wanted[fault.sku or ""] for fault in refusal.faults)
            except TooManyUnpaid:
                assert number not in self.answers
                assert self.mixed or self.unpaid([*self.world.store.orders.all()])[self.phone(number)] == PHONE_MOST
            else:
                first = self.answers.setdefault(number, answer)
                assert (answer["order"], answer["token"]) == (first["order"], first["token"])

    def is_right(self, refusal: ShopError, number: int) -> None:
        """What refuses the order of that number must be the case."""
        if isinstance(refusal, LimitReached) and not self.mixed:
            had = bought(self.scan().orders, self.phone(number))
            most = max(fault.limit or 0 for fault in refusal.faults)
            wanted = sum(self.sent[number].wanted.values())
            assert wanted > most or any(units + wanted > most for units in had.values())

    def token(self, number: str) -> str:
        return self.world.keys.token(number)

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), process=processes, fate=fates)
    def cancel(self, data: st.DataObject, process: int, fate: Fate) -> None:
        order = self.any_order(data)
        with self.on(process, fate) as shop:
            try:
                shop.cancel(order["order"], order["token"])
            except NotNow:
                assert self.mixed or "cancelled" not in [entry["event"] for entry in self.world.see(order)["history"]]

    def any_order(self, data: st.DataObject) -> dict[str, Any]:
        return self.answers[data.draw(st.sampled_from(sorted(self.answers)))]

    # ---- The provider ----

    @precondition(lambda self: self.answers)
    @rule(
        data=st.data(), act=st.sampled_from(["pay", "pay twice", "pay again", "pay less", "decline"]),
        process=processes, fate=fates,
    )  # fmt: skip
    def pay(self, data: st.DataObject, act: str, process: int, fate: Fate) -> None:
        order = self.any_order(data)
        payment = f"{'second-' if act == 'pay again' else ''}{order['order']}"
        amount = self.paid[payment].amount if payment in self.paid else order["total"] - (act == "pay less")
        kind = "declined" if act == "decline" else "paid"
        for _ in range(2 if act == "pay twice" else 1):
            name = f"event-{len(self.told)}-{len(self.news)}"
            self.news.append(SandboxEvent(name, kind, order["order"], payment, amount))
        self.tell(process, fate)

    @precondition(lambda self: self.told)
    @rule(data=st.data(), process=processes, fate=fates)
    def tell_again(self, data: st.DataObject, process: int, fate: Fate) -> None:
        self.news.append(data.draw(st.sampled_from(self.told)))
        self.tell(process, fate)

    def tell(self, process: int, fate: Fate) -> None:
        """A provider repeats its news until it is heard."""
        with self.on(process, fate) as shop:
            while self.news:
                self.handle_event(shop, self.news[0])
                self.told.append(self.news.pop(0))

    def handle_event(self, shop: Front, event: SandboxEvent) -> None:
        if event.type == "paid":
            self.paid.setdefault(event.payment, event)
        shop.handle_event("sandbox", *self.world.sandbox.signed(event, self.world.now))

    # ---- The village ----

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), process=processes, fate=fates)
    def cancel_by_seller(self, data: st.DataObject, process: int, fate: Fate) -> None:
        order = self.any_order(data)
        before = self.world.see(order)["state"]
        with self.on(process, fate) as shop:
            try:
                cancel_by_seller(shop.store, shop.clock, order["order"])
            except NotNow:
                assert self.mixed or before not in HOLDS_UNITS or self.has_left(order)

    @precondition(lambda self: self.answers)
    @rule(data=st.data(), later=st.sampled_from([day(3), day(4)]), process=processes, fate=fates)
    def postpone(self, data: st.DataObject, later: date, process: int, fate: Fate) -> None:
        with self.on(process, fate) as shop, suppress(NotNow, TooFew):
            postpone(shop.store, shop.clock, self.any_order(data)["order"], later)

    @rule(sku=skus, ship_by=days, units=st.sampled_from([0, 1, 2, 3, 4, 6, 24]), process=processes, fate=fates)
    def set_batch(self, sku: str, ship_by: date, units: int, process: int, fate: Fate) -> None:
        self.planned = True
        with self.planning(process, fate) as shop, suppress(NotNow):  # a drop sells what could not be made then
            set_batch(shop.catalog, shop.store, sku, ship_by, units)

    @rule(sku=skus, ship_by=days, more=st.integers(1, 2), process=processes, fate=fates)
    def spread(self, sku: str, ship_by: date, more: int, process: int, fate: Fate) -> None:
        batch = self.batches.get((sku, ship_by))
        if batch and batch.shards + more <= 10:
            with self.planning(process, fate) as shop:
                shop.store.stock.declare(sku, ship_by, batch, shards=batch.shards + more)
                shop.store.stock.settle(sku, self.today)

    @rule(sku=skus, rate=st.sampled_from([1, 30, 60]), process=processes, fate=fates)
    def expect(self, sku: str, rate: int, process: int, fate: Fate) -> None:
        with self.planning(process, fate) as shop:
            expect(shop.catalog, shop.store, sku, rate, self.today)

    @rule(calendar=st.sampled_from(CALENDARS), process=processes, fate=fates)
    def plan(self, calendar: Calendar, process: int, fate: Fate) -> None:
        self.planned = True
        with self.planning(process, fate) as shop:
            plan(self.with_calendar(shop.catalog, calendar), shop.store, self.today)

    @contextmanager
    def planning(self, process: int, fate: Fate) -> Iterator[Front]:
        """Where it is cut off, more than is declared may be on sale until the next sweep."""
        finished = False
        with self.on(process, fate) as shop:
            yield shop
            finished = True
        self.cut_off = self.cut_off or not finished

    def with_calendar(self, catalog: Catalog, calendar: Calendar) -> Catalog:
        return msgspec.structs.replace(catalog, shop=msgspec.structs.replace(catalog.shop, calendar=calendar))

    @property
    def today(self) -> date:
        return village_day(self.world.now)

    # ---- The packing room ----

    @precondition(lambda self: self.paid)
    @rule(data=st.data(), acts=st.lists(st.sampled_from(BENCH), min_size=1, max_size=4), process=processes, fate=fates)
    def at_the_bench(self, data: st.DataObject, acts: list[str], process: int, fate: Fate) -> None:
        """Packers and the manager at one order that money came for, in any order of doing it; most of it is refused."""
        number = data.draw(st.sampled_from(sorted({event.order for event in self.paid.values()})))
        with self.on(process, fate) as shop:
            for act in acts:
                self.acts += 1
                with suppress(NotNow, NotFound, Invalid):
                    do(act, shop, number, make_key(10_000 + self.acts))

    def has_left(self, order: Mapping[str, Any]) -> bool:
        """Whether something of the order is no longer in the village."""
        return any(one["state"] != "packed" for one in self.world.see(order)["shipments"])

    # ---- Time ----

    @rule(seconds=st.sampled_from([1, 120, 935, 935, 3601, 86_400]))
    def wait(self, seconds: int) -> None:
        self.world.later(seconds)

    @rule(works=st.booleans())
    def mail(self, works: bool) -> None:
        self.mail_works = works

    def deliver(self, mail: EmailMessage) -> None:
        if not self.mail_works:
            raise OSError("the mail server is away")
        self.world.mails.append(mail)

    @rule(process=processes, fate=fates)
    def sweep(self, process: int, fate: Fate) -> None:
        with self.on(process, fate) as shop:
            shop.workers(Carrier(self.deliver)).sweep.run()
            self.cut_off = False

    @rule(process=processes, fate=fates)
    def consume(self, process: int, fate: Fate) -> None:
        with self.on(process, fate) as shop:
            for order in [*self.world.store.orders.all()]:
                shop.workers(Carrier(self.deliver)).outbox.perform("order", order.number)
            for waiter in [*self.world.store.waitlist.all()]:
                shop.workers(Carrier(self.deliver)).outbox.perform("waiter", waiter.number)

    @precondition(lambda self: self.steps > 4)
    @rule()
    def rest(self) -> None:
        """All news is heard, all holds end, and all that got stuck is done: nothing is stranded then."""
        self.steps = 0
        self.mail_works = True
        self.tell(0, None)
        for pause in (PATIENCE, STUCK):  # the first sweep ends holds, and the second does what that has asked for
            self.world.later(pause.total_seconds() + 1)
            self.sweep(0, None)
        self.nothing_is_stranded(self.scan())

    def nothing_is_stranded(self, scan: Scan) -> None:
        for order in scan.orders:
            assert order.state is not State.AWAITING_PAYMENT
            assert order.outbox == ()
            assert {refund.state for refund in order.refunds} <= {"done"}
        self.letters_are_true(scan.orders)
        sent = {letter for letter in self.letters if letter[1] not in OF_PARCELS}
        assert sent == {letter for order in scan.orders for letter in due_letters(order)}
        for order in scan.orders:
            if order.email and any(parcel.state in FORWARD for parcel in order.parcels):
                assert (order.number, "shipped") in self.letters
        self.every_payment_is_kept_or_has_gone_back({order.number: order for order in scan.orders})
        for (sku, ship_by), batch in batches_in(scan.books).items():
            if ship_by >= self.today:
                assert batch.batch.left == max(batch.cap - batch.promised, 0), (sku, ship_by, batch)

    def every_payment_is_kept_or_has_gone_back(self, orders: Mapping[str, Order]) -> None:
        repaid = Counter(dict.fromkeys(self.paid, 0))
        for refund in self.world.sandbox.repaid.values():
            repaid[refund.payment] += refund.amount
        for payment, event in self.paid.items():
            order = orders[event.order]
            kept = order.state in SOLD and order.payment == payment
            assert repaid[payment] == (given_back(order) if kept else event.amount)

    # ---- What is always true ----

    def scan(self) -> Scan:
        items = [*self.world.store.everything()]
        of: dict[str, list[Item]] = {}
        for item in items:
            of.setdefault(item["pk"]["S"].partition("#")[0], []).append(item)
        lines: dict[str, list[QueueEntry]] = {}
        for item in of.get("queue", ()):
            lines.setdefault(item["pk"]["S"].partition("#")[2], []).append(entry_in(item))
        orders = [*map(ORDER.read, of.get("order", ()))]
        board = [
            board_entry_in(item)
            for item in of.get("order", ())
            if item.get("pack_pk", {}).get("S", "").startswith("pack#")
        ]
        return Scan(StockCount(items), orders, [*map(WAITER.read, of.get("waiter", ()))], lines, board)

    def phone(self, number: int) -> str:
        """The phone of the buyer of that key, as `make_body` has it."""
        return f"+861380013{8000 + number % BUYERS}"

    def unpaid(self, orders: list[Order]) -> Counter[str]:
        """Orders by phone that could be paid and whose hold has not ended."""
        waiting = (order for order in orders if order.state is State.AWAITING_PAYMENT)
        return Counter(order.ship_to.phone for order in waiting if order.hold_until >= self.world.now)

    @invariant()
    def everything_agrees(self) -> None:
        self.agrees(self.scan())
        self.mixed = self.planned = self.walked = False
        self.steps += 1

    def agrees(self, scan: Scan) -> None:
        assert scan.books.suspects(self.today) == {}
        assert self.cut_off or scan.books.overdrawn(self.today) == []
        assert max(self.unpaid(scan.orders).values(), default=0) <= PHONE_MOST
        for order in scan.orders:
            self.money_and_goods_agree(order)
            goods_and_parcels_agree(order)
        board = [entry for order in scan.orders if (entry := entry_of(order))]
        assert sorted(scan.board, key=number_of) == sorted(board, key=number_of)
        self.no_claim_goes_beyond(batches_in(scan.books))
        self.letters_are_true(scan.orders)

    def money_and_goods_agree(self, order: Order) -> None:
        payments = {refund.payment for refund in order.refunds} | ({order.payment} if order.payment else set())
        came = sum(self.paid[payment].amount for payment in payments)
        back = sum(refund.amount for refund in order.refunds)
        assert came - back == (order.total - given_back(order) if order.state in SOLD else 0)
        assert [entry.event for entry in order.history].count(State.PAID) <= 1 or order.parcels
        assert len({refund.key for refund in order.refunds}) == len(order.refunds)

    def no_claim_goes_beyond(self, batches: dict[tuple[str, date], Declared]) -> None:
        for key, batch in batches.items():
            before = self.batches.get(key, Declared(batch.ship_by, 0, 1, 0, {}))
            assert bound(batch) <= max(batch.cap, bound(before))
            assert batch.promised <= max(batch.cap, bound(before) if self.cut_off or self.mixed else before.promised)
            assert batch.promised < batch.cap or batch.batch.left == 0
        self.batches = batches

    def letters_are_true(self, orders: list[Order]) -> None:
        numbers = {order.number for order in orders}
        for letter in map(news_in, self.world.mails):
            (self.letters if letter[0] in numbers else self.letters_to_waiters).add(letter)
        self.world.mails.clear()
        may = {(order.number, name) for order in orders if order.email and order.parcels for name in OF_PARCELS}
        assert self.letters <= may | {letter for order in orders for letter in due_letters(order)}


OF_PARCELS = ("shipped", "tracking")
"""Letters that may have gone out before a parcel was taken back."""


def number_of(entry: BoardEntry) -> str:
    return entry.number


def given_back(order: Order) -> int:
    """What the village gave back of its own accord of the payment that paid the order, in fen."""
    own = (RefundReason.SELLER, RefundReason.SHORT)
    return sum(back.amount for back in order.refunds if back.reason in own and back.payment == order.payment)


def due_letters(order: Order) -> set[tuple[str, str]]:
    """The letters that must have come in the end, for what has happened to an order by now."""
    if not order.email:
        return set()
    names = {entry.event for entry in order.history} & {State.PAID, State.CANCELLED}
    shorts = sum(refund.reason is RefundReason.SHORT for refund in order.refunds)
    last = any(entry.event is State.CANCELLED and entry.by == MANAGER for entry in order.history)
    happened = {
        "short": shorts > last,
        "postponed": order.first_ship_by,
        "refunded": any(refund.state == "done" for refund in order.refunds),
    }
    return {(order.number, name) for name in ("placed", *names, *(name for name, did in happened.items() if did))}


def news_in(mail: EmailMessage) -> tuple[str, str]:
    """A letter by its order and its news, which is the same whichever side has cancelled."""
    number, name = letter_in(mail)
    return number, "cancelled" if name == "withdrawn" else name
