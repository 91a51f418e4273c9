"""Paying by real providers' stand-ins: attempts, news in any order, closing, and what goes wrong elsewhere.

Reports of other shops are named where a test is theirs.
"""

from collections.abc import Callable

import pytest
from chalicelib.api.responses import orders
from chalicelib.domain.errors import Invalid, PaymentAway, PaymentElsewhere, WrongState
from chalicelib.domain.orders.model import RefundReason, RefundState
from chalicelib.domain.payments.attempts import AttemptState
from chalicelib.domain.payments.news import Dispute, DisputeState, Money
from chalicelib.payments.port import Away, Payer
from chalicelib.services.payments.channels import Surroundings
from cunbo.standins.base import Misbehaviour

from tests.functions.helpers.crash_points import CrashPoints
from tests.functions.helpers.tills import DESKTOP, PHONE, WECHAT, Tills
from tests.functions.helpers.world import World, day, letter_in
from tests.functions.payments.contract import BENCHES

MakeWorld = Callable[..., World]
methods = pytest.mark.parametrize("method", sorted(BENCHES))
HOLD = 930
"""Seconds after which an unpaid order's hold has ended."""


@pytest.fixture
def tills(make_world: MakeWorld) -> Tills:
    return Tills(make_world({day(2): 9}))


@methods
def test_what_is_paid_is_booked_once_however_often_it_is_told(tills: Tills, method: str) -> None:
    """medusajs/medusa #13301, saleor/saleor #14648: the page asks while the news comes."""
    placed = tills.world.place(email="li@example.com")
    tills.pay(placed, method)
    tills.world.services.payments.check(tills.order(placed))
    for _ in range(2):
        tills.deliver()
    order = tills.order(placed)
    assert (order.state, order.provider, order.reference) == ("paid", method, f"{order.number}_1")
    assert [attempt.state for attempt in order.attempts] == [AttemptState.PAID]
    assert [letter_in(mail)[1] for mail in tills.world.mails] == ["placed", "paid"]
    assert set(tills.answers) <= {200, 204}
    assert tills.world.differences() == []


@methods
@pytest.mark.parametrize("asks_first", [True, False], ids=["the page", "the news"])
def test_the_page_that_asks_and_three_notifications_at_once_are_one_payment_with_one_letter(
    tills: Tills, method: str, asks_first: bool
) -> None:
    """medusajs/medusa #13301, saleor/saleor #14648: whoever came second failed, or had it done once more."""
    placed, payments = tills.world.place(email="li@example.com"), tills.world.services.payments
    tills.pay(placed, method)
    order = tills.order(placed)
    money = tills.benches[method].provider.query(payments.bill(order, tills.attempt(placed)))

    def told() -> None:
        payments.hear(method, [money] * 3)

    first, second = (lambda: payments.settle(order, order.attempts[0]), told) if asks_first else (told, told)
    with CrashPoints(tills.world.client).at((1, "before"), second):
        first()
    tills.deliver()
    after = tills.order(placed)
    assert (after.state, after.refunds, len(after.events)) == ("paid", (), 1)
    assert [letter_in(mail)[1] for mail in tills.world.mails] == ["placed", "paid"]
    assert tills.world.differences() == []


@methods
def test_an_attempt_is_written_before_its_provider_is_asked_and_taken_up_after_it_was_away(
    make_world: MakeWorld, method: str
) -> None:
    """shopperlabs/shopper PR #658; woocommerce and others with no way back: saleor/storefront #295."""
    tills = Tills(make_world({day(2): 9}))
    placed, provider = tills.world.place(), tills.benches[method].provider

    def away(*_: object) -> None:
        raise Away("hangs")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provider, "begin", away)
        with pytest.raises(PaymentAway):
            tills.begin(placed, method)
    assert (tills.order(placed).state, tills.attempt(placed).until) == ("awaiting_payment", None)
    assert tills.world.shop.order(placed["order"], placed["token"])["payment"] == {"action": "none"}
    tills.pay(placed, method)
    tills.deliver()
    assert (tills.order(placed).state, len(tills.order(placed).attempts)) == ("paid", 1)


