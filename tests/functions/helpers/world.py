"""Small makers for the functions' tests: a catalogue, a table in process, a shop whose clock and mail are ours."""

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import msgspec
import yaml
from botocore.config import Config
from chalicelib.bootstrap import Services, assemble
from chalicelib.catalog import Calendar, Catalog, Pack, Picture, Product, Production, Room, Text, Village, Zone
from chalicelib.catalog import Shop as Seller
from chalicelib.domain.calendar import village_day
from chalicelib.domain.keys import Keys
from chalicelib.domain.orders.model import SOLD, Address, HistoryEntry, Order, OrderLine, State
from chalicelib.domain.orders.parcels import Parcel, ParcelLine, ParcelState
from chalicelib.domain.payments.news import RefundNews
from chalicelib.domain.settings import Settings
from chalicelib.domain.stock.capacity import Declared
from chalicelib.domain.stock.promise import Part
from chalicelib.jobs.outbox import Outbox
from chalicelib.jobs.sweep import Sweep
from chalicelib.jobs.workers import Workers
from chalicelib.payments.port import Reclaim
from chalicelib.payments.sandbox import Sandbox, SandboxEvent
from chalicelib.services.audit import audit
from chalicelib.services.planning import set_batch
from chalicelib.services.stage import Stage
from chalicelib.storage.kinds import AggregateStore
from chalicelib.storage.orders import SEARCH
from chalicelib.storage.store import Store
from chalicelib.storage.uploads import UploadStore

from tests.functions.helpers.front import UNKNOWN, Front

if TYPE_CHECKING:
    from chalicelib.sms import SmsMessage

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # noon in the village
TODAY = date(2026, 11, 24)
SECRET = "s" * 40
EVERY_DAY = Calendar()
JAR, POT = "spicy-cabbage-500g", "spicy-cabbage-1kg"
ROOMS = ("cabbage-1", "cabbage-2")
QUICK = Config(user_agent="tests", account_id_endpoint_mode="disabled")
"""Nothing of what botocore would find out anew for each call."""


def day(number: int) -> date:
    """The ship-by date that many days from today."""
    return TODAY + timedelta(days=number)


def text(words: str) -> Text:
    return Text(zh=words, en=words)


def make_catalog(
    postage: int = 0,
    prices: Mapping[str, int] | None = None,
    zones: Sequence[Zone] = (),
    calendar: Calendar = EVERY_DAY,
    **fields: Any,
) -> Catalog:
    """A shop with one product and two rooms that sell it; `fields` are the product's."""
    prices = prices or {JAR: 2990, POT: 5490}
    picture = Picture("/products/spicy-cabbage.svg", text("jar"))
    product = Product(
        id="spicy-cabbage",
        name=text("Spicy cabbage"),
        summary=text("x"),
        kind="food",
        village="gaotaizi",
        made_of=text("cabbage"),
        allergens=text("none"),
        storage=text("cold"),
        shelf_life=text("30 days"),
        date_rule=text("fresh"),
        maker=text("sample"),
        origin=text("Ji'an"),
        returns="fresh",
        pictures=(picture,),
        packs=tuple(Pack(sku, text(sku), price, 500) for sku, price in prices.items()),
        production=Production(per_day=60, lead_days=2, horizon_days=3),
        sample=True,
    )
    product = msgspec.structs.replace(product, **fields)
    village = Village("gaotaizi", text("Gaotaizi"), text("x"), text("x"), picture)
    seller = Seller(
        text("Shop"), text("x"), text("x"), text("x"), "x", postage=postage, zones=tuple(zones), calendar=calendar
    )
    rooms = [Room(id_, text(id_), text("x"), "gaotaizi", picture, products=("spicy-cabbage",)) for id_ in ROOMS]
    return Catalog("0123456789abcdef", seller, (village,), (product,), (), (), tuple(rooms), ())


def _parcels(state: State, quantity: int) -> tuple[Parcel, ...]:
    """The one parcel of an order in a state that it cannot be in without."""
    if state not in SOLD - {State.PAID}:
        return ()
    handed = None if state is State.PACKED else NOON
    return (Parcel(1, (ParcelLine(0, quantity),), NOON, state=ParcelState(state), handed=handed),)


