"""What the packing board shows of an order, and how that is written into one key of an index. Pure rules, no I/O.

The key tells enough for the whole board (which day, how far, what is in it, which door it goes to by pseudonym), so
that a board of 5,000 orders is read without a single order, and without anything personal.
"""

from collections import Counter
from datetime import date
from enum import StrEnum

import msgspec

from chalicelib.domain.orders.lots import packable
from chalicelib.domain.orders.model import TO_BE_PACKED, Order, State
from chalicelib.domain.orders.parcels import HERE
from chalicelib.domain.orders.shipping import in_parcels, is_outdated, is_to_be_unpacked, to_pack


class BoardStage(StrEnum):
    """How far an order is in the packing room; the letters stand in keys.

    Its label is to be printed, is printed, or is printed and true no more; it is packed; what is in its parcels must
    come out again; it was cancelled, and its label lies in some heap.
    """

    TO_PRINT = "p"
    PRINTED = "r"
    OUTDATED = "o"
    PACKED = "k"
    UNPACK = "u"
    STOP = "x"


class BoardEntry(msgspec.Struct, frozen=True):
    """An order on the board: `units` by SKU are those to be packed, or those in its parcels here."""

    number: str
    ship_by: date
    stage: BoardStage
    units: tuple[tuple[str, int], ...]
    recipient: str = ""


def entry_of(order: Order) -> BoardEntry | None:
    """Return what the board shows of the order; None where nothing of it stands in the packing room."""
    stage = _stage(order)
    if stage is None:
        return None
    packed = in_parcels(order, frozenset({parcel.state for parcel in order.parcels} - HERE))
    here = stage in (BoardStage.PACKED, BoardStage.UNPACK)
    units: Counter[str] = Counter()
    for index, left in enumerate(packable(order) if order.recalls else to_pack(order)):
        units[order.lines[index].sku] += packed[index] if here else left
    return BoardEntry(order.number, order.ship_by, stage, tuple(sorted((+units).items())), order.recipient)


def entry_when_paid(order: Order) -> BoardEntry:
    """Return what the board will show of the order once it is paid."""
    units: Counter[str] = Counter()
    for line in order.lines:
        units[line.sku] += line.quantity
    return BoardEntry(order.number, order.ship_by, BoardStage.TO_PRINT, tuple(sorted(units.items())), order.recipient)


def _stage(order: Order) -> BoardStage | None:
    here = any(parcel.state in HERE for parcel in order.parcels)
    if order.state not in TO_BE_PACKED:
        stop = order.printed and order.state in (State.CANCELLED, State.REFUNDED)
        return BoardStage.UNPACK if here else BoardStage.STOP if stop else None
    if is_to_be_unpacked(order):
        return BoardStage.UNPACK
    if any(units > 0 for units in packable(order)):
        if order.printed is None:
            return BoardStage.TO_PRINT
        return BoardStage.OUTDATED if is_outdated(order) else BoardStage.PRINTED
    return BoardStage.PACKED if here else None


def key_of(entry: BoardEntry) -> str:
    """Return the entry as a key of the index, which sorts by the day: all but the order's number."""
    units = "+".join(f"{count}*{sku}" for sku, count in entry.units)
    return f"{entry.ship_by}#{entry.stage}#{entry.recipient}#{units}"


def entry_in(number: str, key: str) -> BoardEntry:
    """Return the entry of the order of this number that a key of the index tells."""
    day, stage, recipient, units = key.split("#", 3)
    counted = (one.split("*", 1) for one in units.split("+") if one)
    by_sku = tuple((sku, int(count)) for count, sku in counted)
    return BoardEntry(number, date.fromisoformat(day), BoardStage(stage), by_sku, recipient)
