"""What packers and carriers make of a paid order. Pure rules, no I/O; transitions.py says when.

Where the goods stand follows from the parcels: an order is packed once all of its units are in parcels, shipped once
all of those are handed over, delivered once all are. Units that were paid back need no parcel.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from chalicelib.domain.actor import SCHEDULE, Actor
from chalicelib.domain.aggregate import FollowParcel, intend
from chalicelib.domain.errors import CannotPack, PackFault
from chalicelib.domain.orders.events import (
    AddressChanged,
    CameBack,
    Event,
    HandedOver,
    HoldEnded,
    LabelPulled,
    Looked,
    NumberSet,
    Packed,
    Postponed,
    Printed,
    Received,
    SentAgain,
    TakenBack,
    Tracked,
    Unpacked,
)
from chalicelib.domain.orders.lots import has_recalled_here, is_recalled, packable
from chalicelib.domain.orders.model import TO_BE_PACKED, Order, OrderLine, RefundLine, State
from chalicelib.domain.orders.parcels import (
    FORWARD,
    GONE,
    HERE,
    BenchEntry,
    Parcel,
    ParcelLine,
    ParcelState,
    Printout,
)
from chalicelib.domain.orders.refunds import left_of_lines
from chalicelib.domain.orders.steps import enter, tell, untell

TAKE_BACK_WITHIN = timedelta(minutes=30)
"""How long a parcel that was handed over by mistake may be taken back, while the carrier says nothing of it."""
LOOK_AFTER = timedelta(hours=6)
"""How long after a parcel has left, or has last moved, its carrier is asked where it is."""


# ---- What is left to do ----


def to_ship(order: Order) -> list[int]:
    """Return how many units of each line the buyer is to get: what was paid back need not be made."""
    return [*left_of_lines(order)]


def in_parcels(order: Order, but: frozenset[ParcelState] = GONE) -> Counter[int]:
    """Return how many units of each line are in parcels, but in those of these states."""
    units: Counter[int] = Counter()
    for parcel in order.parcels:
        if parcel.state not in but:
            for one in parcel.lines:
                units[one.line] += one.quantity
    return units


def to_pack(order: Order) -> list[int]:
    """Return how many units of each line are still to be packed; below zero: so many too many are in parcels."""
    packed = in_parcels(order)
    return [units - packed[index] for index, units in enumerate(to_ship(order))]


def is_overpacked(order: Order) -> bool:
    """Return whether something is in parcels here that the buyer is not to get: they are to be taken apart."""
    return any(parcel.state in HERE for parcel in order.parcels) and (
        order.state not in TO_BE_PACKED or any(units < 0 for units in to_pack(order))
    )


def is_to_be_unpacked(order: Order) -> bool:
    """Return whether a parcel here must be taken apart: it holds what the buyer is not to get, or is recalled."""
    return is_overpacked(order) or has_recalled_here(order)


def is_outdated(order: Order) -> bool:
    """Return whether a label was printed that is true no more."""
    return order.printed is not None and order.printed.revision != order.revision


def refuse_packing(order: Order, revision: int, lines: Iterable[ParcelLine]) -> None:
    """Raise CannotPack, with why, where these units cannot be packed by a label of this revision."""
    if order.state is State.PACKED or (order.state is State.PAID and not any(n > 0 for n in to_pack(order))):
        last = next((one for one in reversed(order.parcels) if one.state not in GONE), None)
        raise CannotPack(PackFault.PACKED, at=last.packed if last else None, by=last.by if last else "")
    if order.state in (State.SHIPPED, State.DELIVERED, State.RETURNED):
        raise CannotPack(PackFault.SHIPPED)
    if order.state is State.AWAITING_PAYMENT:
        raise CannotPack(PackFault.UNPAID)
    if order.state is not State.PAID:
        raise CannotPack(PackFault.CANCELLED)
    if revision != order.revision:
        raise CannotPack(PackFault.OLD_LABEL)
    left = to_pack(order)
    wanted = [*lines]
    if any(not 0 < one.quantity <= (left[one.line] if one.line < len(left) else 0) for one in wanted):
        raise CannotPack(PackFault.TOO_MANY)
    good = packable(order)
    if not any(good) or any(one.quantity > good[one.line] for one in wanted):
        raise CannotPack(PackFault.RECALLED)


# ---- Events ----

NOTED: dict[type[Event], str] = {
    Printed: "printed",
    LabelPulled: "label pulled",
    Postponed: "postponed",
    AddressChanged: "address changed",
    Unpacked: "unpacked",
    NumberSet: "number set",
    TakenBack: "taken back",
    CameBack: "came back",
    SentAgain: "sent again",
}
"""Events of the bench, and of the desk, that are noted with who did it; a parcel says itself who packed it and who
handed it over."""
MOST_NOTES = 100
"""Notes that an order keeps, the latest: a label that is printed for ever must not fill its item."""


def noted(order: Order, event: Event, now: datetime) -> Order:
    """Return the order with a note of the event, where it is one of the bench's."""
    if type(event) not in NOTED:
        return order
    done = BenchEntry(now, NOTED[type(event)], event.by, getattr(event, "parcel", 0))  # type: ignore[union-attr]
    return msgspec.structs.replace(order, bench=(*order.bench[1 - MOST_NOTES :], done))


