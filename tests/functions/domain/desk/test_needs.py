"""What needs a person follows from an order as it stands, and goes with its cause."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from chalicelib.domain.aggregate import ALARMING_TRIES, RefundPayment
from chalicelib.domain.desk.needs import NO_SCAN_AFTER, UNDER_WAY_FOR, NeedKind, needs
from chalicelib.domain.orders.model import DisputeEntry, Order, Refund, RefundState, State
from chalicelib.domain.orders.parcels import ParcelState
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.payments.strays import Stray, StrayState

from tests.functions.helpers.world import NOON, make_order

ORDER = make_order(State.PAID, payment="p")
SHIPPED = make_order(State.SHIPPED, payment="p")
HOUR = timedelta(hours=1)


def refunds(*states: RefundState) -> dict[str, Any]:
    return {"refunds": tuple(Refund(f"{n}", "p", 100, NOON, state) for n, state in enumerate(states, 1))}


def disputes(state: DisputeState) -> dict[str, Any]:
    return {"disputes": (DisputeEntry("d", 100, state, NOON),)}


def handed(order: Order, state: ParcelState, waited: timedelta) -> dict[str, Any]:
    parcels = tuple(msgspec.structs.replace(parcel, state=state, handed=NOON) for parcel in order.parcels)
    return {"parcels": parcels, "look_at": NOON + waited}


@pytest.mark.parametrize(
    ("order", "changed", "found"),
    [
        (ORDER, {}, set()),
        (ORDER, refunds(RefundState.ASKED), set()),
        (ORDER, refunds(RefundState.HAND), {NeedKind.REFUND}),
        (ORDER, refunds(RefundState.FAILED), {NeedKind.REFUND}),
        (ORDER, refunds(RefundState.FAILED, RefundState.ASKED), set()),
        (ORDER, refunds(RefundState.HAND, RefundState.DONE), {NeedKind.REFUND}),
        (ORDER, refunds(RefundState.DONE), set()),
        (ORDER, disputes(DisputeState.OPEN), {NeedKind.DISPUTE}),
        (ORDER, disputes(DisputeState.LOST), set()),
        (ORDER, {"outbox": (RefundPayment("k", tries=ALARMING_TRIES),), "retry_at": NOON}, {NeedKind.STUCK}),
        (ORDER, {"outbox": (RefundPayment("k", tries=1),), "retry_at": NOON}, set()),
        (SHIPPED, handed(SHIPPED, ParcelState.SHIPPED, NO_SCAN_AFTER), set()),
        (SHIPPED, handed(SHIPPED, ParcelState.SHIPPED, NO_SCAN_AFTER + HOUR), {NeedKind.SILENCE}),
        (SHIPPED, handed(SHIPPED, ParcelState.UNDERWAY, NO_SCAN_AFTER + HOUR), set()),
        (SHIPPED, handed(SHIPPED, ParcelState.UNDERWAY, UNDER_WAY_FOR + HOUR), {NeedKind.SILENCE}),
        (SHIPPED, handed(SHIPPED, ParcelState.DELIVERED, UNDER_WAY_FOR + HOUR), set()),
        (SHIPPED, handed(SHIPPED, ParcelState.SHIPPED, HOUR) | {"look_at": None}, set()),
    ],
)
def test_an_order_needs_a_person_for_what_nothing_mends_by_itself(
    order: Order, changed: dict[str, Any], found: set[NeedKind]
) -> None:
    assert {need.kind for need in needs(msgspec.structs.replace(order, **changed))} == found


def test_stray_money_needs_a_person_until_one_has_decided() -> None:
    stray = Stray(number="1", provider="wechat", reference="x", payment="p", amount=1, currency="CNY", seen=NOON)
    assert {need.kind for need in needs(stray)} == {NeedKind.STRAY}
    assert not needs(msgspec.structs.replace(stray, state=StrayState.GOING_BACK))
    assert not needs(None)
