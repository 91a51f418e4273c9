"""A day of orders at each provider with everything misbehaving at once, through the whole shop: every fen of the
provider's own books is on an order, in a refund, or listed by the reconciliation.

Of 100 orders a provider in the tests, as two days of 50, each in a shop of its own, since the table in process copies
itself for each transaction; BAD_DAYS=40 beside the command makes it 2,000.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.calendar import village_day
from chalicelib.domain.commands import AskRefund
from chalicelib.domain.errors import Busy, Invalid, PaymentAway, WrongState
from chalicelib.domain.orders.model import RefundState, State
from chalicelib.domain.payments.news import RowKind
from chalicelib.domain.payments.strays import StrayState
from chalicelib.services.payments.channels import Surroundings
from chalicelib.services.payments.reconciliation import Wrong, last_days, reconcile
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.tills import DESKTOP, PHONE, WECHAT, Tills
from tests.functions.helpers.world import World, day, make_key
from tests.functions.payments.contract import BENCHES, WORST

MakeWorld = Callable[..., World]
ORDERS = 50
DAYS = range(int(os.environ.get("BAD_DAYS", "2")))
WHERE: dict[str, tuple[Surroundings, ...]] = {
    "wechat": (DESKTOP, PHONE, WECHAT),
    "alipay": (DESKTOP, PHONE),
    "stripe": (DESKTOP,),
}


def pay(tills: Tills, placed: Mapping[str, Any]) -> None:
    """Pays by the latest attempt, where its provider has answered."""
    attempts = tills.order(placed).attempts
    if attempts and attempts[-1].until:
        tills.hand_over(placed, attempts[-1])


def live(tills: Tills, method: str, dice: Random) -> None:
    """Has the buyers of a day order, pay in time, late, twice or not at all, cancel, and get something back."""
    world, bench = tills.world, tills.benches[method]
    refunds = Refunds(world.store, lambda: world.now)
    orders: list[dict[str, Any]] = []
    for n in range(ORDERS):
        placed = world.place(n, quantity=1 + n % 3, payment=method)
        orders.append(placed)
        with suppress(PaymentAway, WrongState, Busy):
            tills.begin(placed, method, dice.choice(WHERE[method]))
        if dice.random() < 0.8:
            pay(tills, placed)
        if dice.random() < 0.2:  # in another tab
            with suppress(PaymentAway, WrongState, Busy):
                tills.begin(placed, method, dice.choice(WHERE[method]))
                pay(tills, placed)
        earlier = dice.choice(orders)
        if dice.random() < 0.1:
            with suppress(WrongState):
                world.shop.cancel(earlier["order"], earlier["token"])
        elif dice.random() < 0.2:
            with suppress(WrongState, Invalid):
                asked = AskRefund("sorry", amount=dice.randint(1, 4000))
                refunds.ask(earlier["order"], asked, make_key(n), OPERATOR)
        if n == ORDERS // 2:
            bench.stand_in.switch_keys()
            bench.provider = world.providers[method] = bench.rebuilt()
        if n % 10 == 0:
            tills.later(120)
            bench.stand_in.deliver()
            world.sweep()
    bench.stand_in.settle()


@pytest.mark.slow
@pytest.mark.parametrize("seed", DAYS)
@pytest.mark.parametrize("method", BENCHES)
def test_every_fen_of_a_bad_day_is_on_an_order_or_in_a_refund_or_listed(
    make_world: MakeWorld, method: str, seed: int
) -> None:
    tills = Tills(make_world({day(2): 3 * ORDERS}), WORST)
    world, bench, dice = tills.world, tills.benches[method], Random(seed)
    bench.stand_in.dice.seed(seed)
    stream = Stream(world)
    started = village_day(world.now)
    live(tills, method, dice)
    stream.keep()
    for _ in range(60):
        tills.later(1800)
        bench.stand_in.deliver()
        bench.stand_in.settle()
        world.sweep()
        if not [*world.store.due_by(world.now + timedelta(days=1))]:
            break
    stream.keep()
    assert bench.stand_in.deliver() == 0
    books = bench.stand_in.books
    orders = [*world.store.orders.all()]
    strays = [*world.store.strays.all()]
    assert {order.state for order in orders} >= {State.PAID, State.EXPIRED, State.REFUNDED}
    assert set(tills.answers) <= {200, 204, 401}
    assert bench.stand_in.fooled == 0

    paid = {order.payment: order.total for order in orders if order.payment}
    back = {one.payment: one.paid or order.total for order in orders for one in order.refunds}
    known = Counter(back | paid | {one.payment: one.amount for one in strays})
    came = Counter({one.payment: one.amount for one in books if one.kind == "payment"})
    keys = {one.key: one for order in orders for one in order.refunds}
    ended = {one.key for one in books if one.kind == "refund_failure"}
    went = Counter({one.key: one.amount for one in books if one.kind == "refund" and one.key not in ended})
    given = Counter({key: one.amount for key, one in keys.items() if one.state is RefundState.DONE})
    given += Counter({one.key: one.amount for one in strays if one.state is StrayState.RETURNED})
    hand = {key for key, one in keys.items() if one.state is RefundState.HAND}

    world.now += timedelta(days=2)
    tills.later(0)
    days = [*last_days(village_day(world.now)), village_day(world.now) - timedelta(days=1)]
    days = sorted({one for one in days if one >= started} | {started})
    found = []
    for _ in range(60):  # a provider that is away is asked again, as the afternoon does
        found = reconcile(world.store, {method: bench.provider}, days, village_day(world.now))
        if not any(one.wrong is Wrong.MISSING for one in found):
            break
        tills.later(60)
    listed = Counter[str]()
    for one in found:
        listed[one.about] += one.theirs
    assert came - known - listed == Counter(), "money that nobody knows of"
    assert known - came == Counter(), "money that never came"
    assert {key: amount for key, amount in (went - given).items() if key not in hand and not listed[key]} == {}
    assert given - went == Counter(), "what was said to have gone back has"
    assert [one for one in found if one.wrong in (Wrong.THEIRS, Wrong.AMOUNT, Wrong.MISSING, Wrong.FEE)] == []
    assert {one.kind for one in found if one.wrong is Wrong.OURS} <= {RowKind.REFUND}
    assert world.differences() == []
    for order in orders:
        mine = sum(one.amount for one in order.refunds if one.payment == order.payment and one.state != "failed")
        assert mine <= order.total
