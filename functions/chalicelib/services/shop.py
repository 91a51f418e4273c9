"""The shop's use cases, each a few lines: load, decide, store, answer. `build` puts the parts together."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from chalicelib import catalog as catalogue
from chalicelib.api import responses as answers
from chalicelib.api.requests import ActRequest, ScanRequest, read_find, read_json
from chalicelib.catalog import Catalog
from chalicelib.domain import settings as environment
from chalicelib.domain.aggregate import Account
from chalicelib.domain.calendar import village_day
from chalicelib.domain.conflicts import Limited, Short, Stale, Waited, retrying
from chalicelib.domain.errors import Busy, Fault, Invalid, NotFound, TooOften, Unauthorized, WrongState
from chalicelib.domain.keys import NUMBER, Keys
from chalicelib.domain.live import attribution
from chalicelib.domain.orders.events import BuyerCancels, Event, HoldEnded, LinkAsked, Paid
from chalicelib.domain.orders.model import Order, OrderLine, State
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.settings import BadSetting, Settings
from chalicelib.payments import Provider, providers
from chalicelib.services.access import Access
from chalicelib.services.allocation import Allocation, Clock, Stock, Unavailable
from chalicelib.services.checkout import FIND_DIGITS, TRIES, Checkout
from chalicelib.services.figures import Figures
from chalicelib.services.rooms import Rooms
from chalicelib.services.waitlist import Waiting
from chalicelib.storage.devices import DeviceStore
from chalicelib.storage.store import Store
from chalicelib.storage.transaction import Transaction

if TYPE_CHECKING:
    from chalicelib.payments.sandbox import Sandbox

log = logging.getLogger("cunbo")

MOST_SKUS = 50
MOST_FINDS = 3
"""How often in an hour orders of one phone are looked for: letters go out, and nobody shall be flooded with them."""
CATALOG = Path(__file__).parents[1] / "catalog.json"


class Shop:
    """What shoppers, providers and the schedule can ask for."""

    def __init__(
        self,
        catalog: Catalog,
        store: Store,
        keys: Keys,
        providers: dict[str, Provider],
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.catalog, self.store, self.keys = catalog, store, keys
        self.providers, self.settings, self.clock = providers, settings, clock
        self.stock = Stock(store, clock, catalog.shop.calendar)
        self.checkout = Checkout(catalog, store, self.stock, keys, providers, settings, clock)
        self.waiting = Waiting(catalog, store, self.stock, keys, settings, clock)
        self.figures = Figures(store.table)
        self.rooms = Rooms(catalog, store, self.stock, self.figures, keys, settings, clock)
        self.access = Access(DeviceStore(store.table), keys, settings.shop_url, clock)

    @property
    def today(self) -> date:
        """The village's day."""
        return village_day(self.clock())

    def health(self) -> dict[str, Any]:
        """Says that orders can be taken, and from which catalogue; raises Busy where the table is away."""
        self.store.ready()
        return {"status": "ok", "catalogue": self.catalog.version}

    def availability(self, skus: Sequence[str]) -> dict[str, Any]:
        """What is left of each SKU now; raises Invalid for none or too many, NotFound for one not sold here."""
        wanted = list(dict.fromkeys(skus))
        if not 1 <= len(wanted) <= MOST_SKUS:
            raise Invalid([Fault("/sku", f"name 1 to {MOST_SKUS} SKUs, as in ?sku=A&sku=B")])
        unknown = [sku for sku in wanted if sku not in self.catalog.packs]
        if unknown:
            faults = [Fault("/sku", f"{sku} is not sold here", sku=sku) for sku in unknown]
            raise NotFound(f"not sold here: {', '.join(unknown)}", faults)
        return {"items": {sku: self._available(sku) for sku in wanted}, "poll": self.settings.poll}

    def place(self, idempotency_key: str, body: bytes, came_from: str = "") -> dict[str, Any]:
        """A new order, or the one that this key has made before; raises what `Checkout.place` does."""
        order, token = self.checkout.place(idempotency_key, body, came_from)
        return answers.created(order, token, self.providers.get(order.provider))

    def scan(self, body: bytes, came_from: str) -> None:
        """Counts a scan of a room's code, for the show that the shopper's cookie names; raises Invalid."""
        room, now = read_json(body, ScanRequest).room, self.clock()
        if room not in self.catalog.room_of:
            raise Invalid([Fault("/room", f"there is no room {room}")])
        found = attribution.read(self.keys, came_from, now)
        self.figures.scan(room, found.show if found and found.room == room else None, now)

    def evening(self) -> dict[str, Any]:
        """The village's evening, as its big screen shows it."""
        return self.figures.evening(self.clock(), self.catalog, lambda sku: self.stock.view(sku).left)

    def wait(self, body: bytes) -> dict[str, Any]:
        """A place on a waitlist; raises what `Waiting.join` does."""
        self.waiting.join(body)
        return {"state": "waiting"}

    def place_in_line(self, number: str, token: str) -> dict[str, Any]:
        """The place as its owner may see it; raises Unauthorized, NotFound."""
        return answers.place(self.waiting.see(number, token), self.catalog)

    def give_up(self, number: str, token: str) -> dict[str, Any]:
        """The place given up; raises what `Waiting.give_up` does."""
        return answers.place(self.waiting.give_up(number, token), self.catalog)

    def take(self, number: str, token: str, idempotency_key: str, body: bytes, came_from: str = "") -> dict[str, Any]:
        """An order of what a place is invited to; raises Unauthorized, ClaimOver, and what `Checkout.place` does."""
        waiter = self.waiting.see(number, token)
        order, its_token = self.checkout.place(idempotency_key, body, came_from, number)
        if sum(line.quantity for line in order.lines) < waiter.units:
            self._serve([waiter.sku])
        return answers.created(order, its_token, self.providers.get(order.provider))

    def order(self, number: str, token: str) -> dict[str, Any]:
        """The order as its buyer may see it; raises Unauthorized, NotFound."""
        return self._status(self._own(number, token), token)

    def cancel(self, number: str, token: str) -> dict[str, Any]:
        """Cancels for the buyer, once however often it is asked; raises NotNow where the state does not allow it."""
        self._own(number, token)
        after = self._apply(number, BuyerCancels())
        if not any(entry.event is State.CANCELLED for entry in after.history):
            raise WrongState(f"an order that is {after.state} cannot be cancelled")
        return self._status(after, token)

    def find(self, body: bytes) -> None:
        """Mails its buyer the link of a lost order. The answer never tells whether there is one; raises TooOften."""
        asked = read_find(body)
        now = self.clock()
        if not self.store.limits.may_ask(self.keys.pseudonyms("asked", asked.phone)[0], now, MOST_FINDS):
            raise TooOften(now)
        for lookup in self.keys.pseudonyms("find", asked.phone, asked.digits[-FIND_DIGITS:]):
            for number in self.store.orders.find(lookup):
                if number.endswith(asked.digits):
                    self._apply(number, LinkAsked())

    def handle_event(self, provider: str, headers: Mapping[str, str], body: bytes) -> None:
        """A provider's event; the same news twice does nothing more. Raises Unauthorized, Malformed, NotFound."""
        event = self._provider(provider).read(headers, body, self.clock())
        if not event.paid:
            return
        money = Paid(event.id, event.payment, event.amount)
        if not self.store.orders.book(event.order, provider, money, self.clock()):
            self._apply(event.order, money, provider)

    def act(self, number: str, body: bytes) -> None:
        """What a person does on the sandbox's page; raises NotFound in a stage that is no sandbox."""
        sandbox = cast("Sandbox", self._provider("sandbox"))
        sandbox.act(self._load(number), read_json(body, ActRequest).act, self.clock())

    def end_hold(self, order: Order) -> None:
        """Gives an unpaid order's units back, if its hold has ended and it is still as it was read."""
        after = decide(order, HoldEnded(), self.clock())
        if after is not order:
            self._serve(self.store.commit(Transaction().save(order, after)))

    def _apply(self, number: str, event: Event, provider: str | None = None) -> Order:
        """Puts the event to the order as it is now, again while others change it at the same time."""
        others, refused = {number}, False

        def attempt() -> Order | None:
            nonlocal refused
            order = self._load(number)
            if provider and order.provider != provider:
                raise NotFound(f"{provider} has no payment for the order {number}")
            news, allocation = self._with_allocation(order, event, others) if not refused else (event, Allocation(()))
            after = decide(order, news, self.clock())
            if after is order:
                return order
            try:
                waited = self.store.commit(
                    Transaction().save(order, after).take_over(allocation.ended).limit(self._most(news, after))
                )
            except Stale as stale:
                others.add(stale.number)
                self.stock.forget([line.shelf for line in order.lines])
            except Short as short:
                self.stock.learn(short)
            except Waited as waits:
                self.stock.forget(waits.skus)
            except Limited:
                refused = True  # the buyer has bought as many as one may since the hold ended
            else:
                self._serve(waited)
                return after
            return None

        return retrying(TRIES, "others change this order at the same time: ask again", attempt)

    def _with_allocation(self, order: Order, event: Event, others: set[str]) -> tuple[Event, Allocation]:
        """A late payment comes with what it could take again: it is a walk-in, and gets what a walk-in would get."""
        none = event, Allocation(())
        if not isinstance(event, Paid) or order.state is not State.EXPIRED:
            return none
        self.stock.forget([line.shelf for line in order.lines])  # money is at stake: no view that is a second old
        if not all(self._is_sold(line, self.clock()) for line in order.lines):
            return none
        try:
            allocation = self.stock.allocate([(line.shelf, line.quantity) for line in order.lines], others)
        except Unavailable:
            return none
        after = msgspec.structs.replace(event, allocation=allocation.parts)
        used = decide(order, after, self.clock()).state is State.PAID
        return after, allocation if used else Allocation(())

    def _is_sold(self, line: OrderLine, now: datetime) -> bool:
        """Whether a walk-in could buy it: what was bought in a drop, while the drop is on."""
        drop = self.checkout.drop(line.sku, line.drop) if line.drop else None
        return not line.drop or (drop is not None and drop.is_on(now))

    def _most(self, event: Event, after: Order) -> dict[Account, int]:
        """Limits hold for who takes units anew, which is who pays late; not for what the village moves."""
        return self.checkout.most(after) if isinstance(event, Paid) else {}

    def _serve(self, skus: Iterable[str]) -> None:
        """Goes on with what has come free for those who wait; the sweep does what could not be done now."""
        try:
            self.waiting.serve(skus)
        except Busy:
            log.warning("waitlist: busy just now, left to the sweep")

    def _available(self, sku: str) -> dict[str, Any]:
        view, now = self.stock.look(sku), self.clock()
        drops = [(drop, self.stock.look(drop.shelf)) for drop in view.drops if now < drop.closes]
        return answers.available(view, drops)

    def _own(self, number: str, token: str) -> Order:
        if not NUMBER.fullmatch(number) or not self.keys.opens(number, token):
            raise Unauthorized("this order needs its own token: open it by the link that was given at checkout")
        return self._load(number)

    def _load(self, number: str) -> Order:
        order = self.store.orders.load(number) if NUMBER.fullmatch(number) else None
        if order is None:
            raise NotFound("there is no order of this number")
        return order

    def _provider(self, name: str) -> Provider:
        if name not in self.providers:
            raise NotFound(f"there is no payment provider {name} here")
        return self.providers[name]

    def _status(self, order: Order, token: str) -> dict[str, Any]:
        return answers.status(order, token, self.providers.get(order.provider))


def utc_now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC)


def build(environ: Mapping[str, str], client: Callable[[str], Any], clock: Clock = utc_now) -> Shop:
    """The shop of a stage, from its environment and clients of AWS; raises BadSetting where a setting is wrong.

    A stage that takes real money sells no samples, however the catalogue came there.
    """
    settings = environment.read(environ)
    catalog = catalogue.load(CATALOG.read_bytes())
    if catalog.samples and not settings.sandbox:
        raise BadSetting(f"STAGE is {settings.stage}, no sandbox, and these are samples: {', '.join(catalog.samples)}")
    secret = client("secretsmanager").get_secret_value(SecretId=settings.secret)["SecretString"]
    keys = msgspec.json.decode(secret, type=Keys)
    return Shop(catalog, Store(client("dynamodb"), settings.table), keys, providers(settings, keys), settings, clock)
