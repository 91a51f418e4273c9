"""Odd money: of no amount, by attempts that were left or never were, given back beside the shop, or in vain."""

from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import OPERATOR
from chalicelib.domain.aggregate import TellManager
from chalicelib.domain.commands import AskRefund
from chalicelib.domain.errors import WrongState
from chalicelib.domain.orders.model import Order, RefundReason, RefundState, State
from chalicelib.domain.payments.attempts import named
from chalicelib.domain.payments.news import Dispute, DisputeState, Money, Progress, RefundNews, RowKind
from chalicelib.domain.payments.strays import BookTo, GiveBack, Stray, StrayState
from chalicelib.services.payments.payments import MOST_ATTEMPTS
from chalicelib.services.payments.refunds import Refunds

from tests.functions.helpers.ledger import Stream
from tests.functions.helpers.tills import DESKTOP, PHONE, WECHAT, Tills
from tests.functions.helpers.world import TODAY, World, day, make_key
from tests.functions.payments.contract import BENCHES

MakeWorld = Callable[..., World]
methods = pytest.mark.parametrize("method", sorted(BENCHES))


@pytest.fixture
def tills(make_world: MakeWorld) -> Tills:
    return Tills(make_world({day(2): 30}))


def paid(tills: Tills, method: str, where: Any = DESKTOP) -> dict[str, Any]:
    placed = tills.world.place(quantity=2, email="li@example.com")
    tills.pay(placed, method, where)
    tills.deliver()
    return placed


def give_back(tills: Tills, placed: dict[str, Any], amount: int) -> None:
    asked = AskRefund("sorry", amount=amount)
    Refunds(tills.world.store, lambda: tills.world.now).ask(placed["order"], asked, make_key(amount), OPERATOR)


def rest(tills: Tills) -> None:
    """Lets hours go by, until nothing is on its way any more."""
    for _ in range(6):
        tills.later(1800)
        for bench in tills.benches.values():
            bench.stand_in.settle()
        tills.deliver()
        tills.world.sweep()
        for one in tills.world.store.strays.all():
            tills.world.outbox().perform("stray", one.number)


def stray(tills: Tills, method: str) -> Stray:
    """Money that has really come at a provider, under a reference of no order."""
    tills.benches[method].paid()
    tills.deliver()
    [found] = tills.world.store.strays.all()
    return found


def told(tills: Tills, *intents: str) -> None:
    """Holds what the manager is to be told of stray money against these."""
    [found] = tills.world.store.strays.all()
    assert [one.text for one in found.outbox if isinstance(one, TellManager)] == [*intents]


# ---- What is no money of ours


@methods
@pytest.mark.parametrize(("amount", "payment"), [(0, "p-1"), (-5980, "p-1"), (-1, "p-1"), (5980, "")])
def test_news_of_no_amount_or_of_no_payment_is_no_money(
    tills: Tills, method: str, amount: int, payment: str, caplog: pytest.LogCaptureFixture
) -> None:
    placed = tills.world.place(quantity=2)
    before = tills.order(placed)
    for reference in (f"{placed['order']}_1", "none-of-ours"):
        money = Money(event="e", reference=reference, payment=payment, amount=amount, currency="CNY")
        tills.world.services.payments.hear(method, [money])
    assert tills.order(placed) == before
    assert [*tills.world.store.strays.all()] == []
    assert "a payment that is none" in caplog.text


@methods
@pytest.mark.parametrize(
    ("reference", "currency"), [("{}_1", "USD"), ("{}_1", "cny"), ("{}_1000", "CNY"), ("x{}_1", "CNY")]
)
def test_another_currency_or_reference_is_kept_for_a_person_and_books_nothing(
    tills: Tills, method: str, reference: str, currency: str
) -> None:
    """Paymenter/Paymenter #1258: an amount was compared without its currency."""
    placed = tills.world.place(quantity=2)
    order = tills.order(placed)
    given = reference.format(order.number)
    money = Money(event="e", reference=given, payment="p-1", amount=order.total, currency=currency)
    tills.world.services.payments.hear(method, [money, money])
    assert tills.order(placed) == order
    assert [(one.amount, one.currency) for one in tills.world.store.strays.all()] == [(order.total, currency)]


