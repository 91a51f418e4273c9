"""What needs a person: of an order, or of money that fits nowhere, as it stands. Pure rules, no I/O.

Each need follows from the aggregate alone, so it comes and goes with it: nobody has to tick it off.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from chalicelib.domain.aggregate import Aggregate
from chalicelib.domain.orders.model import Order, Refund, RefundState, State
from chalicelib.domain.orders.parcels import WITH_CARRIER, Parcel, ParcelState
from chalicelib.domain.payments.news import DisputeState
from chalicelib.domain.payments.strays import Stray, StrayState

NO_SCAN_AFTER = timedelta(days=3)
"""How long a parcel that was handed over may go unseen by its carrier: a first scan comes the same evening."""
UNDER_WAY_FOR = timedelta(days=10)
"""How long a parcel may be on its way: the slowest of the usual services takes a week."""


class NeedKind(StrEnum):
    """What a person must see to. The strings are stored, and stand in the HTTP contract.

    Money that no provider brings back by itself; a call elsewhere that fails all the time; money that the buyer's bank
    claims; money that fits nowhere; a parcel of which its carrier says nothing.
    """

    REFUND = "refund"
    STUCK = "stuck"
    DISPUTE = "dispute"
    STRAY = "stray"
    SILENCE = "silence"


class Need(msgspec.Struct, frozen=True, order=True):
    """That `about`, an order or stray money by its number, needs a person for this, and since when."""

    kind: NeedKind
    about: str
    since: datetime


def needs(aggregate: Aggregate | None) -> frozenset[Need]:
    """Return what of the aggregate needs a person; nothing of None."""
    if isinstance(aggregate, Order):
        found = dict(_of_order(aggregate))
    elif isinstance(aggregate, Stray) and aggregate.state is StrayState.OPEN:
        found = {NeedKind.STRAY: aggregate.seen}
    else:
        found = {}
    if aggregate is not None and aggregate.alarming and aggregate.retry_at:
        found[NeedKind.STUCK] = aggregate.retry_at
    return frozenset(Need(kind, aggregate.number, since) for kind, since in found.items()) if aggregate else frozenset()


def _of_order(order: Order) -> Iterator[tuple[NeedKind, datetime]]:
    refunds = order.refunds
    by_hand = [refund for place, refund in enumerate(refunds) if _needs_a_hand(refund, refunds[place + 1 :])]
    if by_hand:
        yield NeedKind.REFUND, min(refund.at for refund in by_hand)
    disputes = [one.at for one in order.disputes if one.state is DisputeState.OPEN]
    if disputes:
        yield NeedKind.DISPUTE, min(disputes)
    silent = [parcel.handed for parcel in order.parcels if parcel.handed and _is_silent(order, parcel)]
    if silent and order.state is State.SHIPPED:
        yield NeedKind.SILENCE, min(silent)


def _needs_a_hand(refund: Refund, later: tuple[Refund, ...]) -> bool:
    """One that failed is settled by the next one that is asked for: nothing of it has gone back."""
    failed = refund.state is RefundState.FAILED and not any(one.payment == refund.payment for one in later)
    return failed or refund.state is RefundState.HAND


def _is_silent(order: Order, parcel: Parcel) -> bool:
    """Whether nothing is known of it although its carrier has been asked for so long: by when it is asked next."""
    if parcel.state not in WITH_CARRIER or not parcel.handed or not order.look_at:
        return False
    patience = NO_SCAN_AFTER if parcel.state is ParcelState.SHIPPED else UNDER_WAY_FOR
    return order.look_at - parcel.handed > patience