def printed(order: Order, event: Printed, now: datetime) -> Order:
    """Keep that a label was printed; again is the same label."""
    return msgspec.structs.replace(order, printed=Printout(order.revision, now, event.by, event.wave))


def label_pulled(order: Order, _: LabelPulled, __: datetime) -> Order:
    """Keep that the label of an order that is over lies in the bin, and not in a heap."""
    return msgspec.structs.replace(order, printed=None) if order.printed else order


def address_changed(order: Order, event: AddressChanged, now: datetime) -> Order:
    """Send it elsewhere, while nothing of it is in a parcel."""
    if event.to == order.ship_to or any(parcel.state not in GONE for parcel in order.parcels):
        return order
    lookup = event.lookup if order.lookup and event.lookup else order.lookup
    person = msgspec.structs.replace(order.person, corrected=now)
    elsewhere = {"ship_to": event.to, "recipient": event.recipient, "lookup": lookup, "person": person}
    return relabelled(msgspec.structs.replace(order, **elsewhere))


def relabelled(order: Order) -> Order:
    """Return the order with a new revision: labels of the old one are refused when they are scanned."""
    return msgspec.structs.replace(order, revision=order.revision + 1)


def packed(order: Order, event: Packed, now: datetime) -> Order:
    """Put units into a parcel of their own, by the current label, once a request."""
    if any(parcel.request == event.request for parcel in order.parcels):
        return order
    try:
        refuse_packing(order, event.revision, event.lines)
    except CannotPack:
        return order
    parcel = Parcel(len(order.parcels) + 1, event.lines, now, event.by, request=event.request, lots=event.lots)
    parcel = msgspec.structs.replace(parcel, carrier=event.carrier, tracking=event.tracking)
    return stands(msgspec.structs.replace(order, parcels=(*order.parcels, parcel)), now, event.by)


def unpacked(order: Order, event: Unpacked, now: datetime) -> Order:
    """Take a parcel apart that has not left; also of an order that was cancelled since."""
    return _moved(order, Move(event.parcel, HERE, ParcelState.UNPACKED, now, event.by))


