"""What all models of the shop have in common: its state, what may happen to it, and what is true of its books.

A state is the table, the instant, the use cases under way and the world outside. A model names the use cases (`acts`);
each may begin at any time, be overtaken before each of its writes, and die there.
"""

import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, ClassVar

import msgspec
from chalicelib.bootstrap import Services, assemble
from chalicelib.catalog import Catalog, Pack, Picture, Product, Production, Room, Text, Village
from chalicelib.catalog import Shop as Seller
from chalicelib.domain.commands import CartLine, PlaceOrder
from chalicelib.domain.conflicts import Conflict
from chalicelib.domain.errors import ShopError
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import Address
from chalicelib.domain.settings import Settings
from chalicelib.domain.stock.promise import TooFew
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store

from cunbo.verify.books import Books
from cunbo.verify.memory import Items, MemoryTable
from cunbo.verify.process import ENCODER, OUTSIDE, CallRecord, Paused, Process, Tap, TapAnswer, bytes_of
from cunbo.verify.process import Call as TableCall

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
"""Noon in the village."""
TODAY = date(2026, 11, 24)
TOMORROW = date(2026, 11, 25)
HOLD = timedelta(minutes=15)
SKU, ROOM = "jar", "room"
TABLE = "shop"

BEGINS, WRITES, DIES = "begins", "writes", "dies"

Act = Callable[[Services], object]
Call = Mapping[str, Any]


class Instant(msgspec.Struct, frozen=True):
    """An instant that the clock of a model comes to, and what it is, in words."""

    at: datetime
    words: str


class Snapshot(msgspec.Struct, frozen=True, eq=False):
    """The table as it is in one or many states; `digest` tells it from any other."""

    items: Items
    digest: bytes


class ShopState(msgspec.Struct, frozen=True, eq=False):
    """All that there is: the table, the index of the instant, the processes by the name of their act.

    `world` is what lies outside of the shop, as the model says; `fault` is what a process failed by, unforeseen.
    """

    table: Snapshot
    now: int = 0
    processes: Mapping[str, Process] = {}
    world: Any = None
    fault: str = ""


