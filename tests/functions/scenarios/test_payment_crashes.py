"""Paying by real providers, cut off at each write: nothing is lost, and nothing paid or returned twice.

The process is gone, and the provider, the buyer or the sweep asks again. **To add a case, add a line to `CASES`.**
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.commands import AskRefund
from chalicelib.domain.orders.model import Order, RefundState
from chalicelib.domain.payments.attempts import AttemptState
from chalicelib.domain.payments.news import Money
from chalicelib.domain.payments.strays import GiveBack, StrayState
from chalicelib.services.payments.refunds import Refunds
from cunbo.standins.base import Misbehaviour, Request

from tests.functions.helpers.crash_points import CrashPoints, Died, Side
from tests.functions.helpers.tills import Tills
from tests.functions.helpers.world import World, day, make_key
from tests.functions.payments.contract import BENCHES

MakeWorld = Callable[..., World]
ALL, ONE = frozenset(BENCHES), frozenset({"wechat"})


class Case:
    """One order at one provider, up to what is cut off."""

    def __init__(self, tills: Tills, method: str, number: int) -> None:
        self.tills, self.world, self.method, self.number = tills, tills.world, method, number
        self.bench = tills.benches[method]
        self.placed = self.world.place(number, quantity=2, payment=method)

    def order(self) -> Order:
        return self.tills.order(self.placed)

    def begin(self) -> None:
        self.tills.begin(self.placed, self.method)

    def pay(self) -> None:
        self.tills.pay(self.placed, self.method)

    def paid(self) -> None:
        self.pay()
        self.hear()
        self.world.outbox().perform("order", self.placed["order"])

    def hear(self) -> None:
        """The provider tells of the payment, and again until it is heard."""
        bill = self.world.services.payments.bill(self.order(), self.tills.attempt(self.placed, 1))
        money = self.bench.provider.query(bill)
        assert isinstance(money, Money)
        self.world.services.payments.hear(self.method, [money])

    def left(self) -> None:
        """It was begun, nobody has paid, and its hold has ended."""
        self.begin()
        self.tills.later(931)

    def paid_unheard(self) -> None:
        self.pay()
        self.tills.later(931)

    def paid_late(self) -> None:
        """Its hold has ended, and somebody pays in the moment of the closing, of which no news ever comes."""
        self.begin()
        if self.method == "alipay":  # it knows of nothing that nobody has opened
            query = self.tills.attempt(self.placed).handle["url"].partition("?")[2]
            self.bench.stand_in.answer(Request("GET", "/gateway.do", query, {}, b""))
        self.tills.later(931)
        self.sweep()
        self.bench.stand_in.how = self.bench.stand_in.post.how = Misbehaviour(paid_late=1, never=1)

    def sweep(self) -> None:
        self.world.sweep()

    def perform(self) -> None:
        self.world.outbox().perform("order", self.placed["order"])

    def ask_refund(self) -> None:
        self.tills.later(61)
        asked = AskRefund("sorry", amount=980)
        Refunds(self.world.store, lambda: self.world.now).ask(self.placed["order"], asked, make_key(7), OPERATOR)

    def cancelled(self) -> None:
        self.paid()
        self.tills.later(61)
        self.world.shop.cancel(self.placed["order"], self.placed["token"])

    def cancelled_and_slow(self) -> None:
        self.cancelled()
        self.bench.stand_in.how = Misbehaviour(refund_pending=1)

    def gone_back(self) -> None:
        """The refund goes on, and the shop asks how it stands."""
        self.bench.stand_in.settle()
        self.tills.later(3600)
        self.perform()

    def taken_up(self) -> None:
        self.cancelled_and_slow()
        self.perform()

    def change(self) -> None:
        """The buyer goes over to another method."""
        self.tills.begin(self.placed, min(ALL - {self.method}))


@dataclass(frozen=True)
class Cut:
    """What has happened, and what is cut off; how much of what came is kept, or None where either is right.

    `methods`: those by which it is tried, where what is cut off asks no provider for more than others do.
    """

    before: Callable[[Case], None]
    act: Callable[[Case], None]
    kept: int | None
    came: int = 1
    methods: frozenset[str] = ALL


TOTAL = 5980
CASES = {
    "begin": Cut(lambda _: None, Case.begin, 0, came=0),
    "begin-by-another-method": Cut(Case.begin, Case.change, 0, came=0, methods=ONE),
    "event": Cut(Case.pay, Case.hear, TOTAL),
    "end-of-a-hold": Cut(Case.left, Case.sweep, 0, came=0),
    "end-of-a-hold-that-was-paid": Cut(Case.paid_unheard, Case.sweep, TOTAL, methods=ONE),
    "close-in-whose-moment-somebody-pays": Cut(Case.paid_late, Case.perform, None),
    "part-refund": Cut(Case.paid, Case.ask_refund, TOTAL - 980, methods=ONE),
    "refund": Cut(Case.cancelled, Case.perform, 0),
    "refund-that-is-taken-up": Cut(Case.cancelled_and_slow, Case.perform, 0),
    "refund-that-has-gone-back": Cut(Case.taken_up, Case.gone_back, 0),
}


def rest(tills: Tills) -> None:
    """Lets all calm down: nobody misbehaves any more, and hours go by."""
    for bench in tills.benches.values():
        bench.stand_in.how = bench.stand_in.post.how = Misbehaviour()
    for _ in range(3):
        tills.later(3600)
        for bench in tills.benches.values():
            bench.stand_in.settle()
            bench.stand_in.deliver()
        tills.world.sweep()


def fates(crash: CrashPoints) -> Iterator[tuple[int, Side]]:
    """Before each write of what is done now, so that what a provider was asked for before it is not noted; and after
    the last. After any other, a process that begins anew does what this one would have done.
    """
    for write in count(1):
        yield write, "before"
        if crash.writes < write:
            yield write - 1, "after"
            return


@pytest.mark.parametrize(
    ("name", "method"), [(name, method) for name in CASES for method in sorted(CASES[name].methods)]
)
def test_what_is_cut_off_at_any_write_loses_no_money_and_moves_none_twice(
    make_world: MakeWorld, name: str, method: str
) -> None:
    tills, cut = Tills(make_world({day(2): 200})), CASES[name]
    crash, died = CrashPoints(tills.world.client), 0
    for number, fate in enumerate(fates(crash)):
        case = Case(tills, method, number)
        cut.before(case)
        try:
            with crash.at(fate):
                cut.act(case)
        except Died:
            died += 1
            tills.world.shop = tills.world.process(tills.world.shop.catalog)
            cut.act(case)
        writes, _ = crash.writes, rest(tills)
        crash.writes = writes
        order = case.order()
        mine = [one for one in case.bench.stand_in.books if one.reference.startswith(order.number)]
        came = sum(one.amount for one in mine if one.kind == "payment")
        back = [one for one in mine if one.kind == "refund"]
        kept = came - sum(one.amount for one in back)
        where = f"{name} at {fate}: {order.state}"
        assert came == cut.came * order.total, where
        assert kept in ({cut.kept} if cut.kept is not None else {0, order.total}), where
        assert (order.state == "paid") is (kept > 0), where
        assert sorted(one.key for one in back) == sorted(one.key for one in order.refunds), where
        assert all(one.state is RefundState.DONE for one in order.refunds), where
        assert all(one.state is not AttemptState.OPEN for one in order.attempts), where
        assert order.outbox == (), where
    assert died >= 2
    assert tills.world.differences() == []


@pytest.mark.parametrize("method", sorted(BENCHES))
def test_stray_money_that_is_cut_off_at_any_write_is_kept_once_and_given_back_once(
    make_world: MakeWorld, method: str
) -> None:
    tills = Tills(make_world())
    world, bench = tills.world, tills.benches[method]
    crash = CrashPoints(world.client)

    def again(act: Callable[[], object], fate: tuple[int, Side]) -> None:
        try:
            with crash.at(fate):
                act()
        except Died:
            act()

    def perform(number: str) -> None:
        world.outbox().perform("stray", number)

    for fate in ((1, "before"), (1, "after"), (2, "before"), (2, "after")):
        known = {one.number for one in world.store.strays.all()}
        _, money = bench.paid()
        again(lambda money=money: world.services.payments.hear(method, [money]), fate)  # type: ignore[misc]
        [found] = [one for one in world.store.strays.all() if one.number not in known]
        world.services.payments.stray_told(found.number, GiveBack(OPERATOR))
        again(lambda found=found: perform(found.number), fate)  # type: ignore[misc]
        for _ in range(3):
            tills.later(3600)
            perform(found.number)
        after = world.store.strays.load(found.number)
        assert after
        assert (after.state, after.outbox) == (StrayState.RETURNED, ())
    assert bench.moved("payment") == bench.moved("refund") == [TOTAL] * 4
