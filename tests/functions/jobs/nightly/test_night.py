"""The night's job on a shop that has sold, sent, given back and been late: books, invoices, open books."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.api.responses.desk import books as told
from chalicelib.catalog import PriceParts
from chalicelib.domain.actor import Actor
from chalicelib.domain.aftersales.invoices import InvoiceWish
from chalicelib.domain.commands import AskRefund, BearNumber, PackParcel
from chalicelib.domain.desk.kept import hash_of
from chalicelib.domain.payments.ledger import Billed
from chalicelib.jobs.nightly import night
from chalicelib.jobs.nightly.night import close_day
from chalicelib.services.aftersales.invoices import Invoices
from chalicelib.services.desk.books import ShopBooks
from chalicelib.services.desk.shares import Shares
from chalicelib.services.order_changes import cancel_by_seller
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.refunds import Refunds
from chalicelib.storage.desk.kept import KeptFile

from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.world import JAR, TODAY, World, day, letter_in, make_key

MakeWorld = Callable[..., World]
LI = Actor("device:0badcafe")


class Bucket:
    """Takes what is published, as S3's client does."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put_object(self, *, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803 - S3's own words
        self.files[Key] = Body

    @property
    def records(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.files["kept/days.json"])["records"]
        return found


class Shop:
    """A village on a day that ships, with its stream, its bench and its night."""

    def __init__(self, world: World) -> None:
        self.world, self.bucket, self.stream = world, Bucket(), Stream(world)
        self.bench = Bench(world.services.stage, world.store)
        self.orders = [world.place(n, quantity=1 + n % 2) for n in range(7)]
        for order in self.orders:
            world.pay(order)
        self.later(days=2)  # the jars of these orders ship today

    def later(self, **span: int) -> None:
        self.stream.keep()
        self.world.later(timedelta(**span).total_seconds())

    def send(self, n: int) -> None:
        parcel = self.bench.pack(self.orders[n]["order"], PackParcel(1), make_key(100 + n), LI)[1]
        self.bench.hand_over(f"{self.orders[n]['order']}-{parcel.n}", BearNumber("sf", f"SF12345678901{n:02}"), LI)

    def refund(self, n: int, amount: int) -> None:
        refunds = Refunds(self.world.store, self.world.services.stage.clock)
        refunds.ask(self.orders[n]["order"], AskRefund("broken", amount=amount), make_key(200 + n), LI)
        self.world.settle()
        self.stream.keep()

    def night(self, so_long: bool = True) -> None:
        close_day(self.world.services, lambda: so_long, KeptFile(self.bucket, "site"))

    def books(self) -> ShopBooks:
        return ShopBooks(self.world.shop.catalog, self.world.store, lambda: self.world.now)


@pytest.fixture
def shop(make_world: MakeWorld) -> Shop:
    world = make_world({day(2): 20})
    catalog = world.shop.catalog
    packs = [msgspec.structs.replace(one, parts=PriceParts(900, 500, 300, 800)) for one in catalog.products[0].packs]
    product = msgspec.structs.replace(catalog.products[0], packs=tuple(packs))
    world.shop = world.process(msgspec.structs.replace(catalog, products=(product,)))
    return Shop(world)


def test_a_day_is_closed_once_however_often_and_what_comes_later_is_put_to_it(shop: Shop) -> None:
    world = shop.world
    for n in range(5):
        shop.send(n)
    cancel_by_seller(world.store, lambda: world.now, shop.orders[5]["order"])
    shop.refund(0, 990)
    shop.later(days=1)
    shop.send(6)  # a day late
    shop.night()
    first = shop.books().of(f"{TODAY}")
    assert (first.sums.of("orders", "all"), first.sums.of("came"), first.stale) == (7, 10 * 2990, [])
    sent = shop.books().of(f"{day(2)}").sums
    assert (sent.of("went"), sent.rows("reasons").keys()) == (990 + 2 * 2990, {"cancelled", "seller"})
    [record] = shop.bucket.records
    seals = world.store.trail.seals()
    assert ([one.day for one in seals], record["seal"]) == ([day(2)], seals[0].sha)
    assert (record["day"], record["planned"], record["hash"]) == (f"{day(2)}", 20, hash_of(record))
    assert record["told"] == {
        **{"since": f"{day(2)}", "sold": 8, "orders": 6, "in_time": 5, "late": 1, "moved": 0, "agreed": 0},
        **{"cancelled": 1, "refunds": 2, "refunded": 6970},
    }
    before, calls = shop.bucket.files.copy(), len(world.calls)
    shop.night()
    assert (shop.bucket.files, shop.books().of(f"{TODAY}").days) == (before, first.days), "again changes nothing"
    assert "Scan" not in world.calls[calls:]
    for line in world.store.ledger.day(TODAY):  # the statement comes a day later
        world.store.ledger.bill(line.entry, Billed(day(1), 1, line.entry.amount, 18))
    assert shop.books().of(f"{TODAY}"[:7]).stale == [TODAY]
    assert shop.books().of(f"{TODAY}").sums.of("fees") == 7 * 18, "a day that changed is made on the spot"
    shop.night()
    month = shop.books().of("2026-11")
    assert (month.stale, month.sums.of("fees"), month.sums.of("came")) == ([], 126, 29900)
    assert told.span(month, world.shop.catalog)["money"]["net"] == 29900 - 6970 - 126
    shop.later(days=1)
    shop.night()  # nothing was promised for that day: told with later ones, and the same as ever about the day before
    assert [(one["kind"], one["day"], bool(one["told"])) for one in shop.bucket.records] == [
        ("day", f"{day(2)}", True),
        ("day", f"{day(3)}", False),
    ]
    hands = Shares(world.services.stage, world.store).of_hands("2026-11")
    assert [(one.sku, one.units, one.fen) for one in hands] == [(JAR, 8, 8 * 900)]


