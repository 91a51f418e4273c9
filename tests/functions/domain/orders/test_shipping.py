"""From paid to the buyer's door: parcels, labels, carriers' news; what is cancelled or paid back meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.actor import BUYER, SCHEDULE, device, provider
from chalicelib.domain.aggregate import Mail, RefundPayment
from chalicelib.domain.errors import CannotPack, PackFault
from chalicelib.domain.orders.events import (
    AddressChanged,
    BuyerCancels,
    CameBack,
    Event,
    HandedOver,
    HoldEnded,
    LabelPulled,
    NumberSet,
    Packed,
    Paid,
    Printed,
    Received,
    RefundAsked,
    SellerCancels,
    SentAgain,
    TakenBack,
    Tracked,
    Unpacked,
)
from chalicelib.domain.orders.model import (
    SILENCE,
    Address,
    Order,
    OrderLine,
    Refund,
    RefundLine,
    RefundReason,
    State,
)
from chalicelib.domain.orders.parcels import ParcelLine, ParcelState
from chalicelib.domain.orders.shipping import TAKE_BACK_WITHIN, is_overpacked, refuse_packing, to_pack
from chalicelib.domain.orders.transitions import decide
from chalicelib.domain.packing.board import BoardStage, entry_in, entry_of, key_of
from chalicelib.domain.stock.promise import Part

from tests.functions.helpers.world import JAR, NOON, day, make_order

WANG, LI = device("0badcafe"), device("0badf00d")
ELSEWHERE = Address("李四", "+8613900139000", ("吉林省", "通化市", "集安市"), "二组")
HOUR = timedelta(hours=1)
S = ParcelState


def pack(*lines: tuple[int, int], revision: int = 1, request: str = "r1") -> Packed:
    return Packed(revision, tuple(ParcelLine(*one) for one in lines), WANG, request)


def after(order: Order, *events: Event, at: datetime = NOON) -> Order:
    for event in events:
        order = decide(order, event, at)
    return order


def states(order: Order) -> list[str]:
    return [parcel.state for parcel in order.parcels]


def paid(quantity: int = 3, **fields: Any) -> Order:
    return make_order(State.PAID, quantity, email="a@example.com", **fields)


def back(line: int, quantity: int, reason: RefundReason = RefundReason.SELLER) -> RefundAsked:
    lines = (RefundLine(line, quantity),)
    return RefundAsked(
        Refund("", "sandbox-1", 2990 * quantity, NOON, reason=reason, lines=lines, request=f"{quantity}")
    )


ALL = pack((0, 3))
TWO_PARCELS = (pack((0, 2)), pack((0, 1), request="r2"))
AGAIN = pack((0, 3), revision=2, request="r2")
GONE = (ALL, HandedOver(1, WANG, "sf", "SF1000000000001"))


@pytest.mark.parametrize(
    ("events", "state", "parcels"),
    [
        ((pack((0, 2)),), State.PAID, ["packed"]),
        ((ALL,), State.PACKED, ["packed"]),
        ((ALL, Unpacked(1, WANG)), State.PAID, ["unpacked"]),
        ((ALL, Unpacked(1, WANG), pack((0, 3), request="r2")), State.PACKED, ["unpacked", "packed"]),
        (TWO_PARCELS, State.PACKED, ["packed", "packed"]),
        ((*TWO_PARCELS, HandedOver(2, WANG)), State.PACKED, ["packed", "shipped"]),
        ((pack((0, 2)), HandedOver(1, WANG)), State.PAID, ["shipped"]),
        ((*TWO_PARCELS, HandedOver(2, WANG), HandedOver(1, WANG)), State.SHIPPED, ["shipped", "shipped"]),
        (GONE, State.SHIPPED, ["shipped"]),
        ((*GONE, TakenBack(1, LI)), State.PACKED, ["packed"]),
        ((*GONE, Tracked(1, S.UNDERWAY, NOON, SCHEDULE)), State.SHIPPED, ["underway"]),
        ((*GONE, Tracked(1, S.UNDERWAY, NOON, SCHEDULE), TakenBack(1, LI)), State.SHIPPED, ["underway"]),
        ((*GONE, Tracked(1, S.DELIVERED, NOON, SCHEDULE)), State.DELIVERED, ["delivered"]),
        ((*GONE, Received(BUYER)), State.DELIVERED, ["delivered"]),
        ((*GONE, Tracked(1, S.RETURNING, NOON, SCHEDULE)), State.SHIPPED, ["returning"]),
        ((*GONE, CameBack(1, WANG)), State.RETURNED, ["returned"]),
        ((*GONE, CameBack(1, WANG), SentAgain(1, WANG)), State.PAID, ["resent"]),
        ((*GONE, CameBack(1, WANG), SentAgain(1, WANG), AGAIN), State.PACKED, ["resent", "packed"]),
    ],
)  # fmt: skip
def test_where_an_order_stands_follows_from_its_parcels(
    events: tuple[Event, ...], state: State, parcels: list[str]
) -> None:
    order = after(paid(), *events)
    assert (order.state, states(order)) == (state, parcels)
    assert order.allocated.total() == 3, "its units are its own to the end"
    assert order.history[-1].event is state or len(order.history) == 1


@pytest.mark.parametrize(
    ("first", "then", "ends"),
    [
        (S.DELIVERED, S.UNDERWAY, S.DELIVERED),
        (S.DELIVERED, S.SHIPPED, S.DELIVERED),
        (S.DELIVERED, S.RETURNING, S.DELIVERED),
        (S.RETURNING, S.DELIVERED, S.RETURNING),
        (S.RETURNING, S.UNDERWAY, S.RETURNING),
        (S.UNDERWAY, S.UNDERWAY, S.UNDERWAY),
    ],
)
def test_a_carrier_s_news_only_goes_forward(first: ParcelState, then: ParcelState, ends: ParcelState) -> None:
    """NEARBuilders/nearmerch.com #214: "on its way" came after "delivered", and won."""
    order = after(paid(), *GONE, Tracked(1, first, NOON, SCHEDULE))
    assert decide(order, Tracked(1, then, NOON + HOUR, SCHEDULE), NOON + HOUR) is order
    assert states(order) == [ends]


