"""How refunds are spread over an order's lines: to the fen, whatever was given back, in whatever order."""

from datetime import timedelta

import msgspec
import pytest
from chalicelib.catalog import Pack, PriceParts
from chalicelib.domain.desk.money_parts import parts_of
from chalicelib.domain.desk.portions import portions, share_out
from chalicelib.domain.orders.model import Order, Refund, RefundLine, RefundReason, RefundState
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.domain.desk.orders import order_of
from tests.functions.helpers.world import JAR, NOON, make_catalog

FEW = settings(max_examples=40, deadline=None)


def refund(n: int, amount: int, lines: tuple[tuple[int, int], ...] = (), postage: int = 0, **other: object) -> Refund:
    named = tuple(RefundLine(*one) for one in lines)
    found = Refund(f"{n}", "sandbox-1", amount, NOON + timedelta(n), lines=named, postage=postage)
    return msgspec.structs.replace(found, **other)


@FEW
@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=6), st.data())
def test_what_is_spread_adds_up_and_nobody_gets_more_than_they_can(caps: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(caps)))
    found = share_out(amount, caps)
    assert sum(found) == amount
    assert all(0 <= got <= cap for got, cap in zip(found, caps, strict=True))
    assert all(abs(got - amount * cap / max(sum(caps), 1)) < 1 for got, cap in zip(found, caps, strict=True))


def test_more_than_there_is_cannot_be_spread() -> None:
    with pytest.raises(ValueError, match="over 3"):
        share_out(4, [1, 2])


def test_a_refund_of_lines_takes_what_they_cost_and_one_by_amount_takes_of_all() -> None:
    order = order_of(
        600, (2, 2990), (1, 5490), refunds=(refund(1, 2990, ((0, 1),)), refund(2, 908), refund(3, 600, (), 600))
    )
    found, left = portions(order)
    assert (found["1"].fen, found["1"].units, found["1"].postage) == ((2990, 0), (1, 0), 0)
    assert found["2"] == ((299, 549), (0, 0), 60, 0)
    assert (found["3"].postage, found["3"].amount) == (540, 600)
    assert left.amount == order.total - 2990 - 908 - 600
    assert left.units == (1, 1)


def test_what_is_cancelled_takes_all_goods_and_what_failed_takes_nothing() -> None:
    cancelled = refund(2, 12070, reason=RefundReason.CANCELLED)
    order = order_of(600, (2, 2990), (1, 5490), refunds=(refund(1, 99, state=RefundState.FAILED), cancelled))
    found, left = portions(order)
    assert (found.keys(), found["2"].units, left.amount, left.units) == ({"2"}, (2, 1), 0, (0, 0))


@st.composite
def paid_orders(draw: st.DrawFn) -> Order:
    """An order with some refunds, none of more than was left."""
    lines = draw(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9_999)), min_size=1, max_size=3))
    order = order_of(draw(st.sampled_from([0, 600])), *lines)
    for n in range(draw(st.integers(0, 4))):
        left = order.total - sum(one.amount for one in order.refunds)
        if not left:
            break
        line = draw(st.integers(0, len(lines) - 1))
        by_line = draw(st.booleans())
        named = ((line, draw(st.integers(1, lines[line][0]))),) if by_line else ()
        price = sum(lines[index][1] * units for index, units in named)
        amount = min(price, left) if named else draw(st.integers(1, left))
        order = msgspec.structs.replace(order, refunds=(*order.refunds, refund(n, amount, named)))
    return order


@FEW
@given(paid_orders(), st.integers(0, 500), st.integers(0, 3_000))
def test_whatever_goes_back_all_adds_up_to_the_fen(order: Order, fee: int, hands: int) -> None:
    found, left = portions(order)
    assert left.amount == order.total - sum(one.amount for one in order.refunds)
    assert all(found[one.key].amount + found[one.key].over == one.amount for one in order.refunds)
    assert all(fen >= 0 for fen in (*left.fen, left.postage)) and all(units >= 0 for units in left.units)
    packs: dict[str, Pack] = {
        sku: msgspec.structs.replace(pack, parts=PriceParts(hands=hands, field=200, jar=300, parcel=100))
        for sku, pack in make_catalog().packs.items()
        if sku == JAR
    }
    parts = parts_of(order, fee, packs)
    assert sum(parts) == left.amount, "hands, field, jar, parcel, fees and the village are all of it"
    assert min(parts) >= 0
    assert parts.fees == min(fee, left.amount)