def test_a_checkout_asks_no_provider(tills: Tills) -> None:
    for buyer, method in enumerate(BENCHES):
        placed = tills.world.place(buyer, payment=method)
        assert (placed["state"], placed["payment"]) == ("awaiting_payment", {"action": "none"})
    assert sum(bench.transport.sent for bench in tills.benches.values()) == 0


@methods
def test_begun_again_it_is_the_same_payment_and_what_is_offered_asks_nobody(tills: Tills, method: str) -> None:
    placed = tills.world.place()
    first = tills.begin(placed, method)
    sent = tills.benches[method].transport.sent
    assert tills.begin(placed, method) == first
    assert tills.world.shop.order(placed["order"], placed["token"])["payment"] == orders.payment(first)
    assert (tills.benches[method].transport.sent, len(tills.order(placed).attempts)) == (sent, 1)


def test_another_method_leaves_the_first_which_is_closed(tills: Tills) -> None:
    """yansongda/pay #705: another channel under one number is refused."""
    placed = tills.world.place()
    tills.begin(placed, "wechat")
    tills.begin(placed, "wechat", PHONE)
    tills.begin(placed, "alipay")
    tills.world.settle()
    tills.later(360)  # WeChat closes nothing in its first five minutes
    tills.world.sweep()
    assert [attempt.state for attempt in tills.order(placed).attempts] == ["closed", "closed", "open"]
    assert not tills.hand_over(placed, tills.attempt(placed, 1))
    tills.pay(placed, "alipay")
    tills.deliver()
    assert tills.order(placed).provider == "alipay"


def test_whoever_opens_the_order_inside_wechat_next_pays_it_themselves(tills: Tills) -> None:
    """What was begun there can be paid by one openid alone."""
    placed, payments = tills.world.place(), tills.world.services.payments
    tills.begin(placed, "wechat", WECHAT)
    for openid in ("openid-of-another", "openid-of-another", "openid-of-the-payer"):
        payments.begin(tills.order(placed), placed["token"], "wechat", Payer(openid=openid), WECHAT)
    stand_in = tills.benches["wechat"].stand_in
    assert [trade.openid for trade in stand_in.trades.values()] == [
        "openid-of-the-payer",
        "openid-of-another",
        "openid-of-the-payer",
    ]
    assert [one.state for one in tills.order(placed).attempts] == ["closed", "closed", "open"]
    assert "openid" not in str(tills.order(placed).attempts)
    assert tills.hand_over(placed, tills.attempt(placed))
    tills.deliver()
    assert tills.order(placed).state == "paid"


@pytest.mark.parametrize("told_first", ["wechat", "alipay"])
def test_paid_by_two_methods_one_is_booked_and_the_other_goes_back(tills: Tills, told_first: str) -> None:
    """mollie/WooCommerce #1204, YunaiV/ruoyi-vue-pro #1152: two tabs, both paid."""
    placed = tills.world.place()
    tills.pay(placed, "wechat")
    tills.begin(placed, "alipay")
    assert tills.hand_over(placed, tills.attempt(placed))
    for name in sorted(["wechat", "alipay"], key=lambda name: name != told_first):
        tills.benches[name].stand_in.deliver()
    for _ in range(3):
        tills.later(120)
        tills.world.sweep()
        tills.deliver()
    order = tills.order(placed)
    assert (order.state, order.provider) == ("paid", told_first)
    assert [(refund.reason, refund.state) for refund in order.refunds] == [(RefundReason.AGAIN, RefundState.DONE)]
    assert (tills.moved("payment"), tills.moved("refund")) == (2 * order.total, order.total)
    assert set(tills.answers) <= {200, 204}
    assert tills.world.differences() == []