def test_what_was_entered_too_late_is_corrected_by_a_record_of_its_own(shop: Shop) -> None:
    for n in range(6):
        shop.send(n)
    shop.later(days=1)
    shop.night()
    assert shop.bucket.records[0]["told"]["late"] == 1
    shop.world.now -= timedelta(hours=20)
    shop.send(6)  # the parcel had left in time, and was scanned the next morning on a phone without a network
    shop.world.now += timedelta(hours=20)
    shop.night()
    first, fixed = shop.bucket.records
    assert (fixed["kind"], fixed["day"], fixed["told"]["late"], fixed["before"]) == (
        *("correction", f"{day(2)}", 0),
        first["hash"],
    )


def test_a_step_that_fails_keeps_none_from_its_turn_and_the_next_night_makes_up_for_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.later(days=1)
    with monkeypatch.context() as broken:
        broken.setattr(night.ShopBooks, "close", lambda *_: 1 / 0)
        with pytest.raises(RuntimeError, match="night: books could not be done"):
            shop.night()
    assert [one["day"] for one in shop.bucket.records] == [f"{day(2)}"]
    shop.later(days=2)
    shop.night(so_long=False)
    assert shop.books().of(f"{TODAY}").days[0].at == shop.world.now, "it is not closed: made of the ledger as it is"
    shop.night()
    kept = shop.world.store.books.load(TODAY)
    assert kept.books and not kept.stale
    assert [one["day"] for one in shop.bucket.records] == [f"{day(n)}" for n in (2, 3, 4)]


def test_an_invoice_is_asked_for_issued_told_and_taken_back_in_red(shop: Shop) -> None:
    world, invoices = shop.world, Invoices(shop.world.services.stage, shop.world.store)
    order = world.shop.orders.load(shop.orders[1]["order"])
    invoices.ask(order, InvoiceWish("person", "", "li@example.com"))
    wish = InvoiceWish("company", "示例公司", "li@example.com", "22058212345678X")
    asked = invoices.ask(order, wish)
    assert invoices.ask(order, wish) == asked
    [listed] = invoices.listed("asked", "")
    assert (listed.invoice.wish.title, told.invoices([listed])["invoices"][0]["left"]) == ("示例公司", 5980)
    issued = invoices.issue(order.number, "2" * 20, LI)
    assert invoices.issue(order.number, "2" * 20, LI) == issued
    world.outbox().perform("invoice", order.number)
    assert [letter_in(mail) for mail in world.mails[-1:]] == [(order.number, "invoiced")]
    assert world.mails[-1]["To"] == "li@example.com"
    assert (invoices.listed("asked", ""), len(invoices.listed("issued", "2026-11"))) == ([], 1)
    shop.refund(1, 980)
    shop.later(days=1)
    shop.night()
    [red] = invoices.listed("red", "")
    assert red.invoice.due_red == 980
    invoices.redden(order.number, "3" * 20, LI)
    assert (invoices.listed("red", ""), world.store.invoices.load(order.number).standing) == ([], 5000)  # type: ignore[union-attr]


def test_shares_of_an_order_take_its_own_fee_and_else_what_others_cost(shop: Shop) -> None:
    world, shares = shop.world, Shares(shop.world.services.stage, shop.world.store)
    order = world.shop.orders.load(shop.orders[0]["order"])
    assert shares.of_order(order).parts == (900, 500, 300, 800, 0, 490)
    by_wechat = msgspec.structs.replace(order, provider="wechat", number="8" * 20, payment="w")
    [paid] = [one for one in world.store.ledger.day(TODAY) if one.entry.order == order.number]
    entry = msgspec.structs.replace(paid.entry, provider="wechat", id="w", payment="w", order="8" * 20)
    world.store.ledger.keep({entry: 1})
    assert shares.of_order(by_wechat).fee_from == "none"
    world.store.ledger.bill(entry, Billed(TODAY, 1, 2990, 18))
    assert (shares.of_order(by_wechat).fee_from, shares.of_order(by_wechat).parts.fees) == ("statement", 18)
    shop.later(days=1)
    shop.night()
    other = msgspec.structs.replace(by_wechat, payment="x")
    assert (shares.of_order(other).fee_from, shares.of_order(other).parts.fees) == ("average", 18)
    assert sum(shares.of_order(other).parts) == 2990