class ShopModel:
    """A model of the shop. Its parts say `acts`, `instants`, what is there at the beginning, and what must hold.

    Of the acts `duties` are those that are begun again and again until they are done, as by the sweep; the others are
    for people to do or to leave. `most` use cases are under way at once. `off` are conditions of writes that are
    switched off, by name; `met` are those that were met.
    """

    name = ""
    instants: ClassVar[tuple[Instant, ...]] = (Instant(NOON, "noon"),)
    limit = 0
    keys = Keys("k" * 40)

    def __init__(self, most: int = 2, off: Collection[str] = ()) -> None:
        self.most, self.off = most, frozenset(off)
        self.met: set[str] = set()
        self.snapshots: dict[bytes, Snapshot] = {}
        self._books: dict[bytes, Books] = {}
        self._sound: set[bytes] = set()
        self._started: dict[tuple[bytes, int, str], tuple[Process | None, str]] = {}
        self._gone_on: dict[tuple[bytes, int, str, bytes], tuple[Snapshot, Process | None, str]] = {}
        self.asked: dict[tuple[bytes, bytes], CallRecord] = {}
        self.acts: dict[str, Act] = {}
        self.duties: set[str] = set()
        self.catalog = catalog(self.limit)
        self.settings = Settings(TABLE, "secret", "local", "http://shop", HOLD, "shop@example.com")

    # ---- What a model says ----

    def prepare(self, services: Services) -> None:
        """Make what is there at the beginning."""

    def may(self, state: ShopState, name: str) -> bool:
        """Return whether an act may begin."""
        return True

    def answers(self, state: ShopState, request: Call) -> Iterator[tuple[str, Any, TapAnswer]]:
        """Yield what may come of asking somebody outside: in words, the world after it, and the answer."""
        raise NotImplementedError(str(request))

    def events(self, state: ShopState) -> Iterator[tuple[str, ShopState]]:
        """Yield what people outside of the shop may do, in words."""
        yield from ()

    def arrivals(self, state: ShopState) -> Iterator[tuple[str, ShopState]]:
        """Yield what will happen outside of the shop sooner or later, in words."""
        yield from ()

    def providers(self, tap: Tap) -> Mapping[str, Any]:
        """Return the payment providers that the services ask."""
        return {}

    # ---- What is explored ----

    def begin(self) -> ShopState:
        """Return the state that it begins in."""
        table = MemoryTable({})
        self.prepare(self._services(table, lambda: self.instants[0].at, {}))
        return ShopState(self._snapshot(table), world=self.world())

    def world(self) -> Any:
        """Return the world outside at the beginning."""
        return None

    def moves(self, state: ShopState) -> Iterator[tuple[str, ShopState]]:
        """Yield all that may happen."""
        if state.now + 1 < len(self.instants):
            yield f"time: {self.instants[state.now + 1].words}", msgspec.structs.replace(state, now=state.now + 1)
        yield from self.events(state)
        yield from self.arrivals(state)
        for name, process in state.processes.items():
            if process.call[0] == OUTSIDE:
                for words, world, answer in self.answers(state, process.call[1]):
                    yield f"{name}: {words}", self.hear(state, name, world, answer)
            else:
                yield f"{name}: {WRITES}", self.go_on(state, name)
            yield f"{name}: {DIES}", _with(state, name, None)
        if len(state.processes) < self.most:
            for name in self.acts:
                if name not in state.processes and self.may(state, name):
                    yield f"{name}: {BEGINS}", self.start(state, name)

    def start(self, state: ShopState, name: str) -> ShopState:
        """Return the state once an act has begun and read; the same object where it does nothing."""
        known = (state.table.digest, state.now, name)
        if known not in self._started:
            self._started[known] = self._run(name, self._tap(state, state.now))
        process, fault = self._started[known]
        return msgspec.structs.replace(_with(state, name, process), fault=fault) if process or fault else state

    def go_on(self, state: ShopState, name: str) -> ShopState:
        """Return the state once a process has done the write that it stood before, or was refused it."""
        process = state.processes[name]
        known = (state.table.digest, state.now, name, process.digest)
        if known not in self._gone_on:
            tap = self._tap(state, process.began, process.heard)
            tap.write(process.call, state.now)
            after = self._snapshot(tap.table)
            self._gone_on[known] = (after, *self._run(name, tap))
        after, then, fault = self._gone_on[known]
        return msgspec.structs.replace(_with(state, name, then), table=after, fault=fault)

    def hear(self, state: ShopState, name: str, world: Any, answer: TapAnswer) -> ShopState:
        """Return the state once somebody outside has been asked, and has answered."""
        process = state.processes[name]
        then, fault = self._run(name, self._tap(state, process.began, (*process.heard, answer)))
        return msgspec.structs.replace(_with(state, name, then), world=world, fault=fault)

    def _run(self, name: str, tap: Tap) -> tuple[Process | None, str]:
        """Run an act to where it stands before a call, or ends; and how it failed, if it has."""
        services = self._services(tap, lambda: self.instants[tap.instant()].at, self.providers(tap))
        try:
            self.acts[name](services)
        except Paused as paused:
            return paused.process, ""
        except (ShopError, Conflict, TooFew):
            return None, ""  # the rules refuse it
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            return None, f"{type(error).__name__} in {where.name}: {error}"
        return None, ""

    def key(self, state: ShopState) -> bytes:
        """Return the state as bytes."""
        processes = [(name, process.digest) for name, process in sorted(state.processes.items())]
        return ENCODER.encode((state.now, state.table.digest, processes, state.world, state.fault))

    def broken(self, state: ShopState) -> str | None:
        """Return what is wrong with the state: by itself, where an unforeseen error came, or by the books."""
        if state.fault:
            return f"a use case failed: {state.fault}"
        if state.table.digest not in self._sound:
            books = self.books(state)
            if what := books.differences() or self.wrong(books):
                return what
            self._sound.add(state.table.digest)
        return self.wrong_outside(state)

    def wrong(self, books: Books) -> str | None:
        """Return what else is wrong with the table, in words."""
        return None

    def wrong_outside(self, state: ShopState) -> str | None:
        """Return what is wrong between the table and the world outside, in words."""
        return None

    def broken_by(self, before: ShopState, words: str, after: ShopState) -> str | None:
        """Return what is wrong with a move, where it has changed the table."""
        return None if before.table is after.table else self.wrong_by(before, words, after)

    def wrong_by(self, before: ShopState, words: str, after: ShopState) -> str | None:
        """Return what is wrong with a move that has changed the table, in words."""
        return None

    def rests(self, state: ShopState) -> bool:
        """Return whether it is the last instant, and nobody whose duty it is would change anything."""
        if state.processes or state.now + 1 < len(self.instants) or any(self.arrivals(state)):
            return False
        return all(self._changes_nothing(state, name) for name in self.duties if self.may(state, name))

    def _changes_nothing(self, state: ShopState, name: str) -> bool:
        after = self.start(state, name)
        while name in after.processes:
            request = after.processes[name].call
            if request[0] == OUTSIDE:
                _, world, answer = next(self.answers(after, request[1]))
                after = self.hear(after, name, world, answer)
            else:
                after = self.go_on(after, name)
            if after.table is not state.table or after.world != state.world:
                return False
        return True

    def unfinished(self, state: ShopState) -> str | None:
        """Return what is wrong where nothing more can happen."""
        return self.books(state).unsettled(TODAY)

    def digest(self, items: Items) -> bytes:
        """Return what tells these items from all others."""
        return blake2b(bytes_of([items[key] for key in sorted(items)]), digest_size=16).digest()

    def books(self, state: ShopState) -> Books:
        """Return what the table says."""
        found = self._books.get(state.table.digest)
        if found is None:
            found = self._books[state.table.digest] = Books(state.table.items)
        return found

    # ---- How ----

    def _tap(self, state: ShopState, began: int, heard: Sequence[TapAnswer] = ()) -> Tap:
        table = MemoryTable(state.table.items, self.off, self.met)

        def note(call: TableCall, answer: TapAnswer) -> None:
            known = (state.table.digest, bytes_of(call))
            if known not in self.asked:
                self.asked[known] = CallRecord(call, answer, self._snapshot(table).digest)

        return Tap(table, began, heard, note)

    def _snapshot(self, table: MemoryTable) -> Snapshot:
        digest = self.digest(table.items)
        if digest not in self.snapshots:
            self.snapshots[digest] = Snapshot(table.items, digest)
        return self.snapshots[digest]

    def _services(self, client: Any, clock: Callable[[], datetime], providers: Mapping[str, Any]) -> Services:
        services = assemble(Stage(self.catalog, self.settings, self.keys, clock), Store(client, TABLE), providers)
        services.stock.turn = lambda: 0
        return services

    # ---- Who buys ----

    def order(self, buyer: int, quantity: int, drop: str | None = None) -> PlaceOrder:
        """Return the order of a buyer; each has a phone and a house of their own."""
        to = Address("王小明", f"+86138001380{buyer:02}", ("吉林省", "通化市", "集安市"), f"高台子村 {buyer} 号")
        line = CartLine(SKU, quantity, drop)
        return PlaceOrder(
            lines=(line,), ship_to=to, lang="zh", payment="sandbox", fingerprint=f"{buyer}", room=ROOM if drop else None
        )

    def number(self, buyer: int) -> str:
        """Return the number of a buyer's order."""
        return self.keys.tickets(idempotency_key(buyer))[0].number

    def token(self, buyer: int) -> str:
        """Return the token that opens it."""
        return self.keys.token(self.number(buyer))