@methods
def test_money_of_which_no_news_comes_is_found_before_the_hold_ends(make_world: MakeWorld, method: str) -> None:
    """aasmanj/altarwed #209: a lost notification left the order pending for ever."""
    tills = Tills(make_world({day(2): 1}), Misbehaviour(never=1))
    placed = tills.world.place()
    tills.pay(placed, method)
    tills.later(HOLD)
    tills.world.sweep()
    assert (tills.order(placed).state, tills.order(placed).refunds) == ("paid", ())
    assert tills.world.differences() == []


@methods
def test_a_provider_that_is_away_keeps_no_units_from_others(make_world: MakeWorld, method: str) -> None:
    tills = Tills(make_world({day(2): 1}), Misbehaviour(never=1))
    placed = tills.world.place()
    tills.pay(placed, method)
    tills.later(HOLD)
    provider = tills.benches[method].provider

    def away(*_: object) -> None:
        raise Away("hangs")

    with pytest.MonkeyPatch.context() as patch:
        for call in ("query", "close"):
            patch.setattr(provider, call, away)
        tills.world.sweep()
        tills.world.settle()
    assert (tills.order(placed).state, tills.world.left()) == ("expired", 1)
    tills.world.pay(tills.world.place(1))
    for _ in range(6):
        tills.later(3600)
        tills.world.sweep()
    order = tills.order(placed)
    assert (order.state, [refund.state for refund in order.refunds]) == ("refunded", [RefundState.DONE])
    assert tills.moved("payment") == tills.moved("refund") == order.total


@methods
@pytest.mark.parametrize("seconds", [899, 901, 929, 931, 1000])
@pytest.mark.parametrize("swept", [False, True])
def test_paid_about_the_end_of_its_hold_an_order_is_kept_or_its_money_goes_back(
    make_world: MakeWorld, method: str, seconds: int, swept: bool
) -> None:
    """pretix/pretix #74, codingXiaxw/seckill #41: kept or oversold as the hold ended."""
    tills = Tills(make_world({day(2): 1}))
    placed = tills.world.place()
    tills.begin(placed, method)
    tills.later(seconds)
    if swept:
        tills.world.sweep()
        tills.world.settle()
    taken = tills.hand_over(placed, tills.attempt(placed))
    for _ in range(8):
        tills.deliver()
        tills.later(1800)
        tills.world.sweep()
    order = tills.order(placed)
    kept = order.total if order.state == "paid" else 0
    assert order.state in ({"paid", "refunded"} if taken else {"expired"})
    assert tills.moved("payment") - tills.moved("refund") == kept
    assert tills.world.differences() == []


def test_money_that_fits_nowhere_is_kept_and_told(tills: Tills) -> None:
    """odoo/odoo PR #245777, vendurehq/vendure #3249: 5xx until the provider switches the endpoint off."""
    world = tills.world
    money = Money(event="e1", reference="9" * 20 + "_1", payment="p1", amount=100, currency="CNY")
    dollars = Money(event="e2", reference=world.place()["order"] + "_1", payment="p2", amount=2990, currency="USD")
    for _ in range(2):
        world.services.payments.hear("wechat", [money, dollars])
    assert sorted((one.amount, one.currency, one.state) for one in world.store.strays.all()) == [
        (100, "CNY", "open"),
        (2990, "USD", "open"),
    ]
    assert [order.state for order in world.store.orders.all()] == ["awaiting_payment"]


