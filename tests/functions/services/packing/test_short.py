"""What is missing or broken at the bench: money by line, stock that nobody else can be sold, and the rest goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.actor import device
from chalicelib.domain.commands import AskRefund, BearNumber, PackLine, PackParcel, ReportShort
from chalicelib.domain.errors import CannotPack, Invalid, KeyReused, NotFound, PackFault, WrongState
from chalicelib.domain.orders.model import Order, RefundReason, State
from chalicelib.domain.packing.board import BoardStage
from chalicelib.services.order_changes import cancel_by_seller, postpone
from chalicelib.services.packing.bench import Bench
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.world import JAR, POT, World, day, letter_in, make_key

MakeWorld = Callable[..., World]
CHEN = device("0badcafe")


class Village:
    """A shop with 6 jars of one batch, and orders that are paid."""

    def __init__(self, world: World) -> None:
        self.world, self.bench = world, Bench(world.services.stage, world.store)
        self.refunds = Refunds(world.store, world.services.stage.clock)

    def paid(self, n: int = 0, **fields: Any) -> str:
        order = self.world.place(n, **fields)
        self.world.pay(order)
        return str(order["order"])

    def order(self, number: str) -> Order:
        return self.world.shop.orders.load(number)

    def short(self, number: str, quantity: int = 1, key: int = 1, sku: str = JAR) -> Order:
        order, _ = self.refunds.ask(number, ReportShort(sku, quantity, "裂了"), make_key(key), CHEN)
        return order

    def cancel(self, number: str) -> Order:
        return cancel_by_seller(self.world.store, self.world.shop.clock, number)

    def left(self) -> int:
        return sum(batch.left for batch in self.world.store.stock.batches(JAR, day(1)))


@pytest.fixture
def village(make_world: MakeWorld) -> Village:
    return Village(make_world({day(2): 6}, postage=600))


def test_a_short_line_is_paid_back_and_the_rest_is_packed_by_a_new_label(village: Village) -> None:
    number = village.paid(quantity=3)
    village.bench.wave([number], "W1", CHEN)
    order = village.short(number)
    [refund] = order.refunds
    assert (refund.amount, refund.postage, refund.reason, refund.by) == (2990, 0, RefundReason.SHORT, CHEN)
    assert (order.state, order.revision) == (State.PAID, 2)
    [entry] = village.bench.board()
    assert (entry.stage, entry.units) == (BoardStage.OUTDATED, ((JAR, 2),))
    with pytest.raises(CannotPack) as refused:
        village.bench.pack(number, PackParcel(1), make_key(9), CHEN)
    assert refused.value.reason is PackFault.OLD_LABEL
    _, parcel = village.bench.pack(number, PackParcel(2), make_key(9), CHEN)
    assert parcel.units == 2
    assert village.order(number).state is State.PACKED
    village.world.settle()
    assert [back.amount for back in village.world.sandbox.repaid.values()] == [2990]
    assert village.world.differences() == []


@pytest.mark.parametrize("after", ["nothing", "the buyer cancels", "the village cancels"])
def test_units_that_there_are_not_are_never_on_sale_again(village: Village, after: str) -> None:
    placed = village.world.place(0, quantity=3)
    village.world.pay(placed)
    number = placed["order"]
    assert village.left() == 3
    village.short(number)
    if after == "the buyer cancels":
        village.world.shop.cancel(number, placed["token"])
    elif after == "the village cancels":
        village.cancel(number)
    assert village.left() == (3 if after == "nothing" else 5)
    assert village.world.differences() == []


def test_where_nothing_else_is_left_the_order_is_cancelled_with_its_postage(village: Village) -> None:
    number = village.paid(quantity=2, email="li@example.com")
    village.bench.wave([number], "W1", CHEN)
    order = village.short(number, 2)
    assert (order.state, [one.amount for one in order.refunds]) == (State.CANCELLED, [6580])
    assert order.history[-1].by == CHEN
    assert village.bench.board()[0].stage is BoardStage.STOP
    assert village.left() == 4
    village.world.settle()
    assert village.order(number).state is State.REFUNDED
    told = {text for mail in village.world.mails for _, text in [letter_in(mail)]}
    assert "withdrawn" in told
    assert "short" not in told
    assert village.world.differences() == []


def test_the_last_of_several_shorts_cancels_and_all_money_goes_back_once(village: Village) -> None:
    number = village.paid(quantity=2)
    village.short(number, key=1)
    order = village.short(number, key=2)
    assert order.state is State.CANCELLED
    assert sum(one.amount for one in order.refunds) == order.total
    assert village.left() == 4


def test_what_is_missing_in_a_packed_parcel_has_it_taken_apart(village: Village) -> None:
    number = village.paid(quantity=2)
    village.bench.pack(number, PackParcel(1), make_key(9), CHEN)
    village.short(number)
    assert village.bench.board()[0].stage is BoardStage.UNPACK
    village.bench.unpack(f"{number}-1", CHEN)
    _, parcel = village.bench.pack(number, PackParcel(2), make_key(10), CHEN)
    assert parcel.units == 1
    assert village.world.differences() == []


def test_what_has_left_cannot_be_short_and_the_rest_may_be(village: Village) -> None:
    number = village.paid(quantity=3)
    village.bench.pack(number, PackParcel(1, (PackLine(JAR, 2),)), make_key(9), CHEN)
    village.bench.hand_over(f"{number}-1", BearNumber("sf"), CHEN)
    with pytest.raises(Invalid) as refused:
        village.short(number, 2)
    assert [(fault.pointer, fault.left) for fault in refused.value.faults] == [("/quantity", 1)]
    assert village.short(number, 1).state is State.SHIPPED
    with pytest.raises(WrongState):
        village.short(number, 1, key=2)


def test_one_key_is_one_refund_and_belongs_to_what_it_asked_for(village: Village) -> None:
    number = village.paid(quantity=3)
    assert len({village.short(number).version for _ in range(3)}) == 1
    assert len(village.order(number).refunds) == 1
    with pytest.raises(KeyReused):
        village.short(number, 2)
    with pytest.raises(KeyReused):
        village.refunds.ask(number, AskRefund(amount=5), make_key(1), CHEN)


def test_a_postponed_order_takes_no_units_for_what_is_missing(village: Village) -> None:
    village.world.stock(6, day(4))
    number = village.paid(quantity=3)
    village.short(number)
    postpone(village.world.store, village.world.shop.clock, number, day(4))
    batches = {batch.ship_by: batch.left for batch in village.world.store.stock.batches(JAR, day(1))}
    assert batches == {day(2): 5, day(4): 4}
    assert village.world.differences() == []


def test_what_goes_back_is_never_more_than_was_paid(village: Village) -> None:
    number = village.paid(quantity=2)
    village.refunds.ask(number, AskRefund(amount=5000), make_key(8), CHEN)
    order = village.short(number)
    assert [one.amount for one in order.refunds] == [5000, 1580]
    with pytest.raises(WrongState):
        village.short(number, 1, key=2)
    assert village.cancel(number).state is State.CANCELLED


def test_an_order_that_is_not_paid_or_is_none_has_nothing_short(village: Village) -> None:
    with pytest.raises(WrongState):
        village.short(str(village.world.place(1)["order"]))
    with pytest.raises(NotFound):
        village.short("9" * 20)
    with pytest.raises(Invalid):
        village.short(village.paid(2), sku=POT)