def make_order(state: State = State.AWAITING_PAYMENT, quantity: int = 2, **fields: Any) -> Order:
    line = OrderLine(JAR, quantity, 2990, (Part(day(2), 0, quantity),))
    return msgspec.structs.replace(
        Order(
            number="1" * 20,
            state=state,
            placed=NOON,
            pay_by=NOON + timedelta(seconds=900),
            lines=(line,),
            postage=0,
            total=2990 * quantity,
            ship_to=Address("王小明", "+8613800138000", ("吉林省", "通化市", "集安市"), "高台子村一组"),
            lang="zh",
            provider="sandbox",
            fingerprint="f",
            history=(HistoryEntry(NOON, State.AWAITING_PAYMENT),),
            payment="sandbox-1" if state in SOLD else None,
            parcels=_parcels(state, quantity),
        ),
        **fields,
    )


def make_body(sku: str = JAR, quantity: int = 1, buyer: int = 0, **fields: Any) -> dict[str, Any]:
    """A checkout's body; each `buyer` has a phone and a house of their own."""
    return {
        "lines": [{"sku": sku, "quantity": quantity}],
        "ship_to": {
            "name": "王小明",
            "phone": f"138 0013 {8000 + buyer:04}",
            "region": ["吉林省", "通化市", "集安市"],
            "street": f"高台子村一组 {12 + buyer} 号",
        },
        "lang": "zh",
        "payment": "sandbox",
    } | fields


def make_key(number: int = 0) -> str:
    return f"key-of-a-test-{number:06}"


def make_table(client: Any, name: str = "shop") -> str:
    """The table as the stack's template has it."""
    client.create_table(TableName=name, **_table())
    return name


@cache
def _table() -> dict[str, Any]:
    class Loader(yaml.CSafeLoader):
        """Reads CloudFormation's short tags as plain values."""

    Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)
    template = yaml.load((ROOT / "infra/stack.yaml").read_text(), Loader)
    properties = template["Resources"]["Table"]["Properties"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {property: properties[property] for property in wanted}


@cache
def _session() -> botocore.session.Session:
    """One for all clients: it reads the service's description once."""
    return botocore.session.get_session()


def make_client(service: str = "dynamodb", **settings: Any) -> Any:
    given = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "config": QUICK}
    return _session().create_client(service, region_name="us-east-1", **given | settings)


class Carrier:
    """A mailer, or a sender of text messages, whose messages go to a function."""

    def __init__(self, deliver: Callable[[Any], object] = bool) -> None:
        self.deliver = deliver

    def send(self, message: Any) -> None:
        self.deliver(message)


class Bank(Sandbox):
    """A sandbox that keeps what it has paid back, by the refund's key: once, however often it is asked."""

    def __init__(self, *setup: Any) -> None:
        super().__init__(*setup)
        self.repaid: dict[str, Reclaim] = {}

    def refund(self, reclaim: Reclaim) -> RefundNews:
        self.repaid.setdefault(reclaim.key, reclaim)
        return super().refund(reclaim)


def letter_in(mail: EmailMessage) -> tuple[str, str]:
    """What a letter is about (an order's or a place's number, else a day), and the letter's name."""
    found = re.search(r"\.([0-9-]+)-([a-z]+)@", mail["Message-ID"])
    assert found
    return found[1], found[2]