@methods
def test_a_refund_is_done_when_the_provider_says_so_and_only_then_told(make_world: MakeWorld, method: str) -> None:
    """woocommerce-gateway-stripe #1523, craftcms/commerce-stripe #134: pending told as done or failed."""
    tills = Tills(make_world({day(2): 9}), Misbehaviour(refund_pending=1))
    placed = tills.world.place(email="li@example.com")
    tills.pay(placed, method)
    tills.deliver()
    tills.later(120)
    tills.world.shop.cancel(placed["order"], placed["token"])
    tills.world.settle()
    order = tills.order(placed)
    assert (order.state, order.refunds[0].state) == ("cancelled", RefundState.ASKED)
    assert "refunded" not in [letter_in(mail)[1] for mail in tills.world.mails]
    tills.benches[method].stand_in.settle()
    for _ in range(4):
        tills.later(3600)
        tills.deliver()
        tills.world.sweep()
    assert (tills.order(placed).state, tills.order(placed).refunds[0].state) == ("refunded", RefundState.DONE)
    assert [letter_in(mail)[1] for mail in tills.world.mails].count("refunded") == 1
    assert tills.moved("refund") == order.total


@methods
def test_the_lost_answer_of_a_refund_moves_its_money_once(make_world: MakeWorld, method: str) -> None:
    """PingPlusPlus/pingpp-java #36: a timeout, then a second refund, a day later with the key forgotten."""
    tills = Tills(make_world({day(2): 9}))
    placed = tills.world.place()
    tills.pay(placed, method)
    tills.deliver()
    tills.later(120)
    provider = tills.benches[method].provider
    ask = provider.refund

    def lost(reclaim: object) -> None:
        ask(reclaim)
        raise Away("no answer")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provider, "refund", lost)
        tills.world.shop.cancel(placed["order"], placed["token"])
        tills.world.settle()
    tills.later(25 * 3600)
    for _ in range(3):
        tills.world.sweep()
        tills.later(3600)
    assert (tills.order(placed).state, tills.moved("refund")) == ("refunded", tills.order(placed).total)


def test_a_dispute_moves_no_units_and_is_told_twice(tills: Tills) -> None:
    """woocommerce-gateway-stripe #2598, #1098: a dispute put stock back; its end was ignored."""
    placed = tills.world.place()
    tills.pay(placed, "stripe" if "stripe" in tills.benches else "wechat")
    tills.deliver()
    order, left = tills.order(placed), tills.world.left()
    for state in (DisputeState.OPEN, DisputeState.OPEN, DisputeState.LOST):
        news = Dispute(
            event=f"d-{state}",
            dispute="dp_1",
            payment=order.payment or "",
            reference=order.reference,
            amount=order.total,
            state=state,
        )
        tills.world.services.payments.hear(order.provider, [news])
    after = tills.order(placed)
    assert (after.state, tills.world.left()) == ("paid", left)
    assert [(one.state, one.amount) for one in after.disputes] == [(DisputeState.LOST, order.total)]
    assert [intent.text for intent in after.outbox if hasattr(intent, "text")] == ["dispute", "dispute"]


def test_a_method_is_refused_with_what_helps(tills: Tills) -> None:
    placed = tills.world.place()
    for method, where, reason in [("alipay", WECHAT, "open_in_browser")]:
        with pytest.raises(PaymentElsewhere) as refused:
            tills.begin(placed, method, where)
        assert refused.value.reason == reason
    with pytest.raises(Invalid) as invalid:
        tills.begin(placed, "cash")
    assert [fault.pointer for fault in invalid.value.faults] == ["/method"]
    tills.world.shop.cancel(placed["order"], placed["token"])
    with pytest.raises(WrongState):
        tills.begin(placed, "alipay")
    assert tills.order(placed).attempts == ()


@pytest.mark.parametrize(
    ("where", "action"), [(WECHAT, "wechat"), (PHONE, "redirect"), (DESKTOP, "qr")], ids=["wechat", "phone", "desktop"]
)
def test_wechat_pays_by_what_works_where_the_page_is_open(tills: Tills, where: Surroundings, action: str) -> None:
    placed = tills.world.place()
    assert tills.begin(placed, "wechat", where)["action"] == action
    assert tills.hand_over(placed, tills.attempt(placed))
    tills.deliver()
    assert tills.order(placed).state == "paid"