def test_stray_money_in_another_currency_is_no_orders_whoever_says_so(tills: Tills) -> None:
    placed = tills.world.place(quantity=2)
    money = Money(event="e", reference="x", payment="p-1", amount=placed["total"], currency="USD")
    tills.world.services.payments.hear("stripe", [money])
    [found] = tills.world.store.strays.all()
    payments = tills.world.services.payments
    assert payments.stray_told(found.number, BookTo(placed["order"], OPERATOR)) == found
    assert payments.stray_told(found.number, GiveBack(OPERATOR)).state is StrayState.GOING_BACK


@methods
def test_news_of_a_refund_that_another_stage_has_asked_for_is_taken_and_means_nothing(
    tills: Tills, method: str
) -> None:
    """Stages that have one account hear each other's news; what is answered with a fault is told for days."""
    for key in ("stray-" + "1" * 20, "stray-" + "1" * 20 + "-3", "stray-", "1" * 20 + "-1", "x", ""):
        news = RefundNews(event="e", key=key, amount=5, progress=Progress.DONE, payment="p", reference="1" * 20 + "_1")
        tills.world.services.payments.hear(method, [news])
    assert [*tills.world.store.orders.all(), *tills.world.store.strays.all()] == []


# ---- It goes back where it came from


@pytest.mark.parametrize("ends", ["cancelled", "paid before"])
def test_what_was_booked_by_a_person_goes_back_by_its_own_provider_whatever_its_reference_names(
    tills: Tills, ends: str
) -> None:
    """Its reference ends as that of the order's own attempt does, which is another provider's."""
    stream, found = Stream(tills.world), stray(tills, "alipay")
    placed = tills.world.place(quantity=2)
    tills.begin(placed, "wechat")
    assert (named(found.reference), tills.attempt(placed).n) == (("0" * 19 + "1", 1), 1)
    if ends == "paid before":
        assert tills.hand_over(placed, tills.attempt(placed))
        tills.deliver()
    tills.world.services.payments.stray_told(found.number, BookTo(placed["order"], OPERATOR))
    tills.world.outbox().perform("stray", found.number)
    if ends == "cancelled":
        assert tills.order(placed).provider == "alipay"
        tills.world.shop.cancel(placed["order"], placed["token"])
    rest(tills)
    stream.keep()
    order = tills.order(placed)
    assert [one.state for one in order.refunds] == [RefundState.DONE]
    assert tills.benches["alipay"].moved("refund") == [order.total]
    assert tills.benches["wechat"].moved("refund") == []
    entries = [line.entry for line in tills.world.store.ledger.day(TODAY) if line.entry.kind is RowKind.REFUND]
    assert [entry.provider for entry in entries] == ["alipay"]


def test_money_of_one_provider_under_an_attempt_of_another_is_never_asked_back_of_the_other(tills: Tills) -> None:
    placed = tills.world.place(quantity=2)
    tills.begin(placed, "wechat")
    reference = tills.attempt(placed).reference(placed["order"])
    for n in (1, 2):
        money = Money(event=f"{n}", reference=reference, payment=f"{n}", amount=placed["total"], currency="CNY")
        tills.world.services.payments.hear("alipay", [money])
    tills.world.shop.cancel(placed["order"], placed["token"])
    order = tills.order(placed)
    assert [order.provider_of(one) for one in order.refunds] == ["alipay", "alipay"]