def test_what_is_packed_twice_by_one_label_is_packed_once_and_who_did_it_is_told() -> None:
    """saleor #17152, odoo #11046: two people fulfilled one order."""
    order = after(paid(), ALL)
    assert decide(order, pack((0, 3), request="another"), NOON) is order
    assert decide(order, ALL, NOON) is order, "the same request is one parcel"
    with pytest.raises(CannotPack) as told:
        refuse_packing(order, 1, ())
    assert (told.value.reason, told.value.by, told.value.at) == (PackFault.PACKED, WANG, NOON)


@pytest.mark.parametrize(
    ("events", "revision", "lines", "why"),
    [
        ((), 1, ((0, 4),), PackFault.TOO_MANY),
        ((), 1, ((1, 1),), PackFault.TOO_MANY),
        ((), 1, ((0, 0),), PackFault.TOO_MANY),
        ((pack((0, 2)),), 1, ((0, 2),), PackFault.TOO_MANY),
        ((Printed(WANG), AddressChanged(ELSEWHERE, "x", LI)), 1, ((0, 3),), PackFault.OLD_LABEL),
        ((back(0, 1),), 1, ((0, 2),), PackFault.OLD_LABEL),
        ((back(0, 1),), 2, ((0, 3),), PackFault.TOO_MANY),
        ((Printed(WANG), BuyerCancels()), 1, ((0, 3),), PackFault.CANCELLED),
        (GONE, 1, ((0, 1),), PackFault.SHIPPED),
        ((pack((0, 2)), back(0, 1)), 2, ((0, 1),), PackFault.PACKED),
    ],
)
def test_what_may_not_be_packed_is_refused_with_why(
    events: tuple[Event, ...], revision: int, lines: tuple[tuple[int, int], ...], why: PackFault
) -> None:
    """postnl-magento2 #289 (an old label after a new address), vendure #2329 (3 of 2 were shipped)."""
    order = after(paid(), *events)
    wanted = pack(*lines, revision=revision, request="new")
    assert decide(order, wanted, NOON) is order
    with pytest.raises(CannotPack) as told:
        refuse_packing(order, revision, wanted.lines)
    assert told.value.reason is why


def test_a_line_that_was_paid_back_counts_as_packed() -> None:
    """woocommerce-ios #1859: a refunded line kept the order open for ever."""
    order = after(paid(), pack((0, 2)), back(0, 1))
    assert (order.state, to_pack(order)) == (State.PACKED, [0])


def test_what_is_paid_back_after_it_was_packed_comes_out_before_the_parcel_leaves() -> None:
    order = after(paid(), ALL, back(0, 1))
    assert is_overpacked(order)
    assert decide(order, HandedOver(1, WANG), NOON) is order
    again = after(order, Unpacked(1, WANG), pack((0, 2), revision=2, request="r2"), HandedOver(2, WANG))
    assert (again.state, states(again)) == (State.SHIPPED, ["unpacked", "shipped"])


