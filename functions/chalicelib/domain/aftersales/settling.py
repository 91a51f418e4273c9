"""What a claim and its end make of an order: what can be claimed, and what it comes to. Pure rules, no I/O.

A claim is about units that were handed to a carrier, until some time after they were delivered. One unit is claimed
once: a line that has an open claim takes no other. What is paid for a claim is a refund as any other, so all of them
together never come to more than was paid.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from chalicelib.domain.actor import Actor
from chalicelib.domain.aftersales.claims import Claim, ClaimState
from chalicelib.domain.orders import money
from chalicelib.domain.orders.events import ClaimDeclined, ClaimMade, ClaimReplaced, ClaimSettled, RefundAsked
from chalicelib.domain.orders.model import SOLD, TO_BE_PACKED, Order, Refund, RefundLine, RefundReason
from chalicelib.domain.orders.parcels import GONE, HERE
from chalicelib.domain.orders.refunds import left_of_lines, postage_left
from chalicelib.domain.orders.steps import tell

CLAIM_WITHIN = timedelta(hours=48)
"""How long after a parcel was delivered its goods can be claimed here; the law's own rights last longer, by letter."""
MOST_CLAIMS = 20
"""Claims that one order takes: more are no buyer's any more, and an order's item has no room for them."""


# ---- What can be claimed ----


def claimable(order: Order, now: datetime) -> list[int]:
    """Return how many units of each line can be claimed: they were handed over, and are not claimed or paid back."""
    if order.state not in SOLD or len(order.claims) >= MOST_CLAIMS:
        return [0] * len(order.lines)
    came: Counter[int] = Counter()
    for parcel in order.parcels:
        over = parcel.delivered is not None and now > parcel.delivered + CLAIM_WITHIN
        if parcel.state not in GONE | HERE and not over:
            for one in parcel.lines:
                came[one.line] += one.quantity
    waits, settled = _units(order, ClaimState.OPEN), _units(order, ClaimState.SETTLED)
    left = left_of_lines(order)
    return [
        0 if waits[index] else max(min(came[index] - settled[index], left[index]), 0)
        for index in range(len(order.lines))
    ]


def claim_until(order: Order) -> datetime | None:
    """Return until when something of it can be claimed; None where nothing has been delivered."""
    delivered = [parcel.delivered for parcel in order.parcels if parcel.delivered]
    return max(delivered) + CLAIM_WITHIN if delivered else None


def _units(order: Order, state: ClaimState) -> Counter[int]:
    units: Counter[int] = Counter()
    for claim in order.claims:
        if claim.state is state:
            for one in claim.lines:
                units[one.line] += one.quantity
    return units


# ---- What it comes to ----


def worth(order: Order, claim: Claim) -> dict[int, int]:
    """Return what each line of a claim comes to at most, in fen: its price, and its share of the postage."""
    most: Counter[int] = Counter()
    for one, share in zip(claim.lines, _shares(order, claim), strict=True):
        most[one.line] += order.lines[one.line].unit_price * one.quantity + share
    return dict(most)


def _shares(order: Order, claim: Claim) -> list[int]:
    """The shares of the postage, line by line: by price, in whole fen, and the last units get what is left over."""
    goods = sum(line.unit_price * line.quantity for line in order.lines)
    left = [*left_of_lines(order)]
    rest, shares = postage_left(order), []
    for one in claim.lines:
        left[one.line] -= min(one.quantity, left[one.line])
        part = order.postage * order.lines[one.line].unit_price * one.quantity // goods if goods else 0
        share = rest if not any(left) else min(part, rest)
        shares.append(share)
        rest -= share
    return shares