class World:
    """A shop on a table in process.

    `calls` names each call to DynamoDB, `mails` each letter that went out, `sms` each text message.
    """

    def __init__(
        self, stock: Mapping[date, int] | None = None, client: Any = None, table: str = "", **catalog: Any
    ) -> None:
        self.now = NOON
        self.mails: list[EmailMessage] = []
        self.sms: list[SmsMessage] = []
        self.send_sms: Callable[[SmsMessage], object] = self.sms.append
        self.keys = Keys(SECRET)
        self.settings = Settings("shop", "secret", "local", "http://shop", timedelta(seconds=900), "shop@example.com")
        self.client = client or make_client()
        self.calls: list[str] = []
        self.client.meta.events.register("before-call.dynamodb", lambda model, **_: self.calls.append(model.name))
        self.store = Store(self.client, table or make_table(self.client), budget=0.2)
        self.sandbox = Bank("http://shop", self.keys, self._deliver)
        self.providers: dict[str, Any] = {"sandbox": self.sandbox}
        self.carriers: dict[str, Any] = {}
        self.uploads = UploadStore("photos.s3.us-east-1.amazonaws.com", "http://shop/uploads", lambda: self.bucket)
        self.shop = self.process(make_catalog(**catalog))
        for ship_by, units in (stock or {}).items():
            self.stock(units, ship_by)
        self.calls.clear()

    def process(self, catalog: Catalog, keys: Keys | None = None, store: Store | None = None) -> Front:
        """Another process of the same stage: its views are its own."""
        stage = Stage(catalog, self.settings, keys or self.keys, lambda: self.now)
        return Front(assemble(stage, store or self.store, self.providers, self.carriers, self.uploads))

    @cached_property
    def bucket(self) -> Any:
        """A client of the bucket of photographs."""
        client = make_client("s3")
        client.create_bucket(Bucket="photos")
        return client

    def send_photo(self, fields: Mapping[str, str], data: bytes) -> None:
        """Put a file where a form would, as the bucket lets a browser do."""
        self.bucket.put_object(Bucket="photos", Key=fields["key"], Body=data)

    @property
    def services(self) -> Services:
        """The services of the shop's own process."""
        return self.shop.services

    def text(self) -> None:
        """From now on the shop sends text messages."""
        self.settings = msgspec.structs.replace(self.settings, sms_by="sandbox", manager_mail="manager@example.com")
        self.shop = self.process(self.shop.catalog)

    def track(self, **services: Any) -> None:
        """From now on the shop has these carriers' services follow its parcels."""
        self.carriers = services
        self.settings = msgspec.structs.replace(self.settings, track=tuple(services))
        self.shop = self.process(self.shop.catalog)

    def stock(self, units: int, ship_by: date, sku: str = JAR, shards: int = 1) -> Declared:
        """Makes a batch that large; over so many shards, whatever rate is expected."""
        if shards == 1:
            return set_batch(self.shop.catalog, self.store, sku, ship_by, units)
        seen = next((batch for batch in self.store.stock.declared(sku, ship_by) if batch.ship_by == ship_by), None)
        assert self.store.stock.declare(sku, ship_by, seen, cap=units, shards=shards)
        return next(batch for batch in self.store.stock.settle(sku, ship_by).batches if batch.ship_by == ship_by)

    def differences(self) -> list[str]:
        """What the auditor finds."""
        return audit(self.store, village_day(self.now)).differences

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def place(self, key: int = 0, asker: Any = UNKNOWN, **body: Any) -> dict[str, Any]:
        """Places an order; each key is another buyer's unless the body says who buys."""
        return self.shop.place(make_key(key), json.dumps(make_body(**{"buyer": key, **body})).encode(), asker=asker)

    def pay(self, order: Mapping[str, Any], act: str = "pay") -> None:
        self.shop.act(order["order"], json.dumps({"act": act}).encode())

    def paid_event(self, order: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """Headers and body of one event that says that the order's payment has come."""
        event = SandboxEvent(secrets.token_hex(8), "paid", order["order"], f"sandbox-{order['order']}", order["total"])
        return self.sandbox.signed(event, self.now)

    def see(self, order: Mapping[str, Any]) -> dict[str, Any]:
        return self.shop.order(order["order"], order["token"])

    def left(self, sku: str = JAR) -> int:
        return int(self.shop.availability([sku])["items"][sku]["left"])

    def settle(self) -> None:
        """What the stream's consumer does after each change."""
        for search in [*AggregateStore(self.store.table, SEARCH).all()]:
            self.outbox().perform("search", search.number)
        for order in [*self.store.orders.all()]:
            self.outbox().perform("order", order.number)
        for waiter in [*self.store.waitlist.all()]:
            self.outbox().perform("waiter", waiter.number)

    def sweep(self) -> None:
        self.sweeper().run()

    def outbox(self, send: Callable[[EmailMessage], None] | None = None) -> Outbox:
        return self.workers(send).outbox

    def sweeper(self, send: Callable[[EmailMessage], None] | None = None) -> Sweep:
        return self.workers(send).sweep

    def workers(self, send: Callable[[EmailMessage], None] | None = None) -> Workers:
        return self.shop.workers(Carrier(send or self.mails.append), Carrier(lambda message: self.send_sms(message)))

    def _deliver(self, url: str, headers: dict[str, str], body: bytes) -> None:
        assert url == "http://shop/api/payments/sandbox/events"
        self.shop.handle_event("sandbox", headers, body)


MakeWorld = Callable[..., World]
"""What the fixture `make_world` gives."""
