"""What jobs do to the table when money comes in odd ways: no more than the roles of their functions allow."""

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.orders.model import State
from chalicelib.domain.payments.news import Money
from chalicelib.domain.payments.strays import BookTo
from cunbo.standins.base import Misbehaviour

from tests.functions.helpers.tills import Tills
from tests.functions.helpers.world import World, day
from tests.functions.jobs.roles import Watched, allowed

MakeWorld = Callable[..., World]
LATE = 1000
"""Seconds after which a hold has ended."""


def paid_twice(tills: Tills) -> str:
    """Paid by what the buyer has left, of which no news comes: the job that closes it finds the money."""
    placed = tills.world.place(email="li@example.com")
    tills.pay(placed, "stripe")
    tills.begin(placed, "alipay")
    return str(placed["order"])


def paid_late(tills: Tills) -> str:
    number = paid_twice(tills)
    tills.world.services.orders.end_hold(tills.world.shop.orders.load(number))
    return number


def paid_days_late(tills: Tills) -> str:
    """Its hold ended unseen, and its day is over: its units become free again."""
    number = paid_twice(tills)
    tills.later(3 * 86_400)
    return number


def booked(tills: Tills) -> str:
    """Money without a name is put to an order that has expired, and takes its units again."""
    placed = tills.world.place(email="li@example.com")
    tills.later(LATE)
    tills.world.sweep()
    return to(tills, placed)


def booked_in_time(tills: Tills) -> str:
    return to(tills, tills.world.place(email="li@example.com"))


def to(tills: Tills, placed: Any) -> str:
    payments = tills.world.services.payments
    payments.hear("wechat", [Money(event="e", reference="none-of-ours", payment="p", amount=2990, currency="CNY")])
    [found] = tills.world.store.strays.all()
    payments.stray_told(found.number, BookTo(placed["order"], OPERATOR))
    return str(placed["order"])


@pytest.mark.parametrize("function", ["outbox", "sweep"])
@pytest.mark.parametrize("case", [paid_twice, paid_late, paid_days_late, booked, booked_in_time])
def test_a_job_that_finds_money_may_book_it(make_world: MakeWorld, case: Callable[[Tills], str], function: str) -> None:
    tills = Tills(make_world({day(2): 30}), Misbehaviour(never=1))
    number, strays = case(tills), [*tills.world.store.strays.all()]
    watched = Watched(tills.world)
    if function == "outbox":
        tills.world.outbox().perform("order", number)
        for found in strays:
            tills.world.outbox().perform("stray", found.number)
    else:
        tills.later(120)
        tills.world.sweep()
    assert watched.asked <= allowed(function), f"functions/.chalice/policy-{function}.json"
    order = tills.world.shop.orders.load(number)
    assert (order.state is State.PAID) or [refund.amount for refund in order.refunds] == [order.total]
