"""The desk's first page tells how the day stands, and what needs a person is there as long as its cause."""

from collections.abc import Callable
from datetime import timedelta

from chalicelib.api.responses.today import today
from chalicelib.domain.actor import device
from chalicelib.domain.commands import AskRefund, BearNumber, PackParcel
from chalicelib.domain.desk.needs import NeedKind
from chalicelib.domain.orders.events import RefundTold
from chalicelib.domain.orders.model import RefundState
from chalicelib.services.desk import needs
from chalicelib.services.desk.today import SkuDay, look
from chalicelib.services.order_changes import change
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.ledger import keep
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.world import JAR, World, day, make_key

MakeWorld = Callable[..., World]
PACKER = device("0badcafe")


def stream(world: World, stream: Stream) -> None:
    records = stream.read()
    keep(world.store.ledger, records)
    needs.keep(world.store.needs, needs.changes(records))
    world.shop.figures.count("shard", records)


def of_today(world: World) -> SkuDay:
    return next(one for one in look(world.shop.stage, world.store).units if (one.sku, one.day) == (JAR, day(0)))


def test_a_day_is_told_from_the_first_sale_to_what_is_late(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(10, day(0))
    told = Stream(world)
    placed = [world.place(number, quantity=2) for number in range(3)]
    for order in placed:
        world.pay(order)
    stream(world, told)
    found = of_today(world)
    assert (found.made, found.promised, found.left, found.packed, found.handed) == (10, 6, 4, 0, 0)
    bench = Bench(world.shop.stage, world.store)
    _, parcel = bench.pack(placed[0]["order"], PackParcel(revision=1), make_key(9), PACKER)
    bench.pack(placed[1]["order"], PackParcel(revision=1), make_key(10), PACKER)
    bench.hand_over(f"{placed[0]['order']}-{parcel.n}", BearNumber(carrier="sf", tracking_number="SF1"), PACKER)
    Refunds(world.store, world.shop.stage.clock).ask(
        placed[2]["order"], AskRefund("酸了", amount=500), make_key(11), PACKER
    )
    stream(world, told)
    found, now = of_today(world), look(world.shop.stage, world.store)
    assert (found.packed, found.handed, found.late) == (4, 2, 0)
    assert [(one.payments, one.came, one.refunds, one.went) for one in now.money] == [
        (3, 3 * placed[0]["total"], 1, 500)
    ]
    assert (now.to_pack, now.late) == (1, 0)
    world.later(timedelta(days=1).total_seconds())
    now = look(world.shop.stage, world.store)
    assert (now.to_pack, now.late, sum(one.late for one in now.units)) == (0, 1, 2)
    written = today(now, world.shop.stage)
    assert written["workshops"][0]["products"][0]["days"][0]["late"] == 2
    assert written["waits"] == {"claims": 0, "voices": 0, "books": 0, "invoices": 0}
    assert written["orders"] == {"to_pack": 0, "late": 1, "stopped": 0}


def test_a_need_stands_until_it_is_seen_to_and_a_replay_of_the_stream_ends_the_same(make_world: MakeWorld) -> None:
    world = make_world()
    world.stock(10, day(0))
    told = Stream(world)
    order = world.place()
    world.pay(order)
    refunds = Refunds(world.store, world.shop.stage.clock)
    _, refund = refunds.ask(order["order"], AskRefund("酸了", amount=500), make_key(1), PACKER)
    stream(world, told)
    assert not list(world.store.needs.all())

    def hear(state: RefundState) -> None:
        event = RefundTold(key=refund.key, payment=refund.payment, state=state)
        change(world.store, world.shop.stage.clock, order["order"], lambda _: event)
        stream(world, told)

    hear(RefundState.HAND)
    assert [(one.kind, one.about) for one in world.store.needs.all()] == [(NeedKind.REFUND, order["order"])]
    needs.keep(world.store.needs, needs.changes(told.records))
    assert len(list(world.store.needs.all())) == 1
    refunds.paid_by_hand(order["order"], refund.key)
    refunds.paid_by_hand(order["order"], refund.key)
    stream(world, told)
    assert not list(world.store.needs.all())
    needs.keep(world.store.needs, needs.changes(told.records))
    assert not list(world.store.needs.all())
