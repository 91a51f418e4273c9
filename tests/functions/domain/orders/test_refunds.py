"""What a refund comes to: by line, of postage, by amount; never more than is left, and the last takes the rest."""

import msgspec
import pytest
from chalicelib.domain.commands import AskRefund, RefundWish
from chalicelib.domain.errors import Invalid, WrongState
from chalicelib.domain.orders.events import RefundAsked, RefundTold
from chalicelib.domain.orders.model import Order, OrderLine, RefundLine, RefundState, State
from chalicelib.domain.orders.refunds import left_of_lines, quote
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.promise import Part
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.helpers.world import JAR, NOON, POT, day, make_order


def line(sku: str, quantity: int, price: int, drop: str = "") -> OrderLine:
    return OrderLine(sku, quantity, price, (Part(day(2), 0, quantity),), drop=drop)


def paid(*lines: OrderLine, postage: int = 800) -> Order:
    total = sum(one.unit_price * one.quantity for one in lines) + postage
    return make_order(State.PAID, lines=lines, postage=postage, total=total)


ORDER = paid(line(JAR, 3, 2990), line(POT, 1, 5490), line(JAR, 2, 1990, "evening"))


def of(**units: int) -> AskRefund:
    return AskRefund("broken", tuple(RefundWish({"jar": JAR, "pot": POT}[name], n) for name, n in units.items()))


def after(order: Order, asked: AskRefund, state: RefundState = RefundState.DONE) -> Order:
    refund = msgspec.structs.replace(quote(order, asked), request=f"request-{len(order.refunds)}")
    order = decide(order, RefundAsked(refund), NOON)
    return decide(order, RefundTold(order.refunds[-1].key, state), NOON)


@pytest.mark.parametrize(
    ("asked", "amount", "lines", "postage"),
    [
        (of(jar=1), 2990, (RefundLine(0, 1),), 0),
        (of(jar=4), 3 * 2990 + 1990, (RefundLine(0, 3), RefundLine(2, 1)), 0),
        (of(pot=1), 5490, (RefundLine(1, 1),), 0),
        (msgspec.structs.replace(of(pot=1), postage=True), 6290, (RefundLine(1, 1),), 800),
        (AskRefund("late", postage=True), 800, (), 800),
        (AskRefund("sorry", amount=500), 500, (), 0),
        (AskRefund("sorry", amount=ORDER.total), ORDER.total, (), 0),
    ],
)
def test_a_refund_comes_to(asked: AskRefund, amount: int, lines: tuple[RefundLine, ...], postage: int) -> None:
    refund = quote(ORDER, asked)
    assert (refund.amount, refund.lines, refund.postage, refund.why) == (amount, lines, postage, asked.reason)


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        (of(jar=6), "/lines/0/quantity"),
        (of(pot=1, jar=6), "/lines/1/quantity"),
        (AskRefund("x", (RefundWish(POT, 1), RefundWish(POT, 1))), "/lines/1/quantity"),
        (AskRefund("x", (RefundWish("other", 1),)), "/lines/0/sku"),
        (AskRefund("x", amount=ORDER.total + 1), "/amount"),
    ],
)
def test_more_than_was_bought_or_paid_is_refused_by_name(asked: AskRefund, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        quote(ORDER, asked)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_units_and_postage_are_paid_back_once_unless_the_provider_never_did() -> None:
    order = after(ORDER, msgspec.structs.replace(of(jar=4), postage=True))
    assert [*left_of_lines(order)] == [0, 1, 1]
    for asked in (of(jar=2), AskRefund("x", postage=True)):
        with pytest.raises(Invalid):
            quote(order, asked)
    failed = after(ORDER, msgspec.structs.replace(of(jar=4), postage=True), RefundState.FAILED)
    assert quote(failed, of(jar=5)).amount == 3 * 2990 + 2 * 1990


@pytest.mark.parametrize("state", [state for state in State if state is not State.PAID])
def test_an_order_that_is_not_paid_has_nothing_to_give_back(state: State) -> None:
    with pytest.raises(WrongState):
        quote(msgspec.structs.replace(ORDER, state=state), of(jar=1))


def test_what_was_given_back_by_amount_is_not_given_back_by_line_as_well() -> None:
    """woocommerce/woocommerce #64668: refunds by line came to more than the total."""
    order = after(ORDER, AskRefund("sorry", amount=ORDER.total - 1000))
    assert quote(order, of(pot=1)).amount == 1000
    with pytest.raises(WrongState):
        quote(after(order, of(pot=1)), of(jar=1))


UNITS = st.lists(st.builds(RefundWish, st.sampled_from([JAR, POT]), st.integers(1, 4)), max_size=3).map(tuple)
WISHES = st.lists(
    st.one_of(
        st.builds(AskRefund, st.just("x"), UNITS, st.booleans()),
        st.builds(AskRefund, st.just("x"), st.just(()), st.just(False), st.integers(1, 9000)),
    ),
    max_size=12,
)


@given(WISHES, st.lists(st.sampled_from([RefundState.DONE, RefundState.FAILED, RefundState.HAND]), min_size=12))
def test_any_split_sums_to_at_most_the_total_and_the_last_takes_the_rest(
    wishes: list[AskRefund], ends: list[RefundState]
) -> None:
    order = ORDER
    for wish, end in zip(wishes, ends, strict=False):
        try:
            order = after(order, wish, end)
        except (Invalid, WrongState):
            continue
        assert all(0 <= left <= one.quantity for left, one in zip(left_of_lines(order), order.lines, strict=True))
    went = sum(refund.amount for refund in order.refunds if refund.state is not RefundState.FAILED)
    assert went + order.refundable == order.total
    if order.refundable:
        rest = quote(order, AskRefund("all", amount=order.refundable))
        assert went + rest.amount == order.total
    lines = tuple(
        RefundWish(sku, units)
        for sku in (JAR, POT)
        if (units := sum(left for left, one in zip(left_of_lines(order), order.lines, strict=True) if one.sku == sku))
    )
    given_back = sum(refund.postage for refund in order.refunds if refund.state is not RefundState.FAILED)
    if order.refundable and (lines or not given_back):
        assert went + quote(order, AskRefund("rest", lines, postage=not given_back)).amount <= order.total
