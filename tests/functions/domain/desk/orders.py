"""Orders whose money is divided."""

from chalicelib.domain.orders.model import Order, OrderLine, Refund, State
from chalicelib.domain.stock.promise import Part

from tests.functions.helpers.world import JAR, POT, day, make_order


def order_of(postage: int, *lines: tuple[int, int], refunds: tuple[Refund, ...] = ()) -> Order:
    """A paid order of lines, each of so many units at a price."""
    made = [
        OrderLine((JAR, POT)[place % 2], units, price, (Part(day(2), 0, units),))
        for place, (units, price) in enumerate(lines)
    ]
    total = postage + sum(units * price for units, price in lines)
    return make_order(State.PAID, lines=tuple(made), postage=postage, total=total, refunds=refunds)