def handed_over(order: Order, event: HandedOver, now: datetime) -> Order:
    """Give a parcel to the carrier, and tell the buyer; never one that is to be taken apart, or is recalled."""
    parcel = _parcel(order, event.parcel)
    if parcel is None or parcel.state not in HERE or is_overpacked(order) or is_recalled(order, parcel):
        return order
    gone = msgspec.structs.replace(
        parcel,
        state=ParcelState.SHIPPED,
        handed=now,
        handed_by=event.by,
        carrier=event.carrier or parcel.carrier,
        tracking=event.tracking or parcel.tracking,
    )
    after = tell(stands(_with(order, gone), now, event.by), now, "shipped")
    return _followed(after, gone, now) if event.follow else after


def number_set(order: Order, event: NumberSet, now: datetime) -> Order:
    """Keep the carrier's number of a parcel; of a parcel that has left, the buyer hears of it."""
    parcel = _parcel(order, event.parcel)
    if parcel is None or parcel.state in GONE or (parcel.carrier, parcel.tracking) == (event.carrier, event.tracking):
        return order
    parcel = msgspec.structs.replace(parcel, carrier=event.carrier, tracking=event.tracking)
    after = _with(order, parcel)
    if parcel.state not in FORWARD:
        return after
    after = tell(after, now, "tracking")
    return _followed(after, parcel, now) if event.follow else after


def taken_back(order: Order, event: TakenBack, now: datetime) -> Order:
    """Take back a parcel that was handed over by mistake, for a while, and while the carrier says nothing of it."""
    parcel = _parcel(order, event.parcel)
    if parcel is None or parcel.state is not ParcelState.SHIPPED:
        return order
    if parcel.handed is None or now > parcel.handed + TAKE_BACK_WITHIN:
        return order
    back = msgspec.structs.replace(parcel, handed=None, handed_by=event.by)
    move = Move(event.parcel, {ParcelState.SHIPPED}, ParcelState.PACKED, now, event.by)
    after = _unfollowed(_moved(_with(order, back), move), event.parcel)
    return after if any(one.state in FORWARD for one in after.parcels) else untell(after, "shipped", "tracking")


def tracked(order: Order, event: Tracked, now: datetime) -> Order:
    """Enter a carrier's news: states only go forward, whatever order the news comes in."""
    parcel = _parcel(order, event.parcel)
    if parcel is None or FORWARD.get(event.state, 0) <= FORWARD.get(parcel.state, 9):
        return order
    if parcel.state is ParcelState.RETURNING:
        return order
    parcel = msgspec.structs.replace(parcel, delivered=event.at if event.state is ParcelState.DELIVERED else None)
    if order.look_at:
        order = msgspec.structs.replace(order, look_at=now + LOOK_AFTER)
    return _moved(_with(order, parcel), Move(event.parcel, FORWARD, event.state, now, event.by))


def looked(order: Order, event: Looked, _: datetime) -> Order:
    """Keep when carriers are asked next: parcels of which they say nothing new must not be asked about all the time."""
    return order if event.again == order.look_at else msgspec.structs.replace(order, look_at=event.again)


def way_ended(order: Order, _: HoldEnded, now: datetime) -> Order:
    """Take it for delivered where nobody has said anything else for SILENCE."""
    return order if order.ends and now < order.ends else _all_delivered(order, now, SCHEDULE)


def received(order: Order, event: Received, now: datetime) -> Order:
    """Take all of it for delivered, since who got it says so."""
    return _all_delivered(order, now, event.by)


def came_back(order: Order, event: CameBack, now: datetime) -> Order:
    """Keep that a parcel is in the village again: food is not sold once more, a person decides what follows."""
    return _moved(order, Move(event.parcel, FORWARD, ParcelState.RETURNED, now, event.by))


def sent_again(order: Order, event: SentAgain, now: datetime) -> Order:
    """Have the units of a parcel that came back packed once more, by a new label."""
    after = _moved(order, Move(event.parcel, {ParcelState.RETURNED}, ParcelState.RESENT, now, event.by))
    return order if after is order else relabelled(after)


# ---- What is missing ----