@pytest.mark.parametrize("where", [WECHAT, PHONE, DESKTOP], ids=["wechat_jsapi", "wechat_h5", "wechat_native"])
def test_an_attempt_that_was_left_is_paid_and_goes_back_by_its_own_channel(tills: Tills, where: Any) -> None:
    placed = tills.world.place(quantity=2)
    tills.begin(placed, "wechat", where)
    tills.begin(placed, "alipay")
    assert tills.hand_over(placed, tills.attempt(placed, 1))
    tills.deliver()
    assert (tills.order(placed).state, tills.order(placed).provider) == ("paid", "wechat")
    give_back(tills, placed, 980)
    rest(tills)
    tills.world.shop.cancel(placed["order"], placed["token"])
    rest(tills)
    order = tills.order(placed)
    assert (order.state, [one.state for one in order.refunds]) == ("refunded", [RefundState.DONE] * 2)
    assert tills.benches["wechat"].moved("refund") == [980, order.total - 980]


@methods
def test_a_part_goes_back_then_it_is_cancelled_and_then_paid_once_more(tills: Tills, method: str) -> None:
    other = "wechat" if method == "alipay" else "alipay"
    placed = tills.world.place(quantity=2)
    tills.begin(placed, other)
    tills.pay(placed, method)
    tills.benches[method].stand_in.deliver()
    give_back(tills, placed, 980)
    tills.later(61)
    tills.world.shop.cancel(placed["order"], placed["token"])
    assert tills.hand_over(placed, tills.attempt(placed, 1)), "the first attempt is not closed yet"
    rest(tills)
    order = tills.order(placed)
    assert (order.state, order.refundable) == ("refunded", 0)
    assert [(one.amount, one.reason) for one in order.refunds] == [
        (980, RefundReason.SELLER),
        (order.total - 980, RefundReason.CANCELLED),
        (order.total, RefundReason.OVER),
    ]
    assert tills.moved("payment") == tills.moved("refund") == 2 * order.total
    assert tills.world.differences() == []


# ---- Given back beside the shop, or in vain


@methods
@pytest.mark.parametrize("more", [-1, 9999])
def test_a_refund_in_the_console_that_is_larger_than_what_is_left_leaves_nothing_to_give_back(
    tills: Tills, method: str, more: int
) -> None:
    placed = paid(tills, method)
    give_back(tills, placed, 980)
    rest(tills)
    order = tills.order(placed)
    left = order.total - 980
    by_hand = RefundNews(
        event="e", key="", amount=left + more, progress=Progress.DONE,
        payment=order.payment or "", reference=order.reference, refund="r-1",
    )  # fmt: skip
    tills.world.services.payments.hear(method, [by_hand, by_hand])
    assert tills.order(placed).refundable == max(-more, 0)
    tills.world.shop.cancel(placed["order"], placed["token"])
    rest(tills)
    after = tills.order(placed)
    assert after.state is State.REFUNDED
    assert tills.moved("refund") == 980 + max(-more, 0)


@methods
def test_a_refund_that_failed_stays_so_whatever_older_news_comes_after(tills: Tills, method: str) -> None:
    """Stripe tells in any order, and again for three days: a bank has sent the money back by then."""
    placed = paid(tills, method)
    give_back(tills, placed, 980)
    [refund] = tills.order(placed).refunds

    def hear(progress: Progress) -> Order:
        news = RefundNews(event=progress, key=refund.key, amount=980, progress=progress)
        tills.world.services.payments.hear(method, [news])
        return tills.order(placed)

    failed = hear(Progress.FAILED)
    assert failed.refundable == failed.total
    for progress in (Progress.DONE, Progress.HAND, Progress.ASKED, Progress.FAILED):
        assert hear(progress) == failed


@methods
def test_a_part_that_failed_does_not_keep_a_cancelled_order_from_being_refunded(tills: Tills, method: str) -> None:
    placed = paid(tills, method)
    give_back(tills, placed, 980)
    [refund] = tills.order(placed).refunds
    failed = RefundNews(event="f", key=refund.key, amount=980, progress=Progress.FAILED)
    tills.world.services.payments.hear(method, [failed])
    tills.later(61)
    tills.world.shop.cancel(placed["order"], placed["token"])
    rest(tills)
    order = tills.order(placed)
    assert (order.state, [(one.amount, one.state) for one in order.refunds]) == (
        "refunded",
        [(980, RefundState.FAILED), (order.total, RefundState.DONE)],
    )
    assert tills.moved("refund") == order.total


