"""When a parcel usually arrives: by how many days the shop's own parcels took to its province. Pure rules, no I/O.

It is no promise: the shop promises when it ships, and says this beside it once enough parcels of the last weeks have
arrived in that province. Nothing of a person is counted: a province, and a number of days.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from chalicelib.domain.calendar import village_day
from chalicelib.domain.orders.model import TO_BE_PACKED, Order, State
from chalicelib.domain.orders.parcels import ParcelState

PERIOD, PERIODS = 10, 6
"""Days that are counted together, and how many such periods are looked at: the last 51 to 60 days."""
ENOUGH = 20
"""Parcels that must have arrived before anything is said of a province."""
LONGEST = 14
"""Days after which a parcel is no example: it was lost and found, or nobody said that it had arrived (SILENCE)."""


class UsualDays(NamedTuple):
    """How many days after the handover half of the parcels have arrived, and nine of ten."""

    half: int
    most: int


def arrival_scope(province: str, day: date) -> str:
    """Return the scope of the figures of parcels that arrived in a province in the period of a day."""
    return f"arrival#{province}#{day.toordinal() // PERIOD}"


def scopes_to_read(province: str, today: date) -> list[str]:
    """Return the scopes of the last PERIODS, the latest first."""
    return [arrival_scope(province, today - timedelta(days=PERIOD * back)) for back in range(PERIODS)]


def arrivals_of(order: Order) -> Counter[tuple[str, str]]:
    """Return what the order's parcels that have arrived count for: by scope, `d3` for one that took three days."""
    counted: Counter[tuple[str, str]] = Counter()
    for parcel in order.parcels:
        if parcel.state is ParcelState.DELIVERED and parcel.handed and parcel.delivered:
            arrived = village_day(parcel.delivered)
            days = (arrived - village_day(parcel.handed)).days
            if 0 <= days <= LONGEST:
                counted[arrival_scope(order.ship_to.region[0], arrived), f"d{days}"] += 1
    return counted


def usual_days(figures: Mapping[str, int]) -> UsualDays | None:
    """Return how long parcels usually take, by figures such as `{"d2": 14, "d3": 9}`; None for too few of them."""
    counted = {days: figures.get(f"d{days}", 0) for days in range(LONGEST + 1)}
    total = sum(units for units in counted.values() if units > 0)
    if total < ENOUGH:
        return None
    return UsualDays(_reached(counted, total, 50), _reached(counted, total, 90))


def expected(order: Order, usual: UsualDays, today: date) -> tuple[date, date] | None:
    """Return from when to when what is left of the order usually arrives; None where there is nothing to say.

    It is counted from the handover, before that from the day by which it ships. Nothing is said once that time is over.
    """
    if order.state in TO_BE_PACKED:
        start = max(order.ship_by, today)
    elif order.state is State.SHIPPED:
        on_their_way = (ParcelState.SHIPPED, ParcelState.UNDERWAY)
        handed = [one.handed for one in order.parcels if one.handed and one.state in on_their_way]
        if not handed:
            return None
        start = village_day(max(handed))
    else:
        return None
    first, last = start + timedelta(days=usual.half), start + timedelta(days=usual.most)
    return (max(first, today), last) if last >= today else None


def _reached(counted: Mapping[int, int], total: int, percent: int) -> int:
    """The first day by which so many of a hundred have arrived."""
    sofar = 0
    for days in sorted(counted):
        sofar += max(counted[days], 0)
        if sofar * 100 >= total * percent:
            return days
    return LONGEST