def without(order: Order, lines: Iterable[RefundLine]) -> Order:
    """Return the order without units that there turned out not to be: they are promised to nobody any more, and are not
    on sale again either, since nobody could have them."""
    gone = {one.line: one.quantity for one in lines}
    kept = tuple(_line_without(line, gone.get(index, 0)) for index, line in enumerate(order.lines))
    return msgspec.structs.replace(order, lines=kept)


def _line_without(line: OrderLine, units: int) -> OrderLine:
    """The line whose latest parts are missing."""
    parts, missing = [], [*line.missing]
    for part in reversed(line.parts):
        taken = min(units, part.quantity)
        units -= taken
        if taken:
            missing.append(msgspec.structs.replace(part, quantity=taken))
        if part.quantity > taken:
            parts.append(msgspec.structs.replace(part, quantity=part.quantity - taken))
    return msgspec.structs.replace(line, parts=tuple(reversed(parts)), missing=tuple(missing))


def is_all_missing(order: Order) -> bool:
    """Return whether nothing of the order is left that could be sent, nor is on its way."""
    gone = all(parcel.state in GONE | HERE for parcel in order.parcels)
    return order.state in TO_BE_PACKED and gone and not any(to_ship(order))


# ---- Steps ----


def stands(order: Order, now: datetime, by: Actor) -> Order:
    """Return the order in the state that follows from its parcels."""
    if order.state not in _GOODS:
        return order
    state = _where(order)
    return order if state is order.state else enter(order, state, now, by)


_GOODS = frozenset({State.PAID, State.PACKED, State.SHIPPED, State.DELIVERED, State.RETURNED})


def _where(order: Order) -> State:
    states = {parcel.state for parcel in order.parcels} - GONE
    if not states or any(units > 0 for units in to_pack(order)):
        return State.PAID
    if states & HERE:
        return State.PACKED
    if states == {ParcelState.RETURNED}:
        return State.RETURNED
    return State.DELIVERED if states <= {ParcelState.DELIVERED, ParcelState.RETURNED} else State.SHIPPED


def _followed(order: Order, parcel: Parcel, now: datetime) -> Order:
    """The order with the wish that news of a parcel is pushed, once it has a number, and with when it is asked for."""
    if not parcel.tracking:
        return order
    order = msgspec.structs.replace(order, look_at=now + LOOK_AFTER)
    return intend(order, now, FollowParcel(f"follow-{parcel.n}-{order.version}", parcel.n))


def _unfollowed(order: Order, n: int) -> Order:
    """The order without the wish, where it has not been asked for yet."""
    kept = tuple(one for one in order.outbox if not (isinstance(one, FollowParcel) and one.parcel == n))
    return order if kept == order.outbox else msgspec.structs.replace(order, outbox=kept)


def _parcel(order: Order, n: int) -> Parcel | None:
    return next((parcel for parcel in order.parcels if parcel.n == n), None)


def _with(order: Order, parcel: Parcel) -> Order:
    parcels = tuple(parcel if one.n == parcel.n else one for one in order.parcels)
    return msgspec.structs.replace(order, parcels=parcels)


class Move(NamedTuple):
    """That a parcel goes from any `of` these states to another, `at` an instant and by whom."""

    n: int
    of: Collection[ParcelState]
    to: ParcelState
    at: datetime
    by: Actor


def _moved(order: Order, move: Move) -> Order:
    """The order with the parcel in its other state; the same object where it is in none of those it may leave."""
    parcel = _parcel(order, move.n)
    if parcel is None or parcel.state not in move.of:
        return order
    return stands(_with(order, msgspec.structs.replace(parcel, state=move.to)), move.at, move.by)


def _all_delivered(order: Order, now: datetime, by: Actor) -> Order:
    for parcel in order.parcels:
        if parcel.state in (ParcelState.SHIPPED, ParcelState.UNDERWAY):
            order = _with(order, msgspec.structs.replace(parcel, state=ParcelState.DELIVERED, delivered=now))
    return stands(order, now, by)