@methods
def test_stray_money_whose_refund_waits_for_a_person_cannot_be_booked_as_well(tills: Tills, method: str) -> None:
    placed, found = tills.world.place(quantity=2), stray(tills, method)
    payments = tills.world.services.payments
    payments.stray_told(found.number, GiveBack(OPERATOR))
    hand = RefundNews(event="h", key=found.key, amount=found.amount, progress=Progress.HAND)
    payments.hear(method, [hand, hand])
    waits = payments.stray_told(found.number, BookTo(placed["order"], OPERATOR))
    assert (waits.state, waits.order) == (StrayState.GOING_BACK, "")
    told(tills, "stray", "hand")
    payments.hear(method, [msgspec.structs.replace(hand, progress=Progress.DONE)])
    [back] = tills.world.store.strays.all()
    assert (back.state, tills.order(placed).state) == (StrayState.RETURNED, "awaiting_payment")


@methods
def test_stray_money_whose_refund_failed_goes_back_under_a_new_key(tills: Tills, method: str) -> None:
    """Providers repeat for ever what they said under the old one."""
    found, payments = stray(tills, method), tills.world.services.payments
    payments.stray_told(found.number, GiveBack(OPERATOR))
    failed = RefundNews(event="f", key=found.key, amount=found.amount, progress=Progress.FAILED)
    payments.hear(method, [failed, failed])
    [again] = tills.world.store.strays.all()
    assert again.state is StrayState.OPEN
    told(tills, "stray", "stray")
    going = payments.stray_told(found.number, GiveBack(OPERATOR))
    assert going.key == f"{found.key}-1"
    payments.hear(method, [failed])  # once more
    rest(tills)
    [back] = tills.world.store.strays.all()
    assert (back.state, back.failed) == (StrayState.RETURNED, 1)
    refunds = [one for one in tills.benches[method].stand_in.books if one.kind == "refund"]
    assert [(one.key, one.amount) for one in refunds] == [(going.key, found.amount)]


@methods
def test_a_dispute_after_all_has_gone_back_moves_nothing_and_is_told(tills: Tills, method: str) -> None:
    placed = paid(tills, method)
    tills.world.shop.cancel(placed["order"], placed["token"])
    rest(tills)
    before = tills.order(placed)
    assert before.state is State.REFUNDED
    claim = Dispute(
        event="d", dispute="d-1", payment=before.payment or "", reference=before.reference,
        amount=before.total, state=DisputeState.OPEN,
    )  # fmt: skip
    tills.world.services.payments.hear(method, [claim, claim])
    order = tills.order(placed)
    assert (order.state, order.refunds, len(order.disputes)) == (State.REFUNDED, before.refunds, 1)
    assert [one.text for one in order.outbox if isinstance(one, TellManager)] == ["dispute"]


# ---- Without end


def test_nobody_begins_to_pay_one_order_without_end_and_its_last_attempt_is_paid(tills: Tills) -> None:
    """A reference has room for 999 attempts: money for the next would fit nowhere."""
    placed = tills.world.place(quantity=2)
    for where in islice(cycle((PHONE, DESKTOP)), MOST_ATTEMPTS):
        tills.begin(placed, "alipay", where)
    last = tills.attempt(placed)
    with pytest.raises(WrongState):
        tills.begin(placed, "alipay", PHONE if MOST_ATTEMPTS % 2 == 0 else DESKTOP)
    assert named(last.reference(placed["order"])) == (placed["order"], MOST_ATTEMPTS)
    assert tills.hand_over(placed, last)
    tills.deliver()
    assert (tills.order(placed).state, tills.order(placed).reference) == ("paid", last.reference(placed["order"]))
