"""The afternoon in the packing room: how fast it goes, and what the courier will not find packed."""

import msgspec

from chalicelib.domain.calendar import courier_comes, village_day
from chalicelib.domain.orders.model import Order, State
from chalicelib.domain.orders.questions import QuestionReason
from chalicelib.domain.packing.board import BoardStage
from chalicelib.domain.packing.pace import Pace, ToPack, pace
from chalicelib.services.packing.questions import UNPACKED
from chalicelib.services.stage import Stage
from chalicelib.storage.store import Store


class Afternoon(msgspec.Struct, frozen=True):
    """The pace of today, and which of the late orders' buyers have been asked what they want instead."""

    pace: Pace
    asked: frozenset[str]


def look(stage: Stage, store: Store) -> Afternoon:
    """Return how today goes, from the orders on the board that are promised for today or before.

    Parcels that have left already are not on the board, so they are not counted. It reads those orders: a page asks
    each few minutes, and not with each look at the board.
    """
    now, today = stage.clock(), stage.today
    due = [one for one in store.orders.board() if one.ship_by <= today]
    orders = {order.number: order for order in store.orders.load_many([one.number for one in due])}
    packed = [
        parcel.packed
        for one in due
        if one.stage is BoardStage.PACKED and one.number in orders
        for parcel in orders[one.number].parcels
        if village_day(parcel.packed) == today
    ]
    left = [orders[one.number] for one in due if one.stage in UNPACKED and one.number in orders]
    found = pace(packed, [_to_pack(order) for order in left], now, courier_comes(today, stage.catalog.shop.calendar))
    asked = {order.number for order in left if any(one.why is QuestionReason.LATE for one in order.questions)}
    return Afternoon(found, frozenset(asked))


def _to_pack(order: Order) -> ToPack:
    paid = next((one.at for one in order.history if one.event is State.PAID), order.placed)
    return ToPack(order.number, paid)
