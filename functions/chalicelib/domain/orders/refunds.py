"""What a refund that the village asks for comes to: by line, of postage, or by amount. Pure rules, no I/O.

It is never more than is left of the payment, and units of a line are paid back once; what a provider never paid back
(`failed`) counts no more. Where less is left than prices add up to, since some went back by amount, it is what is left.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from chalicelib.domain.commands import AskRefund, ReportShort
from chalicelib.domain.errors import Fault, Invalid, WrongState
from chalicelib.domain.orders.model import SOLD, TO_BE_PACKED, Order, Refund, RefundLine, RefundReason, RefundState
from chalicelib.domain.orders.parcels import GONE, HERE


def quote(order: Order, asked: AskRefund) -> Refund:
    """Return the refund that is asked for, without key, time and who asks.

    Raise WrongState where the order is not paid or nothing is left, Invalid where more is asked for than there is.
    """
    if order.state not in SOLD or order.payment is None:
        raise WrongState(f"an order that is {order.state} has no money to give back")
    left = order.refundable
    if not left:
        raise WrongState("all of it has gone back already")
    lines: tuple[RefundLine, ...] = ()
    postage = 0
    if asked.amount is not None:
        if asked.amount > left:
            raise Invalid([Fault("/amount", f"at most {left} fen: so much is left")])
        amount = asked.amount
    else:
        lines = tuple(_lines(order, asked))
        postage = postage_left(order) if asked.postage else 0
        if asked.postage and not postage:
            raise Invalid([Fault("/postage", "no postage is left to be given back")])
        price = sum(order.lines[one.line].unit_price * one.quantity for one in lines) + postage
        amount = min(price, left)
    if not amount:
        raise WrongState("what is asked for cost nothing")
    return Refund(
        "",
        order.payment,
        amount,
        order.placed,
        reason=RefundReason.SELLER,
        reference=order.reference,
        lines=lines,
        postage=postage,
        why=asked.reason,
    )


def quote_short(order: Order, asked: ReportShort) -> Refund:
    """Return the refund of units that cannot be sent, with the postage where nothing else is; as `quote` does.

    Raise WrongState where nothing of the order is in the village, or no money is left; Invalid for more than there is.
    """
    if order.state not in TO_BE_PACKED or order.payment is None:
        raise WrongState(f"of an order that is {order.state} nothing is to be sent")
    if not order.refundable:
        raise WrongState("all of its money has gone back already: cancel it")
    here = _still_here(order)
    of_sku = [index for index, line in enumerate(order.lines) if line.sku == asked.sku]
    if not of_sku:
        raise Invalid([Fault("/sku", f"the order has no {asked.sku}", sku=asked.sku)])
    if (there := sum(here[index] for index in of_sku)) < asked.quantity:
        words = f"at most {there}: the others have left, have been paid back, or were not bought"
        raise Invalid([Fault("/quantity", words, sku=asked.sku, left=there)])
    wanted, lines = asked.quantity, []
    for index in of_sku:
        if units := min(wanted, here[index]):
            lines.append(RefundLine(index, units))
            wanted -= units
    postage = postage_left(order) if sum(left_of_lines(order)) == asked.quantity else 0
    price = sum(order.lines[one.line].unit_price * one.quantity for one in lines) + postage
    return Refund(
        "",
        order.payment,
        min(price, order.refundable),
        order.placed,
        reason=RefundReason.SHORT,
        reference=order.reference,
        lines=tuple(lines),
        postage=postage,
        why=asked.reason,
    )


def _still_here(order: Order) -> list[int]:
    """How many units of each line are to be sent, and have not left."""
    left: Counter[int] = Counter(dict(enumerate(left_of_lines(order))))
    for parcel in order.parcels:
        if parcel.state not in GONE | HERE:
            for one in parcel.lines:
                left[one.line] -= one.quantity
    return [max(left[index], 0) for index in range(len(order.lines))]


def left_of_lines(order: Order) -> Sequence[int]:
    """Return how many units of each line can still be paid back."""
    given: Counter[int] = Counter()
    for refund in _counting(order):
        for one in refund.lines:
            given[one.line] += one.quantity
    return [max(line.quantity - given[index], 0) for index, line in enumerate(order.lines)]


def _lines(order: Order, asked: AskRefund) -> Iterator[RefundLine]:
    """The units asked for on the order's lines of that SKU, the first line first; raises Invalid."""
    left = [*left_of_lines(order)]
    taken: Counter[int] = Counter()
    faults = []
    for place, wish in enumerate(asked.lines):
        wanted = wish.quantity
        of_sku = [index for index, line in enumerate(order.lines) if line.sku == wish.sku]
        if not of_sku:
            faults.append(Fault(f"/lines/{place}/sku", f"the order has no {wish.sku}", sku=wish.sku))
        elif (there := sum(left[index] for index in of_sku)) < wanted:
            words = f"at most {there}: the others have been paid back, or were not bought"
            faults.append(Fault(f"/lines/{place}/quantity", words, sku=wish.sku, left=there))
        else:
            for index in of_sku:
                units = min(wanted, left[index])
                left[index] -= units
                taken[index] += units
                wanted -= units
    if faults:
        raise Invalid(faults)
    return (RefundLine(index, units) for index, units in sorted(taken.items()) if units)


def postage_left(order: Order) -> int:
    """Return how much of the postage can still be paid back, in fen."""
    return max(order.postage - sum(refund.postage for refund in _counting(order)), 0)


def _counting(order: Order) -> Iterator[Refund]:
    """Refunds of the payment that paid the order, but those of which nothing ever goes back."""
    return (one for one in order.refunds if one.payment == order.payment and one.state is not RefundState.FAILED)