@pytest.mark.parametrize(
    ("events", "who", "cancelled"),
    [
        ((Printed(WANG),), BuyerCancels(), True),
        ((ALL,), BuyerCancels(), False),
        ((pack((0, 1)),), BuyerCancels(), False),
        ((ALL,), SellerCancels(), True),
        ((pack((0, 1)),), SellerCancels(), True),
        ((pack((0, 1)), HandedOver(1, WANG)), SellerCancels(), False),
        (GONE, SellerCancels(), False),
    ],
)
def test_buyers_cancel_until_something_is_packed_and_the_village_until_something_has_left(
    events: tuple[Event, ...], who: Event, cancelled: bool
) -> None:
    order = after(paid(), *events)
    then = decide(order, who, NOON)
    assert (then.state is State.CANCELLED) is cancelled
    assert [refund.amount for refund in then.refunds] == [order.total] * cancelled
    assert then.allocated.total() == (0 if cancelled else 3)


def test_a_parcel_of_an_order_that_was_cancelled_is_never_handed_over_but_taken_apart() -> None:
    """allegro/allegro-api #11469: cancelled after printing, packed and sent."""
    order = after(paid(), Printed(WANG), ALL, SellerCancels())
    assert decide(order, HandedOver(1, WANG), NOON) is order
    assert stage(order) is BoardStage.UNPACK
    apart = after(order, Unpacked(1, WANG))
    assert (apart.state, stage(apart)) == (State.CANCELLED, BoardStage.STOP)
    assert stage(after(apart, LabelPulled(WANG))) is None


def test_an_address_changes_until_something_is_packed() -> None:
    order = after(paid(), Printed(WANG), AddressChanged(ELSEWHERE, "door", LI))
    assert (order.ship_to, order.recipient, order.revision) == (ELSEWHERE, "door", 2)
    assert decide(order, AddressChanged(ELSEWHERE, "door", LI), NOON) is order
    packed = after(paid(), pack((0, 1)))
    assert decide(packed, AddressChanged(ELSEWHERE, "door", LI), NOON) is packed


@pytest.mark.parametrize("events", [(ALL,), GONE, (*GONE, Received(BUYER)), (*GONE, CameBack(1, WANG))])
def test_a_second_payment_goes_back_wherever_the_goods_are(events: tuple[Event, ...]) -> None:
    order = after(paid(), *events)
    twice = decide(order, Paid("event-2", "payment-2", order.total), NOON)
    assert (twice.state, [refund.reason for refund in twice.refunds]) == (order.state, [RefundReason.AGAIN])


@pytest.mark.parametrize("events", [(ALL,), GONE, (*GONE, Received(BUYER)), (*GONE, CameBack(1, WANG))])
def test_money_goes_back_in_part_wherever_the_goods_are(events: tuple[Event, ...]) -> None:
    order = after(paid(), *events, back(0, 1))
    assert [refund.amount for refund in order.refunds] == [2990]
    assert any(isinstance(intent, RefundPayment) for intent in order.outbox)


def test_a_short_line_goes_back_and_its_buyer_is_told() -> None:
    order = after(paid(), Printed(WANG), back(0, 1, RefundReason.SHORT))
    assert (order.state, to_pack(order), order.revision) == (State.PAID, [2], 2)
    assert "short" in [intent.text for intent in order.outbox if isinstance(intent, Mail)]


def test_what_is_missing_is_held_for_good_whatever_becomes_of_the_order() -> None:
    order = after(paid(), back(0, 1, RefundReason.SHORT))
    assert (order.allocated.total(), [part.quantity for part in order.lines[0].missing]) == (3, [1])
    assert after(order, BuyerCancels()).allocated.total() == 1
    gone = after(paid(), back(0, 3, RefundReason.SHORT))
    assert (gone.state, gone.allocated.total(), letters(gone)) == (State.CANCELLED, 3, ["withdrawn"])
    assert gone.bought.total() == 0


def test_the_latest_parts_of_a_line_are_the_missing_ones() -> None:
    parts = Part(day(1), 0, 2), Part(day(2), 1, 2)
    line = OrderLine(JAR, 4, 2990, parts)
    order = after(paid(lines=(line,), total=4 * 2990), back(0, 3, RefundReason.SHORT))
    [kept] = order.lines
    assert kept.parts == (Part(day(1), 0, 1),)
    assert {*kept.missing} == {Part(day(2), 1, 2), Part(day(1), 0, 1)}
    assert kept.ship_by == day(2), "its promise does not move"


def letters(order: Order) -> list[str]:
    return [intent.text for intent in order.outbox if isinstance(intent, Mail)]


def test_each_parcel_is_told_once_it_has_left_and_a_number_that_comes_later() -> None:
    order = after(paid(), *TWO_PARCELS)
    assert letters(order) == []
    order = after(order, HandedOver(1, WANG, "sf", "SF1000000000001"), HandedOver(2, WANG))
    assert letters(order) == ["shipped", "shipped"]
    order = after(order, NumberSet(2, "sf", "SF1000000000002", WANG))
    assert letters(order) == ["shipped", "shipped", "tracking"]
    assert decide(order, NumberSet(2, "sf", "SF1000000000002", LI), NOON) is order, "the same sheet again is no letter"
    assert letters(after(paid(), ALL, NumberSet(1, "sf", "SF1", WANG))) == [], "it has not left"


