"""What can be claimed of an order, what it comes to, and that never more goes back than was paid."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import SCHEDULE, device
from chalicelib.domain.aftersales.claims import Claim, ClaimFault, ClaimLine, ClaimState, DeclineReason
from chalicelib.domain.aftersales.settling import (
    CLAIM_WITHIN,
    MOST_CLAIMS,
    claimable,
    quote_claim,
    settles_at_once,
    worth,
)
from chalicelib.domain.commands import AskRefund, RefundWish
from chalicelib.domain.errors import Invalid, WrongState
from chalicelib.domain.orders.events import ClaimDeclined, ClaimMade, ClaimSettled, Event, RefundAsked, RefundTold
from chalicelib.domain.orders.model import Order, OrderLine, RefundReason, RefundState, State
from chalicelib.domain.orders.parcels import Parcel, ParcelLine, ParcelState
from chalicelib.domain.orders.refunds import quote
from chalicelib.domain.orders.shipping import to_pack
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.stock.promise import Part
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.functions.helpers.world import JAR, NOON, POT, day, make_order

MANAGER = device("0badcafe")
LATER = NOON + timedelta(hours=1)


def came(jars: int = 2, pots: int = 1, postage: int = 1000, **parcel: Any) -> Order:
    """An order of two lines that was delivered in one parcel."""
    lines = (
        OrderLine(JAR, jars, 2990, (Part(day(2), 0, jars),)),
        OrderLine(POT, pots, 5490, (Part(day(2), 0, pots),)),
    )
    box = Parcel(1, (ParcelLine(0, jars), ParcelLine(1, pots)), NOON, handed=NOON, state=ParcelState.DELIVERED)
    box = msgspec.structs.replace(box, **{"delivered": NOON, **parcel})
    total = 2990 * jars + 5490 * pots + postage
    return make_order(State.DELIVERED, lines=lines, parcels=(box,), postage=postage, total=total)


def claim(number: int = 0, *lines: tuple[int, int], photos: tuple[str, ...] = ("photo",)) -> Claim:
    wanted = lines or ((0, 1),)
    return Claim(f"{number:016x}", tuple(ClaimLine(*one, ClaimFault.SPOILED) for one in wanted), NOON, photos)


def after(order: Order, *events: Event, at: Any = NOON) -> Order:
    for event in events:
        order = decide(order, event, at)
    return order


def test_what_was_handed_over_can_be_claimed_until_two_days_after_it_was_delivered() -> None:
    order = came()
    assert claimable(order, NOON) == [2, 1]
    assert claimable(order, NOON + CLAIM_WITHIN) == [2, 1]
    assert claimable(order, NOON + CLAIM_WITHIN + timedelta(seconds=1)) == [0, 0]
    for state, units in ((ParcelState.UNDERWAY, [2, 1]), (ParcelState.PACKED, [0, 0]), (ParcelState.RESENT, [0, 0])):
        assert claimable(came(state=state, delivered=None), NOON + timedelta(days=9)) == units
    assert claimable(make_order(State.PAID), NOON) == [0]
    assert claimable(make_order(State.CANCELLED), NOON) == [0]


def test_a_line_has_one_open_claim_and_each_unit_is_settled_once() -> None:
    order = after(came(jars=3), ClaimMade(claim(1, (0, 1))))
    assert claimable(order, NOON) == [0, 1]
    assert after(order, ClaimMade(claim(2, (0, 1)))) is order
    assert after(order, ClaimMade(claim(1, (1, 1)))) is order, "the same request again"
    assert claimable(after(order, ClaimDeclined(claim(1).id, DeclineReason.NOT_SHOWN, MANAGER)), NOON) == [3, 1]
    order = after(order, ClaimSettled(claim(1).id, MANAGER))
    assert claimable(order, NOON) == [2, 1]
    for fate in (ClaimSettled(claim(1).id, MANAGER), ClaimDeclined(claim(1).id, DeclineReason.AGREED, MANAGER)):
        assert after(order, fate) is order, "it has ended"
    assert after(order, ClaimSettled("no such claim", MANAGER)) is order
    for wrong in (claim(3, (0, 3)), claim(3, (0, 1), (0, 2)), claim(3, (2, 1)), claim(3, (0, 0))):
        assert after(order, ClaimMade(wrong)) is order
    for number in range(MOST_CLAIMS + 5):
        order = after(
            order, ClaimMade(claim(9 + number)), ClaimDeclined(claim(9 + number).id, DeclineReason.AGREED, MANAGER)
        )
    assert len(order.claims) == MOST_CLAIMS


def test_a_claim_comes_to_its_price_and_its_share_of_the_postage_and_the_last_unit_has_the_rest() -> None:
    order = came(jars=2, pots=1, postage=1000)  # 11,470 fen of goods
    assert worth(order, claim(1, (0, 1))) == {0: 2990 + 260}
    assert worth(order, claim(1, (0, 2), (1, 1))) == {0: 5980 + 521, 1: 5490 + 479}
    paid = 0
    for number, line in enumerate((0, 0, 1)):
        order = after(order, ClaimMade(claim(number, (line, 1))), ClaimSettled(claim(number).id, MANAGER))
        paid += order.claims[-1].amount
    assert (paid, order.refundable) == (order.total, 0)
    assert [one.reason for one in order.refunds] == [RefundReason.CLAIM] * 3


def test_a_part_is_money_by_line_and_never_more_than_the_line_comes_to() -> None:
    order = after(came(), ClaimMade(claim(1, (0, 1))))
    assert quote_claim(order, order.claims[0], {0: 99_999}).amount == 3250
    order = after(order, ClaimSettled(claim(1).id, MANAGER, {0: 1500}, "一半"))
    assert (order.claims[0].amount, order.claims[0].state) == (1500, ClaimState.SETTLED)
    assert [(one.amount, one.lines, one.why) for one in order.refunds] == [(1500, (), "一半")]


def test_what_still_stands_in_the_village_is_packed_though_a_unit_that_came_is_paid_for() -> None:
    """A refund by line means: not to be packed. Of two jars of which one came broken, the other must still come."""
    order = came(jars=2, pots=1)
    box = msgspec.structs.replace(order.parcels[0], lines=(ParcelLine(0, 1), ParcelLine(1, 1)))
    order = msgspec.structs.replace(order, state=State.PAID, parcels=(box,))
    order = after(order, ClaimMade(claim(1)), ClaimSettled(claim(1).id, MANAGER))
    assert order.claims[0].state is ClaimState.SETTLED
    assert to_pack(order) == [1, 0]


def test_small_ones_are_settled_by_rule_where_they_are_the_first_and_shown() -> None:
    order = after(came(), ClaimMade(claim(1)))
    assert settles_at_once(order, order.claims[0], 3250)
    assert not settles_at_once(order, order.claims[0], 3249)
    bare = after(came(), ClaimMade(claim(1, photos=())))
    assert not settles_at_once(bare, bare.claims[0], 99_999)
    second = after(order, ClaimSettled(claim(1).id, SCHEDULE), ClaimMade(claim(2)))
    assert not settles_at_once(second, second.claims[1], 99_999)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["claim", "settle", "part", "decline", "refund line", "refund fen", "console", "done", "failed"]
        ),
        st.integers(0, 3),
        st.integers(1, 4),
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None)
@given(ACTS, st.integers(0, 1200))
def test_whatever_gives_money_back_in_any_order_it_is_never_more_than_was_paid_nor_twice(
    acts: list[tuple[str, int, int]], postage: int
) -> None:
    order = came(jars=3, pots=2, postage=postage)
    for number, (act, which, units) in enumerate(acts):
        before = order
        event = _event(order, number, (act, which, units))
        order = decide(order, event, LATER) if event else order
        if event and act in ("claim", "settle", "part", "decline"):
            assert decide(order, event, LATER) is order, "twice is once"
        settled = [one for one in order.claims if one.state is ClaimState.SETTLED]
        going = [one for one in order.refunds if one.state is not RefundState.FAILED]
        if act != "console":
            assert sum(one.amount for one in going) <= max(order.total, sum(one.amount for one in before.refunds))
        assert len({one.request for one in order.refunds if one.reason is RefundReason.CLAIM}) == len(settled)
        for one in settled:
            assert 0 < one.amount <= sum(worth(came(3, 2, postage), one).values()) + postage
        open_lines = [line.line for one in order.claims if one.is_open for line in one.lines]
        assert len(open_lines) == len({*open_lines})


def _event(order: Order, number: int, asked: tuple[str, int, int]) -> Event | None:
    act, which, units = asked
    known = order.claims[which % len(order.claims)].id if order.claims else "none"
    refund = order.refunds[which % len(order.refunds)] if order.refunds else None
    match act:
        case "claim":
            return ClaimMade(claim(number, (which % 2, units)))
        case "settle":
            return ClaimSettled(known, MANAGER)
        case "part":
            return ClaimSettled(known, MANAGER, {0: 700 * units, 1: 300 * which})
        case "decline":
            return ClaimDeclined(known, DeclineReason.ALREADY, MANAGER)
        case "console":
            return RefundTold(f"console-{number}", RefundState.DONE, order.payment or "", 400 * units)
        case "done" | "failed":
            return RefundTold(refund.key, RefundState(act)) if refund else None
    lines = (RefundWish((JAR, POT)[which % 2], units),) if act == "refund line" else ()
    try:
        found = quote(order, AskRefund(lines=lines, amount=None if lines else 900 * units))
    except (Invalid, WrongState):
        return None
    return RefundAsked(msgspec.structs.replace(found, request=f"request-{number}"))


@pytest.mark.parametrize("reason", DeclineReason)
def test_no_reason_says_that_unfit_food_is_not_paid_for(reason: DeclineReason) -> None:
    assert not {"food", "return", "opened", "perishable", "late"} & {*reason.value.split("_")}
