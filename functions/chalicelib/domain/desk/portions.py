"""What of an order's money went back, line by line, and what is left, to the fen. Pure rules, no I/O.

A refund of lines takes what these cost; one by amount, or of the rest, takes of all that is left in proportion. So
what the lines have lost is what went back, whatever the reason, and books, invoices and shares speak of the same money.
"""

from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.domain.orders.model import Order, RefundState


class Portion(NamedTuple):
    """Fen and units by the order's lines, and fen of its postage; `over` is what goes beyond all of them."""

    fen: tuple[int, ...]
    units: tuple[int, ...]
    postage: int
    over: int = 0

    @property
    def amount(self) -> int:
        """All of it, in fen, but what goes beyond."""
        return sum(self.fen) + self.postage


def share_out(amount: int, caps: Sequence[int]) -> list[int]:
    """Return `amount` spread in proportion to `caps`, to the fen and never beyond one; raise ValueError where it is
    more than all of them, or below zero.
    """
    whole = sum(caps)
    if not 0 <= amount <= whole:
        raise ValueError(f"{amount} cannot be spread over {whole}")
    shares = [amount * cap // whole if whole else 0 for cap in caps]
    rests = sorted(range(len(caps)), key=lambda place: (-(amount * caps[place] % whole) if whole else 0, place))
    for place in rests[: amount - sum(shares)]:
        shares[place] += 1
    return shares


def portions(order: Order) -> tuple[dict[str, Portion], Portion]:
    """Return what each refund of the payment that paid the order took, by its key, and what is left after all of them.

    Of a refund that failed nothing went back.
    """
    left = [*(line.quantity * line.unit_price for line in order.lines), order.postage]
    units = [line.quantity for line in order.lines]
    found: dict[str, Portion] = {}
    for refund in order.refunds:
        if refund.payment != order.payment or refund.state is RefundState.FAILED:
            continue
        named, back = [0] * len(left), [0] * len(units)
        for one in refund.lines:
            named[one.line] += order.lines[one.line].unit_price * one.quantity
            back[one.line] += one.quantity
        named[-1] += refund.postage
        wanted = [min(pair) for pair in zip(named, left, strict=True)]
        given = share_out(min(refund.amount, sum(wanted)), wanted)
        others = [has - gone for has, gone in zip(left, given, strict=True)]
        more = share_out(min(refund.amount - sum(given), sum(others)), others)
        given = [one + two for one, two in zip(given, more, strict=True)]
        left = [has - gone for has, gone in zip(left, given, strict=True)]
        if not any(left):  # nothing is left of it, so no goods are either
            back = [*units]
        back = [min(pair) for pair in zip(back, units, strict=True)]
        units = [has - gone for has, gone in zip(units, back, strict=True)]
        found[refund.key] = Portion(tuple(given[:-1]), tuple(back), given[-1], refund.amount - sum(given))
    return found, Portion(tuple(left[:-1]), tuple(units), left[-1])