def test_a_parcel_is_taken_back_for_half_an_hour() -> None:
    order = after(paid(), *GONE)
    assert after(order, TakenBack(1, WANG), at=NOON + TAKE_BACK_WITHIN).state is State.PACKED
    assert after(order, TakenBack(1, WANG), at=NOON + TAKE_BACK_WITHIN + HOUR) is order
    underway = after(order, Tracked(1, S.UNDERWAY, NOON, SCHEDULE))
    assert after(underway, TakenBack(1, WANG)) is underway


def test_of_a_parcel_that_was_taken_back_no_letter_goes_out_any_more() -> None:
    assert letters(after(paid(), *GONE, NumberSet(1, "sf", "SF2", WANG), TakenBack(1, WANG))) == []
    one_left = after(paid(), *TWO_PARCELS, HandedOver(1, WANG), HandedOver(2, WANG), TakenBack(2, WANG))
    assert letters(one_left) == ["shipped", "shipped"]


def test_nobody_saying_anything_for_fifteen_days_it_has_arrived() -> None:
    order = after(paid(), *GONE)
    assert order.due == min(NOON + timedelta(seconds=60), NOON + SILENCE)
    assert decide(order, HoldEnded(), NOON + SILENCE - HOUR) is order
    there = decide(order, HoldEnded(), NOON + SILENCE)
    assert (there.state, there.history[-1].by) == (State.DELIVERED, SCHEDULE)


def test_the_history_says_who_packed_and_who_handed_over() -> None:
    order = after(paid(), ALL, HandedOver(1, LI))
    assert [entry.by for entry in order.history[1:]] == [WANG, LI]
    assert (order.parcels[0].by, order.parcels[0].handed_by) == (WANG, LI)
    assert provider("sandbox") not in {entry.by for entry in order.history[1:]}


def test_what_no_parcel_tells_of_is_noted_with_who_did_it_and_only_the_latest_hundred() -> None:
    number = NumberSet(2, "sf", "SF1000000000001", LI)
    acts = (Printed(WANG), AddressChanged(ELSEWHERE, "x", LI), pack((0, 3), revision=2), Unpacked(1, LI))
    order = after(paid(), *acts, pack((0, 3), revision=2, request="r2"), number, number)
    noted = [(entry.what, entry.by, entry.parcel) for entry in order.bench]
    assert noted == [("printed", WANG, 0), ("address changed", LI, 0), ("unpacked", LI, 1), ("number set", LI, 2)]
    often = after(paid(), *[Printed(WANG)] * 150, Printed(LI))
    assert (len(often.bench), often.bench[-1].by) == (100, LI)


# ---- The board ----


def stage(order: Order) -> BoardStage | None:
    found = entry_of(order)
    return found.stage if found else None


@pytest.mark.parametrize(
    ("events", "stage", "units"),
    [
        ((), BoardStage.TO_PRINT, 3),
        ((Printed(WANG),), BoardStage.PRINTED, 3),
        ((Printed(WANG), AddressChanged(ELSEWHERE, "x", LI)), BoardStage.OUTDATED, 3),
        ((Printed(WANG), pack((0, 1))), BoardStage.PRINTED, 2),
        ((ALL,), BoardStage.PACKED, 3),
        ((ALL, back(0, 1)), BoardStage.UNPACK, 3),
        (GONE, None, 0),
        ((Printed(WANG), BuyerCancels()), BoardStage.STOP, 3),
        ((BuyerCancels(),), None, 0),
        ((back(0, 3),), None, 0),
    ],
)
def test_the_board_shows_how_far_an_order_is(events: tuple[Event, ...], stage: BoardStage | None, units: int) -> None:
    found = entry_of(after(paid(), *events))
    assert (found and found.stage, sum(count for _, count in found.units) if found else 0) == (stage, units)
    if found:
        assert entry_in(found.number, key_of(found)) == found


def test_the_board_s_key_has_all_lines_and_sorts_by_the_day() -> None:
    lines = (
        OrderLine(JAR, 2, 2990, (Part(day(2), 0, 2),)),
        OrderLine("corn-noodles-1kg", 1, 1990, (Part(day(1), 0, 1),)),
    )
    found = entry_of(paid(lines=lines, recipient="d00rd00r"))
    assert found
    assert key_of(found) == f"{day(2)}#p#d00rd00r#1*corn-noodles-1kg+2*{JAR}"
    assert entry_in(found.number, key_of(found)) == found


def test_an_order_that_waits_for_its_payment_is_not_on_the_board() -> None:
    assert entry_of(make_order()) is None
    assert msgspec.json.decode(msgspec.json.encode(after(paid(), *GONE)), type=Order) == after(paid(), *GONE)