def quote_claim(order: Order, claim: Claim, amounts: Mapping[int, int] | None = None) -> Refund:
    """Return the refund that settles a claim: all of it, or so many fen by line; its amount is 0 where nothing is left.

    All of it gives the units back by line, and so nobody gives them back once more; a part of it is an amount. So is
    all of it while something of the order is in the village: units that are given back by line need not be packed.
    """
    most = worth(order, claim)
    asked = {line: min(amounts.get(line, 0), most[line]) for line in most} if amounts is not None else most
    amount = min(sum(asked.values()), order.refundable)
    whole = amount == sum(most.values()) and _are_left(order, claim)
    price = sum(order.lines[one.line].unit_price * one.quantity for one in claim.lines)
    return Refund(
        "",
        order.payment or "",
        amount,
        order.placed,
        reason=RefundReason.CLAIM,
        reference=order.reference,
        lines=_refund_lines(claim) if whole and order.state not in TO_BE_PACKED else (),
        postage=amount - price if whole else 0,
        request=f"claim-{claim.id}",
    )


def _refund_lines(claim: Claim) -> tuple[RefundLine, ...]:
    units: Counter[int] = Counter()
    for one in claim.lines:
        units[one.line] += one.quantity
    return tuple(RefundLine(line, count) for line, count in sorted(units.items()))


def _are_left(order: Order, claim: Claim) -> bool:
    left = left_of_lines(order)
    return all(one.quantity <= left[one.line] for one in _refund_lines(claim))


def settles_at_once(order: Order, claim: Claim, most: int) -> bool:
    """Return whether a claim is settled by rule: it comes to `most` fen at most, is the order's first, and is shown."""
    first = len(order.claims) == 1 and order.claims[0].id == claim.id
    return first and bool(claim.photos) and 0 < quote_claim(order, claim).amount <= most


# ---- Events ----


def claimed(order: Order, event: ClaimMade, now: datetime) -> Order:
    """Enter a claim, once its id, where all of it can be claimed; the buyer hears that it has come."""
    claim = event.claim
    there = claimable(order, now)
    wanted = Counter({one.line: 0 for one in claim.lines})
    for one in claim.lines:
        wanted[one.line] += one.quantity
    if not wanted or any(one.id == claim.id for one in order.claims):
        return order
    if any(line >= len(there) or not 0 < units <= there[line] for line, units in wanted.items()):
        return order
    return tell(msgspec.structs.replace(order, claims=(*order.claims, claim)), now, "claimed")


def settled(order: Order, event: ClaimSettled, now: datetime) -> Order:
    """Pay for a claim that is open, once; what it comes to is decided on the order as it is."""
    claim = claim_of(order, event.claim)
    if claim is None or not claim.is_open:
        return order
    refund = msgspec.structs.replace(quote_claim(order, claim, event.amounts), by=event.by, why=event.reply)
    if not refund.amount:
        return order
    after = money.refund_asked(order, RefundAsked(refund), now)
    if after is order:
        return order
    over = _ended(claim, now, event.by, event.reply)
    over = msgspec.structs.replace(over, state=ClaimState.SETTLED, amount=refund.amount)
    return tell(_with(after, over), now, "settled")


def replaced(order: Order, event: ClaimReplaced, now: datetime) -> Order:
    """Settle a claim that is open by sending its goods again."""
    claim = claim_of(order, event.claim)
    if claim is None or not claim.is_open:
        return order
    over = msgspec.structs.replace(
        _ended(claim, now, event.by, event.reply),
        state=ClaimState.SETTLED,
        replaced_by=event.replaced_by,
        ship_by=event.ship_by,
    )
    return tell(_with(order, over), now, "settled")


def declined(order: Order, event: ClaimDeclined, now: datetime) -> Order:
    """Decline a claim that is open, for a reason that the buyer hears."""
    claim = claim_of(order, event.claim)
    if claim is None or not claim.is_open:
        return order
    over = _ended(claim, now, event.by, event.reply)
    return tell(
        _with(order, msgspec.structs.replace(over, state=ClaimState.DECLINED, reason=event.reason)), now, "declined"
    )


def claim_of(order: Order, claim: str) -> Claim | None:
    """Return the order's claim of this id."""
    return next((one for one in order.claims if one.id == claim), None)


def _ended(claim: Claim, now: datetime, by: Actor, reply: str) -> Claim:
    return msgspec.structs.replace(claim, ended=now, by=by, reply=reply)


def _with(order: Order, claim: Claim) -> Order:
    return msgspec.structs.replace(order, claims=tuple(claim if one.id == claim.id else one for one in order.claims))
