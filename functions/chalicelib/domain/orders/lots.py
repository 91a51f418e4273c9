"""Lots: which batches the units of an order come from, packed or not; and what a recall makes of the order.

A parcel says itself what its units come from. Where older code has not kept that, they are taken for the earliest parts
of their lines, as those that are packed first. Pure rules, no I/O.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from chalicelib.domain.orders.events import Recalled, RecallLifted
from chalicelib.domain.orders.model import Order, RecallMark
from chalicelib.domain.orders.parcels import GONE, HERE, Lot, Parcel, ParcelLine
from chalicelib.domain.orders.refunds import left_of_lines
from chalicelib.domain.orders.steps import tell, untell

Batches = frozenset[tuple[str, date]]
"""Batches by SKU and day: those of drops of the SKU are among them, since the same hands make them."""


def recalled_batches(order: Order) -> Batches:
    """Return the batches of the order that are recalled, as far as it has been told."""
    return frozenset((mark.sku, mark.ship_by) for mark in order.recalls)


def batches_in(order: Order, lots: Iterable[Lot]) -> list[tuple[str, date]]:
    """Return the batches that lots of the order come from, each once."""
    return sorted({(order.lines[lot.line].sku, lot.ship_by) for lot in lots})


def lots_in(order: Order) -> dict[int, tuple[Lot, ...]]:
    """Return by a parcel's number the lots that it holds, but of parcels whose units are to be packed again."""
    return _attributed(order)[0]


def choose(order: Order, lines: Iterable[ParcelLine]) -> tuple[Lot, ...]:
    """Return the lots that units to be packed are taken from: the earliest first, recalled ones last."""
    recalled, left = recalled_batches(order), _attributed(order)[1]
    return tuple(lot for one in lines for lot in _taken(order, left, one, recalled))


def unpacked_units(order: Order, batch: tuple[str, date]) -> Counter[int]:
    """Return how many units of each line are still to be packed that would have to come from the batch."""
    return _unpacked(order, frozenset({batch}))


def packable(order: Order) -> list[int]:
    """Return how many units of each line can be packed: those that are left without those of recalled batches."""
    kept_back = _unpacked(order, recalled_batches(order))
    return [max(left, 0) - kept_back[index] for index, left in enumerate(_to_pack(order))]


def units_of(order: Order, batch: tuple[str, date]) -> int:
    """Return how many units of a batch are the buyer's: in parcels, or still to be packed."""
    packed = (lot for lots in lots_in(order).values() for lot in lots)
    return sum(lot.quantity for lot in packed if _batch(order, lot) == batch) + sum(
        unpacked_units(order, batch).values()
    )


def is_recalled(order: Order, parcel: Parcel) -> bool:
    """Return whether units of a recalled batch are in the parcel."""
    recalled = recalled_batches(order)
    return bool(recalled) and any(_batch(order, lot) in recalled for lot in lots_in(order).get(parcel.n, ()))


def has_recalled_here(order: Order) -> bool:
    """Return whether a parcel that stands in the village is to be taken apart, since it is recalled."""
    return any(parcel.state in HERE and is_recalled(order, parcel) for parcel in order.parcels)


# ---- Events ----


def recalled(order: Order, event: Recalled, now: datetime) -> Order:
    """Mark the order and write to its buyer, once a recall; one without units of the batch is not concerned."""
    if any(mark.recall == event.recall for mark in order.recalls) or not units_of(order, (event.sku, event.ship_by)):
        return order
    mark = RecallMark(event.recall, event.sku, event.ship_by, now, event.why, event.why_en)
    return tell(msgspec.structs.replace(order, recalls=(*order.recalls, mark)), now, "recalled")


def recall_lifted(order: Order, event: RecallLifted, now: datetime) -> Order:
    """Take the mark off again; a buyer to whom the recall was written is told that it was a mistake."""
    kept = tuple(mark for mark in order.recalls if mark.recall != event.recall)
    if kept == order.recalls:
        return order
    after = msgspec.structs.replace(order, recalls=kept)
    unsent = after if kept else untell(after, "recalled")
    return unsent if unsent is not after else tell(after, now, "unrecalled")


# ---- Steps ----


def _attributed(order: Order) -> tuple[dict[int, tuple[Lot, ...]], list[Counter[date]]]:
    """The lots of each parcel, and of each line what is left of its parts by day."""
    left: list[Counter[date]] = [Counter() for _ in order.lines]
    for index, line in enumerate(order.lines):
        for part in line.parts:
            left[index][part.ship_by] += part.quantity
    told = [parcel for parcel in order.parcels if parcel.state not in GONE]
    found = {}
    for parcel in sorted(told, key=lambda one: not one.lots):
        if parcel.lots:
            found[parcel.n] = parcel.lots
            for lot in parcel.lots:
                left[lot.line][lot.ship_by] -= lot.quantity
        else:
            lots = [lot for one in parcel.lines for lot in _taken(order, left, one, frozenset())]
            found[parcel.n] = tuple(lots)
    return found, left


def _taken(order: Order, left: Sequence[Counter[date]], one: ParcelLine, recalled: Batches) -> list[Lot]:
    """Takes units of a line from what is left of its parts; what is beyond these (its parts were others when some of it
    was packed) from the latest."""
    line, units, lots = order.lines[one.line], one.quantity, []
    days = left[one.line]
    for day in sorted(days, key=lambda day: ((line.sku, day) in recalled, day)):
        if taken := min(max(days[day], 0), units):
            days[day] -= taken
            units -= taken
            lots.append(Lot(one.line, day, taken))
    return [*lots, Lot(one.line, line.ship_by, units)] if units else lots


def _unpacked(order: Order, batches: Batches) -> Counter[int]:
    """Units of each line that are left to be packed, and cannot come from other batches than these."""
    left, units = _attributed(order)[1], Counter[int]()
    for index, to_pack in enumerate(_to_pack(order)):
        others = sum(count for day, count in left[index].items() if (order.lines[index].sku, day) not in batches)
        units[index] = max(min(to_pack, sum(left[index].values())) - max(others, 0), 0)
    return units


def _to_pack(order: Order) -> list[int]:
    packed: Counter[int] = Counter()
    for parcel in order.parcels:
        for one in parcel.lines if parcel.state not in GONE else ():
            packed[one.line] += one.quantity
    return [units - packed[index] for index, units in enumerate(left_of_lines(order))]


def _batch(order: Order, lot: Lot) -> tuple[str, date]:
    return order.lines[lot.line].sku, lot.ship_by