def idempotency_key(buyer: int) -> str:
    """Return the key under which a buyer orders, however often."""
    return f"key-of-a-buyer-{buyer:04}"


def catalog(limit: int) -> Catalog:
    """Return a catalogue with one product, of which a buyer may have `limit` units of a batch; 0: any."""
    words = Text(zh="x", en="x")
    picture = Picture("/x.svg", words)
    product = Product(
        id="jars", name=words, summary=words, kind="food", village="village", made_of=words, allergens=words,
        storage=words, shelf_life=words, date_rule=words, maker=words, origin=words, returns="fresh",
        pictures=(picture,), packs=(Pack(SKU, words, 100, 500),), per_buyer=limit,
        production=Production(per_day=1, lead_days=1, horizon_days=2), sample=True,
    )  # fmt: skip
    village = Village("village", words, words, words, picture)
    room = Room(ROOM, words, words, "village", picture, products=("jars",))
    return Catalog(
        "0123456789abcdef", Seller(words, words, words, words, "x"), (village,), (product,), (), (), (room,), ()
    )


def _with(state: ShopState, name: str, process: Process | None) -> ShopState:
    processes = {other: one for other, one in state.processes.items() if other != name}
    if process:
        processes[name] = process
    return msgspec.structs.replace(state, processes=processes)
